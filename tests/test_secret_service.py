#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The store of keysets against the real gnome-keyring: in every state that it can be in, while it or Signet is killed,
between processes, and as another program sees it.

    test_secret_service.py FOLDER

FOLDER has the built test programs. Each case of test-keyset-secret-service-store gets a desktop of its own, in the
state that the third part of its name says.
"""

import fcntl
import os
import random
import select
import signal
import stat
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from desktop import DEADLINE, Desktop, searched_for_leaks, until   # noqa: E402

BUILT = sys.argv.pop(1)
CASES = os.path.join(BUILT, 'test-keyset-secret-service-store')
TOOL = os.path.join(BUILT, 'store-tool')
FILLER = os.path.join(BUILT, 'store-filler')
KILLS = 30
SIZE = 20000    # bytes of an item: some milliseconds to write

# What an unencrypted private key (RFC 5958) cannot do without: the name of its algorithm.
ALGORITHMS = {'EC': bytes.fromhex('06072a8648ce3d0201'), 'RSA': bytes.fromhex('06092a864886f70d010101')}


def strictly():
    """The environment for our own programs, whose warnings are errors; gnome-keyring's are not."""
    return searched_for_leaks({**os.environ, 'G_DEBUG': 'fatal-warnings'})


def run(*argv, **more):
    return subprocess.run(argv, stdout=subprocess.PIPE, check=True, timeout=DEADLINE, env=strictly(), **more).stdout


def start(*argv):
    return subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                            env=strictly())


def items():
    """The texts of the stored items."""
    return run(TOOL, 'list', text=True).splitlines()


class CasesTest(unittest.TestCase):
    """The cases of the C program."""


def add_case(path):
    def test(self):
        with Desktop(keyring=path.split('/')[3], display=False):
            run(CASES, '-p', path)
    setattr(CasesTest, 'test_' + path.replace('/', '_').replace('-', '_'), test)


for case in run(CASES, '-l', text=True).split():
    if case.startswith('/keyset/'):
        add_case(case)


class KillTest(unittest.TestCase):
    """Something dies in the middle of a write: the old bytes are there or the new, and what was acknowledged stays."""

    def write_and_kill(self, kill):
        """Lets a process write letters until it or the service is killed; the letters that were acknowledged."""
        writer = start(TOOL, 'fill', 'one', str(SIZE))
        acknowledged = [writer.stdout.readline() for _ in range(random.randint(1, 4))]
        try:
            writer.wait(random.uniform(0, 0.03))
        except subprocess.TimeoutExpired:
            pass
        kill(writer)
        rest, _ = writer.communicate(timeout=DEADLINE)
        return ''.join(acknowledged).split() + rest.split()

    def check(self, acknowledged):
        text, = items()
        self.assertEqual(len(text), SIZE)
        self.assertEqual(len(set(text)), 1)
        self.assertIn(text[0], (acknowledged[-1], chr(ord(acknowledged[-1]) + 1)))

    def test_client(self):
        with Desktop(display=False):
            for _ in range(KILLS):
                self.check(self.write_and_kill(lambda writer: writer.kill()))

    def test_service(self):
        with Desktop(display=False) as desktop:
            for _ in range(KILLS):
                self.check_after_restart(desktop)

    def check_after_restart(self, desktop):
        acknowledged = self.write_and_kill(lambda _: desktop.kill_keyring())
        desktop.start_keyring()
        self.check(acknowledged)


class LockTest(unittest.TestCase):
    """Of two processes one waits for the other."""

    def setUp(self):
        self.desktop = self.enterContext(Desktop(keyring='absent', display=False))

    def start(self):
        process = start(TOOL, 'lock')
        self.addCleanup(process.communicate)
        return process

    def is_locked(self):
        with open(os.environ['XDG_RUNTIME_DIR'] + '/signet/store-lock', 'r+b') as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False

    def has_opened(self, process):
        folder = f'/proc/{process.pid}/fd'
        return any(os.readlink(f'{folder}/{fd}').endswith('/store-lock') for fd in os.listdir(folder))

    def hand_over(self, release):
        first = self.start()
        self.assertEqual(first.stdout.readline(), 'locked\n')
        self.assertTrue(self.is_locked())
        second = self.start()
        until('the second to wait', lambda: self.has_opened(second))
        self.assertEqual(select.select([second.stdout], [], [], 0), ([], [], []))
        release(first)
        self.assertEqual(second.stdout.readline(), 'locked\n')
        self.assertTrue(self.is_locked())
        second.communicate()
        self.assertFalse(self.is_locked())

    def test_first_lets_go(self):
        self.hand_over(lambda first: first.communicate())

    def test_first_is_killed(self):
        self.hand_over(lambda first: first.kill())

    def test_nobody_else_may_look(self):
        self.assertEqual(self.start().stdout.readline(), 'locked\n')
        folder = os.environ['XDG_RUNTIME_DIR'] + '/signet'
        self.assertEqual(stat.S_IMODE(os.stat(folder).st_mode), 0o700)
        self.assertEqual(stat.S_IMODE(os.stat(folder + '/store-lock').st_mode), 0o600)

    def test_link_is_not_followed(self):
        folder = os.environ['XDG_RUNTIME_DIR'] + '/signet'
        os.mkdir(folder, 0o700)
        os.symlink('/dev/null', folder + '/store-lock')
        refused = subprocess.run([TOOL, 'lock'], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        self.assertNotEqual(refused.returncode, 0)


class ForeignTest(unittest.TestCase):
    """What secret-tool, which is not ours, sees of a keyset."""

    def setUp(self):
        self.desktop = self.enterContext(Desktop(display=False))

    def keyset(self, level):
        run(FILLER, f'keyset|Work|{level}|asa@example.org|300|2')
        return run('secret-tool', 'lookup', 'xdg:schema', 'io.github.signetmail.Keyset')

    def names(self, secret):
        return [name for name, identifier in ALGORITHMS.items() if identifier in secret]

    def test_high_shows_no_private_key(self):
        secret = self.keyset('high')
        self.assertTrue(secret.startswith(b'SIGNETKS'))
        self.assertEqual(self.names(secret), [])
        self.assertNotIn(b'PRIVATE KEY', secret)

    def test_low_would_show_it(self):
        self.assertNotEqual(self.names(self.keyset('low')), [])

    def test_attributes_tell_nothing(self):
        self.keyset('high')
        found = run('secret-tool', 'search', '--all', 'signet', 'keyset', stderr=subprocess.STDOUT)
        found = found.decode(errors='replace')
        attributes = sorted(line.split(' = ')[0] for line in found.splitlines() if line.startswith('attribute.'))
        self.assertEqual(attributes, ['attribute.id', 'attribute.signet'])
        self.assertIn('schema = io.github.signetmail.Keyset', found)

    def test_file_of_the_keyring_shows_nothing(self):
        """The keyring's own encryption holds the rest: at Low too, no key lies open on the disk."""
        self.keyset('low')
        with open(os.environ['XDG_DATA_HOME'] + '/keyrings/login.keyring', 'rb') as file:
            content = file.read()
        self.assertEqual(self.names(content), [])
        self.assertNotIn(b'SIGNETKS', content)
        self.assertNotIn(b'asa@example.org', content)


if __name__ == '__main__':
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    unittest.main()
