#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Undo, search, and the settings of mail addresses, through the windows and with a real gnome-keyring."""

import hashlib
import os
import re
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from driver import State, has, name_of, press, text_of, until, xdotool   # noqa: E402
from test_keyset_windows import HOME, WORK, keysets   # noqa: E402
from test_main_window import WAITING   # noqa: E402
from test_signetctl import PASSWORD, signetctl   # noqa: E402
from window_test import WindowTest, big_text_right_to_left, in_desktop   # noqa: E402


def stored_items(schema='Keyset'):
    """A digest of each item that the Secret Service holds, as another program reads it."""
    found = subprocess.run(['secret-tool', 'search', '--all', 'xdg:schema', f'io.github.signetmail.{schema}'],
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=60)
    ids = sorted(re.findall(rb'attribute\.id = (\S+)', found.stdout))
    items = (subprocess.run(['secret-tool', 'lookup', 'id', each], stdout=subprocess.PIPE, check=True, timeout=60)
             for each in ids)
    return [hashlib.sha256(item.stdout).hexdigest() for item in items]


class UndoTest(WindowTest):
    def rename(self, signet, name, password=None):
        press('F2')
        signet.window('Rename Keyset')
        signet.type('text', 'Keyset name', name)
        if password:
            signet.type('password text', 'Password', password)
        press('Return')
        signet.says(f'The keyset is called “{name}” now')

    def remove(self, signet, name):
        press('Delete')
        signet.says(f'Remove “{name}”?')
        signet.click('push button', 'Remove Keyset')
        signet.says(f'“{name}” was removed')
        signet.gone('list item', name)              # the list follows the store, a moment later

    @in_desktop()
    def test_undo(self):
        self.fill(WORK, HOME)
        with self.signet() as signet:
            signet.click('list item', 'Work')
            before = stored_items()
            self.rename(signet, 'Office', PASSWORD)
            self.keep_picture(signet, 'undo-rename')
            self.assertNotEqual(stored_items(), before)
            signet.click('push button', 'Undo')         # without the password: it is the item of before
            signet.says('“Work” is back')
            self.assertEqual(stored_items(), before)
            self.assertEqual(signet.find_all('push button', 'Undo'), [])

            self.remove(signet, 'Work')
            self.assertEqual(keysets(), {'Home': 'low'})
            press('ctrl+z')
            signet.says('“Work” is back')
            self.assertTrue(has(signet.find('list item', 'Work'), State.SELECTED))
            self.assertEqual(stored_items(), before)
            press('ctrl+z')                             # nothing more to undo
            self.assertEqual(stored_items(), before)

            # The last one: what can be undone is told on the empty page, too.
            self.remove(signet, 'Work')
            self.remove(signet, 'Home')
            signet.says('No digital IDs yet')
            self.keep_picture(signet, 'undo-empty')
            signet.click('push button', 'Undo')
            signet.find('list item', 'Home')
            self.assertEqual(keysets(), {'Home': 'low'})

    @in_desktop()
    def test_undo_comes_too_late(self):
        """What was done since is not undone with it."""
        self.fill(HOME)
        with self.signet() as signet:
            signet.find('list item', 'Home')
            self.rename(signet, 'House')
            signetctl('level', 'House', 'high', password='another one')
            stored = stored_items()
            press('ctrl+z')
            signet.says('That could not be undone')
            self.keep_picture(signet, 'undo-too-late')
            press('Escape')
            self.assertEqual(stored_items(), stored)
            self.assertEqual(keysets(), {'House': 'high'})

    @in_desktop()
    def test_killed(self):
        """What was done stays done when nobody undoes it; an undo that is cut off has happened or has not."""
        self.fill(HOME)
        before = stored_items()
        for fault, wanted in (('', []), ('client:before-keyset-change', []), ('client:keyset-changed', before)):
            backup = os.path.join(os.environ['HOME'], f'{len(fault)}.signet-backup')
            signetctl('backup', '--output', backup, password=PASSWORD)
            with self.signet(SIGNET_FAULT=fault) as signet:
                signet.find('list item', 'Home')
                self.remove(signet, 'Home')
                if fault:
                    press('ctrl+z')
                    self.assertEqual(signet.wait(), -signal.SIGKILL)
                else:
                    signet.kill()
            self.assertEqual(stored_items(), wanted)
            signetctl('restore', backup, password=PASSWORD)

    @in_desktop()
    def test_request(self):
        self.fill(WAITING, HOME)
        with self.signet() as signet:
            row = signet.find('list item', 'Waiting for Example Authority')
            before = stored_items('Pending')
            signet.click('toggle button', 'More about this request', within=row)
            signet.click(None, 'Remove Request…')
            signet.click('push button', 'Remove Request')
            signet.says('The request was removed')
            signet.gone('list item', 'Waiting for Example Authority')
            press('ctrl+z')
            signet.says('The request is back')
            signet.find('list item', 'Waiting for Example Authority')
            self.assertEqual(stored_items('Pending'), before)


