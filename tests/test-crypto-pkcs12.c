/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/error.h"
#include "base/limits.h"
#include "crypto/key-file.h"
#include "crypto/pkcs12-write.h"
#include "crypto/private-key.h"
#include "foreign.h"

#include <string.h>

#define PASSWORD "p\303\266\303\237\342\202\254 12"     /* with characters of one, two and three bytes */
#define CHAIN " -inkey key.pem -in certificate.pem -certfile root.pem -passout 'pass:" PASSWORD "'"

/* A key with a certificate by a root, in files for other programs. */
static void
make_files (void)
{
  static const char settings[] =
    "[req]\ndistinguished_name=dn\nprompt=no\n[dn]\nCN=Root\n[ca]\nbasicConstraints=critical,CA:TRUE\n"
    "[mail]\nextendedKeyUsage=emailProtection\nsubjectAltName=email:asa@example.org\n";

  foreign_write ("settings", settings, strlen (settings));
  g_bytes_unref (foreign_shell (
    "openssl req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -config settings -extensions ca"
    " -days 900 && openssl req -newkey rsa:2048 -nodes -keyout key.pem -out request -config settings -subj /CN=Asa"
    " && openssl x509 -req -in request -CA root.pem -CAkey root.key -set_serial 2 -days 800 -extfile settings"
    " -extensions mail -out certificate.pem && openssl pkey -in key.pem -pubout -outform DER -out spki"));
}

static SignetKeyFile *
read_file (SignetSecret *file, const char *password, GError **error)
{
  g_autoptr (SignetSecret) secret = password != NULL ? signet_secret_new_text (password) : NULL;
  g_autoptr (SignetKeyFile) self = signet_key_file_new ();

  return signet_key_file_read (self, file, secret, NULL, error) ? g_steal_pointer (&self) : NULL;
}

