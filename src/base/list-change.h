/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Announces that MODEL, which held FORMER, now holds NOW: no more rows than those between the ones at both ends that
 * stay the same, so that a row keeps its selection and its focus. */
void signet_list_announce (GListModel *model, GPtrArray *former, GPtrArray *now, GEqualFunc is_same);

G_END_DECLS
