/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/describe-row.h"

/* TEXT without the underscores of its mnemonic; "__" is one underscore. */
static char *
strip_mnemonic (const char *text)
{
  GString *plain = g_string_new (NULL);

  for (; *text; text++) {
    if (*text == '_' && *++text == '\0')
      break;
    g_string_append_c (plain, *text);
  }

  return g_string_free (plain, FALSE);
}

void
signet_describe_widget (GtkWidget *widget, const char *name, const char *description)
{
  AtkObject *accessible = gtk_widget_get_accessible (widget);

  if (g_strcmp0 (atk_object_get_name (accessible), name) != 0)
    atk_object_set_name (accessible, name);
  if (g_strcmp0 (atk_object_get_description (accessible), description ? description : "") != 0)
    atk_object_set_description (accessible, description ? description : "");
}

void
signet_describe_row (HdyActionRow *row)
{
  HdyPreferencesRow *preferences_row = HDY_PREFERENCES_ROW (row);
  const char *title = hdy_preferences_row_get_title (preferences_row);
  const char *subtitle = hdy_action_row_get_subtitle (row);
  gboolean has_mnemonic = hdy_preferences_row_get_use_underline (preferences_row);
  g_autofree char *name = has_mnemonic ? strip_mnemonic (title) : g_strdup (title);

  signet_describe_widget (GTK_WIDGET (row), name, subtitle);
}
