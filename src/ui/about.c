/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/about.h"

#include "base/i18n.h"
#include "config.h"

void
signet_about_show (GtkWindow *parent)
{
  gtk_show_about_dialog (parent,
                         "program-name", _("Signet"),
                         "logo-icon-name", APPLICATION_ID,
                         "version", VERSION,
                         "comments", _("Digital IDs that sign and open your mail"),
                         "copyright", "© The Signet contributors",
                         "license-type", GTK_LICENSE_LGPL_2_1,
                         /* Translators: your name, and a mail address if you like. */
                         "translator-credits", _("translator-credits"),
                         NULL);
}
