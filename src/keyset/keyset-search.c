/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/keyset-search.h"

#include <string.h>

#define KEYSET_TEXT "signet-search-text"

/* A word, and how a serial number is stored that is written so; NULL when it cannot be one. */
typedef struct {
  char *text;
  char *serial;
} Word;

struct _SignetSearch {
  GArray *words;
};

/* Without case and accents. */
static char *
fold (const char *text)
{
  g_autofree char *folded = NULL, *apart = NULL;
  GString *plain;

  if (g_str_is_ascii (text))
    return g_ascii_strdown (text, -1);
  folded = g_utf8_casefold (text, -1);
  apart = g_utf8_normalize (folded, -1, G_NORMALIZE_ALL);
  plain = g_string_new (NULL);
  for (const char *c = apart; c != NULL && *c != '\0'; c = g_utf8_next_char (c)) {
    if (!g_unichar_ismark (g_utf8_get_char (c)))
      g_string_append_unichar (plain, g_utf8_get_char (c));
  }
  return g_string_free (plain, FALSE);
}

/* "0x00:C0:FF" → "c0ff". */
static char *
read_serial (const char *word)
{
  g_autoptr (GString) digits = g_string_new (NULL);

  if (g_str_has_prefix (word, "0x"))
    word += 2;
  for (; *word != '\0'; word++) {
    if (!g_ascii_isxdigit (*word) && *word != ':')
      return NULL;
    if (*word != ':' && (*word != '0' || digits->len > 0))
      g_string_append_c (digits, *word);
  }
  return digits->len > 0 ? g_string_free (g_steal_pointer (&digits), FALSE) : NULL;
}

static void
clear_word (gpointer data)
{
  Word *word = data;

  g_free (word->text);
  g_free (word->serial);
}

SignetSearch *
signet_search_new (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1), *folded = fold (valid);
  g_auto (GStrv) parts = g_strsplit_set (folded, " \t\n", -1);
  g_autoptr (SignetSearch) self = g_new0 (SignetSearch, 1);

  self->words = g_array_new (FALSE, FALSE, sizeof (Word));
  g_array_set_clear_func (self->words, clear_word);
  for (guint i = 0; parts[i] != NULL; i++) {
    Word word = { g_strdup (parts[i]), read_serial (parts[i]) };

    if (*word.text != '\0')
      g_array_append_val (self->words, word);
    else
      clear_word (&word);
  }
  return self->words->len > 0 ? g_steal_pointer (&self) : NULL;
}

void
signet_search_free (SignetSearch *self)
{
  g_array_unref (self->words);
  g_free (self);
}

/* --- where to look --- */

/* A line for each text, so that no word is found across two of them. */
static void
add_text (GString *all, const char *text)
{
  g_autofree char *folded = fold (text);

  g_string_append (all, folded);
  g_string_append_c (all, '\n');
}

static void
add_id (GString *all, const SignetDigitalId *id)
{
  SignetCertificate *certificate = id->certificate;

  for (const char *const *address = signet_certificate_get_addresses (certificate); *address != NULL; address++)
    add_text (all, *address);
  add_text (all, signet_certificate_get_subject (certificate));
  add_text (all, signet_certificate_get_organization (certificate));
  add_text (all, signet_certificate_get_issuer (certificate));
  add_text (all, signet_certificate_get_serial (certificate));
  add_text (all, id->authority);
}

static const char *
get_keyset_text (SignetKeyset *keyset)
{
  char *text = g_object_get_data (G_OBJECT (keyset), KEYSET_TEXT);
  GPtrArray *ids = signet_keyset_get_ids (keyset);
  GString *all;

  if (text != NULL)
    return text;
  all = g_string_new (NULL);
  add_text (all, signet_keyset_get_name (keyset));
  for (guint i = 0; i < ids->len; i++)
    add_id (all, ids->pdata[i]);
  text = g_string_free (all, FALSE);
  g_object_set_data_full (G_OBJECT (keyset), KEYSET_TEXT, text, g_free);
  return text;
}

static gboolean
is_in (SignetSearch *self, const char *text)
{
  for (guint i = 0; i < self->words->len; i++) {
    const Word *word = &g_array_index (self->words, Word, i);
    if (strstr (text, word->text) == NULL && (word->serial == NULL || strstr (text, word->serial) == NULL))
      return FALSE;
  }
  return TRUE;
}

gboolean
signet_search_matches_keyset (SignetSearch *self, SignetKeyset *keyset)
{
  return is_in (self, get_keyset_text (keyset));
}

gboolean
signet_search_matches (SignetSearch *self, const char *const *texts)
{
  g_autoptr (GString) all = g_string_new (NULL);

  for (; *texts != NULL; texts++)
    add_text (all, *texts);
  return is_in (self, all->str);
}
