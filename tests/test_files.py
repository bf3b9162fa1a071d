#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Digital IDs in files, in a terminal, with a real gnome-keyring: those of other programs go in, and other programs
read what comes out. openssl, certtool, NSS and GnuPG stand for the mail programs that are built on them."""

import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from authority import DEADLINE, build_root   # noqa: E402
from desktop import Desktop   # noqa: E402
from test_signetctl import PASSWORD, READABLE, looks_readable, signetctl   # noqa: E402

FILE_PASSWORD = 'a file’s own pässword'
TOOL = os.path.join(build_root(), 'tests', 'store-tool')

SETTINGS = '''
[req]
distinguished_name = dn
prompt = no
[dn]
CN = Example Root
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
[signing]
keyUsage = critical, digitalSignature
extendedKeyUsage = emailProtection
subjectAltName = email:asa@example.org
[encryption]
keyUsage = critical, keyEncipherment
extendedKeyUsage = emailProtection
subjectAltName = email:asa@example.org
[dual]
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = emailProtection
subjectAltName = email:asa@example.org
[web]
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = serverAuth
subjectAltName = DNS:example.org
'''


class Files:
    """A folder with a root certificate, and what foreign programs make in it."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix='signet-files-')
        self.serial = 1
        with open(self.path('settings'), 'w', encoding='utf-8') as file:
            file.write(SETTINGS)
        self.run('openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'root.key', '-out', 'root.pem',
                 '-config', 'settings', '-extensions', 'ca', '-days', '9000')

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, *command, status=0, stdin=None):
        done = subprocess.run(command, cwd=self.folder, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=DEADLINE * 2, check=False)
        said = (done.stdout + done.stderr).decode(errors='replace')
        if status is not None and done.returncode != status:
            raise AssertionError(f'{" ".join(command)}: {done.returncode}: {said}')
        return said

    def read(self, name):
        with open(self.path(name), 'rb') as file:
            return file.read()

    def make(self, name, use, days=300, key='rsa:2048'):
        """NAME.key and NAME.pem."""
        self.serial += 1
        more = ('-pkeyopt', 'ec_paramgen_curve:P-256') if key == 'ec' else ()
        self.run('openssl', 'req', '-newkey', key, *more, '-nodes', '-keyout', f'{name}.key', '-out', 'request',
                 '-config', 'settings', '-subj', '/CN=Asa')
        self.run('openssl', 'x509', '-req', '-in', 'request', '-CA', 'root.pem', '-CAkey', 'root.key', '-set_serial',
                 str(self.serial), '-days', str(days), '-extfile', 'settings', '-extensions', use, '-out',
                 f'{name}.pem')

    def export(self, target, name, *more, password=FILE_PASSWORD):
        self.run('openssl', 'pkcs12', '-export', '-inkey', f'{name}.key', '-in', f'{name}.pem', '-certfile', 'root.pem',
                 '-name', name, '-passout', f'pass:{password}', '-out', target, *more)
        return self.path(target)

    def join(self, target, *names):
        """One PEM file of these; openssl pkcs12 takes one key at a time."""
        with open(self.path(target), 'wb') as file:
            for name in names:
                file.write(self.read(name))
        return self.path(target)


def uses(keyset):
    return sorted((held['use'], held['current']) for held in keyset['ids'])


def opens(name, password=PASSWORD):
    """How many private keys of the keyset a program that starts now opens, each fitting its certificate."""
    done = subprocess.run([TOOL, 'open', name], input=password, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, timeout=DEADLINE, check=True)
    return int(done.stdout)


class FilesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.desktop = Desktop(display=False)
        cls.desktop.__enter__()
        cls.addClassCleanup(cls.desktop.__exit__)
        cls.files = Files()
        cls.addClassCleanup(shutil.rmtree, cls.files.folder)
        for name in ('signing', 'encryption', 'dual', 'web'):
            cls.files.make(name, name)
        cls.files.make('old', 'encryption', days=-1)
        cls.files.make('past', 'signing', days=-1)

    def bring(self, path, name, *more, **options):
        options.setdefault('password', f'{FILE_PASSWORD}\n{PASSWORD}')
        return signetctl('import', path, '--keyset', name, '--json', *more, **options)


