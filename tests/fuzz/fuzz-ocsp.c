/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "base/clock.h"
#include "cert/ocsp.h"
#include "crypto/der.h"

/* An OCSPResponse around BASIC, which it takes. */
static GBytes *
enclose (GBytes *basic)
{
  static const guint8 type[] = { 0x06, 9, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x01 };
  static const guint8 success[] = { 0x0a, 1, 0 };
  g_autoptr (GBytes) inner = basic;
  g_autoptr (GByteArray) body = g_byte_array_new ();
  GByteArray *out = g_byte_array_new ();

  g_byte_array_append (body, type, sizeof type);
  signet_der_append (body, SIGNET_DER_OCTET_STRING, g_bytes_get_data (inner, NULL), g_bytes_get_size (inner));
  signet_der_enclose (body, SIGNET_DER_SEQUENCE);
  signet_der_enclose (body, SIGNET_DER_CONTEXT (0));
  g_byte_array_append (out, success, sizeof success);
  g_byte_array_append (out, body->data, body->len);
  signet_der_enclose (out, SIGNET_DER_SEQUENCE);
  return g_byte_array_free_to_bytes (out);
}

/* What follows the first byte is an answer, or, when that byte is not 'R', what is signed in one. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) raw = size > 0 ? fuzz_bytes (data + 1, size - 1) : NULL;
  g_autoptr (GBytes) bytes = raw != NULL ? fuzz_serial (raw, TRUE) : NULL;
  g_autoptr (GError) error = NULL;
  SignetRevocationStatus status = { .verdict = 99 };

  if (bytes == NULL)
    return 0;
  SignetCertificate *issuer = test_ca_get_issuing (fuzz_ca ()), *certificate = test_ca_get_speaker (fuzz_ca ());
  g_autoptr (GBytes) answer = data[0] != 'R' ? enclose (test_ca_sign (fuzz_ca (), bytes)) : g_bytes_ref (bytes);
  gboolean believed = signet_ocsp_read (answer, certificate, issuer, NULL, signet_clock_now (), &status, &error);
  fuzz_check (believed, error);
  g_assert_true (error != NULL ? status.verdict == 99 : status.verdict <= SIGNET_REVOCATION_REVOKED);
  return 0;
}
