/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/clock.h"
#include "base/error.h"
#include "base/hex.h"

#include "test-reply.h"

/* What the tests of replies share. */

#define NOW 1800000000
#define DAY (24 * 3600)
#define YEAR (365 * DAY)
#define ID "00112233445566778899aabbccddeeff"
#define NONCE "ffeeddccbbaa99887766554433221100"
#define ADDRESS "asa@example.org"
#define OTHER_ADDRESS "eve@example.org"

/* A client that waits for the reply of an authority. */
typedef struct {
  TestCa *ca;
  SignetPrivateKey *signing_key, *reply_key;
  GBytes *request, *digest;
  SignetReplyExpectation expected;
} Fixture;

static inline void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  signet_clock_set (NOW);
  f->ca = test_ca_new ("Example Authority");
  f->signing_key = test_key (SIGNET_KEY_P256, 0);
  f->reply_key = test_key (SIGNET_KEY_P256, 1);
  f->request = signet_request_build (ID, NONCE, ADDRESS, NOW, f->signing_key, f->reply_key, &error);
  g_assert_no_error (error);
  f->digest = signet_sha256 (f->request);
  f->expected = (SignetReplyExpectation) { ID, f->digest, NONCE, ADDRESS, signet_private_key_get_spki (f->signing_key),
                                           test_ca_get_pin (f->ca) };
}

static inline void
tear_down (Fixture *f, gconstpointer data)
{
  test_ca_free (f->ca);
  g_bytes_unref (f->request);
  g_bytes_unref (f->digest);
  signet_clock_set (0);
}

static inline SignetReply *
open_reply (Fixture *f, GBytes *attachment, GError **error)
{
  return signet_reply_open (attachment, f->reply_key, &f->expected, NOW, error);
}

static inline void
assert_refused (Fixture *f, GBytes *attachment, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetReply) reply = open_reply (f, attachment, &error);

  g_assert_null (reply);
  g_assert_error (error, SIGNET_ERROR, code);
}

static inline gboolean
same_certificate (SignetCertificate *a, SignetCertificate *b)
{
  return g_bytes_equal (signet_certificate_get_der (a), signet_certificate_get_der (b));
}

static inline void
assert_same (SignetReply *a, SignetReply *b)
{
  g_assert_cmpstr (a->request_id, ==, b->request_id);
  g_assert_cmpstr (a->nonce, ==, b->nonce);
  g_assert_cmpstr (a->address, ==, b->address);
  g_assert_cmpstr (a->authority, ==, b->authority);
  g_assert_cmpint (a->issued, ==, b->issued);
  g_assert_cmpint (a->expires, ==, b->expires);
  g_assert_true (g_bytes_equal (a->request_digest, b->request_digest));
  g_assert_true (same_certificate (a->signing, b->signing));
  g_assert_cmpuint (a->encryption->len, ==, b->encryption->len);
  g_assert_cmpuint (a->encryption_keys->len, ==, b->encryption_keys->len);
  for (guint i = 0; i < a->encryption->len; i++) {
    g_autoptr (SignetSecret) key_a = signet_private_key_to_pkcs8 (a->encryption_keys->pdata[i], NULL);
    g_autoptr (SignetSecret) key_b = signet_private_key_to_pkcs8 (b->encryption_keys->pdata[i], NULL);
    g_assert_true (same_certificate (a->encryption->pdata[i], b->encryption->pdata[i]));
    g_assert_true (signet_secret_equal (key_a, key_b));
  }
  g_assert_cmpuint (a->chain->len, ==, b->chain->len);
  for (guint i = 0; i < a->chain->len; i++)
    g_assert_true (same_certificate (a->chain->pdata[i], b->chain->pdata[i]));
}

static inline void
assert_opens (Fixture *f, GBytes *attachment, SignetReply *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetReply) reply = open_reply (f, attachment, &error);

  g_assert_no_error (error);
  assert_same (reply, expected);
}
