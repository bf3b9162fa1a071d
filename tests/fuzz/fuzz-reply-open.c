/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "base/clock.h"
#include "base/hex.h"
#include "base/limits.h"
#include "crypto/cms.h"
#include "protocol/parts.h"

#include <string.h>

/* Below the seal and the signature, which no fuzzer gets past, the parts of a good reply are taken and one is
 * exchanged. */

static const char names[][16] = { "@SIGNING@", "@ENCRYPTION0@", "@ENCRYPTION1@" };

static SignetReply *
get_reply (void)
{
  static SignetReply *reply;

  if (reply == NULL)
    reply = test_reply_new (fuzz_ca (), fuzz_request (), 1);
  return reply;
}

static SignetSecret *
open_layer (GBytes *attachment)
{
  return signet_cms_decrypt_with_key (attachment, SIGNET_MAX_REPLY, fuzz_key (FUZZ_KEY_REPLY), NULL);
}

static GPtrArray *
get_parts (void)
{
  static GPtrArray *parts;

  if (parts == NULL) {
    g_autoptr (GBytes) attachment = test_reply_build (fuzz_ca (), fuzz_request (), get_reply ());
    g_autoptr (SignetSecret) der = open_layer (attachment);
    g_autoptr (SignetSignedData) signed_data =
      signet_signed_data_parse (signet_secret_get (der, NULL), signet_secret_length (der), SIGNET_MAX_REPLY, NULL);
    parts = signet_parts_parse (signet_signed_data_get_content (signed_data), SIGNET_MAX_REPLY, NULL);
  }
  return parts;
}

/* The certificates are new in each process: a manifest names them by what they are. */
static SignetSecret *
fill_in_names (SignetSecret *manifest)
{
  SignetCertificate *const certificates[] = { get_reply ()->signing, get_reply ()->encryption->pdata[0],
                                              get_reply ()->encryption->pdata[1] };
  g_autoptr (GString) text =
    g_string_new_len ((const char *) signet_secret_get (manifest, NULL), signet_secret_length (manifest));

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GBytes) digest = signet_certificate_get_fingerprint (certificates[i]);
    g_autofree char *hex = signet_hex_encode (digest);
    g_string_replace (text, names[i], hex, 0);
  }
  return signet_secret_new (text->str, text->len);
}

static SignetSecret *
exchange (guint index, SignetSecret *body)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_part_free);
  g_autoptr (SignetSecret) filled = index == 0 ? fill_in_names (body) : signet_secret_ref (body);

  for (guint i = 0; i < get_parts ()->len; i++) {
    SignetPart *part = get_parts ()->pdata[i];
    g_ptr_array_add (parts, signet_part_new (part->content_type, NULL, i == index ? filled : part->body));
  }
  return signet_parts_build (parts);
}

static SignetSecret *
sign (SignetSecret *content)
{
  TestCa *ca = fuzz_ca ();
  g_autoptr (GPtrArray) chain = g_ptr_array_new ();

  for (guint i = 0; i < test_ca_get_chain (ca)->len; i++)
    g_ptr_array_add (chain, signet_certificate_get_der (test_ca_get_chain (ca)->pdata[i]));
  return signet_cms_sign_with_certificate (content, test_ca_get_speaker_key (ca),
                                           signet_certificate_get_der (test_ca_get_speaker (ca)), chain, NULL);
}

/* The first byte says what the others are: the attachment ('0'), what is properly sealed in it ('1'), what is
 * properly signed in that ('2'), or one of its four parts ('3' to '6'). */
static GBytes *
make_attachment (const uint8_t *data, size_t size)
{
  g_autoptr (SignetSecret) rest = signet_secret_new (data + 1, size - 1), content = NULL, signed_data = NULL;

  if (data[0] < '1' || data[0] > '6')
    return fuzz_bytes (data + 1, size - 1);
  if (data[0] >= '2') {
    content = data[0] == '2' ? signet_secret_ref (rest) : exchange (data[0] - '3', rest);
    signed_data = sign (content);
    if (signed_data == NULL)
      return NULL;
  }
  return signet_cms_encrypt_to_key (signed_data != NULL ? signed_data : rest,
                                    signet_private_key_get_spki (fuzz_key (FUZZ_KEY_REPLY)), NULL);
}

static void
check (SignetReply *reply, const SignetReplyExpectation *expected)
{
  g_assert_cmpstr (reply->request_id, ==, expected->request_id);
  g_assert_cmpstr (reply->nonce, ==, expected->nonce);
  g_assert_true (g_bytes_equal (reply->request_digest, expected->request_digest));
  g_assert_true (g_bytes_equal (signet_certificate_get_spki (reply->signing), expected->signing_spki));
  g_assert_cmpuint (reply->encryption->len, ==, reply->encryption_keys->len);
  for (guint i = 0; i < reply->encryption->len; i++)
    g_assert_true (g_bytes_equal (signet_certificate_get_spki (reply->encryption->pdata[i]),
                                  signet_private_key_get_spki (reply->encryption_keys->pdata[i])));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) digest = signet_sha256 (fuzz_request ());
  const SignetReplyExpectation expected = { FUZZ_ID, digest, FUZZ_NONCE, FUZZ_ADDRESS,
                                            signet_private_key_get_spki (fuzz_key (FUZZ_KEY_SIGNING)),
                                            test_ca_get_pin (fuzz_ca ()) };
  g_autoptr (GError) error = NULL;

  if (size == 0)
    return 0;
  g_autoptr (GBytes) attachment = make_attachment (data, size);
  if (attachment == NULL)
    return 0;
  g_autoptr (SignetReply) reply =
    signet_reply_open (attachment, fuzz_key (FUZZ_KEY_REPLY), &expected, signet_clock_now (), &error);
  fuzz_check (reply != NULL, error);
  if (reply != NULL)
    check (reply, &expected);
  return 0;
}
