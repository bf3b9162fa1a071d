#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The password of a keyset is remembered for a while, and forgotten as soon as there is a reason to; with a real
gnome-keyring, a mocked logind and a mocked desktop. What is remembered is looked for in the program's memory."""

import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from authority import build_root   # noqa: E402
from driver import Atspi, Program, State, has, place, press, until   # noqa: E402
from session_services import OTHERS, Services   # noqa: E402
from test_signetctl import PASSWORD, signetctl   # noqa: E402
from window_test import WindowTest, big_text_right_to_left, in_desktop   # noqa: E402

WORK = 'keyset|Work|high|asa@example.org|700|2'     # under PASSWORD; four keys
NEW = 'a heron stands on one leg'
PROGRAM = os.path.join(build_root(), 'tests', 'mail-program')
TOOL = os.path.join(build_root(), 'tests', 'store-tool')
SHORTEST = 8
LARGEST_MAPPING = 1 << 30       # what is larger is a sanitizer's book-keeping


def sealing_key(name, password=PASSWORD):
    """What the password of the keyset is made into, of the keyset as it is stored now."""
    done = subprocess.run([TOOL, 'key', name], input=password, stdout=subprocess.PIPE, text=True, check=True,
                          timeout=60)
    key = bytes.fromhex(done.stdout)
    assert len(key) == 32
    return key


def count_in_memory(pid, wanted):
    """How often these bytes are found in what the process could write to."""
    assert len(wanted) >= SHORTEST
    found = 0
    with open(f'/proc/{pid}/maps', encoding='utf-8') as maps, open(f'/proc/{pid}/mem', 'rb', 0) as memory:
        for line in maps:
            ends, access = line.split()[:2]
            start_of, end_of = (int(number, 16) for number in ends.split('-'))
            if not access.startswith('rw') or end_of - start_of > LARGEST_MAPPING:
                continue
            try:
                memory.seek(start_of)
                found += memory.read(end_of - start_of).count(wanted)
            except (OSError, ValueError):       # gone meanwhile, or of a device
                pass
    return found


