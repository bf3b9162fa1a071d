/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/keyset-search.h"

#include "sample-keyset.h"

/* For Åsa Lind at asa@example.org, by Example Authority; an older ID for asa@old.example. */
static SignetKeyset *
make (const char *name)
{
  g_autoptr (SampleIds) sample = sample_ids_new ();
  g_autoptr (GError) error = NULL;
  const TestFacts facts = {
    .use = TEST_USE_SIGNING, .spki = signet_private_key_get_spki (test_key (SIGNET_KEY_P256, 0)),
    .address = "asa@example.org", .name = "Åsa Lind",
  };
  g_autoptr (SignetCertificate) certificate = test_ca_issue (sample->ca, &facts);

  g_ptr_array_add (sample->ids, signet_digital_id_new (SIGNET_ID_SIGNING, TRUE, certificate,
                                                       test_ca_get_chain (sample->ca), "Straße & Söhne", 0, NULL));
  g_ptr_array_add (sample->keys, signet_private_key_ref (test_key (SIGNET_KEY_P256, 0)));
  sample_ids_add (sample, SIGNET_ID_ENCRYPTION, TRUE, 1, "asa@example.org", 0, NULL);
  sample_ids_add (sample, SIGNET_ID_ENCRYPTION, FALSE, 2, "asa@old.example", 0, NULL);
  SignetKeyset *keyset = signet_keyset_new (name, SIGNET_LEVEL_LOW, sample->ids, sample->keys, NULL, &error);
  g_assert_no_error (error);
  return keyset;
}

static gboolean
finds (const char *text, SignetKeyset *keyset)
{
  g_autoptr (SignetSearch) search = signet_search_new (text);

  return signet_search_matches_keyset (search, keyset);
}

static void
test_words (void)
{
  g_autoptr (SignetKeyset) keyset = make ("Werk und Größe");
  static const struct {
    const char *text;
    gboolean found;
  } cases[] = {
    { "werk", TRUE }, { "ERK", TRUE }, { "  werk \t und ", TRUE }, { "und werk", TRUE }, { "werk oder", FALSE },
    { "größe", TRUE }, { "GRÖSSE", TRUE }, { "grosse", TRUE }, { "Gro\314\210\303\237e", TRUE },
    { "asa@example.org", TRUE }, { "EXAMPLE.org", TRUE }, { "old.example", TRUE }, { "new.example", FALSE },
    { "asa lind", TRUE }, { "Åsa", TRUE }, { "strasse", TRUE }, { "sohne werk lind", TRUE },
    { "example authority", TRUE }, { "größeasa", FALSE }, { "\xff", FALSE }, { "zzz", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    if (finds (cases[i].text, keyset) != cases[i].found)
      g_error ("“%s”", cases[i].text);
}

static void
test_serial (void)
{
  g_autoptr (SignetKeyset) keyset = make ("Work"), other = make ("Other");
  GPtrArray *ids = signet_keyset_get_ids (keyset);

  for (guint i = 0; i < ids->len; i++) {
    const char *serial = signet_certificate_get_serial (((SignetDigitalId *) ids->pdata[i])->certificate);
    g_autofree char *upper = g_ascii_strup (serial, -1);
    g_autofree char *prefixed = g_strconcat ("0x", upper, NULL), *padded = g_strconcat ("0000", serial, NULL);
    g_autoptr (GString) groups = g_string_new (NULL);

    g_assert_cmpuint (strlen (serial), >=, 8);
    for (guint k = 0; serial[k] != '\0'; k++)
      g_string_append_printf (groups, k % 2 == 1 && serial[k + 1] != '\0' ? "%c:" : "%c", upper[k]);
    const char *spellings[] = { serial, upper, prefixed, padded, groups->str };
    for (guint k = 0; k < G_N_ELEMENTS (spellings); k++) {
      g_assert_true (finds (spellings[k], keyset));
      g_assert_false (finds (spellings[k], other));
    }
  }
}

static void
test_nothing (void)
{
  g_assert_null (signet_search_new (""));
  g_assert_null (signet_search_new (" \t\n "));
}

static void
test_texts (void)
{
  g_autoptr (SignetSearch) search = signet_search_new ("example auth");
  const char *both[] = { "Example", "Authority", NULL }, *one[] = { "Example", NULL }, *none[] = { NULL };

  g_assert_true (signet_search_matches (search, both));
  g_assert_false (signet_search_matches (search, one));
  g_assert_false (signet_search_matches (search, none));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/keyset/keyset-search/words", test_words);
  g_test_add_func ("/keyset/keyset-search/serial", test_serial);
  g_test_add_func ("/keyset/keyset-search/nothing", test_nothing);
  g_test_add_func ("/keyset/keyset-search/texts", test_texts);
  return g_test_run ();
}
