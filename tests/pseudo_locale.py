#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A translation that nobody wrote, to look at the windows as other languages make them: every text half as long again,
with accents, in brackets. What shows without brackets is not translated, and a bracket that is missing was cut off.

    tests/pseudo_locale.py FOLDER
    SIGNET_LOCALEDIR=FOLDER LC_ALL=en_US.UTF-8 LANGUAGE=en_XA signet      left to right
    SIGNET_LOCALEDIR=FOLDER LC_ALL=he_IL.UTF-8 LANGUAGE=he signet         right to left
"""

import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
LANGUAGES = ('en_XA', 'he')     # GTK turns round only for a language that the program and GTK itself speak
KEYWORDS = ('_', 'N_', 'C_:1c,2', 'NC_:1c,2', 'ngettext:1,2', 'g_dngettext:2,3')

# Left as it is: what printf fills in, markup, entities and escapes.
KEPT = re.compile(r"(%(?:\d+\$)?[-+ #0']*[\d*]*(?:\.[\d*]+)?(?:hh|h|ll|l|z)?[a-zA-Z%]|%\"?PRI\w+|<[^>]*>|&\w+;|\\.)")
VOWELS = str.maketrans({plain: accented * 2 for plain, accented in zip('aeiouAEIOU', 'áéíóúÁÉÍÓÚ')})
TRANSLATION = re.compile(r'^(msgstr(?:\[\d\])? )((?:".*"\n)+)', re.MULTILINE)


def pseudo(text):
    """The text as it stands in a .po file, between its quotes."""
    before, text, after = re.fullmatch(r'((?:\\n)*)(.*?)((?:\\n)*)', text).groups()
    parts = [part if i % 2 else part.translate(VOWELS) for i, part in enumerate(KEPT.split(text))]
    return f'{before}[{"".join(parts)}]{after}'


def translate(catalog):
    header, separator, entries = catalog.partition('\n\n')
    header = header.replace('CHARSET', 'UTF-8').replace('INTEGER', '2').replace('EXPRESSION', '(n != 1)')

    def replace(match):
        return f'{match[1]}"{pseudo("".join(line[1:-1] for line in match[2].splitlines()))}"\n'
    return header + separator + TRANSLATION.sub(replace, entries)


def pipe(argv, text=None):
    return subprocess.run(argv, cwd=ROOT, input=text, stdout=subprocess.PIPE, text=True, check=True).stdout


def write(folder):
    template = pipe(['xgettext', '--output=-', '--from-code=UTF-8', '--files-from=po/POTFILES',
                     *(f'--keyword={keyword}' for keyword in KEYWORDS)])
    catalog = translate(pipe(['msgen', '-'], template))
    for language in LANGUAGES:
        path = os.path.join(os.path.abspath(folder), language, 'LC_MESSAGES')
        os.makedirs(path, exist_ok=True)
        pipe(['msgfmt', '--check-format', f'--output-file={path}/signet.mo', '-'], catalog)


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    write(sys.argv[1])
