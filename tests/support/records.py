# SPDX-License-Identifier: GPL-2.0-or-later
"""The records and commands of lib/wire in Python, and a worker to talk to: for tests that use the real tracer."""
import os
import select
import signal
import socket
import struct
import subprocess
import time
from collections import namedtuple

HEADER, SWITCH, WAKING, TASK, FORK, EXEC, RENAME, EXIT, GAP, END, STATUS, READY, NOTE, SETTING = range(1, 15)
KINDS = {HEADER: "header", SWITCH: "switch", WAKING: "waking", TASK: "task", FORK: "fork", EXEC: "exec",
         RENAME: "rename", EXIT: "exit", GAP: "gap", END: "end", STATUS: "status", READY: "ready",
         NOTE: "note", SETTING: "setting"}

SWITCH_PREEMPT, SWITCH_IO_WAIT, SWITCH_COMPAT = 1, 2, 4
# LscDetail: upper four bits of a switch's flags, `detail` of a task
SWITCH_DETAIL_SHIFT = 4
DETAIL_PIPE, DETAIL_SOCKET, DETAIL_TERMINAL, DETAIL_FILE, DETAIL_EVENT, DETAIL_DEVICE, DETAIL_BLOCK = range(1, 8)
DETAIL_FUTEX_WAIT, DETAIL_FUTEX_WAIT_BITSET, DETAIL_FUTEX_LOCK_PI, DETAIL_FUTEX_REQUEUE_PI = range(8, 12)
WAKING_INTERRUPT, WAKING_NEW = 1, 2
TASK_TRACED, TASK_KTHREAD, TASK_NEW, TASK_ON_CPU, TASK_IO_WAIT, TASK_COMPAT = 1, 2, 4, 8, 16, 32
TASK_EXITING = 128
EXIT_GROUP, EXIT_NEIGHBOUR = 1, 2
TID_IDLE, TID_OTHER, CPU_NONE = 0, 0xffffffff, 0xffffffff
STOPPED, TARGET_EXIT, NO_TARGET, PROTOCOL, FAILED, SIGNAL = range(1, 7)
WHOLE_MACHINE, CHILDREN = 1, 2
START, STOP = 1, 2
TARGETS_MAX = 64
# What a test waits for comes when it comes: patience costs nothing where all is well. An emulated machine needs more.
SLOW = bool(os.environ.get("LSC_SLOW"))  # an emulated machine
PATIENCE = 10 if SLOW else 3

HEAD = struct.Struct("<QHBBI")
# kind -> (struct after the head, names of its fields; a name with _ in front carries no meaning)
LAYOUT = {
    HEADER: ("<8sHHIqqII64s32s64s256s", "magic major minor n_cpus realtime_offset_ns boottime_offset_ns scope uid "
                                        "release machine host command"),
    SWITCH: ("<IIIhBBQ", "prev_tid next_tid prev_state prev_syscall prev_prio next_prio prev_arg"),
    WAKING: ("<II", "wakee_tid waker_tid"),
    TASK: ("<IIIIQ16sIhBBQII", "tid tgid parent_tgid ns_tid start_ns name state syscall prio detail arg uid _b"),
    FORK: ("<IIII", "parent_tid parent_tgid child_tid child_tgid"),
    EXEC: ("<II16s", "tid old_tid name"),
    RENAME: ("<II16s", "tid _a name"),
    EXIT: ("<II", "tid tgid"),
    GAP: ("<QQQII", "first_ns last_ns count cause _a"),
    END: ("<IIQQQ", "reason error seen delivered lost"),
    STATUS: ("<QQQQ", "seen lost helper_ns kernel_ns"),
    READY: ("<II", "n_processes n_threads"),
    NOTE: ("<QQII256s", "end_ns id tid note_kind text"),
    SETTING: ("<32s224s", "key value"),
}


