# SPDX-License-Identifier: GPL-2.0-or-later
"""Answers in the service's name as another version of it would, or as an impostor: prints one line per call.

    fake_door.py PROTOCOL NOISE    Open gives a stream with NOISE in it: "none", "garbage", "newer", "silence"
"""
import os
import socket
import struct
import sys

from gi.repository import Gio, GLib

PROTOCOL, NOISE = int(sys.argv[1]), sys.argv[2]
XML = """<node><interface name='org.lanescope.Tracer1'>
<method name='Hello'><arg type='u' direction='out'/><arg type='s' direction='out'/><arg type='as' direction='out'/></method>
<method name='Open'><arg type='a{sv}' direction='in'/><arg type='ah' direction='in'/><arg type='h' direction='out'/>
<arg type='a{sv}' direction='out'/></method></interface></node>"""
kept = []


def header(major):
    head = struct.pack("<QHBBI", 0, 472, 1, 0, 0xFFFFFFFF)
    body = b"LANESCP1" + struct.pack("<HHIqqII", major, 0, 1, 0, 0, 2, 0)
    return head + body + b"\0" * (472 - len(head) - len(body))


NOISES = {"none": b"", "garbage": os.urandom(65536), "newer": header(99), "silence": None}


def called(_bus, _sender, _path, _interface, method, _arguments, invocation):
    print("called", method, flush=True)
    if method == "Hello":
        invocation.return_value(GLib.Variant("(usas)", (PROTOCOL, "0", [])))
        return
    ours, theirs = socket.socketpair()
    if NOISES[NOISE] is None:
        kept.append(ours)
    elif NOISES[NOISE]:
        ours.send(NOISES[NOISE])
    fds = Gio.UnixFDList.new()
    fds.append(theirs.fileno())
    invocation.return_value_with_unix_fd_list(GLib.Variant("(ha{sv})", (0, {})), fds)


bus = Gio.bus_get_sync(Gio.BusType.SYSTEM, None)
bus.register_object("/org/lanescope/Tracer1", Gio.DBusNodeInfo.new_for_xml(XML).interfaces[0], called, None, None)
Gio.bus_own_name_on_connection(bus, "org.lanescope.Tracer1", Gio.BusNameOwnerFlags.DO_NOT_QUEUE,
                               lambda *_: print("owner", flush=True), None)
GLib.MainLoop().run()
