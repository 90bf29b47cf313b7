# SPDX-License-Identifier: GPL-2.0-or-later
"""The door against a real bus and a real polkit: who gets in, who does not, and in which words."""
import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import private_system as private  # noqa: E402
from tap import Tap  # noqa: E402

DBUS = "org.freedesktop.DBus.Error."
tap = Tap()
private.enter(tap)
system = private.PrivateSystem("--opens-per-minute 100000")


def is_error(answer, *names):
    return answer.get("error") in [DBUS + n for n in names]


def methods():
    """Every method the object shows, and its arguments' types."""
    client = system.client("lscalice")
    xml = client.ask(do="call", interface="org.freedesktop.DBus.Introspectable", method="Introspect")["reply"][0]
    client.close()
    for interface in ElementTree.fromstring(xml).iter("interface"):
        if interface.get("name") == private.NAME:
            for method in interface.iter("method"):
                yield method.get("name"), [a.get("type") for a in method.iter("arg") if a.get("direction") == "in"]


def refused_without_permission():
    """T1: whatever the object offers, nobody without permission gets a worker out of it."""
    found = list(methods())
    tap.ok(sorted(name for name, _ in found) == ["Hello", "Open"], "the object has two methods, no more", found)
    for rule, text in (("no rule", None), ("a rule that refuses", private.REFUSING_RULE)):
        system.rule(text)
        for user in ("lscalice", "lscbob"):
            client = system.client(user)
            for scope in ("own", "any"):
                wanted = ["InteractiveAuthorizationRequired"] if text is None else ["AccessDenied"]
                answer = client.open(scope)
                tap.ok(is_error(answer, *wanted), f"{rule}: {user} does not get scope {scope}", answer)
            tap.ok(system.workers() == [], f"{rule}: no worker was started for {user}")
            hello = client.ask(do="call", method="Hello")
            tap.ok(hello.get("reply", [0])[0] == 1, f"{rule}: Hello tells its version and nothing else", hello)
            client.close()


def allowed_user_gets_events():
    """T2: the stream is real, and says for whom and how much it is."""
    system.rule(private.ALLOWING_RULE)
    client = system.client("lscalice")
    answer = client.open("own")
    tap.ok("stream" in answer, "a user whom polkit allows gets a stream", answer)
    tap.ok(answer.get("inheritable") is False, "the stream is close-on-exec")
    client.ask(do="start", stream=0)
    facts = client.ask(do="read", stream=0, seconds=2)
    tap.ok(facts.get("scope") == 1 and facts.get("uid") == private.ALICE, "its header says scope own, and the user", facts)
    tap.ok(facts["kinds"].get("ready") == 1 and facts["kinds"].get("switch", 0) > 0, "events come", facts)
    tap.ok(facts["task_uids"] == [private.ALICE], "of the user's own tasks only", facts)
    client.ask(do="stop", stream=0)
    facts = client.ask(do="read", stream=0, seconds=5)
    tap.ok(facts.get("reason") == 1 and facts["closed"], "stop ends it with a reason", facts)
    tap.ok(bool(private.wait_for(lambda: system.workers() == [])), "and the worker is gone")
    client.close()
    bob = system.client("lscbob")
    answer = bob.open("any")
    tap.ok(is_error(answer, "AccessDenied"), "another user is refused: AccessDenied", answer)
    bob.close()


def bus_lets_only_the_interface_through():
    """T3, T11: foreign interfaces do not reach us, nobody but root takes the name."""
    client = system.client("lscalice")
    answer = client.ask(do="call", interface="org.freedesktop.DBus.Properties", method="GetAll", signature="(s)",
                        arguments=[private.NAME])
    tap.ok(is_error(answer, "AccessDenied"), "Properties are refused by the bus", answer)
    answer = client.ask(do="call", interface="org.example.Other", method="Open")
    tap.ok(is_error(answer, "AccessDenied"), "another interface is refused by the bus", answer)
    answer = client.ask(do="call", destination="org.freedesktop.DBus", path="/org/freedesktop/DBus",
                        interface="org.freedesktop.DBus", method="RequestName", signature="(su)",
                        arguments=[private.NAME, 7])
    tap.ok(is_error(answer, "AccessDenied"), "an ordinary user cannot take the name", answer)
    client.close()


