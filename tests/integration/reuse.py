# SPDX-License-Identifier: GPL-2.0-or-later
"""T27: a process id that is used again while a capture runs is somebody new, whoever it belongs to."""
import ctypes
import os
import signal
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from records import *  # noqa: E402,F403
from records import Worker  # noqa: E402
from tap import Tap  # noqa: E402
from targets import ALICE, BOB, Target  # noqa: E402

SYS_CLONE3 = 435
BUSY = ["sh", "-c", "while :; do sleep 0.002; done"]
tap = Tap()
libc = ctypes.CDLL(None, use_errno=True)


def fork_as(pid, uid):
    """A busy process of that user with that id: clone3's set_tid. False when the id was taken meanwhile."""
    wanted = ctypes.c_int32(pid)
    arguments = struct.pack("<11Q", 0, 0, 0, 0, signal.SIGCHLD, 0, 0, 0, ctypes.addressof(wanted), 1, 0)
    child = libc.syscall(SYS_CLONE3, arguments, len(arguments))
    if child == 0:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
        os.setsid()
        os.execvp(BUSY[0], BUSY)
    return child == pid


def end(pid):
    os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def used_again_by(uid, whose):
    """Two targets, so that the capture goes on when the first has ended."""
    with Target("sleep", 20, uid=ALICE) as short, Target("sleep", 100000, uid=ALICE) as long, \
            Worker(own_uid=ALICE) as worker:
        worker.start([short.pid, long.pid])
        short.go()
        long.go()
        worker.wait_for(lambda r: r.kind == EXIT and r.tid == short.pid, 10)
        short.wait()
        worker.read_for(0.2)
        before = len(worker.records)
        if not tap.ok(fork_as(short.pid, uid), f"the id {short.pid} is used again, by {whose}"):
            return
        worker.read_for(1.0)
        end(short.pid)
        worker.stop()
        after = worker.records[before:]
        tap.ok(any(s.kind == SWITCH and long.pid in (s.prev_tid, s.next_tid) for s in after), "the capture went on")
        own = [s for s in after if s.kind == SWITCH and short.pid in (s.prev_tid, s.next_tid)
               and long.pid not in (s.prev_tid, s.next_tid)]
        tap.ok(own == [], f"no event of the new process, {whose}", own[:3])
        traced = [t for t in after if t.kind == TASK and t.tid == short.pid and t.flags & TASK_TRACED]
        tap.ok(traced == [], "nor is it introduced as traced", traced)
        if uid != ALICE:
            named = [r for r in after if short.pid in (getattr(r, n, None) for n in ("tid", "prev_tid", "next_tid", "waker_tid"))]
            tap.ok(named == [], "nor named at all", named[:3])


def by_the_same_user():
    used_again_by(ALICE, "the same user")


def by_another_user():
    used_again_by(BOB, "another user")


def the_only_target():
    """With no other target the capture has ended before the id can be used again."""
    with Target("sleep", 20, uid=ALICE) as short, Worker(own_uid=ALICE) as worker:
        worker.start([short.pid])
        short.go()
        last = worker.wait_for(lambda r: r.kind == END, 10)
        tap.ok(last is not None and last.reason == 2, "the only target ends: TARGET_EXIT", last)
        time.sleep(0.05)


if os.geteuid() != 0:
    tap.skip("everything", "only root can choose a process id")
else:
    for test in (by_the_same_user, by_another_user, the_only_target):
        tap.run(test.__name__.replace("_", " "), test)
tap.done()
