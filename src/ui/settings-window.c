/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/settings-window.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mail-address.h"
#include "keyset/mail-choice.h"
#include "revocation/checker.h"
#include "ui/choice-row.h"
#include "ui/describe-row.h"
#include "ui/keyset-revocation.h"
#include "ui/message.h"
#include "ui/toast.h"

#define AUTOMATIC ""             /* the id of this choice among keysets */

struct _SignetSettingsWindow {
  HdyWindow parent_instance;

  GtkStack *stack;               /* "blank", "status", "settings" */
  HdyStatusPage *status_page;
  GtkButton *status_button;
  GtkLabel *problem_label;
  HdyComboRow *address_row;
  HdyActionRow *sign_row;
  GtkSwitch *sign_switch;
  HdyActionRow *encrypt_row;
  GtkSwitch *encrypt_switch;
  HdyActionRow *clear_text_row;
  GtkSwitch *clear_text_switch;
  HdyComboRow *signing_row;
  HdyComboRow *encryption_row;
  HdyComboRow *digest_row;
  HdyComboRow *cipher_row;
  SignetToast *toast;

  SignetKeysetList *keysets;
  SignetMailSettings *settings;
  char *address;                 /* whose settings show, or NULL */
  gboolean updating;             /* the rows change because we show something, not because of the user */
};

G_DEFINE_TYPE (SignetSettingsWindow, signet_settings_window, HDY_TYPE_WINDOW)

/* --- what there is --- */

static GPtrArray *
collect_keysets (SignetSettingsWindow *self)
{
  GListModel *model = G_LIST_MODEL (self->keysets);
  GPtrArray *keysets = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    g_ptr_array_add (keysets, g_list_model_get_item (model, i));

  return keysets;
}

static gboolean
is_same_address (gconstpointer a, gconstpointer b)
{
  return signet_mail_address_equal (a, b);
}

/* Those of all current IDs, each once. */
static GPtrArray *
collect_addresses (GPtrArray *keysets)
{
  GPtrArray *addresses = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < keysets->len; i++) {
    g_auto (GStrv) own = signet_keyset_dup_addresses (g_ptr_array_index (keysets, i));

    for (guint k = 0; own[k]; k++)
      if (!g_ptr_array_find_with_equal_func (addresses, own[k], is_same_address, NULL))
        g_ptr_array_add (addresses, g_strdup (own[k]));
  }

  return addresses;
}

/* --- showing it --- */

static void
add_choice (GArray *choices, const char *id, const char *title)
{
  const SignetChoice choice = { id, title };

  g_array_append_val (choices, choice);
}

static void
show_addresses (SignetSettingsWindow *self, GPtrArray *addresses)
{
  g_autoptr (GArray) choices = g_array_new (FALSE, FALSE, sizeof (SignetChoice));
  guint position = 0;

  for (guint i = 0; i < addresses->len; i++)
    add_choice (choices, g_ptr_array_index (addresses, i), g_ptr_array_index (addresses, i));

  if (self->address)
    g_ptr_array_find_with_equal_func (addresses, self->address, is_same_address, &position);
  g_free (self->address);
  self->address = g_strdup (g_ptr_array_index (addresses, MIN (position, addresses->len - 1)));
  signet_choice_row_set (self->address_row, choices, self->address, NULL);
}

static void
show_switch (HdyActionRow *row, GtkSwitch *toggle, gboolean on)
{
  gtk_switch_set_active (toggle, on);
  signet_describe_row (row);
  signet_describe_widget (GTK_WIDGET (toggle), hdy_preferences_row_get_title (HDY_PREFERENCES_ROW (row)),
                          hdy_action_row_get_subtitle (row));
}

/* Automatic, and the keysets with an ID that can be used. */
static void
show_keysets (HdyComboRow *row, GPtrArray *keysets, const SignetIdChoice *choice)
{
  g_autoptr (GArray) choices = g_array_new (FALSE, FALSE, sizeof (SignetChoice));
  g_autofree char *why = signet_id_choice_explain (choice);
  gint64 now = signet_clock_now ();

  add_choice (choices, AUTOMATIC, _("Automatic"));
  for (guint i = 0; i < keysets->len; i++) {
    SignetKeyset *keyset = g_ptr_array_index (keysets, i);
    SignetDigitalId *id = signet_keyset_find_for_address (keyset, choice->use, choice->address);

    if (id && signet_certificate_get_not_after (id->certificate) > now)
      add_choice (choices, signet_keyset_get_id (keyset), signet_keyset_get_name (keyset));
  }

  signet_choice_row_set (row, choices, choice->reason == SIGNET_CHOICE_CHOSEN ? signet_keyset_get_id (choice->keyset)
                                                                              : AUTOMATIC, why);
}

