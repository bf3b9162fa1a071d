#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A forgotten password, from the officers to the old mail that opens again; what must not work on the way; and what
else an administrator does to users: revoke, re-enable, renew. With a real gnome-keyring and other people's programs."""

import base64
import getpass
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import termios
import unittest
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from authority import DEADLINE, Authority, program, run_authority, until   # noqa: E402
from authority_client import Invitation, Person, database, unseal   # noqa: E402
from desktop import Desktop   # noqa: E402
from terminal import start_on_terminal, status_of, talk   # noqa: E402

OFFICERS = ('Anna', 'Berit', 'Carl')
NOTE = 'the fish is in the water\n'


def run(*command, check=True):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors='replace',
                          timeout=DEADLINE)
    if check and done.returncode != 0:
        raise AssertionError(f'{" ".join(command)}: {done.stdout}')
    return done.stdout


def signetctl(*arguments, password=None, status=0):
    reader, writer = os.pipe()
    if password is not None:
        os.write(writer, f'{password}\n'.encode())
        arguments = (*arguments, '--password-fd', str(reader))
    os.close(writer)
    done = subprocess.run([program('signetctl'), *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          pass_fds=(reader,), timeout=DEADLINE, start_new_session=True)
    os.close(reader)
    assert done.returncode == status, (arguments, done.returncode, done.stdout, done.stderr)
    return json.loads(done.stdout) if status == 0 and '--json' in arguments else done.stdout


class Council(Authority):
    """An authority with three officers, of whom two must approve."""

    def __init__(self, **more):
        super().__init__(officers=OFFICERS, **more)

    def verb(self, name, *arguments, status=0, passwords=()):
        """What it printed; its exit status must be STATUS."""
        done = self.run(name, self.folder, *arguments, check=False, passwords=passwords)
        assert done.returncode == status, (name, arguments, done.returncode, done.stdout, done.stderr)
        return done.stdout + done.stderr

    def recover(self, address, by='helpdesk', status=0):
        """The number of the recovery."""
        said = self.verb('recover', address, '--reason', 'has forgotten the password', '--by', by, status=status)
        found = re.search(r'Recovery (\d+) ', said)
        return found.group(1) if found else said

    def approve(self, number, officer, *more, password=None, status=0):
        return self.verb('approve', number, '--officer', officer, *more, status=status,
                         passwords=[password or self.officers.get(officer, 'nobody knows')])

    def recovered(self, address):
        """An invitation after a recovery that two have approved."""
        number = self.recover(address)
        self.approve(number, 'Anna')
        return Invitation(self, address, self.approve(number, 'Berit'))

    def state(self, address):
        people = json.loads(self.verb('status', '--users', '--json'))['people']
        return [person['state'] for person in people if person['address'] == address][0]

    def rows(self, statement, *values):
        with database(self) as connection:
            return connection.execute(statement, values).fetchall()

    def audit(self):
        return [json.loads(line) for line in self.verb('audit', '--json').splitlines()]

    def serial(self, address, purpose=1):
        """Of the newest certificate for encryption (1) or signing (0)."""
        return self.rows('SELECT serial FROM certificate JOIN request ON request.number = request'
                         ' JOIN invitation ON invitation.id = invitation JOIN user ON user.id = user'
                         ' WHERE address = ? AND purpose = ? ORDER BY certificate.id DESC', address, purpose)[0][0]


def encrypt(certificate, folder):
    """A mail to the holder of a DER CERTIFICATE, by openssl."""
    pem, note, mail = (os.path.join(folder, name) for name in ('recipient.pem', 'note', 'note.p7m'))
    run('openssl', 'x509', '-inform', 'DER', '-in', certificate, '-out', pem)
    with open(note, 'w', encoding='ascii') as file:
        file.write(NOTE)
    run('openssl', 'cms', '-encrypt', '-aes256', '-in', note, '-out', mail, pem)
    return mail, pem


class RecoveryTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.authority = Council(settings={'policy': {'encryption': 'P-256'}})
        cls.authority.__enter__()
        cls.addClassCleanup(cls.authority.__exit__, None, None, None)

    def enrolled(self, address, invitation=None):
        person = Person(self.authority, address, invitation)
        person.enroll()
        return person

    def test_story(self):
        """In a terminal, with the keyset at High whose password nobody knows any more."""
        authority = self.authority
        with Desktop(display=False), tempfile.TemporaryDirectory(prefix='r.', dir='/tmp') as folder:
            signetctl('enroll', authority.invite('asa@example.org'), '--keyset', 'Work')
            mail = authority.wait_for_mail('asa@example.org')
            old = signetctl('open', mail, '--json', password='the one that is forgotten')['ids'][1]
            self.assertEqual(authority.state('asa@example.org'), 'active')

            number = authority.recover('asa@example.org', by='anna')
            self.assertEqual(authority.state('asa@example.org'), 'recovering')
            authority.recover('asa@example.org', status=5)
            authority.approve(number, 'Anna', status=8)                             # asked for it herself
            authority.approve(number, 'Carl', password='not the password', status=9)
            authority.approve(number, 'Dora', status=4)
            authority.approve('77', 'Carl', status=4)
            invitation = os.path.join(folder, 'new.signet-invitation')
            self.assertIn('1 of 2', authority.approve(number, 'Berit', '--output', invitation))
            self.assertFalse(os.path.exists(invitation))
            authority.approve(number, 'Berit', '--output', invitation, status=5)      # the same one again
            self.assertEqual(authority.rows('SELECT invitation FROM recovery WHERE number = ?', number), [(None,)])
            self.assertIn('2 of 2', authority.approve(number, 'Carl', '--output', invitation))
            authority.approve(number, 'Carl', status=8)
            self.assertEqual(authority.state('asa@example.org'), 'recovering')

            signetctl('enroll', invitation, '--keyset', 'Work', password='a guess', status=3)
            pending = signetctl('enroll', invitation, '--keyset', 'Work 2', '--json')
            signetctl('fetch', '--wait', '30')
            made = signetctl('open', pending['id'], '--json', password='a new one, written down')
            self.assertEqual([(i['use'], i['current']) for i in made['ids']],
                             [('signing', True), ('encryption', True), ('encryption', False)])
            self.assertEqual(made['ids'][2]['certificate'], old['certificate'])
            self.assertNotEqual(made['ids'][1]['certificate'], old['certificate'])
            self.assertIn('Work', [keyset['name'] for keyset in signetctl('list', '--json')['keysets']])
        self.assertEqual(authority.state('asa@example.org'), 'active')
        for left in ('recovered_key JOIN recovery USING (invitation)',
                     'handed_share JOIN recovery ON number = recovery'):
            self.assertEqual(authority.rows(f'SELECT 1 FROM {left} WHERE number = ?', number), [])

    def test_old_mail_opens(self):
        """openssl reads it with the key that came back; a second recovery brings both keys, the newer first."""
        first = self.enrolled('berit@example.org')
        mail, recipient = encrypt(first.file('encryption.cer'), first.folder)
        second = self.enrolled('berit@example.org', self.authority.recovered('berit@example.org'))
        self.assertEqual(second.read('history-1.key'), first.read('encryption.key'))
        self.assertEqual(second.read('history-1.cer'), first.read('encryption.cer'))
        run('openssl', 'pkcs8', '-inform', 'DER', '-nocrypt', '-in', second.file('history-1.key'), '-out',
            second.file('key.pem'))
        opened = run('openssl', 'cms', '-decrypt', '-in', mail, '-inkey', second.file('key.pem'), '-recip', recipient)
        self.assertIn(NOTE.strip(), opened)

        third = self.enrolled('berit@example.org', self.authority.recovered('berit@example.org'))
        self.assertEqual([third.read(f'history-{n}.key') for n in (1, 2)],
                         [second.read('encryption.key'), first.read('encryption.key')])
        self.assertFalse(os.path.exists(third.file('history-3.key')))

    def test_renewal_brings_no_history(self):
        """A new temporary key alone releases nothing."""
        self.enrolled('cilla@example.org')
        said = self.authority.verb('renew', 'cilla@example.org')
        person = self.enrolled('cilla@example.org', Invitation(self.authority, 'cilla@example.org', said))
        self.assertFalse(os.path.exists(person.file('history-1.key')))
        Invitation(self.authority, 'nobody@example.org')
        self.authority.verb('renew', 'nobody@example.org', status=4)        # has had none
        self.authority.verb('renew', 'stranger@example.org', status=4)

    def test_refused_requests(self):
        authority = self.authority
        authority.recover('stranger@example.org', status=4)
        Invitation(authority, 'doris@example.org')
        self.assertEqual(authority.state('doris@example.org'), 'new')
        authority.recover('doris@example.org', status=4)        # nothing is archived of her
        authority.recover('no address', status=3)
        authority.verb('recover', 'doris@example.org', status=2)
        self.enrolled('doris@example.org')
        authority.verb('recover', 'doris@example.org', '--reason', 'two\nlines', status=3)
        authority.verb('invite', 'doris@elsewhere.org', status=3)
        authority.approve('77', 'Anna', status=4)
        refused = [(entry['act'], entry['subject']) for entry in authority.audit() if entry['refused']]
        for act in (('recover', 'stranger@example.org'), ('recover', 'no address'), ('invite', 'doris@elsewhere.org'),
                    ('approve', '77')):
            self.assertIn(act, refused)
        # The address as somebody else writes it.
        number = authority.recover('Doris@EXAMPLE.org')
        authority.approve(number, 'Anna')
        authority.approve(number, 'Berit')

    def test_expired(self):
        self.enrolled('eva@example.org')
        number = self.authority.recover('eva@example.org')
        self.authority.approve(number, 'Anna')
        self.age(number, 1700000000)
        self.assertEqual(self.authority.state('eva@example.org'), 'active')
        self.authority.approve(number, 'Berit', status=10)
        again = self.authority.recover('eva@example.org')
        self.assertIn('1 of 2', self.authority.approve(again, 'Berit'))     # counts from the beginning

    def age(self, number, expires):
        """As if it had been asked for long ago: only time can do that without this program."""
        facts = self.authority.rows('SELECT address, reason, requester, recovery.created, ?, serials FROM recovery'
                                    ' JOIN user ON id = user WHERE number = ?', expires, number)[0]
        text = ('signet recovery 1\naddress: {}\nreason: {}\nrequester: {}\ncreated: {}\nexpires: {}\n'
                'certificates: {}\n').format(*facts)
        self.authority.rows('UPDATE recovery SET expires = ?, digest = ? WHERE number = ?', expires,
                            hashlib.sha256(text.encode()).digest(), number)

    def test_changed_in_the_database(self):
        """What somebody can do who writes into the database, the daemon not excepted."""
        authority = self.authority
        self.enrolled('frida@example.org')
        other = self.enrolled('director@example.org')
        number = authority.recover('frida@example.org')
        authority.rows('UPDATE recovery SET reason = ? WHERE number = ?', 'another', number)
        authority.approve(number, 'Anna', status=7)
        authority.rows('UPDATE recovery SET reason = ? WHERE number = ?', 'has forgotten the password', number)

        # Made up from the beginning, to show the officer another text than the one that he signs.
        authority.rows('UPDATE recovery SET reason = ? WHERE number = ?', 'a\x1b[2Kb', number)
        self.assertNotIn('\x1b', authority.approve(number, 'Anna', status=7))
        authority.rows('UPDATE recovery SET reason = ? WHERE number = ?', 'has forgotten the password', number)

        # An officer's key is exchanged, to catch the shares of the others.
        true, = authority.rows("SELECT exchange_spki FROM officer WHERE name = 'Carl'")
        false, = authority.rows("SELECT exchange_spki FROM officer WHERE name = 'Berit'")
        authority.rows("UPDATE officer SET exchange_spki = ? WHERE name = 'Carl'", *false)
        self.assertIn('somebody has changed', authority.approve(number, 'Anna', status=7))
        authority.rows("UPDATE officer SET exchange_spki = ? WHERE name = 'Carl'", *true)

        # One approval too few, made up.
        authority.rows('INSERT INTO approval SELECT ?, id, X\'3000\' FROM officer WHERE name = \'Anna\'', number)
        authority.approve(number, 'Berit', status=7)
        authority.rows('DELETE FROM approval WHERE recovery = ?', number)

        # An approval of another recovery, played again.
        second = authority.recover('director@example.org')
        authority.approve(second, 'Anna')
        authority.rows('INSERT INTO approval SELECT ?, officer, signed FROM approval WHERE recovery = ?', number,
                       second)
        authority.approve(number, 'Berit', status=7)
        authority.rows('DELETE FROM approval WHERE recovery = ?', number)

        # The archived key of somebody else in the place of the user's own.
        mine, yours = authority.serial('frida@example.org'), authority.serial(other.address)
        authority.rows('UPDATE archive SET sealed = (SELECT sealed FROM archive JOIN certificate ON id = certificate'
                       ' WHERE serial = ?) WHERE certificate = (SELECT id FROM certificate WHERE serial = ?)',
                       yours, mine)
        authority.approve(number, 'Anna')
        self.assertIn("another's", authority.approve(number, 'Berit', status=7))
        self.assertEqual(authority.rows('SELECT state FROM recovery WHERE number = ?', number), [(0,)])

    def test_the_daemon_alone_opens_nothing(self):
        """With every file of the authority and no officer's password: neither before, nor with one approval, nor once
        the keys wait for their user. With two officers the archive opens, so that all this could fail."""
        authority, address = self.authority, 'gun@example.org'
        person = self.enrolled(address)
        number_of_key = self.private_number(person.file('encryption.key'))
        serial, opened = authority.serial(address), person.file('opened')

        self.assert_nothing_opens(serial, number_of_key)
        number = authority.recover(address)
        authority.approve(number, 'Anna')
        self.assert_nothing_opens(serial, number_of_key)
        authority.approve(number, 'Carl')
        self.assert_nothing_opens(serial, number_of_key)
        self.assertEqual(len(authority.rows('SELECT sealed FROM recovered_key JOIN recovery USING (invitation)'
                                            ' WHERE number = ?', number)), 1)

        alone = {'Berit': authority.officers['Berit']}
        self.assertNotEqual(unseal(authority, address, serial, opened, alone, check=False).returncode, 0)
        for left_out in OFFICERS:
            passwords = {name: authority.officers[name] for name in OFFICERS if name != left_out}
            unseal(authority, address, serial, opened, passwords)
            self.assertEqual(person.read('opened'), person.read('encryption.key'))

    def assert_nothing_opens(self, serial, number_of_key):
        authority = self.authority
        whole = b''
        keys = []
        for top, _, names in os.walk(authority.folder):
            for name in names:
                path = os.path.join(top, name)
                with open(path, 'rb') as file:
                    whole += file.read()
                keys += [path] if name.endswith('.key') else []
        self.assertNotIn(number_of_key, whole)
        for skip in range(3):
            part = number_of_key[skip:]
            self.assertNotIn(base64.b64encode(part[:len(part) // 3 * 3]), whole)

        locked = authority.rows('SELECT sealed FROM archive JOIN certificate ON id = certificate WHERE serial = ?',
                                serial) + authority.rows('SELECT sealed FROM handed_share')
        self.assertEqual(sorted(os.path.basename(key) for key in keys),
                         ['issuing.key', 'reply.key', 'root.key', 'tls.key'])
        with tempfile.NamedTemporaryFile(suffix='.p7') as file:
            for content, in locked:
                file.seek(0)
                file.truncate()
                file.write(content)
                file.flush()
                for key in keys:
                    self.assertIn('rror', run('openssl', 'cms', '-decrypt', '-inform', 'DER', '-in', file.name,
                                              '-inkey', key, check=False))

    @staticmethod
    def private_number(key):
        text = run('openssl', 'pkey', '-inform', 'DER', '-in', key, '-noout', '-text')
        return bytes.fromhex(re.sub(r'[^0-9a-f]', '', re.search(r'priv:\n((?: +[0-9a-f:]+\n)+)', text).group(1)))[-32:]

    def test_revoke(self):
        authority, address = self.authority, 'hanna@example.org'
        self.enrolled(address)
        number = authority.recover(address)
        authority.approve(number, 'Anna')
        serials = {authority.serial(address, purpose).upper() for purpose in (0, 1)}
        authority.verb('revoke', address, status=2)
        authority.verb('revoke', address, '--reason', 'has left')
        self.assertEqual(authority.state(address), 'revoked')
        until('the list names both', lambda: serials <= self.revoked_serials())
        authority.verb('revoke', address, '--reason', 'has left', status=5)
        authority.verb('invite', address, status=8)
        authority.recover(address, status=8)
        authority.approve(number, 'Berit', status=8)
        self.assertEqual(authority.rows('SELECT * FROM handed_share WHERE recovery = ?', number), [])

        authority.verb('reenable', address)
        authority.verb('reenable', address, status=8)
        self.assertEqual(authority.state(address), 'new')
        self.enrolled(address, authority.recovered(address))
        self.assertEqual(authority.state(address), 'active')
        self.assertLessEqual(serials, self.revoked_serials())

        serial = authority.serial(address, 0)
        shown = ':'.join(serial[i:i + 2] for i in range(0, len(serial), 2)).upper()
        authority.verb('revoke', shown, '--reason', 'lost')
        authority.verb('revoke', serial, '--reason', 'lost', status=4)
        until('the list names it', lambda: serial.upper() in self.revoked_serials())
        self.assertEqual(authority.state(address), 'new')

    def test_revoked_invitation(self):
        """An invitation of before is worth nothing."""
        person = Person(self.authority, 'ida@example.org')
        self.authority.verb('revoke', 'ida@example.org', '--reason', 'never came')
        self.assertEqual(person.post()[0], 401)

    def test_revoked_before_the_reply_was_fetched(self):
        """Then nobody gets the keys in it any more."""
        person = Person(self.authority, 'karin@example.org')
        person.post()
        person.wait_for_reply()
        self.authority.verb('revoke', 'karin@example.org', '--reason', 'has left')
        self.assertEqual(person.get()[0], 410)

    def revoked_serials(self):
        """As openssl reads them in the list that is served."""
        with urllib.request.urlopen(self.authority.crl_url, timeout=DEADLINE) as answer, \
                tempfile.NamedTemporaryFile(suffix='.crl') as file:
            file.write(answer.read())
            file.flush()
            text = run('openssl', 'crl', '-inform', 'DER', '-in', file.name, '-noout', '-text')
        return set(re.findall(r'Serial Number: ([0-9A-F]+)', text))

    def test_change_of_an_officers_password(self):
        authority = self.authority
        old, new = authority.officers['Carl'], 'quite another password'
        self.assertIn('2 of these 3', authority.verb('officers'))
        for words, status in ((('not the password', new), 9), ((old, 'short'), 3)):
            authority.verb('officers', '--change-password', 'Carl', passwords=words, status=status)
        authority.verb('officers', '--change-password', 'Dora', passwords=(old, new), status=4)
        authority.verb('officers', '--change-password', 'carl', passwords=(old, new))
        authority.verb('officers', '--change-password', 'Carl', passwords=(old, new), status=9)
        authority.verb('officers', '--change-password', 'Carl', passwords=(new, old))

    def test_too_few_are_left(self):
        """An officer who asks where all must approve."""
        authority = Authority(officers=('Anna', 'Berit'), settings={'policy': {'encryption': 'P-256'}})
        with authority:
            Person(authority, 'asa@example.org').enroll()
            arguments = ('recover', authority.folder, 'asa@example.org', '--reason', 'forgotten', '--by')
            self.assertEqual(authority.run(*arguments, 'berit', check=False).returncode, 3)
            authority.run(*arguments, 'Carl')

    def test_no_key_at_hand(self):
        """Where others wait for an RSA key, a recovery does not: later nobody could open what waits for it."""
        with Authority(officers=('Anna',), settings={'policy': {'key-pool': '1'}}) as authority:
            first = Person(authority, 'asa@example.org')
            first.enroll()
            authority.run('recover', authority.folder, first.address, '--reason', 'forgotten')
            said = authority.run('approve', authority.folder, '1', '--officer', 'Anna',
                                 passwords=authority.officers.values()).stdout
            people = [Person(authority, f'user{number}@example.org') for number in range(3)]
            people.append(Person(authority, first.address, Invitation(authority, first.address, said)))
            for person in people:
                self.assertEqual(person.post()[0], 202)
            for person in people:
                person.wait_for_reply()
                person.open()
            self.assertEqual(people[-1].read('history-1.key'), first.read('encryption.key'))

    def test_killed_at_the_last_approval(self):
        authority, address = self.authority, 'lena@example.org'
        self.enrolled(address)
        number = authority.recover(address)
        authority.approve(number, 'Anna')
        killed = run_authority('approve', authority.folder, number, '--officer', 'Berit', check=False,
                               passwords=[authority.officers['Berit']], fault='approve:before-commit')
        self.assertEqual(killed.returncode, -signal.SIGKILL)
        invitation = Invitation(authority, address, authority.approve(number, 'Berit'))
        self.assertTrue(os.path.exists(self.enrolled(address, invitation).file('history-1.key')))

    def test_audit(self):
        authority, address = self.authority, 'jenny@example.org'
        person = self.enrolled(address)
        self.assertEqual(person.post(key='0' * 25, body=b'x')[0], 401)
        number = authority.recover(address, by='Carl')
        authority.approve(number, 'Carl', status=8)
        authority.approve(number, 'Anna', password='a wrong guess', status=9)
        authority.approve(number, 'Anna')
        invitation = Invitation(authority, address, authority.approve(number, 'Berit'))
        authority.verb('revoke', address, '--reason', 'has left')
        until('the daemon to have issued the list', lambda: authority.audit()[-1]['act'] == 'crl')

        log = authority.audit()
        self.assertEqual([entry['number'] for entry in log], list(range(1, len(log) + 1)))
        self.assertEqual((log[0]['act'], log[0]['refused']), ('init', False))
        about = [(entry['act'], entry['actor'], entry['refused']) for entry in log
                 if entry['subject'] in (address, number) and entry['actor'] != getpass.getuser()]
        self.assertEqual(about[:8], [('request', address, False), ('request', address, True),
                                     ('recover', 'Carl', False), ('approve', 'Carl', True), ('approve', 'Anna', True),
                                     ('approve', 'Anna', False), ('approve', 'Berit', False)] + about[7:8])
        self.assertTrue({'invite', 'revoke', 'installed'} <= {entry['act'] for entry in log})
        whole = json.dumps(log) + authority.verb('audit')
        for secret in (*authority.officers.values(), invitation.key, invitation.key.replace('-', ''), 'a wrong guess'):
            self.assertNotIn(secret, whole)
        self.assertIn('is whole', authority.verb('audit', '--verify'))
        self.assertIn(log[-1]['hash'], authority.verb('audit', '--verify'))

        with tempfile.TemporaryDirectory(prefix='r.', dir='/tmp') as folder:      # a copy, to be falsified
            copy = os.path.join(folder, 'copy')
            shutil.copytree(authority.folder, copy)
            refusal = next(entry['number'] for entry in log if entry['refused'])
            with database(type('Copy', (), {'folder': copy})) as connection:
                connection.execute('UPDATE audit SET refused = 0 WHERE number = ?', (refusal,))
            said = authority.run('audit', copy, '--verify', check=False)
            self.assertEqual(said.returncode, 7)
            self.assertIn(f'entry {refusal} ', said.stderr)


class InitTest(unittest.TestCase):
    def refuse(self, *arguments, passwords=(), status):
        with tempfile.TemporaryDirectory(prefix='r.', dir='/tmp') as folder:
            done = run_authority('init', os.path.join(folder, 'a'), '--name', 'Example', '--domain',
                                 'example.org', *arguments, passwords=passwords, check=False)
            self.assertEqual(done.returncode, status, done.stderr)
            self.assertEqual(os.listdir(folder), [])

    def on_a_terminal(self, folder, turns):
        """Runs init on a terminal; what it showed, its exit status, and whether the terminal echoes afterwards."""
        child, terminal = start_on_terminal(program('signet-authority'), 'init', folder, '--name', 'Example',
                                            '--domain', 'example.org', '--officers', '2')
        shown = talk(terminal, turns)
        return shown, status_of(child), termios.tcgetattr(terminal)[3] & termios.ECHO

    def test_asked_on_a_terminal(self):
        """Names are shown while they are typed, passwords never; control-C leaves nothing but a sane terminal."""
        turns = [(b'officer 1 of 2', 'Anna'), (b'of officer Anna', 'the password of anna'),
                 (b'again', 'the password of anna'), (b'officer 2 of 2', 'Berit')]
        with tempfile.TemporaryDirectory(prefix='r.', dir='/tmp') as folder:
            shown, status, echo = self.on_a_terminal(os.path.join(folder, 'a'),
                                                     turns + [(b'of officer Berit', '\x03')])
            self.assertEqual((status, os.listdir(folder)), (-signal.SIGINT, []), shown)
            self.assertTrue(echo)
            shown, status, _ = self.on_a_terminal(os.path.join(folder, 'a'),
                                                  turns + [(b'of officer Berit', 'the password of berit'),
                                                           (b'again', 'the password of berit')])
            self.assertEqual((status, os.listdir(folder)), (0, ['a']), shown)
            self.assertNotIn(b'the password of', shown)
            self.assertEqual(run_authority('officers', os.path.join(folder, 'a')).stdout.split()[:2], ['Anna', 'Berit'])

    def test_officers(self):
        good = ('a long password', 'another long one', 'a third long one')
        names = ('--officer', 'Anna', '--officer', 'Berit')
        self.refuse(*names, '--threshold', '3', passwords=good, status=3)
        self.refuse(*names, '--threshold', '1', passwords=good, status=3)
        self.refuse('--officers', '17', passwords=good, status=3)
        self.refuse('--officers', '-1', passwords=good, status=3)
        self.refuse(*names, '--officers', '3', passwords=good, status=2)
        self.refuse('--officer', 'Anna', '--officer', 'anna', passwords=good, status=3)
        self.refuse(*names, passwords=good[:1], status=3)                   # one is missing
        self.refuse(*names, passwords=good[:1] * 2, status=3)               # two know the same
        self.refuse(*names, passwords=('short', *good), status=3)
        self.refuse(status=2)                                               # nobody to ask


if __name__ == '__main__':
    unittest.main()
