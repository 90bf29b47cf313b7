# SPDX-License-Identifier: GPL-2.0-or-later
"""What tracing costs whom it watches: a pinned ping-pong with nobody watching, with us, with perf, with the kernel's own
tracer, with bpftrace; and our own shadow.

One ping-pong runs all the time (a new one has its memory elsewhere, which alone makes it faster or slower by more than
what is measured), and the sides take turns, each between two turns of nobody: a machine's mood changes within seconds, so
a side is compared with its neighbours only, and the median of these differences counts. Before each turn it waits for a
quiet moment: the other CPUs idle, nobody else tracing (a second tracer makes both dearer). LSC_COST_ROUNDS (30),
LSC_COST_SECONDS (0.5 a turn) and LSC_COST_PATIENCE (120 seconds of waiting in all) say how long."""
import json
import os
import select
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from ftrace import Ftrace  # noqa: E402
from records import END, EVENTS, HEAD, HEADER, READY, Worker, parse, stop_command  # noqa: E402
from targets import Target  # noqa: E402

ROUNDS = max(2, int(os.environ.get("LSC_COST_ROUNDS", "30")))
SECONDS = float(os.environ.get("LSC_COST_SECONDS", "0.5"))
# What a bare operation took, and what perf added to it, where the goals were set.
BARE_US, PERF_US = 5.1, 3.72


class Quiet:
    """Waits for quiet moments, as long as there is patience left."""

    def __init__(self):
        self.patience = float(os.environ.get("LSC_COST_PATIENCE", "120"))
        self.n_loud = 0

    @staticmethod
    def cpu_times():
        """Of all CPUs but the first, where the ping-pong runs."""
        with open("/proc/stat") as stat:
            cpus = [line.split()[1:9] for line in stat if line.startswith("cpu")][2:]
        return [sum(int(n) for n in column) for column in zip(*cpus)]

    def is_quiet(self):
        before = self.cpu_times()
        time.sleep(0.25)
        spent = [b - a for a, b in zip(before, self.cpu_times())]
        if spent[3] + spent[4] < 0.9 * sum(spent):
            return False
        programs = subprocess.run(["bpftool", "prog", "show"], capture_output=True, text=True, timeout=20).stdout
        return "name on_switch" not in programs

    def wait(self):
        while not self.is_quiet():
            if self.patience <= 0:
                self.n_loud += 1
                return
            time.sleep(0.25)
            self.patience -= 0.5


quiet = Quiet()


def figure(name, ours, target=None, unit=None, **more):
    line = {"figure": name, "ours": ours, "target": target, "unit": unit, **more}
    print(json.dumps({key: value for key, value in line.items() if value is not None}), flush=True)


