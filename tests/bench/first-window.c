/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <X11/Xlib.h>
#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* first-window RUNS COMMAND [ARGUMENT…]
 * Milliseconds from exec to the first window on the screen, one line a run; the first run, which warms the caches up,
 * is not printed.  A window manager may or may not run: the first window that the root window is told about is a frame
 * or the program's own. */

#define SMALLEST 150          /* pixels: no tooltip, no helper window */
#define DEADLINE 30           /* seconds */

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

/* Waits for a window of a program's size to be mapped. */
static gboolean
wait_for_window (Display *display)
{
  gint64 deadline = g_get_monotonic_time () + DEADLINE * G_USEC_PER_SEC;

  while (g_get_monotonic_time () < deadline) {
    XEvent event;
    XWindowAttributes attributes;

    if (!XPending (display)) {
      g_usleep (100);
      continue;
    }
    XNextEvent (display, &event);
    if (event.type != MapNotify)
      continue;
    if (XGetWindowAttributes (display, event.xmap.window, &attributes) && attributes.width >= SMALLEST &&
        attributes.height >= SMALLEST)
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
run_once (Display *display, char **command, double *milliseconds)
{
  gint64 before = g_get_monotonic_time ();
  pid_t pid = start (command);
  gboolean seen = pid > 0 && wait_for_window (display);

  *milliseconds = (g_get_monotonic_time () - before) / 1000.0;
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
  int runs = argc > 2 ? atoi (argv[1]) : 0;

  if (display == NULL || runs < 1) {
    fprintf (stderr, "usage: first-window RUNS COMMAND [ARGUMENT…], in an X display\n");
    return 2;
  }
  XSetErrorHandler (ignore);
  XSelectInput (display, DefaultRootWindow (display), SubstructureNotifyMask);
  XSync (display, True);
  for (int i = 0; i <= runs; i++) {
    double milliseconds;

    if (!run_once (display, argv + 2, &milliseconds)) {
      fprintf (stderr, "first-window: no window of %s\n", argv[2]);
      return 1;
    }
    if (i > 0)
      printf ("%.1f\n", milliseconds);
  }
  XCloseDisplay (display);
  return 0;
}
