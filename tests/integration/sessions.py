# SPDX-License-Identifier: GPL-2.0-or-later
"""Running sessions behind the real door: what the worker still holds, and how everybody's death ends it."""
import os
import pathlib
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import private_system as private  # noqa: E402
from tap import Tap, promised  # noqa: E402

tap = Tap()
private.enter(tap)
system = private.PrivateSystem("--opens-per-minute 100000")
system.rule(private.ALLOWING_RULE)


def status_of(pid):
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)


def wait_for_live(client, stream):
    """The worker has dropped everything once its header is there."""
    client.ask(do="start", stream=stream)
    return client.ask(do="read", stream=stream, seconds=2)


def live_client(scope="own", user="lscalice"):
    client = system.client(user)
    answer = client.open(scope)
    facts = wait_for_live(client, answer["stream"])
    return client, system.workers()[-1], facts


def wait_until_live(session):
    """Reads what session-runner says until its session is live."""
    for line in session.stdout:
        if '"live"' in line:
            return


def is_gone(pid, seconds=1.0):
    began = time.monotonic()
    return bool(private.wait_for(lambda: not private.is_alive(pid), 10)) and time.monotonic() - began <= promised(seconds)


def programs_of(worker):
    """The ids of the BPF programs that the worker's links keep loaded. Other tests may have theirs."""
    found = set()
    for info in pathlib.Path(f"/proc/{worker}/fdinfo").iterdir():
        found |= {line.split()[1] for line in info.read_text().splitlines() if line.startswith("prog_id:")}
    return found


def loaded_programs():
    text = subprocess.run(["bpftool", "prog", "show"], capture_output=True, text=True, check=True).stdout
    return {line.split(":")[0] for line in text.splitlines() if line[:1].isdigit()}


