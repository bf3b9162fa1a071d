/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/mail-settings.h"

#include "base/job.h"
#include "keyset/mail-defaults-file.h"

struct _SignetMailSettings {
  GObject parent;
  char *path;
  GPtrArray *list;          /* of SignetMailDefaults */
  char *problem;            /* of the file, or NULL */
  gboolean loaded;
  gboolean busy;            /* a job runs */
  gboolean stale;           /* the file may be another since it was read */
  GQueue unsaved;           /* of SignetMailDefaults */
  GFileMonitor *monitor;
};

G_DEFINE_FINAL_TYPE (SignetMailSettings, signet_mail_settings, G_TYPE_OBJECT)

enum { CHANGED, FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void go_on (SignetMailSettings *self);

static gboolean
is_same (GPtrArray *a, GPtrArray *b)
{
  for (guint i = 0; i < a->len && a->len == b->len; i++) {
    const SignetMailDefaults *one = a->pdata[i], *other = signet_mail_defaults_find (b, one->address);
    if (other == NULL || !signet_mail_defaults_equal (one, other))
      return FALSE;
  }
  return a->len == b->len;
}

/* What is still unsaved counts more than what the file holds: a later result brings both together. */
static void
take (SignetMailSettings *self, GPtrArray *list, const char *problem)
{
  gboolean changed = !self->loaded || !is_same (self->list, list) || g_strcmp0 (self->problem, problem) != 0;

  if (!g_queue_is_empty (&self->unsaved))
    return;
  self->loaded = TRUE;
  g_ptr_array_unref (self->list);
  self->list = g_ptr_array_ref (list);
  g_free (self->problem);
  self->problem = g_strdup (problem);
  if (changed)
    g_signal_emit (self, signals[CHANGED], 0);
}

static gpointer
load (gpointer self, gpointer path, GCancellable *cancellable, GError **error)
{
  return signet_mail_defaults_file_load (path, error);
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SignetMailSettings) self = SIGNET_MAIL_SETTINGS (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = signet_job_finish (source, result, load, &error);

  self->busy = FALSE;
  if (list == NULL)
    list = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_mail_defaults_free);
  take (self, list, error != NULL ? error->message : NULL);
  go_on (self);
}

typedef struct {
  char *path;
  SignetMailDefaults *defaults;
} Saving;

static void
saving_free (gpointer data)
{
  Saving *saving = data;

  g_free (saving->path);
  signet_mail_defaults_free (saving->defaults);
  g_free (saving);
}

static gpointer
save (gpointer self, gpointer data, GCancellable *cancellable, GError **error)
{
  Saving *saving = data;

  return signet_mail_defaults_file_save (saving->path, saving->defaults, cancellable, error);
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SignetMailSettings) self = SIGNET_MAIL_SETTINGS (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = signet_job_finish (source, result, save, &error);

  self->busy = FALSE;
  if (list != NULL)
    take (self, list, NULL);
  else
    self->stale = TRUE;
  go_on (self);
  if (list == NULL)
    g_signal_emit (self, signals[FAILED], 0, error->message);
}

/* One at a time, in their order. */
static void
go_on (SignetMailSettings *self)
{
  SignetMailDefaults *next = self->busy ? NULL : g_queue_pop_head (&self->unsaved);

  if (self->busy || (next == NULL && !self->stale))
    return;
  self->busy = TRUE;
  if (next != NULL) {
    Saving *saving = g_new0 (Saving, 1);

    saving->path = g_strdup (self->path);
    saving->defaults = next;
    signet_job_run (self, save, save, saving, saving_free, (GDestroyNotify) g_ptr_array_unref, NULL, on_saved,
                    g_object_ref (self));
  } else {
    self->stale = FALSE;
    signet_job_run (self, load, load, g_strdup (self->path), g_free, (GDestroyNotify) g_ptr_array_unref, NULL,
                    on_loaded, g_object_ref (self));
  }
}

gboolean
signet_mail_settings_is_loaded (SignetMailSettings *self)
{
  return self->loaded;
}

gboolean
signet_mail_settings_is_busy (SignetMailSettings *self)
{
  return self->busy || self->stale || !g_queue_is_empty (&self->unsaved);
}

const char *
signet_mail_settings_get_problem (SignetMailSettings *self)
{
  return self->problem;
}

SignetMailDefaults *
signet_mail_settings_get (SignetMailSettings *self, const char *address)
{
  SignetMailDefaults *found = signet_mail_defaults_find (self->list, address);

  return found != NULL ? signet_mail_defaults_copy (found) : signet_mail_defaults_new (address);
}

void
signet_mail_settings_set (SignetMailSettings *self, const SignetMailDefaults *defaults)
{
  g_autoptr (SignetMailDefaults) former = signet_mail_settings_get (self, defaults->address);
  SignetMailDefaults *held = signet_mail_defaults_find (self->list, defaults->address);

  if (signet_mail_defaults_equal (former, defaults))
    return;
  if (held != NULL)
    g_ptr_array_remove (self->list, held);
  g_ptr_array_add (self->list, signet_mail_defaults_copy (defaults));
  g_queue_push_tail (&self->unsaved, signet_mail_defaults_copy (defaults));
  g_signal_emit (self, signals[CHANGED], 0);
  go_on (self);
}

static void
on_file_changed (SignetMailSettings *self)
{
  self->stale = TRUE;
  go_on (self);
}

/* The folder must be there to be watched. */
static void
watch (SignetMailSettings *self)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autoptr (GFile) file = g_file_new_for_path (self->path);

  g_mkdir_with_parents (folder, 0700);
  self->monitor = g_file_monitor_file (file, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);
  if (self->monitor != NULL)
    g_signal_connect_object (self->monitor, "changed", G_CALLBACK (on_file_changed), self, G_CONNECT_SWAPPED);
}

static void
signet_mail_settings_finalize (GObject *object)
{
  SignetMailSettings *self = SIGNET_MAIL_SETTINGS (object);

  if (self->monitor != NULL)
    g_file_monitor_cancel (self->monitor);
  g_clear_object (&self->monitor);
  g_queue_clear_full (&self->unsaved, (GDestroyNotify) signet_mail_defaults_free);
  g_ptr_array_unref (self->list);
  g_free (self->problem);
  g_free (self->path);
  G_OBJECT_CLASS (signet_mail_settings_parent_class)->finalize (object);
}

static void
signet_mail_settings_class_init (SignetMailSettingsClass *class)
{
  G_OBJECT_CLASS (class)->finalize = signet_mail_settings_finalize;
  signals[CHANGED] = g_signal_new ("changed", SIGNET_TYPE_MAIL_SETTINGS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", SIGNET_TYPE_MAIL_SETTINGS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
signet_mail_settings_init (SignetMailSettings *self)
{
  self->list = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_mail_defaults_free);
  g_queue_init (&self->unsaved);
}

SignetMailSettings *
signet_mail_settings_new (const char *path)
{
  SignetMailSettings *self = g_object_new (SIGNET_TYPE_MAIL_SETTINGS, NULL);

  self->path = g_strdup (path);
  self->stale = TRUE;
  watch (self);
  go_on (self);
  return self;
}
