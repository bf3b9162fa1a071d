# SPDX-License-Identifier: LGPL-2.1-or-later
"""The programs of the build, and an authority of one's own: on a free port of this machine, in a folder that goes away
with it, stopped by its own pid.

    with Authority() as authority:
        invitation = authority.invite('asa@example.org')
        …
        mail = authority.wait_for_mail('asa@example.org')
"""

import glob
import json
import os
import secrets
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from desktop import bound_to_us

DEADLINE = 30   # seconds; everything here takes well under one on an idle machine

PROGRAMS = {
    'signet': 'src/ui/signet',
    'signetctl': 'src/cli/signetctl',
    'signet-authority': 'src/authority/signet-authority',
}


def build_root():
    """Where the programs were built: the tests are told, people run them from the source tree."""
    here = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    return os.environ.get('SIGNET_BUILD_ROOT', os.path.join(here, '_build'))


def program(name):
    return os.path.join(build_root(), PROGRAMS[name])


def show_icons_of_the_source_tree():
    """Lets programs of the build find what is installed with them."""
    data = os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(__file__))), 'data')
    others = os.environ.get('XDG_DATA_DIRS', '/usr/local/share:/usr/share')
    os.environ['XDG_DATA_DIRS'] = f'{data}:{others}'


def until(what, test, seconds=DEADLINE):
    """What TEST gives once it is true; fails when that takes too long."""
    end = time.monotonic() + seconds
    while True:
        result = test()
        if result:
            return result
        if time.monotonic() > end:
            raise AssertionError(f'{what}: not within {seconds} s')
        time.sleep(0.02)


def free_port():
    with socket.socket() as listener:
        listener.bind(('127.0.0.1', 0))
        return listener.getsockname()[1]


def run_authority(*arguments, check=True, passwords=(), fault=None):
    """PASSWORDS go through a file descriptor, a line each. FAULT: a fault point that kills it."""
    reader, writer = os.pipe()
    os.write(writer, ''.join(f'{password}\n' for password in passwords).encode())
    os.close(writer)
    if passwords:
        arguments = (*arguments, '--password-fd', str(reader))
    done = subprocess.run([program('signet-authority'), *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, timeout=DEADLINE * 2, pass_fds=(reader,), start_new_session=True,
                          env=dict(os.environ, **({'SIGNET_FAULT': fault} if fault else {})))
    os.close(reader)
    if check and done.returncode != 0:
        raise AssertionError(f'signet-authority {arguments[0]}: status {done.returncode}: {done.stderr}')
    return done


class Authority:
    def __init__(self, name='Example Authority', domain='example.org', folder=None, settings=None, officers=('Anna',)):
        """SETTINGS: {'group': {'key': 'value'}} put over those that init writes. OFFICERS: their names; each takes init
        a quarter of a second, and two must approve when there are two."""
        self.top = tempfile.mkdtemp(prefix='signet-authority.', dir='/tmp') if folder is None else None
        self.folder = folder or os.path.join(self.top, 'authority')
        self.port = free_port()
        self.url = f'https://127.0.0.1:{self.port}'
        self.crl_url = f'http://127.0.0.1:{free_port()}/authority.crl'
        self.process = None
        self.officers = {officer: secrets.token_urlsafe(12) for officer in officers}
        self.run('init', self.folder, '--name', name, '--domain', domain, '--url', self.url,
                 '--listen', f'127.0.0.1:{self.port}', '--crl-url', self.crl_url,
                 *(f'--officer={officer}' for officer in officers), passwords=self.officers.values())
        # An RSA key takes a third of a second: a test asks for two, not for the 32 that a busy authority keeps.
        self.configure({**(settings or {}), 'policy': {'key-pool': '2', **(settings or {}).get('policy', {})}})

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        if self.top is not None:
            shutil.rmtree(self.top)

    def run(self, *arguments, check=True, passwords=()):
        return run_authority(*arguments, check=check, passwords=passwords)

    def configure(self, settings):
        if not settings:
            return
        path = os.path.join(self.folder, 'authority.conf')
        with open(path, encoding='utf-8') as file:
            lines = file.read().splitlines()
        for group, values in settings.items():
            for key, value in values.items():
                lines = [line for line in lines if not line.startswith(f'{key}=')]
                lines.insert(lines.index(f'[{group}]') + 1, f'{key}={value}')
        with open(path, 'w', encoding='utf-8') as file:
            file.write('\n'.join(lines) + '\n')

    def start(self, fault=None):
        """Serves, until stopped or until the named fault point kills it; returns when connections are accepted."""
        environment = dict(os.environ, **({'SIGNET_FAULT': fault} if fault else {}))
        self.process = subprocess.Popen(bound_to_us([program('signet-authority'), 'serve', self.folder]),
                                        env=environment, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
        end = time.monotonic() + DEADLINE
        line = b''
        while not line.endswith(b'\n'):
            if not select.select([self.process.stdout], [], [], max(0, end - time.monotonic()))[0]:
                raise AssertionError('the authority does not begin to serve')
            byte = os.read(self.process.stdout.fileno(), 1)
            if not byte:
                raise AssertionError(f'the authority ended with {self.process.wait()}')
            line += byte
        assert line.startswith(b'Serving '), line

    def stop(self):
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        finally:
            self.forget()

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.forget()

    def wait_killed(self):
        """Until the fault point that start() was given has been reached."""
        assert self.process.wait(DEADLINE) == -signal.SIGKILL, self.process.returncode
        self.forget()

    def forget(self):
        self.process.stdout.close()
        self.process = None

    def invite(self, address):
        """The path of an invitation file for ADDRESS."""
        path = tempfile.mktemp(prefix=f'{address}.', suffix='.signet-invitation', dir=os.path.dirname(self.folder))
        self.run('invite', self.folder, address, '--output', path)
        return path

    def mails(self, address):
        return sorted(glob.glob(os.path.join(glob.escape(os.path.join(self.folder, 'mail', address)), 'new', '*')))

    def wait_for_mail(self, address):
        return until(f'a reply to {address}', lambda: self.mails(address))[0]

    def status(self):
        return json.loads(self.run('status', self.folder, '--json').stdout)
