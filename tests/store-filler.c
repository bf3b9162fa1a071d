/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Puts keysets and pending requests into the Secret Service of the session, in states that would take months to come
 * about, for tests and pictures of the windows.  Each argument is one item:
 *
 *   keyset|NAME|LEVEL|ADDRESS|DAYS LEFT|OLDER KEYS      at High under the password "correct horse battery staple"
 *   pending|STATE|AUTHORITY|ADDRESS|MINUTES AGO|PROBLEM  STATE: created waiting failed ready refused
 *   damaged                                             a keyset that cannot be read
 */
#include "base/clock.h"
#include "base/process.h"
#include "crypto/gnutls-types.h"
#include "enroll/pending.h"
#include "keyset/keyset-list.h"
#include "keyset/secret-service-store.h"

#include <string.h>

#define DAY (24 * 3600)
#define PASSWORD "correct horse battery staple"

typedef struct {
  const char *name;
  const char *address;          /* or NULL, for an authority */
  gint64 not_after;
  guint usage;
  SignetPrivateKey *key;
  SignetCertificate *issuer;    /* or NULL: by itself */
  SignetPrivateKey *issuer_key;
} Certificate;

static void
check (int result)
{
  if (result < 0)
    g_error ("GnuTLS: %s", gnutls_strerror (result));
}

static gpointer
must (gpointer result, GError *error)
{
  if (!result)
    g_error ("%s", error->message);

  return result;
}

static SignetPrivateKey *
make_key (void)
{
  GError *error = NULL;

  return must (signet_private_key_generate (SIGNET_KEY_P256, &error), error);
}

static gnutls_x509_crt_t
import (SignetCertificate *certificate)
{
  gnutls_datum_t der = signet_datum_from_bytes (signet_certificate_get_der (certificate));
  gnutls_x509_crt_t crt;

  check (gnutls_x509_crt_init (&crt));
  check (gnutls_x509_crt_import (crt, &der, GNUTLS_X509_FMT_DER));

  return crt;
}

static SignetCertificate *
export (gnutls_x509_crt_t crt)
{
  gnutls_datum_t der;
  GError *error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  check (gnutls_x509_crt_export2 (crt, GNUTLS_X509_FMT_DER, &der));
  bytes = g_bytes_new (der.data, der.size);
  gnutls_free (der.data);

  return must (signet_certificate_new (bytes, &error), error);
}

static SignetCertificate *
make_certificate (const Certificate *wanted)
{
  static guint8 serial = 1;
  gnutls_x509_crt_t crt, issuer;
  gnutls_pubkey_t public_key;
  SignetCertificate *made;

  check (gnutls_x509_crt_init (&crt));
  check (gnutls_pubkey_init (&public_key));
  check (gnutls_pubkey_import_privkey (public_key, signet_private_key_get_gnutls (wanted->key), 0, 0));
  check (gnutls_x509_crt_set_version (crt, 3));
  check (gnutls_x509_crt_set_serial (crt, &serial, sizeof serial));
  serial++;
  check (gnutls_x509_crt_set_pubkey (crt, public_key));
  check (gnutls_x509_crt_set_activation_time (crt, MIN (wanted->not_after, signet_clock_now ()) - 400 * DAY));
  check (gnutls_x509_crt_set_expiration_time (crt, wanted->not_after));
  check (gnutls_x509_crt_set_dn_by_oid (crt, GNUTLS_OID_X520_COMMON_NAME, 0, wanted->name, strlen (wanted->name)));
  check (gnutls_x509_crt_set_basic_constraints (crt, wanted->address == NULL, -1));
  check (gnutls_x509_crt_set_key_usage (crt, wanted->usage));
  if (wanted->address)
    check (gnutls_x509_crt_set_subject_alt_name (crt, GNUTLS_SAN_RFC822NAME, wanted->address, strlen (wanted->address),
                                                 GNUTLS_FSAN_SET));
  issuer = wanted->issuer ? import (wanted->issuer) : crt;
  check (gnutls_x509_crt_privkey_sign (crt, issuer, signet_private_key_get_gnutls (wanted->issuer_key),
                                       GNUTLS_DIG_SHA256, 0));
  made = export (crt);
  gnutls_pubkey_deinit (public_key);
  if (wanted->issuer)
    gnutls_x509_crt_deinit (issuer);
  gnutls_x509_crt_deinit (crt);

  return made;
}

static void
put (SignetStore *store, SignetItemKind kind, const char *id, SignetSecret *blob)
{
  g_autoptr (SignetItem) item = signet_item_new (kind, id, id, blob);
  g_autoptr (GError) error = NULL;

  if (!signet_store_put (store, item, NULL, &error))
    g_error ("%s", error->message);
}

typedef struct {
  GPtrArray *ids;
  GPtrArray *keys;
  SignetPrivateKey *root_key;
  GPtrArray *chain;
} Filling;

static void
add_id (Filling *filling, SignetIdUse use, gboolean current, const char *address, gint64 not_after)
{
  SignetPrivateKey *key = make_key ();
  const Certificate wanted = {
    .name = address, .address = address, .not_after = not_after, .key = key, .issuer_key = filling->root_key,
    .issuer = g_ptr_array_index (filling->chain, 0),
    .usage = use == SIGNET_ID_SIGNING ? GNUTLS_KEY_DIGITAL_SIGNATURE : GNUTLS_KEY_KEY_AGREEMENT,
  };
  g_autoptr (SignetCertificate) certificate = make_certificate (&wanted);

  g_ptr_array_add (filling->ids, signet_digital_id_new (use, current, certificate, filling->chain, "Example Authority",
                                                        signet_clock_now (), NULL));
  g_ptr_array_add (filling->keys, key);
}

