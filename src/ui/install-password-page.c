/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/install-password-page.h"

#include "base/i18n.h"
#include "ui/field.h"
#include "ui/find-keyset.h"
#include "ui/keyset-password.h"
#include "ui/new-password.h"

/* The fields of a choice stand under it, clear of its round button; without a choice they stand alone. */
#define INDENT 24
#define GAP 12

struct _SignetInstallPasswordPage {
  SignetPage parent_instance;

  GtkToggleButton *create;
  GtkRevealer *create_revealer;
  GtkWidget *create_fields;
  SignetField *name_field;
  GtkEntry *name;
  SignetNewPassword *new_password;
  GtkToggleButton *use;
  GtkRevealer *use_revealer;
  GtkComboBoxText *keyset;
  SignetKeysetPassword *password;

  GListModel *keysets;
};

G_DEFINE_TYPE (SignetInstallPasswordPage, signet_install_password_page, SIGNET_TYPE_PAGE)

static gboolean
is_creating (SignetInstallPasswordPage *self)
{
  return gtk_toggle_button_get_active (self->create);
}

/* What can be wrong with the name of a new keyset: (transfer full), or NULL. */
static char *
find_name_problem (SignetInstallPasswordPage *self, const char *name)
{
  g_autoptr (SignetKeyset) keyset = name ? signet_find_keyset (self->keysets, name) : NULL;

  if (!name)
    return g_strdup (_("Give the keyset a name."));
  if (!keyset)
    return NULL;
  if (signet_keyset_get_level (keyset) == SIGNET_LEVEL_HIGH)
    return g_strdup (_("This keyset exists already. Use its password, or choose another name."));

  return g_strdup (_("This keyset exists already, without a password. Choose another name."));
}

static void
update (SignetInstallPasswordPage *self)
{
  g_autofree char *name = signet_keyset_normalize_name (gtk_entry_get_text (self->name), NULL);
  g_autofree char *problem = find_name_problem (self, name);

  signet_field_set_error (self->name_field, problem);
  if (!is_creating (self))
    signet_page_set_missing (SIGNET_PAGE (self), signet_keyset_password_get_missing (self->password));
  else if (problem)
    signet_page_set_missing (SIGNET_PAGE (self), _("Enter another keyset name."));
  else
    signet_page_set_missing (SIGNET_PAGE (self), signet_new_password_get_missing (self->new_password));
}

static void
on_way_changed (SignetInstallPasswordPage *self)
{
  gboolean creating = is_creating (self);

  gtk_revealer_set_reveal_child (self->create_revealer, creating);
  gtk_revealer_set_reveal_child (self->use_revealer, !creating);
  update (self);
}

/* A password is for one keyset: what was typed for another is not kept. */
static void
on_keyset_changed (SignetInstallPasswordPage *self)
{
  g_autofree char *name = gtk_combo_box_text_get_active_text (self->keyset);
  g_autoptr (SignetKeyset) keyset = name ? signet_find_keyset (self->keysets, name) : NULL;

  if (name)
    signet_keyset_password_set_keyset (self->password, name, keyset);
  update (self);
}

static void
select_keyset (SignetInstallPasswordPage *self, const char *id)
{
  if (!id || !gtk_combo_box_set_active_id (GTK_COMBO_BOX (self->keyset), id))
    gtk_combo_box_set_active (GTK_COMBO_BOX (self->keyset), 0);
}

/* Without a keyset at High there is nothing to choose. */
static void
show_choice (SignetInstallPasswordPage *self, gboolean choice)
{
  gtk_widget_set_visible (GTK_WIDGET (self->create), choice);
  gtk_widget_set_visible (GTK_WIDGET (self->use), choice);
  gtk_widget_set_visible (GTK_WIDGET (self->use_revealer), choice);
  gtk_widget_set_margin_start (self->create_fields, choice ? INDENT : 0);
  gtk_widget_set_margin_top (self->create_fields, choice ? GAP : 0);
  if (!choice)
    gtk_toggle_button_set_active (self->create, TRUE);
}

static void
on_keysets_changed (SignetInstallPasswordPage *self)
{
  g_autofree char *active = g_strdup (gtk_combo_box_get_active_id (GTK_COMBO_BOX (self->keyset)));
  guint n_high = 0;

  g_signal_handlers_block_by_func (self->keyset, on_keyset_changed, self);
  gtk_combo_box_text_remove_all (self->keyset);
  for (guint i = 0; i < g_list_model_get_n_items (self->keysets); i++) {
    g_autoptr (SignetKeyset) keyset = g_list_model_get_item (self->keysets, i);

    if (signet_keyset_get_level (keyset) != SIGNET_LEVEL_HIGH)
      continue;
    gtk_combo_box_text_append (self->keyset, signet_keyset_get_id (keyset), signet_keyset_get_name (keyset));
    n_high++;
  }
  select_keyset (self, active);
  g_signal_handlers_unblock_by_func (self->keyset, on_keyset_changed, self);
  if (g_strcmp0 (active, gtk_combo_box_get_active_id (GTK_COMBO_BOX (self->keyset))) != 0)
    on_keyset_changed (self);

  show_choice (self, n_high > 0);
  update (self);
}

