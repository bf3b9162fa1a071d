/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ui/page-window.h"

G_BEGIN_DECLS

/* Both ask over WINDOW and call CHOSEN with it, unless the user chose nothing or WINDOW was closed meanwhile. */

typedef void (*SignetOpenChosen) (GtkWindow *window, GFile *file);

/* Of the files that Signet opens, or of all. */
void signet_choose_file_to_open (GtkWindow *window, const char *title, SignetOpenChosen chosen);

/* REPLACE: a file was there when the user was asked, and only then may one be replaced. */
typedef void (*SignetSaveChosen) (GtkWindow *window, const char *path, gboolean replace);

/* Proposes NAME.  What cannot be written to, being no file of this computer, is told on the page that WINDOW shows. */
void signet_choose_file_to_save (SignetPageWindow *window, const char *title, const char *name,
                                 SignetSaveChosen chosen);

G_END_DECLS
