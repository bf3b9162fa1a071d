/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/certificate-window.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/hex.h"
#include "base/i18n.h"
#include "crypto/public-key.h"
#include "revocation/checker.h"
#include "ui/describe-row.h"
#include "ui/revocation-text.h"
#include "ui/time-text.h"

#define GCR_API_SUBJECT_TO_CHANGE
#include <gcr/gcr.h>

struct _SignetCertificateWindow {
  HdyWindow parent_instance;

  HdyDeck *deck;
  HdyHeaderBar *header_bar;
  HdyActionRow *name_row;
  HdyActionRow *addresses_row;
  HdyActionRow *issuer_row;
  GtkWidget *issuer_arrow;
  HdyActionRow *validity_row;
  GtkWidget *validity_image;
  HdyActionRow *revocation_row;
  GtkWidget *revocation_image;
  GtkWidget *revocation_button;
  HdyActionRow *use_row;
  HdyActionRow *key_row;
  HdyActionRow *fingerprint_row;
  GtkWidget *details_page;
  GtkContainer *details_box;
  SignetCertificate *certificate;
  GPtrArray *chain;
  GPtrArray *issuers;            /* who can be asked; CHAIN, or the known ones */
  gboolean is_known;             /* is of an authority of the user's */
};

G_DEFINE_TYPE (SignetCertificateWindow, signet_certificate_window, HDY_TYPE_WINDOW)

static void
show_issuer (SignetCertificateWindow *self)
{
  g_autoptr (GPtrArray) rest = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_certificate_unref);

  for (guint i = 1; i < self->chain->len; i++)
    g_ptr_array_add (rest, signet_certificate_ref (g_ptr_array_index (self->chain, i)));

  gtk_window_present (GTK_WINDOW (signet_certificate_window_new (GTK_WINDOW (self),
                                                                 g_ptr_array_index (self->chain, 0), rest)));
}

static void
check_now (SignetCertificateWindow *self)
{
  signet_revocation_checker_check_now (signet_revocation_checker_get_default (), self->certificate, self->issuers);
}

static void
copy_fingerprint (SignetCertificateWindow *self)
{
  gtk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self), GDK_SELECTION_CLIPBOARD),
                          hdy_action_row_get_subtitle (self->fingerprint_row), -1);
}

/* GcrCertificateWidget hides its table in an expander, which is one click too many here, and paints it in a red that
 * was meant for finding a fault in it. */
static void
adjust_details (GtkWidget *widget, gpointer unused)
{
  gtk_style_context_remove_class (gtk_widget_get_style_context (widget), "gcr-red");

  if (GTK_IS_EXPANDER (widget))
    gtk_expander_set_expanded (GTK_EXPANDER (widget), TRUE);
  else if (GTK_IS_TEXT_VIEW (widget))
    signet_describe_widget (widget, _("Details"), NULL);

  if (GTK_IS_CONTAINER (widget))
    gtk_container_forall (GTK_CONTAINER (widget), adjust_details, NULL);
}

static void
fill_details (SignetCertificateWindow *self)
{
  gsize length;
  const guint8 *der = g_bytes_get_data (signet_certificate_get_der (self->certificate), &length);
  g_autoptr (GcrCertificate) certificate = gcr_simple_certificate_new (der, length);
  GtkWidget *widget = GTK_WIDGET (gcr_certificate_widget_new (certificate));

  gtk_widget_show_all (widget);
  gtk_widget_set_vexpand (widget, TRUE);
  gtk_container_add (self->details_box, widget);
  adjust_details (widget, NULL);
}

static void
show_details (SignetCertificateWindow *self)
{
  g_autoptr (GList) children = gtk_container_get_children (self->details_box);

  if (!children)
    fill_details (self);
  hdy_deck_set_visible_child (self->deck, self->details_page);
}

static void
go_back (SignetCertificateWindow *self)
{
  hdy_deck_navigate (self->deck, HDY_NAVIGATION_DIRECTION_BACK);
}

static gboolean
on_key_press (SignetCertificateWindow *self, GdkEventKey *event)
{
  GdkModifierType modifiers = event->state & gtk_accelerator_get_default_mod_mask ();

  if (event->keyval == GDK_KEY_Escape && !modifiers) {
    gtk_window_close (GTK_WINDOW (self));
    return GDK_EVENT_STOP;
  }
  if (event->keyval == GDK_KEY_Left && modifiers == GDK_MOD1_MASK)
    return hdy_deck_navigate (self->deck, HDY_NAVIGATION_DIRECTION_BACK);

  return GDK_EVENT_PROPAGATE;
}

