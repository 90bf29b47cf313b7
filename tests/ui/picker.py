# SPDX-License-Identifier: GPL-2.0-or-later
"""What to look at is chosen: among one's own processes or all, several at once, in a list that stands still under a hand;
or a program is run."""
import itertools
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from desktop import Desktop  # noqa: E402
from lanes import Lanes  # noqa: E402
from screen_reader import ask_one, walk  # noqa: E402
from tap import Tap  # noqa: E402
from window import Window, wait_for, xdotool  # noqa: E402

BUILD = Path(os.environ["LSC_BUILD"])
SAMPLE = BUILD / "data" / "lessons" / "fib-mutex"
THREADS = 5
SOMEBODY = 4711  # a user that is not us


def rows(window):
    """The processes of the list from top to bottom, each the texts of its cells."""
    found = [[n for n in row if n.role == "label"] for row in walk(window.all("table row"))]
    names = iter(ask_one(itertools.chain(*found), "name"))
    for labels in found:
        texts = [next(names) for _ in labels]
        if len(texts) == 6 and texts[2].isdigit():  # name, command line, PID, user, threads, CPU
            yield texts


def pids(window):
    return [int(texts[2]) for texts in rows(window)]


def search(window, text):
    entry = window.find(name="Search processes")
    window.click(entry)
    window.write(entry, text)


def facts(tap, window, pid):
    """A process is told apart by its command line, its threads and what it does just now."""
    search(window, str(pid))

    def row(busy=0):
        """Its texts, if it is there and uses that much of a CPU, in per cent."""
        return next((texts for texts in rows(window) if texts[2] == str(pid)
                     and int(re.sub(r"\D", "", texts[5]) or 0) >= busy), None)
    found = wait_for(row, 10)
    if not tap.ok(found, "a number finds the process", window.outline()[-1500:]):
        return
    name, command, _, user, threads, _ = found
    tap.ok((name, user, threads) == ("fib-mutex", "root", str(THREADS)), "its row tells who it is", str(found))
    tap.ok(command == f"{SAMPLE} -s 300", "and what was asked of it", command)
    tap.ok(wait_for(lambda: row(1), 10), "and how busy it is", str(row()))


def scopes(tap, window, other):
    """Others' processes are there when asked for."""
    search(window, str(other))
    tap.ok(wait_for(lambda: window.all(name="No Such Process"), 10), "somebody else's process is not among mine")
    window.click(window.button("All"))
    tap.ok(wait_for(lambda: other in pids(window), 10), "it is among all", str(list(rows(window))))
    window.shot("picker-1-all")
    window.click(window.button("Mine"))
    tap.ok(wait_for(lambda: window.all(name="No Such Process"), 10), "and not among mine again")


def standing_still(tap, window, samples, idler):
    """A list in order of use stays as it is while a hand is on it, whatever begins and ends to work meanwhile."""
    search(window, str(SAMPLE.parent))
    tap.ok(wait_for(lambda: pids(window)[2:] == [idler.pid], 15), "the busiest stand above", str(pids(window)))
    with Hand(window, window.find("label", str(pids(window)[0]))):
        time.sleep(0.8)  # what was read before the hand came
        before = pids(window)
        busy = samples[0] if samples[0].pid == before[0] else samples[1]
        busy.send_signal(signal.SIGSTOP)
        idler.stdin.write(b"\n")
        idler.stdin.flush()
        steady, end = [], time.monotonic() + 3
        while time.monotonic() < end:
            steady.append(pids(window))
            time.sleep(0.3)
    tap.ok(all(now == before for now in steady), "under a hand the rows stay where they are", str([before, *steady[-2:]]))
    xdotool("mousemove", 700, 880)
    tap.ok(wait_for(lambda: pids(window)[2:] == [busy.pid], 15), "without it they are put in order again",
           str(pids(window)))
    busy.send_signal(signal.SIGCONT)


