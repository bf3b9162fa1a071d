/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/field.h"

#include "ui/announce.h"

/* As long as the animation in style.css. */
#define SHAKE_MS 400

struct _SignetField {
  GtkBox parent_instance;

  GtkLabel *title;
  GtkBox *place;               /* NULL while the field's own template is built */
  GtkRevealer *revealer;
  GtkWidget *warning;
  GtkLabel *line;

  GtkEntry *entry;
  char *hint;
  char *error;
  gboolean is_refused;         /* the error is about what was entered before */
  guint shake_id;
};

G_DEFINE_TYPE (SignetField, signet_field, GTK_TYPE_BOX)

enum {
  PROP_TITLE = 1,
  PROP_HINT,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

static void
set_style (GtkWidget *widget, const char *name, gboolean on)
{
  if (on)
    gtk_style_context_add_class (gtk_widget_get_style_context (widget), name);
  else
    gtk_style_context_remove_class (gtk_widget_get_style_context (widget), name);
}

/* The line keeps its last text while it folds away. */
static void
update_line (SignetField *self)
{
  const char *text = self->error ? self->error : self->hint;

  if (text)
    gtk_label_set_label (self->line, text);
  gtk_revealer_set_reveal_child (self->revealer, text != NULL);
  gtk_widget_set_visible (self->warning, self->error != NULL);
  set_style (GTK_WIDGET (self->line), "hint", !self->error);

  if (self->entry) {
    set_style (GTK_WIDGET (self->entry), "error", self->error != NULL);
    atk_object_set_description (gtk_widget_get_accessible (GTK_WIDGET (self->entry)), text ? text : "");
  }
}

/* "_Keyset name" is spoken "Keyset name". */
static void
update_name (SignetField *self)
{
  if (self->entry)
    atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self->entry)), gtk_label_get_text (self->title));
}

void
signet_field_set_title (SignetField *self, const char *title)
{
  gtk_label_set_label (self->title, title ? title : "");
  update_name (self);
}

void
signet_field_set_hint (SignetField *self, const char *hint)
{
  char *copy = g_strdup (hint && *hint ? hint : NULL);

  g_free (self->hint);
  self->hint = copy;
  update_line (self);
}

void
signet_field_set_error (SignetField *self, const char *error)
{
  gboolean is_new = error && g_strcmp0 (error, self->error) != 0;
  char *copy = g_strdup (error);

  g_free (self->error);
  self->error = copy;
  self->is_refused = FALSE;
  update_line (self);

  if (is_new)
    signet_announce (GTK_WIDGET (self->line), error);
}

static gboolean
on_shaken (gpointer data)
{
  SignetField *self = data;

  self->shake_id = 0;
  set_style (GTK_WIDGET (self->place), "shake", FALSE);

  return G_SOURCE_REMOVE;
}

void
signet_field_refuse (SignetField *self, const char *error)
{
  signet_field_set_error (self, error);
  self->is_refused = TRUE;
  if (!self->shake_id) {
    set_style (GTK_WIDGET (self->place), "shake", TRUE);
    self->shake_id = g_timeout_add (SHAKE_MS, on_shaken, self);
  }
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

GtkEntry *
signet_field_get_entry (SignetField *self)
{
  return self->entry;
}

static void
find_entry (GtkWidget *widget, gpointer data)
{
  GtkEntry **found = data;

  if (!*found && GTK_IS_ENTRY (widget))
    *found = GTK_ENTRY (widget);
  else if (!*found && GTK_IS_CONTAINER (widget))
    gtk_container_forall (GTK_CONTAINER (widget), find_entry, found);
}

static void
on_entry_changed (SignetField *self)
{
  if (self->is_refused)
    signet_field_set_error (self, NULL);
}

static void
adopt_entry (SignetField *self, GtkWidget *child)
{
  find_entry (child, &self->entry);
  g_return_if_fail (self->entry != NULL);

  gtk_label_set_mnemonic_widget (self->title, GTK_WIDGET (self->entry));
  g_signal_connect_object (self->entry, "changed", G_CALLBACK (on_entry_changed), self, G_CONNECT_SWAPPED);
  update_name (self);
  update_line (self);
}

static void
signet_field_add (GtkContainer *container, GtkWidget *child)
{
  SignetField *self = SIGNET_FIELD (container);

  if (!self->place) {
    GTK_CONTAINER_CLASS (signet_field_parent_class)->add (container, child);
    return;
  }

  gtk_container_add (GTK_CONTAINER (self->place), child);
  adopt_entry (self, child);
}

static void
signet_field_grab_focus (GtkWidget *widget)
{
  gtk_widget_grab_focus (GTK_WIDGET (SIGNET_FIELD (widget)->entry));
}

static void
signet_field_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  switch (id) {
  case PROP_TITLE:
    signet_field_set_title (SIGNET_FIELD (object), g_value_get_string (value));
    break;
  case PROP_HINT:
    signet_field_set_hint (SIGNET_FIELD (object), g_value_get_string (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
  }
}

static void
signet_field_dispose (GObject *object)
{
  SignetField *self = SIGNET_FIELD (object);

  g_clear_handle_id (&self->shake_id, g_source_remove);

  G_OBJECT_CLASS (signet_field_parent_class)->dispose (object);
}

static void
signet_field_finalize (GObject *object)
{
  SignetField *self = SIGNET_FIELD (object);

  g_free (self->hint);
  g_free (self->error);

  G_OBJECT_CLASS (signet_field_parent_class)->finalize (object);
}

static void
signet_field_class_init (SignetFieldClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = signet_field_set_property;
  object_class->dispose = signet_field_dispose;
  object_class->finalize = signet_field_finalize;
  widget_class->grab_focus = signet_field_grab_focus;
  GTK_CONTAINER_CLASS (klass)->add = signet_field_add;

  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_HINT] = g_param_spec_string ("hint", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/field.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetField, title);
  gtk_widget_class_bind_template_child (widget_class, SignetField, place);
  gtk_widget_class_bind_template_child (widget_class, SignetField, revealer);
  gtk_widget_class_bind_template_child (widget_class, SignetField, warning);
  gtk_widget_class_bind_template_child (widget_class, SignetField, line);
}

static void
signet_field_init (SignetField *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
