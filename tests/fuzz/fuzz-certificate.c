/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "base/clock.h"
#include "base/limits.h"
#include "cert/path.h"
#include "crypto/public-key.h"

static void
validate (SignetCertificate *leaf, GPtrArray *others, SignetCertificate *root)
{
  for (guint purpose = SIGNET_PATH_MAIL; purpose <= SIGNET_PATH_AUTHORITY; purpose++) {
    g_autoptr (GError) error = NULL;
    gboolean valid = signet_path_validate (leaf, others, root, purpose, signet_clock_now (), &error);
    fuzz_check (valid, error);
  }
}

/* As a leaf, as a link of a chain, and as a root. */
static void
check_paths (SignetCertificate *certificate)
{
  TestCa *ca = fuzz_ca ();
  g_autoptr (GPtrArray) others = g_ptr_array_new ();

  g_ptr_array_add (others, certificate);
  g_ptr_array_add (others, test_ca_get_issuing (ca));
  validate (certificate, others, test_ca_get_root (ca));
  validate (test_ca_get_speaker (ca), others, test_ca_get_root (ca));
  validate (test_ca_get_speaker (ca), others, certificate);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) der = fuzz_bytes (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetCertificate) certificate = signet_certificate_new (der, &error);

  fuzz_check (certificate != NULL, error);
  if (certificate == NULL)
    return 0;

  g_autoptr (GBytes) pin = signet_certificate_get_pin (certificate);
  g_autofree char *key = signet_public_key_describe (signet_certificate_get_spki (certificate));
  g_assert_true (g_utf8_validate (signet_certificate_get_subject (certificate), -1, NULL));
  g_assert_true (g_utf8_validate (signet_certificate_get_issuer (certificate), -1, NULL));
  g_assert_cmpuint (g_bytes_get_size (pin), ==, 32);
  g_assert_nonnull (key);
  g_assert_nonnull (signet_certificate_get_serial (certificate));
  g_assert_nonnull (signet_certificate_get_addresses (certificate));
  check_paths (certificate);
  return 0;
}
