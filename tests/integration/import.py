# SPDX-License-Identifier: GPL-2.0-or-later
"""Other tools' traces, recorded here by the real trace-cmd and perf while Lanescope records the same run: each thread runs
as often and at the same times (to the microsecond: the three look at the clock one after the other) in all of them. And
each format, opened by every subcommand, says what trace-cmd's and perf's own text says."""
import errno
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from ftrace import Ftrace  # noqa: E402
from tap import Tap  # noqa: E402

BUILD = Path(os.environ["LSC_BUILD"])
CLI = BUILD / "cli" / "lanescope-cli"
WORKLOAD = BUILD / "tests" / "workload"
EVENTS = [f"sched/{name}" for name in ("sched_switch", "sched_waking", "sched_wakeup_new", "sched_process_fork",
                                       "sched_process_exec", "sched_process_exit")] + ["task/task_newtask", "task/task_rename"]
tap = Tap()


def run(*args, ok=True):
    done = subprocess.run([CLI, *map(str, args)], capture_output=True, text=True, timeout=120)
    assert not ok or done.returncode == 0, (args, done.stderr)
    return done


def running(path, folder):
    """{tid: when it was put on a CPU, each time}, and {tid: how much of it is unknown}."""
    table = folder / "spans.json"
    run("export", path, "--format", "json", "--output", table)
    starts, unknown = {}, Counter()
    for line in table.read_text().splitlines()[1:]:
        span = json.loads(line)
        if span["state"] == "running":
            starts.setdefault(span["tid"], []).append(span["start_ns"])
        elif span["state"] == "unknown":
            unknown[span["tid"]] += 1
    return starts, unknown


def widest(starts, first, last):
    """Which of the runs number first..last has the longest time before the next: there it does not matter who looks at
    the clock later."""
    return max(range(first, last), key=lambda i: starts[i + 1] - starts[i])


