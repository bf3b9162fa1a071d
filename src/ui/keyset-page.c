/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/keyset-page.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "crypto/public-key.h"
#include "revocation/checker.h"
#include "ui/certificate-window.h"
#include "ui/describe-row.h"
#include "ui/forget-row.h"
#include "ui/keyset-revocation.h"
#include "ui/level-text.h"
#include "ui/remember-text.h"
#include "ui/reminder-text.h"
#include "ui/revocation-text.h"
#include "ui/short-name.h"
#include "ui/time-text.h"

#include <handy.h>

#define DIGITAL_ID "signet-digital-id"

struct _SignetKeysetPage {
  GtkBin parent_instance;

  GtkScrolledWindow *scroller;
  GtkLabel *addresses_label;
  GtkImage *validity_image;
  GtkLabel *validity_label;
  GtkWidget *reminder_box;
  GtkLabel *reminder_label;
  GtkButton *reminder_button;
  GtkImage *level_image;
  HdyActionRow *level_row;
  GtkLabel *level_label;
  HdyActionRow *password_row;
  GtkWidget *renewal_row;
  HdyActionRow *remember_row;
  GtkLabel *remember_label;
  SignetForgetRow *forget_row;
  HdyActionRow *signing_row;
  HdyActionRow *encryption_row;
  HdyExpanderRow *older_row;
  GList *older;                  /* the rows in it, which the row itself does not tell */
  SignetKeyset *keyset;
};

G_DEFINE_TYPE (SignetKeysetPage, signet_keyset_page, GTK_TYPE_BIN)

static void
show_certificate (HdyActionRow *row, SignetKeysetPage *self)
{
  SignetDigitalId *id = g_object_get_data (G_OBJECT (row), DIGITAL_ID);
  GtkWidget *toplevel = gtk_widget_get_toplevel (GTK_WIDGET (self));

  SignetCertificateWindow *window = signet_certificate_window_new (GTK_WINDOW (toplevel), id->certificate, id->chain);

  signet_certificate_window_trust (window, id->chain);
  gtk_window_present (GTK_WINDOW (window));
}

static void
signet_keyset_page_finalize (GObject *object)
{
  SignetKeysetPage *self = SIGNET_KEYSET_PAGE (object);

  g_list_free (self->older);
  g_clear_object (&self->keyset);

  G_OBJECT_CLASS (signet_keyset_page_parent_class)->finalize (object);
}

static void
signet_keyset_page_class_init (SignetKeysetPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = signet_keyset_page_finalize;

  g_type_ensure (SIGNET_TYPE_FORGET_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/keyset-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetPage, scroller);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetPage, addresses_label);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetPage, validity_image);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetPage, validity_label);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetPage, reminder_box);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetPage, reminder_label);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetPage, reminder_button);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetPage, level_image);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetPage, level_row);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetPage, level_label);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetPage, password_row);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetPage, remember_row);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetPage, renewal_row);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetPage, remember_label);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetPage, forget_row);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetPage, signing_row);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetPage, encryption_row);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetPage, older_row);
  gtk_widget_class_bind_template_callback (widget_class, show_certificate);
}

static void on_revocation_changed (SignetKeysetPage *self);

static void
signet_keyset_page_init (SignetKeysetPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (signet_revocation_checker_get_default (), "changed", G_CALLBACK (on_revocation_changed),
                           self, G_CONNECT_SWAPPED);
}

SignetKeysetPage *
signet_keyset_page_new (void)
{
  return g_object_new (SIGNET_TYPE_KEYSET_PAGE, NULL);
}

/* What can be done with the keyset until then, as a sentence. */
static char *
dup_validity (SignetKeyset *keyset, gint64 now)
{
  gboolean signs = signet_keyset_get_current (keyset, SIGNET_ID_SIGNING) != NULL;
  gboolean opens = signet_keyset_get_current (keyset, SIGNET_ID_ENCRYPTION) != NULL;
  gint64 expiry = signet_keyset_get_expiry (keyset);
  g_autofree char *date = signet_time_text_date (expiry);

  if (!signs && !opens)
    return g_strdup (_("Opens old mail only"));
  if (expiry <= now)
    return g_strdup_printf (_("Expired on %s. It still opens old mail."), date);
  if (signet_keyset_revocation_is_revoked (keyset))
    return g_strdup (_("Revoked by its authority. It still opens old mail."));
  if (signs && opens)
    return g_strdup_printf (_("Signs and opens mail until %s"), date);
  if (signs)
    return g_strdup_printf (_("Signs mail until %s"), date);

  return g_strdup_printf (_("Opens mail until %s"), date);
}

