#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Kills the authority at each durable step, and at random moments under load, starts it again, and looks whether every
request has ended with one answer, one mail, and one certificate of each kind. Likewise `init` and `invite`."""

import http.client
import os
import random
import signal
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from authority import DEADLINE, Authority, run_authority, until   # noqa: E402
from authority_client import Invitation, Person, database   # noqa: E402

POINTS = ('authority:before-commit', 'authority:after-commit', 'authority:before-delivery', 'authority:after-delivery',
          'authority:after-delivery-commit', 'authority:before-confirm-commit', 'authority:after-confirm-commit')
BACKLOG_POINTS = ('backlog:before-commit', 'backlog:after-commit')


def counts(authority):
    """How often each request has what it must have once."""
    with database(authority) as rows:
        return rows.execute('SELECT request.id, (SELECT count(*) FROM certificate WHERE request = number),'
                            ' (SELECT count(DISTINCT purpose) FROM certificate WHERE request = number),'
                            ' (SELECT count(*) FROM archive JOIN certificate ON id = certificate'
                            '  WHERE request = number)'
                            ' FROM request').fetchall()


class Finished:
    """Somebody who does each step until it has worked, whatever the authority is going through."""

    def __init__(self, person):
        self.person = person

    def insist(self, what, step):
        def attempt():
            try:
                answer = step()
            except (OSError, http.client.HTTPException):
                return None
            assert answer[0] in (200, 202, 204, 503), answer
            return answer if answer[0] != 503 else None
        return until(what, attempt, DEADLINE * 2)

    def run(self):
        person = self.person
        self.insist('the request is taken in', person.post)
        answer = self.insist('the reply is there', lambda: self.reply())
        with open(person.file('reply.eml'), 'wb') as file:
            file.write(answer[2])
        person.open()
        self.insist('the confirmation is taken in', person.confirm)

    def reply(self):
        answer = self.person.get()
        return answer if answer[0] != 202 else (503, {}, b'')


class KillTest(unittest.TestCase):
    def assert_whole(self, authority, people):
        self.assertEqual(sorted(counts(authority)), sorted((person.id, 2, 2, 1) for person in people))
        for person in people:
            mail = authority.wait_for_mail(person.address)
            self.assertEqual(authority.mails(person.address), [mail])
            with open(mail, 'rb') as file:
                self.assertEqual(file.read(), person.read('reply.eml'))
        status = until('every mail is recorded',
                       lambda: (s := authority.status())['mail']['waiting'] == 0 and s)
        authority.run('audit', authority.folder, '--verify')
        made = status['requests']['confirmed'], status['certificates']['issued'], status['mail']['given-up']
        self.assertEqual(made, (len(people), 2 * len(people), 0))

    def test_each_step(self):
        authority = Authority(settings={'policy': {'encryption': 'P-256'}})
        self.addCleanup(authority.__exit__)
        people = []
        for number, point in enumerate(POINTS):
            with self.subTest(point=point):
                person = Person(authority, f'user{number}@example.org')
                people.append(person)
                authority.start(fault=point)
                finisher = threading.Thread(target=Finished(person).run)
                finisher.start()
                authority.wait_killed()
                authority.start()
                finisher.join()
                self.assert_whole(authority, people)
                authority.stop()

    def test_each_step_of_the_backlog(self):
        """Requests that wait for an RSA key: the first takes the only one, or none is there yet."""
        authority = Authority(settings={'policy': {'encryption': 'RSA-3072', 'key-pool': '1'}})
        self.addCleanup(authority.__exit__)
        people = []
        for number, point in enumerate(BACKLOG_POINTS):
            with self.subTest(point=point):
                fresh = [Person(authority, f'user{number}{letter}@example.org') for letter in 'abc']
                people += fresh
                authority.start(fault=point)
                finishers = [threading.Thread(target=Finished(person).run) for person in fresh]
                for finisher in finishers:
                    finisher.start()
                authority.wait_killed()
                authority.start()
                for finisher in finishers:
                    finisher.join()
                self.assert_whole(authority, people)
                authority.stop()

    def test_any_moment(self):
        """A dozen people at once, and the authority killed again and again in the middle."""
        authority = Authority(settings={'policy': {'encryption': 'P-256'}})
        self.addCleanup(authority.__exit__)
        people = [Person(authority, f'user{number}@example.org') for number in range(12)]
        finishers = [threading.Thread(target=Finished(person).run) for person in people]
        pause = random.Random(0)
        authority.start()
        for finisher in finishers:
            finisher.start()
        for _ in range(6):
            time.sleep(pause.uniform(0.02, 0.15))       # not to wait for something, but to kill at any moment
            authority.kill()
            authority.start()
        for finisher in finishers:
            finisher.join()
        self.assert_whole(authority, people)

    def test_a_mail_that_was_read_is_not_delivered_again(self):
        """Killed between the delivery and its record, and the user's mail program is quick."""
        authority = Authority(settings={'policy': {'encryption': 'P-256'}})
        self.addCleanup(authority.__exit__)
        person = Person(authority, 'asa@example.org')
        authority.start(fault='authority:after-delivery')
        try:
            person.post()
        except OSError:
            pass
        authority.wait_killed()
        mail = authority.wait_for_mail(person.address)
        os.rename(mail, mail.replace('/new/', '/cur/') + ':2,S')
        authority.start()
        until('the delivery is recorded', lambda: authority.status()['mail']['waiting'] == 0)
        self.assertEqual(authority.mails(person.address), [])

    def run_with_fault(self, point, *arguments, passwords=()):
        done = run_authority(*arguments, passwords=passwords, check=False, fault=point)
        self.assertEqual(done.returncode, -signal.SIGKILL, done.stderr)
        return done.stdout

    def test_init(self):
        """A killed init leaves nothing that is in the way of the next, or a whole authority."""
        authority = Authority()
        self.addCleanup(authority.__exit__)
        for point, whole in (('init:before-rename', False), ('init:after-rename', True)):
            with self.subTest(point=point):
                folder = f'{authority.folder}-{whole}'
                arguments = ['init', folder, '--name', 'Another', '--domain', 'example.org', '--officer', 'Anna']
                passwords = authority.officers.values()
                self.run_with_fault(point, *arguments, passwords=passwords)
                self.assertEqual(os.path.exists(folder), whole)
                again = authority.run(*arguments, check=False, passwords=passwords)
                self.assertEqual(again.returncode, 5 if whole else 0, again.stderr)
                self.assertFalse(os.path.exists(f'{folder}.tmp'))
                authority.run('status', folder)

    def test_invite(self):
        authority = Authority()
        self.addCleanup(authority.__exit__)
        first = Invitation(authority, 'asa@example.org')
        self.run_with_fault('invite:before-commit', 'invite', authority.folder, 'asa@example.org')
        self.assertEqual(authority.status()['invitations'], {'open': 1, 'used': 0, 'expired': 0})
        authority.start()
        Person(authority, 'asa@example.org', first).enroll()


if __name__ == '__main__':
    unittest.main()
