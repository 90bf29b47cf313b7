# SPDX-License-Identifier: GPL-2.0-or-later
"""Counts what meson's test logs say, fact by fact: `N passed, N failed, N skipped` is the last line.

usage: tally.py [--once-more] [--again TESTLOG.JSON] TESTLOG.JSON...

--once-more names instead the programs that deserve a second run (see MACHINE); with --again, the log of that second run
counts in place of the first, which is told all the same.

A test that should run on this machine and was skipped counts as failed: the suites in ALWAYS everywhere, `kernel`
where the kernel lets us trace (root's capabilities and BTF)."""
import argparse
import json
import os
import re
import sys

ALWAYS = {"unit", "lint", "paint"}
AS_ROOT = {"integration", "ui"}
TRACING = {"kernel"}
# These look at other programs from outside, on a machine whose CPUs its host may take away for longer than anybody waits.
# A program of theirs that failed is run once more, alone; but when many have failed, it is not the machine.
MACHINE = {"ui", "kernel", "kernels", "integration"}
MANY = 4
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


def suites_of(entry):
    return {s.split(":")[-1] for s in entry.get("suite", [])} | set(re.findall(r"[\w-]+", entry["name"].split("/")[0]))


def tally(entry, required):
    """One test program: (passed, failed, skipped, sentences about what is wrong)."""
    passed, failed, skipped = facts(entry.get("stdout") or "")
    name, result = entry["name"], entry["result"]
    suites = suites_of(entry)
    wrong = [f"{name}: {failed} failed"] if failed else []
    wrong += [short(found) for found in FAILURE.findall(entry.get("stdout") or "")]
    if result == "SKIP" and not skipped:
        skipped.append("the whole program # SKIP")
    if result not in ("OK", "SKIP", "EXPECTEDFAIL") and not failed:
        failed += 1
        said = (entry.get("stderr") or "").strip().splitlines()[-TOLD:]
        wrong += [f"{name}: {result}", *(short(line) for line in said)]
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


def once_more(logs):
    """The names of the programs that are worth a second run."""
    required = must_run()
    failed = [entry for entry in entries(logs) if tally(entry, required)[1]]
    if len(failed) >= MANY or any(not suites_of(entry) & MACHINE for entry in failed):
        return []
    return [entry["name"].split("/")[-1].strip() for entry in failed]


def tell(sentences, word):
    for sentence in sentences:
        print(sentence if sentence.startswith(" ") else f"{word} {sentence}")


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1].split("\n")[0])
    parser.add_argument("--once-more", action="store_true")
    parser.add_argument("--again")
    parser.add_argument("logs", nargs="+")
    options = parser.parse_args()
    if options.once_more:
        print("\n".join(once_more(options.logs)))
        return
    second = {entry["name"]: entry for entry in entries([options.again])} if options.again else {}
    total, wrong, required, programs, times = [0, 0, 0], [], must_run(), 0, []
    for entry in entries(options.logs):
        *counts, sentences = tally(entry, required)
        if counts[1] and entry["name"] in second:
            tell(sentences, "AT FIRST")
            entry = second[entry["name"]]
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
    tell(wrong, "FAILED")
    print(f"{total[0]} passed, {total[1]} failed, {total[2]} skipped")
    sys.exit(1 if total[1] else 0)


if __name__ == "__main__":
    main()
