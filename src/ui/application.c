/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/application.h"

#include "base/i18n.h"
#include "config.h"
#include "ui/main-window.h"

#include <handy.h>

struct _SignetApplication {
  GtkApplication parent_instance;
};

G_DEFINE_TYPE (SignetApplication, signet_application, GTK_TYPE_APPLICATION)

static void
signet_application_startup (GApplication *application)
{
  G_APPLICATION_CLASS (signet_application_parent_class)->startup (application);

  hdy_init ();
  hdy_style_manager_set_color_scheme (hdy_style_manager_get_default (), HDY_COLOR_SCHEME_PREFER_LIGHT);
}

static void
signet_application_activate (GApplication *application)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));

  if (!window)
    window = GTK_WINDOW (signet_main_window_new (SIGNET_APPLICATION (application)));

  gtk_window_present (window);
}

static void
signet_application_class_init (SignetApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->startup = signet_application_startup;
  application_class->activate = signet_application_activate;
}

static void
signet_application_init (SignetApplication *self)
{
}

SignetApplication *
signet_application_new (void)
{
  return g_object_new (SIGNET_TYPE_APPLICATION,
                       "application-id", APPLICATION_ID,
                       "resource-base-path", "/io/github/signetmail/Signet",
                       NULL);
}
