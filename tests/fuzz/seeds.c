/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "base/clock.h"
#include "base/hex.h"
#include "base/limits.h"
#include "cert/ocsp.h"
#include "crypto/cms.h"
#include "crypto/der.h"
#include "crypto/password-lock.h"
#include "enroll/pending.h"
#include "protocol/authority-info.h"
#include "protocol/confirmation.h"
#include "protocol/revocation-request.h"
#include "protocol/invitation.h"
#include "protocol/parts.h"
#include "protocol/temporary-key.h"
#include "sample-keyset.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

/* Writes what the fuzz targets begin with, well formed inputs of every kind: FOLDER/TARGET/NAME.
 *
 *   seeds FOLDER STAMP        STAMP is written last, for the build */

static const char *folder;

static void
write_data (const char *target, const char *name, gconstpointer data, gsize length)
{
  g_autofree char *parent = g_build_filename (folder, target, NULL), *path = g_build_filename (parent, name, NULL);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (parent, 0755);
  if (!g_file_set_contents (path, data, length, &error))
    g_error ("%s", error->message);
}

static void
write_text (const char *target, const char *name, const char *text)
{
  write_data (target, name, text, strlen (text));
}

static void
write_bytes (const char *target, const char *name, GBytes *bytes)
{
  g_assert_nonnull (bytes);
  write_data (target, name, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
write_secret (const char *target, const char *name, SignetSecret *secret)
{
  g_assert_nonnull (secret);
  write_data (target, name, signet_secret_get (secret, NULL), signet_secret_length (secret));
}

/* With the byte in front that says what it is. */
static void
write_layer (const char *target, char layer, gconstpointer data, gsize length)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  const char name[] = { 'l', 'a', 'y', 'e', 'r', layer, '\0' };

  g_byte_array_append (bytes, (const guint8 *) &layer, 1);
  g_byte_array_append (bytes, data, length);
  write_data (target, name, bytes->data, bytes->len);
}

static void
write_invitation (void)
{
  g_autoptr (SignetSecret) key = signet_secret_new_text ("ABCDEFGH1K1MN0PQRST23456Z");
  g_autoptr (SignetInvitation) invitation = signet_invitation_new (
    "https://ca.example.org:8443", "Example Ö & S", FUZZ_ADDRESS, test_ca_get_pin (fuzz_ca ()), key, NULL);
  g_autoptr (SignetSecret) file = signet_invitation_to_file (invitation), link = signet_invitation_to_link (invitation);
  const char *file_text = signet_secret_get_text (file), *link_text = signet_secret_get_text (link);
  g_autofree char *text = g_strdup_printf ("Dear Åsa,\r\n\r\nopen <%s>\r\n", link_text);
  g_autofree char *mail = g_strdup_printf (
    "From: ca@example.org\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nOpen it.\n--b\n"
    "Content-Type: application/octet-stream; name=x.signet-invitation\n\n%s\n--b--\n", file_text);

  write_secret ("invitation", "file", file);
  write_secret ("invitation", "link", link);
  write_text ("invitation", "text", text);
  write_text ("invitation", "mail", mail);
  write_secret ("temporary-key", "canonical", key);
  write_text ("temporary-key", "typed", "abcde-fghik-lmnop – qrst2 3456z\n");
}

static void
write_small (void)
{
  write_text ("json", "all",
              "{\"text\": \"a\\u00e9\\\"\\n\", \"number\": -1, \"fraction\": 1.5e3, \"none\": null, \"yes\": true, "
              "\"bytes\": \"AAEC\", \"list\": [\"AAEC\", {\"a\": [[]]}, 1], \"object\": {\"text\": {}}}");
  write_text ("json", "empty", " {} ");
  write_text ("mail-address", "simple", FUZZ_ADDRESS);
  write_text ("mail-address", "odd", " O'Asa+x!#$%&*=?^_`{|}~.y@a-b.EXAMPLE.org ");
  write_text ("mail-defaults", "empty", "[Signet]\nversion=1\n");
  write_text ("mail-defaults", "all",
              "# mine\n[Signet]\nversion=1\n\n[asa@example.org]\nsign=true\nencrypt=false\nclear-text=true\n"
              "signing-keyset=c0ffee-01\nencryption-keyset=c0ffee-02\ndigest=sha384\ncipher=aes256-cbc\n"
              "[o'x@home.example]\nsign=false\n");
  write_text ("parts", "nested",
              "Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\nx\r\n--b\r\n"
              "Content-Type: multipart/digest;\r\n\tboundary*0=\"b\"; boundary*1=b\r\n\r\n"
              "--bb\r\n\r\nSubject: x\r\nContent-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n--bb--\r\n--b\r\n"
              "Content-Disposition: attachment; filename*=utf-8''d%C3%AF.x\r\n"
              "Content-Type: text/plain; name=\"=?utf-8?Q?d=C3=AF?=\"\r\n"
              "Content-Transfer-Encoding: quoted-printable\r\n\r\nh=65l=\r\nlo\r\n--b\r\n"
              "Content-Type: message/rfc822\r\n\r\nTo: a@b\r\n\r\nhello\r\n--b--\r\nx\r\n");
}

static void
write_authority_info (void)
{
  g_autoptr (GPtrArray) certificates = g_ptr_array_new ();

  g_ptr_array_add (certificates, test_ca_get_root (fuzz_ca ()));
  g_ptr_array_add (certificates, test_ca_get_issuing (fuzz_ca ()));
  g_autoptr (SignetAuthorityInfo) info =
    signet_authority_info_new ("Example Ö", "A notice.\nOf two lines.", certificates);
  g_autoptr (GBytes) json = signet_authority_info_to_json (info);
  write_bytes ("authority-info", "json", json);
  write_bytes ("json", "authority-info", json);
}

static void
write_keys (void)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();

  for (guint i = SIGNET_KEY_P256; i <= SIGNET_KEY_RSA_3072; i++) {
    const char *name = signet_key_algorithm_to_name (i);
    SignetPrivateKey *key = test_key (i, 0);
    g_autoptr (SignetSecret) der = signet_private_key_to_pkcs8 (key, NULL);
    g_autoptr (GBytes) csr = signet_csr_build (key, FUZZ_ADDRESS, NULL);
    g_autoptr (SignetCertificate) certificate = test_ca_issue_encryption (fuzz_ca (), FUZZ_ADDRESS, key);

    write_secret ("private-key", name, der);
    write_secret ("pkcs12", name, der);      /* in other forms: fixtures/pkcs12, by other programs */
    write_bytes ("csr", name, csr);
    write_bytes ("certificate", name, signet_certificate_get_der (certificate));
    g_ptr_array_add (keys, key);
  }
  g_autoptr (SignetSecret) package = signet_private_keys_to_package (keys, NULL);
  write_secret ("private-key", "package", package);
  write_bytes ("certificate", "root", signet_certificate_get_der (test_ca_get_root (fuzz_ca ())));
  write_bytes ("certificate", "issuing", signet_certificate_get_der (test_ca_get_issuing (fuzz_ca ())));
}

