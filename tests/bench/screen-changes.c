/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* screen-changes SECONDS X Y WIDTH HEIGHT
 * The moments (monotonic, milliseconds) at which that part of the screen looked other than before, one line each. */
int
main (int argc, char **argv)
{
  Display *display = XOpenDisplay (NULL);
  XImage *last = NULL;

  if (display == NULL || argc != 6) {
    fprintf (stderr, "usage: screen-changes SECONDS X Y WIDTH HEIGHT, in an X display\n");
    return 2;
  }
  int x = atoi (argv[2]), y = atoi (argv[3]), width = atoi (argv[4]), height = atoi (argv[5]);
  gint64 end = g_get_monotonic_time () + atoi (argv[1]) * G_USEC_PER_SEC;

  while (g_get_monotonic_time () < end) {
    XImage *image = XGetImage (display, DefaultRootWindow (display), x, y, width, height, AllPlanes, ZPixmap);
    if (last != NULL && memcmp (last->data, image->data, (gsize) image->bytes_per_line * height) != 0)
      printf ("%.1f\n", g_get_monotonic_time () / 1000.0);
    if (last != NULL)
      XDestroyImage (last);
    last = image;
    g_usleep (1000);
  }
  XDestroyImage (last);
  XCloseDisplay (display);
  return 0;
}
