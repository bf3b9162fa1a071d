/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Every cap on input, each with its reason.  Bytes unless said otherwise. */

#define SIGNET_MAX_ADDRESS 254             /* RFC 5321 section 4.5.3.1.3, less the angle brackets */
#define SIGNET_MAX_URL 2048                /* what every server and browser takes */
#define SIGNET_MAX_NAME 300                /* characters of a keyset's or authority's name: a long sentence */
#define SIGNET_MAX_NOTICE 4096             /* an escrow notice that somebody will still read */
#define SIGNET_MAX_INVITATION (256 * 1024) /* five short fields, perhaps in a whole mail with all its headers */
#define SIGNET_MAX_JSON (64 * 1024)        /* the JSON parts of the protocol; the keyset header has its own */
#define SIGNET_MAX_JSON_DEPTH 8            /* json-glib recurses: the stack must not follow the input */
#define SIGNET_MAX_CERTIFICATE (64 * 1024) /* the largest in the wild are about 20 KiB */
#define SIGNET_MAX_CHAIN 8                 /* certificates between a leaf and its root, both included */
#define SIGNET_MAX_CSR (16 * 1024)
#define SIGNET_MAX_PRIVATE_KEY (16 * 1024) /* RSA-16384 in PKCS#8 is 9 KiB */
#define SIGNET_MAX_REQUEST (64 * 1024)     /* two CSRs, a signature and a JSON part */
#define SIGNET_MAX_REPLY (640 * 1024)      /* some 100 RSA-4096 keys and certificates; in base64 it fits into an item */
#define SIGNET_MAX_MESSAGE (4 * 1024 * 1024) /* a mail that carries a reply, in base64 and with a footer or two */
#define SIGNET_MAX_HEADER (8 * 1024)       /* a Content-Type or -Disposition: a long file name, encoded */
#define SIGNET_MAX_PARTS 512               /* parts in a multipart: the key history of a lifetime */
#define SIGNET_MAX_PART_DEPTH 8            /* multiparts in multiparts, as mailing lists and gateways nest them */
#define SIGNET_MAX_BLOB (1024 * 1024 - 4096) /* one item of the Secret Service stays under 1 MiB */
#define SIGNET_MAX_IDS 256                 /* digital IDs in a keyset */
#define SIGNET_MAX_REMEMBER 60             /* minutes that a password may be remembered: a long sitting at the mail */
#define SIGNET_MAX_PASSWORD 1024           /* bytes of a password */
#define SIGNET_MAX_KDF_MEMORY (256 * 1024) /* KiB that a stored item may ask of Argon2id */
#define SIGNET_MAX_KDF_PASSES 16           /* passes that a stored item may ask of Argon2id */
#define SIGNET_MAX_KDF_LANES 16
#define SIGNET_MAX_RETRY_AFTER (24 * 3600) /* seconds: a server may ask for a day's patience, not for more */
#define SIGNET_MAX_KEY_FILE (2 * 1024 * 1024) /* a .p12 with a lifetime's keys, each with a chain of its own */
#define SIGNET_MAX_BER_DEPTH 32            /* nested elements in a .p12: the deepest honest ones have about 12 */
#define SIGNET_MAX_SALT 1024               /* bytes: the longest in the wild has 128 */
#define SIGNET_MAX_ITERATIONS (5 * 1000 * 1000) /* that a file may ask of PBKDF2 or PKCS#12: some seconds */
#define SIGNET_MAX_FILE_ITERATIONS (200 * 1000 * 1000) /* of a whole file: SIGNET_MAX_IDS keys at 600,000 each */
#define SIGNET_MAX_FILE_CERTIFICATES 1024   /* in such a file: each ID with three issuers of its own */
#define SIGNET_MAX_BACKUP (32 * 1024 * 1024) /* a thousand keysets with a history each */
#define SIGNET_MAX_MAIL_ADDRESSES 1000     /* of the user's own, with settings: one for each of a thousand keysets */
#define SIGNET_MAX_MAIL_DEFAULTS (512 * 1024) /* the file of these settings: at most 500 bytes an address */
#define SIGNET_MAX_CRL (16 * 1024 * 1024)  /* some 400,000 revoked certificates: the largest public lists */
#define SIGNET_MAX_OCSP (64 * 1024)        /* an answer for one certificate, with its signer's: 1 to 5 KiB */
#define SIGNET_MAX_REVOCATION_URLS 4       /* places to ask, of each kind, that one certificate may name */
#define SIGNET_MAX_CACHED_ANSWERS 1000     /* of authorities, in the user's cache: of everybody one writes to */
#define SIGNET_MAX_CACHE (64 * 1024 * 1024) /* all of them together */