static void
fill_keyset (SignetStore *store, char **words)
{
  gint64 end = signet_clock_now () + g_ascii_strtoll (words[4], NULL, 10) * DAY + 3600;
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_digital_id_unref);
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_private_key_unref);
  g_autoptr (GPtrArray) chain = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_certificate_unref);
  g_autoptr (SignetPrivateKey) root_key = make_key ();
  const Certificate root = {
    .name = "Example Authority", .not_after = signet_clock_now () + 3650 * DAY, .key = root_key,
    .issuer_key = root_key, .usage = GNUTLS_KEY_KEY_CERT_SIGN,
  };
  Filling filling = { ids, keys, root_key, chain };
  g_autoptr (SignetSecret) password = signet_secret_new_text (PASSWORD);
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetKeyset) keyset = NULL;
  g_autoptr (SignetSecret) blob = NULL;
  SignetLevel level;

  if (!signet_level_from_name (words[2], &level))
    g_error ("%s: no such level", words[2]);
  g_ptr_array_add (chain, make_certificate (&root));
  add_id (&filling, SIGNET_ID_SIGNING, TRUE, words[3], end);
  add_id (&filling, SIGNET_ID_ENCRYPTION, TRUE, words[3], end);
  for (int i = 0; i < atoi (words[5]); i++)
    add_id (&filling, SIGNET_ID_ENCRYPTION, FALSE, words[3], signet_clock_now () - (1 + 400 * i) * DAY);

  keyset = must (signet_keyset_new (words[1], level, ids, keys, level == SIGNET_LEVEL_HIGH ? password : NULL, &error),
                 error);
  blob = must (signet_keyset_to_blob (keyset, &error), error);
  put (store, SIGNET_ITEM_KEYSET, signet_keyset_get_id (keyset), blob);
}

static SignetPending *
make_pending (const char *authority, const char *address, gint64 created)
{
  g_autoptr (SignetPrivateKey) key = make_key ();
  g_autoptr (GPtrArray) certificates = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_certificate_unref);
  const Certificate root = {
    .name = authority, .not_after = signet_clock_now () + 3650 * DAY, .key = key, .issuer_key = key,
    .usage = GNUTLS_KEY_KEY_CERT_SIGN,
  };
  g_autoptr (SignetSecret) temporary_key = signet_secret_new_text ("00000-00000-00000-00000-00000");
  g_autoptr (SignetInvitation) invitation = NULL;
  g_autoptr (SignetAuthorityInfo) info = NULL;
  g_autoptr (GBytes) pin = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (certificates, make_certificate (&root));
  info = signet_authority_info_new (authority, NULL, certificates);
  pin = signet_certificate_get_pin (signet_authority_info_get_root (info));
  invitation = must (signet_invitation_new ("https://127.0.0.1:1", authority, address, pin, temporary_key, &error),
                     error);

  return must (signet_pending_new (invitation, info, authority, created, &error), error);
}

/* The request in the state that is asked for.  None is due within the next minutes, so that the windows leave it alone. */
static SignetPending *
advance (SignetPending *created, const char *state, const char *problem)
{
  gint64 later = signet_clock_now () + 7 * 60;
  g_autoptr (SignetPending) accepted = signet_pending_accepted (created, "/signet/v1/requests/1", later);

  if (g_str_equal (state, "created"))
    return signet_pending_failed (created, problem, later);
  if (g_str_equal (state, "waiting"))
    return g_steal_pointer (&accepted);
  if (g_str_equal (state, "failed"))
    return signet_pending_failed (accepted, problem, later);
  if (g_str_equal (state, "refused"))
    return signet_pending_refused (accepted, problem);
  if (g_str_equal (state, "ready")) {
    g_autoptr (GBytes) reply = g_bytes_new_static ("reply", 5);

    return signet_pending_replied (accepted, reply);
  }
  g_error ("%s: no such state", state);
}

static void
fill_pending (SignetStore *store, char **words)
{
  gint64 when = signet_clock_now () - g_ascii_strtoll (words[4], NULL, 10) * 60;
  g_autoptr (SignetPending) created = make_pending (words[2], words[3], when);
  g_autoptr (SignetPending) pending = advance (created, words[1], words[5]);
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetSecret) blob = must (signet_pending_to_blob (pending, &error), error);

  put (store, SIGNET_ITEM_PENDING, signet_pending_get_id (pending), blob);
}

static void
fill_damaged (SignetStore *store)
{
  g_autofree char *id = g_uuid_string_random ();
  g_autoptr (SignetSecret) blob = signet_secret_new_text ("no keyset at all");

  put (store, SIGNET_ITEM_KEYSET, id, blob);
}

int
main (int argc, char **argv)
{
  g_autoptr (SignetStore) store = NULL;

  signet_process_init ();
  store = signet_secret_service_store_new ();

  for (int i = 1; i < argc; i++) {
    g_auto (GStrv) words = g_strsplit (argv[i], "|", 6);

    if (g_str_equal (words[0], "keyset") && g_strv_length (words) == 6)
      fill_keyset (store, words);
    else if (g_str_equal (words[0], "pending") && g_strv_length (words) == 6)
      fill_pending (store, words);
    else if (g_str_equal (argv[i], "damaged"))
      fill_damaged (store);
    else
      g_error ("%s: not an item", argv[i]);
  }

  return 0;
}