static void
update_validity (SignetKeysetPage *self, gint64 now)
{
  gint64 expiry = signet_keyset_get_expiry (self->keyset);
  g_autofree char *validity = dup_validity (self->keyset, now);
  gboolean revoked = signet_keyset_revocation_is_revoked (self->keyset);
  g_autofree char *left = revoked && expiry > now ? NULL : signet_time_text_left (expiry, now);
  g_autofree char *exact = signet_time_text_exact (expiry);
  /* Translators: such as "Signs and opens mail until 3 May 2026 (3 weeks left)". */
  g_autofree char *text = left && expiry > now ? g_strdup_printf (_("%s (%s)"), validity, left) : g_strdup (validity);

  gtk_label_set_label (self->validity_label, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->validity_label), exact);
  gtk_image_set_from_icon_name (self->validity_image,
                                left || revoked ? "dialog-warning-symbolic" : "emblem-ok-symbolic",
                                GTK_ICON_SIZE_BUTTON);
}

/* With its own key, as long as that is good. */
static gboolean
can_renew (SignetKeyset *keyset, gint64 now)
{
  SignetDigitalId *id = signet_keyset_get_renewable (keyset);

  return id && signet_certificate_get_not_after (id->certificate) > now;
}

static char *
dup_reminder (SignetKeyset *keyset, SignetKeyset *successor, gint64 now)
{
  if (successor) {
    g_autofree char *name = signet_short_name (signet_keyset_get_name (successor));

    return g_strdup_printf (_("“%s” has taken its place and opens its mail, too. Remove this keyset if you do not need "
                              "it any more."), name);
  }
  if (signet_keyset_get_current (keyset, SIGNET_ID_SIGNING) || signet_keyset_get_current (keyset, SIGNET_ID_ENCRYPTION))
    return signet_reminder_text (signet_keyset_get_expiry (keyset), can_renew (keyset, now), now);

  return NULL;
}

static void
update_reminder (SignetKeysetPage *self, SignetKeyset *successor, gint64 now)
{
  g_autofree char *text = dup_reminder (self->keyset, successor, now);
  gboolean renews = can_renew (self->keyset, now);

  gtk_label_set_label (self->reminder_label, text ? text : "");
  gtk_widget_set_visible (self->reminder_box, text != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->reminder_button), !successor);
  gtk_button_set_label (self->reminder_button, renews ? _("_Renew") : _("_Get a Digital ID"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->reminder_button), renews ? "keyset.renew" : "app.get-id");
}

static void
update_level (SignetKeysetPage *self)
{
  SignetLevel level = signet_keyset_get_level (self->keyset);
  g_autofree char *remember = signet_remember_text_dup_minutes (signet_keyset_get_remember (self->keyset));

  gtk_image_set_from_icon_name (self->level_image, signet_level_get_icon (level), GTK_ICON_SIZE_BUTTON);
  hdy_action_row_set_subtitle (self->level_row, signet_level_get_description (level));
  gtk_label_set_label (self->level_label, signet_level_get_title (level));
  signet_describe_widget (GTK_WIDGET (self->level_row), _("Security level"), signet_level_get_title (level));
  gtk_widget_set_visible (self->renewal_row, level != SIGNET_LEVEL_HIGH && signet_keyset_get_renewable (self->keyset));
  gtk_widget_set_visible (GTK_WIDGET (self->password_row), level == SIGNET_LEVEL_HIGH);
  signet_describe_widget (GTK_WIDGET (self->password_row), _("Password"), _("Change…"));
  gtk_widget_set_visible (GTK_WIDGET (self->remember_row), level == SIGNET_LEVEL_HIGH);
  gtk_label_set_label (self->remember_label, remember);
  signet_describe_widget (GTK_WIDGET (self->remember_row), _("Remember the password"), remember);
  signet_forget_row_set_keyset (self->forget_row, self->keyset);
}

