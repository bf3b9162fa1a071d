/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/level-chooser.h"

#include "ui/describe-row.h"
#include "ui/level-text.h"

#define ICON 32

struct _SignetLevelChooser {
  GtkBox parent_instance;

  GtkToggleButton *buttons[SIGNET_LEVEL_HIGH + 1];     /* by level */
};

G_DEFINE_TYPE (SignetLevelChooser, signet_level_chooser, GTK_TYPE_BOX)

enum {
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

SignetLevel
signet_level_chooser_get_level (SignetLevelChooser *self)
{
  SignetLevel level = SIGNET_LEVEL_HIGH;

  while (level > SIGNET_LEVEL_LOW && !gtk_toggle_button_get_active (self->buttons[level]))
    level--;

  return level;
}

void
signet_level_chooser_set_level (SignetLevelChooser *self, SignetLevel level)
{
  gtk_toggle_button_set_active (self->buttons[level], TRUE);
}

/* A choice is one change, though two buttons are toggled. */
static void
on_toggled (GtkToggleButton *button, SignetLevelChooser *self)
{
  if (gtk_toggle_button_get_active (button))
    g_signal_emit (self, signals[CHANGED], 0);
}

static GtkWidget *
label_new (const char *text, ...)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", text, "xalign", 0.0, "wrap", TRUE,
                                   "wrap-mode", PANGO_WRAP_WORD_CHAR, NULL);
  const char *style;
  va_list styles;

  va_start (styles, text);
  while ((style = va_arg (styles, const char *)))
    gtk_style_context_add_class (gtk_widget_get_style_context (label), style);
  va_end (styles);

  return label;
}

static GtkWidget *
icon_new (const char *name)
{
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", name, "pixel-size", ICON, NULL);

  gtk_style_context_add_class (gtk_widget_get_style_context (icon), "page-icon");

  return icon;
}

/* The button says all that is written on it. */
static GtkToggleButton *
button_new (SignetLevelChooser *self, SignetLevel level)
{
  GtkWidget *button = gtk_radio_button_new_from_widget (GTK_RADIO_BUTTON (self->buttons[SIGNET_LEVEL_HIGH]));
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 3, "hexpand",
                                   TRUE, "valign", GTK_ALIGN_CENTER, NULL);

  gtk_container_add (GTK_CONTAINER (texts), label_new (signet_level_get_title (level), "heading", NULL));
  gtk_container_add (GTK_CONTAINER (texts),
                     label_new (signet_level_get_description (level), "hint", "field-line", NULL));
  gtk_container_add (GTK_CONTAINER (row), texts);
  gtk_container_add (GTK_CONTAINER (row), icon_new (signet_level_get_icon (level)));
  gtk_container_add (GTK_CONTAINER (button), row);
  gtk_widget_show_all (button);
  signet_describe_widget (button, signet_level_get_title (level), signet_level_get_description (level));
  g_signal_connect (button, "toggled", G_CALLBACK (on_toggled), self);

  return GTK_TOGGLE_BUTTON (button);
}

static void
signet_level_chooser_grab_focus (GtkWidget *widget)
{
  SignetLevelChooser *self = SIGNET_LEVEL_CHOOSER (widget);

  gtk_widget_grab_focus (GTK_WIDGET (self->buttons[signet_level_chooser_get_level (self)]));
}

static void
signet_level_chooser_class_init (SignetLevelChooserClass *klass)
{
  GTK_WIDGET_CLASS (klass)->grab_focus = signet_level_chooser_grab_focus;

  signals[CHANGED] = g_signal_new ("changed", SIGNET_TYPE_LEVEL_CHOOSER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
signet_level_chooser_init (SignetLevelChooser *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_style_context_add_class (gtk_widget_get_style_context (GTK_WIDGET (self)), "choices");

  for (SignetLevel level = SIGNET_LEVEL_HIGH; level >= SIGNET_LEVEL_LOW; level--) {
    self->buttons[level] = button_new (self, level);
    if (level < SIGNET_LEVEL_HIGH) {
      GtkWidget *line = gtk_separator_new (GTK_ORIENTATION_HORIZONTAL);

      gtk_widget_show (line);
      gtk_container_add (GTK_CONTAINER (self), line);
    }
    gtk_container_add (GTK_CONTAINER (self), GTK_WIDGET (self->buttons[level]));
  }
  gtk_widget_show (GTK_WIDGET (self));
}
