# SPDX-License-Identifier: GPL-2.0-or-later
"""lanescope-cli as a script would use it: real recordings on this kernel, what it prints, how it ends."""
import csv
import errno
import io
import json
import os
import re
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from tap import Tap  # noqa: E402

CLI = Path(os.environ["LSC_BUILD"]) / "cli" / "lanescope-cli"
SAMPLE = Path(os.environ["LSC_SOURCE"]) / "data" / "samples" / "fib-mutex.lanes"
STATES = ["running_ns", "runnable_ns", "sleeping_ns", "uninterruptible_ns", "other_ns", "unknown_ns"]
TOTALS = re.compile(r"^(\d+) events, (\d+) lost, ([\d.]+) seconds, (\d+) bytes in (.*)$", re.M)
THREAD_KEYS = {"tid", "pid", "name", "process", "first_ns", "last_ns", "running_ns", "runnable_ns", "preempted_ns",
               "sleeping_ns", "uninterruptible_ns", "other_ns", "unknown_ns", "switches", "voluntary", "involuntary",
               "migrations", "wakeups", "max_off_cpu_ns", "max_off_cpu_at_ns", "wakeup_latency", "off_cpu_by_reason"}
tap = Tap()


def run(*arguments, **options):
    return subprocess.run([CLI, *map(str, arguments)], capture_output=True, text=True, timeout=60, **options)


def stats(path, *options):
    return json.loads(run("stats", path, "--json", *options).stdout)


def check(name, done, status, *, out=None, err=None):
    """The exit status, and a text that stands on stdout or stderr."""
    good = done.returncode == status and (out is None or out in done.stdout) and (err is None or err in done.stderr)
    tap.ok(good, name, f"status {done.returncode}\nstdout: {done.stdout[:500]}\nstderr: {done.stderr[:500]}")


def test_wrong_usage(folder):
    check("no subcommand", run(), 2, err="Say what to do")
    check("unknown subcommand", run("recrod"), 2, err="recrod")
    check("help", run("--help"), 0, out="record")
    for name in ("record", "info", "stats", "narrate", "path", "export", "render"):
        check(f"help of {name}", run(name, "--help"), 0, out=f"lanescope-cli {name}")
    check("nothing to record", run("record"), 2, err="Say what to record")
    check("unknown option", run("record", "--frobnicate"), 2, err="frobnicate")
    check("command without --", run("record", "ls"), 2, err="--")
    check("empty command", run("record", "--"), 2, err="No command")
    check("pid that is no number", run("record", "--pid", "abc"), 2, err="abc")
    check("two kinds of target", run("record", "--all", "--", "true"), 2, err="several")
    check("strange duration", run("record", "--duration", "soon", "--", "true"), 2, err="soon")
    check("duration of nothing", run("record", "--duration", "0", "--", "true"), 2, err="no duration")
    check("no file", run("stats"), 2, err="Name the capture")
    check("two files", run("stats", "a", "b"), 2, err="one too many")
    check("strange time", run("stats", "a", "--from", "then"), 2, err="then")
    check("no such file", run("info", folder / "nothing"), 1, err="There is no file")
    check("a folder", run("info", folder), 1, err="is a folder")
    check("not a capture", run("stats", sys.executable), 1, err="not a Lanescope capture")


def section(text, begin, end):
    return text[text.index(begin):text.index(end, text.index(begin) + 1)]


