# SPDX-License-Identifier: GPL-2.0-or-later
"""Nobody waits for the window: while large captures open, are sorted, searched and saved, and live ones begin and end,
no turn of its main loop takes long, painting a frame apart (tests/support/watchdog.c). Turns in which GTK alone is at
work, laying out a page for the first time, are noted."""
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from capture_info import info  # noqa: E402
from desktop import Desktop  # noqa: E402
from lanes import Lanes, span_ns  # noqa: E402
from tap import Tap  # noqa: E402
from window import Window, wait_for  # noqa: E402

BUILD = Path(os.environ["LSC_BUILD"])
LANESCOPE = BUILD / "gui" / "lanescope"
MAKE_CAPTURE = BUILD / "tests" / "make-capture"
SAMPLE = BUILD / "data" / "lessons" / "fib-no-mutex"
EVENTS, THREADS = 3_000_000, 2000
# ms. On a machine that others load every step takes longer: the watchdog notes what is over 8 ms, the test fails at
# twice that.
NOTED, MAY_TAKE = 8.0, 16.0


def is_ours(stack):
    """Whether the main loop had called something of ours. Below the loop is our main(), which waits for it; the loop
    itself may ask the X server what has happened. GTK measures the whole window when something in it has a new text: a
    layout of ours that it asks for a size on its way asks the widgets below it."""
    lines = stack.split("g_main_context_")[0].splitlines()
    return any("/lanescope(" in line and "(gtk_layout_manager_" not in caller
               for line, caller in zip(lines, [*lines[1:], ""]))


class Watched(Window):
    """A window with the watchdog in it; check() reads what it wrote since the last one."""

    def __init__(self, desktop, *arguments):
        self.watchdog = desktop.home / "watchdog.log"
        self.watchdog.touch()
        self.read = 0
        super().__init__(desktop, LANESCOPE, *arguments, environment={
            "LD_PRELOAD": f"{BUILD}/tests/libwatchdog.so {BUILD}/tests/libdisk.so",
            "LSC_DISK": str(desktop.home / "large"), "LSC_DISK_STATE": str(desktop.home / "held"), "LSC_WATCHDOG": str(self.watchdog)})

    def turns(self):
        """(ms, call stack) of each turn that took long."""
        text = self.watchdog.read_text()
        found, self.read = text[self.read:], len(text)
        for part in found.split("blocked ")[1:]:
            head, _, stack = part.partition("\n")
            yield float(head.split()[0]), stack

    def check(self, tap, what):
        long = list(self.turns())
        if long:
            told = ", ".join(f"{ms}{'' if is_ours(stack) else ' in GTK'}" for ms, stack in long)
            tap.note(f"{what}: turns over {NOTED} ms: {told}")
        ours = sorted(((ms, stack) for ms, stack in long if is_ours(stack)), reverse=True)
        tap.ok(not ours or ours[0][0] <= MAY_TAKE, f"{what}: nothing waits",
               "\n".join(f"{ms} ms\n{stack}" for ms, stack in ours[:2]))


def order(window, shown, *steps):
    """Chooses from the menu of orders, step by step an item that must be there and its key; again if the click came
    while the last menu closed. Whether the menu's button then says so."""
    for _ in range(3):
        window.click(window.button("Order"))
        for item, key in steps:
            if not wait_for(lambda: window.first("menu item", item), 3):  # noqa: B023
                break
            window.desktop.settle(2)  # a menu in a menu slides in, and takes no keys before
            window.key(key)
        if wait_for(lambda: window.first("label", shown), 2):
            break
        window.key("Escape", "Escape")
    closed = wait_for(lambda: len(window.x_windows()) == 1, 5)
    window.desktop.settle(5)
    return closed and wait_for(lambda: window.first("label", shown), 2)


