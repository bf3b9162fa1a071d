/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/job.h"
#include "base/process.h"
#include "keyset/keyset-use.h"
#include "ui/application.h"

#include <sys/prctl.h>

/* Signet's own windows, and beside them one of a mail program, with a button for each thing that it could want of the
 * first keyset.  What came of each is added to the lines below the buttons. */

static const char *const names[] = {
  [SIGNET_PURPOSE_SIGN] = "Sign",
  [SIGNET_PURPOSE_OPEN] = "Open",
  [SIGNET_PURPOSE_TEST] = "Test",
  [SIGNET_PURPOSE_RENEW] = "Renew",
  [SIGNET_PURPOSE_REVOKE] = "Revoke",
  [SIGNET_PURPOSE_EXPORT] = "Export",
};

static SignetApplication *application;
static GtkLabel *lines;
static GCancellable *cancellable;

typedef struct {
  SignetKeyset *keyset;
  SignetPurpose purpose;
} Use;

static void
use_free (gpointer data)
{
  g_object_unref (((Use *) data)->keyset);
  g_free (data);
}

static gpointer
use_keyset (gpointer store, gpointer data, GCancellable *own, GError **error)
{
  Use *use = data;

  return signet_keyset_use (store, use->keyset, "Heron Mail", use->purpose,
                            signet_application_get_prompter (application), own, error);
}

static void
on_used (GObject *store, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) keys = signet_job_finish (store, result, use_keyset, &error);
  g_autofree char *line = keys ? g_strdup_printf ("%s: %u keys", names[GPOINTER_TO_UINT (data)], keys->len)
                               : g_strdup_printf ("%s: %s", names[GPOINTER_TO_UINT (data)], error->message);
  g_autofree char *all = g_strdup_printf ("%s%s\n", gtk_label_get_label (lines), line);

  gtk_label_set_label (lines, all);
}

static void
on_clicked (GtkButton *button, gpointer data)
{
  GListModel *keysets = G_LIST_MODEL (signet_application_get_keysets (application));
  Use *use = g_new0 (Use, 1);

  use->keyset = g_list_model_get_item (keysets, 0);
  use->purpose = GPOINTER_TO_UINT (data);
  signet_job_run (signet_enroller_get_store (signet_application_get_enroller (application)), use_keyset, use_keyset,
                  use, use_free, (GDestroyNotify) g_ptr_array_unref, cancellable, on_used, data);
}

static void
on_cancel (void)
{
  g_cancellable_cancel (cancellable);
  g_object_unref (cancellable);
  cancellable = g_cancellable_new ();
}

static void
add_window (void)
{
  GtkWidget *window = gtk_application_window_new (GTK_APPLICATION (application));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *cancel = gtk_button_new_with_label ("Give up");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    GtkWidget *button = gtk_button_new_with_label (names[i]);
    g_signal_connect (button, "clicked", G_CALLBACK (on_clicked), GUINT_TO_POINTER (i));
    gtk_container_add (GTK_CONTAINER (box), button);
  }
  g_signal_connect (cancel, "clicked", G_CALLBACK (on_cancel), NULL);
  gtk_container_add (GTK_CONTAINER (box), cancel);
  lines = GTK_LABEL (gtk_label_new (""));
  gtk_container_add (GTK_CONTAINER (box), GTK_WIDGET (lines));
  gtk_container_add (GTK_CONTAINER (window), box);
  gtk_window_set_title (GTK_WINDOW (window), "Heron Mail");
  gtk_widget_show_all (window);
}

int
main (int argc, char **argv)
{
  signet_process_init ();
  prctl (PR_SET_DUMPABLE, 1, 0, 0, 0);       /* a test looks for what is left in its memory */
  cancellable = g_cancellable_new ();
  application = signet_application_new ();
  g_signal_connect_after (application, "activate", G_CALLBACK (add_window), NULL);
  int status = g_application_run (G_APPLICATION (application), argc, argv);
  g_object_unref (cancellable);
  g_object_unref (application);
  return status;
}
