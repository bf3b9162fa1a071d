/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/style.h"

#include <handy.h>

#define RESOURCES "/io/github/signetmail/Signet/"

/* Of the screen, of which a process has one; NULL as long as the desktop is not followed. */
static GtkStyleProvider *contrast;

static GtkStyleProvider *
load_style (const char *resource)
{
  GtkCssProvider *provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, resource);

  return GTK_STYLE_PROVIDER (provider);
}

/* libhandy dims some texts in high contrast, too. */
static void
on_high_contrast (HdyStyleManager *manager)
{
  GdkScreen *screen = gdk_screen_get_default ();

  gtk_style_context_remove_provider_for_screen (screen, contrast);
  if (hdy_style_manager_get_high_contrast (manager))
    gtk_style_context_add_provider_for_screen (screen, contrast, GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

/* Whether the desktop wants dark windows, as far as that can be told at once: in a sandbox it cannot. */
static gboolean
may_prefer_dark (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;
  g_autoptr (GSettings) settings = NULL;
  g_autofree char *scheme = NULL;

  if (g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS))
    return TRUE;

  schema = source ? g_settings_schema_source_lookup (source, "org.gnome.desktop.interface", TRUE) : NULL;
  if (!schema || !g_settings_schema_has_key (schema, "color-scheme"))
    return FALSE;

  settings = g_settings_new_full (schema, NULL, NULL);
  scheme = g_settings_get_string (settings, "color-scheme");
  return g_str_equal (scheme, "prefer-dark");
}

/* Already the first look at its style manager makes libhandy 1.8 read all of GTK's theme again, which takes half as
 * long as everything else up to the first window. */
void
signet_style_follow_desktop (void)
{
  HdyStyleManager *manager = hdy_style_manager_get_default ();

  if (contrast)
    return;

  contrast = load_style (RESOURCES "style-hc.css");
  hdy_style_manager_set_color_scheme (manager, HDY_COLOR_SCHEME_PREFER_LIGHT);
  g_signal_connect (manager, "notify::high-contrast", G_CALLBACK (on_high_contrast), NULL);
  on_high_contrast (manager);
}

void
signet_style_set_up (void)
{
  g_autoptr (GtkStyleProvider) style = load_style (RESOURCES "style.css");

  gtk_style_context_add_provider_for_screen (gdk_screen_get_default (), style,
                                             GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  if (may_prefer_dark ())
    signet_style_follow_desktop ();
}
