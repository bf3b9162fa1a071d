/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/enroll-typed-page.h"

#include "base/error.h"
#include "base/hex.h"
#include "base/i18n.h"
#include "base/mail-address.h"
#include "ui/field.h"
#include "ui/temporary-key-entry.h"

#define PIN_LENGTH 32

struct _SignetEnrollTypedPage {
  SignetPage parent_instance;

  SignetField *server_field;
  GtkEntry *server;
  SignetField *address_field;
  GtkEntry *address;
  SignetField *key_field;
  SignetTemporaryKeyEntry *key;
  SignetField *fingerprint_field;
  GtkEntry *fingerprint;
};

G_DEFINE_TYPE (SignetEnrollTypedPage, signet_enroll_typed_page, SIGNET_TYPE_PAGE)

static void
on_changed (SignetEnrollTypedPage *self)
{
  signet_page_set_can_continue (SIGNET_PAGE (self),
                                gtk_entry_get_text_length (self->server) > 0 &&
                                gtk_entry_get_text_length (self->address) > 0 &&
                                gtk_entry_get_text_length (GTK_ENTRY (self->key)) > 0 &&
                                gtk_entry_get_text_length (self->fingerprint) > 0);
}

/* As people write fingerprints: in groups, with colons, in either case. */
static GBytes *
read_pin (SignetEnrollTypedPage *self)
{
  g_autoptr (GString) digits = g_string_new (NULL);

  for (const char *c = gtk_entry_get_text (self->fingerprint); *c; c++) {
    if (!g_ascii_isspace (*c) && *c != ':' && *c != '-')
      g_string_append_c (digits, *c);
  }

  return signet_hex_decode (digits->str, PIN_LENGTH);
}

/* The fields' own checks come first, top to bottom; what is left to be wrong then is the server. */
SignetInvitation *
signet_enroll_typed_page_read (SignetEnrollTypedPage *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *address = signet_mail_address_normalize (gtk_entry_get_text (self->address), &error);
  g_autoptr (SignetSecret) key = NULL;
  g_autoptr (GBytes) pin = NULL;
  g_autofree char *server = g_strstrip (g_strdup (gtk_entry_get_text (self->server)));
  SignetInvitation *invitation;

  if (!address) {
    signet_field_refuse (self->address_field, error->message);
    return NULL;
  }

  key = signet_temporary_key_entry_parse (self->key, &error);
  if (!key) {
    signet_field_refuse (self->key_field, error->message);
    return NULL;
  }

  pin = read_pin (self);
  if (!pin) {
    signet_field_refuse (self->fingerprint_field,
                         _("A fingerprint has 64 digits 0 to 9 and letters A to F. Compare it with what you were "
                           "told."));
    return NULL;
  }

  invitation = signet_invitation_new (server, NULL, address, pin, key, &error);
  if (!invitation)
    signet_field_refuse (self->server_field, error->message);

  return invitation;
}

static void
signet_enroll_typed_page_grab_focus (GtkWidget *widget)
{
  gtk_widget_grab_focus (GTK_WIDGET (SIGNET_ENROLL_TYPED_PAGE (widget)->server));
}

static void
signet_enroll_typed_page_class_init (SignetEnrollTypedPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->grab_focus = signet_enroll_typed_page_grab_focus;

  g_type_ensure (SIGNET_TYPE_FIELD);
  g_type_ensure (SIGNET_TYPE_TEMPORARY_KEY_ENTRY);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/enroll-typed-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollTypedPage, server_field);
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollTypedPage, server);
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollTypedPage, address_field);
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollTypedPage, address);
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollTypedPage, key_field);
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollTypedPage, key);
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollTypedPage, fingerprint_field);
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollTypedPage, fingerprint);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
}

static void
signet_enroll_typed_page_init (SignetEnrollTypedPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  signet_page_set_can_continue (SIGNET_PAGE (self), FALSE);
}
