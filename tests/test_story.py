#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The first enrollment through the windows: a real gnome-keyring, a real authority over TLS, and a person who uses the
pointer, only the keyboard, or the desktop's notification; and what that person does who forgets the password."""

import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from authority import Authority, program, until as wait_until   # noqa: E402
from driver import Atspi, NotSeen, State, describe, has, name_of, press, until, xdotool   # noqa: E402
from story import PASSWORD, Story, open_with_signet   # noqa: E402
from window_test import PICTURES, WindowTest, in_desktop   # noqa: E402

NEW_PASSWORD = 'six loud geese on the pond'
NOTE = b'the fish is in the water\n'


def stored(schema):
    """What a foreign program sees of the items of a schema."""
    found = subprocess.run(['secret-tool', 'search', '--all', 'xdg:schema', f'io.github.signetmail.{schema}'],
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True, timeout=60)
    return found.stdout


def run(*command, **more):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=60, **more).stdout


def encrypt_to(keyset, folder):
    """A mail to the holder of a keyset, by openssl."""
    shown = json.loads(run(program('signetctl'), 'show', keyset, '--json'))
    certificate = next(i['certificate'] for i in shown['ids'] if i['use'] == 'encryption')
    pem, note, mail = (os.path.join(folder, name) for name in ('recipient.pem', 'note', 'note.p7m'))
    with open(pem, 'w', encoding='ascii') as file:
        file.write(f'-----BEGIN CERTIFICATE-----\n{certificate}\n-----END CERTIFICATE-----\n')
    with open(note, 'wb') as file:
        file.write(NOTE)
    run('openssl', 'cms', '-encrypt', '-binary', '-aes256', '-in', note, '-out', mail, pem)
    return mail


def open_with(keyset, password, mail, folder):
    """By openssl, with the keys that the keyset gives out."""
    reader, writer = os.pipe()
    os.write(writer, f'{password}\n{password}\n'.encode())
    os.close(writer)
    file, pem = os.path.join(folder, 'keys.p12'), os.path.join(folder, 'keys.pem')
    run(program('signetctl'), 'export', keyset, '--for', 'openssl', '--output', file, '--password-fd', str(reader),
        pass_fds=(reader,))
    os.close(reader)
    run('openssl', 'pkcs12', '-in', file, '-nocerts', '-noenc', '-passin', f'pass:{password}', '-out', pem)
    with open(pem, encoding='utf-8') as pems:
        keys = re.findall('-----BEGIN PRIVATE KEY-----.*?-----END PRIVATE KEY-----\n', pems.read(), re.S)
    for key in keys:
        with open(pem, 'w', encoding='ascii') as one:
            one.write(key)
        done = subprocess.run(['openssl', 'cms', '-decrypt', '-in', mail, '-inkey', pem], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, check=False, timeout=60)
        if done.returncode == 0:
            return done.stdout
    raise AssertionError(f'none of {len(keys)} keys opens the mail')


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

    def recover(self, authority, address, path):
        """What the administrators do: one asks for the recovery, two others approve it."""
        said = authority.run('recover', authority.folder, address, '--reason', 'has forgotten the password').stdout
        number = re.search(r'Recovery (\d+) ', said).group(1)
        for officer, password in authority.officers.items():
            authority.run('approve', authority.folder, number, '--officer', officer, '--output', path,
                          passwords=[password])

    def forget_password(self, signet):
        """With the new invitation open: the old keyset name asks the old password, a new name goes through."""
        signet.window('Get a Digital ID')
        signet.type('text', 'Keyset name', 'Work')
        signet.click('push button', 'Continue')
        signet.find('heading', 'Password for “Work”')
        signet.type('password text', 'Password', 'some other geese')
        press('Return')
        signet.says('That is not the password of “Work”.')
        signet.click('push button', 'Forgot the password?')
        signet.find('list item', 'Ask your administrator to recover your keys')
        self.keep_picture(signet, 'forgotten-steps')
        press('alt+Left')
        signet.click('push button', 'Use a New Keyset Name')
        signet.click('push button', 'Send Request')
        signet.says('Request sent')
        signet.click('push button', 'Done')
        signet.window_gone('Get a Digital ID')

    def install_recovered(self, signet):
        signet.window('Your Digital ID')
        self.assertIn('1 older key for old mail', signet.find('list item', 'It brings').get_description())
        self.keep_picture(signet, 'forgotten-reply')
        signet.click('push button', 'Continue')
        signet.click('push button', 'Continue')
        signet.type('password text', 'Password', NEW_PASSWORD)
        signet.type('password text', 'Confirm', NEW_PASSWORD)
        signet.click('push button', 'Save Digital ID')
        signet.says('Your digital ID is ready')
        signet.click('push button', 'Done')
        signet.window_gone('Your Digital ID')

    @in_desktop()
    def test_forgotten_password(self):
        """The old mail, which openssl has encrypted, opens again with what lies in the new keyset."""
        address = 'asa@example.org'
        with Authority(officers=('Anna', 'Berit')) as authority, tempfile.TemporaryDirectory(prefix='s.') as folder:
            Story(authority, os.path.join(PICTURES, 'story')).play(address)
            mail = encrypt_to('Work', folder)
            former = authority.mails(address)
            invitation = os.path.join(folder, 'again.signet-invitation')
            self.recover(authority, address, invitation)

            with self.signet(invitation) as signet:
                self.forget_password(signet)
                replies = wait_until('the second reply', lambda: set(authority.mails(address)) - set(former))
                open_with_signet(replies.pop())
                self.install_recovered(signet)
                signet.window('Signet')
                self.assertIn('Replaced', signet.find('list item', 'Work').get_description())
                signet.click('list item', 'Work')               # stays, locked, until it is removed
                signet.says('“Work 2” has taken its place and opens its mail, too.')
                self.keep_picture(signet, 'forgotten-replaced')
                signet.click('list item', 'Work 2')
                self.assertEqual(signet.find('list item', 'Older keys').get_description(), '1, for old mail')
                self.keep_picture(signet, 'forgotten-keysets')
            self.assertEqual(open_with('Work 2', NEW_PASSWORD, mail, folder), NOTE)


if __name__ == '__main__':
    unittest.main(verbosity=2)