class ImportTest(FilesTest):
    def test_dual(self):
        """A certificate for both makes an ID of each use, in a keyset named as in the file."""
        path = self.files.export('dual.p12', 'dual')
        made = signetctl('import', path, '--json', password=f'{FILE_PASSWORD}\n{PASSWORD}')
        self.assertEqual((made['name'], made['level']), ('dual', 'high'))
        self.assertEqual(uses(made), [('encryption', True), ('signing', True)])
        self.assertEqual({held['addresses'][0] for held in made['ids']}, {'asa@example.org'})
        self.assertEqual({held['authority'] for held in made['ids']}, {'Example Root'})
        self.assertEqual(len({held['certificate'] for held in made['ids']}), 1)
        self.assertEqual(opens('dual'), 2)
        self.assertFalse(looks_readable(made))

        # Once more: said, and nothing changes; with a name of its own it is another keyset.
        self.assertIn('already', self.bring(path, 'dual', status=9))
        self.assertEqual(signetctl('show', 'dual', '--json'), made)
        self.assertNotEqual(self.bring(path, 'Dual again')['id'], made['id'])

    def test_passwords(self):
        path = self.files.export('passwords.p12', 'dual')
        for wrong in (f'not it\n{PASSWORD}', f'\n{PASSWORD}', FILE_PASSWORD):
            self.bring(path, 'Passwords', password=wrong, status=3 if wrong.startswith('not') else 1)
        self.bring(path, 'Passwords', password=None, status=2)
        signetctl('show', 'Passwords', status=10)
        low = self.bring(path, 'Passwords', '--level', 'low', password=FILE_PASSWORD)
        self.assertEqual(low['level'], 'low')
        self.bring(path, 'Passwords', '--level', 'medium', password=FILE_PASSWORD, status=10)

        # A file with an empty password, and one with none, ask for nothing but the keyset's.
        empty = self.files.export('empty.p12', 'dual', password='')
        self.assertEqual(len(self.bring(empty, 'Empty', password=PASSWORD)['ids']), 2)
        plain = self.files.join('plain.pem', 'dual.key', 'dual.pem')
        self.assertIn('Warning: the file protects the keys badly', signetctl('import', plain, '--keyset', 'Plain',
                                                                            password=PASSWORD))

    def test_key_beside_certificate(self):
        self.files.run('openssl', 'pkcs8', '-topk8', '-in', 'signing.key', '-outform', 'DER', '-out', 'signing.p8',
                       '-passout', f'pass:{FILE_PASSWORD}')
        key = self.files.path('signing.p8')
        self.assertIn('certificate of the private key is missing', self.bring(key, 'Beside', status=10))
        made = self.bring(key, 'Beside', '--with', self.files.path('signing.pem'), '--with',
                          self.files.path('root.pem'))
        self.assertEqual(uses(made), [('signing', True)])
        self.assertIn('no private key', self.bring(self.files.path('signing.pem'), 'Beside 2', status=10))

    def test_key_history(self):
        """Expired encryption IDs open old mail; the newest is the one for new mail."""
        both = self.files.join('both.pem', 'old.key', 'encryption.key', 'signing.key', 'past.key', 'past.pem',
                               'root.pem', 'old.pem', 'encryption.pem', 'signing.pem')
        made = self.bring(both, 'History', password=PASSWORD)
        self.assertEqual(uses(made), [('encryption', False), ('encryption', True), ('signing', True)])
        current = [held for held in made['ids'] if held['current'] and held['use'] == 'encryption'][0]
        old = [held for held in made['ids'] if not held['current']][0]
        self.assertGreater(current['not-after'], old['not-after'])
        self.assertEqual(opens('History'), 3)

        # Alone, the expired one makes a keyset; in one with a present ID it goes into the history.
        alone = self.files.export('old.p12', 'old')
        self.assertEqual(uses(self.bring(alone, 'Old alone')), [('encryption', True)])
        self.bring(self.files.export('encryption.p12', 'encryption'), 'Grown')
        self.bring(alone, 'Grown', password=f'{FILE_PASSWORD}\nnot it', status=3)
        grown = self.bring(alone, 'Grown')
        self.assertEqual(uses(grown), [('encryption', False), ('encryption', True)])
        self.assertEqual(opens('Grown'), 2)

    def test_not_for_mail(self):
        self.assertIn('not for mail', self.bring(self.files.export('web.p12', 'web'), 'Web', status=8))
        self.assertIn('expired', self.bring(self.files.export('past.p12', 'past'), 'Past', status=13))
        self.files.run('openssl', 'pkcs12', '-export', '-inkey', 'root.key', '-in', 'root.pem', '-out', 'root.p12',
                       '-passout', f'pass:{FILE_PASSWORD}')
        self.assertIn('authority', self.bring(self.files.path('root.p12'), 'Root', status=8))
        mixed = self.files.join('mixed.pem', 'web.key', 'web.pem', 'dual.key', 'dual.pem')
        self.assertIn('1 key was left out', signetctl('import', mixed, '--keyset', 'Mixed', password=PASSWORD))

    def test_wrong_files(self):
        self.bring('/nonexistent', 'Nothing', status=10)
        self.bring('/etc/hostname', 'Nothing', status=8)
        whole = self.files.export('whole.p12', 'dual')
        data = self.files.read('whole.p12')
        with open(self.files.path('cut.p12'), 'wb') as file:
            file.write(data[:-100])
        self.bring(self.files.path('cut.p12'), 'Nothing', status=8)
        middle = len(data) // 2
        with open(self.files.path('bent.p12'), 'wb') as file:
            file.write(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1:])
        self.assertIn('changed or damaged', self.bring(self.files.path('bent.p12'), 'Nothing', status=8))
        signetctl('show', 'Nothing', status=10)
        self.bring(whole, 'x' * 301, status=8)
        self.bring(whole, 'Smörgås, “бутерброд” 🥪')


