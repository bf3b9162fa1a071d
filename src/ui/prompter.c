/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/prompter.h"

#include "base/i18n.h"
#include "ui/message.h"
#include "ui/prompt-window.h"
#include "ui/short-name.h"

/* One question, on the stack of the worker that waits for its answer.  The main loop alone changes it, and lets go of
 * it when it sets "answered". */
typedef struct {
  SignetWindowPrompter *prompter;
  const SignetPrompt *prompt;
  GCancellable *cancellable;     /* or NULL */
  SignetSecret *password;        /* the answers: NULL and FALSE are a no */
  gboolean remember;
  gboolean allowed;
  gboolean answered;             /* under the mutex */
} Question;

struct _SignetWindowPrompter {
  GObject parent_instance;

  GtkApplication *application;   /* not owned */
  GMutex mutex;
  GCond cond;

  /* Of the main loop. */
  Question *question;            /* that is not answered yet; or NULL */
  GSource *cancelled;            /* watches its cancellable */
  GtkWidget *window;             /* stays from the first try of a password to the end of the use */
  GCancellable *use;             /* of the use that the window is for; or NULL */
};

static void signet_window_prompter_iface_init (SignetPrompterInterface *iface);

G_DEFINE_TYPE_WITH_CODE (SignetWindowPrompter, signet_window_prompter, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (SIGNET_TYPE_PROMPTER, signet_window_prompter_iface_init))

/* --- the main loop's side --- */

static void
answer (SignetWindowPrompter *self)
{
  Question *question = g_steal_pointer (&self->question);

  if (self->cancelled)
    g_source_destroy (self->cancelled);
  g_clear_pointer (&self->cancelled, g_source_unref);

  g_mutex_lock (&self->mutex);
  question->answered = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
}

static void
close_window (SignetWindowPrompter *self)
{
  if (self->window)
    gtk_widget_destroy (self->window);
}

/* Closed by the user, or by us: an open question has no for an answer.  Closed while the password is being tried: then
 * that is not to lead to anything. */
static void
on_destroy (SignetWindowPrompter *self)
{
  self->window = NULL;
  if (self->question)
    answer (self);
  else if (self->use)
    g_cancellable_cancel (self->use);
  g_clear_object (&self->use);
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer self)
{
  close_window (self);

  return G_SOURCE_REMOVE;
}

static void
on_password (SignetWindowPrompter *self)
{
  SignetPromptWindow *window = SIGNET_PROMPT_WINDOW (self->window);

  if (!self->question)
    return;

  self->question->password = signet_prompt_window_take_password (window);
  self->question->remember = signet_prompt_window_get_remember (window);
  answer (self);
}

static void
on_response (SignetWindowPrompter *self, int response)
{
  if (!self->question)
    return;

  self->question->allowed = response == GTK_RESPONSE_ACCEPT;
  g_clear_object (&self->use);
  answer (self);
  close_window (self);
}

static GtkWidget *
password_window_new (SignetWindowPrompter *self, GtkWindow *parent)
{
  GtkWidget *window = GTK_WIDGET (signet_prompt_window_new (self->question->prompt));

  gtk_window_set_transient_for (GTK_WINDOW (window), parent);
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (window), TRUE);
  g_signal_connect_object (window, "answer", G_CALLBACK (on_password), self, G_CONNECT_SWAPPED);

  return window;
}

/* Return denies: a question that comes up while somebody types must not be answered by that. */
static GtkWidget *
consent_window_new (SignetWindowPrompter *self, GtkWindow *parent)
{
  const SignetPrompt *prompt = self->question->prompt;
  g_autofree char *name = signet_short_name (signet_keyset_get_name (prompt->keyset));
  g_autofree char *sentence = signet_prompt_dup_sentence (prompt, name);
  GtkWidget *window = signet_message_new (parent, _("Allow this use?"), sentence);

  gtk_dialog_add_button (GTK_DIALOG (window), _("_Deny"), GTK_RESPONSE_CANCEL);
  gtk_dialog_add_button (GTK_DIALOG (window), _("_Allow"), GTK_RESPONSE_ACCEPT);
  gtk_dialog_set_default_response (GTK_DIALOG (window), GTK_RESPONSE_CANCEL);
  g_signal_connect_object (window, "response", G_CALLBACK (on_response), self, G_CONNECT_SWAPPED);

  return window;
}

