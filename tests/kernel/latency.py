# SPDX-License-Identifier: GPL-2.0-or-later
"""Wakeup latency and the longest time off the CPU, thread by thread, against perf recording the same events at the same
time. perf's raw events are counted here by their own rules, written a second time; the two must agree within 5 % or
10 us. Threads with stretches that are marked unknown (some virtual machines hide switches) are left out. When the
machine stops between perf's handler and ours the two disagree: of up to three runs the best one counts."""
import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from tap import Tap  # noqa: E402

BUILD = Path(os.environ["LSC_BUILD"])
CLI = BUILD / "cli" / "lanescope-cli"
EVENTS = "sched:sched_switch,sched:sched_waking,sched:sched_wakeup_new"
LINE = re.compile(r"\s*\[\d+\]\s+(\d+)\.(\d{9}):\s+sched:(\w+):\s+(.*)")
SWITCH = re.compile(r"prev_pid=(\d+) prev_prio=\S+ prev_state=(\S+) ==> .*next_pid=(\d+) next_prio")
WAKING = re.compile(r" pid=(\d+) prio=")
tap = Tap()


class Theirs:
    """What perf's events say of one thread."""

    def __init__(self):
        self.out = self.woken = None
        self.off, self.latency = [], []

    def leave(self, now, state):
        self.out = now
        # Woken on its way out, it is ready from the moment it left.
        self.woken = now if self.woken is not None and not state.startswith("R") else None

    def wake(self, now):
        if self.woken is None:
            self.woken = now

    def enter(self, now):
        if self.out is not None:
            self.off.append(now - self.out)
        if self.woken is not None:
            self.latency.append(now - self.woken)
        self.woken = None


def read_perf(folder):
    """{tid: Theirs}; None when perf lost events."""
    done = subprocess.run(["perf", "script", "-i", folder / "perf.data", "--ns", "--show-lost-events",
                           "-F", "cpu,time,event,trace"], capture_output=True, text=True, timeout=120)
    threads = defaultdict(Theirs)
    for line in done.stdout.splitlines():
        if "PERF_RECORD_LOST" in line:
            return None
        match = LINE.match(line)
        if not match:
            continue
        now, kind, text = int(match.group(1)) * 10 ** 9 + int(match.group(2)), match.group(3), match.group(4)
        if kind == "sched_switch":
            prev, state, after = SWITCH.search(text).groups()
            threads[int(prev)].leave(now, state)
            threads[int(after)].enter(now)
        else:
            threads[int(WAKING.search(text).group(1))].wake(now)
    return threads


def record(folder):
    """One run of the workload with both beside it: (our threads, tids with unknown stretches, perf's threads)."""
    perf = subprocess.Popen(["perf", "record", "-q", "-a", "-k", "CLOCK_MONOTONIC", "-m", "16M", "-e", EVENTS,
                             "-o", folder / "perf.data", "sleep", "600"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(1.5)
    try:
        done = subprocess.run([CLI, "record", "--output", folder / "a.lanes", "--", BUILD / "tests" / "workload", "12", "2"],
                              capture_output=True, text=True, timeout=60)
    finally:
        perf.send_signal(signal.SIGINT)
        perf.wait(60)
    assert done.returncode == 0, done.stderr
    stats = subprocess.run([CLI, "stats", "--json", folder / "a.lanes"], capture_output=True, text=True, check=True, timeout=60)
    subprocess.run([CLI, "export", folder / "a.lanes", "--format", "csv", "--output", folder / "a.csv"], check=True, timeout=60)
    with open(folder / "a.csv", newline="") as file:
        holes = {int(row["tid"]) for row in csv.DictReader(file) if row["state"] == "unknown"}
    parked = {int(line.split()[1]) for line in done.stdout.splitlines() if line.startswith("parked")}
    ours = {t["tid"]: t for t in json.loads(stats.stdout)["threads"] if t["tid"] in parked}
    return ours, holes, read_perf(folder)


def apart(ours, theirs):
    """How far the two are apart, as a share of what is allowed."""
    return abs(ours - theirs) / max(0.05 * theirs, 10000)


def compare(ours, holes, theirs):
    """[(share of what is allowed, what, ours, theirs)] for every thread that both know wholly."""
    found = []
    for tid, thread in ours.items():
        if tid in holes or tid not in theirs or len(theirs[tid].latency) < 2:
            continue
        latency, name = thread["wakeup_latency"], f"{thread['name']} {tid}"
        mine = sorted(theirs[tid].latency)
        found.append((apart(thread["max_off_cpu_ns"], max(theirs[tid].off)), f"{name}: longest time off the CPU",
                      thread["max_off_cpu_ns"], max(theirs[tid].off)))
        found.append((apart(latency["max_ns"], mine[-1]), f"{name}: longest wakeup latency", latency["max_ns"], mine[-1]))
        middle = mine[(len(mine) + 1) // 2 - 1]
        found.append((apart(latency["p50_ns"], middle), f"{name}: middle wakeup latency", latency["p50_ns"], middle))
        # One wakeup more or less where both handlers run at the very edge of a sleep.
        found.append((abs(latency["count"] - len(mine)) / (2 + 0.01 * len(mine)), f"{name}: wakeups", latency["count"], len(mine)))
    return found


def main():
    if os.geteuid() != 0 or not shutil.which("perf"):
        tap.skip("latencies against perf", "needs root and perf")
        tap.done()
    best = None
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        for _ in range(3):
            ours, holes, theirs = record(Path(folder))
            found = compare(ours, holes, theirs) if theirs is not None else []
            if found and (best is None or max(found) < max(best)):
                best = found
            if best and max(best)[0] <= 1:
                break
    if best is None:
        tap.skip("latencies against perf", "perf lost events, or cannot record here")
        tap.done()
    tap.ok(len(best) >= 8, f"{len(best) // 4} threads are compared", best)
    for kind in ("longest time off the CPU", "longest wakeup latency", "middle wakeup latency", "wakeups"):
        worst = max(f for f in best if f[1].endswith(kind))
        tap.ok(worst[0] <= 1, f"{kind}: within 5 % or 10 us of perf for every thread", worst)
        print("# " + json.dumps({"figure": f"{kind} against perf: worst share of what is allowed", "ours": round(worst[0], 3),
                                 "target": "<= 1"}), flush=True)
    tap.done()


main()
