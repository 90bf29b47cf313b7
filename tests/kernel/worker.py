# SPDX-License-Identifier: GPL-2.0-or-later
"""The tracer as a process: what it has left after the drop, how it ends, what it says when it cannot begin."""
import json
import os
import random
import re
import resource
import signal
import socket
import struct
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from records import *  # noqa: E402,F403
from records import Worker, tracer_path  # noqa: E402
from tap import Tap, promised  # noqa: E402
from targets import ALICE, Target, as_user  # noqa: E402

USAGE, NO_SOCKET, NO_BTF, OLD_KERNEL, LOCKDOWN, CONTAINER, NO_CAPABILITY, NO_MEMORY, LOAD, DROP, LIMIT, GONE = range(64, 76)
NOBODY = 65534


def status_of(pid):
    with open(f"/proc/{pid}/status") as status:
        return dict(line.rstrip("\n").split(":\t", 1) for line in status if ":\t" in line)


def ready(worker):
    """Waits for the header: the drop is behind it."""
    assert worker.wait_for(lambda r: r.kind in (HEADER, END), 10).kind == HEADER, worker.finish()
    return worker


def programs_of(pid):
    """Ids of the programs that a tracer holds in the kernel, by its links."""
    found = set()
    for fd in os.listdir(f"/proc/{pid}/fdinfo"):
        try:
            with open(f"/proc/{pid}/fdinfo/{fd}") as info:
                found |= {int(line.split()[1]) for line in info if line.startswith("prog_id:")}
        except OSError:
            pass
    return found


def programs():
    """{id: name} of all programs in the kernel; other tracers may run beside this test."""
    text = subprocess.run(["bpftool", "prog", "list"], capture_output=True, text=True, timeout=20).stdout
    return {int(number): name for number, name in re.findall(r"^(\d+): .*?name (\w+)", text, re.M)}


def gone_within(pid, seconds):
    """How long until the process is gone (a zombie counts as gone); None when it is not."""
    begin = time.monotonic()
    while time.monotonic() - begin < seconds:
        try:
            if status_of(pid)["State"].startswith("Z"):
                return time.monotonic() - begin
        except (OSError, ProcessLookupError):
            return time.monotonic() - begin
        time.sleep(0.01)
    return None


