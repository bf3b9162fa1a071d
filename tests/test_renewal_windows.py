#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Renewing and revoking through the windows, with a real authority: reminders, one click, what fails and goes on, a
keyset that renews itself, and what it looks like."""

import os
import re
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import pseudo_locale   # noqa: E402
from authority import DEADLINE, Authority, run_authority   # noqa: E402
from driver import State, has, press, until   # noqa: E402
from test_signetctl import PASSWORD, signetctl   # noqa: E402
from window_test import WindowTest, big_text_right_to_left, in_desktop   # noqa: E402


def serial(keyset):
    return next(i['serial'] for i in signetctl('show', keyset, '--json')['ids']
                if i['current'] and i['use'] == 'signing')


def menu(signet, item):
    signet.click('toggle button', 'More about this keyset')
    signet.click(None, item)


class RenewalWindowsTest(WindowTest):
    def authority(self):
        """One whose digital IDs last for twenty days."""
        return Authority(settings={'policy': {'encryption': 'P-256', 'lifetime-days': '20'},
                                   'limits': {'renewals-per-day': '50'}})

    def enroll(self, authority, keyset, level):
        address = f'{keyset.lower()}@example.org'
        signetctl('enroll', authority.invite(address), '--keyset', keyset)
        signetctl('fetch', '--wait', str(DEADLINE))
        pending = signetctl('pending', '--json')['pending'][0]['id']
        signetctl('open', pending, '--level', level, password=PASSWORD if level == 'high' else None)

    def last_longer(self, authority):
        authority.stop()
        authority.configure({'policy': {'lifetime-days': '730'}})
        authority.start()

    def show(self, signet, keyset):
        signet.click('list item', keyset)
        signet.find('list item', 'Signing')

    def assert_renewed(self, signet, keyset, former):
        signet.says(f'“{keyset}” is renewed')
        self.assertNotEqual(serial(keyset), former)

    @in_desktop()
    def test_story(self):
        with self.authority() as authority:
            self.enroll(authority, 'Work', 'low')
            self.enroll(authority, 'Safe', 'high')
            self.enroll(authority, 'Third', 'low')
            self.last_longer(authority)
            with self.signet() as signet:
                reminder = self.notifications.wait('The digital ID of “Safe” runs out')
                self.assertIn('It runs out in 19 days. Renew it in time.', reminder['body'])
                self.notifications.wait('The digital ID of “Work” runs out')
                other = self.notifications.wait('The digital ID of “Third” runs out')
                signetctl('renew', 'Third')
                self.notifications.wait_gone(other)
                self.renew_from_reminder(signet, reminder)
            shown = self.notifications.shown()

            with self.signet() as signet:
                self.show(signet, 'Work')
                signet.find('label', 'It runs out in 19 days. Renew it in time.')
                self.keep_picture(signet, 'renewal-reminder')
                former = serial('Work')
                signet.click('push button', 'Renew')
                self.assert_renewed(signet, 'Work', former)
                signet.gone('push button', 'Renew')
                signet.find('list item', 'Older keys')
                self.keep_picture(signet, 'renewal-done')
                self.assertEqual(self.notifications.shown(), shown)         # each once, also after a restart

                self.renew_unreachable(signet, authority)
                self.renew_by_itself(signet)
                self.revoke(signet, authority)

    def renew_from_reminder(self, signet, reminder):
        former = serial('Safe')
        action = next(action for action in reminder['actions'] if action.startswith('app.renew'))
        self.notifications.press(reminder, action)
        signet.type('password text', 'Password', PASSWORD)
        self.keep_picture(signet, 'renewal-password')
        press('Return')
        self.assert_renewed(signet, 'Safe', former)

    def renew_unreachable(self, signet, authority):
        authority.stop()
        former = serial('Work')
        menu(signet, 'Renew')
        signet.find('label', '“Work” is not renewed yet')
        signet.says(re.compile(r'Your digital ID works until .* Signet tries again at '))
        self.keep_picture(signet, 'renewal-unreachable')
        press('Escape')
        self.assertEqual(serial('Work'), former)
        authority.start()
        signet.click('push button', 'Check')
        until('the renewal goes on by itself', lambda: serial('Work') != former)
        signet.gone('push button', 'Check')
        signet.look('the newer keys', 15,
                    lambda: '2, for old mail' in signet.find('list item', 'Older keys').get_description())

    def renew_by_itself(self, signet):
        signet.click('list item', 'Renew by itself')
        until('it is stored', lambda: signetctl('show', 'Work', '--json')['renews-itself'])
        signet.look('the switch', 15,
                    lambda: has(signet.find('toggle button', 'Renew by itself'), State.CHECKED))

    def revoke(self, signet, authority):
        menu(signet, 'Revoke…')
        signet.window('Revoke Digital ID')
        self.keep_picture(signet, 'revoke')
        press('Escape')
        signet.window_gone('Revoke Digital ID')
        menu(signet, 'Revoke…')
        signet.click('radio button', 'I do not need it any more')
        signet.click('push button', 'Revoke Digital ID')
        signet.window_gone('Revoke Digital ID')
        signet.says('The digital ID of “Work” is revoked')
        self.assertIn('cessationOfOperation', run_authority('audit', authority.folder).stdout)
        self.assertFalse(signetctl('show', 'Work', '--json')['renews-itself'])
        menu(signet, 'Renew')
        signet.find('label', '“Work” was not renewed')
        press('Escape')

    @in_desktop()
    def test_by_itself(self):
        """Twenty days before its end, without a click."""
        with self.authority() as authority:
            self.enroll(authority, 'Work', 'medium')
            signetctl('renew', 'Work', '--automatic', 'on')
            former = serial('Work')
            self.last_longer(authority)
            with self.signet() as signet:
                until('it renews itself', lambda: serial('Work') != former)
                self.show(signet, 'Work')
                self.assertEqual(self.notifications.shown(), [])

    def look_at_all(self, name, words=str, **environment):
        with self.authority() as authority:
            self.enroll(authority, 'Work', 'low')
            with self.signet(**environment) as signet:
                self.show_any(signet, 'Work')
                self.keep_picture(signet, f'{name}-reminder')
                signet.click('toggle button', words('More about this keyset'))
                signet.click(None, words('Revoke…'))
                signet.window(words('Revoke Digital ID'))
                self.keep_picture(signet, f'{name}-revoke')

    def show_any(self, signet, keyset):
        signet.click('list item', keyset)
        signet.look('the page', 15, lambda: len(signet.find_all('list item')) > 2)

    @in_desktop(dark=True)
    def test_dark(self):
        self.look_at_all('renewal-dark')

    @in_desktop()
    def test_big_text_right_to_left(self):
        self.look_at_all('renewal-big-rtl', pseudo_locale.pseudo, **big_text_right_to_left())


if __name__ == '__main__':
    unittest.main()
