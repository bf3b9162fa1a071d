/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/export-window.h"

#include "base/i18n.h"
#include "base/job.h"
#include "base/private-file.h"
#include "keyset/keyset-export.h"
#include "keyset/keyset-use.h"
#include "ui/application.h"
#include "ui/choose-file.h"
#include "ui/describe-row.h"
#include "ui/new-password.h"
#include "ui/removal-text.h"
#include "ui/short-name.h"

/* In the order of the rows. */
static const struct {
  SignetExportTarget target;
  gboolean certificates;
  const char *title;
  const char *subtitle;
} choices[] = {
  { SIGNET_EXPORT_THUNDERBIRD, FALSE, N_("Thunderbird"), N_("Well protected") },
  { SIGNET_EXPORT_WINDOWS, FALSE, N_("Windows, Outlook"),
    N_("Weakly protected, as old versions need it: delete the file after use") },
  { SIGNET_EXPORT_MACOS, FALSE, N_("macOS, iOS"),
    N_("Weakly protected, as old versions need it: delete the file after use") },
  { SIGNET_EXPORT_GNUPG, FALSE, N_("GnuPG"), N_("One digital ID alone, the one for encryption") },
  { SIGNET_EXPORT_OPENSSL, FALSE, N_("Another program, or another Signet"), N_("Well protected") },
  { SIGNET_EXPORT_OPENSSL, TRUE, N_("Certificates alone"), N_("To give to others. No key, no password.") },
};

struct _SignetExportWindow {
  SignetKeysetWindow parent_instance;

  SignetPage *target_page;
  HdyPreferencesGroup *targets;
  GtkToggleButton *buttons[G_N_ELEMENTS (choices)];
  GtkWidget *history_group;
  HdyActionRow *history_row;
  GtkSwitch *history;
  SignetPage *password_page;
  SignetNewPassword *password;
  HdyActionRow *remove_row;
  GtkSwitch *remove;
};

G_DEFINE_TYPE (SignetExportWindow, signet_export_window, SIGNET_TYPE_KEYSET_WINDOW)

static guint
get_choice (SignetExportWindow *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    if (gtk_toggle_button_get_active (self->buttons[i]))
      return i;

  return 0;
}

/* For GnuPG the encryption ID, or the signing ID where there is no other. */
static SignetExportChoice
read_choice (SignetExportWindow *self)
{
  SignetKeyset *keyset = signet_keyset_window_get_keyset (SIGNET_KEYSET_WINDOW (self));
  SignetExportChoice choice = { choices[get_choice (self)].target, -1, !gtk_switch_get_active (self->history) };

  if (choice.target == SIGNET_EXPORT_GNUPG && !signet_keyset_get_current (keyset, SIGNET_ID_ENCRYPTION))
    choice.use = SIGNET_ID_SIGNING;

  return choice;
}

static gboolean
is_removing (SignetExportWindow *self)
{
  SignetExportChoice choice = read_choice (self);

  return gtk_switch_get_active (self->remove) && signet_export_choice_is_all (&choice) &&
         !choices[get_choice (self)].certificates;
}

static void
show_removal (SignetExportWindow *self, SignetKeyset *keyset)
{
  SignetExportChoice choice = read_choice (self);
  gboolean possible = signet_export_choice_is_all (&choice);
  g_autofree char *numbers = signet_removal_numbers (keyset);
  /* Translators: such as "2 digital IDs and 3 older keys". */
  g_autofree char *text = g_strdup_printf (_("This takes %s out of Signet, once the file has been read back and "
                                             "opened. The file is then all that you have."), numbers);

  gtk_widget_set_sensitive (GTK_WIDGET (self->remove_row), possible);
  hdy_action_row_set_subtitle (self->remove_row,
                               possible ? text : _("Not possible: the file does not hold all of the keyset."));
  signet_describe_row (self->remove_row);
}

