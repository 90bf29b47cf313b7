# SPDX-License-Identifier: GPL-2.0-or-later
"""A system of its own for tests of the helper: bus, polkit, users, in a mount namespace that goes away by itself.

Nothing of the machine is changed: /etc, the D-Bus and polkit folders and /run/dbus are copies that only this test and
what it starts can see. Everything that is started is ended by its process id.
"""
import atexit
import json
import os
import pathlib
import pwd
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time

BUILD = pathlib.Path(os.environ.get("LSC_BUILD", "build")).resolve()
SOURCE = pathlib.Path(os.environ.get("LSC_SOURCE", ".")).resolve()
NAME, PATH = "org.lanescope.Tracer1", "/org/lanescope/Tracer1"
POLKIT = "org.freedesktop.PolicyKit1"
COPIED = ["/etc", "/usr/share/polkit-1/actions", "/usr/share/dbus-1"]
RULES = "/etc/polkit-1/rules.d/49-test.rules"
PYTHON = "/usr/bin/python3"
ALICE, BOB, ADMIN = 59001, 59002, 59003  # user ids of the test's own users, free on every machine we know

# Of the test rules: who is in this group may do everything; "lscbob" may never trace others' programs.
ALLOWING_RULE = """
polkit.addRule(function(action, subject) {
    if (action.id.indexOf("org.lanescope.") !== 0) return polkit.Result.NOT_HANDLED;
    if (subject.isInGroup("lsctrace")) return polkit.Result.YES;
    if (subject.user === "lscbob" && action.id === "org.lanescope.trace-any") return polkit.Result.NO;
    return polkit.Result.NOT_HANDLED;
});
"""
REFUSING_RULE = """
polkit.addRule(function(action, subject) {
    if (action.id.indexOf("org.lanescope.") === 0) return polkit.Result.NO;
    return polkit.Result.NOT_HANDLED;
});
"""


def enter(tap):
    """Starts this script again in a mount namespace of its own, once; ends the test where that is not possible."""
    if os.environ.get("LSC_PRIVATE_SYSTEM") == str(os.getppid()) or os.environ.get("LSC_PRIVATE_SYSTEM") == "exec":
        atexit.register(leave_no_folder)
        return
    if os.geteuid() != 0:
        tap.skip("everything", "only root can start a system bus and users of its own")
        tap.done()
    os.environ["LSC_PRIVATE_SYSTEM"] = "exec"
    sys.stdout.flush()
    os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", *open_to_all(), PYTHON, *sys.argv])


def open_to_all():
    """Other users must reach the programs and scripts. Where they lie in a closed folder, as in /root, what mounts them
    where everybody may go; only this test sees it."""
    closed = [p for place in (BUILD, SOURCE) for p in (place, *place.parents) if not p.stat().st_mode & stat.S_IXOTH]
    if not closed:
        return []
    public = pathlib.Path(tempfile.mkdtemp(prefix="lsc-public-"))
    public.chmod(0o755)
    os.environ["LSC_PUBLIC"] = str(public)
    commands = []
    for name, place in (("LSC_BUILD", BUILD), ("LSC_SOURCE", SOURCE)):
        os.environ[name] = str(public / name)
        (public / name).mkdir()
        commands.append(f"mount --bind {shlex.quote(str(place))} {public / name}")
    return ["sh", "-ec", "; ".join(commands) + '; exec "$@"', "sh"]


def leave_no_folder():
    public = os.environ.pop("LSC_PUBLIC", None)
    if public:
        for name in ("LSC_BUILD", "LSC_SOURCE"):
            subprocess.run(["umount", "-l", f"{public}/{name}"], check=False)
            os.rmdir(f"{public}/{name}")
        os.rmdir(public)


def run(*argv, **keywords):
    return subprocess.run([str(a) for a in argv], check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, timeout=60, **keywords).stdout


def wait_for(condition, seconds=5.0):
    """What `condition` gives as soon as it is true, or its last answer when the time is over."""
    end = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer or time.monotonic() > end:
            return answer
        time.sleep(0.02)


