#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The main window in every state that the Secret Service and time can bring about."""

import os
import re
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from authority import program   # noqa: E402
from desktop import PASSWORD   # noqa: E402
from driver import Application, Program, has, name_of, press, until, xdotool, State   # noqa: E402
from window_test import WindowTest, in_desktop   # noqa: E402

WORK = 'keyset|Work|high|asa@example.org|700|2'
HOME = 'keyset|Home|low|asa@home.example|23|0'
OLD = 'keyset|Old|medium|asa@old.example|-20|0'
WAITING = 'pending|waiting|Example Authority|asa@example.org|10|'
FAILED = 'pending|failed|Far Authority|asa@far.example|1440|The server could not be reached.'
READY = 'pending|ready|Home Authority|asa@home.example|60|'
REFUSED = 'pending|refused|Strict Authority|asa@strict.example|5|The temporary key has expired.'


def about(node):
    """What a screen reader says after the name."""
    return node.get_description()


class MainWindowTest(WindowTest):
    def open_file(self, path):
        """A second Signet: it hands the file over, and ends."""
        subprocess.run([program('signet'), path], check=True, timeout=60)

    @in_desktop()
    def test_empty(self):
        with self.signet() as signet:
            signet.find('panel', 'No digital IDs yet')
            self.keep_picture(signet, 'main-empty')
            signet.click('push button', 'Get a Digital ID')
            signet.window('Get a Digital ID')
            press('Escape')
            signet.window_gone('Get a Digital ID')
            signet.click('push button', 'I have a file')
            signet.window('Open a File')

    @in_desktop(keyring='absent')
    def test_no_keyring(self):
        with self.signet() as signet:
            signet.find('panel', 'No keyring found')
            self.keep_picture(signet, 'main-no-keyring')
            self.desktop.start_keyring()
            self.fill(HOME)
            signet.click('push button', 'Try Again')
            signet.find('list item', 'Home')

    @in_desktop()
    def test_locked(self):
        self.fill(HOME, WAITING)
        self.desktop.kill_keyring()
        self.desktop.start_keyring(unlock=False)
        with self.signet() as signet:
            signet.find('panel', 'Your keyring is locked')
            self.keep_picture(signet, 'main-locked')
            signet.click('push button', 'Unlock')
            prompter = Application('gcr-prompter')
            prompter.type('password text', None, PASSWORD)
            press('Return')
            signet.find('list item', 'Home')
            signet.find('list item', 'Waiting for Example Authority')

    @in_desktop()
    def test_keysets(self):
        self.fill(WORK, HOME, OLD, 'damaged')
        with self.signet() as signet:
            signet.says('1 keyset cannot be read.')
            rows = signet.find_all('list item', within=signet.find('list box', 'Keysets'))
            self.assertEqual([(name_of(row), about(row)) for row in rows], [
                ('Home', 'asa@home.example, security level: Low, 3 weeks left'),
                ('Old', 'asa@old.example, security level: Medium, Expired'),
                ('Work', 'asa@example.org, security level: High')])

            signet.says('(3 weeks left)')       # the first is selected
            signet.says('It runs out in 23 days. Ask your organization for an invitation')
            self.keep_picture(signet, 'main-runs-out')
            signet.click('list item', 'Old')
            signet.says('It still opens old mail.')
            signet.says('Your mail cannot be signed with it any more.')
            signet.click('list item', 'Work')
            signet.says(re.compile('^Signs and opens mail until'))
            signet.gone('label', re.compile('an invitation to a new digital ID'))
            xdotool('windowsize', '--sync', xdotool('getactivewindow'), 820, 700)
            signet.click('list item', 'Older keys')
            self.keep_picture(signet, 'main-keysets')

            until('two older keys', lambda: len(signet.find_all('list item', re.compile(r'^From \d+ \w+ \d{4}$'))) == 2)
            signet.click_node(signet.find_all('list item', re.compile(r'^From \d+ \w+ \d{4}$'))[1])
            signet.window('asa@example.org')
            self.assertIn('Expired on', about(signet.find('list item', 'Valid')))
            signet.click('list item', 'Issued by')
            signet.window('Example Authority Issuing')
            self.assertEqual(about(signet.find('list item', 'Use')), 'Issuing digital IDs')

    @in_desktop()
    def test_requests(self):
        self.fill(WAITING, FAILED, READY, REFUSED)
        with self.signet() as signet:
            rows = signet.find('list box', 'Requests')
            xdotool('windowsize', '--sync', xdotool('getactivewindow'), 820, 700)
            signet.says('Asked 10 minutes ago')
            signet.says('Asked yesterday')
            signet.says(re.compile(r'^The server could not be reached\. Your request is kept\. '
                                   r'Signet tries again (tomorrow )?at \d\d:\d\d\.$'))
            signet.says('The temporary key has expired.')
            self.keep_picture(signet, 'main-requests')

            self.assertEqual(len(signet.find_all('push button', 'Check', within=rows)), 2)
            self.assertEqual(len(signet.find_all('push button', 'Open', within=rows)), 1)

            row = signet.find('list item', 'Strict Authority has refused')
            signet.click('push button', 'Try Again', within=row)
            signet.gone('label', 'The temporary key has expired.')

            signet.click('toggle button', 'More about this request', within=row)
            signet.click(None, 'Remove Request…')
            signet.says('Remove this request?')
            self.keep_picture(signet, 'main-remove')
            press('Escape')
            signet.gone('label', 'Remove this request?')
            signet.click('toggle button', 'More about this request', within=row)
            signet.click(None, 'Remove Request…')
            signet.click('push button', 'Remove Request')
            signet.gone('list item', 'Strict Authority has refused')

            signet.click('push button', 'Open', within=rows)
            signet.window('Your Digital ID')
            signet.says('Your digital ID is here')

    @in_desktop()
    def test_narrow(self):
        self.fill(WORK, HOME)
        with self.signet() as signet:
            signet.find('list item', 'Work')
            xdotool('windowsize', '--sync', xdotool('getactivewindow'), 360, 640)
            signet.gone('list item', 'Signing')
            self.keep_picture(signet, 'main-narrow-list')
            press('Delete')                     # of what? Nothing shows
            signet.click('list item', 'Work')
            signet.find('list item', 'Signing')
            self.assertEqual(len(signet.windows()), 1)
            press('Delete')
            signet.says('Remove “Work”?')
            press('Escape')
            signet.gone('label', 'Remove “Work”?')
            signet.gone('list item', 'Home')
            self.keep_picture(signet, 'main-narrow-page')
            signet.click('push button', 'Back')
            signet.click('list item', 'Home')
            signet.says('It runs out in 23 days.')
            self.keep_picture(signet, 'main-narrow-runs-out')
            press('alt+Left')
            signet.find('list item', 'Work')

    @in_desktop()
    def test_opens_by_content(self):
        """Whatever a file is called; and a file that is nothing of Signet's is no dead end."""
        folder = os.environ['HOME']
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', '/dev/null',
                        '-days', '30', '-subj', '/CN=Ada Example', '-out', f'{folder}/certificate.txt'],
                       check=True, stderr=subprocess.DEVNULL)
        subprocess.run(['openssl', 'x509', '-in', f'{folder}/certificate.txt', '-outform', 'DER',
                        '-out', f'{folder}/certificate.bin'], check=True)
        with open(f'{folder}/notes.txt', 'w', encoding='utf-8') as file:
            file.write('Milk, eggs, flour.\n')
        with open(f'{folder}/large.eml', 'wb') as file:
            file.truncate(1 << 40)
        with self.signet() as signet:
            for name in ('certificate.txt', 'certificate.bin'):
                self.open_file(f'{folder}/{name}')
                window = signet.window('Ada Example')
                self.assertEqual(about(signet.find('list item', 'Issued by', within=window)), 'Itself')
                press('Escape')
                signet.window_gone('Ada Example')
            for name in ('notes.txt', 'large.eml', 'missing.eml'):
                self.open_file(f'{folder}/{name}')
                signet.says(f'“{name}” could not be opened')
                press('Escape')
                signet.gone('label', f'“{name}” could not be opened')
            self.open_file('signet:invitation?key=SECRE-T0000-00000-00000-00000')
            signet.says('The link could not be opened')
            self.assertNotIn('SECRE', signet.tree())

    @in_desktop()
    def test_link_leaves_no_key_in_the_arguments(self):
        with self.signet('signet:invitation?key=SECRE-T0000-00000-00000-00000') as signet:
            signet.says('The link could not be opened')
            with open(f'/proc/{signet.process.pid}/cmdline', 'rb') as arguments:
                self.assertNotIn(b'SECRE', arguments.read())

    def call(self, method, *arguments):
        """As the desktop does, by the specification of .desktop files."""
        subprocess.run(['gdbus', 'call', '--session', '--dest', 'io.github.signetmail.Signet', '--object-path',
                        '/io/github/signetmail/Signet', '--method', f'org.freedesktop.Application.{method}',
                        *arguments], check=True, stdout=subprocess.DEVNULL, timeout=60)

    @in_desktop()
    def test_started_by_the_bus(self):
        """A notification outlives the program: pressed later, it starts it."""
        self.fill(READY)
        found = subprocess.run(['secret-tool', 'search', 'xdg:schema', 'io.github.signetmail.Pending'],
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True, timeout=60)
        request = re.search(rb'attribute\.id = (\w+)', found.stdout)[1].decode()
        with Program(program('signet'), '--gapplication-service', expect_window=False) as signet:
            subprocess.run(['gdbus', 'wait', '--session', '--timeout', '60', 'io.github.signetmail.Signet'], check=True)
            for _ in range(2):
                self.call('ActivateAction', 'open-pending', f'[<"{request}">]', '{}')
                signet.window('Your Digital ID')
                signet.says('Your digital ID is here')
            self.assertEqual(sorted(window.get_name() for window in signet.windows()), ['Signet', 'Your Digital ID'])

    @in_desktop()
    def test_keys(self):
        self.fill(HOME, WORK)
        with self.signet() as signet:
            signet.find('list item', 'Work')
            press('F10')
            until('the menu', lambda: signet.focused() and name_of(signet.focused()) == 'Back Up Keysets…')
            press('Escape')
            press('ctrl+question')
            signet.window('Keyboard Shortcuts')
            press('Escape')
            signet.window_gone('Keyboard Shortcuts')
            press('ctrl+n')
            signet.window('Get a Digital ID')
            press('Escape')
            signet.window_gone('Get a Digital ID')

            signet.window('Signet')
            signet.focus('list item', 'Home')
            press('Down')
            until('Work to be selected', lambda: has(signet.find('list item', 'Work'), State.SELECTED))
            signet.says('asa@example.org')
            press('ctrl+q')
            self.assertEqual(signet.wait(), 0)


if __name__ == '__main__':
    unittest.main(verbosity=2)
