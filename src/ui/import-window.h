/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ui/install-window.h"

G_BEGIN_DECLS

/* A file with private keys that another program wrote is opened, with its password if it has one; or certificates for a
 * request that was saved as a file, whose key waits here. */
#define SIGNET_TYPE_IMPORT_WINDOW (signet_import_window_get_type ())
G_DECLARE_FINAL_TYPE (SignetImportWindow, signet_import_window, SIGNET, IMPORT_WINDOW, SignetInstallWindow)

/* NAME of the file, for people. */
void signet_import_window_open (SignetImportWindow *self, const char *name, SignetSecret *file);

/* CERTIFICATES: (element-type SignetCertificate), of which one is for PENDING. */
void signet_import_window_open_certificates (SignetImportWindow *self, SignetPending *pending, GPtrArray *certificates);

G_END_DECLS