def test_options(_):
    """What --help lists is what shells complete and the manual tells: no more and no less."""
    source = SAMPLE.parents[1]
    zsh, fish, manual = ((source / name).read_text() for name in (
        "completion/_lanescope-cli", "completion/lanescope-cli.fish", "man/lanescope-cli.1"))
    for name in ("record", "info", "stats", "narrate", "path", "export", "render"):
        told = set(re.findall(r"^ .*(--[a-z-]+)", run(name, "--help").stdout, re.M)) - {"--help"}
        bash = subprocess.run(["bash", "-c", "source $0; COMP_WORDS=(lanescope-cli $1 -); COMP_CWORD=2; _lanescope_cli lanescope-cli;"
                               "echo ${COMPREPLY[*]}", source / "completion" / "lanescope-cli", name],
                              capture_output=True, text=True, timeout=20).stdout.split()
        tap.ok(set(bash) - {"--", "--help"} == told, f"bash knows the options of {name}", f"{bash} {told}")
        ours = section(zsh, f"    {name})", ";;") + zsh[zsh.index("  quiet=("):zsh.index("  # After")]
        tap.ok(not [o for o in told if o not in ours], f"zsh knows the options of {name}", ours)
        lines = [line for line in fish.splitlines() if "lanescope-cli" in line and re.search(rf"'__fish_seen.* {name}\b", line)]
        tap.ok({"--" + o for line in lines for o in re.findall(r" -l (\S+)", line)} == told, f"fish knows the options of {name}", lines)
        tap.ok(not [o for o in told if o.replace("-", "\\-") not in manual], f"the manual knows the options of {name}", told)


def test_command(folder):
    path = folder / "a.lanes"
    done = run("record", "--output", path, "--", "sh", "-c", "sleep 0.2; exit 7")
    check("the command's own status", done, 7)
    totals = TOTALS.search(done.stderr)
    tap.ok(totals and done.stderr.count("\n") == 1, "one line on stderr at the end", done.stderr)
    tap.ok(totals and int(totals[4]) == path.stat().st_size, "it says how many bytes", done.stderr)
    tap.ok(path.stat().st_mode & 0o777 == 0o600, "the capture is the user's alone", oct(path.stat().st_mode))
    info = json.loads(run("info", path, "--json").stdout)
    tap.ok(info["events"] == int(totals[1]) and info["lost"] == int(totals[2]) == 0, "info counts the same events", info)
    tap.ok(info["processes"] == 2 and "sleep 0.2" in info["command"], "it knows command and child", info)
    tap.ok(not info["file"]["cut_short"] and info["ended"] in ("target-exit", "stopped"), "the file is whole", info)
    check("info for people", run("info", path), 0, out="sleep 0.2")
    check("stats for people", run("stats", path), 0, out="sleep")
    document = stats(path)
    names = {t["name"]: t for t in document["threads"]}
    tap.ok(sum(c["running_ns"] for c in document["cpus"]) == sum(t["running_ns"] for t in document["threads"]),
           "whoever ran, ran on one of the CPUs", document["cpus"])
    head = run("export", path, "--format", "statistics", "--output", "-").stdout.splitlines()[0].split(",")
    tap.ok(len(set(head)) == len(head) and "off_cpu_timer_ns" in head, "no two columns have one name", head)
    tap.ok(set(names) == {"sh", "sleep"}, "both threads are there", list(names))
    slept = sum(r["ns"] for r in names["sleep"]["off_cpu_by_reason"] if r["reason"] == "timer")
    tap.ok(190e6 < slept < 300e6, "the sleep is a sleep on a timer", slept)
    waited = sum(r["ns"] for r in names["sh"]["off_cpu_by_reason"] if r["reason"] == "child")
    tap.ok(190e6 < waited < 300e6, "the shell waits for its child", waited)
    check("a command that is not there", run("record", "--output", folder / "no", "--", "/no/such/program"), 127,
          err="/no/such/program")
    tap.ok(not (folder / "no").exists(), "no capture is left where nothing was recorded")
    check("a command that dies of a signal", run("record", "--output", folder / "k", "--", "sh", "-c", "kill -9 $$"), 137,
          err="sh was ended by signal 9 (Killed).\n")


