# SPDX-License-Identifier: GPL-2.0-or-later
"""What the kernel object may call: no helper that reads memory, so that lockdown cannot take any away."""
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from tap import Tap  # noqa: E402

# include/uapi/linux/bpf.h: probe_read, probe_read_str, probe_read_user, _kernel, _user_str, _kernel_str
READERS = {4, 45, 112, 113, 114, 115}
# map lookup (no call, once it is loaded); output; storage get; time; cpu; current; pt_regs; this_cpu_ptr; pid_tgid
ALLOWED = {1, 130, 156, 5, 8, 158, 175, 154, 14}


def helpers(disassembly):
    """Numbers of the helpers that are called. (Calls of the object's own functions have 10 as their second byte,
    kernel functions 20.)"""
    return {int(n) for n in re.findall(r":\s+85 00 00 00 .*\bcall (\d+)\b", disassembly)}


def main():
    tap = Tap()
    tool = shutil.which("llvm-objdump") or shutil.which("llvm-objdump-14")
    if not tap.ok(tool, "llvm-objdump is installed"):
        tap.done()
    tap.ok(helpers("  7: 85 00 00 00 71 00 00 00 call 113\n") & READERS, "finds a bad sample")
    for name in ("run_queue", "hot", "by_name", "unknown"):
        path = os.path.join(os.environ["LSC_BUILD"], "bpf", f"sched_{name}.o")
        text = subprocess.run([tool, "-d", path], capture_output=True, text=True, timeout=30, check=True).stdout
        called = helpers(text)
        tap.ok(130 in called, f"{name}: the object was read", text[:300])
        tap.ok(not called & READERS, f"{name}: no helper that reads memory is called", called & READERS)
        tap.ok(called <= ALLOWED, f"{name}: only the helpers on the list are called", called - ALLOWED)
        sections = subprocess.run([tool, "-h", path], capture_output=True, text=True, timeout=30, check=True).stdout
        tap.ok("tp_btf/sched_switch" in sections and "kprobe" not in sections,
               f"{name}: programs are of typed tracepoints only")
    tap.done()


main()
