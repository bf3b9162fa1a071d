/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/secret-sharing.h"

#include "base/error.h"
#include "base/i18n.h"
#include "crypto/random.h"

#define POLYNOMIAL 0x1b            /* x^8 + x^4 + x^3 + x + 1, less the x^8 that falls out */

/* --- GF(256), without a branch or a table that a secret would choose --- */

static guint8
multiply (guint8 a, guint8 b)
{
  guint8 product = 0;

  for (guint bit = 0; bit < 8; bit++) {
    product ^= a & (guint8) -(b & 1);
    a = (guint8) (a << 1) ^ (POLYNOMIAL & (guint8) -(a >> 7));
    b >>= 1;
  }
  return product;
}

/* a^254, which is 1/a; 0 for 0. */
static guint8
invert (guint8 a)
{
  guint8 power = a, result = 1;

  for (guint bit = 1; bit < 8; bit++) {
    power = multiply (power, power);
    result = multiply (result, power);
  }
  return result;
}

/* --- splitting --- */

/* The polynomials of all bytes at X, by Horner's rule from the highest coefficient down to the secret itself. */
static SignetSecret *
make_share (SignetSecret *secret, SignetSecret *coefficients, guint threshold, guint8 x)
{
  gsize length;
  const guint8 *constant = signet_secret_get (secret, &length);
  const guint8 *higher = signet_secret_get (coefficients, NULL);
  SignetSecret *share = signet_secret_alloc (1 + length);
  guint8 *data = signet_secret_edit (share);

  data[0] = x;
  for (guint degree = threshold - 1; degree > 0; degree--) {
    for (gsize i = 0; i < length; i++)
      data[1 + i] = multiply (data[1 + i] ^ higher[(degree - 1) * length + i], x);
  }
  for (gsize i = 0; i < length; i++)
    data[1 + i] ^= constant[i];
  return share;
}

GPtrArray *
signet_secret_split (SignetSecret *secret, guint threshold, guint count)
{
  g_assert (threshold >= 1 && threshold <= count && count <= SIGNET_MAX_SHARES);

  GPtrArray *shares = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_secret_unref);
  gsize length = signet_secret_length (secret);
  g_autoptr (SignetSecret) coefficients =
    threshold > 1 ? signet_random_secret ((threshold - 1) * length) : signet_secret_alloc (0);

  for (guint x = 1; x <= count; x++)
    g_ptr_array_add (shares, make_share (secret, coefficients, threshold, x));
  return shares;
}

/* --- combining --- */

static gboolean
check_shares (GPtrArray *shares, GError **error)
{
  gboolean seen[256] = { [0] = TRUE };
  gsize length = shares->len > 0 ? signet_secret_length (shares->pdata[0]) : 0;
  gboolean good = length > 1 && shares->len <= SIGNET_MAX_SHARES;

  for (guint i = 0; i < shares->len && good; i++) {
    guint8 x = *signet_secret_get (shares->pdata[i], NULL);
    good = signet_secret_length (shares->pdata[i]) == length && !seen[x];
    seen[x] = TRUE;
  }
  if (!good)
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID, _("These are not shares of one secret."));
  return good;
}

/* Lagrange's basis polynomial of share NUMBER at 0: the product of x_k / (x_k - x_number).  Numbers of shares are no
 * secret. */
static guint8
get_weight (GPtrArray *shares, guint number)
{
  guint8 own = *signet_secret_get (shares->pdata[number], NULL), weight = 1;

  for (guint k = 0; k < shares->len; k++) {
    guint8 x = *signet_secret_get (shares->pdata[k], NULL);
    if (k != number)
      weight = multiply (weight, multiply (x, invert (x ^ own)));
  }
  return weight;
}

SignetSecret *
signet_secret_combine (GPtrArray *shares, GError **error)
{
  if (!check_shares (shares, error))
    return NULL;

  gsize length = signet_secret_length (shares->pdata[0]) - 1;
  SignetSecret *secret = signet_secret_alloc (length);
  guint8 *data = signet_secret_edit (secret);
  for (guint k = 0; k < shares->len; k++) {
    const guint8 *share = signet_secret_get (shares->pdata[k], NULL);
    guint8 weight = get_weight (shares, k);
    for (gsize i = 0; i < length; i++)
      data[i] ^= multiply (share[1 + i], weight);
  }
  return secret;
}
