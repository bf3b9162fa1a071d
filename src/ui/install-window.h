/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enroll/enroller.h"
#include "keyset/keyset-list.h"
#include "ui/page-window.h"
#include "ui/problem.h"

G_BEGIN_DECLS

/* A window that opens something with digital IDs in it and takes them over: opening, what there is (a page of the
 * derived type), the level, the password, ready; or why it cannot be opened.  Nothing changes before the last step.
 * Signals: "installed" (keyset id), once, when the keyset is durable; "add-file", when something is missing that may be
 * in another file. */
#define SIGNET_TYPE_INSTALL_WINDOW (signet_install_window_get_type ())
G_DECLARE_DERIVABLE_TYPE (SignetInstallWindow, signet_install_window, SIGNET, INSTALL_WINDOW, SignetPageWindow)

struct _SignetInstallWindowClass {
  SignetPageWindowClass parent_class;

  /* Begins to open it, at first and for another try; leads to _offer() or _fail(). */
  void (*open) (SignetInstallWindow *self);

  /* Begins to put it into that keyset, as signet_enroller_install(); leads to _end(). */
  void (*install) (SignetInstallWindow *self, const char *name, gboolean add, SignetLevel level,
                   SignetSecret *password);
};

/* Once, after the window was made.  PARENT may be NULL. */
SignetInstallWindow *signet_install_window_new (GType type, GtkWindow *parent, SignetEnroller *enroller);

/* Owned by SELF. */
SignetEnroller *signet_install_window_get_enroller (SignetInstallWindow *self);
GListModel *signet_install_window_get_keysets (SignetInstallWindow *self);
GCancellable *signet_install_window_get_cancellable (SignetInstallWindow *self);

/* Shows that it is being opened, and calls open(). */
void signet_install_window_open (SignetInstallWindow *self);

/* It is open: PAGE of SELF shows it as soon as it is known which keysets there are.  NAME is the keyset's that is
 * offered. */
void signet_install_window_offer (SignetInstallWindow *self, SignetPage *page, const char *name);

/* It cannot be opened. */
void signet_install_window_fail (SignetInstallWindow *self, SignetProblemOf of, const GError *error);

/* What the last button does ("_Save Digital ID"), and what is said while that lasts. */
void signet_install_window_set_act (SignetInstallWindow *self, const char *label, const char *busy);

/* Offers another name for the keyset. */
void signet_install_window_set_name (SignetInstallWindow *self, const char *name);

/* Goes on to the page that asks for the level. */
void signet_install_window_choose_level (SignetInstallWindow *self);

/* Calls install(). */
void signet_install_window_install (SignetInstallWindow *self, const char *name, gboolean add, SignetLevel level,
                                    SignetSecret *password);

/* It is in KEYSET, for ADDRESS; or (NULL) it is not, because of ERROR. */
void signet_install_window_end (SignetInstallWindow *self, SignetKeyset *keyset, const char *address,
                                SignetProblemOf of, const GError *error);

G_END_DECLS