static void
write_request (void)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (fuzz_request (), &length);
  g_autoptr (SignetSignedData) signed_data = signet_signed_data_parse (data, length, SIGNET_MAX_REQUEST, NULL);
  SignetSecret *content = signet_signed_data_get_content (signed_data);
  g_autoptr (GPtrArray) parts = signet_parts_parse (content, SIGNET_MAX_REQUEST, NULL);

  write_bytes ("signed-data", "request", fuzz_request ());
  write_secret ("parts", "request", content);
  write_layer ("request", '0', data, length);
  write_layer ("request", '1', signet_secret_get (content, NULL), signet_secret_length (content));
  for (guint i = 0; i < parts->len; i++) {
    SignetPart *part = parts->pdata[i];
    write_layer ("request", '2' + i, signet_secret_get (part->body, NULL), signet_secret_length (part->body));
  }
}

static void
write_signed_by_user (void)
{
  SignetPrivateKey *key = fuzz_key (FUZZ_KEY_OTHER);
  g_autoptr (SignetCertificate) certificate = test_ca_issue_signing (fuzz_ca (), FUZZ_ADDRESS, key);
  g_autoptr (GBytes) renewal =
    signet_request_build_renewal (FUZZ_ID, FUZZ_NONCE, FUZZ_ADDRESS, 1800000000, fuzz_key (FUZZ_KEY_SIGNING),
                                  fuzz_key (FUZZ_KEY_REPLY), certificate, key, NULL);
  g_autoptr (GBytes) revocation = signet_revocation_request_build (certificate, key, FUZZ_ADDRESS,
                                                                   SIGNET_REASON_KEY_COMPROMISE, 1800000000, NULL);
  GBytes *const both[] = { renewal, revocation };
  const char *const targets[] = { "request", "revocation-request" };
  const char layers[] = { '5', '1' };

  for (guint i = 0; i < G_N_ELEMENTS (both); i++) {
    gsize length;
    const guint8 *data = g_bytes_get_data (both[i], &length);
    g_autoptr (SignetSignedData) signed_data = signet_signed_data_parse (data, length, SIGNET_MAX_REQUEST, NULL);
    SignetSecret *content = signet_signed_data_get_content (signed_data);

    write_layer (targets[i], i == 0 ? '6' : '0', data, length);
    write_layer (targets[i], layers[i], signet_secret_get (content, NULL), signet_secret_length (content));
  }
}

