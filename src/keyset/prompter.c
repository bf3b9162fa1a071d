/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/prompter.h"

#include "base/i18n.h"

G_DEFINE_INTERFACE (SignetPrompter, signet_prompter, G_TYPE_OBJECT)

static void
signet_prompter_default_init (SignetPrompterInterface *iface)
{
}

char *
signet_prompt_dup_sentence (const SignetPrompt *prompt, const char *name)
{
  const char *program = prompt->program, *keyset = name != NULL ? name : signet_keyset_get_name (prompt->keyset);

  /* Translators, in all of these: the name of a program, and of a keyset. */
  switch (prompt->purpose) {
    case SIGNET_PURPOSE_SIGN:
      return g_strdup_printf (_("%s wants to sign a message with “%s”."), program, keyset);
    case SIGNET_PURPOSE_OPEN:
      return g_strdup_printf (_("%s wants to open a message with “%s”."), program, keyset);
    case SIGNET_PURPOSE_TEST:
      return g_strdup_printf (_("%s wants to test the digital IDs of “%s”."), program, keyset);
    case SIGNET_PURPOSE_RENEW:
      return g_strdup_printf (_("%s wants to renew the digital IDs of “%s”."), program, keyset);
    case SIGNET_PURPOSE_REVOKE:
      return g_strdup_printf (_("%s wants to revoke digital IDs of “%s”."), program, keyset);
    case SIGNET_PURPOSE_EXPORT:
      return g_strdup_printf (_("%s wants to write the private keys of “%s” to a file."), program, keyset);
  }
  g_return_val_if_reached (NULL);
}

SignetSecret *
signet_prompter_ask_password (SignetPrompter *self, const SignetPrompt *prompt, gboolean *remember,
                              GCancellable *cancellable, GError **error)
{
  return SIGNET_PROMPTER_GET_IFACE (self)->ask_password (self, prompt, remember, cancellable, error);
}

gboolean
signet_prompter_ask_consent (SignetPrompter *self, const SignetPrompt *prompt, GCancellable *cancellable,
                             GError **error)
{
  return SIGNET_PROMPTER_GET_IFACE (self)->ask_consent (self, prompt, cancellable, error);
}

void
signet_prompter_done (SignetPrompter *self, const SignetPrompt *prompt)
{
  if (SIGNET_PROMPTER_GET_IFACE (self)->done != NULL)
    SIGNET_PROMPTER_GET_IFACE (self)->done (self, prompt);
}
