#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The pages of "Get a Digital ID", and what they do when something is not as it should be: with a real gnome-keyring
and a real authority. What is stored is looked at from outside, with signetctl."""

import json
import os
import re
import signal
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from authority import Authority   # noqa: E402
from desktop import PASSWORD as KEYRING_PASSWORD   # noqa: E402
from driver import Application, State, has, press, text_of, until   # noqa: E402
from test_signetctl import PASSWORD, signetctl   # noqa: E402
from window_test import WindowTest, in_desktop   # noqa: E402


def stored():
    """What the user has, as another program sees it."""
    keysets = [(keyset['name'], len(keyset['ids'])) for keyset in signetctl('list', '--json')['keysets']]
    requests = [(pending['keyset'], pending['state']) for pending in signetctl('pending', '--json')['pending']]
    return keysets, requests


def fields(invitation):
    with open(invitation, encoding='utf-8') as file:
        return json.load(file)


class EnrollWindowsTest(WindowTest):
    def start(self, *arguments):
        signet = self.signet(*arguments)
        if not arguments:
            signet.click('push button', 'Get a Digital ID')
        signet.window('Get a Digital ID')
        return signet

    def expect_organization(self, signet):
        """The page after an invitation, whatever way it came."""
        signet.find('list item', 'Example Authority')
        signet.find('push button', 'Send Request')

    def assert_described(self, signet, role, name, text):
        """The reason is read out with the entry, not only painted below it."""
        signet.look(f'{role} {name!r} described by {text!r}', 15,
                    lambda: text in signet.find(role, name).get_description())

    def expect_focus(self, signet, role, name):
        signet.look(f'the keyboard on {name!r}', 15, lambda: has(signet.find(role, name), State.FOCUSED))

    def keep_out(self, signet, button):
        self.assertFalse(has(signet.find('push button', button), State.SENSITIVE))

    # How it comes

    @in_desktop()
    def test_invitation_file_and_text(self):
        with Authority() as authority, self.start() as signet:
            invitation = authority.invite('asa@example.org')
            signet.find('heading', 'How do you get it?')
            self.keep_picture(signet, 'enroll-how')
            self.expect_focus(signet, 'list item', 'I have an invitation')

            press('Return')
            signet.click('push button', 'Choose a File…')
            signet.choose_file(invitation, 'Open a File')
            self.expect_organization(signet)
            press('alt+Left')
            signet.find('heading', 'Open your invitation')
            self.keep_picture(signet, 'enroll-invitation')

            self.keep_out(signet, 'Continue')
            signet.set_text('text', 'Or paste its text or link', 'signet:invitation?authority=https://127.0.0.1')
            self.assert_described(signet, 'text', 'Or paste its text or link', 'no complete invitation')
            self.keep_out(signet, 'Continue')
            invited = authority.run('invite', authority.folder, 'berit@example.org').stdout
            link = [word.strip('<>') for word in invited.split() if 'signet:' in word][0]
            signet.set_text('text', 'Or paste its text or link', f'Hello Berit, this is for you: {link} Your admin.')
            self.assert_described(signet, 'text', 'Or paste its text or link', 'berit@example.org')
            signet.focus('text', 'Or paste its text or link')
            press('Return')
            self.expect_organization(signet)
            press('Escape')
            signet.window_gone('Get a Digital ID')
            self.assertEqual(stored(), ([], []))

    @in_desktop()
    def test_typed(self):
        with Authority() as authority, self.start() as signet:
            told = fields(authority.invite('asa@example.org'))
            signet.click('list item', 'I have a temporary key')
            self.expect_focus(signet, 'text', 'Server')
            self.keep_out(signet, 'Continue')
            signet.type('text', 'Server', told['authority'].replace('https://', '') + '/')
            signet.type('text', 'Mail address', 'asa')
            signet.set_text('text', 'Temporary key', told['temporary-key'].replace('-', ' ').lower().replace('0', 'o'))
            signet.set_text('text', 'Fingerprint', 'AB:CD')
            press('Return')
            self.assert_described(signet, 'text', 'Mail address', 'name@example.org')
            self.expect_focus(signet, 'text', 'Mail address')
            self.keep_picture(signet, 'enroll-typed-wrong')

            signet.type('text', 'Mail address', 'asa@example.org')
            press('Return')
            self.assert_described(signet, 'text', 'Fingerprint', '64 digits')
            pin = told['pin'].upper()
            signet.set_text('text', 'Fingerprint', ':'.join(pin[i:i + 2] for i in range(0, 64, 2)))
            press('Return')
            self.expect_organization(signet)
            self.assertEqual(text_of(signet.find('text', 'Temporary key')), told['temporary-key'])
            signet.click('push button', 'Send Request')
            signet.says('Request sent')

    @in_desktop()
    def test_file_that_is_none(self):
        with self.start() as signet:
            signet.click('list item', 'From a file')
            signet.choose_file('/etc/passwd', 'Open a File')
            signet.find('alert', re.compile('none of them'))
            self.keep_picture(signet, 'enroll-no-invitation')
            press('Escape')
            signet.window_gone('Get a Digital ID')

    @in_desktop()
    def test_file_that_is_a_reply(self):
        with Authority() as authority:
            signetctl('enroll', authority.invite('asa@example.org'))
            with self.signet() as signet:
                signet.find('toggle button', 'Menu')
                press('ctrl+n')
                signet.window('Get a Digital ID')
                signet.click('list item', 'From a file')
                signet.choose_file(authority.wait_for_mail('asa@example.org'), 'Open a File')
                signet.window('Your Digital ID')
                signet.says('Your digital ID is here')
                signet.window_gone('Get a Digital ID')

    # Whom to trust

    @in_desktop()
    def test_server_that_does_not_answer(self):
        with Authority() as authority:
            invitation = authority.invite('asa@example.org')
            authority.stop()
            with self.start(invitation) as signet:
                signet.find('heading', 'The server does not answer')
                self.keep_picture(signet, 'enroll-unreachable')
                authority.start()
                self.expect_focus(signet, 'push button', 'Try Again')
                press('Return')
                self.expect_organization(signet)

    @in_desktop()
    def test_wrong_server(self):
        with Authority() as authority, Authority(name='False Authority') as other:
            invitation = authority.invite('asa@example.org')
            told = fields(invitation)
            with open(invitation, 'w', encoding='utf-8') as file:
                json.dump({**told, 'authority': other.url}, file)
            with self.start(invitation) as signet:
                signet.find('heading', 'This is not the server of your invitation')
                self.keep_picture(signet, 'enroll-untrusted')
                self.assertEqual(stored(), ([], []))

    @in_desktop()
    def test_details(self):
        with Authority() as authority:
            invitation = authority.invite('asa@example.org')
            with self.start(invitation) as signet:
                self.expect_organization(signet)
                signet.find('label', re.compile('keeps a copy of your encryption key'))
                signet.click('toggle button', 'Details')
                pin = fields(invitation)['pin'].upper()
                fingerprint = ' '.join(pin[i:i + 4] for i in range(0, 64, 4))
                self.assertEqual(signet.find('list item', 'Fingerprint').get_description(), fingerprint)
                self.assertEqual(signet.find('list item', 'Server').get_description(), authority.url)
                self.keep_picture(signet, 'enroll-organization-details')

    # Sending

    @in_desktop()
    def test_refused_temporary_key(self):
        with Authority() as authority:
            used = authority.invite('asa@example.org')
            signetctl('enroll', used, '--keyset', 'First')
            fresh = fields(authority.invite('asa@example.org'))
            before = stored()
            with self.start(used) as signet:
                self.expect_organization(signet)
                signet.click('push button', 'Send Request')
                self.assert_described(signet, 'text', 'Temporary key', 'temporary key')
                self.expect_focus(signet, 'text', 'Temporary key')
                self.keep_picture(signet, 'enroll-refused-key')
                self.assertEqual(stored()[0], before[0])
                self.assertEqual(len(stored()[1]), 1)

                signet.set_text('text', 'Temporary key', fresh['temporary-key'])
                press('Return')
                signet.says('Request sent')

    @in_desktop()
    def test_mistyped_temporary_key(self):
        with Authority() as authority, self.start(authority.invite('asa@example.org')) as signet:
            self.expect_organization(signet)
            signet.set_text('text', 'Temporary key', 'ABCDE-UUUUU')
            press('Return')
            signet.click('push button', 'Send Request')
            self.expect_focus(signet, 'text', 'Temporary key')
            signet.set_text('text', 'Temporary key', '')
            self.keep_out(signet, 'Send Request')
            self.assertEqual(stored(), ([], []))

    @in_desktop()
    def test_request_is_kept(self):
        with Authority() as authority:
            with self.start(authority.invite('asa@example.org')) as signet:
                self.expect_organization(signet)
                authority.stop()
                signet.click('push button', 'Send Request')
                signet.find('heading', 'Your request is kept')
                self.keep_picture(signet, 'enroll-kept')
                self.assertEqual(stored(), ([], [('Example Authority', 'created')]))

    @in_desktop()
    def test_cancel_and_escape(self):
        with Authority() as authority:
            with self.start(authority.invite('asa@example.org')) as signet:
                self.expect_organization(signet)
                authority.process.send_signal(signal.SIGSTOP)
                signet.click('push button', 'Send Request')
                self.expect_focus(signet, 'push button', 'Cancel')
                self.keep_picture(signet, 'enroll-sending')
                press('Return')
                signet.find('alert', re.compile('Cancelled'))
                self.assertTrue(has(signet.target('push button', 'Send Request'), State.SENSITIVE))
                press('Escape')
                signet.window_gone('Get a Digital ID')
                authority.process.send_signal(signal.SIGCONT)

    # A keyset that is there already

    @in_desktop()
    def test_existing_high_keyset(self):
        self.fill('keyset|Work|high|asa@example.org|300|0', 'keyset|Home|low|asa@example.org|300|0')
        before = stored()
        with Authority() as authority, self.start(authority.invite('asa@example.org')) as signet:
            self.expect_organization(signet)
            signet.type('text', 'Keyset name', ' ')
            self.assert_described(signet, 'text', 'Keyset name', 'Give the keyset a name')
            self.keep_out(signet, 'Send Request')
            signet.type('text', 'Keyset name', 'home')
            self.assert_described(signet, 'text', 'Keyset name', 'is added to it')
            signet.type('text', 'Keyset name', 'work')
            self.assert_described(signet, 'text', 'Keyset name', 'its password is asked next')
            signet.click('push button', 'Continue')

            signet.find('heading', 'Password for “Work”')
            self.expect_focus(signet, 'password text', 'Password')
            self.keep_out(signet, 'Send Request')
            signet.type('password text', 'Password', 'not the password')
            press('Return')
            self.assert_described(signet, 'password text', 'Password', 'That is not the password of “Work”.')
            self.expect_focus(signet, 'password text', 'Password')
            self.keep_picture(signet, 'enroll-wrong-password')
            self.assertEqual(stored(), before)

            signet.click('push button', 'Forgot the password?')
            self.assertIn('Not “Work”, which stays locked.', signet.find(
                'list item', 'Get a digital ID with it, under a new keyset name').get_description())
            press('alt+Left')

            signet.click('push button', 'Use a New Keyset Name')
            self.expect_focus(signet, 'text', 'Keyset name')
            signet.find('push button', 'Send Request')
            signet.look('another name', 15, lambda: text_of(signet.find('text', 'Keyset name')) == 'Work 2')
            self.assertEqual(stored(), before)

            signet.type('text', 'Keyset name', 'Work')
            press('Return')
            signet.find('heading', 'Password for “Work”')
            signet.type('password text', 'Password', PASSWORD)
            press('Return')
            signet.says('Request sent')
            until('the request', lambda: stored()[1] and stored()[1][0][0] == 'Work')

    @in_desktop(keyring='locked')
    def test_locked_keyring(self):
        """The desktop asks for its password when something is to be kept, and not before."""
        with Authority() as authority, self.start(authority.invite('asa@example.org')) as signet:
            self.expect_organization(signet)
            signet.click('push button', 'Send Request')
            prompter = Application('gcr-prompter')
            signet.find('notification', re.compile('Waiting for your keyring'))
            prompter.click('push button', 'Cancel')
            signet.find('alert', re.compile('locked'))
            self.assertTrue(has(signet.target('push button', 'Send Request'), State.SENSITIVE))

            signet.click('push button', 'Send Request')
            prompter.type('password text', None, KEYRING_PASSWORD)
            prompter.click('push button', 'Unlock')
            signet.says('Request sent')
            self.assertEqual([keyset for keyset, _ in stored()[1]], ['Example Authority'])

    @in_desktop(keyring='absent')
    def test_without_a_keyring(self):
        with Authority() as authority, self.start(authority.invite('asa@example.org')) as signet:
            self.expect_organization(signet)
            signet.click('push button', 'Send Request')
            signet.find('alert')
            self.keep_picture(signet, 'enroll-no-keyring')
            self.assertTrue(has(signet.target('push button', 'Send Request'), State.SENSITIVE))


if __name__ == '__main__':
    unittest.main()
