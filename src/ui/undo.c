/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/undo.h"

struct _SignetUndo {
  GObject parent_instance;

  SignetUndoFunc func;           /* NULL when it has run */
  gpointer data;
  GDestroyNotify data_free;
};

G_DEFINE_TYPE (SignetUndo, signet_undo, G_TYPE_OBJECT)

static void
signet_undo_finalize (GObject *object)
{
  SignetUndo *self = SIGNET_UNDO (object);

  self->data_free (self->data);

  G_OBJECT_CLASS (signet_undo_parent_class)->finalize (object);
}

static void
signet_undo_class_init (SignetUndoClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = signet_undo_finalize;
}

static void
signet_undo_init (SignetUndo *self)
{
}

SignetUndo *
signet_undo_new (SignetUndoFunc func, gpointer data, GDestroyNotify data_free)
{
  SignetUndo *self = g_object_new (SIGNET_TYPE_UNDO, NULL);

  self->func = func;
  self->data = data;
  self->data_free = data_free;

  return self;
}

void
signet_undo_run (SignetUndo *self)
{
  SignetUndoFunc func = g_steal_pointer (&self->func);

  if (func)
    func (self->data);
}
