# SPDX-License-Identifier: GPL-2.0-or-later
"""How many instructions our hot paths take, counted by callgrind: a figure that does not depend on the machine's mood.

Fails when a count is more than a tenth above what is recorded here. After a gain, write the new count down; after a
loss that is worth it, too, and say in the commit why. The counts are those of a release build by gcc 12 for x86-64 on
Debian 12; elsewhere they are printed, and not judged."""
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from pathlib import Path

BUILD = Path(os.environ["LSC_BUILD"])
JUDGED = os.environ.get("LSC_BUILDTYPE") == "release" and platform.machine() == "x86_64"

# figure, program, its arguments, the function in which is counted, how many units that is, recorded count
COUNTS = [
    ("instructions an assembled event", "bench-trace", ["200000"], "lsc_assembler_feed",
     2000000, 360),
    ("instructions for all statistics of a range, 300 k events", "bench-range", ["300000"], "lsc_statistics_of_trace",
     15, 29981231),
    ("instructions a frame of the walk, nothing worked out ahead", "bench-frame", ["0"], "lsc_picture_paint",
     200, 8865229),
]


def count(program, arguments, function):
    """Instructions in all calls of the function, and of what it calls."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", f"--toggle-collect={function}",
             BUILD / "tests" / program, *arguments], capture_output=True, text=True, check=False)
    collected = re.search(r"Collected : (\d+)", done.stderr)
    if collected is None or int(collected[1]) == 0:
        sys.exit(f"{program} was not counted, exit status {done.returncode}:\n{done.stderr}")
    return int(collected[1])


def main():
    n_over = 0
    for figure, program, arguments, function, units, recorded in COUNTS:
        ours = round(count(program, arguments, function) / units)
        print(json.dumps({"figure": figure, "ours": ours, "target": f"<= {recorded * 11 // 10}" if JUDGED else "",
                          "unit": "instructions"}), flush=True)
        n_over += JUDGED and ours > recorded * 11 // 10
    return 1 if n_over else 0


if __name__ == "__main__":
    sys.exit(main())