def test_numbers(folder):
    path = folder / "n.lanes"
    done = run("record", "--output", path, "--duration", "700ms", "--all", "--quiet")
    check("the whole machine for a while", done, 0)
    tap.ok(done.stderr == "", "and quietly", done.stderr)
    document = stats(path)
    tap.ok(document["format"] == 1 and set(document["capture"]) >= {"start_ns", "end_ns", "events", "lost", "scope"},
           "the document has its form")
    tap.ok(all(set(t) >= THREAD_KEYS for t in document["threads"]), "each thread has every member")
    wrong = [t for t in document["threads"] if sum(t[s] for s in STATES) != t["last_ns"] - t["first_ns"]]
    tap.ok(len(document["threads"]) > 10 and not wrong, "states add up to the nanosecond", wrong[:2])
    wrong = [t for t in document["threads"]
             if sum(r["ns"] for r in t["off_cpu_by_reason"]) + t["running_ns"] > t["last_ns"] - t["first_ns"]]
    tap.ok(not wrong, "reasons hold no more than the time off the CPU", wrong[:2])
    at_once = document["parallelism"]["at_once_ns"]
    length = document["capture"]["end_ns"] - document["capture"]["start_ns"]
    tap.ok(sum(at_once) == length and len(at_once) <= os.cpu_count() + 1, "parallelism covers the range", at_once)
    wrong = [l for l in document["locks"] if sum(t["wait_ns"] for t in l["threads"]) != l["wait_ns"]]
    tap.ok(not wrong and isinstance(document["patterns"], list), "the threads' waits for a lock add up", wrong[:2])
    first, second = stats(path, "--to", "300ms"), stats(path, "--from", "300ms")
    both = sum(t["switches"] for d in (first, second) for t in d["threads"])
    tap.ok(both == sum(t["switches"] for t in document["threads"]), "two ranges hold the switches of the whole")
    tap.ok(first["capture"]["end_ns"] - first["capture"]["start_ns"] == 300000000, "--to means what it says")
    check("a range that is none", run("stats", path, "--from", "1h"), 2, err="Nothing lies between")


def test_pid(folder):
    path = folder / "p.lanes"
    target = subprocess.Popen(["sh", "-c", "while :; do sleep 0.01; done"])
    try:
        check("a process", run("record", "--pid", target.pid, "--duration", "0.5", "--output", path), 0)
        document = stats(path)
        tap.ok({t["name"] for t in document["threads"]} == {"sh", "sleep"}, "children are followed")
        path_of = run("path", path, "--thread", target.pid)
        check("the critical path of a thread", path_of, 0, out=f"sh ({target.pid})")
        tap.ok("sleep (" in path_of.stdout, "goes through the child that it waits for", path_of.stdout)
        check("without children", run("record", "--pid", target.pid, "--no-children", "--duration", "0.5", "--output", path), 0)
        tap.ok({t["tid"] for t in stats(path)["threads"]} == {target.pid}, "children are left out")
        story = run("narrate", path, "--thread", target.pid)
        check("the story of a thread", story, 0, out="waiting for a child process")
        check("no such thread", run("narrate", path, "--thread", 1), 1, err="no thread 1")
        check("a path needs a thread", run("path", path), 2, err="--thread")
        check("of the capture", run("path", path, "--thread", 1), 1, err="no thread 1")
        check("a strange thread", run("narrate", path, "--thread", "x"), 2, err="x")
    finally:
        target.kill()
        target.wait()
    brief = subprocess.Popen(["sh", "-c", "sleep 0.02"])
    done = run("record", "--pid", brief.pid, "--output", folder / "b")
    brief.wait()
    # It may just have been caught; if not, that is said, and no empty capture is left.
    tap.ok(done.returncode == 0 or (done.returncode == 1 and not (folder / "b").exists()), "a process that ends at once",
           f"{done.returncode} {done.stderr}")
    check("a process that is gone", run("record", "--pid", target.pid, "--output", folder / "g"), 1, err=str(target.pid))
    tap.ok(not (folder / "g").exists(), "and no capture of it")


