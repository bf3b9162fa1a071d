/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/enroll-invitation-page.h"

#include "base/i18n.h"
#include "ui/field.h"
#include "ui/opened-file.h"

#define GCR_API_SUBJECT_TO_CHANGE
#include <gcr/gcr.h>

struct _SignetEnrollInvitationPage {
  SignetPage parent_instance;

  GtkWidget *choose;
  SignetField *field;
  GtkEntry *entry;

  SignetInvitation *invitation;
};

G_DEFINE_TYPE (SignetEnrollInvitationPage, signet_enroll_invitation_page, SIGNET_TYPE_PAGE)

enum {
  CHOOSE_FILE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
on_choose (SignetEnrollInvitationPage *self)
{
  g_signal_emit (self, signals[CHOOSE_FILE], 0);
}

static void
show_what_was_found (SignetEnrollInvitationPage *self)
{
  g_autofree char *hint = NULL;

  if (self->invitation)
    /* Translators: the first is a mail address, the second the address of a server. */
    hint = g_strdup_printf (_("An invitation for %s from %s."), signet_invitation_get_address (self->invitation),
                            signet_invitation_get_authority (self->invitation));
  else if (gtk_entry_get_text_length (self->entry) > 0)
    hint = g_strdup (_("There is no complete invitation in this text. Copy all of the message, or all of the link."));

  signet_field_set_hint (self->field, hint);
}

static void
on_changed (SignetEnrollInvitationPage *self)
{
  g_autoptr (SignetSecret) text = signet_secret_new_text (gtk_entry_get_text (self->entry));

  g_clear_pointer (&self->invitation, signet_invitation_unref);
  if (signet_secret_length (text) > 0)
    self->invitation = signet_opened_text_read (text, NULL);

  show_what_was_found (self);
  signet_page_set_can_continue (SIGNET_PAGE (self), self->invitation != NULL);
}

SignetInvitation *
signet_enroll_invitation_page_get_invitation (SignetEnrollInvitationPage *self)
{
  return self->invitation;
}

static void
signet_enroll_invitation_page_grab_focus (GtkWidget *widget)
{
  gtk_widget_grab_focus (SIGNET_ENROLL_INVITATION_PAGE (widget)->choose);
}

static void
signet_enroll_invitation_page_finalize (GObject *object)
{
  g_clear_pointer (&SIGNET_ENROLL_INVITATION_PAGE (object)->invitation, signet_invitation_unref);

  G_OBJECT_CLASS (signet_enroll_invitation_page_parent_class)->finalize (object);
}

static void
signet_enroll_invitation_page_class_init (SignetEnrollInvitationPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = signet_enroll_invitation_page_finalize;
  widget_class->grab_focus = signet_enroll_invitation_page_grab_focus;
  signals[CHOOSE_FILE] = g_signal_new ("choose-file", SIGNET_TYPE_ENROLL_INVITATION_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (SIGNET_TYPE_FIELD);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/enroll-invitation-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollInvitationPage, choose);
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollInvitationPage, field);
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollInvitationPage, entry);
  gtk_widget_class_bind_template_callback (widget_class, on_choose);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
}

static void
signet_enroll_invitation_page_init (SignetEnrollInvitationPage *self)
{
  g_autoptr (GtkEntryBuffer) buffer = gcr_secure_entry_buffer_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_entry_set_buffer (self->entry, buffer);
  signet_page_set_can_continue (SIGNET_PAGE (self), FALSE);
}
