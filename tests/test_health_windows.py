#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Whether digital IDs still count, in the windows: what their authority says and how old that is, and the test of a
keyset; with a real gnome-keyring and a real authority."""

import base64
import os
import re
import subprocess
import sys
import unittest
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from authority import Authority, free_port, program, run_authority   # noqa: E402
from driver import press, until, xdotool   # noqa: E402
from test_signetctl import PASSWORD, signetctl   # noqa: E402
from window_test import WindowTest, big_text_right_to_left, in_desktop   # noqa: E402

OLD = 'keyset|Old|low|asa@example.org|-20|1'
HIGH = 'keyset|Work|high|asa@example.org|700|2'
FRESH = re.compile('Not revoked — checked (just now|1 minute ago)$')


def enroll(authority, address, keyset):
    signetctl('enroll', authority.invite(address), '--keyset', keyset)
    made = signetctl('open', authority.wait_for_mail(address), '--level', 'low', '--json')
    path = os.path.join(os.environ['HOME'], f'{keyset}.cer')
    with open(path, 'wb') as file:
        file.write(base64.b64decode(made['ids'][0]['certificate']))
    return path


def run(*arguments):
    subprocess.run(arguments, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)


def make_strangers_certificate():
    """Of an authority that this user does not know, and where nobody answers; with its issuer."""
    folder = os.environ['HOME']
    root, leaf = f'{folder}/root', f'{folder}/bo'
    new = ('openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30')
    run(*new, '-keyout', f'{root}.key', '-out', f'{root}.pem', '-subj', '/CN=Far Authority', '-addext',
        'keyUsage=critical,keyCertSign,cRLSign')
    run(*new, '-keyout', f'{leaf}.key', '-out', f'{leaf}.pem', '-subj', '/CN=Bo Ek', '-CA', f'{root}.pem', '-CAkey',
        f'{root}.key', '-addext', 'basicConstraints=critical,CA:FALSE', '-addext', 'keyUsage=critical,digitalSignature',
        '-addext', 'subjectAltName=email:bo@far.example', '-addext',
        f'crlDistributionPoints=URI:http://127.0.0.1:{free_port()}/far.crl')
    with open(f'{leaf}.pem', 'a', encoding='utf-8') as file, open(f'{root}.pem', encoding='utf-8') as issuer:
        file.write(issuer.read())
    return f'{leaf}.pem'


def until_revoked(authority, certificates):
    """The authority signs its list anew within a moment."""
    def count():
        with urllib.request.urlopen(authority.crl_url, timeout=60) as answer:
            text = subprocess.run(['openssl', 'crl', '-inform', 'DER', '-noout', '-text'], input=answer.read(),
                                  stdout=subprocess.PIPE, check=True, timeout=60).stdout
        return text.count(b'Serial Number:')
    until(f'the list to name {certificates}', lambda: count() == certificates)


class HealthWindowsTest(WindowTest):
    def told(self, signet, name, text, role='list item'):
        """What a row says below its title."""
        def test():
            said = signet.find(role, name).get_description()
            return re.search(text, said)
        signet.look(f'{name!r} to say {text!r}', 30, test)

    def begin_test(self, signet, window='Test Keyset'):
        signet.click('toggle button', 'More about this keyset')
        signet.click(None, 'Test This Keyset…')
        signet.window(window)

    def lists(self, signet, name):
        """Whether there is such a row, perhaps further down than the window shows."""
        return signet.look(f'a row {name!r}', 15, lambda: signet.find_all('list item', name, showing=False))

    @in_desktop()
    def test_revoked(self):
        """The whole life: good, tested, revoked, seen on the page, in the certificate and by the test."""
        with Authority() as authority:
            enroll(authority, 'petra@example.org', 'Petra')
            others = enroll(authority, 'ida@example.org', 'Ida')
            enroll(authority, 'berit@example.org', 'Berit')
            run_authority('revoke', authority.folder, 'berit@example.org', '--reason', 'lost')
            until_revoked(authority, 2)
            with self.signet() as signet:
                self.told(signet, 'Berit', ', Revoked$')            # without being looked at
                signet.click('list item', 'Petra')
                self.told(signet, 'Signing', FRESH)
                self.told(signet, 'Encryption', FRESH)
                self.keep_picture(signet, 'health-page-good')
                self.begin_test(signet)
                signet.says('All is well: mail programs can use it.')
                self.assertEqual(len(self.lists(signet, 'It has not been revoked.')), 2)
                self.told(signet, 'Its key signs, and the signature is good.', '^OK$')
                self.keep_picture(signet, 'health-good')

                run_authority('revoke', authority.folder, 'petra@example.org', '--reason', 'lost')
                until_revoked(authority, 4)
                signet.click('push button', 'Test Again')
                signet.says('2 tests failed: mail programs will refuse something.')
                self.told(signet, re.compile('^Its authority has revoked it on'), '^Failed. Mail programs will refuse')
                self.keep_picture(signet, 'health-revoked')
                xdotool('windowsize', '--sync', xdotool('getactivewindow'), 560, 880)
                signet.click('list item', 'Details')
                signet.window('petra@example.org')
                self.told(signet, 'Revocation', '^Revoked on')
                self.keep_picture(signet, 'health-certificate-revoked')
                press('Escape')
                signet.window('Test Keyset')
                press('Escape')
                signet.window_gone('Test Keyset')
                self.told(signet, 'Signing', 'Revoked on')
                signet.says('Revoked by its authority. It still opens old mail.')
                self.told(signet, 'Petra', ', Revoked$')
                self.keep_picture(signet, 'health-page-revoked')

                press('ctrl+comma')
                signet.window('Security Settings')
                self.told(signet, 'Signing ID', 'None: no signing ID for petra@example.org is valid now')
                self.keep_picture(signet, 'health-settings-revoked')
                press('Escape')
                signet.window_gone('Security Settings')

                # Somebody else's certificate, of the same authority: asked about without being told to.
                subprocess.run([program('signet'), others], check=True, timeout=60)
                signet.window('ida@example.org')
                self.told(signet, 'Revocation', FRESH)
                self.keep_picture(signet, 'health-certificate-others')

    @in_desktop()
    def test_strangers_certificate(self):
        """It names the server that would be asked: so nobody is asked before the user says so."""
        path = make_strangers_certificate()
        with self.signet(path) as signet:
            signet.window('Bo Ek')
            self.told(signet, 'Revocation', '^Not checked yet$')
            self.keep_picture(signet, 'health-certificate-stranger')
            signet.click('push button', 'Check Now')
            self.told(signet, 'Revocation', '^Could not be checked: The server “127.0.0.1” could not be reached')
            self.keep_picture(signet, 'health-certificate-unreachable')

    @in_desktop()
    def test_expired(self):
        self.fill(OLD)
        with self.signet() as signet:
            signet.click('list item', 'Old')
            self.begin_test(signet)
            signet.says('2 tests failed: mail programs will refuse something.')
            self.told(signet, re.compile('^It expired on'), '^Failed. Renew it')
            self.assertEqual(len(self.lists(signet, 'Its key opens what was encrypted with it.')), 2)
            self.keep_picture(signet, 'health-expired')

    @in_desktop(dark=True)
    def test_dark_and_locked(self):
        """At High the password is asked; who does not give it learns all but whether the keys work."""
        self.fill(HIGH)
        with self.signet() as signet:
            signet.click('list item', 'Work')
            self.begin_test(signet, 'Test “Work”')
            press('Escape')
            self.told(signet, 'The password was not given, so the keys were not tried.', '^Warning')
            self.lists(signet, 'It is for asa@example.org.')
            self.assertEqual(signet.find_all('list item', re.compile('^Its key'), showing=False), [])
            self.keep_picture(signet, 'health-locked-dark')
            signet.click('push button', 'Test Again')
            signet.window('Test “Work”')
            signet.type('password text', 'Password', PASSWORD)
            press('Return')
            signet.find('list item', 'The password is known, and opens the keyset.')
            self.lists(signet, 'Its key signs, and the signature is good.')
            xdotool('windowsize', '--sync', xdotool('getactivewindow'), 360, 640)
            self.keep_picture(signet, 'health-narrow-dark')

    @in_desktop()
    def test_big_text_right_to_left(self):
        self.fill(OLD)
        with self.signet(**big_text_right_to_left()) as signet:
            main = signet.window()
            signet.click('list item', 'Old')
            press('ctrl+t')
            signet.look('the test', 15, lambda: len(signet.windows()) == 2 and signet.window() != main)
            signet.look('the results', 15, lambda: len(signet.find_all('list item', within=signet.window())) > 4)
            self.keep_picture(signet, 'health-big-rtl')


if __name__ == '__main__':
    unittest.main()
