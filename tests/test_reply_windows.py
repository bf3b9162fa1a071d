#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The pages on which a reply is opened: levels, passwords, keysets that are there already, and each kind of refusal;
with a real gnome-keyring and a real authority. What is stored is looked at from outside, with signetctl."""

import os
import re
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from authority import Authority   # noqa: E402
from desktop import Desktop   # noqa: E402
from driver import Atspi, State, has, press, until, xdotool   # noqa: E402
from story import open_with_signet   # noqa: E402
from test_signetctl import PASSWORD, signetctl   # noqa: E402
from window_test import WindowTest, in_desktop   # noqa: E402

HIGH = 'keyset|Work|high|asa@example.org|300|0'     # under PASSWORD
HOME = 'keyset|Home|high|asa@example.org|300|0'
LOW = 'keyset|Post|low|asa@example.org|300|0'


def keysets():
    return {keyset['name']: (keyset['level'], len(keyset['ids'])) for keyset in signetctl('list', '--json')['keysets']}


def requests():
    """The requests that are not done with; whether Signet has fetched their replies yet makes no difference here."""
    return [pending['keyset'] for pending in signetctl('pending', '--json')['pending']]


def ask(authority, keyset, address='asa@example.org', password=None):
    """Requests an ID without the windows; returns the mail with the reply."""
    before = len(authority.mails(address))
    signetctl('enroll', authority.invite(address), '--keyset', keyset, password=password)
    return until('the reply', lambda: authority.mails(address)[before:])[0]


def altered(mail):
    """A copy of the mail with one character of the attachment changed."""
    with open(mail, 'rb') as file:
        lines = file.read().splitlines(keepends=True)
    long = [n for n, line in enumerate(lines) if len(line) > 60 and b' ' not in line]
    line = lines[long[len(long) // 2]]
    lines[long[len(long) // 2]] = line[:10] + (b'A' if line[10:11] != b'A' else b'B') + line[11:]
    with tempfile.NamedTemporaryFile(suffix='.eml', delete=False) as file:
        file.writelines(lines)
    return file.name


class ReplyWindowsTest(WindowTest):
    def open_reply(self, mail):
        signet = self.signet(mail)
        signet.window('Your Digital ID')
        return signet

    def go_to_level(self, signet):
        signet.says('Your digital ID is here')
        signet.click('push button', 'Continue')
        signet.says('How should this ID be protected?')

    def go_to_password(self, signet):
        self.go_to_level(signet)
        signet.click('push button', 'Continue')
        signet.find('heading', 'Password')

    def assert_described(self, signet, role, name, text):
        signet.look(f'{role} {name!r} described by {text!r}', 15,
                    lambda: text in signet.find(role, name).get_description())

    def assert_sensitive(self, signet, button, sensitive):
        signet.look(f'{button!r} sensitive: {sensitive}', 15,
                    lambda: has(signet.find('push button', button), State.SENSITIVE) == sensitive)

    def strength(self, signet):
        return signet.find('level bar', 'Strength of the password').get_description()

    # What it brings

    @in_desktop()
    def test_offer(self):
        with Authority() as authority, self.open_reply(ask(authority, 'Work')) as signet:
            signet.says('Your digital ID is here')
            signet.find('list item', 'Example Authority')
            self.assertEqual(signet.find('list item', 'Mail address').get_description(), 'asa@example.org')
            self.assertEqual(signet.find('list item', 'It brings').get_description(),
                             'A signing ID and an encryption ID')
            self.assertRegex(signet.find('list item', 'Valid until').get_description(), r'^\d+ \w+ 20\d\d$')
            signet.click('toggle button', 'Details')
            self.assertEqual(signet.find('list item', 'Server').get_description(), authority.url)
            self.assertRegex(signet.find('list item', 'Fingerprint of the signing ID').get_description(),
                             r'^([0-9A-F]{4} ){15}[0-9A-F]{4}$')
            self.keep_picture(signet, 'reply-offer-details')
            press('Escape')
            signet.window_gone('Your Digital ID')
            self.assertEqual(keysets(), {})
            self.assertEqual(requests(), ['Work'])

    # A new password

    @in_desktop()
    def test_new_password(self):
        with Authority() as authority, self.open_reply(ask(authority, 'Work')) as signet:
            self.go_to_password(signet)
            self.assertEqual(signet.find_all('radio button'), [])       # nothing to choose from
            self.assertTrue(has(signet.find('password text', 'Password'), State.FOCUSED))
            self.assert_sensitive(signet, 'Save Digital ID', False)

            xdotool('key', 'Caps_Lock')
            signet.find('label', 'Caps Lock is on.')
            self.keep_picture(signet, 'reply-caps-lock')
            xdotool('key', 'Caps_Lock')
            signet.gone('label', 'Caps Lock is on.')

            signet.type('password text', 'Password', 'horse')
            self.assertEqual(self.strength(signet), 'Weak')
            signet.find('label', re.compile('^Make it longer'))
            signet.type('password text', 'Confirm', 'hors')             # not done yet, so nothing wrong yet
            self.assertEqual(signet.find('password text', 'Confirm').get_description(), '')
            signet.type('password text', 'Confirm', 'house')
            self.assert_described(signet, 'password text', 'Confirm', 'The two passwords differ.')
            self.assert_sensitive(signet, 'Save Digital ID', False)
            self.keep_picture(signet, 'reply-mismatch')

            signet.type('password text', 'Password', PASSWORD)
            self.assertEqual(self.strength(signet), 'Strong')
            signet.type('password text', 'Confirm', PASSWORD)
            self.assert_sensitive(signet, 'Save Digital ID', True)
            signet.type('text', 'Password for', ' ')
            self.assert_described(signet, 'text', 'Password for', 'Give the keyset a name.')
            self.assert_sensitive(signet, 'Save Digital ID', False)
            signet.type('text', 'Password for', 'Mine')

            shown = signet.find_all('toggle button', 'Show the password')[0]
            signet.click_node(shown)
            signet.look('the password in clear', 15, lambda: PASSWORD in signet.tree())
            signet.click_node(shown)
            signet.look('the password hidden', 15, lambda: PASSWORD not in signet.tree())

            signet.focus('password text', 'Confirm')
            press('Return')
            signet.says('Your digital ID is ready')
            self.assertEqual(keysets(), {'Mine': ('high', 2)})
            until('the request to be done', lambda: requests() == [])

    @in_desktop()
    def test_weak_password_is_allowed(self):
        with Authority() as authority, self.open_reply(ask(authority, 'Work')) as signet:
            self.go_to_password(signet)
            signet.type('password text', 'Password', 'abc')
            signet.type('password text', 'Confirm', 'abc')
            self.assertEqual(self.strength(signet), 'Weak')
            signet.click('push button', 'Save Digital ID')
            signet.says('Your digital ID is ready')

    @in_desktop()
    def test_back_and_escape_change_nothing(self):
        with Authority() as authority, self.open_reply(ask(authority, 'Work')) as signet:
            self.go_to_password(signet)
            signet.type('password text', 'Password', PASSWORD)
            signet.type('password text', 'Confirm', PASSWORD)
            press('alt+Left')
            signet.says('How should this ID be protected?')
            press('alt+Left')
            signet.says('Your digital ID is here')
            press('alt+Left')                                           # the first page: nowhere to go
            signet.says('Your digital ID is here')
            press('Escape')
            signet.window_gone('Your Digital ID')
            self.assertEqual((keysets(), requests()), ({}, ['Work']))

    # Keysets that are there already

    @in_desktop()
    def test_password_of_existing_keyset(self):
        self.fill(HIGH, HOME)
        with Authority() as authority, self.open_reply(ask(authority, 'Work', password=PASSWORD)) as signet:
            self.go_to_password(signet)
            self.assertTrue(has(signet.find('radio button', 'Use the password of keyset'), State.CHECKED))
            signet.type('password text', 'Password', 'not the password')
            press('Return')
            self.assert_described(signet, 'password text', 'Password', 'That is not the password of “Work”.')
            signet.look('the keyboard on the password', 15,
                        lambda: has(signet.find('password text', 'Password'), State.FOCUSED))
            self.assertEqual(keysets(), {'Home': ('high', 2), 'Work': ('high', 2)})
            self.keep_picture(signet, 'reply-wrong-password')

            signet.choose('combo box', 'Keyset', 'Home')
            signet.click('push button', 'Forgot the password?')
            self.assertIn('Not “Home”, which stays locked.', signet.find(
                'list item', 'Get a digital ID with it, under a new keyset name').get_description())
            press('alt+Left')
            signet.choose('combo box', 'Keyset', 'Work')
            signet.type('password text', 'Password', 'not the password')

            signet.choose('combo box', 'Keyset', 'Home')                # what was typed for Work is gone
            signet.look('an empty entry', 15,
                        lambda: Atspi.Text.get_character_count(signet.find('password text', 'Password')) == 0)
            signet.choose('combo box', 'Keyset', 'Work')
            signet.type('password text', 'Password', PASSWORD)
            press('Return')
            signet.says('Your digital ID is ready')
            self.assertEqual(keysets(), {'Home': ('high', 2), 'Work': ('high', 3)})

    @in_desktop()
    def test_name_that_is_taken(self):
        self.fill(HIGH, LOW)
        with Authority() as authority, self.open_reply(ask(authority, 'New')) as signet:
            self.go_to_level(signet)
            signet.click('radio button', 'Medium')
            signet.type('text', 'Keyset name', 'post')
            self.assert_described(signet, 'text', 'Keyset name', 'at the level Low')
            self.assert_sensitive(signet, 'Save Digital ID', False)
            signet.click('radio button', 'High')
            signet.click('push button', 'Continue')
            signet.find('heading', 'Password')
            self.assertTrue(has(signet.find('radio button', 'Create a new password for this item'), State.CHECKED))
            signet.type('text', 'Password for', 'WORK')
            self.assert_described(signet, 'text', 'Password for', 'Use its password, or choose another name.')
            signet.type('text', 'Password for', 'Post')
            self.assert_described(signet, 'text', 'Password for', 'without a password')
            signet.type('text', 'Password for', 'Other')
            signet.type('password text', 'Password', PASSWORD)
            signet.type('password text', 'Confirm', PASSWORD)
            signet.click('push button', 'Save Digital ID')
            signet.says('Your digital ID is ready')
            self.assertEqual(keysets(), {'Other': ('high', 2), 'Post': ('low', 2), 'Work': ('high', 2)})

    @in_desktop()
    def test_levels_without_password(self):
        self.fill(LOW)
        with Authority() as authority:
            with self.open_reply(ask(authority, 'Post')) as signet:
                self.go_to_level(signet)
                self.assertTrue(has(signet.find('radio button', 'Low'), State.CHECKED))       # as the keyset is
                self.assert_described(signet, 'text', 'Keyset name', 'is added to it')
                self.keep_picture(signet, 'reply-add-to-low')
                signet.click('push button', 'Save Digital ID')
                signet.says('Your digital ID is ready')
                self.assertEqual(keysets(), {'Post': ('low', 3)})
            with self.open_reply(ask(authority, 'Letters', 'berit@example.org')) as signet:
                self.go_to_level(signet)
                press('Down')                                           # with the keyboard, from High
                signet.look('Medium chosen', 15, lambda: has(signet.find('radio button', 'Medium'), State.CHECKED))
                press('Return')
                signet.says('Your digital ID is ready')
                self.assertEqual(keysets()['Letters'], ('medium', 2))

    # Refusals

    def expect_refusal(self, signet, title, sentence, button):
        signet.find('heading', title)
        signet.find('label', re.compile(sentence))
        signet.look(f'the keyboard on {button!r}', 15, lambda: has(signet.find('push button', button), State.FOCUSED))
        self.keep_picture(signet, 'refused-' + title.lower().replace(' ', '-'))

    def close(self, signet):
        press('Return')
        signet.window_gone('Your Digital ID')

    @in_desktop()
    def test_refusals(self):
        with Authority() as authority:
            mail = ask(authority, 'Work')
            removed = ask(authority, 'Gone', 'berit@example.org')
            gone = [pending for pending in signetctl('pending', '--json')['pending'] if pending['keyset'] == 'Gone']
            signetctl('pending', '--remove', gone[0]['id'])
            with Desktop(display=False):
                foreign = ask(authority, 'Elsewhere', 'cilla@example.org')
            before = (keysets(), requests())

            with self.open_reply(foreign) as signet:
                self.expect_refusal(signet, 'This reply is for another computer or user', 'No request of yours',
                                    'Close')
                self.close(signet)
                open_with_signet(altered(mail))
                signet.window('Your Digital ID')
                self.expect_refusal(signet, 'This reply was changed on its way', 'nothing of it was used', 'Close')
                self.close(signet)
                open_with_signet(removed)
                signet.window('Your Digital ID')
                self.expect_refusal(signet, 'The request was removed', 'You removed the request', 'Get a Digital ID')
                press('Return')
                signet.window_gone('Your Digital ID')
                signet.window('Get a Digital ID')
                press('Escape')
                self.assertEqual((keysets(), requests()), before)

                signetctl('open', mail, '--level', 'low')
                open_with_signet(mail)
                signet.window('Your Digital ID')
                self.expect_refusal(signet, 'This reply is installed already', r'on \d+ \w+ 20\d\d.*“Work”', 'Close')
                self.close(signet)

    @in_desktop(keyring='locked')
    def test_locked_keyring(self):
        """Nobody answers the desktop's question here; the window must say what is the matter and stay usable."""
        with Authority() as authority:
            with Desktop(display=False):
                mail = ask(authority, 'Work')
            with self.open_reply(mail) as signet:
                self.expect_refusal(signet, 'Your keyring is locked', 'Unlock it', 'Unlock')
                press('Escape')
                signet.window_gone('Your Digital ID')


if __name__ == '__main__':
    unittest.main()
