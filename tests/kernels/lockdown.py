# SPDX-License-Identifier: GPL-2.0-or-later
"""Debian's kernel (6.1) locked down for confidentiality, in a virtual machine: that takes the helpers away that read
kernel memory, and the tracing programs call none of them. So a program is recorded there as anywhere else."""
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
TARGET = BUILD / "tests" / "truth-target"
SCRIPT = f"""
mount -t securityfs none /sys/kernel/security
echo "=== lockdown $(cat /sys/kernel/security/lockdown)"
{CLI} can-record
echo "=== can-record $?"
{CLI} record --output /tmp/a.lanes -- {TARGET} token 200
echo "=== record $?"
{CLI} export /tmp/a.lanes --format csv --output /tmp/a.csv
echo "=== lock waits $(grep -c 'sleeping,.*,lock,futex' /tmp/a.csv)"
"""


def number(text, name):
    found = re.search(rf"=== {name} (\d+)", text)
    return int(found.group(1)) if found else None


def main():
    tap = Tap()
    if platform.machine() != "x86_64":
        tap.skip("a kernel that is locked down", "the virtual machine is x86_64")
        tap.done()
    try:
        kernel, version = virtual_machine.debian_kernel(BUILD / "cache")
        text = virtual_machine.run(kernel, [CLI, BUILD / "helper" / "lanescope-tracer", TARGET], SCRIPT,
                                   arguments="lockdown=confidentiality")
    except virtual_machine.Unavailable as why:
        tap.skip("a kernel that is locked down", why)
        tap.done()
    tap.ok("[confidentiality]" in text, f"kernel {version} is locked down for confidentiality", text[-1500:])
    tap.ok(number(text, "can-record") == 0, "it can record", text[-1500:])
    tap.ok(number(text, "record") == 0, "and does", text[-1500:])
    tap.ok((number(text, "lock waits") or 0) > 100, "with the reasons of the waits", text[-1500:])
    tap.done()


main()