static SignetSecret *
load (const char *name)
{
  g_autoptr (GBytes) bytes = foreign_read (name);

  return signet_secret_new (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static SignetKeyFile *
read_named (const char *name, const char *password, GError **error)
{
  g_autoptr (SignetSecret) file = load (name);

  return read_file (file, password, error);
}

static void
check_key (SignetKeyFile *file, guint certificates)
{
  g_autoptr (GBytes) spki = foreign_read ("spki");

  g_assert_cmpuint (file->keys->len, ==, 1);
  g_assert_true (g_bytes_equal (signet_private_key_get_spki (file->keys->pdata[0]), spki));
  g_assert_cmpuint (file->certificates->len, ==, certificates);
  g_assert_cmpuint (file->unusable, ==, 0);
}

/* What other programs write, by the commands that their users give. */
static void
test_written_by_others (void)
{
  const struct {
    const char *command;
    const char *password;
    guint certificates;
    gboolean weak;
    const char *name;
  } cases[] = {
    { "openssl pkcs12 -export -name 'Åsa' -out file" CHAIN, PASSWORD, 2, FALSE, "Åsa" },
    { "openssl pkcs12 -export -legacy -out file" CHAIN, PASSWORD, 2, TRUE, NULL },
    { "openssl pkcs12 -export -certpbe PBE-SHA1-RC2-128 -keypbe PBE-SHA1-2DES -legacy -out file" CHAIN, PASSWORD, 2,
      TRUE, NULL },
    { "openssl pkcs12 -export -keypbe NONE -macalg sha512 -out file" CHAIN, PASSWORD, 2, FALSE, NULL },
    { "openssl pkcs12 -export -nomac -out file" CHAIN, PASSWORD, 2, TRUE, NULL },
    { "openssl pkcs12 -export -inkey key.pem -in certificate.pem -passout pass: -out file", "", 1, FALSE, NULL },
    { "certtool --to-p12 --load-privkey key.pem --load-certificate certificate.pem --p12-name Asa --password '" PASSWORD
      "' --outder --outfile file", PASSWORD, 1, FALSE, "Asa" },
    { "certtool --to-p12 --load-privkey key.pem --load-certificate certificate.pem --p12-name Asa --empty-password"
      " --pkcs-cipher rc2-40 --outfile file", "", 1, TRUE, "Asa" },
    { "openssl pkcs12 -export -name Asa -out plain" CHAIN " && mkdir nss && certutil -N -d nss --empty-password &&"
      " pk12util -d nss -i plain -W '" PASSWORD "' && pk12util -d nss -n Asa -o file -W '" PASSWORD "'; rm -r nss",
      PASSWORD, 2, FALSE, "Asa" },
    { "openssl pkcs12 -export -name Asa -out plain" CHAIN " && mkdir nss && certutil -N -d nss --empty-password &&"
      " pk12util -d nss -i plain -W '" PASSWORD "' && pk12util -d nss -n Asa -o file -W '" PASSWORD "'"
      " -c 'PKCS #12 V2 PBE With SHA-1 And 3KEY Triple DES-CBC' -C 'PKCS #12 V2 PBE With SHA-1 And 40 Bit RC2 CBC';"
      " rm -r nss", PASSWORD, 2, TRUE, "Asa" },
    { "cp key.pem file", NULL, 0, TRUE, NULL },
    { "cat certificate.pem key.pem root.pem > file", NULL, 2, TRUE, NULL },
    { "openssl pkcs8 -topk8 -nocrypt -in key.pem -outform DER -out file", NULL, 0, TRUE, NULL },
    { "openssl pkcs8 -topk8 -in key.pem -outform DER -passout 'pass:" PASSWORD "' -out file", PASSWORD, 0, FALSE,
      NULL },
    { "openssl pkcs8 -topk8 -in key.pem -passout 'pass:" PASSWORD "' -out file", PASSWORD, 0, FALSE, NULL },
    { "openssl pkcs8 -topk8 -v1 PBE-MD5-DES -provider legacy -provider default -in key.pem -passout 'pass:" PASSWORD
      "' -out file", PASSWORD, 0, TRUE, NULL },
    { "openssl rsa -traditional -in key.pem -out file", NULL, 0, TRUE, NULL },
    { "openssl rsa -traditional -aes128 -in key.pem -passout 'pass:" PASSWORD "' -out file", PASSWORD, 0, TRUE, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL, wrong_error = NULL;
    g_autoptr (GBytes) said = foreign_shell ("rm -f file; %s", cases[i].command);
    g_test_message ("%s", cases[i].command);
    g_autoptr (SignetKeyFile) file = read_named ("file", cases[i].password, &error);
    g_assert_no_error (error);
    check_key (file, cases[i].certificates);
    g_assert_cmpint (file->weak, ==, cases[i].weak);
    g_assert_cmpstr (file->name, ==, cases[i].name);
    if (cases[i].password == NULL)
      continue;
    g_assert_null (read_named ("file", "not it", &wrong_error));
    g_assert_error (wrong_error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD);
    g_clear_error (&wrong_error);
    g_assert_null (read_named ("file", NULL, &wrong_error));
    g_assert_error (wrong_error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD);
  }
}

/* More than fit into a bag of GnuTLS, which would lose the rest. */
static void
test_many (void)
{
  g_autoptr (GBytes) said = foreign_shell (
    "for i in $(seq 3 52); do openssl x509 -req -in request -CA root.pem -CAkey root.key -set_serial $i -out - -days 9;"
    " done > many.pem 2> messages; cat many.pem key.pem > all.pem;"
    " openssl pkcs12 -export -inkey key.pem -in certificate.pem -certfile many.pem -passout pass:x -out file");
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetKeyFile) file = read_named ("file", "x", &error);

  g_assert_no_error (error);
  check_key (file, 51);
}

/* EC keys too; those that Signet does not use are counted and do not hide the others. */
static void
test_kinds (void)
{
  g_autoptr (GBytes) said = foreign_shell (
    "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 > kinds.pem;"
    " openssl ecparam -name secp384r1 -genkey -noout >> kinds.pem;"
    " openssl genpkey -algorithm ED25519 >> kinds.pem; openssl genrsa 1024 >> kinds.pem");
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetKeyFile) file = read_named ("kinds.pem", NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (file->keys->len, ==, 2);
  g_assert_cmpuint (file->unusable, ==, 2);
}

/* What is written is read again, in both forms: keys of both kinds, and more certificates than GnuTLS has room for. */
static void
test_write (void)
{
  g_autoptr (GBytes) said = foreign_shell (
    "openssl ecparam -name prime256v1 -genkey -noout > pair.pem; cat key.pem >> pair.pem;"
    " for i in $(seq 3 42); do openssl x509 -req -in request -CA root.pem -CAkey root.key -set_serial $i -days 9;"
    " done >> pair.pem 2> messages");
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetKeyFile) file = read_named ("pair.pem", NULL, &error);
  g_autoptr (SignetSecret) password = signet_secret_new_text (PASSWORD);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_assert_no_error (error);
  for (guint form = SIGNET_PKCS12_MODERN; form <= SIGNET_PKCS12_OLD; form++) {
    g_autoptr (SignetSecret) written = signet_pkcs12_write (file->keys, file->certificates, "Åsa 🥪", form, password,
                                                            NULL, &error);
    g_assert_no_error (error);
    g_autoptr (SignetKeyFile) again = read_file (written, PASSWORD, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (again->keys->len, ==, 2);
    for (guint i = 0; i < 2; i++)
      g_assert_true (g_bytes_equal (signet_private_key_get_spki (again->keys->pdata[i]),
                                    signet_private_key_get_spki (file->keys->pdata[i])));
    g_assert_cmpuint (again->certificates->len, ==, 40);
    for (guint i = 0; i < 40; i++)
      g_assert_true (g_bytes_equal (again->certificates->pdata[i], file->certificates->pdata[i]));
    g_assert_cmpstr (again->name, ==, "Åsa 🥪");
    g_assert_cmpint (again->weak, ==, form == SIGNET_PKCS12_OLD);
    g_assert_null (read_file (written, "not it", &error));
    g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD);
    g_clear_error (&error);
  }

  g_cancellable_cancel (cancellable);
  g_assert_null (signet_pkcs12_write (file->keys, file->certificates, "x", SIGNET_PKCS12_MODERN, password, cancellable,
                                      &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_pbmac1 (void)
{
  const struct {
    const char *arguments;
    int code;            /* -1: read */
  } cases[] = {
    { "", -1 },
    { "prf=sha512", -1 },
    { "prf=sha512 mac=sha512 length=64", -1 },
    { "prf=sha1 mac=sha1 length=20", -1 },
    { "mac=sha384 length=48", -1 },
    { "said=2049", SIGNET_ERROR_DAMAGED },
    { "told=0102030405060709", SIGNET_ERROR_DAMAGED },
    { "length=0", SIGNET_ERROR_INVALID },
    { "length=19", SIGNET_ERROR_INVALID },
    { "length=65", SIGNET_ERROR_INVALID },
    { "said=0", SIGNET_ERROR_INVALID },
    { "said=4000000000", SIGNET_ERROR_TOO_LARGE },
    { "cut=1", SIGNET_ERROR_INVALID },
    { "cut=32", SIGNET_ERROR_INVALID },
    { "pad=1", SIGNET_ERROR_INVALID },
  };
  g_autofree char *program = g_test_build_filename (G_TEST_DIST, "pbmac1.py", NULL);
  g_autoptr (GBytes) made = foreign_shell ("openssl pkcs12 -export -nomac -out plain" CHAIN);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) said = foreign_shell ("'%s' plain file '" PASSWORD "' %s", program, cases[i].arguments);
    g_test_message ("%s", cases[i].arguments);
    g_autoptr (SignetKeyFile) file = read_named ("file", PASSWORD, &error);
    if (cases[i].code < 0) {
      g_assert_no_error (error);
      check_key (file, 2);
      g_assert_false (file->weak);
      g_assert_null (read_named ("file", "not it", &error));
      g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD);
    } else {
      g_assert_error (error, SIGNET_ERROR, cases[i].code);
    }
  }
}

/* Each count in its turn becomes one of eight million. */
static void
test_huge_counts (void)
{
  static const guint8 honest[] = { 2, 3, 0x01, 0x86, 0x9f }, huge[] = { 2, 3, 0x7f, 0xff, 0xff };
  g_autoptr (GBytes) made = foreign_shell ("openssl pkcs12 -export -iter 99999 -out file" CHAIN);
  g_autoptr (GBytes) bytes = foreign_read ("file");
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  guint found = 0;

  for (gsize at = 0; at + sizeof honest <= length; at++) {
    if (memcmp (data + at, honest, sizeof honest) != 0)
      continue;
    g_autoptr (SignetSecret) changed = signet_secret_new (data, length);
    memcpy (signet_secret_edit (changed) + at, huge, sizeof huge);
    g_autoptr (GError) error = NULL;
    gint64 begin = g_get_monotonic_time ();
    g_assert_null (read_file (changed, PASSWORD, &error));
    g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE);
    g_assert_cmpint (g_get_monotonic_time () - begin, <, 2 * G_USEC_PER_SEC);
    found++;
  }
  g_assert_cmpuint (found, ==, 3);
}