class SearchTest(WindowTest):
    def found(self, signet):
        """The names of the rows that show."""
        return [name_of(row) for row in signet.find_all('list item', within=signet.find('list box', 'Keysets'))]

    def search(self, signet, text, wanted, requests=0):
        signet.type('text', 'Search keysets', text)
        signet.look(f'{wanted} for {text!r}', 15, lambda: self.found(signet) == wanted)
        number = f'{len(wanted) + requests} found'
        signet.look(number, 15, lambda: signet.find('text', 'Search keysets').get_description() == number)

    @in_desktop()
    def test_search(self):
        self.fill(WORK, HOME, 'keyset|Club|medium|asa@example.org|400|0', WAITING)
        serial = signetctl('which', 'asa@home.example', '--print', 'serial').strip()
        with self.signet() as signet:
            signet.click('list item', 'Club')
            xdotool('type', '--delay', 1, 'wo')          # typing begins it
            signet.look('the search', 15, lambda: self.found(signet) == ['Work'])
            self.assertEqual(text_of(signet.find('text', 'Search keysets')), 'wo')
            self.assertTrue(has(signet.find('toggle button', 'Search'), State.CHECKED))
            signet.gone('list box', 'Requests')
            self.assertEqual(signet.find('text', 'Search keysets').get_description(), '1 found')
            self.keep_picture(signet, 'search')
            press('Escape')
            signet.look('all of them', 15, lambda: self.found(signet) == ['Club', 'Home', 'Work'])
            signet.find('list box', 'Requests')
            signet.gone('text', 'Search keysets')

            press('ctrl+f')
            self.search(signet, 'EXAMPLE.ORG', ['Club', 'Work'], requests=1)
            self.search(signet, ':'.join(serial[i:i + 2].upper() for i in range(0, len(serial), 2)), ['Home'])
            self.search(signet, 'example authority', ['Club', 'Home', 'Work'], requests=1)
            self.search(signet, 'asa home', ['Home'])
            signet.type('text', 'Search keysets', 'nobody')
            signet.find('panel', 'Nothing found')
            self.keep_picture(signet, 'search-nothing')
            press('Delete', 'ctrl+z')                    # are about the text
            self.assertEqual(len(signet.windows()), 1)

            # The keyboard goes down into what was found, and back.
            signet.type('text', 'Search keysets', 'o')
            signet.look('all of them', 15, lambda: self.found(signet) == ['Club', 'Home', 'Work'])
            signet.type('text', 'Search keysets', 'asa@example.org')
            signet.look('two', 15, lambda: self.found(signet) == ['Club', 'Work'])
            press('Down', 'Down')
            self.assert_focus(signet, 'list item', 'Club')      # below the request, which it finds as well
            press('Down')
            self.assert_focus(signet, 'list item', 'Work')
            self.assertTrue(has(signet.find('list item', 'Work'), State.SELECTED))
            press('Up', 'Up', 'Up')
            self.assert_focus(signet, 'text', 'Search keysets')
            signetctl('rename', 'Home', 'asa@example.org')      # a row that has changed is looked at again
            signet.look('three', 15, lambda: self.found(signet) == ['Club', 'Work', 'asa@example.org'])
            signet.click('toggle button', 'Search')
            signet.gone('text', 'Search keysets')

    def assert_focus(self, signet, role, name):
        signet.look(f'the keyboard on {name!r}', 15, lambda: has(signet.find(role, name), State.FOCUSED))

    @in_desktop()
    def test_narrow(self):
        self.fill(WORK, HOME)
        with self.signet() as signet:
            signet.find('list item', 'Work')
            xdotool('windowsize', '--sync', xdotool('getactivewindow'), 360, 640)
            signet.gone('list item', 'Signing')
            signet.click('list item', 'Home')
            signet.find('list item', 'Signing')
            press('ctrl+f')                              # leads back to the list
            self.search(signet, 'work', ['Work'])
            self.keep_picture(signet, 'search-narrow')
            press('Return')
            signet.find('list item', 'Signing')
            signet.says('asa@example.org')