void
signet_install_password_page_set_keysets (SignetInstallPasswordPage *self, GListModel *keysets)
{
  g_set_object (&self->keysets, keysets);
  g_signal_connect_object (keysets, "items-changed", G_CALLBACK (on_keysets_changed), self, G_CONNECT_SWAPPED);
  on_keysets_changed (self);
}

static void
clear (SignetInstallPasswordPage *self)
{
  signet_new_password_clear (self->new_password);
  signet_keyset_password_clear (self->password);
}

void
signet_install_password_page_accept (SignetInstallPasswordPage *self)
{
  if (!is_creating (self))
    signet_keyset_password_accept (self->password);
  clear (self);
}

void
signet_install_password_page_offer (SignetInstallPasswordPage *self, const char *name)
{
  g_autoptr (SignetKeyset) keyset = signet_find_keyset (self->keysets, name);
  gboolean exists = keyset && signet_keyset_get_level (keyset) == SIGNET_LEVEL_HIGH;

  clear (self);
  gtk_entry_set_text (self->name, name);
  if (exists)
    select_keyset (self, signet_keyset_get_id (keyset));
  gtk_toggle_button_set_active (exists ? self->use : self->create, TRUE);
  on_way_changed (self);
}

void
signet_install_password_page_read (SignetInstallPasswordPage *self, char **keyset_name, gboolean *add,
                                 SignetSecret **password)
{
  *add = !is_creating (self);
  if (*add) {
    *keyset_name = gtk_combo_box_text_get_active_text (self->keyset);
    *password = signet_keyset_password_dup_secret (self->password);
  } else {
    *keyset_name = signet_keyset_normalize_name (gtk_entry_get_text (self->name), NULL);
    *password = signet_new_password_dup_secret (self->new_password);
  }
}

void
signet_install_password_page_refuse_name (SignetInstallPasswordPage *self, const char *text)
{
  signet_field_refuse (self->name_field, text);
}

void
signet_install_password_page_refuse_password (SignetInstallPasswordPage *self)
{
  signet_keyset_password_refuse (self->password);
}

static void
signet_install_password_page_grab_focus (GtkWidget *widget)
{
  SignetInstallPasswordPage *self = SIGNET_INSTALL_PASSWORD_PAGE (widget);

  if (is_creating (self))
    gtk_widget_grab_focus (GTK_WIDGET (self->new_password));
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->password));
}

static void
signet_install_password_page_dispose (GObject *object)
{
  g_clear_object (&SIGNET_INSTALL_PASSWORD_PAGE (object)->keysets);

  G_OBJECT_CLASS (signet_install_password_page_parent_class)->dispose (object);
}

static void
signet_install_password_page_class_init (SignetInstallPasswordPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = signet_install_password_page_dispose;
  widget_class->grab_focus = signet_install_password_page_grab_focus;

  g_type_ensure (SIGNET_TYPE_FIELD);
  g_type_ensure (SIGNET_TYPE_NEW_PASSWORD);
  g_type_ensure (SIGNET_TYPE_KEYSET_PASSWORD);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/install-password-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetInstallPasswordPage, create);
  gtk_widget_class_bind_template_child (widget_class, SignetInstallPasswordPage, create_revealer);
  gtk_widget_class_bind_template_child (widget_class, SignetInstallPasswordPage, create_fields);
  gtk_widget_class_bind_template_child (widget_class, SignetInstallPasswordPage, name_field);
  gtk_widget_class_bind_template_child (widget_class, SignetInstallPasswordPage, name);
  gtk_widget_class_bind_template_child (widget_class, SignetInstallPasswordPage, new_password);
  gtk_widget_class_bind_template_child (widget_class, SignetInstallPasswordPage, use);
  gtk_widget_class_bind_template_child (widget_class, SignetInstallPasswordPage, use_revealer);
  gtk_widget_class_bind_template_child (widget_class, SignetInstallPasswordPage, keyset);
  gtk_widget_class_bind_template_child (widget_class, SignetInstallPasswordPage, password);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, on_way_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_keyset_changed);
}

/* A long name must not widen the window. */
static void
ellipsize_combo (GtkComboBoxText *combo)
{
  g_autoptr (GList) cells = gtk_cell_layout_get_cells (GTK_CELL_LAYOUT (combo));

  g_object_set (cells->data, "ellipsize", PANGO_ELLIPSIZE_END, NULL);
}

static void
signet_install_password_page_init (SignetInstallPasswordPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  ellipsize_combo (self->keyset);
}
