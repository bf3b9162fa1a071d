#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A private desktop that is thrown away afterwards, for tests that need what a person's session has: an X display,
a session bus, accessibility, a Secret Service, a window manager and a home folder. Many can run at once, as any user,
without systemd.

As a command, with the exit status of CMD:

    tests/desktop.py [--keyring MODE] [--dark] [--size WxH] [--no-display] -- CMD [ARG…]

In a test, which then sees the desktop in os.environ:

    with Desktop(keyring='unlocked') as desktop:
        …
        desktop.kill_keyring()

Keyring modes: unlocked (a login keyring, open), locked (a login keyring, its password not given yet), fresh (the
service runs, no keyring exists), absent (no Secret Service at all, and none can be started). When a locked or a fresh
keyring needs a password, gcr's own prompt opens as a window.

The desktop lives in a process of its own, the keeper. It ends when its standard input closes, so it goes away with the
test however the test ends. Every process of the desktop carries SIGNET_DESKTOP in its environment; the keeper stops
those, by pid, and nothing else.
"""

import argparse
import ctypes
import faulthandler
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time

DEADLINE = 20   # seconds for any one part of the desktop to come up; it takes milliseconds on an idle machine
PASSWORD = 'throwaway'
KEYRINGS = ('unlocked', 'locked', 'fresh', 'absent')
MARK = 'SIGNET_DESKTOP'

# Parts of the caller's own session, which would leak into the throwaway one.
DROPPED = ('DBUS_STARTER_ADDRESS', 'DBUS_STARTER_BUS_TYPE', 'DESKTOP_STARTUP_ID', 'DISPLAY', 'GDK_DPI_SCALE',
           'GDK_SCALE', 'GNOME_KEYRING_CONTROL', 'GTK_IM_MODULE', 'GTK_MODULES', 'GTK_THEME', 'LANGUAGE',
           'NO_AT_BRIDGE', 'SESSION_MANAGER', 'SSH_AUTH_SOCK', 'WAYLAND_DISPLAY', 'XAUTHORITY', 'XDG_STATE_HOME',
           'XMODIFIERS')

GTK_SETTINGS = """[Settings]
gtk-enable-animations=0
gtk-cursor-blink=0
gtk-error-bell=0
gtk-theme-name=Adwaita
gtk-icon-theme-name=Adwaita
gtk-font-name=Cantarell 11
gtk-xft-antialias=1
gtk-xft-hinting=1
gtk-xft-hintstyle=hintslight
gtk-xft-rgba=none
"""

OPENBOX_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <focus><focusNew>yes</focusNew><focusLast>yes</focusLast></focus>
  <placement><policy>Smart</policy><center>yes</center></placement>
  <desktops><number>1</number><popupTime>0</popupTime></desktops>
  <keyboard><keybind key="A-F4"><action name="Close"/></keybind></keyboard>
  <mouse>
    <context name="Client">
      <mousebind button="Left" action="Press"><action name="Focus"/><action name="Raise"/></mousebind>
    </context>
  </mouse>
</openbox_config>
"""

BUS_SETTINGS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={run}/bus</listen>
  <auth>EXTERNAL</auth>
  <servicedir>{services}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""

# What the bus may start by itself; the machine's own services stay out.
ACTIVATABLE = {
    'org.a11y.Bus': '/usr/libexec/at-spi-bus-launcher',
    'org.freedesktop.Notifications': shlex.join([
        sys.executable, os.path.join(os.path.dirname(os.path.realpath(__file__)), 'notification_service.py')]),
    'org.gnome.keyring.SystemPrompter': '/usr/libexec/gcr-prompter',
}


# A test runner ends what takes too long: that shows where it was.
faulthandler.register(signal.SIGTERM, chain=True)


class DesktopError(Exception):
    """The desktop could not be started, or a part of it did not do as asked."""


def until(what, test, seconds=DEADLINE):
    """Asks again and again until the test gives something true, which is returned."""
    end = time.monotonic() + seconds
    while True:
        result = test()
        if result:
            return result
        if time.monotonic() > end:
            raise DesktopError(f'{what}: not within {seconds} s')
        time.sleep(0.005)


def bound_to_us(argv):
    """The command line that makes the kernel end the program when the thread that starts it is gone, even if that was
    killed. For programs that let nobody look at them (as Signet's own do), whose mark only root can read."""
    return ['setpriv', '--pdeathsig', 'TERM', '--', *argv]


