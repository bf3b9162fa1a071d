#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The authority's protocol over bare HTTP: what it answers to good clients, clumsy ones and hostile ones."""

import http.client
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import unittest
import urllib.request
import warnings

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from authority import DEADLINE, Authority, program, until   # noqa: E402
from authority_client import (CONFIRMATION_TYPE, INFO, REQUEST_TYPE, REQUESTS, Connection, Invitation,   # noqa: E402
                              Person, ask, database, root_file, tls_socket)

SETTINGS = {'policy': {'encryption': 'P-256'}}
NOBODY = '0' * 32
WRONG_KEY = 'ABCDE-ABCDE-ABCDE-ABCDE-ABCDE'


class ProtocolTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.authority = Authority(settings=SETTINGS)
        cls.authority.__enter__()
        cls.people = 0

    @classmethod
    def tearDownClass(cls):
        cls.authority.__exit__()

    def somebody(self, **options):
        type(self).people += 1
        return Person(self.authority, f'somebody{self.people}@example.org', **options)

    def assert_error(self, answer, status):
        self.assertEqual(answer[0], status, answer)
        self.assertEqual(answer[1]['Content-Type'], 'application/json')
        self.assertEqual(list(json.loads(answer[2])), ['error'])

    # --- good clients ---

    def test_info(self):
        status, headers, body = ask(self.authority, 'GET', INFO)
        info = json.loads(body)
        self.assertEqual((status, headers['Content-Type'], headers['Cache-Control']),
                         (200, 'application/json', 'no-store'))
        self.assertEqual((info['signet-authority'], info['name']), (1, 'Example Authority'))
        self.assertEqual(len(info['certificates']), 2)
        head = ask(self.authority, 'HEAD', INFO)
        self.assertEqual((head[0], head[1]['Content-Length'], head[2]), (200, str(len(body)), b''))

    def test_enrollment(self):
        person = self.somebody()
        status, headers, body = person.post()
        self.assertEqual((status, headers['Location'], body), (202, person.path, b''))
        self.assertGreaterEqual(int(headers['Retry-After']), 0)

        status, headers, body = person.get()
        self.assertEqual((status, headers['Content-Type']), (200, 'message/rfc822'))
        with open(self.authority.wait_for_mail(person.address), 'rb') as file:
            self.assertEqual(file.read(), body)

        person.wait_for_reply()
        person.open()
        self.assertEqual(person.confirm()[0], 204)
        self.assertEqual(person.confirm()[0], 204)
        self.assertEqual(person.get()[2], body)

    def test_the_server_shows_its_root(self):
        """Clients pin the root, so it must be among what the server sends."""
        pem = subprocess.run(['openssl', 's_client', '-connect', f'127.0.0.1:{self.authority.port}', '-showcerts'],
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                             timeout=DEADLINE).stdout
        with open(root_file(self.authority), encoding='ascii') as file:
            self.assertIn(file.read().strip(), pem)
        self.assertIn('TLSv1.3', pem)

    def test_the_same_request_again(self):
        person = self.somebody()
        first, again = person.post(), person.post()
        self.assertEqual((first[0], first[1]['Location']), (again[0], again[1]['Location']))
        reply = person.get()[2]
        self.assertEqual(person.post()[0], 202)
        self.assertEqual(person.get()[2], reply)
        self.assertEqual(len(self.certificates(person)), 2)

    def test_the_same_request_at_once(self):
        person, answers = self.somebody(), []
        threads = [threading.Thread(target=lambda: answers.append(person.post()[0])) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(answers, [202] * 8)
        self.assertEqual(len(self.certificates(person)), 2)

    def certificates(self, person):
        with database(self.authority) as rows:
            return rows.execute('SELECT serial FROM certificate JOIN request ON number = request WHERE request.id = ?',
                                (person.id,)).fetchall()

    def test_the_client_goes_away_before_the_answer(self):
        person = self.somebody()
        with tls_socket(self.authority) as line:
            head = '\r\n'.join([f'POST {REQUESTS} HTTP/1.1', 'Host: a', f'Content-Length: {len(person.request)}',
                                *(f'{k}: {v}' for k, v in person.headers().items()), '', ''])
            line.sendall(head.encode() + person.request)
        until('the request is taken in', lambda: self.certificates(person))
        self.assertEqual(person.post()[0], 202)
        self.assertEqual(len(self.certificates(person)), 2)

    def test_pipelining(self):
        """Several requests in one write: each answer, in order."""
        person = self.somebody()
        with tls_socket(self.authority) as line:
            post = '\r\n'.join([f'POST {REQUESTS} HTTP/1.1', 'Host: a', f'Content-Length: {len(person.request)}',
                                *(f'{k}: {v}' for k, v in person.headers().items()), '', '']).encode() + person.request
            gets = (f'GET {INFO} HTTP/1.1\r\nHost: a\r\n\r\nGET {person.path} HTTP/1.1\r\nHost: a\r\n\r\n'
                    f'GET {REQUESTS}/{NOBODY} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n').encode()
            line.sendall(post + gets)
            answers = read_all(line)
        statuses = [part.split(b' ', 2)[1] for part in answers.split(b'HTTP/1.1')[1:] for part in [b'HTTP/1.1' + part]]
        self.assertEqual(statuses, [b'202', b'200', b'200', b'404'])

    def test_a_request_that_waits_for_its_key(self):
        settings = {'policy': {'encryption': 'RSA-3072', 'key-pool': '1'}}
        with Authority(settings=settings) as slow:
            people = [Person(slow, f'slow{n}@example.org') for n in range(4)]
            answers = [person.post() for person in people]
            self.assertEqual([answer[0] for answer in answers], [202] * 4)
            waiting = [p for p, a in zip(people, answers) if int(a[1]['Retry-After']) > 0]
            self.assertTrue(waiting, 'four RSA keys at once, out of a pool of one')
            answer = waiting[-1].get()
            self.assertEqual((answer[0], answer[2]), (202, b''))
            self.assertGreater(int(answer[1]['Retry-After']), 0)
            self.assertEqual(waiting[-1].post()[0], 202)
            for person in people:
                person.wait_for_reply()
                person.open()
                self.assertEqual(person.confirm()[0], 204)
            self.assertEqual(slow.status()['certificates']['issued'], 8)

    # --- clumsy ones ---

    def test_methods(self):
        for method, path, allowed in (('POST', INFO, 'GET, HEAD'), ('DELETE', INFO, 'GET, HEAD'),
                                      ('GET', REQUESTS, 'POST'),
                                      ('PUT', f'{REQUESTS}/{NOBODY}', 'GET, HEAD'), ('OPTIONS', REQUESTS, 'POST'),
                                      ('GET', f'{REQUESTS}/{NOBODY}/confirmation', 'POST')):
            answer = ask(self.authority, method, path, b'' if method == 'POST' else None)
            self.assert_error(answer, 405)
            self.assertEqual(answer[1]['Allow'], allowed)

    def test_unknown_paths(self):
        for path in ('/', '/signet', '/signet/v1', '/signet/v1/authority/', '/signet/v1/AUTHORITY',
                     '/signet/v1/requestsx',
                     f'{REQUESTS}/', f'{REQUESTS}/{NOBODY}', f'{REQUESTS}/{NOBODY[:-1]}', f'{REQUESTS}/{NOBODY}0',
                     f'{REQUESTS}/{NOBODY.replace("0", "A")}', f'{REQUESTS}/{NOBODY}/', f'{REQUESTS}/{NOBODY}/other',
                     '/signet/v1/authority/..', '/keys/root.key', '/../keys/root.key', '/signet/v1/authority%00'):
            self.assert_error(ask(self.authority, 'GET', path), 404)

    def test_type_of_body(self):
        person = self.somebody()
        for kind in ('text/plain', 'application/x-www-form-urlencoded', CONFIRMATION_TYPE, ''):
            headers = dict(person.headers(), **{'Content-Type': kind})
            self.assert_error(ask(self.authority, 'POST', REQUESTS, person.request, headers), 415)
        self.assertEqual(person.post()[0], 202)

    def test_a_bad_request_does_not_use_up_the_key(self):
        person, other = self.somebody(), self.somebody()
        for body in (b'', b'x', b'0' * 60000, person.request[:-1], person.request + b'\0', flip(person.request, 100),
                     flip(person.request, len(person.request) // 2), flip(person.request, len(person.request) - 3)):
            self.assert_error(person.post(body=body), 400)
        self.assert_error(person.post(body=other.request), 403)
        self.assertEqual(person.post()[0], 202)

    def test_policy(self):
        settings = dict(SETTINGS, policy={'encryption': 'P-256', 'signing': 'P-384'})
        with Authority(settings=settings) as strict:
            invitation = Invitation(strict, 'asa@example.org')
            wrong = Person(strict, 'asa@example.org', invitation)
            answer = wrong.post()
            self.assert_error(answer, 422)
            self.assertIn('P-384', json.loads(answer[2])['error'])
            Person(strict, 'asa@example.org', invitation, kind='P-384').enroll()

    def test_another_request_with_the_same_id(self):
        person = self.somebody()
        self.assertEqual(person.post()[0], 202)
        twin = Person(self.authority, person.address, person.invitation, request_id=person.id)
        self.assert_error(twin.post(), 409)
        stranger = self.somebody(request_id=person.id)
        self.assert_error(stranger.post(), 409)
        self.assertEqual(len(self.certificates(person)), 2)

    def test_confirmations_that_do_not_fit(self):
        person, other = self.somebody(), self.somebody()
        for somebody in (person, other):
            self.assertEqual(somebody.post()[0], 202)
            somebody.wait_for_reply()
            somebody.open()
        self.assertEqual(other.confirm()[0], 204)
        path = f'{person.path}/confirmation'
        for body in (b'', b'x', other.read('confirmation'), person.request):
            self.assert_error(ask(self.authority, 'POST', path, body, {'Content-Type': CONFIRMATION_TYPE}), 400)
        self.assert_error(ask(self.authority, 'POST', f'{REQUESTS}/{NOBODY}/confirmation', b'x',
                              {'Content-Type': CONFIRMATION_TYPE}), 404)
        with database(self.authority) as rows:
            confirmed = rows.execute('SELECT confirmed FROM request WHERE id = ?', (person.id,)).fetchone()
        self.assertEqual(confirmed, (None,))
        self.assertEqual(person.confirm()[0], 204)

    def test_an_expired_reply(self):
        person = self.somebody()
        self.assertEqual(person.post()[0], 202)
        with database(self.authority) as rows:
            rows.execute('UPDATE request SET expires = ? WHERE id = ?', (int(time.time()) - 1, person.id))
        self.assert_error(person.get(), 410)

    # --- strangers ---

    def test_no_answer_tells_whether_an_address_exists(self):
        """Whatever is wrong with address and key, the answer is the same, to the byte."""
        used, open_one, expired, withdrawn, prober = (self.somebody() for _ in range(5))
        self.assertEqual(used.post()[0], 202)
        with database(self.authority) as rows:
            rows.execute('UPDATE invitation SET expires = ? WHERE id = (SELECT max(invitation.id) FROM invitation'
                         ' JOIN user ON user.id = user WHERE address = ?)', (int(time.time()) - 1, expired.address))
        Invitation(self.authority, withdrawn.address)

        cases = {
            'a wrong key': (open_one.address, WRONG_KEY),
            'an unknown address': ('nobody@example.org', WRONG_KEY),
            'an address elsewhere': ('nobody@elsewhere.example', WRONG_KEY),
            'a used key': (used.address, used.invitation.key),
            'an expired key': (expired.address, expired.invitation.key),
            'a withdrawn key': (withdrawn.address, withdrawn.invitation.key),
            "another's key": ('nobody2@example.org', open_one.invitation.key),
            'no key at all': ('nobody3@example.org', ''),
            'something else': ('nobody4@example.org', 'ä' * 200),
            'no address': ('', open_one.invitation.key),
            'not an address': ('nobody', open_one.invitation.key),
        }
        answers = {name: prober.post(address=address, key=key or ' ') for name, (address, key) in cases.items()}
        for name, value in (('no header', None), ('an empty one', 'Basic '), ('another scheme', 'Bearer abc'),
                            ('no base64', 'Basic ####'), ('no colon', 'Basic YWJj'), ('NUL', 'Basic AAAA'),
                            ('a long one', 'Basic ' + 'QUFB' * 2000)):
            headers = {'Content-Type': REQUEST_TYPE, **({'Authorization': value} if value is not None else {})}
            answers[name] = ask(self.authority, 'POST', REQUESTS, prober.request, headers)
        expected = answers['a wrong key']
        self.assert_error(expected, 401)
        self.assertEqual(expected[1]['WWW-Authenticate'], 'Basic realm="Signet", charset="UTF-8"')
        for name, (status, headers, body) in answers.items():
            with self.subTest(case=name):
                self.assertEqual((status, without_date(headers), body), (401, without_date(expected[1]), expected[2]))

    def test_a_known_and_an_unknown_address_take_the_same_time(self):
        """Of a hundred pairs, now the one and now the other takes longer, whatever else this machine is doing."""
        person, pairs, known_is_slower = self.somebody(), 100, 0
        connection = Connection(self.authority)
        for number in range(pairs):
            known, unknown = self.somebody_without_request(), f'ghost{number}@example.org'
            taken = {}
            for address in (known, unknown) if number % 2 else (unknown, known):
                begin = time.perf_counter()
                self.assertEqual(person.post(connection, address=address, key=WRONG_KEY)[0], 401)
                taken[address] = time.perf_counter() - begin
            known_is_slower += taken[known] > taken[unknown]
        connection.close()
        self.assertTrue(20 < known_is_slower < 80, known_is_slower)     # by chance less than once in 10^8

    def somebody_without_request(self):
        type(self).people += 1
        address = f'somebody{self.people}@example.org'
        with database(self.authority) as rows:
            rows.execute('INSERT INTO user (address, created) VALUES (?, 0)', (address,))
            rows.execute('INSERT INTO invitation (user, digest, created, expires)'
                         ' VALUES (last_insert_rowid(), randomblob(32), 0, 99999999999)')
        return address

    def test_a_burst_of_wrong_keys_locks_an_address(self):
        known, prober = self.somebody(), self.somebody()
        stranger = 'stranger@example.org'
        for address in (known.address, stranger):
            with self.subTest(address=address):
                statuses = []
                threads = [threading.Thread(target=lambda a=address: statuses.append(
                    prober.post(address=a, key=WRONG_KEY)[0])) for _ in range(24)]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
                self.assertEqual(sorted(statuses), [401] * 5 + [429] * 19)
        locked, unknown = known.post(), prober.post(address=stranger)
        for answer in (locked, unknown):
            self.assert_error(answer, 429)
            self.assertTrue(0 < int(answer[1]['Retry-After']) <= 15 * 60, answer)
        self.assertEqual(locked[2], unknown[2])
        self.assertEqual(sorted(locked[1]), sorted(unknown[1]))
        self.assertEqual(prober.post()[0], 202, 'others are not locked')
        self.assert_error(known.post(address=known.address.upper().replace('EXAMPLE.ORG', 'example.org')), 429)

        self.authority.stop()
        self.authority.start()
        self.assert_error(known.post(), 429)
        with database(self.authority) as rows:
            rows.execute('UPDATE wrong_key SET locked_until = ?', (int(time.time()) - 1,))
        self.assertEqual(known.post()[0], 202)

    # --- hostile ones ---

    def test_too_large(self):
        person = self.somebody()
        self.assert_error(person.post(body=b'x' * 70000), 413)
        self.assert_error(person.post(body=iter([b'y' * 10000] * 20)), 413)
        self.assertEqual(person.post()[0], 202)

    def test_endless_body(self):
        """Told to be huge, or told nothing: the line is cut before much of it has been read."""
        person = self.somebody()
        for length in (f'Content-Length: {1 << 40}', 'Transfer-Encoding: chunked'):
            with self.subTest(length=length), tls_socket(self.authority) as line:
                line.sendall('\r\n'.join([f'POST {REQUESTS} HTTP/1.1', 'Host: a', length,
                                          *(f'{k}: {v}' for k, v in person.headers().items()), '', '']).encode())
                piece = b'x' * 16384 if length.startswith('Content') else b'4000\r\n' + b'x' * 16384 + b'\r\n'
                sent = 0
                with self.assertRaises(OSError):
                    while sent < 64 << 20:
                        line.sendall(piece)
                        sent += len(piece)
                self.assertLess(sent, 16 << 20)
        self.assertEqual(person.post()[0], 202)

    def test_broken_http(self):
        for text in (b'\r\n\r\n', b'\0' * 100, b'GET', b'GET  HTTP/1.1\r\n\r\n', b'GET / HTTP/9.9\r\n\r\n',
                     b'GET / HTTP/1.1\r\n\r\n', b'GET / HTTP/1.1\r\nHost: a/b\r\n\r\n',
                     b'get / http/1.1\r\nHost: a\r\n\r\n', b'GET http://other.example/ HTTP/1.1\r\nHost: a\r\n\r\n',
                     b'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n',
                     b'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n',
                     b'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n',
                     b'GET / HTTP/1.1\r\nHost: a\r\nX: ' + b'x' * 200000 + b'\r\n\r\n',
                     b'GET / HTTP/1.1\r\nHost: a\r\n' + b'X: y\r\n' * 30000 + b'\r\n'):
            with self.subTest(text=text[:40]), tls_socket(self.authority) as line:
                try:
                    line.sendall(text)
                    line.settimeout(0.5)
                    answer = line.recv(4096)
                    self.assertTrue(answer == b'' or answer.startswith(b'HTTP/1.'), answer)
                    self.assertNotIn(b' 200 ', answer)
                except OSError:
                    pass             # hung up, or still waiting for the rest
        self.assertEqual(ask(self.authority, 'GET', INFO)[0], 200)

    def test_no_tls_or_an_old_one(self):
        with socket.create_connection(('127.0.0.1', self.authority.port), DEADLINE) as line:
            line.sendall(f'GET {INFO} HTTP/1.1\r\nHost: a\r\n\r\n'.encode())
            self.assertNotIn(b'HTTP', read_all(line))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_ciphers('DEFAULT:@SECLEVEL=0')
        with warnings.catch_warnings():
            warnings.simplefilter('ignore', DeprecationWarning)
            context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
        with self.assertRaises(OSError), socket.create_connection(('127.0.0.1', self.authority.port), DEADLINE) as line:
            context.wrap_socket(line)

    def test_dawdlers(self):
        """Who does not get on with it is shown the door, and meanwhile does not hold up anybody."""
        head = (f'POST {REQUESTS} HTTP/1.1\r\nHost: a\r\n'
                f'Content-Type: {REQUEST_TYPE}\r\nContent-Length: 100\r\n').encode()
        silent = socket.create_connection(('127.0.0.1', self.authority.port), DEADLINE * 2)
        no_request, half_a_head, half_a_body = (tls_socket(self.authority, DEADLINE * 2) for _ in range(3))
        half_a_head.sendall(head)
        half_a_body.sendall(head + b'\r\n' + b'x' * 10)
        drip = tls_socket(self.authority, DEADLINE * 2)
        begin = time.monotonic()

        def dripping():
            try:
                for byte in head * 20:
                    drip.sendall(bytes([byte]))
                    if drip_over.wait(0.3):
                        return
            except OSError:
                drip_over.set()

        drip_over = threading.Event()
        thread = threading.Thread(target=dripping)
        thread.start()
        self.assertEqual(ask(self.authority, 'GET', INFO)[0], 200)
        for line in (silent, no_request, half_a_head, half_a_body):
            self.assertEqual(read_all(line), b'')
            line.close()
        self.assertTrue(drip_over.wait(DEADLINE), 'one byte at a time goes on for ever')
        thread.join()
        drip.close()
        self.assertLess(time.monotonic() - begin, 40)

    def test_more_connections_than_there_is_room_for(self):
        lines = []
        try:
            for number in range(600):
                lines.append(socket.create_connection(('127.0.0.1', self.authority.port), DEADLINE))
                if number % 100 == 99:
                    self.assertEqual(ask(self.authority, 'GET', INFO)[0], 200)
            person = self.somebody()
            self.assertEqual(person.post()[0], 202)
            self.assertEqual(person.get()[0], 200)
        finally:
            for line in lines:
                line.close()

    def test_connections_leave_nothing_behind(self):
        """However a client ends its connection: at once, after an answer, with a farewell or without, in the middle."""
        def descriptors():
            return len(os.listdir(f'/proc/{self.authority.process.pid}/fd'))

        ask(self.authority, 'GET', INFO)
        before = descriptors()
        for _ in range(20):
            ask(self.authority, 'GET', INFO)
            polite = tls_socket(self.authority)
            polite.sendall(f'HEAD {INFO} HTTP/1.1\r\nHost: a\r\n\r\n'.encode())
            polite.recv(4096)
            polite.unwrap().close()
            with tls_socket(self.authority) as line:
                line.sendall(f'POST {REQUESTS} HTTP/1.1\r\nHost: a\r\n'.encode())
            socket.create_connection(('127.0.0.1', self.authority.port), DEADLINE).close()
            urllib.request.urlopen(self.authority.crl_url, timeout=DEADLINE).close()
        until('all are closed', lambda: descriptors() <= before)

    # --- the other door, and the program ---

    def test_revoked_list_server(self):
        base = self.authority.crl_url.rsplit('/', 1)[0]
        for path, kind in (('/authority.crl', 'application/pkix-crl'), ('/issuing.cer', 'application/pkix-cert'),
                           ('/root.cer', 'application/pkix-cert')):
            with urllib.request.urlopen(base + path, timeout=DEADLINE) as answer:
                self.assertEqual((answer.status, answer.headers['Content-Type']), (200, kind))
                self.assertEqual(answer.read(1), b'\x30')
        host = base.split('//')[1]
        for method, path, status in (('GET', '/', 404), ('GET', '/keys/root.key', 404), ('GET', INFO, 404),
                                     ('POST', '/authority.crl', 405), ('HEAD', '/authority.crl', 200)):
            connection = http.client.HTTPConnection(host, timeout=DEADLINE)
            connection.request(method, path)
            self.assertEqual(connection.getresponse().status, status, (method, path))
            connection.close()

    def test_one_daemon_a_folder(self):
        second = self.authority.run('serve', self.authority.folder, check=False)
        self.assertEqual((second.returncode, second.stdout), (6, ''))
        self.assertEqual(self.authority.status()['daemon']['url'], self.authority.url)

    def test_a_free_port(self):
        with Authority(settings=SETTINGS) as other:
            other.stop()
            self.assertFalse(other.status()['daemon']['running'])
            process = subprocess.Popen([program('signet-authority'), 'serve', other.folder, '--listen', '127.0.0.1:0',
                                        '--crl-listen', 'none'], stdout=subprocess.PIPE, text=True)
            port = int(re.fullmatch(r'Serving https://127\.0\.0\.1:(\d+)\n', process.stdout.readline()).group(1))
            self.assertEqual(other.status()['daemon']['url'], f'https://127.0.0.1:{port}')
            self.assertNotEqual(port, other.port)
            other.port = port
            self.assertEqual(ask(other, 'GET', INFO)[0], 200)
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(DEADLINE), 0)
            process.stdout.close()

    def test_stop_in_the_middle(self):
        """SIGTERM: what was taken in is answered; nobody is left with half an answer; the exit status is 0."""
        with Authority(settings=SETTINGS) as busy:
            people = [Person(busy, f'busy{n}@example.org') for n in range(12)]
            answers = []

            def post(person):
                try:
                    answers.append((person, person.post()[0]))
                except OSError:
                    answers.append((person, None))

            threads = [threading.Thread(target=post, args=(person,)) for person in people]
            for thread in threads:
                thread.start()
            process = busy.process
            until('one has an answer', lambda: answers)
            process.terminate()
            for thread in threads:
                thread.join()
            self.assertEqual(process.wait(DEADLINE), 0)
            self.assertTrue(all(status in (202, None) for _, status in answers), answers)
            busy.forget()
            busy.start()
            for person in people:
                person.enroll()
            self.assertEqual(busy.status()['certificates']['issued'], 24)


def flip(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


def without_date(headers):
    return {key: value for key, value in headers.items() if key != 'Date'}


def read_all(line):
    data = b''
    try:
        while piece := line.recv(65536):
            data += piece
    except (ConnectionResetError, ssl.SSLError):
        pass
    return data


if __name__ == '__main__':
    unittest.main()