static void
signet_certificate_window_finalize (GObject *object)
{
  SignetCertificateWindow *self = SIGNET_CERTIFICATE_WINDOW (object);

  g_clear_pointer (&self->certificate, signet_certificate_unref);
  g_clear_pointer (&self->chain, g_ptr_array_unref);
  g_clear_pointer (&self->issuers, g_ptr_array_unref);

  G_OBJECT_CLASS (signet_certificate_window_parent_class)->finalize (object);
}

static void
signet_certificate_window_class_init (SignetCertificateWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = signet_certificate_window_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/certificate-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetCertificateWindow, deck);
  gtk_widget_class_bind_template_child (widget_class, SignetCertificateWindow, header_bar);
  gtk_widget_class_bind_template_child (widget_class, SignetCertificateWindow, name_row);
  gtk_widget_class_bind_template_child (widget_class, SignetCertificateWindow, addresses_row);
  gtk_widget_class_bind_template_child (widget_class, SignetCertificateWindow, issuer_row);
  gtk_widget_class_bind_template_child (widget_class, SignetCertificateWindow, issuer_arrow);
  gtk_widget_class_bind_template_child (widget_class, SignetCertificateWindow, validity_row);
  gtk_widget_class_bind_template_child (widget_class, SignetCertificateWindow, validity_image);
  gtk_widget_class_bind_template_child (widget_class, SignetCertificateWindow, revocation_row);
  gtk_widget_class_bind_template_child (widget_class, SignetCertificateWindow, revocation_image);
  gtk_widget_class_bind_template_child (widget_class, SignetCertificateWindow, revocation_button);
  gtk_widget_class_bind_template_child (widget_class, SignetCertificateWindow, use_row);
  gtk_widget_class_bind_template_child (widget_class, SignetCertificateWindow, key_row);
  gtk_widget_class_bind_template_child (widget_class, SignetCertificateWindow, fingerprint_row);
  gtk_widget_class_bind_template_child (widget_class, SignetCertificateWindow, details_page);
  gtk_widget_class_bind_template_child (widget_class, SignetCertificateWindow, details_box);
  gtk_widget_class_bind_template_callback (widget_class, show_issuer);
  gtk_widget_class_bind_template_callback (widget_class, check_now);
  gtk_widget_class_bind_template_callback (widget_class, show_details);
  gtk_widget_class_bind_template_callback (widget_class, copy_fingerprint);
  gtk_widget_class_bind_template_callback (widget_class, go_back);
  gtk_widget_class_bind_template_callback (widget_class, on_key_press);
}

static void
signet_certificate_window_init (SignetCertificateWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* One fact a row: the row goes when there is nothing to say. */
static void
set_fact (HdyActionRow *row, const char *fact)
{
  hdy_action_row_set_subtitle (row, fact);
  gtk_widget_set_visible (GTK_WIDGET (row), fact && *fact);
  signet_describe_row (row);
}

static const char *
describe_use (SignetCertificate *certificate)
{
  gboolean signs = signet_certificate_can_sign (certificate);
  gboolean encrypts = signet_certificate_can_encrypt (certificate);

  if (signet_certificate_is_ca (certificate))
    return _("Issuing digital IDs");
  if (signs && encrypts)
    return _("Signing and encrypting mail");
  if (signs)
    return _("Signing mail");
  if (encrypts)
    return _("Encrypting mail");

  return NULL;
}

static char *
describe_validity (SignetCertificate *certificate, gint64 now)
{
  gint64 begin = signet_certificate_get_not_before (certificate);
  gint64 end = signet_certificate_get_not_after (certificate);
  g_autofree char *first = signet_time_text_date (begin);
  g_autofree char *last = signet_time_text_date (end);

  if (end <= now)
    return g_strdup_printf (_("Expired on %s"), last);
  if (begin > now)
    return g_strdup_printf (_("Not before %s"), first);

  /* Translators: two dates. */
  return g_strdup_printf (_("From %s until %s"), first, last);
}

static void
fill_validity (SignetCertificateWindow *self, gint64 now)
{
  gint64 begin = signet_certificate_get_not_before (self->certificate);
  gint64 end = signet_certificate_get_not_after (self->certificate);
  g_autofree char *validity = describe_validity (self->certificate, now);
  g_autofree char *first = signet_time_text_exact (begin);
  g_autofree char *last = signet_time_text_exact (end);
  g_autofree char *exact = g_strdup_printf (_("From %s until %s"), first, last);

  set_fact (self->validity_row, validity);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->validity_row), exact);
  gtk_widget_set_visible (self->validity_image, begin > now || end <= now);
}

