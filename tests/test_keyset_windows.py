#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The windows for a keyset's whole life: its password, level and name, its removal, and what to do when the password
is forgotten; with a real gnome-keyring. What is stored is looked at from outside, with signetctl."""

import contextlib
import os
import re
import signal
import stat
import subprocess
import sys
import unittest
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from driver import State, has, press, text_of, until, xdotool   # noqa: E402
from test_signetctl import PASSWORD, signetctl   # noqa: E402
from window_test import WindowTest, big_text_right_to_left, in_desktop   # noqa: E402

WORK = 'keyset|Work|high|asa@example.org|700|2'     # under PASSWORD
HOME = 'keyset|Home|low|asa@home.example|23|0'
NEW = 'a heron stands on one leg'


def keysets():
    return {keyset['name']: keyset['level'] for keyset in signetctl('list', '--json')['keysets']}


def record_mails():
    """Makes a script the desktop's mail program; returns the file with what it was started with."""
    home = os.environ['HOME']
    record = f'{home}/mail-uri'
    os.makedirs(f'{home}/.local/share/applications', exist_ok=True)
    with open(f'{home}/record-mail', 'w', encoding='utf-8') as script:
        script.write(f'#!/bin/sh\nprintf %s "$1" > {record}.part && mv {record}.part {record}\n')
    os.chmod(f'{home}/record-mail', 0o755)
    with open(f'{home}/.local/share/applications/recorder.desktop', 'w', encoding='utf-8') as entry:
        entry.write(f'[Desktop Entry]\nType=Application\nName=Recorder\nExec={home}/record-mail %u\n'
                    'MimeType=x-scheme-handler/mailto;\n')
    os.makedirs(f'{home}/.config', exist_ok=True)
    with open(f'{home}/.config/mimeapps.list', 'w', encoding='utf-8') as defaults:
        defaults.write('[Default Applications]\nx-scheme-handler/mailto=recorder.desktop\n')
    return record


def data_folder_without_programs():
    """/usr/share as far as GTK needs it."""
    folder = os.path.join(os.environ['HOME'], 'share')
    os.mkdir(folder)
    for name in ('glib-2.0', 'icons', 'mime', 'themes'):
        os.symlink(f'/usr/share/{name}', f'{folder}/{name}')
    return folder


@contextlib.contextmanager
def frozen(pid):
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def frozen_keyring():
    """The Secret Service answers nobody for a while."""
    done = subprocess.run(['gdbus', 'call', '--session', '--dest', 'org.freedesktop.DBus', '--object-path', '/',
                           '--method', 'org.freedesktop.DBus.GetConnectionUnixProcessID', 'org.freedesktop.secrets'],
                          stdout=subprocess.PIPE, text=True, check=True, timeout=60)
    return frozen(int(re.search(r'uint32 (\d+)', done.stdout)[1]))


