# SPDX-License-Identifier: GPL-2.0-or-later
"""How many bytes an event takes on disk: a pinned ping-pong recorded by us, by perf sched and by trace-cmd, one after
the other. Sizes of peers are scaled to the number of operations, which is the same for all. And how large the drawing
of a large capture is, all of its 200 threads."""
import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

BUILD = Path(os.environ["LSC_BUILD"])
CLI = BUILD / "cli" / "lanescope-cli"
OPERATIONS = 100000
WORK = ["taskset", "-c", "0", "perf", "bench", "sched", "pipe", "-T", "-l", str(OPERATIONS)]


def figure(name, ours, target, **more):
    print(json.dumps({"figure": name, "ours": ours, "target": target, **more}), flush=True)


def ours(folder):
    path = folder / "a.lanes"
    done = subprocess.run([CLI, "record", "--output", path, "--", *WORK], capture_output=True, text=True, check=True)
    events = int(re.search(r"^(\d+) events", done.stderr, re.M).group(1))
    return path.stat().st_size, events


def perf(folder):
    path = folder / "perf.data"
    subprocess.run(["perf", "sched", "record", "-o", path, "--", *WORK], capture_output=True, check=True)
    return path.stat().st_size


def trace_cmd(folder):
    path = folder / "trace.dat"
    done = subprocess.run(["trace-cmd", "record", "--compression", "zstd", "-e", "sched_switch", "-e", "sched_waking", "-o", path,
                           *WORK], capture_output=True, check=False)
    return path.stat().st_size if done.returncode == 0 else None


def drawing(folder, n_events):
    capture, path = folder / "large.lanes", folder / "a.svg"
    subprocess.run([BUILD / "tests" / "make-capture", capture, str(n_events), "200"], check=True)
    subprocess.run([CLI, "render", capture, "--quiet", "--output", path], check=True)
    return path.stat().st_size


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        size, events = ours(folder)
        figure("size of a capture, ping-pong", round(size / events, 2), "<= 6", unit="bytes/event")
        figure("a capture next to perf.data", size, "<= 0.067 x peer", peer=perf(folder), peer_name="perf sched",
               unit="bytes")
        peer = trace_cmd(folder) if shutil.which("trace-cmd") else None
        if peer is not None:  # it needs tracefs to itself
            figure("a capture next to trace.dat (zstd)", size, "<= 1 x peer", peer=peer, peer_name="trace-cmd",
                   unit="bytes")
        figure("an SVG of 10 M events, 200 threads", drawing(folder, 10_000_000) / 1e6, "<= 2", unit="MB")


main()
