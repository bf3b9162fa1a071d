/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "protocol/authority-info.h"

#include "base/error.h"
#include "base/limits.h"

#include "foreign.h"
#include "test-ca.h"

#include <string.h>

typedef struct {
  TestCa *ca;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->ca = test_ca_new ("Example");
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  test_ca_free (f->ca);
}

/* The root first, as an authority shows itself. */
static GPtrArray *
certificates (TestCa *ca)
{
  GPtrArray *list = g_ptr_array_new ();

  g_ptr_array_add (list, test_ca_get_root (ca));
  g_ptr_array_add (list, test_ca_get_issuing (ca));
  return list;
}

static void
test_round (Fixture *f, gconstpointer data)
{
  static const char *const notices[] = { NULL, "We keep a copy.\nÄven på svenska." };
  g_autoptr (GPtrArray) list = certificates (f->ca);

  for (gsize i = 0; i < G_N_ELEMENTS (notices); i++) {
    g_autoptr (SignetAuthorityInfo) info = signet_authority_info_new ("Example Ö", notices[i], list);
    g_autoptr (GBytes) json = signet_authority_info_to_json (info);
    g_autoptr (GError) error = NULL;
    g_autoptr (SignetAuthorityInfo) again = signet_authority_info_parse (json, test_ca_get_pin (f->ca), &error);

    g_assert_no_error (error);
    g_assert_cmpstr (signet_authority_info_get_name (again), ==, "Example Ö");
    g_assert_cmpstr (signet_authority_info_get_notice (again), ==, notices[i]);
    g_assert_cmpuint (signet_authority_info_get_certificates (again)->len, ==, 2);
    g_assert_true (g_bytes_equal (signet_certificate_get_der (signet_authority_info_get_root (again)),
                                  signet_certificate_get_der (test_ca_get_root (f->ca))));
  }
}

static void
test_wrong_pin (Fixture *f, gconstpointer data)
{
  g_autoptr (TestCa) other = test_ca_new ("Example");
  g_autoptr (GPtrArray) list = certificates (f->ca), swapped = g_ptr_array_new ();
  g_ptr_array_add (swapped, test_ca_get_issuing (f->ca));
  g_ptr_array_add (swapped, test_ca_get_root (f->ca));
  GPtrArray *lists[] = { list, swapped };
  GBytes *pins[] = { test_ca_get_pin (other), test_ca_get_pin (f->ca) };

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++) {
    g_autoptr (SignetAuthorityInfo) info = signet_authority_info_new ("Example", NULL, lists[i]);
    g_autoptr (GBytes) json = signet_authority_info_to_json (info);
    g_autoptr (GError) error = NULL;

    g_assert_null (signet_authority_info_parse (json, pins[i], &error));
    g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_UNTRUSTED);
  }
}

/* What is written in place of the good one, with %s for a list of the good certificates. */
#define OPERATIONS "\"operations\": [\"enroll\"]}"

static const struct {
  const char *name;
  const char *format;
  int code;
} bad[] = {
  { "empty", "", SIGNET_ERROR_INVALID },
  { "no-object", "[]", SIGNET_ERROR_INVALID },
  { "nothing", "{}", SIGNET_ERROR_INVALID },
  { "version-2", "{\"signet-authority\": 2, \"name\": \"E\", \"certificates\": %s, " OPERATIONS,
    SIGNET_ERROR_UNSUPPORTED },
  { "version-0", "{\"signet-authority\": 0, \"name\": \"E\", \"certificates\": %s, " OPERATIONS,
    SIGNET_ERROR_INVALID },
  { "no-operations", "{\"signet-authority\": 1, \"name\": \"E\", \"certificates\": %s}", SIGNET_ERROR_INVALID },
  { "other-operations", "{\"signet-authority\": 1, \"name\": \"E\", \"certificates\": %s, \"operations\": [1, null, "
                        "[], \"x\"]}",
    SIGNET_ERROR_UNSUPPORTED },
  { "no-name", "{\"signet-authority\": 1, \"certificates\": %s, \"operations\": [\"enroll\"]}", SIGNET_ERROR_INVALID },
  { "name-empty", "{\"signet-authority\": 1, \"name\": \"\", \"certificates\": %s, " OPERATIONS,
    SIGNET_ERROR_INVALID },
  { "name-break", "{\"signet-authority\": 1, \"name\": \"E\\nF\", \"certificates\": %s, " OPERATIONS,
    SIGNET_ERROR_INVALID },
  { "notice-number",
    "{\"signet-authority\": 1, \"name\": \"E\", \"notice\": 1, \"certificates\": %s, " OPERATIONS,
    SIGNET_ERROR_INVALID },
  { "notice-control",
    "{\"signet-authority\": 1, \"name\": \"E\", \"notice\": \"\\u001b[0m\", \"certificates\": %s, " OPERATIONS,
    SIGNET_ERROR_INVALID },
  { "no-certificates", "{\"signet-authority\": 1, \"name\": \"E\", \"certificates\": [], " OPERATIONS,
    SIGNET_ERROR_INVALID },
  { "certificates-text", "{\"signet-authority\": 1, \"name\": \"E\", \"certificates\": \"MA==\", " OPERATIONS,
    SIGNET_ERROR_INVALID },
  { "certificate-broken", "{\"signet-authority\": 1, \"name\": \"E\", \"certificates\": [\"MA==\"], " OPERATIONS,
    SIGNET_ERROR_INVALID },
  { "certificate-number", "{\"signet-authority\": 1, \"name\": \"E\", \"certificates\": [1], " OPERATIONS,
    SIGNET_ERROR_INVALID },
};

