/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The store of keysets by hand, for tests that need it in a process of its own.
 *
 *     store-tool put ID           the text on standard input becomes an item
 *     store-tool list             the text of each item in a line
 *     store-tool fill ID SIZE     writes the item again and again, SIZE times a letter; a line for each put
 *     store-tool open NAME        how many private keys the password on standard input (without one: nothing) opens
 *     store-tool key NAME         what the password on standard input is made into, in hexadecimal
 *     store-tool lock             says "locked" when it holds the lock, which it keeps until its input ends
 *     store-tool time COUNT SIZE milliseconds for putting, listing and replacing COUNT items
 *
 * Ends with 1 + the code of a SignetError. */
#include "base/error.h"
#include "keyset/keyset-list.h"
#include "keyset/secret-service-store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static SignetStore *store;

static int
fail (GError *error)
{
  int code = error->domain == SIGNET_ERROR ? 1 + error->code : 100;

  fprintf (stderr, "%s\n", error->message);
  g_error_free (error);
  return code;
}

static int
say (const char *text)
{
  puts (text);
  fflush (stdout);
  return 0;
}

static gboolean
put_letters (const char *id, gsize size, char letter, GError **error)
{
  g_autoptr (SignetSecret) blob = signet_secret_alloc (size);
  memset (signet_secret_edit (blob), letter, size);
  g_autoptr (SignetItem) item = signet_item_new (SIGNET_ITEM_KEYSET, id, "Test", blob);

  return signet_store_put (store, item, NULL, error);
}

static int
put (char **arguments)
{
  char text[4096];
  gsize length = fread (text, 1, sizeof text, stdin);
  g_autoptr (SignetSecret) blob = signet_secret_new (text, length);
  g_autoptr (SignetItem) item = signet_item_new (SIGNET_ITEM_KEYSET, arguments[0], "Test", blob);
  GError *error = NULL;

  return signet_store_put (store, item, NULL, &error) ? 0 : fail (error);
}

static int
list (char **arguments)
{
  GError *error = NULL;
  g_autoptr (GPtrArray) blobs = signet_store_list (store, SIGNET_ITEM_KEYSET, NULL, &error);

  if (blobs == NULL)
    return fail (error);
  for (guint i = 0; i < blobs->len; i++)
    printf ("%s\n", signet_secret_get_text (blobs->pdata[i]));
  return 0;
}

static int
fill (char **arguments)
{
  GError *error = NULL;

  for (guint i = 0;; i++) {
    const char letter[] = { 'a' + i % 26, '\0' };
    if (!put_letters (arguments[0], atoi (arguments[1]), *letter, &error))
      return fail (error);
    say (letter);
  }
}

static int
open_keyset (char **arguments)
{
  char text[4096];
  gsize length = fread (text, 1, sizeof text, stdin);
  g_autoptr (SignetSecret) password = length > 0 ? signet_secret_new (text, length) : NULL;
  GError *error = NULL;
  g_autoptr (SignetKeyset) keyset = signet_keysets_find (store, arguments[0], NULL, &error);
  g_autoptr (GPtrArray) keys = keyset != NULL ? signet_keyset_unlock (keyset, password, &error) : NULL;

  if (error != NULL)
    return fail (error);
  printf ("%u\n", keys != NULL ? keys->len : 0);
  return 0;
}

static int
derive_key (char **arguments)
{
  char text[4096];
  gsize length = fread (text, 1, sizeof text, stdin);
  g_autoptr (SignetSecret) password = signet_secret_new (text, length);
  GError *error = NULL;
  g_autoptr (SignetKeyset) keyset = signet_keysets_find (store, arguments[0], NULL, &error);
  g_autoptr (SignetSecret) key = keyset != NULL ? signet_keyset_derive_key (keyset, password, &error) : NULL;

  if (error != NULL)
    return fail (error);
  for (gsize i = 0; key != NULL && i < signet_secret_length (key); i++)
    printf ("%02x", signet_secret_get (key, NULL)[i]);
  return key != NULL ? 0 : EXIT_FAILURE;
}

static int
hold_lock (char **arguments)
{
  GError *error = NULL;
  g_autoptr (SignetStoreLock) lock = signet_store_lock (store, NULL, &error);

  if (lock == NULL)
    return fail (error);
  say ("locked");
  while (getchar () != EOF)
    ;
  return 0;
}

static double
lap (gint64 *start)
{
  gint64 now = g_get_monotonic_time (), passed = now - *start;

  *start = now;
  return passed / 1000.0;
}

static int
measure (char **arguments)
{
  guint count = atoi (arguments[0]), size = atoi (arguments[1]);
  gint64 start = g_get_monotonic_time ();
  double times[3];
  GError *error = NULL;

  for (guint round = 0; round < 3; round++) {
    g_autoptr (GPtrArray) blobs = round == 1 ? signet_store_list (store, SIGNET_ITEM_KEYSET, NULL, &error) : NULL;
    for (guint i = 0; error == NULL && round != 1 && i < count; i++) {
      g_autofree char *id = g_strdup_printf ("item-%u", i);
      put_letters (id, size, 'a' + round, &error);
    }
    if (error != NULL)
      return fail (error);
    times[round] = lap (&start);
  }
  printf ("{\"put\": %.1f, \"list\": %.1f, \"replace\": %.1f}\n", times[0], times[1], times[2]);
  return 0;
}

static const struct {
  const char *name;
  int arguments;
  int (*run) (char **arguments);
} verbs[] = {
  { "put", 1, put },
  { "list", 0, list },
  { "fill", 2, fill },
  { "open", 1, open_keyset },
  { "key", 1, derive_key },
  { "lock", 0, hold_lock },
  { "time", 2, measure },
};

int
main (int argc, char **argv)
{
  store = signet_secret_service_store_new ();
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++) {
    if (argc == verbs[i].arguments + 2 && g_str_equal (argv[1], verbs[i].name))
      return verbs[i].run (argv + 2);
  }
  fputs ("store-tool: no such verb\n", stderr);
  return EXIT_FAILURE;
}
