/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cert/path.h"

#include "base/error.h"
#include "base/limits.h"

#include "foreign.h"

#include <string.h>

#define DAY (24 * 3600)
#define EC "-newkey ec -pkeyopt ec_paramgen_curve:P-256"

/* What openssl puts into each kind of certificate, unless a case says otherwise. */
#define ROOT_START "basicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=hash\n"
#define ROOT_EXTENSIONS ROOT_START "keyUsage=critical,keyCertSign,cRLSign\n"
#define IDS "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
#define CA_EXTENSIONS "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n" IDS
#define LEAF_START "basicConstraints=critical,CA:FALSE\nsubjectAltName=email:asa@example.org\n" IDS
#define SIGNS "keyUsage=critical,digitalSignature\n"
#define FOR_MAIL "extendedKeyUsage=emailProtection\n"
#define LEAF_EXTENSIONS LEAF_START SIGNS FOR_MAIL

/* NAME.der and NAME.key by ISSUER, or by itself when that is NULL. */
static void
issue (const char *name, const char *issuer, const char *extensions, const char *new_key, const char *options)
{
  g_autofree char *file = g_strconcat (name, ".config", NULL);
  g_autofree char *config = g_strconcat ("[req]\ndistinguished_name=dn\nx509_extensions=ext\n[dn]\n[ext]\n", extensions,
                                         NULL);
  g_autofree char *signing = issuer != NULL ? g_strdup_printf ("-CA %s.der -CAkey %s.key", issuer, issuer)
                                            : g_strdup ("");

  foreign_write (file, config, strlen (config));
  g_autoptr (GBytes) none = foreign_shell (
    "openssl req -x509 -config %s %s -nodes -keyout %s.key -subj /CN=%s %s %s -outform DER -out %s.new && "
    "mv %s.new %s.der", file, new_key, name, name, options, signing, name, name, name);
}

static SignetCertificate *
load (const char *name)
{
  g_autofree char *file = g_strconcat (name, ".der", NULL);
  g_autoptr (GBytes) der = foreign_read (file);
  g_autoptr (GError) error = NULL;
  SignetCertificate *certificate = signet_certificate_new (der, &error);

  g_assert_no_error (error);
  return certificate;
}

/* -1, or the code of the error. */
static int
validate (const char *leaf, const char *const *intermediates, const char *root, SignetPathPurpose purpose, gint64 at)
{
  g_autoptr (SignetCertificate) end = load (leaf), anchor = load (root);
  g_autoptr (GPtrArray) others = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_certificate_unref);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; intermediates[i] != NULL; i++)
    g_ptr_array_add (others, load (intermediates[i]));
  gboolean good = signet_path_validate (end, others, anchor, purpose, at, &error);
  g_assert_true (good == (error == NULL));
  if (error != NULL) {
    g_test_message ("%s", error->message);
    g_assert_cmpint (error->domain, ==, SIGNET_ERROR);
  }
  return error != NULL ? (int) error->code : -1;
}

static gint64
in_days (int days)
{
  return g_get_real_time () / G_USEC_PER_SEC + 60 + (gint64) days * DAY;
}

typedef struct {
  const char *name;
  const char *leaf;            /* extensions; NULL: the usual ones */
  const char *ca;
  const char *root;
  const char *leaf_key;        /* options of openssl req; NULL: P-256 */
  const char *leaf_options;    /* of openssl x509, like the next; NULL: valid for 100 days */
  const char *ca_options;
  SignetPathPurpose purpose;
  int days;                    /* from now: when it is looked at */
  int code;                    /* -1: good */
} Case;

#define GOOD(name_, ...) { name_, .code = -1, ## __VA_ARGS__ }
#define BAD(name_, ...) { name_, .code = SIGNET_ERROR_UNTRUSTED, ## __VA_ARGS__ }
#define LATE(name_, ...) { name_, .code = SIGNET_ERROR_EXPIRED, ## __VA_ARGS__ }
#define NOT_CA "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,keyCertSign\n" IDS
#define NO_CERT_SIGN "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,cRLSign\n" IDS
#define CONSTRAINED(names) CA_EXTENSIONS "nameConstraints=critical," names "\n"

