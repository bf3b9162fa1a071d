/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "base/clock.h"
#include "base/hex.h"

#include <gnutls/crypto.h>
#include <string.h>

#define NOW 1800000000

/* P-256, PKCS#8, by "openssl genpkey".  They are always the same, so that an input that was found once is found
 * again, and protect nothing. */
static const char *const keys[] = {
  "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgbGF8q/peUTRaa+sZxeNOQyEEQaRb62k9+jGtYtSvDwmhRANCAASL"
  "rKTy1TO2efkpSnHO1M+kr3QmdInWFg6nZe8wfvhXygd/rzWTbdxVgg/q8+1gPiHC8B7O9cg4mx/qL95SPMZ1",
  "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgUL6uxGdSRB5N8HCP/wvXQeawdEnSfyPvihK12GxMkA2hRANCAATx"
  "K8/0AptGjysrC9mkNNVKXG15Kko2qcPzeJKc/I17VG0wAVClILkNhwwDG0bHSvQm+8ZfDo4BwbEG1Qse/XX9",
  "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgvCiQr7IeNBSscef8MbPUpr2HFeS4Jg0kp236ynGWgy2hRANCAARg"
  "w6jJD4UKSqxHmmpCzWHhAfYYozo+5KlsS24IONukxwepl0SxakcGK66POKfX2TtlBy6O3HN/DmdFpYxKh8DU",
  "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgjWXnMQBp1lWtRoI46GqruTaU1lTlkDNXHsDuVl67fVShRANCAARh"
  "Y7My1BaFRqEtK/XllIj+0L1R1pBYnOpKES+iV3YanSDUtcb2HtCYcEihZzr5zAkNlpkUd3VW4yN/lvDxV74L",
  "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgYJeEOVP63aa79Y38sYl7+GbQkrMcVQqemI1sde50UL6hRANCAAQQ"
  "T2/9PGMUmD+OEQ1XYx+DWWGeSnD95iOLy8UlZIycXPFPcjWG+tYCtuyfxfEiYDyFXABmUrjr1TiDyRjUQ3Rk",
  "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgHrLDBk67LeZg1WEulFAxp9D+BT3qd0kM6K1hIXacAvKhRANCAATm"
  "kmPSsfXFdA8iUxBs9+YyWy7/uPXvjc0Nbiwer/eZnwwULZcVWDlXIYNnqwx6PW+X+EQ7d/j48NiE3jDVFDrb",
  "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgno0sYY7gIOfe0QCRCEpWKzc1QrnP3kDNKlhjegYXDhyhRANCAAS/"
  "q83IgJWmRZLyFf1iCL4HDLtcPIN1MCxdJVwALrfbDrlXdCtp0/l8j3cEpBEg/GVNJrs1/TIidPL78KnuSBZo",
  "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgnfFF/l8k0ymzL8FnHBjGDvZrPuNJnogVGswoJOv0eZChRANCAARv"
  "GPzk+v3lfjGRChJx+lez6jlT8ca58Pf+J+kUGGy/cJLOMOPZD18shpHkDyy4zbrbKB/LZ0CKZ5efL5MRq5Gn",
};

GBytes *
fuzz_bytes (const uint8_t *data, size_t size)
{
  return g_bytes_new (data, size);
}

SignetSecret *
fuzz_frame_item (const uint8_t *data, size_t size)
{
  SignetSecret *blob = signet_secret_alloc (size + 32);
  guint8 *bytes = signet_secret_edit (blob);

  if (size > 0)
    memcpy (bytes, data, size);
  gnutls_hash_fast (GNUTLS_DIG_SHA256, bytes, size, bytes + size);
  return blob;
}

void
fuzz_check (gboolean accepted, GError *error)
{
  if (accepted)
    g_assert_no_error (error);
  else
    g_assert_true (error != NULL && error->domain == SIGNET_ERROR && *error->message != '\0');
}

SignetPrivateKey *
fuzz_key (guint index)
{
  static SignetPrivateKey *made[G_N_ELEMENTS (keys)];
  gsize length;

  g_assert (index < G_N_ELEMENTS (keys));
  if (made[index] == NULL) {
    g_autofree guint8 *bytes = g_base64_decode (keys[index], &length);
    g_autoptr (SignetSecret) der = signet_secret_new (bytes, length);
    made[index] = signet_private_key_new_from_pkcs8 (der, NULL);
  }
  return made[index];
}

TestCa *
fuzz_ca (void)
{
  static TestCa *ca;

  signet_clock_set (NOW);
  if (ca == NULL)
    ca = test_ca_new_with_keys ("Example Authority", fuzz_key (FUZZ_KEY_ROOT), fuzz_key (FUZZ_KEY_ISSUING),
                                fuzz_key (FUZZ_KEY_SPEAKER));
  return ca;
}

GBytes *
fuzz_request (void)
{
  static GBytes *request;

  signet_clock_set (NOW);
  if (request == NULL)
    request = signet_request_build (FUZZ_ID, FUZZ_NONCE, FUZZ_ADDRESS, NOW, fuzz_key (FUZZ_KEY_SIGNING),
                                    fuzz_key (FUZZ_KEY_REPLY), NULL);
  return request;
}

GBytes *
fuzz_serial (GBytes *bytes, gboolean replace)
{
  const char *text = signet_certificate_get_serial (test_ca_get_speaker (fuzz_ca ()));
  g_autoptr (GBytes) serial = signet_hex_decode (text, strlen (FUZZ_SERIAL));
  gsize length = g_bytes_get_size (bytes);
  guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), length);
  const void *from = replace ? FUZZ_SERIAL : g_bytes_get_data (serial, NULL);
  const void *to = replace ? g_bytes_get_data (serial, NULL) : FUZZ_SERIAL;
  guint8 *place = copy != NULL ? memmem (copy, length, from, strlen (FUZZ_SERIAL)) : NULL;

  if (place != NULL)
    memcpy (place, to, strlen (FUZZ_SERIAL));
  return g_bytes_new_take (copy, length);
}
