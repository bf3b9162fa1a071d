# SPDX-License-Identifier: LGPL-2.1-or-later
"""Programs on a terminal: what they show, what a person types, how they end.

    child, terminal = start_on_terminal(program('signetctl'), 'password', 'Work')
    shown = talk(terminal, [(b'Password of', 'old'), (b'New password', 'new'), (b'again', 'new')])
    self.assertEqual(status_of(child), 0, shown)
"""

import os
import pty
import select
import signal
import time

from authority import DEADLINE, until


def start_on_terminal(*argv, **environment):
    """Its pid, and our side of the terminal. What a terminal ends programs by is not ignored, as it is by all that
    nohup or a shell's & has started."""
    child, terminal = pty.fork()
    if child == 0:
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
            signal.signal(number, signal.SIG_DFL)
        os.execvpe(argv[0], argv, {**os.environ, **environment})
    return child, terminal


def talk(terminal, turns):
    """Types each answer once its question is shown anew; everything that was shown."""
    shown, answered, end = b'', 0, time.monotonic() + DEADLINE
    turns = list(turns)
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            got = os.read(terminal, 4096)
        except OSError:         # the other side has closed
            break
        if not got:
            break
        shown += got
        if turns and turns[0][0] in shown[answered:]:
            answered = len(shown)
            os.write(terminal, turns.pop(0)[1].encode() + b'\n')
    return shown


def status_of(child):
    """The exit status of the program; one that does not end by itself is ended, and a failure."""
    try:
        _, status = until('it to end', lambda: (done := os.waitpid(child, os.WNOHANG))[0] and done)
    except AssertionError:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        raise
    return os.waitstatus_to_exitcode(status)