static const Case cases[] = {
  GOOD ("good"),
  GOOD ("encryption-only", .leaf = LEAF_START FOR_MAIL "keyUsage=critical,keyAgreement\n"),
  GOOD ("no-purposes", .leaf = LEAF_START SIGNS),
  GOOD ("any-purpose", .leaf = LEAF_START SIGNS "extendedKeyUsage=anyExtendedKeyUsage\n"),
  GOOD ("mail-ca", .ca = CA_EXTENSIONS FOR_MAIL),
  GOOD ("root-for-servers", .root = ROOT_EXTENSIONS "extendedKeyUsage=serverAuth\n"),
  GOOD ("rsa", .leaf_key = "-newkey rsa:2048"),
  GOOD ("permitted-name", .ca = CONSTRAINED ("permitted;email:example.org")),
  GOOD ("path-length", .ca = "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign\n" IDS),
  GOOD ("authority", .leaf = LEAF_START SIGNS, .purpose = SIGNET_PATH_AUTHORITY),

  LATE ("leaf-expired", .leaf_options = "-days 10", .days = 20),
  LATE ("ca-expired", .ca_options = "-days 10", .days = 20),
  LATE ("root-expired", .days = 2000),
  LATE ("not-yet", .days = -1),
  BAD ("expired-and-for-servers", .leaf = LEAF_START SIGNS "extendedKeyUsage=serverAuth\n", .leaf_options = "-days 10",
       .days = 20),
  BAD ("expired-ca-and-wrong-name", .ca = CONSTRAINED ("permitted;email:example.com"), .ca_options = "-days 10",
       .days = 20),

  BAD ("for-servers", .leaf = LEAF_START SIGNS "extendedKeyUsage=serverAuth\n"),
  BAD ("ca-for-servers", .ca = CA_EXTENSIONS "extendedKeyUsage=serverAuth\n"),
  BAD ("not-a-ca", .ca = NOT_CA),
  BAD ("ca-cannot-sign-certificates", .ca = NO_CERT_SIGN),
  BAD ("root-path-length", .root = "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign\n"
       "subjectKeyIdentifier=hash\n", .ca = CA_EXTENSIONS, .leaf = CA_EXTENSIONS),
  BAD ("name-not-permitted", .ca = CONSTRAINED ("permitted;email:example.com")),
  BAD ("name-excluded", .ca = CONSTRAINED ("excluded;email:example.org")),
  BAD ("unknown-critical", .leaf = LEAF_EXTENSIONS "1.2.3.4=critical,ASN1:NULL\n"),
  BAD ("unknown-critical-in-ca", .ca = CA_EXTENSIONS "1.2.3.4=critical,ASN1:NULL\n"),
  BAD ("sha1", .leaf_options = "-days 100 -sha1"),
  BAD ("ca-sha1", .ca_options = "-days 100 -sha1"),
  BAD ("rsa-1024", .leaf_key = "-newkey rsa:1024"),
  BAD ("authority-cannot-sign", .leaf = LEAF_START "keyUsage=critical,keyAgreement\n",
       .purpose = SIGNET_PATH_AUTHORITY),
  BAD ("authority-says-no-usage", .leaf = LEAF_START, .purpose = SIGNET_PATH_AUTHORITY),
  LATE ("authority-expired", .leaf = LEAF_START SIGNS, .purpose = SIGNET_PATH_AUTHORITY, .leaf_options = "-days 10",
       .days = 20),
};

static const char *
or (const char *text, const char *usual)
{
  return text != NULL ? text : usual;
}

static void
check_case (gconstpointer data)
{
  const Case *test = data;
  const char *const intermediates[] = { "ca", NULL };

  issue ("root", NULL, or (test->root, ROOT_EXTENSIONS), EC, "-days 1000");
  issue ("ca", "root", or (test->ca, CA_EXTENSIONS), EC, or (test->ca_options, "-days 100"));
  issue ("leaf", "ca", or (test->leaf, LEAF_EXTENSIONS), or (test->leaf_key, EC),
         or (test->leaf_options, "-days 100"));
  g_assert_cmpint (validate ("leaf", intermediates, "root", test->purpose, in_days (test->days)), ==, test->code);
}

