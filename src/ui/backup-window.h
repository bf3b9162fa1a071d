/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ui/keyset-window.h"

G_BEGIN_DECLS

/* All keysets into one file, under a password of its own: a SignetKeysetWindow without a keyset. */
#define SIGNET_TYPE_BACKUP_WINDOW (signet_backup_window_get_type ())
G_DECLARE_FINAL_TYPE (SignetBackupWindow, signet_backup_window, SIGNET, BACKUP_WINDOW, SignetKeysetWindow)

G_END_DECLS
