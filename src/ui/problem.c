/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/problem.h"

#include "base/error.h"
#include "base/i18n.h"

#include <gio/gio.h>

typedef struct {
  SignetError code;
  const char *title;
  const char *sentence;        /* NULL: the error says it, with what only it knows */
  const char *icon_name;
  SignetWayOn way_on;
} Row;

static const Row reply_rows[] = {
  { SIGNET_ERROR_NOT_FOR_US, N_("This reply is for another computer or user"),
    N_("No request of yours on this computer fits it. Open it where you asked for the digital ID, as the same user."),
    "avatar-default-symbolic", SIGNET_WAY_ON_CLOSE },
  { SIGNET_ERROR_DAMAGED, N_("This reply was changed on its way"),
    N_("It is not what the authority sent, and nothing of it was used. Signet also fetches the reply itself: see "
       "your request in the list."),
    "dialog-warning-symbolic", SIGNET_WAY_ON_CLOSE },
  { SIGNET_ERROR_UNTRUSTED, N_("This reply is from another authority than the one you asked"),
    N_("Nothing of it was used. Tell your administrator, and wait for the right one: your request is kept."),
    "dialog-warning-symbolic", SIGNET_WAY_ON_CLOSE },
  { SIGNET_ERROR_EXPIRED, N_("This reply has expired"),
    N_("It was not opened in time. Ask your administrator for a new invitation."),
    "document-open-recent-symbolic", SIGNET_WAY_ON_GET_ID },
  { SIGNET_ERROR_REMOVED, N_("The request was removed"),
    N_("You removed the request that this reply answers. Ask your administrator for a new invitation."),
    "user-trash-symbolic", SIGNET_WAY_ON_GET_ID },
  { SIGNET_ERROR_ALREADY_INSTALLED, N_("This reply is installed already"), NULL,
    "emblem-ok-symbolic", SIGNET_WAY_ON_CLOSE },
  { SIGNET_ERROR_NOT_FOUND, N_("This request is gone"),
    N_("It was installed or removed meanwhile. The list of your digital IDs shows what there is."),
    "dialog-question-symbolic", SIGNET_WAY_ON_CLOSE },
  { SIGNET_ERROR_UNSUPPORTED, N_("This reply needs a newer Signet"),
    N_("It is written in a form that this version does not know. Update Signet, then open the reply again."),
    "software-update-available-symbolic", SIGNET_WAY_ON_CLOSE },
  { SIGNET_ERROR_INVALID, N_("This is not a reply"),
    N_("Open the whole message of your authority, or the file that is attached to it."),
    "dialog-question-symbolic", SIGNET_WAY_ON_CLOSE },
  { SIGNET_ERROR_TOO_LARGE, N_("This is not a reply"), NULL,
    "dialog-question-symbolic", SIGNET_WAY_ON_CLOSE },
};

static const Row file_rows[] = {
  { SIGNET_ERROR_NOT_FOUND, N_("Something is missing in this file"), NULL,
    "dialog-question-symbolic", SIGNET_WAY_ON_ADD_FILE },
  { SIGNET_ERROR_DAMAGED, N_("This file is damaged"), NULL,
    "dialog-warning-symbolic", SIGNET_WAY_ON_CLOSE },
  { SIGNET_ERROR_INVALID, N_("This file cannot be read"), NULL,
    "dialog-warning-symbolic", SIGNET_WAY_ON_CLOSE },
  { SIGNET_ERROR_TOO_LARGE, N_("This file asks for too much"), NULL,
    "dialog-warning-symbolic", SIGNET_WAY_ON_CLOSE },
  { SIGNET_ERROR_UNSUPPORTED, N_("Signet cannot use this file"), NULL,
    "dialog-question-symbolic", SIGNET_WAY_ON_CLOSE },
  { SIGNET_ERROR_EXPIRED, N_("This digital ID has expired"), NULL,
    "document-open-recent-symbolic", SIGNET_WAY_ON_GET_ID },
  { SIGNET_ERROR_ALREADY_INSTALLED, N_("These digital IDs are here already"), NULL,
    "emblem-ok-symbolic", SIGNET_WAY_ON_CLOSE },
};

