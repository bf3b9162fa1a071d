/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/password-pause.h"

#include "base/clock.h"

#define FREE_TRIES 2
#define FIRST_PAUSE 5      /* seconds */
#define LONGEST_PAUSE 60
#define MOST_DOUBLINGS 4   /* enough to be past the longest */

typedef struct {
  guint refused;
  gint64 since;            /* of the last wrong one; seconds since 1970 */
} Tries;

static GHashTable *
get_tries (void)
{
  static GHashTable *tries;

  if (!tries)
    tries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return tries;
}

static guint
get_pause (const Tries *tries)
{
  if (tries->refused <= FREE_TRIES)
    return 0;

  return MIN (FIRST_PAUSE << MIN (tries->refused - FREE_TRIES - 1, MOST_DOUBLINGS), LONGEST_PAUSE);
}

/* A clock that was set back makes no pause longer. */
guint
signet_password_pause_left (const char *id)
{
  const Tries *tries = g_hash_table_lookup (get_tries (), id);
  gint64 pause = tries ? get_pause (tries) : 0;
  gint64 passed = tries ? MAX (signet_clock_now () - tries->since, 0) : 0;

  return (guint) MAX (pause - passed, 0);
}

void
signet_password_pause_refused (const char *id)
{
  Tries *tries = g_hash_table_lookup (get_tries (), id);

  if (!tries) {
    tries = g_new0 (Tries, 1);
    g_hash_table_insert (get_tries (), g_strdup (id), tries);
  }
  tries->refused++;
  tries->since = signet_clock_now ();
}

void
signet_password_pause_accepted (const char *id)
{
  g_hash_table_remove (get_tries (), id);
}
