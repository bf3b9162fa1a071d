#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Something else answers where the authority should: with a stranger's certificate, without TLS, elsewhere, too much,
too slowly, or not to the end. Signet says what is wrong, keeps the request, never shows the temporary key to a
stranger, and finishes when the authority is back."""

import base64
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from authority import DEADLINE, Authority   # noqa: E402
from desktop import Desktop   # noqa: E402
from test_signetctl import PASSWORD, signetctl   # noqa: E402

UNTRUSTED, UNREACHABLE, WRONG = 4, 6, 8
ENDLESS = 8 * 1024 * 1024       # more than any answer may have


class HostileServer:
    """Listens in the authority's place for the time of a with statement. CERTIFICATE and KEY: paths, or None for no
    TLS; ANSWER gets the connection once a request has come."""

    def __init__(self, port, certificate, key, answer):
        self.answer = answer
        self.heard = b''            # every byte of every request that came through
        self.context = None
        self.stopping = threading.Event()
        if certificate is not None:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate, key)
        self.listener = socket.create_server(('127.0.0.1', port))
        self.thread = threading.Thread(target=self.serve)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.thread.join(DEADLINE)
        self.listener.close()

    def serve(self):
        while not self.stopping.is_set():
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            try:
                connection.settimeout(DEADLINE)
                if self.context is not None:
                    connection = self.context.wrap_socket(connection, server_side=True)
                self.hear(connection)
                self.answer(connection, self.stopping)
            except OSError:
                pass                # the client has had enough
            finally:
                connection.close()

    def hear(self, connection):
        """The whole request: what is closed with something unread is reset, and the answer may be lost with it."""
        request, whole = b'', None
        while whole is None or len(request) < whole:
            got = connection.recv(65536)
            if not got:
                break
            request += got
            self.heard += got
            if self.context is None:        # a client that wants TLS waits for us after its first words
                break
            head, end, _ = request.partition(b'\r\n\r\n')
            length = re.search(rb'(?i)content-length: *([0-9]+)', head)
            whole = len(head + end) + int(length[1] if length else 0) if end else None


def say(text):
    return lambda connection, stopping: connection.sendall(text.encode())


def redirect(connection, stopping):
    connection.sendall(b'HTTP/1.1 307 Elsewhere\r\nLocation: https://other.example.org/signet/v1/requests\r\n'
                       b'Content-Length: 0\r\n\r\n')


def oversized(connection, stopping):
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n' % ENDLESS)
    for _ in range(ENDLESS // 65536):
        connection.sendall(b'x' * 65536)


def endless(connection, stopping):
    connection.sendall(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
    for _ in range(ENDLESS // 65536):
        connection.sendall(b'10000\r\n' + b'x' * 65536 + b'\r\n')


def cut_in_headers(connection, stopping):
    connection.sendall(b'HTTP/1.1 202 Acc')


def cut_in_body(connection, stopping):
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"half')


def nonsense(connection, stopping):
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nnonsense')


# What the right server might do wrong: to a request that is to be sent, and to one that waits for its reply.
MISDEEDS = {
    'closes at once': say(''),
    'redirect': redirect,
    'oversized': oversized,
    'endless': endless,
    'cut in the headers': cut_in_headers,
    'cut in the body': cut_in_body,
    'not HTTP': say('220 mail.example.org ESMTP\r\n'),
    'nonsense': nonsense,
    'server error': say('HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n'),
    'accepted, nowhere to ask': say('HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n'),
    'accepted, to ask a stranger': say('HTTP/1.1 202 Accepted\r\nLocation: https://other.example.org/x\r\n'
                                       'Content-Length: 0\r\n\r\n'),
}
NOT_AN_ANSWER = ('redirect', 'oversized', 'endless')


class HostileServerTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.desktop = Desktop(display=False)
        self.desktop.__enter__()
        self.addCleanup(self.desktop.__exit__)
        self.authority = Authority(settings={'policy': {'encryption': 'P-256'}})
        self.addCleanup(self.authority.__exit__)
        self.stranger = self.make_stranger()
        self.own = [os.path.join(self.authority.folder, 'keys', name) for name in ('tls.pem', 'tls.key')]

    def make_stranger(self):
        """A certificate for the same host by somebody else."""
        paths = [os.path.join(self.folder, name) for name in ('stranger.pem', 'stranger.key')]
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
                        '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1',
                        '-out', paths[0], '-keyout', paths[1]], check=True, stderr=subprocess.DEVNULL)
        return paths

    def appended_root(self):
        """The stranger's certificate, and behind it the authority's true root, which anybody can have."""
        path = os.path.join(self.folder, 'appended.pem')
        with open(path, 'wb') as out:
            for part in (self.stranger[0], os.path.join(self.authority.folder, 'keys', 'root.pem')):
                with open(part, 'rb') as file:
                    out.write(file.read())
        return path

    def serve_hostile(self, certificate, key, answer):
        return HostileServer(self.authority.port, certificate, key, answer)

    def assert_secret(self, heard, invitation):
        with open(invitation, encoding='utf-8') as file:
            key = json.load(file)['temporary-key'].replace('-', '')
        self.assertNotIn(key.encode(), heard)
        self.assertNotIn(b'Authorization', heard)
        for word in heard.split():
            try:
                self.assertNotIn(key.encode(), base64.b64decode(word))
            except ValueError:
                pass

    def strangers(self):
        return {
            'another certificate': (self.stranger[0], self.stranger[1], UNTRUSTED),
            'the true root appended': (self.appended_root(), self.stranger[1], UNTRUSTED),
            'no TLS': (None, None, UNREACHABLE),
        }

    def test_strangers_before_the_request(self):
        """Nothing is sent and nothing kept; the invitation stays good."""
        self.authority.start()
        invitation = self.authority.invite('asa@example.org')
        self.authority.stop()
        for name, (certificate, key, status) in self.strangers().items():
            with self.subTest(name), self.serve_hostile(certificate, key, nonsense) as server:
                signetctl('enroll', invitation, '--keyset', 'Work', status=status)
                self.assertEqual(server.heard if certificate else b'', b'')
                self.assert_secret(server.heard, invitation)
        self.assertEqual(signetctl('pending', '--json')['pending'], [])
        self.authority.start()
        signetctl('enroll', invitation, '--keyset', 'Work')

    def unsent_request(self, address):
        """A request that is stored and has not been sent: the state after a kill."""
        invitation = self.authority.invite(address)
        signetctl('enroll', invitation, '--keyset', address, status=None,
                  environment={'SIGNET_FAULT': 'client:request-stored'})
        pending = [p for p in signetctl('pending', '--json')['pending'] if p['keyset'] == address]
        self.assertEqual([p['state'] for p in pending], ['created'])
        return invitation

    def waiting_request(self, address):
        invitation = self.authority.invite(address)
        pending = signetctl('enroll', invitation, '--keyset', address, '--json')
        self.assertEqual(pending['state'], 'waiting')
        return invitation

    def assert_kept(self, state):
        kept = signetctl('pending', '--json')['pending']
        self.assertEqual([p['state'] for p in kept], [state])
        self.assertTrue(kept[0]['problem'])

    def finish(self, address):
        self.authority.start()
        signetctl('fetch', '--wait', str(DEADLINE))
        made = signetctl('open', signetctl('pending', '--json')['pending'][0]['id'], '--json', password=PASSWORD)
        self.assertEqual(made['name'], address)
        self.authority.stop()

    def test_strangers_in_the_middle(self):
        for state, make in (('created', self.unsent_request), ('waiting', self.waiting_request)):
            address = f'{state}@example.org'
            self.authority.start()
            invitation = make(address)
            self.authority.stop()
            for name, (certificate, key, status) in self.strangers().items():
                with self.subTest(name, state=state), self.serve_hostile(certificate, key, nonsense) as server:
                    signetctl('fetch', status=status)
                    self.assert_kept(state)
                    self.assert_secret(server.heard, invitation)
            self.finish(address)

    def test_misdeeds(self):
        for state, make in (('created', self.unsent_request), ('waiting', self.waiting_request)):
            address = f'{state}@example.org'
            self.authority.start()
            make(address)
            self.authority.stop()
            for name, answer in MISDEEDS.items():
                if state == 'waiting' and name.startswith('accepted'):
                    continue            # to somebody who asks for a reply that means: not yet
                with self.subTest(name, state=state), self.serve_hostile(*self.own, answer) as server:
                    signetctl('fetch', status=WRONG if name in NOT_AN_ANSWER else UNREACHABLE)
                    self.assertIn(b'/signet/v1/requests', server.heard)
                    self.assert_kept(state)
            self.finish(address)


if __name__ == '__main__':
    unittest.main()
