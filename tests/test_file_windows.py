#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The windows for files: digital IDs of other programs come in, and go out. What is stored is looked at from outside,
with signetctl, and what is written with the other programs."""

import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from authority import DEADLINE, program   # noqa: E402
from driver import State, has, press   # noqa: E402
from story import open_with_signet   # noqa: E402
from test_files import Files, opens, uses   # noqa: E402
from test_signetctl import PASSWORD, signetctl   # noqa: E402
from window_test import WindowTest, big_text_right_to_left, in_desktop   # noqa: E402

APPLICATION = 'io.github.signetmail.Signet'
PROMPT = 'Export “Work”'
PLAIN = 'of the file'       # what can be typed, and what old GnuPG reads


class FileWindowsTest(WindowTest):
    def files(self, *names):
        files = Files()
        self.addCleanup(shutil.rmtree, files.folder)
        for name in names:
            files.make(name, name)
        return files

    def open(self, signet, path, title='Import a Digital ID'):
        """As a file manager does."""
        open_with_signet(path)
        signet.window(title)

    def unlock(self, signet, password=PLAIN):
        signet.find('heading', 'Password of the file')
        signet.type('password text', 'Password', password)
        press('Return')

    def finish(self, signet, title='Import a Digital ID'):
        signet.says('Your digital ID is ready')
        signet.click('push button', 'Done')
        signet.window_gone(title)

    def protect(self, signet, name=None, password=PASSWORD):
        """From the offer to the end, at High."""
        signet.click('push button', 'Continue')
        signet.says('How should this ID be protected?')
        signet.click('push button', 'Continue')
        if name:
            signet.type('text', 'Password for', name)
        signet.type('password text', 'Password', password)
        signet.type('password text', 'Confirm', password)
        signet.click('push button', 'Save Digital ID')
        self.finish(signet)

    # Import

    @in_desktop()
    def test_import(self):
        """A file of the last century, with an older key, becomes a keyset at High; then it is known again."""
        files = self.files('dual')
        files.make('old', 'encryption', days=-1)
        files.export('old.p12', 'old', password=PLAIN)
        files.join('both.pem', 'dual.key', 'dual.pem', 'old.key', 'old.pem')
        path = files.export('Asa’s ID.p12', 'dual', '-legacy', password=PLAIN)
        with self.signet(path) as signet:
            signet.window('Import a Digital ID')
            signet.find('heading', 'Password of the file')
            signet.says('“Asa’s ID.p12” is locked.')
            self.assertTrue(has(signet.find('password text', 'Password'), State.FOCUSED))
            self.assertFalse(has(signet.find('push button', 'Continue'), State.SENSITIVE))
            self.keep_picture(signet, 'file-password')
            self.unlock(signet, 'not it')
            signet.look('the refusal', 15, lambda: signet.find('password text', 'Password').get_description() ==
                        'That is not the password of the file.')
            self.keep_picture(signet, 'file-password-wrong')
            self.unlock(signet)
            signet.says('There is a digital ID in this file')
            for title, text in (('Asa', 'Issued by Example Root'), ('Mail address', 'asa@example.org'),
                                ('It brings', 'A signing ID and an encryption ID')):
                self.assertEqual(signet.find('list item', title).get_description(), text)
            self.assertIn('protects the keys badly', signet.find('list item', 'Please note').get_description())
            self.keep_picture(signet, 'file-offer')
            self.protect(signet)
            made = signetctl('show', 'dual', '--json')
            self.assertEqual((made['level'], uses(made)), ('high', [('encryption', True), ('signing', True)]))
            self.assertEqual(opens('dual'), 2)

            self.open(signet, path)
            self.unlock(signet)
            signet.says('These digital IDs are here already')
            signet.says('The keyset “dual” has these digital IDs already. Nothing more needs to be done.')
            self.keep_picture(signet, 'file-here-already')
            signet.click('push button', 'Close')

            # The older key comes in another file, without a password, into the keyset that is there.
            self.open(signet, files.path('both.pem'))
            self.assertEqual(signet.find('list item', 'It brings').get_description(),
                             'A signing ID, an encryption ID, and 1 older key for old mail')
            self.keep_picture(signet, 'file-offer-older')
            signet.click('push button', 'Continue')
            signet.says('How should this ID be protected?')
            signet.click('push button', 'Continue')
            signet.click('radio button', 'Use the password of keyset')
            signet.type('password text', 'Password', PASSWORD)
            press('Return')
            self.finish(signet)
            self.assertEqual(opens('dual'), 3)

    @in_desktop()
    def test_import_of_each_program(self):
        """What certtool, NSS and GnuPG write, at a level below High; named as in the file, or after the address."""
        files = self.files('dual')
        common = files.export('common.p12', 'dual', '-legacy', password=PLAIN)
        files.run('certtool', '--to-p12', '--load-privkey', 'dual.key', '--load-certificate', 'dual.pem', '--outder',
                  '--p12-name', 'From GnuTLS', '--password', PLAIN, '--outfile', 'certtool.p12')
        nss = tempfile.mkdtemp(dir=files.folder)
        files.run('certutil', '-N', '-d', nss, '--empty-password')
        files.run('pk12util', '-d', nss, '-i', common, '-W', PLAIN)
        files.run('pk12util', '-d', nss, '-o', 'nss.p12', '-n', 'dual', '-W', PLAIN)
        self.write_with_gnupg(files, common, 'gnupg.p12')
        with self.signet(hashes=True) as signet:
            signet.says('No digital IDs yet')
            for number, name in enumerate(('certtool', 'nss', 'gnupg')):
                if number == 0:
                    signet.click('push button', 'I have a file')
                    signet.choose_file(files.path('certtool.p12'), 'Open a File')
                    signet.window('Import a Digital ID')
                else:
                    self.open(signet, files.path(f'{name}.p12'))
                self.unlock(signet)
                signet.says('There is a digital ID in this file')
                signet.click('push button', 'Continue')
                signet.click('radio button', 'Low')
                signet.type('text', 'Keyset name', name)
                signet.click('push button', 'Save Digital ID')
                self.finish(signet)
                made = signetctl('show', name, '--json')
                self.assertEqual((made['level'], uses(made)), ('low', [('encryption', True), ('signing', True)]))
                signetctl('remove', name, '--yes')

    def write_with_gnupg(self, files, path, name):
        home = tempfile.mkdtemp(prefix='signet-gpg-')          # sockets in there: not a long path
        self.addCleanup(shutil.rmtree, home, ignore_errors=True)
        self.addCleanup(subprocess.run, ['gpgconf', '--homedir', home, '--kill', 'all'], check=False)
        gpgsm = ('gpgsm', '--homedir', home, '--batch', '--yes', '--disable-dirmngr', '--pinentry-mode', 'loopback',
                 '--passphrase-fd', '0')
        password = PLAIN.encode()
        files.run(*gpgsm, '--import', path, stdin=password)
        listed = files.run(*gpgsm, '--list-secret-keys', '--with-colons', stdin=password)
        key = next(line.split(':')[9] for line in listed.splitlines() if line.startswith('fpr:'))
        files.run(*gpgsm, '--output', name, '--export-secret-key-p12', key, stdin=password)

    @in_desktop()
    def test_import_refused(self):
        """What cannot be taken is said on a page, with one way on; nothing is stored."""
        files = self.files('dual', 'web')
        files.export('web.p12', 'web', password=PLAIN)
        files.run('openssl', 'pkcs12', '-export', '-nokeys', '-in', 'dual.pem', '-out', 'no-key.p12', '-passout',
                  f'pass:{PLAIN}')
        whole = files.export('whole.p12', 'dual', password=PLAIN)
        with open(files.path('cut.p12'), 'wb') as cut:
            cut.write(files.read('whole.p12')[:1000])
        with open(files.path('damaged.p12'), 'wb') as damaged:
            data = bytearray(files.read('whole.p12'))
            data[len(data) // 2] ^= 1
            damaged.write(data)
        with self.signet() as signet:
            signet.says('No digital IDs yet')
            for name, title, sentence, button in (
                    ('web.p12', 'Signet cannot use this file', 'is not for mail', 'Close'),
                    ('no-key.p12', 'Something is missing in this file', 'There is no private key', 'Add a File…'),
                    ('cut.p12', 'This file cannot be read', 'it is not whole', 'Close'),
                    ('damaged.p12', 'This file is damaged', 'changed or damaged', 'Close')):
                self.open(signet, files.path(name))
                if name != 'cut.p12':
                    self.unlock(signet)
                signet.find('heading', title)
                signet.look(sentence, 15, lambda sentence=sentence: any(
                    sentence in label.get_name() for label in signet.find_all('label')))
                signet.find('push button', button)
                self.keep_picture(signet, f'file-refused-{name}')
                press('Escape')
                signet.window_gone('Import a Digital ID')

            # The key and its certificate lie in two files.
            self.open(signet, files.path('dual.key'))
            signet.find('heading', 'Something is missing in this file')
            signet.click('push button', 'Add a File…')
            signet.choose_file(files.path('dual.pem'), 'Add a File')
            signet.window('Import a Digital ID')
            signet.says('There is a digital ID in this file')
            press('Escape')
            signet.window_gone('Import a Digital ID')
            self.assertEqual(signetctl('list', '--json')['keysets'], [])
        self.assertTrue(os.path.exists(whole))

    @in_desktop()
    def test_slow_file(self):
        """A file that asks for as much hashing as it may: that shows, and can be cancelled."""
        files = self.files('dual')
        path = files.export('slow.p12', 'dual', '-iter', '5000000', password=PLAIN)
        with self.signet(path, hashes=True) as signet:
            signet.window('Import a Digital ID')
            signet.find('heading', 'Password of the file', deadline=DEADLINE)
            signet.type('password text', 'Password', PLAIN)
            press('Return')
            signet.says('Opening the file…')
            self.keep_picture(signet, 'file-slow')
            signet.click('push button', 'Cancel')
            signet.gone('label', 'Opening the file…')
            self.assertTrue(has(signet.find('push button', 'Continue'), State.SENSITIVE))
            press('Escape')
            signet.window_gone('Import a Digital ID')

    # Export

    def export(self, signet, target, path, *, password=PLAIN, prompt=PASSWORD):
        """From the keyset's menu to the file."""
        signet.click('toggle button', 'More about this keyset')
        signet.click(None, 'Export…')
        signet.window('Export')
        signet.click('radio button', target)
        if target == 'Certificates alone':
            signet.click('push button', 'Export…')
        else:
            signet.click('push button', 'Continue')
            signet.find('heading', 'A password for the file')
            signet.type('password text', 'Password for the file', password)
            signet.type('password text', 'Confirm', password)
            press('Return')
        signet.choose_file(path, 'Save the File')
        if prompt:
            signet.window(PROMPT)
            signet.type('password text', 'Password', prompt)
            press('Return')
        signet.window_gone('Export')

    def in_pkcs12(self, files, name):
        """How many keys and certificates openssl, and how many keys NSS, take from it."""
        text = files.run('openssl', 'pkcs12', '-in', name, '-passin', f'pass:{PLAIN}', '-noenc')
        folder = tempfile.mkdtemp(dir=files.folder)
        files.run('certutil', '-N', '-d', folder, '--empty-password')
        files.run('pk12util', '-d', folder, '-i', name, '-W', PLAIN)
        return (text.count('BEGIN PRIVATE KEY'), text.count('BEGIN CERTIFICATE'),
                files.run('certutil', '-K', '-d', folder).count('>'))

    @in_desktop()
    def test_export(self):
        """For each program what it reads; with the keyset's password; and at last the keyset leaves."""
        files = self.files('dual')
        files.make('old', 'encryption', days=-1)
        path = files.join('both.pem', 'dual.key', 'dual.pem', 'old.key', 'old.pem', 'root.pem')
        signetctl('import', path, '--keyset', 'Work', password=PASSWORD)
        with self.signet(hashes=True) as signet:
            signet.click('list item', 'Work')
            signet.find('list item', 'Signing')
            signet.click('toggle button', 'More about this keyset')
            signet.click(None, 'Export…')
            signet.window('Export')
            signet.find('heading', 'Export “Work” for which program?')
            self.assertTrue(has(signet.find('radio button', 'Thunderbird'), State.CHECKED, State.FOCUSED))
            self.keep_picture(signet, 'export-target')
            signet.click('push button', 'Continue')
            signet.find('heading', 'A password for the file')
            self.assertEqual(signet.find('list item', 'Remove the keyset here afterwards').get_description(),
                             'This takes 2 digital IDs and 1 older key out of Signet, once the file has been read back '
                             'and opened. The file is then all that you have.')
            signet.type('password text', 'Password for the file', PLAIN)
            signet.type('password text', 'Confirm', 'another')
            self.assertFalse(has(signet.find('push button', 'Export…'), State.SENSITIVE))
            self.keep_picture(signet, 'export-password')
            signet.type('password text', 'Confirm', PLAIN)
            press('Return')
            signet.choose_file(files.path('thunderbird.p12'), 'Save the File')
            signet.window(PROMPT)
            self.keep_picture(signet, 'export-prompt')
            press('Escape')
            signet.window('Export')
            signet.says('Cancelled. Nothing was changed.')
            self.assertFalse(os.path.exists(files.path('thunderbird.p12')))
            press('Escape')
            signet.window_gone('Export')

            self.export(signet, 'Thunderbird', files.path('thunderbird.p12'))
            signet.says('“Work” was exported')
            self.assertEqual(self.in_pkcs12(files, 'thunderbird.p12'), (2, 3, 2))
            self.assertEqual(stat.S_IMODE(os.stat(files.path('thunderbird.p12')).st_mode), 0o600)
            self.export(signet, 'GnuPG', files.path('gnupg.p12'))
            self.assertEqual(self.read_with_gnupg(files, 'gnupg.p12'), '1')
            self.export(signet, 'Certificates alone', files.path('certificates.pem'), prompt=None)
            text = files.read('certificates.pem').decode()
            self.assertEqual((text.count('BEGIN CERTIFICATE'), text.count('PRIVATE')), (3, 0))
            files.run('certtool', '--certificate-info', '--infile', 'certificates.pem')

            signet.click('toggle button', 'More about this keyset')
            signet.click(None, 'Export…')
            signet.window('Export')
            signet.click('radio button', 'Another program, or another Signet')
            signet.click('list item', 'With the older keys')
            signet.click('push button', 'Continue')
            signet.look('that it cannot leave', 15, lambda: 'Not possible' in signet.find(
                'list item', 'Remove the keyset here afterwards').get_description())
            press('alt+Left')
            signet.click('list item', 'With the older keys')
            signet.click('push button', 'Continue')
            signet.click('list item', 'Remove the keyset here afterwards')
            signet.type('password text', 'Password for the file', PLAIN)
            signet.type('password text', 'Confirm', PLAIN)
            self.keep_picture(signet, 'export-remove')
            signet.click('push button', 'Export and Remove…')
            signet.choose_file(files.path('leaves.p12'), 'Save the File')
            signet.window(PROMPT)
            signet.type('password text', 'Password', PASSWORD)
            press('Return')
            signet.says('“Work” was exported, and removed here')
            signet.says('No digital IDs yet')
            signetctl('import', files.path('leaves.p12'), '--keyset', 'Back', password=f'{PLAIN}\n{PASSWORD}')
            self.assertEqual(opens('Back'), 3)

    def read_with_gnupg(self, files, name):
        home = tempfile.mkdtemp(prefix='signet-gpg-')
        self.addCleanup(shutil.rmtree, home, ignore_errors=True)
        self.addCleanup(subprocess.run, ['gpgconf', '--homedir', home, '--kill', 'all'], check=False)
        said = files.run('gpgsm', '--homedir', home, '--batch', '--disable-dirmngr', '--pinentry-mode', 'loopback',
                         '--passphrase-fd', '0', '--import', name, stdin=PLAIN.encode(), status=None)
        return re.search(r'secret keys imported: (\d+)', said)[1]

    # A request

    def ask(self, signet, name):
        """As far as the level."""
        signet.window('Ask a Public Authority')
        signet.find('heading', 'For whom?')
        self.assertFalse(has(signet.find('push button', 'Continue'), State.SENSITIVE))
        signet.type('text', 'Mail address', 'asa@example.org')
        signet.set_text('text', 'Your name', name)
        self.keep_picture(signet, 'request-facts')
        signet.click('push button', 'Continue')
        signet.says('How should this ID be protected?')

    def issue(self, files, request, *more):
        files.run('openssl', 'req', '-in', request, '-verify', '-noout')
        files.run('openssl', 'x509', '-req', '-in', request, '-CA', 'root.pem', '-CAkey', 'root.key', '-set_serial',
                  '77', '-days', '300', '-extfile', 'settings', '-extensions', 'dual', '-out', 'issued.pem')
        files.run('openssl', 'crl2pkcs7', '-nocrl', '-certfile', 'issued.pem', '-certfile', 'root.pem', '-out',
                  'issued.p7b')
        return files.path('issued.p7b')

    @in_desktop()
    def test_request(self):
        """A request goes out as a file, waits in the list, and its certificate comes back as another."""
        files = self.files()
        with self.signet() as signet:
            signet.says('No digital IDs yet')
            signet.click('push button', 'Get a Digital ID')
            signet.window('Get a Digital ID')
            self.keep_picture(signet, 'request-how')
            signet.click('list item', 'From a public authority')
            self.ask(signet, 'Åsa, “the” Example 🥪')
            signet.click('push button', 'Continue')
            signet.type('text', 'Password for', 'Public')
            signet.type('password text', 'Password', PASSWORD)
            signet.type('password text', 'Confirm', PASSWORD)
            signet.click('push button', 'Make the Request')
            signet.find('heading', 'Your request is ready')
            self.keep_picture(signet, 'request-ready')
            press('Escape')                              # it waits, and can be saved later
            signet.window_gone('Ask a Public Authority')
            signet.find('list item', 'Waiting for a certificate')
            self.keep_picture(signet, 'request-waits')
            signet.click('push button', 'Save Request…')
            signet.window('Ask a Public Authority')
            signet.click('push button', 'Save the File…')
            signet.choose_file(files.path('asa.csr'), 'Save the File')
            signet.find('heading', 'Your request is saved')
            self.keep_picture(signet, 'request-saved')
            signet.click('push button', 'Done')
            signet.window_gone('Ask a Public Authority')

            # Another one's certificate is shown, as it always was; one that is for nobody's mail is refused.
            files.make('stranger', 'dual')
            open_with_signet(files.path('stranger.pem'))
            signet.window('Asa')
            press('Escape')
            signet.window_gone('Asa')
            files.run('openssl', 'x509', '-req', '-in', 'asa.csr', '-CA', 'root.pem', '-CAkey', 'root.key', '-days',
                      '9', '-extfile', 'settings', '-extensions', 'web', '-out', 'web.pem', '-set_serial', '78')
            self.open(signet, files.path('web.pem'), 'Your Certificate')
            signet.find('heading', 'This certificate is for somebody else')
            signet.says('It names no mail address, and you asked for asa@example.org. Tell the authority; your request '
                        'is kept.')
            signet.click('push button', 'Close')
            signet.window_gone('Your Certificate')

            self.open(signet, self.issue(files, 'asa.csr'), 'Your Certificate')
            signet.find('heading', 'Password for “Public”')
            self.keep_picture(signet, 'request-password')
            signet.type('password text', 'Password', 'not it')
            press('Return')
            signet.look('the refusal', 15, lambda: signet.find('password text', 'Password').get_description() ==
                        'That is not the password.')
            signet.type('password text', 'Password', PASSWORD)
            press('Return')
            signet.find('heading', 'Your certificate is here')
            self.keep_picture(signet, 'request-offer')
            signet.click('push button', 'Continue')
            self.finish(signet, 'Your Certificate')
            made = signetctl('show', 'Public', '--json')
            self.assertEqual((made['level'], uses(made)), ('high', [('encryption', True), ('signing', True)]))
            self.assertEqual(opens('Public'), 2)
            signet.gone('list item', 'Waiting for a certificate')

            # A second one, at Low, is thrown away: with a warning.
            press('ctrl+n')
            signet.click('list item', 'From a public authority')
            self.ask(signet, '')
            signet.click('radio button', 'Low')
            signet.type('text', 'Keyset name', 'Other')
            signet.click('push button', 'Make the Request')
            signet.find('heading', 'Your request is ready')
            press('Escape')
            signet.click('toggle button', 'More about this request')
            signet.click(None, 'Remove Request…')
            signet.says('Its private key is lost with it: a certificate that still comes could not be used any more.')
            self.keep_picture(signet, 'request-remove')
            signet.click('push button', 'Remove Request')
            signet.gone('list item', 'Waiting for a certificate')
            self.assertEqual(signetctl('pending', '--json')['pending'], [])

    # Restore

    @in_desktop()
    def test_restore(self):
        """A backup shows what it would do, and does it; nothing that is here is touched."""
        path = os.path.join(os.environ['HOME'], 'ids.signet-backup')
        self.fill('keyset|Work|high|asa@example.org|700|2', 'keyset|Home|low|asa@home.example|23|0',
                  'keyset|Club|medium|asa@club.example|100|0', 'keyset|Choir|low|asa@choir.example|100|0')
        signetctl('backup', '--output', path, password=PLAIN)
        work = signetctl('show', 'Work', '--json')
        for name in ('Work', 'Club'):
            signetctl('remove', name, '--yes')
        signetctl('rename', 'Choir', 'Club')
        with self.signet(path) as signet:
            signet.window('Restore Keysets')
            signet.find('heading', 'Password of the backup')
            self.keep_picture(signet, 'restore-password')
            signet.type('password text', 'Password', 'not it')
            press('Return')
            signet.look('the refusal', 15, lambda: signet.find('password text', 'Password').get_description() ==
                        'That is not the password of the backup.')
            signet.type('password text', 'Password', PLAIN)
            press('Return')
            signet.find('heading', '1 keyset comes back')
            self.assertEqual({row.get_name(): row.get_description().split('\n')[-1]
                              for row in signet.find_all('list item', within=signet.window('Restore Keysets'))},
                             {'Work': 'Comes back', 'Home': 'Here already',
                              'Choir': 'Stays as it is here, where it differs',
                              'Club': 'Left out: another keyset here has this name'})
            self.keep_picture(signet, 'restore-list')
            signet.click('push button', 'Restore')
            signet.find('heading', '1 keyset is back')
            signet.says('3 keysets were not restored: what is here was left alone.')
            self.keep_picture(signet, 'restore-done')
            signet.click('push button', 'Done')
            signet.window_gone('Restore Keysets')
            signet.find('list item', 'Work')
            self.assertEqual(signetctl('show', 'Work', '--json'), work)

            # Once more, by the menu: there is nothing to do.
            signet.click('toggle button', 'Menu')
            signet.click(None, 'Restore Keysets…')
            signet.choose_file(path, 'Open a Backup')
            signet.window('Restore Keysets')
            signet.type('password text', 'Password', PLAIN)
            press('Return')
            signet.find('heading', 'Nothing comes back')
            signet.click('push button', 'Close')
            signet.window_gone('Restore Keysets')

            with open(path, 'r+b') as file:
                file.truncate(500)
            open_with_signet(path)
            signet.window('Restore Keysets')
            signet.type('password text', 'Password', PLAIN)
            press('Return')
            signet.find('heading', 'This backup is damaged')
            self.keep_picture(signet, 'restore-damaged')

    # Looks

    def look_at_all(self, suffix, **environment):
        """Each page once; found by their order, since the words are others."""
        files = self.files('dual')
        locked = files.export('a-long-name-that-somebody-has-given-to-a-file-of-keys.p12', 'dual', password=PLAIN)
        plain = files.join('plain.pem', 'dual.key', 'dual.pem')
        backup = files.path('ids.signet-backup')
        self.fill('keyset|Work|high|asa@example.org|700|2', 'keyset|Home|low|asa@home.example|23|0')
        signetctl('backup', '--output', backup, password=PLAIN)
        signetctl('request', 'asa@example.org', '--keyset', 'Waits', '--level', 'low', '--output', files.path('a.csr'))
        with self.signet(**environment) as signet:
            main = signet.window()
            signet.find('list item', 'Work')
            for name, path in (('password', locked), ('offer', plain), ('restore', backup),
                               ('certificate', self.issue(files, 'a.csr'))):
                subprocess.run([program('signet'), path], check=True, timeout=DEADLINE)
                self.look_at_window(signet, main, f'file-{name}-{suffix}')
            signet.click('list item', 'Work')
            signet.click_node(signet.find_all('toggle button')[-1])
            signet.click(None, re.compile('^.?(E|ÉÉ)xp'))
            self.look_at_window(signet, main, f'file-export-{suffix}', 'Return')
            subprocess.run(['gapplication', 'action', APPLICATION, 'request'], check=True, timeout=DEADLINE)
            self.look_at_window(signet, main, f'file-request-{suffix}')

    def look_at_window(self, signet, main, name, key=None):
        window = signet.look('a window over the main one', 15, lambda: (active := signet.window()) != main and active)
        headings = signet.look('what was opened', 15, lambda: signet.find_all('heading', None, within=window))
        title = headings[0].get_name()
        self.keep_picture(signet, name)
        if key:
            press(key)
            signet.look('the next page', 15, lambda: signet.find('heading', None, within=window).get_name() != title)
            self.keep_picture(signet, f'{name}-2')
        press('Escape')
        signet.look('the window to close', 15, lambda: window not in signet.windows())

    @in_desktop(dark=True)
    def test_dark(self):
        self.look_at_all('dark')

    @in_desktop()
    def test_big_text_right_to_left(self):
        self.look_at_all('big-rtl', **big_text_right_to_left())


if __name__ == '__main__':
    import unittest
    unittest.main()