def bad_calls():
    """T4, T9, T12: everything that is not exactly right is refused before anybody is asked."""
    system.rule(private.ALLOWING_RULE)
    client = system.client("lscalice")
    answer = client.ask(do="call", method="Open", signature="(i)", arguments=[5])
    tap.ok(is_error(answer, "InvalidArgs", "UnknownMethod"), "a wrong signature", answer)
    answer = client.ask(do="call", method="Shell")
    tap.ok(is_error(answer, "UnknownMethod"), "an unknown method", answer)
    answer = client.ask(do="call", method="Hello", path="/org/lanescope")
    tap.ok(is_error(answer, "UnknownMethod", "UnknownObject"), "a wrong path", answer)
    huge = "x" * 100000
    cases = [
        ("no scope", []),
        ("scope root", [["scope", "s", "root"]]),
        ("an empty scope", [["scope", "s", ""]]),
        ("a scope of 100 kB", [["scope", "s", huge]]),
        ("a scope with a path", [["scope", "s", "../../own"]]),
        ("a scope that is an option", [["scope", "s", "--help"]]),
        ("a scope that is a number", [["scope", "u", 1]]),
        ("a negative number", [["scope", "i", -1]]),
        ("a number past 4 GiB", [["scope", "t", 1 << 40]]),
        ("a scope twice", [["scope", "s", "own"], ["scope", "s", "any"]]),
        ("the same scope twice", [["scope", "s", "own"], ["scope", "s", "own"]]),
        ("an option uid", [["scope", "s", "own"], ["uid", "u", 0]]),
        ("an unknown option", [["scope", "s", "own"], [huge, "s", ""]]),
    ]
    for name, options in cases:
        answer = client.ask(do="open", options=options)
        tap.ok(is_error(answer, "InvalidArgs"), f"InvalidArgs: {name}", str(answer)[:300])
    good = [["scope", "s", "own"]]
    answer = client.ask(do="open", options=good, files=["/dev/null"])
    tap.ok(is_error(answer, "InvalidArgs"), "InvalidArgs: a descriptor that is no process", answer)
    answer = client.ask(do="open", options=good, pids=[client.process.pid], handles=[])
    tap.ok(is_error(answer, "InvalidArgs"), "InvalidArgs: a descriptor that no argument names", answer)
    answer = client.ask(do="open", options=good, pids=[client.process.pid], handles=[0, 0])
    tap.ok("error" in answer, "an argument twice for one descriptor", answer)
    flooder = system.client("lscalice")
    try:
        answer = flooder.ask(do="open", options=good, pids=[flooder.process.pid] * 65)
    except EOFError:
        answer = {"error": "the bus ended the connection"}
    tap.ok("error" in answer, "more processes than one session takes", answer)
    tap.ok(system.workers() == [], "none of them started a worker")
    log = [line for line in system.door_log() if "worker:" in line]
    tap.ok(set(log) == {f"lanescope-traced: worker: lanescope-tracer --scope=own --uid={private.ALICE}"},
           "every worker so far had the constant arguments", log)
    tap.ok(not any("xxx" in line or ".." in line for line in system.door_log()), "no client's text is in the log")
    client.close()


def is_zombie(pid):
    return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()


def targets():
    """T21 at the door: what may be named."""
    system.rule(private.ALLOWING_RULE)
    client = system.client("lscalice")
    mine = system.start("lscalice", "sleep", "100")
    foreign = system.start("lscbob", "sleep", "100")
    answer = client.open("own", pids=[mine.pid])
    tap.ok("stream" in answer, "an own process can be named", answer)
    client.ask(do="close", stream=answer.get("stream", 0))
    private.wait_for(lambda: system.workers() == [])
    answer = client.open("own", pids=[foreign.pid])
    tap.ok(answer.get("error") == private.NAME + ".Error.NotYours", "another user's cannot, in scope own", answer)
    answer = client.open("own", pids=[mine.pid, foreign.pid])
    tap.ok(answer.get("error") == private.NAME + ".Error.NotYours", "nor beside one's own", answer)
    hidden = system.start("lscalice", private.PYTHON, "-c", "import ctypes, time\n"
                          "ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)\nprint(1, flush=True)\ntime.sleep(100)")
    hidden.stdout.readline()
    answer = client.open("own", pids=[hidden.pid])
    tap.ok(answer.get("error") == private.NAME + ".Error.NotYours", "nor one that may not be inspected", answer)
    ended = system.start("lscalice", "true")
    private.wait_for(lambda: is_zombie(ended.pid))
    answer = client.open("own", pids=[ended.pid])
    tap.ok(answer.get("error") == private.NAME + ".Error.TargetGone", "one that waits to be collected has ended", answer)
    ended.wait()
    answer = client.open("any", pids=[foreign.pid])
    tap.ok("stream" in answer, "scope any may name it", answer)
    for process in (mine, foreign, hidden):
        process.kill()
        process.wait()
    client.close()