static void
update (SignetExportWindow *self)
{
  SignetKeyset *keyset = signet_keyset_window_get_keyset (SIGNET_KEYSET_WINDOW (self));
  gboolean certificates;

  if (!keyset)
    return;                      /* while the template is built */

  certificates = choices[get_choice (self)].certificates;
  gtk_widget_set_sensitive (self->history_group,
                            !certificates && choices[get_choice (self)].target != SIGNET_EXPORT_GNUPG);
  signet_page_set_primary_label (self->target_page, certificates ? _("_Export…") : _("C_ontinue"));
  show_removal (self, keyset);
  signet_page_set_primary_label (self->password_page, is_removing (self) ? _("_Export and Remove…") : _("_Export…"));
  signet_page_set_destructive (self->password_page, is_removing (self));
  signet_page_set_missing (self->password_page, signet_new_password_get_missing (self->password));
}

static void
signet_export_window_show_keyset (SignetKeysetWindow *window, SignetKeyset *keyset)
{
  SignetExportWindow *self = SIGNET_EXPORT_WINDOW (window);
  guint n_older = signet_keyset_count_history (keyset);
  g_autofree char *name = signet_short_name (signet_keyset_get_name (keyset));
  /* Translators: the name of a keyset. */
  g_autofree char *title = g_strdup_printf (_("Export “%s” for which program?"), name);
  g_autofree char *older = g_strdup_printf (ngettext ("%u, which opens old mail", "%u, which open old mail", n_older),
                                            n_older);

  signet_page_set_title (self->target_page, title);
  gtk_widget_set_visible (self->history_group, n_older > 0);
  hdy_action_row_set_subtitle (self->history_row, older);
  signet_describe_row (self->history_row);
  update (self);
}

/* --- writing --- */

typedef struct {
  SignetKeyset *keyset;
  SignetExportChoice choice;
  gboolean certificates, replace, remove;
  SignetPrompter *prompter;
  SignetSecret *password;      /* of the file; NULL for certificates */
  char *path;
} Order;

static void
order_free (gpointer data)
{
  Order *order = data;

  g_object_unref (order->keyset);
  g_object_unref (order->prompter);
  g_clear_pointer (&order->password, signet_secret_unref);
  g_free (order->path);
  g_free (order);
}

static SignetSecret *
export_keys (SignetStore *store, Order *order, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) keys = signet_keyset_use (store, order->keyset, "Signet", SIGNET_PURPOSE_EXPORT,
                                                  order->prompter, cancellable, error);

  return keys ? signet_keyset_export (order->keyset, keys, &order->choice, order->password, cancellable, error) : NULL;
}

static gpointer
export_job (gpointer source, gpointer data, GCancellable *cancellable, GError **error)
{
  Order *order = data;
  g_autoptr (SignetSecret) contents = order->certificates ? signet_keyset_export_certificates (order->keyset)
                                                          : export_keys (source, order, cancellable, error);
  gboolean done = contents && signet_job_commit (cancellable, error) &&
                  signet_private_file_write (order->path, contents, order->replace, error) &&
                  (!order->remove || signet_keysets_remove_exported (source, order->keyset, order->path,
                                                                     order->password, NULL, error));

  return GINT_TO_POINTER (done);
}

static void
on_exported (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  SignetExportWindow *self = data;
  SignetKeyset *keyset = signet_keyset_window_get_keyset (data);
  g_autofree char *name = keyset ? signet_short_name (signet_keyset_get_name (keyset)) : NULL;
  g_autofree char *done = NULL;

  signet_job_finish (source, result, export_job, &error);
  if (name)
    done = g_strdup_printf (is_removing (self) ? _("“%s” was exported, and removed here") : _("“%s” was exported"),
                            name);
  signet_keyset_window_end (data, NULL, done, error);
}

