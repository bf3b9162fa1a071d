#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""./dev run: the first enrollment, to do by hand or to watch.

    tests/first_enrollment.py [DIR]

Starts an authority, in DIR if that is given (and goes on with the one that is there), else in a folder that is thrown
away; invites a user; and opens Signet with the invitation. With no display it does that in a virtual one, plays the
user up to the working keyset, and leaves a picture of each window in the build folder.
"""

import getpass
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from authority import Authority, build_root, program, show_icons_of_the_source_tree   # noqa: E402
from desktop import Desktop   # noqa: E402


def say(text):
    print(text, flush=True)


class KeptAuthority(Authority):
    """An authority in a folder that stays: made at the first time, served again at the next."""

    def __init__(self, folder):
        if os.path.exists(os.path.join(folder, 'authority.conf')):
            self.top, self.folder, self.process = None, os.path.abspath(folder), None
        else:
            super().__init__(folder=os.path.abspath(folder), officers=('Anna', 'Berit', 'Carl'))
            say('Any two of its officers can recover the keys of a user. Their passwords, shown only now:')
            for officer, password in self.officers.items():
                say(f'  {officer}  {password}')


def by_hand(authority, address):
    """Opens Signet on the display of whoever called; returns when it is closed."""
    invitation = authority.invite(address)
    say(f'The authority keeps everything in {authority.folder}.')
    say(f'You are {address}, and this is your invitation: {invitation}')
    say(f'The reply will be in {authority.folder}/mail/{address}; Signet also fetches it by itself.')
    say('Signet opens with the invitation. Close it to end.')
    return subprocess.run([program('signet'), invitation], check=False).returncode


def in_a_virtual_display(authority, address):
    pictures = os.path.join(build_root(), 'pictures')
    say('There is no display: the first enrollment plays in a virtual one.')
    with Desktop():
        from notifications import Notifications     # what they need is nothing for the other way
        from story import Story
        show_icons_of_the_source_tree()
        with Notifications():
            Story(authority, pictures, say).play(address)
    say(f'The pictures are in {pictures}')
    return 0


def main():
    if len(sys.argv) > 2 or sys.argv[1:2] == ['--help']:
        sys.exit(__doc__)
    with KeptAuthority(sys.argv[1]) if len(sys.argv) == 2 else Authority() as authority:
        if os.environ.get('DISPLAY') or os.environ.get('WAYLAND_DISPLAY'):
            show_icons_of_the_source_tree()
            return by_hand(authority, f'{getpass.getuser()}@example.org')
        return in_a_virtual_display(authority, 'asa@example.org')


if __name__ == '__main__':
    sys.exit(main())
