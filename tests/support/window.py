# SPDX-License-Identifier: GPL-2.0-or-later
"""The window as a person meets it: what accessibility tells of it, and a mouse and keys to answer with.

Things are found by their accessible role and name and then pointed at on the screen; nothing is called behind the
window's back."""
import faulthandler
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

# A test whose time is over tells where it was.
faulthandler.register(signal.SIGTERM, chain=True)

ROLES_OF_BUTTONS = ("push button", "toggle button", "button", "radio button", "list item", "menu button", "switch",
                    "check box")
# How many times longer than usual we wait before something counts as missing: other work may share the machine.
PATIENCE = 4


class NotFound(AssertionError):
    pass


def xdotool(*arguments):
    return subprocess.run(["xdotool", *map(str, arguments)], check=True, capture_output=True, text=True,
                          timeout=20).stdout


def wait_for(what, seconds=5.0, every=0.05, patience=PATIENCE):
    """The first true value of `what`(), or the last false one after `seconds`, which a busy machine gets several times
    over. With patience=1 the time itself is what is tested."""
    end = time.monotonic() + seconds * patience
    while True:
        value = what()
        if value:
            return value
        if time.monotonic() > end:
            caller = sys._getframe(1)
            print(f"# waited {seconds * patience:.0f} s in vain: {Path(caller.f_code.co_filename).name}:{caller.f_lineno}",
                  flush=True)
            return value
        time.sleep(every)


class Node:
    """One thing in the window, as a screen reader knows it."""

    origin = (0, 0)  # where the window's own coordinates begin: inside the border that GTK draws

    def __init__(self, accessible):
        self.accessible = accessible

    def _ask(self, question, otherwise):
        """Lists change while they are read: what has gone meanwhile has nothing to say."""
        from gi.repository import GLib
        try:
            return question()
        except GLib.Error:
            return otherwise

    @property
    def name(self):
        return self._ask(self.accessible.get_name, "") or ""

    @property
    def role(self):
        return self._ask(self.accessible.get_role_name, "") or ""

    @property
    def description(self):
        return self._ask(self.accessible.get_description, "") or ""

    @property
    def text(self):
        """What it says: an entry's or a label's text, else its name."""
        from gi.repository import Atspi
        if self._ask(self.accessible.get_text_iface, None):
            # GTK before 4.10 takes -1 for nothing where it may be edited.
            return self._ask(lambda: Atspi.Text.get_text(
                self.accessible, 0, Atspi.Text.get_character_count(self.accessible)), "")
        return self.name

    def has(self, state):
        from gi.repository import Atspi
        states = self._ask(self.accessible.get_state_set, None)
        return states is not None and states.contains(getattr(Atspi.StateType, state))

    @property
    def box(self):
        """x, y, width, height on the screen."""
        from gi.repository import Atspi
        area = self._ask(lambda: self.accessible.get_extents(Atspi.CoordType.WINDOW), None)
        if area is None:
            return 0, 0, 0, 0
        return area.x + Node.origin[0], area.y + Node.origin[1], area.width, area.height

    @property
    def showing(self):
        """As far as can be told: GTK before 4.10 tells SHOWING of windows only."""
        return (self.has("SHOWING") or self.has("VISIBLE")) and self.box[2] > 0

    def children(self):
        for index in range(self._ask(self.accessible.get_child_count, 0)):
            child = self._ask(lambda: self.accessible.get_child_at_index(index), None)  # noqa: B023
            if child is not None:
                yield Node(child)

    def walk(self, tables=True):
        """This and everything in it; without the rows of tables, of which there are many, if so asked."""
        yield self
        if tables or self.role != "tree table":
            for child in self.children():
                yield from child.walk(tables)

    def __repr__(self):
        return f"<{self.role} {self.name!r}>"


