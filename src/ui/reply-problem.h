/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  SIGNET_WAY_ON_CLOSE,
  SIGNET_WAY_ON_TRY_AGAIN,
  SIGNET_WAY_ON_UNLOCK,        /* the keyring, then try again */
  SIGNET_WAY_ON_GET_ID,        /* ask for another digital ID */
} SignetWayOn;

/* A reply that was not opened, for people: one title, one sentence, one way on.  Translated texts, owned by nobody;
 * the sentence may be the error's own. */
typedef struct {
  const char *title;
  const char *sentence;
  const char *icon_name;
  SignetWayOn way_on;
} SignetReplyProblem;

/* For an error of signet_enroller_open() or of reading a reply. */
SignetReplyProblem signet_reply_problem_describe (const GError *error);

/* The label of the button that does it. */
const char *signet_way_on_get_label (SignetWayOn way_on);

G_END_DECLS
