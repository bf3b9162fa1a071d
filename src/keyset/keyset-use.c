/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/keyset-use.h"

#include "base/error.h"
#include "keyset/keyset-change.h"
#include "keyset/keyset-memory.h"
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

/* The keys, and for the time that the keyset allows what opens them again. */
static GPtrArray *
unlock (SignetKeyset *keyset, SignetSecret *password, gboolean remember, guint endings, GError **error)
{
  g_autoptr (SignetSecret) key = signet_keyset_derive_key (keyset, password, error);
  GPtrArray *keys = key != NULL ? signet_keyset_unlock_with_key (keyset, key, error) : NULL;

  if (keys != NULL && remember)
    signet_keyset_memory_keep (signet_keyset_memory_get (), keyset, key, endings);
  return keys;
}

/* One answer of the user, tried.  *WRONG: it was not the password, and he may be asked again. */
static GPtrArray *
try_password (SignetStore *store, const SignetPrompt *prompt, SignetPrompter *prompter, gboolean *wrong,
              GCancellable *cancellable, GError **error)
{
  const char *id = signet_keyset_get_id (prompt->keyset);
  gboolean remember = FALSE;
  g_autoptr (SignetSecret) password = signet_prompter_ask_password (prompter, prompt, &remember, cancellable, error);
  guint endings = signet_keyset_memory_get_endings (signet_keyset_memory_get ());
  g_autoptr (GError) local_error = NULL;

  *wrong = FALSE;
  if (password == NULL || !signet_password_pause_wait (id, cancellable, error) ||
      !signet_keysets_check_unchanged (store, prompt->keyset, cancellable, error))
    return NULL;
  GPtrArray *keys = unlock (prompt->keyset, password, remember && prompt->remember_minutes > 0, endings, &local_error);
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

/* Whether KEYSET is still what is stored; then *KEYS are its keys if nobody has to be asked for them, else NULL. */
static gboolean
open_silently (SignetStore *store, const SignetPrompt *prompt, GPtrArray **keys, GCancellable *cancellable,
               GError **error)
{
  SignetKeysetMemory *memory = signet_keyset_memory_get ();
  g_autoptr (SignetSecret) key = NULL;

  if (!signet_keysets_check_unchanged (store, prompt->keyset, cancellable, error)) {
    signet_keyset_memory_forget (memory, signet_keyset_get_id (prompt->keyset));
    return FALSE;
  }
  if (signet_keyset_get_level (prompt->keyset) == SIGNET_LEVEL_LOW) {
    *keys = signet_keyset_unlock (prompt->keyset, NULL, error);
    return *keys != NULL;
  }
  key = prompt->remember_minutes > 0 ? signet_keyset_memory_lookup (memory, prompt->keyset) : NULL;
  *keys = key != NULL ? signet_keyset_unlock_with_key (prompt->keyset, key, NULL) : NULL;
  return TRUE;
}

/* While it waited for its turn, the use before it may have changed everything. */
static GPtrArray *
ask (SignetStore *store, SignetPrompt *prompt, SignetPrompter *prompter, GCancellable *cancellable, GError **error)
{
  GPtrArray *keys = NULL;

  if (!take_turn (cancellable, error))
    return NULL;
  if (open_silently (store, prompt, &keys, cancellable, error) && keys == NULL) {
    keys = signet_keyset_get_level (prompt->keyset) == SIGNET_LEVEL_HIGH
             ? ask_password (store, prompt, prompter, cancellable, error)
             : ask_consent (store, prompt, prompter, cancellable, error);
    signet_prompter_done (prompter, prompt);
  }
  give_turn ();
  return keys;
}

/* What is done with a keyset every day may go on without its password for a while; giving its keys or its good name
 * away may not. */
static guint
get_remember_minutes (SignetKeyset *keyset, SignetPurpose purpose)
{
  return purpose == SIGNET_PURPOSE_REVOKE || purpose == SIGNET_PURPOSE_EXPORT ? 0 : signet_keyset_get_remember (keyset);
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

  if (!open_silently (store, prompt, &keys, cancellable, error))
    return NULL;
  if (keys == NULL)
    keys = ask (store, prompt, prompter, cancellable, error);
  if (keys == NULL || g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return g_steal_pointer (&keys);
}

GPtrArray *
signet_keyset_use (SignetStore *store, SignetKeyset *keyset, const char *program, SignetPurpose purpose,
                   SignetPrompter *prompter, GCancellable *cancellable, GError **error)
{
  SignetPrompt prompt = { .keyset = keyset, .program = program, .purpose = purpose,
                          .remember_minutes = get_remember_minutes (keyset, purpose) };
  g_autoptr (GCancellable) own = g_cancellable_new ();
  gulong handler = 0;

  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (forward), own, NULL);
  GPtrArray *keys = use (store, &prompt, prompter, own, error);
  g_cancellable_disconnect (cancellable, handler);
  return keys;
}
