/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scripted-prompter.h"

#include "keyset/password-pause.h"

static void scripted_prompter_iface_init (SignetPrompterInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ScriptedPrompter, scripted_prompter, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SIGNET_TYPE_PROMPTER, scripted_prompter_iface_init))

static void
note (ScriptedPrompter *self, const SignetPrompt *prompt)
{
  self->asked++;
  self->at_once++;
  self->most_at_once = MAX (self->most_at_once, self->at_once);
  self->refused = prompt->refused;
  self->remember_minutes = prompt->remember_minutes;
  self->pause = signet_password_pause_left (signet_keyset_get_id (prompt->keyset));
  g_free (self->sentence);
  self->sentence = signet_prompt_dup_sentence (prompt, NULL);
}

/* The next answer; NULL with an error when it is no. */
static char *
answer (ScriptedPrompter *self, const SignetPrompt *prompt, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  void (*then) (gpointer) = self->then;

  note (self, prompt);
  g_cond_broadcast (&self->cond);
  while (self->held)
    g_cond_wait (&self->cond, &self->mutex);
  self->then = NULL;
  if (then != NULL)
    then (self->then_data);
  self->at_once--;

  g_autofree char *given = g_queue_pop_head (self->unused);
  g_assert_nonnull (given);
  if (!g_str_equal (given, SCRIPTED_NO))
    return g_steal_pointer (&given);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "no");
  return NULL;
}

static SignetSecret *
scripted_prompter_ask_password (SignetPrompter *prompter, const SignetPrompt *prompt, gboolean *remember,
                                GCancellable *cancellable, GError **error)
{
  g_autofree char *given = answer (SCRIPTED_PROMPTER (prompter), prompt, error);

  g_assert_false (*remember);
  *remember = SCRIPTED_PROMPTER (prompter)->remember;
  return given != NULL ? signet_secret_new_text (given) : NULL;
}

static gboolean
scripted_prompter_ask_consent (SignetPrompter *prompter, const SignetPrompt *prompt, GCancellable *cancellable,
                               GError **error)
{
  g_autofree char *given = answer (SCRIPTED_PROMPTER (prompter), prompt, error);

  if (given != NULL)
    g_assert_cmpstr (given, ==, SCRIPTED_YES);
  return given != NULL;
}

static void
scripted_prompter_done (SignetPrompter *prompter, const SignetPrompt *prompt)
{
  SCRIPTED_PROMPTER (prompter)->done++;
}

static void
scripted_prompter_iface_init (SignetPrompterInterface *iface)
{
  iface->ask_password = scripted_prompter_ask_password;
  iface->ask_consent = scripted_prompter_ask_consent;
  iface->done = scripted_prompter_done;
}

static void
scripted_prompter_finalize (GObject *object)
{
  ScriptedPrompter *self = SCRIPTED_PROMPTER (object);

  g_queue_free_full (self->unused, g_free);
  g_free (self->sentence);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  G_OBJECT_CLASS (scripted_prompter_parent_class)->finalize (object);
}

static void
scripted_prompter_class_init (ScriptedPrompterClass *class)
{
  G_OBJECT_CLASS (class)->finalize = scripted_prompter_finalize;
}

static void
scripted_prompter_init (ScriptedPrompter *self)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->unused = g_queue_new ();
}

ScriptedPrompter *
scripted_prompter_new (void)
{
  return g_object_new (TYPE_SCRIPTED_PROMPTER, NULL);
}

void
scripted_prompter_say (ScriptedPrompter *self, const char *given)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  g_queue_push_tail (self->unused, g_strdup (given));
}

void
scripted_prompter_then (ScriptedPrompter *self, void (*func) (gpointer), gpointer data)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->then = func;
  self->then_data = data;
}

void
scripted_prompter_hold (ScriptedPrompter *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->held = TRUE;
}

void
scripted_prompter_release (ScriptedPrompter *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->held = FALSE;
  g_cond_broadcast (&self->cond);
}

void
scripted_prompter_wait (ScriptedPrompter *self, guint count)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  while (self->asked < count)
    g_cond_wait (&self->cond, &self->mutex);
}
