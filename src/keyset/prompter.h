/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/keyset.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a program wants the private keys of a keyset for. */
typedef enum {
  SIGNET_PURPOSE_SIGN,
  SIGNET_PURPOSE_OPEN,
  SIGNET_PURPOSE_TEST,
  SIGNET_PURPOSE_RENEW,
  SIGNET_PURPOSE_REVOKE,
  SIGNET_PURPOSE_EXPORT,
} SignetPurpose;

/* What the user is asked.  Lasts, at one address, as long as the use that it is for. */
typedef struct {
  SignetKeyset *keyset;
  const char *program;      /* as people know it: "Signet", "Thunderbird" */
  SignetPurpose purpose;
  gboolean refused;         /* the password that was given last was wrong */
  guint remember_minutes;   /* how long it could be remembered; 0: that is not to be offered */
} SignetPrompt;

/* "PROGRAM wants to sign a message with “NAME”.", for the purpose of PROMPT; NAME is the keyset's, perhaps shortened
 * (NULL: as it is): (transfer full). */
char *signet_prompt_dup_sentence (const SignetPrompt *prompt, const char *name);

/* Who asks the user on behalf of code that has no face: a window in the one, the terminal in the other.  All calls come
 * from a worker thread and block it; signet_keyset_use() makes them one use at a time.  G_IO_ERROR_CANCELLED when the
 * user says no or closes the question, or the cancellable is cancelled: then nothing has happened.  The cancellable is
 * the use's own: a prompter cancels it when the user gives up while his answer is being tried. */
#define SIGNET_TYPE_PROMPTER (signet_prompter_get_type ())
G_DECLARE_INTERFACE (SignetPrompter, signet_prompter, SIGNET, PROMPTER, GObject)

struct _SignetPrompterInterface {
  GTypeInterface parent;

  SignetSecret *(*ask_password) (SignetPrompter *self, const SignetPrompt *prompt, gboolean *remember,
                                 GCancellable *cancellable, GError **error);
  gboolean (*ask_consent) (SignetPrompter *self, const SignetPrompt *prompt, GCancellable *cancellable, GError **error);
  void (*done) (SignetPrompter *self, const SignetPrompt *prompt);      /* or NULL */
};

/* The keyset's password.  *REMEMBER becomes TRUE when the user wants it remembered.  Called again, with REFUSED, when
 * it was wrong; and then no sooner than the pause (keyset/password-pause.h) is over. */
SignetSecret *signet_prompter_ask_password (SignetPrompter *self, const SignetPrompt *prompt, gboolean *remember,
                                            GCancellable *cancellable, GError **error);

/* May PROGRAM use it? */
gboolean signet_prompter_ask_consent (SignetPrompter *self, const SignetPrompt *prompt, GCancellable *cancellable,
                                      GError **error);

/* Nothing more will be asked for PROMPT, whether the keys were given or not. */
void signet_prompter_done (SignetPrompter *self, const SignetPrompt *prompt);

G_END_DECLS
