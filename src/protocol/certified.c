/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "protocol/certified.h"

#include "base/error.h"
#include "base/i18n.h"

GBytes *
signet_certified_sign (GBytes *content, SignetCertificate *certificate, SignetPrivateKey *key, GError **error)
{
  g_autoptr (GPtrArray) chain = g_ptr_array_new ();
  g_autoptr (SignetSecret) plain = signet_secret_new (g_bytes_get_data (content, NULL), g_bytes_get_size (content));
  g_autoptr (SignetSecret) signed_data =
    signet_cms_sign_with_certificate (plain, key, signet_certificate_get_der (certificate), chain, error);

  if (signed_data == NULL)
    return NULL;
  return g_bytes_new (signet_secret_get (signed_data, NULL), signet_secret_length (signed_data));
}

SignetCertificate *
signet_certified_verify (SignetSignedData *signed_data, GError **error)
{
  g_autoptr (GBytes) signer = NULL;
  g_autoptr (GPtrArray) certificates = NULL;

  if (!signet_signed_data_verify_certificate (signed_data, &signer, &certificates, error))
    return NULL;
  if (certificates->len == 1)
    return signet_certificate_new (signer, error);
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID, _("The request brings certificates of others."));
  return NULL;
}
