/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/prompter.h"

G_BEGIN_DECLS

#define SCRIPTED_YES "(yes)"      /* to ask_consent */
#define SCRIPTED_NO "(no)"        /* to either */

/* A user who gives the answers that a test has prepared, one after the other. */
#define TYPE_SCRIPTED_PROMPTER (scripted_prompter_get_type ())
G_DECLARE_FINAL_TYPE (ScriptedPrompter, scripted_prompter, SCRIPTED, PROMPTER, GObject)

struct _ScriptedPrompter {
  GObject parent;

  GMutex mutex;
  GCond cond;
  GQueue *unused;             /* the answers not given yet, owned */
  gboolean held;
  gboolean remember;          /* what is said to the offer to remember */
  void (*then) (gpointer);    /* called before the next answer is given, once */
  gpointer then_data;

  /* What was asked. */
  guint asked, done, at_once, most_at_once;
  gboolean refused;
  guint remember_minutes;
  guint pause;                /* seconds, when it was asked last */
  char *sentence;
};

ScriptedPrompter *scripted_prompter_new (void);

/* Adds an answer: a password, SCRIPTED_YES or SCRIPTED_NO. */
void scripted_prompter_say (ScriptedPrompter *self, const char *answer);

/* Calls FUNC while the next question shows. */
void scripted_prompter_then (ScriptedPrompter *self, void (*func) (gpointer), gpointer data);

/* Gives no answer until it is released. */
void scripted_prompter_hold (ScriptedPrompter *self);
void scripted_prompter_release (ScriptedPrompter *self);

/* Blocks until COUNT questions have been asked. */
void scripted_prompter_wait (ScriptedPrompter *self, guint count);

G_END_DECLS
