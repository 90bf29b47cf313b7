# SPDX-License-Identifier: GPL-2.0-or-later
"""What we say threads did, against three others who watched: the kernel's own accounts (/proc and the CPU clocks) and
perf recording the same run. For every thread of a mixed workload:

- running time: within 1.5 % + 6 us a switch of its CPU clock (that clock counts part of each switch), and, in a run
  with perf beside us, within 0.3 % + 1 us a switch of what `perf sched timehist` says;
- time in a run queue: within 3 % + 6 us a switch of schedstat's run delay;
- switches, voluntary and involuntary: within 2 of /proc (and one more for each stretch that is marked unknown);
- all states together: its time in the capture, to the nanosecond.

Prints TAP, and each figure as a JSON line for tools/bench: the worst thread's share of what is allowed. A machine that
is busy with other things only ever adds differences, so of up to three runs the best one counts. In a virtual machine
from whose CPUs the host takes time, the CPU clock stands still meanwhile (CONFIG_PARAVIRT_TIME_ACCOUNTING), while the
thread is on its CPU for us and for perf: where no run fits otherwise, all threads together may have run longer by what
the host took in that run."""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from tap import Tap  # noqa: E402

BUILD = Path(os.environ["LSC_BUILD"])
CLI = BUILD / "cli" / "lanescope-cli"
WORKLOAD = BUILD / "tests" / "workload"
STATES = ["running_ns", "runnable_ns", "sleeping_ns", "uninterruptible_ns", "other_ns", "unknown_ns"]
# "  worker[123/45]  44  12  3.456 ..." of the summary: tid, times scheduled in, run time in ms.
TIMEHIST = re.compile(r"\[(\d+)(?:/\d+)?\]\s+-?\d+\s+(\d+)\s+([\d.]+)")
tap = Tap()


def start_perf(folder):
    """perf beside us, in its own memory-backed file; None where there is no perf."""
    if not shutil.which("perf"):
        return None
    perf = subprocess.Popen(["perf", "record", "-q", "-a", "-k", "CLOCK_MONOTONIC", "-m", "16M", "-e", "sched:sched_switch",
                             "-o", folder / "perf.data", "sleep", "600"], stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)
    time.sleep(1.5)
    return perf if perf.poll() is None else None


def read_perf(perf, folder):
    """Per tid (times in, run time in ns); None when perf lost events: then it knows less than we do."""
    perf.send_signal(signal.SIGINT)
    perf.wait(timeout=60)
    done = subprocess.run(["perf", "sched", "timehist", "-s", "-i", folder / "perf.data"], capture_output=True, text=True,
                          timeout=120)
    if "lost" in done.stderr or "lost" in done.stdout.split("Runtime summary")[0]:
        return None
    return {int(tid): (int(count), float(ms) * 1e6) for tid, count, ms in TIMEHIST.findall(done.stdout)}