static void
show_digests (SignetSettingsWindow *self, const SignetMailDefaults *defaults, const SignetIdChoice *signing)
{
  g_autoptr (GArray) choices = g_array_new (FALSE, FALSE, sizeof (SignetChoice));
  g_autofree char *why = NULL;

  for (SignetDigest digest = SIGNET_DIGEST_AUTOMATIC; digest <= SIGNET_DIGEST_SHA512; digest++)
    add_choice (choices, signet_digest_to_name (digest), signet_digest_get_title (digest));
  if (signing->id)
    signet_choose_digest (defaults, signing->id->certificate, &why);
  signet_choice_row_set (self->digest_row, choices, signet_digest_to_name (defaults->digest), why);
}

static void
show_ciphers (SignetSettingsWindow *self, const SignetMailDefaults *defaults)
{
  g_autoptr (GArray) choices = g_array_new (FALSE, FALSE, sizeof (SignetChoice));
  g_autofree char *why = NULL;

  for (SignetCipher cipher = SIGNET_CIPHER_AUTOMATIC; cipher < SIGNET_CIPHER_AES256_GCM; cipher++)
    add_choice (choices, signet_cipher_to_name (cipher), signet_cipher_get_title (cipher));
  signet_choose_cipher (defaults, SIGNET_CIPHER_AUTOMATIC, &why);
  if (defaults->cipher == SIGNET_CIPHER_AUTOMATIC) {
    /* Translators: an algorithm and why: "AES-256-CBC, which every mail program can read."  A sentence follows it. */
    char *more = g_strdup_printf (_("%s Newer ones for recipients whose mail program is known to read them."), why);

    g_free (why);
    why = more;
  }
  signet_choice_row_set (self->cipher_row, choices, signet_cipher_to_name (defaults->cipher), why);
}

static void
show_settings (SignetSettingsWindow *self, GPtrArray *keysets)
{
  g_autoptr (SignetMailDefaults) defaults = signet_mail_settings_get (self->settings, self->address);
  gint64 now = signet_clock_now ();
  g_autoptr (SignetIdChoice) signing =
    signet_id_choice_new (keysets, defaults, SIGNET_ID_SIGNING, now, signet_keyset_revocation_is_id_revoked, NULL);
  g_autoptr (SignetIdChoice) encryption =
    signet_id_choice_new (keysets, defaults, SIGNET_ID_ENCRYPTION, now, signet_keyset_revocation_is_id_revoked, NULL);
  const char *problem = signet_mail_settings_get_problem (self->settings);

  gtk_label_set_label (self->problem_label, problem ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), problem != NULL);
  show_switch (self->sign_row, self->sign_switch, defaults->sign);
  show_switch (self->encrypt_row, self->encrypt_switch, defaults->encrypt);
  show_switch (self->clear_text_row, self->clear_text_switch, defaults->clear_text);
  show_keysets (self->signing_row, keysets, signing);
  show_keysets (self->encryption_row, keysets, encryption);
  show_digests (self, defaults, signing);
  show_ciphers (self, defaults);
}

static void
show_status (SignetSettingsWindow *self, const char *icon, const char *title, const char *text, const char *button,
             const char *action)
{
  g_autofree char *markup = g_markup_escape_text (text, -1);

  hdy_status_page_set_icon_name (self->status_page, icon);
  hdy_status_page_set_title (self->status_page, title);
  hdy_status_page_set_description (self->status_page, markup);
  signet_describe_widget (GTK_WIDGET (self->status_page), title, text);
  gtk_button_set_label (self->status_button, button);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->status_button), action);
  gtk_stack_set_visible_child_name (self->stack, "status");
}

static void
update (SignetSettingsWindow *self)
{
  g_autoptr (GPtrArray) keysets = collect_keysets (self);
  g_autoptr (GPtrArray) addresses = collect_addresses (keysets);
  SignetListState state = signet_keyset_list_get_state (self->keysets);

  if (state == SIGNET_LIST_LOADING || !signet_mail_settings_is_loaded (self->settings))
    return;

  self->updating = TRUE;
  if (state == SIGNET_LIST_FAILED) {
    show_status (self, "dialog-warning-symbolic", _("Your digital IDs cannot be seen now"),
                 signet_keyset_list_get_error (self->keysets)->message, _("_Try Again"), "win.reload");
  } else if (addresses->len == 0) {
    show_status (self, "signet-ring-symbolic", _("No digital ID yet"),
                 _("Once you have one, you choose here how your mail is signed and encrypted."),
                 _("Get a _Digital ID…"), "app.get-id");
  } else {
    show_addresses (self, addresses);
    show_settings (self, keysets);
    gtk_stack_set_visible_child_name (self->stack, "settings");
  }
  self->updating = FALSE;
}

