# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether frames get dearer as a capture grows: the walk of bench-frame over a hundred million events and over one
million, in turns. Of each the least counts: what others on the machine add is not the capture's. It takes 2 GB of
memory."""
import json
import os
import subprocess
import sys
from pathlib import Path

BENCH = Path(os.environ["LSC_BUILD"]) / "tests" / "bench-frame"
NEEDED_KB = 3 << 20


def walk(n_events):
    """Milliseconds: {"p50": ..., "p99": ...}."""
    done = subprocess.run([BENCH, str(n_events)], capture_output=True, text=True, check=True)
    figures = [json.loads(line) for line in done.stdout.splitlines()]
    return {part: next(f["ours"] for f in figures if f"lanes, {part}," in f["figure"]) for part in ("p50", "p99")}


def main():
    with open("/proc/meminfo") as meminfo:
        free_kb = next(int(line.split()[1]) for line in meminfo if line.startswith("MemAvailable:"))
    if free_kb < NEEDED_KB:
        sys.exit(f"This takes {NEEDED_KB >> 20} GB of memory, and {free_kb >> 10} MB are free.")
    turns = [walk(n) for n in (1_000_000, 100_000_000, 1_000_000, 100_000_000, 1_000_000)]
    for part, target in (("p50", None), ("p99", "<= 1.2 x peer")):
        line = {"figure": f"frame 1600x900, 100 lanes, {part}, 100 M events", "ours": min(t[part] for t in turns[1::2]),
                "target": target, "unit": "ms", "peer": min(t[part] for t in turns[::2]), "peer_name": "1 M events"}
        print(json.dumps({key: value for key, value in line.items() if value is not None}))


main()
