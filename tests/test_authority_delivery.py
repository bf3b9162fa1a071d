#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""How replies are mailed: into a Maildir, by a sendmail program, and by SMTP to a mail server, with and without TLS and
a user; and what happens when that fails."""

import json
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from authority import Authority, until   # noqa: E402
from authority_client import Person, database   # noqa: E402
from authority_mail_server import MailServer, unused_url   # noqa: E402

ADDRESS = 'asa.o-neil+x@example.org'
SENDMAIL = '''#!/usr/bin/python3
import json, os, sys
folder = os.path.dirname(os.path.realpath(__file__))
if os.path.exists(os.path.join(folder, 'fail')):
    os.unlink(os.path.join(folder, 'fail'))
    sys.exit('The queue is full.\\nMore of it.')
with open(os.path.join(folder, 'sent'), 'a') as file:
    json.dump({'arguments': sys.argv[1:], 'message': sys.stdin.buffer.read().decode()}, file)
    file.write('\\n')
'''


def certificate(folder, name):
    """A certificate for localhost that nobody vouches for but itself: its files."""
    chain, key = os.path.join(folder, f'{name}.pem'), os.path.join(folder, f'{name}.key')
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes',
                    '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2',
                    '-keyout', key, '-out', chain], check=True, stderr=subprocess.DEVNULL)
    return chain, key


class DeliveryTest(unittest.TestCase):
    def start(self, **delivery):
        authority = Authority(settings={'policy': {'encryption': 'P-256'}, 'delivery': delivery})
        self.addCleanup(authority.__exit__)
        authority.start()
        return authority

    def enroll(self, authority, address=ADDRESS):
        """Somebody who has fetched the reply: mail may fail, this never does."""
        person = Person(authority, address)
        self.assertEqual(person.post()[0], 202)
        person.wait_for_reply()
        person.open()
        return person

    def wait_for_failure(self, authority):
        return until('a failure is to be seen', lambda: authority.status()['mail'].get('failure'))

    def try_again(self, authority):
        """As if the time until the next try had passed."""
        with database(authority) as rows:
            rows.execute('UPDATE request SET due = 1 WHERE delivery = 1')
        authority.stop()
        authority.start()

    def assert_delivered(self, authority):
        mail = until('it is recorded', lambda: (m := authority.status()['mail'])['waiting'] == 0 and m)
        self.assertEqual(mail, {'waiting': 0, 'failing': 0, 'given-up': 0})

    # --- Maildir ---

    def test_maildir(self):
        folder = None
        authority = Authority(settings={'policy': {'encryption': 'P-256'}})
        self.addCleanup(authority.__exit__)
        folder = os.path.join(authority.top, 'mail of {address}', 'Maildir')
        authority.configure({'delivery': {'maildir': folder}})
        authority.start()
        person = self.enroll(authority)
        top = folder.replace('{address}', ADDRESS)
        names = until('the mail', lambda: os.path.isdir(f'{top}/new') and os.listdir(f'{top}/new'))
        self.assertEqual(len(names), 1)
        with open(f'{top}/new/{names[0]}', 'rb') as file:
            self.assertEqual(file.read(), person.read('reply.eml'))
        self.assertEqual((os.listdir(f'{top}/cur'), os.listdir(f'{top}/tmp')), ([], []))
        self.assertNotIn(':', names[0])
        self.assert_delivered(authority)

    def test_maildir_that_cannot_be_written(self):
        authority = self.start(maildir='/proc/no/such/{address}')
        self.enroll(authority)
        self.assertIn('/proc/no/such', self.wait_for_failure(authority))
        self.assertEqual(authority.status()['mail']['failing'], 1)
        authority.configure({'delivery': {'maildir': os.path.join(authority.top, '{address}')}})
        self.try_again(authority)
        until('the mail', lambda: os.path.isdir(f'{authority.top}/{ADDRESS}/new') and
              os.listdir(f'{authority.top}/{ADDRESS}/new'))
        self.assert_delivered(authority)

    def test_none(self):
        authority = self.start(method='none')
        self.enroll(authority)
        self.assert_delivered(authority)
        self.assertFalse(os.path.exists(os.path.join(authority.folder, 'mail')))

    # --- sendmail ---

    def sendmail(self):
        authority = Authority(settings={'policy': {'encryption': 'P-256'}})
        self.addCleanup(authority.__exit__)
        program = os.path.join(authority.top, 'sendmail')
        with open(program, 'w', encoding='utf-8') as file:
            file.write(SENDMAIL)
        os.chmod(program, 0o755)
        authority.configure({'delivery': {'method': 'sendmail', 'sendmail': program, 'from': 'ca@example.org'}})
        authority.start()
        return authority, os.path.join(authority.top, 'sent')

    def read_sent(self, path):
        until('it is sent', lambda: os.path.exists(path) and os.path.getsize(path))
        with open(path, encoding='utf-8') as file:
            return [json.loads(line) for line in file]

    def test_sendmail(self):
        authority, sent = self.sendmail()
        person = self.enroll(authority)
        self.assert_delivered(authority)
        self.assertEqual(self.read_sent(sent), [{'arguments': ['-oi', '-f', 'ca@example.org', '--', ADDRESS],
                                                 'message': person.read('reply.eml').decode()}])

    def test_sendmail_that_fails(self):
        """It is tried again by itself a few seconds later."""
        authority, sent = self.sendmail()
        open(os.path.join(authority.top, 'fail'), 'w', encoding='ascii').close()
        self.enroll(authority)
        self.assertTrue(self.wait_for_failure(authority).endswith('The queue is full.'))
        self.assertEqual(len(self.read_sent(sent)), 1)
        self.assert_delivered(authority)

    def test_sendmail_that_is_not_there(self):
        authority = self.start(method='sendmail', sendmail='/no/such/sendmail')
        self.enroll(authority)
        self.assertIn('/no/such/sendmail', self.wait_for_failure(authority))

    def test_giving_up(self):
        """When the reply would have expired before the next try."""
        authority = self.start(method='sendmail', sendmail='/no/such/sendmail')
        person = self.enroll(authority)
        self.wait_for_failure(authority)
        with database(authority) as rows:
            rows.execute("UPDATE request SET expires = unixepoch() + 10, attempts = 9 WHERE id = ?", (person.id,))
        self.try_again(authority)
        mail = until('it is given up', lambda: (m := authority.status()['mail'])['given-up'] and m)
        self.assertEqual((mail['waiting'], mail['given-up']), (0, 1))
        self.assertIn('given up', authority.run('status', authority.folder).stdout)

    # --- SMTP ---

    def test_smtp(self):
        with MailServer() as server:
            authority = self.start(method='smtp', smtp=server.url)
            people = [self.enroll(authority, f'user{number}@example.org') for number in range(3)]
            until('three mails', lambda: len(server.mails) == 3)
            self.assert_delivered(authority)
            expected = [('authority@example.org', person.address, person.read('reply.eml')) for person in people]
            self.assertEqual(sorted(server.mails), sorted(expected))

    def test_smtp_that_is_not_there_then_refuses_then_works(self):
        with MailServer() as server:
            server.refusals = 1
            authority = self.start(method='smtp', smtp=unused_url())
            person = self.enroll(authority)
            self.assertIn('127.0.0.1', self.wait_for_failure(authority))
            authority.configure({'delivery': {'smtp': server.url}})
            self.try_again(authority)
            until('the server refuses', lambda: server.refusals == 0)
            until('the refusal is to be seen', lambda: 'localhost' in self.wait_for_failure(authority))
            self.try_again(authority)
            self.assert_delivered(authority)
            self.assertEqual(server.mails, [('authority@example.org', ADDRESS, person.read('reply.eml'))])

    def smtp_with_tls(self, implicit):
        authority = Authority(settings={'policy': {'encryption': 'P-256'}})
        self.addCleanup(authority.__exit__)
        good, key = certificate(authority.top, 'good')
        other, _ = certificate(authority.top, 'other')
        password = os.path.join(authority.top, 'password')
        with open(password, 'w', encoding='utf-8') as file:
            file.write('sesame\n')
        with MailServer(good, key, user=('asa', 'sesame'), implicit_tls=implicit) as server:
            authority.configure({'delivery': {'method': 'smtp', 'smtp': server.url, 'smtp-user': 'asa',
                                              'smtp-password-file': password, 'smtp-ca-file': other}})
            authority.start()
            person = self.enroll(authority)
            self.wait_for_failure(authority)
            self.assertEqual(server.mails, [], 'nothing goes to a server that nobody vouches for')
            authority.configure({'delivery': {'smtp-ca-file': good}})
            self.try_again(authority)
            self.assert_delivered(authority)
            self.assertEqual(server.mails, [('authority@example.org', ADDRESS, person.read('reply.eml'))])

    def test_smtp_with_starttls_and_user(self):
        self.smtp_with_tls(False)

    def test_smtps_with_user(self):
        self.smtp_with_tls(True)

    def test_a_password_never_goes_in_the_clear(self):
        with MailServer(user=('asa', 'sesame')) as server:
            authority = Authority(settings={'policy': {'encryption': 'P-256'}})
            self.addCleanup(authority.__exit__)
            password = os.path.join(authority.top, 'password')
            with open(password, 'w', encoding='utf-8') as file:
                file.write('sesame')
            authority.configure({'delivery': {'method': 'smtp', 'smtp': server.url, 'smtp-user': 'asa',
                                              'smtp-password-file': password}})
            authority.start()
            self.enroll(authority)
            self.assertNotIn('sesame', self.wait_for_failure(authority))
            self.assertEqual(server.mails, [])


if __name__ == '__main__':
    unittest.main()
