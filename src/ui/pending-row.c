/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/pending-row.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "ui/describe-row.h"
#include "ui/time-text.h"

struct _SignetPendingRow {
  GtkListBoxRow parent_instance;

  GtkStack *state_stack;         /* an icon, or a spinner while it is being checked */
  GtkSpinner *spinner;
  GtkImage *state_image;
  GtkLabel *title_label;
  GtkLabel *asked_label;
  GtkLabel *problem_label;
  GtkButton *check_button;
  GtkButton *open_button;
  GSimpleActionGroup *actions;
  SignetPending *pending;
};

G_DEFINE_TYPE (SignetPendingRow, signet_pending_row, GTK_TYPE_LIST_BOX_ROW)

enum {
  CHECK,
  OPEN,
  REMOVE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
emit_check (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  g_signal_emit (self, signals[CHECK], 0);
}

static void
emit_open (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  g_signal_emit (self, signals[OPEN], 0);
}

static void
emit_remove (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  g_signal_emit (self, signals[REMOVE], 0);
}

static void
signet_pending_row_finalize (GObject *object)
{
  SignetPendingRow *self = SIGNET_PENDING_ROW (object);

  g_clear_object (&self->actions);
  g_clear_object (&self->pending);

  G_OBJECT_CLASS (signet_pending_row_parent_class)->finalize (object);
}

static void
signet_pending_row_class_init (SignetPendingRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *names[N_SIGNALS] = { "check-pressed", "open-pressed", "remove-pressed" };

  G_OBJECT_CLASS (klass)->finalize = signet_pending_row_finalize;

  for (int i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new (names[i], SIGNET_TYPE_PENDING_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/pending-row.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetPendingRow, state_stack);
  gtk_widget_class_bind_template_child (widget_class, SignetPendingRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, SignetPendingRow, state_image);
  gtk_widget_class_bind_template_child (widget_class, SignetPendingRow, title_label);
  gtk_widget_class_bind_template_child (widget_class, SignetPendingRow, asked_label);
  gtk_widget_class_bind_template_child (widget_class, SignetPendingRow, problem_label);
  gtk_widget_class_bind_template_child (widget_class, SignetPendingRow, check_button);
  gtk_widget_class_bind_template_child (widget_class, SignetPendingRow, open_button);
}

static void
signet_pending_row_init (SignetPendingRow *self)
{
  const GActionEntry entries[] = {
    { "check", emit_check },
    { "open", emit_open },
    { "remove", emit_remove },
  };

  gtk_widget_init_template (GTK_WIDGET (self));

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "pending", G_ACTION_GROUP (self->actions));
}

static char *
dup_title (SignetPending *pending)
{
  const char *authority = signet_pending_get_authority_name (pending);

  switch (signet_pending_get_state (pending)) {
  case SIGNET_PENDING_CERTIFICATE:
    return g_strdup (_("Waiting for a certificate"));
  case SIGNET_PENDING_READY:
    return g_strdup_printf (_("%s has answered"), authority);
  case SIGNET_PENDING_REFUSED:
    return g_strdup_printf (_("%s has refused"), authority);
  case SIGNET_PENDING_CREATED:
    return g_strdup_printf (_("Not sent to %s yet"), authority);
  default:
    return g_strdup_printf (_("Waiting for %s"), authority);
  }
}

static char *
dup_asked (SignetPending *pending, gint64 now)
{
  g_autofree char *ago = signet_time_text_ago (signet_pending_get_created (pending), now);

  /* Translators: when a digital ID was asked for: "10 minutes ago", "yesterday", "on 3 May 2026". */
  return g_strdup_printf (_("Asked %s"), ago);
}

/* What went wrong, and what happens next; or NULL. */
static char *
dup_problem (SignetPending *pending, gint64 now)
{
  const char *problem = signet_pending_get_problem (pending);
  g_autofree char *retry = NULL;

  if (!problem || signet_pending_get_state (pending) == SIGNET_PENDING_REFUSED)
    return g_strdup (problem);

  retry = signet_time_text_retry (signet_pending_get_retry_at (pending), now);
  /* Translators: the problem, and "Signet tries again at 14:20."; all of them are sentences. */
  return g_strdup_printf (_("%s Your request is kept. %s"), problem, retry);
}

static const char *
state_icon (SignetPendingState state)
{
  switch (state) {
  case SIGNET_PENDING_READY:
    return "mail-unread-symbolic";
  case SIGNET_PENDING_REFUSED:
    return "dialog-error-symbolic";
  default:
    return "document-open-recent-symbolic";
  }
}

static void
update_buttons (SignetPendingRow *self, SignetPendingState state, gboolean checking)
{
  gboolean opens = state == SIGNET_PENDING_READY || state == SIGNET_PENDING_CERTIFICATE;
  const char *label = state == SIGNET_PENDING_REFUSED ? _("_Try Again") : _("_Check");
  GAction *check = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "check");

  gtk_button_set_label (self->check_button, label);
  gtk_widget_set_visible (GTK_WIDGET (self->check_button), !opens);
  gtk_widget_set_visible (GTK_WIDGET (self->open_button), opens);
  gtk_button_set_label (self->open_button, state == SIGNET_PENDING_READY ? _("_Open") : _("_Save Request…"));
  g_simple_action_set_enabled (G_SIMPLE_ACTION (check), !checking);

  gtk_stack_set_visible_child_name (self->state_stack, checking ? "checking" : "state");
  g_object_set (self->spinner, "active", checking, NULL);
  gtk_image_set_from_icon_name (self->state_image, state_icon (state), GTK_ICON_SIZE_BUTTON);
}

void
signet_pending_row_set_pending (SignetPendingRow *self, SignetPending *pending, gboolean checking)
{
  gint64 now = signet_clock_now ();
  g_autofree char *title = dup_title (pending);
  g_autofree char *asked = dup_asked (pending, now);
  g_autofree char *exact = signet_time_text_exact (signet_pending_get_created (pending));
  g_autofree char *problem = dup_problem (pending, now);
  const char *address = signet_pending_get_address (pending);
  g_autofree char *lines = g_strconcat (address, "\n", asked, NULL);
  g_autofree char *description = g_strjoin (". ", address, asked, problem, NULL);

  g_set_object (&self->pending, pending);
  gtk_label_set_label (self->title_label, title);
  gtk_label_set_label (self->asked_label, lines);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->asked_label), exact);
  gtk_label_set_label (self->problem_label, problem ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), problem != NULL);
  signet_describe_widget (GTK_WIDGET (self), title, description);

  update_buttons (self, signet_pending_get_state (pending), checking);
}

SignetPending *
signet_pending_row_get_pending (SignetPendingRow *self)
{
  return self->pending;
}

GtkWidget *
signet_pending_row_new (void)
{
  return g_object_new (SIGNET_TYPE_PENDING_ROW, NULL);
}
