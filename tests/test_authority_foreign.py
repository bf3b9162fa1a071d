#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What other people's programs say of what the authority issues: OpenSSL, GnuTLS, NSS, GnuPG and curl on certificates,
chains, revocation, the reply's signature and the TLS of the server. And what lies in the authority's folder."""

import base64
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from authority import DEADLINE, Authority   # noqa: E402
from authority_client import INFO, Person, database, root_file, unseal   # noqa: E402

KINDS = {'RSA-3072': 'keyEncipherment', 'P-256': 'keyAgreement'}


def run(*command, check=True, stdin=None, environment=None):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, input=stdin, timeout=DEADLINE * 2,
                          env=environment)
    text = done.stdout.decode(errors='replace')
    if check and done.returncode != 0:
        raise AssertionError(f'{" ".join(command)}: status {done.returncode}: {text}')
    return text


def pem(path):
    """The file in PEM, as most programs want certificates, beside the DER one."""
    run('openssl', 'x509', '-inform', 'DER', '-in', path, '-out', f'{path}.pem')
    return f'{path}.pem'


class ForeignTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.authorities, cls.people = {}, {}
        for kind in KINDS:
            authority = Authority(settings={'policy': {'encryption': kind}})
            cls.addClassCleanup(authority.__exit__)
            authority.start()
            person = Person(authority, 'asa@example.org')
            person.enroll()
            cls.authorities[kind], cls.people[kind] = authority, person

    def each(self):
        for kind, authority in self.authorities.items():
            with self.subTest(kind=kind):
                yield kind, authority, self.people[kind]

    def issuing(self, authority):
        return os.path.join(authority.folder, 'keys', 'issuing.pem')

    def certificates(self, person):
        return [pem(person.file(f'{use}.cer')) for use in ('signing', 'encryption')]

    # --- certificates ---

    def test_openssl_chain(self):
        for kind, authority, person in self.each():
            for path in self.certificates(person):
                # OpenSSL 3.0 knows encryption with RSA only: it wants keyEncipherment, which EC keys cannot do.
                purpose = 'smimesign' if 'signing' in path else 'smimeencrypt' if kind.startswith('RSA') else 'any'
                verified = run('openssl', 'verify', '-x509_strict', '-purpose', purpose,
                               '-CAfile', root_file(authority), '-untrusted', self.issuing(authority), path)
                self.assertIn('OK', verified)
                alone = run('openssl', 'verify', '-CAfile', root_file(authority), path, check=False)
                self.assertIn('unable to get local issuer', alone)

    def test_openssl_revocation(self):
        for kind, authority, person in self.each():
            crl = os.path.join(person.folder, 'crl')
            url = authority.crl_url

            def verify():
                run('curl', '-sSf', '-o', crl, url)
                run('openssl', 'crl', '-inform', 'DER', '-in', crl, '-out', f'{crl}.pem', '-CAfile',
                    self.issuing(authority))
                return run('openssl', 'verify', '-crl_check', '-CRLfile', f'{crl}.pem', '-CAfile', root_file(authority),
                           '-untrusted', self.issuing(authority), self.certificates(person)[0], check=False)

            self.assertIn(': OK', verify())
            first = run('openssl', 'crl', '-inform', 'DER', '-in', crl, '-noout', '-text')
            self.assertRegex(first, r'CRL Number: \n +1\n')
            self.assertIn('verify OK', run('openssl', 'crl', '-inform', 'DER', '-in', crl, '-noout', '-CAfile',
                                           self.issuing(authority)))
            self.revoke(authority, person)
            self.assertIn('certificate revoked', verify())
            second = run('openssl', 'crl', '-inform', 'DER', '-in', crl, '-noout', '-text')
            self.assertRegex(second, r'CRL Number: \n +2\n')

    def revoke(self, authority, person):
        """What an administrator's verb will do, and a day that passes."""
        with database(authority) as rows:
            rows.execute('UPDATE certificate SET revoked = unixepoch() WHERE purpose = 0 AND request ='
                         ' (SELECT number FROM request WHERE id = ?)', (person.id,))
            rows.execute('UPDATE crl SET created = created - 86400')
        authority.stop()
        authority.start()
        self.addCleanup(self.restore, authority)

    def restore(self, authority):
        with database(authority) as rows:
            rows.execute('UPDATE certificate SET revoked = NULL')

    def test_certtool(self):
        for kind, authority, person in self.each():
            signing, encryption = (run('certtool', '--certificate-info', '--infile', path)
                                   for path in self.certificates(person))
            for text in (signing, encryption):
                self.assertIn('Version: 3', text)
                self.assertIn('Subject: CN=asa@example.org', text)
                self.assertIn('RFC822Name: asa@example.org', text)
                self.assertIn('Email protection', text)
                self.assertIn(authority.crl_url, text)
                self.assertRegex(text, r'Serial Number \(hex\): [0-9a-f]{32}\n')
                self.assertIn('Subject Key Identifier', text)
                self.assertIn('Authority Key Identifier', text)
                self.assertNotIn('Certificate Authority (CA): TRUE', text)
                self.assertNotIn('Certificate Policies', text)
            self.assertEqual(self.key_usage(self.certificates(person)[0]), 'Digital Signature')
            self.assertEqual(self.key_usage(self.certificates(person)[1]).replace(' ', '').lower(), KINDS[kind].lower())

            chain = b''
            for path in (self.certificates(person)[0], self.issuing(authority), root_file(authority)):
                with open(path, 'rb') as file:
                    chain += file.read()
            self.assertIn('Chain verification output: Verified.', run('certtool', '--verify-chain', stdin=chain))

    def key_usage(self, path):
        text = run('openssl', 'x509', '-in', path, '-noout', '-text')
        return re.search(r'Key Usage: critical\n +(.*)\n', text).group(1)

    def test_lifetime(self):
        """Within the 825 days of the strict S/MIME profile, and a few minutes old at birth."""
        for _, _, person in self.each():
            for path in self.certificates(person):
                self.assertIn('Certificate will expire', run('openssl', 'x509', '-in', path, '-noout', '-checkend',
                                                             str(731 * 86400), check=False))
                self.assertIn('will not expire', run('openssl', 'x509', '-in', path, '-noout', '-checkend',
                                                     str(729 * 86400)))

    def test_nss(self):
        for _, authority, person in self.each():
            with tempfile.TemporaryDirectory() as folder:
                store = f'sql:{folder}'
                run('certutil', '-N', '-d', store, '--empty-password')
                signing, encryption = self.certificates(person)
                for name, trust, path in (('root', 'C,C,C', root_file(authority)),
                                          ('issuing', ',,', self.issuing(authority)),
                                          ('signing', ',,', signing), ('encryption', ',,', encryption)):
                    run('certutil', '-A', '-d', store, '-n', name, '-t', trust, '-i', path)
                self.assertIn('is valid', run('certutil', '-V', '-d', store, '-n', 'signing', '-u', 'S'))
                self.assertIn('is valid', run('certutil', '-V', '-d', store, '-n', 'encryption', '-u', 'R'))
                for name, usage in (('encryption', 'S'), ('signing', 'V')):
                    refused = run('certutil', '-V', '-d', store, '-n', name, '-u', usage, check=False)
                    self.assertNotIn('is valid', refused)

    def test_gnupg(self):
        for _, authority, person in self.each():
            with tempfile.TemporaryDirectory(prefix='g.', dir='/tmp') as home:
                environment = dict(os.environ, GNUPGHOME=home, LC_ALL='C')
                fingerprint = run('openssl', 'x509', '-in', root_file(authority), '-noout', '-fingerprint', '-sha1')
                with open(os.path.join(home, 'trustlist.txt'), 'w', encoding='ascii') as file:
                    file.write(f'{fingerprint.strip().split("=")[1]} S\n')
                try:
                    run('gpgsm', '--batch', '--import', root_file(authority), self.issuing(authority),
                        *self.certificates(person), environment=environment)
                    text = run('gpgsm', '--batch', '--disable-crl-checks', '--with-validation', '--list-keys',
                               'asa@example.org', environment=environment)
                finally:
                    run('gpgconf', '--kill', 'all', environment=environment)
                self.assertEqual(text.count('[certificate is good]'), 2, text)
                self.assertEqual(text.count('aka: asa@example.org'), 2, text)

    # --- the reply ---

    def test_openssl_reply(self):
        """Given the reply key, everybody can see that the authority signed it, and nobody else."""
        for _, authority, person in self.each():
            signer = os.path.join(person.folder, 'signer.pem')
            command = ['openssl', 'cms', '-verify', '-inform', 'DER', '-in', person.file('signed.p7'),
                       '-signer', signer, '-out', os.path.join(person.folder, 'content')]
            self.assertIn('successful', run(*command, '-CAfile', root_file(authority)))
            subject = run('openssl', 'x509', '-in', signer, '-noout', '-subject')
            self.assertIn('CN = Example Authority Replies', subject)
            other = next(a for a in self.authorities.values() if a is not authority)
            self.assertIn('failure', run(*command, '-CAfile', root_file(other), check=False))

    def test_openssl_opens_mail_with_the_encryption_key(self):
        for kind, _, person in self.each():
            note, mail = person.file('note'), person.file('note.p7m')
            with open(note, 'w', encoding='ascii') as file:
                file.write('the fish is in the water\n')
            run('openssl', 'cms', '-encrypt', '-aes256', '-in', note, '-out', mail, self.certificates(person)[1])
            run('openssl', 'pkcs8', '-inform', 'DER', '-nocrypt', '-in', person.file('encryption.key'), '-out',
                person.file('key.pem'))
            opened = run('openssl', 'cms', '-decrypt', '-in', mail, '-inkey', person.file('key.pem'), '-recip',
                         self.certificates(person)[1])
            self.assertIn('the fish is in the water', opened)

    # --- the server ---

    def test_curl(self):
        for _, authority, _ in self.each():
            url = authority.url + INFO
            self.assertIn('Example Authority', run('curl', '-sSf', '--cacert', root_file(authority), url))
            tls = os.path.join(authority.folder, 'keys', 'tls.pem')
            spki = run('openssl', 'x509', '-in', tls, '-noout', '-pubkey')
            der = base64.b64decode(''.join(spki.splitlines()[1:-1]))
            pin = 'sha256//' + base64.b64encode(hashlib.sha256(der).digest()).decode()
            run('curl', '-sSf', '--cacert', root_file(authority), '--pinnedpubkey', pin, url)
            self.assertIn('certificate', run('curl', '-sS', url, check=False))
            self.assertIn('405', run('curl', '-sS', '-o', '/dev/null', '-w', '%{http_code}', '--cacert',
                                     root_file(authority), '-X', 'POST', url))

    def test_invitations_pin_the_root(self):
        for _, authority, person in self.each():
            spki = run('openssl', 'x509', '-in', root_file(authority), '-noout', '-pubkey')
            der = base64.b64decode(''.join(spki.splitlines()[1:-1]))
            self.assertEqual(person.invitation.pin, hashlib.sha256(der).hexdigest())

    # --- the folder ---

    def test_the_archive_opens_for_its_officer_alone(self):
        for _, authority, person in self.each():
            with database(authority) as rows:
                serial, = rows.execute('SELECT serial FROM archive JOIN certificate ON certificate.id = certificate'
                                       ' JOIN request ON number = request WHERE request.id = ?',
                                       (person.id,)).fetchone()
            opened = person.file('opened')
            unseal(authority, person.address, serial, opened, authority.officers)
            self.assertEqual(person.read('opened'), person.read('encryption.key'))
            for address, officers in ((person.address, {'Anna': 'not the password'}),
                                      ('berit@example.org', authority.officers)):
                self.assertNotEqual(unseal(authority, address, serial, opened, officers, check=False).returncode, 0)

    def test_no_file_holds_what_is_secret(self):
        """Neither encryption keys nor temporary keys nor officers' passwords, in any spelling that a search finds."""
        for kind, authority, person in self.each():
            secrets = {'temporary key': person.invitation.key.replace('-', '').encode(),
                       "officer's password": authority.officers['Anna'].encode(),
                       'encryption key': self.private_number(person)}
            whole = b''
            for top, _, names in os.walk(authority.folder):
                for name in names:
                    with open(os.path.join(top, name), 'rb') as file:
                        whole += file.read()
            self.assertIn(person.id.encode(), whole)
            for what, secret in secrets.items():
                for spelling in spellings(secret):
                    self.assertNotIn(spelling, whole, what)

    def private_number(self, person):
        """The part of a private key that is nowhere in the public one: the EC scalar, or a prime."""
        text = run('openssl', 'pkey', '-inform', 'DER', '-in', person.file('encryption.key'), '-noout', '-text')
        digits = re.search(r'(?:prime1|priv):\n((?: +[0-9a-f:]+\n)+)', text).group(1)
        return bytes.fromhex(re.sub(r'[^0-9a-f]', '', digits))[-32:]

    def test_permissions(self):
        for _, authority, _ in self.each():
            for top, folders, names in os.walk(authority.folder):
                for name in folders + names:
                    self.assertEqual(os.stat(os.path.join(top, name)).st_mode & 0o077, 0, os.path.join(top, name))
            self.assertEqual(os.stat(authority.folder).st_mode & 0o777, 0o700)


def spellings(secret):
    yield secret
    yield secret.hex().encode()
    yield secret.hex().upper().encode()
    grouped = b'-'.join(secret[i:i + 5] for i in range(0, len(secret), 5))
    yield grouped
    for skip in range(3):        # base64, at each place in its groups of three bytes
        part = secret[skip:]
        yield base64.b64encode(part[:len(part) // 3 * 3])


if __name__ == '__main__':
    unittest.main()