static const Row certificate_rows[] = {
  { SIGNET_ERROR_NOT_FOUND, N_("This request is gone"),
    N_("Its certificate was installed, or you removed it, meanwhile. The list of your digital IDs shows what there "
       "is."),
    "dialog-question-symbolic", SIGNET_WAY_ON_CLOSE },
  { SIGNET_ERROR_NOT_FOR_US, N_("This certificate is for somebody else"), NULL,
    "avatar-default-symbolic", SIGNET_WAY_ON_CLOSE },
  { SIGNET_ERROR_EXPIRED, N_("This certificate is not valid now"), NULL,
    "document-open-recent-symbolic", SIGNET_WAY_ON_CLOSE },
  { SIGNET_ERROR_UNSUPPORTED, N_("This certificate is not for mail"), NULL,
    "dialog-question-symbolic", SIGNET_WAY_ON_CLOSE },
  { SIGNET_ERROR_INVALID, N_("This certificate cannot be read"), NULL,
    "dialog-warning-symbolic", SIGNET_WAY_ON_CLOSE },
  { SIGNET_ERROR_ALREADY_INSTALLED, N_("This certificate is installed already"), NULL,
    "emblem-ok-symbolic", SIGNET_WAY_ON_CLOSE },
};

static const Row backup_rows[] = {
  { SIGNET_ERROR_DAMAGED, N_("This backup is damaged"), NULL,
    "dialog-warning-symbolic", SIGNET_WAY_ON_CLOSE },
  { SIGNET_ERROR_INVALID, N_("This is not a backup"), NULL,
    "dialog-question-symbolic", SIGNET_WAY_ON_CLOSE },
  { SIGNET_ERROR_TOO_LARGE, N_("This is not a backup"), NULL,
    "dialog-question-symbolic", SIGNET_WAY_ON_CLOSE },
  { SIGNET_ERROR_UNSUPPORTED, N_("This backup needs a newer Signet"), NULL,
    "software-update-available-symbolic", SIGNET_WAY_ON_CLOSE },
};

/* Whatever was opened. */
static const Row store_rows[] = {
  { SIGNET_ERROR_LOCKED, N_("Your keyring is locked"),
    N_("Signet keeps digital IDs and requests in it. Unlock it to go on."),
    "system-lock-screen-symbolic", SIGNET_WAY_ON_UNLOCK },
  { SIGNET_ERROR_NO_STORE, N_("There is no keyring"), NULL,
    "dialog-warning-symbolic", SIGNET_WAY_ON_TRY_AGAIN },
  { SIGNET_ERROR_BUSY, N_("Another Signet is at work"), NULL,
    "emblem-synchronizing-symbolic", SIGNET_WAY_ON_TRY_AGAIN },
  { SIGNET_ERROR_UNREACHABLE, N_("The keyring or the server does not answer"), NULL,
    "network-error-symbolic", SIGNET_WAY_ON_TRY_AGAIN },
};

static const struct {
  const Row *rows;
  guint n_rows;
  const char *title;           /* of an error that is in no row */
} things[] = {
  [SIGNET_PROBLEM_OF_REPLY] = { reply_rows, G_N_ELEMENTS (reply_rows), N_("This reply could not be opened") },
  [SIGNET_PROBLEM_OF_FILE] = { file_rows, G_N_ELEMENTS (file_rows), N_("This file could not be opened") },
  [SIGNET_PROBLEM_OF_CERTIFICATE] = { certificate_rows, G_N_ELEMENTS (certificate_rows),
                                      N_("This certificate could not be opened") },
  [SIGNET_PROBLEM_OF_BACKUP] = { backup_rows, G_N_ELEMENTS (backup_rows), N_("This backup could not be opened") },
};

static const Row *
find_row (const Row *rows, guint n_rows, const GError *error)
{
  for (guint i = 0; i < n_rows; i++) {
    if (g_error_matches (error, SIGNET_ERROR, rows[i].code))
      return &rows[i];
  }

  return NULL;
}

SignetProblem
signet_problem_describe (SignetProblemOf of, const GError *error)
{
  const Row *row = find_row (things[of].rows, things[of].n_rows, error);
  SignetProblem problem = { _(things[of].title), error->message, "dialog-warning-symbolic", SIGNET_WAY_ON_TRY_AGAIN };

  if (!row)
    row = find_row (store_rows, G_N_ELEMENTS (store_rows), error);
  if (row) {
    problem.title = _(row->title);
    problem.sentence = row->sentence ? _(row->sentence) : error->message;
    problem.icon_name = row->icon_name;
    problem.way_on = row->way_on;
  }

  return problem;
}

const char *
signet_way_on_get_label (SignetWayOn way_on)
{
  switch (way_on) {
  case SIGNET_WAY_ON_TRY_AGAIN:
    return _("_Try Again");
  case SIGNET_WAY_ON_UNLOCK:
    return _("_Unlock");
  case SIGNET_WAY_ON_ADD_FILE:
    return _("_Add a File…");
  case SIGNET_WAY_ON_GET_ID:
    return _("_Get a Digital ID");
  case SIGNET_WAY_ON_CLOSE:
  default:
    return _("_Close");
  }
}