/* --- changing it --- */

typedef struct {
  SignetSettingsWindow *window;  /* whose toast has this */
  SignetMailDefaults *former;
  SignetMailDefaults *now;
} Change;

static void
change_free (gpointer data)
{
  Change *change = data;

  signet_mail_defaults_free (change->former);
  signet_mail_defaults_free (change->now);
  g_free (change);
}

/* Not what another program has set since. */
static void
take_back (gpointer data)
{
  Change *change = data;
  SignetSettingsWindow *self = change->window;
  g_autoptr (SignetMailDefaults) stored = signet_mail_settings_get (self->settings, change->now->address);

  if (signet_mail_defaults_equal (stored, change->now)) {
    signet_mail_settings_set (self->settings, change->former);
    signet_toast_show (self->toast, _("The setting is as it was"));
  } else {
    signet_toast_show (self->toast, _("That could not be undone: the settings were changed elsewhere meanwhile"));
  }
}

static const char *
switch_word (gboolean on)
{
  return on ? _("on") : _("off");
}

/* The setting in which both differ, and what it is now. */
static char *
tell (SignetSettingsWindow *self, const SignetMailDefaults *former, const SignetMailDefaults *now)
{
  gpointer row = self->cipher_row;
  const char *value = NULL;

  if (former->sign != now->sign) {
    row = self->sign_row;
    value = switch_word (now->sign);
  } else if (former->encrypt != now->encrypt) {
    row = self->encrypt_row;
    value = switch_word (now->encrypt);
  } else if (former->clear_text != now->clear_text) {
    row = self->clear_text_row;
    value = switch_word (now->clear_text);
  } else if (g_strcmp0 (former->signing_keyset, now->signing_keyset) != 0) {
    row = self->signing_row;
  } else if (g_strcmp0 (former->encryption_keyset, now->encryption_keyset) != 0) {
    row = self->encryption_row;
  } else if (former->digest != now->digest) {
    row = self->digest_row;
  }

  /* Translators: a setting, and what it is now: "Sign messages: on", "Signing ID: Work". */
  return g_strdup_printf (_("%s: %s"), hdy_preferences_row_get_title (row),
                          value ? value : signet_choice_row_get_title (row));
}

static void
set_from_rows (SignetSettingsWindow *self, SignetMailDefaults *defaults, gpointer row)
{
  const char *signing = signet_choice_row_get_id (self->signing_row);
  const char *encryption = signet_choice_row_get_id (self->encryption_row);

  defaults->sign = gtk_switch_get_active (self->sign_switch);
  defaults->encrypt = gtk_switch_get_active (self->encrypt_switch);
  defaults->clear_text = gtk_switch_get_active (self->clear_text_switch);
  signet_digest_from_name (signet_choice_row_get_id (self->digest_row), &defaults->digest);
  signet_cipher_from_name (signet_choice_row_get_id (self->cipher_row), &defaults->cipher);
  /* One that is gone for a while, and shows as automatic, is not forgotten by a change of something else. */
  if (row == self->signing_row)
    signet_mail_defaults_set_signing_keyset (defaults, g_str_equal (signing, AUTOMATIC) ? NULL : signing);
  if (row == self->encryption_row)
    signet_mail_defaults_set_encryption_keyset (defaults, g_str_equal (encryption, AUTOMATIC) ? NULL : encryption);
}

static void
on_changed_by_user (SignetSettingsWindow *self, gpointer row)
{
  g_autoptr (SignetMailDefaults) former = NULL;
  g_autoptr (SignetMailDefaults) now = NULL;
  g_autoptr (SignetUndo) undo = NULL;
  g_autofree char *text = NULL;
  Change *change;

  if (self->updating || !self->address)
    return;

  former = signet_mail_settings_get (self->settings, self->address);
  now = signet_mail_defaults_copy (former);
  set_from_rows (self, now, row);
  if (signet_mail_defaults_equal (former, now))
    return;

  change = g_new0 (Change, 1);
  change->window = self;
  change->former = g_steal_pointer (&former);
  change->now = signet_mail_defaults_copy (now);
  undo = signet_undo_new (take_back, change, change_free);
  text = tell (self, change->former, now);
  signet_mail_settings_set (self->settings, now);
  signet_toast_show_undo (self->toast, text, undo);
}

static void
on_switched (SignetSettingsWindow *self, GParamSpec *spec, GtkSwitch *toggle)
{
  on_changed_by_user (self, toggle);
}

