/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "revocation/checker.h"

#include "base/clock.h"
#include "base/job.h"
#include "revocation/check.h"

#define GATHERING 50       /* milliseconds in which what was looked up is told as one change */
#define ROUND 60           /* seconds between looks at what is due */
#define PATIENCE 600       /* seconds until one who could not be reached is asked again */

/* A certificate that somebody has asked about. */
typedef struct {
  SignetCertificate *certificate;
  GPtrArray *issuers;
  SignetRevocationState *state;    /* NULL: not looked up yet */
  gboolean ask;                    /* the authority may be asked in the background */
  gboolean queued;
  gboolean checking;               /* at somebody's wish */
  gint64 not_before;               /* is not asked again before */
} Entry;

/* What a job works on. */
typedef struct {
  SignetRevocationCache *cache;
  Entry *entry;
  SignetCertificate *certificate;
  GPtrArray *issuers;
  SignetCheckHow how;
} Work;

struct _SignetRevocationChecker {
  GObject parent_instance;

  SignetRevocationCache *cache;
  GHashTable *entries;             /* DER of the certificate: Entry */
  GQueue queue;                    /* of entries for the background */
  gboolean busy;                   /* with the first of them */
  guint round;
  guint news;                      /* waits to be told */
  GCancellable *cancellable;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_TYPE (SignetRevocationChecker, signet_revocation_checker, G_TYPE_OBJECT)

static void work_queue (SignetRevocationChecker *self);

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  signet_certificate_unref (entry->certificate);
  g_clear_pointer (&entry->issuers, g_ptr_array_unref);
  g_clear_pointer (&entry->state, signet_revocation_state_free);
  g_free (entry);
}

static void
work_free (gpointer data)
{
  Work *work = data;

  signet_revocation_cache_unref (work->cache);
  signet_certificate_unref (work->certificate);
  g_clear_pointer (&work->issuers, g_ptr_array_unref);
  g_free (work);
}

static gpointer
do_work (gpointer source, gpointer data, GCancellable *cancellable, GError **error)
{
  Work *work = data;

  return signet_revocation_check (work->cache, work->certificate, work->issuers, work->how, cancellable, error);
}

/* Entries live as long as SELF; a callback that comes later is cancelled. */
static void
start (SignetRevocationChecker *self, Entry *entry, SignetCheckHow how, GAsyncReadyCallback callback)
{
  Work *work = g_new0 (Work, 1);

  work->cache = signet_revocation_cache_ref (self->cache);
  work->certificate = signet_certificate_ref (entry->certificate);
  work->issuers = entry->issuers != NULL ? g_ptr_array_ref (entry->issuers) : NULL;
  work->how = how;
  signet_job_run (self, start, do_work, work, work_free, (GDestroyNotify) signet_revocation_state_free,
                  self->cancellable, callback, entry);
}

/* FALSE when SELF is going away. */
static gboolean
finish (SignetRevocationChecker *self, GAsyncResult *result, Entry *entry)
{
  SignetRevocationState *state = signet_job_finish (self, result, start, NULL);

  if (state == NULL)
    return FALSE;
  g_clear_pointer (&entry->state, signet_revocation_state_free);
  entry->state = state;
  entry->not_before = state->problem != NULL ? signet_clock_now () + PATIENCE : 0;
  return TRUE;
}

/* --- in the background --- */

