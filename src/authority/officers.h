/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "crypto/private-key.h"

G_BEGIN_DECLS

/* The officers of an authority: people of whom THRESHOLD together can open the archive of encryption keys, and no
 * program alone.
 *
 * The archive's recovery key is sealed (crypto/key-lock.h) under a random key that exists nowhere but in shares
 * (crypto/secret-sharing.h), one for each officer.  An officer's box, under a password that only that officer knows
 * (crypto/password-lock.h; its header is "signet officer 1" and the name), holds:
 *
 *   33 bytes   the share
 *   32 bytes   the roster's digest: SHA-256 over the threshold, all names and public keys, and the recovery key's
 *   the rest   two P-256 keys, an AsymmetricKeyPackage: one signs approvals, to the other the officers who approve
 *              before lock their shares
 *
 * The digest keeps whoever can write into the database from putting a key of his own in an officer's place: an officer
 * whose box does not know the roster hands out nothing. */
typedef struct {
  char *name;
  GBytes *signing_spki;
  GBytes *exchange_spki;
  GBytes *sealed;
} SignetOfficer;

typedef struct {
  guint threshold;
  GPtrArray *officers;             /* (element-type SignetOfficer), in the order of their shares */
} SignetRoster;

/* One who is to become an officer. */
typedef struct {
  char *name;
  SignetSecret *password;
} SignetOfficerSeed;

/* An officer whose box is open. */
typedef struct {
  SignetOfficer *officer;          /* of the roster */
  SignetSecret *share;
  SignetPrivateKey *signing_key;
  SignetPrivateKey *exchange_key;
} SignetOfficerKeys;

SignetOfficer *signet_officer_new (void);
void signet_officer_free (SignetOfficer *self);
SignetOfficerSeed *signet_officer_seed_new (const char *name, SignetSecret *password);
void signet_officer_seed_free (SignetOfficerSeed *self);
void signet_officer_keys_free (SignetOfficerKeys *self);
/* Empty. */
SignetRoster *signet_roster_new (guint threshold);
void signet_roster_free (SignetRoster *self);

/* Whether M of N is a number of officers that makes sense: 1 of 1, or 2 to N of at most SIGNET_MAX_SHARES.
 * SIGNET_ERROR_INVALID says what is wrong. */
gboolean signet_roster_check_threshold (guint m, guint n, GError **error);

/* Whether SEED can stand beside the first COUNT of SEEDS: a name of its own, a password of its own and of 12 characters
 * or more.  SIGNET_ERROR_INVALID. */
gboolean signet_officer_seed_check (const SignetOfficerSeed *seed, GPtrArray *seeds, guint count, GError **error);

/* Splits RECOVERY_KEY among SEEDS (element-type SignetOfficerSeed), who have been checked.  *SEALED becomes what
 * signet_roster_open_recovery_key() opens.  A quarter of a second for each. */
SignetRoster *signet_roster_create (GPtrArray *seeds, guint threshold, SignetPrivateKey *recovery_key, GBytes **sealed,
                                    GError **error);

/* Whether two names are the same person's: in any case. */
gboolean signet_officer_name_equal (const char *a, const char *b);

/* NULL: there is none of that name. */
SignetOfficer *signet_roster_find (SignetRoster *self, const char *name);

/* Opens the box of OFFICER, who is of the roster: SIGNET_ERROR_WRONG_PASSWORD, _DAMAGED, or _UNTRUSTED when the roster
 * is not the one that the officer knows. */
SignetOfficerKeys *signet_roster_open (SignetRoster *self, SignetOfficer *officer, SignetSecret *password,
                                       GBytes *recovery_spki, GError **error);

/* The box of OFFICER under another password. */
GBytes *signet_officer_reseal (SignetOfficer *officer, SignetSecret *password, SignetSecret *replacement,
                               GError **error);

/* The recovery key, from the shares (element-type SignetSecret) of THRESHOLD officers: SIGNET_ERROR_WRONG_PASSWORD when
 * they are not enough or not right. */
SignetPrivateKey *signet_roster_open_recovery_key (GBytes *sealed, GPtrArray *shares, GBytes *recovery_spki,
                                                   GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetOfficer, signet_officer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetOfficerSeed, signet_officer_seed_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetOfficerKeys, signet_officer_keys_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetRoster, signet_roster_free)

G_END_DECLS
