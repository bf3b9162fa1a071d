/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enroll/pending-list.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/list-change.h"

#define LONGEST_SLEEP 60      /* seconds: the clock may be set meanwhile, the computer may sleep */

/* Two lists of the same requests: ALL, to take each on when its time has come, and SHOWN, for the window. */
struct _SignetPendingList {
  GObject parent_instance;

  SignetEnroller *enroller;
  GPtrArray *all;             /* (element-type SignetPending) */
  GPtrArray *shown;           /* those of them that a person wants to see */
  GHashTable *checking;       /* ids */
  GCancellable *cancellable;
  gboolean loaded;
  gboolean loading;
  gboolean load_again;
  guint timer;
};

static void list_model_init (GListModelInterface *interface);

G_DEFINE_TYPE_WITH_CODE (SignetPendingList, signet_pending_list, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

enum { CHECKING_CHANGED, LOADED, REPLY_READY, N_SIGNALS };
static guint signals[N_SIGNALS];

static void schedule (SignetPendingList *self);

static void
signet_pending_list_dispose (GObject *object)
{
  SignetPendingList *self = SIGNET_PENDING_LIST (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->enroller != NULL)
    g_signal_handlers_disconnect_by_data (signet_enroller_get_store (self->enroller), self);
  g_clear_object (&self->enroller);
  G_OBJECT_CLASS (signet_pending_list_parent_class)->dispose (object);
}

static void
signet_pending_list_finalize (GObject *object)
{
  SignetPendingList *self = SIGNET_PENDING_LIST (object);

  g_object_unref (self->cancellable);
  g_ptr_array_unref (self->all);
  g_ptr_array_unref (self->shown);
  g_hash_table_unref (self->checking);
  G_OBJECT_CLASS (signet_pending_list_parent_class)->finalize (object);
}

static void
signet_pending_list_class_init (SignetPendingListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = signet_pending_list_dispose;
  object_class->finalize = signet_pending_list_finalize;
  signals[CHECKING_CHANGED] = g_signal_new ("checking-changed", SIGNET_TYPE_PENDING_LIST, G_SIGNAL_RUN_LAST, 0, NULL,
                                            NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[LOADED] = g_signal_new ("loaded", SIGNET_TYPE_PENDING_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);
  signals[REPLY_READY] = g_signal_new ("reply-ready", SIGNET_TYPE_PENDING_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, SIGNET_TYPE_PENDING);
}

static void
signet_pending_list_init (SignetPendingList *self)
{
  self->all = g_ptr_array_new_with_free_func (g_object_unref);
  self->shown = g_ptr_array_new_with_free_func (g_object_unref);
  self->checking = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->cancellable = g_cancellable_new ();
}

static GType
get_item_type (GListModel *model)
{
  return SIGNET_TYPE_PENDING;
}

static guint
get_n_items (GListModel *model)
{
  return SIGNET_PENDING_LIST (model)->shown->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  GPtrArray *shown = SIGNET_PENDING_LIST (model)->shown;

  return position < shown->len ? g_object_ref (shown->pdata[position]) : NULL;
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

static SignetPending *
find (SignetPendingList *self, const char *id)
{
  for (guint i = 0; i < self->all->len; i++) {
    if (g_str_equal (signet_pending_get_id (self->all->pdata[i]), id))
      return self->all->pdata[i];
  }
  return NULL;
}

static gboolean
is_for_people (SignetPending *pending)
{
  return signet_pending_get_state (pending) != SIGNET_PENDING_CONFIRMING &&
         signet_pending_get_state (pending) != SIGNET_PENDING_REMOVED;
}

/* What can be read off a row is the same. */
static gboolean
looks_equal (gconstpointer left, gconstpointer right)
{
  SignetPending *a = (SignetPending *) left, *b = (SignetPending *) right;

  return g_str_equal (signet_pending_get_id (a), signet_pending_get_id (b)) &&
         signet_pending_get_state (a) == signet_pending_get_state (b) &&
         signet_pending_get_retry_at (a) == signet_pending_get_retry_at (b) &&
         g_strcmp0 (signet_pending_get_problem (a), signet_pending_get_problem (b)) == 0;
}

static void
show (SignetPendingList *self)
{
  g_autoptr (GPtrArray) former = g_steal_pointer (&self->shown);

  self->shown = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < self->all->len; i++) {
    if (is_for_people (self->all->pdata[i]))
      g_ptr_array_add (self->shown, g_object_ref (self->all->pdata[i]));
  }
  signet_list_announce (G_LIST_MODEL (self), former, self->shown, looks_equal);
}

static void reload (SignetPendingList *self);

static gboolean
on_timer (gpointer user_data)
{
  SignetPendingList *self = SIGNET_PENDING_LIST (user_data);

  self->timer = 0;
  reload (self);
  return G_SOURCE_REMOVE;
}

/* The store is at fault, most likely, and at once again would be no better. */
static void
try_later (SignetPendingList *self)
{
  if (self->timer == 0)
    self->timer = g_timeout_add_seconds (LONGEST_SLEEP, on_timer, self);
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *all = signet_enroller_list_finish (SIGNET_ENROLLER (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  SignetPendingList *self = SIGNET_PENDING_LIST (user_data);
  self->loading = FALSE;
  if (all == NULL) {
    g_debug ("The pending requests cannot be read: %s", error->message);   /* the keyset list says it to the user */
    try_later (self);
  } else {
    g_ptr_array_unref (self->all);
    self->all = all;
    show (self);
    schedule (self);
  }
  if (!self->loaded) {
    self->loaded = TRUE;
    g_signal_emit (self, signals[LOADED], 0);
  }
  if (self->load_again)
    reload (self);
}

static void
reload (SignetPendingList *self)
{
  self->load_again = self->loading;
  if (self->loading)
    return;
  self->loading = TRUE;
  signet_enroller_list_async (self->enroller, self->cancellable, on_listed, self);
}

static gboolean
wants_check (SignetPending *pending)
{
  SignetPendingState state = signet_pending_get_state (pending);

  return state == SIGNET_PENDING_CREATED || state == SIGNET_PENDING_WAITING || state == SIGNET_PENDING_CONFIRMING;
}

/* Also when its time is further ahead than any server can have set it: the clock was wrong then, or is now. */
static gboolean
is_due (SignetPending *pending, gint64 now)
{
  gint64 due = signet_pending_get_retry_at (pending);

  return due <= now || due > now + SIGNET_MAX_RETRY_AFTER;
}

/* Checks what is due and sets the timer for what comes next. */
static void
schedule (SignetPendingList *self)
{
  gint64 now = signet_clock_now (), next = G_MAXINT64;

  for (guint i = 0; i < self->all->len; i++) {
    SignetPending *pending = self->all->pdata[i];

    if (!wants_check (pending) || signet_pending_list_is_checking (self, signet_pending_get_id (pending)))
      continue;
    if (is_due (pending, now))
      signet_pending_list_check (self, signet_pending_get_id (pending));
    else
      next = MIN (next, signet_pending_get_retry_at (pending));
  }
  g_clear_handle_id (&self->timer, g_source_remove);
  if (next != G_MAXINT64)
    self->timer = g_timeout_add_seconds (CLAMP (next - now, 1, LONGEST_SLEEP), on_timer, self);
}

typedef struct {
  SignetPendingList *list;    /* not owned: the callback looks at it only when it was not cancelled */
  char *id;
} Check;

static void
check_free (Check *check)
{
  g_free (check->id);
  g_free (check);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Check, check_free)

/* Puts what came of a check in its place at once; the store's "changed" follows. */
static void
take_result (SignetPendingList *self, const char *id, SignetPending *pending)
{
  SignetPending *former = find (self, id);
  guint position;

  if (former == NULL || !g_ptr_array_find (self->all, former, &position))
    return;
  if (pending == NULL) {
    g_ptr_array_remove_index (self->all, position);
    return;
  }
  gboolean arrived = signet_pending_get_state (pending) == SIGNET_PENDING_READY &&
                     signet_pending_get_state (former) != SIGNET_PENDING_READY;
  g_object_unref (self->all->pdata[position]);
  self->all->pdata[position] = g_object_ref (pending);
  if (arrived)
    g_signal_emit (self, signals[REPLY_READY], 0, pending);
}

static void
on_checked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Check) check = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetPending) pending = signet_enroller_check_finish (SIGNET_ENROLLER (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  SignetPendingList *self = check->list;
  g_hash_table_remove (self->checking, check->id);
  g_signal_emit (self, signals[CHECKING_CHANGED], 0, check->id);
  if (error != NULL) {
    g_debug ("A pending request could not be checked: %s", error->message);
    try_later (self);
    return;
  }
  take_result (self, check->id, pending);
  show (self);
  schedule (self);
}

void
signet_pending_list_check (SignetPendingList *self, const char *pending_id)
{
  Check *check;

  if (!g_hash_table_add (self->checking, g_strdup (pending_id)))
    return;
  check = g_new0 (Check, 1);
  check->list = self;
  check->id = g_strdup (pending_id);
  signet_enroller_check_async (self->enroller, pending_id, self->cancellable, on_checked, check);
  g_signal_emit (self, signals[CHECKING_CHANGED], 0, pending_id);
}

gboolean
signet_pending_list_is_checking (SignetPendingList *self, const char *pending_id)
{
  return g_hash_table_contains (self->checking, pending_id);
}

gboolean
signet_pending_list_is_renewal (SignetPendingList *self, const char *pending_id)
{
  SignetPending *pending = find (self, pending_id);

  return pending != NULL && signet_pending_get_renewed (pending) != NULL;
}

gboolean
signet_pending_list_is_loaded (SignetPendingList *self)
{
  return self->loaded;
}

SignetPendingList *
signet_pending_list_new (SignetEnroller *enroller)
{
  SignetPendingList *self = g_object_new (SIGNET_TYPE_PENDING_LIST, NULL);

  self->enroller = g_object_ref (enroller);
  g_signal_connect_swapped (signet_enroller_get_store (enroller), "changed", G_CALLBACK (reload), self);
  reload (self);
  return self;
}
