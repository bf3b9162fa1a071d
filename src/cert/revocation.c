/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cert/revocation.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "crypto/gnutls-types.h"

#include <string.h>

#define SKEW (5 * 60)
#define MAX_PLACES 32           /* that are looked at: each costs GnuTLS a walk over the extension */

SignetRevocationState *
signet_revocation_state_new (void)
{
  return g_new0 (SignetRevocationState, 1);
}

SignetRevocationState *
signet_revocation_state_copy (const SignetRevocationState *self)
{
  SignetRevocationState *copy = signet_revocation_state_new ();

  *copy = *self;
  copy->problem = self->problem != NULL ? g_error_copy (self->problem) : NULL;
  return copy;
}

void
signet_revocation_state_free (SignetRevocationState *self)
{
  if (self == NULL)
    return;
  g_clear_error (&self->problem);
  g_free (self);
}

gboolean
signet_revocation_is_final (const SignetRevocationStatus *status)
{
  return status->verdict == SIGNET_REVOCATION_REVOKED && status->reason != SIGNET_REASON_CERTIFICATE_HOLD;
}

gboolean
signet_revocation_check_times (const SignetRevocationStatus *status, gint64 max_age, gint64 at, GError **error)
{
  gint64 end = status->next_update != 0 ? status->next_update : status->this_update + max_age;

  if (status->this_update > at + SKEW || end < status->this_update) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                         _("The authority's answer is dated in the future. Check the date of this computer."));
    return FALSE;
  }
  if (end + SKEW < at) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_EXPIRED,
                         _("The authority's answer is too old to count. Its server may be out of order; try again "
                           "later."));
    return FALSE;
  }
  return TRUE;
}

void
signet_revocation_settle (SignetRevocationStatus *status, SignetCertificate *certificate)
{
  if (status->verdict == SIGNET_REVOCATION_GOOD &&
      status->this_update > signet_certificate_get_not_after (certificate))
    status->verdict = SIGNET_REVOCATION_UNKNOWN;
}

/* --- where to ask --- */

/* Whether it can be asked at all is for net/url.h; this keeps ldap and the like out. */
static void
add_url (GPtrArray *urls, const char *data, gsize length)
{
  g_autofree char *url = g_strndup (data, length);

  if (urls->len >= SIGNET_MAX_REVOCATION_URLS || length > SIGNET_MAX_URL || strlen (url) != length ||
      !(g_str_has_prefix (url, "http://") || g_str_has_prefix (url, "https://")) || !g_str_is_ascii (url) ||
      g_ptr_array_find_with_equal_func (urls, url, g_str_equal, NULL))
    return;
  g_ptr_array_add (urls, g_steal_pointer (&url));
}

static GStrv
finish_urls (GPtrArray *urls)
{
  g_ptr_array_add (urls, NULL);
  return (GStrv) g_ptr_array_free (urls, FALSE);
}

static gboolean
parse (SignetCertificate *certificate, gnutls_x509_crt_t *crt)
{
  gnutls_datum_t der = signet_datum_from_bytes (signet_certificate_get_der (certificate));

  gnutls_x509_crt_init (crt);
  return gnutls_x509_crt_import (*crt, &der, GNUTLS_X509_FMT_DER) >= 0;
}

GStrv
signet_revocation_get_crl_urls (SignetCertificate *certificate)
{
  GPtrArray *urls = g_ptr_array_new ();
  g_auto (gnutls_x509_crt_t) crt = NULL;
  char name[SIGNET_MAX_URL];
  guint reasons;
  int type = parse (certificate, &crt) ? 0 : GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE;

  for (guint i = 0; i < MAX_PLACES && (type >= 0 || type == GNUTLS_E_SHORT_MEMORY_BUFFER); i++) {
    gsize length = sizeof name;

    type = gnutls_x509_crt_get_crl_dist_points (crt, i, name, &length, &reasons, NULL);
    if (type == GNUTLS_SAN_URI && reasons == 0)      /* for all reasons, or GOOD would be half of an answer */
      add_url (urls, name, length);
  }
  return finish_urls (urls);
}

GStrv
signet_revocation_get_ocsp_urls (SignetCertificate *certificate)
{
  GPtrArray *urls = g_ptr_array_new ();
  g_auto (gnutls_x509_crt_t) crt = NULL;
  int code = parse (certificate, &crt) ? 0 : GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE;

  for (guint i = 0; i < MAX_PLACES && (code >= 0 || code == GNUTLS_E_UNKNOWN_ALGORITHM); i++) {
    g_auto (gnutls_datum_t) url = { NULL, 0 };

    code = gnutls_x509_crt_get_authority_info_access (crt, i, GNUTLS_IA_OCSP_URI, &url, NULL);
    if (code >= 0)
      add_url (urls, (const char *) url.data, url.size);
  }
  return finish_urls (urls);
}
