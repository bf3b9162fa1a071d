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
  if (remove != NULL && !signet_enroller_remove (enroller, remove, NULL, error))
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

/* Takes every request a step on.  LIST gets what is left of them; the result is whether one is still under way, NEXT
 * the earliest time to ask again. */
static gboolean
fetch_once (SignetEnroller *enroller, GPtrArray **list, gint64 *next, GError **error)
{
  g_autoptr (GPtrArray) before = signet_enroller_list (enroller, NULL, error);
  gboolean under_way = FALSE;

  g_clear_pointer (list, g_ptr_array_unref);
  if (before == NULL)
    return FALSE;
  *next = G_MAXINT64;
  *list = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < before->len; i++) {
    g_autoptr (GError) local_error = NULL;
    SignetPending *pending = signet_enroller_check (enroller, signet_pending_get_id (before->pdata[i]), NULL,
                                                    &local_error);

    if (local_error != NULL) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      g_clear_pointer (list, g_ptr_array_unref);
      return FALSE;
    }
    if (pending == NULL)
      continue;
    g_ptr_array_add (*list, pending);
    if (is_under_way (pending)) {
      under_way = TRUE;
      *next = MIN (*next, signet_pending_get_retry_at (pending));
    }
  }
  return under_way;
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
  g_autoptr (GPtrArray) list = NULL;
  gint64 next = 0;

  if (!signet_verb_parse (entries, NULL, 0, &count, &arguments, error))
    return FALSE;

  gint64 deadline = signet_clock_now () + CLAMP (wait, 0, 24 * 3600);
  while (fetch_once (enroller, &list, &next, error) && next <= deadline)
    g_usleep (CLAMP (next - signet_clock_now (), 1, 60) * G_USEC_PER_SEC);
  if (list == NULL)
    return FALSE;
  print_list (list, json);

  for (guint i = 0; i < list->len; i++) {
    SignetPending *pending = list->pdata[i];
    if (is_under_way (pending) && signet_pending_get_problem (pending) != NULL) {
      g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_UNREACHABLE, signet_pending_get_problem (pending));
      return FALSE;
    }
  }
  return TRUE;
}
