#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which digital ID is used for which address, in a terminal: with a real gnome-keyring, and with gpgsm, which takes the
answer."""

import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from authority import DEADLINE, build_root   # noqa: E402
from desktop import Desktop   # noqa: E402
from test_signetctl import signetctl   # noqa: E402

ADDRESS = 'asa@example.org'


def fill(*items):
    subprocess.run([os.path.join(build_root(), 'tests', 'store-filler'), *items], check=True, timeout=DEADLINE)


def which(*arguments):
    return signetctl('which', ADDRESS, '--json', *arguments)


def settings(*arguments, address=ADDRESS, **options):
    return signetctl('settings', address, *arguments, '--json', **options)


class MailSettingsTest(unittest.TestCase):
    def setUp(self):
        self.desktop = Desktop(display=False)
        self.desktop.__enter__()
        self.addCleanup(self.desktop.__exit__)
        self.path = os.path.join(os.environ['XDG_CONFIG_HOME'], 'signet', 'mail.conf')

    def test_which(self):
        signetctl('which', ADDRESS, status=10)
        signetctl('which', 'asa', status=8)
        fill('keyset|Old|low|asa@example.org|-20|0', 'keyset|Home|low|asa@home.example|300|0')
        self.assertIn('no signing ID for asa@example.org is valid now', signetctl('which', ADDRESS, status=13))
        fill('keyset|Work|low|asa@example.org|200|0', 'keyset|Club|low|asa@example.org|300|1')

        answer = which()
        self.assertEqual((answer['signing']['keyset'], answer['signing']['reason']), ('Club', 'newest'))
        self.assertEqual((answer['signing']['digest'], answer['encryption']['cipher']), ('sha256', 'aes256-cbc'))
        self.assertTrue(answer['encryption']['current'])
        club = {one['use']: one for one in signetctl('show', 'Club', '--json')['ids'] if one['current']}
        for use in ('signing', 'encryption'):
            self.assertEqual(answer[use]['fingerprint'], club[use]['fingerprint'])
            for field in ('serial', 'fingerprint', 'keyset', 'sha1'):
                self.assertEqual(signetctl('which', ADDRESS, '--for', use, '--print', field).strip(),
                                 answer[use][field])
        self.assertIn('“Club”, because it has the newest ID for asa@example.org.', signetctl('which', ADDRESS))
        signetctl('which', ADDRESS, '--print', 'password', status=2)
        signetctl('which', ADDRESS, '--for', 'fun', status=2)

    def test_settings(self):
        fill('keyset|Work|low|asa@example.org|300|0', 'keyset|Club|low|asa@example.org|200|0',
             'keyset|Home|low|asa@home.example|300|0')
        self.assertEqual(settings(), {'address': ADDRESS, 'sign': True, 'encrypt': False, 'clear-text': True,
                                      'digest': 'automatic', 'cipher': 'automatic'})
        self.assertFalse(os.path.exists(self.path))
        changed = settings('--sign', 'off', '--encrypt', 'on', '--clear-text', 'off', '--digest', 'sha384',
                           '--cipher', 'aes128-cbc', '--signing-keyset', 'work', '--encryption-keyset', 'Work')
        self.assertEqual(settings(address='ASA@Example.ORG'), changed)
        self.assertEqual(settings(address='asa@home.example')['sign'], True)
        self.assertEqual((changed['sign'], changed['encrypt'], changed['clear-text']), (False, True, False))
        self.assertEqual(which('--for', 'signing')['reason'], 'chosen')
        self.assertEqual(which('--for', 'signing')['digest'], 'sha384')
        self.assertEqual(which('--for', 'encryption')['cipher'], 'aes128-cbc')

        signetctl('rename', 'Work', 'Office')           # stays chosen
        self.assertEqual((which()['signing']['keyset'], which()['signing']['reason']), ('Office', 'chosen'))
        signetctl('remove', 'Office', '--yes')          # does not, and Signet says so
        answer = which()['encryption']
        self.assertEqual((answer['keyset'], answer['reason'], answer['lapse']), ('Club', 'only', 'gone'))
        self.assertIn('The keyset that you chose is gone.', answer['explanation'])
        self.assertNotIn('lapse', (settings('--encryption-keyset', 'automatic'), which())[1]['encryption'])
        self.assertIn('lapse', which()['signing'])

        settings('--signing-keyset', 'Home', status=10)
        settings('--signing-keyset', 'Nothing', status=10)
        settings('--sign', 'maybe', status=2)
        settings('--cipher', 'aes256-gcm', status=2)    # older programs could not read it
        self.assertEqual(settings('--reset')['sign'], True)
        with open(self.path, encoding='utf-8') as file:
            self.assertNotIn('asa', file.read())

    def test_unreadable(self):
        os.makedirs(os.path.dirname(self.path))
        for text, words in (('[Signet]\nversion=2\n', 'a newer Signet has written them'),
                            ('[Signet]\nversion=1\n[asa@example.org]\nsign=perhaps\n', '“sign” in “asa@example.org”'),
                            ('\0' * 100, 'not one that Signet writes')):
            with open(self.path, 'w', encoding='utf-8') as file:
                file.write(text)
            said = signetctl('settings', ADDRESS)
            self.assertIn(words, said)
            self.assertEqual(said.count('signetctl: '), 1)
            settings('--encrypt', 'on', status=None)
            self.assertEqual(settings()['encrypt'], True)
            with open(self.path + '.damaged', encoding='utf-8') as file:
                self.assertEqual(file.read(), text)

    def test_gpgsm_takes_the_answer(self):
        home = os.environ['HOME']
        fill('keyset|Old|low|asa@example.org|100|0', 'keyset|Work|low|asa@example.org|200|0')
        signetctl('export', 'Work', '--certificates', '--output', f'{home}/work.pem')
        os.environ['GNUPGHOME'] = f'{home}/gnupg'
        os.mkdir(f'{home}/gnupg', 0o700)
        self.addCleanup(subprocess.run, ['gpgconf', '--kill', 'all'], check=False)
        subprocess.run(['gpgsm', '--batch', '--quiet', '--import', f'{home}/work.pem'], check=False,
                       stderr=subprocess.DEVNULL, timeout=DEADLINE)
        sha1 = signetctl('which', ADDRESS, '--for', 'signing', '--print', 'sha1').strip()
        listed = subprocess.run(['gpgsm', '--batch', '--with-colons', '--list-keys', sha1], check=True,
                                stdout=subprocess.PIPE, text=True, timeout=DEADLINE).stdout
        self.assertEqual([line.split(':')[9].lower() for line in listed.splitlines() if line.startswith('fpr')][:1],
                         [sha1])


if __name__ == '__main__':
    unittest.main()
