# SPDX-License-Identifier: GPL-2.0-or-later
"""The second belt: everything works with no more than what the systemd unit leaves the service."""
import atexit
import os
import pathlib
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import private_system as private  # noqa: E402
from tap import Tap  # noqa: E402

tap = Tap()
private.enter(tap)
unit = (private.BUILD / "data/helper/lanescope-traced.service").read_text()
capabilities = re.search(r"^CapabilityBoundingSet=(.*)$", unit, re.M)[1].lower().replace("cap_", "").split()
# Of the unit: its capabilities, NoNewPrivileges, ProtectKernelTunables, ProtectHome, InaccessiblePaths, its limits.
BELT = f"""#!/bin/sh
exec unshare --mount --propagation private sh -c '
mount -o remount,bind,ro /sys; mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys
mount -t tmpfs -o mode=0 none /sys/kernel/tracing; mount -t tmpfs -o mode=0 none /sys/fs/bpf; mount -t tmpfs none /home
ulimit -c 0; umask 077
exec setpriv --no-new-privs --inh-caps=-all --bounding-set=-all,{",".join("+" + c for c in capabilities)} \\
  {private.BUILD}/helper/lanescope-traced'
"""
wrapper = pathlib.Path("/tmp") / f"lanescope-belt-{os.getpid()}"
wrapper.write_text(BELT)
wrapper.chmod(0o755)
atexit.register(wrapper.unlink)
system = private.PrivateSystem(door=wrapper)
system.rule(private.ALLOWING_RULE)


def works_with_the_belt():
    other = system.start("lscbob", "sleep", "100")
    for name, arguments in (("own processes", ["--mine"]), ("the whole machine", ["--all"]),
                            ("another user's process", ["--pid", other.pid]),
                            ("a command", ["--", "sh", "-c", "sleep 0.1"])):
        facts = system.session("lscalice", "--stop-after", "2000" if arguments[0] == "--" else "300", *arguments)
        tap.ok(facts.get("end_reason") in (1, 2) and "live" in facts["states"], name, facts)
    other.kill()
    status = pathlib.Path(f"/proc/{system.door_pid()}/status").read_text()
    effective = int(re.search(r"CapEff:\t(\w+)", status)[1], 16)
    tap.ok(bin(effective).count("1") == len(capabilities), "the door had these capabilities and no others", status)
    tap.ok("NoNewPrivs:\t1" in status, "and could gain none")


tap.run("works with the belt", works_with_the_belt)
system.close()
tap.ok(system.reports == [], "neither sanitizers nor GLib complain about the helper", "\n".join(system.reports))
tap.done()
