# SPDX-License-Identifier: GPL-2.0-or-later
"""A client of the system service for tests: reads one JSON command a line, answers with one JSON object a line.

    {"do": "open", "options": [["scope", "s", "own"]], "pids": [..], "interactive": false, "fds": "devnull"}
    {"do": "call", "method": "Hello", "signature": "()", "arguments": [], "interface": .., "path": ..}
    {"do": "many", "n": 20, ...as open}        that many at once: the list of their answers
    {"do": "start", "stream": 0}               sends the start command for the whole machine: the first header's facts
    {"do": "read", "stream": 0, "seconds": 1}  waits for the first bytes, then: what arrives in that time
    {"do": "leak", "stream": 0}                leaves the stream to a process that outlives this one: its id
    {"do": "stop" | "close", "stream": 0}
"""
import json
import os
import select
import socket
import struct
import subprocess
import sys
import time

from gi.repository import Gio, GLib

NAME, PATH = "org.lanescope.Tracer1", "/org/lanescope/Tracer1"
KINDS = {1: "header", 2: "switch", 3: "waking", 4: "task", 5: "fork", 6: "exec", 7: "rename", 8: "exit", 9: "gap",
         10: "end", 11: "status", 12: "ready"}
START, STOP, VERSION, WHOLE_MACHINE, TARGETS_MAX = 1, 2, 1, 1, 64

loop = GLib.MainLoop()
bus = Gio.bus_get_sync(Gio.BusType.SYSTEM, None)
streams = []


def failed(error):
    return {"error": Gio.DBusError.get_remote_error(error) or error.domain, "message": error.message}


def begin(command, answer):
    """Calls the method; `answer` gets what came back."""
    fds = Gio.UnixFDList.new()
    if command["do"] in ("open", "many"):
        interface, path, method = NAME, PATH, "Open"
        options = GLib.VariantBuilder(GLib.VariantType("a{sv}"))
        for key, kind, value in command["options"]:
            options.add_value(GLib.Variant("{sv}", (key, GLib.Variant(kind, value))))
        for pid in command.get("pids", []):
            fds.append(os.pidfd_open(pid))
        for name in command.get("files", []):
            fds.append(os.open(name, os.O_RDONLY))
        handles = command.get("handles", list(range(fds.get_length())))
        arguments = GLib.Variant.new_tuple(options.end(), GLib.Variant("ah", handles))
    else:
        interface, path = command.get("interface", NAME), command.get("path", PATH)
        method = command["method"]
        arguments = GLib.Variant(command.get("signature", "()"), tuple(command.get("arguments", ())))
    flags = Gio.DBusCallFlags.NONE
    if command.get("interactive"):
        flags = Gio.DBusCallFlags.ALLOW_INTERACTIVE_AUTHORIZATION

    def done(_bus, result):
        try:
            reply, out = bus.call_with_unix_fd_list_finish(result)
        except GLib.Error as error:
            answer(failed(error))
            return
        if method != "Open":
            answer({"reply": reply.unpack()})
            return
        streams.append(socket.socket(fileno=out.get(reply.unpack()[0])))
        answer({"stream": len(streams) - 1, "info": reply.unpack()[1],
                "inheritable": os.get_inheritable(streams[-1].fileno())})

    bus.call_with_unix_fd_list(command.get("destination", NAME), path, interface, method, arguments, None, flags,
                               command.get("timeout", 150) * 1000, fds, None, done)


def call(command):
    answers = []
    n = command.get("n", 1)

    def answer(found):
        answers.append(found)
        if len(answers) == n:
            loop.quit()

    for _ in range(n):
        begin(command, answer)
    loop.run()
    return answers[0] if n == 1 else {"answers": answers}


def records(data):
    """(kind, flags, body) of the whole records at the start of `data`."""
    at = 0
    while len(data) - at >= 16:
        time_ns, size, kind, flags, cpu = struct.unpack_from("<QHBBI", data, at)
        if size < 16 or len(data) - at < size:
            break
        yield kind, flags, cpu, data[at:at + size]
        at += size


def start(stream):
    targets = b"\0" * (16 * TARGETS_MAX)
    command = struct.pack("<IHHIIII", 24 + len(targets), START, VERSION, WHOLE_MACHINE, 0, 0, 0) + targets
    stream.send(command)
    return {}


def read(stream, seconds):
    # The kernel side may take its time to load on a busy machine.
    select.select([stream], [], [], 20)
    data, end = b"", time.monotonic() + seconds
    closed = False
    while not closed and time.monotonic() < end:
        if select.select([stream], [], [], 0.05)[0]:
            got = stream.recv(65536)
            closed = not got
            data += got
    counts = {}
    facts = {"n_bytes": len(data), "closed": closed, "kinds": counts}
    tasks = []
    for kind, flags, _cpu, body in records(data):
        name = KINDS.get(kind, str(kind))
        counts[name] = counts.get(name, 0) + 1
        if name == "header":
            facts["scope"], facts["uid"] = struct.unpack_from("<II", body, 48)
        elif name == "task" and flags & 1:
            tasks.append([struct.unpack_from("<I", body, 16)[0], struct.unpack_from("<I", body, 72)[0]])
        elif name == "end":
            facts["reason"], facts["end_error"] = struct.unpack_from("<II", body, 16)
    facts["task_uids"] = sorted({uid for _tid, uid in tasks})
    return facts


def serve(command):
    do = command["do"]
    if do in ("open", "call", "many"):
        return call(command)
    stream = streams[command["stream"]]
    if do == "start":
        return start(stream)
    if do == "read":
        return read(stream, command["seconds"])
    if do == "leak":
        child = subprocess.Popen(["sleep", "30"], pass_fds=[stream.fileno()], stdin=subprocess.DEVNULL,
                                 stdout=subprocess.DEVNULL)
        return {"pid": child.pid}
    if do == "stop":
        stream.send(struct.pack("<IHH", 8, STOP, VERSION))
    if do == "close":
        stream.close()
    return {}


for line in sys.stdin:
    print(json.dumps(serve(json.loads(line))), flush=True)