def large_capture(tap, desktop):
    path = desktop.home / "large.lanes"
    subprocess.run([MAKE_CAPTURE, path, str(EVENTS), str(THREADS)], check=True, timeout=200)
    held = desktop.home / "held"
    held.write_text("hold 4 0")
    with Watched(desktop, path) as window:
        window.click(window.button("Cancel", seconds=20))
        tap.ok(wait_for(lambda: window.first(contains="Open") and not window.all(name="Cancel"), 1),
               "cancelled while the disk holds a read, it is the start page again", window.outline()[-2000:])
    with Watched(desktop, path) as window:
        window.find(name="How much is done", seconds=20)
        tap.ok(window.find(name="Cancel"), "opening has progress and can be cancelled")
        lanes = Lanes(window)
        tap.ok(wait_for(lambda: 0 < lanes.events() < EVENTS, 10), "what has been read is shown meanwhile",
               lanes.status())
        window.desktop.settle(5)
        list(window.turns())  # a window is made at once
        held.unlink()
        tap.ok(wait_for(lambda: lanes.count() >= THREADS, 60), "the capture opens", lanes.description)
        window.desktop.settle(10)
        window.check(tap, f"opening {EVENTS} events")
        window.shot("smooth-1-large")
        more = ("More", "m")
        for shown, *steps in (("Most switches first", more, ("Switches", "s")),
                              ("Waiting for: Lock", ("Waiting For", "f"), ("Lock", "Down"), ("Lock", "Return")),
                              ("Longest wait first", more, ("Longest Wait", "l")),
                              ("Busiest first", ("Busiest", "b")), ("By name", ("Name", "n"))):
            tap.ok(order(window, shown, *steps), f"the menu orders: {shown}")
            window.check(tap, f"sorting {THREADS} lanes: {shown}")
        window.key("slash")
        window.find(name="Filter lanes")
        window.type("timer")
        tap.ok(wait_for(lambda: "hidden" in lanes.description, 10), "a filter hides lanes", lanes.description)
        window.check(tap, "filtering")
        window.key("Escape")
        tap.ok(wait_for(lambda: "hidden" not in lanes.description, 10), "and shows them again", lanes.description)
        window.click(lanes.node, at=(0.3, 0.5))
        window.key("g")
        window.find(name="Go to thread")
        window.type("1500")
        window.key("Return")
        tap.ok(wait_for(lambda: "; " in lanes.description, 10), "a thread is found", lanes.description)
        window.check(tap, "finding a thread")
        before = span_ns(lanes.description)
        window.key("plus", "plus", "plus", "plus", "Right", "Right", "Left", "u", "d", "a", "c", "c", "Home")
        tap.ok(wait_for(lambda: span_ns(lanes.description) == before, 10), "there and back", lanes.description)
        window.desktop.settle(5)
        window.check(tap, "moving about")
        window.click(window.button("By CPU"))
        tap.ok(wait_for(lambda: lanes.count() < 20, 10), "a lane a CPU", lanes.description)
        window.desktop.settle(5)
        window.check(tap, "looking by CPU")
        window.click(window.button("By Thread"))
        wait_for(lambda: lanes.count() >= THREADS, 10)
        copy = desktop.home / "copy.lanes"
        copy.write_text("old")
        held.write_text("hold 0 0")
        window.click(window.button("Save"))
        window.answer_file_dialog(copy, replaces=True)
        tap.ok(window.find(contains="The capture is being saved"), "saving takes its time, which is said")
        window.shot("smooth-2-saving")
        window.click(window.button("Cancel"))
        tap.ok(wait_for(lambda: not window.all(contains="is being saved"), 2), "it is given up at once")
        held.unlink()
        tap.ok(window.find(contains="Not saved: you cancelled it"), "and says so")
        tap.ok(copy.read_text() == "old" and not list(desktop.home.glob("copy.lanes.part*")), "what was there is there still")
        copy.unlink()
        window.desktop.settle(2)
        window.click(window.button("Save"))
        window.find("text", name="Name:")
        list(window.turns())  # the file chooser is GTK's own
        window.answer_file_dialog(copy)
        tap.ok(wait_for(lambda: info(copy).get("events") == info(path)["events"], 30, 0.5), "it is saved",
               f"{info(copy)} {lanes.status()}")
        tap.note(f"saving and the file chooser: {[ms for ms, _ in window.turns()]}")


def live(tap, desktop):
    sample = subprocess.Popen([SAMPLE, "-s", "120"], stdout=subprocess.DEVNULL)
    try:
        with Watched(desktop, "--pid", sample.pid) as window:
            lanes = Lanes(window)
            tap.ok(wait_for(lambda: lanes.events() > 100, 10), "a capture runs", lanes.status())
            window.desktop.settle(1)
            list(window.turns())  # a window is made at once
            before = lanes.events()
            wait_for(lambda: lanes.events() > 2 * before, 20)
            window.check(tap, "recording")
            for name in ("Locks", "Patterns"):
                window.click(window.find("page tab", name))
                window.desktop.settle(1)
                list(window.turns())  # GTK lays a page out for the first time
                before = lanes.events()
                wait_for(lambda: lanes.events() > before + 500, 20)  # noqa: B023
                window.check(tap, f"recording, with the tab {name}")
            window.click(window.button("Stop"))
            wait_for(lambda: "ecording" not in lanes.status(), 10)
            window.desktop.settle(3)
            window.check(tap, "stopping")
    finally:
        sample.kill()
        sample.wait()


def main():
    tap = Tap()
    with Desktop() as desktop:
        tap.run("large capture", lambda: large_capture(tap, desktop))
        tap.run("live", lambda: live(tap, desktop))
    tap.done()


main()
