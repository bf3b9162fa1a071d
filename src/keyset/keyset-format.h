/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/json.h"
#include "keyset/keyset.h"

G_BEGIN_DECLS

#define SIGNET_KEYSET_MAGIC "SIGNETKS"
#define SIGNET_KEYSET_VERSION 1

/* What the header of a stored keyset says: everything but the private keys. */
typedef struct {
  char *id;
  char *name;
  SignetLevel level;
  guint remember;       /* minutes; 0: never */
  gboolean renews_itself;
  GPtrArray *ids;       /* (element-type SignetDigitalId) */
} SignetKeysetFacts;

/* The header of the stored form, documented in keyset-format.c. */
JsonObject *signet_keyset_facts_to_header (const SignetKeysetFacts *self);

/* Every member is checked: SIGNET_ERROR_DAMAGED. */
SignetKeysetFacts *signet_keyset_facts_from_header (JsonObject *header, GError **error);
void signet_keyset_facts_free (SignetKeysetFacts *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetKeysetFacts, signet_keyset_facts_free)

G_END_DECLS