/* The manifest with places for the names of certificates, which fuzz-reply-open fills in. */
static char *
make_manifest (SignetReply *reply, SignetPart *part)
{
  static const char *const places[] = { "@SIGNING@", "@ENCRYPTION0@", "@ENCRYPTION1@" };
  SignetCertificate *const certificates[] = { reply->signing, reply->encryption->pdata[0],
                                              reply->encryption->pdata[1] };
  g_autoptr (GString) text = g_string_new (signet_secret_get_text (part->body));

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++) {
    g_autoptr (GBytes) digest = signet_certificate_get_fingerprint (certificates[i]);
    g_autofree char *hex = signet_hex_encode (digest);
    g_assert_cmpuint (g_string_replace (text, hex, places[i], 0), ==, 1);
  }
  return g_strdup (text->str);
}

static void
write_reply_parts (SignetReply *reply, SignetSecret *content)
{
  g_autoptr (GPtrArray) parts = signet_parts_parse (content, SIGNET_MAX_REPLY, NULL);
  g_autofree char *manifest = make_manifest (reply, parts->pdata[0]);
  SignetPart *bundle = parts->pdata[1];

  write_secret ("parts", "reply", content);
  write_secret ("certs-only", "reply", bundle->body);
  write_layer ("reply-open", '2', signet_secret_get (content, NULL), signet_secret_length (content));
  write_layer ("reply-open", '3', manifest, strlen (manifest));
  for (guint i = 1; i < parts->len; i++) {
    SignetPart *part = parts->pdata[i];
    write_layer ("reply-open", '3' + i, signet_secret_get (part->body, NULL), signet_secret_length (part->body));
  }
}

static void
write_reply (SignetReply *reply, GBytes *attachment)
{
  g_autoptr (SignetSecret) der =
    signet_cms_decrypt_with_key (attachment, SIGNET_MAX_REPLY, fuzz_key (FUZZ_KEY_REPLY), NULL);
  gsize length;
  const guint8 *data = signet_secret_get (der, &length);
  g_autoptr (SignetSignedData) signed_data = signet_signed_data_parse (data, length, SIGNET_MAX_REPLY, NULL);

  write_bytes ("enveloped-data", "reply", attachment);
  write_secret ("signed-data", "reply", der);
  write_layer ("reply-open", '0', g_bytes_get_data (attachment, NULL), g_bytes_get_size (attachment));
  write_layer ("reply-open", '1', data, length);
  write_reply_parts (reply, signet_signed_data_get_content (signed_data));
}