static void
write_file (GtkWindow *parent, const char *path, gboolean replace)
{
  SignetExportWindow *self = SIGNET_EXPORT_WINDOW (parent);
  SignetKeysetWindow *window = SIGNET_KEYSET_WINDOW (self);
  GtkApplication *application = gtk_window_get_application (parent);
  Order *order;

  if (!signet_keyset_window_begin (window, _("Exporting…")))
    return;

  order = g_new0 (Order, 1);
  order->keyset = g_object_ref (signet_keyset_window_get_keyset (window));
  order->choice = read_choice (self);
  order->certificates = choices[get_choice (self)].certificates;
  order->remove = is_removing (self);
  order->prompter = g_object_ref (signet_application_get_prompter (SIGNET_APPLICATION (application)));
  order->password = order->certificates ? NULL : signet_new_password_dup_secret (self->password);
  order->path = g_strdup (path);
  order->replace = replace;
  signet_job_run (signet_keyset_window_get_store (window), export_job, export_job, order, order_free, NULL,
                  signet_page_window_get_cancellable (SIGNET_PAGE_WINDOW (self)), on_exported, g_object_ref (self));
}

/* --- where to --- */

/* As the keyset is called, as far as a file can be. */
static char *
dup_file_name (SignetExportWindow *self)
{
  SignetKeyset *keyset = signet_keyset_window_get_keyset (SIGNET_KEYSET_WINDOW (self));
  g_autofree char *name = signet_short_name (signet_keyset_get_name (keyset));

  g_strdelimit (name, "/\\", '-');
  return g_strconcat (name, choices[get_choice (self)].certificates ? ".pem" : ".p12", NULL);
}

static void
choose_file (SignetExportWindow *self)
{
  g_autofree char *name = dup_file_name (self);

  signet_choose_file_to_save (SIGNET_PAGE_WINDOW (self), _("Save the File"), name, write_file);
}

static void
on_target_chosen (SignetExportWindow *self)
{
  if (choices[get_choice (self)].certificates)
    choose_file (self);
  else
    signet_page_window_forward (SIGNET_PAGE_WINDOW (self), self->password_page);
}

/* --- life cycle --- */

static void
signet_export_window_class_init (SignetExportWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  SIGNET_KEYSET_WINDOW_CLASS (klass)->show_keyset = signet_export_window_show_keyset;

  g_type_ensure (SIGNET_TYPE_NEW_PASSWORD);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/export-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetExportWindow, target_page);
  gtk_widget_class_bind_template_child (widget_class, SignetExportWindow, targets);
  gtk_widget_class_bind_template_child (widget_class, SignetExportWindow, history_group);
  gtk_widget_class_bind_template_child (widget_class, SignetExportWindow, history_row);
  gtk_widget_class_bind_template_child (widget_class, SignetExportWindow, history);
  gtk_widget_class_bind_template_child (widget_class, SignetExportWindow, password_page);
  gtk_widget_class_bind_template_child (widget_class, SignetExportWindow, password);
  gtk_widget_class_bind_template_child (widget_class, SignetExportWindow, remove_row);
  gtk_widget_class_bind_template_child (widget_class, SignetExportWindow, remove);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, on_target_chosen);
  gtk_widget_class_bind_template_callback (widget_class, choose_file);
}

static void
add_choice (SignetExportWindow *self, guint i)
{
  GtkWidget *button = gtk_radio_button_new_from_widget (GTK_RADIO_BUTTON (self->buttons[0]));
  HdyActionRow *row = HDY_ACTION_ROW (hdy_action_row_new ());

  self->buttons[i] = GTK_TOGGLE_BUTTON (button);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  signet_describe_widget (button, _(choices[i].title), _(choices[i].subtitle));
  hdy_preferences_row_set_title (HDY_PREFERENCES_ROW (row), _(choices[i].title));
  hdy_action_row_set_subtitle (row, _(choices[i].subtitle));
  hdy_action_row_set_title_lines (row, 3);
  hdy_action_row_set_subtitle_lines (row, 4);
  hdy_action_row_add_prefix (row, button);
  hdy_action_row_set_activatable_widget (row, button);
  signet_describe_row (row);
  gtk_widget_show_all (GTK_WIDGET (row));
  gtk_container_add (GTK_CONTAINER (self->targets), GTK_WIDGET (row));
  g_signal_connect_object (button, "toggled", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
}

static void
signet_export_window_init (SignetExportWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    add_choice (self, i);
  signet_page_set_focus_to (self->target_page, GTK_WIDGET (self->buttons[0]));
  signet_page_set_focus_to (self->password_page, GTK_WIDGET (self->password));
}
