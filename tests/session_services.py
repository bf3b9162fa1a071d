# SPDX-License-Identifier: LGPL-2.1-or-later
"""What tells a program that the screen is locked, the machine sleeps, or the user logs out: python-dbusmock's logind on
a throwaway system bus, and a screen saver and a session manager on the session bus of the Desktop."""

import os
import subprocess
import sys

import gi
gi.require_version('Gio', '2.0')
from gi.repository import Gio, GLib   # noqa: E402

from desktop import bound_to_us, until   # noqa: E402

LOGIND = ('org.freedesktop.login1', '/org/freedesktop/login1', 'org.freedesktop.login1.Manager')
SCREEN_SAVER = ('org.gnome.ScreenSaver', '/org/gnome/ScreenSaver', 'org.gnome.ScreenSaver')
SESSION_MANAGER = ('org.gnome.SessionManager', '/org/gnome/SessionManager', 'org.gnome.SessionManager')
FLAGS = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
OURS, OTHERS = 'c1', 'c2'      # logind's sessions


class Services:
    def __enter__(self):
        self.processes = []
        self.system_bus = self.start(['dbus-daemon', '--session', '--nofork', '--print-address'],
                                     stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        os.environ['DBUS_SYSTEM_BUS_ADDRESS'] = self.system_bus.stdout.readline().strip()
        self.system = self.connect('DBUS_SYSTEM_BUS_ADDRESS')
        self.session = self.connect('DBUS_SESSION_BUS_ADDRESS')
        self.mock(self.system, '--system', *LOGIND[:1], '--template', 'logind')
        self.mock(self.session, '--session', *SCREEN_SAVER[:1], '--template', 'gnome_screensaver')
        self.mock(self.session, '--session', *SESSION_MANAGER)
        for session, uid in ((OURS, os.getuid()), (OTHERS, os.getuid() + 1)):
            self.call(self.system, *LOGIND[:2], 'org.freedesktop.DBus.Mock', 'AddSession',
                      GLib.Variant('(ssusb)', (session, 'seat0', uid, f'user{uid}', True)))
        return self

    def __exit__(self, *_):
        for connection in (self.system, self.session):
            if not connection.is_closed():
                connection.close_sync(None)
        for process in reversed(self.processes):
            process.terminate()
            process.wait()
            if process.stdout:
                process.stdout.close()
        del os.environ['DBUS_SYSTEM_BUS_ADDRESS']

    def start(self, argv, **options):
        process = subprocess.Popen(bound_to_us(argv), text=True, **options)
        self.processes.append(process)
        return process

    def connect(self, variable):
        connection = Gio.DBusConnection.new_for_address_sync(os.environ[variable], FLAGS, None, None)
        connection.set_exit_on_close(False)
        return connection

    def mock(self, connection, bus, name, *rest):
        template = rest[0] == '--template'
        self.start([sys.executable, '-m', 'dbusmock', bus, *(rest if template else (name, *rest))],
                   stdout=subprocess.DEVNULL)
        until(f'{name} to come up', lambda: self.call(
            connection, 'org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'NameHasOwner',
            GLib.Variant('(s)', (name,)))[0])

    def call(self, connection, name, path, interface, method, arguments=None):
        return connection.call_sync(name, path, interface, method, arguments, None, Gio.DBusCallFlags.NONE, 20000,
                                    None).unpack()

    def emit(self, connection, name, path, interface, signal, signature='', *values):
        """A signal of a mocked object, as that service would send it."""
        self.call(connection, name, path, 'org.freedesktop.DBus.Mock', 'EmitSignal',
                  GLib.Variant('(sssav)', (interface, signal, signature,
                                           [GLib.Variant(kind, value) for kind, value in zip(signature, values)])))

    # What happens

    def lock_session(self, session=OURS):
        self.call(self.system, LOGIND[0], f'{LOGIND[1]}/session/{session}', 'org.freedesktop.login1.Session', 'Lock')

    def hint_lock(self, session=OURS, locked=True):
        self.call(self.system, LOGIND[0], f'{LOGIND[1]}/session/{session}', 'org.freedesktop.login1.Session',
                  'SetLockedHint', GLib.Variant('(b)', (locked,)))

    def sleep(self, begins=True):
        self.emit(self.system, *LOGIND, 'PrepareForSleep', 'b', begins)

    def shut_down(self, begins=True):
        self.emit(self.system, *LOGIND, 'PrepareForShutdown', 'b', begins)

    def end_session(self, session=OURS):
        self.emit(self.system, *LOGIND, 'SessionRemoved', 'so', session, f'{LOGIND[1]}/session/{session}')

    def lock_screen(self, active=True):
        self.call(self.session, *SCREEN_SAVER, 'SetActive', GLib.Variant('(b)', (active,)))

    def log_out(self):
        self.emit(self.session, *SESSION_MANAGER, 'SessionOver')

    def inhibitors(self):
        """What each delays, and who."""
        return [(what, who, mode) for what, who, _, mode, _, _ in self.call(self.system, *LOGIND, 'ListInhibitors')[0]]

    def end_system_bus(self):
        self.system_bus.terminate()
