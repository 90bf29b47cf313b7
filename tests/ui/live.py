# SPDX-License-Identifier: GPL-2.0-or-later
"""The main job as a person does it: find a running program, watch its lanes, look closer, freeze, save, open again."""
import os
import re
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from desktop import Desktop  # noqa: E402
from lanes import Lanes, is_running_green, span_ns  # noqa: E402
from screen_reader import ask_one, boxes  # noqa: E402
from side_pane import Pane  # noqa: E402
from tap import Tap  # noqa: E402
from window import Window, wait_for, xdotool  # noqa: E402

BUILD = Path(os.environ["LSC_BUILD"])
LANESCOPE, CLI = BUILD / "gui" / "lanescope", BUILD / "cli" / "lanescope-cli"
SAMPLE = BUILD / "data" / "lessons" / "fib-mutex"


def choose(tap, window):
    """The start page: type a name, see the program, begin."""
    for name in ("Choose a Process", "Run a Program", "Lessons", "Open a Capture"):
        tap.ok(window.button(name), f"the start page offers: {name}")
    start = window.choose_process("fib-mutex")
    window.shot("live-1-picker")
    window.click(start)
    return Lanes(window)


def grow(tap, window, lanes):
    tap.ok(wait_for(lambda: lanes.count() >= 5, 5), "a lane for each thread", lanes.description)
    first = lanes.events()
    tap.ok(wait_for(lambda: lanes.events() > first + 100, 3), "events keep coming", f"{first}, {lanes.events()}")
    tap.ok(lanes.lost() == 0, "nothing is lost", lanes.status())
    tap.ok(lanes.has_running_bars(), "running bars are drawn")
    window.shot("live-2-lanes")


def explain(tap, window, lanes):
    """The side pane while it records: it fills, goes along, and nothing is taken from under the pointer or the keys."""
    pane = Pane(tap, window)
    locks(pane)
    follow = window.button("Follow Newest")  # the link has led to the past
    if not follow.has("PRESSED") and not follow.has("CHECKED"):
        window.click(follow)
    lock_lane(pane)
    patterns(pane)
    pane.pick_bar("worker-1", 0)
    narrative(pane)
    pane.open("Why")
    critical_path(pane)
    window.click(lanes.node, at=(0.02, 0.93))


def locks(pane):
    tap, window = pane.tap, pane.window
    pane.open("Locks")
    pane.says("live: the lock that they fight for has a row", lambda: pane.label("^0x\u2026"))
    window.click(window.find("label", contains="0x\u2026"))
    pane.says("live: choosing it tells who waited", lambda: pane.link(r"^worker-\d \(\d+\)$"))

    def numbers():
        return [text for text in pane.labels() if re.search(r"\d+\u00d7", text)]

    before = numbers()
    pane.says("live: the numbers go on", lambda: numbers() != before)
    chosen = [n for n in pane.nodes("table row", "list item") if n.has("SELECTED")]
    tap.ok(len(chosen) == 1, "live: the lock stays chosen", window.outline()[-3000:])
    pane.says("live: a link that is pressed while all is filled anew leads somewhere",
              lambda: press_long(pane, numbers) and pane.picked.startswith("worker-"))
    window.shot("live-9-locks")


def press_long(pane, numbers):
    """Holds the button down on a link until the numbers have changed. False when the link moved before it was down."""
    window, link, before = pane.window, pane.link(r"^worker-\d \(\d+\)$"), numbers()
    box = link.box
    window.point(link)
    xdotool("mousedown", 1)
    hit = link.box == box
    if hit:
        wait_for(lambda: numbers() != before, 10)
    else:
        window.move(*pane.lanes.area[:2])
    xdotool("mouseup", 1)
    return hit and wait_for(lambda: pane.picked, 5)


