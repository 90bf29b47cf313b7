# SPDX-License-Identifier: GPL-2.0-or-later
"""The observer effect: an idle machine stays idle, a sleeper sleeps undisturbed, and the tracer's own work is known."""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from records import *  # noqa: E402,F403
from records import Worker  # noqa: E402
from tap import Tap  # noqa: E402
from targets import Target  # noqa: E402


def involuntary(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("nonvoluntary_ctxt_switches:"))


def sleeper(traced):
    """Involuntary switches a second of a process that sleeps 1 ms at a time."""
    with Target("sleep", 100000) as target:
        def measure():
            target.go()
            time.sleep(0.1)
            begin = involuntary(target.pid)
            time.sleep(1)
            return involuntary(target.pid) - begin
        if not traced:
            count = measure()
        else:
            with Worker() as worker:
                worker.start([target.pid])
                count = measure()
                target.process.kill()
                worker.stop()
        target.process.kill()
        return count


def test_sleeper(tap):
    """T53."""
    pairs = [(sleeper(True), sleeper(False)) for _ in range(5)]
    extra = min(t - u for t, u in pairs)  # other programs push it off as well, now and then
    tap.ok(extra <= 10, f"a traced 1 ms sleeper: {extra:+} involuntary switches a second", pairs)


def idle_share(before, after):
    spent = [b - a for a, b in zip(before, after)]
    return (spent[3] + spent[4]) / max(1, sum(spent[:8]))


def cpu_times():
    with open("/proc/stat") as stat:
        return [int(n) for n in stat.readline().split()[1:]]


def test_idle(tap):
    """T51. Where other programs run at this moment, their events are theirs; ours are still few."""
    runs = []
    for _ in range(3):
        with Worker() as worker:
            worker.start(whole=True, exclude=os.getpid())
            begin, times = worker.of(READY)[0].time_ns, cpu_times()
            time.sleep(2)  # not reading: the client does nothing
            idle = idle_share(times, cpu_times())
            worker.stop()
            events = [r for r in worker.records if r.kind in EVENTS and begin < r.time_ns < begin + 2 * 10 ** 9]
            ours = [r for r in events if worker.pid in (getattr(r, "prev_tid", 0), getattr(r, "next_tid", 0),
                                                        getattr(r, "waker_tid", 0))]
            runs.append((len(events), len(ours), round(idle, 3)))
    total, ours, idle = min(runs)
    busy = idle < 0.97
    tap.ok(total <= 500 or busy, f"two idle seconds: {total} events (the machine was idle to {idle:.0%})", runs)
    tap.ok(ours <= 500, f"{ours} events have the tracer in it", runs)


def test_own_work(tap):
    """The status says what the tracer costs, and it is true."""
    with Target("pipe", 0) as target, Worker() as worker:
        worker.start([target.pid])
        worker.read_for(1)
        ticks = os.sysconf("SC_CLK_TCK")
        with open(f"/proc/{worker.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        used = (int(fields[11]) + int(fields[12])) / ticks
        worker.read_for(0.3)
        last = worker.of(STATUS)[-1]
        tap.ok(abs(last.helper_ns / 1e9 - used) < 0.35, "the tracer's CPU time is that of /proc", (last.helper_ns, used))
        events = last.seen
        tap.ok(events > 1000 and 20 < last.kernel_ns / events < 5000,
               f"the programs took {last.kernel_ns / events:.0f} ns an event", last)
        target.go()
        worker.stop()


def main():
    tap = Tap()
    for test in (test_sleeper, test_idle, test_own_work):
        tap.run(test.__name__, lambda test=test: test(tap))
    tap.done()


main()