/* One chain for the cases that change what is handed in. */
static void
make_chain (void)
{
  issue ("root", NULL, ROOT_EXTENSIONS, EC, "-days 1000");
  issue ("ca", "root", CA_EXTENSIONS, EC, "-days 100");
  issue ("leaf", "ca", LEAF_EXTENSIONS, EC, "-days 100");
}

static void
test_other_root (void)
{
  const char *const intermediates[] = { "ca", NULL }, *const with_root[] = { "ca", "old-root", NULL };
  const char *const none[] = { NULL };

  make_chain ();
  g_autoptr (GBytes) moved = foreign_shell ("cp root.der old-root.der");
  issue ("root", NULL, ROOT_EXTENSIONS, EC, "-days 1000");      /* the same name, another key */
  g_assert_cmpint (validate ("leaf", intermediates, "root", SIGNET_PATH_MAIL, in_days (0)), ==,
                   SIGNET_ERROR_UNTRUSTED);
  g_assert_cmpint (validate ("leaf", with_root, "root", SIGNET_PATH_MAIL, in_days (0)), ==, SIGNET_ERROR_UNTRUSTED);
  g_assert_cmpint (validate ("leaf", none, "old-root", SIGNET_PATH_MAIL, in_days (0)), ==, SIGNET_ERROR_UNTRUSTED);
  g_assert_cmpint (validate ("leaf", with_root, "old-root", SIGNET_PATH_MAIL, in_days (0)), ==, -1);
}

static void
test_root_as_leaf (void)
{
  const char *const none[] = { NULL };

  issue ("root", NULL, ROOT_START "keyUsage=critical,keyCertSign,digitalSignature\n", EC, "-days 1000");
  g_assert_cmpint (validate ("root", none, "root", SIGNET_PATH_MAIL, in_days (0)), ==, SIGNET_ERROR_UNTRUSTED);
  g_assert_cmpint (validate ("root", none, "root", SIGNET_PATH_AUTHORITY, in_days (0)), ==, SIGNET_ERROR_UNTRUSTED);
}

static void
test_directly_below (void)
{
  const char *const none[] = { NULL };

  issue ("root", NULL, ROOT_EXTENSIONS, EC, "-days 1000");
  issue ("leaf", "root", LEAF_EXTENSIONS, EC, "-days 100");
  g_assert_cmpint (validate ("leaf", none, "root", SIGNET_PATH_MAIL, in_days (0)), ==, -1);
}

/* The leaf itself, the root, somebody else's CA of the same name, in any order. */
static void
test_extra (void)
{
  const char *const first[] = { "other-ca", "leaf", "ca", "root", NULL };
  const char *const last[] = { "root", "ca", "leaf", "other-ca", NULL };

  issue ("root", NULL, ROOT_EXTENSIONS, EC, "-days 1000");
  issue ("ca", "root", CA_EXTENSIONS, EC, "-days 200");
  g_autoptr (GBytes) moved = foreign_shell ("cp ca.der other-ca.der");
  issue ("ca", "root", CA_EXTENSIONS, EC, "-days 100");
  issue ("leaf", "ca", LEAF_EXTENSIONS, EC, "-days 100");
  g_assert_cmpint (validate ("leaf", first, "root", SIGNET_PATH_MAIL, in_days (0)), ==, -1);
  g_assert_cmpint (validate ("leaf", last, "root", SIGNET_PATH_MAIL, in_days (0)), ==, -1);
}

static void
test_too_many (void)
{
  const char *intermediates[SIGNET_MAX_CHAIN + 2] = { NULL };

  make_chain ();
  for (guint i = 0; i < SIGNET_MAX_CHAIN; i++)
    intermediates[i] = "ca";
  g_assert_cmpint (validate ("leaf", intermediates, "root", SIGNET_PATH_MAIL, in_days (0)), ==, -1);
  intermediates[SIGNET_MAX_CHAIN] = "ca";
  g_assert_cmpint (validate ("leaf", intermediates, "root", SIGNET_PATH_MAIL, in_days (0)), ==,
                   SIGNET_ERROR_UNTRUSTED);
}

