/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Stands in for the window in which the desktop asks for a keyring's password.
 *
 * Takes the name org.gnome.keyring.SystemPrompter and says "ready".  Each prompt takes the next line of standard
 * input as its answer and is told on standard output: "password", or "confirm".  Answers: "password TEXT",
 * "confirm", "cancel", "crash" (the prompter dies).  It ends with its input. */
#define GCR_API_SUBJECT_TO_CHANGE
#include <gcr/gcr-base.h>
#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The properties of GcrPrompt, which a prompt has to keep for the one who asks. */
static const char *const properties[] = {
  "title", "message", "description", "warning", "choice-label", "choice-chosen", "password-new", "password-strength",
  "caller-window", "continue-label", "cancel-label",
};

#define TYPE_PROMPT (prompt_get_type ())
G_DECLARE_FINAL_TYPE (Prompt, prompt, TEST, PROMPT, GObject)

struct _Prompt {
  GObject parent;
  GValue values[G_N_ELEMENTS (properties)];
  char *password;
};

static void prompt_iface_init (GcrPromptIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (Prompt, prompt, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GCR_TYPE_PROMPT, prompt_iface_init))

static GMainLoop *loop;
static GDataInputStream *answers;
static GcrSystemPrompter *prompter;

static void
prompt_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  GValue *kept = &TEST_PROMPT (object)->values[id - 1];

  if (G_IS_VALUE (kept))
    g_value_unset (kept);
  g_value_init (kept, G_VALUE_TYPE (value));
  g_value_copy (value, kept);
}

/* Without a strength gnome-keyring would ask whether the keyring is to be stored unencrypted. */
static void
prompt_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  Prompt *self = TEST_PROMPT (object);

  if (g_str_equal (spec->name, "password-strength"))
    g_value_set_int (value, self->password != NULL && *self->password != '\0');
  else if (G_IS_VALUE (&self->values[id - 1]))
    g_value_copy (&self->values[id - 1], value);
}

static void
prompt_finalize (GObject *object)
{
  Prompt *self = TEST_PROMPT (object);

  for (guint i = 0; i < G_N_ELEMENTS (properties); i++) {
    if (G_IS_VALUE (&self->values[i]))
      g_value_unset (&self->values[i]);
  }
  g_free (self->password);
  G_OBJECT_CLASS (prompt_parent_class)->finalize (object);
}

static void
prompt_class_init (PromptClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->set_property = prompt_set_property;
  object_class->get_property = prompt_get_property;
  object_class->finalize = prompt_finalize;
  for (guint i = 0; i < G_N_ELEMENTS (properties); i++)
    g_object_class_override_property (object_class, i + 1, properties[i]);
}

static void
prompt_init (Prompt *self)
{
}

static void
answer (Prompt *self, GTask *task, const char *text)
{
  if (g_str_equal (text, "crash"))
    _exit (1);
  if (g_str_has_prefix (text, "password ")) {
    g_free (self->password);
    self->password = g_strdup (text + strlen ("password "));
    g_object_notify (G_OBJECT (self), "password-strength");
  }
  g_task_return_boolean (task, !g_str_equal (text, "cancel"));
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autofree char *line = g_data_input_stream_read_line_finish (answers, result, NULL, NULL);

  if (line != NULL)
    answer (g_task_get_source_object (task), task, line);
}

static void
ask (GcrPrompt *prompt, const char *kind, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (prompt, cancellable, callback, user_data);

  printf ("%s\n", kind);
  fflush (stdout);
  g_data_input_stream_read_line_async (answers, G_PRIORITY_DEFAULT, NULL, on_answer, task);
}

static void
prompt_password (GcrPrompt *prompt, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  ask (prompt, "password", cancellable, callback, user_data);
}

static void
prompt_confirm (GcrPrompt *prompt, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  ask (prompt, "confirm", cancellable, callback, user_data);
}

static const char *
prompt_password_finish (GcrPrompt *prompt, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error) ? TEST_PROMPT (prompt)->password : NULL;
}

static GcrPromptReply
prompt_confirm_finish (GcrPrompt *prompt, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error) ? GCR_PROMPT_REPLY_CONTINUE : GCR_PROMPT_REPLY_CANCEL;
}

static void
prompt_iface_init (GcrPromptIface *iface)
{
  iface->prompt_password_async = prompt_password;
  iface->prompt_password_finish = prompt_password_finish;
  iface->prompt_confirm_async = prompt_confirm;
  iface->prompt_confirm_finish = prompt_confirm_finish;
}

static void
on_bus (GDBusConnection *bus, const char *name, gpointer user_data)
{
  gcr_system_prompter_register (prompter, bus);
}

static void
on_name (GDBusConnection *bus, const char *name, gpointer user_data)
{
  puts ("ready");
  fflush (stdout);
}

/* The test is over, perhaps with a prompt that was never answered. */
static gboolean
on_hang_up (gint fd, GIOCondition condition, gpointer user_data)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

int
main (void)
{
  g_autoptr (GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);

  loop = g_main_loop_new (NULL, FALSE);
  answers = g_data_input_stream_new (input);
  prompter = gcr_system_prompter_new (GCR_SYSTEM_PROMPTER_SINGLE, TYPE_PROMPT);
  g_unix_fd_add (STDIN_FILENO, G_IO_HUP, on_hang_up, NULL);
  g_bus_own_name (G_BUS_TYPE_SESSION, "org.gnome.keyring.SystemPrompter", G_BUS_NAME_OWNER_FLAGS_NONE, on_bus, on_name,
                  NULL, NULL, NULL);
  g_main_loop_run (loop);
  return EXIT_SUCCESS;
}
