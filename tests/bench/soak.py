# SPDX-License-Identifier: GPL-2.0-or-later
"""T56: a capture that goes on and on: past its memory limit, with a hundred new threads a second, the window follows the
newest and does not grow, and nothing is lost.

LSC_SOAK_SECONDS (60) counts from when the limit is reached; LSC_SOAK_LIMIT (64) is the limit in MiB; a ping-pong makes
the events, as fast as it can or, with LSC_SOAK_REST (0), with so many milliseconds of rest after each 10 of work."""
import json
import os
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from desktop import Desktop  # noqa: E402
from lanes import Lanes  # noqa: E402
from window import Window, wait_for  # noqa: E402

LANESCOPE = Path(os.environ["LSC_BUILD"]) / "gui" / "lanescope"
SECONDS = int(os.environ.get("LSC_SOAK_SECONDS", "60"))
LIMIT_MIB = int(os.environ.get("LSC_SOAK_LIMIT", "64"))
REST = float(os.environ.get("LSC_SOAK_REST", "0")) / 1000
# A hundred threads a second, each of which sleeps a little.
CROWD = """
import threading, time
begin, n = time.monotonic(), 0
while True:
    threading.Thread(target=time.sleep, args=(0.02,)).start()
    n += 1
    time.sleep(max(0, begin + n / 100 - time.monotonic()))
"""
PING_PONG = f"""
import os, threading, time
def player(takes, gives):
    while True:
        os.write(gives, os.read(takes, 1))
(a, b), (c, d) = os.pipe(), os.pipe()
os.sched_setaffinity(0, [0])
threading.Thread(target=player, args=(a, d)).start()
os.write(b, b"x")
while True:
    end = time.monotonic() + 0.01
    while time.monotonic() < end:
        os.write(b, os.read(c, 1))
    if {REST}:
        time.sleep({REST})
"""


def figure(name, ours, target=None, unit=None):
    print(json.dumps({"figure": name, "ours": round(ours, 3), "target": target, "unit": unit}), flush=True)


def resident_mib(pid):
    with open(f"/proc/{pid}/smaps_rollup") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Anonymous:")) / 1024


def limit_memory(desktop):
    folder = desktop.home / "config" / "glib-2.0" / "settings"
    folder.mkdir(parents=True)
    (folder / "keyfile").write_text(f"[org/lanescope/Lanescope]\nmemory-limit=uint32 {LIMIT_MIB}\n")


def watch(window, lanes):
    """Megabytes when the limit was reached, and each tenth of the time after it."""
    found = []
    for tenth in range(11):
        found.append(resident_mib(window.process.pid))
        print(f"# {time.strftime('%T')} {found[-1]:.1f} MiB; {lanes.status()[-300:]}", flush=True)
        if tenth < 10:
            time.sleep(SECONDS / 10)
    return found


def main():
    with Desktop() as desktop:
        limit_memory(desktop)
        programs = [subprocess.Popen([sys.executable, "-c", code]) for code in (CROWD, PING_PONG)]
        pids = [program.pid for program in programs]
        try:
            with Window(desktop, LANESCOPE, *[a for pid in pids for a in ("--pid", pid)]) as window:
                lanes = Lanes(window)
                reached = wait_for(lambda: window.all(contains="Earlier events"), 1200, 1, patience=1)
                assert reached, "the memory limit was not reached: " + lanes.status()
                found = watch(window, lanes)
                window.shot("bench-soak")
                figure(f"memory when its limit of {LIMIT_MIB} MiB is reached", found[0], None, "MiB")
                figure(f"memory grown in {SECONDS} s after that, a hundred new threads a second",
                       max(found[-3:]) - max(found[:3]), f"<= {max(4, LIMIT_MIB // 16)}", "MiB")
                figure("events in that capture", lanes.events(), None, "events")
                figure("lost of them", lanes.lost(), "<= 0", "events")
        finally:
            for program in programs:
                program.kill()
                program.wait()


main()