static void
show_window (SignetWindowPrompter *self)
{
  GtkWindow *parent = gtk_application_get_active_window (self->application);

  self->window = signet_keyset_get_level (self->question->prompt->keyset) == SIGNET_LEVEL_HIGH
                   ? password_window_new (self, parent) : consent_window_new (self, parent);
  g_set_object (&self->use, self->question->cancellable);
  g_signal_connect_object (self->window, "destroy", G_CALLBACK (on_destroy), self, G_CONNECT_SWAPPED);
  gtk_application_add_window (self->application, GTK_WINDOW (self->window));
  gtk_window_present (GTK_WINDOW (self->window));
}

static gboolean
show_question (gpointer data)
{
  Question *question = data;
  SignetWindowPrompter *self = question->prompter;

  self->question = question;
  if (g_cancellable_is_cancelled (question->cancellable)) {
    answer (self);
    return G_SOURCE_REMOVE;
  }

  if (question->cancellable) {
    self->cancelled = g_cancellable_source_new (question->cancellable);
    g_source_set_callback (self->cancelled, G_SOURCE_FUNC (on_cancelled), self, NULL);
    g_source_attach (self->cancelled, NULL);
  }
  if (self->window)
    signet_prompt_window_refuse (SIGNET_PROMPT_WINDOW (self->window));
  else
    show_window (self);

  return G_SOURCE_REMOVE;
}

static gboolean
end_use (gpointer data)
{
  SignetWindowPrompter *self = data;

  g_clear_object (&self->use);
  close_window (self);

  return G_SOURCE_REMOVE;
}

/* --- the worker's side --- */

static void
call_in_main_loop (GSourceFunc func, gpointer data, GDestroyNotify data_free)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, func, data, data_free);
  g_source_attach (source, NULL);
}

/* Blocks until the user has answered; FALSE and G_IO_ERROR_CANCELLED when that is a no. */
static gboolean
ask (Question *question, GError **error)
{
  SignetWindowPrompter *self = question->prompter;

  g_return_val_if_fail (!g_main_context_is_owner (NULL), FALSE);      /* who waits here cannot show anything */

  call_in_main_loop (show_question, question, NULL);
  g_mutex_lock (&self->mutex);
  while (!question->answered)
    g_cond_wait (&self->cond, &self->mutex);
  g_mutex_unlock (&self->mutex);

  if (question->password || question->allowed)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("It was not allowed. Nothing was done."));
  return FALSE;
}

static SignetSecret *
signet_window_prompter_ask_password (SignetPrompter *prompter, const SignetPrompt *prompt, gboolean *remember,
                                     GCancellable *cancellable, GError **error)
{
  Question question = { SIGNET_WINDOW_PROMPTER (prompter), prompt, cancellable };

  if (!ask (&question, error))
    return NULL;

  *remember = question.remember;
  return question.password;
}

static gboolean
signet_window_prompter_ask_consent (SignetPrompter *prompter, const SignetPrompt *prompt, GCancellable *cancellable,
                                    GError **error)
{
  Question question = { SIGNET_WINDOW_PROMPTER (prompter), prompt, cancellable };

  return ask (&question, error);
}

static void
signet_window_prompter_done (SignetPrompter *prompter, const SignetPrompt *prompt)
{
  call_in_main_loop (end_use, g_object_ref (prompter), g_object_unref);
}

/* --- life cycle --- */

static void
signet_window_prompter_iface_init (SignetPrompterInterface *iface)
{
  iface->ask_password = signet_window_prompter_ask_password;
  iface->ask_consent = signet_window_prompter_ask_consent;
  iface->done = signet_window_prompter_done;
}

static void
signet_window_prompter_finalize (GObject *object)
{
  SignetWindowPrompter *self = SIGNET_WINDOW_PROMPTER (object);

  g_clear_object (&self->use);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);

  G_OBJECT_CLASS (signet_window_prompter_parent_class)->finalize (object);
}

static void
signet_window_prompter_class_init (SignetWindowPrompterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = signet_window_prompter_finalize;
}

static void
signet_window_prompter_init (SignetWindowPrompter *self)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
}

SignetPrompter *
signet_window_prompter_new (GtkApplication *application)
{
  SignetWindowPrompter *self = g_object_new (SIGNET_TYPE_WINDOW_PROMPTER, NULL);

  self->application = application;

  return SIGNET_PROMPTER (self);
}
