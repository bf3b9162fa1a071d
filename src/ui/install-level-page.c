/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/install-level-page.h"

#include "base/i18n.h"
#include "ui/field.h"
#include "ui/find-keyset.h"
#include "ui/level-chooser.h"
#include "ui/level-text.h"

struct _SignetInstallLevelPage {
  SignetPage parent_instance;

  SignetLevelChooser *chooser;
  GtkRevealer *name_revealer;
  SignetField *name_field;
  GtkEntry *name;

  GListModel *keysets;
  char *act;
};

G_DEFINE_TYPE (SignetInstallLevelPage, signet_install_level_page, SIGNET_TYPE_PAGE)

SignetLevel
signet_install_level_page_get_level (SignetInstallLevelPage *self)
{
  return signet_level_chooser_get_level (self->chooser);
}

/* A keyset has one level: an ID for another one needs another keyset. */
static char *
find_name_problem (SignetKeyset *keyset, SignetLevel level)
{
  if (!keyset || signet_keyset_get_level (keyset) == level)
    return NULL;

  /* Translators: the first is a keyset's name, the second its security level, such as "High". */
  return g_strdup_printf (_("The keyset “%s” exists already, at the level %s. Choose that level or another name."),
                          signet_keyset_get_name (keyset), signet_level_get_title (signet_keyset_get_level (keyset)));
}

static void
update (SignetInstallLevelPage *self)
{
  SignetLevel level = signet_install_level_page_get_level (self);
  gboolean asks_name = level != SIGNET_LEVEL_HIGH;
  g_autofree char *name = signet_keyset_normalize_name (gtk_entry_get_text (self->name), NULL);
  g_autoptr (SignetKeyset) keyset = name ? signet_find_keyset (self->keysets, name) : NULL;
  g_autofree char *problem = asks_name ? find_name_problem (keyset, level) : NULL;

  gtk_revealer_set_reveal_child (self->name_revealer, asks_name);
  signet_page_set_primary_label (SIGNET_PAGE (self), asks_name ? self->act : _("C_ontinue"));
  signet_page_set_can_continue (SIGNET_PAGE (self), !asks_name || (name && !problem));
  if (!name)
    signet_field_set_hint (self->name_field, _("Give the keyset a name."));
  else
    signet_field_set_hint (self->name_field, keyset ? _("This keyset exists already: the new ID is added to it.")
                                                    : _("Your digital IDs are kept together under this name."));
  signet_field_set_error (self->name_field, problem);
}

void
signet_install_level_page_set_act (SignetInstallLevelPage *self, const char *label)
{
  g_free (self->act);
  self->act = g_strdup (label);
  update (self);
}

void
signet_install_level_page_set_keysets (SignetInstallLevelPage *self, GListModel *keysets)
{
  g_set_object (&self->keysets, keysets);
  g_signal_connect_object (keysets, "items-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
}

void
signet_install_level_page_offer (SignetInstallLevelPage *self, const char *name)
{
  g_autoptr (SignetKeyset) keyset = signet_find_keyset (self->keysets, name);
  SignetLevel level = keyset ? signet_keyset_get_level (keyset) : SIGNET_LEVEL_HIGH;

  gtk_entry_set_text (self->name, name);
  signet_level_chooser_set_level (self->chooser, level);
  update (self);
}

char *
signet_install_level_page_read_name (SignetInstallLevelPage *self, gboolean *add)
{
  g_autofree char *name = signet_keyset_normalize_name (gtk_entry_get_text (self->name), NULL);
  g_autoptr (SignetKeyset) keyset = name ? signet_find_keyset (self->keysets, name) : NULL;

  *add = keyset != NULL;

  return g_steal_pointer (&name);
}

void
signet_install_level_page_refuse_name (SignetInstallLevelPage *self, const char *text)
{
  signet_field_refuse (self->name_field, text);
}

static void
signet_install_level_page_grab_focus (GtkWidget *widget)
{
  gtk_widget_grab_focus (GTK_WIDGET (SIGNET_INSTALL_LEVEL_PAGE (widget)->chooser));
}

static void
signet_install_level_page_dispose (GObject *object)
{
  g_clear_object (&SIGNET_INSTALL_LEVEL_PAGE (object)->keysets);

  G_OBJECT_CLASS (signet_install_level_page_parent_class)->dispose (object);
}

static void
signet_install_level_page_finalize (GObject *object)
{
  g_free (SIGNET_INSTALL_LEVEL_PAGE (object)->act);

  G_OBJECT_CLASS (signet_install_level_page_parent_class)->finalize (object);
}

static void
signet_install_level_page_class_init (SignetInstallLevelPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = signet_install_level_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = signet_install_level_page_finalize;
  widget_class->grab_focus = signet_install_level_page_grab_focus;

  g_type_ensure (SIGNET_TYPE_FIELD);
  g_type_ensure (SIGNET_TYPE_LEVEL_CHOOSER);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/install-level-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetInstallLevelPage, chooser);
  gtk_widget_class_bind_template_child (widget_class, SignetInstallLevelPage, name_revealer);
  gtk_widget_class_bind_template_child (widget_class, SignetInstallLevelPage, name_field);
  gtk_widget_class_bind_template_child (widget_class, SignetInstallLevelPage, name);
  gtk_widget_class_bind_template_callback (widget_class, update);
}

static void
signet_install_level_page_init (SignetInstallLevelPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
