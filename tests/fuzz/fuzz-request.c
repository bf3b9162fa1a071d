/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "crypto/cms.h"
#include "protocol/certified.h"
#include "protocol/parts.h"

#include <string.h>

static SignetSecret *
make_csr (guint key)
{
  g_autoptr (GBytes) der = signet_csr_build (fuzz_key (key), FUZZ_ADDRESS, NULL);

  return signet_secret_new (g_bytes_get_data (der, NULL), g_bytes_get_size (der));
}

/* A request's content with INDEX of its three parts exchanged for BODY. */
static SignetSecret *
exchange (guint index, SignetSecret *body)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_part_free);
  g_autoptr (SignetSecret) manifest = signet_secret_new_text (
    "{\"signet-request\": 1, \"operation\": \"enroll\", \"id\": \"" FUZZ_ID "\", \"nonce\": \"" FUZZ_NONCE "\", "
    "\"address\": \"" FUZZ_ADDRESS "\", \"time\": 1800000000}");
  g_autoptr (SignetSecret) signing = make_csr (FUZZ_KEY_SIGNING), reply = make_csr (FUZZ_KEY_REPLY);

  g_ptr_array_add (parts, signet_part_new ("application/json", NULL, index == 0 ? body : manifest));
  g_ptr_array_add (parts, signet_part_new ("application/pkcs10", NULL, index == 1 ? body : signing));
  g_ptr_array_add (parts, signet_part_new ("application/pkcs10", NULL, index == 2 ? body : reply));
  return signet_parts_build (parts);
}

static GBytes *
sign (SignetSecret *content)
{
  g_autoptr (GBytes) bytes = g_bytes_new (signet_secret_get (content, NULL), signet_secret_length (content));

  return signet_cms_sign_with_key (bytes, fuzz_key (FUZZ_KEY_SIGNING), NULL);
}

/* A renewal's outer layer around BODY. */
static GBytes *
certify (SignetSecret *body)
{
  g_autoptr (SignetCertificate) certificate = test_ca_issue_signing (fuzz_ca (), FUZZ_ADDRESS,
                                                                     fuzz_key (FUZZ_KEY_OTHER));
  g_autoptr (GBytes) bytes = g_bytes_new (signet_secret_get (body, NULL), signet_secret_length (body));

  return signet_certified_sign (bytes, certificate, fuzz_key (FUZZ_KEY_OTHER), NULL);
}

/* The first byte says what the others are: the request itself ('0'), the content that is properly signed in it
 * ('1'), the manifest or one of the CSRs in that ('2' to '4'), or the inner layer of a renewal ('5'). */
static GBytes *
make_request (const uint8_t *data, size_t size)
{
  g_autoptr (SignetSecret) rest = signet_secret_new (data + 1, size - 1), content = NULL;

  if (data[0] == '1')
    return sign (rest);
  if (data[0] == '5')
    return certify (rest);
  if (data[0] < '2' || data[0] > '4')
    return fuzz_bytes (data + 1, size - 1);
  content = exchange (data[0] - '2', rest);
  return sign (content);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;

  if (size == 0)
    return 0;
  g_autoptr (GBytes) bytes = make_request (data, size);
  g_autoptr (SignetRequest) request = bytes != NULL ? signet_request_parse (bytes, &error) : NULL;
  if (bytes == NULL)
    return 0;
  fuzz_check (request != NULL, error);
  if (request == NULL)
    return 0;
  g_assert_true (signet_request_id_is_valid (request->id) && signet_request_id_is_valid (request->nonce));
  g_assert_false (g_bytes_equal (request->signing_spki, request->reply_spki));
  g_assert_nonnull (strchr (request->address, '@'));
  g_assert_true ((request->operation == SIGNET_REQUEST_RENEW) == (request->renewed != NULL));
  return 0;
}
