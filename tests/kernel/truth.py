# SPDX-License-Identifier: GPL-2.0-or-later
"""Programs with a known truth, recorded by the real command line: reasons, wakers, counts and times of what came out
against what the program logged itself with CLOCK_MONOTONIC (tests/kernel/truth-target.c).

Each logged wait is looked up in the spans of its thread. Whatever the load of the machine, all of the thread's time off
the CPU in that call lies between the two moments that it logged, has that one reason, and was ended by that waker."""
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict, namedtuple
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from tap import Tap  # noqa: E402
from targets import Program  # noqa: E402

BUILD, SOURCE = Path(os.environ["LSC_BUILD"]), Path(os.environ["LSC_SOURCE"])
CLI = BUILD / "cli" / "lanescope-cli"
TARGET = BUILD / "tests" / "truth-target"
ASLEEP = ("sleeping", "uninterruptible")
Span = namedtuple("Span", "start end state reason syscall argument other cpu")
Wait = namedtuple("Wait", "tid before after waker")
tap = Tap()


def number(text):
    return int(text) if text else None


class Capture:
    """A recorded program: its own log, and what Lanescope says of it."""

    def __init__(self, folder, *command, options=()):
        self.file = Path(folder) / "truth.lanes"
        done = subprocess.run([CLI, "record", "--output", self.file, *options, "--", *map(str, command)], capture_output=True,
                              text=True, timeout=120)
        assert done.returncode == 0, f"{command}: status {done.returncode}\n{done.stderr}"
        self.tids, self.waits, self.busy, self.counts = {}, [], [], {}
        for kind, *words in (line.split() for line in done.stdout.splitlines() if line.strip()):
            if kind == "thread":
                self.tids[words[0]] = int(words[1])
            elif kind == "wait":
                self.waits.append(Wait(*map(int, words)))
            elif kind == "busy":
                self.busy.append(tuple(map(int, words[:3])))
            elif kind == "count":
                self.counts[int(words[0])] = int(words[1])
        self.read_spans(folder)

    def read_spans(self, folder):
        path = Path(folder) / "truth.csv"
        subprocess.run([CLI, "export", self.file, "--format", "csv", "--output", path], check=True, timeout=120)
        self.spans = defaultdict(list)
        with open(path, newline="") as file:
            for row in csv.DictReader(file):
                self.spans[int(row["tid"])].append(
                    Span(int(row["start_ns"]), int(row["end_ns"]), row["state"], row["reason"], row["syscall"],
                         number(row["argument"]), number(row["other_tid"]), number(row["cpu"])))
        self.starts = {tid: [s.start for s in spans] for tid, spans in self.spans.items()}

    def stats(self, *options):
        done = subprocess.run([CLI, "stats", "--json", self.file, *options], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def between(self, tid, before, after):
        """The spans of a thread that begin in there."""
        starts = self.starts[tid]
        return self.spans[tid][bisect_left(starts, before):bisect_right(starts, after)]

    def of_wait(self, wait):
        """(first sleep, the span after it, all spans) of a logged wait; None where it did not come to a sleep."""
        spans = self.between(wait.tid, wait.before, wait.after)
        for i, span in enumerate(spans):
            if span.state in ASLEEP:
                return span, spans[i + 1] if i + 1 < len(spans) else None, spans
        return None, None, spans

    def path(self, tid, before, after):
        """The critical path of a thread between two moments of the log: [(from, to, tid, kind)]."""
        start = self.stats()["capture"]["start_ns"]
        done = subprocess.run([CLI, "path", "--json", self.file, "--thread", str(tid), "--from", f"{before - start}ns", "--to",
                               f"{after - start}ns"], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return [(s["from_ns"], s["to_ns"], s["tid"], s["kind"]) for s in json.loads(done.stdout)["segments"]]

    def role(self, name):
        return self.tids[name]


def check_waits(capture, name, reason, least, slack_ns=60000):
    """Reason and waker of every logged wait; how many came to a sleep; and that the rest of the call was short."""
    wrong_reason, wrong_waker, unseen, outside, rest, slept, hidden = [], [], [], [], [], 0, 0
    for wait in capture.waits:
        sleep, then, spans = capture.of_wait(wait)
        # Some virtual machines hide what happens while a thread of their process 1 has the CPU. A hidden switch is marked
        # unknown and says nothing; of a hidden wakeup only the run is seen that it led to.
        if any(s.state == "unknown" for s in spans):
            hidden += 1
            continue
        if sleep is None:
            continue
        slept += 1
        if sleep.reason != reason:
            wrong_reason.append((wait, sleep))
        if then is not None and then.state == "running":
            unseen.append((wait, then))
        elif then is None or then.state != "runnable" or (then.other or 0) != wait.waker:
            wrong_waker.append((wait, then))
        if spans[-1].state != "running" or spans[-1].start > wait.after:
            outside.append((wait, spans[-1]))
        off = sum(s.end - s.start for s in spans if s.state != "running")
        rest.append(wait.after - wait.before - off)
    total = len(capture.waits) - hidden
    tap.ok(slept >= least * total and total > hidden * 5, f"{name}: {slept} of {total} logged waits are sleeps", hidden)
    tap.ok(slept and not wrong_reason, f"{name}: every reason is {reason}", wrong_reason[:2])
    # Between its decision to sleep and the sleep, a thread may be pushed off, and woken meanwhile by whoever runs then.
    tap.ok(len(wrong_waker) <= 0.002 * total, f"{name}: every waker is the one that it knows",
           (len(wrong_waker), wrong_waker[:2]))
    tap.ok(len(unseen) <= 0.02 * total, f"{name}: its wakeups are seen", (len(unseen), unseen[:2]))
    tap.ok(not outside, f"{name}: every sleep ends before the call returns", outside[:2])
    middle = statistics.median(rest) if rest else 0
    tap.ok(rest and min(rest) >= 0 and middle < slack_ns, f"{name}: the call took what it slept, and {middle / 1000:.1f} us more",
           (min(rest, default=0), middle))


def test_token(folder):
    rounds = 10000
    capture = Capture(folder, TARGET, "token", rounds)
    check_waits(capture, "token", "lock", 0.99)
    tap.ok(len(capture.waits) >= 0.9 * rounds, "token: every round waits", len(capture.waits))
    addresses = {s.argument for w in capture.waits for s in [capture.of_wait(w)[0]] if s}
    tap.ok(len(addresses) == 1, "token: it is one lock", addresses)
    for name in ("token-0", "token-1"):
        tid = capture.role(name)
        ours = next(t for t in capture.stats()["threads"] if t["tid"] == tid)
        locks = sum(r["count"] for r in ours["off_cpu_by_reason"] if r["reason"] == "lock")
        logged = sum(w.tid == tid for w in capture.waits)
        tap.ok(abs(locks - logged) <= 0.01 * logged + 3, f"{name}: the table counts {locks} waits, the program {logged}")


def test_sleep(folder):
    capture = Capture(folder, TARGET, "sleep", 1500)
    # A host that takes the CPU between the timer's start and the sleep takes the sleep away, too.
    check_waits(capture, "sleeper", "timer", 0.99)


def test_pipe(folder):
    capture = Capture(folder, TARGET, "pipe", 3000)
    check_waits(capture, "pipe", "pipe", 0.45)
    text = subprocess.run([CLI, "narrate", capture.file, "--thread", str(capture.role("pipe-1"))], capture_output=True, text=True,
                          timeout=60, env={**os.environ, "LC_ALL": "C.UTF-8"}).stdout
    tap.ok(text.count("reading from a pipe (descriptor ") > 1000, "pipe: the story says that it reads from a pipe", text[:500])


def test_disk(folder):
    path = BUILD / "tests" / "truth-disk.tmp"
    path.write_bytes(os.urandom(64 << 20))
    try:
        capture = Capture(folder, TARGET, "disk", 1024, path)
    except AssertionError as why:
        if "Invalid argument" not in str(why):
            raise
        tap.skip("direct reads wait for the disk", "this file system has no direct reads")
        return
    finally:
        path.unlink()
    slept = [capture.of_wait(w) for w in capture.waits]
    reasons = Counter(sleep.reason for sleep, _, _ in slept if sleep)
    # A disk that answers from the host's memory may be done before the thread has fallen asleep.
    tap.ok(sum(reasons.values()) > 20 and set(reasons) == {"disk"}, "direct reads wait for the disk, and for nothing else",
           reasons)
    tap.ok(all(sleep.syscall.startswith("pread") and sleep.state == "uninterruptible" for sleep, _, _ in slept if sleep),
           "they sleep uninterruptibly, in pread")


def test_hog(folder):
    capture = Capture(folder, TARGET, "hog", 60)
    victim, hog = capture.role("hog-0"), capture.role("hog-1")
    pushed = [s for s in capture.spans[victim] if s.reason == "preempted" and s.other == hog]
    hits = [(b, a, [s for s in pushed if s.start <= b <= s.end]) for _, b, a in capture.busy]
    missing = [h for h in hits if len(h[2]) != 1]
    # The log begins after the hog has the CPU, and its last round may find the victim gone.
    tap.ok(len(missing) <= 2, f"each of the hog's {len(hits)} rounds pushes the victim off, once", missing[:3])
    wrong = [h for h in hits if len(h[2]) == 1 and not h[2][0].end >= h[1] - 1000]
    tap.ok(not wrong, "and keeps it off for as long as the hog logged", wrong[:3])
    others = Counter(s.other for s in capture.spans[victim] if s.reason == "preempted" and s.other != hog)
    tap.ok(sum(others.values()) <= 0.2 * len(hits), "hardly anybody else pushes it off", others)


def test_yield(folder):
    capture = Capture(folder, TARGET, "yield", 5000)
    for tid, theirs in capture.counts.items():
        spans = Counter(s.reason for s in capture.spans[tid])
        ours = spans["yielded"] + spans["preempted"]
        tap.ok(theirs > 500 and abs(ours - theirs) <= 3, f"{ours} yields and preemptions, getrusage counts {theirs}", spans)
        tap.ok(spans["yielded"] >= 0.9 * ours, "nearly all of them are called yields", spans)


def test_barrier(folder):
    capture = Capture(folder, TARGET, "barrier", 40)
    check_waits(capture, "barrier", "lock", 0.9, 400000)
    slow = capture.role("barrier-0")
    late = Counter(w.waker for w in capture.waits)
    tap.ok(late[slow] >= 0.8 * len(capture.waits), "the slow thread is who the others wait for", late)
    for name in ("barrier-1", "barrier-2", "barrier-3"):
        check_path(capture, name, slow)
    uneven = [tids for kind, tids in patterns(capture) if kind == "uneven-work"]
    tap.ok(len(uneven) == 1 and slow in uneven[0], "uneven work is found, with the slow thread in it", patterns(capture))


def within(segments, stretches):
    """[(tid, kind, nanoseconds)] of what lies in some stretches of time."""
    return [(tid, kind, min(to, after) - max(begin, before)) for begin, to, tid, kind in segments
            for before, after in stretches if begin < after and to > before]


def check_path(capture, name, slow):
    """The critical path of a thread of the barrier goes through whoever it slept for, as the program logged it."""
    tid = capture.role(name)
    waits = [w for w in capture.waits if w.tid == tid]
    before, after = waits[0].before, waits[-1].after
    path = capture.path(tid, before, after)
    tap.ok(path[0][0] == before and path[-1][1] == after and all(a[1] == b[0] for a, b in zip(path, path[1:])),
           f"{name}: the critical path covers the time without holes", path[:3])
    sleeps = [capture.of_wait(w)[0] for w in waits if w.waker == slow]
    sleeps = [(s.start, s.end) for s in sleeps if s]
    slept = sum(b - a for a, b in sleeps)
    through = Counter()
    for who, kind, ns in within(path, sleeps):
        through["unknown" if kind == "unknown" else who] += ns
    tap.ok(through[slow] + through["unknown"] >= 0.9 * slept and through["unknown"] < 0.2 * slept,
           f"{name}: {through[slow] / slept:.1%} of its sleep for the slow thread are that one's time", through)
    busy = sum(min(b, after) - max(a, before) for _, a, b in capture.busy for before, after in sleeps
               if a < after and b > before)
    wanted = sum(ns for who, kind, ns in within(path, sleeps) if who == slow and kind in ("running", "queued"))
    tap.ok(abs(wanted - busy) <= 0.1 * busy, f"{name}: of that it ran or wanted to for {wanted / 1e6:.1f} ms, and logged "
           f"{busy / 1e6:.1f} ms", through)
    share = sum(ns for who, _, ns in within(path, [(before, after)]) if who == slow) / (after - before)
    tap.ok(abs(share - slept / (after - before)) < 0.1,
           f"{name}: the slow thread has {share:.0%} of the path; {slept / (after - before):.0%} was slept for it")


def test_gil(folder):
    """The same Python program with threads and with processes."""
    for name, expected in (("fib-threads", True), ("fib-processes", False)):
        program = SOURCE / "data" / "lessons" / f"{name}.py"
        for _ in range(3 if expected else 1):  # others may have kept it from the CPUs
            found = patterns(Capture(folder, "/usr/bin/python3", program, "-s", "2"))
            if told := any(kind == "alternation" and len(tids) >= 2 for kind, tids in found):
                break
        tap.ok(told == expected,
               f"{name}: {'one' if expected else 'no'} thread at a time, as under an interpreter's lock", found)


def test_deadlock(folder):
    """Three threads, each with a lock that another one wants; 2 s after the first, it is found."""
    capture = Capture(folder, TARGET, "deadlock", 10000, options=("--duration", "2"))
    ring = {tid for name, tid in capture.tids.items()}
    last = [capture.spans[tid][-1] for tid in ring]
    tap.ok(len(last) == 3 and all(s.reason == "lock" for s in last), "the three threads wait for locks at the end", last)
    tap.ok(len({s.argument for s in last}) == 3, "of three locks", last)
    found = patterns(capture)
    tap.ok([kind for kind, _ in found] == ["deadlock"] and ring <= found[0][1], "a deadlock is found within 2 s, nothing else", found)


def test_tangle(folder):
    """The same among threads that shared their locks before, while another one of the process works on."""
    capture = Capture(folder, TARGET, "tangle", 10000, options=("--duration", "2.5"))
    ring = {capture.role(f"tangle-{i}") for i in range(3)}
    busy = capture.spans[capture.role("tangle-3")]
    tap.ok(sum(s.state == "running" for s in busy if s.start > busy[-1].end - 5e8) > 10, "another thread works on", len(busy))
    found = [tids for kind, tids in patterns(capture) if kind == "deadlock"]
    tap.ok(found == [ring], "the three in a deadlock are found beside it", patterns(capture))


def patterns(capture):
    """[(kind, {tids})] as `stats --json` lists them."""
    return [(p["kind"], set(p["tids"])) for p in capture.stats()["patterns"]]


def waits_for(capture, tid):
    return [w.after - w.before for w in capture.waits if w.tid == tid]


def test_inversion(folder):
    for job, detail in (("inversion", "waiting for"), ("inheritance", "waiting for a lock with priority inheritance")):
        capture = Capture(folder, TARGET, job, 8)
        low, middle, high = (capture.role(f"{job}-{i}") for i in range(3))
        check_waits(capture, job, "lock", 0.7, 400000)
        overlap = 0
        for wait in capture.waits:
            overlap += sum(min(s.end, wait.after) - max(s.start, wait.before) for s in capture.spans[middle]
                           if s.state == "running" and s.start < wait.after and s.end > wait.before)
        share = overlap / max(1, sum(waits_for(capture, high)))
        inherits = job == "inheritance"
        tap.ok(share < 0.3 if inherits else share > 0.4,
               f"{job}: while the urgent one waits, the middle one has the CPU for {share:.0%}", waits_for(capture, high))
        inverted = [tids for kind, tids in patterns(capture) if kind == "priority-inversion"]
        tap.ok(bool(inverted) != inherits and all({low, middle, high} >= tids and high in tids for tids in inverted),
               f"{job}: a priority inversion is {'not ' if inherits else ''}found", patterns(capture))
        text = subprocess.run([CLI, "narrate", capture.file, "--thread", str(high)], capture_output=True, text=True, timeout=60,
                              env={**os.environ, "LC_ALL": "C.UTF-8"}).stdout
        tap.ok(detail in text and ("inheritance" in text) == inherits, f"{job}: the story says which kind of lock", text[:800])


# What each thread of wait-target waits for, as the statistics name it.
REASONS = {"nap": "timer", "pipe": "pipe", "full-pipe": "pipe", "socket": "network", "accept": "network", "terminal": "terminal",
           "eventfd": "events", "timerfd": "events", "poll": "events", "select": "events", "epoll": "events",
           "signal": "signal", "child": "child", "file-lock": "lock", "mutex": "lock", "condition": "lock", "join": "lock",
           "lock-pi": "lock", "requeue-pi": "lock", "pipe-32": "pipe", "futex-32": "lock", "nap-32": "timer"}


def test_reasons(folder):
    """Threads that wait for ever, each for something else."""
    path = Path(folder) / "waits.lanes"
    with Program(str(BUILD / "tests" / "wait-target")) as program:
        names = {}
        while (words := program.line()) and words != ["ready"]:
            names[int(words[1])] = words[0]
        done = subprocess.run([CLI, "record", "--pid", str(program.pid), "--duration", "0.3", "--output", path],
                              capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
    text = subprocess.run([CLI, "stats", "--json", path], capture_output=True, text=True, timeout=60, check=True).stdout
    stats = json.loads(text)
    found = {names[t["tid"]]: {r["reason"] for r in t["off_cpu_by_reason"]} for t in stats["threads"] if t["tid"] in names}
    wrong = {name: (found.get(name), reason) for name, reason in REASONS.items()
             if name in names.values() and found.get(name) != {reason}}
    tap.ok(len(found) >= 19 and not wrong, f"{len(found)} kinds of waits have their reasons", wrong)


def main():
    if os.geteuid() != 0:
        tap.skip("truth", "recording needs root here")
        tap.done()
    with tempfile.TemporaryDirectory() as folder:
        for test in (test_reasons, test_token, test_sleep, test_pipe, test_disk, test_hog, test_yield, test_barrier, test_gil,
                     test_deadlock, test_tangle, test_inversion):
            tap.run(test.__name__, lambda test=test: test(folder))
    tap.done()


main()
