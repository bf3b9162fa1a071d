/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/secret.h"

G_BEGIN_DECLS

/* Writes a file for its owner alone (0600): whole or not at all, and on the disk when it returns.  An existing file
 * stays as it is unless REPLACE says otherwise: SIGNET_ERROR_EXISTS.  SIGNET_ERROR_NOT_FOUND (no such folder),
 * _FAILED; the text names the file. */
gboolean signet_private_file_write (const char *path, SignetSecret *contents, gboolean replace, GError **error);

/* Whether writing would be refused because there is such a file: for asking before passwords are typed. */
gboolean signet_private_file_check (const char *path, gboolean replace, GError **error);

G_END_DECLS
