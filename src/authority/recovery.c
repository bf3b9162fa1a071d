/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/recovery.h"

#include "authority/database-users.h"
#include "authority/escrow.h"
#include "base/error.h"
#include "base/hex.h"
#include "base/i18n.h"
#include "base/mail-address.h"
#include "cert/certificate.h"
#include "crypto/cms.h"
#include "crypto/key-lock.h"
#include "protocol/name.h"
#include "protocol/temporary-key.h"

#include <string.h>

#define MAX_KEYS 64                /* keys of a history: what a reply of SIGNET_MAX_REPLY surely holds */
#define MAX_SHARE 4096             /* a share of 33 bytes in its envelope */
#define MAX_APPROVAL 8192          /* a signed approval */

static gboolean
fail (GError **error, SignetError code, const char *text)
{
  g_set_error_literal (error, SIGNET_ERROR, (int) code, text);
  return FALSE;
}

/* --- asking for it --- */

static GBytes *
get_digest (const SignetRecovery *recovery)
{
  char *text = g_strdup_printf ("signet recovery 1\naddress: %s\nreason: %s\nrequester: %s\ncreated: %" G_GINT64_FORMAT
                                "\nexpires: %" G_GINT64_FORMAT "\ncertificates: %s\n", recovery->address,
                                recovery->reason, recovery->requester, recovery->created, recovery->expires,
                                recovery->serials);
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

  return signet_sha256 (bytes);
}

gboolean
signet_recovery_check (const SignetRecovery *recovery, GError **error)
{
  g_autoptr (GBytes) digest = get_digest (recovery);
  g_autofree char *address = signet_mail_address_normalize (recovery->address, NULL);

  /* Text that turns what stands around it would show the officer something else than what he signs. */
  if (g_strcmp0 (address, recovery->address) == 0 && signet_name_is_valid (recovery->reason) &&
      signet_name_is_valid (recovery->requester) && g_bytes_equal (digest, recovery->digest))
    return TRUE;
  return fail (error, SIGNET_ERROR_DAMAGED, _("This recovery was changed after it was asked for. Ask for it again."));
}

/* The user, if there may be a recovery of this one. */
static SignetUser *
find_user (SignetDatabase *database, const char *address, gint64 now, GError **error)
{
  g_autoptr (SignetUser) user = signet_database_find_user (database, address, now, error);
  g_autoptr (SignetRecovery) open = NULL;

  if (user == NULL)
    return NULL;
  if (user->state == SIGNET_USER_REVOKED) {
    fail (error, SIGNET_ERROR_REFUSED, _("This user is revoked. Re-enable the user first."));
    return NULL;
  }
  open = signet_database_find_open_recovery (database, address, now, NULL);
  if (open == NULL)
    return g_steal_pointer (&user);
  g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_EXISTS, _("Recovery %d of this user waits for approvals already."),
               (int) open->number);
  return NULL;
}

static gboolean
check_request (SignetRoster *roster, const char *reason, const char *requester, GError **error)
{
  guint left = roster->officers->len - (signet_roster_find (roster, requester) != NULL ? 1 : 0);

  if (!signet_name_is_valid (reason) || !signet_name_is_valid (requester))
    return fail (error, SIGNET_ERROR_INVALID, _("The reason, and the name of who asks, are one line of text each."));
  if (left < roster->threshold)
    return fail (error, SIGNET_ERROR_INVALID,
                 _("When this officer asks, too few are left to approve. Somebody else has to ask."));
  return TRUE;
}

static char *
join_serials (GPtrArray *keys)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < keys->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "", ((SignetEscrowedKey *) keys->pdata[i])->serial);
  return g_string_free (text, FALSE);
}

