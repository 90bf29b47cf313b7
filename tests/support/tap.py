# SPDX-License-Identifier: GPL-2.0-or-later
"""TAP output for the script tests: ok() a line per fact, done() the plan and the exit status."""
import os
import sys
import traceback


def promised(seconds):
    """What may pass where `seconds` are promised: on a machine with more to do than CPUs everybody waits for his turn."""
    return seconds * max(1.0, min(5.0, os.getloadavg()[0] / (os.cpu_count() or 1)))


class Tap:
    def __init__(self):
        self.count = 0
        self.failed = 0

    def _line(self, verdict, name, extra=""):
        self.count += 1
        print(f"{verdict} {self.count} - {name}{extra}", flush=True)

    def ok(self, condition, name, detail=""):
        """One fact. `detail` is printed only when the fact is false."""
        self._line("ok" if condition else "not ok", name)
        if not condition:
            self.failed += 1
            for line in str(detail).splitlines():
                self.note(line)
        return bool(condition)

    def skip(self, name, why):
        """A fact that this machine cannot show, and why."""
        self._line("ok", name, f" # SKIP {why}")

    def note(self, text):
        print(f"# {text}", flush=True)

    def run(self, name, function):
        """Calls `function`; it must return normally. An exception is a failure with its traceback."""
        try:
            function()
        except Exception:  # noqa: the traceback is the report
            return self.ok(False, name, traceback.format_exc())
        return self.ok(True, name)

    def done(self):
        print(f"1..{self.count}", flush=True)
        sys.exit(1 if self.failed else 0)
