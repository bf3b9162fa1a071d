/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/main-window.h"

#include "base/i18n.h"

struct _SignetMainWindow {
  HdyApplicationWindow parent_instance;
};

G_DEFINE_TYPE (SignetMainWindow, signet_main_window, HDY_TYPE_APPLICATION_WINDOW)

static void
signet_main_window_class_init (SignetMainWindowClass *klass)
{
  gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass),
                                               "/io/github/signetmail/Signet/main-window.ui");
}

static void
signet_main_window_init (SignetMainWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

SignetMainWindow *
signet_main_window_new (SignetApplication *application)
{
  return g_object_new (SIGNET_TYPE_MAIN_WINDOW, "application", application, NULL);
}
