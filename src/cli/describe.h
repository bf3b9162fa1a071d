/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enroll/pending.h"
#include "keyset/keyset.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* How requests and keysets are printed: as JSON for programs, as lines for people. */
JsonObject *signet_describe_pending (SignetPending *pending);
JsonObject *signet_describe_keyset (SignetKeyset *keyset);
JsonObject *signet_describe_id (SignetDigitalId *id);

void signet_print_pending (SignetPending *pending);
void signet_print_keyset_line (SignetKeyset *keyset);
void signet_print_keyset (SignetKeyset *keyset);

/* What a verb has made of a keyset: as JSON, or in a line. */
void signet_print_changed_keyset (SignetKeyset *keyset, gboolean json);

/* OBJECT on standard output; takes it. */
void signet_print_json (JsonObject *object);

/* { MEMBER: [ … ] } of what DESCRIBE makes of each in LIST. */
void signet_print_json_list (const char *member, GPtrArray *list, JsonObject *(*describe) (gpointer));

G_END_DECLS
