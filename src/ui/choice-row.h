/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <handy.h>

G_BEGIN_DECLS

/* A HdyComboRow whose choices have ids and titles.  Begins with none. */
typedef struct {
  const char *id;
  const char *title;
} SignetChoice;

/* Shows CHOICES (element-type SignetChoice), of which the one with the id CHOSEN is selected, and EXPLANATION below the
 * title of the row (NULL: nothing).  What stays the same is left alone, so that an open list stays open. */
void signet_choice_row_set (HdyComboRow *row, GArray *choices, const char *chosen, const char *explanation);

/* The id and the title of the one that is selected, owned by ROW; or NULL. */
const char *signet_choice_row_get_id (HdyComboRow *row);
const char *signet_choice_row_get_title (HdyComboRow *row);

G_END_DECLS
