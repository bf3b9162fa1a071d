/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enroll/file-request.h"

#include "base/clock.h"
#include "base/error.h"
#include "crypto/csr.h"
#include "keyset/keyset-list.h"
#include "memory-store.h"
#include "sample-keyset.h"

#include <string.h>

#define DAY (24 * 3600)
#define ADDRESS "asa@example.org"

typedef struct {
  SignetMemoryStore *store;
  SignetEnroller *enroller;
  TestCa *ca;
  SignetSecret *password;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->store = signet_memory_store_new ();
  self->enroller = signet_enroller_new (SIGNET_STORE (self->store));
  self->ca = test_ca_new ("Example Authority");
  self->password = signet_secret_new_text (SAMPLE_PASSWORD);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  signet_secret_unref (self->password);
  test_ca_free (self->ca);
  g_object_unref (self->enroller);
  g_object_unref (self->store);
}

static SignetPending *
make (Fixture *self, const char *keyset_name, SignetLevel level, GError **error)
{
  const SignetFileRequest request = { ADDRESS, "Åsa, “the” Example", keyset_name, level,
                                      level == SIGNET_LEVEL_HIGH ? self->password : NULL };

  return signet_enroller_make_file (self->enroller, &request, NULL, error);
}

/* What the authority answers: the certificate, behind those of its issuers. */
static GPtrArray *
answer (Fixture *self, SignetPending *pending, TestFacts facts)
{
  g_autoptr (SignetSecret) file = signet_pending_to_file (pending);
  g_autoptr (GError) error = NULL;
  GPtrArray *certificates = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_certificate_unref);
  GPtrArray *chain = test_ca_get_chain (self->ca);

  g_assert_nonnull (g_strstr_len (signet_secret_get_text (file), -1, "-----BEGIN CERTIFICATE REQUEST-----"));
  g_autoptr (SignetCsr) csr = signet_csr_parse (signet_pending_get_facts (pending)->request, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (csr->address, ==, ADDRESS);
  facts.spki = csr->spki;
  for (guint i = 0; i < chain->len; i++)
    g_ptr_array_add (certificates, signet_certificate_ref (chain->pdata[i]));
  g_ptr_array_add (certificates, test_ca_issue (self->ca, &facts));
  return certificates;
}

/* Whether the pending request, as the store holds it, shows how a PKCS#8 of RSA begins. */
static gboolean
is_readable (Fixture *self)
{
  static const guint8 sign[] = { 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01 };
  g_autoptr (GPtrArray) blobs = signet_store_list (SIGNET_STORE (self->store), SIGNET_ITEM_PENDING, NULL, NULL);
  gsize length;
  const guint8 *data = signet_secret_get (blobs->pdata[0], &length);

  g_assert_cmpuint (blobs->len, ==, 1);
  return memmem (data, length, sign, sizeof sign) != NULL;
}