static void
write_message (GBytes *attachment)
{
  g_autoptr (GBytes) message = signet_reply_message_build (attachment, "Example Ö", "ca@example.org", FUZZ_ADDRESS,
                                                           FUZZ_ID, 1800000000, NULL);
  g_autofree char *text = g_strndup (g_bytes_get_data (message, NULL), g_bytes_get_size (message));
  g_autofree char *encoded = g_base64_encode (g_bytes_get_data (attachment, NULL), g_bytes_get_size (attachment));
  g_autofree char *forwarded = g_strconcat ("From x\nContent-Type: multipart/mixed; boundary=f\n\n--f\n"
                                            "Content-Type: message/rfc822\n\n", text, "\n--f--\n", NULL);

  write_bytes ("reply-message", "mail", message);
  write_bytes ("reply-message", "bare", attachment);
  write_text ("reply-message", "base64", encoded);
  write_text ("reply-message", "forwarded", forwarded);
  write_bytes ("parts", "mail", message);
}

static void
write_confirmation (GBytes *reply)
{
  g_autoptr (GBytes) digest = signet_sha256 (reply);
  g_autoptr (GBytes) bytes = signet_confirmation_build (FUZZ_ID, digest, fuzz_key (FUZZ_KEY_SIGNING), NULL);
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  g_autoptr (SignetSignedData) signed_data = signet_signed_data_parse (data, length, SIGNET_MAX_REQUEST, NULL);
  SignetSecret *content = signet_signed_data_get_content (signed_data);

  write_layer ("confirmation", '0', data, length);
  write_layer ("confirmation", '1', signet_secret_get (content, NULL), signet_secret_length (content));
}

/* A box as it is made, and one that asks for so little work that it can be tried often. */
static void
write_password_lock (void)
{
  static const guint8 quick[] = { 0, 0, 0, 1, 0, 0, 0, 32, 0, 0, 0, 1 };
  g_autoptr (SignetSecret) plain = signet_secret_new_text ("plain"), password = signet_secret_new_text ("password");
  g_autoptr (GBytes) header = g_bytes_new_static ("header", 6);
  g_autoptr (GBytes) box = signet_password_lock_seal (plain, password, header, NULL);
  g_autoptr (GByteArray) changed = g_byte_array_new ();

  write_bytes ("password-lock", "box", box);
  g_byte_array_append (changed, g_bytes_get_data (box, NULL), g_bytes_get_size (box));
  memcpy (changed->data + 1, quick, sizeof quick);
  write_data ("password-lock", "quick", changed->data, changed->len);
}

/* The item without its digest, and the header alone; fuzz-keyset.c puts the frame around either. */
static void
write_keyset (void)
{
  g_autoptr (SignetKeyset) open = sample_keyset_new ("Work", SIGNET_LEVEL_LOW);
  g_autoptr (SignetKeyset) sealed = sample_keyset_new ("Work", SIGNET_LEVEL_HIGH);
  g_autoptr (SignetSecret) open_blob = signet_keyset_to_blob (open, NULL);
  g_autoptr (SignetSecret) sealed_blob = signet_keyset_to_blob (sealed, NULL);
  const guint8 *data = signet_secret_get (open_blob, NULL);
  guint32 header;

  memcpy (&header, data + 12, sizeof header);       /* keyset/item-format.h */
  write_layer ("keyset", '0', data, signet_secret_length (open_blob) - 32);
  write_layer ("keyset", '1', data + 16, GUINT32_FROM_BE (header));
  write_layer ("keyset", '2', signet_secret_get (sealed_blob, NULL), signet_secret_length (sealed_blob) - 32);
}

