/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <handy.h>
#include <stdlib.h>

/* bare-window [ROWS]
 * The least that a libhandy program can be: one window with a header bar, and with a list of so many rows if wanted.
 * What Signet is measured against. */

static GtkWidget *
make_list (int rows)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *scrolled = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "hscrollbar-policy", GTK_POLICY_NEVER, "vexpand", TRUE,
                                      "child", list, NULL);

  for (int i = 0; i < rows; i++) {
    g_autofree char *title = g_strdup_printf ("Row %04d", i);
    GtkWidget *row = g_object_new (HDY_TYPE_ACTION_ROW, "title", title, "subtitle", "somebody@example.org", NULL);

    gtk_container_add (GTK_CONTAINER (list), row);
  }
  return scrolled;
}

static void
activate (GtkApplication *application, gpointer data)
{
  int rows = GPOINTER_TO_INT (data);
  GtkWidget *window = g_object_new (HDY_TYPE_APPLICATION_WINDOW, "application", application, "default-width", 800,
                                    "default-height", 600, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *bar = hdy_header_bar_new ();

  hdy_header_bar_set_title (HDY_HEADER_BAR (bar), "Bare");
  hdy_header_bar_set_show_close_button (HDY_HEADER_BAR (bar), TRUE);
  gtk_container_add (GTK_CONTAINER (box), bar);
  if (rows > 0)
    gtk_container_add (GTK_CONTAINER (box), make_list (rows));
  gtk_container_add (GTK_CONTAINER (window), box);
  gtk_widget_show_all (window);
}

int
main (int argc, char **argv)
{
  g_autoptr (GtkApplication) application =
    gtk_application_new ("io.github.signetmail.Bare", G_APPLICATION_DEFAULT_FLAGS);

  g_signal_connect (application, "startup", G_CALLBACK (hdy_init), NULL);
  g_signal_connect (application, "activate", G_CALLBACK (activate), GINT_TO_POINTER (argc > 1 ? atoi (argv[1]) : 0));
  return g_application_run (G_APPLICATION (application), 1, argv);
}
