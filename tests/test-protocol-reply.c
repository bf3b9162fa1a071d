/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "protocol/reply.h"

#include "base/limits.h"

#include "foreign.h"
#include "reply-fixture.h"

#include <string.h>

static void
test_round (Fixture *f, gconstpointer data)
{
  for (guint history = 0; history < 6; history += 5) {
    g_autoptr (SignetReply) reply = test_reply_new (f->ca, f->request, history);
    g_autoptr (GBytes) attachment = test_reply_build (f->ca, f->request, reply);

    assert_opens (f, attachment, reply);
  }
}

/* RSA keys, and as many as fit: an item of the store is the limit, not the protocol. */
static void
test_large (Fixture *f, gconstpointer data)
{
  SignetPrivateKey *key = test_key (SIGNET_KEY_RSA_3072, 0);
  g_autoptr (SignetReply) reply = test_reply_new (f->ca, f->request, 0);

  for (guint i = 0; i < 60; i++) {
    g_ptr_array_add (reply->encryption_keys, signet_private_key_ref (key));
    g_ptr_array_add (reply->encryption, test_ca_issue_encryption (f->ca, ADDRESS, key));
  }
  g_autoptr (GBytes) attachment = test_reply_build (f->ca, f->request, reply);
  assert_opens (f, attachment, reply);
}

/* --- a good reply to something else --- */

typedef void (*Expect) (Fixture *f);

static void expect_id (Fixture *f) { f->expected.request_id = "10112233445566778899aabbccddeeff"; }
static void expect_nonce (Fixture *f) { f->expected.nonce = "0feeddccbbaa99887766554433221100"; }
static void expect_digest (Fixture *f) { f->expected.request_digest = test_ca_get_pin (f->ca); }
static void expect_address (Fixture *f) { f->expected.address = OTHER_ADDRESS; }
static void expect_pin (Fixture *f) { f->expected.pin = f->digest; }
static void expect_reply_key (Fixture *f) { f->reply_key = test_key (SIGNET_KEY_P256, 2); }

static void
expect_signing_key (Fixture *f)
{
  f->expected.signing_spki = signet_private_key_get_spki (test_key (SIGNET_KEY_P256, 2));
}

static const struct {
  const char *name;
  Expect expect;
  int code;
} others[] = {
  { "id", expect_id, SIGNET_ERROR_NOT_FOR_US },
  { "nonce", expect_nonce, SIGNET_ERROR_NOT_FOR_US },
  { "digest", expect_digest, SIGNET_ERROR_NOT_FOR_US },
  { "address", expect_address, SIGNET_ERROR_NOT_FOR_US },
  { "reply-key", expect_reply_key, SIGNET_ERROR_NOT_FOR_US },
  { "authority", expect_pin, SIGNET_ERROR_UNTRUSTED },
  { "signing-key", expect_signing_key, SIGNET_ERROR_INVALID },
};

static void
test_other (Fixture *f, gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (SignetReply) reply = test_reply_new (f->ca, f->request, 1);
  g_autoptr (GBytes) attachment = test_reply_build (f->ca, f->request, reply);

  assert_opens (f, attachment, reply);
  others[i].expect (f);
  assert_refused (f, attachment, others[i].code);
}

/* The address is compared as mail systems compare it. */
static void
test_address_case (Fixture *f, gconstpointer data)
{
  g_autoptr (SignetReply) reply = test_reply_new (f->ca, f->request, 1);
  g_autoptr (GBytes) attachment = test_reply_build (f->ca, f->request, reply);

  f->expected.address = "ASA@example.org";
  assert_opens (f, attachment, reply);
}

/* --- a reply that the right authority signed and that is not right; CODE -1: it is --- */

typedef void (*Alter) (Fixture *f, SignetReply *reply);

static void
set_text (char **field, const char *text)
{
  g_free (*field);
  *field = g_strdup (text);
}

