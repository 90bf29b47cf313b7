# SPDX-License-Identifier: GPL-2.0-or-later
"""Trouble as a person meets it: each gives its one sentence, and nothing hangs."""
import os
import pathlib
import shutil
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import private_system as private  # noqa: E402
from tap import Tap  # noqa: E402

SYSTEM, PKEXEC = "2", "4"
RUNNER = private.BUILD / "tests" / "session-runner"
SHORT = ["--stop-after", "300"]
tap = Tap()
private.enter(tap)
system = private.PrivateSystem("--opens-per-minute 1000")
system.rule(private.ALLOWING_RULE)


def says(facts, part, name, exit_status=None):
    message = facts.get("message", "")
    good = part in message and "hung" not in facts and facts["status"] == 0
    if exit_status is not None:
        good = good and facts.get("exit_status") == exit_status
    tap.ok(good, name, facts)


def wrong_targets():
    sleeper = subprocess.Popen(["true"])
    sleeper.wait()
    says(system.session("lscalice", "--pid", sleeper.pid), f"There is no process {sleeper.pid}", "no such pid", 1)
    for text in ("abc", "-1", "0", "1.5", "99999999999"):
        facts = read_wrong_usage(text)
        says(facts, f'“{text}” is no process id', f"not a process id: {text}", 1)
    says(system.session("lscalice", "--", "no-such-program-at-all"), "There is no program", "no such program", 127)
    says(system.session("lscalice", "--", "/etc/passwd"), "cannot be run", "not executable", 126)


def read_wrong_usage(text):
    facts = private.read_session(system.start("lscalice", RUNNER, "--pid", text))
    facts["status"] = 0 if facts["status"] == 2 else facts["status"]
    return facts


