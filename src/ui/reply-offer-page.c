/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/reply-offer-page.h"

#include "base/hex.h"
#include "base/i18n.h"
#include "ui/describe-row.h"
#include "ui/time-text.h"

struct _SignetReplyOfferPage {
  SignetPage parent_instance;

  HdyActionRow *from_row;
  HdyActionRow *address_row;
  HdyActionRow *brings_row;
  HdyActionRow *until_row;
  HdyActionRow *server_row;
  HdyActionRow *signing_row;
  HdyActionRow *encryption_row;
};

G_DEFINE_TYPE (SignetReplyOfferPage, signet_reply_offer_page, SIGNET_TYPE_PAGE)

static void
set_subtitle (HdyActionRow *row, const char *subtitle)
{
  hdy_action_row_set_subtitle (row, subtitle);
  signet_describe_row (row);
}

static void
set_fingerprint (HdyActionRow *row, SignetCertificate *certificate)
{
  g_autoptr (GBytes) fingerprint = signet_certificate_get_fingerprint (certificate);
  g_autofree char *text = signet_hex_format_groups (fingerprint);

  set_subtitle (row, text);
}

static char *
describe_keys (guint n_older)
{
  g_autofree char *older = NULL;

  if (n_older == 0)
    return g_strdup (_("A signing ID and an encryption ID"));

  older = g_strdup_printf (ngettext ("%u older key for old mail", "%u older keys for old mail", n_older), n_older);
  /* Translators: %s is "2 older keys for old mail". */
  return g_strdup_printf (_("A signing ID, an encryption ID, and %s"), older);
}

/* Both IDs are good until the first of them is not. */
static void
show_until (SignetReplyOfferPage *self, SignetCertificate *signing, SignetCertificate *encryption)
{
  gint64 until = MIN (signet_certificate_get_not_after (signing), signet_certificate_get_not_after (encryption));
  g_autofree char *date = signet_time_text_date (until);
  g_autofree char *exact = signet_time_text_exact (until);

  set_subtitle (self->until_row, date);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->until_row), exact);
}

void
signet_reply_offer_page_show (SignetReplyOfferPage *self, SignetReplyOffer *offer)
{
  const SignetReply *reply = signet_reply_offer_get_reply (offer);
  SignetCertificate *encryption = g_ptr_array_index (reply->encryption, 0);
  g_autofree char *brings = describe_keys (signet_reply_offer_count_history (offer));

  hdy_preferences_row_set_title (HDY_PREFERENCES_ROW (self->from_row), signet_reply_offer_get_authority (offer));
  signet_describe_row (self->from_row);
  set_subtitle (self->address_row, signet_reply_offer_get_address (offer));
  set_subtitle (self->brings_row, brings);
  show_until (self, reply->signing, encryption);
  set_subtitle (self->server_row, signet_pending_get_authority_url (signet_reply_offer_get_pending (offer)));
  set_fingerprint (self->signing_row, reply->signing);
  set_fingerprint (self->encryption_row, encryption);
}

static void
signet_reply_offer_page_class_init (SignetReplyOfferPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/reply-offer-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetReplyOfferPage, from_row);
  gtk_widget_class_bind_template_child (widget_class, SignetReplyOfferPage, address_row);
  gtk_widget_class_bind_template_child (widget_class, SignetReplyOfferPage, brings_row);
  gtk_widget_class_bind_template_child (widget_class, SignetReplyOfferPage, until_row);
  gtk_widget_class_bind_template_child (widget_class, SignetReplyOfferPage, server_row);
  gtk_widget_class_bind_template_child (widget_class, SignetReplyOfferPage, signing_row);
  gtk_widget_class_bind_template_child (widget_class, SignetReplyOfferPage, encryption_row);
}

static void
signet_reply_offer_page_init (SignetReplyOfferPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