static void
on_chosen (SignetSettingsWindow *self, GParamSpec *spec, HdyComboRow *row)
{
  on_changed_by_user (self, row);
}

static void
on_address_chosen (SignetSettingsWindow *self)
{
  const char *address = signet_choice_row_get_id (self->address_row);

  if (self->updating || !address)
    return;

  g_free (self->address);
  self->address = g_strdup (address);
  update (self);
}

static void
on_failed (SignetSettingsWindow *self, const char *text)
{
  signet_message_show (GTK_WINDOW (self), _("The setting could not be saved"), text);
}

/* --- life cycle --- */

static gboolean
on_key_press (SignetSettingsWindow *self, GdkEventKey *event)
{
  if (event->keyval != GDK_KEY_Escape || (event->state & gtk_accelerator_get_default_mod_mask ()))
    return GDK_EVENT_PROPAGATE;

  gtk_window_close (GTK_WINDOW (self));

  return GDK_EVENT_STOP;
}

static void
undo (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  signet_toast_undo (SIGNET_SETTINGS_WINDOW (self)->toast);
}

static void
reload (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  signet_keyset_list_unlock (SIGNET_SETTINGS_WINDOW (self)->keysets);
}

static void
close_window (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  gtk_window_close (GTK_WINDOW (self));
}

static void
signet_settings_window_finalize (GObject *object)
{
  SignetSettingsWindow *self = SIGNET_SETTINGS_WINDOW (object);

  g_clear_object (&self->keysets);
  g_clear_object (&self->settings);
  g_free (self->address);

  G_OBJECT_CLASS (signet_settings_window_parent_class)->finalize (object);
}

static void
signet_settings_window_class_init (SignetSettingsWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = signet_settings_window_finalize;

  g_type_ensure (SIGNET_TYPE_TOAST);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/settings-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetSettingsWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, SignetSettingsWindow, status_page);
  gtk_widget_class_bind_template_child (widget_class, SignetSettingsWindow, status_button);
  gtk_widget_class_bind_template_child (widget_class, SignetSettingsWindow, problem_label);
  gtk_widget_class_bind_template_child (widget_class, SignetSettingsWindow, address_row);
  gtk_widget_class_bind_template_child (widget_class, SignetSettingsWindow, sign_row);
  gtk_widget_class_bind_template_child (widget_class, SignetSettingsWindow, sign_switch);
  gtk_widget_class_bind_template_child (widget_class, SignetSettingsWindow, encrypt_row);
  gtk_widget_class_bind_template_child (widget_class, SignetSettingsWindow, encrypt_switch);
  gtk_widget_class_bind_template_child (widget_class, SignetSettingsWindow, clear_text_row);
  gtk_widget_class_bind_template_child (widget_class, SignetSettingsWindow, clear_text_switch);
  gtk_widget_class_bind_template_child (widget_class, SignetSettingsWindow, signing_row);
  gtk_widget_class_bind_template_child (widget_class, SignetSettingsWindow, encryption_row);
  gtk_widget_class_bind_template_child (widget_class, SignetSettingsWindow, digest_row);
  gtk_widget_class_bind_template_child (widget_class, SignetSettingsWindow, cipher_row);
  gtk_widget_class_bind_template_child (widget_class, SignetSettingsWindow, toast);
  gtk_widget_class_bind_template_callback (widget_class, on_key_press);
  gtk_widget_class_bind_template_callback (widget_class, on_switched);
  gtk_widget_class_bind_template_callback (widget_class, on_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_address_chosen);
}

static void
signet_settings_window_init (SignetSettingsWindow *self)
{
  const GActionEntry entries[] = {
    { "close", close_window },
    { "undo", undo },
    { "reload", reload },
  };
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();

  gtk_widget_init_template (GTK_WIDGET (self));

  g_action_map_add_action_entries (G_ACTION_MAP (actions), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "win", G_ACTION_GROUP (actions));
}

GtkWindow *
signet_settings_window_new (GtkWindow *parent, SignetKeysetList *keysets, SignetMailSettings *settings,
                            const char *address)
{
  SignetSettingsWindow *self = g_object_new (SIGNET_TYPE_SETTINGS_WINDOW, "transient-for", parent, NULL);

  self->keysets = g_object_ref (keysets);
  self->settings = g_object_ref (settings);
  self->address = g_strdup (address);
  g_signal_connect_object (keysets, "items-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (keysets, "notify::state", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (signet_revocation_checker_get_default (), "changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "failed", G_CALLBACK (on_failed), self, G_CONNECT_SWAPPED);
  update (self);

  return GTK_WINDOW (self);
}