static void
take_signing (SignetReply *reply, SignetCertificate *certificate)
{
  signet_certificate_unref (reply->signing);
  reply->signing = certificate;
}

static void
take_encryption (SignetReply *reply, guint index, SignetCertificate *certificate)
{
  signet_certificate_unref (reply->encryption->pdata[index]);
  reply->encryption->pdata[index] = certificate;
}

/* A certificate of the signing key that says FACTS otherwise. */
static void
reissue_signing (Fixture *f, SignetReply *reply, TestFacts facts)
{
  facts.spki = facts.spki != NULL ? facts.spki : f->expected.signing_spki;
  facts.address = facts.address != NULL ? facts.address : ADDRESS;
  take_signing (reply, test_ca_issue (f->ca, &facts));
}

static void
reissue_encryption (Fixture *f, SignetReply *reply, guint index, TestFacts facts)
{
  facts.spki = signet_private_key_get_spki (reply->encryption_keys->pdata[index]);
  facts.address = facts.address != NULL ? facts.address : ADDRESS;
  take_encryption (reply, index, test_ca_issue (f->ca, &facts));
}

static void keep (Fixture *f, SignetReply *r) { }
static void alter_id (Fixture *f, SignetReply *r) { set_text (&r->request_id, "10112233445566778899aabbccddeeff"); }
static void alter_nonce (Fixture *f, SignetReply *r) { set_text (&r->nonce, ID); }
static void alter_address (Fixture *f, SignetReply *r) { set_text (&r->address, OTHER_ADDRESS); }
static void alter_name (Fixture *f, SignetReply *r) { set_text (&r->authority, "a\nb"); }
static void expire (Fixture *f, SignetReply *r) { r->expires = NOW; }
static void almost_expire (Fixture *f, SignetReply *r) { r->expires = NOW + 1; }
static void issue_tomorrow (Fixture *f, SignetReply *r) { r->issued = NOW + DAY; }
static void issue_later (Fixture *f, SignetReply *r) { r->issued = NOW + DAY + 1; }

static void
alter_digest (Fixture *f, SignetReply *r)
{
  g_bytes_unref (r->request_digest);
  r->request_digest = g_bytes_ref (test_ca_get_pin (f->ca));
}

static void
sign_other_key (Fixture *f, SignetReply *r)
{
  reissue_signing (f, r, (TestFacts) { TEST_USE_SIGNING, signet_private_key_get_spki (test_key (SIGNET_KEY_P256, 2)) });
}

static void
sign_other_address (Fixture *f, SignetReply *r)
{
  reissue_signing (f, r, (TestFacts) { TEST_USE_SIGNING, .address = OTHER_ADDRESS });
}

static void
sign_without_use (Fixture *f, SignetReply *r)
{
  reissue_signing (f, r, (TestFacts) { TEST_USE_ENCRYPTION });
}

static void
sign_for_servers (Fixture *f, SignetReply *r)
{
  reissue_signing (f, r, (TestFacts) { TEST_USE_SERVER });
}

static void
sign_without_purpose (Fixture *f, SignetReply *r)
{
  reissue_signing (f, r, (TestFacts) { TEST_USE_SIGNING, .purpose = "" });
}

static void
sign_expired (Fixture *f, SignetReply *r)
{
  reissue_signing (f, r, (TestFacts) { TEST_USE_SIGNING, .not_before = NOW - 2 * DAY, .not_after = NOW - DAY });
}

static void
sign_early (Fixture *f, SignetReply *r)
{
  reissue_signing (f, r, (TestFacts) { TEST_USE_SIGNING, .not_before = NOW + DAY });
}

static void
sign_elsewhere (Fixture *f, SignetReply *r)
{
  g_autoptr (TestCa) other = test_ca_new ("Other");

  take_signing (r, test_ca_issue_signing (other, ADDRESS, f->signing_key));
}