class RememberWindowsTest(WindowTest):
    def start(self, *items, **environment):
        self.fill(*items)
        program = Program(PROGRAM, env=environment)
        program.click('list item', 'Work')
        program.find('list item', 'Remember the password')
        return program

    def in_memory(self, program, wanted):
        return count_in_memory(program.process.pid, wanted)

    def want(self, program, button):
        mail = program.look('the mail program', 15, lambda: next(
            window for window in program.windows() if window.get_name() == 'Heron Mail'))
        program.click('push button', button, within=mail)

    def lines(self, program):
        mail = next(window for window in program.windows() if window.get_name() == 'Heron Mail')
        return program.find_all('label', None, within=mail)[-1].get_name().splitlines()

    def uses_silently(self, program, button):
        before = len(self.lines(program))
        self.want(program, button)
        program.look('the keys', 15, lambda: len(self.lines(program)) == before + 1)
        self.assertEqual(self.lines(program)[-1], f'{button}: 4 keys')

    def asks(self, program, button):
        self.want(program, button)
        program.find('password text', 'Password')

    def remember(self, program, password=PASSWORD):
        """Uses the keyset, and has the password remembered."""
        before = len(self.lines(program))
        self.asks(program, 'Open')
        box = program.find('check box', 'Remember for 10 minutes')
        self.assertFalse(has(box, State.CHECKED))
        program.type('password text', 'Password', password)
        self.assertGreaterEqual(self.in_memory(program, password.encode()), 1)
        program.click_node(box)
        program.look('the tick', 15, lambda: has(box, State.CHECKED))
        program.focus('password text', 'Password')
        press('Return')
        program.look('the keys', 15, lambda: len(self.lines(program)) == before + 1)
        self.assertEqual(self.lines(program)[-1], 'Open: 4 keys')
        program.find('list item', 'Forget Now')

    def assert_forgets(self, program, key, end):
        """It is there, and after this it is not."""
        self.assertGreaterEqual(self.in_memory(program, key), 1)
        end()
        until(f'{end} to have it forgotten', lambda: self.in_memory(program, key) == 0)
        program.gone('list item', 'Forget Now')

    def allow(self, program):
        program.click('list item', 'Remember the password')
        window = program.window('Remember the Password')
        self.assertEqual(program.find('push button', 'Apply').get_description(), 'This is how it is now.')
        program.click('radio button', '10 minutes')
        program.type('password text', 'Password', PASSWORD)
        self.keep_picture(program, 'remember-window')
        press('Return')
        program.look('the window to close', 15, lambda: window not in program.windows())
        program.find('label', '10 minutes')

    @in_desktop()
    def test_story(self):
        with Services() as services, self.start(WORK) as program:
            self.asks(program, 'Open')
            self.assertFalse(program.find_all('check box'))
            press('Escape')
            self.allow(program)
            key = sealing_key('Work')
            self.assertEqual(self.in_memory(program, key), 0)
            self.assertEqual(services.inhibitors(), [])

            self.remember(program)
            program.look('how long it is remembered', 15, lambda: program.find(
                'list item', 'Forget Now').get_description() == 'Remembered for 10 more minutes')
            self.uses_silently(program, 'Sign')
            self.uses_silently(program, 'Renew')
            self.assertEqual(self.in_memory(program, key), 1)
            self.assertEqual(self.in_memory(program, PASSWORD.encode()), 0)
            until('a delay before the next suspend', lambda: services.inhibitors() == [('sleep', 'Signet', 'delay')])
            program.click('list item', 'Work')
            self.keep_picture(program, 'remember-remembered')
            self.asks(program, 'Export')
            self.assertFalse(program.find_all('check box'))
            press('Escape')

            # What is no reason.
            services.lock_session(OTHERS)
            services.hint_lock(OTHERS)
            services.end_session(OTHERS)
            services.sleep(False)
            services.lock_screen(False)
            self.uses_silently(program, 'Test')

            self.assert_forgets(program, key, lambda: program.click('list item', 'Forget Now'))
            until('no delay any more', lambda: services.inhibitors() == [])
            self.asks(program, 'Sign')
            press('Escape')
            for end in (services.lock_session, services.sleep, services.lock_screen, services.log_out):
                self.remember(program)
                self.assert_forgets(program, key, end)
            self.assertEqual(services.inhibitors(), [])

            # Another program changes the password.
            self.remember(program)
            self.assert_forgets(program, key, lambda: signetctl('password', 'Work', password=f'{PASSWORD}\n{NEW}'))
            self.asks(program, 'Sign')
            program.type('password text', 'Password', PASSWORD)
            press('Return')
            program.look('the refusal', 15, lambda: program.find('password text', 'Password').get_description() ==
                         'That is not the password of “Work”.')
            press('Escape')
            self.remember(program, NEW)
            self.assert_forgets(program, sealing_key('Work', NEW), services.end_system_bus)

    def look_at_all(self, name, **environment):
        self.fill(WORK)
        signetctl('remember', 'Work', '10', password=PASSWORD)
        with Program(PROGRAM, env=environment) as program:
            program.click('list item', 'Work')
            mail = program.look('the mail program', 15, lambda: next(
                window for window in program.windows() if window.get_name() == 'Heron Mail'))
            program.click('push button', 'Open', within=mail)
            entry = program.find('password text')
            self.keep_picture(program, f'remember-offer-{name}')
            pane, box = place(program.find('scroll pane')), place(program.find('check box'))
            self.assertLessEqual(box[1] + box[3], pane[1] + pane[3])         # all of it shows without scrolling
            program.click('check box')
            program.focus('password text', None)
            program.set_text('password text', None, PASSWORD)
            press('Return')
            program.look('the window to close', 15, lambda: entry not in program.find_all('password text'))
            program.says('Open: 4 keys')
            program.click('list item', 'Work')
            self.keep_picture(program, f'remember-row-{name}')
            Atspi.Component.grab_focus(program.find_all('list item')[3])
            press('Return')
            program.look('the choices', 15, lambda: any(has(button, State.FOCUSED, State.CHECKED)
                                                        for button in program.find_all('radio button')))
            self.keep_picture(program, f'remember-window-{name}')

    @in_desktop(dark=True)
    def test_dark(self):
        self.look_at_all('dark')

    @in_desktop()
    def test_big_text_right_to_left(self):
        self.look_at_all('big-rtl', **big_text_right_to_left())


if __name__ == '__main__':
    unittest.main()
