/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ui/keyset-window.h"

G_BEGIN_DECLS

/* A keyset is written to a file for another program, with a password of the file's own, and leaves Signet afterwards if
 * wished; or its certificates alone. */
#define SIGNET_TYPE_EXPORT_WINDOW (signet_export_window_get_type ())
G_DECLARE_FINAL_TYPE (SignetExportWindow, signet_export_window, SIGNET, EXPORT_WINDOW, SignetKeysetWindow)

G_END_DECLS
