#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The throwaway desktop itself: it must give what a test asks for, and leave nothing behind however the test ends."""

import os
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from desktop import DEADLINE, Desktop, DesktopError, marked_processes, until   # noqa: E402
from notifications import Notifications   # noqa: E402

COMMAND = [sys.executable, os.path.join(os.path.dirname(os.path.realpath(__file__)), 'desktop.py')]


def secret_tool(*arguments, secret=None):
    return subprocess.run(['secret-tool', *arguments], input=secret, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True, check=False, timeout=DEADLINE)


def store(secret):
    return secret_tool('store', '--label=Test', 'test', 'desktop', secret=secret).returncode


def lookup():
    return secret_tool('lookup', 'test', 'desktop').stdout


def notify(method, *arguments):
    name, path = 'org.freedesktop.Notifications', '/org/freedesktop/Notifications'
    subprocess.run(['gdbus', 'call', '--session', '--dest', name, '--object-path', path, '--method', f'{name}.{method}',
                    *arguments], check=True, stdout=subprocess.DEVNULL, timeout=DEADLINE)


class DesktopTest(unittest.TestCase):
    def gone(self, folder):
        until('the desktop to be gone', lambda: not marked_processes(folder) and not os.path.exists(folder))

    def start(self, *arguments):
        """A desktop run by the command, whose program says where it is and then waits; the process and the folder."""
        process = subprocess.Popen([*COMMAND, *arguments, '--', 'sh', '-c', 'echo "$SIGNET_DESKTOP"; exec sleep 1000'],
                                   stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        folder = process.stdout.readline().strip()
        self.assertTrue(marked_processes(folder))
        return process, folder

    def test_passes_the_status_on(self):
        done = subprocess.run([*COMMAND, '--no-display', '--', 'sh', '-c', 'exit 7'], check=False)
        self.assertEqual(done.returncode, 7)

    def test_gives_a_display_a_bus_and_a_window_manager(self):
        outside = dict(os.environ)
        with Desktop() as desktop:
            self.assertEqual(subprocess.run(['xdotool', 'getdisplaygeometry'], stdout=subprocess.PIPE, text=True,
                                            check=True).stdout, '1280 900\n')
            self.assertTrue(os.environ['HOME'].startswith(desktop.folder))
            self.assertIn('AT_SPI_BUS_ADDRESS', os.environ)
        self.gone(desktop.folder)
        self.assertEqual(dict(os.environ), outside)

    def test_keyring_unlocked_survives_a_crash(self):
        with Desktop(display=False) as desktop:
            self.assertEqual(store('secret'), 0)
            desktop.kill_keyring()
            self.assertEqual(lookup(), '')
            desktop.start_keyring()
            self.assertEqual(lookup(), 'secret')
            with self.assertRaises(DesktopError):
                desktop.start_keyring()

    def test_keyring_locked_keeps_its_secrets(self):
        with Desktop(display=False) as desktop:
            self.assertEqual(store('secret'), 0)
            desktop.kill_keyring()
            desktop.start_keyring(unlock=False)
            self.assertEqual(lookup(), '')

    def test_keyring_absent(self):
        with Desktop(display=False, keyring='absent'):
            self.assertNotEqual(store('secret'), 0)

    def test_many_at_once_are_apart(self):
        with Desktop(display=False):
            self.assertEqual(store('first'), 0)
            with Desktop(display=False):
                self.assertEqual(lookup(), '')
                self.assertEqual(store('second'), 0)
            self.assertEqual(lookup(), 'first')

    def test_remembers_notifications(self):
        with Desktop(display=False), Notifications() as notifications:
            self.assertEqual(notifications.shown(), [])
            notify('Notify', 'test', '0', '', 'Summary', 'Body', "['default', '']", '{}', '0')
            notify('Notify', 'test', '0', '', 'Second', '', '[]', '{}', '0')
            second = notifications.wait('Second')
            notify('CloseNotification', '2')
            notifications.wait_gone(second)
            self.assertEqual(notifications.shown(), [
                {'id': 1, 'program': 'test', 'summary': 'Summary', 'body': 'Body', 'actions': ['default']}])
            notifications.press(notifications.wait('Summary'))

    def test_leaves_nothing_when_told_to_end(self):
        process, folder = self.start('--no-display')
        process.terminate()
        self.assertEqual(process.wait(DEADLINE), 128 + signal.SIGTERM)
        self.gone(folder)

    def test_leaves_nothing_when_killed(self):
        process, folder = self.start()
        process.kill()
        self.gone(folder)

    def test_leaves_nothing_when_its_keeper_is_killed(self):
        process, folder = self.start()
        os.kill(next(int(pid) for pid in filter(str.isdigit, os.listdir('/proc')) if is_keeper(pid, folder)),
                signal.SIGKILL)
        process.terminate()
        process.wait(DEADLINE)
        self.gone(folder)


def is_keeper(pid, folder):
    try:
        with open(f'/proc/{pid}/cmdline', 'rb') as arguments:
            return arguments.read().split(b'\0')[2:4] == [b'--keep', folder.encode()]
    except OSError:
        return False


if __name__ == '__main__':
    unittest.main(verbosity=2)
