# SPDX-License-Identifier: LGPL-2.1-or-later
"""What programs in a Desktop notify of, and a finger to press it (see notification_service.py).

    with Notifications() as notifications:
        notifications.press(notifications.wait('Your digital ID is here'))
"""

import json
import os
import subprocess

from desktop import DEADLINE, until


class Notifications:
    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def shown(self):
        """What has not been taken back, oldest first: dicts with id, program, summary, body and actions."""
        shown = {}
        try:
            with open(os.path.join(os.environ['SIGNET_DESKTOP'], 'notifications'), encoding='utf-8') as file:
                for event in map(json.loads, file):
                    shown.pop(event['id'], None)
                    if 'closed' not in event:
                        shown[event['id']] = event
        except FileNotFoundError:
            pass
        return list(shown.values())

    def wait(self, summary):
        """The notification with this summary, once it shows."""
        return until(f'a notification {summary!r}', lambda: next(
            (notification for notification in self.shown() if notification['summary'] == summary), None))

    def wait_gone(self, notification):
        until(f'the notification {notification["summary"]!r} to go',
              lambda: all(shown['id'] != notification['id'] for shown in self.shown()))

    @staticmethod
    def press(notification, action='default'):
        """Presses the notification, or the button of one of its actions."""
        subprocess.run(['gdbus', 'call', '--session', '--dest', 'org.freedesktop.Notifications', '--object-path',
                        '/org/freedesktop/Notifications', '--method', 'io.github.signetmail.Signet.Tests.Press',
                        str(notification['id']), action], check=True, stdout=subprocess.DEVNULL, timeout=DEADLINE)
