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
from driver import State, has, name_of, press, text_of, xdotool   # noqa: E402
from test_keyset_windows import HOME, WORK, keysets   # noqa: E402
from test_main_window import WAITING   # noqa: E402
from test_signetctl import PASSWORD, signetctl   # noqa: E402
from window_test import WindowTest, in_desktop   # noqa: E402


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
        signet.gone('list item', name)

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


if __name__ == '__main__':
    unittest.main()
