# SPDX-License-Identifier: GPL-2.0-or-later
"""T56: a capture that goes on and on: past its memory limit, with a hundred new threads a second, the window follows the
newest and does not grow, and nothing is lost.

LSC_SOAK_SECONDS (60) counts from when the limit is reached; LSC_SOAK_LIMIT (64) is the limit in MiB; a ping-pong makes
the events, as fast as it can or, with LSC_SOAK_REST (0), with so many milliseconds of rest after each 10 of work. Threads
come LSC_SOAK_CROWD (100) a second: 1000 of them and a rest of 10 do in minutes what 100 and 200 do in an hour."""
import collections
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
RATE = int(os.environ.get("LSC_SOAK_CROWD", "100"))
# New threads, each of which sleeps a little.
CROWD = f"""
import threading, time
begin, n = time.monotonic(), 0
while True:
    threading.Thread(target=time.sleep, args=(0.02,)).start()
    n += 1
    time.sleep(max(0, begin + n / {RATE} - time.monotonic()))
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
    """What the window has for itself, in all and by what it is for."""
    parts, kind = collections.Counter(), ""
    with open(f"/proc/{pid}/smaps") as file:
        for line in file:
            words = line.split()
            if not words[0].endswith(":"):
                start, end = (int(number, 16) for number in words[0].split("-"))
                large = start % (2 << 20) == end % (2 << 20) == 0
                kind = ("[heap]" if "[heap]" in line else "files" if len(words) > 5 else
                        "slabs of the trace" if large else "heaps of threads" if start % (64 << 20) == 0 else "others")
            elif words[0] == "Anonymous:":
                parts[kind] += int(words[1]) / 1024
    return sum(parts.values()), ", ".join(f"{name} {mib:.1f}" for name, mib in sorted(parts.items()))


def limit_memory(desktop):
    folder = desktop.home / "config" / "glib-2.0" / "settings"
    folder.mkdir(parents=True)
    (folder / "keyfile").write_text(f"[org/lanescope/Lanescope]\nmemory-limit=uint32 {LIMIT_MIB}\n")


def watch(window, lanes):
    """Megabytes when the limit was reached, and each tenth of the time after it."""
    found = []
    for tenth in range(11):
        mib, parts = resident_mib(window.process.pid)
        found.append(mib)
        print(f"# {time.strftime('%T')} {mib:.1f} MiB ({parts}); {lanes.status()[-300:]}", flush=True)
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
                figure(f"memory grown in {SECONDS} s after that, {RATE} new threads a second",
                       max(found[-3:]) - max(found[:3]), f"<= {max(4, LIMIT_MIB // 16)}", "MiB")
                figure("events in that capture", lanes.events(), None, "events")
                figure("lost of them", lanes.lost(), "<= 0", "events")
        finally:
            for program in programs:
                program.kill()
                program.wait()


main()
