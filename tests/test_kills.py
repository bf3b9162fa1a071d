#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Kills the client, and the authority, at each durable step of an enrollment; starts it again; and looks whether the
enrollment ends with one key pair, one certificate each, and nothing left over. The steps are read from the sources, so
that a new one is tried without anybody thinking of it."""

import glob
import os
import re
import signal
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from authority import DEADLINE, Authority, until   # noqa: E402
from desktop import Desktop   # noqa: E402
from test_signetctl import PASSWORD, signetctl   # noqa: E402

SOURCES = os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(__file__))), 'src')


def fault_points(folder, files='*.c'):
    """Those of an enrollment with an invitation, without what other requests have beside them."""
    others = 'renewal', 'revocation', 'file-request'
    return [p for p in all_fault_points(folder, files) if not any(other in p for other in others)]


def all_fault_points(folder, files='*.c'):
    found = set()
    for path in glob.glob(os.path.join(SOURCES, folder, files)):
        with open(path, encoding='utf-8') as file:
            found.update(re.findall(r'signet_fault_point \("([^"]+)"\)', file.read()))
    assert found, f'no fault points in {folder}'
    return sorted(found)


def pending_of(keyset):
    return [p for p in signetctl('pending', '--json')['pending'] if p['keyset'] == keyset]


def keysets_named(name):
    return [k for k in signetctl('list', '--json')['keysets'] if k['name'] == name]


class KillsTest(unittest.TestCase):
    def setUp(self):
        self.desktop = Desktop(display=False)
        self.desktop.__enter__()
        self.addCleanup(self.desktop.__exit__)
        self.authority = Authority(settings={'policy': {'encryption': 'P-256'}})
        self.authority.start()
        self.addCleanup(self.authority.__exit__)

    def finish(self, address, keyset, invitation):
        """What a person does after a crash: looks what is there, and goes on."""
        if not pending_of(keyset) and not keysets_named(keyset):
            signetctl('enroll', invitation, '--keyset', keyset)
        signetctl('fetch', '--wait', str(DEADLINE))
        for pending in pending_of(keyset):
            if pending['state'] == 'ready':
                signetctl('open', pending['id'], password=PASSWORD)
        signetctl('fetch')
        self.assertEqual(pending_of(keyset), [])

        made = keysets_named(keyset)
        self.assertEqual(len(made), 1)
        self.assertEqual([(i['use'], i['current']) for i in made[0]['ids']], [('signing', True), ('encryption', True)])
        mail = self.authority.wait_for_mail(address)
        self.assertEqual(self.authority.mails(address), [mail])
        signetctl('open', mail, password=PASSWORD, status=9)

    def assert_issued(self, people):
        """Each person has one certificate for signing and one for encryption, and every reply is confirmed."""
        status = self.authority.status()
        self.assertEqual(status['certificates']['issued'], 2 * people, status)
        self.assertEqual(status['requests']['confirmed'], people, status)

    def test_client(self):
        points = fault_points('enroll')
        for number, point in enumerate(points):
            with self.subTest(point=point):
                address, keyset = f'user{number}@example.org', f'Keyset {number}'
                invitation = self.authority.invite(address)
                self.assertTrue(self.run_into(point, address, keyset, invitation), 'the point was never reached')
                self.finish(address, keyset, invitation)
        self.assert_issued(len(points))

    def run_into(self, point, address, keyset, invitation):
        """Goes through an enrollment until the fault point kills a step of it."""
        environment = {'SIGNET_FAULT': point}
        steps = (lambda: ('enroll', invitation, '--keyset', keyset),
                 lambda: ('fetch', '--wait', str(DEADLINE)),
                 lambda: ('open', pending_of(keyset)[0]['id']))
        for step in steps:
            arguments = step()
            password = PASSWORD if arguments[0] == 'open' else None
            output = signetctl_until_killed(arguments, password, environment)
            if output is None:
                return True
        return False

    def test_authority(self):
        points = fault_points('authority')
        people = 0
        for number, point in enumerate(points):
            if not point.startswith('authority:'):
                continue
            with self.subTest(point=point):
                address, keyset = f'user{number}@example.org', f'Keyset {number}'
                people += 1
                invitation = self.authority.invite(address)
                self.authority.stop()
                self.authority.start(fault=point)
                self.enroll_into_fault(address, keyset, invitation)
                self.authority.wait_killed()
                self.authority.start()
                self.finish(address, keyset, invitation)
        self.assert_issued(people)

    def enroll_into_fault(self, address, keyset, invitation):
        """The client's whole enrollment, whatever the authority is in the middle of."""
        process = self.authority.process
        signetctl('enroll', invitation, '--keyset', keyset, status=None)
        if process.poll() is None:
            signetctl('fetch', '--wait', '3', status=None)
        for pending in pending_of(keyset):
            if pending['state'] == 'ready' and process.poll() is None:
                signetctl('open', pending['id'], password=PASSWORD, status=None)
        until('the authority is killed', lambda: process.poll() is not None)


def signetctl_until_killed(arguments, password, environment):
    """Its output; None when the fault point has killed it."""
    try:
        return signetctl(*arguments, password=password, environment=environment)
    except AssertionError as error:
        if f'status {-signal.SIGKILL},' in str(error):
            return None
        raise


if __name__ == '__main__':
    unittest.main()