def limits():
    """T14, T15: one prompt a program, two sessions a user, and places are given back."""
    system.rule(private.ALLOWING_RULE)
    private.wait_for(lambda: private.children_of(system.door_pid()) == [])  # it has heard that the last ones ended
    client = system.client("lscalice")
    first, second = client.open("own"), client.open("own")
    tap.ok("stream" in first and "stream" in second, "one user may have two sessions", [first, second])
    other = system.client("lscalice")
    answer = other.open("own")
    tap.ok(is_error(answer, "LimitsExceeded"), "a third is refused, from another program too", answer)
    admin = system.client("lscadmin")
    answer = admin.open("own")
    tap.ok(is_error(answer, "InteractiveAuthorizationRequired"), "another user's limit is another", answer)
    client.ask(do="close", stream=0)
    answer = private.wait_for(lambda: "stream" in (found := other.open("own")) and found)
    tap.ok(bool(answer), "after closing one there is room again")
    for one in (client, other, admin):
        one.close()
    tap.ok(bool(private.wait_for(lambda: system.workers() == [])), "all workers are gone when their clients are")


def door_size():
    pid = system.door_pid()
    rss = int(open(f"/proc/{pid}/statm").read().split()[1]) * 4
    return len(private.fds_of(pid)), rss


def many_cycles():
    """T15: the door does not grow."""
    system.rule(private.ALLOWING_RULE)
    client = system.client("lscalice")

    def cycle(n):
        bad = []
        for _ in range(n):
            answer = client.open("own")
            if "stream" not in answer:
                bad.append(answer)
                continue
            client.ask(do="close", stream=answer["stream"])
            private.wait_for(lambda: private.children_of(pid) == [])
        return bad

    pid = system.door_pid()
    cycle(20)
    before = door_size()
    bad = cycle(int(os.environ.get("LSC_CYCLES", "60")))
    after = door_size()
    tap.ok(bad == [], "every cycle of opening and closing gets its stream", bad[:2])
    tap.ok(after[0] == before[0], "the door's descriptors stay as many", f"{before} {after}")
    if "libasan" in open(f"/proc/{pid}/maps").read():
        tap.skip("its memory stays within 512 kB", "AddressSanitizer keeps what is freed")
    else:
        tap.ok(after[1] - before[1] < 512, "its memory stays within 512 kB", f"{before} {after} kB")
    client.close()


def polkit_missing():
    """T6: no polkit is a no; when it comes back it is a yes, with the same door."""
    system.rule(private.ALLOWING_RULE)
    client = system.client("lscalice")
    pid = system.door_pid()
    service = f"/usr/share/dbus-1/system-services/{private.POLKIT}.service"
    text = open(service).read()
    os.remove(service)
    system.call_bus("ReloadConfig")
    system.end(private.POLKIT)
    answer = client.open("own")
    tap.ok(is_error(answer, "AuthFailed"), "without polkit: AuthFailed", answer)
    with open(service, "w") as file:
        file.write(text)
    system.call_bus("ReloadConfig")
    answer = client.open("own")
    tap.ok("stream" in answer, "when polkit is back it works again", answer)
    tap.ok(system.door_pid() == pid, "and the door is the same process")
    client.close()


def policy_as_shipped():
    """T10, T18: the defaults, as polkit itself read them."""
    expected = {"org.lanescope.trace-own": OWN_DEFAULTS,
                "org.lanescope.trace-any": ("auth_admin", "auth_admin", "auth_admin_keep")}
    listed = subprocess.run(["pkaction"], capture_output=True, text=True, check=True).stdout.split()
    ours = [a for a in listed if a.startswith("org.lanescope")]
    tap.ok(sorted(ours) == sorted(expected), "polkit knows exactly our two actions", ours)
    for action, wanted in expected.items():
        text = subprocess.run(["pkaction", "--verbose", "--action-id", action], capture_output=True, text=True).stdout
        found = tuple(line.split(":")[1].strip() for line in text.splitlines() if line.strip().startswith("implicit"))
        tap.ok(found == wanted, f"{action}: any {wanted[0]}, inactive {wanted[1]}, active {wanted[2]}", text)
    path = "/usr/share/polkit-1/actions/org.lanescope.policy"
    text = open(path).read()
    with open(path, "w") as file:
        file.write(text.replace("auth_admin", "auth_everybody", 1))
    gone = private.wait_for(lambda: subprocess.run(["pkaction", "--action-id", "org.lanescope.trace-own"],
                                                   capture_output=True).returncode != 0)
    tap.ok(bool(gone), "a policy file with an unknown value is no policy: the check above would fail")
    with open(path, "w") as file:
        file.write(text)


# Stands here, not read from the file, so that a change of the file needs a change here.
OWN_DEFAULTS = ("auth_admin", "auth_admin", "yes")

for test in (refused_without_permission, allowed_user_gets_events, bus_lets_only_the_interface_through, bad_calls, targets,
             limits, many_cycles, polkit_missing, policy_as_shipped):
    tap.run(test.__name__.replace("_", " "), test)
system.close()
tap.ok(system.reports == [], "neither sanitizers nor GLib complain about the helper", "\n".join(system.reports))
tap.done()
