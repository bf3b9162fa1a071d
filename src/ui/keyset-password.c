/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/keyset-password.h"

#include "base/i18n.h"
#include "keyset/password-pause.h"
#include "ui/announce.h"
#include "ui/field.h"
#include "ui/forgot-page.h"
#include "ui/password-entry.h"
#include "ui/short-name.h"

struct _SignetKeysetPassword {
  GtkBox parent_instance;

  SignetField *field;
  SignetPasswordEntry *password;
  char *name;
  char *short_name;
  SignetKeyset *keyset;        /* or NULL */
  char *missing;
  guint timer;
};

G_DEFINE_TYPE (SignetKeysetPassword, signet_keyset_password, GTK_TYPE_BOX)

enum {
  PROP_TITLE = 1,
  PROP_HINT,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

enum {
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static const char *
get_id (SignetKeysetPassword *self)
{
  return self->keyset ? signet_keyset_get_id (self->keyset) : self->name;
}

static guint
get_pause (SignetKeysetPassword *self)
{
  return self->name ? signet_password_pause_left (get_id (self)) : 0;
}

static void
on_changed (SignetKeysetPassword *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Counts the seconds of a pause down. */
static gboolean
on_second (gpointer data)
{
  SignetKeysetPassword *self = data;
  gboolean goes_on = get_pause (self) > 0;

  if (!goes_on)
    self->timer = 0;
  on_changed (self);

  return goes_on ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
begin_pause (SignetKeysetPassword *self)
{
  if (get_pause (self) > 0 && !self->timer)
    self->timer = g_timeout_add_seconds (1, on_second, self);
}

const char *
signet_keyset_password_get_missing (SignetKeysetPassword *self)
{
  guint pause = get_pause (self);

  g_clear_pointer (&self->missing, g_free);
  if (pause > 0)
    self->missing = g_strdup_printf (ngettext ("After wrong passwords Signet waits: try again in %u second.",
                                               "After wrong passwords Signet waits: try again in %u seconds.", pause),
                                     pause);
  else if (signet_password_entry_is_empty (self->password))
    self->missing = g_strdup_printf (_("Enter the password of “%s”."), self->short_name ? self->short_name : "");

  return self->missing;
}

void
signet_keyset_password_set_keyset (SignetKeysetPassword *self, const char *name, SignetKeyset *keyset)
{
  char *copy = g_strdup (name);

  g_free (self->name);
  self->name = copy;
  g_free (self->short_name);
  self->short_name = signet_short_name (copy);
  g_set_object (&self->keyset, keyset);
  signet_keyset_password_clear (self);
  begin_pause (self);
}

SignetSecret *
signet_keyset_password_dup_secret (SignetKeysetPassword *self)
{
  return signet_password_entry_dup_secret (self->password);
}

void
signet_keyset_password_clear (SignetKeysetPassword *self)
{
  signet_password_entry_clear (self->password);
  signet_field_set_error (self->field, NULL);
}

void
signet_keyset_password_refuse (SignetKeysetPassword *self)
{
  signet_password_pause_refused (get_id (self));
  signet_keyset_password_show_refused (self);
}

void
signet_keyset_password_show_refused (SignetKeysetPassword *self)
{
  g_autofree char *text = g_strdup_printf (_("That is not the password of “%s”."), self->short_name);

  signet_field_refuse (self->field, text);
  begin_pause (self);
  if (get_pause (self) > 0)
    signet_announce (GTK_WIDGET (self), signet_keyset_password_get_missing (self));
  on_changed (self);
}

void
signet_keyset_password_accept (SignetKeysetPassword *self)
{
  if (self->name)
    signet_password_pause_accepted (get_id (self));
  signet_keyset_password_clear (self);
}

static void
on_forgotten (SignetKeysetPassword *self)
{
  GtkWidget *window = gtk_widget_get_toplevel (GTK_WIDGET (self));

  signet_forgot_page_open (SIGNET_PAGE_WINDOW (window), self->short_name, self->keyset);
}

static void
signet_keyset_password_grab_focus (GtkWidget *widget)
{
  gtk_widget_grab_focus (GTK_WIDGET (SIGNET_KEYSET_PASSWORD (widget)->field));
}

static void
signet_keyset_password_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  SignetKeysetPassword *self = SIGNET_KEYSET_PASSWORD (object);

  if (id == PROP_TITLE)
    signet_field_set_title (self->field, g_value_get_string (value));
  else if (id == PROP_HINT)
    signet_field_set_hint (self->field, g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

static void
signet_keyset_password_dispose (GObject *object)
{
  SignetKeysetPassword *self = SIGNET_KEYSET_PASSWORD (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->keyset);

  G_OBJECT_CLASS (signet_keyset_password_parent_class)->dispose (object);
}

static void
signet_keyset_password_finalize (GObject *object)
{
  SignetKeysetPassword *self = SIGNET_KEYSET_PASSWORD (object);

  g_free (self->name);
  g_free (self->short_name);
  g_free (self->missing);

  G_OBJECT_CLASS (signet_keyset_password_parent_class)->finalize (object);
}

static void
signet_keyset_password_class_init (SignetKeysetPasswordClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS;

  object_class->set_property = signet_keyset_password_set_property;
  object_class->dispose = signet_keyset_password_dispose;
  object_class->finalize = signet_keyset_password_finalize;
  widget_class->grab_focus = signet_keyset_password_grab_focus;

  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  props[PROP_HINT] = g_param_spec_string ("hint", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[CHANGED] = g_signal_new ("changed", SIGNET_TYPE_KEYSET_PASSWORD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);

  g_type_ensure (SIGNET_TYPE_FIELD);
  g_type_ensure (SIGNET_TYPE_PASSWORD_ENTRY);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/keyset-password.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetPassword, field);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetPassword, password);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_forgotten);
}

static void
signet_keyset_password_init (SignetKeysetPassword *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
