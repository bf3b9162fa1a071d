# SPDX-License-Identifier: LGPL-2.1-or-later
"""The client's side of an enrollment, step by step and over bare HTTP, so that a test can do each step wrong.

    person = Person(authority, 'asa@example.org')
    status, headers, body = person.post()
"""

import base64
import hashlib
import http.client
import os
import re
import socket
import sqlite3
import ssl
import subprocess
import tempfile

from authority import DEADLINE, build_root, until

REQUESTS = '/signet/v1/requests'
INFO = '/signet/v1/authority'
REQUEST_TYPE = 'application/vnd.signet.request'
CONFIRMATION_TYPE = 'application/vnd.signet.confirmation'


def client_program(*arguments, check=True, stdin=''):
    """tests/authority-client.c: what needs keys."""
    done = subprocess.run([os.path.join(build_root(), 'tests', 'authority-client'), *arguments], text=True, input=stdin,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=DEADLINE * 2)
    if check and done.returncode != 0:
        raise AssertionError(f'authority-client {arguments[0]}: {done.stderr}')
    return done


def root_file(authority):
    return os.path.join(authority.folder, 'keys', 'root.pem')


def database(authority):
    """The authority's database as it is now, for a look or for what only time would bring about."""
    return sqlite3.connect(os.path.join(authority.folder, 'authority.sqlite'), timeout=DEADLINE, isolation_level=None)


def basic(address, key):
    return 'Basic ' + base64.b64encode(f'{address}:{key}'.encode()).decode()


def tls_socket(authority, seconds=DEADLINE):
    context = ssl.create_default_context(cafile=root_file(authority))
    return context.wrap_socket(socket.create_connection(('127.0.0.1', authority.port), seconds),
                               server_hostname='127.0.0.1')


class Connection:
    """One TLS connection that is kept alive."""

    def __init__(self, authority):
        context = ssl.create_default_context(cafile=root_file(authority))
        self.http = http.client.HTTPSConnection('127.0.0.1', authority.port, timeout=DEADLINE, context=context)

    def ask(self, method, path, body=None, headers=None):
        self.http.request(method, path, body=body, headers=headers or {})
        answer = self.http.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()

    def close(self):
        self.http.close()


def ask(authority, method, path, body=None, headers=None):
    connection = Connection(authority)
    try:
        return connection.ask(method, path, body, headers)
    finally:
        connection.close()


def unseal(authority, address, serial, output, officers, check=True):
    """Opens the archived key of a certificate as these OFFICERS together could by hand: {name: password}."""
    return client_program('unseal', authority.folder, address, serial, output, *officers, check=check,
                          stdin=''.join(f'{password}\n' for password in officers.values()))


class Invitation:
    """TEXT: what a verb has printed that invites; without one, the address is invited."""

    def __init__(self, authority, address, text=None):
        text = text or authority.run('invite', authority.folder, address).stdout
        self.key = re.search(r'[?&]key=([0-9A-Z-]+)', text).group(1)
        self.pin = re.search(r'[?&]pin=([0-9a-f]{64})', text).group(1)


class Person:
    """Somebody who was invited and has made a request."""

    def __init__(self, authority, address, invitation=None, kind='P-256', request_id=None):
        self.authority = authority
        self.address = address
        self.invitation = invitation or Invitation(authority, address)
        self.folder = tempfile.mkdtemp(prefix='person.', dir=os.path.dirname(authority.folder))
        client_program('prepare', self.folder, address, kind, *([request_id] if request_id else []))
        self.id = self.read('id').decode()
        self.request = self.read('request')
        self.path = f'{REQUESTS}/{self.id}'

    def read(self, name):
        with open(os.path.join(self.folder, name), 'rb') as file:
            return file.read()

    def file(self, name):
        return os.path.join(self.folder, name)

    def headers(self, key=None, address=None):
        return {'Authorization': basic(address or self.address, key or self.invitation.key),
                'Content-Type': REQUEST_TYPE}

    def post(self, connection=None, body=None, key=None, address=None):
        send = connection.ask if connection else lambda *a: ask(self.authority, *a)
        return send('POST', REQUESTS, self.request if body is None else body, self.headers(key, address))

    def get(self, connection=None):
        send = connection.ask if connection else lambda *a: ask(self.authority, *a)
        return send('GET', self.path)

    def wait_for_reply(self):
        """Asks until the reply is there; keeps and returns it."""
        def reply():
            status, _, body = self.get()
            assert status in (200, 202), (status, body)
            return body if status == 200 else None
        message = until('a reply', reply)
        with open(self.file('reply.eml'), 'wb') as file:
            file.write(message)
        return message

    def open(self):
        """Checks the reply that was fetched as the real client does, and leaves its certificates and key here."""
        client_program('open', self.folder, self.file('reply.eml'), self.invitation.pin)

    def confirm(self, connection=None):
        client_program('confirm', self.folder, self.file('reply.eml'))
        send = connection.ask if connection else lambda *a: ask(self.authority, *a)
        return send('POST', f'{self.path}/confirmation', self.read('confirmation'), {'Content-Type': CONFIRMATION_TYPE})

    def enroll(self):
        """The whole way."""
        status, _, body = self.post()
        assert status == 202, (status, body)
        self.wait_for_reply()
        self.open()
        status, _, body = self.confirm()
        assert status == 204, (status, body)

    def digest(self):
        return hashlib.sha256(self.request).hexdigest()
