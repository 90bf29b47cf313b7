# SPDX-License-Identifier: GPL-2.0-or-later
"""Faults: every system call that the tracer makes to begin fails once; it must end with a sentence, never crash or hang."""
import os
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from records import *  # noqa: E402,F403
from records import Worker  # noqa: E402
from tap import Tap  # noqa: E402
from targets import Target  # noqa: E402

SECONDS = 30  # for the sweep of bpf(); what does not fit is counted and said
AT_ONCE = 4  # tracers: most of their time they wait for the kernel
ERRNOS = ("EPERM", "ENOMEM", "EINVAL", "E2BIG", "ENOSPC")
DROP = 73


def strace(*options):
    return ["strace", "-qq", "-o", "/dev/null", *options]


def count_calls(name):
    with tempfile.NamedTemporaryFile() as log:
        with Worker(wrap=["strace", "-qq", "-e", f"trace={name}", "-o", log.name]) as worker:
            worker.wait_for(lambda r: r.kind in (HEADER, END), 20)
            worker.stop()
        with open(log.name) as file:
            return sum(1 for line in file if line.startswith(name + "("))


def attempt(*inject):
    """(exit status, stderr, first record) of a tracer with a fault; it is asked to stop if it begins."""
    with Worker(wrap=strace("-e", f"trace={inject[0]}", "-e", f"inject={':'.join(inject)}")) as worker:
        first = worker.wait_for(lambda r: True, 20)
        if first and first.kind == HEADER:
            worker.stop()
        status, text = worker.finish(15)
        return status, text, first


def attempt_all(cases):
    """attempt() for each list of arguments, a few at a time, in their order."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from pool.map(lambda inject: attempt(*inject), cases)


def judge(status, text, first):
    """What is wrong with such an end, or None. Success is right too: the call was not needed."""
    if status < 0 or status >= 128 or "killed by the test" in text:
        return "crash or hang"
    if status == 0:
        return None if first and first.kind == HEADER else "status 0 without a stream"
    if not re.fullmatch(r"lanescope-tracer: [^\n]+\.\n", text):
        return "no sentence"
    if not first or first.kind != END or (first.reason, first.error) != (FAILED, status):
        return "the stream does not say so"
    return None


def test_bpf_sweep(tap):
    """T45: each bpf() call with each errno, as many as fit; the errnos take turns so that every call has its share."""
    n_calls = count_calls("bpf")
    tap.ok(20 < n_calls < 100, f"{n_calls} bpf() calls to begin")
    cases = [(call, errno) for shift in range(len(ERRNOS)) for call in range(1, n_calls + 1)
             for errno in [ERRNOS[(call + shift) % len(ERRNOS)]]]
    end, done, wrong, failed = time.monotonic() + SECONDS, 0, [], 0
    while done < len(cases) and (done < n_calls or time.monotonic() < end):
        some = cases[done:done + 2 * AT_ONCE]
        ends = attempt_all([("bpf", f"error={errno}", f"when={call}") for call, errno in some])
        for (call, errno), (status, text, first) in zip(some, ends):
            fault = judge(status, text, first)
            failed += status != 0
            if fault:
                wrong.append((call, errno, fault, status, text))
        done += len(some)
    tap.note(f"{done} of {len(cases)} cases, {failed} ended with a sentence, {done - failed} did without the call")
    tap.ok(done >= n_calls, "every call has failed at least once", done)
    tap.ok(not wrong, "each ends with a sentence and a status below 128", wrong[:5])


def test_other_calls(tap):
    """What else may fail before the first byte."""
    cases = []
    for name in ("mmap", "epoll_create1", "epoll_ctl", "openat", "setrlimit", "prlimit64"):
        n_calls = min(count_calls(name), 60 if name != "mmap" else 40)
        # The first ones are the program loader's, which has its own way to end (status 127).
        cases += [(name, "error=ENOMEM", f"when={call}") for call in range(max(1, n_calls - 7), n_calls + 1)]
    wrong = [(case, judge(*end), *end) for case, end in zip(cases, attempt_all(cases)) if judge(*end) and end[0] != 127]
    tap.ok(len(cases) > 15 and not wrong, f"{len(cases)} faults of other calls: a sentence each", wrong[:5])


def test_drop_steps(tap):
    """T46: each step of the drop fails: it leaves before it sent or read anything."""
    steps = [("setgroups", "error=EPERM"), ("setresgid", "error=EPERM"), ("setresuid", "error=EPERM"),
             ("capset", "error=EPERM"), ("getresuid", "error=EPERM"), ("getresgid", "error=EPERM"),
             ("seccomp", "error=EINVAL"), ("setresuid", "retval=0"), ("setresgid", "retval=0"), ("setgroups", "retval=0"),
             ("capset", "retval=0"), ("getppid", "retval=1", "when=2")]
    for name, *fault in steps:
        status, text, first = attempt(name, *fault)
        if name == "getppid":
            tap.ok(status == 75 and not first, "the parent has gone during the drop: it leaves", (status, text, first))
            continue
        if name in ("setgroups", "capset") and fault == ["retval=0"]:
            # Harmless where there were no groups to leave; the change of user has taken the capabilities already.
            tap.ok(status in (0, DROP), f"{name} that only pretends", (status, text))
            continue
        tap.ok(status == DROP and first and first.kind == END and first.error == DROP and "could not be given up" in text,
               f"{name} with {fault[0]}: nothing was traced, and it says so", (status, text, first))
    n_calls = count_calls("prctl")
    ends = attempt_all([("prctl", "error=EINVAL", f"when={call}") for call in range(1, n_calls + 1)])
    wrong = [(call, *end) for call, end in enumerate(ends, 1) if end[0] not in (0, DROP) or judge(*end)]
    tap.ok(n_calls > 40 and not wrong, f"each of {n_calls} prctl calls: done without, or a sentence", wrong[:5])


def test_stream_faults(tap):
    """The socket while events flow: what passes is passed over, what does not ends it."""
    for errno, survives in (("EINTR", True), ("EAGAIN", True), ("ENOBUFS", True), ("EPIPE", False), ("ECONNRESET", False)):
        fault = strace("-e", "trace=sendto", "-e", f"inject=sendto:error={errno}:when=4+3")
        if not survives:
            fault = strace("-e", "trace=sendto", "-e", f"inject=sendto:error={errno}:when=4")
        with Target("sleep", 300) as target, Worker(wrap=fault) as worker:
            worker.start([target.pid])
            target.go()
            worker.wait_for(lambda r: r.kind == END, 5)
            status, text = worker.finish(5)
            if survives:
                (seen, delivered, lost), (got, gaps) = worker.sums()
                tap.ok(status == 0 and seen == delivered + lost and (got, gaps) == (delivered, lost),
                       f"{errno} on the socket now and then: nothing is lost", (status, text, seen, delivered, lost, got, gaps))
            else:
                tap.ok(status == 75, f"{errno} on the socket: the client is gone, it leaves", (status, text))


def main():
    tap = Tap()
    probe = subprocess.run(strace("-e", "inject=getppid:error=EPERM", "-e", "trace=getppid") + ["true"], capture_output=True)
    if os.geteuid() != 0 or probe.returncode != 0:
        tap.skip("faults", "needs root and strace")
        tap.done()
    for test in (test_drop_steps, test_stream_faults, test_other_calls, test_bpf_sweep):
        tap.run(test.__name__, lambda test=test: test(tap))
    tap.done()


main()