def searched_for_leaks(environment, thoroughly=True):
    """The environment for a program of ours that a sanitizer may be built into. Thoroughly, it walks the whole stack
    at each allocation, because GLib and GTK have no frame pointers, and can tell who has leaked; else it does not
    search."""
    options = ('fast_unwind_on_malloc=0', 'malloc_context_size=12') if thoroughly else ('detect_leaks=0',)
    return {**environment, 'ASAN_OPTIONS': ':'.join(filter(None, (environment.get('ASAN_OPTIONS'), *options)))}


def marked_processes(folder):
    """The pids of all live processes of the desktop in this folder, children of children too."""
    mark = f'{MARK}={folder}'.encode()
    found = []
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open(f'/proc/{pid}/environ', 'rb') as environ:
                if mark in environ.read().split(b'\0'):
                    found.append(int(pid))
        except OSError:     # it ended meanwhile, or belongs to somebody else
            pass
    return found


def clear_away(folder):
    """Ends all processes of the desktop in this folder, politely at first, and removes the folder."""
    started = time.monotonic()
    told = set()
    while True:
        alive = marked_processes(folder)
        if not alive:
            break
        patient = time.monotonic() < started + 2
        for pid in alive:
            if pid in told and patient:
                continue
            told.add(pid)
            try:
                os.kill(pid, signal.SIGTERM if patient else signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.01)
    shutil.rmtree(folder, ignore_errors=True)


