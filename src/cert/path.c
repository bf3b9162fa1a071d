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
  g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_UNTRUSTED, _("The certificate cannot be trusted: %s."), cause);
  return FALSE;
}

static X509 *
convert (SignetCertificate *certificate)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (signet_certificate_get_der (certificate), &length);

  return d2i_X509 (NULL, &data, length);
}

static SignetX509Stack *
convert_all (GPtrArray *certificates)
{
  g_autoptr (SignetX509Stack) stack = sk_X509_new_null ();

  for (guint i = 0; i < certificates->len; i++) {
    X509 *certificate = convert (certificates->pdata[i]);
    if (certificate == NULL || !sk_X509_push (stack, certificate)) {
      X509_free (certificate);
      return NULL;
    }
  }
  return g_steal_pointer (&stack);
}

static void
set_parameters (X509_STORE_CTX *context, SignetPurpose purpose, gint64 at)
{
  X509_VERIFY_PARAM *parameters = X509_STORE_CTX_get0_param (context);

  X509_VERIFY_PARAM_set_time (parameters, at);
  X509_VERIFY_PARAM_set_depth (parameters, SIGNET_MAX_CHAIN);
  X509_VERIFY_PARAM_set_auth_level (parameters, SECURITY_LEVEL);
  X509_VERIFY_PARAM_set_flags (parameters, X509_V_FLAG_X509_STRICT | X509_V_FLAG_CHECK_SS_SIGNATURE);
  /* OpenSSL's S/MIME purposes ask for one key usage each; which one a leaf has is the caller's question. */
  if (purpose == SIGNET_PURPOSE_MAIL)
    X509_VERIFY_PARAM_set_purpose (parameters, X509_PURPOSE_ANY);
}

static gboolean
may_mail (X509 *leaf)
{
  return X509_get_extension_flags (leaf) & EXFLAG_XKUSAGE
           ? (X509_get_extended_key_usage (leaf) & (XKU_SMIME | XKU_ANYEKU)) != 0
           : TRUE;
}

static gboolean
may_speak_for_authority (X509 *leaf)
{
  return (X509_get_key_usage (leaf) & KU_DIGITAL_SIGNATURE) != 0;
}

/* The EKU of a CA, where it has one, limits what is below it (as all mail programs read it). */
static gboolean
chain_may_mail (X509_STORE_CTX *context)
{
  SignetX509Stack *chain = X509_STORE_CTX_get0_chain (context);

  for (int i = 0; i + 1 < sk_X509_num (chain); i++) {     /* the root is trusted as it is */
    if (!may_mail (sk_X509_value (chain, i)))
      return FALSE;
  }
  return TRUE;
}

static gboolean
explain (X509_STORE_CTX *context, GError **error)
{
  int code = X509_STORE_CTX_get_error (context);

  if (code == X509_V_ERR_CERT_HAS_EXPIRED || code == X509_V_ERR_CERT_NOT_YET_VALID) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_EXPIRED,
                         code == X509_V_ERR_CERT_HAS_EXPIRED
                           ? _("The certificate has expired.")
                           : _("The certificate is not valid yet. Check the date of this computer."));
    return FALSE;
  }
  return refuse (error, X509_verify_cert_error_string (code));
}

gboolean
signet_path_validate (SignetCertificate *leaf, GPtrArray *intermediates, SignetCertificate *root, SignetPurpose purpose,
                      gint64 at, GError **error)
{
  g_auto (SignetErrorMark) mark G_GNUC_UNUSED = signet_error_mark ();
  g_autoptr (X509_STORE) store = X509_STORE_new ();
  g_autoptr (X509_STORE_CTX) context = X509_STORE_CTX_new ();
  g_autoptr (X509) end = convert (leaf), anchor = convert (root);

  if (intermediates->len > SIGNET_MAX_CHAIN)
    return refuse (error, _("it brings too many other certificates"));
  g_autoptr (SignetX509Stack) others = convert_all (intermediates);
  if (store == NULL || context == NULL || end == NULL || anchor == NULL || others == NULL ||
      !X509_STORE_add_cert (store, anchor) || !X509_STORE_CTX_init (context, store, end, others))
    return refuse (error, _("it cannot be read"));

  set_parameters (context, purpose, at);
  if (X509_verify_cert (context) != 1)
    return explain (context, error);
  if (purpose == SIGNET_PURPOSE_MAIL ? !chain_may_mail (context) : !may_speak_for_authority (end))
    return refuse (error, _("it was issued for another purpose"));
  return TRUE;
}
