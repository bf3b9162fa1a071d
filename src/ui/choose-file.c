/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/choose-file.h"

#include "base/i18n.h"

static gboolean
drop (gpointer dialog)
{
  g_object_unref (dialog);

  return G_SOURCE_REMOVE;
}

/* It goes a moment later: GTK 3.24 still looks at its lists of files after it has responded. */
static void
end (GtkNativeDialog *dialog, GtkWindow *window)
{
  g_signal_handlers_disconnect_by_func (window, end, dialog);
  gtk_native_dialog_hide (dialog);
  g_idle_add_full (G_PRIORITY_LOW, drop, dialog, NULL);
}

/* RESPONDED gets CHOSEN; the dialog ends with it, or with WINDOW. */
static GtkFileChooser *
make_chooser (GtkWindow *window, const char *title, GtkFileChooserAction action, GCallback responded, gpointer chosen)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (title, window, action, NULL, NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect (chooser, "response", responded, chosen);
  g_signal_connect_object (window, "destroy", G_CALLBACK (end), chooser, G_CONNECT_SWAPPED);

  return GTK_FILE_CHOOSER (chooser);
}

/* --- open --- */

static void
on_open_response (GtkNativeDialog *dialog, int response, gpointer chosen)
{
  GtkWindow *window = gtk_native_dialog_get_transient_for (dialog);
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  end (dialog, window);
  if (file)
    ((SignetOpenChosen) chosen) (window, file);
}

/* In small letters and in capitals, as some programs write them. */
static void
add_suffix (GtkFileFilter *filter, const char *suffix)
{
  g_autoptr (GString) pattern = g_string_new ("*.");

  for (const char *at = suffix; *at; at++)
    g_string_append_printf (pattern, "[%c%c]", *at, g_ascii_toupper (*at));
  gtk_file_filter_add_pattern (filter, pattern->str);
}

static void
add_filters (GtkFileChooser *chooser)
{
  static const char *const suffixes[] = { "signet-invitation", "signet-reply", "signet-backup", "eml", "p12", "pfx",
                                          "pem", "p8", "key", "p7b", "p7c", "cer", "crt" };
  GtkFileFilter *ours = gtk_file_filter_new (), *all = gtk_file_filter_new ();

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    add_suffix (ours, suffixes[i]);
  gtk_file_filter_set_name (ours, _("Files that Signet opens"));
  gtk_file_chooser_add_filter (chooser, ours);
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_filter_set_name (all, _("All files"));
  gtk_file_chooser_add_filter (chooser, all);
}

void
signet_choose_file_to_open (GtkWindow *window, const char *title, SignetOpenChosen chosen)
{
  GtkFileChooser *chooser = make_chooser (window, title, GTK_FILE_CHOOSER_ACTION_OPEN,
                                          G_CALLBACK (on_open_response), chosen);

  add_filters (chooser);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/* --- save --- */

static void
on_save_response (GtkNativeDialog *dialog, int response, gpointer chosen)
{
  GtkWindow *window = gtk_native_dialog_get_transient_for (dialog);
  g_autofree char *path = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    path = gtk_file_chooser_get_filename (GTK_FILE_CHOOSER (dialog));
  end (dialog, window);
  if (path)
    ((SignetSaveChosen) chosen) (window, path, g_file_test (path, G_FILE_TEST_EXISTS));
  else if (response == GTK_RESPONSE_ACCEPT)
    signet_page_set_problem (signet_page_window_get_page (SIGNET_PAGE_WINDOW (window)),
                             _("The file cannot be saved there. Choose a folder of this computer."));
}

void
signet_choose_file_to_save (SignetPageWindow *window, const char *title, const char *name, SignetSaveChosen chosen)
{
  GtkFileChooser *chooser = make_chooser (GTK_WINDOW (window), title, GTK_FILE_CHOOSER_ACTION_SAVE,
                                          G_CALLBACK (on_save_response), chosen);

  signet_page_set_problem (signet_page_window_get_page (window), NULL);
  gtk_file_chooser_set_do_overwrite_confirmation (chooser, TRUE);
  gtk_file_chooser_set_current_folder (chooser, g_get_home_dir ());
  gtk_file_chooser_set_current_name (chooser, name);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}