/* An authority's own certificate is trusted, or not, as it is. */
static void
update_revocation (SignetCertificateWindow *self)
{
  SignetRevocationChecker *checker = signet_revocation_checker_get_default ();
  const SignetRevocationState *state;
  g_autofree char *text = NULL;
  gboolean checking;

  if (signet_certificate_is_ca (self->certificate))
    return;

  state = signet_revocation_checker_look_up (checker, self->certificate, self->issuers, self->is_known);
  checking = signet_revocation_checker_is_checking (checker, self->certificate);
  text = signet_revocation_text (checking ? NULL : state, self->certificate, signet_clock_now ());
  set_fact (self->revocation_row, text);
  gtk_widget_set_visible (self->revocation_image,
                          state && !checking && state->status.verdict == SIGNET_REVOCATION_REVOKED);
  gtk_widget_set_sensitive (self->revocation_button, !checking);
  gtk_widget_set_visible (self->revocation_button,
                          state && !g_error_matches (state->problem, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND));
}

static void
fill_issuer (SignetCertificateWindow *self)
{
  const char *issuer = signet_certificate_get_issuer (self->certificate);
  gboolean known = self->chain && self->chain->len > 0;

  set_fact (self->issuer_row, g_str_equal (issuer, signet_certificate_get_subject (self->certificate)) ? _("Itself")
                                                                                                       : issuer);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self->issuer_row), known);
  gtk_widget_set_visible (self->issuer_arrow, known);
}

static void
fill (SignetCertificateWindow *self)
{
  const char *const *list = signet_certificate_get_addresses (self->certificate);
  g_autofree char *addresses = g_strjoinv (", ", (char **) list);
  g_autofree char *key = signet_public_key_describe (signet_certificate_get_spki (self->certificate));
  g_autoptr (GBytes) digest = signet_certificate_get_fingerprint (self->certificate);
  g_autofree char *fingerprint = signet_hex_format_groups (digest);
  const char *subject = signet_certificate_get_subject (self->certificate);

  gtk_window_set_title (GTK_WINDOW (self), subject);
  hdy_header_bar_set_title (self->header_bar, subject);
  set_fact (self->name_row, subject);
  set_fact (self->addresses_row, addresses);
  fill_issuer (self);
  fill_validity (self, signet_clock_now ());
  set_fact (self->use_row, describe_use (self->certificate));
  set_fact (self->key_row, key);
  set_fact (self->fingerprint_row, fingerprint);
}

SignetCertificateWindow *
signet_certificate_window_new (GtkWindow *parent, SignetCertificate *certificate, GPtrArray *chain)
{
  SignetCertificateWindow *self = g_object_new (SIGNET_TYPE_CERTIFICATE_WINDOW, "transient-for", parent, NULL);

  self->certificate = signet_certificate_ref (certificate);
  self->chain = chain ? g_ptr_array_ref (chain) : NULL;
  self->issuers = chain ? g_ptr_array_ref (chain) : NULL;
  fill (self);
  update_revocation (self);
  g_signal_connect_object (signet_revocation_checker_get_default (), "changed", G_CALLBACK (update_revocation), self,
                           G_CONNECT_SWAPPED);

  return self;
}

void
signet_certificate_window_trust (SignetCertificateWindow *self, GPtrArray *issuers)
{
  g_clear_pointer (&self->issuers, g_ptr_array_unref);
  self->issuers = issuers ? g_ptr_array_ref (issuers) : NULL;
  self->is_known = TRUE;
  update_revocation (self);
}

void
signet_certificate_window_prepare (void)
{
  g_autoptr (GtkWidget) viewer = GTK_WIDGET (g_object_ref_sink (gcr_viewer_new ()));

  gtk_widget_destroy (viewer);
}