/* From the request to the keyset, at High: the key lies nowhere in the clear, and the request is gone at the end. */
static void
test_high (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetPending) made = make (self, "Work", SIGNET_LEVEL_HIGH, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) certificates = answer (self, made, (TestFacts) { .address = ADDRESS });
  g_autoptr (SignetSecret) wrong = signet_secret_new_text ("not it");

  g_assert_false (is_readable (self));
  g_autoptr (SignetPending) pending = signet_enroller_find_file (self->enroller, certificates, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (signet_pending_get_id (pending), ==, signet_pending_get_id (made));
  g_assert_cmpint (signet_pending_get_level (pending), ==, SIGNET_LEVEL_HIGH);

  g_assert_null (signet_pending_open_file (pending, certificates, wrong, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD);
  g_clear_error (&error);
  g_autoptr (SignetImport) import = signet_pending_open_file (pending, certificates, self->password, &error);
  g_assert_no_error (error);
  g_autoptr (SignetKeyset) keyset = signet_enroller_install_file (self->enroller, pending, import, "Work", FALSE,
                                                                  SIGNET_LEVEL_HIGH, self->password, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (signet_memory_store_count_items (self->store, SIGNET_ITEM_PENDING), ==, 0);
  SignetDigitalId *id = signet_keyset_get_current (keyset, SIGNET_ID_SIGNING);
  g_assert_cmpuint (id->chain->len, ==, 2);
  g_autoptr (GPtrArray) keys = signet_keyset_unlock (keyset, self->password, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (signet_private_key_get_spki (keys->pdata[0]),
                                signet_certificate_get_spki (id->certificate)));
}

/* Below High the key lies in the keyring as the keyset's will. A request whose keyset was written before a kill is
 * over: it is dropped, and installs nothing again. */
static void
test_killed (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetPending) pending = make (self, "Work", SIGNET_LEVEL_LOW, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) certificates = answer (self, pending, (TestFacts) { .address = ADDRESS });

  g_assert_true (is_readable (self));
  g_autoptr (SignetImport) import = signet_pending_open_file (pending, certificates, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (SignetKeyset) keyset = signet_keysets_import (SIGNET_STORE (self->store), import, "Work", FALSE,
                                                           SIGNET_LEVEL_LOW, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (signet_memory_store_count_items (self->store, SIGNET_ITEM_PENDING), ==, 1);
  g_autoptr (GPtrArray) list = signet_enroller_list (self->enroller, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 0);
  g_assert_cmpuint (signet_memory_store_count_items (self->store, SIGNET_ITEM_PENDING), ==, 0);
  g_assert_null (signet_enroller_find_file (self->enroller, certificates, NULL, &error));
  g_assert_no_error (error);
  g_assert_null (signet_enroller_install_file (self->enroller, pending, import, "Other", FALSE, SIGNET_LEVEL_LOW, NULL,
                                               NULL, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND);
}

/* Into a keyset that is there, whose password is asked first; what was asked for becomes the current ID, also when it
 * ends sooner than the one before. */
static void
test_existing (Fixture *self, gconstpointer data)
{
  g_autoptr (SignetKeyset) keyset = sample_keyset_new ("Work", SIGNET_LEVEL_HIGH);
  g_autoptr (GError) error = NULL;

  g_assert_true (signet_keysets_save (SIGNET_STORE (self->store), keyset, NULL, NULL));
  g_assert_null (make (self, "Work", SIGNET_LEVEL_MEDIUM, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_EXISTS);
  g_clear_error (&error);
  g_autoptr (SignetPending) pending = make (self, "Work", SIGNET_LEVEL_HIGH, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) certificates = answer (self, pending, (TestFacts) { .address = ADDRESS,
                                               .not_after = signet_clock_now () + 30 * DAY });
  g_autoptr (SignetImport) import = signet_pending_open_file (pending, certificates, self->password, &error);
  g_assert_no_error (error);
  g_autoptr (SignetKeyset) grown = signet_enroller_install_file (self->enroller, pending, import, "Work", TRUE,
                                                                 SIGNET_LEVEL_HIGH, self->password, NULL, &error);
  g_assert_no_error (error);
  SignetDigitalId *id = signet_keyset_get_current (grown, SIGNET_ID_SIGNING);
  g_assert_true (signet_keyset_find_reply (grown, signet_pending_get_facts (pending)->reply_id) == id);

  g_clear_pointer (&self->password, signet_secret_unref);
  self->password = signet_secret_new_text ("not it");
  g_assert_null (make (self, "Work", SIGNET_LEVEL_HIGH, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD);
}

/* What the authority sends must be what was asked for. */
static void
test_refused (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetPending) pending = make (self, "Work", SIGNET_LEVEL_LOW, &error);
  g_assert_no_error (error);
  const gint64 now = signet_clock_now ();
  const struct {
    TestFacts facts;
    SignetError code;
  } cases[] = {
    { { .address = "eve@example.org" }, SIGNET_ERROR_NOT_FOR_US },
    { { .name = "Nobody" }, SIGNET_ERROR_NOT_FOR_US },
    { { .address = ADDRESS, .use = TEST_USE_SERVER }, SIGNET_ERROR_UNSUPPORTED },
    { { .address = ADDRESS, .not_before = now - 2 * DAY, .not_after = now - DAY }, SIGNET_ERROR_EXPIRED },
    { { .address = ADDRESS, .not_before = now + DAY }, SIGNET_ERROR_EXPIRED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GPtrArray) certificates = answer (self, pending, cases[i].facts);

    g_assert_false (signet_pending_check_certificates (pending, certificates, &error));
    g_assert_error (error, SIGNET_ERROR, (int) cases[i].code);
    g_clear_error (&error);
    g_assert_null (signet_pending_open_file (pending, certificates, NULL, &error));
    g_assert_error (error, SIGNET_ERROR, (int) cases[i].code);
    g_clear_error (&error);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/enroll/file-request/high", Fixture, NULL, set_up, test_high, tear_down);
  g_test_add ("/enroll/file-request/killed", Fixture, NULL, set_up, test_killed, tear_down);
  g_test_add ("/enroll/file-request/existing", Fixture, NULL, set_up, test_existing, tear_down);
  g_test_add ("/enroll/file-request/refused", Fixture, NULL, set_up, test_refused, tear_down);

  return g_test_run ();
}
