/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/short-name.h"

#define LONGEST 40     /* characters */

char *
signet_short_name (const char *name)
{
  g_autofree char *beginning = NULL;

  if (g_utf8_strlen (name, -1) <= LONGEST)
    return g_strdup (name);

  beginning = g_utf8_substring (name, 0, LONGEST - 1);
  g_strchomp (beginning);

  return g_strconcat (beginning, "…", NULL);
}
