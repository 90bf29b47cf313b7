# SPDX-License-Identifier: GPL-2.0-or-later
"""The door and a polkit that misbehaves: one that hangs, one that allows only part. Needs no root and no real polkit."""
import json
import os
import pathlib
import subprocess
import sys
import time

import dbus
import dbusmock

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from tap import Tap  # noqa: E402

BUILD = pathlib.Path(os.environ.get("LSC_BUILD", "build")).resolve()
SOURCE = pathlib.Path(os.environ.get("LSC_SOURCE", ".")).resolve()
DBUS = "org.freedesktop.DBus.Error."
tap = Tap()


class Bus(dbusmock.DBusTestCase):
    pass


class Client:
    def __init__(self):
        self.process = subprocess.Popen(["/usr/bin/python3", str(SOURCE / "tests/support/door_client.py")],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def send(self, scope, **more):
        self.process.stdin.write(json.dumps({"do": "open", "options": [["scope", "s", scope]], **more}) + "\n")
        self.process.stdin.flush()

    def receive(self):
        return json.loads(self.process.stdout.readline())

    def open(self, scope, **more):
        self.send(scope, **more)
        return self.receive()

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)


def wait_for_name(name):
    bus = dbus.bus.BusConnection(os.environ["DBUS_SYSTEM_BUS_ADDRESS"])
    for _ in range(200):
        if bus.name_has_owner(name):
            return
        time.sleep(0.05)
    raise TimeoutError(name)


def is_error(answer, name):
    return answer.get("error") == DBUS + name


Bus.start_system_bus()
polkit, manager = Bus.spawn_server_template("polkitd", {}, stdout=subprocess.DEVNULL)
mock = dbus.Interface(manager, dbusmock.MOCK_IFACE)
door = subprocess.Popen([str(BUILD / "helper/lanescope-traced"), "--deadline", "2", "--interactive-deadline", "4",
                         "--idle", "300"], stderr=subprocess.DEVNULL)


def allowed_part():
    """T5: what is allowed for one scope is not for the other."""
    client = Client()
    answer = client.open("own")
    tap.ok(is_error(answer, "AccessDenied"), "denied: AccessDenied", answer)
    mock.SetAllowed(["org.lanescope.trace-own"])
    answer = client.open("own")
    tap.ok("stream" in answer, "allowed: a stream", answer)
    answer = client.open("any")
    tap.ok(is_error(answer, "AccessDenied"), "scope any is still refused", answer)
    client.close()
    # Its session ends with it: the next test has all its places.
    children = pathlib.Path(f"/proc/{door.pid}/task/{door.pid}/children")
    for _ in range(100):
        if not children.read_text().strip():
            return
        time.sleep(0.05)


def hanging():
    """T7: a polkit that never answers ends in our deadline, and delays nobody else."""
    mock.SimulateHang(True)
    first, second = Client(), Client()
    began = time.monotonic()
    first.send("own", interactive=True)
    second.send("own")
    answer = second.receive()
    quick = time.monotonic() - began
    tap.ok(is_error(answer, "Timeout") and 1.5 < quick < 3.8, "without a person: Timeout after 2 s", f"{quick} {answer}")
    third = Client()
    third.process.stdin.write('{"do": "call", "method": "Hello"}\n')
    third.process.stdin.flush()
    answer = third.receive()
    tap.ok("reply" in answer and time.monotonic() - began < 3.8, "another client is served meanwhile", answer)
    answer = first.receive()
    slow = time.monotonic() - began
    tap.ok(is_error(answer, "Timeout") and 3.5 < slow < 8, "with a person: Timeout after 4 s", f"{slow} {answer}")
    tap.ok(door.poll() is None, "the door is alive")
    for client in (first, second, third):
        client.close()


def gone():
    """T6: no polkit at all."""
    polkit.terminate()
    polkit.wait()
    client = Client()
    answer = client.open("own")
    tap.ok(is_error(answer, "AuthFailed"), "polkit gone: AuthFailed", answer)
    client.close()


try:
    wait_for_name("org.lanescope.Tracer1")
    for test in (allowed_part, hanging, gone):
        tap.run(test.__name__.replace("_", " "), test)
finally:
    for process in (door, polkit):
        if process.poll() is None:
            process.terminate()
            process.wait()
    Bus.tearDownClass()
tap.done()