/* Saved as a file; before it is sent; and with its reply.  fuzz-pending.c puts the digest behind each. */
static void
write_pending (void)
{
  g_autoptr (SignetSecret) key = signet_temporary_key_generate (), created_blob = NULL, ready_blob = NULL;
  g_autoptr (SignetInvitation) invitation = signet_invitation_new ("https://ca.example.org", NULL, FUZZ_ADDRESS,
                                                                   test_ca_get_pin (fuzz_ca ()), key, NULL);
  g_autoptr (GPtrArray) certificates = g_ptr_array_new ();
  g_autoptr (GBytes) reply = g_bytes_new_static ("a reply", 7);

  g_ptr_array_add (certificates, test_ca_get_root (fuzz_ca ()));
  g_autoptr (SignetAuthorityInfo) info = signet_authority_info_new ("Example Authority", NULL, certificates);
  g_autoptr (SignetPending) created = signet_pending_new (invitation, info, "Work", 1800000000, NULL);
  g_autoptr (SignetPending) ready = signet_pending_replied (created, reply);
  created_blob = signet_pending_to_blob (created, NULL);
  ready_blob = signet_pending_to_blob (ready, NULL);
  write_data ("pending", "created", signet_secret_get (created_blob, NULL), signet_secret_length (created_blob) - 32);
  write_data ("pending", "ready", signet_secret_get (ready_blob, NULL), signet_secret_length (ready_blob) - 32);

  g_autoptr (GBytes) id = g_bytes_new_static ("subject key id of 20", 20);
  g_autoptr (SignetPending) saved = signet_pending_new_for_file (FUZZ_ADDRESS, "Work", SIGNET_LEVEL_HIGH, reply, id,
                                                                 key, 1800000000);
  g_autoptr (SignetSecret) saved_blob = signet_pending_to_blob (saved, NULL);
  write_data ("pending", "saved", signet_secret_get (saved_blob, NULL), signet_secret_length (saved_blob) - 32);
}

/* --- what an authority says of certificates --- */

/* The first SEQUENCE in BYTES' outer one. */
static GBytes *
take_signed_part (GBytes *bytes)
{
  SignetDer rest = signet_der_from_bytes (bytes);
  SignetDerElement part;

  g_assert_true (signet_der_open (rest.data, rest.length, SIGNET_DER_SEQUENCE, &rest) &&
                 signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &part));
  return signet_der_to_bytes (&part.whole);
}

static void
append_extension (GByteArray *to, const char *oid, const char *value, gsize length, gboolean critical)
{
  g_autoptr (GByteArray) extension = g_byte_array_new ();

  signet_der_append (extension, SIGNET_DER_OID, oid, strlen (oid));
  if (critical)
    signet_der_append (extension, 0x01, "\xff", 1);
  signet_der_append (extension, SIGNET_DER_OCTET_STRING, value, length);
  signet_der_enclose (extension, SIGNET_DER_SEQUENCE);
  g_byte_array_append (to, extension->data, extension->len);
}

/* A list with a reason and with an issuing distribution point, behind the first fields of LIST. */
static void
write_crl_with_extensions (GBytes *list)
{
  SignetDer rest = signet_der_from_bytes (list), start;
  SignetDerElement element;
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GByteArray) entry = g_byte_array_new ();
  g_autoptr (GByteArray) extensions = g_byte_array_new ();

  g_assert_true (signet_der_open (rest.data, rest.length, SIGNET_DER_SEQUENCE, &rest));
  start = rest;
  for (guint i = 0; i < 5; i++)             /* version to nextUpdate */
    g_assert_true (signet_der_read (&rest, &element));
  g_byte_array_append (out, start.data, start.length - rest.length);
  append_extension (extensions, "\x55\x1d\x15", "\x0a\x01\x01", 3, FALSE);
  signet_der_enclose (extensions, SIGNET_DER_SEQUENCE);
  signet_der_append (entry, SIGNET_DER_INTEGER, FUZZ_SERIAL, strlen (FUZZ_SERIAL));
  signet_der_append (entry, 0x17, "260102030405Z", 13);
  g_byte_array_append (entry, extensions->data, extensions->len);
  signet_der_enclose (entry, SIGNET_DER_SEQUENCE);
  signet_der_enclose (entry, SIGNET_DER_SEQUENCE);
  g_byte_array_append (out, entry->data, entry->len);
  g_byte_array_set_size (extensions, 0);
  append_extension (extensions, "\x55\x1d\x1c", "\x30\x03\x81\x01\xff", 5, TRUE);
  append_extension (extensions, "\x55\x1d\x14", "\x02\x01\x07", 3, FALSE);
  signet_der_enclose (extensions, SIGNET_DER_SEQUENCE);
  signet_der_enclose (extensions, SIGNET_DER_CONTEXT (0));
  g_byte_array_append (out, extensions->data, extensions->len);
  signet_der_enclose (out, SIGNET_DER_SEQUENCE);
  write_layer ("crl", 'T', out->data, out->len);
}

