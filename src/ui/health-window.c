/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/health-window.h"

#include "base/i18n.h"
#include "base/job.h"
#include "revocation/checker.h"
#include "revocation/keyset-test.h"
#include "ui/announce.h"
#include "ui/application.h"
#include "ui/certificate-window.h"
#include "ui/describe-row.h"
#include "ui/short-name.h"
#include "ui/time-text.h"

#define DIGITAL_ID "signet-digital-id"

struct _SignetHealthWindow {
  SignetKeysetWindow parent_instance;

  SignetPage *page;
  GtkContainer *results;
  gboolean has_begun;
};

G_DEFINE_TYPE (SignetHealthWindow, signet_health_window, SIGNET_TYPE_KEYSET_WINDOW)

/* How each is shown: never by its colour alone. */
static const struct {
  const char *icon_name;
  const char *word;
  const char *style;
} looks[] = {
  [SIGNET_HEALTH_GOOD] = { "emblem-ok-symbolic", N_("OK"), "success" },
  [SIGNET_HEALTH_WARNING] = { "dialog-warning-symbolic", N_("Warning"), "warning" },
  [SIGNET_HEALTH_FAILED] = { "dialog-error-symbolic", N_("Failed"), "error" },
};

/* --- the results --- */

static void
show_certificate (GtkListBoxRow *row, SignetHealthWindow *self)
{
  SignetDigitalId *id = g_object_get_data (G_OBJECT (row), DIGITAL_ID);
  SignetCertificateWindow *window = signet_certificate_window_new (GTK_WINDOW (self), id->certificate, id->chain);

  signet_certificate_window_trust (window, id->chain);
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  gtk_window_present (GTK_WINDOW (window));
}

static GtkWidget *
row_new (const char *title, const char *subtitle)
{
  GtkWidget *row = hdy_action_row_new ();

  hdy_preferences_row_set_title (HDY_PREFERENCES_ROW (row), title);
  hdy_action_row_set_title_lines (HDY_ACTION_ROW (row), 0);
  hdy_action_row_set_subtitle (HDY_ACTION_ROW (row), subtitle ? subtitle : "");
  hdy_action_row_set_subtitle_lines (HDY_ACTION_ROW (row), 0);

  return row;
}

static GtkWidget *
finding_row_new (const SignetFinding *finding)
{
  GtkWidget *row = row_new (finding->text, finding->advice);
  GtkWidget *image = gtk_image_new_from_icon_name (looks[finding->health].icon_name, GTK_ICON_SIZE_BUTTON);
  GtkWidget *label = gtk_label_new (_(looks[finding->health].word));
  g_autofree char *description = g_strjoin (". ", _(looks[finding->health].word), finding->advice, NULL);

  gtk_style_context_add_class (gtk_widget_get_style_context (image), looks[finding->health].style);
  hdy_action_row_add_prefix (HDY_ACTION_ROW (row), image);
  gtk_container_add (GTK_CONTAINER (row), label);
  signet_describe_widget (row, finding->text, description);

  return row;
}

static GtkWidget *
details_row_new (SignetHealthWindow *self, SignetDigitalId *id)
{
  GtkWidget *row = row_new (_("Details"), NULL);

  gtk_container_add (GTK_CONTAINER (row), gtk_image_new_from_icon_name ("go-next-symbolic", GTK_ICON_SIZE_BUTTON));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), DIGITAL_ID, signet_digital_id_ref (id),
                          (GDestroyNotify) signet_digital_id_unref);
  g_signal_connect (row, "activated", G_CALLBACK (show_certificate), self);
  signet_describe_widget (row, _("Details"), NULL);

  return row;
}

static char *
dup_group_title (SignetDigitalId *id)
{
  g_autofree char *date = NULL;

  if (!id)
    return g_strdup (_("Keyset"));
  if (id->use == SIGNET_ID_SIGNING)
    return g_strdup (_("Signing"));
  if (id->current)
    return g_strdup (_("Encryption"));

  date = signet_time_text_date (signet_certificate_get_not_before (id->certificate));
  return g_strdup_printf (_("Older key, from %s"), date);
}

/* The findings from FIRST on that are about the same ID, the worst first; the index of the first that is not. */
static guint
add_group (SignetHealthWindow *self, GPtrArray *findings, guint first)
{
  SignetDigitalId *id = ((SignetFinding *) findings->pdata[first])->id;
  GtkWidget *group = hdy_preferences_group_new ();
  g_autofree char *title = dup_group_title (id);
  guint i;

  hdy_preferences_group_set_title (HDY_PREFERENCES_GROUP (group), title);
  for (int health = SIGNET_HEALTH_FAILED; health >= SIGNET_HEALTH_GOOD; health--)
    for (i = first; i < findings->len && ((SignetFinding *) findings->pdata[i])->id == id; i++)
      if ((int) ((SignetFinding *) findings->pdata[i])->health == health)
        gtk_container_add (GTK_CONTAINER (group), finding_row_new (findings->pdata[i]));
  if (id)
    gtk_container_add (GTK_CONTAINER (group), details_row_new (self, id));
  gtk_widget_show_all (group);
  gtk_container_add (self->results, group);

  return i;
}