static void
encrypt_other_address (Fixture *f, SignetReply *r)
{
  reissue_encryption (f, r, 0, (TestFacts) { TEST_USE_ENCRYPTION, .address = OTHER_ADDRESS });
}

static void
encrypt_history_other_address (Fixture *f, SignetReply *r)
{
  reissue_encryption (f, r, 1, (TestFacts) { TEST_USE_ENCRYPTION, .address = OTHER_ADDRESS });
}

static void
encrypt_without_use (Fixture *f, SignetReply *r)
{
  reissue_encryption (f, r, 0, (TestFacts) { TEST_USE_SIGNING });
}

static void
encrypt_expired (Fixture *f, SignetReply *r)
{
  reissue_encryption (f, r, 0, (TestFacts) { TEST_USE_ENCRYPTION, .not_before = NOW - 2 * DAY,
                                             .not_after = NOW - DAY });
}

static void
encrypt_history_elsewhere (Fixture *f, SignetReply *r)
{
  g_autoptr (TestCa) other = test_ca_new ("Former");

  take_encryption (r, 1, test_ca_issue_encryption (other, ADDRESS, r->encryption_keys->pdata[1]));
}

static void
encrypt_elsewhere (Fixture *f, SignetReply *r)
{
  g_autoptr (TestCa) other = test_ca_new ("Other");

  take_encryption (r, 0, test_ca_issue_encryption (other, ADDRESS, r->encryption_keys->pdata[0]));
}

static void
swap_keys (Fixture *f, SignetReply *r)
{
  gpointer first = r->encryption_keys->pdata[0];

  r->encryption_keys->pdata[0] = r->encryption_keys->pdata[1];
  r->encryption_keys->pdata[1] = first;
}

static void
swap_certificates (Fixture *f, SignetReply *r)
{
  SignetCertificate *signing = r->signing;

  r->signing = r->encryption->pdata[0];
  r->encryption->pdata[0] = signing;
}

static void drop_key (Fixture *f, SignetReply *r) { g_ptr_array_remove_index (r->encryption_keys, 2); }
static void drop_certificate (Fixture *f, SignetReply *r) { g_ptr_array_remove_index (r->encryption, 2); }

static void
drop_all_encryption (Fixture *f, SignetReply *r)
{
  g_ptr_array_set_size (r->encryption, 0);
  g_ptr_array_set_size (r->encryption_keys, 0);
}

static void
add_key (Fixture *f, SignetReply *r)
{
  g_ptr_array_add (r->encryption_keys, signet_private_key_ref (test_key (SIGNET_KEY_P256, 3)));
}

static void
add_certificate (Fixture *f, SignetReply *r)
{
  g_ptr_array_add (r->encryption, test_ca_issue_encryption (f->ca, ADDRESS, test_key (SIGNET_KEY_P256, 3)));
}

static void
bring_unnamed (Fixture *f, SignetReply *r)
{
  g_ptr_array_add (r->chain, test_ca_issue_encryption (f->ca, ADDRESS, test_key (SIGNET_KEY_P256, 3)));
}

static void
bring_former_root (Fixture *f, SignetReply *r)
{
  g_autoptr (TestCa) other = test_ca_new ("Former");

  g_ptr_array_add (r->chain, signet_certificate_ref (test_ca_get_root (other)));
}

static void
bring_crowd (Fixture *f, SignetReply *r)
{
  for (guint i = 0; i < SIGNET_MAX_CHAIN; i++)
    bring_former_root (f, r);
}

static void bring_nobody (Fixture *f, SignetReply *r) { g_ptr_array_remove_index (r->chain, 0); }

