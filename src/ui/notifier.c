/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/notifier.h"

#include "base/clock.h"
#include "base/i18n.h"

#define PATIENCE 30               /* seconds */

struct _SignetNotifier {
  GObject parent_instance;

  GApplication *application;
  SignetPendingList *pending;
  GHashTable *shown;             /* ids of requests whose notification is out */
};

G_DEFINE_TYPE (SignetNotifier, signet_notifier, G_TYPE_OBJECT)

static char *
notification_id (const char *pending_id)
{
  return g_strconcat ("reply-", pending_id, NULL);
}

static void
on_reply_ready (SignetNotifier *self, SignetPending *pending)
{
  const char *pending_id = signet_pending_get_id (pending);
  gboolean waits = signet_pending_get_renewed (pending) &&
                   signet_clock_now () < signet_pending_get_created (pending) + PATIENCE;

  if (waits)
    return;                      /* whoever began the renewal is still looking at it */

  g_autoptr (GNotification) notification = g_notification_new (_("Your digital ID is here"));
  g_autofree char *id = notification_id (pending_id);
  g_autofree char *body = NULL;

  /* Translators: the authority's name, and a mail address. */
  body = g_strdup_printf (_("%s has answered for %s. Open the reply to finish."),
                          signet_pending_get_authority_name (pending), signet_pending_get_address (pending));
  g_notification_set_body (notification, body);
  g_notification_set_default_action_and_target (notification, "app.open-pending", "s", pending_id);
  g_application_send_notification (self->application, id, notification);
  g_hash_table_add (self->shown, g_strdup (pending_id));
}

static gboolean
is_ready (SignetNotifier *self, const char *pending_id)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->pending)); i++) {
    g_autoptr (SignetPending) pending = g_list_model_get_item (G_LIST_MODEL (self->pending), i);

    if (g_str_equal (signet_pending_get_id (pending), pending_id))
      return signet_pending_get_state (pending) == SIGNET_PENDING_READY;
  }

  return FALSE;
}

static void
withdraw_done (SignetNotifier *self)
{
  GHashTableIter iter;
  gpointer pending_id;

  g_hash_table_iter_init (&iter, self->shown);
  while (g_hash_table_iter_next (&iter, &pending_id, NULL)) {
    g_autofree char *id = notification_id (pending_id);

    if (is_ready (self, pending_id))
      continue;
    g_application_withdraw_notification (self->application, id);
    g_hash_table_iter_remove (&iter);
  }
}

static void
signet_notifier_finalize (GObject *object)
{
  SignetNotifier *self = SIGNET_NOTIFIER (object);

  g_clear_object (&self->pending);
  g_clear_pointer (&self->shown, g_hash_table_unref);

  G_OBJECT_CLASS (signet_notifier_parent_class)->finalize (object);
}

static void
signet_notifier_class_init (SignetNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = signet_notifier_finalize;
}

static void
signet_notifier_init (SignetNotifier *self)
{
  self->shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

SignetNotifier *
signet_notifier_new (GApplication *application, SignetPendingList *pending)
{
  SignetNotifier *self = g_object_new (SIGNET_TYPE_NOTIFIER, NULL);

  self->application = application;
  self->pending = g_object_ref (pending);
  g_signal_connect_object (pending, "reply-ready", G_CALLBACK (on_reply_ready), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (pending, "items-changed", G_CALLBACK (withdraw_done), self, G_CONNECT_SWAPPED);

  return self;
}