static char *
dup_summary (GPtrArray *findings)
{
  guint failed = 0;
  guint warnings = 0;

  for (guint i = 0; i < findings->len; i++) {
    failed += ((SignetFinding *) findings->pdata[i])->health == SIGNET_HEALTH_FAILED;
    warnings += ((SignetFinding *) findings->pdata[i])->health == SIGNET_HEALTH_WARNING;
  }
  if (failed > 0)
    return g_strdup_printf (ngettext ("%u test failed: mail programs will refuse something.",
                                      "%u tests failed: mail programs will refuse something.", failed), failed);
  if (warnings > 0)
    return g_strdup_printf (ngettext ("Nothing failed. There is %u warning.",
                                      "Nothing failed. There are %u warnings.", warnings), warnings);

  return g_strdup (_("All is well: mail programs can use it."));
}

static void
show_findings (SignetHealthWindow *self, GPtrArray *findings)
{
  g_autofree char *summary = dup_summary (findings);

  for (guint i = 0; i < findings->len;)
    i = add_group (self, findings, i);
  signet_page_set_description (self->page, summary);
  signet_announce (GTK_WIDGET (self->page), summary);
}

/* --- the test --- */

typedef struct {
  SignetKeyset *keyset;
  SignetPrompter *prompter;
  SignetRevocationCache *cache;
} Test;

static void
test_free (gpointer data)
{
  Test *test = data;

  g_object_unref (test->keyset);
  g_object_unref (test->prompter);
  signet_revocation_cache_unref (test->cache);
  g_free (test);
}

static gpointer
do_test (gpointer source, gpointer data, GCancellable *cancellable, GError **error)
{
  Test *test = data;

  return signet_keyset_test (SIGNET_STORE (source), test->keyset, _("Signet"), test->prompter, test->cache,
                             cancellable, error);
}

static void
on_tested (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SignetHealthWindow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) findings = signet_job_finish (source, result, do_test, &error);

  signet_revocation_checker_reload (signet_revocation_checker_get_default ());
  if (gtk_widget_in_destruction (GTK_WIDGET (self)) || !signet_keyset_window_get_store (SIGNET_KEYSET_WINDOW (self)))
    return;

  signet_page_set_busy (self->page, NULL);
  if (findings)
    show_findings (self, findings);
  else
    signet_page_set_problem (self->page, g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
                                           ? _("Cancelled. Press Test Again when you want to.") : error->message);
}

static void
begin (SignetHealthWindow *self)
{
  SignetKeysetWindow *window = SIGNET_KEYSET_WINDOW (self);
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));
  SignetKeyset *keyset = signet_keyset_window_get_keyset (window);
  Test *test;

  if (signet_page_is_busy (self->page) || !keyset)
    return;

  test = g_new0 (Test, 1);
  test->keyset = g_object_ref (keyset);
  test->prompter = g_object_ref (signet_application_get_prompter (SIGNET_APPLICATION (application)));
  test->cache = signet_revocation_cache_new (NULL);
  gtk_container_foreach (self->results, (GtkCallback) gtk_widget_destroy, NULL);
  signet_page_set_problem (self->page, NULL);
  signet_page_set_description (self->page, _("Each digital ID is tried as a mail program would."));
  signet_page_set_busy (self->page, _("Testing…"));
  signet_job_run (signet_keyset_window_get_store (window), do_test, do_test, test, test_free,
                  (GDestroyNotify) g_ptr_array_unref, signet_page_window_get_cancellable (SIGNET_PAGE_WINDOW (self)),
                  on_tested, g_object_ref (self));
}

/* The first test begins by itself, once the window is there for a prompt to come over it. */
static void
signet_health_window_map (GtkWidget *widget)
{
  SignetHealthWindow *self = SIGNET_HEALTH_WINDOW (widget);

  GTK_WIDGET_CLASS (signet_health_window_parent_class)->map (widget);
  if (!self->has_begun)
    begin (self);
  self->has_begun = TRUE;
}

static void
signet_health_window_show_keyset (SignetKeysetWindow *window, SignetKeyset *keyset)
{
  SignetHealthWindow *self = SIGNET_HEALTH_WINDOW (window);
  g_autofree char *name = signet_short_name (signet_keyset_get_name (keyset));
  g_autofree char *title = g_strdup_printf (_("Test of “%s”"), name);

  signet_page_set_title (self->page, title);
}

static void
signet_health_window_class_init (SignetHealthWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->map = signet_health_window_map;
  SIGNET_KEYSET_WINDOW_CLASS (klass)->show_keyset = signet_health_window_show_keyset;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/health-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetHealthWindow, page);
  gtk_widget_class_bind_template_child (widget_class, SignetHealthWindow, results);
  gtk_widget_class_bind_template_callback (widget_class, begin);
}

static void
signet_health_window_init (SignetHealthWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