class RequestTest(FilesTest):
    """A certification request as a file, for authorities that openssl and certtool play."""

    def ask(self, name, *more, **options):
        options.setdefault('password', PASSWORD)
        made = signetctl('request', 'asa@example.org', '--keyset', name, '--output', self.files.path(f'{name}.csr'),
                         '--json', *more, **options)
        if not options.get('status'):
            self.assertEqual((made['state'], made['keyset']), ('certificate', name))
        return made

    def issue(self, name, *more, extensions='dual', days=300):
        self.files.serial += 1
        self.files.run('openssl', 'x509', '-req', '-in', f'{name}.csr', '-CA', 'root.pem', '-CAkey', 'root.key',
                       '-set_serial', str(self.files.serial), '-days', str(days), '-extfile', 'settings', '-extensions',
                       extensions, '-out', f'{name}.pem', *more)
        return self.files.path(f'{name}.pem')

    def waiting(self):
        return [held['keyset'] for held in signetctl('pending', '--json')['pending']]

    def test_openssl(self):
        made = self.ask('High', '--name', 'Åsa, “the” Example 🥪')
        self.assertFalse(looks_readable(made))
        self.files.run('openssl', 'req', '-in', 'High.csr', '-verify', '-noout')
        text = self.files.run('openssl', 'req', '-in', 'High.csr', '-text', '-noout', '-nameopt', 'utf8,sep_comma_plus')
        for part in ('email:asa@example.org', 'Digital Signature, Key Encipherment', 'E-mail Protection', '3072 bit',
                     'sha256WithRSA', 'Åsa'):
            self.assertIn(part, text)
        self.assertIn('asa@example.org', self.files.run('certtool', '--crq-info', '--infile', 'High.csr'))
        self.assertIn('High', self.waiting())

        # What is not what was asked for is refused, without a password, and the request waits on.
        self.issue('High', extensions='web')
        self.assertIn('names no mail address', signetctl('open', self.files.path('High.pem'), status=5))
        self.issue('High', days=-1)
        self.assertIn('expired', signetctl('open', self.files.path('High.pem'), status=13))
        self.files.make('stranger', 'dual')
        self.assertIn('No request', signetctl('open', self.files.path('stranger.pem'), status=5))

        path = self.issue('High')
        self.files.run('openssl', 'crl2pkcs7', '-nocrl', '-certfile', 'High.pem', '-certfile', 'root.pem', '-out',
                       'High.p7b')
        signetctl('open', self.files.path('High.p7b'), password='not it', status=3)
        keyset = signetctl('open', self.files.path('High.p7b'), '--json', password=PASSWORD)
        self.assertEqual((keyset['name'], keyset['level'], uses(keyset)),
                         ('High', 'high', [('encryption', True), ('signing', True)]))
        self.assertEqual(opens('High'), 2)
        self.assertNotIn('High', self.waiting())
        self.assertIn('No request', signetctl('open', path, status=5))

        # A second one into the same keyset asks for its password; the new one becomes the current one.
        self.ask('High', '--force', password='not it', status=3)
        self.ask('High', '--force')
        self.issue('High', days=100)
        self.files.run('openssl', 'x509', '-in', 'High.pem', '-outform', 'DER', '-out', 'High.cer')
        again = signetctl('open', self.files.path('High.cer'), '--json', password=PASSWORD)
        self.assertEqual(uses(again), [('encryption', False), ('encryption', True), ('signing', True)])
        self.assertEqual(opens('High'), 3)

    def test_certtool(self):
        self.assertTrue(looks_readable(self.ask('Low', '--level', 'low', password=None)))
        with open(self.files.path('template'), 'w', encoding='utf-8') as file:
            file.write('cn = "Asa"\nemail = "asa@example.org"\nsigning_key\nencryption_key\nemail_protection_key\n'
                       'expiration_days = 300\n')
        self.files.run('certtool', '--generate-certificate', '--load-request', 'Low.csr', '--load-ca-certificate',
                       'root.pem', '--load-ca-privkey', 'root.key', '--template', 'template', '--outfile', 'Low.pem')
        self.files.join('chain.pem', 'root.pem', 'Low.pem')
        self.files.run('certtool', '--p7-generate', '--load-certificate', 'chain.pem', '--outder', '--outfile',
                       'Low.p7b')
        keyset = signetctl('open', self.files.path('Low.p7b'), '--json')
        self.assertEqual((keyset['level'], uses(keyset)), ('low', [('encryption', True), ('signing', True)]))
        self.assertEqual({held['authority'] for held in keyset['ids']}, {'Example Root'})
        self.assertEqual(opens('Low'), 2)

    def test_refused(self):
        for name in ('x' * 65, 'a\nb', ''):
            self.ask('Refused', '--name', name, status=8)
        signetctl('request', 'no address', '--output', self.files.path('no.csr'), password=PASSWORD, status=8)
        self.ask('r' * 301, status=8)
        self.ask('Refused', '--name', '‮' + 'é' * 63)
        self.files.run('openssl', 'req', '-in', 'Refused.csr', '-verify', '-noout')
        removed = next(held['id'] for held in signetctl('pending', '--json')['pending'] if held['keyset'] == 'Refused')
        path = self.issue('Refused')
        signetctl('pending', '--remove', removed)
        self.assertIn('No request', signetctl('open', path, status=5))


