/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cert/certificate.h"
#include "crypto/private-key.h"

G_BEGIN_DECLS

typedef enum {
  SIGNET_LEVEL_LOW = 1,      /* silent */
  SIGNET_LEVEL_MEDIUM = 2,   /* each use is asked for */
  SIGNET_LEVEL_HIGH = 3,     /* the password at each use: the private keys are sealed under it */
} SignetLevel;

/* "low", "medium", "high": the word of the stored form and of the command line. */
const char *signet_level_to_name (SignetLevel level);
gboolean signet_level_from_name (const char *name, SignetLevel *level);

typedef enum {
  SIGNET_ID_SIGNING,
  SIGNET_ID_ENCRYPTION,
} SignetIdUse;

/* One private key's public side within a keyset.  Immutable and counted. */
typedef struct {
  SignetIdUse use;
  gboolean current;              /* the one for new mail; an encryption ID that is not is key history */
  SignetCertificate *certificate;
  GPtrArray *chain;              /* (element-type SignetCertificate): issuers, the root last */
  char *authority;               /* the name of who issued it */
  char *server;                  /* the URL of a Signet authority that renews it, pinned by the chain's root; or NULL */
  gint64 installed;              /* seconds since 1970 */
  GBytes *reply_id;              /* subject key id of the reply key it came under: knows a reply again; or NULL */
} SignetDigitalId;

#define SIGNET_TYPE_DIGITAL_ID (signet_digital_id_get_type ())
GType signet_digital_id_get_type (void);
SignetDigitalId *signet_digital_id_new (SignetIdUse use, gboolean current, SignetCertificate *certificate,
                                        GPtrArray *chain, const char *authority, gint64 installed, GBytes *reply_id);

/* SELF, which was just made and which nobody else knows, with its server: (transfer full), takes SELF. */
SignetDigitalId *signet_digital_id_take_server (SignetDigitalId *self, const char *server);
SignetDigitalId *signet_digital_id_ref (SignetDigitalId *self);
void signet_digital_id_unref (SignetDigitalId *self);

/* A named set of digital IDs under one level and, at High, one password.  A value: immutable; a change makes a new
 * one with the same id, which then replaces the stored one.  May be used by several threads. */
#define SIGNET_TYPE_KEYSET (signet_keyset_get_type ())
G_DECLARE_FINAL_TYPE (SignetKeyset, signet_keyset, SIGNET, KEYSET, GObject)

/* A name as it is stored: no white space around it, no control characters or line breaks, 1 to SIGNET_MAX_NAME
 * characters: SIGNET_ERROR_INVALID. */
char *signet_keyset_normalize_name (const char *name, GError **error);

/* Whether PASSWORD can be a new one, for a keyset or for a file of keys: not empty, and at most SIGNET_MAX_PASSWORD
 * bytes.  SIGNET_ERROR_INVALID. */
gboolean signet_keyset_check_password (SignetSecret *password, GError **error);

/* Whether two names are the same to a person (case and composition aside). */
gboolean signet_keyset_name_equal (const char *a, const char *b);

/* IDS (element-type SignetDigitalId) and KEYS (element-type SignetPrivateKey), one for each.  PASSWORD at High and
 * only there. Slow at High (the password lock): in a thread. */
SignetKeyset *signet_keyset_new (const char *name, SignetLevel level, GPtrArray *ids, GPtrArray *keys,
                                 SignetSecret *password, GError **error);

/* The keyset with these added to it: they become the current ones, the former encryption IDs key history; an
 * encryption ID that is there already stays once; former signing IDs are dropped.  SIGNET_ERROR_WRONG_PASSWORD. */
SignetKeyset *signet_keyset_add (SignetKeyset *self, GPtrArray *ids, GPtrArray *keys, SignetSecret *password,
                                 GError **error);

