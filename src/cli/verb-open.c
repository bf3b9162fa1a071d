/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/verbs.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "cli/describe.h"
#include "cli/terminal.h"
#include "protocol/request.h"

#include <stdio.h>

/* The reply in a file, or that of a pending request that is named by its id. */
static SignetReplyOffer *
open_reply (SignetEnroller *enroller, const char *argument, GError **error)
{
  if (signet_request_id_is_valid (argument))
    return signet_enroller_open_pending (enroller, argument, NULL, error);

  g_autoptr (SignetSecret) message = signet_terminal_read_file (argument, SIGNET_MAX_MESSAGE, error);
  if (message == NULL)
    return NULL;
  gsize length;
  const guint8 *data = signet_secret_get (message, &length);
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);    /* locked to the reply key: not secret as it is */
  return signet_enroller_open (enroller, bytes, NULL, error);
}

/* LEVEL 0: that of the keyset that is there, or High. */
static SignetKeyset *
install (SignetEnroller *enroller, SignetReplyOffer *offer, const char *name, SignetLevel level, int password_fd,
         GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (SignetKeyset) existing = signet_enroller_find_keyset (enroller, name, NULL, &local_error);
  g_autoptr (SignetSecret) password = NULL;

  if (local_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return NULL;
  }
  if (!signet_verb_choose_protection (name, existing, password_fd, &level, &password, error))
    return NULL;
  return signet_enroller_install (enroller, offer, name, existing != NULL, level, password, NULL, error);
}

gboolean
signet_verb_open (SignetEnroller *enroller, int count, char **arguments, GError **error)
{
  g_autofree char *keyset_name = NULL, *level_name = NULL;
  int password_fd = -1;
  SignetLevel level = 0;
  gboolean json = FALSE;
  GOptionEntry entries[] = {
    { "keyset", 0, 0, G_OPTION_ARG_STRING, &keyset_name,
      N_("Put it into this keyset (default: the one named when asking)"), N_("NAME") },
    { "level", 0, 0, G_OPTION_ARG_STRING, &level_name,
      N_("Security level: high (default), medium or low"), N_("LEVEL") },
    { "password-fd", 0, 0, G_OPTION_ARG_INT, &password_fd,
      N_("Read the keyset's password from this file descriptor"), N_("N") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print JSON"), NULL },
    { NULL },
  };

  if (!signet_verb_parse (entries, _("FILE"), 1, &count, &arguments, error) ||
      (level_name != NULL && !signet_verb_parse_level (level_name, &level, error)))
    return FALSE;

  g_autoptr (SignetReplyOffer) offer = open_reply (enroller, arguments[1], error);
  if (offer == NULL)
    return FALSE;
  const char *name = keyset_name != NULL ? keyset_name : signet_reply_offer_get_keyset_name (offer);
  g_autoptr (SignetKeyset) keyset = install (enroller, offer, name, level, password_fd, error);
  if (keyset == NULL)
    return FALSE;

  signet_print_changed_keyset (keyset, json);
  fflush (stdout);

  /* The keyset is in, and said to be; the next fetch tells the authority when it cannot be told now. */
  const char *pending_id = signet_pending_get_id (signet_reply_offer_get_pending (offer));
  g_autoptr (SignetPending) left = signet_enroller_check (enroller, pending_id, NULL, NULL);
  return TRUE;
}
