# SPDX-License-Identifier: GPL-2.0-or-later
"""An installation with --prefix=/usr works as it is: an ordinary user records through the system service.

It is installed over a /usr that only this test sees."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import private_system as private  # noqa: E402
from tap import Tap  # noqa: E402

tap = Tap()
private.enter(tap)
scratch = pathlib.Path(tempfile.mkdtemp(prefix="lsc-installed-"))
PROGRAMS = ["helper/lanescope-traced", "helper/lanescope-tracer", "cli/lanescope-cli", "data/helper/org.lanescope.policy"]


def is_for_usr(folder):
    options = json.loads(private.run("meson", "introspect", "--buildoptions", folder))
    return next(option["value"] for option in options if option["name"] == "prefix") == "/usr"


def build():
    """The command line and the helper, built for /usr as tools/test does; what else is installed is not needed here."""
    folder = private.BUILD
    if not is_for_usr(folder):
        folder = scratch / "build"
        private.run("meson", "setup", "--prefix=/usr", "-Dtests=false", folder, private.SOURCE)
        subprocess.run(["ninja", "-j2", "-C", folder, *PROGRAMS], check=True, stdout=subprocess.DEVNULL)
    plan = json.loads(private.run("meson", "introspect", "--install-plan", folder))
    return [(pathlib.Path(source), entry["destination"]) for group in plan.values() for source, entry in group.items()]


def destination_of(text):
    for name, path in (("prefix", "/usr"), ("bindir", "/usr/bin"), ("libexecdir", "/usr/libexec"),
                       ("datadir", "/usr/share"), ("mandir", "/usr/share/man"), ("localedir", "/usr/share/locale")):
        text = text.replace("{" + name + "}", path)
    return pathlib.Path(text)


class InstalledSystem(private.PrivateSystem):
    def install(self):
        for source, place in plan:
            target = destination_of(place)
            if source.is_file() and any(word in str(target) for word in ("bin/", "libexec", "dbus-1", "polkit", "sysusers.d")):
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, target)
                target.chmod(0o755 if os.access(source, os.X_OK) else 0o644)
        if shutil.which("systemd-sysusers"):
            private.run("systemd-sysusers", "/usr/lib/sysusers.d/lanescope.conf")


def record(user, *arguments):
    process = system.start(user, "lanescope-cli", "record", "--output", f"/tmp/lsc-{os.getpid()}.lanes", *arguments,
                           stderr=subprocess.STDOUT)
    out, _ = process.communicate(timeout=60)
    return process.returncode, out


def ordinary_user_records():
    status, said = record("lscalice", "--", "sh", "-c", "for i in 1 2 3; do sleep 0.1; done; exit 6")
    tap.ok(status == 6 and " 0 lost" in said, "a command is recorded, and its own status comes back", said)
    tap.ok(any("scope=own" in line and "result=started" in line for line in system.door_log()), "through the service",
           system.door_log())
    process = system.start("lscalice", "lanescope-cli", "record", "--all", "--output", "/dev/null", "--duration", "2",
                           stderr=subprocess.STDOUT)
    worker = private.wait_for(lambda: system.workers(), 10)
    uid = private.wait_for(lambda: worker and os.stat(f"/proc/{worker[0]}").st_uid, 10)
    if shutil.which("systemd-sysusers"):
        expected = int(private.run("id", "-u", "lanescope"))
        tap.ok(uid == expected, "the tracer becomes the user that was made for it", f"{uid} {expected}")
    process.communicate(timeout=60)
    status, said = record("lscbob", "--all", "--duration", "1")
    tap.ok(status == 77 and "rules forbid it" in said, "who may not is told so: exit status 77", said)


plan = build()
overlay = scratch / "overlay"
overlay.mkdir()
private.run("mount", "-t", "tmpfs", "tmpfs", overlay)
for part in ("upper", "work"):
    (overlay / part).mkdir()
private.run("mount", "-t", "overlay", "overlay", "-o", f"lowerdir=/usr,upperdir={overlay}/upper,workdir={overlay}/work", "/usr")
system = InstalledSystem()
system.rule(private.ALLOWING_RULE)
tap.run("ordinary user records", ordinary_user_records)
pathlib.Path(f"/tmp/lsc-{os.getpid()}.lanes").unlink(missing_ok=True)
system.close()
tap.ok(system.reports == [], "neither sanitizers nor GLib complain about the helper", "\n".join(system.reports))
subprocess.run(["umount", "-l", "/usr"], check=False)
subprocess.run(["umount", "-l", overlay], check=False)
shutil.rmtree(scratch, ignore_errors=True)
tap.done()
