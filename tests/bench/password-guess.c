/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/password-lock.h"

#include "base/error.h"

#include <stdio.h>

/* Milliseconds of one wrong guess against a sealed keyset, and of the unlock with the right password: the medians of
 * nine. */

static int
compare (gconstpointer a, gconstpointer b)
{
  double first = *(const double *) a, second = *(const double *) b;

  return first < second ? -1 : first > second;
}

static double
median_of_opening (GBytes *box, GBytes *header, const char *text, gboolean expected)
{
  double times[9];

  for (guint i = 0; i < G_N_ELEMENTS (times); i++) {
    g_autoptr (SignetSecret) password = signet_secret_new_text (text);
    gint64 before = g_get_monotonic_time ();
    g_autoptr (SignetSecret) plain = signet_password_lock_open (box, password, header, NULL);

    times[i] = (g_get_monotonic_time () - before) / 1000.0;
    g_assert_true ((plain != NULL) == expected);
  }
  qsort (times, G_N_ELEMENTS (times), sizeof *times, compare);
  return times[G_N_ELEMENTS (times) / 2];
}

int
main (void)
{
  g_autoptr (GBytes) header = g_bytes_new_static ("header", 6), box = NULL;
  g_autoptr (SignetSecret) password = signet_secret_new_text ("correct horse battery staple");
  g_autoptr (SignetSecret) keys = signet_secret_alloc (4096);
  g_autoptr (GError) error = NULL;

  box = signet_password_lock_seal (keys, password, header, &error);
  if (box == NULL) {
    fprintf (stderr, "password-guess: %s\n", error->message);
    return 1;
  }
  printf ("%.1f %.1f\n", median_of_opening (box, header, "a wrong guess", FALSE),
          median_of_opening (box, header, "correct horse battery staple", TRUE));
  return 0;
}
