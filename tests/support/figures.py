# SPDX-License-Identifier: GPL-2.0-or-later
"""Turns what the bench programs print into one table: figure, ours, peer, ratio, target.

usage: figures.py BENCHMARKLOG.JSON [FIGURES.JSON]

A bench program prints one JSON object a line (tests/meson.build says the keys). Exit status 1 when a figure misses its
target or a program failed."""
import json
import re
import sys

TARGET = re.compile(r"\s*(<=|>=|<|>|=)\s*([-+\d.eE]+)\s*(x peer)?")
HOLDS = {"<=": lambda a, b: a <= b, ">=": lambda a, b: a >= b, "<": lambda a, b: a < b, ">": lambda a, b: a > b,
         "=": lambda a, b: a == b}


def figures(text):
    """The JSON lines of one program's output; a TAP program may print them as comments."""
    for line in text.splitlines():
        line = line.removeprefix("# ").strip()
        if line.startswith("{") and '"figure"' in line:
            yield json.loads(line)


def ratio(figure):
    if figure.get("ratio") is not None:
        return figure["ratio"]
    if figure.get("peer"):
        return figure["ours"] / figure["peer"]
    return None


def verdict(figure):
    """True, False, or None where there is no target."""
    match = TARGET.match(str(figure.get("target") or ""))
    if not match:
        return None
    sign, bound, of_peer = match.groups()
    value = ratio(figure) if of_peer else figure["ours"]
    return value is not None and HOLDS[sign](value, float(bound))


def number(value):
    if value is None:
        return "-"
    if value != 0 and (abs(value) >= 1e6 or abs(value) < 1e-3):
        return f"{value:.3g}"
    return f"{value:.3f}".rstrip("0").rstrip(".")


def row(figure):
    unit = " " + figure["unit"] if figure.get("unit") else ""
    peer = number(figure.get("peer"))
    if figure.get("peer") is not None:
        peer += unit + (f" ({figure['peer_name']})" if figure.get("peer_name") else "")
    mark = {True: "", False: "  MISSED", None: ""}[verdict(figure)]
    return [figure["figure"], number(figure["ours"]) + unit, peer, number(ratio(figure)),
            str(figure.get("target") or "-") + mark]


def table(rows):
    widths = [max(len(r[i]) for r in rows) for i in range(len(rows[0]))]
    return "\n".join(" | ".join(cell.ljust(width) for cell, width in zip(r, widths)).rstrip() for r in rows)


def main():
    found, failed = [], []
    with open(sys.argv[1]) as log:
        for entry in (json.loads(line) for line in log if line.strip()):
            found += list(figures(entry.get("stdout") or ""))
            if entry["result"] not in ("OK", "SKIP"):
                failed.append(f"{entry['name']}: {entry['result']}")
    print(table([["figure", "ours", "peer", "ratio", "target"], *map(row, found)]))
    for sentence in failed:
        print("FAILED", sentence)
    if len(sys.argv) > 2:
        with open(sys.argv[2], "w") as out:
            json.dump([{**f, "ratio": ratio(f), "met": verdict(f)} for f in found], out, indent=1)
    sys.exit(1 if failed or not found or any(verdict(f) is False for f in found) else 0)


if __name__ == "__main__":
    main()
