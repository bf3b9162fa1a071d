/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/secret.h"

G_BEGIN_DECLS

/* Small files of an authority's folder.  Errors name the file: SIGNET_ERROR_NOT_FOUND, _TOO_LARGE, _FAILED. */

/* At most MAX bytes. */
SignetSecret *signet_file_read (const char *path, gsize max, GError **error);

/* Whole or not at all, and on the disk when it returns.  Only the owner can read it when MODE says so. */
gboolean signet_file_write (const char *path, gconstpointer data, gsize length, int mode, GError **error);

/* A new file, never one that is there already: SIGNET_ERROR_EXISTS. */
gboolean signet_file_create (const char *path, gconstpointer data, gsize length, int mode, GError **error);

/* Makes the names in FOLDER durable. */
gboolean signet_folder_sync (const char *folder, GError **error);

/* FOLDER and what is in it. */
gboolean signet_folder_remove (const char *folder, GError **error);

/* Sets ERROR from errno: "FOLDER/FILE: No space left on device". */
gboolean signet_file_fail (const char *path, GError **error);

G_END_DECLS
