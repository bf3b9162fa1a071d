/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/keyset-use.h"

#include "base/error.h"
#include "keyset/keyset-change.h"
#include "keyset/password-pause.h"

/* Whose turn it is to ask: a person answers one question at a time. */
static GMutex turn_mutex;
static GCond turn_cond;
static gboolean is_taken;

static void
wake (void)
{
  g_mutex_lock (&turn_mutex);
  g_cond_broadcast (&turn_cond);
  g_mutex_unlock (&turn_mutex);
}

static gboolean
take_turn (GCancellable *cancellable, GError **error)
{
  gulong handler = g_cancellable_connect (cancellable, G_CALLBACK (wake), NULL, NULL);
  gboolean taken;

  g_mutex_lock (&turn_mutex);
  while (is_taken && !g_cancellable_is_cancelled (cancellable))
    g_cond_wait (&turn_cond, &turn_mutex);
  taken = !g_cancellable_is_cancelled (cancellable);
  is_taken = is_taken || taken;
  g_mutex_unlock (&turn_mutex);
  g_cancellable_disconnect (cancellable, handler);

  if (!taken)
    g_cancellable_set_error_if_cancelled (cancellable, error);
  return taken;
}

static void
give_turn (void)
{
  g_mutex_lock (&turn_mutex);
  is_taken = FALSE;
  g_cond_broadcast (&turn_cond);
  g_mutex_unlock (&turn_mutex);
}

/* One answer of the user, tried.  *WRONG: it was not the password, and he may be asked again. */
static GPtrArray *
try_password (SignetStore *store, const SignetPrompt *prompt, SignetPrompter *prompter, gboolean *wrong,
              GCancellable *cancellable, GError **error)
{
  const char *id = signet_keyset_get_id (prompt->keyset);
  gboolean remember = FALSE;
  g_autoptr (SignetSecret) password = signet_prompter_ask_password (prompter, prompt, &remember, cancellable, error);
  g_autoptr (GError) local_error = NULL;

  *wrong = FALSE;
  if (password == NULL || !signet_password_pause_wait (id, cancellable, error) ||
      !signet_keysets_check_unchanged (store, prompt->keyset, cancellable, error))
    return NULL;
  GPtrArray *keys = signet_keyset_unlock (prompt->keyset, password, &local_error);
  *wrong = g_error_matches (local_error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD);
  if (*wrong)
    signet_password_pause_refused (id);
  else if (keys == NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    signet_password_pause_accepted (id);
  return keys;
}

static GPtrArray *
ask_password (SignetStore *store, SignetPrompt *prompt, SignetPrompter *prompter, GCancellable *cancellable,
              GError **error)
{
  GPtrArray *keys;
  gboolean wrong;

  do {
    keys = try_password (store, prompt, prompter, &wrong, cancellable, error);
    prompt->refused = TRUE;
  } while (wrong);
  return keys;
}

static GPtrArray *
ask_consent (SignetStore *store, SignetPrompt *prompt, SignetPrompter *prompter, GCancellable *cancellable,
             GError **error)
{
  if (!signet_prompter_ask_consent (prompter, prompt, cancellable, error) ||
      !signet_keysets_check_unchanged (store, prompt->keyset, cancellable, error))
    return NULL;
  return signet_keyset_unlock (prompt->keyset, NULL, error);
}

static GPtrArray *
ask (SignetStore *store, SignetPrompt *prompt, SignetPrompter *prompter, GCancellable *cancellable, GError **error)
{
  if (!take_turn (cancellable, error))
    return NULL;
  GPtrArray *keys = signet_keyset_get_level (prompt->keyset) == SIGNET_LEVEL_HIGH
                      ? ask_password (store, prompt, prompter, cancellable, error)
                      : ask_consent (store, prompt, prompter, cancellable, error);
  signet_prompter_done (prompter, prompt);
  give_turn ();
  return keys;
}

static void
forward (GCancellable *cancellable, gpointer own)
{
  g_cancellable_cancel (own);
}

/* The keys, or nothing when the user has given up meanwhile. */
static GPtrArray *
use (SignetStore *store, SignetPrompt *prompt, SignetPrompter *prompter, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) keys = NULL;

  if (!signet_keysets_check_unchanged (store, prompt->keyset, cancellable, error))
    return NULL;
  if (signet_keyset_get_level (prompt->keyset) == SIGNET_LEVEL_LOW)
    keys = signet_keyset_unlock (prompt->keyset, NULL, error);
  else
    keys = ask (store, prompt, prompter, cancellable, error);
  if (keys == NULL || g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return g_steal_pointer (&keys);
}

GPtrArray *
signet_keyset_use (SignetStore *store, SignetKeyset *keyset, const char *program, SignetPurpose purpose,
                   SignetPrompter *prompter, GCancellable *cancellable, GError **error)
{
  SignetPrompt prompt = { .keyset = keyset, .program = program, .purpose = purpose };
  g_autoptr (GCancellable) own = g_cancellable_new ();
  gulong handler = 0;

  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (forward), own, NULL);
  GPtrArray *keys = use (store, &prompt, prompter, own, error);
  g_cancellable_disconnect (cancellable, handler);
  return keys;
}
