# SPDX-License-Identifier: GPL-2.0-or-later
"""Scope own: a user sees of his own processes what the kernel would let him trace, and of others nothing at all.

Two ordinary users. The tracer is started for one of them as the door starts it; his stream is searched for the other."""
import os
import shutil
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from records import *  # noqa: E402,F403
from records import HEAD, Worker  # noqa: E402
from tap import Tap  # noqa: E402
from targets import ALICE, BOB, Target, target_path  # noqa: E402

NOTHING = {TID_IDLE, TID_OTHER}


def tids_of(record):
    """Every thread or process id that a record names."""
    names = ("prev_tid", "next_tid", "wakee_tid", "waker_tid", "tid", "tgid", "parent_tgid", "parent_tid", "child_tid",
             "child_tgid", "old_tid")
    return {getattr(record, name) for name in names if hasattr(record, name)}


def uid_of(pid):
    try:
        with open(f"/proc/{pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("Uid:"))
    except OSError:
        return None


def strangers(worker, uid):
    """Records that name a task which is not this user's: every id must have been introduced as his."""
    own = {t.tid for t in worker.of(TASK) if t.uid == uid} | {t.tgid for t in worker.of(TASK) if t.uid == uid}
    foreign = [t for t in worker.of(TASK) if t.uid != uid]
    # parent_tgid names a process that need not have events of its own: it is asked for in /proc.
    own |= {t.parent_tgid for t in worker.of(TASK) if t.parent_tgid in own or uid_of(t.parent_tgid) == uid}
    return foreign + [r for r in worker.records if r.kind in EVENTS and tids_of(r) - own - NOTHING]


def test_whole_own(tap):
    """T20, T22, T23, T24: no filter, both users busy."""
    with Target("pipe", 0, uid=ALICE) as hers, Target("pipe", 0, uid=BOB) as his, \
            Target("sleep", 500, uid=ALICE) as sleeper, Worker(own_uid=ALICE) as worker:
        worker.start(whole=True)
        sleeper.go()
        worker.read_for(1.5)
        for _ in range(20 * PATIENCE):  # an emulated machine, or a busy one, takes longer
            if len(worker.of(SWITCH)) > 3000:
                break
            worker.read_for(0.3)
        end = worker.stop()
        switches = worker.of(SWITCH)
        tap.ok(len(switches) > 3000, f"she sees her own: {len(switches)} switches")
        wrong = strangers(worker, ALICE)
        tap.ok(not wrong, f"in {end.seen} events nobody else is named", wrong[:3])
        tids = {t.tid for t in worker.of(TASK)}
        tap.ok({hers.pid, sleeper.pid} <= tids and his.pid not in tids, "she is there, he is not", tids)
        sides = {s.prev_tid for s in switches} | {s.next_tid for s in switches}
        tap.ok(sides - tids <= NOTHING, "the other side of a switch is idle or other", sides - tids)
        other = [s for s in switches if s.prev_tid == TID_OTHER]
        tap.ok(all((s.prev_state, s.prev_syscall, s.prev_arg, s.prev_prio, s.flags) == (0, -1, 0, 0, 0) for s in other),
               f"of {len(other)} others nothing is said", other[:2])
        tap.ok(all(s.next_prio == 0 for s in switches if s.next_tid == TID_OTHER), "not even a priority")
        wakers = {w.waker_tid for w in worker.of(WAKING)}
        tap.ok(wakers - tids <= NOTHING, "a foreign waker is other", wakers - tids)
        hers_events = sum(1 for r in worker.records if r.kind in EVENTS)
        tap.ok(end.seen == hers_events + end.lost, "seen counts her events only", (end, hers_events))
        tap.ok(not any(his.pid in tids_of(r) for r in worker.records), "his id occurs nowhere")


def test_naming_the_other(tap):
    """T21: she names his process; nothing comes, not even that it is there."""
    with Target("pipe", 0, uid=BOB) as his, Worker(own_uid=ALICE) as worker:
        worker.send(start_command([his.pid]))
        end = worker.wait_for(lambda r: r.kind == END, 5)
        tap.ok(end and end.reason == NO_TARGET and end.seen == 0, "naming his process: NO_TARGET, 0 events", end)
    with Target("pipe", 0, uid=BOB) as his, Target("sleep", 300, uid=ALICE) as hers, Worker(own_uid=ALICE) as worker:
        worker.start([hers.pid, his.pid])
        hers.go()
        worker.read_for(1.2)
        worker.stop()
        wrong = strangers(worker, ALICE)
        tap.ok(worker.of(SWITCH) and not wrong, "naming both: hers come, his do not", wrong[:3])
        between = [s for s in worker.of(SWITCH) if hers.pid not in (s.prev_tid, s.next_tid)]
        tap.ok(not between, "no switch without her", between[:3])
    with Target("sleep", 50, uid=0) as roots, Worker(own_uid=ALICE) as worker:
        worker.send(start_command([roots.pid]))
        end = worker.wait_for(lambda r: r.kind == END, 5)
        tap.ok(end and end.reason == NO_TARGET and end.seen == 0, "naming root's process: the same", end)


def test_set_user_id(tap):
    """T25: her traced program runs a set-user-id program of his, again and again."""
    folder = tempfile.mkdtemp(prefix="lanescope-test-")
    program = os.path.join(folder, "his-program")
    try:
        os.chmod(folder, 0o755)
        shutil.copy(target_path(), program)
        os.chown(program, BOB, BOB)
        os.chmod(program, 0o4755)
        if os.statvfs(folder).f_flag & os.ST_NOSUID:
            tap.skip("a set-user-id program falls silent", "the temporary folder is mounted nosuid")
            return
        # Not through setpriv's bounding set: it would forbid the change of user.
        wrap = ["setpriv", f"--reuid={ALICE}", f"--regid={ALICE}", "--clear-groups"]
        n_children = 100 if SLOW else 400
        with Target("spawn", n_children, program, wrap=wrap) as target, Worker(own_uid=ALICE) as worker:
            worker.start([target.pid])
            target.go()
            end = worker.wait_for(lambda r: r.kind == END, 90)
            forks = [f for f in worker.of(FORK) if f.parent_tid == target.pid]
            tap.ok(end and end.reason == TARGET_EXIT and len(forks) == n_children,
                   f"{n_children} children are told, while they are hers", (end, len(forks)))
            wrong = strangers(worker, ALICE)
            tap.ok(not wrong, "nobody else is named", wrong[:3])
            tap.ok(not worker.of(EXEC), "the program that is not hers is not told", worker.of(EXEC)[:2])
            names = {r.name for r in worker.records if r.kind in (TASK, RENAME, EXEC)}
            tap.ok("his-program" not in names, "nor is its name", names)
            children = {f.child_tid for f in forks}
            exits = [e for e in worker.of(EXIT) if e.tid in children]
            tap.ok(not exits, "nor its end", exits[:3])
        with Target("spawn", 20, "/bin/true", wrap=wrap) as target, Worker(own_uid=ALICE) as worker:
            worker.start([target.pid])
            target.go()
            worker.wait_for(lambda r: r.kind == END, 90)
            tap.ok(len([e for e in worker.of(EXEC) if e.name == "true"]) == 20, "an ordinary program is told (the control)")
            exits = [e for e in worker.of(EXIT) if not e.flags & EXIT_NEIGHBOUR]
            tap.ok(len(exits) == 21, "with its end", len(exits))
            deaths = [s for s in worker.of(SWITCH) if s.prev_state & 0x80]
            tap.ok(len(deaths) == 21, "and its last switch", len(deaths))
    finally:
        shutil.rmtree(folder)


def test_undumpable(tap):
    """T26: a process of hers that may not be looked into, as ssh-agent."""
    with Target("undumpable", 300, uid=ALICE) as target, Worker(own_uid=ALICE) as worker:
        worker.send(start_command([target.pid]))
        end = worker.wait_for(lambda r: r.kind == END, 3)
        tap.ok(end and end.reason == NO_TARGET and end.seen == 0, "as a target: nothing", end)
    with Target("undumpable", 300, uid=ALICE) as target, Worker(own_uid=ALICE) as worker:
        worker.start(whole=True)
        worker.read_for(0.5)
        worker.stop()
        mentioned = [r for r in worker.records if target.pid in tids_of(r)]
        tap.ok(not mentioned, "among everything of hers: nothing", mentioned[:3])
    with Target("sleep", 100, uid=ALICE) as target, Worker(own_uid=ALICE) as worker:
        worker.start(whole=True)
        target.go()
        worker.read_for(0.5)
        worker.stop()
        tap.ok(any(target.pid in tids_of(r) for r in worker.records), "a dumpable one is there (the control)")


def test_four_sessions(tap):
    """T54: two users and root watch at once, each his own."""
    if SLOW:
        return tap.skip("four sessions at once", "an emulated machine takes minutes for it")
    with Target("pipe", 0, uid=ALICE) as hers, Target("pipe", 0, uid=BOB) as his, \
            Worker(own_uid=ALICE) as first, Worker(own_uid=ALICE) as second, Worker(own_uid=BOB) as third, Worker() as fourth:
        sessions = [(first, hers, ALICE), (second, hers, ALICE), (third, his, BOB), (fourth, his, None)]
        for worker, target, uid in sessions:
            worker.start([target.pid], whole=False)
        for _ in range(12):
            for worker, _, _ in sessions:
                worker.read(0.05)
        for number, (worker, target, uid) in enumerate(sessions, 1):
            end = worker.stop()
            (seen, delivered, lost), (got, gaps) = worker.sums()
            tap.ok(end.reason == STOPPED and seen == delivered + lost and (got, gaps) == (delivered, lost) and seen > 100,
                   f"session {number} of 4: seen = delivered + lost", worker.sums())
            if uid:
                wrong = strangers(worker, uid)
                tap.ok(not wrong, f"session {number} sees its own user only", wrong[:3])


def test_other_namespace(tap):
    """A process in a user namespace of its own, where it calls itself by her number, is not hers."""
    wrap = ["unshare", "--user", f"--map-user={ALICE}", f"--map-group={ALICE}"]
    with Target("sleep", 300, wrap=wrap) as target, Worker(own_uid=ALICE) as worker:
        worker.start(whole=True)
        target.go()
        worker.read_for(0.5)
        worker.stop()
        mentioned = [r for r in worker.records if target.pid in tids_of(r)]
        tap.ok(not mentioned, "the number inside a user namespace does not count", mentioned[:3])


def addresses(data):
    """Words of the stream that look like addresses of the kernel, record by record."""
    found, at = [], 0
    while at < len(data):
        _, size, kind, _, _ = HEAD.unpack_from(data, at)
        body = data[at + HEAD.size:at + size]
        if kind != HEADER:
            found += [hex(w) for w in struct.unpack(f"<{len(body) // 8}Q", body) if w >= 0xffff800000000000
                      and w >> 32 != 0xffffffff]
        at += size
    return found


def test_no_addresses(tap):
    """T29, T30: every byte of any-scope streams."""
    data = bytearray()
    for _ in range(3):  # a new ring each time, over memory that the last one filled
        with Target("token", 1000000) as target, Worker() as worker:
            raw = bytearray()
            worker.start(whole=True)
            target.go()
            until = time.monotonic() + 20  # an emulated machine is slow
            while len(raw) < 400000 and time.monotonic() < until:
                raw += worker.socket.recv(1 << 20)
            worker.data = raw  # the records begin at a boundary: all before READY was parsed
            worker.records = []
            copy = bytes(raw)
            worker.stop()
            _, used = parse(copy)
            data += copy[:used]
    found = addresses(bytes(data))
    tap.ok(len(data) > 1000000 and not found, f"no address of the kernel in {len(data) >> 10} KiB", found[:5])
    records, used = parse(bytes(data))
    reserved = [r for r in records if any(getattr(r, f, 0) for f in ("reserved_a", "reserved_b"))]
    tap.ok(used == len(data) and not reserved, "every byte that carries no meaning is zero", reserved[:3])
    names = [r for r in records if r.kind in (TASK, RENAME, EXEC) and not r.name]
    tap.ok(not names, "every name is one", names[:3])




def main():
    tap = Tap()
    if os.geteuid() != 0:
        tap.skip("scope own", "needs root, to be two other users")
        tap.done()
    for test in (test_whole_own, test_naming_the_other, test_set_user_id, test_undumpable, test_other_namespace,
                 test_four_sessions, test_no_addresses):
        tap.run(test.__name__, lambda test=test: test(tap))
    tap.done()


main()
