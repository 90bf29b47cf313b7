# SPDX-License-Identifier: GPL-2.0-or-later
"""Programs to be traced by the kernel tests: kernel-target and others, as any user."""
import os
import subprocess

# Two ordinary users; numbers are enough, no account is needed.
ALICE, BOB = 61001, 61002


def target_path():
    return os.path.join(os.environ.get("LSC_BUILD", "build"), "tests", "kernel-target")


def as_user(uid, *command):
    """A command line that runs `command` as that user, with nothing of root's left."""
    return ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all",
            *command]


class Program:
    """A child with pipes. As a context manager it is gone afterwards."""

    def __init__(self, *command, **options):
        # A leak checker at the end would be a thread that the tests do not expect.
        env = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env, **options)

    @property
    def pid(self):
        return self.process.pid

    def line(self):
        """The next line it prints, in words."""
        return self.process.stdout.readline().decode().split()

    def go(self):
        """Closes its stdin: what a job waits for."""
        if self.process.stdin:
            self.process.stdin.close()
            self.process.stdin = None

    def wait(self, seconds=20):
        return self.process.wait(seconds)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.go()
        try:
            self.process.wait(1)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


class Target(Program):
    """kernel-target doing one job, ready for it."""

    def __init__(self, job, rounds=1000, *more, uid=None, wrap=(), **options):
        command = [*wrap, target_path(), job, str(rounds), *more]
        super().__init__(*(as_user(uid, *command) if uid is not None else command), **options)
        self.first = self.line()
