# SPDX-License-Identifier: GPL-2.0-or-later
"""Each kind of event, seen through the real tracer on this kernel, against what the traced program knows it did."""
import glob
import os
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from records import *  # noqa: E402,F403
from records import Worker, of_kind  # noqa: E402
from tap import Tap  # noqa: E402
from targets import Program, Target  # noqa: E402

FUTEX, NANOSLEEP, YIELD, READ, EXIT_GROUP_CALL = 202, 230, 24, 0, 231  # x86-64
ARM = os.uname().machine == "aarch64"
if ARM:
    FUTEX, NANOSLEEP, YIELD, READ, EXIT_GROUP_CALL = 98, 115, 124, 63, 94
INTERRUPTIBLE, DEAD = 1, 0x80


def run_job(job, rounds=1000, children=True, **options):
    """The records of a whole job, traced from before it began to its end."""
    with Target(job, rounds, **options) as target, Worker() as worker:
        worker.start([target.pid], children=children)
        target.go()
        worker.wait_for(lambda r: r.kind == END, 60)
        worker.finish()
        return target, worker


def conserved(tap, worker, name):
    (seen, delivered, lost), (got, gaps) = worker.sums()
    tap.ok(seen == delivered + lost and delivered == got and lost == gaps, f"{name}: seen = delivered + lost",
           f"{(seen, delivered, lost)} {(got, gaps)}")


