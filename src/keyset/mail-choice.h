/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/keyset.h"
#include "keyset/mail-defaults.h"

G_BEGIN_DECLS

/* Which ID signs mail of an address, or has mail to it encrypted, and with which algorithms; and why.  Pure: what there
 * is and what is known of it at a time in, an answer out. */

typedef enum {
  SIGNET_CHOICE_CHOSEN,        /* by the user */
  SIGNET_CHOICE_ONLY,          /* no other keyset has a valid ID for the address */
  SIGNET_CHOICE_NEWEST,        /* of the valid ones for the address */
  SIGNET_CHOICE_NOT_VALID,     /* none: all for the address have run out, are revoked, or are not valid yet */
  SIGNET_CHOICE_NONE,          /* none: there is no ID for the address */
} SignetChoiceReason;

/* Why the keyset that the user chose is not the answer. */
typedef enum {
  SIGNET_LAPSE_NO,             /* it is, or none was chosen */
  SIGNET_LAPSE_GONE,           /* it was removed */
  SIGNET_LAPSE_OTHER_ADDRESS,  /* it has no current ID of this use for the address */
  SIGNET_LAPSE_NOT_VALID,
} SignetChoiceLapse;

typedef struct {
  SignetIdUse use;
  char *address;
  SignetKeyset *keyset;        /* NULL, as ID, when there is none */
  SignetDigitalId *id;
  SignetChoiceReason reason;
  SignetChoiceLapse lapse;
} SignetIdChoice;

/* Whether ID is known to be revoked. */
typedef gboolean (*SignetIsRevokedFunc) (SignetDigitalId *id, gpointer data);

/* KEYSETS: (element-type SignetKeyset).  NOW in seconds since 1970.  IS_REVOKED is not kept. */
SignetIdChoice *signet_id_choice_new (GPtrArray *keysets, const SignetMailDefaults *defaults, SignetIdUse use,
                                      gint64 now, SignetIsRevokedFunc is_revoked, gpointer data);
void signet_id_choice_free (SignetIdChoice *self);

/* "“Work”, because it has the newest ID for asa@example.org.": for people: (transfer full). */
char *signet_id_choice_explain (const SignetIdChoice *self);

/* "chosen", "only", "newest", "not-valid", "none"; and "gone", "other-address", "not-valid", or NULL: for programs. */
const char *signet_id_choice_get_reason_name (const SignetIdChoice *self);
const char *signet_id_choice_get_lapse_name (const SignetIdChoice *self);

/* The current ID of that use for the (normalized) address in KEYSET, which owns it, valid or not; or NULL. */
SignetDigitalId *signet_keyset_find_for_address (SignetKeyset *keyset, SignetIdUse use, const char *address);

/* The digest to sign with: as the user says, else what fits the key of SIGNING, a certificate: as strong as its curve
 * (RFC 5480 section 4), and SHA-256 for RSA.  Never automatic.  EXPLANATION may be NULL: (transfer full). */
SignetDigest signet_choose_digest (const SignetMailDefaults *defaults, SignetCertificate *signing,
                                   char **explanation);

/* What to encrypt content with: as the user says, else KNOWN, the best that the recipient's program is known to read
 * (RFC 8551 section 2.5.2), else (KNOWN is automatic) AES-256-CBC, which all of them read. */
SignetCipher signet_choose_cipher (const SignetMailDefaults *defaults, SignetCipher known, char **explanation);

/* "SHA-256", "AES-256-GCM": for people. */
const char *signet_digest_get_title (SignetDigest digest);
const char *signet_cipher_get_title (SignetCipher cipher);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetIdChoice, signet_id_choice_free)

G_END_DECLS