/* The same keys under another level or password: NEW_PASSWORD at High and only there.  PASSWORD is the one of now, at
 * High.  One run of the password lock to open, one to seal.  SIGNET_ERROR_WRONG_PASSWORD, and _INVALID for a
 * NEW_PASSWORD that cannot be one. */
SignetKeyset *signet_keyset_protect (SignetKeyset *self, SignetSecret *password, SignetLevel level,
                                     SignetSecret *new_password, GError **error);

/* The same keys under another name (SIGNET_ERROR_INVALID); the name is sealed with them, so High asks PASSWORD. */
SignetKeyset *signet_keyset_rename (SignetKeyset *self, const char *name, SignetSecret *password, GError **error);

/* The same keys, whose password may be remembered for so many MINUTES after it was entered, up to SIGNET_MAX_REMEMBER;
 * 0: never, which is how it begins.  At High only (SIGNET_ERROR_INVALID), where it is sealed with the keys. */
SignetKeyset *signet_keyset_allow_remembering (SignetKeyset *self, guint minutes, SignetSecret *password,
                                               GError **error);

/* The same keys, to be renewed by itself before they run out, or not, which is how it begins.  Below High only
 * (SIGNET_ERROR_INVALID), where nobody has to be asked for the password. */
SignetKeyset *signet_keyset_let_renew_itself (SignetKeyset *self, gboolean itself, GError **error);

/* Whether both are the same, byte for byte, as they are stored. */
gboolean signet_keyset_equal (SignetKeyset *a, SignetKeyset *b);

/* The private keys, one for each ID: (element-type SignetPrivateKey).  PASSWORD at High, else ignored.
 * SIGNET_ERROR_WRONG_PASSWORD, _DAMAGED. */
GPtrArray *signet_keyset_unlock (SignetKeyset *self, SignetSecret *password, GError **error);

/* What PASSWORD is made into, at High, and what can stand in for it as long as the keyset stays as it is stored now; of
 * the next form, under another password or the same, it opens nothing.  Slow; unlocking with it is not, and tells
 * whether it is the right one: SIGNET_ERROR_WRONG_PASSWORD. */
SignetSecret *signet_keyset_derive_key (SignetKeyset *self, SignetSecret *password, GError **error);
GPtrArray *signet_keyset_unlock_with_key (SignetKeyset *self, SignetSecret *key, GError **error);

/* The stored form (keyset-format.c documents it).  SIGNET_ERROR_DAMAGED, _UNSUPPORTED, _TOO_LARGE. */
SignetSecret *signet_keyset_to_blob (SignetKeyset *self, GError **error);
SignetKeyset *signet_keyset_from_blob (SignetSecret *blob, GError **error);

/* Owned by SELF. */
const char *signet_keyset_get_id (SignetKeyset *self);              /* a UUID, for its whole life */
const char *signet_keyset_get_name (SignetKeyset *self);
SignetLevel signet_keyset_get_level (SignetKeyset *self);
guint signet_keyset_get_remember (SignetKeyset *self);              /* minutes; 0: never */
GPtrArray *signet_keyset_get_ids (SignetKeyset *self);              /* (element-type SignetDigitalId) */
SignetDigitalId *signet_keyset_get_current (SignetKeyset *self, SignetIdUse use);   /* or NULL */
gboolean signet_keyset_renews_itself (SignetKeyset *self);

/* The signing ID with whose key its authority can be asked for new ones, or to revoke it; NULL when it has none. */
SignetDigitalId *signet_keyset_get_renewable (SignetKeyset *self);
SignetDigitalId *signet_keyset_find_reply (SignetKeyset *self, GBytes *reply_id);   /* or NULL */
guint signet_keyset_count_history (SignetKeyset *self);

/* When its first current ID runs out; seconds since 1970. */
gint64 signet_keyset_get_expiry (SignetKeyset *self);

/* Every address of the current IDs, once: (transfer full). */
char **signet_keyset_dup_addresses (SignetKeyset *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetDigitalId, signet_digital_id_unref)

G_END_DECLS