class Hand:
    """A pointer that moves a little on one place, until the end of the context, however long one looks meanwhile."""

    def __init__(self, window, node):
        window.point(node)
        x, y, width, height = node.box
        self.place, self.away = (x + width // 2, y + height // 2), threading.Event()
        self.thread = threading.Thread(target=self.move)

    def move(self):
        x, y = self.place
        for step in itertools.count():
            xdotool("mousemove", x, y + step % 2)
            if self.away.wait(0.3):
                break

    def __enter__(self):
        self.thread.start()

    def __exit__(self, *unused):
        self.away.set()
        self.thread.join()


def several(tap, window, wanted):
    """Click and Ctrl+click: two processes in one picture."""
    search(window, "fib-mutex")
    wait_for(lambda: set(wanted) <= set(pids(window)), 10)
    start = window.button("Start")
    tap.ok(not start.has("SENSITIVE"), "nothing is chosen: nothing can start")

    def choose():
        window.desktop.settle(2)
        window.click(window.find("label", str(wanted[0])))
        window.point(window.find("label", str(wanted[1])))
        xdotool("keydown", "Control_L", "click", 1, "keyup", "Control_L")
        return wait_for(lambda: window.all(contains=f"2 processes, {2 * THREADS} threads"), 2)
    tap.ok(choose() or choose(), "two are chosen, with all their threads", window.outline()[-1500:])
    window.shot("picker-2-several")
    window.click(start)
    lanes = Lanes(window)
    tap.ok(wait_for(lambda: lanes.count() == 2 * THREADS, 15), "both have their lanes", lanes.description)
    tap.ok(wait_for(lambda: lanes.events() > 100, 15), "and events come", lanes.status())
    return lanes


def fill(window, title, text):
    """Writes into a row of the form."""
    entry = window.find("text", title)
    window.click(entry)
    window.desktop.settle(1)
    window.write(entry, text)


def running(tap, window, folder):
    """A program is run from the window; what cannot be run is told in a sentence, and nothing typed is lost."""
    window.click(window.button("Run a Program"))
    fill(window, "Command", "no-such-program")
    start = window.button("Start")
    window.click(start)
    tap.ok(wait_for(lambda: window.all(contains="no-such-program"), 5), "what does not exist is told by name",
           window.outline()[-1500:])
    window.shot("picker-3-no-such-program")
    window.click(wait_for(lambda: next((n for n in window.all("push button", "Back to Start") if n.box[1] > 100), None)))
    start = window.button("Start")
    tap.ok(wait_for(lambda: start.has("SENSITIVE"), 5), "back at the start what was typed is still there")
    fill(window, "Command", str(SAMPLE))
    fill(window, "Arguments", "-s 1 'un")
    tap.ok(wait_for(lambda: not start.has("SENSITIVE") or window.all(contains="quot"), 5), "an open quote is told")
    fill(window, "Arguments", "-s 1")
    fill(window, "Folder", str(folder))
    wait_for(lambda: start.has("SENSITIVE"), 5)
    window.shot("picker-4-run")
    window.click(start)
    lanes = Lanes(window)
    tap.ok(wait_for(lambda: "ecording" not in lanes.status() and lanes.events() > 100, 20), "it runs to its end",
           lanes.status())
    tap.ok(lanes.count() == THREADS, "all its threads were seen", lanes.description)
    window.shot("picker-5-ran")


def main():
    tap = Tap()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    samples = [subprocess.Popen([SAMPLE, "-s", "300"], **quiet) for _ in range(2)]
    # It is found by the folder in its command line, as the samples are.
    idler = subprocess.Popen([sys.executable, "-c", "input()\nwhile True: pass", SAMPLE.parent], stdin=subprocess.PIPE,
                             **quiet)
    other = subprocess.Popen(["sleep", "300"], user=SOMEBODY, **quiet)
    try:
        with Desktop() as desktop:
            with Window(desktop, BUILD / "gui" / "lanescope") as window:
                window.click(window.button("Choose a Process"))
                facts(tap, window, samples[0].pid)
                scopes(tap, window, other.pid)
                standing_still(tap, window, samples, idler)
                several(tap, window, [sample.pid for sample in samples])
                tap.ok(not window.complaints(), "GTK has nothing to complain about", "\n".join(window.complaints()))
            with Window(desktop, BUILD / "gui" / "lanescope") as window:
                running(tap, window, desktop.home)
                tap.ok(not window.complaints(), "GTK has nothing to complain about", "\n".join(window.complaints()))
    finally:
        for program in [*samples, idler, other]:
            program.kill()
            program.wait()
    tap.done()


main()