class PingPong:
    """Two threads on the first CPU that take turns, until the end of the context: an operation is two switches and two
    wakings."""

    def __init__(self):
        self.bench = subprocess.Popen(["taskset", "-c", "0", "perf", "bench", "sched", "pipe", "-T", "-l", str(2 ** 31 - 1)],
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.pid = self.bench.pid
        time.sleep(1)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.bench.kill()
        self.bench.wait()

    def account(self):
        """(nanoseconds on the CPU, times a thread left it) so far. Who is woken may take the CPU at once: then the waker
        is pushed off, and finds its byte there when it comes back."""
        cpu_ns, switches = 0, 0
        for task in Path(f"/proc/{self.pid}/task").iterdir():
            cpu_ns += int((task / "schedstat").read_text().split()[0])
            status = (task / "status").read_text()
            switches += sum(int(line.split()[1]) for line in status.splitlines() if "voluntary_ctxt_switches:" in line)
        return cpu_ns, switches

    def cost(self):
        """Microseconds an operation during one turn: processor time, so that the turns of others do not count."""
        before = self.account()
        time.sleep(SECONDS)
        cpu_ns, switches = (now - then for now, then in zip(self.account(), before))
        assert switches > 1000, "the ping-pong does not run: is `perf bench sched pipe` at work?"
        return cpu_ns / 1000 / (switches / 2)


class Reader:
    """Takes the stream as fast as it comes, as a client's reader thread does, and keeps only the end."""

    def __init__(self, worker):
        self.worker, self.tail, self.n_bytes, self.going = worker, b"", 0, True
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def take(self, timeout):
        if not select.select([self.worker.socket], [], [], timeout)[0]:
            return True
        chunk = self.worker.socket.recv(1 << 20)
        self.n_bytes += len(chunk)
        self.tail = (self.tail + chunk)[-4096:]
        return bool(chunk)

    def run(self):
        while self.going and self.take(0.05):
            pass

    def finish(self):
        self.going = False
        self.thread.join()
        self.worker.send(stop_command())
        while self.take(5):
            pass
        _, _, kind, _, _ = HEAD.unpack_from(self.tail, len(self.tail) - 48)
        assert kind == END, "the stream ended without an end record"
        return parse(self.tail[-48:])[0][0]


def watched(ping_pong, pid):
    """(microseconds, end record) with us watching that process: the ping-pong itself, or one that sleeps."""
    with Worker() as worker:
        worker.start([pid])
        reader = Reader(worker)
        try:
            cost = ping_pong.cost()
        finally:
            end = reader.finish()
        return cost, end


def with_perf(ping_pong):
    """Microseconds with `perf sched record` watching the whole machine, as it always does; None without perf's consent."""
    with tempfile.TemporaryDirectory() as folder:
        perf = subprocess.Popen(["perf", "sched", "record", "-o", f"{folder}/perf.data", "sleep", "600"],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(1)
        try:
            return ping_pong.cost() if perf.poll() is None else None
        finally:
            perf.send_signal(signal.SIGINT)
            perf.wait(timeout=60)


def with_ftrace(ping_pong):
    """The same with the kernel's own tracer writing both events into its own ring, which nobody reads: what trace-cmd
    costs while it records."""
    with Ftrace("sched/sched_switch", "sched/sched_waking"):
        return ping_pong.cost()


PRINTING = """
tracepoint:sched:sched_switch { printf("%llu %d %d %d\\n", nsecs, args->prev_pid, args->prev_state, args->next_pid) }
tracepoint:sched:sched_waking { printf("%llu %d %d\\n", nsecs, pid, args->pid) }
"""


def swallow(stream):
    while stream.read(1 << 16):
        pass


def with_bpftrace(ping_pong):
    """The same with bpftrace printing both events, as its one-liners do; None where it cannot."""
    with subprocess.Popen(["bpftrace", "-e", PRINTING], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as bpftrace:
        reader = threading.Thread(target=swallow, args=(bpftrace.stdout,))
        ready = select.select([bpftrace.stdout], [], [], 20)[0]
        reader.start()
        try:
            return ping_pong.cost() if ready and bpftrace.poll() is None else None
        finally:
            bpftrace.kill()
            reader.join()


# Each peer, and in every how many rounds it takes part.
PEERS = {"perf sched record": (with_perf, 3), "ftrace": (with_ftrace, 3), "bpftrace": (with_bpftrace, 15)}


def low(values):
    return statistics.quantiles(values, n=4)[0] if len(values) > 1 else values[0]


class Sides:
    """What each side costs, turn by turn: microseconds an operation, and how much more than the bare turns around it."""

    def __init__(self, ping_pong):
        self.ping_pong, self.bare, self.added, self.lost, self.seen = ping_pong, [], {}, 0, 0

    def nobody(self):
        quiet.wait()
        self.bare.append(self.ping_pong.cost())

    def somebody(self, name, measure):
        """`measure(ping_pong)` says microseconds an operation, or None where this side cannot be had."""
        quiet.wait()
        cost = measure(self.ping_pong)
        before = self.bare[-1]
        self.nobody()
        if cost:
            self.added.setdefault(name, []).append(cost - (before + self.bare[-1]) / 2)

    def hit(self, ping_pong):
        cost, end = watched(ping_pong, ping_pong.pid)
        self.lost, self.seen = self.lost + end.lost, self.seen + end.seen
        return cost


def measure_sides():
    with PingPong() as ping_pong, Target("park") as parked:
        sides = Sides(ping_pong)
        sides.nobody()
        for turn in range(ROUNDS):
            sides.somebody("hit", sides.hit)
            sides.somebody("missed", lambda _: watched(ping_pong, parked.pid)[0])
            for name, (measure, every) in PEERS.items():
                if turn % every == 0 and (name == "ftrace" or shutil.which(name.split()[0])):
                    sides.somebody(name, measure)
        return sides


def measure_cost():
    sides = measure_sides()
    bare = statistics.median(sides.bare)
    added = {name: round(statistics.median(more), 3) for name, more in sides.added.items()}
    figure("bare ping-pong", round(bare, 3), unit="us an operation")
    for side, goal in (("hit", 0.75), ("missed", 0.35)):
        figure(f"added, target {side}", added[side], f"<= {goal}", "us an operation")
        print(f"# quartiles of that: {[round(q, 2) for q in statistics.quantiles(sides.added[side], n=4)]}", flush=True)
        # Ratios mean the same on a slower machine.
        figure(f"the same as a share of the bare operation, target {side}", round(added[side] / bare, 3),
               f"<= {goal / BARE_US:.3f}")
        if "perf sched record" in added:
            figure(f"the same beside perf sched record, target {side}", added[side], f"<= {goal / PERF_US:.3f} x peer",
                   "us an operation", peer=added["perf sched record"], peer_name="perf sched record")
    for peer in ("ftrace", "bpftrace"):
        if peer in added:
            figure(f"added, target hit, beside {peer}", added["hit"], None, "us an operation", peer=added[peer], peer_name=peer)
    if quiet.n_loud:
        print(f"# {quiet.n_loud} turns were measured while other programs were at work", flush=True)
    figure("lost in the ping-pong", sides.lost, "<= 0", "events", seen=sides.seen)


def involuntary(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("nonvoluntary_ctxt_switches:"))


def sleeper(worker):
    with Target("sleep", 100000) as target:
        if worker:
            worker.start([target.pid])
        target.go()
        time.sleep(0.1)
        before = involuntary(target.pid)
        time.sleep(1)
        count = involuntary(target.pid) - before
        target.process.kill()
        return count


def measure_shadow():
    extra = []
    for _ in range(5):
        with Worker() as worker:
            traced = sleeper(worker)
            worker.stop()
        extra.append(traced - sleeper(None))
    figure("a 1 ms sleeper's extra involuntary switches", statistics.median(extra), "<= 10", "a second")
    counts = []
    for _ in range(3):
        quiet.wait()
        with Worker() as worker:
            worker.start(whole=True, exclude=os.getpid())
            begin = next(r.time_ns for r in worker.records if r.kind == READY)
            time.sleep(2)
            worker.stop()
            counts.append(sum(1 for r in worker.records if r.kind in EVENTS and begin < r.time_ns < begin + 2 * 10 ** 9))
    figure("events of an idle machine", min(counts), "<= 500", "in 2 s")


def measure_start():
    loads = []
    for _ in range(7):
        begin = time.monotonic()
        with Worker() as worker:
            worker.wait_for(lambda r: r.kind == HEADER)
            loads.append((time.monotonic() - begin) * 1000)
            worker.stop()
    figure("the tracer's start, to its first byte", round(low(loads), 1), "<= 200", "ms")


def main():
    measure_start()
    measure_shadow()
    if shutil.which("perf") and shutil.which("taskset"):
        measure_cost()


main()
