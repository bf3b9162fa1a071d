/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/verbs.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/i18n.h"
#include "cli/describe.h"

#include <stdio.h>

static void
print_list (GPtrArray *list, gboolean json)
{
  if (json) {
    signet_print_json_list ("pending", list, (JsonObject *(*) (gpointer)) signet_describe_pending);
    return;
  }
  if (list->len == 0)
    printf ("%s\n", _("No request is on its way."));
  for (guint i = 0; i < list->len; i++)
    signet_print_pending (list->pdata[i]);
}

gboolean
signet_verb_pending (SignetEnroller *enroller, int count, char **arguments, GError **error)
{
  g_autofree char *remove = NULL;
  gboolean json = FALSE;
  GOptionEntry entries[] = {
    { "remove", 0, 0, G_OPTION_ARG_STRING, &remove,
      N_("Remove this request first; its reply can then not be opened any more"), N_("ID") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print JSON"), NULL },
    { NULL },
  };

  if (!signet_verb_parse (entries, NULL, 0, &count, &arguments, error))
    return FALSE;

  g_autoptr (SignetPending) removed = remove != NULL ? signet_enroller_remove (enroller, remove, NULL, error) : NULL;
  if (remove != NULL && removed == NULL)
    return FALSE;
  g_autoptr (GPtrArray) list = signet_enroller_list (enroller, NULL, error);
  if (list == NULL)
    return FALSE;
  print_list (list, json);
  return TRUE;
}

static gboolean
is_under_way (SignetPending *pending)
{
  return signet_pending_get_state (pending) == SIGNET_PENDING_CREATED ||
         signet_pending_get_state (pending) == SIGNET_PENDING_WAITING;
}

/* On the FIRST round everything is due; then what the authority, or the failures before, have set a time for.  What was
 * refused is not sent again: a wrong temporary key too often locks its address. */
static gboolean
is_due (SignetPending *pending, gboolean first)
{
  return (is_under_way (pending) || signet_pending_get_state (pending) == SIGNET_PENDING_CONFIRMING) &&
         (first || signet_pending_get_retry_at (pending) <= signet_clock_now ());
}

/* Takes PENDING a step on; NULL when it is gone, also by another Signet's hand. */
static gboolean
take_on (SignetEnroller *enroller, SignetPending **pending, GError **error)
{
  g_autoptr (GError) problem = NULL;
  SignetPending *next = signet_enroller_check (enroller, signet_pending_get_id (*pending), NULL, &problem);

  g_object_unref (*pending);
  *pending = next;
  if (problem == NULL || g_error_matches (problem, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

/* Takes every request that is due a step on; the result is what is left of all.  REFUSAL gets the first that came of
 * it. */
static GPtrArray *
fetch_once (SignetEnroller *enroller, gboolean first, GError **refusal, GError **error)
{
  g_autoptr (GPtrArray) before = signet_enroller_list (enroller, NULL, error);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; before != NULL && i < before->len; i++) {
    g_autoptr (SignetPending) pending = g_object_ref (before->pdata[i]);
    gboolean due = is_due (pending, first);

    if (due && !take_on (enroller, &pending, error))
      return NULL;
    if (due && pending != NULL && signet_pending_get_state (pending) == SIGNET_PENDING_REFUSED && *refusal == NULL)
      *refusal = g_error_copy (signet_pending_get_error (pending));
    if (pending != NULL)
      g_ptr_array_add (list, g_steal_pointer (&pending));
  }
  return before != NULL ? g_steal_pointer (&list) : NULL;
}

/* When the next of LIST is to be asked for again: seconds since 1970. */
static gint64
get_next_time (GPtrArray *list)
{
  gint64 next = G_MAXINT64;

  for (guint i = 0; i < list->len; i++) {
    if (is_under_way (list->pdata[i]))
      next = MIN (next, signet_pending_get_retry_at (list->pdata[i]));
  }
  return next;
}

/* Goes on until nothing is under way any more or DEADLINE (seconds since 1970) has come. */
static GPtrArray *
fetch (SignetEnroller *enroller, gint64 deadline, GError **refusal, GError **error)
{
  GPtrArray *list = fetch_once (enroller, TRUE, refusal, error);

  while (list != NULL && get_next_time (list) <= deadline) {
    g_usleep (CLAMP (get_next_time (list) - signet_clock_now (), 1, 60) * G_USEC_PER_SEC);
    g_ptr_array_unref (list);
    list = fetch_once (enroller, FALSE, refusal, error);
  }
  return list;
}

gboolean
signet_verb_fetch (SignetEnroller *enroller, int count, char **arguments, GError **error)
{
  int wait = 0;
  gboolean json = FALSE;
  GOptionEntry entries[] = {
    { "wait", 0, 0, G_OPTION_ARG_INT, &wait,
      N_("Keep asking for up to this many seconds, as the authority permits"), N_("SECONDS") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print JSON"), NULL },
    { NULL },
  };
  g_autoptr (GError) problem = NULL;

  if (!signet_verb_parse (entries, NULL, 0, &count, &arguments, error))
    return FALSE;

  g_autoptr (GPtrArray) list = fetch (enroller, signet_clock_now () + CLAMP (wait, 0, 24 * 3600), &problem, error);
  if (list == NULL)
    return FALSE;
  print_list (list, json);

  for (guint i = 0; i < list->len && problem == NULL; i++) {
    const GError *its_own = signet_pending_get_error (list->pdata[i]);
    if (is_under_way (list->pdata[i]) && its_own != NULL)
      problem = g_error_copy (its_own);
  }
  if (problem == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}
