/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enroll/pending.h"

G_BEGIN_DECLS

/* What pending.c makes, and pending-format.c writes and reads. */
struct _SignetPending {
  GObject parent_instance;

  SignetPendingState state;
  char *id;
  char *authority_url;
  char *authority_name;
  char *address;
  char *keyset_name;
  char *renewed;               /* the id of a keyset; NULL: an enrollment */
  GError *problem;
  gint64 created;
  gint64 retry_at;
  SignetLevel level;           /* 0: not saved as a file */
  SignetPendingFacts facts;
};

G_END_DECLS
