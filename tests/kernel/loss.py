# SPDX-License-Identifier: GPL-2.0-or-later
"""Loss: a client that does not read makes the kernel's rings overflow; everything lost is counted, by CPU and time."""
import os
import sys
import time
from bisect import bisect_left

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from records import *  # noqa: E402,F403
from records import Worker  # noqa: E402
from tap import Tap  # noqa: E402
from targets import Target  # noqa: E402

# lib/wire/kernel-state.h: a ring for each CPU
RING_BYTES = min(8 << 20, (64 << 20) // os.cpu_count()) * os.cpu_count()
LIVES = 60000


def rss(pid):
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")


def switches_of(program):
    """How often a target and its child have left a CPU."""
    with open(f"/proc/{program.pid}/task/{program.pid}/children") as file:
        pids = [program.pid, *map(int, file.read().split())]
    count = 0
    for pid in pids:
        with open(f"/proc/{pid}/status") as status:
            count += sum(int(line.split()[1]) for line in status if "voluntary_ctxt_switches:" in line)
    return count


def let_overflow(*programs):
    """Until they have switched more often than the ring has room for; a switch takes 40 bytes and more."""
    until = time.monotonic() + 60
    while sum(map(switches_of, programs)) < RING_BYTES / 40 * 1.2 and time.monotonic() < until:
        time.sleep(0.1)


def check_sums(tap, worker, name):
    """T52, in each test of load."""
    end, sums = worker.end_record(), worker.sums()
    (seen, delivered, lost), (got, gaps) = sums
    tap.ok(seen == delivered + lost, f"{name}: seen = delivered + lost, exactly", sums)
    tap.ok(got == delivered, f"{name}: what the end says was delivered has arrived", sums)
    tap.ok(gaps == lost, f"{name}: the gaps add up to what was lost", sums)
    return end


def test_stopped_reader(tap):
    """T50. Two ping-pongs fill the rings in about a second; nobody reads for longer than that."""
    with Target("pipe", 0) as one, Target("pipe", 0) as two, Worker() as worker:
        worker.start([one.pid, two.pid])
        before = rss(worker.pid)
        let_overflow(one, two)
        grown = rss(worker.pid) - before
        worker.read_for(1)
        one.go()
        two.go()
        end = worker.wait_for(lambda r: r.kind == END, 30)
        worker.finish()
        tap.ok(end and end.reason == TARGET_EXIT, "the end comes", end)
        tap.ok(end and end.lost > 0, f"the ring overflowed ({end.lost if end else '?'} events lost)")
        # The rings are mapped memory: their pages count once they are touched.
        tap.ok(grown <= RING_BYTES + (2 << 20), f"the tracer grew by no more than the rings: {grown >> 10} KiB")
        check_sums(tap, worker, "stopped reader")
        gaps = worker.of(GAP)
        tap.ok(gaps and all(g.count > 0 and g.first_ns <= g.last_ns and g.cause == 1 for g in gaps),
               f"each of the {len(gaps)} gaps says how many, from when to when, and why", gaps[:3])
        tap.ok(not overlapping(worker.records), "no event that was kept lies inside a gap of its CPU",
               overlapping(worker.records)[:3])
        statuses = [s.lost for s in worker.of(STATUS)]
        tap.ok(statuses == sorted(statuses) and statuses[-1] == end.lost, "the status shows it growing", statuses[-5:])


def overlapping(records):
    """[(event, gap)] where an event that was kept lies inside a gap of its CPU."""
    gaps = sorted((g.cpu, g.first_ns, g.last_ns) for g in records if g.kind == GAP)
    found = []
    for r in records:
        if r.kind in (SWITCH, WAKING):
            at = bisect_left(gaps, (r.cpu, r.time_ns)) - 1
            if at >= 0 and gaps[at][0] == r.cpu and r.time_ns < gaps[at][2]:
                found.append((r, gaps[at]))
    return found


def test_stop_without_reading(tap):
    """STOP while everything is full: what is in the ring still comes, and the last gaps with it."""
    with Target("pipe", 0) as target, Worker() as worker:
        worker.start([target.pid])
        let_overflow(target)
        end = worker.stop(30)
        tap.ok(end and end.reason == STOPPED and end.lost > 0, "it ends in order, with a loss", end)
        check_sums(tap, worker, "stop without reading")
        target.go()


def read_all():
    """Two ping-pongs, the whole machine, a client that reads: the end record and its worker."""
    with Target("pipe", 0) as one, Target("pipe", 0) as two, Worker() as worker:
        worker.start(whole=True, exclude=os.getpid())
        until = time.monotonic() + 3
        while time.monotonic() < until:  # take the bytes, look at them later: as a client's reader thread does
            worker.data += worker.socket.recv(1 << 20)
        one.go()
        two.go()
        return worker.stop(30), worker


def test_reading_loses_nothing(tap):
    # A machine that gives the reader no CPU for a second makes it one that does not read.
    for _ in range(3):
        end, worker = read_all()
        if end and end.lost == 0:
            break
    tap.ok(end and end.lost == 0 and end.seen > 20000, f"a client that reads loses nothing of {end.seen} events", end)
    check_sums(tap, worker, "reading")


def test_short_lives(tap):
    """T55: threads that are born and end as fast as they can: all are told or counted as lost, and the tracer keeps
    nothing of them."""
    with Target("lives", LIVES) as target, Worker() as worker:
        worker.start([target.pid])
        before = rss(worker.pid)
        begin = time.monotonic()
        target.go()
        grown = 0
        while target.process.poll() is None:
            worker.data += worker.socket.recv(1 << 20)
            grown = max(grown, rss(worker.pid) - before)
        rate = LIVES / (time.monotonic() - begin)
        end = worker.wait_for(lambda r: r.kind == END, 30)
        worker.finish()
        tap.ok(end and end.reason == TARGET_EXIT, f"{LIVES} lives at {rate:.0f} a second come to an end", end)
        tap.ok(grown <= RING_BYTES + (2 << 20), f"the tracer grew by no more than the rings: {grown >> 10} KiB")
        check_sums(tap, worker, "short lives")
        forks, exits = len(worker.of(FORK)), sum(not e.flags & EXIT_NEIGHBOUR for e in worker.of(EXIT))
        tap.ok(end and LIVES <= forks + end.lost and LIVES <= exits + end.lost, "each birth and end is told or lost",
               (forks, exits, end))


def main():
    tap = Tap()
    for test in (test_stopped_reader, test_stop_without_reading, test_reading_loses_nothing,
                 test_short_lives):
        tap.run(test.__name__, lambda test=test: test(tap))
    tap.done()


main()
