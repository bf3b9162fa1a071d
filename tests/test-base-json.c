/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/json.h"

#include "base/error.h"
#include "base/limits.h"

#include <string.h>

static JsonObject *
parse (const char *text, GError **error)
{
  return signet_json_parse (text, strlen (text), SIGNET_MAX_JSON, error);
}

static void
test_refused (void)
{
  static const char *const cases[] = {
    "", "null", "[]", "1", "\"text\"", "{", "}", "{}}", "{} {}", "{}x", "{\"a\":1,}", "{\"a\" 1}", "{\"a\":1,\"a\":2}",
    "{\"b\":{\"a\":1,\"a\":2}}", "// note\n{}", "{/* note */}", "{'a':1}", "{\"a\":\"\xff\"}",
    "{\"a\":[[[[[[[[1]]]]]]]]}", "\xef\xbb\xbf{}", "{\"a\":1}\f", "{\"a\" \v:1}", "{,}", "{\"a\":}", "{\"a\"}",
    /* what json-glib would take */
    "{\"a\":\"\\777\"}", "{\"a\":\"\\x\"}", "{\"a\":\"\\\"}", "{\"a\":\"\\u12\"}", "{\"a\":\"\\u0000\"}",
    "{\"a\":\"\\ud800\"}",
    "{\"a\":\"\\udc00\"}", "{\"a\":\"\\ud800\\u0041\"}", "{\"a\":\"\n\"}", "{\"a\\0\":1}",
    "{\"a\":0x10}", "{\"a\":010}", "{\"a\":.5}", "{\"a\":1.}", "{\"a\":1.e1}", "{\"a\":1e}", "{\"a\":-}", "{\"a\":+1}",
    "{\"a\":--1}",
    "{\"a\":1e999}", "{\"a\":9223372036854775808}", "{\"a\":-9223372036854775809}", "{\"a\":NaN}", "{\"a\":TRUE}",
    "{\"a\":nul}", "{\"a\":true1}", "{a:1}", "{\"a\":1 2}", "{\"a\":[1,]}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    g_test_message ("case %u", i);
    g_assert_null (parse (cases[i], &error));
    g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID);
  }
}

static void
test_too_large (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strnfill (SIGNET_MAX_JSON + 1, ' ');

  g_assert_null (parse (text, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE);
}

static void
test_members (void)
{
  g_autoptr (JsonObject) object = parse ("{\"t\":\"a \\\" / ' "
                                         "{[\",\"i\":7,\"b\":true,\"y\":\"AAEC\",\"l\":[\"AA==\",\"\"],"
                                         "\"bad\":\"AAE\",\"mixed\":[1]}", NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GPtrArray) list = NULL;
  gint64 integer;
  gboolean boolean;

  g_assert_nonnull (object);
  g_assert_cmpstr (signet_json_get_text (object, "t", 20, NULL), ==, "a \" / ' {[");
  g_assert_null (signet_json_get_text (object, "t", 3, NULL));
  g_assert_null (signet_json_get_text (object, "i", 20, NULL));
  g_assert_null (signet_json_get_text (object, "absent", 20, NULL));
  g_assert_true (signet_json_get_integer (object, "i", 0, 7, &integer, NULL));
  g_assert_cmpint (integer, ==, 7);
  g_assert_false (signet_json_get_integer (object, "i", 8, 9, &integer, NULL));
  g_assert_false (signet_json_get_integer (object, "b", 0, 9, &integer, NULL));
  g_assert_true (signet_json_get_boolean (object, "b", &boolean, NULL) && boolean);
  bytes = signet_json_get_bytes (object, "y", 3, NULL);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "\0\1\2", 3);
  g_assert_null (signet_json_get_bytes (object, "bad", 3, NULL));
  g_assert_null (signet_json_get_bytes (object, "t", 30, NULL));
  list = signet_json_get_bytes_array (object, "l", 2, 1, NULL);
  g_assert_cmpuint (list->len, ==, 2);
  g_assert_null (signet_json_get_bytes_array (object, "l", 1, 1, NULL));
  g_assert_null (signet_json_get_bytes_array (object, "mixed", 2, 1, NULL));
}

static void
test_taken (void)
{
  static const char *const cases[] = {
    "{}", " \t\r\n{ \"a\" : [ ] }\n", "{\"\":{}}", "{\"a\":[0,-0,1,-1,1.5,-0.25,1e3,1E+3,1.5e-3,true,false,null,\"\"]}",
    "{\"a\":9223372036854775807,\"b\":-9223372036854775808}", "{\"a\":[[[[[[[1]]]]]]]}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (JsonObject) object = parse (cases[i], &error);

    g_assert_no_error (error);
    g_assert_nonnull (object);
  }
}

static void
test_escapes (void)
{
  g_autoptr (JsonObject) object = parse ("{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u20AC\\ud83d\\ude00\"}", NULL);

  g_assert_nonnull (object);
  g_assert_cmpstr (signet_json_get_text (object, "a", 99, NULL), ==, "\"\\/\b\f\n\r\té€😀");
}

static void
test_round_trip (void)
{
  g_autoptr (JsonObject) object = json_object_new (), again = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new ("\0\xff\x10", 3), back = NULL;

  signet_json_set_bytes (object, "y", bytes);
  json_object_set_string_member (object, "t", "Åsa \n \"…\"");
  g_autofree char *text = signet_json_print (object);
  again = parse (text, NULL);
  back = signet_json_get_bytes (again, "y", 3, NULL);
  g_assert_true (g_bytes_equal (bytes, back));
  g_assert_cmpstr (signet_json_get_text (again, "t", 99, NULL), ==, "Åsa \n \"…\"");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/json/refused", test_refused);
  g_test_add_func ("/base/json/taken", test_taken);
  g_test_add_func ("/base/json/escapes", test_escapes);
  g_test_add_func ("/base/json/too-large", test_too_large);
  g_test_add_func ("/base/json/members", test_members);
  g_test_add_func ("/base/json/round-trip", test_round_trip);
  return g_test_run ();
}