def runs_sleep(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/comm").read_text().strip() == "sleep"
    except OSError:
        return False


def target_ends_at_once():
    """A pid that ends between being chosen and being traced."""
    results = []
    for _ in range(3):
        short = system.start("lscalice", "sleep", "0.15")
        private.wait_for(lambda: runs_sleep(short.pid), 1)  # before that it is still root's
        results.append(system.session("lscalice", *SHORT, "--pid", short.pid))
        short.wait()
    fine = [f for f in results if f.get("end_reason") == 2 or "ended before tracing began" in f.get("message", "")
            or "There is no process" in f.get("message", "")]
    tap.ok(len(fine) == 3, "a process that ends at once: told so, or traced to its end", results)


def somebody_elses_process():
    other = system.start("lscalice", "sleep", "100")
    facts = system.session("lscbob", *SHORT, "--pid", other.pid)
    says(facts, f"Process {other.pid} belongs to another user", "somebody else's process, not allowed", 77)
    foreign = system.start("lscbob", "sleep", "100")
    facts = system.session("lscalice", *SHORT, "--pid", foreign.pid)
    tap.ok(facts.get("scope") == 2 and facts.get("end_reason") == 1, "somebody else's process, allowed", facts)
    for process in (other, foreign):
        process.kill()
        process.wait()


def refused():
    says(system.session("lscbob", *SHORT, "--all"), "this computer's rules forbid it", "denied", 77)
    says(system.session("lscbob", *SHORT, "--mine"), "nothing in this session can ask", "no agent", 77)


def several_captures():
    runners = [system.start("lscalice", RUNNER, "--stop-after", "60000", "--mine") for _ in range(2)]
    for runner in runners:
        next((line for line in runner.stdout if '"live"' in line), None)
    tap.ok(all(r.poll() is None for r in runners), "a second capture while one runs is no trouble")
    says(system.session("lscalice", *SHORT, "--mine"), "refused another capture", "a third one is", 77)
    for runner in runners:
        runner.kill()
        runner.wait()
    tap.ok(bool(private.wait_for(lambda: system.workers() == [])), "their places are free again")


def many_targets():
    """More processes than the bus carries descriptors, up to what a session takes."""
    for n, good in ((16, True), (17, True), (64, True), (65, False)):
        sleepers = [system.start("lscalice", "sleep", "100") for _ in range(n)]
        private.wait_for(lambda: all(os.stat(f"/proc/{s.pid}").st_uid == private.ALICE for s in sleepers))
        facts = system.session("lscalice", *SHORT, *[a for s in sleepers for a in ("--pid", s.pid)])
        if good:
            tap.ok(facts.get("end_reason") == 1 and facts["threads"] == n, f"{n} processes in one capture", facts)
        else:
            says(facts, "choose at most 64", f"{n} are too many", 1)
        for sleeper in sleepers:
            sleeper.kill()
            sleeper.wait()
        private.wait_for(lambda: system.workers() == [])


def command_runs_from_its_first_instruction():
    facts = system.session("lscalice", "--stop-after", "20000", "--", "sh", "-c", "sleep 0.1; exit 7")
    tap.ok(facts.get("child_status") == 7 and facts.get("end_reason") == 2, "a command's own status comes back", facts)
    tap.ok(facts.get("events", 0) > 5, "and its life was recorded", facts)
    facts = system.session("lscbob", *SHORT, "--", "touch", "/tmp/lsc-must-not-exist")
    says(facts, "nothing in this session can ask", "a command is refused with the capture", 77)
    tap.ok(not os.path.exists("/tmp/lsc-must-not-exist"), "and was not run")


def no_way_in():
    """Without the service: pkexec; without that: nothing, each with its sentence."""
    service = "/usr/share/dbus-1/system-services/org.lanescope.Tracer1.service"
    text = pathlib.Path(service).read_text()
    system.end(private.NAME)
    os.remove(service)
    system.call_bus("ReloadConfig")
    facts = system.session("lscbob", *SHORT, "--mine")
    says(facts, "nothing in this session can ask", "pkexec without an agent", 77)
    tap.ok(facts.get("door") == 4, "pkexec was the way taken", facts)
    says(system.session("lscbob", "--doors", SYSTEM, *SHORT, "--mine"), "neither Lanescope's system service nor pkexec",
         "no service, no pkexec", 77)
    pathlib.Path(service).write_text(text)
    system.call_bus("ReloadConfig")


def pkexec_with_permission():
    """The second door: a rule lets it through, the tracer streams over stdin."""
    system.rule(private.ALLOWING_RULE.replace("org.lanescope.", "org.freedesktop.policykit.exec"))
    facts = system.session("lscalice", "--doors", PKEXEC, *SHORT, "--mine")
    tap.ok(facts.get("door") == 4 and facts.get("end_reason") == 1, "pkexec gives a stream", facts)
    tap.ok(facts["states"] == ["authorising", "preparing", "live"], "in its order", facts)
    system.rule(private.REFUSING_RULE.replace("org.lanescope.", "org.freedesktop.policykit.exec"))
    says(system.session("lscalice", "--doors", PKEXEC, *SHORT, "--mine"), "was not allowed", "pkexec refused", 77)
    system.rule(private.ALLOWING_RULE)


def no_polkit():
    service = f"/usr/share/dbus-1/system-services/{private.POLKIT}.service"
    text = pathlib.Path(service).read_text()
    os.remove(service)
    system.call_bus("ReloadConfig")
    system.end(private.POLKIT)
    says(system.session("lscalice", *SHORT, "--mine"), "polkit) does not answer", "no polkit", 77)
    says(system.session("lscalice", "--doors", PKEXEC, *SHORT, "--mine"), "polkit) does not answer", "no polkit for pkexec",
         77)
    says(system.session("lscalice", "--capability"), "polkit) does not answer", "the start page would say so too", 77)
    pathlib.Path(service).write_text(text)
    system.call_bus("ReloadConfig")
    facts = system.session("lscalice", "--capability")
    tap.ok(facts.get("capability") == "yes", "with polkit it would say that all is well", facts)


def no_bus():
    environment = dict(os.environ, DBUS_SYSTEM_BUS_ADDRESS="unix:path=/run/no-such-socket")
    says(system.session("lscalice", *SHORT, "--mine", env=environment), "system bus (D-Bus) is not running", "no bus", 77)
    says(system.session("lscalice", "--capability", env=environment), "system bus (D-Bus) is not running",
         "the start page would say so too", 77)
    facts = system.session(None, *SHORT, "--all", env=environment)
    tap.ok(facts.get("door") == 1 and facts.get("end_reason") == 1, "root needs no bus", facts)


def start_fake(protocol, noise, user=None, environment=None):
    process = system.start(user, private.PYTHON, private.SOURCE / "tests/support/fake_door.py", protocol, noise,
                           env=environment or os.environ)
    assert process.stdout.readline().strip() == "owner"
    return process


def other_versions():
    """T19, T40: a helper of another version, or one that talks nonsense."""
    system.end(private.NAME)
    for protocol, noise, part in ((99, "none", "please restart"), (1, "newer", "please restart"),
                                  (1, "garbage", "no event"), (1, "none", "ended unexpectedly")):
        fake = start_fake(protocol, noise)
        facts = system.session("lscalice", *SHORT, "--mine")
        says(facts, part, f"protocol {protocol}, stream of {noise}", 77 if protocol == 98 else 1)
        tap.ok(facts["events"] == 0, "nothing of it was interpreted", facts)
        fake.kill()
        out = fake.stdout.read()
        if protocol == 99:
            tap.ok("called Open" not in out, "Open was not even called", out)
    fake = start_fake(1, "silence")
    session = system.start("lscalice", RUNNER, "--mine")  # stop comes with the end of its stdin
    next(line for line in session.stdout if '"preparing"' in line)
    facts = private.read_session(session, 10)
    says(facts, "stopped before it began", "a helper that says nothing can be given up")
    fake.kill()


def impostor():
    """T11: on a bus that lets anybody have the name, a helper that is not root's is not talked to."""
    config = system.scratch / "session.conf"
    shutil.copy("/usr/share/dbus-1/session.conf", config)
    bus = system.start("lscbob", "dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile", "--print-address=1",
                       f"--address=unix:path={system.scratch}/impostor")
    os.chmod(system.scratch, 0o777)
    address = bus.stdout.readline().strip()
    environment = dict(os.environ, DBUS_SYSTEM_BUS_ADDRESS=address)
    fake = start_fake(1, "garbage", "lscbob", environment)
    facts = system.session("lscbob", *SHORT, "--mine", env=environment)
    says(facts, "does not belong to root", "a helper that is not root's", 77)
    fake.kill()
    tap.ok(fake.stdout.read() == "", "it was never called")
    bus.kill()


def bus_restarts():
    """Running sessions go on without the bus."""
    busy = system.start("lscalice", "sh", "-c", "while sleep 0.01; do :; done")
    session = system.start("lscalice", RUNNER, "--stop-after", "3000", "--pid", busy.pid)
    next(line for line in session.stdout if '"live"' in line)
    os.kill(system.bus.pid, signal.SIGTERM)
    system.bus.wait()
    facts = private.read_session(session)
    tap.ok(facts.get("end_reason") == 1 and facts["events"] > 500, "a session goes on when the bus ends", facts)
    busy.kill()
    os.path.exists("/run/dbus/system_bus_socket") and os.remove("/run/dbus/system_bus_socket")
    system.start_bus()


for test in (wrong_targets, target_ends_at_once, somebody_elses_process, refused, several_captures, many_targets,
             command_runs_from_its_first_instruction, no_way_in, pkexec_with_permission, no_polkit, no_bus, other_versions,
             impostor, bus_restarts):
    tap.run(test.__name__.replace("_", " "), test)
system.close()
tap.ok(system.reports == [], "neither sanitizers nor GLib complain about the helper", "\n".join(system.reports))
tap.done()
