# SPDX-License-Identifier: LGPL-2.1-or-later
"""A small mail server (RFC 5321) for tests: keeps what it is given, and misbehaves on request. STARTTLS (RFC 3207) when
it has a certificate, AUTH PLAIN (RFC 4954) when it has a user.

    with MailServer() as server:
        … server.url …
        server.mails        # [(from, to, bytes)]
"""

import base64
import socket
import socketserver
import ssl
import threading


class Session(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write(text.encode() + b'\r\n')

    def handle(self):
        self.encrypted, self.user, self.sender, self.recipients = False, None, None, []
        server = self.server.owner
        if server.implicit_tls:
            self.start_tls()
        self.say('220 mail.example ESMTP')
        while line := self.rfile.readline().decode().strip():
            verb, _, rest = line.partition(' ')
            answer = getattr(self, 'do_' + verb.lower(), None)
            if answer is None:
                self.say('502 5.5.1 what?')
            elif answer(rest) is False:
                return

    def start_tls(self):
        self.request = self.server.owner.context.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.request.makefile('rb'), self.request.makefile('wb', 0)
        self.encrypted = True

    def do_ehlo(self, rest):
        server = self.server.owner
        features = ['mail.example']
        if server.context and not self.encrypted:
            features.append('STARTTLS')
        if server.user and self.encrypted:
            features.append('AUTH PLAIN')
        for feature in features[:-1]:
            self.say(f'250-{feature}')
        self.say(f'250 {features[-1]}')

    do_helo = do_ehlo

    def do_starttls(self, rest):
        self.say('220 go ahead')
        self.start_tls()

    def do_auth(self, rest):
        if not self.encrypted:
            return self.say('538 5.7.11 not in the clear')
        given = rest.split(' ')[1:]
        if not given:
            self.say('334 ')
            given = [self.rfile.readline().decode().strip()]
        self.user = tuple(base64.b64decode(given[0]).decode().split('\0')[1:])
        self.say('235 2.7.0 welcome' if self.user == self.server.owner.user else '535 5.7.8 no')

    def do_mail(self, rest):
        server = self.server.owner
        if server.user and self.user != server.user:
            return self.say('530 5.7.0 who are you?')
        if server.refusals > 0:
            server.refusals -= 1
            return self.say('451 4.3.0 not now')
        self.sender, self.recipients = rest[len('FROM:<'):].split('>')[0], []
        self.say('250 ok')

    def do_rcpt(self, rest):
        self.recipients.append(rest[len('TO:<'):].split('>')[0])
        self.say('250 ok')

    def do_data(self, rest):
        self.say('354 go on')
        data = b''
        while (line := self.rfile.readline()) != b'.\r\n':
            data += line[1:] if line.startswith(b'.') else line
        for recipient in self.recipients:
            self.server.owner.mails.append((self.sender, recipient, data))
        self.say('250 ok')

    def do_rset(self, rest):
        self.say('250 ok')

    def do_noop(self, rest):
        self.say('250 ok')

    def do_quit(self, rest):
        self.say('221 bye')
        return False


class Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address, daemon_threads = True, True

    def handle_error(self, request, client_address):
        """A client that hangs up on a certificate that it does not trust is what the tests are about."""


class MailServer:
    def __init__(self, chain=None, key=None, user=None, implicit_tls=False):
        self.user, self.implicit_tls = user, implicit_tls
        self.mails, self.refusals = [], 0
        self.context = None
        if chain:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(chain, key)

    def __enter__(self):
        self.listener = Listener(('127.0.0.1', 0), Session)
        self.listener.owner = self
        self.port = self.listener.server_address[1]
        scheme = 'smtps' if self.implicit_tls else 'smtp'
        self.url = f'{scheme}://localhost:{self.port}'
        self.thread = threading.Thread(target=self.listener.serve_forever, kwargs={'poll_interval': 0.05})
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown()
        self.listener.server_close()
        self.thread.join()


def unused_url():
    """Where no mail server listens."""
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return f'smtp://127.0.0.1:{probe.getsockname()[1]}'
