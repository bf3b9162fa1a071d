/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ui/page.h"

#include <handy.h>

G_BEGIN_DECLS

/* The window of an assistant: pages (SignetPage, added as children) of which one shows, a way back, and one
 * GCancellable for whatever lasts. Escape closes it; Alt+Left, the Back key and the mouse's back button go back. */
#define SIGNET_TYPE_PAGE_WINDOW (signet_page_window_get_type ())
G_DECLARE_DERIVABLE_TYPE (SignetPageWindow, signet_page_window, SIGNET, PAGE_WINDOW, HdyWindow)

struct _SignetPageWindowClass {
  HdyWindowClass parent_class;
};

/* Goes on to PAGE; Back leads to the page that showed before. */
void signet_page_window_forward (SignetPageWindow *self, SignetPage *page);

/* Goes to PAGE, from which nothing leads back: the first page, or one after a step that cannot be undone. */
void signet_page_window_start (SignetPageWindow *self, SignetPage *page);

/* One page back, if there is one.  While the page is busy: as its Cancel button. */
void signet_page_window_back (SignetPageWindow *self);

SignetPage *signet_page_window_get_page (SignetPageWindow *self);

/* For the operations that the window begins (owned by SELF): cancelled when it goes back or is closed, or by: */
GCancellable *signet_page_window_get_cancellable (SignetPageWindow *self);
void signet_page_window_cancel (SignetPageWindow *self);

G_END_DECLS
