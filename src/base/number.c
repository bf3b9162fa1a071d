/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/number.h"

#include <errno.h>
#include <string.h>

/* Not g_ascii_string_to_signed: in GLib 2.74 it takes any errno for a failure of its own, and the first two threads to
 * call it wait for one another, which leaves EAGAIN there. */
gboolean
signet_number_parse (const char *text, gint64 min, gint64 max, gint64 *number)
{
  const char *digits = text + (*text == '-');

  if (*digits == '\0' || strspn (digits, "0123456789") != strlen (digits))
    return FALSE;
  errno = 0;
  gint64 value = g_ascii_strtoll (text, NULL, 10);
  if (errno == ERANGE || value < min || value > max)
    return FALSE;
  if (number != NULL)
    *number = value;
  return TRUE;
}