def what_the_worker_is():
    """T31, T34: read back from /proc, after the drop."""
    client, worker, facts = live_client()
    programs = programs_of(worker)
    tap.ok(facts["kinds"].get("ready") == 1, "the session is live", facts)
    status = status_of(worker)
    zero = "0" * 16
    tap.ok([status[k] for k in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")] == [zero] * 5,
           "the worker has no capability in any set", status)
    tap.ok(status["NoNewPrivs"].strip() == "1" and status["Seccomp"].strip() == "2",
           "it can gain none, and is confined", status)
    uids = set(status["Uid"].split())
    tap.ok(len(uids) == 1 and not uids & {"0", str(private.ALICE)}, "its user is neither root nor the caller", status["Uid"])
    tap.ok(status["Groups"].strip() == "", "it has no groups", status["Groups"])
    tap.ok(os.stat(f"/proc/{worker}/status").st_uid == 0, "it cannot be inspected: its files belong to root")
    tap.ok(os.readlink(f"/proc/{worker}/cwd") == "/", "it stands in /")
    command = pathlib.Path(f"/proc/{worker}/cmdline").read_bytes().split(b"\0")[1:-1]
    tap.ok(command == [b"--scope=own", b"--uid=%d" % private.ALICE], "its arguments are the constant ones", command)
    fds = private.fds_of(worker)
    others = [t for t in fds.values() if not t.startswith(("anon_inode:", "socket:", "pipe:", "/dev/null"))
              and t != str(system.log)]
    tap.ok(others == [], "it holds no files", fds)
    sockets = [t for t in fds.values() if t.startswith("socket:")]
    tap.ok(len(sockets) == 1, "one socket: the stream", fds)
    door = private.fds_of(system.door_pid())
    tap.ok(not any("bpf" in t for t in door.values()), "the door holds nothing of BPF", door)
    tap.ok(not any("bpf" in t for t in private.fds_of(client.process.pid).values()), "nor does the client")
    tap.ok(len(programs) > 0 and programs <= loaded_programs(), "its programs are loaded", programs)
    client.close()
    tap.ok(is_gone(worker), "the worker is gone within a second of its client")
    tap.ok(bool(private.wait_for(lambda: not programs & loaded_programs())), "and no BPF program is left")


def client_killed():
    """T36."""
    client, worker, _ = live_client()
    programs = programs_of(worker)
    client.process.kill()
    tap.ok(is_gone(worker), "SIGKILL of the client: the worker is gone within a second")
    tap.ok(bool(private.wait_for(lambda: not programs & loaded_programs())), "and no BPF program is left")


def client_killed_with_stream_leaked():
    """T37: a child of the client still holds the stream, so the worker sees no end; the bus tells the door."""
    client, worker, _ = live_client()
    keeper = client.ask(do="leak", stream=0)["pid"]
    held = [t for t in private.fds_of(keeper).values() if t.startswith("socket:")]
    tap.ok(len(held) == 1, "a child of the client holds the stream", held)
    client.process.kill()
    tap.ok(is_gone(worker), "SIGKILL of the client: the worker is gone within a second all the same")
    tap.ok(private.is_alive(keeper), "while the child still holds it")
    os.kill(keeper, signal.SIGKILL)


def worker_killed():
    """T38: the client says so in its one sentence, and keeps what it has."""
    for sign, sentence in ((signal.SIGKILL, "HELPER_LOST"), (signal.SIGSEGV, "HELPER_LOST"),
                           (signal.SIGTERM, "HELPER_STOPPED")):
        busy = system.start("lscalice", "sh", "-c", "while sleep 0.01; do :; done")
        session = system.start("lscalice", private.BUILD / "tests" / "session-runner", "--stop-after", "60000", "--pid", busy.pid)
        worker = private.wait_for(lambda: system.workers())[0]
        wait_until_live(session)
        time.sleep(1)
        os.kill(worker, sign)
        facts = private.read_session(session)
        lost = "ended unexpectedly" if sentence == "HELPER_LOST" else "somebody else ended the helper"
        tap.ok(lost in facts.get("message", ""), f"{sign.name} to the worker: {sentence}", facts)
        tap.ok("kept" in facts.get("message", "") and facts["events"] > 50, "everything before it was handed out", facts)
        busy.kill()
        busy.wait()


def door_killed():
    """T39: its workers end with it; the next Open starts another door."""
    client, worker, _ = live_client()
    pid = system.door_pid()
    os.kill(pid, signal.SIGKILL)
    tap.ok(is_gone(worker), "SIGKILL of the door: its worker is gone within a second")
    answer = client.open("own")
    tap.ok("stream" in answer, "the next Open is served", answer)
    tap.ok(system.door_pid() not in (None, pid), "by another door")
    client.close()


def door_ended_by_signal():
    """SIGTERM to the door: sessions end in order."""
    session = system.start("lscalice", private.BUILD / "tests" / "session-runner", "--stop-after", "60000", "--mine")
    wait_until_live(session)
    os.kill(system.door_pid(), signal.SIGTERM)
    facts = private.read_session(session)
    tap.ok(facts.get("end_reason") == 6, "SIGTERM to the door: its session ends with a reason", facts)


def paths_in_the_trace():
    """T13: nothing that the client said becomes a path."""
    log = system.scratch / "strace.log"
    client = system.client("lscalice")
    client.ask(do="call", method="Hello")
    tracer = subprocess.Popen(["strace", "-f", "-e", "trace=openat,execve", "-o", str(log), "-p", str(system.door_pid())],
                              stderr=subprocess.PIPE)
    tracer.stderr.readline()  # "Process ... attached"
    client.ask(do="open", options=[["scope", "s", "own"], ["MARKER/../x", "s", "MARKER"]])
    answer = client.open("own", pids=[client.process.pid])
    tap.ok("stream" in answer, "it works while it is watched", answer)
    wait_for_live(client, answer["stream"])
    client.close()
    time.sleep(0.5)
    tracer.terminate()
    tracer.wait()
    text = log.read_text()
    tap.ok("lanescope-tracer" in text and "openat(" in text, "the door and its worker were watched")
    tap.ok("MARKER" not in text, "no path holds anything the client said")


def two_users_at_once():
    """The header of each says who it is for."""
    admin = system.client("lscadmin")
    system.rule(private.ALLOWING_RULE.replace('"lsctrace"', '"lsctrace") || subject.isInGroup("sudo"'))
    alice, _, mine = live_client()
    answer = admin.open("own")
    theirs = wait_for_live(admin, answer["stream"])
    tap.ok(mine["task_uids"] == [private.ALICE] and theirs["task_uids"] in ([private.ADMIN], []), "each sees only their own", [mine, theirs])
    tap.ok(theirs.get("uid") == private.ADMIN, "and the header says whose it is", theirs)
    alice.close()
    admin.close()
    system.rule(private.ALLOWING_RULE)


for test in (what_the_worker_is, client_killed, client_killed_with_stream_leaked, worker_killed, door_killed, door_ended_by_signal, paths_in_the_trace,
             two_users_at_once):
    tap.run(test.__name__.replace("_", " "), test)
system.close()
tap.ok(system.reports == [], "neither sanitizers nor GLib complain about the helper", "\n".join(system.reports))
tap.done()