static const struct {
  const char *name;
  Alter alter;
  int code;
} wrongs[] = {
  { "nothing", keep, -1 },
  { "id", alter_id, SIGNET_ERROR_NOT_FOR_US },
  { "nonce", alter_nonce, SIGNET_ERROR_NOT_FOR_US },
  { "digest", alter_digest, SIGNET_ERROR_NOT_FOR_US },
  { "address", alter_address, SIGNET_ERROR_NOT_FOR_US },
  { "authority-name", alter_name, SIGNET_ERROR_INVALID },
  { "expired", expire, SIGNET_ERROR_EXPIRED },
  { "almost-expired", almost_expire, -1 },
  { "issued-tomorrow", issue_tomorrow, -1 },
  { "issued-later", issue_later, SIGNET_ERROR_EXPIRED },
  { "signing-other-key", sign_other_key, SIGNET_ERROR_INVALID },
  { "signing-other-address", sign_other_address, SIGNET_ERROR_INVALID },
  { "signing-without-use", sign_without_use, SIGNET_ERROR_INVALID },
  { "signing-for-servers", sign_for_servers, SIGNET_ERROR_INVALID },
  { "signing-without-purpose", sign_without_purpose, -1 },
  { "signing-expired", sign_expired, SIGNET_ERROR_EXPIRED },
  { "signing-early", sign_early, SIGNET_ERROR_EXPIRED },
  { "signing-elsewhere", sign_elsewhere, SIGNET_ERROR_INVALID },
  { "encryption-other-address", encrypt_other_address, SIGNET_ERROR_INVALID },
  { "encryption-without-use", encrypt_without_use, SIGNET_ERROR_INVALID },
  { "encryption-expired", encrypt_expired, SIGNET_ERROR_EXPIRED },
  { "encryption-elsewhere", encrypt_elsewhere, SIGNET_ERROR_INVALID },
  { "history-other-address", encrypt_history_other_address, SIGNET_ERROR_INVALID },
  { "history-elsewhere", encrypt_history_elsewhere, -1 },
  { "keys-swapped", swap_keys, SIGNET_ERROR_INVALID },
  { "certificates-swapped", swap_certificates, SIGNET_ERROR_INVALID },
  { "key-missing", drop_key, SIGNET_ERROR_INVALID },
  { "certificate-missing", drop_certificate, SIGNET_ERROR_INVALID },
  { "encryption-missing", drop_all_encryption, SIGNET_ERROR_INVALID },
  { "key-extra", add_key, SIGNET_ERROR_INVALID },
  { "certificate-extra", add_certificate, SIGNET_ERROR_INVALID },
  { "unnamed", bring_unnamed, SIGNET_ERROR_INVALID },
  { "chain-too-long", bring_crowd, SIGNET_ERROR_UNTRUSTED },      /* the signer's chain is the same one */
  { "chain-missing", bring_nobody, SIGNET_ERROR_UNTRUSTED },
};

static void
test_wrong (Fixture *f, gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (SignetReply) reply = test_reply_new (f->ca, f->request, 2);

  wrongs[i].alter (f, reply);
  g_autoptr (GBytes) attachment = test_reply_build (f->ca, f->request, reply);
  if (wrongs[i].code < 0)
    assert_opens (f, attachment, reply);
  else
    assert_refused (f, attachment, wrongs[i].code);
}

