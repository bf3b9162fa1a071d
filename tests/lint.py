#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Keeps the rules of the code that a compiler does not know: the layers of src/, where a library may be used, what is
translated, and the shape of files.

    tests/lint.py [--root FOLDER] [--write-potfiles]
    tests/lint.py --self-test

Says FILE:LINE: what is wrong, one a line, and exits with 1 if there was anything. The self-test breaks each rule on
purpose and wants it to be noticed.
"""

import argparse
import functools
import os
import re
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))

# Which folders of src/ the sources of a folder may include, besides their own.
LAYERS = {
    'base': [],
    'crypto': ['base'],
    'net': ['base'],
    'cert': ['base', 'crypto'],
    'protocol': ['base', 'crypto', 'cert'],
    'keyset': ['base', 'crypto', 'cert'],
    'revocation': ['base', 'crypto', 'net', 'cert', 'keyset'],
    'mail': ['base', 'crypto', 'cert'],
    'enroll': ['base', 'crypto', 'net', 'cert', 'protocol', 'keyset'],
    'cli': ['base', 'crypto', 'net', 'cert', 'revocation', 'protocol', 'keyset', 'mail', 'enroll'],
    'ui': ['base', 'crypto', 'net', 'cert', 'revocation', 'protocol', 'keyset', 'mail', 'enroll'],
    'pkcs11': ['base', 'crypto', 'cert', 'keyset'],
    'authority': ['base', 'crypto', 'cert', 'protocol'],
}

# Headers that only some files of src/ may include: a pattern, then the starts of these files' paths.
RESERVED = [
    (r'openssl/|crypto/openssl-types\.h$', ['crypto/cms', 'crypto/openssl-types.h', 'crypto/pkcs12-native.c',
                                                'cert/path.c']),
    (r'libsecret/', ['keyset/secret-service']),
    (r'(gtk|gdk|handy)[/.]|gcr/gcr\.h$', ['ui/']),
    (r'pwquality\.h$', ['keyset/password-strength.c']),
    (r'gcrypt\.h$', ['crypto/']),
    (r'libsoup/', ['net/', 'authority/']),
    (r'sqlite3\.h$|curl/', ['authority/']),
]

# Programs speak to people; everything else reports to its caller.
SPEAKING = ['cli/', 'authority/main.c', 'authority/verb', 'authority/command']
PRINTING = re.compile(r'\b(v?f?printf|f?puts|f?putc|putchar|perror|g_print|g_printerr)\s*\(')

LEFT_OPEN = re.compile(r'\b(' + '|'.join(('TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X')) + r')\b')
TRANSLATED = re.compile(r'\b(N?C?_|(d|p)?n?gettext|g_dp?gettext2?|g_dngettext|NC_)\s*\(\s*"')
SPDX = re.compile(r'SPDX-License-Identifier: LGPL-2\.1-or-later\b')
INCLUDE = re.compile(r'\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')
COMMENT_OR_STRING = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)

LONGEST_LINE = 120
LONGEST_FILE = 600
SOURCES = ('.c', '.h', '.py', '.sh', '.ui', '.css', '.xml', '.in', '.yml', '.svg', 'meson.build', 'meson_options.txt',
           '/dev', '.ci/run', 'po/LINGUAS', 'po/POTFILES')
# A path of a drawing, a sentence for a translator, an address and the value of a key are one line however long.
FREE_LINES = ('.svg', '.ui', '.yml', '.gresource.xml', '.desktop.in')
SKIPPED_FOLDERS = {'.git', '.flatpak-builder', '__pycache__'}


class Source:
    """One file, with what the rules ask about it. Paths are relative to the root of the project."""

    def __init__(self, root, path):
        self.path = path
        with open(os.path.join(root, path), encoding='utf-8') as file:
            self.text = file.read()
        self.lines = self.text.split('\n')

    @property
    def is_c(self):
        return self.path.endswith(('.c', '.h'))

    @property
    def in_src(self):
        """The path below src/, or None."""
        return self.path[4:] if self.is_c and self.path.startswith('src/') else None

    @functools.cached_property
    def code(self):
        """The lines without comments and the insides of strings."""
        def blank(match):
            return '""' if match[0][0] in '"\'' else '\n' * match[0].count('\n')
        return COMMENT_OR_STRING.sub(blank, self.text).split('\n')

    @functools.cached_property
    def includes(self):
        """(line number, header, whether it is ours)"""
        matches = ((number, INCLUDE.match(line)) for number, line in enumerate(self.lines, 1))
        return [(number, match[1] or match[2], match[1] is not None) for number, match in matches if match]


# Rules: each takes a Source and gives (line number, message) for everything that breaks it.

def licence(source):
    first = source.lines[:1] if source.is_c else source.lines[:2]
    if not any(SPDX.search(line) for line in first):
        yield 1, 'no SPDX-License-Identifier at the top'


def header_guard(source):
    if source.path.endswith('.h') and '#pragma once' not in source.lines:
        yield 1, 'no #pragma once'


def own_header_first(source):
    if not source.in_src or not source.path.endswith('.c'):
        return
    own = source.in_src[:-2] + '.h'
    headers = [header for _, header, ours in source.includes if ours]
    if own in headers and source.includes[0][1] != own:
        yield source.includes[0][0], f'"{own}" must be included first'


def layers(source):
    if not source.in_src:
        return
    folder = source.in_src.split('/')[0]
    if folder not in LAYERS:
        yield 1, f'src/{folder} has no place among the layers (tests/lint.py)'
        return
    allowed = {folder, *LAYERS[folder]}
    for number, header, ours in source.includes:
        if not ours or header == 'config.h':
            continue
        if '/' not in header:
            yield number, f'"{header}" must be written from src/, as "{folder}/{header}"'
        elif header.split('/')[0] not in allowed:
            yield number, f'{folder} may not include "{header}"; it may use {", ".join(sorted(allowed))}'


def reserved_headers(source):
    if not source.in_src:
        return
    for number, header, _ in source.includes:
        for pattern, places in RESERVED:
            if re.match(pattern, header) and not source.in_src.startswith(tuple(places)):
                yield number, f'{header} may only be included in {", ".join(places)}'


def no_goto(source):
    if source.is_c:
        for number, line in enumerate(source.code, 1):
            if re.search(r'\bgoto\b', line):
                yield number, 'goto'


def no_printing(source):
    if source.in_src and not source.in_src.startswith(tuple(SPEAKING)):
        for number, line in enumerate(source.code, 1):
            if PRINTING.search(line):
                yield number, 'only programs print; report to the caller by GError'


def nothing_left_open(source):
    for number, line in enumerate(source.lines, 1):
        if LEFT_OPEN.search(line):
            yield number, 'a mark for work left open; do it or drop it'


def shape(source):
    if not source.text.endswith('\n') or source.text.endswith('\n\n'):
        yield len(source.lines), 'must end with one newline'
    if len(source.lines) - 1 >= LONGEST_FILE:
        yield LONGEST_FILE, f'{len(source.lines) - 1} lines; a file of {LONGEST_FILE} is two'
    for number, line in enumerate(source.lines, 1):
        if line != line.rstrip():
            yield number, 'spaces at the end'
        if '\t' in line:
            yield number, 'a tab'
        if len(line) > LONGEST_LINE and not source.path.endswith(FREE_LINES):
            yield number, f'{len(line)} columns, more than {LONGEST_LINE}'


RULES = [licence, header_guard, own_header_first, layers, reserved_headers, no_goto, no_printing, nothing_left_open,
         shape]


def is_made(folder, name):
    """Whether it is a build folder: of meson, or of flatpak-builder."""
    return any(os.path.exists(os.path.join(folder, name, mark)) for mark in ('meson-private', 'metadata'))


def sources(root):
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in SKIPPED_FOLDERS and not is_made(folder, name))
        for name in sorted(names):
            path = os.path.relpath(os.path.join(folder, name), root)
            if f'/{path}'.endswith(SOURCES):
                yield Source(root, path)


def has_translations(source):
    if source.path.startswith('src/'):
        if source.path.endswith('.ui'):
            return 'translatable="yes"' in source.text
        # Comments and strings stay in: a string is what the pattern looks for.
        return source.path.endswith('.c') and bool(TRANSLATED.search(source.text))
    return source.path.startswith('data/') and source.path.endswith(('.desktop.in', '.xml.in'))


def potfiles(root, files):
    """The list of files to translate is complete and has nothing else."""
    path = os.path.join(root, 'po', 'POTFILES')
    with open(path, encoding='utf-8') as file:
        listed = [line.strip() for line in file if line.strip() and not line.startswith('#')]
    wanted = sorted(source.path for source in files if has_translations(source))
    for name in wanted:
        if name not in listed:
            yield f'po/POTFILES: {name} has texts to translate and is not listed'
    for name in listed:
        if name not in wanted:
            yield f'po/POTFILES: {name} has no texts to translate'
    if listed != sorted(set(listed)):
        yield 'po/POTFILES: not in the order of the alphabet'


def write_potfiles(root):
    path = os.path.join(root, 'po', 'POTFILES')
    with open(path, encoding='utf-8') as file:
        comments = [line for line in file if line.startswith('#')]
    names = sorted(source.path for source in sources(root) if has_translations(source))
    with open(path, 'w', encoding='utf-8') as file:
        file.write(''.join(comments + [name + '\n' for name in names]))


def complaints(root):
    files = list(sources(root))
    for source in files:
        for rule in RULES:
            for number, message in rule(source):
                yield f'{source.path}:{number}: {message}'
    yield from potfiles(root, files)


class SelfTest(unittest.TestCase):
    """Each rule on a sample that breaks it and on one that does not."""

    LICENCE = '/* SPDX-License-Identifier: LGPL-2.1-or-later */\n'

    def complaints(self, **files):
        """What lint says of a project that has just these files; their names have __ for / and end in _c, _h, …"""
        with tempfile.TemporaryDirectory(prefix='signet-lint.') as root:
            for name, text in {'po__POTFILES': f'# {self.LICENCE}', **files}.items():
                path = os.path.join(root, re.sub(r'_(\w+)$', r'.\1', name.replace('__', '/')) if name != 'po__POTFILES'
                                    else 'po/POTFILES')
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, 'w', encoding='utf-8') as file:
                    file.write(text)
            return list(complaints(root))

    def clean(self, **files):
        self.assertEqual(self.complaints(**files), [])

    def caught(self, message, **files):
        found = self.complaints(**files)
        self.assertEqual(len(found), 1, found)
        self.assertIn(message, found[0])

    def test_good_files(self):
        self.clean(src__base__error_h=self.LICENCE + '#pragma once\n\n#include <glib.h>\n',
                   src__base__error_c=self.LICENCE + '#include "base/error.h"\n\n#include "config.h"\n',
                   tests__bench_py='#!/usr/bin/python3\n# SPDX-License-Identifier: LGPL-2.1-or-later\n')

    def test_licence(self):
        self.caught('SPDX', src__base__error_c='\n' + self.LICENCE)
        self.caught('SPDX', tests__bench_py='import os\n')
        self.caught('SPDX', src__ui__window_ui='<interface/>\n')

    def test_header_guard(self):
        self.caught('#pragma once', src__base__error_h=self.LICENCE)

    def test_own_header_first(self):
        self.caught('must be included first',
                    src__base__job_c=self.LICENCE + '#include <glib.h>\n#include "base/job.h"\n')
        self.clean(src__base__job_c=self.LICENCE + '#include "base/error.h"\n')

    def test_layers(self):
        self.caught('net may not include "crypto/cms.h"', src__net__http_c=self.LICENCE + '#include "crypto/cms.h"\n')
        self.caught('cli may not include "ui/page.h"', src__cli__main_c=self.LICENCE + '#include "ui/page.h"\n')
        self.caught('ui may not include "cli/verbs.h"', src__ui__page_c=self.LICENCE + '  #  include "cli/verbs.h"\n')
        self.caught('cert may not include "net/http.h"', src__cert__path_c=self.LICENCE + '#include "net/http.h"\n')
        self.clean(src__revocation__fetch_c=self.LICENCE + '#include "net/http.h"\n')
        self.caught('written from src/', src__base__job_c=self.LICENCE + '#include "error.h"\n')
        self.caught('no place among the layers', src__util__job_c=self.LICENCE)

    def test_reserved_headers(self):
        for header, folder in (('openssl/evp.h', 'crypto'), ('libsecret/secret.h', 'keyset'), ('gtk/gtk.h', 'enroll'),
                               ('handy.h', 'cli'), ('gcr/gcr.h', 'cert'), ('gcrypt.h', 'keyset'), ('sqlite3.h', 'cli'),
                               ('libsoup/soup.h', 'enroll'), ('curl/curl.h', 'net')):
            name = f'src__{folder}__sample_c'
            self.caught(f'{header} may only be included', **{name: self.LICENCE + f'#include <{header}>\n'})
        self.caught('may only be included', src__crypto__csr_c=self.LICENCE + '#include "crypto/openssl-types.h"\n')
        self.clean(src__crypto__cms_c=self.LICENCE + '#include <openssl/cms.h>\n',
                   src__keyset__item_c=self.LICENCE + '#include <gcr/gcr-base.h>\n')

    def test_no_goto(self):
        self.caught('goto', src__base__job_c=self.LICENCE + 'void f (void) { goto out; out: return; }\n')
        self.clean(src__base__job_c=self.LICENCE + '/* goto\n * a place */\nconst char *word = "goto";\n')

    def test_no_printing(self):
        for call in ('printf (x)', 'fprintf (stderr, x)', 'puts (x)', 'g_print (x)', 'g_printerr(x)', 'perror (x)'):
            self.caught('only programs print', src__enroll__request_c=self.LICENCE + f'void f (void) {{ {call}; }}\n')
        self.clean(src__enroll__request_c=self.LICENCE + 'void f (void) { snprintf (x); g_error ("puts (x)"); }\n',
                   src__cli__main_c=self.LICENCE + 'void f (void) { g_print (x); }\n')

    def test_nothing_left_open(self):
        for word in ('TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'):
            self.caught('left open', src__base__job_c=self.LICENCE + f'/* {word}: more */\n')

    def test_shape(self):
        self.caught('one newline', src__base__job_c=self.LICENCE + 'int a;')
        self.caught('one newline', src__base__job_c=self.LICENCE + '\n')
        self.caught('spaces at the end', src__base__job_c=self.LICENCE + 'int a; \n')
        self.caught('a tab', src__base__job_c=self.LICENCE + '\tint a;\n')
        self.caught('121 columns', src__base__job_c=self.LICENCE + '/*' + 'é' * 117 + '*/\n')
        self.clean(src__base__job_c=self.LICENCE + '/*' + 'é' * 116 + '*/\n')
        self.caught('600 lines', src__base__job_c=self.LICENCE + 'int a;\n' * 599)
        self.clean(src__base__job_c=self.LICENCE + 'int a;\n' * 598)

    def test_potfiles(self):
        for text in ('_("Hello")', 'N_ ("Hello")', 'C_("greeting", "Hello")', 'ngettext ("%d", "%d", n)'):
            self.caught('src/ui/page.c has texts', src__ui__page_c=self.LICENCE + f'const char *a = {text};\n')
        self.caught('src/ui/page.ui has texts',
                    src__ui__page_ui=f'<!-- {self.LICENCE.strip()} --><p translatable="yes"/>\n')
        self.caught('src/ui/page.c has no texts', src__ui__page_c=self.LICENCE,
                    po__POTFILES=f'# {self.LICENCE}src/ui/page.c\n')
        self.clean(src__ui__page_c=self.LICENCE + 'const char *a = _("Hello");\n',
                   po__POTFILES=f'# {self.LICENCE}src/ui/page.c\n')


def main():
    parser = argparse.ArgumentParser(description='Keeps the rules of the code that a compiler does not know.')
    parser.add_argument('--root', default=ROOT)
    parser.add_argument('--write-potfiles', action='store_true', help='list all files with texts to translate')
    parser.add_argument('--self-test', action='store_true', help='break each rule and see whether it is noticed')
    options = parser.parse_args()
    if options.self_test:
        return not unittest.main(argv=sys.argv[:1], exit=False, verbosity=2).result.wasSuccessful()
    if options.write_potfiles:
        write_potfiles(options.root)
        return 0
    found = list(complaints(options.root))
    print('\n'.join(found) or 'nothing to complain of')
    return bool(found)


if __name__ == '__main__':
    sys.exit(main())
