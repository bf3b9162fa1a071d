/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/error.h"
#include "test-reply.h"

#include <stddef.h>
#include <stdint.h>

G_BEGIN_DECLS

/* What the fuzz targets share.  Each target is one file with this function (libFuzzer's name for it): it gives SIZE
 * bytes that nobody vouches for to one parser, and aborts when the parser breaks its word.  It returns 0. */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* A copy of its own: a read past its end is then a read past a block. */
GBytes *fuzz_bytes (const uint8_t *data, size_t size);

/* Bytes as an item of the store: with the digest behind them, which would keep every change out. */
SignetSecret *fuzz_frame_item (const uint8_t *data, size_t size);

/* A parser's word: it accepts, or it says why not, with one of Signet's codes and a text. */
void fuzz_check (gboolean accepted, GError *error);

/* Some keys, always the same. */
enum { FUZZ_KEY_ROOT, FUZZ_KEY_ISSUING, FUZZ_KEY_SPEAKER, FUZZ_KEY_SIGNING, FUZZ_KEY_REPLY, FUZZ_KEY_ENCRYPTION,
       FUZZ_KEY_OLD_ENCRYPTION, FUZZ_KEY_OTHER };
SignetPrivateKey *fuzz_key (guint index);

/* A frozen clock, an authority and a request of these keys: made once, owned by the function. */
#define FUZZ_ID "00112233445566778899aabbccddeeff"
#define FUZZ_NONCE "ffeeddccbbaa99887766554433221100"
#define FUZZ_ADDRESS "asa@example.org"
TestCa *fuzz_ca (void);
GBytes *fuzz_request (void);

/* Certificates get a serial number at random: the speaker's, in what is signed or is to be, and a name for it, which
 * the seeds have.  REPLACE: the name by the number; else the other way round. */
#define FUZZ_SERIAL "The-serial-is-16"
GBytes *fuzz_serial (GBytes *bytes, gboolean replace);

G_END_DECLS