def test_nothing_left(tap):
    """T31, T34: read back from outside."""
    low, high = os.open("/etc/passwd", os.O_RDONLY), os.dup2(2, 200)  # what a careless parent lets through
    with Worker(pass_fds=[low, high]) as worker:
        ready(worker)
        os.close(low)
        os.close(high)
        status = status_of(worker.pid)
        none = "0" * 16
        tap.ok(all(status[c] == none for c in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")), "no capability of any kind",
               status)
        tap.ok(status["NoNewPrivs"] == "1" and status["Seccomp"] == "2", "no new privileges, system calls filtered", status)
        uids, gids = status["Uid"].split(), status["Gid"].split()
        tap.ok(len(set(uids)) == 1 and len(set(gids)) == 1 and uids[0] not in ("0", str(ALICE)) and gids[0] != "0",
               "a system user", (uids, gids))
        tap.ok(status["Groups"].strip() == "", "no groups", status["Groups"])
        tap.ok(os.stat(f"/proc/{worker.pid}/mem").st_uid == 0, "not dumpable")
        tap.ok(os.readlink(f"/proc/{worker.pid}/cwd") == "/", "in the root folder")
        with open(f"/proc/{worker.pid}/limits") as file:
            limits = file.read()
        tap.ok(re.search(r"Max core file size +0 +0", limits) and re.search(r"Max file size +0 +0", limits), "no core, no files",
               limits)
        kinds = sorted(re.sub(r":\[\d+\]", "", os.readlink(f"/proc/{worker.pid}/fd/{fd}"))
                       for fd in os.listdir(f"/proc/{worker.pid}/fd"))
        tap.ok(set(kinds) <= {"socket", "pipe", "anon_inode:bpf-map", "anon_inode:[eventpoll]", "anon_inode:bpf_link",
                              "anon_inode:bpf_iter"}
               and kinds.count("socket") == 1 and kinds.count("pipe") == 1 and kinds.count("anon_inode:bpf-map") == 1,
               "descriptors: stream, stderr, doorbell, alarm, links, snapshot", kinds)
        for path in ("fd", "mem", "environ", "maps"):
            look = subprocess.run(as_user(int(uids[0]), "ls" if path == "fd" else "cat", f"/proc/{worker.pid}/{path}"),
                                  capture_output=True, timeout=10)
            tap.ok(look.returncode != 0, f"not even its own user can read its {path}", look.stdout[:200])
        worker.start(whole=True)
        kinds = [os.readlink(f"/proc/{worker.pid}/fd/{fd}") for fd in os.listdir(f"/proc/{worker.pid}/fd")]
        tap.ok("anon_inode:bpf_iter" not in kinds, "after the snapshot its descriptors are closed", kinds)
        tap.ok(worker.read_for(0.3).of(SWITCH, WAKING), "and events flow")
        worker.stop()


def test_only_two_capabilities(tap):
    """An ordinary user with CAP_BPF and CAP_PERFMON; with one of them it is refused."""
    both = "-all,+bpf,+perfmon"
    for capabilities, works in ((both, True), ("-all,+bpf", False), ("-all,+perfmon", False), ("-all", False)):
        wrap = ["setpriv", f"--reuid={ALICE}", f"--regid={ALICE}", "--clear-groups", f"--inh-caps={capabilities}",
                f"--ambient-caps={capabilities}", f"--bounding-set={capabilities}"]
        with Worker(wrap=wrap) as worker:
            first = worker.wait_for(lambda r: r.kind in (HEADER, END), 10)
            if works:
                status = status_of(worker.pid)
                tap.ok(first and first.kind == HEADER and status["CapEff"] == status["CapPrm"] == "0" * 16
                       and status["Uid"].split()[0] == str(ALICE), "CAP_BPF and CAP_PERFMON are enough, and are given up",
                       (first, status["CapEff"], worker.records))
                with Target("sleep", 50) as target:
                    worker.start([target.pid])
                    target.go()
                    worker.wait_for(lambda r: r.kind == END, 5)
                    tap.ok(len(worker.of(SWITCH)) > 50, "events flow")
            else:
                worker.finish()
                tap.ok(first and (first.reason, first.error) == (FAILED, NO_CAPABILITY)
                       and worker.exit_status == NO_CAPABILITY and "CAP_BPF" in worker.stderr,
                       f"with {capabilities} the sentence says what is missing", (first, worker.exit_status, worker.stderr))


def expect_failure(tap, name, exit_status, words, wrap=(), **options):
    with Worker(wrap=wrap, **options) as worker:
        first = worker.wait_for(lambda r: True, 10)
        worker.finish()
        tap.ok(worker.exit_status == exit_status and words in worker.stderr and worker.stderr.count("\n") == 1, name,
               (worker.exit_status, worker.stderr))
        tap.ok(first and first.kind == END and (first.reason, first.error) == (FAILED, exit_status),
               f"{name}: the stream says the same", first)


def test_trouble(tap):
    """T47: machines that cannot trace."""
    private = "mount --make-rprivate /; "
    expect_failure(tap, "no BTF", NO_BTF, "no BTF type information",
                   ["unshare", "-m", "sh", "-c", private + 'mount -t tmpfs none /sys/kernel/btf; exec "$@"', "sh"])
    expect_failure(tap, "inside a user namespace", CONTAINER, "inside a container", ["unshare", "-U", "-r"])
    expect_failure(tap, "too few descriptors", LIMIT, "ulimit -n", ["sh", "-c", 'ulimit -n 20; exec "$@"', "sh"])
    for name, script in (("RLIMIT_MEMLOCK 0", "ulimit -l 0"), ("file size 0 and umask 0", "ulimit -f 0; umask 0"),
                         ("a read-only /sys without tracefs", private + "mount -o remount,bind,ro /sys 2>/dev/null; "
                          "mount -t tmpfs none /sys/kernel/tracing 2>/dev/null; mount -t tmpfs none /sys/kernel/debug 2>/dev/null"),
                         ("no /sys/fs/bpf", private + "mount -t tmpfs none /sys/fs/bpf 2>/dev/null")):
        with Worker(wrap=["unshare", "-m", "sh", "-c", script + '; exec "$@"', "sh"]) as worker:
            first = worker.wait_for(lambda r: True, 10)
            tap.ok(first and first.kind == HEADER, f"{name} is no trouble", (first, worker.eof and worker.finish()))


def run_bare(*arguments, stdin=subprocess.DEVNULL, **options):
    return subprocess.run([tracer_path(), *arguments], stdin=stdin, capture_output=True, text=True, timeout=20, **options)


def test_usage(tap):
    """T17, and arguments that nobody sends."""
    wrong = [[], ["--help"], ["--stdio", "--stdio"], ["--scope=own"], ["--uid=1000"], ["--stdio", "--scope=all"],
             ["--stdio", "--uid="], ["--stdio", "--uid=-1"], ["--stdio", "--uid=4294967295"], ["--stdio", "--uid=99999999999"],
             ["--stdio", "--uid=1x"], ["--stdio", "--uid= 1"], ["--stdio", "x"], ["--stdio", "--uid=1", "--uid=2"],
             ["--stdio", "--scope=any", "--scope=own"]]
    bad = [(a, r.returncode, r.stderr) for a in wrong for r in [run_bare(*a)]
           if r.returncode != USAGE or "wrong usage" not in r.stderr]
    tap.ok(not bad, f"{len(wrong)} wrong ways to call it: one sentence, status 64", bad[:3])
    pipe_end, other = os.pipe()
    datagram = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    network = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    for name, stdin in (("/dev/null", subprocess.DEVNULL), ("a pipe", pipe_end), ("a datagram socket", datagram[0]),
                        ("a network socket", network)):
        done = run_bare("--stdio", stdin=stdin)
        tap.ok(done.returncode == NO_SOCKET and "not a Unix stream socket" in done.stderr, f"{name} as the stream",
               (done.returncode, done.stderr))
    closed = subprocess.run(["sh", "-c", 'exec "$0" --stdio <&-', tracer_path()], capture_output=True, text=True, timeout=20)
    tap.ok(closed.returncode == NO_SOCKET, "a closed descriptor as the stream", closed)
    door = run_bare("--scope=own", "--uid=1000")
    tap.ok(door.returncode == NO_SOCKET, "no descriptor 3", door)
    pkexec = [(uid, run_bare("--stdio", f"--uid={own}", env={"PKEXEC_UID": uid}).returncode)
              for uid, own in (("abc", 5), ("", 5), ("6", 5))]
    tap.ok(all(status == USAGE for _, status in pkexec), "PKEXEC_UID that is no number, or another user's", pkexec)
    with Worker(env={"PKEXEC_UID": str(ALICE)}) as worker:
        header = worker.wait_for(lambda r: True, 10)
        tap.ok(header.kind == HEADER and header.uid == ALICE, "the header names who asked pkexec", header)
    os.close(pipe_end)
    os.close(other)
    for opened in (*datagram, network):
        opened.close()


def test_header(tap):
    with Worker() as worker:
        header = worker.wait_for(lambda r: True, 10)
        uname = os.uname()
        tap.ok(header.kind == HEADER and header.magic == b"LANESCP1" and (header.major, header.scope) == (1, 2), "the header",
               header)
        tap.ok((header.release, header.machine, header.host) == (uname.release, uname.machine, uname.nodename),
               "names kernel, machine and host", header)
        offset = time.time_ns() - time.monotonic_ns()
        tap.ok(abs(header.realtime_offset_ns - offset) < 10 ** 9 and abs(time.monotonic_ns() - header.time_ns) < 5 * 10 ** 9,
               "and the time", header)
        tap.ok(header.n_cpus >= os.cpu_count(), "and the CPUs", header.n_cpus)
        worker.stop()


def test_commands(tap):
    """T33: bytes in any portions, and what no honest client sends."""
    with Target("sleep", 30) as target, Worker() as worker:
        ready(worker)
        for byte in start_command([target.pid]):
            worker.send(bytes([byte]))
        tap.ok(worker.wait_for(lambda r: r.kind == READY, 5), "START byte by byte")
        for byte in stop_command():
            worker.send(bytes([byte]))
        end = worker.wait_for(lambda r: r.kind == END, 5)
        tap.ok(end and end.reason == STOPPED, "STOP byte by byte", end)
    with Worker() as worker:
        ready(worker)
        worker.send(stop_command())
        end = worker.wait_for(lambda r: r.kind == END, 5)
        tap.ok(end and end.reason == STOPPED and end.seen == 0, "STOP before START", end)
    start = start_command([os.getpid()])
    whole = bytearray(start_command(whole=True))
    whole[8] |= 4
    dice = random.Random(11)
    nonsense = {"garbage": bytes(dice.randrange(256) for _ in range(65536)), "zeros": bytes(64), "ones": b"\xff" * 64,
                "START twice": start + start, "an unknown flag": bytes(whole), "a later version": start[:6] + b"\2\0" + start[8:],
                "no targets and not the whole machine": start[:12] + bytes(4) + start[16:],
                "65 targets": start[:12] + struct.pack("<I", 65) + start[16:]}
    for name, data in nonsense.items():
        with Worker() as worker:
            ready(worker)
            begin = time.monotonic()
            try:
                worker.send(data)
            except OSError:
                pass
            end = worker.wait_for(lambda r: r.kind == END, 5)
            worker.finish()
            tap.ok(end and end.reason == PROTOCOL and time.monotonic() - begin < 1, f"{name}: PROTOCOL, at once",
                   (end, time.monotonic() - begin))
    for length in (0, 1, 7, 8, 100, len(start) - 1):
        with Worker() as worker:
            ready(worker)
            worker.send(start[:length])
            begin = time.monotonic()
            worker.socket.close()
            status, _ = worker.finish(5)
            tap.ok(status == GONE and time.monotonic() - begin < 1, f"closed after {length} bytes: it leaves at once",
                   (status, time.monotonic() - begin))


def test_pidfds(tap):
    """The door hands over process descriptors: others cannot be started."""
    with Target("sleep", 100, uid=ALICE) as given, Target("sleep", 100, uid=ALICE) as other:
        pidfd = os.pidfd_open(given.pid)
        with Worker(own_uid=ALICE, pidfds=[pidfd]) as worker:
            worker.send(start_command([other.pid]))
            end = worker.wait_for(lambda r: r.kind == END, 5)
            tap.ok(end and end.reason == PROTOCOL and end.seen == 0, "a process that was not handed over is refused", end)
        with Worker(own_uid=ALICE, pidfds=[pidfd]) as worker:
            worker.start([given.pid], ticks=False)
            tap.ok({t.tid for t in worker.of(TASK)} == {given.pid}, "the one that was is traced", worker.of(TASK))
            kinds = [os.readlink(f"/proc/{worker.pid}/fd/{fd}") for fd in os.listdir(f"/proc/{worker.pid}/fd")]
            tap.ok("anon_inode:[pidfd]" not in kinds, "and its descriptor is closed", kinds)
            worker.stop()
        given.process.kill()
        given.process.wait()
        with Worker(own_uid=ALICE, pidfds=[pidfd]) as worker:
            worker.send(start_command([given.pid], ticks=False))
            end = worker.wait_for(lambda r: r.kind == END, 5)
            tap.ok(end and end.reason == NO_TARGET, "one that has ended since: NO_TARGET", end)
        os.close(pidfd)
        with open("/dev/null") as nothing, Worker(own_uid=ALICE, pidfds=[nothing.fileno()]) as worker:
            worker.finish()
            tap.ok(worker.exit_status == USAGE, "a descriptor that is of no process", worker.finish())


def test_ends(tap):
    """T36: however the client goes, the tracer goes within a second and leaves nothing in the kernel."""
    with Target("pipe", 0) as target, Worker() as worker:
        worker.start([target.pid])
        ids = programs_of(worker.pid)
        there = {name for number, name in programs().items() if number in ids}
        tap.ok(len(ids) == 8 and "on_switch" in there, "while it runs its programs are there", (ids, there))
        maps = subprocess.run(["bpftool", "-j", "map", "show"], capture_output=True, text=True, timeout=20).stdout
        used = {m for p in json.loads(subprocess.run(["bpftool", "-j", "prog", "show"], capture_output=True, text=True,
                                                     timeout=20).stdout) if p["id"] in ids for m in p.get("map_ids", [])}
        frozen = {m["name"]: m.get("frozen") for m in json.loads(maps) if m["id"] in used}
        tap.ok([f for name, f in frozen.items() if name.endswith(".rodata")] == [1], "the scope is frozen in the kernel", frozen)
        worker.process.send_signal(signal.SIGTERM)
        end = worker.wait_for(lambda r: r.kind == END, 5)
        worker.finish()
        tap.ok(end and end.reason == SIGNAL and worker.exit_status == 0, "SIGTERM: an end record that says so",
               (end, worker.exit_status))
        target.go()
    client = "import os,sys,time; sys.path.insert(0, sys.argv[1]); from records import *; " \
             "w = Worker(); w.start(whole=True); print(w.pid, flush=True); time.sleep(60)"
    support = os.path.join(os.path.dirname(__file__), "..", "support")
    for name, kill in (("SIGKILL of the client", signal.SIGKILL), ("SIGTERM of the client", signal.SIGTERM)):
        process = subprocess.Popen([sys.executable, "-c", client, support], stdout=subprocess.PIPE)
        pid = int(process.stdout.readline())
        ids |= programs_of(pid)
        process.send_signal(kill)
        process.wait()
        process.stdout.close()
        took = gone_within(pid, 10)
        tap.ok(took is not None and took <= promised(1), f"{name}: the tracer is gone within 1 s", took)
    tap.ok(are_gone(ids), "no program of theirs is left in the kernel", (ids, programs()))
    with Target("pipe", 0) as target, Worker() as worker:
        worker.start([target.pid])
        ids = programs_of(worker.pid)
        worker.process.kill()
        worker.read_to_end()
        tap.ok(worker.eof and not worker.of(END), "SIGKILL of the tracer: the stream ends without an end record")
        tap.ok(ids and are_gone(ids), "and nothing is left", (ids, programs()))
        target.go()


def are_gone(ids):
    """The kernel frees programs a moment later."""
    for _ in range(200):
        if not ids & set(programs()):
            return True
        time.sleep(0.02)
    return False


def test_slow_client_at_the_end(tap):
    """A client that asks for the end and then never reads: the tracer gives up."""
    with Target("pipe", 0) as target, Worker() as worker:
        worker.start([target.pid])
        time.sleep(1)
        worker.send(stop_command())
        took = gone_within(worker.pid, 12)
        tap.ok(took is not None and took < 8, "it does not wait for ever", took)
        target.go()


def test_many(tap):
    """T58: start and stop again and again."""
    ids, times = set(), []
    for i in range(100):
        with Worker() as worker:
            begin = time.monotonic()
            worker.start([os.getpid()])
            times.append(time.monotonic() - begin)
            ids |= programs_of(worker.pid)
            if i % 3 == 0:
                worker.stop()
            elif i % 3 == 1:
                worker.socket.close()
                worker.finish()
            else:
                worker.process.kill()
    tap.ok(len(ids) == 800 and are_gone(ids), "after 100 sessions no program is left", (len(ids), ids & set(programs())))
    tap.ok(sorted(times)[50] < 3, f"from start to ready: {sorted(times)[50] * 1000:.0f} ms in the middle", sorted(times)[::20])


def main():
    tap = Tap()
    if os.geteuid() != 0:
        tap.skip("the tracer", "needs root")
        tap.done()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for test in (test_header, test_nothing_left, test_only_two_capabilities, test_trouble, test_usage, test_commands,
                 test_pidfds, test_ends, test_slow_client_at_the_end, test_many):
        tap.run(test.__name__, lambda test=test: test(tap))
    tap.done()


main()