def test_export(folder):
    path = folder / "e.lanes"
    run("record", "--output", path, "--", "sh", "-c", "sleep 0.1; ls /usr/bin > /dev/null")
    out = folder / "out"
    for name in ("csv", "json", "chrome", "text", "timehist", "lanescope"):
        check(f"export as {name}", run("export", path, "--format", name, "--output", out), 0)
        text = out.read_bytes()
        if name == "csv":
            rows = list(csv.DictReader(io.StringIO(text.decode())))
            running = sum(int(r["end_ns"]) - int(r["start_ns"]) for r in rows if r["state"] == "running")
            tap.ok(running == sum(t["running_ns"] for t in stats(path)["threads"]), "the table adds up to the statistics")
        elif name == "json":
            lines = [json.loads(line) for line in text.splitlines()]
            tap.ok(lines[0]["format"] == "lanescope-spans" and set(lines[1]) <= set(lines[0]["fields"]),
                   "the first line says what the others hold")
            tap.ok(len(lines) == len(rows) + 1, "as many lines as the table has rows")
        elif name == "chrome":
            tap.ok(len(json.loads(text)["traceEvents"]) >= len(rows), "the trace is JSON")
        elif name == "lanescope":
            tap.ok(text == path.read_bytes(), "the copy is the capture")
    check("no such format", run("export", path, "--format", "xls", "--output", out), 2, err="xls")
    check("no format", run("export", path, "--output", out), 2, err="--format")
    check("no output", run("export", path, "--format", "csv"), 2, err="--output")
    check("an export of what is no capture", run("export", sys.executable, "--format", "lanescope", "--output", out), 1,
          err="not a Lanescope capture")
    check("a full disk", run("export", path, "--format", "csv", "--output", "/dev/full"), 1, err="no space left")


def test_parts_and_pipes(folder):
    """A part of a capture, without names, from standard input and to standard output."""
    path = folder / "p.lanes"
    run("record", "--output", path, "--", "sh", "-c", "sleep 0.1; ls /usr/bin > /dev/null; sleep 0.1")
    thread = max(stats(path)["threads"], key=lambda t: t["switches"])
    whole = run("export", path, "--format", "csv", "--output", "-")
    check("an export to standard output", whole, 0, out="tid,pid,name")
    with path.open("rb") as file:
        check("a capture from standard input", run("export", "-", "--format", "csv", "--output", "-", stdin=file), 0,
              out=whole.stdout)
    with path.open("rb") as file:
        check("info of standard input", run("info", "-", "--json", stdin=file), 0, out='"events"')
    with open("/dev/zero", "rb") as endless:
        check("what is no trace and has no end", run("info", "-", stdin=endless), 1, err="“standard input” is not a")
    rows = list(csv.DictReader(io.StringIO(run("export", path, "--format", "csv", "--output", "-", "--thread",
                                               thread["tid"], "--from", "50ms", "--to", "120ms").stdout)))
    start = json.loads(run("info", path, "--json").stdout)["start_ns"]
    tap.ok(rows and {int(r["tid"]) for r in rows} == {thread["tid"]}, "only the thread that was asked for")
    tap.ok(all(int(r["end_ns"]) >= start + 50e6 and int(r["start_ns"]) <= start + 120e6 for r in rows),
           "only what reaches into the range")
    for name in ("csv", "perfetto", "text", "timehist", "chrome", "json", "statistics"):
        out = folder / f"redacted.{name}"
        check(f"{name} without names", run("export", path, "--format", name, "--redact", "--output", out), 0)
        tap.ok(thread["name"].encode() + b"[" not in out.read_bytes() and b"process-" in out.read_bytes()
               and b"lanescope-cli" not in out.read_bytes(), f"{name} names nobody")
    picture = run("render", path, "--format", "svg", "--output", "-")
    tap.ok(f">{thread['name']}</text>" in picture.stdout, "texts of a drawing are texts")
    check("a thread that is not there", run("export", path, "--format", "csv", "--output", "-", "--thread", "1"), 1,
          err="none of these threads")
    check("a thread that is no number", run("export", path, "--format", "csv", "--output", "-", "--thread", "x"), 2,
          err="x")
    out = folder / "nameless.lanes"
    check("a copy without names", run("export", path, "--format", "lanescope", "--output", out, "--redact"), 0)
    names = {t["name"] for t in stats(out)["threads"]}
    tap.ok(names and all(re.fullmatch(r"(process|thread)-\d+", n) for n in names) and len(names) == len(stats(path)["threads"]),
           "names nobody", names)
    check("a thumbnail", run("render", path, "--thumbnail", "128", "--format", "png", "--output", folder / "t"), 0)
    width, height = struct.unpack(">II", (folder / "t").read_bytes()[16:24])
    tap.ok(width == 128 and height <= 128, "is as small as was asked for", (width, height))


