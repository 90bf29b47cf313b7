# SPDX-License-Identifier: GPL-2.0-or-later
"""What `meson install --prefix=/usr` puts where: the places that bus, polkit and systemd really read."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from tap import Tap  # noqa: E402

SOURCE = pathlib.Path(os.environ.get("LSC_SOURCE", ".")).resolve()
tap = Tap()
scratch = pathlib.Path(tempfile.mkdtemp(prefix="lsc-install-"))
build, root = scratch / "build", scratch / "root"


def text(path):
    return (root / path.lstrip("/")).read_text()


def configured():
    """Nothing is compiled: the files of data/ do not need it."""
    subprocess.run(["meson", "setup", "--prefix=/usr", "-Dtests=false", build, SOURCE], check=True,
                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    targets = ["data/helper/org.lanescope.policy"]
    subprocess.run(["ninja", "-C", build, *targets], check=True, stdout=subprocess.PIPE)
    plan = subprocess.run(["meson", "introspect", "--install-plan", build], check=True, capture_output=True, text=True)
    return plan.stdout


def everything_has_its_place():
    plan = configured()
    for place in ("dbus-1/system.d/org.lanescope.Tracer1.conf", "dbus-1/system-services/org.lanescope.Tracer1.service",
                  "polkit-1/actions/org.lanescope.policy", "lib/systemd/system/lanescope-traced.service",
                  "lib/sysusers.d/lanescope.conf", "lanescope-traced", "lanescope-tracer"):
        tap.ok(place in plan, f"{place} is installed")
    service = (build / "data/helper/org.lanescope.Tracer1.service").read_text()
    unit = (build / "data/helper/lanescope-traced.service").read_text()
    tap.ok("Exec=/usr/libexec/lanescope-traced\n" in service and "User=root\n" in service, "the bus starts it as root", service)
    tap.ok("SystemdService=lanescope-traced.service\n" in service, "through systemd where there is one")
    tap.ok("ExecStart=/usr/libexec/lanescope-traced\n" in unit and "BusName=org.lanescope.Tracer1\n" in unit, "the unit")
    for word in ("PrivateUsers=", "ProcSubset=", "ProtectProc="):
        tap.ok(not any(line.startswith(word) for line in unit.splitlines()), f"the unit does not set {word} it would break it")
    bounding = next(line for line in unit.splitlines() if line.startswith("CapabilityBoundingSet="))
    tap.ok("CAP_SYS_ADMIN" not in bounding and "CAP_BPF" in bounding, "and leaves few capabilities", bounding)
    sysusers = (build / "data/helper/lanescope.conf").read_text()
    tap.ok("\nu lanescope -" in sysusers, "the tracer's user is made", sysusers)


def bus_policy():
    """Only root owns the name; only our interface and two harmless ones reach it."""
    policy = ElementTree.parse(SOURCE / "data/helper/org.lanescope.Tracer1.conf").getroot()
    owners = [p.get("user") for p in policy if p.find("allow[@own]") is not None]
    tap.ok(owners == ["root"], "root alone may own the name", owners)
    default = [p for p in policy if p.get("context") == "default"]
    interfaces = sorted(a.get("send_interface") for p in default for a in p)
    tap.ok(interfaces == ["org.freedesktop.DBus.Introspectable", "org.freedesktop.DBus.Peer", "org.lanescope.Tracer1"],
           "three interfaces are let through", interfaces)
    tap.ok(all(a.get("send_destination") == "org.lanescope.Tracer1" for p in default for a in p), "to our name only")


def no_rules_and_no_pkexec_path():
    found = [p for p in (SOURCE / "data").rglob("*") if p.is_file() and p.suffix in (".rules", ".pkla")]
    tap.ok(found == [], "no polkit rules are shipped", found)
    policy = (SOURCE / "data/helper/org.lanescope.policy.in").read_text()
    tap.ok("exec.path" not in policy, "no action lets pkexec run the tracer without an administrator")
    tap.ok("<allow_any>yes" not in policy and "<allow_inactive>yes" not in policy, "nobody from afar is let in unasked")


def subject_is_the_bus_name():
    """T8: the caller is known by its bus name, never by a process id that may be used again."""
    texts = {p.name: p.read_text() for p in (SOURCE / "helper").glob("*.[ch]")}
    bad = [n for n, t in texts.items() if "unix_process" in t or "UnixProcess" in t or "unix_session" in t]
    tap.ok(bad == [], "no other subject is ever made", bad)
    makers = [n for n, t in texts.items() if "polkit_system_bus_name_new" in t]
    tap.ok(makers == ["door-authority.c"], "the bus name is made in one place", makers)


try:
    for test in (everything_has_its_place, bus_policy, no_rules_and_no_pkexec_path, subject_is_the_bus_name):
        tap.run(test.__name__.replace("_", " "), test)
finally:
    shutil.rmtree(scratch, ignore_errors=True)
tap.done()
