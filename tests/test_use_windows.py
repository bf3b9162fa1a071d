#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A mail program uses a keyset: what the user is asked, and what comes of each answer; with a real gnome-keyring."""

import os
import re
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from authority import build_root   # noqa: E402
from driver import Atspi, Program, State, has, press   # noqa: E402
from test_signetctl import PASSWORD, signetctl   # noqa: E402
from window_test import WindowTest, big_text_right_to_left, in_desktop   # noqa: E402

WORK = 'keyset|Work|high|asa@example.org|700|2'     # under PASSWORD; four keys
HOME = 'keyset|Home|medium|asa@home.example|23|0'   # two keys
PROGRAM = os.path.join(build_root(), 'tests', 'mail-program')
CANCELLED = 'It was not allowed. Nothing was done.'


class UseWindowsTest(WindowTest):
    def start(self, *items, **environment):
        self.fill(*items)
        program = Program(PROGRAM, env=environment)
        program.find('list item', re.compile('Work|Home'))
        program.window('Heron Mail')
        return program

    def want(self, program, button):
        """Presses a button of the mail program."""
        program.click('push button', button, within=self.mail(program))

    def want_below(self, program, button):
        """The same under a question, which keeps the pointer away."""
        Atspi.Action.do_action(program.find('push button', button, within=self.mail(program)), 0)

    def mail(self, program):
        return program.look('the mail program', 15, lambda: next(
            window for window in program.windows() if window.get_name() == 'Heron Mail'))

    def refuse(self, program):
        press('Return')
        program.look('the refusal', 15, lambda: program.find('password text', 'Password').get_description() ==
                     'That is not the password of “Work”.')
        program.look('the keyboard on the password', 15,
                     lambda: has(program.find('password text', 'Password'), State.FOCUSED))

    @in_desktop()
    def test_high(self):
        with self.start(WORK) as program:
            self.want(program, 'Open')
            program.window('Open mail with “Work”')
            program.says('Heron Mail wants to open a message with “Work”.')
            self.assertTrue(has(program.find('password text', 'Password'), State.FOCUSED))
            self.assertFalse(program.find_all('check box'))
            self.keep_picture(program, 'use-high')
            press('Escape')
            program.says(f'Open: {CANCELLED}')

            self.want(program, 'Sign')
            program.window('Sign with “Work”')
            program.type('password text', 'Password', 'wrong')
            self.refuse(program)
            self.keep_picture(program, 'use-high-wrong')
            program.type('password text', 'Password', PASSWORD)
            press('Return')
            program.says('Sign: 4 keys')
            program.window_gone('Sign with “Work”')

            # Not in between, and not at once: the third wrong one has to wait.
            self.want(program, 'Test')
            program.window('Test “Work”')
            for wrong in ('wrong', 'worse', 'worst'):
                program.type('password text', 'Password', wrong)
                self.refuse(program)
            program.says(re.compile('^After wrong passwords Signet waits: try again in [1-5] seconds?.$'))
            self.assertFalse(has(program.find('push button', 'Test', within=program.window('Test “Work”')),
                                 State.SENSITIVE))
            self.keep_picture(program, 'use-high-pause')
            program.click('push button', 'Forgot the password?')
            program.says('Ask your administrator to recover your keys')
            self.keep_picture(program, 'use-high-forgot')
            press('alt+Left')
            program.type('password text', 'Password', PASSWORD)
            program.look('the end of the pause', 15, lambda: has(
                program.find('push button', 'Test', within=program.window('Test “Work”')), State.SENSITIVE))
            press('Return')
            program.says('Test: 4 keys')

            # A second question waits for the first.
            self.want(program, 'Renew')
            program.window('Renew “Work”')
            self.want_below(program, 'Open')
            program.click('push button', 'Cancel')
            program.says(f'Renew: {CANCELLED}')
            program.window('Open mail with “Work”')
            self.assertEqual(len(program.windows()), 3)
            # The mail program needs it no longer.
            self.want_below(program, 'Give up')
            program.window_gone('Open mail with “Work”')
            self.assertEqual(program.find_all('label', re.compile('Open: 4 keys')), [])

    @in_desktop()
    def test_medium(self):
        with self.start(HOME) as program:
            for answer, said in (('Deny', CANCELLED), ('Allow', '2 keys')):
                self.want(program, 'Sign')
                program.says('Allow this use?')
                program.says('Heron Mail wants to sign a message with “Home”.')
                self.keep_picture(program, 'use-medium')
                program.click('push button', answer)
                program.says(f'Sign: {said}')
            for button, key in (('Export', 'Return'), ('Open', 'Escape')):
                self.want(program, button)
                program.says('Allow this use?')
                program.window('')
                press(key)
                program.says(f'{button}: {CANCELLED}')
            signetctl('level', 'Home', 'low')
            program.find('label', 'Low')
            self.want(program, 'Revoke')
            program.says('Revoke: 2 keys')

    def look_at_all(self, name, **environment):
        with self.start(WORK, **environment) as program:
            self.want(program, 'Export')
            program.find('password text')
            self.keep_picture(program, f'use-high-{name}')
            press('Escape')
            program.says('Export: ')

    @in_desktop(dark=True)
    def test_dark(self):
        self.look_at_all('dark')

    @in_desktop()
    def test_big_text_right_to_left(self):
        self.look_at_all('big-rtl', **big_text_right_to_left())


if __name__ == '__main__':
    unittest.main()
