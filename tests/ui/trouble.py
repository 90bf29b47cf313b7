# SPDX-License-Identifier: GPL-2.0-or-later
"""Trouble in the window: each has its sentence, nothing is lost, nothing is left behind."""
import os
import signal
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from desktop import Desktop  # noqa: E402
from lanes import Lanes, span_ns  # noqa: E402
from tap import Tap  # noqa: E402
from window import Window, wait_for  # noqa: E402

BUILD = Path(os.environ["LSC_BUILD"])
LANESCOPE = BUILD / "gui" / "lanescope"
SAMPLE = BUILD / "data" / "lessons" / "fib-mutex"


def children(pid):
    """Every descendant's pid and name."""
    found = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                stat = Path("/proc", name, "stat").read_text()
            except OSError:
                continue
            comm, rest = stat[stat.index("(") + 1:stat.rindex(")")], stat[stat.rindex(")") + 2:].split()
            found[int(name)] = (comm, int(rest[1]), rest[0])
    mine, grew = {pid}, True
    while grew:
        more = {p for p, (_, parent, _) in found.items() if parent in mine} - mine
        mine |= more
        grew = bool(more)
    return {p: found[p][0] for p in mine - {pid} if p in found and found[p][2] != "Z"}


def tracers(window):
    return [p for p, name in children(window.process.pid).items() if name.startswith("lanescope-trace")]


def alive(pid):
    try:
        return Path("/proc", str(pid), "stat").read_text().split(")")[1].split()[0] != "Z"
    except OSError:
        return False


def bpf_programs():
    """Ids of the BPF programs that are loaded, by bpftool; None where it cannot tell."""
    done = subprocess.run(["bpftool", "prog", "show", "--json"], capture_output=True, text=True, timeout=20)
    if done.returncode:
        return None
    import json
    return {p["id"] for p in json.loads(done.stdout)}


def helper_killed(tap, desktop):
    """The helper dies: the capture stays, its reason is shown, it can be saved."""
    with Window(desktop, LANESCOPE, "--", str(SAMPLE), "-s", "60") as window:
        lanes = Lanes(window)
        tap.ok(wait_for(lambda: lanes.events() > 100, 5), "a capture runs", lanes.status())
        found = tracers(window)
        if not tap.ok(len(found) == 1, "it has one helper", str(children(window.process.pid))):
            return
        os.kill(found[0], signal.SIGKILL)
        tap.ok(wait_for(lambda: window.all(contains="helper ended unexpectedly"), 5, 0.2),
               "helper killed: the window says so", window.outline()[-3000:])
        tap.ok(lanes.events() > 100 and lanes.n_colours() > 0, "helper killed: the lanes are still there",
               lanes.status())
        tap.ok(window.button("Save"), "helper killed: the capture can be saved")
        window.shot("trouble-1-helper-killed")
        refused(tap, window, lanes)


def refused(tap, window, lanes):
    """What cannot be done says why."""
    window.click(lanes.node, at=(0.02, 0.93))
    for key, said in (("u", "No bar is picked"), ("f", "nothing to fit"), ("n", "No marker follows"),
                      ("h", "No lane is picked"), ("ctrl+z", "nothing to undo"), ("alt+Right", "the last view")):
        window.key(key)
        tap.ok(wait_for(lambda: window.all("label", contains=said), 3), f"{key}: {said}",  # noqa: B023
               window.outline()[-2000:])
    window.key(*["minus"] * 20)
    window.desktop.settle(5)
    far = lanes.description
    window.key(*["minus"] * 5)
    window.desktop.settle(5)
    # A minute, or twenty times a capture that took longer than it should have.
    tap.ok(59e9 < span_ns(far) < 600e9 and lanes.description == far, "a capture is not lost by zooming out",
           f"{far}; then {lanes.description}")
    tap.ok(not window.complaints(), "GTK has nothing to complain about", "\n".join(window.complaints()))


def window_killed(tap, desktop):
    """The window dies: the helper goes within a second, with everything that it had in the kernel."""
    before = bpf_programs()
    sample = subprocess.Popen([SAMPLE, "-s", "60"], stdout=subprocess.DEVNULL)
    try:
        with Window(desktop, LANESCOPE, "--pid", sample.pid) as window:
            lanes = Lanes(window)
            tap.ok(wait_for(lambda: lanes.events() > 100, 5), "--pid starts a capture at once", lanes.status())
            found = tracers(window)
            tap.ok(found, "there is a helper")
            window.process.kill()
            window.process.wait()
            tap.ok(wait_for(lambda: not any(map(alive, found)), 1.0, patience=1), "window killed: the helper is gone in a second")
        if before is None:
            tap.skip("window killed: no BPF program is left", "bpftool cannot list programs here")
        else:
            left = wait_for(lambda: bpf_programs() <= before, 3)
            tap.ok(left, "window killed: no BPF program is left", str(bpf_programs() - before))
        tap.ok(sample.poll() is None, "window killed: the program that was watched goes on")
    finally:
        sample.kill()
        sample.wait()


def bad_files(tap, desktop):
    """Files that are no captures: a sentence each, and the window stays."""
    (desktop.home / "text.lanes").write_text("These are no events.\n" * 100)
    (desktop.home / "empty.lanes").write_bytes(b"")
    for name, word in (("text.lanes", "capture"), ("empty.lanes", "empty"), ("missing.lanes", "missing.lanes")):
        with Window(desktop, LANESCOPE, desktop.home / name) as window:
            said = wait_for(lambda: [n.name for n in window.all("label", contains=word)  # noqa: B023
                                     if len(n.name) > 20], 5, 0.2)
            tap.ok(said, f"{name}: a sentence is shown", window.outline()[-2000:])
            tap.note(f"{name}: {said}")
            tap.ok(window.process.poll() is None, f"{name}: the window stays")
            window.shot(f"trouble-2-{name.split('.')[0]}")


def no_such_process(tap, desktop):
    with Window(desktop, LANESCOPE, "--pid", "4194303") as window:
        tap.ok(wait_for(lambda: window.all(contains="no process 4194303"), 5, 0.2), "no such process: a sentence",
               window.outline()[-2000:])
        window.shot("trouble-3-no-process")


def program_fails(tap, desktop):
    """A program that ends in an error: how is said, the lanes stay."""
    for last, said in (("exit 3", "sh ended with status 3."), ("kill -SEGV $$", "sh was ended by signal 11 (Segmentation fault).")):
        with Window(desktop, LANESCOPE, "--", "sh", "-c", f"sleep 0.5; {last}") as window:
            tap.ok(wait_for(lambda: window.all("label", contains=said), 8, 0.2), said,  # noqa: B023
                   window.outline()[-3000:])
            tap.ok(Lanes(window).count() > 0, f"{said} The lanes are there", Lanes(window).description)
            window.shot("trouble-4-program-fails")


def main():
    tap = Tap()
    with Desktop() as desktop:
        helper_killed(tap, desktop)
        window_killed(tap, desktop)
        bad_files(tap, desktop)
        no_such_process(tap, desktop)
        program_fails(tap, desktop)
    tap.done()


main()
