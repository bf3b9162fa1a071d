/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/verbs.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "cli/describe.h"
#include "cli/terminal.h"
#include "enroll/file-request.h"
#include "protocol/request.h"

#include <stdio.h>

/* The reply in MESSAGE, or (NULL) that of the pending request ID. */
static SignetReplyOffer *
open_reply (SignetEnroller *enroller, SignetSecret *message, const char *id, GError **error)
{
  if (message == NULL)
    return signet_enroller_open_pending (enroller, id, NULL, error);

  gsize length;
  const guint8 *data = signet_secret_get (message, &length);
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);    /* locked to the reply key: not secret as it is */
  return signet_enroller_open (enroller, bytes, NULL, error);
}

/* --- a certificate, for a request that was saved as a file --- */

/* (element-type SignetCertificate), when there is nothing but certificates in FILE; else NULL. */
static GPtrArray *
read_certificates (SignetSecret *file)
{
  g_autoptr (SignetKeyFile) found = signet_key_file_new ();
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_certificate_unref);

  if (!signet_key_file_read (found, file, NULL, NULL, NULL) || found->keys->len > 0)
    return NULL;
  for (guint i = 0; i < found->certificates->len; i++) {
    SignetCertificate *certificate = signet_certificate_new (found->certificates->pdata[i], NULL);
    if (certificate != NULL)
      g_ptr_array_add (list, certificate);
  }
  return list->len > 0 ? g_steal_pointer (&list) : NULL;
}

static SignetKeyset *
install_certificate (SignetEnroller *enroller, SignetPending *pending, GPtrArray *certificates, const char *name,
                     int password_fd, GError **error)
{
  SignetLevel level = signet_pending_get_level (pending);
  const char *asked = signet_pending_get_keyset_name (pending), *chosen = name != NULL ? name : asked;
  g_autoptr (SignetSecret) password = NULL;
  g_autoptr (GError) problem = NULL;

  if (!signet_pending_check_certificates (pending, certificates, error))
    return NULL;
  if (level == SIGNET_LEVEL_HIGH &&
      (password = signet_terminal_get_password (asked, FALSE, password_fd, error)) == NULL)
    return NULL;
  g_autoptr (SignetImport) import = signet_pending_open_file (pending, certificates, password, error);
  g_autoptr (SignetKeyset) existing = import != NULL ? signet_enroller_find_keyset (enroller, chosen, NULL, &problem)
                                                     : NULL;
  if (import == NULL || problem != NULL) {
    if (problem != NULL)
      g_propagate_error (error, g_steal_pointer (&problem));
    return NULL;
  }
  return signet_enroller_install_file (enroller, pending, import, chosen, existing != NULL, level, password, NULL,
                                       error);
}

static gboolean
open_certificates (SignetEnroller *enroller, GPtrArray *certificates, const char *name, int password_fd, gboolean json,
                   GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (SignetPending) pending = signet_enroller_find_file (enroller, certificates, NULL, &problem);
  g_autoptr (SignetKeyset) keyset = NULL;

  if (problem != NULL) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  if (pending == NULL) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOR_US,
                         _("No request on this computer waits for this certificate. Open it where you asked for it."));
    return FALSE;
  }
  keyset = install_certificate (enroller, pending, certificates, name, password_fd, error);
  if (keyset != NULL)
    signet_print_changed_keyset (keyset, json);
  return keyset != NULL;
}

/* --- a reply --- */

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

  gboolean is_id = signet_request_id_is_valid (arguments[1]);
  g_autoptr (SignetSecret) file = is_id ? NULL : signet_terminal_read_file (arguments[1], SIGNET_MAX_MESSAGE, error);
  if (file == NULL && !is_id)
    return FALSE;
  g_autoptr (GPtrArray) certificates = file != NULL ? read_certificates (file) : NULL;
  if (certificates != NULL && level != 0) {
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                         _("The level was chosen when the request was made: leave --level out."));
    return FALSE;
  }
  if (certificates != NULL)
    return open_certificates (enroller, certificates, keyset_name, password_fd, json, error);
  g_autoptr (SignetReplyOffer) offer = open_reply (enroller, file, arguments[1], error);
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