static char *
certificate_list (GPtrArray *list)
{
  g_autoptr (GString) text = g_string_new ("[");

  for (guint i = 0; i < list->len; i++) {
    GBytes *der = signet_certificate_get_der (list->pdata[i]);
    g_autofree char *encoded = g_base64_encode (g_bytes_get_data (der, NULL), g_bytes_get_size (der));
    g_string_append_printf (text, "%s\"%s\"", i > 0 ? ", " : "", encoded);
  }
  return g_strconcat (text->str, "]", NULL);
}

static void
assert_refused (Fixture *f, const char *text, int code)
{
  g_autoptr (GBytes) json = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;

  g_assert_null (signet_authority_info_parse (json, test_ca_get_pin (f->ca), &error));
  g_assert_error (error, SIGNET_ERROR, code);
}

static void
test_bad (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) list = certificates (f->ca);
  g_autofree char *good = certificate_list (list);

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_auto (GStrv) pieces = g_strsplit (bad[i].format, "%s", 2);
    g_autofree char *text = g_strjoinv (good, pieces);

    g_test_message ("%s", bad[i].name);
    assert_refused (f, text, bad[i].code);
  }
}

static void
test_leaf_among_them (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) list = certificates (f->ca);
  g_autoptr (SignetCertificate) leaf = test_ca_issue_signing (f->ca, "asa@example.org", test_key (SIGNET_KEY_P256, 0));
  g_ptr_array_add (list, leaf);
  g_autoptr (SignetAuthorityInfo) info = signet_authority_info_new ("Example", NULL, list);
  g_autoptr (GBytes) json = signet_authority_info_to_json (info);
  g_autoptr (GError) error = NULL;

  g_assert_null (signet_authority_info_parse (json, test_ca_get_pin (f->ca), &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID);
}

static void
test_size (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) list = certificates (f->ca);
  g_autofree char *longest = g_strnfill (SIGNET_MAX_NOTICE, 'x'), *longer = g_strconcat (longest, "x", NULL);
  g_autofree char *spaces = g_strnfill (SIGNET_MAX_JSON + 1, ' ');
  const char *const notices[] = { longest, longer };

  for (gsize i = 0; i < G_N_ELEMENTS (notices); i++) {
    g_autoptr (SignetAuthorityInfo) info = signet_authority_info_new ("Example", notices[i], list);
    g_autoptr (GBytes) json = signet_authority_info_to_json (info);
    g_autoptr (SignetAuthorityInfo) again = signet_authority_info_parse (json, test_ca_get_pin (f->ca), NULL);
    g_assert_true ((again != NULL) == (i == 0));
  }
  while (list->len <= SIGNET_MAX_CHAIN)
    g_ptr_array_add (list, test_ca_get_issuing (f->ca));
  g_autoptr (SignetAuthorityInfo) crowd = signet_authority_info_new ("Example", NULL, list);
  g_autoptr (GBytes) json = signet_authority_info_to_json (crowd);
  g_autofree char *text = foreign_text (json);
  assert_refused (f, text, SIGNET_ERROR_INVALID);
  assert_refused (f, spaces, SIGNET_ERROR_TOO_LARGE);
}

/* What Python's JSON reader finds, OpenSSL reads as certificates. */
static void
test_others_read (Fixture *f, gconstpointer data)
{
  static const char script[] =
    "import sys, json, base64, subprocess\n"
    "j = json.load(sys.stdin)\n"
    "print(list(j), j['signet-authority'], j['name'], j['notice'], j['operations'])\n"
    "for c in j['certificates']:\n"
    "  der = base64.b64decode(c, validate=True)\n"
    "  print(subprocess.run(['openssl', 'x509', '-inform', 'DER', '-noout', '-subject'], input=der, check=True,\n"
    "                       capture_output=True).stdout.decode().strip())\n";
  g_autoptr (GPtrArray) list = certificates (f->ca);
  g_autoptr (SignetAuthorityInfo) info = signet_authority_info_new ("Example Ö", "Notice", list);
  g_autoptr (GBytes) json = signet_authority_info_to_json (info);
  g_autoptr (GBytes) output = foreign_run (json, "python3", "-X", "utf8", "-c", script, NULL);
  g_autofree char *text = foreign_text (output);

  g_assert_cmpstr (text, ==, "['signet-authority', 'name', 'notice', 'certificates', 'operations'] "
                             "1 Example Ö Notice ['enroll']\n"
                             "subject=CN = Example Root\nsubject=CN = Example Issuing\n");
}

#define ADD(name, function) g_test_add ("/protocol/authority-info/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("round", test_round);
  ADD ("wrong-pin", test_wrong_pin);
  ADD ("bad", test_bad);
  ADD ("leaf-among-them", test_leaf_among_them);
  ADD ("size", test_size);
  ADD ("others-read", test_others_read);
  return g_test_run ();
}