def lock_lane(pane):
    """The lock's own lane goes on, whichever tab is shown: what it showed before has left the view by then."""
    window, (x, y, width, _) = pane.window, pane.lanes.area
    screen = window.desktop.screen

    def held():
        return any(all(is_running_green(screen.pixel(x + column + i, y)) for i in (0, 2, 4))
                   for column in range(width // 5, width - 10, 5))

    window.click(window.button("Show Its Lane"))
    pane.says("live: the lock has a lane", held)
    pane.open("Patterns")
    time.sleep(span_ns(pane.lanes.description) / 1e9 + 0.5)
    pane.says("live: its lane goes on while another tab is shown", held)
    window.shot("live-10-lock-lane")
    pane.open("Locks")
    window.click(window.button("Show Its Lane"))


def patterns(pane):
    kind = "^(Serialised by one lock|Lock convoy)$"
    pane.open("Patterns")
    pane.says("live: the pattern is told", lambda: pane.label(kind))
    evidence = pane.label("Together they waited")
    pane.says("live: its numbers go on", lambda: pane.label("Together they waited") not in (None, evidence))
    pane.window.shot("live-10-patterns")


def narrative(pane):
    def newest():
        bottom = sum(pane.root.box[1::2])
        lines = pane.lines()
        found = [re.match(r"[\d.]+", name) for name, box in zip(ask_one(lines, "name"), boxes(lines)) if 0 < box[1] < bottom]
        return max((float(f.group()) for f in found if f), default=0)

    pane.open("Narrative")
    pane.says("live: the story is told", newest)
    for _ in range(2):
        before = newest()
        pane.says("live: its newest sentence comes into sight", lambda: newest() > before)  # noqa: B023
    pane.window.shot("live-11-narrative")


def critical_path(pane):
    """It reaches the right edge, where the newest is, long after all that it began with is out of sight."""
    window, screen = pane.window, pane.window.desktop.screen
    window.key("k")
    pane.says("live: the critical path and its shares are shown", lambda: pane.label("^Critical path of worker-1 "))
    x, y, width, _ = pane.lanes.area
    time.sleep(2)  # twice what is in view

    def coloured():
        return [column for column in range(x + width - 60, x + width) for row in (y - 4, y + 4)
                if max(screen.pixel(column, row)) - min(screen.pixel(column, row)) > 60]

    pane.says("live: it goes along with the newest", coloured)
    window.shot("live-12-path")
    window.key("k")
    pane.says("live: and is put away", lambda: not pane.label("^Critical path of ") and not coloured())


def zoom(tap, window, lanes):
    before = span_ns(lanes.description)
    window.wheel(lanes.node, 5, hold="ctrl")
    window.desktop.settle(1)
    after = span_ns(lanes.description)
    tap.ok(before and after and after < before / 1.5, "Ctrl and the wheel zoom in", f"{before} ns, then {after} ns")
    window.shot("live-3-zoomed")


def freeze(tap, window, lanes):
    follow = window.button("Follow Newest")
    tap.ok(follow.has("PRESSED") or follow.has("CHECKED"), "the picture follows the newest at first")
    window.click(follow)
    time.sleep(0.5)
    picture, events = lanes.picture(), lanes.events()
    time.sleep(1.0)
    tap.ok(lanes.picture() == picture, "frozen: the picture stands still")
    tap.ok(lanes.events() > events, "frozen: the capture goes on", f"{events}, {lanes.events()}")
    tooltip(tap, window, lanes)
    window.click(window.button("Follow Newest"))
    time.sleep(0.3)
    picture = lanes.picture()
    tap.ok(wait_for(lambda: lanes.picture() != picture, 2), "following again: the picture moves")


def tooltip(tap, window, lanes):
    spot = lanes.find_running()
    if not tap.ok(spot, "there is a running bar to point at"):
        return
    before = window.x_windows()
    window.move(spot[0] - 30, spot[1])
    window.move(*spot)
    tap.ok(wait_for(lambda: len(window.x_windows()) > len(before), 3), "pointing at a bar shows a tooltip")
    window.shot("live-4-tooltip")


def stop_and_save(tap, window, lanes, path):
    window.click(window.button("Stop"))
    tap.ok(wait_for(lambda: "ecording" not in lanes.status(), 3), "Stop ends the recording", lanes.status())
    events = lanes.events()
    window.click(window.button("Save"))
    window.find("text", name="Name:")
    window.shot("live-5-save")
    window.answer_file_dialog(path)
    tap.ok(wait_for(path.exists, 5), "Save writes the file")
    done = subprocess.run([CLI, "info", path], capture_output=True, text=True, timeout=20)
    tap.ok(done.returncode == 0, "the saved capture is sound", done.stdout + done.stderr)
    return events


def reopen(tap, desktop, path, n_lanes):
    with Window(desktop, LANESCOPE, path) as window:
        lanes = Lanes(window)
        tap.ok(wait_for(lambda: lanes.count() == n_lanes, 5), "opened again: the same lanes",
               f"{n_lanes}: {lanes.description}")
        window.click(window.button("By CPU"))
        tap.ok(wait_for(lambda: 0 < lanes.count() <= os.cpu_count(), 3), "By CPU: a lane for each CPU", lanes.description)
        window.key("Home")  # all of it: on a busy machine not every thread has run in what was seen last
        tap.ok(wait_for(lambda: lanes.n_colours() >= 4, 5, 0.5), "By CPU: each thread has its colour", str(lanes.n_colours()))
        window.shot("live-6-by-cpu")
        window.click(window.button("By Thread"))
        window.shot("live-7-reopened")
        tap.ok(not window.complaints(), "GTK has nothing to complain about", "\n".join(window.complaints()))


def dark(tap, desktop, path):
    with Window(desktop, LANESCOPE, path, environment={"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}) as window:
        lanes = Lanes(window)
        x, y, width, height = lanes.area
        tap.ok(max(desktop.screen.pixel(x + width // 2, y + height - 5)) < 80, "dark style: the ground is dark")
        tap.ok(lanes.n_colours() >= 3, "dark style: bars are drawn", str(lanes.n_colours()))
        window.shot("live-8-dark")


def main():
    tap = Tap()
    with Desktop() as desktop:
        sample = subprocess.Popen([SAMPLE, "-s", "600"], stdout=subprocess.DEVNULL)
        path = desktop.home / "fib.lanes"
        try:
            with Window(desktop, LANESCOPE) as window:
                tap.ok(window.top, "the window opens")
                lanes = choose(tap, window)
                grow(tap, window, lanes)
                explain(tap, window, lanes)
                zoom(tap, window, lanes)
                freeze(tap, window, lanes)
                n_lanes = lanes.count()
                stop_and_save(tap, window, lanes, path)
                tap.ok(not window.complaints(), "GTK has nothing to complain about", "\n".join(window.complaints()))
            reopen(tap, desktop, path, n_lanes)
            dark(tap, desktop, path)
        finally:
            sample.kill()
            sample.wait()
    tap.done()


main()
