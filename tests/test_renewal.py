#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Renewals with the current key, and revocations that the user asks for: a real authority, a real keyring, cut at every
durable step of either side, and looked at by foreign programs."""

import base64
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from authority import DEADLINE, Authority, run_authority, until   # noqa: E402
from desktop import Desktop   # noqa: E402
from test_kills import all_fault_points, keysets_named, pending_of, signetctl_until_killed   # noqa: E402
from test_signetctl import PASSWORD, signetctl   # noqa: E402


def current(keyset, use):
    found = [i for i in keyset['ids'] if i['use'] == use and i['current']]
    assert len(found) == 1, keyset
    return found[0]


def serials(keyset):
    return sorted(i['serial'] for i in keyset['ids'])


class RenewalTest(unittest.TestCase):
    def setUp(self):
        self.desktop = Desktop(display=False)
        self.desktop.__enter__()
        self.addCleanup(self.desktop.__exit__)
        self.authority = Authority(settings={'policy': {'encryption': 'P-256'}, 'limits': {'renewals-per-day': '50'}})
        self.authority.start()
        self.addCleanup(self.authority.__exit__)

    def enroll(self, address, keyset, level):
        password = PASSWORD if level == 'high' else None
        signetctl('enroll', self.authority.invite(address), '--keyset', keyset)
        signetctl('fetch', '--wait', str(DEADLINE))
        made = signetctl('open', pending_of(keyset)[0]['id'], '--level', level, '--json', password=password)
        self.assertEqual(pending_of(keyset), [])
        return made

    def assert_renewed(self, before, after):
        """New IDs are current, the old encryption key opens old mail, the old signing key is gone."""
        for use in 'signing', 'encryption':
            self.assertNotEqual(current(after, use)['serial'], current(before, use)['serial'])
        old = current(before, 'encryption')['serial']
        self.assertIn((old, False), [(i['serial'], i['current']) for i in after['ids']])
        self.assertEqual(len(after['ids']), len(before['ids']) + 1)
        self.assertEqual((after['id'], after['level'], after['name']), (before['id'], before['level'], before['name']))

    def test_renew(self):
        for level, password in ('low', None), ('high', PASSWORD):
            with self.subTest(level=level):
                before = self.enroll(f'{level}@example.org', level, level)
                after = signetctl('renew', level, '--json', password=password)
                self.assert_renewed(before, after)
                self.assertEqual(pending_of(level), [])
                self.assert_renewed(after, signetctl('renew', level, '--json', password=password))
                self.assert_foreign_programs_believe(after)
        status = self.authority.status()
        self.assertEqual((status['requests']['confirmed'], status['certificates']['issued']), (6, 12), status)
        self.assertEqual(len(self.authority.mails('low@example.org')), 3)
        signetctl('renew', 'high', password='wrong', status=3)
        run_authority('audit', '--verify', self.authority.folder)

    def test_automatic(self):
        made = self.enroll('asa@example.org', 'Work', 'low')
        self.assertFalse(made['renews-itself'])
        self.assertTrue(signetctl('renew', 'Work', '--automatic', 'on', '--json')['renews-itself'])
        self.assertTrue(signetctl('renew', 'Work', '--json')['renews-itself'])
        self.assertFalse(signetctl('level', 'Work', 'high', '--json', password=PASSWORD)['renews-itself'])
        signetctl('renew', 'Work', '--automatic', 'on', status=8)
        signetctl('renew', 'Work', '--automatic', 'maybe', status=2)

    def write(self, name, contents):
        path = os.path.join(self.authority.folder, name)
        with open(path, 'wb') as file:
            file.write(contents)
        return path

    def pem(self, source, name):
        """A file of `public`, or a certificate of a keyset, as PEM."""
        path = os.path.join(self.authority.folder, name)
        kind = 'crl' if source.endswith('.crl') else 'x509'
        subprocess.run(['openssl', kind, '-inform', 'DER', '-in', source, '-out', path], check=True)
        return path

    def foreign(self, held, check_crl):
        """What OpenSSL and GnuTLS say of a certificate: (accepted, all that they wrote)."""
        public = os.path.join(self.authority.folder, 'public')
        root, issuing, crl = (self.pem(os.path.join(public, source), source + '.pem')
                              for source in ('root.cer', 'issuing.cer', 'authority.crl'))
        der = self.write('held.cer', base64.b64decode(held['certificate']))
        leaf = self.pem(der, 'held.pem')
        chain = os.path.join(self.authority.folder, 'chain.pem')
        with open(chain, 'wb') as file:
            subprocess.run(['cat', leaf, issuing, root], stdout=file, check=True)
        crl_of_openssl = ('-crl_check', '-CRLfile', crl) if check_crl else ()
        crl_of_gnutls = ('--load-crl', crl) if check_crl else ()
        return [subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for command in (
            ['openssl', 'verify', '-x509_strict', '-purpose', 'any', *crl_of_openssl, '-CAfile', root, '-untrusted',
             issuing, leaf],
            ['certtool', '--verify', *crl_of_gnutls, '--load-ca-certificate', root, '--infile', chain])]

    def assert_foreign_programs_believe(self, keyset, check_crl=True):
        for held in keyset['ids']:
            for done in self.foreign(held, check_crl):
                self.assertEqual(done.returncode, 0, done.stdout)

    def assert_foreign_programs_know_of_the_revocation(self, keyset):
        for held in keyset['ids']:
            for done in self.foreign(held, True):
                self.assertNotEqual(done.returncode, 0, done.stdout)
                self.assertIn('revoked', done.stdout)

    # --- cut at every step ---

    def finish(self, keyset, password):
        """What a person does after a crash, if Signet has not done it by itself."""
        signetctl('fetch', '--wait', str(DEADLINE))
        for pending in pending_of(keyset):
            self.assertEqual(pending['state'], 'ready', pending)
            signetctl('open', pending['id'], password=password)
        self.assertEqual(pending_of(keyset), [])

    def assert_in_step(self, before, keyset):
        """The old ID or the new one is there, whole. That the authority knows it as the current one, and lets it be
        renewed, the next renewal shows."""
        found = keysets_named(keyset)
        self.assertEqual(len(found), 1)
        if serials(found[0]) != serials(before):
            self.assert_renewed(before, found[0])
        return found[0]

    def cut_client(self, level, password, points):
        keyset = self.enroll(f'{level}@example.org', level, level)
        for point in points:
            with self.subTest(point=point, level=level):
                output = signetctl_until_killed(('renew', level), password, {'SIGNET_FAULT': point})
                self.assertIsNone(output, 'the point was never reached')
                if point not in ('client:keyset-stored', 'client:keys-dropped', 'client:confirmed'):
                    self.assertEqual(serials(keysets_named(level)[0]), serials(keyset))     # not half of it
                self.finish(level, password)
                keyset = self.assert_in_step(keyset, level)
        self.assert_renewed(keyset, signetctl('renew', level, '--json', password=password))

    def test_client(self):
        points = [p for p in all_fault_points('enroll') if 'revocation' not in p and 'file-request' not in p and
                  p != 'client:keys-made']
        self.cut_client('low', None, points)
        self.cut_client('high', PASSWORD, ['client:reply-stored', 'client:keyset-stored'])

    def test_authority(self):
        points = [p for p in all_fault_points('authority') if p.startswith('authority:') and 'revocation' not in p and
                  p not in ('authority:before-commit', 'authority:after-commit')]
        keyset = self.enroll('asa@example.org', 'Work', 'low')
        for point in points:
            with self.subTest(point=point):
                self.authority.stop()
                self.authority.start(fault=point)
                process = self.authority.process
                signetctl('renew', 'Work', status=None)
                until('the authority is killed', lambda: process.poll() is not None)
                self.authority.wait_killed()
                self.authority.start()
                self.assertLessEqual(len(pending_of('Work')), 1)
                self.finish('Work', None)
                self.assertNotEqual(serials(self.assert_in_step(keyset, 'Work')), serials(keyset))
                keyset = keysets_named('Work')[0]
        self.assert_renewed(keyset, signetctl('renew', 'Work', '--json'))

    def test_unreachable(self):
        before = self.enroll('asa@example.org', 'Work', 'low')
        self.authority.stop()
        left = signetctl('renew', 'Work', '--json')
        self.assertEqual(left['state'], 'created')
        self.assertIn('problem', left)
        self.assertEqual(signetctl('show', 'Work', '--json'), before)
        signetctl('renew', 'Work', status=12)               # one renewal at a time
        self.authority.start()
        self.finish('Work', None)
        self.assert_renewed(before, signetctl('show', 'Work', '--json'))

    # --- revoking ---

    def test_revoke(self):
        first = self.enroll('asa@example.org', 'Work', 'high')
        other = self.enroll('bo@example.org', 'Other', 'low')
        renewed = signetctl('renew', 'Work', '--json', password=PASSWORD)
        self.assert_foreign_programs_believe(renewed)

        signetctl('revoke', 'Work', '--yes', status=2, password=PASSWORD)
        signetctl('revoke', 'Work', '--yes', '--reason', 'boredom', status=2, password=PASSWORD)
        signetctl('revoke', 'Work', '--yes', '--reason', 'superseded', status=3, password='wrong')
        self.assert_foreign_programs_believe(renewed)
        for _ in range(2):
            self.assertIn('revoked', signetctl('revoke', 'Work', '--yes', '--reason', 'keyCompromise',
                                               password=PASSWORD))
        until('the list says so', lambda: 'revoked' in self.foreign(current(renewed, 'signing'), True)[0].stdout)
        self.assert_foreign_programs_know_of_the_revocation(first)
        self.assert_foreign_programs_know_of_the_revocation(renewed)
        self.assert_foreign_programs_believe(other)
        signetctl('renew', 'Work', status=7, password=PASSWORD)
        self.assertEqual(pending_of('Work'), [])
        self.assertEqual(signetctl('show', 'Work', '--json'), renewed)      # and still opens old mail
        signetctl('test', 'Work', status=1, password=PASSWORD)
        self.assertIn('valid now', signetctl('which', 'asa@example.org', status=13))
        self.assertEqual(signetctl('which', 'bo@example.org', '--print', 'keyset'), 'Other\n')
        log = run_authority('audit', self.authority.folder).stdout
        self.assertEqual(log.count('4 certificates: keyCompromise'), 1, log)
        self.assertIn('renewal: revoked', log)
        run_authority('audit', '--verify', self.authority.folder)

    def test_revoke_kills(self):
        made = self.enroll('asa@example.org', 'Work', 'low')
        revoke = ('revoke', 'Work', '--yes', '--reason', 'superseded')
        self.authority.stop()
        self.authority.start(fault='authority:before-revocation-commit')
        signetctl(*revoke, status=6, password='')
        self.authority.wait_killed()
        self.authority.start()
        self.assert_foreign_programs_believe(made)
        self.authority.stop()
        self.authority.start(fault='authority:after-revocation-commit')
        signetctl(*revoke, status=6, password='')
        self.authority.wait_killed()
        self.authority.start()
        signetctl(*revoke, password='')
        until('the list says so', lambda: 'revoked' in self.foreign(current(made, 'signing'), True)[0].stdout)


if __name__ == '__main__':
    unittest.main()
