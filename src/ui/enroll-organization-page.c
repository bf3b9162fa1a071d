/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/enroll-organization-page.h"

#include "base/error.h"
#include "base/hex.h"
#include "base/i18n.h"
#include "ui/describe-row.h"
#include "ui/field.h"
#include "ui/find-keyset.h"
#include "ui/temporary-key-entry.h"
#include "ui/time-text.h"

struct _SignetEnrollOrganizationPage {
  SignetPage parent_instance;

  GtkSpinner *spinner;
  GtkWidget *form;
  HdyActionRow *name_row;
  HdyActionRow *address_row;
  HdyActionRow *server_row;
  HdyActionRow *fingerprint_row;
  HdyActionRow *until_row;
  SignetField *key_field;
  SignetTemporaryKeyEntry *key;
  SignetField *keyset_field;
  GtkEntry *keyset;
  GtkLabel *notice;

  SignetInvitation *invitation;
  SignetAuthorityInfo *info;
  GListModel *keysets;
  char *suggested;             /* what the page itself has put into the entry */
};

G_DEFINE_TYPE (SignetEnrollOrganizationPage, signet_enroll_organization_page, SIGNET_TYPE_PAGE)

static const char *
get_name_hint (SignetKeyset *keyset)
{
  if (!keyset)
    return _("Your digital IDs are kept together under this name.");
  if (signet_keyset_get_level (keyset) == SIGNET_LEVEL_HIGH)
    return _("This keyset exists already: its password is asked next. Change the name if you have forgotten that "
             "password.");

  return _("This keyset exists already: the new ID is added to it.");
}

static void
update (SignetEnrollOrganizationPage *self)
{
  g_autofree char *name = signet_keyset_normalize_name (gtk_entry_get_text (self->keyset), NULL);
  g_autoptr (SignetKeyset) keyset = name ? signet_find_keyset (self->keysets, name) : NULL;
  gboolean asks_password = keyset && signet_keyset_get_level (keyset) == SIGNET_LEVEL_HIGH;

  if (!self->info)
    return;

  signet_field_set_hint (self->keyset_field, name ? get_name_hint (keyset) : _("Give the keyset a name."));
  signet_page_set_primary_label (SIGNET_PAGE (self), asks_password ? _("C_ontinue") : _("_Send Request"));
  signet_page_set_can_continue (SIGNET_PAGE (self),
                                name && gtk_entry_get_text_length (GTK_ENTRY (self->key)) > 0);
}

void
signet_enroll_organization_page_set_keysets (SignetEnrollOrganizationPage *self, GListModel *keysets)
{
  g_set_object (&self->keysets, keysets);
  g_signal_connect_object (keysets, "items-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
}

/* Waiting and form are never there together. */
static void
show_form (SignetEnrollOrganizationPage *self, gboolean form, gboolean waiting)
{
  signet_page_set_centered (SIGNET_PAGE (self), !form);
  gtk_widget_set_visible (self->form, form);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), waiting);
  g_object_set (self->spinner, "active", waiting, NULL);
}

void
signet_enroll_organization_page_wait (SignetEnrollOrganizationPage *self, SignetInvitation *invitation)
{
  g_autofree char *description = g_strdup_printf (_("Looking for %s…\nNothing about you is sent yet."),
                                                  signet_invitation_get_authority (invitation));
  SignetInvitation *former = self->invitation;

  self->invitation = signet_invitation_ref (invitation);
  g_clear_pointer (&former, signet_invitation_unref);
  g_clear_pointer (&self->info, signet_authority_info_unref);
  show_form (self, FALSE, TRUE);
  signet_page_set_icon_name (SIGNET_PAGE (self), NULL);
  signet_page_set_title (SIGNET_PAGE (self), _("Your organization"));
  signet_page_set_description (SIGNET_PAGE (self), description);
  signet_page_set_primary_label (SIGNET_PAGE (self), NULL);
}

static const char *
get_failure_title (const GError *error)
{
  if (g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_UNTRUSTED))
    return _("This is not the server of your invitation");
  if (g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_UNREACHABLE))
    return _("The server does not answer");
  if (g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_UNSUPPORTED))
    return _("This server needs a newer Signet");

  return _("This server gives no digital IDs");
}

void
signet_enroll_organization_page_fail (SignetEnrollOrganizationPage *self, const GError *error)
{
  gboolean untrusted = g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_UNTRUSTED);

  show_form (self, FALSE, FALSE);
  signet_page_set_icon_name (SIGNET_PAGE (self), untrusted ? "dialog-warning-symbolic" : "network-error-symbolic");
  signet_page_set_title (SIGNET_PAGE (self), get_failure_title (error));
  signet_page_set_description (SIGNET_PAGE (self), error->message);
  signet_page_set_primary_label (SIGNET_PAGE (self), _("_Try Again"));
  signet_page_set_can_continue (SIGNET_PAGE (self), TRUE);
}

static void
set_subtitle (HdyActionRow *row, const char *subtitle)
{
  hdy_action_row_set_subtitle (row, subtitle);
  signet_describe_row (row);
}

static void
show_details (SignetEnrollOrganizationPage *self)
{
  SignetCertificate *root = signet_authority_info_get_root (self->info);
  g_autofree char *fingerprint = signet_hex_format_groups (signet_invitation_get_pin (self->invitation));
  g_autofree char *until = signet_time_text_date (signet_certificate_get_not_after (root));
  g_autofree char *until_exact = signet_time_text_exact (signet_certificate_get_not_after (root));

  set_subtitle (self->server_row, signet_invitation_get_authority (self->invitation));
  set_subtitle (self->fingerprint_row, fingerprint);
  set_subtitle (self->until_row, until);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->until_row), until_exact);
}

