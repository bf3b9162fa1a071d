#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What people do to a keyset after its first day, in a terminal, with a real gnome-keyring: another password, another
level, another name, its end. Two at once, and killed at any moment: the keyset of before is there or the new one."""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import termios
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from authority import DEADLINE, build_root, program   # noqa: E402
from desktop import Desktop, until   # noqa: E402
from terminal import start_on_terminal, status_of, talk   # noqa: E402
from test_kills import fault_points   # noqa: E402
from test_signetctl import PASSWORD, looks_readable, signetctl   # noqa: E402

NEW = 'another horse'
TOOL = os.path.join(build_root(), 'tests', 'store-tool')
FILLER = os.path.join(build_root(), 'tests', 'store-filler')
HISTORY = 2
KEYS = HISTORY + 2
WRONG_PASSWORD = 6      # of store-tool


def fill(name, level='high', history=HISTORY):
    subprocess.run([FILLER, f'keyset|{name}|{level}|asa@example.org|300|{history}'], check=True, timeout=DEADLINE)


def opens(name, password):
    """Whether a program that starts now opens every key of the keyset with this password."""
    done = subprocess.run([TOOL, 'open', name], input=password, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, timeout=DEADLINE)
    if done.returncode == WRONG_PASSWORD:
        return False
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == KEYS, done.stdout
    return True


def show(name):
    return signetctl('show', name, '--json')


def facts(keyset):
    """What a change of password, level or name must leave as it is."""
    return {key: value for key, value in keyset.items() if key not in ('name', 'level')}


def start(verb, *arguments, lines=(), environment=None):
    """signetctl in the background, with these lines, if any, on its --password-fd."""
    reader, writer = os.pipe()
    os.write(writer, ''.join(f'{line}\n' for line in lines).encode())
    os.close(writer)
    descriptor = ('--password-fd', str(reader)) if lines else ()
    process = subprocess.Popen([program('signetctl'), verb, *descriptor, *arguments], pass_fds=(reader,),
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
                               env={**os.environ, **(environment or {})})
    os.close(reader)
    return process


def end(process):
    """Its status, and what it has said."""
    said = ''.join(process.communicate(timeout=DEADLINE))
    return process.returncode, said


def echoes(terminal):
    return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


class KeysetLifeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.desktop = Desktop(display=False)
        cls.desktop.__enter__()
        cls.addClassCleanup(cls.desktop.__exit__)

    def test_password(self):
        fill('Password')
        before = show('Password')
        signetctl('password', 'Password', password=f'not it\n{NEW}', status=3)
        signetctl('password', 'Password', password=PASSWORD, status=1)         # the second line is missing
        signetctl('password', 'Password', status=2)                            # nobody to ask
        self.assertTrue(opens('Password', PASSWORD))

        changed = signetctl('password', 'password', '--json', password=f'{PASSWORD}\n{NEW}')
        self.assertEqual(changed, before)
        self.assertEqual(show('Password'), before)
        self.assertFalse(opens('Password', PASSWORD))
        self.assertTrue(opens('Password', NEW))

    def test_password_without_one(self):
        fill('Silent', 'low')
        self.assertIn('signetctl level', signetctl('password', 'Silent', password=f'{PASSWORD}\n{NEW}', status=2))
        signetctl('password', 'No such keyset', password=f'{PASSWORD}\n{NEW}', status=10)

    def test_level(self):
        """There and back again: foreign eyes see the keys at Low and Medium, and no more at High."""
        fill('Level', 'low')
        made = show('Level')
        self.assertTrue(looks_readable(made))
        steps = (('high', NEW, False), ('medium', NEW, True), ('high', PASSWORD, False), ('low', PASSWORD, True),
                 ('medium', None, True), ('low', None, True))
        for level, password, readable in steps:
            changed = signetctl('level', 'Level', level, '--json', password=password)
            self.assertEqual((changed['level'], facts(changed)), (level, facts(made)))
            self.assertEqual(show('Level'), changed)
            self.assertEqual(looks_readable(made), readable)
            self.assertTrue(opens('Level', password if level == 'high' else ''))
        self.assertEqual([k['id'] for k in signetctl('list', '--json')['keysets']].count(made['id']), 1)

    def test_level_needs_the_password(self):
        fill('Guarded')
        made = show('Guarded')
        for level in ('low', 'medium'):
            signetctl('level', 'Guarded', level, password='not it', status=3)
            signetctl('level', 'Guarded', level, status=2)
        self.assertEqual(signetctl('level', 'Guarded', 'high', '--json'), made)    # nothing to do
        signetctl('level', 'Guarded', 'higher', status=2)
        self.assertTrue(opens('Guarded', PASSWORD))
        self.assertFalse(looks_readable(made))

    def test_rename(self):
        fill('Rename')
        fill('Taken', 'low')
        made = show('Rename')
        for bad, status in (('taken', 10), ('two\nlines', 8), ('', 8), ('x' * 301, 8), ('\u200fRename', 8)):
            signetctl('rename', 'Rename', bad, password=PASSWORD, status=status)
        signetctl('rename', 'Rename', 'Other', password='not it', status=3)
        signetctl('rename', 'Rename', 'Other', status=2)
        self.assertEqual(show('Rename'), made)

        former = 'Rename'
        for name in ('Åsa, work & play', '🔑🐎', 'עבודה', 'y' * 300, '--help', 'RENAME'):
            status, said = end(start('rename', '--json', '--', former, name, lines=[PASSWORD]))
            self.assertEqual(status, 0, said)
            renamed = json.loads(said)
            self.assertEqual((renamed['name'], renamed['level'], facts(renamed)), (name, 'high', facts(made)))
            label = subprocess.run(['secret-tool', 'search', 'id', made['id']], stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, check=True, timeout=DEADLINE).stdout
            self.assertIn(f'Digital IDs: {name}'.encode(), label)
            former = name
        self.assertTrue(opens('RENAME', PASSWORD))

    def test_remove(self):
        fill('Gone')
        made = show('Gone')
        signetctl('remove', 'Gone', status=2)                                      # nobody to ask
        self.assertEqual(show('Gone'), made)
        said = signetctl('remove', 'gone', '--yes')
        self.assertIn(f'{KEYS} digital IDs', said)
        self.assertIn(f'encrypted to {HISTORY + 1} of them', said)
        signetctl('show', 'Gone', status=10)
        signetctl('remove', 'Gone', '--yes', status=10)
        found = subprocess.run(['secret-tool', 'lookup', 'id', made['id']], stdout=subprocess.PIPE, timeout=DEADLINE)
        self.assertEqual(found.stdout, b'')
        fill('Gone')
        process = subprocess.run([program('signetctl'), 'remove', 'Gone', '--yes', '--json'], stdout=subprocess.PIPE,
                                 stderr=subprocess.DEVNULL, check=True, timeout=DEADLINE)
        self.assertEqual(json.loads(process.stdout)['name'], 'Gone')

    def on_terminal(self, arguments, turns):
        """The status, and what was shown."""
        child, terminal = start_on_terminal(program('signetctl'), *arguments)
        shown = talk(terminal, turns)
        self.assertTrue(termios.tcgetattr(terminal)[3] & termios.ECHO)
        os.close(terminal)
        return status_of(child), shown.decode()

    def test_password_on_a_terminal(self):
        fill('Typed')
        turns = [(b'Password of', PASSWORD), (b'New password', NEW)]
        status, shown = self.on_terminal(('password', 'Typed'), [turns[0], (b'New password', '12345'), (b'again', '')])
        self.assertEqual(status, 1, shown)
        self.assertIn('Weak password. Make it longer', shown)
        status, shown = self.on_terminal(('password', 'Typed'), turns + [(b'again', NEW + '!')])
        self.assertEqual(status, 1, shown)
        self.assertTrue(opens('Typed', PASSWORD))
        status, shown = self.on_terminal(('password', 'Typed'), turns + [(b'again', NEW)])
        self.assertEqual(status, 0, shown)
        self.assertTrue(opens('Typed', NEW))
        self.assertNotIn('hard to guess', shown)
        self.assertNotIn(PASSWORD, shown)
        self.assertNotIn(NEW, shown)

    def test_remember(self):
        """Sealed with the keys, and so not to be had without the password; gone with the level high."""
        fill('Handy')
        self.assertEqual(show('Handy')['remember'], 0)
        self.assertEqual(signetctl('remember', 'Handy', '10', '--json', password=PASSWORD)['remember'], 10)
        self.assertIn('may be remembered for 10 minutes', signetctl('show', 'Handy'))
        self.assertTrue(opens('Handy', PASSWORD))
        for minutes in ('60', 'never'):
            signetctl('remember', 'Handy', minutes, password='wrong', status=3)
        for minutes in ('0', '61', '10m', 'ten', '', '4294967306'):
            signetctl('remember', 'Handy', minutes, password=PASSWORD, status=2)
        self.assertEqual(show('Handy')['remember'], 10)
        status, said = end(start('password', 'Handy', lines=(PASSWORD, NEW)))
        self.assertEqual(status, 0, said)
        self.assertEqual(show('Handy')['remember'], 10)
        self.assertIn('High', signetctl('remember', 'Handy', 'never', password=NEW))
        self.assertEqual(show('Handy')['remember'], 0)
        signetctl('remember', 'Handy', '5', password=NEW)
        signetctl('level', 'Handy', 'low', password=NEW)
        self.assertEqual(show('Handy')['remember'], 0)
        self.assertIn('no password to remember', signetctl('remember', 'Handy', '5', status=2))

    def test_use_on_a_terminal(self):
        """Medium asks before the keys go into a file, and High asks for the password until it is right."""
        with tempfile.TemporaryDirectory() as folder:
            path = f'{folder}/keys.p12'
            arguments = ('export', 'Used', '--for', 'openssl', '--output', path)
            secret = [(b'New password', 'for the file'), (b'again', 'for the file')]
            question = b'signetctl wants to write the private keys of'
            fill('Used', 'medium')
            for answer in ('n', '', 'no'):
                status, shown = self.on_terminal(arguments, [(question, answer)])
                self.assertEqual(status, 1, shown)
                self.assertIn('Nothing was done', shown)
            self.assertIn('“Used” to a file. Allow it? [y/N]', shown)
            said = signetctl(*arguments, password='for the file', status=2)
            self.assertIn('There is no terminal to ask on', said)
            self.assertFalse(os.path.exists(path))
            status, shown = self.on_terminal(arguments, [(question, 'y'), *secret])
            self.assertEqual(status, 0, shown)
            os.remove(path)

            signetctl('level', 'Used', 'high', password=PASSWORD)
            wrong = (b'Password of', 'wrong')
            status, shown = self.on_terminal(arguments, [wrong, wrong, (b'Password of', PASSWORD), *secret])
            self.assertEqual(status, 0, shown)
            self.assertEqual(shown.count('That is not the password of “Used”.'), 2)
            self.assertNotIn('waits', shown)
            os.remove(path)
            began = time.monotonic()
            status, shown = self.on_terminal(arguments, [wrong, wrong, wrong, (b'Password of', '')])
            self.assertEqual(status, 1, shown)
            self.assertIn('try again in 5 seconds', shown)
            self.assertGreater(time.monotonic() - began, 4)
            signetctl(*arguments, password='wrong', status=3)
            self.assertFalse(os.path.exists(path))

    def test_ended_at_the_password(self):
        """Whatever ends it, the terminal shows again what is typed, and nothing has changed."""
        fill('Ended')
        for number, key in ((signal.SIGINT, b'\x03'), (signal.SIGQUIT, b'\x1c'), (signal.SIGTERM, None),
                            (signal.SIGHUP, None)):
            child, terminal = start_on_terminal(program('signetctl'), 'password', 'Ended')
            self.wait_for(terminal, b'Password of')
            until('what is typed to be hidden', lambda: not echoes(terminal))
            if key:
                os.write(terminal, b'half a pass' + key)
            else:
                os.kill(child, number)
            shown = talk(terminal, [])
            self.assertEqual(status_of(child), -number, shown)
            self.assertTrue(echoes(terminal))
            self.assertNotIn(b'half', shown)
            os.close(terminal)
        self.assertTrue(opens('Ended', PASSWORD))

    def test_stopped_at_the_password(self):
        """In a shell: stopped and continued, by the keyboard and without its knowledge."""
        fill('Halted')
        child, terminal = start_on_terminal('bash', '--norc', '-i', PS1='ready> ', HISTFILE='/dev/null')
        self.wait_for(terminal, b'ready> ')
        os.write(terminal, f'stty -a; {program("signetctl")} password Halted; echo status $?\n'.encode())
        for stop in (lambda: os.write(terminal, b'\x1a'),
                     lambda: os.kill(os.tcgetpgrp(terminal), signal.SIGSTOP)):
            self.wait_for(terminal, b'Password of')
            until('what is typed to be hidden', lambda: not echoes(terminal))
            job = os.tcgetpgrp(terminal)
            stop()
            self.wait_for(terminal, b'Stopped')
            self.wait_for(terminal, b'ready> ')
            os.write(terminal, b'stty echo; fg\n')
        until('what is typed to be hidden again', lambda: os.tcgetpgrp(terminal) == job and not echoes(terminal))
        os.write(terminal, PASSWORD.encode() + b'\n')
        shown = talk(terminal, [(b'New password', NEW), (b'again', NEW), (b'ready> ', 'exit')])
        self.assertNotIn(PASSWORD.encode(), shown)
        self.assertNotIn(NEW.encode(), shown)
        self.assertEqual(status_of(child), 0, shown)
        os.close(terminal)
        self.assertTrue(opens('Halted', NEW))

    def wait_for(self, terminal, text):
        """Reads on until this is shown."""
        shown, limit = b'', time.monotonic() + DEADLINE
        while text not in shown:
            self.assertLess(time.monotonic(), limit, shown)
            if select.select([terminal], [], [], 1)[0]:
                shown += os.read(terminal, 1)

    def test_remove_on_a_terminal(self):
        name = '🔑' * 300                     # 1,200 bytes
        fill(name, 'low')
        status, shown = self.on_terminal(('remove', name), [(b'Type the keyset', 'Another')])
        self.assertEqual(status, 1, shown)
        self.assertIn('Nothing was changed', shown)
        self.assertIn('signetctl backup', shown)
        show(name)
        status, shown = self.on_terminal(('remove', name), [(b'Type the keyset', name)])
        self.assertEqual(status, 0, shown)
        signetctl('show', name, status=10)


class TwoAtOnceTest(unittest.TestCase):
    """Two commands have read the same keyset: one changes it, the other says that it came too late."""

    def setUp(self):
        self.desktop = Desktop(display=False)
        self.desktop.__enter__()
        self.addCleanup(self.desktop.__exit__)

    def race(self, *commands):
        """Starts them while somebody else has the lock, lets them go when each waits for it; their statuses."""
        with subprocess.Popen([TOOL, 'lock'], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
            self.assertEqual(holder.stdout.readline(), 'locked\n')
            running = [start(*command, lines=lines) for *command, lines in commands]
            for process in running:
                until('it to wait for the lock', lambda: self.waits(process))
            holder.stdin.close()
            ended = [end(process) for process in running]
        for status, said in ended:
            self.assertNotIn(PASSWORD, said)
            self.assertTrue(status != 14 or 'has changed the keyset' in said, said)
        return [status for status, _ in ended]

    @staticmethod
    def waits(process):
        folder = f'/proc/{process.pid}/fd'
        return any(link_of(f'{folder}/{fd}').endswith('/store-lock') for fd in os.listdir(folder))

    def test_two_passwords(self):
        fill('Work')
        for _ in range(3):
            statuses = self.race(('password', 'Work', [PASSWORD, 'one']), ('password', 'Work', [PASSWORD, 'two']))
            self.assertEqual(sorted(statuses), [0, 14])
            winner = ('one', 'two')[statuses.index(0)]
            self.assertEqual([p for p in (PASSWORD, 'one', 'two') if opens('Work', p)], [winner])
            signetctl('password', 'Work', password=f'{winner}\n{PASSWORD}')

    def test_password_and_rename(self):
        fill('Work')
        statuses = self.race(('password', 'Work', [PASSWORD, NEW]), ('rename', 'Work', 'Home', [PASSWORD]))
        self.assertEqual(sorted(statuses), [0, 14])
        name, password = (('Work', NEW), ('Home', PASSWORD))[statuses.index(0)]
        self.assertEqual([k['name'] for k in signetctl('list', '--json')['keysets']], [name])
        self.assertTrue(opens(name, password))

    def test_two_take_one_name(self):
        fill('Work')
        fill('Garden')
        statuses = self.race(('rename', 'Work', 'Home', [PASSWORD]), ('rename', 'Garden', 'home', [PASSWORD]))
        self.assertEqual(sorted(statuses), [0, 10])
        self.assertEqual(len(signetctl('list', '--json')['keysets']), 2)

    def test_removed_by_the_other(self):
        fill('Work')
        statuses = self.race_remove()
        self.assertEqual(statuses, [10])
        self.assertEqual(signetctl('list', '--json')['keysets'], [])

    def race_remove(self):
        """A change of password waits for the lock while the keyset goes, as by another program."""
        made = show('Work')
        with subprocess.Popen([TOOL, 'lock'], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
            self.assertEqual(holder.stdout.readline(), 'locked\n')
            late = start('password', 'Work', lines=[PASSWORD, NEW])
            until('it to wait for the lock', lambda: self.waits(late))
            subprocess.run(['secret-tool', 'clear', 'id', made['id']], check=True, timeout=DEADLINE)
            holder.stdin.close()
            return [end(late)[0]]


def link_of(path):
    try:
        return os.readlink(path)
    except FileNotFoundError:       # closed meanwhile
        return ''


class KillTest(unittest.TestCase):
    """Killed at a durable step; test_store_kills.py does it at any moment."""

    def setUp(self):
        self.desktop = Desktop(display=False)
        self.desktop.__enter__()
        self.addCleanup(self.desktop.__exit__)

    def test_fault_points(self):
        """At each durable step: before the write the keyset is the old one, after it the new one, or gone."""
        commands = {'password': (), 'level': ('low',), 'rename': ('New name',), 'remove': ('--yes',)}
        for point in fault_points('keyset', 'keyset-change.c'):
            reached = [verb for verb, more in commands.items() if self.dies_at(point, verb, more)]
            self.assertTrue(reached, f'{point} was never reached')

    def dies_at(self, point, verb, more):
        name = f'{verb} {point}'
        fill(name)
        before = show(name)
        lines = () if verb == 'remove' else (PASSWORD, NEW)
        status, said = end(start(verb, name, *more, lines=lines, environment={'SIGNET_FAULT': point}))
        self.assertIn(status, (0, -signal.SIGKILL), said)
        after = [k for k in signetctl('list', '--json')['keysets'] if k['id'] == before['id']]
        done = status == 0 or 'before' not in point
        self.assertEqual(after, self.expected(before, verb, done))
        if after and after[0]['level'] == 'high':
            passwords = [p for p in (PASSWORD, NEW) if opens(after[0]['name'], p)]
            self.assertEqual(passwords, [NEW if verb == 'password' and done else PASSWORD])
        for keyset in after:
            signetctl('remove', keyset['name'], '--yes')
        return status != 0

    @staticmethod
    def expected(before, verb, done):
        if not done or verb == 'password':
            return [before]
        return {'level': [{**before, 'level': 'low'}], 'rename': [{**before, 'name': 'New name'}], 'remove': []}[verb]


if __name__ == '__main__':
    unittest.main()