def stats(capture, *options):
    done = subprocess.run([CLI, "stats", "--json", capture, *options], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def look(capture, short):
    """Of each thread, how many stretches are unknown: where the kernel hides a switch, it has counted one we cannot. And
    how long each of `short` ran after it had read its clock."""
    table = capture.with_suffix(".json")
    subprocess.run([CLI, "export", capture, "--format", "json", "--output", table], check=True, timeout=120)
    holes, after = Counter(), Counter()
    for line in table.read_text().splitlines()[1:]:
        if '"state":"unknown"' in line:
            holes[json.loads(line)["tid"]] += 1
        elif '"name":"short"' in line and '"state":"running"' in line:
            span = json.loads(line)
            _, at = short.get(span["tid"], (0, span["end_ns"]))
            after[span["tid"]] += max(0, span["end_ns"] - max(at, span["start_ns"]))
    return holes, after


def by_tid(document):
    return {t["tid"]: t for t in document["threads"]}


def read_log(text):
    """The workload's own account: when, {tid: parked line}, {tid: CPU time of a short life, when it was read}."""
    at, parked, short = None, {}, {}
    for word, *rest in (line.split() for line in text.splitlines()):
        if word == "at":
            at = int(rest[0])
        elif word == "parked":
            tid, kind, *numbers = rest
            cpu, run, delay, voluntary, involuntary = map(int, numbers)
            parked[int(tid)] = {"kind": kind, "cpu": cpu, "delay": delay, "voluntary": voluntary, "involuntary": involuntary}
        elif word == "short":
            short[int(rest[0])] = int(rest[1]), int(rest[2])
    return at, parked, short


def cpu_ticks():
    """(at work, taken by the host of a virtual machine), of all CPUs."""
    with open("/proc/stat") as stat:
        user, nice, system, _, _, irq, softirq, steal = map(int, stat.readline().split()[1:9])
    return user + nice + system + irq + softirq, steal


def run_once(n_threads, seconds, folder, with_perf):
    perf = start_perf(folder) if with_perf else None
    capture = folder / "a.lanes"
    busy, stolen = cpu_ticks()
    done = subprocess.run([CLI, "record", "--output", capture, "--", WORKLOAD, str(n_threads), str(seconds)],
                          capture_output=True, text=True, timeout=120)
    busy, stolen = cpu_ticks()[0] - busy, cpu_ticks()[1] - stolen
    timehist = read_perf(perf, folder) if perf else None
    assert done.returncode == 0, done.stderr
    at, parked, short = read_log(done.stdout)
    holes, after = look(capture, short)
    whole = stats(capture)
    until = stats(capture, "--to", f"{at - whole['capture']['start_ns']}ns")
    return {"n": n_threads, "whole": whole, "until": by_tid(until), "parked": parked, "short": short, "perf": timehist,
            "holes": holes, "after": after, "busy": busy, "stolen": stolen}


class Worst:
    """The worst share of what is allowed over all threads, for one figure. By `excused`, ours may be larger in all."""

    def __init__(self, name, excused=0):
        self.name, self.excused, self.share, self.where, self.n = name, excused, 0.0, "", 0
        self.taken = 0

    def add(self, ours, theirs, allowed, where):
        self.n += 1
        excused = min(self.excused, max(0, round(ours - theirs - allowed)))
        self.excused -= excused
        self.taken += excused
        share = abs(ours - excused - theirs) / (allowed + 1)
        if share > self.share:
            self.share = share
            self.where = f"{where}: ours {ours}, theirs {theirs}, allowed +-{allowed:.0f}"

    def tell(self, n_threads):
        if self.taken:
            tap.note(f"{self.name}: {self.taken / 1e6:.1f} ms too long, of {(self.taken + self.excused) / 1e6:.0f} the host took")
        tap.ok(self.n > 0 and self.share <= 1, f"{n_threads} threads: {self.name} ({self.n} compared)", self.where)
        print("# " + json.dumps({"figure": f"{self.name}, {n_threads} threads: worst share of what is allowed",
                          "ours": round(self.share, 3), "target": "<= 1"}), flush=True)


def check_sums(run):
    """Never a matter of noise."""
    lost = run["whole"]["capture"]["lost"]
    wrong = [t for t in run["whole"]["threads"] if sum(t[s] for s in STATES) != t["last_ns"] - t["first_ns"]]
    return lost, wrong


def compare_kernel(run, excused=0):
    running = Worst("running time against the CPU clock", excused)
    delay = Worst("queue time against schedstat")
    counts = Worst("switches against /proc")
    for tid, theirs in run["parked"].items():
        ours = run["until"][tid]
        where = f"{theirs['kind']} {tid}, {ours['switches']} switches, unknown {ours['unknown_ns']}"
        # Where an event was not to be had, nothing is known, and it is not more wrong than that.
        slack = ours["unknown_ns"]
        running.add(ours["running_ns"], theirs["cpu"], slack + 0.015 * theirs["cpu"] + 6000 * ours["switches"], where)
        delay.add(ours["runnable_ns"], theirs["delay"], slack + 0.03 * theirs["delay"] + 6000 * ours["switches"], where)
        for kind in ("voluntary", "involuntary"):
            counts.add(ours[kind], theirs[kind], 2 + run["holes"][tid], f"{where} {kind}")
    whole = by_tid(run["whole"])
    for tid, (cpu, _) in run["short"].items():
        ours = whole[tid]
        # Its clock begins while it is made, a moment before its first switch.
        running.add(ours["running_ns"] - run["after"][tid], cpu,
                    ours["unknown_ns"] + 0.015 * cpu + 6000 * ours["switches"] + 60000, f"short {tid}")
    return [running, delay, counts]


def compare_perf(run, _excused=0):
    worst = Worst("running time against perf sched timehist")
    whole = by_tid(run["whole"])
    for tid in [*run["parked"], *run["short"]] if run["perf"] else []:
        count, ns = run["perf"].get(tid, (0, 0))
        ours = whole[tid]
        # timehist forgets the last run of a thread that ends, which is half the life of a short one.
        if tid in run["short"] and count != ours["switches"]:
            continue
        # Where the kernel hides a switch we say unknown; timehist counts on from the last one it saw.
        if run["holes"][tid]:
            continue
        worst.add(ours["running_ns"], ns, ours["unknown_ns"] + 0.003 * ns + 1000 * max(count, 1),
                  f"{ours['name']} {tid}, {count} runs, unknown {ours['unknown_ns']}")
    return [worst] if worst.n else []


def worst_share(figures):
    return max([f.share for f in figures], default=float("inf"))


def taken_ns(run):
    """What the host may have taken in that run: /proc/stat tells it in ticks."""
    return (run["stolen"] + 1) * 10**9 // os.sysconf("SC_CLK_TCK") if run["stolen"] else 0


def best_of(n_threads, seconds, folder, with_perf, compare):
    """The figures of the best of up to three runs; the sums must be right in each."""
    runs = []
    for _ in range(3):
        run = run_once(n_threads, seconds, folder, with_perf)
        runs.append(run)
        lost, wrong = check_sums(run)
        if not tap.ok(lost == 0 and not wrong, f"{n_threads} threads: nothing lost, states add up to the nanosecond",
                      f"lost {lost}, wrong {wrong[:2]}"):
            return []
        tap.note(f"the host took {run['stolen']} of {run['busy'] + run['stolen']} ticks at work")
        if worst_share(compare(run)) <= 1:
            break
    best = min((compare(run) for run in runs), key=worst_share)
    if worst_share(best) > 1:
        best = min((compare(run, taken_ns(run)) for run in runs), key=worst_share)
    return best


def main():
    if os.geteuid() != 0:
        tap.skip("accuracy", "recording needs root here")
        tap.done()
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        for n_threads, seconds in ((4, 2), (14, 2), (50, 3)):
            for figure in best_of(n_threads, seconds, Path(folder), False, compare_kernel):
                figure.tell(n_threads)
            figures = best_of(n_threads, seconds, Path(folder), True, compare_perf) if shutil.which("perf") else []
            for figure in figures:
                figure.tell(n_threads)
            if not figures:
                tap.skip(f"{n_threads} threads: running time against perf sched timehist", "no perf here, or it lost events")
    tap.done()


main()