class Keeper:
    """The process that owns the parts of one desktop and speaks with the test over its standard input and output."""

    def __init__(self, folder, options):
        self.folder = folder
        self.options = options
        self.home = f'{folder}/home'
        self.run = f'{folder}/run'
        self.keyring = None
        self.bus = None
        self.environment = self.make_environment()

    def make_environment(self):
        kept = {name: value for name, value in os.environ.items()
                if name not in DROPPED and not name.startswith('LC_')}
        kept.update({
            MARK: self.folder, 'HOME': self.home, 'LANG': 'C.UTF-8',
            'DBUS_SESSION_BUS_ADDRESS': f'unix:path={self.run}/bus', 'XDG_RUNTIME_DIR': self.run,
            'XDG_CONFIG_HOME': f'{self.home}/.config', 'XDG_CACHE_HOME': f'{self.home}/.cache',
            'XDG_DATA_HOME': f'{self.home}/.local/share', 'XDG_CURRENT_DESKTOP': 'GNOME', 'XDG_SESSION_TYPE': 'x11',
            'GDK_BACKEND': 'x11', 'GSETTINGS_BACKEND': 'memory', 'GIO_USE_VFS': 'local',
            'GIO_USE_VOLUME_MONITOR': 'unix', 'GIO_USE_PROXY_RESOLVER': 'dummy', 'GTK_USE_PORTAL': '0',
            'LIBGL_ALWAYS_SOFTWARE': '1',
        })
        if self.options['dark']:
            kept['HDY_DEBUG_COLOR_SCHEME'] = 'prefer-dark'
        return kept

    def write(self, path, text):
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)

    def write_settings(self):
        os.mkdir(self.run, 0o700)
        os.mkdir(f'{self.folder}/log')
        self.write(f'{self.home}/.config/gtk-3.0/settings.ini', GTK_SETTINGS)
        self.write(f'{self.home}/.config/openbox/rc.xml', OPENBOX_SETTINGS)
        services = f'{self.folder}/services'
        for name, program in ACTIVATABLE.items():
            self.write(f'{services}/{name}.service', f'[D-BUS Service]\nName={name}\nExec={program}\n')
        self.write(f'{self.folder}/bus.conf', BUS_SETTINGS.format(run=self.run, services=services))
        if self.options['keyring'] != 'fresh':
            self.write(f'{self.home}/.local/share/keyrings/default', 'login')

    def spawn(self, *argv, **more):
        with open(f'{self.folder}/log/{argv[0]}', 'ab') as log:
            return subprocess.Popen(bound_to_us(argv), env=self.environment, stdout=log, stderr=log,
                                    **{'stdin': subprocess.DEVNULL, **more})

    def start(self):
        self.write_settings()
        if self.options['display']:
            self.start_display()
        self.start_bus()
        if self.options['display']:
            self.start_accessibility()
            self.wait_for_window_manager()
        if self.options['keyring'] != 'absent':
            self.start_keyring(unlock=self.options['keyring'] != 'fresh')
        if self.options['keyring'] == 'locked':
            self.kill_keyring()
            self.start_keyring(unlock=False)

    def start_display(self):
        """The server chooses a free display number itself, so desktops started together never collide."""
        reading, writing = os.pipe()
        self.spawn('Xvfb', '-displayfd', str(writing), '-screen', '0', f'{self.options["size"]}x24', '-dpi', '96',
                   '-nolisten', 'tcp', '-noreset', pass_fds=(writing,))
        os.close(writing)
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()
        if not number:
            raise DesktopError('Xvfb did not start')
        self.environment['DISPLAY'] = f':{number}'
        self.spawn('openbox', '--sm-disable')

    def start_bus(self):
        self.spawn('dbus-daemon', f'--config-file={self.folder}/bus.conf', '--nofork', '--nopidfile', '--nosyslog')
        self.bus = until('the session bus', self.connect)

    def connect(self):
        import gi   # here, because the test's own process does not need it for a desktop
        gi.require_version('Gio', '2.0')
        from gi.repository import Gio, GLib
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        address = self.environment['DBUS_SESSION_BUS_ADDRESS']
        try:
            return Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
        except GLib.Error:      # not listening yet
            return None

    def call(self, name, path, method, signature='()', *arguments):
        from gi.repository import GLib
        interface, _, member = method.rpartition('.')
        answer = self.bus.call_sync(name, path, interface, member, GLib.Variant(signature, arguments), None, 0,
                                    DEADLINE * 1000, None)
        return answer.unpack()[0]

    def start_accessibility(self):
        """Started here, so that the first program does not pay for it."""
        self.environment['AT_SPI_BUS_ADDRESS'] = self.call('org.a11y.Bus', '/org/a11y/bus', 'org.a11y.Bus.GetAddress')

    def wait_for_window_manager(self):
        until('the window manager', lambda: subprocess.run(
            ['xdotool', 'get_num_desktops'], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            check=False).returncode == 0)

    def start_keyring(self, unlock):
        if self.keyring:
            raise DesktopError('the keyring is running already')
        argv = ['gnome-keyring-daemon', '--foreground', '--components=secrets',
                f'--control-directory={self.run}/keyring']
        if not unlock:
            self.keyring = self.spawn(*argv)
        else:
            self.keyring = self.spawn(*argv, '--unlock', stdin=subprocess.PIPE)
            self.keyring.stdin.write(PASSWORD.encode())
            self.keyring.stdin.close()
        until('the Secret Service', self.keyring_is_on_the_bus)
        if unlock:
            until('the login keyring', self.default_keyring_is_open)

    def keyring_is_on_the_bus(self):
        from gi.repository import GLib
        if self.keyring.poll() is not None:
            raise DesktopError(f'gnome-keyring-daemon ended with {self.keyring.returncode}')
        try:
            owner = self.call('org.freedesktop.DBus', '/', 'org.freedesktop.DBus.GetConnectionUnixProcessID', '(s)',
                              'org.freedesktop.secrets')
            return owner == self.keyring.pid
        except GLib.Error:      # nobody owns the name yet
            return False

    def default_keyring_is_open(self):
        service = 'org.freedesktop.secrets'
        path = self.call(service, '/org/freedesktop/secrets', 'org.freedesktop.Secret.Service.ReadAlias', '(s)',
                         'default')
        return path != '/' and not self.call(service, path, 'org.freedesktop.DBus.Properties.Get', '(ss)',
                                             'org.freedesktop.Secret.Collection', 'Locked')

    def kill_keyring(self):
        """Without warning, as a crash does; what the service has acknowledged must be on disk by then."""
        if not self.keyring:
            raise DesktopError('the keyring is not running')
        self.keyring.kill()
        self.keyring.wait()
        self.keyring = None
        until('the Secret Service to leave the bus', lambda: not self.call(
            'org.freedesktop.DBus', '/', 'org.freedesktop.DBus.NameHasOwner', '(s)', 'org.freedesktop.secrets'))

    def obey(self, order):
        if order == 'kill-keyring':
            self.kill_keyring()
        elif order == 'start-keyring':
            self.start_keyring(unlock=True)
        elif order == 'start-keyring-locked':
            self.start_keyring(unlock=False)
        else:
            raise DesktopError(f'{order}: no such order')

    def logs(self):
        for name in sorted(os.listdir(f'{self.folder}/log')):
            with open(f'{self.folder}/log/{name}', encoding='utf-8', errors='replace') as log:
                text = log.read()[-2000:].strip()
            if text:
                yield f'--- {name}\n{text}'


