/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/list-change.h"

void
signet_list_announce (GListModel *model, GPtrArray *former, GPtrArray *now, GEqualFunc is_same)
{
  guint shorter = MIN (former->len, now->len), head = 0, tail = 0;

  while (head < shorter && is_same (former->pdata[head], now->pdata[head]))
    head++;
  while (tail < shorter - head && is_same (former->pdata[former->len - 1 - tail], now->pdata[now->len - 1 - tail]))
    tail++;
  if (former->len != head + tail || now->len != head + tail)
    g_list_model_items_changed (model, head, former->len - head - tail, now->len - head - tail);
}
