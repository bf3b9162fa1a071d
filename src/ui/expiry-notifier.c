/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/expiry-notifier.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "ui/reminder-memory.h"
#include "ui/reminder-text.h"
#include "ui/short-name.h"

#define LOOK_PERIOD 3600                  /* seconds */

struct _SignetExpiryNotifier {
  GObject parent_instance;

  GApplication *application;
  SignetKeysetList *keysets;
  char *memory;                  /* the path of the file */
  GHashTable *shown;             /* ids of keysets whose notification this process has sent */
  guint timer;
};

G_DEFINE_TYPE (SignetExpiryNotifier, signet_expiry_notifier, G_TYPE_OBJECT)

static void
notify (SignetExpiryNotifier *self, SignetKeyset *keyset, gint64 now)
{
  const char *keyset_id = signet_keyset_get_id (keyset);
  gboolean renewable = signet_keyset_get_renewable (keyset) != NULL;
  g_autofree char *id = g_strconcat ("expiry-", keyset_id, NULL);
  g_autofree char *name = signet_short_name (signet_keyset_get_name (keyset));
  /* Translators: the name of a keyset. */
  g_autofree char *title = g_strdup_printf (_("The digital ID of “%s” runs out"), name);
  g_autofree char *body = signet_reminder_text (signet_keyset_get_expiry (keyset), renewable, now);
  g_autoptr (GNotification) notification = g_notification_new (title);

  g_notification_set_body (notification, body);
  if (renewable)
    g_notification_add_button_with_target (notification, _("Renew"), "app.renew", "s", keyset_id);
  else
    g_notification_add_button (notification, _("Get a Digital ID"), "app.get-id");
  g_application_send_notification (self->application, id, notification);
  g_hash_table_add (self->shown, g_strdup (keyset_id));
}

/* It has been renewed. */
static void
withdraw (SignetExpiryNotifier *self, SignetKeyset *keyset)
{
  g_autofree char *id = g_strconcat ("expiry-", signet_keyset_get_id (keyset), NULL);

  if (g_hash_table_remove (self->shown, signet_keyset_get_id (keyset)))
    g_application_withdraw_notification (self->application, id);
}

/* One that renews itself needs nobody until that has failed for weeks. */
static gboolean
is_to_be_said (SignetExpiryNotifier *self, SignetKeyset *keyset, guint stage)
{
  return !(stage == 30 && signet_keyset_renews_itself (keyset)) &&
         !signet_keyset_list_find_successor (self->keysets, keyset);
}

static void
look (SignetExpiryNotifier *self)
{
  GListModel *keysets = G_LIST_MODEL (self->keysets);
  gint64 now = signet_clock_now ();

  for (guint i = 0; i < g_list_model_get_n_items (keysets); i++) {
    g_autoptr (SignetKeyset) keyset = g_list_model_get_item (keysets, i);
    gint64 end = signet_keyset_get_expiry (keyset);
    guint stage = signet_reminder_stage (end, now);

    if (stage == 0)
      withdraw (self, keyset);
    else if (is_to_be_said (self, keyset, stage) &&
             signet_reminder_memory_take (self->memory, signet_keyset_get_id (keyset), end, stage))
      notify (self, keyset, now);
  }
}

static gboolean
on_timer (gpointer self)
{
  look (self);

  return G_SOURCE_CONTINUE;
}

static void
signet_expiry_notifier_finalize (GObject *object)
{
  SignetExpiryNotifier *self = SIGNET_EXPIRY_NOTIFIER (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_object_unref (self->keysets);
  g_free (self->memory);
  g_hash_table_unref (self->shown);

  G_OBJECT_CLASS (signet_expiry_notifier_parent_class)->finalize (object);
}

static void
signet_expiry_notifier_class_init (SignetExpiryNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = signet_expiry_notifier_finalize;
}

static void
signet_expiry_notifier_init (SignetExpiryNotifier *self)
{
  self->shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

SignetExpiryNotifier *
signet_expiry_notifier_new (GApplication *application, SignetKeysetList *keysets)
{
  SignetExpiryNotifier *self = g_object_new (SIGNET_TYPE_EXPIRY_NOTIFIER, NULL);

  self->application = application;
  self->keysets = g_object_ref (keysets);
  self->memory = g_build_filename (g_get_user_state_dir (), "signet", "reminders", NULL);
  self->timer = g_timeout_add_seconds (LOOK_PERIOD, on_timer, self);
  g_signal_connect_object (keysets, "items-changed", G_CALLBACK (look), self, G_CONNECT_SWAPPED);
  look (self);

  return self;
}