def compare(name, ours, unknown, theirs):
    """Ours is a part of theirs: the run from its first instruction to its end."""
    differences, wrong, n, surplus = [], [], 0, 0
    for tid, mine in ours.items():
        if unknown[tid] or len(mine) < 6:
            continue
        begin, end = widest(mine, 1, len(mine) // 2), widest(mine, len(mine) // 2, len(mine) - 1)
        first, last = (mine[begin] + mine[begin + 1]) // 2, (mine[end] + mine[end + 1]) // 2
        mine = mine[begin + 1:end + 1]
        n += len(mine)
        other = [t for t in theirs.get(tid, []) if first < t < last]
        if len(other) != len(mine):
            surplus += abs(len(other) - len(mine))
            wrong.append(f"{tid}: we {len(mine)}, {name} {len(other)}")
        else:
            differences += [b - a for a, b in zip(mine, other)]
    # Where a VM hides a switch, one side may know from a wakeup alone that a thread was put on a CPU anew.
    tap.ok(n > 500 and surplus <= n * 0.0002, f"{name}: each thread was put on a CPU as often as we say ({n} times)", "\n".join(wrong[:8]))
    if differences:
        # Who looks at the clock last sees a later time, always by the same: what the ones before take.
        offset = statistics.median(differences)
        spread = sorted(abs(d - offset) for d in differences)
        middle, most = spread[len(spread) // 2], spread[len(spread) * 99 // 100]
        tap.ok(abs(offset) < 3000 and middle < 1000 and most < 20_000,
               f"{name}: at the same times ({offset:.0f} ns later; half within {middle:.0f}, 99 % within {most:.0f} ns)",
               f"the worst: {spread[-3:]}")


def record_once(folder):
    """The same second as all tools see it; whether perf saw all of it."""
    perf = subprocess.Popen(["perf", "sched", "record", "-q", "-k", "CLOCK_MONOTONIC", "-m", "16M", "-o", folder / "perf.data",
                             "sleep", "600"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(1.5)
    with Ftrace(*EVENTS) as ftrace:
        run("record", "--output", folder / "own.lanes", "--", WORKLOAD, 8, 1)
        (folder / "ftrace.txt").write_text(ftrace.text())
        ftrace.extract(folder / "trace.dat")
    perf.send_signal(signal.SIGINT)
    perf.wait(timeout=60)
    told = subprocess.run(["perf", "report", "--stats", "-i", folder / "perf.data"], capture_output=True, text=True, timeout=60)
    return "LOST" not in told.stdout


def record(folder):
    any(record_once(folder) for _ in range(3))  # perf loses events on a busy machine
    for version, compression in ((6, None), (7, "none")):
        subprocess.run(["trace-cmd", "convert", "-i", folder / "trace.dat", "-o", folder / f"trace-{version}.dat",
                        "--file-version", str(version)] + (["--compression", compression] if compression else []),
                       check=True, capture_output=True, timeout=60)
    for target, command in (("report.txt", ["trace-cmd", "report", "-i", folder / "trace.dat"]),
                            ("script.txt", ["perf", "script", "--ns", "-i", folder / "perf.data"])):
        with open(folder / target, "wb") as out:
            subprocess.run(command, stdout=out, stderr=subprocess.DEVNULL, check=True, timeout=60)


def check_against_report(folder):
    """Every switch of trace-cmd's own report: its time in nanoseconds and who came."""
    report = subprocess.run(["trace-cmd", "report", "-t", "-i", folder / "trace.dat"], capture_output=True, text=True,
                            timeout=60).stdout
    theirs = Counter()
    for line in report.splitlines():
        match = re.search(r"\] +(\d+)\.(\d{9}): sched_switch: .* ==> .*:(\d+) \[-?\d+\]", line)
        if match and match[3] != "0":
            theirs[int(match[3]), int(match[1]) * 10**9 + int(match[2])] += 1
    starts, _ = running(folder / "trace.dat", folder)
    ours = Counter((tid, t) for tid, all in starts.items() for t in all)
    missing = theirs - ours
    # A switch to who is said to run already (the VM hid how it left) begins no new stretch.
    tap.ok(len(theirs) > 500 and len(missing) <= len(theirs) * 0.002,
           f"trace.dat: {len(theirs)} switches of trace-cmd's report are there, to the nanosecond",
           f"{len(missing)} are missing: {list(missing)[:4]}")


def check_subcommands(folder):
    for name in ("trace.dat", "trace-6.dat", "perf.data", "script.txt", "ftrace.txt", "report.txt"):
        path = folder / name
        info = json.loads(run("info", path, "--json").stdout)
        tap.ok(info["events"] > 1000 and not info["file"]["cut_short"], f"info of {name}", info)
        stats = json.loads(run("stats", path, "--json").stdout)
        names = Counter(t["name"] for t in stats["threads"])
        tap.ok(names["compute"] and names["pipe"], f"stats of {name} knows the threads by name", names)
        copy, again = folder / "copy.lanes", None
        run("export", path, "--format", "lanescope", "--output", copy)
        again = json.loads(run("stats", copy, "--json").stdout)
        tap.ok(again["threads"] == stats["threads"], f"{name} kept as .lanes says the same")
    with (folder / "perf.data").open("rb") as pipe:
        piped = subprocess.run([CLI, "info", "-", "--json"], stdin=pipe, capture_output=True, text=True, timeout=60)
    tap.ok(piped.returncode == 0 and json.loads(piped.stdout)["events"] > 1000, "a perf.data through standard input", piped.stderr)
    tap.ok("Woken" in run("narrate", folder / "trace.dat").stdout, "narrate tells the story of a trace.dat")
    run("render", folder / "perf.data", "--output", folder / "lanes.png")
    tap.ok((folder / "lanes.png").stat().st_size > 5000, "render draws a perf.data")


def check_trouble(folder):
    path = dict(os.environ, PATH="/nonexistent")
    done = subprocess.run([CLI, "info", folder / "perf.data"], capture_output=True, text=True, env=path, timeout=20)
    tap.ok(done.returncode == 1 and "linux-perf" in done.stderr, "a perf.data without perf: what to install", done.stderr)
    broken = folder / "broken.data"
    broken.write_bytes((folder / "perf.data").read_bytes()[:3000])
    done = run("info", broken, ok=False)
    tap.ok(done.returncode == 1 and "perf could not read" in done.stderr, "a perf.data that perf cannot read", done.stderr)


def check_pulled_disk(folder):
    """Whatever the format: a sentence about the disk, not about what the file would hold."""
    run("export", folder / "trace.dat", "--format", "perfetto", "--output", folder / "own.pftrace")
    state = folder / "state"
    pulled = dict(os.environ, LD_PRELOAD=str(BUILD / "tests" / "libdisk.so"), LSC_DISK=f"{folder}/", LSC_DISK_STATE=str(state))
    for name, n_read in (("trace-6.dat", 3), ("trace-7.dat", 3), ("report.txt", 3), ("own.pftrace", 1), ("own.pftrace", 2)):
        state.write_text(f"fail {n_read} {errno.EIO}")
        done = subprocess.run([CLI, "info", folder / name], capture_output=True, text=True, env=pulled, timeout=60)
        tap.ok(done.returncode == 1 and f"{name}” could not be read: Input/output error" in done.stderr,
               f"{name}, pulled after {n_read} pieces", done.stdout + done.stderr)


def main():
    if os.geteuid() != 0 or not shutil.which("trace-cmd") or not shutil.which("perf"):
        tap.skip("other tools' traces", "recording them takes root, trace-cmd and perf")
        tap.done()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        record(folder)
        ours, unknown = running(folder / "own.lanes", folder)
        for theirs in ("trace.dat", "trace-6.dat", "trace-7.dat", "perf.data"):
            compare(theirs, ours, unknown, running(folder / theirs, folder)[0])
        tap.run("trace-cmd's own report", lambda: check_against_report(folder))
        tap.run("every subcommand takes every format", lambda: check_subcommands(folder))
        tap.run("trouble has its sentences", lambda: check_trouble(folder))
        tap.run("a disk is pulled", lambda: check_pulled_disk(folder))
    tap.done()


main()
