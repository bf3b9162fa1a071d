/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/enroll-how-page.h"

#include "ui/describe-row.h"

struct _SignetEnrollHowPage {
  SignetPage parent_instance;

  HdyActionRow *invitation;
  HdyActionRow *key;
  HdyActionRow *file;
  HdyActionRow *request;
};

G_DEFINE_TYPE (SignetEnrollHowPage, signet_enroll_how_page, SIGNET_TYPE_PAGE)

enum {
  CHOSEN,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
on_invitation (SignetEnrollHowPage *self)
{
  g_signal_emit (self, signals[CHOSEN], 0, SIGNET_ENROLL_BY_INVITATION);
}

static void
on_key (SignetEnrollHowPage *self)
{
  g_signal_emit (self, signals[CHOSEN], 0, SIGNET_ENROLL_BY_KEY);
}

static void
on_file (SignetEnrollHowPage *self)
{
  g_signal_emit (self, signals[CHOSEN], 0, SIGNET_ENROLL_BY_FILE);
}

static void
on_request (SignetEnrollHowPage *self)
{
  g_signal_emit (self, signals[CHOSEN], 0, SIGNET_ENROLL_BY_REQUEST);
}

static void
signet_enroll_how_page_grab_focus (GtkWidget *widget)
{
  gtk_widget_grab_focus (GTK_WIDGET (SIGNET_ENROLL_HOW_PAGE (widget)->invitation));
}

static void
signet_enroll_how_page_class_init (SignetEnrollHowPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->grab_focus = signet_enroll_how_page_grab_focus;
  signals[CHOSEN] = g_signal_new ("chosen", SIGNET_TYPE_ENROLL_HOW_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_INT);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/enroll-how-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollHowPage, invitation);
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollHowPage, key);
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollHowPage, file);
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollHowPage, request);
  gtk_widget_class_bind_template_callback (widget_class, on_invitation);
  gtk_widget_class_bind_template_callback (widget_class, on_key);
  gtk_widget_class_bind_template_callback (widget_class, on_file);
  gtk_widget_class_bind_template_callback (widget_class, on_request);
}

static void
signet_enroll_how_page_init (SignetEnrollHowPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  signet_describe_row (self->invitation);
  signet_describe_row (self->key);
  signet_describe_row (self->file);
  signet_describe_row (self->request);
}
