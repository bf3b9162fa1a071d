# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests of the windows share."""

import functools
import os
import subprocess
import sys
import traceback
import unittest

import pseudo_locale
from authority import build_root, program, show_icons_of_the_source_tree
from desktop import Desktop
from driver import Program
from notifications import Notifications

PICTURES = os.environ.get('SIGNET_PICTURES', os.path.join(build_root(), 'pictures'))


def in_desktop(**options):
    """Runs a test in a Desktop of its own, and in a process of its own, which can know only one accessibility bus."""
    def decorate(test):
        @functools.wraps(test)
        def run(self):
            child = os.fork()
            if child == 0:
                os._exit(run_inside(self, test, options))
            self.assertEqual(os.waitpid(child, 0)[1], 0, 'see above')
        return run
    return decorate


def run_inside(self, test, options):
    try:
        with Desktop(**options) as self.desktop, Notifications() as self.notifications:
            show_icons_of_the_source_tree()
            test(self)
        return 0
    except BaseException:   # pylint: disable=broad-except; the parent is told, whatever it was
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def big_text_right_to_left():
    """The environment of a program that speaks another language in a big font."""
    folder = os.path.join(os.environ['HOME'], 'locale')
    pseudo_locale.write(folder)
    return {'SIGNET_LOCALEDIR': folder, 'LC_ALL': 'he_IL.UTF-8', 'LANGUAGE': 'he', 'GDK_DPI_SCALE': '1.5'}


class WindowTest(unittest.TestCase):
    def signet(self, *arguments, hashes=False, **environment):
        return Program(program('signet'), *arguments, env=environment, hashes=hashes)

    def fill(self, *items):
        """Puts items into the Secret Service; see store-filler.c."""
        subprocess.run([os.path.join(build_root(), 'tests', 'store-filler'), *items], check=True, timeout=60)

    def keep_picture(self, signet, name):
        """Everything on it that can be pressed must have a name."""
        signet.picture(os.path.join(PICTURES, f'{name}.png'))
        self.assertEqual(signet.audit(), [])