static void
show_notice (SignetEnrollOrganizationPage *self)
{
  const char *notice = signet_authority_info_get_notice (self->info);
  g_autofree char *usual = NULL;

  if (!notice)
    notice = usual = g_strdup_printf (_("%s keeps a copy of your encryption key, so that your mail can be opened again "
                                        "if you lose it. It never has your signing key."),
                                      signet_authority_info_get_name (self->info));
  gtk_label_set_label (self->notice, notice);
}

void
signet_enroll_organization_page_show (SignetEnrollOrganizationPage *self, SignetAuthorityInfo *info)
{
  self->info = signet_authority_info_ref (info);
  signet_page_set_title (SIGNET_PAGE (self), _("Your organization"));
  signet_page_set_icon_name (SIGNET_PAGE (self), NULL);
  signet_page_set_description (SIGNET_PAGE (self), NULL);
  hdy_preferences_row_set_title (HDY_PREFERENCES_ROW (self->name_row), signet_authority_info_get_name (info));
  signet_describe_row (self->name_row);
  set_subtitle (self->address_row, signet_invitation_get_address (self->invitation));
  show_details (self);
  show_notice (self);
  signet_temporary_key_entry_set (self->key, signet_invitation_get_temporary_key (self->invitation));
  show_form (self, TRUE, FALSE);
  update (self);
}

SignetInvitation *
signet_enroll_organization_page_get_invitation (SignetEnrollOrganizationPage *self)
{
  return self->invitation;
}

SignetAuthorityInfo *
signet_enroll_organization_page_get_info (SignetEnrollOrganizationPage *self)
{
  return self->info;
}

void
signet_enroll_organization_page_suggest_name (SignetEnrollOrganizationPage *self, const char *name)
{
  const char *typed = gtk_entry_get_text (self->keyset);

  if (*typed && g_strcmp0 (typed, self->suggested) != 0)
    return;

  g_free (self->suggested);
  self->suggested = g_strdup (name);
  gtk_entry_set_text (self->keyset, name);
  if (gtk_widget_has_focus (GTK_WIDGET (self->keyset)))
    gtk_editable_select_region (GTK_EDITABLE (self->keyset), 0, -1);
}

void
signet_enroll_organization_page_rename (SignetEnrollOrganizationPage *self, const char *name)
{
  gtk_entry_set_text (self->keyset, name);
  gtk_widget_grab_focus (GTK_WIDGET (self->keyset));
}

void
signet_enroll_organization_page_refuse_key (SignetEnrollOrganizationPage *self, const char *text)
{
  signet_field_refuse (self->key_field, text);
}

char *
signet_enroll_organization_page_read_name (SignetEnrollOrganizationPage *self)
{
  g_autoptr (GError) error = NULL;
  char *name = signet_keyset_normalize_name (gtk_entry_get_text (self->keyset), &error);

  if (!name)
    signet_field_refuse (self->keyset_field, error->message);

  return name;
}

/* The invitation as it came, but with the temporary key of the entry: an administrator may tell a new one. */
SignetInvitation *
signet_enroll_organization_page_read_invitation (SignetEnrollOrganizationPage *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetSecret) key = signet_temporary_key_entry_parse (self->key, &error);
  SignetInvitation *invitation = NULL;

  if (key)
    invitation = signet_invitation_new (signet_invitation_get_authority (self->invitation),
                                        signet_invitation_get_name (self->invitation),
                                        signet_invitation_get_address (self->invitation),
                                        signet_invitation_get_pin (self->invitation), key, &error);
  if (!invitation)
    signet_field_refuse (self->key_field, error->message);

  return invitation;
}

static void
signet_enroll_organization_page_grab_focus (GtkWidget *widget)
{
  SignetEnrollOrganizationPage *self = SIGNET_ENROLL_ORGANIZATION_PAGE (widget);

  if (self->info)
    gtk_widget_grab_focus (GTK_WIDGET (self->keyset));
  else
    GTK_WIDGET_CLASS (signet_enroll_organization_page_parent_class)->grab_focus (widget);
}

static void
signet_enroll_organization_page_finalize (GObject *object)
{
  SignetEnrollOrganizationPage *self = SIGNET_ENROLL_ORGANIZATION_PAGE (object);

  g_clear_pointer (&self->invitation, signet_invitation_unref);
  g_clear_pointer (&self->info, signet_authority_info_unref);
  g_clear_object (&self->keysets);
  g_free (self->suggested);

  G_OBJECT_CLASS (signet_enroll_organization_page_parent_class)->finalize (object);
}

static void
signet_enroll_organization_page_class_init (SignetEnrollOrganizationPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = signet_enroll_organization_page_finalize;
  widget_class->grab_focus = signet_enroll_organization_page_grab_focus;

  g_type_ensure (SIGNET_TYPE_FIELD);
  g_type_ensure (SIGNET_TYPE_TEMPORARY_KEY_ENTRY);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/signetmail/Signet/enroll-organization-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollOrganizationPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollOrganizationPage, form);
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollOrganizationPage, name_row);
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollOrganizationPage, address_row);
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollOrganizationPage, server_row);
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollOrganizationPage, fingerprint_row);
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollOrganizationPage, until_row);
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollOrganizationPage, key_field);
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollOrganizationPage, key);
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollOrganizationPage, keyset_field);
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollOrganizationPage, keyset);
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollOrganizationPage, notice);
  gtk_widget_class_bind_template_callback (widget_class, update);
}

static void
signet_enroll_organization_page_init (SignetEnrollOrganizationPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
