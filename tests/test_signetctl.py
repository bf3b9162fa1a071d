#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The first enrollment in a terminal: signetctl, a real gnome-keyring, a real authority over TLS, and foreign programs
that look at what came out."""

import base64
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import termios
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from authority import DEADLINE, Authority, program, run_authority   # noqa: E402
from desktop import Desktop   # noqa: E402
from terminal import start_on_terminal, status_of, talk   # noqa: E402

PASSWORD = 'correct horse battery staple'


def signetctl(*arguments, password=None, stdin=None, status=0, environment=None):
    """Runs it without a terminal; gives its output, as JSON when asked for."""
    descriptors = ()
    if password is not None:
        reader, writer = os.pipe()
        os.write(writer, password.encode() + b'\n')
        os.close(writer)
        descriptors = (reader,)
        arguments = (*arguments, '--password-fd', str(reader))
    done = subprocess.run([program('signetctl'), *arguments], input=stdin, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, pass_fds=descriptors, timeout=DEADLINE * 2,
                          start_new_session=True, env=dict(os.environ, **(environment or {})))
    for descriptor in descriptors:
        os.close(descriptor)
    if status is not None and done.returncode != status:
        raise AssertionError(f'signetctl {" ".join(arguments)}: status {done.returncode}, not {status}: '
                             f'{done.stdout}{done.stderr}')
    if done.returncode == 0 and '--json' in arguments:
        return json.loads(done.stdout)
    return done.stdout + done.stderr


# How a private key in the clear begins: PEM, and the algorithms of PKCS#8.
READABLE = (b'PRIVATE KEY', bytes.fromhex('06082a8648ce3d030107'), bytes.fromhex('300d06092a864886f70d010101'))


def looks_readable(keyset):
    """Whether a private key can be seen in the item that the Secret Service holds, by a foreign program."""
    found = subprocess.run(['secret-tool', 'lookup', 'id', keyset['id']], stdout=subprocess.PIPE, check=True,
                           timeout=DEADLINE)
    assert found.stdout.startswith((b'SIGNETKS', b'SignetRq')), found.stdout[:40]
    return any(sign in found.stdout for sign in READABLE)


class SignetctlTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.desktop = cls.enterClassContext(Desktop(display=False))
        cls.authority = cls.enterClassContext(Authority())

    @classmethod
    def enterClassContext(cls, context):       # Python 3.11 has it
        entered = context.__enter__()
        cls.addClassCleanup(context.__exit__, None, None, None)
        return entered

    def enroll(self, address, keyset, **more):
        pending = signetctl('enroll', self.authority.invite(address), '--keyset', keyset, '--json', **more)
        mail = self.authority.wait_for_mail(address)
        return pending, mail

    def test_story(self):
        pending, mail = self.enroll('asa@example.org', 'Work')
        self.assertEqual(pending['state'], 'waiting')
        self.assertEqual(pending['authority'], 'Example Authority')
        listed = signetctl('pending', '--json')['pending']
        self.assertEqual([p['id'] for p in listed if p['keyset'] == 'Work'], [pending['id']])

        made = signetctl('open', mail, '--json', password=PASSWORD)
        self.assertEqual((made['name'], made['level']), ('Work', 'high'))
        self.assertEqual([(i['use'], i['current'], i['addresses']) for i in made['ids']],
                         [('signing', True, ['asa@example.org']), ('encryption', True, ['asa@example.org'])])
        self.assertEqual([i['algorithm'] for i in made['ids']], ['P-256', 'RSA-3072'])

        listed = signetctl('list', '--json')['keysets']
        self.assertIn(made['id'], [k['id'] for k in listed])
        self.assertEqual(signetctl('show', 'work', '--json'), made)       # a name is found in any case
        self.assertNotIn(pending['id'], [p['id'] for p in signetctl('pending', '--json')['pending']])
        self.assertIn('asa@example.org', signetctl('show', 'Work'))

        # The second time: said, with the date, and nothing changes.
        said = signetctl('open', mail, password=PASSWORD, status=9)
        self.assertIn('was installed on', said)
        self.assertEqual(signetctl('show', 'Work', '--json'), made)

        # At High, no private key can be read by somebody who can read the store.
        self.assertFalse(looks_readable(made))

        # The certificates are what other programs expect.
        for held in made['ids']:
            with tempfile.NamedTemporaryFile(suffix='.der') as file:
                file.write(base64.b64decode(held['certificate']))
                file.flush()
                text = subprocess.run(['certtool', '--certificate-info', '--inder', '--infile', file.name],
                                      stdout=subprocess.PIPE, text=True, check=True).stdout
            self.assertIn('RFC822Name: asa@example.org', text)
            self.assertIn('Email protection', text)

    def test_levels(self):
        for level in ('medium', 'low'):
            _, mail = self.enroll(f'{level}@example.org', f'At {level}')
            made = signetctl('open', mail, '--level', level, '--json')
            self.assertEqual(made['level'], level)
            self.assertTrue(looks_readable(made))       # the keyring alone guards it; so the test of High can fail

    def test_health(self):
        """A keyset is tried as a mail program would; the authority is asked, and what it said is remembered."""
        _, mail = self.enroll('petra@example.org', 'Petra')
        signetctl('open', mail, password=PASSWORD)
        found = signetctl('test', 'Petra', '--json', password=PASSWORD)['findings']
        self.assertEqual({f['health'] for f in found}, {'good'}, found)
        checks = ['chain', 'purpose', 'address', 'dates', 'revocation', 'key']
        self.assertEqual([f['check'] for f in found], ['password', *checks, *checks])
        self.assertEqual([f['id']['use'] for f in found[1:]], ['signing'] * 6 + ['encryption'] * 6)
        said = signetctl('test', 'Petra', password=PASSWORD)
        self.assertIn('OK        Signing: It has not been revoked.', said)
        signetctl('test', 'Petra', password='not it', status=3)

        run_authority('revoke', self.authority.folder, 'petra@example.org', '--reason', 'lost')
        end = time.monotonic() + DEADLINE
        while 'revoked' not in (said := signetctl('test', 'Petra', status=None, password=PASSWORD)) or \
                'not been' in said:
            self.assertLess(time.monotonic(), end, said)
            time.sleep(0.2)
        self.assertIn('Failed    Signing: Its authority has revoked it on', said)
        self.assertIn('2 tests of “Petra” failed.', said)
        signetctl('test', 'Petra', status=1, password=PASSWORD)

        # Nobody can be asked any more: what was revoked stays so, and what is not known is not called good.
        self.authority.stop()
        try:
            self.assertIn('revoked it on', signetctl('test', 'Petra', status=1, password=PASSWORD))
            shutil.rmtree(os.path.join(os.environ['XDG_CACHE_HOME'], 'signet'))
            said = signetctl('test', 'Petra', password=PASSWORD)
        finally:
            self.authority.start()
        self.assertIn('Warning   Signing: Whether it was revoked could not be checked.', said)

    def test_existing_high_keyset(self):
        _, mail = self.enroll('berit@example.org', 'Berit')
        first = signetctl('open', mail, '--json', password=PASSWORD)
        before = signetctl('pending', '--json')['pending']
        invitation = self.authority.invite('berit@example.org')

        # Wrong, or none: nothing is sent, nothing changes; the invitation is still good.
        signetctl('enroll', invitation, '--keyset', 'Berit', password='not it', status=3)
        signetctl('enroll', invitation, '--keyset', 'Berit', status=2)
        self.assertEqual(signetctl('pending', '--json')['pending'], before)

        pending = signetctl('enroll', invitation, '--keyset', 'Berit', '--json', password=PASSWORD)
        signetctl('fetch', '--wait', '30')
        signetctl('open', pending['id'], password='not it', status=3)
        second = signetctl('open', pending['id'], '--json', password=PASSWORD)
        self.assertEqual(second['id'], first['id'])
        self.assertEqual([(i['use'], i['current']) for i in second['ids']],
                         [('signing', True), ('encryption', True), ('encryption', False)])
        old = [i for i in first['ids'] if i['use'] == 'encryption'][0]
        self.assertEqual(second['ids'][2]['fingerprint'], old['fingerprint'])

    def test_temporary_key_is_used_once(self):
        invitation = self.authority.invite('cilla@example.org')
        signetctl('enroll', invitation, '--keyset', 'Cilla')
        before = signetctl('pending', '--json')
        said = signetctl('enroll', invitation, '--keyset', 'Cilla 2', status=7)
        self.assertIn('temporary key was not accepted', said)
        self.assertEqual(signetctl('pending', '--json'), before)

    def test_refused_request(self):
        """Said when it happens; then it is kept, and not sent again by itself, which would lock the address."""
        invitation = self.authority.invite('kajsa@example.org')
        signetctl('enroll', invitation, '--keyset', 'Late', status=None,
                  environment={'SIGNET_FAULT': 'client:request-stored'})
        signetctl('enroll', invitation, '--keyset', 'Kajsa')
        self.assertIn('temporary key was not accepted', signetctl('fetch', status=7))
        for _ in range(12):
            signetctl('fetch')
        self.assertEqual([p['state'] for p in signetctl('pending', '--json')['pending'] if p['keyset'] == 'Late'],
                         ['refused'])
        signetctl('enroll', self.authority.invite('kajsa@example.org'), '--keyset', 'Kajsa 2')

    def test_removed_request(self):
        pending, mail = self.enroll('doris@example.org', 'Doris')
        signetctl('pending', '--remove', pending['id'])
        self.assertIn('You removed the request', signetctl('open', mail, password=PASSWORD, status=5))
        self.assertNotIn(pending['id'], [p['id'] for p in signetctl('pending', '--json')['pending']])

    def test_reply_of_somebody_else(self):
        with Authority(name='Other Authority') as other:
            with Desktop(display=False):
                signetctl('enroll', other.invite('eva@example.org'))
                mail = other.wait_for_mail('eva@example.org')
            self.assertIn('No request made here fits', signetctl('open', mail, password=PASSWORD, status=5))

    def test_altered_reply(self):
        pending, mail = self.enroll('frida@example.org', 'Frida')
        with open(mail, 'rb') as file:
            whole = file.read()
        lines = whole.split(b'\r\n' if b'\r\n' in whole else b'\n')
        longest = [n for n, line in enumerate(lines) if len(line) > 60 and b' ' not in line]
        target = longest[len(longest) // 2]
        lines[target] = lines[target][:10] + (b'A' if lines[target][10:11] != b'A' else b'B') + lines[target][11:]
        with tempfile.NamedTemporaryFile(suffix='.eml') as file:
            file.write(b'\r\n'.join(lines))
            file.flush()
            signetctl('open', file.name, password=PASSWORD, status=8)
        self.assertIn('Frida', json.dumps(signetctl('pending', '--json')))
        signetctl('open', mail, password=PASSWORD)

    def test_wrong_authority(self):
        invitation = self.authority.invite('gun@example.org')
        with open(invitation, encoding='utf-8') as file:
            content = json.load(file)
        content['pin'] = '00' * 32
        said = signetctl('enroll', '-', stdin=json.dumps(content), status=4)
        self.assertNotIn(content['temporary-key'], said)
        signetctl('enroll', invitation, '--keyset', 'Gun')      # the true one still works

    def test_link(self):
        invited = self.authority.run('invite', self.authority.folder, 'hanna@example.org').stdout
        link = [word.strip('<>') for word in invited.split() if 'signet:' in word][0]
        self.assertIn('other users can see', signetctl('enroll', link, status=8))
        signetctl('enroll', '-', '--keyset', 'Hanna', stdin=link)

    def test_unreachable(self):
        invitation = self.authority.invite('ida@example.org')
        self.authority.stop()
        try:
            signetctl('enroll', invitation, '--keyset', 'Ida', status=6)
        finally:
            self.authority.start()
        signetctl('enroll', invitation, '--keyset', 'Ida')

    def test_usage(self):
        self.assertIn('Exit status:', signetctl('--help'))
        for wrong in (('nonsense',), ('enroll',), ('list', 'surplus'), ('open', 'a', 'b'), ('list', '--bogus')):
            signetctl(*wrong, status=2)
        signetctl('show', 'No such keyset', status=10)
        signetctl('enroll', '/nonexistent', status=10)
        signetctl('open', '/etc/passwd', status=8)

    def test_password_on_a_terminal(self):
        """Typed twice, never shown."""
        _, mail = self.enroll('jenny@example.org', 'Jenny')
        child, terminal = start_on_terminal(program('signetctl'), 'open', mail)
        shown = talk(terminal, [(b'New password', PASSWORD), (b'again', PASSWORD)])
        self.assertEqual(status_of(child), 0, shown)
        self.assertNotIn(PASSWORD.encode(), shown)
        self.assertEqual(signetctl('show', 'Jenny', '--json')['level'], 'high')

    def test_interrupt_at_the_password(self):
        """Ends the program, and the terminal shows again what is typed."""
        _, mail = self.enroll('karin@example.org', 'Karin')
        child, terminal = start_on_terminal(program('signetctl'), 'open', mail)
        talk(terminal, [(b'New password', '\x03')])
        self.assertEqual(status_of(child), -signal.SIGINT)
        self.assertTrue(termios.tcgetattr(terminal)[3] & termios.ECHO)
        signetctl('show', 'Karin', status=10)


class WithoutStoreTest(unittest.TestCase):
    def test_absent(self):
        with Desktop(keyring='absent', display=False):
            said = signetctl('list', status=11)
            self.assertIn('GNOME Keyring', said)

    def test_locked(self):
        with Desktop(keyring='locked', display=False):
            signetctl('list', status=11)


if __name__ == '__main__':
    unittest.main()
