# SPDX-License-Identifier: LGPL-2.1-or-later
"""Uses a GTK program as a person does: finds things by what a screen reader says of them, presses them with the
pointer, types on the keyboard, and takes pictures. For use inside a Desktop (desktop.py).

    signet = Program('signet', 'invitation.signet-invitation')
    signet.window('Get a Digital ID')
    signet.type('text', 'Keyset name', 'Work')
    signet.click('push button', 'Continue')
    signet.find('label', 'Request sent')
    signet.picture('request-sent.png')

Roles are AT-SPI's names ('push button', 'text', 'password text', 'list item', …). A name is a string to equal, a
compiled pattern to search for, or None for any. Whatever is looked for is polled until it is there or the deadline is
over; then all that the program shows is printed. Nothing else waits.
"""

import os
import re
import subprocess
import sys
import tempfile
import time

import gi
gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, GLib     # noqa: E402

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from desktop import bound_to_us, searched_for_leaks     # noqa: E402

DEADLINE = float(os.environ.get('SIGNET_DRIVER_DEADLINE', '15'))    # seconds
State = Atspi.StateType

# Roles that a person acts on, which therefore need a name that can be read out.
INTERACTIVE = {'check box', 'check menu item', 'combo box', 'link', 'list item', 'menu item', 'password text',
               'push button', 'radio button', 'radio menu item', 'slider', 'spin button', 'switch', 'table cell',
               'text', 'toggle button'}

CHOICES = {'check menu item', 'list item', 'menu item', 'push button', 'radio button', 'radio menu item'}


COMPLAINT = re.compile(r'-(ERROR|CRITICAL|WARNING) \*\*')
# GTK 3 says this, harmlessly, when a key or the pointer reaches a widget in the moment in which its page is changed.
TOLERATED = ("gtk_widget_event: assertion 'WIDGET_REALIZED_FOR_EVENT (widget, event)' failed",)


class NotSeen(AssertionError):
    """What a person would look for did not appear in time."""


def until(what, test, deadline=DEADLINE):
    """Asks until the test gives something true, and returns that. A widget may vanish between two questions, so an
    error from AT-SPI only means: ask again."""
    end = time.monotonic() + deadline
    while True:
        try:
            result = test()
            if result:
                return result
        except GLib.Error:
            pass
        if time.monotonic() > end:
            raise NotSeen(f'{what}: not within {deadline:g} s')
        time.sleep(0.02)


def matches(text, wanted):
    if wanted is None:
        return True
    return bool(wanted.search(text)) if isinstance(wanted, re.Pattern) else text == wanted


def has(node, *states):
    held = node.get_state_set()
    return all(held.contains(state) for state in states)


def text_of(node):
    return Atspi.Text.get_text(node, 0, -1) if 'Text' in node.get_interfaces() else ''


def name_of(node):
    """What a screen reader says: the accessible name, or the text of the labels that belong to the widget."""
    name = node.get_name()
    if name:
        return name
    labels = [relation.get_target(i) for relation in node.get_relation_set()
              if relation.get_relation_type() == Atspi.RelationType.LABELLED_BY
              for i in range(relation.get_n_targets())]
    return ' '.join(filter(None, (label.get_name() or text_of(label) for label in labels)))


def children(node):
    for i in range(node.get_child_count()):
        child = node.get_child_at_index(i)
        if child is not None:
            yield child


def descend(node, showing=True, depth=0):
    """The node and everything under it with its depth, first to last. What vanishes on the way is left out."""
    yield node, depth
    try:
        for child in children(node):
            # GTK 3 takes a viewport that is scrolled by more than its height for one that does not show.
            if not showing or has(child, State.SHOWING) or child.get_role_name() == 'viewport':
                yield from descend(child, showing, depth + 1)
    except GLib.Error:
        return


