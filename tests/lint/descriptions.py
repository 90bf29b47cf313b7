# SPDX-License-Identifier: GPL-2.0-or-later
"""The files that describe Lanescope to a desktop and to the system are well formed and valid."""
import shutil
import subprocess
import tempfile
from pathlib import Path
from tree import BUILD, SOURCE, Tap, paths

XML = (".xml", ".ui", ".policy", ".policy.in", ".svg", ".metainfo.xml.in", ".gschema.xml", ".conf", ".conf.in")


def run(*command):
    """"" when the command is content, else what it says."""
    done = subprocess.run(command, cwd=SOURCE, capture_output=True, text=True, timeout=60)
    return "" if done.returncode == 0 else done.stdout + done.stderr + f"exit status {done.returncode}"


def xml_error(path):
    return run("xmllint", "--noout", "--nonet", str(path))


def check_xml(tap):
    if not shutil.which("xmllint"):
        return tap.skip("XML files are well formed", "xmllint is not installed")
    with tempfile.NamedTemporaryFile("w", suffix=".xml") as bad:
        bad.write("<a><b></a>")
        bad.flush()
        tap.ok(xml_error(bad.name), "finds a bad XML sample")
    for name in paths():
        if name.endswith(XML):
            wrong = xml_error(name)
            tap.ok(not wrong, f"{name} is well formed", wrong)


def built(name):
    """A description as it will be installed (translations merged), or None before it is built."""
    path = BUILD / "data" / name if BUILD else None
    return path if path and path.exists() else None


def check_with(tap, tool, name, *options):
    path = built(name)
    if not shutil.which(tool):
        return tap.skip(f"{name} is valid", f"{tool} is not installed")
    if not tap.ok(path, f"{name} was built"):
        return None
    with tempfile.TemporaryDirectory() as folder:
        bad = Path(folder) / path.name
        bad.write_text("nonsense\n")
        tap.ok(run(tool, *options, str(bad)), f"{tool} finds a bad sample")
    wrong = run(tool, *options, str(path))
    return tap.ok(not wrong, f"{name} is valid for {tool}", wrong)


def check_ui_ids(tap):
    """Accessible names that outside programs drive the window by."""
    texts = "\n".join((SOURCE / p).read_text() for p in paths() if p.startswith("gui/") and p.endswith((".ui", ".c")))
    if not texts:
        return tap.note("gui/ is empty, no names to look for")
    for name in ("Choose a Process", "Run a Program", "Lessons", "Open a Capture", "Search processes", "Start",
                 "Stop", "Save", "Follow Newest", "By Thread", "By CPU", "Lanes"):
        tap.ok(name in texts.replace("_", ""), f"the window knows the name {name}")
    return None


def check_mime(tap):
    """What desktops take files for, by name and by their first bytes; text stays text."""
    if not shutil.which("update-mime-database") or not shutil.which("gio"):
        return tap.skip("files are known by their kind", "update-mime-database or gio is not installed")
    samples = {"a.lanes": (b"(\xb5/\xfd", "application/x-lanescope-capture"),
               "trace.dat": (b"\0\1\2", "application/x-trace-cmd"),
               "other": (b"\x17\x08\x44tracing6\0" + bytes(64), "application/x-trace-cmd"),
               "recording": (b"PERFILE2" + bytes(64), "application/x-perf-data"),
               "perf.data": (b"\0\1\2", "application/x-perf-data"),
               "a.pftrace": (b"\x0a\x10", "application/x-perfetto-trace"),
               "script.txt": (b"sleep 12 [000] 1.0: sched:sched_switch:\n", "text/plain")}
    desktop = built("org.lanescope.Lanescope.desktop")
    types = desktop.read_text() if desktop else ""
    with tempfile.TemporaryDirectory() as folder:
        packages = Path(folder) / "mime" / "packages"
        packages.mkdir(parents=True)
        shutil.copy(SOURCE / "data" / "org.lanescope.Lanescope.mime.xml", packages)
        run("update-mime-database", str(packages.parent))
        for name, (content, kind) in samples.items():
            path = Path(folder) / name
            path.write_bytes(content)
            said = run("env", f"XDG_DATA_DIRS={folder}:/usr/local/share:/usr/share", f"XDG_DATA_HOME={folder}/none",
                       "sh", "-c", 'gio info -a standard::content-type "$0" | grep -q " $1$"', str(path), kind)
            tap.ok(not said, f"{name} is {kind}", said)
            tap.ok((f"{kind};" in types) == (kind != "text/plain"), f"Lanescope is offered for {kind}, or not for text")
    return None


def main():
    tap = Tap()
    check_xml(tap)
    check_mime(tap)
    check_with(tap, "desktop-file-validate", "org.lanescope.Lanescope.desktop")
    check_with(tap, "appstreamcli", "org.lanescope.Lanescope.metainfo.xml", "validate", "--no-net")
    check_ui_ids(tap)
    tap.done()


main()
