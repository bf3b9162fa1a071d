/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The client's side of the protocol as a program for scripts, without any HTTP: what a test sends, it can then send as
 * badly as it likes.
 *
 *   authority-client prepare FOLDER ADDRESS [SIGNING-KEY-KIND [ID]]   makes FOLDER/request and the keys for it
 *   authority-client open FOLDER MESSAGE PIN                          checks a reply, writes FOLDER/signing.cer,
 *                                                                     encryption.cer, encryption.key and signed.p7,
 *                                                                     history-1.cer and -1.key, and so on
 *   authority-client confirm FOLDER MESSAGE                           makes FOLDER/confirmation
 *   authority-client unseal AUTHORITY ADDRESS SERIAL OUTPUT NAME…     opens an archived key with the officers of these
 *                                                                     names, whose passwords stand on standard input
 */
#include "authority/authority.h"
#include "authority/database-officers.h"
#include "authority/database-recovery.h"
#include "authority/escrow.h"
#include "base/clock.h"
#include "base/hex.h"
#include "base/process.h"
#include "crypto/cms.h"
#include "crypto/random.h"
#include "protocol/confirmation.h"
#include "protocol/reply.h"
#include "protocol/request.h"

#include <stdio.h>
#include <string.h>

static GError *error;

/* Every failure ends the program with its reason and 1. */
static gpointer
must (gpointer result)
{
  if (result == NULL) {
    fprintf (stderr, "%s\n", error != NULL ? error->message : "failed");
    exit (1);
  }
  return result;
}

static GBytes *
read_file (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *data;
  gsize length;

  must (GINT_TO_POINTER (g_file_get_contents (path, &data, &length, &error)));
  return g_bytes_new_take (data, length);
}

static void
write_file (const char *folder, const char *name, gconstpointer data, gsize length)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  must (GINT_TO_POINTER (g_file_set_contents (path, data, length, &error)));
}

