# SPDX-License-Identifier: GPL-2.0-or-later
"""Passwords: a person (a script at a terminal) answers, answers wrongly, goes away; and the door waits for them."""
import json
import os
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import private_system as private  # noqa: E402
from tap import Tap  # noqa: E402

tap = Tap()
private.enter(tap)
# An idle time far shorter than a person needs.
system = private.PrivateSystem("--idle 1 --opens-per-minute 1000")

# The agent is for the very process that asks, so the shell that starts it becomes that process.
WITH_AGENT = 'pkttyagent --process $$ & sleep 1; exec "$@"'
# Without it, the session brings its own.
WITHOUT_AGENT = 'exec "$@"'
# The agent throws away what was typed before it turned the echo off: a person is not that fast either.
ANSWER = r"""
log_user 0
match_max 100000
set timeout 60
set answer [lindex $argv 0]
spawn -noecho {*}[lrange $argv 1 end]
expect {
  -re {Choose identity|\): $} { send "1\r"; exp_continue }
  -re {Password: } {
    if {$answer eq "THINK"} { puts "asked [exp_pid]"; flush stdout; sleep 60 }
    sleep 1; send "$answer\r"; exp_continue
  }
  -re {(\{"[^\r\n]*\})\r?\n} { puts $expect_out(1,string); exp_continue }
  eof {}
}
"""


def start_person(answer, *arguments, user="lscbob", shell=WITHOUT_AGENT, program=None):
    """session-runner at a terminal where a person answers the password question; THINK: never."""
    script = system.scratch / "answer.exp"
    script.write_text(ANSWER)
    program = program or [private.BUILD / "tests" / "session-runner", "--stop-after", "300"]
    return system.start(user, "expect", script, answer, "sh", "-c", shell, "sh", *program, *arguments)


def ask_person(answer, *arguments, **more):
    return private.read_session(start_person(answer, *arguments, **more), 90)


def right_password():
    for name, shell in (("an agent that is there", WITH_AGENT), ("the session's own", WITHOUT_AGENT)):
        facts = ask_person("adminpw", "--all", shell=shell)
        tap.ok(facts.get("scope") == 2 and facts.get("end_reason") == 1, f"{name}: the right password gives a stream", facts)
        tap.ok(facts["states"] == ["authorising", "preparing", "live"], f"{name}: after asking", facts)
    facts = ask_person("adminpw", "--doors", "4", "--all")
    tap.ok(facts.get("door") == 4 and facts.get("end_reason") == 1, "and so it does through pkexec", facts)


def wrong_password():
    facts = ask_person("nonsense", "--all")
    tap.ok("the password was wrong" in facts.get("message", ""), "a wrong one: its sentence", facts)
    tap.ok(facts.get("exit_status") == 77 and system.workers() == [], "exit status 77, no worker", facts)


def no_agent():
    facts = system.session("lscbob", "--stop-after", "300", "--all")
    tap.ok("nothing in this session can ask" in facts.get("message", ""), "nobody who could ask: its sentence", facts)


def client_goes_away_while_asked():
    """T19b, T19c: the question is taken back, no worker starts; the door has waited past its idle time."""
    person = start_person("THINK", "--all")
    asked = next(line for line in person.stdout if line.startswith("asked")).split()
    tap.ok(asked[:1] == ["asked"], "a person is asked", asked)
    door = system.door_pid()
    time.sleep(4)
    tap.ok(door is not None and system.door_pid() == door, "the door is there while a person thinks, past its idle time")
    before = len(system.door_log())
    os.kill(int(asked[1]), signal.SIGKILL)
    # Its agent goes with it: either the bus or polkit is the first to tell the door.
    gone = private.wait_for(lambda: system.door_log()[before:], 5)
    tap.ok(bool(gone) and "started" not in gone[0], "when the client goes the question is taken back", gone)
    tap.ok(private.children_of(door) == [], "no worker was started for it")
    person.kill()
    gone = private.wait_for(lambda: not private.is_alive(door), 10)
    tap.ok(bool(gone), "then the door has nothing to do and ends")
    client = system.client("lscbob")
    answer = client.ask(do="call", method="Hello")
    tap.ok("reply" in answer and system.door_pid() != door, "the next call starts another one", answer)
    client.close()


def one_question_at_a_time():
    """T14: twenty at once from one program are one question and nineteen refusals."""
    commands = system.scratch / "commands"
    commands.write_text('{"do": "many", "n": 20, "interactive": true, "options": [["scope", "s", "any"]]}\n')
    person = start_person("nonsense", shell='pkttyagent --process $$ & sleep 1; exec "$@" <' + str(commands),
                          program=[private.PYTHON, private.SOURCE / "tests/support/door_client.py"])
    said = person.communicate(timeout=60)[0]
    if not tap.ok(said.startswith("{"), "the client has its answers", said):
        return
    answers = json.loads(said)["answers"]
    errors = sorted(answer.get("error", "") for answer in answers)
    limited = [e for e in errors if e.endswith("Error.LimitsExceeded")]
    tap.ok(len(limited) == 19, "19 are LimitsExceeded", errors)
    tap.ok(errors[0].endswith("Error.AccessDenied"), "one was a question, which a wrong password answered", errors)


for test in (right_password, wrong_password, no_agent, client_goes_away_while_asked, one_question_at_a_time):
    tap.run(test.__name__.replace("_", " "), test)
system.close()
tap.ok(system.reports == [], "neither sanitizers nor GLib complain about the helper", "\n".join(system.reports))
tap.done()
