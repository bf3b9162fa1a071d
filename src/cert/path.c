/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cert/path.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "crypto/openssl-types.h"

/* OpenSSL, since GnuTLS accepts paths that it should not (measured on NIST's PKITS suite). */

#define SECURITY_LEVEL 2         /* 112 bits: RSA from 2048, no SHA-1 */

static gboolean
refuse (GError **error, const char *cause)
{
  g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_UNTRUSTED,
               _("The certificate cannot be trusted: %s. Ask the one who issued it for a new one."), cause);
  return FALSE;
}

static X509 *
convert (SignetCertificate *certificate)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (signet_certificate_get_der (certificate), &length);

  return d2i_X509 (NULL, &data, length);
}

/* One that OpenSSL cannot read vouches for nothing, and does no harm. */
static SignetX509Stack *
convert_all (GPtrArray *certificates)
{
  SignetX509Stack *stack = sk_X509_new_null ();

  for (guint i = 0; i < certificates->len; i++) {
    X509 *certificate = convert (certificates->pdata[i]);
    if (certificate != NULL && !sk_X509_push (stack, certificate))
      X509_free (certificate);
  }
  return stack;
}

static gboolean
is_about_dates (int code)
{
  return code == X509_V_ERR_CERT_HAS_EXPIRED || code == X509_V_ERR_CERT_NOT_YET_VALID;
}

/* OpenSSL stops at the first objection, and looks at dates before it looks at all else.  So a date is put aside, the
 * first one where it is found by the caller, and whatever weighs more is found first. */
static int
put_dates_aside (int ok, X509_STORE_CTX *context)
{
  int code = X509_STORE_CTX_get_error (context), *date = X509_STORE_CTX_get_app_data (context);

  if (ok || !is_about_dates (code))
    return ok;
  if (*date == X509_V_OK)
    *date = code;
  return 1;
}

static void
set_parameters (X509_STORE_CTX *context, gint64 at)
{
  X509_VERIFY_PARAM *parameters = X509_STORE_CTX_get0_param (context);

  /* No purpose: OpenSSL's for S/MIME each ask for one key usage, and which one a leaf has is the caller's question. */
  X509_VERIFY_PARAM_set_time (parameters, at);
  X509_VERIFY_PARAM_set_depth (parameters, SIGNET_MAX_CHAIN);
  X509_VERIFY_PARAM_set_auth_level (parameters, SECURITY_LEVEL);
  X509_VERIFY_PARAM_set_flags (parameters, X509_V_FLAG_X509_STRICT | X509_V_FLAG_CHECK_SS_SIGNATURE);
}

/* No extKeyUsage leaves every purpose open (RFC 5280 section 4.2.1.12). */
static gboolean
may_mail (X509 *certificate)
{
  return (X509_get_extension_flags (certificate) & EXFLAG_XKUSAGE) == 0 ||
         (X509_get_extended_key_usage (certificate) & (XKU_SMIME | XKU_ANYEKU)) != 0;
}

/* The extKeyUsage of a CA, where it has one, limits what is below it, as all mail programs read it.  The root is
 * trusted as it is. */
static gboolean
chain_may_mail (SignetX509Stack *chain)
{
  for (int i = 0; i + 1 < sk_X509_num (chain); i++)
    if (!may_mail (sk_X509_value (chain, i)))
      return FALSE;
  return TRUE;
}

static gboolean
may_speak_for_authority (X509 *leaf)
{
  return (X509_get_extension_flags (leaf) & EXFLAG_KUSAGE) != 0 &&
         (X509_get_key_usage (leaf) & KU_DIGITAL_SIGNATURE) != 0;
}

static const char *
explain (int code)
{
  switch (code) {
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
  case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
  case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
  case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    return _("it was not issued under the expected authority");
  case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    return _("it, or a certificate above it, was changed after it was signed");
  case X509_V_ERR_EE_KEY_TOO_SMALL:
  case X509_V_ERR_CA_KEY_TOO_SMALL:
  case X509_V_ERR_CA_MD_TOO_WEAK:
    return _("it, or a certificate above it, uses cryptography that is too weak");
  case X509_V_ERR_INVALID_CA:
  case X509_V_ERR_PATH_LENGTH_EXCEEDED:
  case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
    return _("a certificate above it may not issue certificates");
  case X509_V_ERR_PERMITTED_VIOLATION:
  case X509_V_ERR_EXCLUDED_VIOLATION:
    return _("its authority may not issue certificates for this name or address");
  default:
    return X509_verify_cert_error_string (code);
  }
}

