/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/announce.h"

void
signet_announce (GtkWidget *widget, const char *text)
{
  AtkObject *accessible = gtk_widget_get_accessible (widget);

  /* The signal is there since ATK 2.46 and has got another name in 2.50, which keeps this one. */
  if (g_signal_lookup ("announcement", G_OBJECT_TYPE (accessible)))
    g_signal_emit_by_name (accessible, "announcement", text);
}
