# SPDX-License-Identifier: GPL-2.0-or-later
"""What a person writes on a capture is there when it is opened again: markers, notes on bars, and how it was looked at."""
import os
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from capture_info import info  # noqa: E402
from desktop import Desktop  # noqa: E402
from lanes import Lanes, is_running_green, span_ns  # noqa: E402
from tap import Tap  # noqa: E402
from window import Window, wait_for, xdotool  # noqa: E402

BUILD = Path(os.environ["LSC_BUILD"])
LANESCOPE = BUILD / "gui" / "lanescope"
CAPTURE = Path(os.environ["LSC_SOURCE"]) / "data" / "samples" / "fib-mutex.lanes"


def texts(path):
    return sorted(f"{note['kind']}={note['text']}" for note in info(path)["notes"])


def pick_run(window, lanes):
    """Clicks a running bar that is wide enough to be hit."""
    x, y, width, _ = lanes.area
    screen = window.desktop.screen
    for dy in range(36, 300, 8):
        green = [x + dx for dx in range(10, width - 10, 4)
                 if all(is_running_green(screen.pixel(x + dx + i, y + dy)) for i in (-3, 0, 3))]
        if green:
            window.move(green[len(green) // 2], y + dy)
            xdotool("click", 1)
            return True
    return False


def quit_with_key(tap, window):
    """As a person does it: the window has time to write."""
    window.key("ctrl+w")
    tap.ok(wait_for(lambda: window.process.poll() is not None, 10), "the window closes")


def write(tap, window, path):
    lanes = Lanes(window)
    tap.ok(wait_for(lambda: lanes.count() >= 4, 10), "the capture has lanes", lanes.description)
    before = path.read_bytes()
    x, y, width, _ = lanes.area
    window.move(x + width * 0.25, y + 30)
    window.key("m", "shift+m")
    window.find(name="Marker name")
    window.type("the first lock")
    window.key("Return")
    tap.ok(wait_for(lambda: texts(path) == ["marker=the first lock"], 10), "a marker and its name are in the file soon",
           str(texts(path)))
    tap.ok(path.read_bytes().startswith(before), "the events were not written again")
    tap.ok(wait_for(lambda: pick_run(window, lanes), 10), "a bar is picked", lanes.description)
    window.key("e")
    window.find(name="Bar note")
    window.type("here it holds the lock")
    window.shot("keep-1-writing")
    window.key("Return")
    tap.ok(wait_for(lambda: "note: here it holds the lock" in lanes.description, 5), "E writes a note on the bar",
           lanes.description)
    tap.ok(wait_for(lambda: len(texts(path)) == 2, 10), "which is in the file", str(texts(path)))
    window.key("e")
    window.find(name="Bar note")
    window.key("ctrl+a", "BackSpace", "Return")
    tap.ok(wait_for(lambda: "note:" not in lanes.description, 5), "an empty one takes it away", lanes.description)
    tap.ok(wait_for(lambda: len(texts(path)) == 1, 10), "in the file, too", str(texts(path)))
    window.key("e")
    window.find(name="Bar note")
    window.type("held for long")
    window.key("Return")
    window.move(x + width * 0.6, y + 30)
    window.key("shift+a")
    window.desktop.settle(1)
    window.shot("keep-2-written")


def arrange(tap, window):
    """Another range, a lane less; returns what is to come back."""
    lanes = Lanes(window)
    all_lanes = lanes.count()
    window.key("Down", "Down", "Down", "h")
    tap.ok(wait_for(lambda: lanes.count() == all_lanes - 1, 5), "a lane is hidden", lanes.description)
    window.key("Down", "Down", "Down", "Down", "ctrl+Up")
    entry = window.find(name="Visible span")
    window.click(entry, times=3)
    window.write(entry, "40 ms")
    window.key("Return")
    tap.ok(wait_for(lambda: span_ns(lanes.description) == 40e6, 5), "40 ms are in view", lanes.description)
    x, y, width, _ = lanes.area
    window.move(x + width * 0.4, y - 32)
    xdotool("keydown", "ctrl", "click", 1, "keyup", "ctrl")  # the ruler counts from there
    window.shot("keep-5-origin")
    return lanes.count()


def read(tap, window, n_lanes):
    lanes = Lanes(window)
    tap.ok(wait_for(lambda: lanes.count() == n_lanes, 10), "the hidden lane is hidden still", lanes.description)
    tap.ok(wait_for(lambda: abs(span_ns(lanes.description) - 40e6) < 1e6, 5), "the same range is in view",
           lanes.description)
    window.key("Home")
    wait_for(lambda: span_ns(lanes.description) > 100e6, 5)
    window.desktop.settle(2)
    window.shot("keep-3-again")
    window.key("n")
    window.key("shift+m")
    entry = window.find(name="Marker name", seconds=5) if window.all(name="Marker name") else \
        window.find(name="Bar note", seconds=5)
    tap.ok(entry, "the markers are there, and can be gone to")
    window.key("Escape")


def arrangement(path):
    return {key: value for key, value in info(path)["settings"].items()
            if key.startswith(("view.moved", "view.origin", "view.top")) and value}


def other_mode(tap, desktop, name):
    """How one capture was looked at is not how every other is shown."""
    path, fresh = (Path(shutil.copy(CAPTURE, desktop.home / each)) for each in ("by-cpu.lanes", "fresh.lanes"))
    with Window(desktop, LANESCOPE, path) as window:
        lanes = Lanes(window)
        wait_for(lambda: lanes.count() >= 4, 10)
        tap.ok(wait_for(lambda: pick_run(window, lanes), 10), "a run is picked", lanes.description)
        window.key("Return")
        tap.ok(wait_for(lambda: lanes.count() == 2, 10), "Enter shows its CPU", lanes.description)
        quit_with_key(tap, window)
    tap.ok(info(path)["settings"].get("view.mode") == "cpu", "the file remembers that", str(info(path)["settings"]))
    with Window(desktop, LANESCOPE, path) as window:
        tap.ok(wait_for(lambda: Lanes(window).count() == 2, 10), "it opens by CPU", Lanes(window).description)
        window.shot(name)
        quit_with_key(tap, window)
    with Window(desktop, LANESCOPE, fresh) as window:
        tap.ok(wait_for(lambda: Lanes(window).count() >= 4, 10), "another one opens by thread, as before",
               Lanes(window).description)
        quit_with_key(tap, window)
    tap.ok("view.mode" not in info(fresh)["settings"], "and has nothing to remember", str(info(fresh)["settings"]))


def scrolled(tap, desktop):
    """In a low window: the lane that stood at the top does so again."""
    path = Path(shutil.copy(CAPTURE, desktop.home / "scrolled.lanes"))
    with Window(desktop, LANESCOPE, path) as window:
        lanes = Lanes(window)
        wait_for(lambda: lanes.count() >= 4, 10)
        xdotool("windowsize", window.x_window, 1390, 420)
        tap.ok(wait_for(lambda: lanes.node.box[3] < 400, 5), "a low window", str(lanes.node.box))
        window.desktop.settle(2)
        window.wheel(lanes.node, -3, at=(0.05, 0.6))
        window.desktop.settle(2)
        window.shot("keep-6-scrolled")
        quit_with_key(tap, window)
    top = info(path)["settings"].get("view.top", "")
    tap.ok(top[:1] in ("t", "p"), "the file remembers the lane at the top", str(info(path)["settings"]))
    with Window(desktop, LANESCOPE, path, place=False) as window:
        tap.ok(wait_for(lambda: Lanes(window).count() >= 4, 10), "it opens again, as low as it was")
        window.shot("keep-7-scrolled-again")
        xdotool("windowfocus", window.x_windows("--name", ".")[-1])
        quit_with_key(tap, window)
    tap.ok(info(path)["settings"].get("view.top") == top, "and that lane is at the top again", str(info(path)["settings"]))


def main():
    tap = Tap()
    with Desktop() as desktop:
        path = desktop.copy(CAPTURE)
        with Window(desktop, LANESCOPE, path) as window:
            window.click(Lanes(window).node, at=(0.02, 0.9))
            tap.run("writing", lambda: write(tap, window, path))
            n_lanes = arrange(tap, window)
            quit_with_key(tap, window)
            tap.ok(not window.complaints(), "GTK has nothing to complain about", "\n".join(window.complaints()))
        document = info(path)
        tap.ok(texts(path) == ["a=", "bar=held for long", "marker=the first lock"], "markers and notes are in the file",
               str(document["notes"]))
        tap.ok(document["settings"].get("view.hidden", "") != "" and not document["file"]["cut_short"],
               "and how it was looked at", str(document["settings"]))
        placed = arrangement(path)
        tap.ok(any(key.startswith("view.moved") for key in placed), "and the lane that was moved", str(document["settings"]))
        tap.ok("view.origin" in placed, "and what the ruler counts from", str(document["settings"]))
        before = path.stat().st_size
        with Window(desktop, LANESCOPE, path) as window:
            tap.run("reading", lambda: read(tap, window, n_lanes))
            quit_with_key(tap, window)
            tap.ok(not window.complaints(), "GTK has nothing to complain about", "\n".join(window.complaints()))
        tap.ok(path.stat().st_size - before < 1000 and texts(path) == ["a=", "bar=held for long", "marker=the first lock"],
               "looking at it leaves the notes as they are", str(texts(path)))
        tap.ok(arrangement(path) == placed, "and the moved lane, the top one and the ruler's zero where they were",
               f"{arrangement(path)} {placed}")
        tap.run("scrolled", lambda: scrolled(tap, desktop))
        tap.run("mode", lambda: other_mode(tap, desktop, "keep-4-by-cpu"))
    tap.done()


main()
