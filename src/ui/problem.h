/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  SIGNET_WAY_ON_CLOSE,
  SIGNET_WAY_ON_TRY_AGAIN,
  SIGNET_WAY_ON_UNLOCK,        /* the keyring, then try again */
  SIGNET_WAY_ON_GET_ID,        /* ask for another digital ID */
  SIGNET_WAY_ON_ADD_FILE,      /* with what is missing in this one */
} SignetWayOn;

/* What was opened. */
typedef enum {
  SIGNET_PROBLEM_OF_REPLY,
  SIGNET_PROBLEM_OF_FILE,          /* keys that another program wrote */
  SIGNET_PROBLEM_OF_CERTIFICATE,   /* for a request that was saved as a file */
  SIGNET_PROBLEM_OF_BACKUP,
} SignetProblemOf;

/* Something that was not opened, for people: one title, one sentence, one way on.  Translated texts, owned by nobody;
 * the sentence may be the error's own. */
typedef struct {
  const char *title;
  const char *sentence;
  const char *icon_name;
  SignetWayOn way_on;
} SignetProblem;

/* For an error of opening or reading it, or of the store. */
SignetProblem signet_problem_describe (SignetProblemOf of, const GError *error);

/* The label of the button that does it. */
const char *signet_way_on_get_label (SignetWayOn way_on);

G_END_DECLS
