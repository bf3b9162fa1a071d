/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/password-pause.h"

#include "base/clock.h"

#define FREE_TRIES 2
#define FIRST_PAUSE 5      /* seconds */
#define LONGEST_PAUSE 60
#define MOST_DOUBLINGS 4   /* enough to be past the longest */
#define LOOK_AGAIN 100     /* milliseconds: a pause may also end because another window took the right password */

typedef struct {
  guint refused;
  gint64 since;            /* of the last wrong one; signet_clock_since_boot() */
} Tries;

static GMutex mutex;
static GHashTable *all_tries;     /* id → Tries, under the mutex */

static guint
get_pause (const Tries *tries)
{
  if (tries->refused <= FREE_TRIES)
    return 0;
  return MIN (FIRST_PAUSE << MIN (tries->refused - FREE_TRIES - 1, MOST_DOUBLINGS), LONGEST_PAUSE);
}

guint
signet_password_pause_left (const char *id)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);
  const Tries *tries = all_tries != NULL ? g_hash_table_lookup (all_tries, id) : NULL;
  gint64 end = tries != NULL ? tries->since + get_pause (tries) : 0;

  return (guint) MAX (end - signet_clock_since_boot (), 0);
}

gboolean
signet_password_pause_wait (const char *id, GCancellable *cancellable, GError **error)
{
  GPollFD poll_fd;
  gboolean can_poll = g_cancellable_make_pollfd (cancellable, &poll_fd);

  while (signet_password_pause_left (id) > 0 && !g_cancellable_is_cancelled (cancellable))
    g_poll (&poll_fd, can_poll ? 1 : 0, LOOK_AGAIN);
  if (can_poll)
    g_cancellable_release_fd (cancellable);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

void
signet_password_pause_refused (const char *id)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);

  if (all_tries == NULL)
    all_tries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Tries *tries = g_hash_table_lookup (all_tries, id);
  if (tries == NULL) {
    tries = g_new0 (Tries, 1);
    g_hash_table_insert (all_tries, g_strdup (id), tries);
  }
  tries->refused++;
  tries->since = signet_clock_since_boot ();
}

void
signet_password_pause_accepted (const char *id)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);

  if (all_tries != NULL)
    g_hash_table_remove (all_tries, id);
}
