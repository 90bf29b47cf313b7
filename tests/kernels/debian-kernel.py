# SPDX-License-Identifier: GPL-2.0-or-later
"""Lanescope on the kernel of Debian 12 (6.1), in a virtual machine: a lesson is recorded and its facts are right."""
import json
import os
import platform
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
import virtual_machine  # noqa: E402
from tap import Tap  # noqa: E402

BUILD = Path(os.environ["LSC_BUILD"])
CLI = BUILD / "cli" / "lanescope-cli"
PROGRAMS = [CLI, BUILD / "helper" / "lanescope-tracer", BUILD / "data" / "lessons" / "fib-mutex"]
SCRIPT = f"""
echo "=== kernel $(uname -r)"
{CLI} record --duration 3 --output /tmp/a.lanes -- {PROGRAMS[2]} -t 3 -s 2
echo "=== status $?"
echo "=== json"
{CLI} stats /tmp/a.lanes --json
echo "=== end"
cat > /tmp/turmoil <<'TURMOIL'
{PROGRAMS[2]} -t 3 -s 4 &
sleep 1
echo 0 > /sys/devices/system/cpu/cpu1/online && echo "=== offline $(cat /sys/devices/system/cpu/online)"
date -s "2035-05-05 05:05:05" > /dev/null
sleep 1
echo 1 > /sys/devices/system/cpu/cpu1/online && echo "=== online $(cat /sys/devices/system/cpu/online)"
wait
TURMOIL
{CLI} record --output /tmp/d.lanes -- sh /tmp/turmoil
echo "=== turmoil $?"
echo "=== turmoil-json"
{CLI} stats /tmp/d.lanes --json
echo "=== end of turmoil"
mount -t tmpfs none /sys/kernel/btf
{CLI} record --duration 1 --output /tmp/b.lanes -- {PROGRAMS[2]} -s 1
echo "=== no-btf $?"
"""


def section(text, name):
    found = re.search(rf"=== {name}(?![\w-])(.*?)(?=^=== |\Z)", text, re.S | re.M)
    return found.group(1).strip() if found else ""


def check_turmoil(tap, text):
    """T57: a CPU goes and comes back, and the wall clock jumps, while a capture runs."""
    tap.ok("=== offline 0\n" in text and "=== online 0-1\n" in text and "=== turmoil 0\n" in text,
           "a capture goes on while a CPU goes and comes back", re.findall("^=== .*", text, re.M))
    check_sums(tap, json.loads(section(text, "turmoil-json")))


def check_sums(tap, stats):
    capture = stats["capture"]
    tap.ok(capture["lost"] == 0, "nothing was lost", f"{capture['lost']} lost")
    tap.ok(2e9 < capture["end_ns"] - capture["start_ns"] < 1e11, "its time is that of the steady clock", capture)
    workers = [t for t in stats["threads"] if t["name"].startswith("worker-")]
    tap.ok(len(workers) == 3, "the three workers are there, by name", [t["name"] for t in stats["threads"]])
    return workers


def check_threads(tap, stats):
    capture = stats["capture"]
    whole = capture["end_ns"] - capture["start_ns"]
    workers = check_sums(tap, stats)
    for t in workers:
        parts = sum(t[k] for k in ("running_ns", "runnable_ns", "sleeping_ns", "uninterruptible_ns", "other_ns",
                                   "unknown_ns"))
        tap.ok(parts == t["last_ns"] - t["first_ns"], f"{t['name']}: the states add up to its time",
               f"{parts} of {t['last_ns'] - t['first_ns']}")
        locks = sum(r["ns"] for r in t["off_cpu_by_reason"] if "lock" in r["reason"])
        tap.ok(locks > 0, f"{t['name']} waited for the lock", t["off_cpu_by_reason"])
    running = sum(t["running_ns"] for t in workers)
    tap.ok(0.3 * whole < running < 1.5 * whole, "one lock: the workers run about one at a time",
           f"{running} of {whole} ns")


def main():
    tap = Tap()
    if platform.machine() != "x86_64":
        tap.skip("Debian's kernel", "the virtual machine is x86_64")
        tap.done()
    try:
        kernel, version = virtual_machine.debian_kernel(BUILD / "cache")
        text = virtual_machine.run(kernel, PROGRAMS, SCRIPT)
    except virtual_machine.Unavailable as why:
        tap.skip("Debian's kernel", why)
        tap.done()
    tap.ok(section(text, "kernel").startswith(version), f"kernel {version} booted", text[-2000:])
    tap.ok(section(text, "status").startswith("0"), "a lesson is recorded", text[-3000:])
    try:
        check_threads(tap, json.loads(section(text, "json")))
        check_turmoil(tap, text)
    except (ValueError, KeyError) as wrong:
        tap.ok(False, "the statistics can be read", f"{wrong!r}\n{text[-3000:]}")
    tap.ok(section(text, "no-btf").startswith("77"), "without BTF: status 77", text[-1500:])
    tap.done()


main()
