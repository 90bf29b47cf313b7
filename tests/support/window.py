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

from screen_reader import Node, applications, are_showing, ask_one, is_set, walk

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
        return next((node for pid, node in applications() if pid == self.process.pid and node.children()), None)

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
        frame, (wide, high) = self.top.children()[0], (self.desktop.screen.width, self.desktop.screen.height)
        wait_for(lambda: frame.box[2] > wide - 40 and frame.box[3] > high - 40, 5)
        Node.origin = ((wide - frame.box[2]) // 2, (high - frame.box[3]) // 2)

    # Looking

    def all(self, role=None, name=None, contains=None, tables=True, roles=()):
        """Everything that is showing and fits; `roles`: of one of these."""
        nodes, roles = walk([self.top], tables)[0], roles or (role and [role])
        if roles:
            nodes = [node for node in nodes if node.role in roles]
        if name is not None or contains is not None:
            nodes = [node for node, its in zip(nodes, ask_one(nodes, "name")) if name in (None, its) and (contains or "") in its]
        return [node for node, showing in zip(nodes, are_showing(nodes)) if showing]

    def first(self, *what, **more):
        return next(iter(self.all(*what, **more)), None)

    def find(self, role=None, name=None, contains=None, seconds=10.0):
        found = wait_for(lambda: self.first(role, name, contains), seconds)
        if not found:
            raise NotFound(f"no {role or 'thing'} named {name or contains!r} is showing")
        return found

    def button(self, name, seconds=10.0):
        """Anything that is pressed, by its name."""
        found = wait_for(lambda: self.first(name=name, tables=False, roles=ROLES_OF_BUTTONS), seconds)
        if not found:
            raise NotFound(f"no button {name!r} is showing")
        return found

    def focused(self):
        """The name of what has the keys, or None."""
        nodes = walk([self.top], tables=False)[0]
        return next((node.name for node, states in zip(nodes, ask_one(nodes, "states")) if is_set(states, "FOCUSED")), None)

    def outline(self):
        """The tree as text, for a failure's report."""
        def lines(node, depth):
            if depth == 0 or node.showing or node.name == "GtkStackPage":
                yield "  " * depth + repr(node) + (f" ({node.description})" if node.description else "")
                for child in node.children():
                    yield from lines(child, depth + 1)
        return "\n".join(lines(self.top, 0))

    # Doing

    def stand_still(self, node):
        """Where it is, once it does not move: what has just appeared may be on its way."""
        boxes = [None, node.box]

        def still():
            time.sleep(0.03)
            boxes[:] = boxes[1], node.box
            return boxes[0] == boxes[1]
        wait_for(still, 1, patience=1)
        return boxes[1]

    def point(self, node, at=(0.5, 0.5)):
        x, y, width, height = self.stand_still(node)
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
