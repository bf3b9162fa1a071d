/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Puts keysets and pending requests into the Secret Service of the session, in states that would take months to come
 * about, for tests and pictures of the windows.  Each argument is one item:
 *
 *   keyset|NAME|LEVEL|ADDRESS|DAYS LEFT|OLDER KEYS        at High under the password "correct horse battery staple";
 *                                                         the more days are left, the later it was issued
 *   pending|STATE|AUTHORITY|ADDRESS|MINUTES AGO|PROBLEM   STATE: created waiting failed ready refused
 *   damaged                                               a keyset that cannot be read
 */
#include "base/clock.h"
#include "base/error.h"
#include "base/process.h"
#include "enroll/pending.h"
#include "keyset/keyset-list.h"
#include "keyset/secret-service-store.h"
#include "test-reply.h"

#define DAY (24 * 3600)
#define PASSWORD "correct horse battery staple"

static gpointer
must (gpointer result, GError *error)
{
  if (!result)
    g_error ("%s", error->message);

  return result;
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
  TestCa *ca;
  const char *address;
  GPtrArray *ids;
  GPtrArray *keys;
} Filling;

static void
add_id (Filling *filling, SignetIdUse use, gboolean current, gint64 not_after)
{
  SignetPrivateKey *key = test_key (SIGNET_KEY_P256, filling->keys->len);
  const TestFacts facts = {
    .use = use == SIGNET_ID_SIGNING ? TEST_USE_SIGNING : TEST_USE_ENCRYPTION,
    .spki = signet_private_key_get_spki (key), .address = filling->address,
    .not_before = MIN (not_after, signet_clock_now () + 799 * DAY) - 800 * DAY, .not_after = not_after,
  };
  g_autoptr (SignetCertificate) certificate = test_ca_issue (filling->ca, &facts);

  g_ptr_array_add (filling->ids, signet_digital_id_new (use, current, certificate, test_ca_get_chain (filling->ca),
                                                        "Example Authority", signet_clock_now (), NULL));
  g_ptr_array_add (filling->keys, signet_private_key_ref (key));
}

static void
fill_keyset (SignetStore *store, char **words)
{
  gint64 now = signet_clock_now (), end = now + g_ascii_strtoll (words[4], NULL, 10) * DAY + 3600;
  static TestCa *ca;            /* one for all of them, as an organization has */
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_digital_id_unref);
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_private_key_unref);
  Filling filling = { ca, words[3], ids, keys };
  g_autoptr (SignetSecret) password = signet_secret_new_text (PASSWORD);
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetKeyset) keyset = NULL;
  g_autoptr (SignetSecret) blob = NULL;
  SignetLevel level;

  if (!signet_level_from_name (words[2], &level))
    g_error ("%s: no such level", words[2]);
  if (!ca)
    filling.ca = ca = test_ca_new ("Example Authority");
  add_id (&filling, SIGNET_ID_SIGNING, TRUE, end);
  add_id (&filling, SIGNET_ID_ENCRYPTION, TRUE, end);
  for (int i = 0; i < g_ascii_strtoll (words[5], NULL, 10); i++)
    add_id (&filling, SIGNET_ID_ENCRYPTION, FALSE, now - (1 + 400 * i) * DAY);

  keyset = must (signet_keyset_new (words[1], level, ids, keys, level == SIGNET_LEVEL_HIGH ? password : NULL, &error),
                 error);
  blob = must (signet_keyset_to_blob (keyset, &error), error);
  put (store, SIGNET_ITEM_KEYSET, signet_keyset_get_id (keyset), blob);
}

static SignetPending *
make_pending (TestCa *ca, const char *authority, const char *address, gint64 created)
{
  g_autoptr (GPtrArray) certificates = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_certificate_unref);
  g_autoptr (SignetSecret) temporary_key = signet_secret_new_text ("00000-00000-00000-00000-00000");
  g_autoptr (SignetInvitation) invitation = NULL;
  g_autoptr (SignetAuthorityInfo) info = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (certificates, signet_certificate_ref (test_ca_get_root (ca)));
  g_ptr_array_add (certificates, signet_certificate_ref (test_ca_get_issuing (ca)));
  info = signet_authority_info_new (authority, NULL, certificates);
  invitation = must (signet_invitation_new ("https://127.0.0.1:1", authority, address, test_ca_get_pin (ca),
                                            temporary_key, &error), error);

  return must (signet_pending_new (invitation, info, authority, created, &error), error);
}

/* The request in the state that is asked for.  None is due within the next minutes, so that the windows leave it
 * alone. */
static SignetPending *
advance (TestCa *ca, SignetPending *created, const char *state, const char *problem)
{
  gint64 later = signet_clock_now () + 7 * 60;
  g_autoptr (SignetPending) accepted = signet_pending_accepted (created, "/signet/v1/requests/1", later);
  g_autoptr (GError) error =
    g_error_new_literal (SIGNET_ERROR, SIGNET_ERROR_UNREACHABLE, problem != NULL ? problem : "");

  if (g_str_equal (state, "created"))
    return signet_pending_failed (created, error, later);
  if (g_str_equal (state, "waiting"))
    return g_steal_pointer (&accepted);
  if (g_str_equal (state, "failed"))
    return signet_pending_failed (accepted, error, later);
  if (g_str_equal (state, "refused"))
    return signet_pending_refused (created, error);
  if (g_str_equal (state, "ready")) {
    GBytes *request = signet_pending_get_facts (accepted)->request;
    g_autoptr (SignetReply) reply = test_reply_new (ca, request, 2);
    g_autoptr (GBytes) attachment = test_reply_build (ca, request, reply);

    return signet_pending_replied (accepted, attachment);
  }
  g_error ("%s: no such state", state);
}

static void
fill_pending (SignetStore *store, char **words)
{
  gint64 when = signet_clock_now () - g_ascii_strtoll (words[4], NULL, 10) * 60;
  g_autoptr (TestCa) ca = test_ca_new (words[2]);
  g_autoptr (SignetPending) created = make_pending (ca, words[2], words[3], when);
  g_autoptr (SignetPending) pending = advance (ca, created, words[1], words[5]);
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