class Window:
    """lanescope, running on a Desktop."""

    def __init__(self, desktop, program, *arguments, environment=None, place=True):
        self.desktop = desktop
        self.log_path = desktop.home / "window.log"
        self.log = open(self.log_path, "w")
        self.started = time.monotonic()
        self.process = subprocess.Popen([program, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=self.log,
                                        stderr=self.log, cwd=desktop.home, env={**os.environ, **(environment or {})})
        self.top = wait_for(self._top, 20)
        if not self.top:
            self.close()
            raise NotFound("the window did not appear:\n" + self.log_path.read_text())
        if place:
            self.focus()

    def _top(self):
        import gi
        gi.require_version("Atspi", "2.0")
        from gi.repository import Atspi
        root = Atspi.get_desktop(0)
        root.set_cache_mask(Atspi.Cache.NONE)
        for index in range(root.get_child_count()):
            application = root.get_child_at_index(index)
            if application is not None and application.get_process_id() == self.process.pid:
                application.set_cache_mask(Atspi.Cache.NONE)
                if application.get_child_count():
                    return Node(application)
        return None

    def focus(self):
        """There is no window manager: keys go where we say."""
        def focused():
            ids = self.x_windows()
            try:
                xdotool("windowmove", ids[-1], 0, 0)
                xdotool("windowsize", ids[-1], self.desktop.screen.width, self.desktop.screen.height)
                xdotool("windowfocus", ids[-1])
            except (IndexError, subprocess.CalledProcessError):  # not there yet, or not yet for a focus
                return None
            return ids[-1]
        self.x_window = wait_for(focused, 10)
        if not self.x_window:
            raise NotFound("the window cannot be given the focus")
        Node.origin = (0, 0)
        frame, (wide, high) = next(iter(self.top.children())), (self.desktop.screen.width, self.desktop.screen.height)
        wait_for(lambda: frame.box[2] > wide - 40 and frame.box[3] > high - 40, 5)
        Node.origin = ((wide - frame.box[2]) // 2, (high - frame.box[3]) // 2)

    # Looking

    def each(self, role=None, name=None, contains=None, tables=True):
        """Everything that is showing and fits, as it is found."""
        for node in self.top.walk(tables):
            if (role is None or node.role == role) and (name is None or node.name == name) \
                    and (contains is None or contains in node.name) and node.showing:
                yield node

    def all(self, role=None, name=None, contains=None):
        return list(self.each(role, name, contains))

    def find(self, role=None, name=None, contains=None, seconds=10.0):
        found = wait_for(lambda: next(self.each(role, name, contains), None), seconds)
        if not found:
            raise NotFound(f"no {role or 'thing'} named {name or contains!r} is showing")
        return found

    def button(self, name, seconds=10.0):
        """Anything that is pressed, by its name."""
        found = wait_for(lambda: next((n for n in self.each(name=name, tables=False) if n.role in ROLES_OF_BUTTONS),
                                      None), seconds)
        if not found:
            raise NotFound(f"no button {name!r} is showing")
        return found

    def outline(self):
        """The tree as text, for a failure's report."""
        def lines(node, depth):
            if depth == 0 or node.showing or node.name == "GtkStackPage":
                yield "  " * depth + repr(node) + (f" ({node.description})" if node.description else "")
                for child in node.children():
                    yield from lines(child, depth + 1)
        return "\n".join(lines(self.top, 0))

    # Doing

    def point(self, node, at=(0.5, 0.5)):
        x, y, width, height = node.box
        x, y = round(x + width * at[0]), round(y + height * at[1])
        # From beside it: after a menu has closed GTK learns only from a move where the pointer is.
        xdotool("mousemove", x + 1, y, "mousemove", x, y)

    def move(self, x, y):
        xdotool("mousemove", round(x), round(y))

    def x_windows(self, *criteria):
        """The X windows of the program that are visible, the topmost last: popovers and tooltips are windows of their
        own, and only those with a title answer to ("--name", ".")."""
        return subprocess.run(["xdotool", "search", "--all", "--onlyvisible", "--pid", str(self.process.pid), *criteria],
                              capture_output=True, text=True, timeout=20).stdout.split()

    def answer_file_dialog(self, path, replaces=False):
        """Types a path into the file chooser that opens, and waits until the chooser has gone. `replaces`: a file that is
        there, which the chooser asks about."""
        entry = self.find("text", name="Name:")
        dialog = self.x_windows("--name", ".")[-1]
        xdotool("windowfocus", dialog)
        self.desktop.settle(2)
        self.write(entry, str(path))
        self.desktop.settle(2)
        self.key("Return")
        if replaces:
            self.find("push button", contains="Replace")
            xdotool("windowfocus", self.x_windows("--name", ".")[-1])
            self.click(self.find("push button", contains="Replace"))
        if not wait_for(lambda: dialog not in self.x_windows(), 5):
            raise NotFound("the file chooser stays")
        xdotool("windowfocus", self.x_window)

    def click(self, node, at=(0.5, 0.5), times=1):
        self.point(node, at)
        time.sleep(0.05)
        xdotool("click", "--repeat", times, "--delay", 60, 1)

    def choose_process(self, name):
        """Types a program's name into the picker's search and clicks on its row: again if the row moved meanwhile."""
        self.click(self.find(name="Search processes"))
        self.type(name)
        start = self.button("Start")
        for _ in range(PATIENCE):
            self.desktop.settle(2)
            self.click(self.find(name=name, role="label"))
            if wait_for(lambda: start.has("SENSITIVE"), 1):
                return start
        raise NotFound(f"the row of {name!r} could not be chosen")

    def wheel(self, node, steps, at=(0.5, 0.5), hold=None):
        """Turns the wheel: steps > 0 is up (away from the person)."""
        self.point(node, at)
        time.sleep(0.05)
        if hold:
            xdotool("keydown", hold)
        xdotool("click", "--repeat", abs(steps), "--delay", 30, 4 if steps > 0 else 5)
        if hold:
            xdotool("keyup", hold)

    def key(self, *keys):
        xdotool("key", "--delay", 40, *keys)

    def type(self, text):
        xdotool("type", "--delay", 20, "--", text)

    def write(self, entry, text):
        """Replaces what the entry holds that has the focus. On a busy machine the window may learn of a modifier too late,
        and ctrl+a is an a: then once more."""
        for _ in range(PATIENCE):
            self.key("ctrl+a", "BackSpace")
            self.type(text)
            if wait_for(lambda: entry.text == text, 2):
                break

    def shot(self, name):
        self.desktop.settle(1.0)
        return self.desktop.screenshot(name)

    # Ending

    def complaints(self):
        """What GTK and GLib complained about on the way."""
        self.log.flush()
        return [line for line in self.log_path.read_text().splitlines()
                if "-WARNING **" in line or "-CRITICAL **" in line]

    def close(self, seconds=5):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()

    def __enter__(self):
        return self

    def __exit__(self, kind, *ignored):
        if kind is not None:  # what a person would have seen, for whoever reads the report
            self.shot("failed")
            print(self.outline()[-4000:], self.log_path.read_text()[-2000:], sep="\n", file=sys.stderr)
        self.close()
