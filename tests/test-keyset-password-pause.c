/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/password-pause.h"

#include "base/clock.h"

#define NOW G_GINT64_CONSTANT (1778760000)

static void
test_grows (void)
{
  const guint pauses[] = { 0, 0, 5, 10, 20, 40, 60, 60, 60 };

  signet_clock_set (NOW);
  for (guint i = 0; i < G_N_ELEMENTS (pauses); i++) {
    signet_password_pause_refused ("grows");
    g_assert_cmpuint (signet_password_pause_left ("grows"), ==, pauses[i]);
  }
  for (guint i = 0; i < 100; i++)
    signet_password_pause_refused ("grows");
  g_assert_cmpuint (signet_password_pause_left ("grows"), ==, 60);
}

static void
test_ends (void)
{
  signet_clock_set (NOW);
  for (guint i = 0; i < 4; i++)
    signet_password_pause_refused ("ends");

  signet_clock_set (NOW + 9);
  g_assert_cmpuint (signet_password_pause_left ("ends"), ==, 1);
  signet_clock_set (NOW + 10);
  g_assert_cmpuint (signet_password_pause_left ("ends"), ==, 0);
}

static void
test_accepted (void)
{
  signet_clock_set (NOW);
  for (guint i = 0; i < 3; i++) {
    signet_password_pause_refused ("one");
    signet_password_pause_refused ("other");
  }
  signet_password_pause_accepted ("one");
  g_assert_cmpuint (signet_password_pause_left ("one"), ==, 0);
  g_assert_cmpuint (signet_password_pause_left ("other"), ==, 5);
  signet_password_pause_refused ("one");
  g_assert_cmpuint (signet_password_pause_left ("one"), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/keyset/password-pause/grows", test_grows);
  g_test_add_func ("/keyset/password-pause/ends", test_ends);
  g_test_add_func ("/keyset/password-pause/accepted", test_accepted);

  return g_test_run ();
}
