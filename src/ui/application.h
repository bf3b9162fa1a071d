/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ui/renewer.h"
#include "enroll/pending-list.h"
#include "keyset/keyset-list.h"
#include "keyset/prompter.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The one process of the windows: it opens what it is given, and holds what the windows share. */
#define SIGNET_TYPE_APPLICATION (signet_application_get_type ())
G_DECLARE_FINAL_TYPE (SignetApplication, signet_application, SIGNET, APPLICATION, GtkApplication)

SignetApplication *signet_application_new (void);

/* Made when first asked for, so that a window can show before anything asks the store.  Owned by SELF.  The prompter
 * may be had in any thread. */
SignetEnroller *signet_application_get_enroller (SignetApplication *self);
SignetKeysetList *signet_application_get_keysets (SignetApplication *self);
SignetPendingList *signet_application_get_pending (SignetApplication *self);
SignetPrompter *signet_application_get_prompter (SignetApplication *self);
SignetRenewer *signet_application_get_renewer (SignetApplication *self);

/* Shows whatever FILE is, by its content (ui/opened-file.h), or says that it is nothing that Signet opens.
 * A "signet:" link may stand for a file. */
void signet_application_open_file (SignetApplication *self, GFile *file);

/* Opens the reply of a pending request that is READY, or saves one as a file again; or shows the window in which that
 * is open. */
void signet_application_open_pending (SignetApplication *self, const char *pending_id);

G_END_DECLS
