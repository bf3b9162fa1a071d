/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/problem.h"

#include "base/error.h"

#include <gio/gio.h>

static SignetProblem
describe (GQuark domain, int code)
{
  static GError *error;

  g_clear_error (&error);
  error = g_error_new_literal (domain, code, "What only the error knows.");

  return signet_problem_describe (SIGNET_PROBLEM_OF_REPLY, error);
}

/* The refusals that a person may meet are told apart by their titles. */
static void
test_titles (void)
{
  const SignetError codes[] = {
    SIGNET_ERROR_NOT_FOR_US, SIGNET_ERROR_DAMAGED, SIGNET_ERROR_UNTRUSTED, SIGNET_ERROR_EXPIRED, SIGNET_ERROR_REMOVED,
    SIGNET_ERROR_ALREADY_INSTALLED, SIGNET_ERROR_NOT_FOUND, SIGNET_ERROR_UNSUPPORTED, SIGNET_ERROR_INVALID,
    SIGNET_ERROR_LOCKED, SIGNET_ERROR_NO_STORE, SIGNET_ERROR_BUSY, SIGNET_ERROR_UNREACHABLE, SIGNET_ERROR_FAILED,
  };
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++) {
    SignetProblem problem = describe (SIGNET_ERROR, codes[i]);

    g_assert_true (g_hash_table_add (seen, g_strdup (problem.title)));
    g_assert_cmpuint (g_utf8_strlen (problem.sentence, -1), >, 10);
    g_assert_nonnull (problem.icon_name);
  }
}

/* What only the error knows (when, where) is shown. */
static void
test_sentences (void)
{
  g_assert_cmpstr (describe (SIGNET_ERROR, SIGNET_ERROR_ALREADY_INSTALLED).sentence, ==, "What only the error knows.");
  g_assert_cmpstr (describe (SIGNET_ERROR, SIGNET_ERROR_FAILED).sentence, ==, "What only the error knows.");
  g_assert_cmpstr (describe (G_IO_ERROR, G_IO_ERROR_FAILED).sentence, ==, "What only the error knows.");
  g_assert_cmpstr (describe (SIGNET_ERROR, SIGNET_ERROR_NOT_FOR_US).sentence, !=, "What only the error knows.");
}

static void
test_ways_on (void)
{
  g_assert_cmpint (describe (SIGNET_ERROR, SIGNET_ERROR_NOT_FOR_US).way_on, ==, SIGNET_WAY_ON_CLOSE);
  g_assert_cmpint (describe (SIGNET_ERROR, SIGNET_ERROR_EXPIRED).way_on, ==, SIGNET_WAY_ON_GET_ID);
  g_assert_cmpint (describe (SIGNET_ERROR, SIGNET_ERROR_LOCKED).way_on, ==, SIGNET_WAY_ON_UNLOCK);
  g_assert_cmpint (describe (SIGNET_ERROR, SIGNET_ERROR_BUSY).way_on, ==, SIGNET_WAY_ON_TRY_AGAIN);
  g_assert_cmpstr (signet_way_on_get_label (SIGNET_WAY_ON_CLOSE), ==, "_Close");
  g_assert_cmpstr (signet_way_on_get_label (SIGNET_WAY_ON_UNLOCK), ==, "_Unlock");
}

/* The store's troubles are the same whatever was opened. */
static void
test_things (void)
{
  for (int of = SIGNET_PROBLEM_OF_REPLY; of <= SIGNET_PROBLEM_OF_BACKUP; of++) {
    g_autoptr (GError) locked = g_error_new_literal (SIGNET_ERROR, SIGNET_ERROR_LOCKED, "Locked.");
    g_autoptr (GError) damaged = g_error_new_literal (SIGNET_ERROR, SIGNET_ERROR_DAMAGED, "Damaged.");
    g_autoptr (GError) missing = g_error_new_literal (SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND, "Missing.");

    g_assert_cmpint (signet_problem_describe (of, locked).way_on, ==, SIGNET_WAY_ON_UNLOCK);
    g_assert_cmpint (signet_problem_describe (of, missing).way_on == SIGNET_WAY_ON_ADD_FILE, ==,
                     of == SIGNET_PROBLEM_OF_FILE);
    g_assert_cmpstr (signet_problem_describe (of, damaged).title, !=, signet_problem_describe (of, locked).title);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ui/problem/titles", test_titles);
  g_test_add_func ("/ui/problem/sentences", test_sentences);
  g_test_add_func ("/ui/problem/ways-on", test_ways_on);

  g_test_add_func ("/ui/problem/things", test_things);

  return g_test_run ();
}
