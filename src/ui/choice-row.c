/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/choice-row.h"

#include "ui/describe-row.h"

#define CHOICE_ID "signet-choice-id"

static HdyValueObject *
get_item (HdyComboRow *row, guint position)
{
  GListModel *model = hdy_combo_row_get_model (row);
  g_autoptr (HdyValueObject) item = model ? g_list_model_get_item (model, position) : NULL;

  return item;                   /* the model keeps it */
}

static gboolean
has_choices (HdyComboRow *row, GArray *choices)
{
  GListModel *model = hdy_combo_row_get_model (row);

  if (!model || g_list_model_get_n_items (model) != choices->len)
    return FALSE;

  for (guint i = 0; i < choices->len; i++) {
    const SignetChoice *choice = &g_array_index (choices, SignetChoice, i);
    HdyValueObject *item = get_item (row, i);

    if (g_strcmp0 (g_object_get_data (G_OBJECT (item), CHOICE_ID), choice->id) != 0 ||
        g_strcmp0 (hdy_value_object_get_string (item), choice->title) != 0)
      return FALSE;
  }

  return TRUE;
}

static char *
dup_title (gpointer item, gpointer unused)
{
  return g_strdup (hdy_value_object_get_string (item));
}

static void
set_choices (HdyComboRow *row, GArray *choices)
{
  g_autoptr (GListStore) model = g_list_store_new (HDY_TYPE_VALUE_OBJECT);

  for (guint i = 0; i < choices->len; i++) {
    const SignetChoice *choice = &g_array_index (choices, SignetChoice, i);
    g_autoptr (HdyValueObject) item = hdy_value_object_new_string (choice->title);

    g_object_set_data_full (G_OBJECT (item), CHOICE_ID, g_strdup (choice->id), g_free);
    g_list_store_append (model, item);
  }

  hdy_combo_row_bind_name_model (row, G_LIST_MODEL (model), dup_title, NULL, NULL);
}

void
signet_choice_row_set (HdyComboRow *row, GArray *choices, const char *chosen, const char *explanation)
{
  const char *title;
  g_autofree char *description = NULL;

  if (!has_choices (row, choices))
    set_choices (row, choices);
  for (guint i = 0; i < choices->len; i++)
    if (g_strcmp0 (g_array_index (choices, SignetChoice, i).id, chosen) == 0)
      hdy_combo_row_set_selected_index (row, i);

  title = signet_choice_row_get_title (row);
  hdy_action_row_set_subtitle (HDY_ACTION_ROW (row), explanation);
  description = explanation ? g_strdup_printf ("%s. %s", title ? title : "", explanation) : g_strdup (title);
  signet_describe_widget (GTK_WIDGET (row), hdy_preferences_row_get_title (HDY_PREFERENCES_ROW (row)), description);
}

const char *
signet_choice_row_get_id (HdyComboRow *row)
{
  int index = hdy_combo_row_get_selected_index (row);

  return index >= 0 ? g_object_get_data (G_OBJECT (get_item (row, index)), CHOICE_ID) : NULL;
}

const char *
signet_choice_row_get_title (HdyComboRow *row)
{
  int index = hdy_combo_row_get_selected_index (row);

  return index >= 0 ? hdy_value_object_get_string (get_item (row, index)) : NULL;
}
