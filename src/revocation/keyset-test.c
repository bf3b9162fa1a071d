/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "revocation/keyset-test.h"

#include "base/clock.h"
#include "base/error.h"
#include "keyset/keyset-use.h"
#include "revocation/check.h"

/* What is known of each ID, NULL for older ones: they are used for old mail, whatever became of them. */
static GPtrArray *
ask_authorities (SignetKeyset *keyset, SignetRevocationCache *cache, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) states = g_ptr_array_new_full (0, (GDestroyNotify) signet_revocation_state_free);
  GPtrArray *ids = signet_keyset_get_ids (keyset);

  for (guint i = 0; i < ids->len; i++) {
    SignetDigitalId *id = ids->pdata[i];
    gboolean counts = id->current && signet_clock_now () <= signet_certificate_get_not_after (id->certificate);
    SignetRevocationState *state = counts ? signet_revocation_check (cache, id->certificate, id->chain,
                                                                     SIGNET_CHECK_NOW, cancellable, error) : NULL;
    if (counts && state == NULL)
      return NULL;
    g_ptr_array_add (states, state);
  }
  return g_steal_pointer (&states);
}

static gboolean
is_finding (const GError *error, GCancellable *cancellable)
{
  return g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED) ||
         (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) && !g_cancellable_is_cancelled (cancellable));
}

GPtrArray *
signet_keyset_test (SignetStore *store, SignetKeyset *keyset, const char *program, SignetPrompter *prompter,
                    SignetRevocationCache *cache, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) locked = NULL;
  g_autoptr (GPtrArray) keys = signet_keyset_use (store, keyset, program, SIGNET_PURPOSE_TEST, prompter, cancellable,
                                                  &locked);

  if (keys == NULL && !is_finding (locked, cancellable)) {
    g_propagate_error (error, g_steal_pointer (&locked));
    return NULL;
  }
  g_autoptr (GPtrArray) states = ask_authorities (keyset, cache, cancellable, error);
  if (states == NULL)
    return NULL;
  return signet_keyset_check_health (keyset, keys, locked, states, signet_clock_now (), cancellable, error);
}
