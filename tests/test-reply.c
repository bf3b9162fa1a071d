/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-reply.h"

#include "base/clock.h"
#include "base/hex.h"

#define WEEK (7 * 24 * 3600)
#define YEAR (365 * 24 * 3600)

static SignetRequest *
parse (GBytes *request)
{
  g_autoptr (GError) error = NULL;
  SignetRequest *parsed = signet_request_parse (request, &error);

  g_assert_no_error (error);
  return parsed;
}

/* Older certificates are out of date, as they are in life. */
static void
add_encryption (SignetReply *reply, TestCa *ca, guint index)
{
  SignetPrivateKey *key = test_key (SIGNET_KEY_P256, 100 + index);
  gint64 start = signet_clock_now () - 3600 - (gint64) index * YEAR;

  g_ptr_array_add (reply->encryption_keys, signet_private_key_ref (key));
  g_ptr_array_add (reply->encryption,
                   test_ca_issue (ca, &(TestFacts) { TEST_USE_ENCRYPTION, signet_private_key_get_spki (key),
                                                     reply->address, NULL, start, start + YEAR - 7200 }));
}

SignetReply *
test_reply_new (TestCa *ca, GBytes *request, guint history)
{
  g_autoptr (SignetRequest) parsed = parse (request);
  SignetReply *reply = signet_reply_new ();
  GPtrArray *chain = test_ca_get_chain (ca);

  reply->request_id = g_strdup (parsed->id);
  reply->request_digest = signet_sha256 (request);
  reply->nonce = g_strdup (parsed->nonce);
  reply->address = g_strdup (parsed->address);
  reply->authority = g_strdup (signet_certificate_get_subject (test_ca_get_speaker (ca)));
  reply->issued = signet_clock_now ();
  reply->expires = reply->issued + WEEK;
  reply->signing = test_ca_issue (ca, &(TestFacts) { TEST_USE_SIGNING, parsed->signing_spki, parsed->address });
  for (guint i = 0; i <= history; i++)
    add_encryption (reply, ca, i);
  for (guint i = 0; i < chain->len; i++)
    g_ptr_array_add (reply->chain, signet_certificate_ref (chain->pdata[i]));
  return reply;
}

GBytes *
test_reply_build (TestCa *ca, GBytes *request, SignetReply *reply)
{
  g_autoptr (SignetRequest) parsed = parse (request);
  g_autoptr (GError) error = NULL;
  GBytes *attachment = signet_reply_build (reply, test_ca_get_speaker_key (ca), test_ca_get_speaker (ca),
                                           parsed->reply_spki, &error);

  g_assert_no_error (error);
  return attachment;
}