def _make(kind):
    layout, names = LAYOUT[kind]
    fields = [n.replace("_", "reserved_", 1) if n.startswith("_") else n for n in names.split()]
    record = namedtuple(KINDS[kind].capitalize(), ["kind", "time_ns", "flags", "cpu"] + fields)
    return struct.Struct(layout), record


CLASSES = {kind: _make(kind) for kind in LAYOUT}
# Records that tell of something that happened in the kernel: seen = these + lost.
EVENTS = {SWITCH, WAKING, TASK, FORK, EXEC, RENAME, EXIT}


def _text(value):
    return value.split(b"\0", 1)[0].decode("utf-8", "replace")


def _texts(kind):
    """Which fields are text; a header begins with bytes that stay such."""
    body, _ = CLASSES[kind]
    return [i for i, value in enumerate(body.unpack(bytes(body.size))) if isinstance(value, bytes) and (i or kind != HEADER)]


# Of each kind: its size, what unpacks the body, what makes a record, the fields with text. Tests parse millions.
PARSERS = {kind: (HEAD.size + body.size, body.unpack_from, record._make, _texts(kind))
           for kind, (body, record) in CLASSES.items()}


def parse(data, start=0):
    """([records], bytes used): every whole record of `data` from `start`. ValueError on nonsense."""
    records, at, end, head = [], start, len(data), HEAD.unpack_from
    while end - at >= HEAD.size:
        time_ns, size, kind, flags, cpu = head(data, at)
        if kind not in PARSERS:
            raise ValueError(f"kind {kind} at {at}")
        whole, unpack, make, texts = PARSERS[kind]
        if size != whole:
            raise ValueError(f"{KINDS[kind]} of {size} bytes at {at}")
        if end - at < size:
            break
        values = unpack(data, at + HEAD.size)
        if texts:
            values = tuple(_text(value) if i in texts else value for i, value in enumerate(values))
        records.append(make((kind, time_ns, flags, cpu) + values))
        at += size
    return records, at


def of_kind(records, *kinds):
    return [r for r in records if r.kind in kinds]


def start_ticks(pid):
    """Field 22 of /proc/PID/stat."""
    with open(f"/proc/{pid}/stat") as file:
        return int(file.read().rsplit(")", 1)[1].split()[19])


def start_command(pids=(), whole=False, children=True, exclude=0, ticks=True):
    """LscCommandStart. `ticks`: say when each process started; otherwise 0."""
    flags = (WHOLE_MACHINE if whole else 0) | (CHILDREN if children else 0)
    targets = b"".join(struct.pack("<IIQ", p, 0, start_ticks(p) if ticks else 0) for p in pids)
    targets += bytes(16 * (TARGETS_MAX - len(pids)))
    return struct.pack("<IHHIIII", 24 + 16 * TARGETS_MAX, START, 1, flags, len(pids), exclude, 0) + targets


def stop_command():
    return struct.pack("<IHH", 8, STOP, 1)


def tracer_path():
    return os.path.join(os.environ.get("LSC_BUILD", "build"), "helper", "lanescope-tracer")


