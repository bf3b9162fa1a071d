/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/row-sync.h"

/* The items are labels for lack of anything simpler: the text is the value.  (Names of widgets are quarks, and of two
 * thousand of those GLib leaks.) */
static GListStore *store;

static GtkWidget *
create (gpointer user_data)
{
  return gtk_list_box_row_new ();
}

static const char *
get_id (gpointer item)
{
  return g_object_get_data (item, "id");
}

static void
update (GtkWidget *row, gpointer item, gpointer user_data)
{
  gtk_widget_set_tooltip_text (row, gtk_label_get_label (item));
}

static guint placed;

static void
on_placed (gpointer user_data)
{
  placed++;
}

static const SignetRowKind kind = { get_id, create, update, on_placed };

/* WORDS: "id=value …" */
static void
show (GtkListBox *box, const char *words)
{
  g_auto (GStrv) list = g_strsplit (words, " ", -1);

  g_list_store_remove_all (store);
  for (int i = 0; list[i] && *list[i]; i++) {
    g_auto (GStrv) pair = g_strsplit (list[i], "=", 2);
    g_autoptr (GtkWidget) item = g_object_ref_sink (gtk_label_new (pair[1]));

    g_object_set_data_full (G_OBJECT (item), "id", g_strdup (pair[0]), g_free);
    g_list_store_append (store, item);
  }
  signet_row_sync (box, G_LIST_MODEL (store), &kind, NULL);
}

static void
assert_shows (GtkListBox *box, const char *words)
{
  g_autoptr (GString) shown = g_string_new (NULL);
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (box, i)); i++) {
    g_autofree char *value = gtk_widget_get_tooltip_text (GTK_WIDGET (row));

    g_string_append_printf (shown, "%s%s=%s", i ? " " : "", signet_row_get_id (row), value);
  }
  g_assert_cmpstr (shown->str, ==, words);
}

static void
test_keeps_rows (void)
{
  g_autoptr (GtkWidget) widget = g_object_ref_sink (gtk_list_box_new ());
  GtkListBox *box = GTK_LIST_BOX (widget);
  GtkListBoxRow *b;

  show (box, "a=1 b=1 c=1");
  assert_shows (box, "a=1 b=1 c=1");
  b = signet_row_find (box, "b");
  gtk_list_box_select_row (box, b);

  const char *steps[] = { "a=1 b=2 c=1", "b=3 c=1", "x=1 b=4 c=2 d=1", "b=5" };
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    show (box, steps[i]);
    assert_shows (box, steps[i]);
    g_assert_true (signet_row_find (box, "b") == b);
    g_assert_true (gtk_list_box_get_selected_row (box) == b);
  }

  show (box, "");
  assert_shows (box, "");
  g_assert_null (signet_row_find (box, "b"));
  g_assert_null (signet_row_get_id (NULL));
}

static void
test_reorders (void)
{
  g_autoptr (GtkWidget) widget = g_object_ref_sink (gtk_list_box_new ());
  GtkListBox *box = GTK_LIST_BOX (widget);
  GtkListBoxRow *a;

  show (box, "a=1 b=1 c=1");
  a = signet_row_find (box, "a");
  show (box, "c=1 b=1 a=2");
  assert_shows (box, "c=1 b=1 a=2");
  g_assert_true (signet_row_find (box, "a") == a);
}

/* A long list comes in steps; one that changes meanwhile is not begun twice. */
static void
test_long_list (void)
{
  g_autoptr (GtkWidget) widget = g_object_ref_sink (gtk_list_box_new ());
  GtkListBox *box = GTK_LIST_BOX (widget);
  g_autoptr (GString) words = g_string_new ("0=1");
  GtkListBoxRow *first;

  for (int i = 1; i < 2000; i++)
    g_string_append_printf (words, " %d=1", i);
  placed = 0;
  show (box, words->str);
  g_assert_true (signet_row_sync_is_busy (box));
  g_assert_nonnull (signet_row_find (box, "0"));
  g_assert_null (signet_row_find (box, "1999"));
  first = signet_row_find (box, "0");

  g_string_append (words, " more=1");
  show (box, words->str);
  while (signet_row_sync_is_busy (box))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (placed, ==, 1);
  assert_shows (box, words->str);
  g_assert_true (signet_row_find (box, "0") == first);
}

/* A window that closes takes the rest with it. */
static void
test_closed (void)
{
  g_autoptr (GtkWidget) widget = g_object_ref_sink (gtk_list_box_new ());
  g_autoptr (GString) words = g_string_new ("0=1");

  for (int i = 1; i < 2000; i++)
    g_string_append_printf (words, " %d=1", i);
  placed = 0;
  show (GTK_LIST_BOX (widget), words->str);
  g_assert_true (signet_row_sync_is_busy (GTK_LIST_BOX (widget)));
  gtk_widget_destroy (widget);
  g_clear_object (&widget);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (placed, ==, 0);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  store = g_list_store_new (GTK_TYPE_LABEL);

  g_test_add_func ("/ui/row-sync/keeps-rows", test_keeps_rows);
  g_test_add_func ("/ui/row-sync/reorders", test_reorders);
  g_test_add_func ("/ui/row-sync/long-list", test_long_list);
  g_test_add_func ("/ui/row-sync/closed", test_closed);

  return g_test_run ();
}
