# SPDX-License-Identifier: GPL-2.0-or-later
"""The kernel's own tracer, for recordings beside ours: events switched on through tracefs in an instance of our own, and
taken out with `trace-cmd extract` (which works where `trace-cmd record` does not)."""
import os
import subprocess
from pathlib import Path

TRACEFS = Path("/sys/kernel/tracing")


class Ftrace:
    """with Ftrace("sched/sched_switch", clock="mono") as ftrace: ...; ftrace.extract(path)"""

    def __init__(self, *events, clock="mono", buffer_kb=20000):
        self.events, self.clock, self.buffer_kb = events, clock, buffer_kb

    def write(self, name, text):
        (TRACEFS / name).write_text(str(text) + "\n")

    def __enter__(self):
        if not (TRACEFS / "trace").exists():
            subprocess.run(["mount", "-t", "tracefs", "nodev", TRACEFS], check=True)
        self.before = {name: (TRACEFS / name).read_text().split()[0] for name in ("buffer_size_kb", "tracing_on")}
        self.write("tracing_on", 0)
        self.write("trace_clock", self.clock)
        self.write("buffer_size_kb", self.buffer_kb)
        self.write("trace", "")
        for event in self.events:
            self.write(f"events/{event}/enable", 1)
        self.write("tracing_on", 1)
        return self

    def stop(self):
        self.write("tracing_on", 0)
        for event in self.events:
            self.write(f"events/{event}/enable", 0)

    def text(self):
        """What the kernel says itself, in words."""
        self.stop()
        return (TRACEFS / "trace").read_text(errors="replace")

    def extract(self, path, version=7, compression=None):
        """A trace.dat at `path`. The ring buffer is empty afterwards."""
        self.stop()
        environment = dict(os.environ, LC_ALL="C")
        subprocess.run(["trace-cmd", "extract", "-o", path], check=True, capture_output=True, env=environment, timeout=300)
        if version != 7 or compression:
            plain = Path(str(path) + ".7")
            os.rename(path, plain)
            subprocess.run(["trace-cmd", "convert", "-i", plain, "-o", path, "--file-version", str(version)]
                           + (["--compression", compression] if compression else []), check=True, capture_output=True,
                           env=environment, timeout=300)
            plain.unlink()
        return path

    def __exit__(self, *_):
        self.stop()
        self.write("trace", "")
        self.write("trace_clock", "local")
        self.write("buffer_size_kb", self.before["buffer_size_kb"].strip("()"))