static gboolean
check_date (int date, GError **error)
{
  if (date == X509_V_OK)
    return TRUE;
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_EXPIRED,
                       date == X509_V_ERR_CERT_HAS_EXPIRED
                         ? _("The certificate, or one above it, has expired. Ask the one who issued it for a new one.")
                         : _("The certificate, or one above it, is not valid yet. Check the date of this computer."));
  return FALSE;
}

static gboolean
verify (X509_STORE_CTX *context, X509 *leaf, SignetPathPurpose purpose, GError **error)
{
  int date = X509_V_OK;

  X509_STORE_CTX_set_app_data (context, &date);
  X509_STORE_CTX_set_verify_cb (context, put_dates_aside);
  if (X509_verify_cert (context) != 1)
    return refuse (error, explain (X509_STORE_CTX_get_error (context)));

  SignetX509Stack *chain = X509_STORE_CTX_get0_chain (context);
  if (sk_X509_num (chain) < 2)
    return refuse (error, _("it is the authority's own"));
  if (purpose == SIGNET_PATH_MAIL ? !chain_may_mail (chain) : !may_speak_for_authority (leaf))
    return refuse (error, _("it was issued for another purpose"));
  return check_date (date, error);
}

gboolean
signet_path_validate (SignetCertificate *leaf, GPtrArray *intermediates, SignetCertificate *root,
                      SignetPathPurpose purpose, gint64 at, GError **error)
{
  g_auto (SignetErrorMark) mark G_GNUC_UNUSED = signet_error_mark ();
  g_autoptr (X509_STORE) store = X509_STORE_new ();
  g_autoptr (X509_STORE_CTX) context = X509_STORE_CTX_new ();
  g_autoptr (X509) end = convert (leaf), anchor = convert (root);

  if (intermediates->len > SIGNET_MAX_CHAIN)
    return refuse (error, _("it brings too many other certificates"));
  g_autoptr (SignetX509Stack) others = convert_all (intermediates);
  if (store == NULL || context == NULL || end == NULL || anchor == NULL || !X509_STORE_add_cert (store, anchor) ||
      !X509_STORE_CTX_init (context, store, end, others))
    return refuse (error, _("it cannot be read"));

  set_parameters (context, at);
  return verify (context, end, purpose, error);
}

gboolean
signet_path_validate_step (SignetCertificate *certificate, SignetCertificate *issuer, gint64 at, GError **error)
{
  g_auto (SignetErrorMark) mark G_GNUC_UNUSED = signet_error_mark ();
  g_autoptr (X509_STORE) store = X509_STORE_new ();
  g_autoptr (X509_STORE_CTX) context = X509_STORE_CTX_new ();
  g_autoptr (X509) end = convert (certificate), anchor = convert (issuer);
  int date = X509_V_OK;

  if (store == NULL || context == NULL || end == NULL || anchor == NULL || !X509_STORE_add_cert (store, anchor) ||
      !X509_STORE_CTX_init (context, store, end, NULL))
    return refuse (error, _("it cannot be read"));

  set_parameters (context, at);
  X509_VERIFY_PARAM_set_flags (X509_STORE_CTX_get0_param (context), X509_V_FLAG_PARTIAL_CHAIN);
  X509_STORE_CTX_set_app_data (context, &date);
  X509_STORE_CTX_set_verify_cb (context, put_dates_aside);
  if (X509_verify_cert (context) != 1)
    return refuse (error, explain (X509_STORE_CTX_get_error (context)));
  if (sk_X509_num (X509_STORE_CTX_get0_chain (context)) != 2)
    return refuse (error, _("it is the authority's own"));
  return check_date (date, error);
}
