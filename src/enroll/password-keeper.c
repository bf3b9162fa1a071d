/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enroll/password-keeper.h"

#include "base/i18n.h"

struct _SignetPasswordKeeper {
  GObject parent_instance;

  SignetPrompter *asker;          /* or NULL */
  SignetSecret *password;         /* or NULL */
};

static void prompter_init (SignetPrompterInterface *iface);

G_DEFINE_TYPE_WITH_CODE (SignetPasswordKeeper, signet_password_keeper, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (SIGNET_TYPE_PROMPTER, prompter_init))

static void
signet_password_keeper_finalize (GObject *object)
{
  SignetPasswordKeeper *self = SIGNET_PASSWORD_KEEPER (object);

  g_clear_object (&self->asker);
  g_clear_pointer (&self->password, signet_secret_unref);
  G_OBJECT_CLASS (signet_password_keeper_parent_class)->finalize (object);
}

static void
signet_password_keeper_class_init (SignetPasswordKeeperClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = signet_password_keeper_finalize;
}

static void
signet_password_keeper_init (SignetPasswordKeeper *self)
{
}

static SignetSecret *
ask_password (SignetPrompter *prompter, const SignetPrompt *prompt, gboolean *remember, GCancellable *cancellable,
              GError **error)
{
  SignetPasswordKeeper *self = SIGNET_PASSWORD_KEEPER (prompter);
  SignetSecret *password;

  g_clear_pointer (&self->password, signet_secret_unref);
  if (self->asker == NULL) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("There is nobody to be asked for the password."));
    return NULL;
  }
  password = signet_prompter_ask_password (self->asker, prompt, remember, cancellable, error);
  self->password = password != NULL ? signet_secret_ref (password) : NULL;
  return password;
}

static gboolean
ask_consent (SignetPrompter *prompter, const SignetPrompt *prompt, GCancellable *cancellable, GError **error)
{
  SignetPasswordKeeper *self = SIGNET_PASSWORD_KEEPER (prompter);

  return self->asker == NULL || signet_prompter_ask_consent (self->asker, prompt, cancellable, error);
}

static void
done (SignetPrompter *prompter, const SignetPrompt *prompt)
{
  SignetPasswordKeeper *self = SIGNET_PASSWORD_KEEPER (prompter);

  if (self->asker != NULL)
    signet_prompter_done (self->asker, prompt);
}

static void
prompter_init (SignetPrompterInterface *iface)
{
  iface->ask_password = ask_password;
  iface->ask_consent = ask_consent;
  iface->done = done;
}

SignetPasswordKeeper *
signet_password_keeper_new (SignetPrompter *asker)
{
  SignetPasswordKeeper *self = g_object_new (SIGNET_TYPE_PASSWORD_KEEPER, NULL);

  self->asker = asker != NULL ? g_object_ref (asker) : NULL;
  return self;
}

SignetSecret *
signet_password_keeper_get (SignetPasswordKeeper *self)
{
  return self->password;
}
