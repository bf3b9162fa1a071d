/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "base/json.h"
#include "base/limits.h"

#include <string.h>

/* Every reader on every member, whatever it is. */
static void
read_members (JsonObject *object)
{
  g_autoptr (GList) members = json_object_get_members (object);

  for (GList *l = members; l != NULL; l = l->next) {
    const char *text = signet_json_get_text (object, l->data, 100, NULL);
    g_autoptr (GBytes) bytes = signet_json_get_bytes (object, l->data, 100, NULL);
    g_autoptr (GPtrArray) list = signet_json_get_bytes_array (object, l->data, 10, 100, NULL);
    JsonArray *array = signet_json_get_array (object, l->data, 10, NULL);
    gint64 integer = 0;
    gboolean boolean;

    g_assert (text == NULL || (strlen (text) <= 100 && g_utf8_validate (text, -1, NULL)));
    g_assert (bytes == NULL || g_bytes_get_size (bytes) <= 100);
    g_assert (list == NULL || list->len <= 10);
    g_assert (!signet_json_get_integer (object, l->data, -5, 5, &integer, NULL) || ABS (integer) <= 5);
    signet_json_get_boolean (object, l->data, &boolean, NULL);
    for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
      signet_json_array_get_object (array, i, NULL);
  }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_memdup2 (data, size);       /* without a NUL behind it */
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = signet_json_parse (text, size, SIGNET_MAX_JSON, &error);

  fuzz_check (object != NULL, error);
  if (object == NULL)
    return 0;
  read_members (object);

  /* A fraction may be written with more digits than an integer can have. */
  g_autofree char *printed = signet_json_print (object);
  g_autoptr (JsonObject) again = signet_json_parse (printed, strlen (printed), 100 * SIGNET_MAX_JSON, NULL);
  g_assert (again != NULL || memchr (data, 'e', size) != NULL || memchr (data, 'E', size) != NULL);
  return 0;
}
