# SPDX-License-Identifier: GPL-2.0-or-later
"""The second door, lanescope-tracer --stdio: whatever it is started with and on, it works or says one sentence."""
import os
import pathlib
import resource
import socket
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from tap import Tap  # noqa: E402

BUILD = pathlib.Path(os.environ.get("LSC_BUILD", "build")).resolve()
TRACER = str(BUILD / "helper" / "lanescope-tracer")
USAGE, NO_SOCKET, NO_BTF, CONTAINER, NO_CAPABILITY, LOAD = 64, 65, 66, 69, 70, 72
tap = Tap()


def run(argv, stdin, prefix=(), **keywords):
    done = subprocess.run([*prefix, TRACER, *argv], stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          timeout=60, **keywords)
    return done.returncode, done.stderr


def one_sentence(result, expected, name):
    status, said = result
    lines = [line for line in said.splitlines() if line.strip()]
    tap.ok(status in expected and len(lines) == 1, f"{name}: exit {expected[0]} and one sentence", f"{status} {said!r}")


def on_what_is_no_socket():
    """T17."""
    with open("/dev/null") as null:
        one_sentence(run(["--stdio"], null), [NO_SOCKET], "/dev/null")
    reader, writer = os.pipe()
    one_sentence(run(["--stdio"], reader), [NO_SOCKET], "a pipe")
    os.close(reader)
    os.close(writer)
    one_sentence(run(["--stdio"], None, prefix=["sh", "-c", 'exec "$@" <&-', "sh"]), [NO_SOCKET], "a closed descriptor")
    with socket.socket() as tcp:
        one_sentence(run(["--stdio"], tcp), [NO_SOCKET], "a TCP socket")
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    one_sentence(run(["--stdio"], theirs), [NO_SOCKET], "a datagram socket")
    one_sentence(run(["--scope=own", "--uid=0"], subprocess.DEVNULL), [NO_SOCKET], "no stream on descriptor 3")
    for one in (ours, theirs):
        one.close()


def bad_arguments():
    ours, theirs = socket.socketpair()
    for argv in (["--stdio", "--scope=all"], ["--stdio", "--uid=-1"], ["--stdio", "--uid=x"], ["--stdio", "--uid="],
                 ["--stdio", "--uid=99999999999"], ["--stdio", "--scope=own", "--scope=any"], ["--stdio", "--stdio"],
                 ["--stdio", "--help"], ["--stdio", "x"], [""], ["--stdio", "-" * 100000], []):
        one_sentence(run(argv, theirs), [USAGE], f"arguments {str(argv)[:60]}")
    ours.close()
    theirs.close()


def as_somebody():
    ours, theirs = socket.socketpair()
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    one_sentence(run(["--stdio"], theirs, prefix=nobody), [NO_CAPABILITY], "an ordinary user")
    for caps in ("+bpf", "+perfmon"):
        part = [*nobody, f"--inh-caps=-all,{caps}", f"--ambient-caps=-all,{caps}", f"--bounding-set=-all,{caps}"]
        one_sentence(run(["--stdio"], theirs, prefix=part), [NO_CAPABILITY], f"an ordinary user with {caps} alone")
    one_sentence(run(["--stdio"], theirs, prefix=["unshare", "-U", "-r"]), [CONTAINER], "a user namespace")
    hidden = ["unshare", "-m", "sh", "-c",
              'mount --make-rprivate / && mount -t tmpfs none /sys/kernel/btf && exec "$@"', "sh"]
    one_sentence(run(["--stdio"], theirs, prefix=hidden), [NO_BTF], "no BTF")
    ours.close()
    theirs.close()


def limited(**limits):
    """What a caller may have set before pkexec."""
    def set_limits():
        os.umask(0)
        for name, value in limits.items():
            resource.setrlimit(getattr(resource, name), (value, value))
    return set_limits


def start_and_hang_up(**keywords):
    """Starts it, takes its first bytes, hangs up: status, how many bytes, what it said."""
    ours, theirs = socket.socketpair()
    process = subprocess.Popen([TRACER, "--stdio"], stdin=theirs, stderr=subprocess.PIPE, text=True, **keywords)
    theirs.close()
    ours.settimeout(30)
    got = ours.recv(65536)
    ours.close()
    said = process.communicate(timeout=30)[1]
    return process.returncode, got, said


def with_limits():
    """T16: starts properly or one clear error, never a half-started trace."""
    for name, limits in (("few descriptors", {"RLIMIT_NOFILE": 20}), ("no file size", {"RLIMIT_FSIZE": 0}),
                         ("no core", {"RLIMIT_CORE": 0}), ("no locked memory", {"RLIMIT_MEMLOCK": 0}),
                         ("64 MiB of addresses", {"RLIMIT_AS": 64 << 20}),
                         ("8 MiB of addresses", {"RLIMIT_AS": 8 << 20})):
        status, got, said = start_and_hang_up(preexec_fn=limited(**limits))
        began = len(got) >= 472 and got[16:24] == b"LANESCP1"
        failed = 64 <= status <= 79 and said.count("\n") == 1
        tap.ok(began or failed, f"{name}: starts, or one sentence", f"{status} {len(got)} {said!r}")
        tap.ok(not (began and failed), f"{name}: not both")


def client_leaves():
    status, got, said = start_and_hang_up()
    tap.ok(len(got) >= 472 and status < 128, "a client that leaves: it ends by itself", f"{status} {said!r}")


def fault_in_each_bpf_call():
    """T45, the client's side: a kernel that refuses any step leaves one sentence and no signal."""
    log = "/dev/null"
    bad = []
    n = int(os.environ.get("LSC_FAULTS", "12"))
    for when in range(1, n * 4, 4):
        ours, theirs = socket.socketpair()
        ours.close()
        status, said = run(["--stdio"], theirs, prefix=["strace", "-qq", "-o", log, "-e",
                                                        f"inject=bpf:error=ENOMEM:when={when}"])
        theirs.close()
        if status >= 128 or status < 0:
            bad.append((when, status, said))
    tap.ok(bad == [], f"ENOMEM from {n} different bpf calls: never a crash", bad)


if os.geteuid() != 0:
    tap.skip("everything", "only root can start the tracer")
else:
    for test in (on_what_is_no_socket, bad_arguments, as_somebody, with_limits, client_leaves, fault_in_each_bpf_call):
        tap.run(test.__name__.replace("_", " "), test)
tap.done()