static gboolean
tell (gpointer data)
{
  SignetRevocationChecker *self = data;

  self->news = 0;
  g_signal_emit (self, signals[CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static void
on_looked_up (GObject *source, GAsyncResult *result, gpointer data)
{
  SignetRevocationChecker *self = SIGNET_REVOCATION_CHECKER (source);

  if (!finish (self, result, data))
    return;
  self->busy = FALSE;
  work_queue (self);
  if (self->news == 0)
    self->news = g_timeout_add (GATHERING, tell, self);
}

static void
work_queue (SignetRevocationChecker *self)
{
  Entry *entry = self->busy ? NULL : g_queue_pop_head (&self->queue);

  if (entry == NULL)
    return;
  entry->queued = FALSE;
  self->busy = TRUE;
  start (self, entry, entry->ask ? SIGNET_CHECK_DUE : SIGNET_CHECK_CACHED, on_looked_up);
}

static void
enqueue (SignetRevocationChecker *self, Entry *entry)
{
  if (entry->queued || entry->checking)
    return;
  entry->queued = TRUE;
  g_queue_push_tail (&self->queue, entry);
  work_queue (self);
}

static gboolean
is_due (Entry *entry)
{
  gint64 now = signet_clock_now ();

  return entry->state == NULL ||
         (entry->ask && signet_revocation_get_due (entry->state) <= now && entry->not_before <= now);
}

static gboolean
look_round (gpointer data)
{
  SignetRevocationChecker *self = data;
  GHashTableIter iter;
  gpointer entry;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &entry))
    if (is_due (entry))
      enqueue (self, entry);
  return G_SOURCE_CONTINUE;
}

/* --- for windows --- */

static Entry *
find_entry (SignetRevocationChecker *self, SignetCertificate *certificate, GPtrArray *issuers)
{
  Entry *entry = g_hash_table_lookup (self->entries, signet_certificate_get_der (certificate));

  if (entry == NULL) {
    entry = g_new0 (Entry, 1);
    entry->certificate = signet_certificate_ref (certificate);
    g_hash_table_insert (self->entries, signet_certificate_get_der (certificate), entry);
  }
  if (entry->issuers == NULL && issuers != NULL)
    entry->issuers = g_ptr_array_ref (issuers);
  return entry;
}

const SignetRevocationState *
signet_revocation_checker_look_up (SignetRevocationChecker *self, SignetCertificate *certificate, GPtrArray *issuers,
                                   gboolean ask)
{
  Entry *entry = find_entry (self, certificate, issuers);

  entry->ask = entry->ask || ask;
  if (is_due (entry))
    enqueue (self, entry);
  return entry->state;
}

static void
on_checked (GObject *source, GAsyncResult *result, gpointer data)
{
  SignetRevocationChecker *self = SIGNET_REVOCATION_CHECKER (source);
  Entry *entry = data;

  if (!finish (self, result, entry))
    return;
  entry->checking = FALSE;
  g_signal_emit (self, signals[CHANGED], 0);
}

void
signet_revocation_checker_check_now (SignetRevocationChecker *self, SignetCertificate *certificate, GPtrArray *issuers)
{
  Entry *entry = find_entry (self, certificate, issuers);

  if (entry->checking)
    return;
  entry->checking = TRUE;
  start (self, entry, SIGNET_CHECK_NOW, on_checked);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
signet_revocation_checker_reload (SignetRevocationChecker *self)
{
  GHashTableIter iter;
  gpointer entry;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &entry))
    enqueue (self, entry);
}

gboolean
signet_revocation_checker_is_checking (SignetRevocationChecker *self, SignetCertificate *certificate)
{
  Entry *entry = g_hash_table_lookup (self->entries, signet_certificate_get_der (certificate));

  return entry != NULL && entry->checking;
}

/* --- life cycle --- */

static void
signet_revocation_checker_dispose (GObject *object)
{
  SignetRevocationChecker *self = SIGNET_REVOCATION_CHECKER (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->round, g_source_remove);
  g_clear_handle_id (&self->news, g_source_remove);

  G_OBJECT_CLASS (signet_revocation_checker_parent_class)->dispose (object);
}

static void
signet_revocation_checker_finalize (GObject *object)
{
  SignetRevocationChecker *self = SIGNET_REVOCATION_CHECKER (object);

  g_queue_clear (&self->queue);
  g_hash_table_unref (self->entries);
  signet_revocation_cache_unref (self->cache);
  g_object_unref (self->cancellable);

  G_OBJECT_CLASS (signet_revocation_checker_parent_class)->finalize (object);
}

static void
signet_revocation_checker_class_init (SignetRevocationCheckerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = signet_revocation_checker_dispose;
  G_OBJECT_CLASS (klass)->finalize = signet_revocation_checker_finalize;

  signals[CHANGED] = g_signal_new ("changed", SIGNET_TYPE_REVOCATION_CHECKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
signet_revocation_checker_init (SignetRevocationChecker *self)
{
  self->cancellable = g_cancellable_new ();
  self->entries = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, NULL, entry_free);
  g_queue_init (&self->queue);
  self->round = g_timeout_add_seconds (ROUND, look_round, self);
}

SignetRevocationChecker *
signet_revocation_checker_new (const char *folder)
{
  SignetRevocationChecker *self = g_object_new (SIGNET_TYPE_REVOCATION_CHECKER, NULL);

  self->cache = signet_revocation_cache_new (folder);
  return self;
}

SignetRevocationChecker *
signet_revocation_checker_get_default (void)
{
  static SignetRevocationChecker *checker;

  if (checker == NULL)
    checker = signet_revocation_checker_new (NULL);
  return checker;
}
