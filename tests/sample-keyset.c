/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sample-keyset.h"

#include "base/clock.h"

#include <string.h>

/* One for all: an authority costs three keys. */
static TestCa *
shared_ca (void)
{
  static TestCa *ca;

  if (ca == NULL)
    ca = test_ca_new ("Example Authority");
  return ca;
}

SampleIds *
sample_ids_new (void)
{
  SampleIds *self = g_new0 (SampleIds, 1);

  self->ca = shared_ca ();
  self->ids = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_digital_id_unref);
  self->keys = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_private_key_unref);
  return self;
}

void
sample_ids_free (SampleIds *self)
{
  g_ptr_array_unref (self->ids);
  g_ptr_array_unref (self->keys);
  g_free (self);
}

void
sample_ids_add (SampleIds *self, SignetIdUse use, gboolean current, guint key_index, const char *address,
                gint64 not_after, const char *reply)
{
  SignetPrivateKey *key = test_key (SIGNET_KEY_P256, key_index);
  g_autoptr (GBytes) reply_id = reply != NULL ? g_bytes_new (reply, strlen (reply)) : NULL;
  const TestFacts facts = {
    .use = use == SIGNET_ID_SIGNING ? TEST_USE_SIGNING : TEST_USE_ENCRYPTION,
    .spki = signet_private_key_get_spki (key), .address = address, .not_after = not_after,
  };
  g_autoptr (SignetCertificate) certificate = test_ca_issue (self->ca, &facts);

  g_ptr_array_add (self->ids, signet_digital_id_new (use, current, certificate, test_ca_get_chain (self->ca),
                                                     "Example Authority", signet_clock_now (), reply_id));
  g_ptr_array_add (self->keys, signet_private_key_ref (key));
}

SignetSecret *
sample_password (SignetLevel level)
{
  return level == SIGNET_LEVEL_HIGH ? signet_secret_new_text (SAMPLE_PASSWORD) : NULL;
}

SignetKeyset *
sample_keyset_new (const char *name, SignetLevel level)
{
  g_autoptr (SampleIds) sample = sample_ids_new ();
  g_autoptr (SignetSecret) password = sample_password (level);
  g_autoptr (GError) error = NULL;

  sample_ids_add (sample, SIGNET_ID_SIGNING, TRUE, 0, "asa@example.org", 0, "r1");
  sample_ids_add (sample, SIGNET_ID_ENCRYPTION, TRUE, 1, "asa@example.org", 0, "r1");
  sample_ids_add (sample, SIGNET_ID_ENCRYPTION, FALSE, 2, "asa@example.org", 0, "r1");
  SignetKeyset *keyset = signet_keyset_new (name, level, sample->ids, sample->keys, password, &error);
  g_assert_no_error (error);
  return keyset;
}