/* A leaf that may sign mail may not sign certificates. */
static void
test_leaf_as_ca (void)
{
  const char *const intermediates[] = { "leaf", "ca", NULL };

  make_chain ();
  issue ("forged", "leaf", LEAF_EXTENSIONS, EC, "-days 100");
  g_assert_cmpint (validate ("forged", intermediates, "root", SIGNET_PATH_MAIL, in_days (0)), ==,
                   SIGNET_ERROR_UNTRUSTED);
}

/* Bytes of a leaf turned, one after the other: what can still be read is not trusted. */
static void
test_mutations (void)
{
  g_autoptr (GPtrArray) others = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_certificate_unref);
  guint read = 0;

  make_chain ();
  g_ptr_array_add (others, load ("ca"));
  g_autoptr (SignetCertificate) root = load ("root");
  g_autoptr (GBytes) der = foreign_read ("leaf.der");
  gsize length = g_bytes_get_size (der);

  for (gsize i = 0; i < length; i++) {
    guint8 *data = g_memdup2 (g_bytes_get_data (der, NULL), length);
    data[i] ^= 1 << g_test_rand_int_range (0, 8);
    g_autoptr (GBytes) changed = g_bytes_new_take (data, length);
    g_autoptr (SignetCertificate) leaf = signet_certificate_new (changed, NULL);
    if (leaf == NULL)
      continue;
    read++;
    g_assert_false (signet_path_validate (leaf, others, root, SIGNET_PATH_MAIL, in_days (0), NULL));
  }
  g_assert_cmpuint (read, >, length / 4);
}

/* -1, or the code of the error. */
static int
validate_step (const char *name, const char *issuer, gint64 at)
{
  g_autoptr (SignetCertificate) certificate = load (name), above = load (issuer);
  g_autoptr (GError) error = NULL;

  g_assert_true (signet_path_validate_step (certificate, above, at, &error) == (error == NULL));
  return error != NULL ? (int) error->code : -1;
}

/* One step, whatever is above it: the root is not asked for. */
static void
test_step (void)
{
  make_chain ();
  g_assert_cmpint (validate_step ("leaf", "ca", in_days (0)), ==, -1);
  g_assert_cmpint (validate_step ("ca", "root", in_days (0)), ==, -1);
  g_assert_cmpint (validate_step ("leaf", "ca", in_days (101)), ==, SIGNET_ERROR_EXPIRED);
  g_assert_cmpint (validate_step ("leaf", "root", in_days (0)), ==, SIGNET_ERROR_UNTRUSTED);
  g_assert_cmpint (validate_step ("ca", "leaf", in_days (0)), ==, SIGNET_ERROR_UNTRUSTED);
  g_assert_cmpint (validate_step ("leaf", "leaf", in_days (0)), ==, SIGNET_ERROR_UNTRUSTED);
  g_assert_cmpint (validate_step ("root", "root", in_days (0)), ==, SIGNET_ERROR_UNTRUSTED);
  issue ("forged", "leaf", LEAF_EXTENSIONS, EC, "-days 100");
  g_assert_cmpint (validate_step ("forged", "leaf", in_days (0)), ==, SIGNET_ERROR_UNTRUSTED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  foreign_begin ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/cert/path/case/", cases[i].name, NULL);
    g_test_add_data_func (path, &cases[i], check_case);
  }
  g_test_add_func ("/cert/path/other-root", test_other_root);
  g_test_add_func ("/cert/path/root-as-leaf", test_root_as_leaf);
  g_test_add_func ("/cert/path/directly-below", test_directly_below);
  g_test_add_func ("/cert/path/extra", test_extra);
  g_test_add_func ("/cert/path/too-many", test_too_many);
  g_test_add_func ("/cert/path/leaf-as-ca", test_leaf_as_ca);
  g_test_add_func ("/cert/path/mutations", test_mutations);
  g_test_add_func ("/cert/path/step", test_step);
  int result = g_test_run ();
  foreign_end ();
  return result;
}
