/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/keyset-memory.h"

#include "base/clock.h"

#include <glib-unix.h>
#include <sys/timerfd.h>
#include <unistd.h>

typedef struct {
  SignetKeyset *keyset;      /* as it was when its password was entered */
  SignetSecret *key;
  gint64 end;                /* signet_clock_since_boot() */
} Entry;

struct _SignetKeysetMemory {
  GObject parent;
  GMutex mutex;              /* over all of this */
  GHashTable *entries;       /* id → Entry */
  guint endings;
  int timer;                 /* a file descriptor that wakes the main loop when the next one is over */
};

G_DEFINE_FINAL_TYPE (SignetKeysetMemory, signet_keyset_memory, G_TYPE_OBJECT)

static guint changed_signal;

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_object_unref (entry->keyset);
  signet_secret_unref (entry->key);
  g_free (entry);
}

static gboolean
emit_changed (gpointer self)
{
  g_signal_emit (self, changed_signal, 0);
  return G_SOURCE_REMOVE;
}

/* Later and in the main loop: whoever listens is a window, and may look here again. */
static void
announce (SignetKeysetMemory *self)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, emit_changed, g_object_ref (self), g_object_unref);
  g_source_attach (source, NULL);
}

/* Sets the timer to the end of the next entry.  Boot time goes on during a suspend: the timer is over at once when the
 * machine wakes up too late. */
static void
set_timer (SignetKeysetMemory *self)
{
  gint64 now = signet_clock_since_boot (), first = G_MAXINT64;
  struct itimerspec when = { 0 };
  GHashTableIter iter;
  gpointer entry;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &entry))
    first = MIN (first, ((Entry *) entry)->end);
  if (first != G_MAXINT64)
    when.it_value.tv_sec = MAX (first - now, 1);
  timerfd_settime (self->timer, 0, &when, NULL);
}

/* Drops what is over; with the mutex held. */
static void
drop_old (SignetKeysetMemory *self)
{
  gint64 now = signet_clock_since_boot ();
  GHashTableIter iter;
  gpointer entry;
  guint dropped = 0;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &entry)) {
    if (((Entry *) entry)->end > now)
      continue;
    g_hash_table_iter_remove (&iter);
    dropped++;
  }
  if (dropped > 0)
    announce (self);
}

static gboolean
on_timer (int fd, GIOCondition condition, gpointer data)
{
  SignetKeysetMemory *self = data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  guint64 expirations;

  if (read (fd, &expirations, sizeof expirations) > 0) {
    drop_old (self);
    set_timer (self);
  }
  return G_SOURCE_CONTINUE;
}

static void
signet_keyset_memory_class_init (SignetKeysetMemoryClass *class)
{
  changed_signal = g_signal_new ("changed", SIGNET_TYPE_KEYSET_MEMORY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
}

static void
signet_keyset_memory_init (SignetKeysetMemory *self)
{
  g_mutex_init (&self->mutex);
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, entry_free);
  self->timer = timerfd_create (CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
  if (self->timer < 0)
    return;                    /* then nothing is kept */
  g_autoptr (GSource) source = g_unix_fd_source_new (self->timer, G_IO_IN);
  g_source_set_callback (source, G_SOURCE_FUNC (on_timer), self, NULL);
  g_source_attach (source, NULL);
}

SignetKeysetMemory *
signet_keyset_memory_get (void)
{
  static gsize memory;         /* for the whole life of the process */

  if (g_once_init_enter (&memory))
    g_once_init_leave (&memory, (gsize) g_object_new (SIGNET_TYPE_KEYSET_MEMORY, NULL));
  return (SignetKeysetMemory *) memory;
}

guint
signet_keyset_memory_get_endings (SignetKeysetMemory *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->endings;
}

void
signet_keyset_memory_keep (SignetKeysetMemory *self, SignetKeyset *keyset, SignetSecret *key, guint endings)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  guint minutes = signet_keyset_get_remember (keyset);

  if (minutes == 0 || endings != self->endings || self->timer < 0)
    return;
  Entry *entry = g_new0 (Entry, 1);
  entry->keyset = g_object_ref (keyset);
  entry->key = signet_secret_ref (key);
  entry->end = signet_clock_since_boot () + 60 * minutes;
  g_hash_table_replace (self->entries, g_strdup (signet_keyset_get_id (keyset)), entry);
  set_timer (self);
  announce (self);
}

/* The entry of KEYSET as it is; with the mutex held. */
static Entry *
find (SignetKeysetMemory *self, SignetKeyset *keyset)
{
  drop_old (self);
  Entry *entry = g_hash_table_lookup (self->entries, signet_keyset_get_id (keyset));
  return entry != NULL && signet_keyset_equal (entry->keyset, keyset) ? entry : NULL;
}

SignetSecret *
signet_keyset_memory_lookup (SignetKeysetMemory *self, SignetKeyset *keyset)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  Entry *entry = find (self, keyset);

  if (entry != NULL)
    return signet_secret_ref (entry->key);
  if (g_hash_table_remove (self->entries, signet_keyset_get_id (keyset)))
    announce (self);
  return NULL;
}

guint
signet_keyset_memory_get_left (SignetKeysetMemory *self, SignetKeyset *keyset)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  Entry *entry = find (self, keyset);

  return entry != NULL ? entry->end - signet_clock_since_boot () : 0;
}

gboolean
signet_keyset_memory_is_empty (SignetKeysetMemory *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return g_hash_table_size (self->entries) == 0;
}

void
signet_keyset_memory_forget (SignetKeysetMemory *self, const char *id)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (g_hash_table_remove (self->entries, id))
    announce (self);
}

void
signet_keyset_memory_forget_all (SignetKeysetMemory *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->endings++;
  if (g_hash_table_size (self->entries) == 0)
    return;
  g_hash_table_remove_all (self->entries);
  announce (self);
}

static gboolean
has_same (GListModel *keysets, SignetKeyset *keyset)
{
  for (guint i = 0; i < g_list_model_get_n_items (keysets); i++) {
    g_autoptr (SignetKeyset) other = g_list_model_get_item (keysets, i);
    if (signet_keyset_equal (other, keyset))
      return TRUE;
  }
  return FALSE;
}

void
signet_keyset_memory_keep_only (SignetKeysetMemory *self, GListModel *keysets)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  GHashTableIter iter;
  gpointer entry;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &entry)) {
    if (has_same (keysets, ((Entry *) entry)->keyset))
      continue;
    g_hash_table_iter_remove (&iter);
    announce (self);
  }
}