static void
test_cancelled (void)
{
  g_autoptr (GBytes) made = foreign_shell ("openssl pkcs12 -export -out file" CHAIN);
  g_autoptr (SignetSecret) file = load ("file"), password = signet_secret_new_text (PASSWORD);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (SignetKeyFile) self = signet_key_file_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (signet_key_file_read (self, file, password, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_cut (void)
{
  g_autoptr (GBytes) made = foreign_shell ("openssl pkcs12 -export -iter 1 -out file" CHAIN);
  g_autoptr (SignetSecret) file = load ("file"), large = signet_secret_alloc (SIGNET_MAX_KEY_FILE + 1);
  g_autoptr (GError) error = NULL;

  for (gsize length = 0; length < signet_secret_length (file); length += 50) {
    g_autoptr (SignetSecret) cut = signet_secret_new (signet_secret_get (file, NULL), length);
    g_assert_null (read_file (cut, PASSWORD, &error));
    g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID);
    g_clear_error (&error);
  }
  g_assert_null (read_file (large, PASSWORD, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE);
}

/* One byte of the file changed at random, a thousand times: either it does not matter, or it is said.  Not one of the
 * two tags at its beginning, which tell a PKCS#12 file from a certificate. */
static void
test_altered (void)
{
  g_autoptr (GBytes) made = foreign_shell ("openssl pkcs12 -export -iter 1 -out file" CHAIN);
  g_autoptr (SignetSecret) file = load ("file");
  guint damaged = 0;

  for (guint i = 0; i < 1000; i++) {
    g_autoptr (SignetSecret) changed = signet_secret_new (signet_secret_get (file, NULL), signet_secret_length (file));
    g_autoptr (GError) error = NULL;
    signet_secret_edit (changed)[g_test_rand_int_range (5, signet_secret_length (file))] ^=
      g_test_rand_int_range (1, 256);
    g_autoptr (SignetKeyFile) read = read_file (changed, PASSWORD, &error);
    if (read != NULL) {
      check_key (read, 2);
      continue;
    }
    g_assert_cmpuint (error->domain, ==, SIGNET_ERROR);
    damaged += error->code == SIGNET_ERROR_DAMAGED;
  }
  g_assert_cmpuint (damaged, >, 500);
}

static void
test_rubbish (void)
{
  static const char *const cases[] = {
    "", "0", "hello", "-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----\n",
    "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----\n",
    "-----BEGIN PKCS12-----\nMAAw\n-----END PKCS12-----\n", "0\200\0\0", "\060\003\002\001\003",
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (SignetSecret) file = signet_secret_new_text (cases[i]);
    g_assert_null (read_file (file, PASSWORD, &error));
    g_assert_cmpuint (error->domain, ==, SIGNET_ERROR);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  foreign_begin ();
  make_files ();
  g_test_add_func ("/crypto/pkcs12/written-by-others", test_written_by_others);
  g_test_add_func ("/crypto/pkcs12/many", test_many);
  g_test_add_func ("/crypto/pkcs12/kinds", test_kinds);
  g_test_add_func ("/crypto/pkcs12/write", test_write);
  g_test_add_func ("/crypto/pkcs12/pbmac1", test_pbmac1);
  g_test_add_func ("/crypto/pkcs12/huge-counts", test_huge_counts);
  g_test_add_func ("/crypto/pkcs12/cancelled", test_cancelled);
  g_test_add_func ("/crypto/pkcs12/cut", test_cut);
  g_test_add_func ("/crypto/pkcs12/altered", test_altered);
  g_test_add_func ("/crypto/pkcs12/rubbish", test_rubbish);
  int status = g_test_run ();
  foreign_end ();
  return status;
}
