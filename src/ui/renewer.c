/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/renewer.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "enroll/renewal.h"
#include "ui/expiry-notifier.h"
#include "ui/short-name.h"
#include "ui/time-text.h"

#define PROGRAM "Signet"
#define LOOK_PERIOD 3600                  /* seconds between two looks whether something is to be renewed */
#define TRY_PERIOD (6 * 3600)             /* seconds between two tries that nobody asked for */
#define AHEAD (30 * 24 * 3600)            /* seconds before its end from which on a keyset renews itself */

struct _SignetRenewer {
  GObject parent_instance;

  SignetEnroller *enroller;
  SignetKeysetList *keysets;
  SignetPrompter *prompter;
  SignetExpiryNotifier *reminders;
  GHashTable *tried;             /* keyset id: when it last tried to renew itself, in seconds since 1970 */
  char *wanted;                  /* the id of a keyset to be renewed once it is known; or NULL */
  guint timer;
};

G_DEFINE_TYPE (SignetRenewer, signet_renewer, G_TYPE_OBJECT)

enum {
  DONE,
  FAILED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* One renewal that is under way. */
typedef struct {
  SignetRenewer *renewer;
  SignetKeyset *keyset;          /* NULL: only its reply is being installed */
  gboolean by_itself;
} Renewal;

static void
renewal_free (Renewal *renewal)
{
  g_object_unref (renewal->renewer);
  g_clear_object (&renewal->keyset);
  g_free (renewal);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Renewal, renewal_free)

static Renewal *
renewal_new (SignetRenewer *self, SignetKeyset *keyset, gboolean by_itself)
{
  Renewal *renewal = g_new0 (Renewal, 1);

  renewal->renewer = g_object_ref (self);
  renewal->keyset = keyset ? g_object_ref (keyset) : NULL;
  renewal->by_itself = by_itself;

  return renewal;
}

/* --- telling --- */

static void
tell (SignetRenewer *self, const char *format, SignetKeyset *keyset)
{
  g_autofree char *name = signet_short_name (signet_keyset_get_name (keyset));
  g_autoptr (GString) text = g_string_new (format);

  g_string_replace (text, "%s", name, 1);
  g_signal_emit (self, signals[DONE], 0, text->str);
}

/* RETRY: when it is tried again, or NULL. */
static void
complain (SignetRenewer *self, SignetKeyset *keyset, const char *problem, const char *retry)
{
  gint64 expiry = signet_keyset_get_expiry (keyset);
  g_autofree char *name = signet_short_name (signet_keyset_get_name (keyset));
  g_autofree char *date = signet_time_text_date (expiry);
  g_autofree char *works = expiry > signet_clock_now () ? g_strdup_printf (_("Your digital ID works until %s."), date)
                                                        : NULL;
  g_autofree char *title = g_strdup_printf (retry ? _("“%s” is not renewed yet") : _("“%s” was not renewed"), name);
  g_autoptr (GString) text = g_string_new (problem);

  if (works)
    g_string_append_printf (text, "\n\n%s", works);
  if (retry)
    g_string_append_printf (text, "%s%s", works ? " " : "\n\n", retry);
  g_signal_emit (self, signals[FAILED], 0, title, text->str);
}

/* What is LEFT to do, if anything. */
static void
tell_left (SignetRenewer *self, SignetKeyset *keyset, SignetPending *left)
{
  gint64 now = signet_clock_now ();
  g_autofree char *retry = left ? signet_time_text_retry (signet_pending_get_retry_at (left), now) : NULL;

  if (!left || signet_pending_get_state (left) == SIGNET_PENDING_CONFIRMING)
    tell (self, _("“%s” is renewed"), keyset);
  else if (signet_pending_get_problem (left))
    complain (self, keyset, signet_pending_get_problem (left), retry);
  else
    tell (self, _("Your organization will answer for “%s” later. Signet goes on by itself."), keyset);
}

/* --- renewing --- */

static void
on_renewed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Renewal) renewal = data;
  SignetRenewer *self = renewal->renewer;
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetPending) left = signet_enroller_renew_finish (SIGNET_ENROLLER (source), result, &error);

  signet_keyset_list_reload (self->keysets);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (renewal->by_itself && (error || left))
    g_debug ("A keyset does not renew itself yet: %s", error ? error->message : "it waits");
  else if (error)
    complain (self, renewal->keyset, error->message, NULL);
  else
    tell_left (self, renewal->keyset, left);
}