SignetRecovery *
signet_recovery_queue (SignetDatabase *database, SignetRoster *roster, const char *address, const char *reason,
                       const char *requester, gint64 now, gint64 expires, GError **error)
{
  g_autoptr (SignetRecovery) self = signet_recovery_new ();
  g_autoptr (SignetUser) user =
    check_request (roster, reason, requester, error) ? find_user (database, address, now, error) : NULL;
  g_autoptr (GPtrArray) keys =
    user != NULL ? signet_database_list_escrowed (database, user->address, MAX_KEYS, error) : NULL;

  if (keys == NULL)
    return NULL;
  if (keys->len == 0) {
    fail (error, SIGNET_ERROR_NOT_FOUND, _("The archive holds no keys of this user. A new invitation is enough."));
    return NULL;
  }
  self->address = g_strdup (user->address);
  self->reason = g_strdup (reason);
  self->requester = g_strdup (requester);
  self->created = now;
  self->expires = expires;
  self->serials = join_serials (keys);
  self->digest = get_digest (self);
  return signet_database_add_recovery (database, self, error) ? g_steal_pointer (&self) : NULL;
}

/* --- approving it --- */

typedef struct {
  SignetDatabase *database;
  SignetRoster *roster;
  SignetRecovery *recovery;
  SignetOfficerKeys *officer;
  GPtrArray *approvals;            /* (element-type SignetApproval): those before this one */
} Approval;

static gboolean
has_approved (Approval *self, const char *name)
{
  for (guint i = 0; i < self->approvals->len; i++) {
    if (signet_officer_name_equal (((SignetApproval *) self->approvals->pdata[i])->officer, name))
      return TRUE;
  }
  return FALSE;
}

static gboolean
check_allowed (Approval *self, gint64 now, GError **error)
{
  const char *name = self->officer->officer->name;

  if (self->recovery->state != SIGNET_RECOVERY_OPEN)
    return fail (error, SIGNET_ERROR_REFUSED, _("This recovery waits for no approval any more."));
  if (self->recovery->expires <= now)
    return fail (error, SIGNET_ERROR_EXPIRED, _("This recovery has expired. It can be asked for again."));
  if (signet_officer_name_equal (name, self->recovery->requester))
    return fail (error, SIGNET_ERROR_REFUSED, _("Who asks for a recovery cannot approve it. Others have to."));
  if (has_approved (self, name))
    return fail (error, SIGNET_ERROR_EXISTS, _("This officer has approved this recovery already."));
  return signet_recovery_check (self->recovery, error);
}

static GBytes *
get_statement (Approval *self, const char *officer)
{
  g_autofree char *digest = signet_hex_encode (self->recovery->digest);
  char *text = g_strdup_printf ("signet approval 1\nofficer: %s\nrecovery: %s\n", officer, digest);

  return g_bytes_new_take (text, strlen (text));
}

/* Whether an approval is the officer's own, and of this recovery. */
static gboolean
check_approval (Approval *self, const SignetApproval *approval, GError **error)
{
  SignetOfficer *officer = signet_roster_find (self->roster, approval->officer);
  g_autoptr (GBytes) expected = get_statement (self, approval->officer);
  gsize length;
  const guint8 *der = g_bytes_get_data (approval->signed_data, &length);
  g_autoptr (SignetSignedData) signed_data = signet_signed_data_parse (der, length, MAX_APPROVAL, NULL);

  if (officer != NULL && signed_data != NULL &&
      signet_signed_data_verify_key (signed_data, officer->signing_spki, NULL)) {
    const guint8 *said = signet_secret_get (signet_signed_data_get_content (signed_data), &length);
    if (length == g_bytes_get_size (expected) && memcmp (said, g_bytes_get_data (expected, NULL), length) == 0)
      return TRUE;
  }
  g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_UNTRUSTED,
               _("The approval of %s is not genuine: somebody has changed the database."), approval->officer);
  return FALSE;
}

