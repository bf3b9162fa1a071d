/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* first-window [--settled COLUMNS] RUNS COMMAND [ARGUMENT…]
 * Milliseconds from exec to the first window on the screen, one line a run; the first run, which warms the caches up,
 * is not printed.  A window manager may or may not run: the first window that the root window is told about is a frame
 * or the program's own.  With --settled: to the moment from which the window's leftmost pixel COLUMNS look the
 * same for QUIET, so that all that the window is going to show there is shown. */

#define SMALLEST 150          /* pixels: no tooltip, no helper window */
#define DEADLINE 30           /* seconds */
#define QUIET 2000            /* milliseconds */

static pid_t
start (char **command)
{
  pid_t pid = fork ();

  if (pid == 0) {
    if (freopen ("/dev/null", "w", stdout) == NULL || freopen ("/dev/null", "w", stderr) == NULL)
      _exit (126);
    execvp (command[0], command);
    _exit (127);
  }
  return pid;
}

/* Waits until what the screen shows in that place has not changed for QUIET; returns when it changed last (monotonic,
 * microseconds). */
static gint64
wait_for_quiet (Display *display, int x, int y, int width, int height)
{
  XImage *last = NULL;
  gint64 changed = g_get_monotonic_time (), now = changed;

  while (now - changed < QUIET * 1000) {
    now = g_get_monotonic_time ();
    XImage *image = XGetImage (display, DefaultRootWindow (display), x, y, width, height, AllPlanes, ZPixmap);
    if (last == NULL || memcmp (last->data, image->data, (gsize) image->bytes_per_line * height) != 0)
      changed = now;
    if (last != NULL)
      XDestroyImage (last);
    last = image;
    g_usleep (2000);
  }
  XDestroyImage (last);
  return changed;
}

/* Waits for a window of a program's size to be mapped, and says where it is. */
static gboolean
wait_for_window (Display *display, XWindowAttributes *attributes)
{
  gint64 deadline = g_get_monotonic_time () + DEADLINE * G_USEC_PER_SEC;

  while (g_get_monotonic_time () < deadline) {
    XEvent event;

    if (!XPending (display)) {
      g_usleep (100);
      continue;
    }
    XNextEvent (display, &event);
    if (event.type != MapNotify)
      continue;
    if (XGetWindowAttributes (display, event.xmap.window, attributes) && attributes->width >= SMALLEST &&
        attributes->height >= SMALLEST)
      return TRUE;
  }
  return FALSE;
}

static int
ignore (Display *display, XErrorEvent *event)
{
  return 0;                  /* windows may go while they are looked at */
}

static gboolean
run_once (Display *display, int columns, char **command, double *milliseconds)
{
  XWindowAttributes place;
  gint64 before = g_get_monotonic_time ();
  pid_t pid = start (command);
  gboolean seen = pid > 0 && wait_for_window (display, &place);
  gint64 after = seen && columns > 0 ? wait_for_quiet (display, place.x, place.y, columns, place.height)
                                     : g_get_monotonic_time ();

  *milliseconds = (after - before) / 1000.0;
  g_usleep (G_USEC_PER_SEC / 3);          /* it settles, as it would for a person; nothing is measured any more */
  kill (pid, SIGTERM);
  waitpid (pid, NULL, 0);
  XSync (display, True);
  return seen;
}

int
main (int argc, char **argv)
{
  Display *display = XOpenDisplay (NULL);
  int columns = argc > 2 && g_str_equal (argv[1], "--settled") ? atoi (argv[2]) : 0;
  char **arguments = argv + (columns > 0 ? 3 : 1);
  int runs = argv + argc - arguments > 1 ? atoi (arguments[0]) : 0;

  if (display == NULL || runs < 1) {
    fprintf (stderr, "usage: first-window [--settled COLUMNS] RUNS COMMAND [ARGUMENT…], in an X display\n");
    return 2;
  }
  XSetErrorHandler (ignore);
  XSelectInput (display, DefaultRootWindow (display), SubstructureNotifyMask);
  XSync (display, True);
  for (int i = 0; i <= runs; i++) {
    double milliseconds;

    if (!run_once (display, columns, arguments + 1, &milliseconds)) {
      fprintf (stderr, "first-window: no window of %s\n", arguments[1]);
      return 1;
    }
    if (i > 0)
      printf ("%.1f\n", milliseconds);
  }
  XCloseDisplay (display);
  return 0;
}
