# SPDX-License-Identifier: GPL-2.0-or-later
"""Lessons: choose one, read its question, run it, see its lanes from the first instruction to the end."""
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from desktop import Desktop  # noqa: E402
from lanes import Lanes  # noqa: E402
from tap import Tap  # noqa: E402
from window import Window, wait_for  # noqa: E402

LANESCOPE = Path(os.environ["LSC_BUILD"]) / "gui" / "lanescope"


def main():
    tap = Tap()
    with Desktop() as desktop, Window(desktop, LANESCOPE) as window:
        window.click(window.button("Lessons"))
        for title in ("Four threads, one mutex", "Four threads, no mutex", "Python threads", "Python processes"):
            tap.ok(window.find(contains=title), f"the lesson is listed: {title}")
        window.click(window.find("label", "Python processes"))
        tap.ok(window.find("label", contains="interpreter, and so a lock, of its own"), "its question is shown")
        window.shot("lessons-1-list")
        window.click(window.button("Start"))
        lanes = Lanes(window)
        tap.ok(wait_for(lambda: lanes.count() >= 5, 5), "the program and its four children have lanes",
               lanes.description)
        window.shot("lessons-2-running")
        tap.ok(wait_for(lambda: "ecording" not in lanes.status(), 20, 0.5), "the capture ends with the lesson",
               lanes.status())
        tap.ok(lanes.lost() == 0, "nothing was lost", lanes.status())
        window.key("Home")
        tap.ok(lanes.n_colours() >= 3, "the whole lesson is drawn", str(lanes.n_colours()))
        window.shot("lessons-3-whole")
        tap.ok(not window.complaints(), "GTK has nothing to complain about", "\n".join(window.complaints()))
    tap.done()


main()