def keep(folder, options):
    """The life of the keeper: start, obey, clear away. Answers each step with one line of JSON."""
    from gi.repository import GLib
    def answer(**fields):
        print(json.dumps(fields), flush=True)

    # Orphans of the desktop's daemons become ours, so that none stays behind as a zombie where pid 1 collects nothing.
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)     # PR_SET_CHILD_SUBREAPER
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    keeper = Keeper(folder, options)
    try:
        keeper.start()
        answer(environment=keeper.environment)
        for line in sys.stdin:
            try:
                keeper.obey(line.strip())
                answer()
            except (DesktopError, GLib.Error) as error:
                answer(error=str(error))
    except (DesktopError, GLib.Error, OSError) as error:
        answer(error='\n'.join([str(error), *keeper.logs()]))
    finally:
        clear_away(folder)
        collect_children()


def collect_children():
    try:
        while os.waitpid(-1, 0):
            pass
    except ChildProcessError:
        pass


class Desktop:
    """A desktop for the time of a with statement, in which os.environ points to it."""

    def __init__(self, keyring='unlocked', dark=False, size='1280x900', display=True):
        if keyring not in KEYRINGS:
            raise ValueError(f'keyring must be one of {", ".join(KEYRINGS)}')
        self.options = {'keyring': keyring, 'dark': dark, 'size': size, 'display': display}
        self.keeper = None
        self.folder = None
        self.outside = None

    def __enter__(self):
        # Not in TMPDIR, which can be too deep for the 107 bytes of a socket's path.
        self.folder = tempfile.mkdtemp(prefix='signet-desktop.', dir='/tmp')
        # A session of its own: a Ctrl+C or a test runner that ends our process group must not reach the keeper before
        # it has cleared away.
        self.keeper = subprocess.Popen([sys.executable, os.path.realpath(__file__), '--keep', self.folder,
                                        json.dumps(self.options)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       text=True, start_new_session=True)
        self.outside = dict(os.environ)
        try:
            environment = self.read_answer()['environment']
        except BaseException:
            self.__exit__()
            raise
        os.environ.clear()
        os.environ.update(environment)
        return self

    def __exit__(self, *_):
        os.environ.clear()
        os.environ.update(self.outside)
        self.keeper.stdin.close()
        self.keeper.wait()
        self.keeper.stdout.close()
        clear_away(self.folder)     # the keeper did, unless it was killed

    def read_answer(self):
        line = self.keeper.stdout.readline()
        if not line:
            raise DesktopError('the keeper of the desktop has ended')
        answer = json.loads(line)
        if 'error' in answer:
            raise DesktopError(answer['error'])
        return answer

    def order(self, order):
        self.keeper.stdin.write(order + '\n')
        self.keeper.stdin.flush()
        self.read_answer()

    def kill_keyring(self):
        """Ends gnome-keyring as a crash does."""
        self.order('kill-keyring')

    def start_keyring(self, unlock=True):
        """Starts gnome-keyring again on the same keyrings; without unlock the login keyring stays locked."""
        self.order('start-keyring' if unlock else 'start-keyring-locked')


def run(argv):
    """Runs a command to its end, passing on to it the signals that are meant to end us."""
    ours = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    former = signal.pthread_sigmask(signal.SIG_BLOCK, ours)     # until there is somebody to pass them on to
    child = subprocess.Popen(bound_to_us(argv), preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_SETMASK, former))
    for number in ours:
        signal.signal(number, lambda received, _: child.send_signal(received))
    signal.pthread_sigmask(signal.SIG_SETMASK, former)
    status = child.wait()
    return status if status >= 0 else 128 - status


def main():
    if sys.argv[1:2] == ['--keep']:
        keep(sys.argv[2], json.loads(sys.argv[3]))
        return 0
    parser = argparse.ArgumentParser(description='Runs a command in a private desktop that is thrown away afterwards.')
    parser.add_argument('--keyring', choices=KEYRINGS, default='unlocked')
    parser.add_argument('--dark', action='store_true', help='the desktop prefers dark windows')
    parser.add_argument('--size', default='1280x900', help='of the screen, WIDTHxHEIGHT')
    parser.add_argument('--no-display', action='store_false', dest='display', help='only the bus and the keyring')
    parser.add_argument('command', nargs='+', metavar='CMD')
    options = parser.parse_args()
    try:
        with Desktop(options.keyring, options.dark, options.size, options.display):
            return run(options.command)
    except DesktopError as error:
        print(f'desktop: {error}', file=sys.stderr)
        return 125


if __name__ == '__main__':
    sys.exit(main())