/* CertID as the question has it: OCSPRequest, TBSRequest, requestList, Request. */
static GBytes *
make_cert_id (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) request = signet_ocsp_make_request (test_ca_get_speaker (fuzz_ca ()),
                                                         test_ca_get_issuing (fuzz_ca ()), NULL, &error);
  SignetDer rest = signet_der_from_bytes (request);
  SignetDerElement element;

  for (guint i = 0; i < 5; i++) {
    g_assert_true (signet_der_read (&rest, &element));
    rest = element.contents;
  }
  return signet_der_to_bytes (&element.whole);
}

/* ResponseData by the issuer's key hash, with one answer: STATUS. */
static void
write_ocsp (char layer, const char *status, gsize status_length)
{
  g_autoptr (GBytes) id = make_cert_id (), named = fuzz_serial (id, FALSE);
  SignetDer rest = signet_der_from_bytes (named);
  SignetDerElement algorithm, name, key;
  g_autoptr (GByteArray) single = g_byte_array_new ();
  g_autoptr (GByteArray) out = g_byte_array_new ();

  g_assert_true (signet_der_open (rest.data, rest.length, SIGNET_DER_SEQUENCE, &rest) &&
                 signet_der_read (&rest, &algorithm) && signet_der_read (&rest, &name) &&
                 signet_der_read (&rest, &key));
  g_byte_array_append (out, key.whole.data, key.whole.length);
  signet_der_enclose (out, SIGNET_DER_CONTEXT (2));
  signet_der_append (out, 0x18, "20260102030405Z", 15);
  g_byte_array_append (single, g_bytes_get_data (named, NULL), g_bytes_get_size (named));
  g_byte_array_append (single, (const guint8 *) status, status_length);
  signet_der_append (single, 0x18, "20260102030405Z", 15);
  signet_der_enclose (single, SIGNET_DER_SEQUENCE);
  signet_der_enclose (single, SIGNET_DER_SEQUENCE);
  g_byte_array_append (out, single->data, single->len);
  signet_der_enclose (out, SIGNET_DER_SEQUENCE);
  write_layer ("ocsp", layer, out->data, out->len);
}

static void
write_revocation (void)
{
  static const char revoked[] = "\xa1\x16\x18\x0f" "20260102030405Z" "\xa0\x03\x0a\x01\x01";
  gint64 now = signet_clock_now ();
  g_autoptr (GBytes) crl = test_ca_make_crl (fuzz_ca (), test_ca_get_speaker (fuzz_ca ()), now, now, now + 3600);
  g_autoptr (GBytes) signed_part = take_signed_part (crl), list = fuzz_serial (signed_part, FALSE);

  write_layer ("crl", 'R', g_bytes_get_data (crl, NULL), g_bytes_get_size (crl));
  write_layer ("crl", 'S', g_bytes_get_data (list, NULL), g_bytes_get_size (list));
  write_crl_with_extensions (list);
  write_ocsp ('S', "\x80\x00", 2);
  write_ocsp ('T', revoked, sizeof revoked - 1);
}

int
main (int argc, char **argv)
{
  g_assert_cmpint (argc, ==, 3);
  folder = argv[1];

  g_autoptr (SignetReply) reply = test_reply_new (fuzz_ca (), fuzz_request (), 1);
  g_autoptr (GBytes) attachment = test_reply_build (fuzz_ca (), fuzz_request (), reply);
  write_invitation ();
  write_small ();
  write_authority_info ();
  write_keys ();
  write_request ();
  write_signed_by_user ();
  write_reply (reply, attachment);
  write_message (attachment);
  write_confirmation (fuzz_request ());
  write_password_lock ();
  write_keyset ();
  write_pending ();
  write_revocation ();
  g_assert_true (g_file_set_contents (argv[2], "", 0, NULL));
  return EXIT_SUCCESS;
}
