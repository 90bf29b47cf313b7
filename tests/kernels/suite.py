# SPDX-License-Identifier: GPL-2.0-or-later
"""The kernel tests on the kernel of Debian 12 (6.1), in a virtual machine: what that kernel does in another way (no
preempt count by way of the run queue, exits told after the memory is gone) is under the same tests as here."""
import glob
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

SUPPORT = Path(__file__).resolve().parent.parent / "support"
KERNEL = SUPPORT.parent / "kernel"
sys.path.insert(0, str(SUPPORT))
import virtual_machine  # noqa: E402
from tap import Tap  # noqa: E402

BUILD = Path(os.environ["LSC_BUILD"])
TESTS = ("events", "privacy")
TOOLS = ("bash", "setpriv", "unshare", "sleep", "dd", "cat", "true", "sh", "taskset")
MODULES = "glob os sys re json signal socket struct subprocess select tempfile time shutil resource traceback random " \
          "collections encodings.ascii encodings.latin_1 encodings.utf_8 encodings.idna"
SCRIPT = f"""
echo "=== kernel $(uname -r)"
export LSC_SLOW=1 LSC_BUILD={BUILD} PATH=/usr/bin:/bin:/usr/sbin:/sbin
ip link set lo up
mkdir -p /dev/pts ; mount -t devpts devpts /dev/pts
chmod 755 / ; chmod 1777 /tmp
mkdir -p {BUILD}/tests
""" + "".join(f'echo "=== {name}"\n/usr/bin/python3 {KERNEL}/{name}.py\n' for name in TESTS) + 'echo "=== end"\n'


def python_files():
    """The interpreter and what the tests import of its library."""
    code = f"import {', '.join(MODULES.split())}; import sys; print(*[m.__file__ for m in list(sys.modules.values()) " \
           "if getattr(m, '__file__', None)], sep='\\n')"
    done = subprocess.run(["/usr/bin/python3", "-S", "-c", code], capture_output=True, text=True, check=True, timeout=30)
    return ["/usr/bin/python3", *done.stdout.split()]


def tools():
    return [path for name in TOOLS for path in [next(iter(glob.glob(f"/usr/bin/{name}") or glob.glob(f"/usr/sbin/{name}")),
                                                     None)] if path]


def main():
    tap = Tap()
    if platform.machine() != "x86_64":
        tap.skip("the kernel tests on Debian's kernel", "the virtual machine is x86_64")
        tap.done()
    programs = [BUILD / "helper" / "lanescope-tracer", BUILD / "tests" / "kernel-target", BUILD / "tests" / "wait-target", *python_files(), *tools(),
                *(KERNEL / f"{name}.py" for name in TESTS),
                *(SUPPORT / f"{name}.py" for name in ("records", "targets", "tap"))]
    try:
        kernel, version = virtual_machine.debian_kernel(BUILD / "cache")
        text = virtual_machine.run(kernel, programs, SCRIPT, seconds=550)
    except virtual_machine.Unavailable as why:
        tap.skip("the kernel tests on Debian's kernel", str(why))
        tap.done()
    tap.ok(f"=== kernel {version}" in text, f"kernel {version} booted", text[-1500:])
    for name in TESTS:
        part = re.search(rf"^=== {name}$(.*?)^=== ", text, re.S | re.M)
        part = part.group(1) if part else ""
        bad = re.findall(r"^not ok .*(?:\n# .*)*", part, re.M)
        count = len(re.findall(r"^ok ", part, re.M))
        tap.ok(count > 10 and not bad and re.search(r"^1\.\.\d+", part, re.M), f"{name}: {count} facts hold there as well",
               "\n".join(bad) or part[-1500:])
    tap.done()


main()
