#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Does a desktop on which Signet is installed do the right thing with the files and links that come by mail?

    tests/desktop_integration.py FILE.desktop… TYPES.xml

Lays the built files beside those of a mail program, lets the desktop's tools make their databases, and asks GIO.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

FILES = sys.argv[1:]
SIGNET = 'io.github.signetmail.Signet.desktop'
SIGNET_FOR_MESSAGES = 'z-signet-open-message.desktop'
MAIL_PROGRAM = 'thunderbird.desktop'

ASK = """
import sys
from gi.repository import Gio
kind = sys.argv[1]
file = Gio.File.new_for_path(kind)
if file.query_exists():
    kind = file.query_info('standard::content-type', 0).get_content_type()
print(kind)
for program in Gio.AppInfo.get_all_for_type(kind):
    print(program.get_id())
"""


class DesktopIntegration(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix='signet-installed.')
        cls.share, cls.bin = f'{cls.folder.name}/share', f'{cls.folder.name}/bin'
        applications, types = f'{cls.share}/applications', f'{cls.share}/mime/packages'
        for folder in (applications, types, cls.bin):
            os.makedirs(folder)
        for file in [*FILES, '/usr/share/mime/packages/freedesktop.org.xml']:
            shutil.copy(file, types if file.endswith('.xml') else applications)
        with open(f'{applications}/{MAIL_PROGRAM}', 'w', encoding='utf-8') as file:
            file.write('[Desktop Entry]\nType=Application\nName=Mail\nExec=true %f\nMimeType=message/rfc822;\n')
        # GIO leaves out what cannot be started.
        os.symlink('/bin/true', f'{cls.bin}/signet')
        subprocess.run(['update-desktop-database', applications], check=True)
        subprocess.run(['update-mime-database', f'{cls.share}/mime'], check=True)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def ask(self, kind):
        """The type of a file, then the programs for it, first the one that opens it."""
        environment = {**os.environ, 'XDG_DATA_DIRS': self.share, 'XDG_DATA_HOME': f'{self.folder.name}/home',
                       'XDG_CONFIG_HOME': f'{self.folder.name}/home', 'XDG_CONFIG_DIRS': f'{self.folder.name}/none',
                       'PATH': f'{self.bin}:{os.environ["PATH"]}'}
        answer = subprocess.run([sys.executable, '-c', ASK, kind], check=True, env=environment, stdout=subprocess.PIPE,
                                text=True).stdout.split('\n')
        return answer[0], answer[1:-1]

    def ask_about_file(self, name, content):
        path = f'{self.folder.name}/{name}'
        with open(path, 'w', encoding='utf-8') as file:
            file.write(content)
        return self.ask(path)

    def test_reply(self):
        self.assertEqual(self.ask_about_file('digital-id.signet-reply', 'MIIB'),
                         ('application/vnd.signet.reply', [SIGNET]))

    def test_invitation(self):
        self.assertEqual(self.ask_about_file('asa.signet-invitation', '{"signet-invitation": 1}'),
                         ('application/vnd.signet.invitation', [SIGNET]))

    def test_link(self):
        self.assertEqual(self.ask('x-scheme-handler/signet'), ('x-scheme-handler/signet', [SIGNET]))

    def test_message_stays_with_the_mail_program(self):
        self.assertEqual(self.ask_about_file('reply.eml', 'From: a@example.org\n\nHello.\n'),
                         ('message/rfc822', [MAIL_PROGRAM, SIGNET_FOR_MESSAGES]))


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1], verbosity=2)
