/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/install-offer-page.h"

#include "base/clock.h"
#include "base/hex.h"
#include "base/i18n.h"
#include "ui/describe-row.h"
#include "ui/time-text.h"

struct _SignetInstallOfferPage {
  SignetPage parent_instance;

  HdyActionRow *from_row;
  HdyActionRow *address_row;
  HdyActionRow *brings_row;
  HdyActionRow *until_row;
  HdyActionRow *warning_row;
  HdyActionRow *server_row;
  HdyActionRow *signing_row;
  HdyActionRow *encryption_row;
};

G_DEFINE_TYPE (SignetInstallOfferPage, signet_install_offer_page, SIGNET_TYPE_PAGE)

/* Without a subtitle there is no row. */
static void
set_subtitle (HdyActionRow *row, const char *subtitle)
{
  gtk_widget_set_visible (GTK_WIDGET (row), subtitle != NULL);
  hdy_action_row_set_subtitle (row, subtitle ? subtitle : "");
  signet_describe_row (row);
}

static void
set_fingerprint (HdyActionRow *row, SignetCertificate *certificate)
{
  g_autoptr (GBytes) fingerprint = certificate ? signet_certificate_get_fingerprint (certificate) : NULL;
  g_autofree char *text = fingerprint ? signet_hex_format_groups (fingerprint) : NULL;

  set_subtitle (row, text);
}

static char *
describe_keys (const SignetOffered *offered)
{
  g_autofree char *older = NULL;

  if (offered->n_older == 0 && offered->signing && offered->encryption)
    return g_strdup (_("A signing ID and an encryption ID"));
  if (offered->n_older == 0)
    return g_strdup (offered->signing ? _("A signing ID") : _("An encryption ID"));

  older = g_strdup_printf (ngettext ("%u older key for old mail", "%u older keys for old mail", offered->n_older),
                           offered->n_older);
  if (offered->signing && offered->encryption)
    /* Translators: %s is "2 older keys for old mail"; also in the next ones. */
    return g_strdup_printf (_("A signing ID, an encryption ID, and %s"), older);
  if (offered->signing)
    return g_strdup_printf (_("A signing ID and %s"), older);

  return g_strdup_printf (_("An encryption ID and %s"), older);
}

/* Both IDs are good until the first of them is not. */
static gint64
get_end (const SignetOffered *offered)
{
  gint64 end = G_MAXINT64;

  if (offered->signing)
    end = signet_certificate_get_not_after (offered->signing);
  if (offered->encryption)
    end = MIN (end, signet_certificate_get_not_after (offered->encryption));

  return end;
}

static void
show_until (SignetInstallOfferPage *self, const SignetOffered *offered)
{
  gint64 end = get_end (offered);
  g_autofree char *date = signet_time_text_date (end);
  g_autofree char *exact = signet_time_text_exact (end);

  hdy_preferences_row_set_title (HDY_PREFERENCES_ROW (self->until_row),
                                 end <= signet_clock_now () ? _("Expired, opens old mail") : _("Valid until"));
  set_subtitle (self->until_row, date);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->until_row), exact);
}

void
signet_install_offer_page_show (SignetInstallOfferPage *self, const SignetOffered *offered)
{
  g_autofree char *brings = describe_keys (offered);

  hdy_preferences_row_set_title (HDY_PREFERENCES_ROW (self->from_row), offered->from);
  hdy_action_row_set_icon_name (self->from_row, offered->verified ? "channel-secure-symbolic"
                                                                  : "application-certificate-symbolic");
  set_subtitle (self->from_row, offered->note);
  set_subtitle (self->address_row, offered->address);
  set_subtitle (self->brings_row, brings);
  show_until (self, offered);
  set_subtitle (self->warning_row, offered->warning);
  set_subtitle (self->server_row, offered->server);
  set_fingerprint (self->signing_row, offered->signing);
  set_fingerprint (self->encryption_row, offered->encryption);
}

static void
signet_install_offer_page_class_init (SignetInstallOfferPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/install-offer-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetInstallOfferPage, from_row);
  gtk_widget_class_bind_template_child (widget_class, SignetInstallOfferPage, address_row);
  gtk_widget_class_bind_template_child (widget_class, SignetInstallOfferPage, brings_row);
  gtk_widget_class_bind_template_child (widget_class, SignetInstallOfferPage, until_row);
  gtk_widget_class_bind_template_child (widget_class, SignetInstallOfferPage, warning_row);
  gtk_widget_class_bind_template_child (widget_class, SignetInstallOfferPage, server_row);
  gtk_widget_class_bind_template_child (widget_class, SignetInstallOfferPage, signing_row);
  gtk_widget_class_bind_template_child (widget_class, SignetInstallOfferPage, encryption_row);
}

static void
signet_install_offer_page_init (SignetInstallOfferPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