def add_notes(path, *notes):
    """Appends notes, (time, end, id, tid, kind, text) each, as a window does."""
    records = [struct.pack("<QHBBIQQII256s", time_ns, 296, 13, 0, 0xffffffff, end_ns, number, tid, kind, text.encode())
               for time_ns, end_ns, number, tid, kind, text in notes]
    frame = subprocess.run(["zstd", "--check", "-c"], input=b"".join(records), capture_output=True, check=True).stdout
    with path.open("ab") as file:
        file.write(frame)


def test_notes(folder):
    """What is written on a capture is in pictures and exports of it, and stays where names go."""
    path = folder / "n.lanes"
    shutil.copy(SAMPLE, path)
    rows = list(csv.DictReader(io.StringIO(run("export", path, "--format", "csv", "--output", "-").stdout)))
    bar = next(r for r in rows if r["reason"] == "lock")
    begin, end = int(bar["start_ns"]), int(bar["end_ns"])
    plain = run("render", path, "--format", "svg", "--output", "-").stdout
    add_notes(path, (begin, end, 1 << 30, int(bar["tid"]), 4, "waits for long"), (begin, begin, 7, 0, 1, ""),
              (begin, begin, 1 << 32, 0, 2, ""), (end, end, (1 << 32) + 1, 0, 3, ""))
    picture = run("render", path, "--format", "svg", "--output", "-").stdout
    tap.ok(">waits for long</text>" in picture and ">waits for long</text>" not in plain, "a picture shows a note")
    tap.ok(all(f">{text}</text>" in picture for text in ("7", "A", "B")) and "B − A = " in picture,
           "and markers, and the measurement")
    out = folder / "notes.json"
    check("an export of an annotated capture", run("export", path, "--format", "chrome", "--redact", "--output", out), 0)
    events = [e for e in json.loads(out.read_text())["traceEvents"] if e.get("cat") == "note"]
    tap.ok(sorted(e["name"] for e in events) == ["A", "B", "marker 7", "waits for long"], "holds the notes", events)
    tap.ok(bar["name"] not in out.read_text() and '"waits for long"' in out.read_text(),
           "without names the notes are as they were")
    check("Perfetto, too", run("export", path, "--format", "perfetto", "--output", out), 0)
    tap.ok(b"waits for long" in out.read_bytes() and b"marker 7" in out.read_bytes(), "it holds the notes")


def test_picture(folder):
    path = folder / "r.lanes"
    run("record", "--output", path, "--", "sh", "-c", "sleep 0.1; ls /usr/bin > /dev/null; sleep 0.1")
    begins = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}
    for kind, magic in begins.items():
        for theme in ("light", "dark", "print"):
            out = folder / f"{theme}.{kind}"
            check(f"{theme} {kind}", run("render", path, "--output", out, "--theme", theme), 0)
            tap.ok(out.read_bytes().startswith(magic), f"{theme} {kind} is one")
    tap.ok((folder / "light.png").read_bytes() != (folder / "dark.png").read_bytes(), "themes differ")
    out = folder / "size.png"
    run("render", path, "--output", out, "--width", "640", "--height", "300", "--from", "0.05", "--to", "150ms")
    width, height = struct.unpack(">II", out.read_bytes()[16:24])
    tap.ok((width, height) == (640, 300), "the size is what was asked for", (width, height))
    nameless = run("render", path, "--format", "svg", "--redact", "--output", "-").stdout
    tap.ok(">process-1</text>" in nameless and ">sh</text>" not in nameless and "sleep" not in nameless, "a picture without names", nameless[-900:])
    check("no picture named", run("render", path), 2, err="--output")
    check("no such kind of picture", run("render", path, "--output", "x.bmp"), 2, err="x.bmp")
    check("no such theme", run("render", path, "--output", out, "--theme", "pink"), 2, err="pink")
    check("too narrow", run("render", path, "--output", out, "--width", "3"), 2, err="wide")
    check("too high", run("render", path, "--output", out, "--height", "1000000"), 2, err="high")
    check("picture nowhere", run("render", path, "--output", folder / "x" / "y.png"), 1, err="folder is not there")