static gboolean
check_approvals (Approval *self, GError **error)
{
  for (guint i = 0; i < self->approvals->len; i++) {
    if (!check_approval (self, self->approvals->pdata[i], error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
store_approval (Approval *self, GError **error)
{
  const char *name = self->officer->officer->name;
  g_autoptr (GBytes) statement = get_statement (self, name);
  g_autoptr (GBytes) signed_data = signet_cms_sign_with_key (statement, self->officer->signing_key, error);

  return signed_data != NULL &&
         signet_database_add_approval (self->database, self->recovery->number, name, signed_data, error);
}

/* The share, to each officer who may be the last. */
static gboolean
hand_on (Approval *self, GError **error)
{
  const char *name = self->officer->officer->name;

  for (guint i = 0; i < self->roster->officers->len; i++) {
    SignetOfficer *taker = self->roster->officers->pdata[i];

    if (taker == self->officer->officer || signet_officer_name_equal (taker->name, self->recovery->requester) ||
        has_approved (self, taker->name))
      continue;
    g_autoptr (GBytes) sealed = signet_cms_encrypt_to_key (self->officer->share, taker->exchange_spki, error);
    if (sealed == NULL || !signet_database_add_handed_share (self->database, self->recovery->number, name, taker->name,
                                                             sealed, error))
      return FALSE;
  }
  return TRUE;
}

/* --- the last approval --- */

/* The shares that the others have handed on, and the officer's own. */
static GPtrArray *
collect_shares (Approval *self, GError **error)
{
  g_autoptr (GPtrArray) shares = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_secret_unref);
  g_autoptr (GPtrArray) handed =
    signet_database_list_handed_shares (self->database, self->recovery->number, self->officer->officer->name, error);

  if (handed == NULL)
    return NULL;
  for (guint i = 0; i < handed->len; i++) {
    SignetSecret *share =
      signet_cms_decrypt_with_key (handed->pdata[i], MAX_SHARE, self->officer->exchange_key, error);
    if (share == NULL)
      return NULL;
    g_ptr_array_add (shares, share);
  }
  g_ptr_array_add (shares, signet_secret_ref (self->officer->share));
  return g_steal_pointer (&shares);
}

static SignetPrivateKey *
open_recovery_key (Approval *self, GBytes *sealed, GBytes *spki, GError **error)
{
  g_autoptr (GPtrArray) shares = collect_shares (self, error);
  g_autoptr (SignetPrivateKey) key =
    shares != NULL ? signet_roster_open_recovery_key (sealed, shares, spki, error) : NULL;

  if (key != NULL)
    return g_steal_pointer (&key);
  g_clear_error (error);
  fail (error, SIGNET_ERROR_DAMAGED,
        _("The officers' shares do not fit together: somebody has changed the database. Ask for the recovery again."));
  return NULL;
}

/* What a recovered key is bound to while it waits: its certificate. */
static GBytes *
make_header (GBytes *certificate)
{
  static const char purpose[] = "signet recovered key 1\n";
  GByteArray *text = g_byte_array_new ();

  g_byte_array_append (text, (const guint8 *) purpose, strlen (purpose));
  g_byte_array_append (text, g_bytes_get_data (certificate, NULL), g_bytes_get_size (certificate));
  return g_byte_array_free_to_bytes (text);
}

/* From the archive's lock to the temporary key's, and nowhere else. */
static gboolean
move_key (Approval *self, const char *serial, SignetPrivateKey *recovery_key, gint64 invitation,
          SignetSecret *temporary_key, GError **error)
{
  g_autoptr (SignetEscrowedKey) archived = signet_database_find_escrowed (self->database, serial, error);
  g_autoptr (SignetCertificate) certificate =
    archived != NULL ? signet_certificate_new (archived->der, error) : NULL;
  g_autoptr (SignetPrivateKey) key =
    certificate != NULL ? signet_escrow_open (archived->sealed, recovery_key, self->recovery->address,
                                              signet_certificate_get_spki (certificate), error) : NULL;
  g_autoptr (SignetSecret) pkcs8 = key != NULL ? signet_private_key_to_pkcs8 (key, error) : NULL;

  if (pkcs8 == NULL)
    return FALSE;
  g_autoptr (GBytes) header = make_header (archived->der);
  g_autoptr (GBytes) sealed = signet_key_lock_seal (pkcs8, temporary_key, header, error);
  return sealed != NULL &&
         signet_database_add_recovered_key (self->database, invitation, archived->certificate, sealed, error);
}

static gboolean
invite (Approval *self, const SignetRecoveryKey *fresh, gint64 now, gint64 *invitation, GError **error)
{
  g_autoptr (GBytes) digest = signet_temporary_key_digest (fresh->key);
  g_autoptr (SignetInvitationRecord) record = NULL;
  guint withdrawn;

  if (!signet_database_add_invitation (self->database, self->recovery->address, digest, now, fresh->expires,
                                       &withdrawn, error))
    return FALSE;
  record = signet_database_find_invitation (self->database, digest, error);
  if (record == NULL)
    return FALSE;
  *invitation = record->id;
  return TRUE;
}

static gboolean
grant (Approval *self, GBytes *sealed, GBytes *spki, const SignetRecoveryKey *fresh, gint64 now, guint *count,
       GError **error)
{
  g_autoptr (SignetPrivateKey) recovery_key = open_recovery_key (self, sealed, spki, error);
  g_auto (GStrv) serials = g_strsplit (self->recovery->serials, " ", -1);
  gint64 invitation;

  if (recovery_key == NULL || !invite (self, fresh, now, &invitation, error))
    return FALSE;
  for (*count = 0; serials[*count] != NULL; (*count)++) {
    if (!move_key (self, serials[*count], recovery_key, invitation, fresh->key, error))
      return FALSE;
  }
  return signet_database_set_recovery_granted (self->database, self->recovery->number, invitation, error);
}

gboolean
signet_recovery_approve (SignetDatabase *database, SignetRoster *roster, SignetRecovery *recovery,
                         SignetOfficerKeys *officer, GBytes *sealed_recovery_key, GBytes *recovery_spki,
                         const SignetRecoveryKey *fresh, gint64 now, SignetRecoveryProgress *progress, GError **error)
{
  g_autoptr (GPtrArray) approvals = signet_database_list_approvals (database, recovery->number, error);
  Approval self = { database, roster, recovery, officer, approvals };

  if (approvals == NULL || !check_allowed (&self, now, error) || !check_approvals (&self, error) ||
      !store_approval (&self, error))
    return FALSE;
  *progress = (SignetRecoveryProgress) { approvals->len + 1, roster->threshold, 0 };
  if (progress->approvals < progress->needed)
    return hand_on (&self, error);
  return grant (&self, sealed_recovery_key, recovery_spki, fresh, now, &progress->keys, error);
}

/* --- on the way to the reply --- */

static gboolean
open_key (const SignetEscrowedKey *waiting, SignetSecret *temporary_key, GPtrArray *certificates, GPtrArray *keys,
          GError **error)
{
  g_autoptr (SignetCertificate) certificate = signet_certificate_new (waiting->der, error);
  g_autoptr (GBytes) header = make_header (waiting->der);
  g_autoptr (SignetSecret) pkcs8 =
    certificate != NULL ? signet_key_lock_open (waiting->sealed, temporary_key, header, error) : NULL;
  g_autoptr (SignetPrivateKey) key = pkcs8 != NULL ? signet_private_key_new_from_pkcs8 (pkcs8, error) : NULL;

  if (key == NULL)
    return FALSE;
  g_ptr_array_add (certificates, g_steal_pointer (&certificate));
  g_ptr_array_add (keys, g_steal_pointer (&key));
  return TRUE;
}

gboolean
signet_recovery_open_keys (SignetDatabase *database, gint64 invitation, SignetSecret *temporary_key,
                           GPtrArray **certificates, GPtrArray **keys, GError **error)
{
  g_autoptr (GPtrArray) waiting = signet_database_list_recovered_keys (database, invitation, error);
  g_autoptr (GPtrArray) opened = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_certificate_unref);
  g_autoptr (GPtrArray) private = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_private_key_unref);

  if (waiting == NULL)
    return FALSE;
  for (guint i = 0; i < waiting->len; i++) {
    if (!open_key (waiting->pdata[i], temporary_key, opened, private, error))
      return FALSE;
  }
  *certificates = g_steal_pointer (&opened);
  *keys = g_steal_pointer (&private);
  return TRUE;
}