/* Root certificates of the key history may come along; the pinned one is last. */
static void
test_chain_order (Fixture *f, gconstpointer data)
{
  g_autoptr (SignetReply) reply = test_reply_new (f->ca, f->request, 0);
  g_autoptr (GError) error = NULL;

  bring_former_root (f, reply);
  g_autoptr (GBytes) attachment = test_reply_build (f->ca, f->request, reply);
  g_autoptr (SignetReply) opened = open_reply (f, attachment, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (opened->chain->len, ==, 3);
  g_assert_true (same_certificate (opened->chain->pdata[2], test_ca_get_root (f->ca)));
}

/* --- other people's programs --- */

static void
write_pem (const char *name, SignetCertificate *certificate)
{
  foreign_write_bytes ("der", signet_certificate_get_der (certificate));
  g_autoptr (GBytes) none = foreign_shell ("openssl x509 -inform DER -in der -out %s", name);
}

/* OpenSSL opens it with the reply key, verifies it up to the root, and Python and OpenSSL find in it what belongs
 * there. */
static void
test_others_read (Fixture *f, gconstpointer data)
{
  static const char script[] =
    "import re, email, email.policy, json, subprocess, hashlib\n"
    "def run(*words, data): return subprocess.run(words, input=data, check=True, capture_output=True).stdout\n"
    "m = email.message_from_bytes(open('content', 'rb').read(), policy=email.policy.default)\n"
    "manifest, bundle, *keys = m.iter_parts()\n"
    "assert not m.defects and len(keys) == 2\n"
    "j = json.loads(manifest.get_content())\n"
    "pem = run('openssl', 'pkcs7', '-inform', 'DER', '-print_certs', data=bundle.get_content()).decode()\n"
    "pems = re.findall('-----BEGIN.*?END CERTIFICATE-----', pem, re.DOTALL)\n"
    "ders = [run('openssl', 'x509', '-outform', 'DER', data=p.encode()) for p in pems]\n"
    "by_digest = {hashlib.sha256(d).hexdigest(): d for d in ders}\n"
    "assert len(by_digest) == 5 and j['signing'] in by_digest\n"
    "for name, key in zip(j['encryption'], keys):\n"
    "  public = run('openssl', 'x509', '-inform', 'DER', '-noout', '-pubkey', data=by_digest[name])\n"
    "  assert public == run('openssl', 'pkey', '-inform', 'DER', '-pubout', data=key.get_content())\n"
    "assert j['request-digest'] == hashlib.sha256(open('request', 'rb').read()).hexdigest()\n"
    "print(j['signet-reply'], j['request'], j['nonce'], j['address'], j['authority'], j['issued'], j['expires'])\n";
  g_autoptr (SignetReply) reply = test_reply_new (f->ca, f->request, 1);
  g_autoptr (GBytes) attachment = test_reply_build (f->ca, f->request, reply);
  g_autoptr (SignetSecret) key = signet_private_key_to_pkcs8 (f->reply_key, NULL);

  foreign_begin ();
  foreign_write_bytes ("reply", attachment);
  foreign_write_bytes ("request", f->request);
  foreign_write ("key.der", signet_secret_get (key, NULL), signet_secret_length (key));
  foreign_write ("script", script, strlen (script));
  write_pem ("root.pem", test_ca_get_root (f->ca));
  g_autoptr (GBytes) output = foreign_shell (
    "openssl pkey -inform DER -in key.der -out key.pem && "
    "openssl cms -decrypt -inform DER -in reply -inkey key.pem -out signed -binary && "
    "openssl cms -verify -inform DER -in signed -CAfile root.pem -attime %d -out content -binary && "
    "python3 -X utf8 script", NOW);
  foreign_end ();
  g_autofree char *text = foreign_text (output);
  g_autofree char *expected = g_strdup_printf ("1 %s %s %s Example Authority %d %d\n", ID, NONCE, ADDRESS, NOW,
                                               NOW + 7 * DAY);
  g_assert_cmpstr (text, ==, expected);
}

#define ADD(name, function) g_test_add ("/protocol/reply/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("round", test_round);
  ADD ("large", test_large);
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++) {
    g_autofree char *path = g_strconcat ("/protocol/reply/other/", others[i].name, NULL);
    g_test_add (path, Fixture, GUINT_TO_POINTER (i), set_up, test_other, tear_down);
  }
  ADD ("address-case", test_address_case);
  for (gsize i = 0; i < G_N_ELEMENTS (wrongs); i++) {
    g_autofree char *path = g_strconcat ("/protocol/reply/wrong/", wrongs[i].name, NULL);
    g_test_add (path, Fixture, GUINT_TO_POINTER (i), set_up, test_wrong, tear_down);
  }
  ADD ("chain-order", test_chain_order);
  ADD ("others-read", test_others_read);
  return g_test_run ();
}
