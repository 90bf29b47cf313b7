# SPDX-License-Identifier: GPL-2.0-or-later
"""What opening another tool's trace costs: five million events of a trace.dat, next to KernelShark's own library in the
same run. Each program runs in a process of its own, so that its peak memory is its own. Figures as JSON lines for
tools/bench."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from ftrace import Ftrace  # noqa: E402

BUILD = Path(os.environ["LSC_BUILD"])
ROUNDS = 3


def figure(name, ours, target, unit, peer=None):
    print(json.dumps({"figure": name, "ours": round(ours, 3), "target": target, "unit": unit}
                     | ({"peer": round(peer, 3), "peer_name": "libkshark"} if peer else {})), flush=True)


def load(program, path):
    done = subprocess.run([BUILD / "tests" / program, path], capture_output=True, text=True, timeout=300, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def best(program, path):
    """Others on the machine only ever make it slower."""
    return min((load(program, path) for _ in range(ROUNDS)), key=lambda run: run["seconds"])


def record(folder):
    with Ftrace("sched/sched_switch", "sched/sched_waking", buffer_kb=300000) as ftrace:
        subprocess.run(["taskset", "-c", "0", "perf", "bench", "sched", "pipe", "-T", "-l", "1500000"],
                       stdout=subprocess.DEVNULL, check=True, timeout=120)
        return ftrace.extract(folder / "trace.dat", version=6)


def main():
    if os.geteuid() != 0 or not shutil.which("trace-cmd") or not shutil.which("perf"):
        print("# needs root, trace-cmd and perf")
        return 77
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        path = record(Path(name))
        ours = best("load-runner", path)
        peer = best("load-kshark", path) if (BUILD / "tests" / "load-kshark").exists() else None
    millions = ours["events"] / 1e6
    print(f"# {millions:.2f} M events")
    figure("opening a trace.dat: rate", millions / ours["seconds"], ">= 4 x peer", "M events/s",
           peer and peer["events"] / 1e6 / peer["seconds"])
    figure("opening a trace.dat: peak memory", ours["bytes"] / ours["events"], "<= 0.25 x peer", "bytes/event",
           peer and peer["bytes"] / peer["events"])
    return 0


sys.exit(main())