def is_alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def children_of(pid):
    try:
        return [int(p) for p in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def fds_of(pid):
    """What each descriptor of a process is."""
    found = {}
    for entry in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        try:
            found[int(entry.name)] = os.readlink(entry)
        except FileNotFoundError:
            pass
    return found


class PrivateSystem:
    def __init__(self, door_arguments="", door=None, with_polkit=True):
        self.door_arguments, self.door, self.with_polkit = door_arguments, door, with_polkit
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="lsc-system-"))
        self.started = []
        self.bus = None
        self.reports = []  # after close(): what sanitizers and GLib complained about in the helper
        self.log = self.scratch / "bus.log"
        atexit.register(self.close)
        self.scratch.chmod(0o755)
        run("mount", "-t", "tmpfs", "tmpfs", self.scratch)
        self.scratch.chmod(0o755)
        for folder in COPIED:
            copy = self.scratch / folder.strip("/").replace("/", "-")
            run("cp", "-a", folder, copy)
            run("mount", "--bind", copy, folder)
        run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run")
        os.makedirs("/run/dbus")
        self.make_users()
        self.install()
        self.start_bus()

    def make_users(self):
        run("groupadd", "-f", "lsctrace")
        for name, uid, groups in (("lscalice", ALICE, "lsctrace"), ("lscbob", BOB, None), ("lscadmin", ADMIN, "sudo")):
            run("useradd", "-M", "-u", uid, "-d", "/tmp", "-s", "/bin/sh", *(["-G", groups] if groups else []), name)
        run("chpasswd", input="lscalice:alicepw\nlscbob:bobpw\nlscadmin:adminpw\n")

    def install(self):
        files = BUILD / "data" / "helper"
        shutil.copy(files / "org.lanescope.policy", "/usr/share/polkit-1/actions/")
        shutil.copy(SOURCE / "data/helper/org.lanescope.Tracer1.conf", "/usr/share/dbus-1/system.d/")
        text = (files / "org.lanescope.Tracer1.service").read_text()
        door = self.door or BUILD / "helper" / "lanescope-traced"
        lines = [f"Exec={door} {self.door_arguments}".strip() if line.startswith("Exec=") else line
                 for line in text.splitlines()]
        pathlib.Path("/usr/share/dbus-1/system-services/org.lanescope.Tracer1.service").write_text(
            "\n".join(lines) + "\n")
        if not self.with_polkit:
            os.remove(f"/usr/share/dbus-1/system-services/{POLKIT}.service")

    def start_bus(self):
        with open(self.log, "ab") as log:
            process = subprocess.Popen(["dbus-daemon", "--system", "--nofork", "--nopidfile", "--print-address=1"],
                                       stdout=subprocess.PIPE, stderr=log)
        self.bus = process
        self.started.append(process)
        process.stdout.readline()

    def rule(self, text):
        """Another rule for polkit; None: none. polkitd notices by itself."""
        path = pathlib.Path(RULES)
        if text == (path.read_text() if path.exists() else None):
            return
        if text is None:
            path.unlink()
        else:
            path.write_text(text)
            path.chmod(0o644)
        if self.pid_of(POLKIT):
            time.sleep(1.2)

    def call_bus(self, method, *arguments):
        done = subprocess.run(["busctl", "--system", "call", "org.freedesktop.DBus", "/org/freedesktop/DBus",
                               "org.freedesktop.DBus", method, *arguments], capture_output=True, text=True, timeout=20)
        return done.stdout.split() if done.returncode == 0 else None

    def pid_of(self, name):
        answer = self.call_bus("GetConnectionUnixProcessID", "s", name)
        return int(answer[1]) if answer else None

    def door_pid(self):
        return self.pid_of(NAME)

    def workers(self):
        pid = self.door_pid()
        return [p for p in children_of(pid) if is_alive(p)] if pid else []

    def end(self, name):
        """Ends the service that owns `name`, by its id."""
        pid = self.pid_of(name)
        if pid:
            os.kill(pid, signal.SIGTERM)
            wait_for(lambda: not is_alive(pid), 3) or os.kill(pid, signal.SIGKILL)

    def start(self, user, *argv, **keywords):
        """A program as an ordinary user (None: as root)."""
        prefix = []
        if user:
            entry = pwd.getpwnam(user)
            prefix = ["setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--init-groups"]
        keywords.setdefault("stdin", subprocess.PIPE)
        keywords.setdefault("stdout", subprocess.PIPE)
        process = subprocess.Popen([*prefix, *[str(a) for a in argv]], text=True, cwd="/", **keywords)
        self.started.append(process)
        return process

    def client(self, user):
        return Client(self, user)

    def session(self, user, *arguments, seconds=40, **keywords):
        """Runs session-runner to its end: its facts, the last of each kind; `states` in their order."""
        process = self.start(user, BUILD / "tests" / "session-runner", *arguments, **keywords)
        return read_session(process, seconds)

    def door_log(self):
        return [line for line in self.log.read_text(errors="replace").splitlines() if line.startswith("lanescope-")]

    def close(self):
        atexit.unregister(self.close)
        if self.bus and self.bus.poll() is None:
            for name in (NAME, POLKIT):
                try:
                    self.end(name)
                except (OSError, subprocess.SubprocessError):
                    pass
        for process in reversed(self.started):
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(3)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        self.reports = [line for line in self.log.read_text(errors="replace").splitlines()
                        if ("Sanitizer" in line or "runtime error" in line or "CRITICAL" in line or "WARNING" in line)
                        # libpolkit's own, when polkit has answered just before it was told not to.
                        and "Error cancelling authorization check" not in line]
        for folder in ["/run", *reversed(COPIED), str(self.scratch)]:
            subprocess.run(["umount", "-l", folder], check=False)
        self.scratch.rmdir()


def read_session(process, seconds=40):
    try:
        out, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        out, _ = process.communicate()
        out += '{"hung": 1}\n'
    facts = {"states": [], "status": process.returncode}
    for line in out.splitlines():
        for key, value in json.loads(line).items():
            if key == "state":
                facts["states"].append(value)
            facts[key] = value
    return facts


class Client:
    """A D-Bus client that runs as another user: tests/support/door_client.py, spoken to in JSON lines."""

    def __init__(self, system, user):
        self.system = system
        self.process = system.start(user, PYTHON, SOURCE / "tests/support/door_client.py")

    def send(self, **command):
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()

    def receive(self):
        line = self.process.stdout.readline()
        if not line:
            raise EOFError("the client has ended")
        return json.loads(line)

    def ask(self, **command):
        self.send(**command)
        return self.receive()

    def open(self, scope="own", **more):
        return self.ask(do="open", options=[["scope", "s", scope]], **more)

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)