class Worker:
    """A running lanescope-tracer and the other end of its stream. Use as a context manager: it never outlives it."""

    def __init__(self, own_uid=None, options=None, wrap=(), rcvbuf=None, **popen):
        """`own_uid`: scope own for that user, as the door starts it (stream on descriptor 3); else --stdio.
        `wrap`: a command to start it with (setpriv, strace, unshare ...)."""
        self.socket, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        if rcvbuf:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, rcvbuf)
        self.data = bytearray()
        self.at = 0
        self.records = []
        self.eof = False
        self.stderr = ""
        self.exit_status = None
        if own_uid is None:
            arguments = ["--stdio"] if options is None else options
            self.process = subprocess.Popen([*wrap, tracer_path(), *arguments], stdin=other, stderr=subprocess.PIPE,
                                            **popen)
        else:
            self.process = self._as_the_door(own_uid, other, wrap, options, popen)
        other.close()

    @staticmethod
    def _as_the_door(uid, other, wrap, options, popen):
        arguments = [f"--scope=own", f"--uid={uid}"] if options is None else options
        fds = popen.pop("pidfds", [])
        shell = 'exec 3<&$S; ' + "".join(f"exec {4 + i}<&{fd}; " for i, fd in enumerate(fds)) + 'exec "$@"'
        # The stream is moved out of the way of 3.. first.
        high = [os.dup2(fd, 100 + i) for i, fd in enumerate([other.fileno(), *fds])]
        shell = 'exec 3<&100 100<&-; '
        shell += "".join(f"exec {4 + i}<&{101 + i} {101 + i}<&-; " for i in range(len(fds)))
        try:
            return subprocess.Popen(["bash", "-c", shell + 'exec "$@"', "door", *wrap, tracer_path(), *arguments],
                                    stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, pass_fds=high, **popen)
        finally:
            for fd in high:
                os.close(fd)

    @property
    def pid(self):
        return self.process.pid

    def send(self, data):
        self.socket.sendall(data)

    def start(self, pids=(), **options):
        """Sends the start command and waits until tracing is ready."""
        self.send(start_command(pids, **options))
        if not self.wait_for(lambda r: r.kind in (READY, END), 10):
            raise AssertionError(f"no READY: {self.records[-3:]} eof {self.eof} {self.finish()}")
        return self

    def read(self, timeout):
        """Takes what arrives within `timeout` seconds, at most once. False at the end of the stream."""
        if self.eof or not select.select([self.socket], [], [], timeout)[0]:
            return not self.eof
        try:
            # Not more than a slow machine parses in a moment: the tracer waits for its reader, but not for ever.
            chunk = self.socket.recv(1 << 17)
        except ConnectionResetError:
            chunk = b""
        if not chunk:
            self.eof = True
            return False
        self.data += chunk
        records, self.at = parse(self.data, self.at)
        del self.data[:self.at]
        self.at = 0
        self.records += records
        return True

    def read_for(self, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.read(max(0, until - time.monotonic())):
            pass
        return self

    def wait_for(self, wanted, seconds=5):
        """The first record for which `wanted` is true, or None after `seconds` times PATIENCE."""
        until, seen = time.monotonic() + seconds * PATIENCE, 0
        while True:
            for record in self.records[seen:]:
                if wanted(record):
                    return record
            seen = len(self.records)
            if self.eof or time.monotonic() > until:
                return None
            self.read(0.2)

    def stop(self, seconds=20):
        """Stop, and everything up to the end record. Returns the end record."""
        if not self.eof:
            try:
                self.send(stop_command())
            except OSError:
                pass
        end = self.wait_for(lambda r: r.kind == END, seconds)
        self.finish()
        return end

    def finish(self, seconds=10):
        """Waits for the process; afterwards exit_status and stderr tell. Returns both."""
        if self.exit_status is None:
            try:
                self.stderr = self.process.communicate(timeout=seconds * PATIENCE)[1].decode()
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.stderr = "(killed by the test) " + self.process.communicate()[1].decode()
            self.exit_status = self.process.returncode
        return self.exit_status, self.stderr

    def read_to_end(self, seconds=10):
        until = time.monotonic() + seconds * PATIENCE
        while self.read(0.2) and time.monotonic() < until:
            pass
        return self

    def of(self, *kinds):
        return of_kind(self.records, *kinds)

    def end_record(self):
        ends = self.of(END)
        return ends[-1] if ends else None

    def sums(self):
        """(seen, delivered, lost) as END says, and (delivered, lost) as the stream itself says."""
        end = self.end_record()
        delivered = sum(1 for r in self.records if r.kind in EVENTS)
        return (end.seen, end.delivered, end.lost), (delivered, sum(g.count for g in self.of(GAP)))

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.socket.close()
        if self.exit_status is None:
            try:
                self.process.communicate(timeout=3)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGKILL)
                self.process.communicate()
