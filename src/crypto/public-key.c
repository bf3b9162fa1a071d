/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/public-key.h"

#include "base/error.h"
#include "base/hex.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "crypto/der.h"
#include "crypto/gnutls-types.h"

#define ID_LENGTH 20
#define MIN_RSA_BITS 1024

static void
set_invalid (GError **error)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                       _("A public key in it cannot be read. Ask for it again from where it came from."));
}

static void
set_unsupported (GError **error)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_UNSUPPORTED,
                       _("A public key in it is of a kind that Signet does not know. Signet knows RSA, P-256, P-384 "
                         "and P-521."));
}

/* An exponent of 1 makes every message its own signature, and an even one has no private half. */
static gboolean
has_sane_exponent (gnutls_pubkey_t key)
{
  g_auto (gnutls_datum_t) modulus = { NULL, 0 }, exponent = { NULL, 0 };

  if (gnutls_pubkey_export_rsa_raw (key, &modulus, &exponent) < 0 || exponent.size == 0)
    return FALSE;

  guint8 last = exponent.data[exponent.size - 1];
  gboolean single = TRUE;
  for (guint i = 0; i + 1 < exponent.size; i++)
    single = single && exponent.data[i] == 0;
  return last % 2 == 1 && !(single && last == 1);
}

static gboolean
read_ec (gnutls_pubkey_t key, guint *bits, GError **error)
{
  gnutls_ecc_curve_t curve;

  if (gnutls_pubkey_export_ecc_raw2 (key, &curve, NULL, NULL, GNUTLS_EXPORT_FLAG_NO_LZ) < 0) {
    set_invalid (error);
    return FALSE;
  }
  switch (curve) {
  case GNUTLS_ECC_CURVE_SECP256R1:
    *bits = 256;
    return TRUE;
  case GNUTLS_ECC_CURVE_SECP384R1:
    *bits = 384;
    return TRUE;
  case GNUTLS_ECC_CURVE_SECP521R1:
    *bits = 521;
    return TRUE;
  default:
    set_unsupported (error);
    return FALSE;
  }
}

/* GnuTLS reads it, and what it would write is what it read: so there is one encoding of each key, and keys may be
 * compared by their bytes. */
static gboolean
import (gnutls_pubkey_t key, GBytes *spki, GError **error)
{
  gnutls_datum_t datum = signet_datum_from_bytes (spki);
  g_auto (gnutls_datum_t) again = { NULL, 0 };
  SignetDer contents;

  if (datum.size > SIGNET_MAX_CERTIFICATE ||
      !signet_der_open (datum.data, datum.size, SIGNET_DER_SEQUENCE, &contents)) {
    set_invalid (error);
    return FALSE;
  }

  int code = gnutls_pubkey_import (key, &datum, GNUTLS_X509_FMT_DER);
  if (code == GNUTLS_E_UNIMPLEMENTED_FEATURE || code == GNUTLS_E_UNKNOWN_PK_ALGORITHM ||
      code == GNUTLS_E_ECC_UNSUPPORTED_CURVE || code == GNUTLS_E_UNSUPPORTED_SIGNATURE_ALGORITHM) {
    set_unsupported (error);
    return FALSE;
  }
  if (code < 0 || gnutls_pubkey_export2 (key, GNUTLS_X509_FMT_DER, &again) < 0 || again.size != datum.size ||
      memcmp (again.data, datum.data, datum.size) != 0) {
    set_invalid (error);
    return FALSE;
  }
  return TRUE;
}

gboolean
signet_public_key_read (GBytes *spki, SignetPublicKeyKind *kind, guint *bits, GError **error)
{
  g_auto (gnutls_pubkey_t) key = NULL;
  guint size = 0;

  gnutls_pubkey_init (&key);
  if (!import (key, spki, error))
    return FALSE;

  int algorithm = gnutls_pubkey_get_pk_algorithm (key, &size);
  if (algorithm == GNUTLS_PK_ECDSA) {
    if (!read_ec (key, bits, error))
      return FALSE;
    *kind = SIGNET_PUBLIC_KEY_EC;
    return TRUE;
  }
  if (algorithm != GNUTLS_PK_RSA || size < MIN_RSA_BITS) {
    set_unsupported (error);
    return FALSE;
  }
  if (!has_sane_exponent (key)) {
    set_invalid (error);
    return FALSE;
  }
  *kind = SIGNET_PUBLIC_KEY_RSA;
  *bits = size;
  return TRUE;
}

GBytes *
signet_public_key_get_id (GBytes *spki, GError **error)
{
  SignetDer rest = signet_der_from_bytes (spki);
  SignetDerElement algorithm, key;

  /* The BIT STRING's first byte counts unused bits: none, and not part of the key. */
  if (!signet_der_open (rest.data, rest.length, SIGNET_DER_SEQUENCE, &rest) ||
      !signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &algorithm) ||
      !signet_der_expect (&rest, SIGNET_DER_BIT_STRING, &key) || rest.length > 0 ||
      key.contents.length < 2 || key.contents.data[0] != 0) {
    set_invalid (error);
    return NULL;
  }

  g_autoptr (GBytes) bits = g_bytes_new_static (key.contents.data + 1, key.contents.length - 1);
  g_autoptr (GBytes) digest = signet_sha256 (bits);
  return g_bytes_new_from_bytes (digest, 0, ID_LENGTH);
}

char *
signet_public_key_describe (GBytes *spki)
{
  SignetPublicKeyKind kind;
  guint bits;

  if (!signet_public_key_read (spki, &kind, &bits, NULL))
    return g_strdup (_("Unknown"));
  return g_strdup_printf (kind == SIGNET_PUBLIC_KEY_RSA ? "RSA-%u" : "P-%u", bits);
}
