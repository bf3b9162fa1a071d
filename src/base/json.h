/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Strict reading of JSON that a stranger may have written (RFC 8259): one object, UTF-8, at most MAX bytes and
 * SIGNET_MAX_JSON_DEPTH deep, no member twice.  SIGNET_ERROR_INVALID or _TOO_LARGE. */
JsonObject *signet_json_parse (const char *text, gsize length, gsize max, GError **error);

/* Members that must be there, of their type and in range; SIGNET_ERROR_INVALID names the member.  Texts are owned by
 * the object.  MAX counts bytes. */
const char *signet_json_get_text (JsonObject *object, const char *member, gsize max, GError **error);
gboolean signet_json_get_integer (JsonObject *object, const char *member, gint64 min, gint64 max, gint64 *value,
                                  GError **error);
gboolean signet_json_get_boolean (JsonObject *object, const char *member, gboolean *value, GError **error);
JsonArray *signet_json_get_array (JsonObject *object, const char *member, guint max, GError **error);

/* Base64 (RFC 4648, padded) of at most MAX decoded bytes. */
GBytes *signet_json_get_bytes (JsonObject *object, const char *member, gsize max, GError **error);

/* An array of base64 texts: (element-type GBytes). */
GPtrArray *signet_json_get_bytes_array (JsonObject *object, const char *member, guint max_items, gsize max,
                                        GError **error);

/* An element of an array that must be an object. */
JsonObject *signet_json_array_get_object (JsonArray *array, guint index, GError **error);

void signet_json_set_bytes (JsonObject *object, const char *member, GBytes *bytes);
void signet_json_set_bytes_array (JsonObject *object, const char *member, GPtrArray *list);

/* The text of OBJECT, indented, ending in a newline: (transfer full). */
char *signet_json_print (JsonObject *object);

G_END_DECLS
