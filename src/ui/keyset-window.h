/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/keyset-list.h"
#include "ui/keyset-password.h"
#include "ui/page-window.h"

G_BEGIN_DECLS

/* A window for one change of one keyset, or for one step with all of them: its one page, and what these have in
 * common.  It follows the keyset when another program changes it.  What is closed or cancelled before something is
 * written has changed nothing.
 * Signal "done" with what to tell the user. */
#define SIGNET_TYPE_KEYSET_WINDOW (signet_keyset_window_get_type ())
G_DECLARE_DERIVABLE_TYPE (SignetKeysetWindow, signet_keyset_window, SIGNET, KEYSET_WINDOW, SignetPageWindow)

struct _SignetKeysetWindowClass {
  SignetPageWindowClass parent_class;

  /* Shows the keyset as it is now: at first, and again when it is another. */
  void (*show_keyset) (SignetKeysetWindow *self, SignetKeyset *keyset);
};

/* A window of TYPE, derived from this one.  KEYSET is NULL for one that is about all. */
GtkWindow *signet_keyset_window_new (GType type, GtkWindow *parent, SignetStore *store, SignetKeysetList *keysets,
                                     SignetKeyset *keyset);

/* Owned by SELF. */
SignetStore *signet_keyset_window_get_store (SignetKeysetWindow *self);
GListModel *signet_keyset_window_get_keysets (SignetKeysetWindow *self);
SignetKeyset *signet_keyset_window_get_keyset (SignetKeysetWindow *self);    /* or NULL */

/* Before a change begins: shows that WHAT lasts.  FALSE when the one before has not ended yet. */
gboolean signet_keyset_window_begin (SignetKeysetWindow *self, const char *what);

/* When it has ended, by ERROR or (NULL) well: then PASSWORD was right, DONE is told, and the window closes. Takes the
 * reference to SELF that the change held.  PASSWORD, of a page of SELF, may be NULL. */
void signet_keyset_window_end (SignetKeysetWindow *self, SignetKeysetPassword *password, const char *done,
                               const GError *error);

G_END_DECLS