def wait_for(path, size=1):
    end = time.monotonic() + 20
    while time.monotonic() < end and not (path.exists() and path.stat().st_size >= size):
        time.sleep(0.02)


def test_interrupt(folder):
    path = folder / "i.lanes"
    for name in ("SIGINT", "SIGTERM"):
        path.unlink(missing_ok=True)
        cli = subprocess.Popen([CLI, "record", "--output", path, "--", "sleep", "100"], stderr=subprocess.PIPE, text=True)
        wait_for(path)
        time.sleep(0.3)
        cli.send_signal(getattr(signal, name))
        _, err = cli.communicate(timeout=20)
        tap.ok(cli.returncode == 0 and TOTALS.search(err), f"{name} ends it in order", f"{cli.returncode} {err}")
        info = json.loads(run("info", path, "--json").stdout)
        tap.ok(not info["file"]["cut_short"], f"{name}: the capture is whole", info)


def test_helper_killed(folder):
    path = folder / "h.lanes"
    cli = subprocess.Popen([CLI, "record", "--output", path, "--", "sh", "-c", "while :; do sleep 0.01; done"],
                           stderr=subprocess.PIPE, text=True, start_new_session=True)
    wait_for(path, 600)
    for pid in map(int, Path(f"/proc/{cli.pid}/task/{cli.pid}/children").read_text().split()):
        if Path(f"/proc/{pid}/comm").read_text().startswith("lanescope-trace"):
            os.kill(pid, signal.SIGKILL)
    _, err = cli.communicate(timeout=20)
    tap.ok(cli.returncode == 1 and "helper ended unexpectedly" in err and TOTALS.search(err), "the helper is killed: it says so",
           f"{cli.returncode} {err}")
    check("and what was recorded is there", run("info", path), 0, out="while :", err="cut short")


def test_kill(folder):
    """T44."""
    path = folder / "killed.lanes"
    cli = subprocess.Popen([CLI, "record", "--output", path, "--", "sh", "-c", "while :; do sleep 0.001; done"],
                           start_new_session=True, stderr=subprocess.DEVNULL)
    wait_for(path, 5000)
    cli.kill()
    cli.wait()
    os.killpg(cli.pid, signal.SIGKILL)
    done = run("info", path)
    check("killed, what was written opens, and says that it was cut short", done, 0, err="cut short")
    tap.ok(stats(path)["capture"]["events"] > 50, "with its events")
    if shutil.which("zstdcat"):
        whole = folder / "whole.lanes"
        run("record", "--output", whole, "--", "true")
        records = subprocess.run(["zstdcat", whole], capture_output=True, timeout=20)
        tap.ok(records.returncode == 0 and records.stdout[16:24] == b"LANESCP1", "zstdcat reads a capture", records.stderr)


def limit_file_size():
    resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))