def test_parked(tap):
    with Target("park") as target, Worker() as worker:
        tid, address = (int(w) for w in target.first)
        worker.start([target.pid])
        tasks = {t.tid: t for t in worker.of(TASK)}
        ready = worker.of(READY)[0]
        tap.ok(set(tasks) == {target.pid, tid}, "snapshot: both threads, nobody else", tasks)
        tap.ok((ready.n_processes, ready.n_threads) == (1, 2), "READY counts them", ready)
        parked = tasks[tid]
        tap.ok(parked.state & INTERRUPTIBLE and parked.syscall == FUTEX and parked.arg == address,
               "snapshot: a thread parked in futex, with the futex's address", parked)
        tap.ok(parked.flags & TASK_TRACED and not parked.flags & TASK_ON_CPU, "it is traced and not on a CPU", parked)
        tap.ok((parked.tgid, parked.parent_tgid, parked.uid) == (target.pid, os.getpid(), os.getuid()),
               "its process, parent and user", parked)
        tap.ok(parked.name == "kernel-target" and parked.prio == 120 and parked.ns_tid == tid, "its name, priority, ids",
               parked)
        with open(f"/proc/{target.pid}/task/{tid}/stat") as stat:
            ticks = int(stat.read().rsplit(")", 1)[1].split()[19])
        tap.ok(parked.start_ns // 10000000 == ticks, "its start time is that of /proc", f"{parked.start_ns} {ticks}")
        reader = tasks[target.pid]
        tap.ok(reader.syscall == READ and reader.arg == 0, "the other thread waits in read of descriptor 0", reader)
        end = worker.stop()
        tap.ok(end.reason == STOPPED and worker.exit_status == 0, "STOP ends it in order", (end, worker.finish()))


def test_sleep(tap):
    target, worker = run_job("sleep", 200)
    outs = [s for s in worker.of(SWITCH) if s.prev_tid == target.pid and s.prev_state]
    naps = [s for s in outs if s.prev_syscall == NANOSLEEP]
    tap.ok(len(naps) >= 180, "each sleep is a switch out of clock_nanosleep", len(naps))
    tap.ok(all(s.prev_arg == 1 and not s.flags & SWITCH_PREEMPT for s in naps), "with the clock as first argument",
           naps[:2])
    wakings = [w for w in worker.of(WAKING) if w.wakee_tid == target.pid]
    timer = [w for w in wakings if w.flags & WAKING_INTERRUPT]
    tap.ok(len(timer) >= 180 and all(w.waker_tid == TID_IDLE for w in timer),
           "a timer's wakeup is by interrupt, of no thread", f"{len(timer)} of {len(wakings)}")
    last = outs[-1] if outs else None
    tap.ok(last and last.prev_state & DEAD and last.prev_syscall == EXIT_GROUP_CALL, "the last switch is its death", last)
    exits = exits_of(worker)
    tap.ok([(e.tid, e.tgid, e.flags) for e in exits] == [(target.pid, target.pid, EXIT_GROUP)], "one exit, of the group",
           exits)
    end = worker.end_record()
    tap.ok(end and end.reason == TARGET_EXIT, "the end of the target ends the capture", end)
    tap.ok(all(a.time_ns <= b.time_ns for cpu in (0, 1) for a, b in pairs([s for s in worker.of(SWITCH) if s.cpu == cpu])),
           "switches of a CPU are in order of time")
    conserved(tap, worker, "sleep")


def test_interrupted(tap):
    """A timer that interrupts somebody at work: it is the waker, not he."""
    def first_cpu():
        os.sched_setaffinity(0, {0})

    spinner = subprocess.Popen([sys.executable, "-c", "while True: pass"], preexec_fn=first_cpu)
    try:
        with Target("sleep", 200, preexec_fn=first_cpu) as target, Worker() as worker:
            worker.start([target.pid, spinner.pid])
            target.go()
            target.wait()
            worker.stop()
            ran = [s.time_ns for s in worker.of(SWITCH) if s.next_tid == spinner.pid]
            wakings = [w for w in worker.of(WAKING) if w.wakee_tid == target.pid]
            by_timer = [w for w in wakings if w.flags & WAKING_INTERRUPT and w.waker_tid == TID_IDLE]
            tap.ok(len(ran) >= 150 and len(by_timer) >= 180, "a timer that interrupts a busy thread is the waker",
                   f"{len(by_timer)} of {len(wakings)}; {len(ran)} turns of the busy one")
    finally:
        spinner.kill()
        spinner.wait()


def exits_of(worker):
    """Of those who are traced."""
    return [e for e in worker.of(EXIT) if not e.flags & EXIT_NEIGHBOUR]


def pairs(items):
    return zip(items, items[1:])


def test_token(tap):
    rounds = 2000
    target, worker = run_job("token", rounds)
    lines = [target.process.stdout.readline() for _ in range(2)] if not target.process.stdout.closed else []
    threads = [t.tid for t in worker.of(TASK) if t.tgid == target.pid and t.tid != target.pid]
    tap.ok(len(threads) == 2 and all(t.flags & TASK_NEW for t in worker.of(TASK) if t.tid in threads),
           "two new threads are introduced", (threads, lines))
    a, b = threads
    waits = [s for s in worker.of(SWITCH) if s.prev_tid in threads and s.prev_state & INTERRUPTIBLE]
    tap.ok(waits and all(s.prev_syscall == FUTEX for s in waits), f"all {len(waits)} waits are in futex", waits[:2])
    tap.ok(len({s.prev_arg for s in waits}) == 1, "of one lock", {s.prev_arg for s in waits})
    wakings = [w for w in worker.of(WAKING) if w.wakee_tid in threads and not w.flags & (WAKING_NEW | WAKING_INTERRUPT)]
    other = {a: b, b: a}
    right = sum(w.waker_tid == other[w.wakee_tid] for w in wakings)
    # Once at the start the main thread may hold the memory map that a new thread wants to change.
    tap.ok(len(wakings) > 100 and right >= len(wakings) - 1, "every waker is the other thread",
           f"{right} of {len(wakings)} {[w for w in wakings if w.waker_tid != other[w.wakee_tid]][:3]}")
    interrupts = [w for w in worker.of(WAKING) if w.wakee_tid in threads and w.flags & WAKING_INTERRUPT]
    tap.ok(len(interrupts) <= 2, "none of them counts as an interrupt's", interrupts[:3])
    conserved(tap, worker, "token")


def test_fork(tap):
    rounds = 30
    target, worker = run_job("fork", rounds)
    forks = [f for f in worker.of(FORK) if f.parent_tid == target.pid]
    children = [f.child_tid for f in forks]
    tap.ok(len(set(children)) == rounds and all(f.child_tgid == f.child_tid for f in forks), "each fork is told", len(forks))
    tasks = {t.tid: t for t in worker.of(TASK)}
    tap.ok(all(tasks[c].flags & TASK_TRACED and tasks[c].flags & TASK_NEW and tasks[c].parent_tgid == target.pid
               for c in children), "each child is introduced as new and traced")
    index = {id(r): i for i, r in enumerate(worker.records)}
    tap.ok(all(index[id(tasks[f.child_tid])] < index[id(f)] for f in forks), "right before its fork")
    tap.ok(sorted(e.tid for e in exits_of(worker)) == sorted(children + [target.pid]), "each exit is told")
    new = {w.wakee_tid for w in worker.of(WAKING) if w.flags & WAKING_NEW}
    tap.ok(set(children) <= new, "each first wakeup is told")
    conserved(tap, worker, "fork")

    target, worker = run_job("fork", rounds, children=False)
    traced = {t.tid for t in worker.of(TASK) if t.flags & TASK_TRACED}
    tap.ok(traced == {target.pid} and not worker.of(FORK), "without descendants: only the process itself", traced)
    tap.ok({e.tid for e in exits_of(worker)} == {target.pid}, "and only its exit", exits_of(worker))
    children = {t.tid for t in worker.of(TASK) if t.parent_tgid == target.pid}
    ended = {e.tid for e in worker.of(EXIT) if e.flags & EXIT_NEIGHBOUR} | {
        t.tid for t in worker.of(TASK) if t.flags & TASK_EXITING}
    tap.ok(len(children) >= rounds // 3 and children <= ended, "its children are neighbours, whose end is told",
           f"{len(children)} named, not ended: {children - ended}")
    conserved(tap, worker, "fork without descendants")


def test_existing_descendants(tap):
    """A grandchild that was there before tracing began."""
    script = "bash -c 'sleep 60 & echo $!; wait'; true"
    with Program("bash", "-c", script) as shell, Program("sleep", "60") as stranger, Worker() as worker:
        grandchild = int(shell.line()[0])
        worker.start([shell.pid])
        tasks = worker.of(TASK)
        tap.ok(grandchild in {t.tid for t in tasks if t.flags & TASK_TRACED}, "a grandchild that is there is traced", tasks)
        tap.ok(worker.of(READY)[0].n_processes == 3, "three generations", worker.of(READY))
        tap.ok(stranger.pid not in {t.tid for t in tasks}, "a stranger is not")
        worker.stop()
        with Worker() as other:
            other.start([shell.pid], children=False)
            tap.ok({t.tid for t in other.of(TASK)} == {shell.pid}, "without descendants: not even an existing child")
            os.kill(grandchild, 15)
            end = other.wait_for(lambda r: r.kind == END)
            tap.ok(end and end.reason == TARGET_EXIT, "and its end is the process's own", end)
        stranger.process.kill()


def test_rename(tap):
    target, worker = run_job("rename")
    renames = worker.of(RENAME)
    tap.ok([r.name for r in renames] == ["second-name", "third-name", "fourth-name"], "each new name, in order", renames)
    thread = renames[0].tid if renames else 0
    tap.ok(thread != target.pid and all(r.tid == thread for r in renames), "of the thread that took it", renames)
    switches = [s for s in worker.of(SWITCH) if thread in (s.prev_tid, s.next_tid)]
    tap.ok(renames and switches and switches[0].time_ns < renames[0].time_ns < switches[-1].time_ns,
           "at the time of the change, not of the telling")
    conserved(tap, worker, "rename")


def test_exec(tap):
    target, worker = run_job("exec")
    execs = worker.of(EXEC)
    tap.ok(len(execs) == 1 and execs[0].tid == target.pid and execs[0].name == "true", "exec with the new name", execs)
    threads = {t.tid for t in worker.of(TASK) if t.tgid == target.pid} - {target.pid}
    tap.ok(execs and execs[0].old_tid in threads, "by another thread, which takes the process's id", (execs, threads))
    end = worker.end_record()
    tap.ok(end and end.reason == TARGET_EXIT, "the capture ends with the program", end)
    # Preempted in the middle of the exec, the thread may be told of by its new name a moment before.
    tap.ok(all(r.name == "true" for r in worker.of(RENAME)), "an exec gives no name but the program's", worker.of(RENAME))
    conserved(tap, worker, "exec")


def test_yield(tap):
    target, worker = run_job("yield", 20000)
    yields = [s for s in worker.of(SWITCH) if s.prev_syscall == YIELD and s.prev_state == 0
              and not s.flags & SWITCH_PREEMPT]
    tap.ok(len(yields) > 200, "sched_yield is a switch of a runnable thread inside that call", len(yields))


def test_neighbours(tap):
    """Who is not traced is named once, when he is first mentioned."""
    target, worker = run_job("sleep", 100)
    tasks = worker.of(TASK)
    known, wrong = {TID_IDLE}, []
    for record in worker.records:
        if record.kind == TASK:
            known.add(record.tid)
        elif record.kind == SWITCH:
            wrong += [record for tid in (record.prev_tid, record.next_tid) if tid not in known]
        elif record.kind == WAKING:
            wrong += [record for tid in (record.wakee_tid, record.waker_tid) if tid not in known]
    tap.ok(not wrong, "everybody is introduced before he is mentioned", wrong[:3])
    traced = {t.tid for t in tasks if t.flags & TASK_TRACED}
    tap.ok(traced == {target.pid}, "neighbours are not traced", traced)
    events = [s for s in worker.of(SWITCH) if target.pid not in (s.prev_tid, s.next_tid)]
    tap.ok(not events, "no switch between others is told", events[:3])


def test_two_targets(tap):
    with Target("sleep", 30) as one, Target("sleep", 30) as two, Target("sleep", 30) as three, Worker() as worker:
        worker.start([one.pid, two.pid])
        for target in (one, two, three):
            target.go()
        worker.wait_for(lambda r: r.kind == END, 10)
        tap.ok({e.tid for e in exits_of(worker)} == {one.pid, two.pid}, "two targets, and not the third", exits_of(worker))
        conserved(tap, worker, "two targets")
    with Target("sleep", 30) as target, Worker() as worker:
        command = bytearray(start_command([target.pid]))
        command[32] ^= 1  # another start time: this is not the process that was meant
        worker.send(bytes(command))
        end = worker.wait_for(lambda r: r.kind == END)
        tap.ok(end and end.reason == NO_TARGET, "a process of that id with another start time is not the target", end)
    with Worker() as worker:
        worker.send(start_command([4194300], ticks=False))
        end = worker.wait_for(lambda r: r.kind == END)
        tap.ok(end and end.reason == NO_TARGET, "no such process: NO_TARGET", end)


def fork_as(pid):
    """A sleeping child with that very id, or None: the kernel gives ids in turn, and others fork too."""
    for _ in range(200):
        with open("/proc/sys/kernel/ns_last_pid", "w") as last:
            last.write(str(pid - 1))
        child = os.fork()
        if child == 0:
            signal.pause()
            os._exit(0)
        if child == pid:
            return child
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return None


def test_reused_id(tap):
    """A target ends, and its id is given to another process while the capture goes on."""
    if os.geteuid() != 0 or not os.access("/proc/sys/kernel/ns_last_pid", os.W_OK):
        tap.skip("a reused id is not the target", "this kernel does not let ids be chosen")
        return
    with Target("sleep", 5) as target, Target("park") as other, Worker() as worker:
        worker.start([target.pid, other.pid])
        target.go()
        target.wait()
        died = worker.wait_for(lambda r: r.kind == EXIT and r.tid == target.pid)
        child = fork_as(target.pid)
        if not tap.ok(child and died, "the id was given again", (child, died)):
            return
        for _ in range(20):
            os.kill(child, signal.SIGSTOP)
            os.kill(child, signal.SIGCONT)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        worker.read_for(0.2)
        worker.stop()
        last = max(s.time_ns for s in worker.of(SWITCH) if s.prev_tid == target.pid)
        later = [r for r in worker.records if r.time_ns > last and child in (getattr(r, "prev_tid", 0), getattr(r, "next_tid", 0),
                                                                            getattr(r, "wakee_tid", 0), getattr(r, "tid", 0))]
        tap.ok(not later, "nothing of the new process is told", later[:3])
        conserved(tap, worker, "reused id")


def test_burst(tap):
    """Thousands of children that live for a moment: each is told from its fork to its end."""
    rounds = 1000 if SLOW else 3000
    target, worker = run_job("fork", rounds)
    forks, exits = worker.of(FORK), exits_of(worker)
    end = worker.end_record()
    seconds = (forks[-1].time_ns - forks[0].time_ns) / 1e9
    tap.ok(len(forks) == rounds and len(exits) == rounds + 1 and end.lost == 0,
           f"{rounds} children in {seconds:.2f} s, none forgotten", (len(forks), len(exits), end))
    tap.ok(end.reason == TARGET_EXIT, "and the count of the living comes out right", end)
    conserved(tap, worker, "burst")


def test_whole_machine(tap):
    with Target("sleep", 100) as target, Worker() as worker:
        there = {int(path.split("/")[-1]) for path in glob.glob("/proc/[0-9]*/task/[0-9]*")}
        worker.start(whole=True, exclude=os.getpid())
        target.go()
        worker.read_for(0.6)
        worker.stop()
        tasks = {t.tid: t for t in worker.of(TASK)}
        missing = sorted(there - set(tasks) - {os.getpid(), worker.pid})
        tap.ok(len(missing) <= len(there) // 4 and {2, target.pid} <= set(tasks), "the whole machine has everybody in it",
               f"{len(there)} threads, without {missing}")
        tap.ok(tasks[2].flags & TASK_KTHREAD and not tasks[target.pid].flags & TASK_KTHREAD,
               "threads of the kernel are marked")
        traced = {t.tid for t in worker.of(TASK) if t.flags & TASK_TRACED}
        tap.ok(os.getpid() not in traced and worker.pid not in traced, "but the tracer and its client are left out")
        # A virtual machine may hide its own agent from tracing: whom the snapshot does not show.
        runs = chains(worker.of(SWITCH), set(missing) | {t.tid for t in worker.of(TASK) if t.tgid in missing})
        tap.ok(not runs, "each CPU's switches fit together: who was switched to is who is switched from", runs[:3])
        ours = {worker.pid, os.getpid()}
        told = [s for s in worker.of(SWITCH) if s.prev_tid == TID_IDLE and s.next_tid in ours]
        tap.ok(not told, "our own switches from idle are no events", told[:3])
        tap.ok(len(worker.of(STATUS)) >= 2 and worker.of(STATUS)[-1].helper_ns > 0, "the status comes by itself")
        conserved(tap, worker, "whole machine")


def chains(switches, hidden):
    """Switches of a CPU that do not start with who was on it. Idle may stand for one of ours left out."""
    on, wrong = {}, []
    for s in sorted(switches, key=lambda s: s.time_ns):
        before = on.get(s.cpu)
        if before is not None and before != s.prev_tid and not {before, s.prev_tid} & (hidden | {TID_IDLE}):
            wrong.append((before, s))
        on[s.cpu] = s.next_tid
    return wrong


def test_nested_namespace(tap):
    """T28: found by its process, with both its numbers."""
    script = "sleep 60 & echo $!; read x; kill $!"
    with Program("unshare", "--pid", "--fork", "--kill-child", "bash", "-c", script) as shell, Worker() as worker:
        inside = int(shell.line()[0])
        worker.start([shell.pid])
        task = [t for t in worker.of(TASK) if t.name == "sleep"]
        tap.ok(len(task) == 1 and task[0].ns_tid == inside and task[0].tid != inside,
               "a thread in a nested pid namespace has both its ids", task)
        worker.stop()


def test_io_wait(tap):
    """Direct reads from a file: disk sleep with the I/O flag, where this machine has a disk under the file."""
    path = os.path.join(os.environ["LSC_BUILD"], "tests", "io-wait.tmp")
    with open(path, "wb") as file:
        file.write(os.urandom(4 << 20))
    try:
        command = f"read x; dd if={path} of=/dev/null bs=64k iflag=direct 2>&1 | cat; echo done"
        with Program("bash", "-c", command) as shell, Worker() as worker:
            worker.start([shell.pid])
            shell.process.stdin.write(b"\n")
            shell.process.stdin.flush()
            answer = shell.process.stdout.read()
            worker.wait_for(lambda r: r.kind == END, 5)
            kind = subprocess.run(["stat", "-f", "-c", "%T", path], capture_output=True, text=True, timeout=5).stdout.strip()
            if b"Invalid argument" in answer or kind in ("tmpfs", "ramfs"):
                tap.skip("disk reads wait with the I/O flag", f"the file is on {kind}, which has no disk or no direct reads")
                return
            waits = [s for s in worker.of(SWITCH) if s.prev_state & 2 and s.flags & SWITCH_IO_WAIT]
            sleeps = [s for s in worker.of(SWITCH) if s.prev_state & INTERRUPTIBLE and s.flags & SWITCH_IO_WAIT]
            tap.ok(waits and not sleeps, "disk reads wait with the I/O flag, other sleeps do not",
                   f"{len(waits)} {len(sleeps)}")
    finally:
        os.unlink(path)


# What each thread of wait-target waits for: its detail, and the first argument where the kind says which one.
DETAILS = {"pipe": DETAIL_PIPE, "full-pipe": DETAIL_PIPE, "socket": DETAIL_SOCKET, "terminal": DETAIL_TERMINAL,
           "eventfd": DETAIL_EVENT, "timerfd": DETAIL_EVENT, "mutex": DETAIL_FUTEX_WAIT, "lock-pi": DETAIL_FUTEX_LOCK_PI,
           "condition": DETAIL_FUTEX_WAIT_BITSET, "join": DETAIL_FUTEX_WAIT_BITSET, "requeue-pi": DETAIL_FUTEX_REQUEUE_PI,
           "accept": 0, "poll": 0, "select": 0, "epoll": 0, "nap": 0, "signal": 0, "child": 0, "file-lock": 0,
           "pipe-32": DETAIL_PIPE, "futex-32": DETAIL_FUTEX_WAIT, "nap-32": 0}


def waits_of(worker, names):
    """{name: (flags, system call, argument, detail)} as the snapshot says, and as the switches say."""
    tasks = {names[t.tid]: (bool(t.flags & TASK_COMPAT), t.syscall, t.arg, t.detail) for t in worker.of(TASK)
             if t.tid in names and not t.flags & TASK_NEW}
    switches = {names[s.prev_tid]: (bool(s.flags & SWITCH_COMPAT), s.prev_syscall, s.prev_arg, s.flags >> SWITCH_DETAIL_SHIFT)
                for s in worker.of(SWITCH) if s.prev_tid in names and s.prev_state & INTERRUPTIBLE}
    return tasks, switches


def kernel_truth(pid, tid):
    """(system call, first argument) as /proc says."""
    with open(f"/proc/{pid}/task/{tid}/syscall") as file:
        words = file.read().split()
    return (int(words[0]), int(words[1], 16)) if len(words) > 2 else None


def wait_target(*arguments):
    return Program(os.path.join(os.environ["LSC_BUILD"], "tests", "wait-target"), *arguments)


def read_names(program):
    names = {}
    while (words := program.line()) and words != ["ready"]:
        names[int(words[1])] = words[0]
    return names


def test_details(tap):
    """Threads that wait, each for something else: met there, and seen to fall asleep."""
    with wait_target() as program, Worker() as worker:
        names = read_names(program)
        truth = {names[tid]: kernel_truth(program.pid, tid) for tid in names}
        worker.start([program.pid])
        tasks, _ = waits_of(worker, names)
        tap.ok(set(names.values()) <= set(DETAILS) and len(names) >= len(DETAILS) - 3, "every kind of wait is there", names)
        wrong = {n: (tasks.get(n), truth[n], DETAILS[n]) for n in names.values()
                 if not tasks.get(n) or tasks[n][1:3] != truth[n] or tasks[n][3] != DETAILS[n]}
        tap.ok(not wrong, "snapshot: call, argument and detail of every wait", wrong)
        wide = {n for n in tasks if tasks[n][0]}
        tap.ok(wide == {n for n in names.values() if n.endswith("-32")}, "snapshot: calls of the 32-bit table are marked", wide)
        worker.stop()
    later = ("bash", "-c", 'read -n 1 x; exec "$0"', os.path.join(os.environ["LSC_BUILD"], "tests", "wait-target"))
    with Program(*later) as program, Worker() as worker:
        worker.start([program.pid])
        program.process.stdin.write(b"x")
        program.process.stdin.flush()
        names = read_names(program)
        worker.read_for(0.2)
        program.go()
        worker.wait_for(lambda r: r.kind == END, 10)
        _, switches = waits_of(worker, names)
        wrong = {n: (switches.get(n), DETAILS[n]) for n in names.values() if not switches.get(n) or switches[n][3] != DETAILS[n]}
        tap.ok(names and not wrong, "switches: the detail of every wait", wrong)
        conserved(tap, worker, "details")


def test_grown_table(tap):
    """A descriptor beyond the first 64: known where the kernel lets any of the table be read (since 6.2, if its BTF lists
    its functions), unknown elsewhere."""
    with open("/sys/kernel/btf/vmlinux", "rb") as file:
        casts = b"\0bpf_rdonly_cast\0" in file.read()
    with wait_target("grown") as program, Worker() as worker:
        names = read_names(program)
        worker.start([program.pid])
        tasks, _ = waits_of(worker, names)
        expected = DETAIL_PIPE if casts else 0
        tap.ok(tasks.get("high-number", (0, 0, 0, -1))[2:] == (500, expected), "a descriptor in a table that has grown", tasks)


def main():
    tap = Tap()
    for test in (test_parked, test_sleep, test_interrupted, test_token, test_fork, test_existing_descendants, test_rename,
                 test_exec, test_yield, test_neighbours, test_two_targets, test_reused_id, test_burst, test_whole_machine, test_nested_namespace,
                 test_io_wait, test_details, test_grown_table):
        tap.run(test.__name__, lambda test=test: test(tap))
    tap.done()


if __name__ == "__main__":
    main()
