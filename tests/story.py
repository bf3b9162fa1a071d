# SPDX-License-Identifier: LGPL-2.1-or-later
"""The first enrollment, played as a person does it in front of the windows, inside a Desktop: for ./dev run and the
tests.

    Story(authority, pictures='…/pictures', say=print).play('asa@example.org')
"""

import os
import subprocess

from authority import program
from driver import Program, press

PASSWORD = 'five quiet geese by the pond'


def open_with_signet(path):
    """As a mail program does: a second Signet hands the file to the one that runs, and ends."""
    subprocess.run([program('signet'), path], check=True, timeout=60)


class Story:
    """Each step says what it does and takes a picture, in which everything that can be pressed must have a name."""

    def __init__(self, authority, pictures, say=lambda text: None, environment=None):
        self.authority = authority
        self.pictures = pictures
        self.say = say
        self.environment = environment
        self.taken = 0

    def picture(self, signet, name, text):
        self.taken += 1
        signet.picture(os.path.join(self.pictures, f'{self.taken:02}-{name}.png'))
        self.say(f'{self.taken:2}  {text}')
        nameless = signet.audit()
        assert not nameless, '\n'.join(['without a name:', *nameless])

    def enroll(self, signet):
        signet.window('Get a Digital ID')
        signet.find('text', 'Keyset name')
        self.picture(signet, 'organization', 'The invitation says whom to trust; nothing has been sent.')
        signet.type('text', 'Keyset name', 'Work')
        signet.click('push button', 'Send Request')
        signet.says('Request sent')
        self.picture(signet, 'request-sent', 'The request is on its way, over HTTPS that the invitation pins.')
        signet.click('push button', 'Done')
        signet.window_gone('Get a Digital ID')
        signet.find('list box', 'Requests')
        self.picture(signet, 'pending', 'The request waits on top of the list, and would survive a crash.')

    def open_reply(self, signet):
        signet.window('Your Digital ID')
        signet.says('Your digital ID is here')
        self.picture(signet, 'reply', 'The reply: from whom, for whom, and what it brings.')
        signet.click('push button', 'Continue')
        signet.says('How should this ID be protected?')
        self.picture(signet, 'level', 'High, Medium or Low? High.')
        signet.click('push button', 'Continue')
        signet.type('password text', 'Password', PASSWORD)
        signet.type('password text', 'Confirm', PASSWORD)
        self.picture(signet, 'password', 'A new password for the keyset.')
        signet.click('push button', 'Save Digital ID')
        signet.says('Your digital ID is ready')
        self.picture(signet, 'ready', 'The keyset lies in the Secret Service.')
        signet.click('push button', 'Done')
        signet.window_gone('Your Digital ID')

    def look_at_keyset(self, signet):
        signet.window('Signet')
        signet.find('list item', 'Work')
        signet.says('asa@example.org')
        signet.gone('list box', 'Requests')
        self.picture(signet, 'keyset', 'The main window with the new keyset.')
        signet.click('list item', 'Signing')
        signet.window('asa@example.org')
        self.picture(signet, 'certificate', 'Its certificate for signing, …')
        signet.click('list item', 'Details')
        signet.says('Serial Number')
        self.picture(signet, 'details', '… and every detail of it.')
        press('Escape')
        signet.window_gone('asa@example.org')

    def play(self, address):
        invitation = self.authority.invite(address)
        self.say(f'    signet-authority invites {address}.')
        with Program(program('signet'), invitation, env=self.environment) as signet:
            self.enroll(signet)
            mail = self.authority.wait_for_mail(address)
            self.say(f'    The authority has mailed its reply: {os.path.basename(mail)}')
            open_with_signet(mail)
            self.open_reply(signet)
            self.look_at_keyset(signet)
            press('ctrl+q')
            assert signet.wait() == 0
