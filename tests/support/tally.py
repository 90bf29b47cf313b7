# SPDX-License-Identifier: GPL-2.0-or-later
"""Counts what meson's test logs say, fact by fact: `N passed, N failed, N skipped` is the last line.

usage: tally.py TESTLOG.JSON...

A test that should run on this machine and was skipped counts as failed: the suites in ALWAYS everywhere, `kernel`
where the kernel lets us trace (root's capabilities and BTF)."""
import json
import os
import re
import sys

ALWAYS = {"unit", "lint", "paint"}
AS_ROOT = {"integration", "ui"}
TRACING = {"kernel"}
CAP_PERFMON, CAP_BPF = 38, 39
FACT = re.compile(r"^(not )?ok\b([^#]*)(#\s*(SKIP|TO[D]O)\b.*)?", re.I)
FAILURE = re.compile(r"^not ok\b.*(?:\n#.*)*", re.M)
SLOWEST, TOLD = 5, 6


def capabilities():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1], 16) for line in status if line.startswith("CapEff:"))


def must_run():
    suites = set(ALWAYS)
    if os.geteuid() == 0:
        suites |= AS_ROOT
    can = (1 << CAP_PERFMON) | (1 << CAP_BPF)
    if capabilities() & can == can and os.path.exists("/sys/kernel/btf/vmlinux"):
        suites |= TRACING
    return suites


def facts(text):
    """(passed, failed, [names skipped]) of one TAP stream: its outermost lines only."""
    passed = failed = 0
    skipped = []
    for line in text.splitlines():
        match = FACT.match(line)
        if not match:
            continue
        if match.group(4):
            skipped.append(match.group(2).strip(" -") + " " + match.group(3))
        elif match.group(1):
            failed += 1
        else:
            passed += 1
    return passed, failed, skipped


def short(text):
    """A failed fact with what it found: its first lines and its last, where a traceback says what happened."""
    lines = text.splitlines()
    if len(lines) > 2 * TOLD:
        lines = [*lines[:TOLD], "# ...", *lines[-TOLD:]]
    return "\n".join("    " + line[:240] for line in lines)


def tally(entry, required):
    """One test program: (passed, failed, skipped, sentences about what is wrong)."""
    passed, failed, skipped = facts(entry.get("stdout") or "")
    name, result = entry["name"], entry["result"]
    suites = {s.split(":")[-1] for s in entry.get("suite", [])} | set(re.findall(r"[\w-]+", name.split("/")[0]))
    wrong = [f"{name}: {failed} failed"] if failed else []
    wrong += [short(found) for found in FAILURE.findall(entry.get("stdout") or "")]
    if result == "SKIP" and not skipped:
        skipped.append("the whole program # SKIP")
    if result not in ("OK", "SKIP", "EXPECTEDFAIL") and not failed:
        failed += 1
        wrong.append(f"{name}: {result}")
    if suites & required:
        wrong += [f"{name}: should have run here: {s}" for s in skipped]
        failed, skipped = failed + len(skipped), []
    return passed, failed, len(skipped), wrong


def entries(paths):
    for path in paths:
        try:
            with open(path) as log:
                yield from (json.loads(line) for line in log if line.strip())
        except FileNotFoundError:
            yield {"name": path, "result": "no log of its tests"}


def main():
    total, wrong, required, programs, times = [0, 0, 0], [], must_run(), 0, []
    for entry in entries(sys.argv[1:]):
        *counts, sentences = tally(entry, required)
        total = [a + b for a, b in zip(total, counts)]
        wrong += sentences
        programs += 1
        times.append((entry.get("duration", 0.0), entry["name"].split("/")[-1].strip()))
    if programs == 0:
        total[1] += 1
        wrong.append("no test ran at all")
    print("slowest:", ", ".join(f"{name} {seconds:.0f} s" for seconds, name in sorted(times, reverse=True)[:SLOWEST]),
          f"of {sum(seconds for seconds, _ in times):.0f} s")
    for sentence in wrong:
        print(sentence if sentence.startswith(" ") else f"FAILED {sentence}")
    print(f"{total[0]} passed, {total[1]} failed, {total[2]} skipped")
    sys.exit(1 if total[1] else 0)


if __name__ == "__main__":
    main()
