/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/temporary-key-entry.h"

#include "protocol/temporary-key.h"

#define GCR_API_SUBJECT_TO_CHANGE
#include <gcr/gcr.h>

#define GROUP 5

/* Many times a key's length: enough to see that something else was pasted. */
#define MAX_TYPED 200

struct _SignetTemporaryKeyEntry {
  GtkEntry parent_instance;

  gboolean is_regrouping;
};

static void editable_init (GtkEditableInterface *iface);
static GtkEditableInterface *parent_editable;

G_DEFINE_TYPE_WITH_CODE (SignetTemporaryKeyEntry, signet_temporary_key_entry, GTK_TYPE_ENTRY,
                         G_IMPLEMENT_INTERFACE (GTK_TYPE_EDITABLE, editable_init))

static gboolean
is_separator (gunichar c)
{
  return c == '-' || g_unichar_isspace (c) || g_unichar_type (c) == G_UNICODE_DASH_PUNCTUATION;
}

static gunichar
canonical (gunichar c)
{
  c = g_unichar_toupper (c);
  if (c == 'O')
    return '0';
  if (c == 'I' || c == 'L')
    return '1';

  return c;
}

/* TEXT grouped into OUT, which holds MAX_TYPED * 7 bytes and a NUL; what is longer is cut off.  The position within
 * TEXT, in characters, becomes the one of the same character within OUT. */
static void
group (const char *text, char *out, int *position)
{
  int count = 0, grouped_position = 0;
  char *end = out;

  for (int i = 0; *text && count < MAX_TYPED; text = g_utf8_next_char (text), i++) {
    gunichar c = g_utf8_get_char (text);

    if (!is_separator (c)) {
      if (count > 0 && count % GROUP == 0)
        *end++ = '-';
      end += g_unichar_to_utf8 (canonical (c), end);
      count++;
    }
    if (i < *position)
      grouped_position = count > 0 ? count + (count - 1) / GROUP : 0;
  }
  *end = '\0';
  *position = grouped_position;
}

/* What does not fit the alphabet stays, so that nothing that was typed is lost without a word. */
static void
regroup (SignetTemporaryKeyEntry *self, int *position)
{
  GtkEntryBuffer *buffer = gtk_entry_get_buffer (GTK_ENTRY (self));
  char grouped[MAX_TYPED * 7 + 1];

  group (gtk_entry_buffer_get_text (buffer), grouped, position);
  if (!g_str_equal (grouped, gtk_entry_buffer_get_text (buffer))) {
    self->is_regrouping = TRUE;
    gtk_entry_buffer_set_text (buffer, grouped, -1);
    self->is_regrouping = FALSE;
  }
  signet_wipe (grouped, sizeof grouped);
}

/* In here and not in "changed": who inserts text moves the cursor to *POSITION afterwards. */
static void
insert_text (GtkEditable *editable, const char *text, int length, int *position)
{
  SignetTemporaryKeyEntry *self = SIGNET_TEMPORARY_KEY_ENTRY (editable);

  parent_editable->insert_text (editable, text, length, position);
  if (!self->is_regrouping)
    regroup (self, position);
}

static void
delete_text (GtkEditable *editable, int start, int end)
{
  SignetTemporaryKeyEntry *self = SIGNET_TEMPORARY_KEY_ENTRY (editable);
  int position = start;

  parent_editable->delete_text (editable, start, end);
  if (!self->is_regrouping) {
    regroup (self, &position);
    gtk_editable_set_position (editable, position);
  }
}

SignetSecret *
signet_temporary_key_entry_parse (SignetTemporaryKeyEntry *self, GError **error)
{
  g_autoptr (SignetSecret) typed = signet_secret_new_text (gtk_entry_get_text (GTK_ENTRY (self)));

  return signet_temporary_key_parse (typed, error);
}

void
signet_temporary_key_entry_set (SignetTemporaryKeyEntry *self, SignetSecret *key)
{
  const char *text = signet_secret_get_text (key);

  gtk_entry_set_text (GTK_ENTRY (self), text ? text : "");
}

/* Here, since GtkEntry gives itself a buffer of its own after the instance's initialization. */
static void
signet_temporary_key_entry_constructed (GObject *object)
{
  g_autoptr (GtkEntryBuffer) buffer = gcr_secure_entry_buffer_new ();

  G_OBJECT_CLASS (signet_temporary_key_entry_parent_class)->constructed (object);

  gtk_entry_buffer_set_max_length (buffer, MAX_TYPED);
  gtk_entry_set_buffer (GTK_ENTRY (object), buffer);
}

static void
editable_init (GtkEditableInterface *iface)
{
  parent_editable = g_type_interface_peek_parent (iface);
  iface->insert_text = insert_text;
  iface->delete_text = delete_text;
}

static void
signet_temporary_key_entry_class_init (SignetTemporaryKeyEntryClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = signet_temporary_key_entry_constructed;
}

static void
signet_temporary_key_entry_init (SignetTemporaryKeyEntry *self)
{
  gtk_entry_set_input_hints (GTK_ENTRY (self),
                             GTK_INPUT_HINT_NO_SPELLCHECK | GTK_INPUT_HINT_NO_EMOJI | GTK_INPUT_HINT_UPPERCASE_CHARS);
  gtk_entry_set_activates_default (GTK_ENTRY (self), TRUE);
  gtk_entry_set_width_chars (GTK_ENTRY (self), 6);
  gtk_style_context_add_class (gtk_widget_get_style_context (GTK_WIDGET (self)), "monospace");
}
