/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <handy.h>

/* The least that a libhandy program can be: one window with a header bar.  What Signet's start is measured against. */

static void
activate (GtkApplication *application)
{
  GtkWidget *window = g_object_new (HDY_TYPE_APPLICATION_WINDOW, "application", application, "default-width", 800,
                                    "default-height", 600, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *bar = hdy_header_bar_new ();

  hdy_header_bar_set_title (HDY_HEADER_BAR (bar), "Bare");
  hdy_header_bar_set_show_close_button (HDY_HEADER_BAR (bar), TRUE);
  gtk_container_add (GTK_CONTAINER (box), bar);
  gtk_container_add (GTK_CONTAINER (window), box);
  gtk_widget_show_all (window);
}

int
main (int argc, char **argv)
{
  g_autoptr (GtkApplication) application =
    gtk_application_new ("io.github.signetmail.Bare", G_APPLICATION_DEFAULT_FLAGS);

  g_signal_connect (application, "startup", G_CALLBACK (hdy_init), NULL);
  g_signal_connect (application, "activate", G_CALLBACK (activate), NULL);
  return g_application_run (G_APPLICATION (application), argc, argv);
}
