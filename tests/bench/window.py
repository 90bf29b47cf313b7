# SPDX-License-Identifier: GPL-2.0-or-later
"""What a person waits for: the window's start, the first bar after a click, and an event on its way to a pixel.
And that nothing is lost while it is looked at. Each figure is the median of several rounds."""
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from desktop import Desktop  # noqa: E402
from lanes import Lanes, is_running_green  # noqa: E402
from window import Window, wait_for, xdotool  # noqa: E402

BUILD = Path(os.environ["LSC_BUILD"])
LANESCOPE = BUILD / "gui" / "lanescope"
SAMPLE = BUILD / "data" / "lessons" / "fib-no-mutex"
ROUNDS = 5
LOSS_SECONDS = int(os.environ.get("LSC_LOSS_SECONDS", "60"))
# Sleeps; at each signal it spins for 200 ms.
SLEEPER = """
import signal, time
def spin(*_):
    end = time.monotonic() + 0.2
    while time.monotonic() < end: pass
signal.signal(signal.SIGUSR1, spin)
while True: signal.pause()
"""


def figure(name, ours, unit, target):
    print(json.dumps({"figure": name, "ours": round(ours, 3), "unit": unit, "target": target}), flush=True)


def start_to_usable(desktop):
    """From exec to the search entry that a person can type into."""
    with Window(desktop, LANESCOPE, place=False) as window:
        window.find(name="Search processes", seconds=10)
        return time.monotonic() - window.started


def lanes_area(screen):
    """Where lanes will be, before there are any: right of their names, below the header."""
    return range(260, screen.width - 10, 3), range(150, screen.height - 90, 5)


def capture_is_shown(screen):
    """The red Stop button stands at the left of the header."""
    red, green, blue = screen.pixel(60, 20)
    return red > 170 and green < 80 and blue < 80


def first_bar(screen, deadline):
    """Waits for a running bar on the page of a capture: a green place that goes on above and below."""
    columns, rows = lanes_area(screen)
    while time.monotonic() < deadline:
        if not capture_is_shown(screen):
            time.sleep(0.001)
            continue
        for y in rows:
            row = screen.row(y)
            for x in columns:
                if row[x * 4 + 1] > row[x * 4 + 2] + 60 and all(
                        is_running_green(screen.pixel(x, y + dy)) for dy in (-4, 0, 4)):
                    return time.monotonic()
        time.sleep(0.001)
    return None


def click_to_bar(desktop):
    """From the click on Start to the first green of a bar."""
    with Window(desktop, LANESCOPE) as window:
        x, y, width, height = window.choose_process("fib-no-mutex").box
        window.move(x + width / 2, y + height / 2)
        if capture_is_shown(desktop.screen):
            raise AssertionError("a capture is shown already")
        begin = time.monotonic()
        xdotool("click", 1)
        end = first_bar(desktop.screen, begin + 5)
        if end is None:
            window.shot("bench-no-bar")
            raise AssertionError("no bar was seen")
        return end - begin


def event_to_pixel(desktop, rounds):
    """A thread that slept begins to run: until its lane shows it at the right edge."""
    sleeper = subprocess.Popen([sys.executable, "-c", SLEEPER])
    found = []
    try:
        with Window(desktop, LANESCOPE, "--pid", sleeper.pid) as window:
            lanes = Lanes(window)
            time.sleep(1.0)
            for _ in range(rounds):
                time.sleep(0.5)
                begin = time.monotonic()
                sleeper.send_signal(signal.SIGUSR1)
                found.append(wait_for_edge(desktop.screen, lanes, begin) - begin)
                time.sleep(1.0)
    finally:
        sleeper.kill()
        sleeper.wait()
    return found


def wait_for_edge(screen, lanes, begin):
    x, y, width, height = lanes.area
    right, rows = x + width, range(y, y + height, 4)
    while time.monotonic() < begin + 3:
        time.sleep(0.001)
        for y in rows:
            row = screen.row(y)
            if any(is_running_green((row[x * 4 + 2], row[x * 4 + 1], row[x * 4])) for x in range(right - 60, right)):
                return time.monotonic()
    screen.save(os.environ.get("LSC_ARTEFACTS", "/tmp") + "/bench-never-drawn.png")
    raise AssertionError("the run was never drawn")


def loss(desktop, seconds):
    """Ping-pong on every CPU with the window open: events seen, lost, and a second."""
    pairs = [subprocess.Popen(["taskset", "-c", str(cpu), "perf", "bench", "sched", "pipe", "-T", "-l", "100000000"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
             for cpu in sorted(os.sched_getaffinity(0))]
    try:
        with Window(desktop, LANESCOPE, *[a for p in pairs for a in ("--pid", p.pid)]) as window:
            lanes = Lanes(window)
            before, begin = lanes.events(), time.monotonic()
            time.sleep(seconds)
            rate = (lanes.events() - before) / (time.monotonic() - begin)
            window.shot("bench-loss")
            window.click(window.button("Stop"))
            wait_for(lambda: "ecording" not in lanes.status(), 20)
            return lanes.events(), lanes.lost(), rate
    finally:
        for pair in pairs:
            pair.kill()
            pair.wait()


def main():
    with Desktop() as desktop:
        figure("window start to usable", statistics.median(start_to_usable(desktop) for _ in range(ROUNDS)), "s",
               "<= 1")
        sample = subprocess.Popen([SAMPLE, "-t", "2", "-s", "600"], stdout=subprocess.DEVNULL)
        try:
            figure("click on a process to first bar",
                   1000 * statistics.median(click_to_bar(desktop) for _ in range(ROUNDS)), "ms", "<= 300")
        finally:
            sample.kill()
            sample.wait()
        figure("event to pixel", 1000 * statistics.median(event_to_pixel(desktop, 2 * ROUNDS)), "ms", "<= 100")
        events, lost, rate = loss(desktop, LOSS_SECONDS)
        figure(f"lost of {events} events in {LOSS_SECONDS} s of ping-pong on all CPUs", lost, "events", "<= 0")
        figure("events a second meanwhile", rate, "events", None)


main()