class SettingsTest(WindowTest):
    def open_settings(self, signet):
        press('ctrl+comma')
        return signet.window('Security Settings')

    def about(self, signet, row, words):
        """What a screen reader says after the name of a row."""
        signet.look(f'{row!r} to say {words!r}', 15,
                    lambda: words in signet.find('list item', row).get_description())

    def stored(self, address='asa@example.org'):
        return signetctl('settings', address, '--json')

    def switch(self, signet, name, on):
        signet.look(f'{name!r} to be {on}', 15, lambda: has(signet.find('toggle button', name), State.CHECKED) == on)

    @in_desktop()
    def test_settings(self):
        self.fill(WORK, HOME, 'keyset|Club|medium|asa@example.org|400|0')
        with self.signet() as signet:
            signet.click('list item', 'Work')
            signet.click('toggle button', 'Menu')
            signet.click(None, 'Security Settings')
            signet.window('Security Settings')
            xdotool('windowsize', '--sync', xdotool('getactivewindow'), 560, 880)     # all of it, and the toast
            self.about(signet, 'Mail address', 'asa@example.org')       # that of the keyset which shows
            self.switch(signet, 'Sign messages', True)
            self.switch(signet, 'Encrypt messages when possible', False)
            self.about(signet, 'Signing ID', '“Work”, because it has the newest ID for asa@example.org.')
            self.about(signet, 'Signatures', 'SHA-256, as strong as the signing key (P-256).')
            self.about(signet, 'Encrypted messages', 'AES-256-CBC, which every mail program can read.')
            self.keep_picture(signet, 'settings')

            signet.click('toggle button', 'Encrypt messages when possible')
            signet.says('Encrypt messages when possible: on')
            until('it to be stored', lambda: self.stored()['encrypt'])
            signet.choose('list item', 'Signing ID', 'Club')
            self.about(signet, 'Signing ID', 'Club. “Club”, because you chose it.')
            signet.choose('list item', 'Signatures', 'SHA-384')
            self.about(signet, 'Signatures', 'SHA-384, because you chose it.')
            signet.says('Signatures: SHA-384')
            self.keep_picture(signet, 'settings-changed')
            press('ctrl+z')
            self.about(signet, 'Signatures', 'Automatic')
            until('the undo to be stored', lambda: self.stored()['digest'] == 'automatic')
            self.assertIn('signing-keyset-id', self.stored())

            # Another Signet changes something: both agree.
            signetctl('settings', 'asa@example.org', '--sign', 'off')
            self.switch(signet, 'Sign messages', False)
            signetctl('remove', 'Club', '--yes')
            self.about(signet, 'Signing ID', 'only valid ID for asa@example.org. The keyset that you chose is gone.')
            self.keep_picture(signet, 'settings-gone')

            signet.choose('list item', 'Mail address', 'asa@home.example')
            self.switch(signet, 'Sign messages', True)
            self.about(signet, 'Encryption ID', '“Home”, because it has the only valid ID for asa@home.example.')
            press('Escape')
            signet.window_gone('Security Settings')
            press('ctrl+q')
            self.assertEqual(signet.wait(), 0)
        self.assertEqual((self.stored()['sign'], self.stored()['encrypt']), (False, True))

    @in_desktop()
    def test_nothing_to_set(self):
        with self.signet() as signet:
            signet.says('No digital IDs yet')
            self.open_settings(signet)
            signet.find('panel', 'No digital ID yet')
            self.keep_picture(signet, 'settings-empty')
            self.fill(HOME)                              # one arrives
            signet.find('list item', 'Signing ID')
            press('Escape')
            signet.window_gone('Security Settings')

    @in_desktop()
    def test_unreadable(self):
        path = os.path.join(os.environ['XDG_CONFIG_HOME'], 'signet', 'mail.conf')
        os.makedirs(os.path.dirname(path))
        with open(path, 'w', encoding='ascii') as file:
            file.write('[Signet]\nversion=1\n[asa]\n')
        self.fill(HOME)
        with self.signet() as signet:
            signet.find('list item', 'Home')
            self.open_settings(signet)
            signet.says('“asa” is not a mail address')
            self.keep_picture(signet, 'settings-unreadable')
            signet.click('toggle button', 'Sign messages')
            signet.gone('label', re.compile('is not a mail address'))
            until('it to be stored', lambda: not self.stored('asa@home.example')['sign'])
            self.assertTrue(os.path.exists(f'{path}.damaged'))

    def look(self, suffix, width=None, **environment):
        self.fill(WORK, HOME, WAITING)
        with self.signet(**environment) as signet:
            signet.click('list item', 'Work')
            press('ctrl+f')
            xdotool('type', '--delay', 1, 'o')
            signet.find('list box', None)
            self.keep_picture(signet, f'search-{suffix}')
            xdotool('type', '--delay', 1, 'zzz')
            signet.gone('list box', None)
            self.keep_picture(signet, f'search-nothing-{suffix}')
            press('Escape', 'ctrl+comma')
            signet.look('the settings', 15, lambda: len(signet.windows()) == 2 and signet.find_all('toggle button'))
            if width:
                xdotool('windowsize', '--sync', xdotool('getactivewindow'), width, 640)
            self.keep_picture(signet, f'settings-{suffix}')
            signet.click_node(signet.find_all('toggle button')[0])
            press('End')
            self.keep_picture(signet, f'settings-toast-{suffix}')

    @in_desktop(dark=True)
    def test_dark_and_narrow(self):
        self.look('dark', width=360)

    @in_desktop()
    def test_big_text_right_to_left(self):
        self.look('big-rtl', **big_text_right_to_left())


if __name__ == '__main__':
    unittest.main()
