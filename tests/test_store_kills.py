#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Two hundred changes of what is stored, each killed at a random moment: half of them signetctl, half gnome-keyring.
Whatever the change was (another password, level or name, a removal, an import, a restore), afterwards everything is as
it was, or as it was to become, every private key opens, and the next change finds nothing in its way."""

import collections
import os
import random
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from authority import DEADLINE   # noqa: E402
from desktop import Desktop   # noqa: E402
from test_keyset_life import NEW, TOOL, end, fill, start   # noqa: E402
from test_signetctl import PASSWORD, signetctl   # noqa: E402

KILLS = 100             # of each program
FILE_PASSWORD = 'of the file'


def stored():
    """What there is: names, levels and certificates."""
    listed = signetctl('list', '--json')['keysets']
    return {keyset['name']: (keyset['level'], tuple(sorted(each['fingerprint'] for each in keyset['ids'])))
            for keyset in listed}


def count_keys(name, password):
    """The private keys that the password opens."""
    done = subprocess.run([TOOL, 'open', name], input=password, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, timeout=DEADLINE)
    return int(done.stdout) if done.returncode == 0 else 0


class StoreKillsTest(unittest.TestCase):
    def setUp(self):
        self.desktop = Desktop(display=False)
        self.desktop.__enter__()
        self.addCleanup(self.desktop.__exit__)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        for name, level in (('Work', 'high'), ('Home', 'low'), ('Club', 'medium')):
            fill(name, level)
        self.file = self.make_file()
        self.backup = os.path.join(self.folder, 'all.signet-backup')
        signetctl('backup', '--output', self.backup, password=FILE_PASSWORD)
        self.password, self.other = PASSWORD, NEW
        self.state = stored()
        self.whole = collections.defaultdict(lambda: 0.2)       # seconds that each command takes here
        self.told = {True: 0, False: 0}

    def make_file(self):
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:3072', '-nodes', '-keyout', 'key', '-out', 'pem',
                        '-subj', '/CN=Asa', '-addext', 'subjectAltName=email:asa@example.org', '-addext',
                        'basicConstraints=CA:FALSE'], cwd=self.folder, check=True, stderr=subprocess.DEVNULL)
        subprocess.run(['openssl', 'pkcs12', '-export', '-inkey', 'key', '-in', 'pem', '-passout',
                        f'pass:{FILE_PASSWORD}', '-out', 'p12'], cwd=self.folder, check=True)
        return os.path.join(self.folder, 'p12')

    # --- each gives the command's words, its lines, and whether what is stored now is what it was to bring about ---

    def change_password(self):
        return ('password', 'Work'), (self.password, self.other), lambda now: now == self.state

    def change_level(self):
        name = random.choice([name for name in self.state if name != 'Work'])
        level, ids = self.state[name]
        other = 'low' if level == 'medium' else 'medium'
        return ('level', name, other), (), lambda now: now == {**self.state, name: (other, ids)}

    def rename(self):
        name = random.choice([name for name in self.state if name != 'Work'])
        rest = {key: value for key, value in self.state.items() if key != name}
        new = f'Name {random.getrandbits(32):x}'
        return ('rename', name, new), (), lambda now: now == {**rest, new: self.state[name]}

    def remove(self):
        name = random.choice([name for name in self.state if name != 'Work'])
        rest = {key: value for key, value in self.state.items() if key != name}
        return ('remove', '--yes', name), (), lambda now: now == rest

    def add_file(self):
        name = f'File {random.getrandbits(32):x}'
        return ('import', self.file, '--keyset', name, '--level', 'low'), (FILE_PASSWORD,), lambda now: (
            {key: value for key, value in now.items() if key != name} == self.state and now[name][0] == 'low')

    def restore(self):
        return ('restore', self.backup), (FILE_PASSWORD,), lambda now: self.state.items() <= now.items()

    def choose(self):
        """Whatever is possible now, so that there are always two to five keysets."""
        if len(self.state) <= 2:
            return random.choice((self.add_file, self.restore))
        changes = [self.change_password, self.change_level, self.change_level, self.rename, self.rename, self.remove]
        return random.choice(changes + ([self.add_file] if len(self.state) < 5 else []))

    # --- one change and its end ---

    def run_and_kill(self, words, lines, kill):
        """Whether it had said that it was done. KILL ends it, or what it needs."""
        process = start(*words, lines=lines)
        began = time.monotonic()
        try:
            process.wait(random.uniform(0, 1.2 * self.whole[words[0]]))
            self.whole[words[0]] = time.monotonic() - began
        except subprocess.TimeoutExpired:
            self.whole[words[0]] *= 1.1         # it may take longer than has been thought
        kill(process)
        return end(process)[0] == 0

    def look(self, words, fits, done):
        """The old state or the new one, and after it has said so the new one."""
        now = stored()
        if words[0] == 'password':
            keys = len(self.state['Work'][1])
            old, new = count_keys('Work', self.password), count_keys('Work', self.other)
            self.assertEqual(sorted((old, new)), [0, keys], words)
            self.assertEqual(now, self.state, words)
            happened = new > 0
            if happened:
                self.password, self.other = self.other, self.password
        else:
            happened = now != self.state
            self.assertTrue(not happened or fits(now), (words, self.state, now))
        self.assertTrue(happened or not done or now == self.state and words[0] == 'restore', words)
        self.told[happened] += 1
        self.state = now

    def open_all(self):
        for name, (level, ids) in self.state.items():
            password = self.password if level == 'high' else ''
            self.assertEqual(count_keys(name, password), len(ids), name)

    def play(self, kill):
        for _ in range(KILLS):
            words, lines, fits = self.choose()()
            done = self.run_and_kill(words, lines, kill)
            self.look(words, fits, done)
        self.open_all()
        self.assertGreater(min(self.told.values()), KILLS // 20, self.told)      # they came neither too soon nor late

    def test_program_is_killed(self):
        self.play(lambda process: process.kill())

    def test_keyring_is_killed(self):
        def kill(process):
            self.desktop.kill_keyring()
            process.wait(DEADLINE)
            self.desktop.start_keyring()

        self.play(kill)


if __name__ == '__main__':
    unittest.main()