class ExportTest(FilesTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.files.make('ec', 'signing', key='ec')
        path = cls.files.join('whole.pem', 'ec.key', 'ec.pem', 'encryption.key', 'encryption.pem', 'old.key', 'old.pem',
                              'root.pem')
        cls.made = signetctl('import', path, '--keyset', 'Asa, “Åsa” 🥪', '--json', password=PASSWORD)
        cls.name = cls.made['name']

    def write(self, target, output, *more, **options):
        options.setdefault('password', f'{PASSWORD}\n{FILE_PASSWORD}')
        path = self.files.path(output)
        said = signetctl('export', self.name, '--for', target, '--output', path, *more, **options)
        if not options.get('status'):
            self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        return said

    def nss(self, path):
        """How many private keys NSS takes from it."""
        folder = tempfile.mkdtemp(dir=self.files.folder)
        self.files.run('certutil', '-N', '-d', folder, '--empty-password')
        self.files.run('pk12util', '-d', folder, '-i', path, '-W', FILE_PASSWORD)
        return self.files.run('certutil', '-K', '-d', folder).count('>')

    def gpgsm(self, path):
        """Which private keys GnuPG takes from it, and what it says."""
        home = tempfile.mkdtemp(prefix='signet-gpg-')          # sockets in there: not a long path
        self.addCleanup(shutil.rmtree, home, ignore_errors=True)
        self.addCleanup(subprocess.run, ['gpgconf', '--homedir', home, '--kill', 'all'], check=False)
        reader, writer = os.pipe()
        os.write(writer, b'for GnuPG')
        os.close(writer)
        done = subprocess.run(['gpgsm', '--homedir', home, '--batch', '--disable-dirmngr', '--pinentry-mode',
                               'loopback', '--passphrase-fd', str(reader), '--import', path], pass_fds=(reader,),
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=DEADLINE,
                              check=False)
        os.close(reader)
        listed = subprocess.run(['gpgsm', '--homedir', home, '--list-secret-keys', '--with-colons'], text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=DEADLINE, check=False).stdout
        return listed, done.stdout

    def counts(self, path):
        """How many keys and certificates openssl and certtool see, each behind enough rounds; what openssl says."""
        text = self.files.run('openssl', 'pkcs12', '-in', path, '-passin', f'pass:{FILE_PASSWORD}', '-noenc', '-info')
        rounds = [int(word) for word in re.findall(r'Iteration (\d+)', text)]
        self.assertTrue(rounds and all(count >= 600000 for count in rounds), rounds)
        found = text.count('BEGIN PRIVATE KEY'), text.count('BEGIN CERTIFICATE')
        other = self.files.run('certtool', '--p12-info', '--inder', '--password', FILE_PASSWORD, '--infile', path)
        self.assertEqual((other.count('BEGIN ENCRYPTED PRIVATE KEY'), other.count('BEGIN CERTIFICATE')), found)
        return found, text

    def test_targets(self):
        for target in ('thunderbird', 'openssl', 'windows', 'macos'):
            with self.subTest(target):
                self.write(target, f'{target}.p12')
                path = self.files.path(f'{target}.p12')
                found, text = self.counts(path)
                self.assertEqual(found, (3, 4))
                self.assertEqual(self.nss(path), 3)
                old = target in ('windows', 'macos')
                self.assertEqual('3-KeyTripleDES' in text and 'MAC: sha1' in text, old)
                self.assertEqual('AES-256-CBC' in text and 'MAC: sha256' in text, not old)

                # And back: the same IDs, under the name that they had.
                again = signetctl('import', path, '--json', password=f'{FILE_PASSWORD}\n{PASSWORD}')
                self.assertTrue(again['name'].startswith(self.name))
                self.assertEqual([(held['fingerprint'], held['current']) for held in again['ids']],
                                 [(held['fingerprint'], held['current']) for held in self.made['ids']])

    def test_gnupg(self):
        self.write('gnupg', 'gnupg.p12', status=8)            # it guesses at the letters of other passwords
        self.write('gnupg', 'gnupg.p12', password=f'{PASSWORD}\nfor GnuPG')
        listed, said = self.gpgsm(self.files.path('gnupg.p12'))
        self.assertIn('secret keys imported: 1', said)
        self.assertIn('asa@example.org', listed)
        fingerprint = self.files.run('openssl', 'x509', '-in', 'encryption.pem', '-noout', '-fingerprint', '-sha1')
        self.assertIn(fingerprint.strip().split('=')[1].replace(':', ''), listed)
        self.assertIn('only RSA', self.write('gnupg', 'ec.p12', '--use', 'signing',
                                             password=f'{PASSWORD}\nfor GnuPG', status=8))
        self.assertFalse(os.path.exists(self.files.path('ec.p12')))

    def test_remove(self):
        """The keyset leaves when the whole of it is in the file, and not before."""
        signetctl('import', self.files.export('leaves.p12', 'encryption'), '--keyset', 'Leaves',
                  password=f'{FILE_PASSWORD}\n{PASSWORD}')
        output = self.files.path('left.p12')
        both = f'{PASSWORD}\n{FILE_PASSWORD}'
        for more in (('--for', 'gnupg'), ('--certificates',), ('--for', 'openssl', '--use', 'encryption'),
                     ('--for', 'openssl', '--current')):
            signetctl('export', 'Leaves', '--remove', '--output', output, *more, password=both, status=2)
        self.assertFalse(os.path.exists(output))
        signetctl('export', 'Leaves', '--remove', '--for', 'thunderbird', '--output', output, password=both)
        signetctl('show', 'Leaves', status=10)
        self.assertEqual(self.counts(output)[0], (1, 2))

    def test_current(self):
        self.write('openssl', 'current.p12', '--current')
        self.assertEqual(self.counts(self.files.path('current.p12'))[0], (2, 3))

    def test_one_use(self):
        self.write('openssl', 'signing.p12', '--use', 'signing')
        self.assertEqual(self.counts(self.files.path('signing.p12'))[0], (1, 2))
        self.write('openssl', 'encryption.p12', '--use', 'encryption')
        self.assertEqual(self.counts(self.files.path('encryption.p12'))[0], (2, 3))

    def test_certificates(self):
        path = self.files.path('certificates.pem')
        signetctl('export', self.name, '--certificates', '--output', path)
        text = self.files.read('certificates.pem').decode()
        self.assertEqual(text.count('BEGIN CERTIFICATE'), 4)
        self.assertNotIn('PRIVATE', text)
        self.assertIn('OK', self.files.run('openssl', 'verify', '-CAfile', 'root.pem', path))

    def test_existing_file(self):
        path = self.files.path('there.p12')
        with open(path, 'w', encoding='utf-8') as file:
            file.write('mine')
        before = set(os.listdir(self.files.folder))
        self.write('openssl', 'there.p12', status=10)
        self.assertEqual(self.files.read('there.p12'), b'mine')
        self.write('openssl', 'there.p12', '--force')
        self.assertEqual(self.counts(path)[0], (3, 4))
        self.assertEqual(set(os.listdir(self.files.folder)), before)

    def test_refused(self):
        before = set(os.listdir(self.files.folder))
        self.write('openssl', 'not.p12', password=f'not it\n{FILE_PASSWORD}', status=3)
        self.write('openssl', 'not.p12', password=f'{PASSWORD}\n\n', status=1)
        self.write('pgp', 'not.p12', status=2)
        self.write('openssl', 'not.p12', '--use', 'cooking', status=2)
        self.write('openssl', 'no folder/not.p12', status=10)
        signetctl('export', self.name, '--for', 'openssl', password=PASSWORD, status=2)
        signetctl('export', 'Nobody', '--for', 'openssl', '--output', self.files.path('not.p12'), status=10)
        self.assertEqual(set(os.listdir(self.files.folder)), before)


class BackupTest(FilesTest):
    """All keysets in one file, and back on a second computer, which is another session with a keyring of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        path = cls.files.join('all.pem', 'signing.key', 'signing.pem', 'encryption.key', 'encryption.pem', 'old.key',
                              'old.pem', 'root.pem')
        for level in ('high', 'medium', 'low'):
            signetctl('import', path, '--keyset', f'At {level}', '--level', level,
                      password=PASSWORD if level == 'high' else None)
        cls.made = cls.listed()
        cls.backup = cls.files.path('backup')
        signetctl('backup', '--output', cls.backup, password=FILE_PASSWORD)

    @staticmethod
    def listed():
        return {keyset['name']: keyset for keyset in signetctl('list', '--json')['keysets']}

    @staticmethod
    def restore(path, password=FILE_PASSWORD, **options):
        return signetctl('restore', path, '--json', password=password, **options)

    def test_second_computer(self):
        self.assertEqual(stat.S_IMODE(os.stat(self.backup).st_mode), 0o600)
        self.assertFalse(any(sign in self.files.read('backup') for sign in READABLE))
        with Desktop(display=False):
            done = self.restore(self.backup)
            self.assertEqual({fate: len(done[fate]) for fate in done},
                             {'restored': 3, 'same': 0, 'different': 0, 'name-taken': 0})
            self.assertEqual(self.listed(), self.made)           # ids, names, levels, history: as they were
            for level in ('high', 'medium', 'low'):
                self.assertEqual(opens(f'At {level}'), 3)

            # Once more, and with one changed and one replaced meanwhile: nothing that is here is touched.
            self.assertEqual(len(self.restore(self.backup)['same']), 3)
            signetctl('level', 'At low', 'medium')
            signetctl('remove', 'At medium', '--yes')
            signetctl('import', self.files.path('all.pem'), '--keyset', 'at MEDIUM', '--level', 'low')
            before = self.listed()
            said = signetctl('restore', self.backup, password=FILE_PASSWORD, status=10)
            self.assertIn('At high: here already', said)
            self.assertIn('At low: not restored; the one here differs', said)
            self.assertIn('At medium: not restored; another keyset has this name', said)
            self.assertEqual(self.listed(), before)
            signetctl('remove', 'At medium', '--yes')
            signetctl('remove', 'At low', '--yes')
            self.assertEqual(len(self.restore(self.backup)['restored']), 2)
            self.assertEqual(self.listed(), self.made)
        self.assertEqual(self.listed(), self.made)

    def test_killed(self):
        """In the middle of it: what is there is whole, and a second run brings the rest."""
        with Desktop(display=False):
            for fault, count in (('client:before-restore', 0), ('client:restored', 1)):
                self.restore(self.backup, status=-signal.SIGKILL, environment={'SIGNET_FAULT': fault})
                self.assertEqual(len(self.listed()), count)
            self.restore(self.backup)
            self.assertEqual(self.listed(), self.made)

    def test_refused(self):
        data = self.files.read('backup')
        with Desktop(display=False):
            self.assertIn('not the password', self.restore(self.backup, password='not it', status=3))
            for name, content, status in (('cut', data[:-1], 8), ('bent', data[:300] + b'\0\1\2' + data[303:], 8),
                                          ('other', b'SIGNETKS' + data[8:], 8), ('empty', b'', 8)):
                with open(self.files.path(name), 'wb') as file:
                    file.write(content)
                self.restore(self.files.path(name), status=status)
            self.restore('/nonexistent', status=10)
            self.assertEqual(self.listed(), {})
            signetctl('backup', '--output', self.files.path('nothing'), password=FILE_PASSWORD, status=10)
        signetctl('backup', '--output', self.backup, password=FILE_PASSWORD, status=10)
        signetctl('backup', password=FILE_PASSWORD, status=2)
        self.assertEqual(self.files.read('backup'), data)
        self.assertFalse(os.path.exists(self.files.path('nothing')))


if __name__ == '__main__':
    unittest.main()
