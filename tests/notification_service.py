#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The notifications of a throwaway desktop, which its bus starts when a program first notifies. Nobody sees them: they
are written, one line of JSON each, into the file "notifications" of the desktop's folder, for notifications.py."""

import json
import os

from gi.repository import Gio, GLib

NAME = 'org.freedesktop.Notifications'
INTERFACES = Gio.DBusNodeInfo.new_for_xml("""
<node>
  <interface name="org.freedesktop.Notifications">
    <method name="GetCapabilities"><arg direction="out" type="as"/></method>
    <method name="GetServerInformation">
      <arg direction="out" type="s"/><arg direction="out" type="s"/><arg direction="out" type="s"/>
      <arg direction="out" type="s"/>
    </method>
    <method name="Notify">
      <arg name="program" direction="in" type="s"/><arg name="replaces" direction="in" type="u"/>
      <arg name="icon" direction="in" type="s"/><arg name="summary" direction="in" type="s"/>
      <arg name="body" direction="in" type="s"/><arg name="actions" direction="in" type="as"/>
      <arg name="hints" direction="in" type="a{sv}"/><arg name="timeout" direction="in" type="i"/>
      <arg direction="out" type="u"/>
    </method>
    <method name="CloseNotification"><arg name="id" direction="in" type="u"/></method>
    <signal name="ActionInvoked"><arg type="u"/><arg type="s"/></signal>
    <signal name="NotificationClosed"><arg type="u"/><arg type="u"/></signal>
  </interface>
  <interface name="io.github.signetmail.Signet.Tests">
    <method name="Press"><arg name="id" direction="in" type="u"/><arg name="action" direction="in" type="s"/></method>
  </interface>
</node>
""").interfaces
PATH = '/org/freedesktop/Notifications'


class Notifications:
    def __init__(self):
        self.last = 0

    def call(self, connection, _sender, _path, _interface, method, parameters, invocation):
        answer = getattr(self, method)(connection, *parameters.unpack())
        invocation.return_value(answer)

    def GetCapabilities(self, _connection):
        return GLib.Variant('(as)', (['actions', 'body'],))

    def GetServerInformation(self, _connection):
        return GLib.Variant('(ssss)', ('Signet tests', 'Signet', '1', '1.2'))

    def Notify(self, _connection, program, replaces, _icon, summary, body, actions, _hints, _timeout):
        if replaces:
            number = replaces
        else:
            self.last += 1
            number = self.last
        self.write(id=number, program=program, summary=summary, body=body, actions=actions[::2])
        return GLib.Variant('(u)', (number,))

    def CloseNotification(self, connection, number):
        self.write(id=number, closed=True)
        connection.emit_signal(None, PATH, NAME, 'NotificationClosed', GLib.Variant('(uu)', (number, 3)))

    def Press(self, connection, number, action):
        connection.emit_signal(None, PATH, NAME, 'ActionInvoked', GLib.Variant('(us)', (number, action)))

    @staticmethod
    def write(**event):
        with open(os.path.join(os.environ['SIGNET_DESKTOP'], 'notifications'), 'a', encoding='utf-8') as file:
            file.write(json.dumps(event) + '\n')


def main():
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    notifications = Notifications()
    for interface in INTERFACES:
        bus.register_object(PATH, interface, notifications.call, None, None)
    Gio.bus_own_name_on_connection(bus, NAME, Gio.BusNameOwnerFlags.NONE, None, None)
    GLib.MainLoop().run()


if __name__ == '__main__':
    main()
