/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/crl.h"

#include "authority/audit.h"
#include "authority/database-users.h"
#include "authority/files.h"
#include "base/error.h"

#include <errno.h>
#include <sys/stat.h>

#define DAY (24 * 3600)
#define LIFETIME (7 * DAY)

typedef struct {
  SignetAuthority *authority;
  gint64 now;
  GBytes *der;
} Refresh;

/* Number and contents belong together, so both are made inside the transaction. */
static gboolean
write_list (SignetDatabase *database, gpointer data, GError **error)
{
  Refresh *refresh = data;
  g_autoptr (GPtrArray) revoked = signet_database_list_revoked (database, refresh->now, error);
  g_autoptr (GError) problem = NULL;
  gint64 number = 0, created = 0;
  gboolean unlisted;

  if (revoked == NULL || !signet_database_has_unlisted (database, &unlisted, error))
    return FALSE;
  if (signet_database_get_crl (database, &number, &created, &refresh->der, &problem)) {
    if (!unlisted && created <= refresh->now && refresh->now < created + DAY)
      return TRUE;
    g_clear_pointer (&refresh->der, g_bytes_unref);
  } else if (!g_error_matches (problem, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND)) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  refresh->der = signet_issuer_sign_crl (refresh->authority->keys->issuing, revoked, number + 1, refresh->now,
                                         refresh->now + LIFETIME, error);
  g_autofree char *detail = g_strdup_printf ("number %d, %u certificates", (int) number + 1, revoked->len);
  return refresh->der != NULL && signet_database_set_crl (database, number + 1, refresh->now, refresh->der, error) &&
         signet_audit_add (database, "daemon", "crl", "", FALSE, detail, error);
}

static gboolean
write_file (const char *folder, const char *name, GBytes *contents, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return signet_file_write (path, g_bytes_get_data (contents, NULL), g_bytes_get_size (contents), 0644, error);
}

static gboolean
publish (SignetAuthority *authority, GBytes *crl, GError **error)
{
  g_autofree char *folder = g_build_filename (authority->directory, "public", NULL);
  SignetCertificate *issuing = signet_issuer_get_certificate (authority->keys->issuing);

  if (mkdir (folder, 0755) < 0 && errno != EEXIST)
    return signet_file_fail (folder, error);
  return write_file (folder, "authority.crl", crl, error) &&
         write_file (folder, "issuing.cer", signet_certificate_get_der (issuing), error) &&
         write_file (folder, "root.cer", signet_certificate_get_der (authority->keys->root), error);
}

gboolean
signet_crl_refresh (SignetAuthority *authority, gint64 now, GBytes **der, GError **error)
{
  Refresh refresh = { authority, now, NULL };
  gboolean written = signet_writer_run (authority->writer, write_list, &refresh, error);
  g_autoptr (GBytes) crl = refresh.der;

  if (!written || !publish (authority, crl, error))
    return FALSE;
  *der = g_steal_pointer (&crl);
  return TRUE;
}