void
signet_renewer_renew (SignetRenewer *self, SignetKeyset *keyset)
{
  if (signet_keyset_get_level (keyset) == SIGNET_LEVEL_LOW)
    tell (self, _("Renewing “%s”…"), keyset);
  signet_enroller_renew_async (self->enroller, keyset, PROGRAM, self->prompter, NULL, on_renewed,
                               renewal_new (self, keyset, FALSE));
}

static void
on_finished (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SignetRenewer) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetKeyset) keyset = signet_enroller_finish_renewal_finish (SIGNET_ENROLLER (source), result, &error);

  signet_keyset_list_reload (self->keysets);
  if (keyset)
    tell (self, _("“%s” is renewed"), keyset);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (self, signals[FAILED], 0, _("The keyset was not renewed"), error->message);
}

void
signet_renewer_finish (SignetRenewer *self, const char *pending_id)
{
  signet_enroller_finish_renewal_async (self->enroller, pending_id, PROGRAM, self->prompter, NULL, on_finished,
                                        g_object_ref (self));
}

/* --- by itself --- */

static gboolean
is_due (SignetRenewer *self, SignetKeyset *keyset, gint64 now)
{
  gint64 *tried = g_hash_table_lookup (self->tried, signet_keyset_get_id (keyset));
  gint64 left = signet_keyset_get_expiry (keyset) - now;

  return signet_keyset_renews_itself (keyset) && signet_keyset_get_renewable (keyset) && left > 0 && left <= AHEAD &&
         (!tried || *tried + TRY_PERIOD <= now);
}

static void
look_at (SignetRenewer *self, SignetKeyset *keyset, gint64 now)
{
  if (g_strcmp0 (self->wanted, signet_keyset_get_id (keyset)) == 0) {
    g_clear_pointer (&self->wanted, g_free);
    signet_renewer_renew (self, keyset);
  } else if (is_due (self, keyset, now)) {
    g_hash_table_replace (self->tried, g_strdup (signet_keyset_get_id (keyset)), g_memdup2 (&now, sizeof now));
    signet_enroller_renew_async (self->enroller, keyset, PROGRAM, NULL, NULL, on_renewed,
                                 renewal_new (self, keyset, TRUE));
  }
}

static void
look (SignetRenewer *self)
{
  GListModel *keysets = G_LIST_MODEL (self->keysets);
  gint64 now = signet_clock_now ();

  for (guint i = 0; i < g_list_model_get_n_items (keysets); i++) {
    g_autoptr (SignetKeyset) keyset = g_list_model_get_item (keysets, i);

    look_at (self, keyset, now);
  }
}

void
signet_renewer_renew_by_id (SignetRenewer *self, const char *keyset_id)
{
  g_free (self->wanted);
  self->wanted = g_strdup (keyset_id);
  look (self);
}

static gboolean
on_timer (gpointer self)
{
  look (self);

  return G_SOURCE_CONTINUE;
}

/* --- life cycle --- */

static void
signet_renewer_finalize (GObject *object)
{
  SignetRenewer *self = SIGNET_RENEWER (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_object_unref (self->enroller);
  g_object_unref (self->keysets);
  g_object_unref (self->prompter);
  g_object_unref (self->reminders);
  g_hash_table_unref (self->tried);
  g_free (self->wanted);

  G_OBJECT_CLASS (signet_renewer_parent_class)->finalize (object);
}

static void
signet_renewer_class_init (SignetRenewerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = signet_renewer_finalize;

  signals[DONE] = g_signal_new ("done", SIGNET_TYPE_RENEWER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                G_TYPE_STRING);
  signals[FAILED] = g_signal_new ("failed", SIGNET_TYPE_RENEWER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                  2, G_TYPE_STRING, G_TYPE_STRING);
}

static void
signet_renewer_init (SignetRenewer *self)
{
  self->tried = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

SignetRenewer *
signet_renewer_new (GApplication *application, SignetEnroller *enroller, SignetKeysetList *keysets,
                    SignetPrompter *prompter)
{
  SignetRenewer *self = g_object_new (SIGNET_TYPE_RENEWER, NULL);

  self->enroller = g_object_ref (enroller);
  self->keysets = g_object_ref (keysets);
  self->prompter = g_object_ref (prompter);
  self->reminders = signet_expiry_notifier_new (application, keysets);
  self->timer = g_timeout_add_seconds (LOOK_PERIOD, on_timer, self);
  g_signal_connect_object (keysets, "items-changed", G_CALLBACK (look), self, G_CONNECT_SWAPPED);
  look (self);

  return self;
}