def test_places(folder):
    old = folder / "old.lanes"
    run("record", "--output", old, "--", "true")
    before = old.read_bytes()
    busy = ["sh", "-c", "for i in 1 2 3 4 5 6 7 8 9; do sleep 0.2; ls -lR /usr/share/doc >/dev/null; done"]
    done = run("record", "--output", old, "--", *busy, preexec_fn=limit_file_size)
    check("no space left", done, 1, err="could not be written")
    tap.ok(old.read_bytes() == before, "the file that was there is as it was")
    tap.ok([p.name for p in folder.glob("old.lanes*")] == ["old.lanes"], "nothing is left beside it")
    check("a full device", run("record", "--output", "/dev/full", "--", "sleep", "1.5"), 1, err="no space left")
    check("a folder as output", run("record", "--output", folder, "--", "true"), 1, err="is a folder")
    check("no folder for the output", run("record", "--output", folder / "x" / "y", "--", "true"), 1, err="folder is not there")
    check("it replaces a capture that was there", run("record", "--output", old, "--", "true"), 0)
    link = folder / "link.lanes"
    link.symlink_to(old)
    kept = old.read_bytes()
    check("a link as output", run("record", "--output", link, "--", "true"), 0)
    tap.ok(old.read_bytes() == kept and not link.is_symlink(), "the link is replaced, not followed")
    with open("/dev/full", "w") as full:
        status = subprocess.run([CLI, "stats", old], stdout=full, stderr=subprocess.DEVNULL, timeout=20).returncode
    tap.ok(status == 1, "output that cannot be written is a failure", status)


def test_pulled_disk(folder):
    """A removable disk goes away: a sentence, and whatever is elsewhere or was whole stays."""
    disk, state = folder / "disk", folder / "state"
    disk.mkdir()
    pulled = {**os.environ, "LD_PRELOAD": str(CLI.parent.parent / "tests" / "libdisk.so"), "LSC_DISK": f"{disk}/",
              "LSC_DISK_STATE": str(state)}
    shutil.copy(SAMPLE, disk / "a.lanes")
    for number, word in ((errno.EIO, "Input/output error"), (errno.ENODEV, "No such device"), (errno.ENXIO, "No such device")):
        state.write_text(f"fail 1 {number}")
        check(f"reading, pulled: {word}", run("stats", disk / "a.lanes", env=pulled), 1, err=f"could not be read: {word}")
    old = disk / "old"
    old.write_text("old")
    state.write_text(f"fail 0 {errno.EIO}")
    for how in (["export", "--format", "lanescope"], ["export", "--format", "lanescope", "--redact"],
                ["export", "--format", "csv"], ["render", "--format", "svg"]):
        done = run(how[0], SAMPLE, *how[1:], "--output", old, env=pulled)
        check(f"{' '.join(how)}, pulled", done, 1, err="Check that its disk is there and well")
    tap.ok(old.read_text() == "old" and len(list(disk.iterdir())) == 2, "what was there stays, nothing lies beside it",
           list(disk.iterdir()))
    state.unlink()
    recording = subprocess.Popen([CLI, "record", "--output", disk / "b.lanes", "--", "sh", "-c",
                                  "while :; do sleep 0.01; done"], env=pulled, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: (disk / "b.lanes").exists() and json.loads(run("info", "--json", disk / "b.lanes").stdout
                                                                 or "{}").get("events", 0) > 20, 20)
    state.write_text(f"fail 0 {errno.EIO}")
    said = recording.communicate(timeout=30)[1]
    tap.ok(recording.returncode == 1 and "could not be written: Input/output error" in said, "recording, pulled: it ends", said)
    kept = run("info", "--json", disk / "b.lanes")
    tap.ok(json.loads(kept.stdout)["events"] > 20, "what was on the disk by then opens", kept.stdout)


def wait_until(what, seconds):
    end = time.monotonic() + seconds
    while not what() and time.monotonic() < end:
        time.sleep(0.1)


def main():
    if os.geteuid() != 0:
        tap.skip("lanescope-cli", "recording needs root here")
        tap.done()
    os.environ["LC_ALL"] = "C.UTF-8"
    for test in (test_wrong_usage, test_options, test_command, test_numbers, test_pid, test_export, test_parts_and_pipes, test_notes,
                 test_picture, test_interrupt, test_helper_killed, test_kill, test_places,
                 test_pulled_disk):
        with tempfile.TemporaryDirectory() as folder:
            try:
                test(Path(folder))
            except Exception as trouble:  # noqa: the traceback is the report
                tap.run(test.__name__, lambda: (_ for _ in ()).throw(trouble))
    tap.done()


main()
