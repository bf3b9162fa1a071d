#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Puts a PBMAC1 (RFC 9579) behind a PKCS#12 file that has no MAC, right or wrong in one point: no program on Debian 12
writes one.

    tests/pbmac1.py IN OUT PASSWORD [NAME=VALUE...]

prf, mac: sha1 to sha512; length: of the key, 0 leaves it out; iterations, salt (hexadecimal): what is used; said, told:
the count and the salt that are written instead; cut, pad: bytes off and onto the digest.
"""

import hashlib
import hmac
import sys

HMACS = {'sha1': 7, 'sha224': 8, 'sha256': 9, 'sha384': 10, 'sha512': 11}
HMAC_OID = bytes.fromhex('06082a864886f70d02')


def element(tag, *parts):
    body = b''.join(parts)
    size = len(body)
    length = bytes([size]) if size < 128 else bytes([0x82]) + size.to_bytes(2, 'big')
    return bytes([tag]) + length + body


def integer(number):
    return element(2, number.to_bytes(number.bit_length() // 8 + 1, 'big'))


def hmac_algorithm(name):
    return element(0x30, HMAC_OID + bytes([HMACS[name]]), element(5))


def read(data, at):
    """The start and the end of the contents of the element at this place."""
    size, start = data[at + 1], at + 2
    if size >= 128:
        start = at + 2 + size - 128
        size = int.from_bytes(data[at + 2:start], 'big')
    return start, start + size


def authenticated_safe(pfx):
    start, _ = read(pfx, 0)
    _, version_end = read(pfx, start)
    content, content_end = read(pfx, version_end)
    _, type_end = read(pfx, content)
    explicit, _ = read(pfx, type_end)
    octets, octets_end = read(pfx, explicit)
    return pfx[start:content_end], pfx[octets:octets_end]


def main():
    source, target, password, *rest = sys.argv[1:]
    want = {'prf': 'sha256', 'mac': 'sha256', 'length': '32', 'iterations': '2048', 'salt': '0102030405060708',
            'cut': '0', 'pad': '0'}
    want.update(pair.split('=') for pair in rest)
    with open(source, 'rb') as file:
        before, content = authenticated_safe(file.read())

    length, iterations = int(want['length']), int(want['iterations'])
    key = hashlib.pbkdf2_hmac(want['prf'], password.encode(), bytes.fromhex(want['salt']), iterations, length or 32)
    digest = hmac.new(key, content, want['mac']).digest()
    digest = digest[:len(digest) - int(want['cut'])] + b'\0' * int(want['pad'])

    kdf = [element(4, bytes.fromhex(want.get('told', want['salt']))), integer(int(want.get('said', iterations)))]
    if length:
        kdf.append(integer(length))
    kdf.append(hmac_algorithm(want['prf']))
    algorithm = element(0x30, bytes.fromhex('06092a864886f70d01050e'), element(
        0x30, element(0x30, bytes.fromhex('06092a864886f70d01050c'), element(0x30, *kdf)), hmac_algorithm(want['mac'])))
    mac = element(0x30, element(0x30, algorithm, element(4, digest)), element(4, b'unused'), integer(1))
    with open(target, 'wb') as file:
        file.write(element(0x30, before, mac))


if __name__ == '__main__':
    main()