/* "P-256, until 3 March 2028", what its authority says of it, and the ID behind it when the row is pressed. */
static void
set_row_id (HdyActionRow *row, SignetDigitalId *id, gint64 now)
{
  g_autofree char *key = NULL;
  g_autofree char *date = NULL;
  g_autofree char *exact = NULL;
  g_autofree char *facts = NULL;
  g_autofree char *revocation = NULL;
  g_autofree char *subtitle = NULL;
  gint64 end;

  gtk_widget_set_visible (GTK_WIDGET (row), id != NULL);
  if (!id)
    return;

  end = signet_certificate_get_not_after (id->certificate);
  key = signet_public_key_describe (signet_certificate_get_spki (id->certificate));
  date = signet_time_text_date (end);
  exact = signet_time_text_exact (end);
  /* Translators: the kind of a key, such as P-256, and a date. */
  facts = g_strdup_printf (end > now ? _("%s, until %s") : _("%s, expired on %s"), key, date);
  revocation = id->current ? signet_revocation_text_brief (signet_keyset_revocation_look_up (id), id->certificate, now)
                           : NULL;
  subtitle = g_strjoin ("\n", facts, revocation, NULL);

  hdy_action_row_set_subtitle (row, subtitle);
  gtk_widget_set_tooltip_text (GTK_WIDGET (row), exact);
  signet_describe_row (row);
  g_object_set_data_full (G_OBJECT (row), DIGITAL_ID, signet_digital_id_ref (id),
                          (GDestroyNotify) signet_digital_id_unref);
}

static GtkWidget *
older_row_new (SignetKeysetPage *self)
{
  GtkWidget *row = hdy_action_row_new ();
  GtkWidget *next = gtk_image_new_from_icon_name ("go-next-symbolic", GTK_ICON_SIZE_BUTTON);

  gtk_widget_show (next);
  gtk_container_add (GTK_CONTAINER (row), next);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_signal_connect (row, "activated", G_CALLBACK (show_certificate), self);

  return row;
}

/* The rows are kept while their number stays: a reload of the list must not close what the user looks at. */
static void
update_older (SignetKeysetPage *self, gint64 now)
{
  GPtrArray *ids = signet_keyset_get_ids (self->keyset);
  guint count = signet_keyset_count_history (self->keyset);
  g_autofree char *subtitle = g_strdup_printf (ngettext ("%u, for old mail", "%u, for old mail", count), count);
  GList *row;

  for (; g_list_length (self->older) > count; self->older = g_list_delete_link (self->older, self->older))
    gtk_widget_destroy (self->older->data);
  while (g_list_length (self->older) < count) {
    self->older = g_list_append (self->older, older_row_new (self));
    gtk_container_add (GTK_CONTAINER (self->older_row), g_list_last (self->older)->data);
  }

  row = self->older;
  for (guint i = 0; i < ids->len && row; i++) {
    SignetDigitalId *id = g_ptr_array_index (ids, i);
    g_autofree char *date = NULL;
    g_autofree char *from = NULL;

    if (id->current || id->use != SIGNET_ID_ENCRYPTION)
      continue;
    date = signet_time_text_date (signet_certificate_get_not_before (id->certificate));
    /* Translators: the day from which on a key was used. */
    from = g_strdup_printf (_("From %s"), date);
    hdy_preferences_row_set_title (row->data, from);
    set_row_id (row->data, id, now);
    row = row->next;
  }

  gtk_widget_set_visible (GTK_WIDGET (self->older_row), count > 0);
  hdy_expander_row_set_subtitle (self->older_row, subtitle);
  signet_describe_widget (GTK_WIDGET (self->older_row), _("Older keys"), subtitle);
}

/* Another keyset is read from its top; the same one, reloaded, stays where it is. */
static void
begin_other (SignetKeysetPage *self)
{
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
  hdy_expander_row_set_expanded (self->older_row, FALSE);
}

/* What authorities say, and its age. */
static void
on_revocation_changed (SignetKeysetPage *self)
{
  gint64 now = signet_clock_now ();

  if (!self->keyset)
    return;

  update_validity (self, now);
  set_row_id (self->signing_row, signet_keyset_get_current (self->keyset, SIGNET_ID_SIGNING), now);
  set_row_id (self->encryption_row, signet_keyset_get_current (self->keyset, SIGNET_ID_ENCRYPTION), now);
}

void
signet_keyset_page_set_keyset (SignetKeysetPage *self, SignetKeyset *keyset, SignetKeyset *successor)
{
  gint64 now = signet_clock_now ();
  g_auto (GStrv) list = signet_keyset_dup_addresses (keyset);
  g_autofree char *addresses = g_strjoinv ("\n", list);

  if (!self->keyset || g_strcmp0 (signet_keyset_get_id (self->keyset), signet_keyset_get_id (keyset)) != 0)
    begin_other (self);

  g_set_object (&self->keyset, keyset);
  gtk_label_set_label (self->addresses_label, addresses);
  update_validity (self, now);
  update_reminder (self, successor, now);
  update_level (self);
  set_row_id (self->signing_row, signet_keyset_get_current (keyset, SIGNET_ID_SIGNING), now);
  set_row_id (self->encryption_row, signet_keyset_get_current (keyset, SIGNET_ID_ENCRYPTION), now);
  update_older (self, now);
}
