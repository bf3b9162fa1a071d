/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/keyset.h"
#include "test-ca.h"

G_BEGIN_DECLS

#define SAMPLE_PASSWORD "correct horse battery staple"

/* Digital IDs with their keys, by one authority, for unit tests. */
typedef struct {
  TestCa *ca;
  GPtrArray *ids;       /* (element-type SignetDigitalId) */
  GPtrArray *keys;      /* (element-type SignetPrivateKey) */
} SampleIds;

SampleIds *sample_ids_new (void);
void sample_ids_free (SampleIds *self);

/* Adds an ID for ADDRESS on the KEYth key until NOT_AFTER (0: a year from now); REPLY is its reply id (NULL: none). */
void sample_ids_add (SampleIds *self, SignetIdUse use, gboolean current, guint key, const char *address,
                     gint64 not_after, const char *reply);

/* A keyset of asa@example.org: signing on key 0, encryption on key 1, an older encryption key 2, all by the reply "r1".
 * SAMPLE_PASSWORD at High. */
SignetKeyset *sample_keyset_new (const char *name, SignetLevel level);

SignetSecret *sample_password (SignetLevel level);     /* or NULL */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SampleIds, sample_ids_free)

G_END_DECLS
