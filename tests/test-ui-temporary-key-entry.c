/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/temporary-key-entry.h"

#include "base/error.h"

#define KEY "0123456789ABCDEFGHJKMNPQR"
#define GROUPED "01234-56789-ABCDE-FGHJK-MNPQR"

/* As keys do it: text goes in at the cursor, and the cursor to where the entry says. */
static void
type (GtkEntry *entry, const char *text)
{
  int position = gtk_editable_get_position (GTK_EDITABLE (entry));

  gtk_editable_insert_text (GTK_EDITABLE (entry), text, -1, &position);
  gtk_editable_set_position (GTK_EDITABLE (entry), position);
}

static GtkEntry *
new_entry (void)
{
  return g_object_ref_sink (g_object_new (SIGNET_TYPE_TEMPORARY_KEY_ENTRY, NULL));
}

static void
assert_shows (GtkEntry *entry, const char *text, int position)
{
  g_assert_cmpstr (gtk_entry_get_text (entry), ==, text);
  g_assert_cmpint (gtk_editable_get_position (GTK_EDITABLE (entry)), ==, position);
}

static void
assert_is_key (GtkEntry *entry)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetSecret) key = signet_temporary_key_entry_parse (SIGNET_TEMPORARY_KEY_ENTRY (entry), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (signet_secret_get_text (key), ==, KEY);
}

static void
test_groups (void)
{
  const struct {
    const char *typed, *shown;
  } cases[] = {
    { "01234", "01234" },
    { "012345", "01234-5" },
    { "oIl2o", "01120" },
    { " 01 23\t4-5", "01234-5" },
    { "01234–5", "01234-5" },                           /* a dash that a word processor made of it */
    { "0123456789abcdefghjkmnpqr", GROUPED },
    { GROUPED, GROUPED },
    { "01u!ä", "01U!Ä" },                               /* not of a key, and yet not swallowed */
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GtkEntry) whole = new_entry (), single = new_entry ();

    type (whole, cases[i].typed);
    assert_shows (whole, cases[i].shown, g_utf8_strlen (cases[i].shown, -1));
    for (const char *c = cases[i].typed; *c; c = g_utf8_next_char (c)) {
      g_autofree char *one = g_strndup (c, g_utf8_next_char (c) - c);

      type (single, one);
    }
    assert_shows (single, cases[i].shown, g_utf8_strlen (cases[i].shown, -1));
  }
}

/* Somebody corrects in the middle: the cursor stays where it was in the key, not in the text. */
static void
test_corrects (void)
{
  g_autoptr (GtkEntry) entry = new_entry ();

  type (entry, GROUPED);
  assert_is_key (entry);

  gtk_editable_delete_text (GTK_EDITABLE (entry), 6, 7);
  assert_shows (entry, "01234-6789A-BCDEF-GHJKM-NPQR", 5);
  type (entry, "5");
  assert_shows (entry, GROUPED, 7);
  assert_is_key (entry);

  gtk_editable_delete_text (GTK_EDITABLE (entry), 5, 6);      /* only the dash: nothing is lost */
  assert_shows (entry, GROUPED, 5);

  gtk_editable_delete_text (GTK_EDITABLE (entry), 0, -1);
  assert_shows (entry, "", 0);
}

static void
test_refuses (void)
{
  g_autoptr (GtkEntry) entry = new_entry ();
  const char *const wrong[] = { "", "0123", GROUPED "0", "U1234-56789-ABCDE-FGHJK-MNPQR" };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;

    gtk_entry_set_text (entry, wrong[i]);
    g_assert_null (signet_temporary_key_entry_parse (SIGNET_TEMPORARY_KEY_ENTRY (entry), &error));
    g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID);
  }
}

/* Something huge is pasted: the entry keeps a part, which is no key. */
static void
test_huge (void)
{
  g_autoptr (GtkEntry) entry = new_entry ();
  g_autofree char *huge = g_strnfill (50000, 'a');
  g_autoptr (GError) error = NULL;

  type (entry, huge);
  g_assert_cmpint (gtk_entry_get_text_length (entry), <=, 250);
  g_assert_null (signet_temporary_key_entry_parse (SIGNET_TEMPORARY_KEY_ENTRY (entry), &error));
}

static void
test_memory (void)
{
  g_autoptr (GtkEntry) entry = new_entry ();

  g_assert_cmpstr (G_OBJECT_TYPE_NAME (gtk_entry_get_buffer (entry)), ==, "GcrSecureEntryBuffer");
}

static void
test_set (void)
{
  g_autoptr (GtkEntry) entry = new_entry ();
  g_autoptr (SignetSecret) key = signet_secret_new_text (KEY);

  signet_temporary_key_entry_set (SIGNET_TEMPORARY_KEY_ENTRY (entry), key);
  g_assert_cmpstr (gtk_entry_get_text (entry), ==, GROUPED);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ui/temporary-key-entry/groups", test_groups);
  g_test_add_func ("/ui/temporary-key-entry/corrects", test_corrects);
  g_test_add_func ("/ui/temporary-key-entry/refuses", test_refuses);
  g_test_add_func ("/ui/temporary-key-entry/huge", test_huge);
  g_test_add_func ("/ui/temporary-key-entry/memory", test_memory);
  g_test_add_func ("/ui/temporary-key-entry/set", test_set);

  return g_test_run ();
}