def xdotool(*arguments):
    argv = ['xdotool', *map(str, arguments)]
    return subprocess.run(argv, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def move(x, y):
    """Moves the pointer there. It goes in two steps, of which the first makes a tooltip under it give way."""
    if f'x:{x} y:{y} ' not in xdotool('getmouselocation'):     # --sync would wait 15 seconds for it to leave
        xdotool('mousemove', '--sync', x + 1, y, 'mousemove', '--sync', x, y)


def press(*keys):
    """Keys one after the other, in X's names: press('ctrl+l', 'Tab', 'Return')."""
    for key in keys:
        xdotool('key', '--clearmodifiers', key)


def place(node):
    box = Atspi.Component.get_extents(node, Atspi.CoordType.SCREEN)
    return (box.x, box.y, box.width, box.height) if box.width > 0 and box.height > 0 else None


def resting_place(node):
    """Where the widget is once it has stopped moving: windows and lists are laid out in several steps."""
    seen = [None]

    def rests():
        seen.append(place(node))
        return seen[-1] if seen[-1] is not None and seen[-1] == seen[-2] else None
    return until(f'{name_of(node)!r} to stay in one place', rests)


def describe(node):
    name, text = name_of(node), text_of(node)
    shown = [f'{node.get_role_name()} {name!r}']
    if text and text != name:
        shown.append(f'text {text!r}')
    shown += [word for word, state, value in (('focused', State.FOCUSED, True), ('checked', State.CHECKED, True),
                                              ('insensitive', State.SENSITIVE, False)) if has(node, state) == value]
    return ', '.join(shown)


class Application:
    """A program on the accessibility bus, found by its name there. This is for programs that somebody else started,
    such as 'gcr-prompter', in which the Secret Service asks for a password."""

    def __init__(self, name):
        self.name = name
        self.scale = int(os.environ.get('GDK_SCALE', '1'))
        self.window()

    # Finding

    def is_this(self, program):
        return program.get_name() == self.name

    def root(self):
        for program in children(Atspi.get_desktop(0)):
            try:
                if self.is_this(program):
                    return program
            except GLib.Error:      # another program on its way out
                pass
        return None

    def windows(self):
        """All windows that show, the newest first."""
        root = self.root()
        return [window for window in children(root) if has(window, State.SHOWING)][::-1] if root else []

    def window(self, title=None, deadline=DEADLINE):
        """Waits for a window that has the keyboard."""
        return self.look(f'a window {title!r}', deadline, lambda: next((
            window for window in self.windows()
            if matches(window.get_name(), title) and has(window, State.ACTIVE)), None))

    def window_gone(self, title, deadline=DEADLINE):
        self.look(f'the window {title!r} to close', deadline,
                  lambda: not any(matches(window.get_name(), title) for window in self.windows()))

    def find_all(self, role=None, name=None, within=None, showing=True):
        """Everything of that role and name at this moment; with showing=False also what lies on hidden pages and out
        of view."""
        found = []
        for top in [within] if within else self.windows():
            for node, _ in descend(top, showing):
                try:
                    if (role is None or node.get_role_name() == role) and matches(name_of(node), name):
                        found.append(node)
                except GLib.Error:
                    pass
        return found

    def find(self, role=None, name=None, within=None, deadline=DEADLINE):
        """Waits for the first of that role and name."""
        return self.look(f'{role or "anything"} {name!r}', deadline,
                         lambda: next(iter(self.find_all(role, name, within)), None))

    def gone(self, role=None, name=None, deadline=DEADLINE):
        self.look(f'{role} {name!r} to go', deadline, lambda: not self.find_all(role, name))

    def says(self, text, deadline=DEADLINE):
        """Waits until the text (a string that is contained, or a pattern) can be read anywhere in the program."""
        wanted = text if isinstance(text, re.Pattern) else re.compile(re.escape(text))
        return self.look(f'the words {wanted.pattern!r}', deadline, lambda: next(
            (node for node in self.find_all() if wanted.search(name_of(node)) or wanted.search(text_of(node))), None))

    def look(self, what, deadline, test):
        try:
            return until(what, test, deadline)
        except NotSeen:
            print(self.tree(), file=sys.stderr)     # first, so that the end of what is printed says what was missed
            raise

    # Acting

    def target(self, role, name, within=None, deadline=DEADLINE):
        node = self.find(role, name, within, deadline)
        self.look(f'{role} {name!r} to become sensitive', deadline, lambda: has(node, State.SENSITIVE))
        return node

    def click(self, role, name=None, within=None, deadline=DEADLINE):
        """Presses the middle of the widget with the pointer, which also proves that it can be reached."""
        return self.click_node(self.target(role, name, within, deadline))

    def click_node(self, node):
        box = None
        while box != (now := resting_place(node)):      # it may have moved while the pointer was on its way
            box = now
            x, y, width, height = box
            move((x + width // 2) * self.scale, (y + height // 2) * self.scale)
        xdotool('click', 1)
        return node

    def focus(self, role, name=None, within=None, showing=True):
        """Gives the widget the keyboard; with showing=False also one that is scrolled out of view, which comes into
        view by that."""
        if showing:
            node = self.target(role, name, within)
        else:
            node = self.look(f'{role} {name!r}', DEADLINE,
                             lambda: next(iter(self.find_all(role, name, within, showing=False)), None))
        Atspi.Component.grab_focus(node)
        self.look(f'the keyboard on {role} {name!r}', DEADLINE, lambda: has(node, State.FOCUSED))
        return node

    def type(self, role, name, text, within=None):
        """Replaces the text of an entry by key presses. Only ASCII: for other characters the X server's keyboard must
        be remapped while typing, which loses some under load; use set_text."""
        if not text.isascii():
            raise ValueError('not ASCII: use set_text')
        node = self.focus(role, name, within)
        press('ctrl+a', 'BackSpace')
        xdotool('type', '--clearmodifiers', '--delay', 1, '--', text)
        self.look(f'{len(text)} characters in {role} {name!r}', DEADLINE,
                  lambda: Atspi.Text.get_character_count(node) == len(text))
        return node

    def set_text(self, role, name, text, within=None):
        """Replaces the text of an entry in one step, as an assistive tool does."""
        node = self.target(role, name, within)
        if not has(node, State.EDITABLE) or not Atspi.EditableText.set_text_contents(node, text):
            raise AssertionError(f'{role} {name!r} cannot be edited')
        return node

    def choose(self, role, name, item):
        """Opens a menu or a combo row and presses one of its items."""
        self.click(role, name)
        return self.click_node(self.look(f'the choice {item!r}', DEADLINE, lambda: self.choice(item)))

    def choice(self, item):
        for node in self.find_all(None, item):
            # The rows of a HdyComboRow have no name of their own, only a label in them.
            while node is not None and node.get_role_name() in ('label', 'filler', 'panel'):
                node = node.get_parent()
            if node is not None and node.get_role_name() in CHOICES:
                return node
        return None

    def choose_file(self, path, title=None):
        """Gives a path to an open file chooser and accepts it."""
        chooser = self.window(title)
        press('ctrl+l')
        entry = self.find('text', None, within=chooser)
        Atspi.EditableText.set_text_contents(entry, os.path.abspath(path))
        Atspi.Component.grab_focus(entry)
        until('the keyboard on the file name', lambda: has(entry, State.FOCUSED))
        end = time.monotonic() + DEADLINE
        while True:
            press('Return')     # GTK swallows one that comes while it still reads the folder
            try:
                return until('the file chooser to close', lambda: chooser not in self.windows(), deadline=0.5)
            except NotSeen:
                if time.monotonic() > end:
                    raise

    # Looking

    def picture(self, path, window=None):
        """A PNG of the active window (or of an X window id; 'root' is the whole screen), taken when two pictures in a
        row are the same: fonts, icons and late layouts are in then. Returns the path."""
        seen = [None]

        def still():
            argv = ['import', '-silent', '-window', str(window or xdotool('getactivewindow')), 'png:-']
            seen.append(subprocess.run(argv, check=True, stdout=subprocess.PIPE).stdout)
            return seen[-1] == seen[-2]
        until('a picture that stays the same', still)
        os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
        with open(path, 'wb') as file:
            file.write(seen[-1])
        return path

    def tree(self):
        """Everything that shows, as a screen reader could tell it."""
        lines = []
        try:
            for window in self.windows():
                for node, depth in descend(window):
                    lines.append('  ' * depth + describe(node))
        except (GLib.Error, NotSeen) as error:
            lines.append(str(error))
        return '\n'.join(lines) or 'nothing shows'

    def audit(self):
        """The interactive widgets on the screen that a screen reader could not name, with the way to them."""
        nameless = []
        for window in self.windows():
            for node, _ in descend(window):
                if node.get_role_name() in INTERACTIVE and has(node, State.SENSITIVE) and not name_of(node).strip():
                    way = [node]
                    while way[-1] != window:
                        way.append(way[-1].get_parent())
                    nameless.append(' in '.join(describe(step) for step in way))
        return nameless

    def focused(self):
        return next((node for node in self.find_all() if has(node, State.FOCUSED)), None)

    def focus_chain(self, key='Tab', most=60):
        """Role and name of each widget that the key leads to, until it comes round or leads nowhere. A stop that a
        screen reader is not told of is (None, '')."""
        nodes = [self.focused()]
        for _ in range(most):
            press(key)
            try:
                node = until('the keyboard to move', lambda: (now := self.focused()) != nodes[-1] and now, deadline=1)
            except NotSeen:
                node = self.focused()
            if node == nodes[-1] or node and node in nodes[1:]:
                break
            nodes.append(node)
        return [(node.get_role_name(), name_of(node)) if node else (None, '') for node in nodes[1:]]


class Program(Application):
    """A program that this test starts and ends."""

    def __init__(self, *argv, env=None, expect_window=True, hashes=False):
        """Starts the program, with env added to the environment, and waits for its first window. One that hashes
        millions of rounds says so, and is not searched for leaks: OpenSSL allocates in each round."""
        environment = searched_for_leaks({**os.environ, **(env or {})}, thoroughly=not hashes)
        self.name = os.path.basename(argv[0])
        self.scale = int(environment.get('GDK_SCALE', '1'))
        self.said = tempfile.TemporaryFile()
        self.process = subprocess.Popen(bound_to_us(argv), env=environment, stderr=self.said)
        if expect_window:
            self.window()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            self.keep_evidence()
        self.stop()
        complaints = self.complaints()
        if kind is None and complaints:
            raise AssertionError(f'{self.name} complained:\n' + '\n'.join(complaints))

    def complaints(self):
        """Everything that it said on its standard error is passed on; what GLib calls a warning or worse is told."""
        with self.said:
            self.said.seek(0)
            text = self.said.read().decode(errors='replace')
        sys.stderr.write(text)
        return [line for line in text.splitlines()
                if COMPLAINT.search(line) and not any(known in line for known in TOLERATED)]

    def is_this(self, program):
        return program.get_process_id() == self.process.pid

    def root(self):
        if self.process.poll() is not None:
            raise NotSeen(f'{self.name} has ended with {self.process.returncode}')
        return super().root()

    def keep_evidence(self):
        """After a failure: the screen, into the folder that the test runner named."""
        folder = os.environ.get('SIGNET_PICTURES')
        if folder and os.environ.get('DISPLAY'):
            name = os.path.splitext(os.path.basename(sys.argv[0]))[0]
            print('the screen:', self.picture(f'{folder}/failed-{name}.png', 'root'), file=sys.stderr)

    def wait(self, deadline=DEADLINE):
        """Waits until the program has ended by itself and returns its status."""
        return self.process.wait(deadline)

    def stop(self):
        """Ends the program and returns its status."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(DEADLINE)
            except subprocess.TimeoutExpired:
                self.process.kill()
        return self.process.wait()

    def kill(self):
        """Ends the program as a crash does."""
        self.process.kill()
        return self.process.wait()
