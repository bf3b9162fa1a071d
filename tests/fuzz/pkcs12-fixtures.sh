#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Makes fixtures/pkcs12 anew, by other programs: files of each kind whose password is hashed just once, so that many
# can be tried in a second.
#
#   tests/fuzz/pkcs12-fixtures.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=$here/fixtures/pkcs12
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$target"
cd "$work"

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out certificate.pem -days 9000 \
  -subj /CN=Asa -addext subjectAltName=email:asa@example.org
pkcs12 () {
  openssl pkcs12 -export -inkey key.pem -in certificate.pem -name Asa -passout pass:x -iter 1 "$@"
}
pkcs12 -out "$target/modern"
pkcs12 -legacy -out "$target/legacy"
pkcs12 -nomac -keypbe NONE -certpbe NONE -out "$target/plain"
pkcs12 -nomac -out encrypted
"$here/../pbmac1.py" encrypted "$target/pbmac1" x iterations=1
openssl pkcs8 -topk8 -in key.pem -passout pass:x -iter 1 -outform DER -out "$target/encrypted-key"
openssl ec -in key.pem -aes128 -passout pass:x -out "$target/old-pem"
cat key.pem certificate.pem > "$target/pem"
openssl crl2pkcs7 -nocrl -certfile certificate.pem -outform DER -out "$target/p7b"
openssl crl2pkcs7 -nocrl -certfile certificate.pem -out "$target/p7b-pem"

# As NSS writes it: the outer layers of indefinite length, the octets in pieces.
python3 - "$target/modern" "$target/indefinite" <<'END'
import sys

def elements(data):
    while data:
        size, start = data[1], 2
        if size >= 128:
            start = 2 + size - 128
            size = int.from_bytes(data[2:start], 'big')
        yield data[0], data[start:start + size], data[:start + size]
        data = data[start + size:]

def loose(data, depth):
    out = b''
    for tag, contents, whole in elements(data):
        if depth and tag == 4 and len(contents) > 200:
            halves = (contents[:100], contents[100:])
            out += b'\x24\x80' + b''.join(b'\x04\x82' + len(h).to_bytes(2, 'big') + h for h in halves) + b'\0\0'
        elif depth and tag & 0x20:
            out += bytes([tag]) + b'\x80' + loose(contents, depth - 1) + b'\0\0'
        else:
            out += whole
    return out

with open(sys.argv[1], 'rb') as source, open(sys.argv[2], 'wb') as target:
    target.write(loose(source.read(), 4))
END
chmod 644 "$target"/*
