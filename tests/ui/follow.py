# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures that come from elsewhere: one that the command line is still recording (the window shows what is there, what
comes, and its end), and files that are dropped on the window."""
import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from capture_info import info  # noqa: E402
from desktop import Desktop  # noqa: E402
from lanes import Lanes  # noqa: E402
from tap import Tap  # noqa: E402
from window import Window, wait_for, xdotool  # noqa: E402

BUILD, SOURCE = Path(os.environ["LSC_BUILD"]), Path(os.environ["LSC_SOURCE"])
CLI, LANESCOPE = BUILD / "cli" / "lanescope-cli", BUILD / "gui" / "lanescope"


class Recording:
    """lanescope-cli record, beside the window."""

    def __init__(self, path):
        self.process = subprocess.Popen(
            [CLI, "record", "--output", path, "--", "sh", "-c", "while :; do sleep 0.01; done"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        wait_for(lambda: info(path).get("events", 0) > 50, 15)

    def end(self, how):
        self.process.send_signal(how)
        return self.process.wait(15)

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)  # the command goes on when only its recorder was killed
        self.process.wait()


def elsewhere(window):
    return window.all(contains="being recorded elsewhere")


def follow(tap, desktop, path):
    with Recording(path) as recording:
        document = info(path)
        tap.ok(document.get("ended") == "recording" and not document["file"]["cut_short"],
               "the command line reads what is there", str(document))
        with Window(desktop, LANESCOPE, path) as window:
            lanes = Lanes(window)
            tap.ok(wait_for(lambda: lanes.count() >= 1, 15), "the window opens what is there", lanes.description)
            tap.ok(wait_for(lambda: elsewhere(window), 5), "and says that it is being recorded elsewhere",
                   window.outline()[-3000:])
            tap.ok(not any(n.name == "Stop" for n in window.all()), "there is nothing of ours to stop")
            first = lanes.events()
            tap.ok(wait_for(lambda: lanes.events() > first + 100, 10), "what is added comes in", lanes.status())
            window.shot("follow-1-growing")
            x, y, width, _ = lanes.area
            window.move(x + width * 0.3, y + 30)
            window.key("space", "m")
            recording.end(signal.SIGINT)
            tap.ok(wait_for(lambda: not elsewhere(window), 10), "the end is noticed", window.outline()[-3000:])
            tap.ok(wait_for(lambda: lanes.events() == info(path)["events"], 5), "every event has come",
                   f"{lanes.status()} {info(path).get('events')}")
            tap.ok(wait_for(lambda: info(path)["notes"], 5), "the marker is in the file now", str(info(path)))
            window.shot("follow-2-ended")
            tap.ok(not window.complaints(), "GTK has nothing to complain about", "\n".join(window.complaints()))


def killed(tap, desktop, path):
    with Recording(path) as recording:
        with Window(desktop, LANESCOPE, path) as window:
            tap.ok(wait_for(lambda: elsewhere(window), 15), "another recording is followed")
            time.sleep(1)
            recording.end(signal.SIGKILL)
            tap.ok(wait_for(lambda: window.all(contains="was cut short"), 10), "that its writer was killed is said",
                   window.outline()[-3000:])
            tap.ok(Lanes(window).count() >= 1, "what there is stays")
            window.shot("follow-3-killed")


def pulled(tap, desktop):
    """The disk of a capture that is followed, and the one it is saved to, go away."""
    disk, state, path = desktop.home / "disk", desktop.home / "pulled", desktop.home / "disk" / "c.lanes"
    disk.mkdir()
    with Recording(path):
        with Window(desktop, LANESCOPE, path, environment={
                "LD_PRELOAD": str(BUILD / "tests" / "libdisk.so"), "LSC_DISK": f"{disk}/", "LSC_DISK_STATE": str(state)}) as window:
            tap.ok(wait_for(lambda: elsewhere(window), 15), "one on a removable disk is followed")
            lanes = Lanes(window)
            wait_for(lambda: lanes.events() > 50, 10)
            state.write_text("fail 0 5")
            tap.ok(wait_for(lambda: window.all(contains="could not be read: Input/output error"), 10), "pulled: it is said",
                   window.outline()[-3000:])
            tap.ok(lanes.events() > 50 and lanes.count() >= 1, "what there is stays")
            window.shot("follow-4-pulled")
            state.unlink()
            window.click(window.button("Save"))
            window.find("text", name="Name:")
            state.write_text("fail 0 5")
            window.answer_file_dialog(desktop.home / "saved.lanes")
            tap.ok(wait_for(lambda: window.all(contains="c.lanes” could not be read"), 10), "saving it is refused with a sentence",
                   window.outline()[-3000:])
            tap.ok(not (desktop.home / "saved.lanes").exists(), "and makes no half file")
            state.unlink()
            window.click(window.button("Save"))
            window.answer_file_dialog(desktop.home / "saved.lanes")
            tap.ok(wait_for(lambda: info(desktop.home / "saved.lanes").get("events", 0) > 50, 10), "plugged in again, it is saved",
                   window.outline()[-3000:])


def drag(x, y, to_x, to_y):
    """As a hand does it: a drag begins with a movement."""
    xdotool("mousemove", x, y, "mousedown", 1)
    for step in range(1, 17):
        xdotool("mousemove", x + (to_x - x) * step // 16, y + (to_y - y) * step // 16)
        time.sleep(0.03)


def dropped(tap, desktop):
    """A file manager's files: the first in this window, the other in one of its own."""
    files = [desktop.copy(SOURCE / "data" / "samples" / "fib-mutex.lanes"), SOURCE / "tests/fuzz/corpus/import-trace-dat/version-6"]
    with Window(desktop, LANESCOPE) as window, subprocess.Popen(
            ["/usr/bin/python3", SOURCE / "tests" / "support" / "drag_source.py", *files], stdout=subprocess.PIPE, text=True) as manager:
        found = wait_for(lambda: subprocess.run(["xdotool", "search", "--onlyvisible", "--pid", str(manager.pid)],
                                                capture_output=True, text=True, check=False).stdout.split(), 20)
        xdotool("windowmove", found[-1], 1100, 700, "windowraise", found[-1])
        desktop.settle(2)
        drag(1200, 755, 700, 400)
        window.shot("follow-5-dragged")
        xdotool("mouseup", 1)
        tap.ok(wait_for(lambda: window.all("label", "fib-mutex.lanes") and window.all("label", "version-6"), 15), "each is opened",
               window.outline()[-3000:])
        tap.ok(len(list(window.top.children())) == 2, "in a window of its own")
        tap.ok(not window.complaints(), "GTK has nothing to complain about", "\n".join(window.complaints()))
        manager.kill()
        tap.ok(manager.stdout.read() == "taken\n", "and the file manager is told that they were taken")


def main():
    tap = Tap()
    with Desktop() as desktop:
        tap.run("following", lambda: follow(tap, desktop, desktop.home / "a.lanes"))
        tap.run("killed", lambda: killed(tap, desktop, desktop.home / "b.lanes"))
        tap.run("pulled", lambda: pulled(tap, desktop))
        tap.run("dropped", lambda: dropped(tap, desktop))
    tap.done()


main()