static void
write_bytes (const char *folder, const char *name, GBytes *bytes)
{
  write_file (folder, name, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
write_key (const char *folder, const char *name, SignetPrivateKey *key)
{
  g_autoptr (SignetSecret) pkcs8 = must (signet_private_key_to_pkcs8 (key, &error));

  write_file (folder, name, signet_secret_get (pkcs8, NULL), signet_secret_length (pkcs8));
}

static SignetPrivateKey *
read_key (const char *folder, const char *name)
{
  g_autoptr (GBytes) bytes = read_file (folder, name);
  g_autoptr (SignetSecret) pkcs8 = signet_secret_new (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  return must (signet_private_key_new_from_pkcs8 (pkcs8, &error));
}

static char *
read_text (const char *folder, const char *name)
{
  g_autoptr (GBytes) bytes = read_file (folder, name);

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static char *
random_id (void)
{
  g_autoptr (GBytes) bytes = signet_random_bytes (SIGNET_REQUEST_ID_LENGTH / 2);

  return signet_hex_encode (bytes);
}

static void
prepare (const char *folder, const char *address, const char *kind, const char *wanted_id)
{
  g_autofree char *id = wanted_id != NULL ? g_strdup (wanted_id) : random_id ();
  g_autofree char *nonce = random_id ();
  SignetKeyAlgorithm algorithm;

  must (GINT_TO_POINTER (signet_key_algorithm_from_name (kind, &algorithm)));
  g_autoptr (SignetPrivateKey) signing = must (signet_private_key_generate (algorithm, &error));
  g_autoptr (SignetPrivateKey) reply = must (signet_private_key_generate (SIGNET_KEY_P256, &error));
  g_autoptr (GBytes) request =
    must (signet_request_build (id, nonce, address, signet_clock_now (), signing, reply, &error));
  write_bytes (folder, "request", request);
  write_key (folder, "signing.key", signing);
  write_key (folder, "reply.key", reply);
  write_file (folder, "id", id, strlen (id));
  write_file (folder, "nonce", nonce, strlen (nonce));
  write_file (folder, "address", address, strlen (address));
}

static GBytes *
read_attachment (const char *message_path)
{
  g_autoptr (GBytes) message = read_file ("", message_path);

  return must (signet_reply_message_extract (message, &error));
}

/* The SignedData inside the envelope, for other people's programs to verify. */
static void
write_signed_data (const char *folder, GBytes *attachment, SignetPrivateKey *reply_key)
{
  g_autoptr (SignetSecret) signed_data =
    must (signet_cms_decrypt_with_key (attachment, g_bytes_get_size (attachment), reply_key, &error));

  write_file (folder, "signed.p7", signet_secret_get (signed_data, NULL), signet_secret_length (signed_data));
}

/* The older encryption keys, the newest first: history-1.cer and history-1.key, and so on. */
static void
write_history (const char *folder, SignetReply *reply)
{
  for (guint i = 1; i < reply->encryption->len; i++) {
    g_autofree char *certificate = g_strdup_printf ("history-%u.cer", i), *key = g_strdup_printf ("history-%u.key", i);
    write_bytes (folder, certificate, signet_certificate_get_der (reply->encryption->pdata[i]));
    write_key (folder, key, reply->encryption_keys->pdata[i]);
  }
}

static void
open_reply (const char *folder, const char *message_path, const char *pin_hex)
{
  g_autoptr (GBytes) attachment = read_attachment (message_path);
  g_autoptr (GBytes) request = read_file (folder, "request");
  g_autoptr (GBytes) digest = signet_sha256 (request);
  g_autoptr (GBytes) pin = must (signet_hex_decode (pin_hex, 32));
  g_autoptr (SignetPrivateKey) signing = read_key (folder, "signing.key");
  g_autoptr (SignetPrivateKey) reply_key = read_key (folder, "reply.key");
  g_autofree char *id = read_text (folder, "id"), *nonce = read_text (folder, "nonce");
  g_autofree char *address = read_text (folder, "address");
  SignetReplyExpectation expected = { id, digest, nonce, address, signet_private_key_get_spki (signing), pin };
  g_autoptr (SignetReply) reply =
    must (signet_reply_open (attachment, reply_key, &expected, signet_clock_now (), &error));

  write_bytes (folder, "signing.cer", signet_certificate_get_der (reply->signing));
  write_bytes (folder, "encryption.cer", signet_certificate_get_der (reply->encryption->pdata[0]));
  write_key (folder, "encryption.key", reply->encryption_keys->pdata[0]);
  write_history (folder, reply);
  write_signed_data (folder, attachment, reply_key);
}

static void
confirm (const char *folder, const char *message_path)
{
  g_autoptr (GBytes) attachment = read_attachment (message_path);
  g_autoptr (GBytes) digest = signet_sha256 (attachment);
  g_autoptr (SignetPrivateKey) signing = read_key (folder, "signing.key");
  g_autofree char *id = read_text (folder, "id");
  g_autoptr (GBytes) confirmation = must (signet_confirmation_build (id, digest, signing, &error));

  write_bytes (folder, "confirmation", confirmation);
}

static SignetSecret *
read_password (void)
{
  char line[256];

  must (fgets (line, sizeof line, stdin));
  return signet_secret_new_text (g_strchomp (line));
}

/* What an administrator with enough officers' passwords could do by hand, and nobody else. */
static void
unseal (const char *authority, const char *address, const char *serial, const char *output, char **names)
{
  g_autofree char *path = signet_authority_database_path (authority);
  g_autoptr (SignetDatabase) database = must (signet_database_open (path, FALSE, &error));
  g_autoptr (SignetRoster) roster = must (signet_database_get_roster (database, &error));
  g_autoptr (SignetEscrowedKey) archived = must (signet_database_find_escrowed (database, serial, &error));
  g_autoptr (GBytes) spki = must (signet_authority_keys_read_recovery_spki (authority, &error));
  g_autoptr (GBytes) sealed = must (signet_authority_keys_read_sealed (authority, &error));
  g_autoptr (GPtrArray) shares = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_secret_unref);
  g_autoptr (SignetCertificate) certificate = must (signet_certificate_new (archived->der, &error));

  for (; *names != NULL; names++) {
    g_autoptr (SignetSecret) password = read_password ();
    SignetOfficer *officer = must (signet_roster_find (roster, *names));
    g_autoptr (SignetOfficerKeys) keys = must (signet_roster_open (roster, officer, password, spki, &error));
    g_ptr_array_add (shares, signet_secret_ref (keys->share));
  }
  g_autoptr (SignetPrivateKey) recovery = must (signet_roster_open_recovery_key (sealed, shares, spki, &error));
  g_autoptr (SignetPrivateKey) key =
    must (signet_escrow_open (archived->sealed, recovery, address, signet_certificate_get_spki (certificate), &error));
  write_key ("", output, key);
}

int
main (int argc, char **argv)
{
  signet_process_init ();

  if (argc >= 4 && strcmp (argv[1], "prepare") == 0)
    prepare (argv[2], argv[3], argc > 4 ? argv[4] : "P-256", argc > 5 ? argv[5] : NULL);
  else if (argc == 5 && strcmp (argv[1], "open") == 0)
    open_reply (argv[2], argv[3], argv[4]);
  else if (argc == 4 && strcmp (argv[1], "confirm") == 0)
    confirm (argv[2], argv[3]);
  else if (argc >= 7 && strcmp (argv[1], "unseal") == 0)
    unseal (argv[2], argv[3], argv[4], argv[5], argv + 6);
  else
    return 2;
  return 0;
}