class KeysetWindowsTest(WindowTest):
    def open(self, *items, **environment):
        """Signet, showing the keyset Work."""
        self.fill(*items)
        signet = self.signet(**environment)
        signet.click('list item', 'Work')
        signet.find('list item', 'Signing')
        return signet

    def assert_missing(self, signet, button, sentence):
        """The button cannot be pressed, and says why; or (None) it can."""
        signet.look(f'{button!r} to say {sentence!r}', 15,
                    lambda: signet.find('push button', button).get_description() == (sentence or ''))
        self.assertEqual(has(signet.find('push button', button), State.SENSITIVE), sentence is None)

    def open_password(self, signet):
        signet.click('list item', 'Password')
        signet.window('Change Password')

    def type_passwords(self, signet, old, new):
        signet.type('password text', 'Old password', old)
        signet.type('password text', 'New password', new)
        signet.type('password text', 'Confirm', new)

    def refuse(self, signet, entry='Old password'):
        """Sends the wrong password that was typed."""
        press('Return')
        signet.look('the refusal', 15, lambda: signet.find('password text', entry).get_description() ==
                    'That is not the password of “Work”.')
        signet.look('the keyboard on the password', 15,
                    lambda: has(signet.find('password text', entry), State.FOCUSED))

    # Password

    @in_desktop()
    def test_password(self):
        with self.open(WORK) as signet:
            self.open_password(signet)
            self.assertTrue(has(signet.find('password text', 'Old password'), State.FOCUSED))
            button = 'Change Password'
            self.assert_missing(signet, button, 'Enter the password of “Work”.')
            signet.type('password text', 'Old password', 'not the password')
            self.assert_missing(signet, button, 'Enter a new password.')
            signet.type('password text', 'New password', 'not the password')
            self.assert_missing(signet, button, 'Confirm the new password.')
            signet.type('password text', 'Confirm', 'not')
            self.assert_missing(signet, button, 'The new password and its confirmation differ.')
            signet.type('password text', 'Confirm', 'not the password')
            self.assert_missing(signet, button, 'The new password is the same as the old one.')
            self.keep_picture(signet, 'keyset-password')
            signet.type('password text', 'New password', NEW)
            signet.type('password text', 'Confirm', NEW)
            self.assert_missing(signet, button, None)
            self.refuse(signet)
            self.keep_picture(signet, 'keyset-password-wrong')

            signet.type('password text', 'Old password', PASSWORD)
            press('Return')
            signet.window_gone('Change Password')
            signet.says('Password changed')
            self.keep_picture(signet, 'keyset-password-changed')

            self.open_password(signet)                  # the old one opens nothing any more
            self.type_passwords(signet, PASSWORD, 'another one')
            self.refuse(signet)
            signet.type('password text', 'Old password', NEW)
            press('Return')
            signet.window_gone('Change Password')
            self.assertEqual(keysets(), {'Work': 'high'})

    @in_desktop()
    def test_escape_changes_nothing(self):
        with self.open(WORK) as signet:
            self.open_password(signet)
            self.type_passwords(signet, PASSWORD, NEW)
            press('Escape')
            signet.window_gone('Change Password')
            press('F2')
            signet.window('Rename Keyset')
            signet.type('text', 'Keyset name', 'Other')
            signet.type('password text', 'Password', PASSWORD)      # which it still is
            press('Escape')
            signet.window_gone('Rename Keyset')
            press('ctrl+l')
            signet.window('Change Security Level')
            signet.click('radio button', 'Low')
            signet.type('password text', 'Password', PASSWORD)
            press('Escape')
            signet.window_gone('Change Security Level')
            self.assertEqual(keysets(), {'Work': 'high'})

    @in_desktop()
    def test_cancelled_in_time(self):
        """The store does not answer: whoever cancels is free at once, and nothing has changed when it wakes up."""
        with self.open(WORK) as signet:
            self.open_password(signet)
            self.type_passwords(signet, PASSWORD, NEW)
            with frozen_keyring():
                press('Return')
                signet.says('Changing the password…')
                self.keep_picture(signet, 'keyset-password-busy')
                signet.click('push button', 'Cancel')
                signet.says('Cancelled. Nothing was changed.')
            self.type_passwords(signet, NEW, 'another one')
            self.refuse(signet)

    @in_desktop()
    def test_wrong_passwords_slow_down(self):
        with self.open(WORK) as signet:
            self.open_password(signet)
            self.type_passwords(signet, 'wrong', NEW)
            for _ in range(3):
                signet.type('password text', 'Old password', 'wrong')
                self.refuse(signet)
            signet.find('label', re.compile(r'^After wrong passwords Signet waits: try again in \d seconds?\.$'))
            self.assertFalse(has(signet.find('push button', 'Change Password'), State.SENSITIVE))
            self.keep_picture(signet, 'keyset-password-pause')
            press('Escape')                             # a new window is no way round it
            signet.window_gone('Change Password')
            self.open_password(signet)
            signet.find('label', re.compile('^After wrong passwords Signet waits'))
            self.type_passwords(signet, PASSWORD, NEW)
            self.assert_missing(signet, 'Change Password', None)
            press('Return')
            signet.says('Password changed')

    # Level

    @in_desktop()
    def test_level(self):
        with self.open(WORK) as signet:
            signet.click('list item', 'Security level')
            signet.window('Change Security Level')
            self.assertTrue(has(signet.find('radio button', 'High'), State.CHECKED))
            self.assert_missing(signet, 'Apply', 'This is its level now.')
            signet.click('radio button', 'Low')
            self.assert_missing(signet, 'Apply', 'Enter the password of “Work”.')
            signet.type('password text', 'Password', 'not the password')
            self.refuse(signet, 'Password')
            self.keep_picture(signet, 'keyset-level-leaves-high')
            signet.type('password text', 'Password', PASSWORD)
            signet.click('push button', 'Apply')
            signet.says('The security level of “Work” is Low now')
            self.assertEqual(keysets(), {'Work': 'low'})
            signet.gone('list item', 'Password')

            signet.click('list item', 'Security level')
            signet.window('Change Security Level')
            signet.click('radio button', 'Medium')
            self.assert_missing(signet, 'Apply', None)
            signet.click('radio button', 'High')
            self.assert_missing(signet, 'Apply', 'Enter a new password.')
            signet.type('password text', 'New password', NEW)
            signet.type('password text', 'Confirm', NEW)
            self.keep_picture(signet, 'keyset-level-goes-to-high')
            self.assertEqual(keysets(), {'Work': 'low'})    # nothing before Apply
            press('Return')
            signet.says('The security level of “Work” is High now')
            self.assertEqual(keysets(), {'Work': 'high'})

            self.open_password(signet)
            self.type_passwords(signet, NEW, PASSWORD)
            press('Return')
            signet.says('Password changed')

    # Name and removal

    @in_desktop()
    def test_rename(self):
        with self.open(WORK, HOME) as signet:
            press('F2')
            signet.window('Rename Keyset')
            self.assertTrue(has(signet.find('text', 'Keyset name'), State.FOCUSED))
            self.assert_missing(signet, 'Rename', 'Enter another name.')
            signet.type('text', 'Keyset name', 'HOME')
            self.assert_missing(signet, 'Rename', 'Enter another name.')
            self.assertEqual(signet.find('text', 'Keyset name').get_description(), 'Another keyset has this name.')
            signet.type('text', 'Keyset name', ' ')
            self.assert_missing(signet, 'Rename', 'Give the keyset a name.')
            signet.type('text', 'Keyset name', 'Office')
            self.assert_missing(signet, 'Rename', 'Enter the password of “Work”.')
            signet.type('password text', 'Password', 'not the password')
            self.refuse(signet, 'Password')
            self.keep_picture(signet, 'keyset-rename')
            signet.type('password text', 'Password', PASSWORD)
            press('Return')
            signet.says('The keyset is called “Office” now')
            signet.find('list item', 'Office')
            self.assertEqual(keysets(), {'Home': 'low', 'Office': 'high'})

            signet.click('list item', 'Home')           # without a password
            press('F2')
            signet.window('Rename Keyset')
            self.assertEqual(signet.find_all('password text', 'Password'), [])
            signet.set_text('text', 'Keyset name', 'Ätherwellen 📻')
            press('Return')
            signet.find('list item', 'Ätherwellen 📻')
            self.assertEqual(keysets(), {'Ätherwellen 📻': 'low', 'Office': 'high'})

    @in_desktop()
    def test_remove(self):
        with self.open(WORK, HOME) as signet:
            signet.click('toggle button', 'More about this keyset')
            signet.find(None, 'Change Password…')
            self.keep_picture(signet, 'keyset-menu')
            signet.click(None, 'Remove…')
            signet.says('Remove “Work”?')
            signet.says(re.compile(r'^This removes 2 digital IDs and 2 older keys for good\.\n\n'
                                   r'2 encryption keys are in no other keyset\.'))     # Home has the third
            signet.look('the keyboard on Cancel', 15, lambda: has(signet.find('push button', 'Cancel'), State.FOCUSED))
            self.keep_picture(signet, 'keyset-remove')
            press('Return')
            signet.gone('label', 'Remove “Work”?')
            self.assertEqual(keysets(), {'Home': 'low', 'Work': 'high'})

            press('Delete')
            signet.click('push button', 'Remove Keyset')
            signet.says('“Work” was removed')
            signet.gone('list item', 'Work')
            self.assertEqual(keysets(), {'Home': 'low'})
            press('Delete')
            signet.says('Remove “Home”?')

    # Backup

    def press_first_of_menu(self, signet):
        press('F10')
        signet.look('the keyboard on the menu', 15,
                    lambda: (node := signet.focused()) and node.get_role_name() == 'push button')
        press('Return')

    def open_backup(self, signet, password=NEW):
        """By the keyboard alone."""
        self.press_first_of_menu(signet)
        signet.window('Back Up')
        signet.look('the keyboard on the password', 15,
                    lambda: has(signet.find('password text', 'Password for the backup'), State.FOCUSED))
        signet.type('password text', 'Password for the backup', password)
        signet.type('password text', 'Confirm', password)
        self.assert_missing(signet, 'Back Up…', None)

    def save(self, signet, path):
        press('Return')
        signet.choose_file(path, 'Save the Backup')

    @in_desktop()
    def test_back_up(self):
        path = os.path.join(os.environ['HOME'], 'ids.signet-backup')
        with self.open(WORK, HOME) as signet:
            signet.click('toggle button', 'Menu')
            self.keep_picture(signet, 'keyset-back-up-menu')
            signet.click(None, 'Back Up Keysets…')
            signet.window('Back Up')
            button = 'Back Up…'
            self.assert_missing(signet, button, 'Enter a new password.')
            signet.type('password text', 'Password for the backup', NEW)
            self.assert_missing(signet, button, 'Confirm the new password.')
            signet.type('password text', 'Confirm', NEW)
            self.assert_missing(signet, button, None)
            self.keep_picture(signet, 'keyset-back-up')

            press('Return')
            chooser = signet.window('Save the Backup')
            name = re.compile(r'Digital IDs \d{4}-\d\d-\d\d\.signet-backup$')
            signet.look('a name for the file', 15, lambda: any(
                name.match(text_of(entry)) for entry in signet.find_all('text', None, within=chooser)))
            press('Escape')
            signet.window('Back Up')
            self.save(signet, path)
            signet.window_gone('Back Up')
            signet.says('Backup saved')
            self.keep_picture(signet, 'keyset-backed-up')

            self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
            self.assertEqual([name for name in os.listdir(os.environ['HOME']) if 'signet-backup' in name],
                             ['ids.signet-backup'])
            signetctl('remove', 'Work', '--yes')
            signetctl('remove', 'Home', '--yes')
            signet.says('No digital IDs yet')
            signetctl('restore', path, password='not the password', status=3)
            self.assertEqual(keysets(), {})
            signetctl('restore', path, password=NEW)
            self.assertEqual(keysets(), {'Home': 'low', 'Work': 'high'})
            signetctl('level', 'Work', 'low', password=PASSWORD)    # which is still its own

    @in_desktop()
    def test_backup_over_a_file(self):
        path = os.path.join(os.environ['HOME'], 'ids.signet-backup')
        with open(path, 'w', encoding='ascii') as file:
            file.write('precious')
        with self.open(WORK) as signet:
            self.open_backup(signet)
            press('Return')
            chooser = signet.window('Save the Backup')
            signet.set_text('text', None, path, within=chooser)
            signet.click('push button', 'Save', within=chooser)
            signet.click('push button', 'Cancel', within=signet.look(
                'the question', 15, lambda: next((w for w in signet.windows() if w.get_role_name() == 'alert'), None)))
            with open(path, encoding='ascii') as file:
                self.assertEqual(file.read(), 'precious')
            signet.click('push button', 'Save', within=chooser)
            signet.click('push button', 'Replace')
            signet.says('Backup saved')
            self.assertEqual(len(signetctl('restore', path, '--json', password=NEW)['same']), 1)

    @in_desktop()
    def test_no_backup(self):
        """Left, cancelled, or failed: there is no file, and everything can be tried again."""
        path = os.path.join(os.environ['HOME'], 'ids.signet-backup')
        with self.open(WORK) as signet:
            self.open_backup(signet)
            press('Escape')
            signet.window_gone('Back Up')
            self.open_backup(signet)
            with frozen_keyring():
                self.save(signet, path)
                signet.says('Backing up…')
                self.keep_picture(signet, 'keyset-back-up-busy')
                signet.click('push button', 'Cancel')
                signet.says('Cancelled. Nothing was changed.')
            self.save(signet, '/proc/ids.signet-backup')
            signet.says(re.compile('^“/proc/ids.signet-backup” cannot be written: '))
            self.keep_picture(signet, 'keyset-back-up-failed')
            self.assertFalse(os.path.exists(path))
            self.save(signet, path)
            signet.says('Backup saved')
            self.assertTrue(os.path.exists(path))

    @in_desktop()
    def test_backup_without_a_damaged_keyset(self):
        path = os.path.join(os.environ['HOME'], 'ids.signet-backup')
        with self.open(WORK, 'damaged') as signet:
            self.open_backup(signet)
            self.save(signet, path)
            signet.says('The backup is not complete')
            signet.says('1 keyset cannot be read and is not in the backup.')
            self.keep_picture(signet, 'keyset-back-up-incomplete')
            signet.click('push button', 'Close')
            self.assertEqual(len(signetctl('restore', path, '--json', password=NEW)['same']), 1)

    @in_desktop()
    def test_nothing_to_back_up(self):
        with self.signet() as signet:
            signet.click('toggle button', 'Menu')
            self.assertFalse(has(signet.find(None, 'Back Up Keysets…'), State.SENSITIVE))
            self.assertTrue(has(signet.find(None, 'About Signet'), State.SENSITIVE))
            press('Escape')
            self.fill(WORK)
            signet.find('list item', 'Work')
            self.open_backup(signet)

    @in_desktop()
    def test_back_up_first(self):
        path = os.path.join(os.environ['HOME'], 'ids.signet-backup')
        with self.open(WORK) as signet:
            press('Delete')
            signet.click('push button', 'Back Up First')
            signet.window('Back Up')
            signet.gone('label', 'Remove “Work”?')
            signet.type('password text', 'Password for the backup', NEW)
            signet.type('password text', 'Confirm', NEW)
            self.save(signet, path)
            signet.says('Backup saved')
            self.assertEqual(keysets(), {'Work': 'high'})
            press('Delete')
            signet.click('push button', 'Remove Keyset')
            signet.says('No digital IDs yet')
            signetctl('restore', path, password=NEW)
            signet.find('list item', 'Work')

    # Forgotten

    @in_desktop()
    def test_forgotten(self):
        record = record_mails()
        with self.open(WORK) as signet:
            for open_window in (lambda: signet.click('list item', 'Password'), lambda: press('F2')):
                open_window()
                signet.click('push button', 'Forgot the password?')
                signet.find('heading', 'Forgot the password?')
                steps = [signet.find('list item', name) for name in (
                    'Ask your administrator to recover your keys', 'You get a new invitation',
                    'Get a digital ID with it, under a new keyset name')]
                self.assertIn('Not “Work”, which stays locked.', steps[2].get_description())
                self.keep_picture(signet, 'keyset-forgotten')
                signet.click('push button', 'Write to the Administrator')
                until('the mail program', lambda: os.path.exists(record))
                with open(record, encoding='ascii') as file:
                    uri = file.read()
                os.remove(record)
                mail = urllib.parse.urlsplit(uri)
                parts = dict(part.split('=') for part in mail.query.split('&'))
                body = urllib.parse.unquote(parts['body'])
                self.assertEqual((mail.scheme, mail.path), ('mailto', ''))
                self.assertEqual(urllib.parse.unquote(parts['subject']), 'Please recover my keys')
                self.assertIn('for asa@example.org, issued by Example Authority', body)
                press('alt+Left')
                signet.gone('heading', 'Forgot the password?')
                press('Escape')
                signet.window('Signet')

    @in_desktop()
    def test_forgotten_without_a_mail_program(self):
        with self.open(WORK, XDG_DATA_DIRS=data_folder_without_programs()) as signet:
            self.open_password(signet)
            signet.click('push button', 'Forgot the password?')
            signet.click('push button', 'Write to the Administrator')
            signet.says('No mail program could be opened.')

    @in_desktop()
    def test_long_name(self):
        """It is cut where it stands in a sentence, and folds no window."""
        name = 'W' + 'o' * 299
        self.fill(WORK.replace('Work', name))
        with self.signet() as signet:
            signet.find('list item', name)
            self.open_password(signet)
            signet.find('heading', 'New password for “W' + 'o' * 38 + '…”')
            self.assert_missing(signet, 'Change Password', 'Enter the password of “W' + 'o' * 38 + '…”.')
            self.keep_picture(signet, 'keyset-long-name')

    # Two at once

    @in_desktop()
    def test_changed_meanwhile(self):
        with self.open(WORK) as signet:
            self.open_password(signet)
            signetctl('rename', 'Work', 'Office', password=PASSWORD)
            signet.find('heading', 'New password for “Office”')
            signetctl('level', 'Office', 'low', password=PASSWORD)
            self.assert_missing(signet, 'Change Password', 'This keyset has no password any more.')
            press('Escape')
            signet.window('Signet')
            press('ctrl+l')
            signet.window('Change Security Level')
            signet.click('radio button', 'Medium')
            signetctl('remove', 'Office', '--yes')
            signet.gone('list item', 'Office')
            signet.click('push button', 'Apply')
            signet.says('The keyset “Office” is gone. Nothing was changed.')

    @in_desktop()
    def test_changed_in_the_same_moment(self):
        """Return is pressed on what does not know yet that it is another: nothing is lost, and no password is tried
        on a keyset for which it was not typed."""
        with self.open(WORK) as signet:
            self.open_password(signet)
            self.type_passwords(signet, PASSWORD, NEW)
            with frozen(signet.process.pid):
                signetctl('rename', 'Work', 'Office', password=PASSWORD)
                press('Return')
            signet.find('heading', 'New password for “Office”')
            self.assert_missing(signet, 'Change Password', 'Enter the password of “Office”.')
            self.keep_picture(signet, 'keyset-changed-meanwhile')
            self.assertEqual(signet.find('password text', 'Old password').get_description(), '')
            signet.type('password text', 'Old password', PASSWORD)
            press('Return')
            signet.says('Password changed')
            self.assertEqual(keysets(), {'Office': 'high'})

    # Looks

    def look_at_all(self, suffix, width=None, **environment):
        self.fill(WORK, HOME)
        with self.signet(**environment) as signet:
            main = signet.window()
            signet.click('list item', 'Work')
            self.keep_picture(signet, f'keyset-page-{suffix}')
            for key, name in (('ctrl+p', 'password'), ('ctrl+l', 'level'), ('F2', 'rename'), ('Delete', 'remove'),
                              (None, 'back-up')):
                if name == 'back-up':
                    self.press_first_of_menu(signet)
                else:
                    press(key)
                window = signet.look('a window over the main window', 15, lambda: len(signet.windows()) == 2 and
                                     (active := signet.window()) != main and active)
                if width and name != 'remove':
                    xdotool('windowsize', '--sync', xdotool('getactivewindow'), width, 640)
                if name == 'level':
                    press('Down')
                self.keep_picture(signet, f'keyset-{name}-{suffix}')
                press('Escape')
                signet.look('the window to close', 15, lambda window=window: window not in signet.windows())

    @in_desktop(dark=True)
    def test_dark_and_narrow(self):
        self.look_at_all('dark', width=360)

    @in_desktop()
    def test_big_text_right_to_left(self):
        self.look_at_all('big-rtl', **big_text_right_to_left())


if __name__ == '__main__':
    unittest.main()
