/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/prompter.h"

#include "base/error.h"
#include "base/i18n.h"
#include "cli/terminal.h"
#include "keyset/password-pause.h"

#include <stdio.h>

struct _SignetTerminalPrompter {
  GObject parent;
  int password_fd;
};

static void signet_terminal_prompter_iface_init (SignetPrompterInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SignetTerminalPrompter, signet_terminal_prompter, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SIGNET_TYPE_PROMPTER, signet_terminal_prompter_iface_init))

/* Says that the last one was wrong, and waits as long as the next try has to. */
static gboolean
wait_after_wrong_one (const SignetPrompt *prompt, GCancellable *cancellable, GError **error)
{
  const char *id = signet_keyset_get_id (prompt->keyset);
  guint pause = signet_password_pause_left (id);
  g_autofree char *text = g_strdup_printf (_("That is not the password of “%s”."),
                                           signet_keyset_get_name (prompt->keyset));
  g_autofree char *wait = g_strdup_printf (ngettext ("After wrong passwords Signet waits: try again in %u second.",
                                                     "After wrong passwords Signet waits: try again in %u seconds.",
                                                     pause), pause);

  fprintf (stderr, "%s\n%s%s", text, pause > 0 ? wait : "", pause > 0 ? "\n" : "");
  return signet_password_pause_wait (id, cancellable, error);
}

static SignetSecret *
signet_terminal_prompter_ask_password (SignetPrompter *prompter, const SignetPrompt *prompt, gboolean *remember,
                                       GCancellable *cancellable, GError **error)
{
  int fd = SIGNET_TERMINAL_PROMPTER (prompter)->password_fd;
  const char *name = signet_keyset_get_name (prompt->keyset);

  if (prompt->refused && fd >= 0) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD, _("That is not the password of “%s”."), name);
    return NULL;
  }
  if (prompt->refused && !wait_after_wrong_one (prompt, cancellable, error))
    return NULL;
  return signet_terminal_get_password (name, FALSE, fd, error);
}

static gboolean
signet_terminal_prompter_ask_consent (SignetPrompter *prompter, const SignetPrompt *prompt, GCancellable *cancellable,
                                      GError **error)
{
  g_autofree char *sentence = signet_prompt_dup_sentence (prompt, NULL);
  /* Translators: what a program wants to do, as a sentence; the letters that can be typed for yes and no. */
  g_autofree char *question = g_strdup_printf (_("%s Allow it? %s "), sentence, _("[y/N]"));
  g_autofree char *hint = g_strdup_printf (_("“%s” is at the level medium, where each use must be allowed. There is no "
                                             "terminal to ask on: run this in one."),
                                           signet_keyset_get_name (prompt->keyset));
  g_autofree char *answer = signet_terminal_ask_line (question, hint, error);

  if (answer == NULL)
    return FALSE;
  if (g_ascii_tolower (*answer) == *_("y"))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("It was not allowed. Nothing was done."));
  return FALSE;
}

static void
signet_terminal_prompter_iface_init (SignetPrompterInterface *iface)
{
  iface->ask_password = signet_terminal_prompter_ask_password;
  iface->ask_consent = signet_terminal_prompter_ask_consent;
}

static void
signet_terminal_prompter_class_init (SignetTerminalPrompterClass *class)
{
}

static void
signet_terminal_prompter_init (SignetTerminalPrompter *self)
{
}

SignetPrompter *
signet_terminal_prompter_new (int password_fd)
{
  SignetTerminalPrompter *self = g_object_new (SIGNET_TYPE_TERMINAL_PROMPTER, NULL);

  self->password_fd = password_fd;
  return SIGNET_PROMPTER (self);
}
