# SPDX-License-Identifier: GPL-2.0-or-later
"""What a window tells screen readers, over their bus (AT-SPI).

Whatever can be asked at once is asked at once: a question takes its way through the bus and the window's main loop, and
on a busy machine each of them waits for a CPU, so a window of a hundred things that are asked one by one takes seconds.

    everything = walk([top])[0]
    for node, (name, states) in zip(everything, ask(everything, "name", "states")): ..."""
import functools

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib  # noqa: E402

ACCESSIBLE, COMPONENT, TEXT = (f"org.a11y.atspi.{name}" for name in ("Accessible", "Component", "Text"))
PROPERTIES = "org.freedesktop.DBus.Properties"
REGISTRY = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
TIMEOUT = 10_000  # ms


def method(interface, name, signature="()", *arguments):
    return interface, name, GLib.Variant(signature, arguments)


def value_of(interface, name):
    return method(PROPERTIES, "Get", "(ss)", interface, name)


# What can be asked of a thing: the call, what its answer means, and what holds when the thing has gone or knows no answer.
QUESTIONS = {
    "name": (value_of(ACCESSIBLE, "Name"), lambda answer: answer[0] or "", ""),
    "description": (value_of(ACCESSIBLE, "Description"), lambda answer: answer[0] or "", ""),
    "parent": (value_of(ACCESSIBLE, "Parent"), lambda answer: Node(*answer[0]), None),
    "role": (method(ACCESSIBLE, "GetRole"), lambda answer: Atspi.role_get_name(Atspi.Role(answer[0])), ""),
    "children": (method(ACCESSIBLE, "GetChildren"), lambda answer: [Node(*place) for place in answer[0]], []),
    "states": (method(ACCESSIBLE, "GetState"), lambda answer: answer[0][0] | answer[0][1] << 32, 0),
    "extents": (method(COMPONENT, "GetExtents", "(u)", Atspi.CoordType.WINDOW), lambda answer: tuple(answer[0]), None),
    "length": (value_of(TEXT, "CharacterCount"), lambda answer: answer[0], None),  # None: it has no text of its own
}


@functools.lru_cache(1)
def connect(session):
    """The bus of screen readers, which belongs to the session bus of this address."""
    bus = Gio.DBusConnection.new_for_address_sync(
        session, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)
    address = bus.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None, 0, -1, None).unpack()[0]
    bus.close_sync(None)
    return Gio.DBusConnection.new_for_address_sync(
        address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)


def call_all(calls):
    """The answers to calls (owner, path, interface, method, arguments), in their order; None for those that failed."""
    bus = connect(GLib.getenv("DBUS_SESSION_BUS_ADDRESS"))
    answers, left = [None] * len(calls), len(calls)

    def answered(connection, result, index):
        nonlocal left
        left -= 1
        try:
            answers[index] = connection.call_finish(result).unpack()
        except GLib.Error:  # lists change while they are read
            pass

    for index, (owner, path, interface, name, arguments) in enumerate(calls):
        bus.call(owner, path, interface, name, arguments, None, Gio.DBusCallFlags.NONE, TIMEOUT, None, answered, index)
    while left:
        GLib.MainContext.default().iteration(True)
    return answers


def ask(nodes, *questions):
    """For each of the nodes a tuple with what QUESTIONS has of it."""
    nodes = list(nodes)
    answers = iter(call_all([(*node.place, *QUESTIONS[question][0]) for node in nodes for question in questions]))

    def meaning(question, answer):
        _, read, otherwise = QUESTIONS[question]
        return otherwise if answer is None else read(answer)
    return [tuple(meaning(question, next(answers)) for question in questions) for _ in nodes]


def ask_one(nodes, question):
    """What each of the nodes answers to one question."""
    return [answer for answer, in ask(nodes, question)]


def walk(roots, tables=True, hidden=True):
    """For each root a list of it and all in it, as one reads. Not tables: without the rows of tables, of which there are
    many. Not hidden: without what pages hold that are not seen."""
    inside, level = {}, list(roots)
    while level:
        for node, answers in zip(level, ask(level, "children", "role", *([] if hidden else ["states"]))):
            children, node.role, *states = answers
            if hidden or node in roots or is_set(*states, "VISIBLE"):
                inside[node] = children if tables or node.role != "tree table" else []
        level = [child for node in level for child in inside.get(node, ())]

    def listed(node):
        return [node, *(below for child in inside[node] for below in listed(child))] if node in inside else []
    return [listed(root) for root in roots]


def is_set(states, name):
    return bool(states >> int(getattr(Atspi.StateType, name)) & 1)


def are_showing(nodes):
    """Whether each is, as far as can be told: GTK before 4.10 tells SHOWING of windows only."""
    return [(is_set(states, "SHOWING") or is_set(states, "VISIBLE")) and extents is not None and extents[2] > 0
            for states, extents in ask(nodes, "states", "extents")]


def boxes(nodes):
    """x, y, width, height of each on the screen; zeros when it has gone."""
    return [(x[0] + Node.origin[0], x[1] + Node.origin[1], *x[2:]) if x else (0, 0, 0, 0) for x in ask_one(nodes, "extents")]


def applications():
    """What has windows: (process id, node)."""
    nodes = Node(*REGISTRY).children()
    pids = call_all([("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetConnectionUnixProcessID",
                      GLib.Variant("(s)", (node.place[0],))) for node in nodes])
    return [(pid[0], node) for pid, node in zip(pids, nodes) if pid]


class Node:
    """One thing in a window, as a screen reader knows it. Each look is a new one; only its role stays the same."""

    origin = (0, 0)  # where the window's own coordinates begin: inside the border that GTK draws

    def __init__(self, owner, path):
        self.place = owner, path

    def _ask(self, question):
        return ask_one([self], question)[0]

    name = property(lambda self: self._ask("name"))
    role = functools.cached_property(lambda self: self._ask("role"))
    description = property(lambda self: self._ask("description"))
    parent = property(lambda self: self._ask("parent"))
    showing = property(lambda self: are_showing([self])[0])
    box = property(lambda self: boxes([self])[0])

    @property
    def text(self):
        """What it says: an entry's or a label's text, else its name."""
        length, name = ask([self], "length", "name")[0]
        if length is None:
            return name
        # GTK before 4.10 takes -1 for nothing where it may be edited.
        answer = call_all([(*self.place, *method(TEXT, "GetText", "(ii)", 0, length))])[0]
        return answer[0] if answer else ""

    def has(self, state):
        return is_set(self._ask("states"), state)

    def children(self):
        return self._ask("children")

    def __repr__(self):
        return f"<{self.role} {self.name!r}>"
