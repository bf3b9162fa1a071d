#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The first enrollment through the windows: a real gnome-keyring, a real authority over TLS, and a person who uses the
pointer, only the keyboard, or the desktop's notification."""

import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from authority import Authority   # noqa: E402
from driver import Atspi, NotSeen, State, describe, has, name_of, press, until, xdotool   # noqa: E402
from story import PASSWORD, Story, open_with_signet   # noqa: E402
from window_test import PICTURES, WindowTest, in_desktop   # noqa: E402


def stored(schema):
    """What a foreign program sees of the items of a schema."""
    found = subprocess.run(['secret-tool', 'search', '--all', 'xdg:schema', f'io.github.signetmail.{schema}'],
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True, timeout=60)
    return found.stdout


class StoryTest(WindowTest):
    @in_desktop()
    def test_with_the_pointer(self):
        with Authority() as authority:
            Story(authority, os.path.join(PICTURES, 'story')).play('asa@example.org')
            self.assertEqual(stored('Keyset').count(b'io.github.signetmail.Keyset'), 1)
            self.assertNotIn(PASSWORD.encode(), stored('Keyset'))
            self.assertEqual(stored('Pending'), b'')
            self.assertEqual(self.notifications.shown(), [])      # that the reply was there has been taken back

    def go_to(self, signet, role, name):
        """Moves the keyboard there by Tab alone."""
        way = []
        while len(way) < 40:
            node = signet.focused()
            if node and node.get_role_name() == role and name_of(node) == name:
                return
            way.append(describe(node) if node else 'nothing')
            press('Tab')
            try:
                until('the keyboard to move', lambda: signet.focused() not in (None, node), deadline=2)
            except NotSeen:     # a key that comes while a window opens or closes is lost
                pass
        self.fail(f'Tab does not lead to {role} {name!r}: {way}')

    def write(self, signet, text):
        """Into the entry that has the keyboard, in place of what is there."""
        node = signet.focused()
        press('ctrl+a')
        xdotool('type', '--clearmodifiers', '--delay', 1, '--', text)
        until(f'{len(text)} characters', lambda: Atspi.Text.get_character_count(node) == len(text))

    @in_desktop()
    def test_with_the_keyboard(self):
        with Authority() as authority, self.signet() as signet:
            invitation = authority.invite('asa@example.org')
            signet.says('No digital IDs yet')
            press('ctrl+o')
            signet.choose_file(invitation, 'Open a File')

            signet.window('Get a Digital ID')
            signet.find('text', 'Keyset name')
            self.go_to(signet, 'text', 'Keyset name')
            self.write(signet, 'Work')
            press('Return')
            signet.says('Request sent')
            press('Return')
            signet.window_gone('Get a Digital ID')

            signet.find('push button', 'Open')
            self.go_to(signet, 'push button', 'Open')
            press('space')
            signet.window('Your Digital ID')
            signet.says('Your digital ID is here')
            press('Return')
            signet.says('How should this ID be protected?')
            press('Return')
            signet.find('password text', 'Confirm')
            self.write(signet, PASSWORD)
            press('Tab')
            self.go_to(signet, 'password text', 'Confirm')
            self.write(signet, PASSWORD)
            press('Return')
            signet.says('Your digital ID is ready')
            press('Return')
            signet.window_gone('Your Digital ID')

            signet.window('Signet')
            self.go_to(signet, 'list item', 'Signing')
            press('Return')
            signet.window('asa@example.org')
            press('Escape')
            signet.window_gone('asa@example.org')
            press('ctrl+w')
            self.assertEqual(signet.wait(), 0)
            self.assertEqual(stored('Keyset').count(b'io.github.signetmail.Keyset'), 1)

    @in_desktop()
    def test_notification_opens_the_reply(self):
        with Authority() as authority, self.signet(authority.invite('asa@example.org')) as signet:
            signet.window('Get a Digital ID')
            signet.click('push button', 'Send Request')
            signet.says('Request sent')
            signet.click('push button', 'Done')

            shown = self.notifications.wait('Your digital ID is here')
            self.notifications.press(shown)
            signet.window('Your Digital ID')
            signet.click('push button', 'Continue')
            signet.click('radio button', 'Low')
            self.assertTrue(has(signet.find('radio button', 'Low'), State.CHECKED))
            signet.click('push button', 'Save Digital ID')
            signet.says('Your digital ID is ready')

            press('Return')
            signet.window_gone('Your Digital ID')
            open_with_signet(authority.wait_for_mail('asa@example.org'))
            signet.says('This reply is installed already')


if __name__ == '__main__':
    unittest.main(verbosity=2)
