/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* One page of an assistant: an icon, a heading and a sentence, then its own widgets (added as children), and at the
 * foot a place for a problem and one primary button.  While something lasts, the button gives way to a spinner with
 * a Cancel button.
 *
 * Signals: "continue" when the primary button is pressed (or Return in an entry), "cancel" when the work is to stop.
 * A page gives the focus to its first field in its grab_focus(). */
#define SIGNET_TYPE_PAGE (signet_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (SignetPage, signet_page, SIGNET, PAGE, GtkBox)

struct _SignetPageClass {
  GtkBoxClass parent_class;
};

/* NULL or "" hides the icon, the sentence, the primary button, or the one before it, which emits "cancel". */
void signet_page_set_icon_name (SignetPage *self, const char *icon_name);
void signet_page_set_title (SignetPage *self, const char *title);
const char *signet_page_get_title (SignetPage *self);
void signet_page_set_description (SignetPage *self, const char *description);
void signet_page_set_primary_label (SignetPage *self, const char *label);
void signet_page_set_secondary_label (SignetPage *self, const char *label);

/* Whether the primary button does what cannot be taken back, and looks so. */
void signet_page_set_destructive (SignetPage *self, gboolean destructive);

/* For a page that only says something: in the middle, with a big icon. */
void signet_page_set_centered (SignetPage *self, gboolean centered);

/* Whether the primary button can be pressed. */
void signet_page_set_can_continue (SignetPage *self, gboolean can_continue);

/* WHAT is missing before the primary button can be pressed, as a sentence beside it; NULL: nothing is. */
void signet_page_set_missing (SignetPage *self, const char *what);

/* Makes the primary button, if the page has one now, what Return presses in its window. */
void signet_page_take_default (SignetPage *self);

/* WHAT lasts now ("Sending the request…"), the widgets of the page being insensitive meanwhile; NULL: nothing does. */
void signet_page_set_busy (SignetPage *self, const char *what);
gboolean signet_page_is_busy (SignetPage *self);

/* The child that gets the focus when the page does, for a page that is not of a type of its own. */
void signet_page_set_focus_to (SignetPage *self, GtkWidget *child);

/* Emits "cancel". */
void signet_page_cancel (SignetPage *self);

/* Shows, and tells assistive technologies, what went wrong; NULL takes it away. */
void signet_page_set_problem (SignetPage *self, const char *text);

/* Scrolls to the top, forgets the problem and what lasts: called when the page is shown anew. */
void signet_page_reset (SignetPage *self);

G_END_DECLS
