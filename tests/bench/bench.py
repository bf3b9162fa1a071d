#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""./dev bench: what Signet costs, beside what others cost, measured in this one run on this one machine.

    bench.py [start] [list] [scroll] [enroll] [authority] [guess] [keyset] [import]      without a name: all
"""

import hashlib
import json
import os
import re
import shutil
import sqlite3
import statistics
import struct
import subprocess
import sys
import tempfile
import time

from gi.repository import Gio, GLib

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
from authority import Authority, build_root, program   # noqa: E402
from desktop import PASSWORD as KEYRING_PASSWORD   # noqa: E402
from desktop import Desktop   # noqa: E402
from driver import Program, move, xdotool   # noqa: E402

ROUNDS, RUNS = 5, 5
ITEMS = 200
KEYSETS = 1000
SIDEBAR = '200'          # pixels of it that its scrollbar does not touch


def bench_program(name):
    return os.path.join(build_root(), 'tests', 'bench', name)


def row(what, value, note=''):
    print(f'  {what:<46} {value:>14}  {note}')


def verdict(good):
    return 'aim met' if good else 'AIM MISSED'


# --- start-up ---

def first_windows(commands, *options):
    """The median of each, taken in turns: a machine is not equally fast all the time."""
    taken = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            done = subprocess.run([bench_program('first-window'), *options, str(RUNS), command],
                                  stdout=subprocess.PIPE, text=True, check=True, timeout=300)
            taken[name] += map(float, done.stdout.split())
    return {name: statistics.median(times) for name, times in taken.items()}


def start():
    print(f'From exec to the first window, warm, median of {ROUNDS * RUNS} (ms)')
    commands = {'bare': bench_program('bare-window'), 'signet': program('signet')}
    if shutil.which('seahorse'):
        commands['seahorse'] = 'seahorse'
    with Desktop():
        taken = first_windows(commands)
    bare, signet, seahorse = taken['bare'], taken['signet'], taken.get('seahorse')
    row('a bare libhandy window', f'{bare:.0f}')
    row('signet', f'{signet:.0f}', f'{signet / bare:.2f} × bare; at most 2 wanted: {verdict(signet <= 2 * bare)}')
    if seahorse:
        row('seahorse', f'{seahorse:.0f}', f'signet takes {signet / seahorse:.2f} of it; at most 0.5 wanted: '
                                           f'{verdict(signet <= seahorse / 2)}')
    else:
        row('seahorse', 'not installed')


# --- a long list ---

def fill_keyring():
    subprocess.run([os.path.join(build_root(), 'tests', 'store-filler'),
                    *(f'keyset|Keyset {i:04}|low|user{i}@example.org|{100 + i}|0' for i in range(KEYSETS))], check=True)


def read_keyring():
    """What nobody who shows keysets can do without: all secrets in one answer of the keyring, unencrypted."""
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)

    def call(method, *arguments):
        return bus.call_sync('org.freedesktop.secrets', '/org/freedesktop/secrets', 'org.freedesktop.Secret.Service',
                             method, GLib.Variant(*arguments), None, Gio.DBusCallFlags.NONE, -1, None)

    _, session = call('OpenSession', '(sv)', ('plain', GLib.Variant('s', ''))).unpack()
    times = []
    for _ in range(RUNS):
        before = time.monotonic()
        items, _ = call('SearchItems', '(a{ss})', ({'signet': 'keyset'},)).unpack()
        secrets = call('GetSecrets', '(aoo)', (items, session))
        times.append((time.monotonic() - before) * 1000)
        assert secrets.get_child_value(0).n_children() == KEYSETS
    return statistics.median(times)


def long_list():
    print(f'From exec to a sidebar that stays as it is, warm, median of {ROUNDS * RUNS} (ms)')
    with Desktop():
        without = first_windows({'bare': bench_program('bare-window'), 'signet': program('signet')},
                                '--settled', SIDEBAR)
        fill_keyring()
        with_keysets = first_windows({'signet': program('signet')}, '--settled', SIDEBAR)['signet']
        reading = read_keyring()
    added = with_keysets - without['bare']
    row('a bare libhandy window', f'{without["bare"]:.0f}')
    row('signet, no keyset', f'{without["signet"]:.0f}')
    row(f'signet, {KEYSETS} keysets', f'{with_keysets:.0f}',
        f'{added:.0f} more than the bare window; at most 100 wanted: {verdict(added <= 100)}')
    row(f'the keyring alone, for {KEYSETS} secrets', f'{reading:.0f}')


def pauses(*command):
    """Between two pictures of the left part of a window, while the wheel turns over it for two seconds (ms)."""
    with Program(*command):
        x, y, width, height = (int(re.search(rf'{what}=(\d+)', xdotool('getactivewindow', 'getwindowgeometry',
                                                                       '--shell'))[1])
                               for what in ('X', 'Y', 'WIDTH', 'HEIGHT'))
        time.sleep(10)      # until the last row is there
        move(x + 100, y + height // 2)
        watch = subprocess.Popen([bench_program('screen-changes'), '4', *map(str, (x, y + 60, SIDEBAR, height - 60))],
                                 stdout=subprocess.PIPE, text=True)
        time.sleep(1)
        xdotool('click', '--repeat', '100', '--delay', '20', '5')
        moments = [float(line) for line in watch.communicate()[0].split()]
    return [after - before for before, after in zip(moments, moments[1:])]


def scroll():
    print(f'Scrolling through {KEYSETS} rows, a step of the wheel each 20 ms: from one picture to the next (ms)')
    with Desktop():
        fill_keyring()
        bare = pauses(bench_program('bare-window'), str(KEYSETS))
        signet = pauses(program('signet'))
    for what, taken in (('a bare list', bare), ('signet', signet)):
        row(what, f'{statistics.median(taken):.0f}', f'{len(taken) + 1} pictures, the longest pause {max(taken):.0f}')
    times = statistics.median(signet) / statistics.median(bare)
    row('signet beside it', f'{times:.2f} ×', f'at most 1.5 wanted: {verdict(times <= 1.5)}')


# --- one enrollment ---

def timed(*arguments, password=None):
    descriptors = ()
    if password is not None:
        reader, writer = os.pipe()
        os.write(writer, password + b'\n')
        os.close(writer)
        descriptors = (reader,)
        arguments = (*arguments, '--password-fd', str(reader))
    before = time.monotonic()
    subprocess.run([program('signetctl'), *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True,
                   pass_fds=descriptors, stdin=subprocess.DEVNULL)
    for descriptor in descriptors:
        os.close(descriptor)
    return (time.monotonic() - before) * 1000


def enroll():
    print('An enrollment by signetctl, end to end, with a real keyring and authority, median of 5 (ms)')
    steps = {'enroll': [], 'fetch': [], 'open': []}
    with Desktop(display=False), Authority() as authority:
        for number in range(5):
            invitation = authority.invite(f'user{number}@example.org')
            steps['enroll'].append(timed('enroll', invitation, '--keyset', f'Keyset {number}'))
            mail = authority.wait_for_mail(f'user{number}@example.org')
            steps['fetch'].append(timed('fetch'))
            steps['open'].append(timed('open', mail, password=b'correct horse battery staple'))
    for name, times in steps.items():
        note = 'the password lock included' if name == 'open' else ''
        row(f'signetctl {name}', f'{statistics.median(times):.0f}', note)
    row('all three', f'{sum(statistics.median(times) for times in steps.values()):.0f}')


# --- the authority under load ---

def openssl_sign_rate():
    done = subprocess.run(['openssl', 'speed', '-mr', '-seconds', '2', 'ecdsap256'], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True, check=True)
    fields = next(line for line in done.stdout.splitlines() if line.startswith('+F4')).split(':')
    return float(fields[3])


def authority():
    print('Enrollments a second that the authority sustains: P-256, each durable before it is answered')
    with Authority(settings={'policy': {'encryption': 'P-256'}, 'delivery': {'method': 'none'}}) as served:
        for clients, aim in ((1, None), (8, 1000)):
            done = subprocess.run([bench_program('load-authority'), served.folder, str(clients)],
                                  stdout=subprocess.PIPE, text=True, check=True, timeout=300)
            rate = float(done.stdout.split()[0])
            row(f'{clients} client{"s" if clients > 1 else ""}', f'{rate:.0f}',
                f'more than {aim} wanted: {verdict(rate > aim)}' if aim else '')
    rate = openssl_sign_rate()
    row('P-256 signatures a second, one core (openssl)', f'{rate:.0f}')


# --- guessing a password ---

def der(data, at):
    """The tag, the content, and where the next element begins."""
    length, start = data[at + 1], at + 2
    if length & 0x80:
        count = length & 0x7f
        length, start = int.from_bytes(data[start:start + count], 'big'), start + count
    return data[at], data[start:start + length], start + length


def elements(data):
    at, found = 0, []
    while at < len(data):
        tag, content, at = der(data, at)
        found.append((tag, content))
    return found


def decrypt(cipher, key, iv, data):
    return subprocess.run(['openssl', 'enc', '-d', cipher, '-K', key.hex(), '-iv', iv.hex(), '-nopad'], input=data,
                          stdout=subprocess.PIPE, check=True).stdout


def best_of(test, times=9):
    taken = []
    for _ in range(times):
        before = time.perf_counter()
        test()
        taken.append((time.perf_counter() - before) * 1000)
    return statistics.median(taken)


def nss_guess():
    """A guess against a fresh NSS key database, as its key4.db asks for it; checked with the right password."""
    with tempfile.TemporaryDirectory() as folder:
        password = os.path.join(folder, 'password')
        with open(password, 'w', encoding='ascii') as file:
            file.write('right password')
        subprocess.run(['certutil', '-N', '-d', f'sql:{folder}', '-f', password], check=True)
        database = sqlite3.connect(os.path.join(folder, 'key4.db'))
        salt, check = database.execute("select item1, item2 from metaData where id = 'password'").fetchone()
        database.close()
    algorithm, sealed = [content for _, content in elements(der(check, 0)[1])]
    kdf, cipher = [elements(content) for tag, content in elements(elements(algorithm)[1][1])]
    parameters = elements(kdf[1][1])
    inner_salt, rounds, length = parameters[0][1], int.from_bytes(parameters[1][1], 'big'), parameters[2][1][0]
    iv = b'\x04\x0e' + cipher[1][1]

    def key(text):
        return hashlib.pbkdf2_hmac('sha256', hashlib.sha1(salt + text).digest(), inner_salt, rounds, length)

    assert decrypt('-aes-256-cbc', key(b'right password'), iv, sealed).startswith(b'password-check')
    return best_of(lambda: key(b'a wrong guess')), f'PBKDF2, {rounds} rounds'


def keyring_guess():
    """A guess against the login keyring that a real gnome-keyring has just written; checked with the right password."""
    with Desktop(display=False):
        subprocess.run(['secret-tool', 'store', '--label=bench', 'bench', 'guess'], input=b'secret', check=True)
        with open(os.path.join(os.environ['XDG_DATA_HOME'], 'keyrings', 'login.keyring'), 'rb') as file:
            data = file.read()

    at = 20      # magic, version, algorithms

    def number():
        nonlocal at
        at += 4
        return struct.unpack_from('>I', data, at - 4)[0]

    def text():
        nonlocal at
        length = number()
        if length != 0xffffffff:
            at += length

    text()
    at += 16                                      # times
    number(), number()                            # flags, lock time-out
    rounds = number()
    salt = data[at:at + 8]
    at += 8 + 16                                  # and what is reserved
    for _ in range(number()):
        number(), number()
        for _ in range(number()):
            text()
            number() if number() == 1 else text()
    sealed = data[at + 4:at + 4 + struct.unpack_from('>I', data, at)[0]]

    def key(password):
        digest = hashlib.sha256(password + salt).digest()
        for _ in range(1, rounds):
            digest = hashlib.sha256(digest).digest()
        return digest

    right = key(KEYRING_PASSWORD.encode())
    plain = decrypt('-aes-128-cbc', right[:16], right[16:], sealed)
    assert plain[:16] == hashlib.md5(plain[16:]).digest()
    return best_of(lambda: key(b'a wrong guess')), f'SHA-256, {rounds} rounds'


def guess():
    print('One guess at the password of something stolen (ms)')
    done = subprocess.run([bench_program('password-guess')], stdout=subprocess.PIPE, text=True, check=True)
    signet, unlock = map(float, done.stdout.split())
    nss, nss_note = nss_guess()
    keyring, keyring_note = keyring_guess()
    dearest = max(nss, keyring)
    row('an NSS key database', f'{nss:.2f}', nss_note)
    row('a gnome-keyring file', f'{keyring:.2f}', keyring_note)
    row('a keyset at High', f'{signet:.0f}', f'{signet / dearest:.0f} × the dearest of these; at least 10 wanted: '
                                             f'{verdict(signet >= 10 * dearest)}')
    row('its unlock with the right password', f'{unlock:.0f}', f'under 500 wanted: {verdict(unlock < 500)}')


# --- a keyset and its password ---

def keyset():
    print('The password of a keyset at High, with its key history in RSA-3072, median of 9 (ms)')
    done = subprocess.run([bench_program('keyset-change')], stdout=subprocess.PIPE, text=True, check=True)
    for line in done.stdout.splitlines():
        history, change, unlock, lock = line.split()
        keys = f'{history} old key{"s" if history != "1" else ""}'
        for what, value, runs in (('unlock', float(unlock), 1), ('change of password', float(change), 2)):
            aim = 1.5 * runs * float(lock)
            row(f'{what}, {keys}', f'{value:.0f}', f'{value / float(lock):.2f} runs of the password lock; at most '
                                                   f'{1.5 * runs:.1f} wanted: {verdict(value <= aim)}')
    with Desktop(display=False):
        done = subprocess.run([os.path.join(build_root(), 'tests', 'store-tool'), 'time', str(ITEMS), '6000'],
                              stdout=subprocess.PIPE, text=True, check=True)
    listed = json.loads(done.stdout)['list']
    row(f'reading {ITEMS} items from gnome-keyring', f'{listed:.0f}', f'{listed / ITEMS:.2f} each')


# --- a file of another program ---

def import_file():
    """600,000 rounds, as NSS, GnuTLS and Signet write it, and 2,048, as OpenSSL does."""
    print('A .p12 with one key into a keyset at Low, beside openssl, median of 5 (ms)')
    with Desktop(display=False), tempfile.TemporaryDirectory() as folder:
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:3072', '-nodes', '-keyout', 'key', '-out', 'pem',
                        '-subj', '/CN=Asa', '-addext', 'subjectAltName=email:asa@example.org', '-addext',
                        'basicConstraints=CA:FALSE'], cwd=folder, check=True, stderr=subprocess.DEVNULL)
        for rounds in (2048, 600000):
            path = os.path.join(folder, f'{rounds}.p12')
            subprocess.run(['openssl', 'pkcs12', '-export', '-inkey', 'key', '-in', 'pem', '-iter', str(rounds),
                            '-passout', 'pass:of the file', '-out', path], cwd=folder, check=True)
            ours, theirs = [], []
            for number in range(5):
                ours.append(timed('import', path, '--keyset', f'{rounds} {number}', '--level', 'low',
                                  password=b'of the file'))
                before = time.monotonic()
                subprocess.run(['openssl', 'pkcs12', '-in', path, '-passin', 'pass:of the file', '-noenc'],
                               stdout=subprocess.DEVNULL, check=True)
                theirs.append((time.monotonic() - before) * 1000)
            row(f'openssl pkcs12, {rounds} rounds', f'{statistics.median(theirs):.0f}')
            row(f'signetctl import, {rounds} rounds', f'{statistics.median(ours):.0f}', 'stored in the keyring')


def main():
    known = {'start': start, 'list': long_list, 'scroll': scroll, 'enroll': enroll, 'authority': authority,
             'guess': guess, 'keyset': keyset, 'import': import_file}
    chosen = sys.argv[1:] or list(known)
    for name in chosen:
        if name not in known:
            sys.exit(__doc__)
    for name in chosen:
        known[name]()
        print()


if __name__ == '__main__':
    main()
