# SPDX-License-Identifier: GPL-2.0-or-later
"""The walls between the rooms: which headers each may include, of the house and from outside (HACKING.md, "Rooms")."""
import re
from tree import Tap, files, rule

# Outside libraries by the header that opens them. A header that is in none of them is plain C (libc, Linux).
LIBRARIES = {
    "glib": r"glib(\.h|/|-object\.h|-unix\.h|printf)",
    "gio": r"gio/",
    "gtk": r"(gtk|gdk|gsk)/",
    "adwaita": r"adwaita\.h",
    "cairo": r"cairo",
    "pango": r"pango/",
    "zstd": r"zstd",
    "protobuf": r"protobuf-c/",
    "seccomp": r"seccomp\.h",
    "libbpf": r"bpf/",
    "polkit": r"polkit/",
    "proc2": r"libproc2/",
    "json": r"json-glib/",
    "gettext": r"(libintl\.h|glib/gi18n)",
    "math": r"math\.h",
    "x11": r"X11/",
}

# room: (rooms it may reach into, libraries it may use)
ROOMS = {
    "bpf": ("lib/wire", "libbpf"),
    "lib/wire": ("", ""),
    "helper": ("lib/wire", "libbpf gio glib polkit seccomp"),
    "lib/trace": ("lib/wire", "glib"),
    "lib/explain": ("lib/trace", "glib gettext math seccomp"),
    "lib/files": ("lib/wire lib/trace lib/explain", "glib gio zstd json protobuf gettext"),
    "lib/client": ("lib/wire lib/trace", "glib gio gettext"),
    "lib/view": ("lib/trace", "glib math"),
    "lib/paint": ("lib/trace lib/view", "glib cairo pango math"),
    "gui": ("lib/trace lib/explain lib/files lib/client lib/view lib/paint",
            "glib gio gtk adwaita cairo pango proc2 gettext math x11"),
    "cli": ("lib/trace lib/explain lib/files lib/client lib/view lib/paint", "glib gio gettext json math"),
}

# Of lib/trace, only these files know what bytes mean (the public headers use the record's plain structs).
# Libraries that have one door: {library: (room, how many .c or .h files may open it)}.
DOORS = {"libbpf": ("helper", 2), "polkit": ("helper", 1), "seccomp": ("helper", 1), "zstd": ("lib/files", 2),
         "proc2": ("gui", 1)}
# The worker is libbpf and libc: only these files of helper/ are the door's, and may use GLib.
DOOR_FILES = re.compile(r"helper/(traced|door|gate|limits|caller)[a-z0-9-]*\.[ch]$")
GENERATED = re.compile(r"(lsc-config\.h|perfetto\.pb-c\.h|.*\.skel\.h|.*-resources\.h)$")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+([<"])([^>"]+)[>"]', re.M)


def room_of(path):
    for room in sorted(ROOMS, key=len, reverse=True):
        if path.startswith(room + "/"):
            return room
    return None


def library_of(header):
    return next((name for name, pattern in LIBRARIES.items() if re.match(pattern, header)), None)


def own_header(path, header):
    """What is wrong with an include of the house's own, or None."""
    mine, other = room_of(path), room_of(header)
    if GENERATED.match(header):
        return None
    if other is None:
        return f"{path}: \"{header}\" is not spelled from the root of the repository"
    if other != mine and other not in ROOMS[mine][0].split():
        return f"{path}: {mine}/ may not reach into {other}/ (\"{header}\")"
    return None


def outside_header(path, header):
    mine, library = room_of(path), library_of(header)
    if library and library not in ROOMS[mine][1].split():
        return f"{path}: {mine}/ may not use {library} (<{header}>)"
    if mine == "helper" and library in ("gio", "glib", "polkit") and not DOOR_FILES.match(path):
        return f"{path}: GLib and polkit belong to the door; the worker is libbpf and libc (<{header}>)"
    return None


def walls(tree):
    found = []
    for path, text in tree.items():
        if room_of(path) is None:
            continue
        for mark, header in INCLUDE.findall(text):
            found.append(own_header(path, header) if mark == '"' else outside_header(path, header))
    return [f for f in found if f]


def doors(tree):
    found = []
    for library, (room, limit) in DOORS.items():
        users = [p for p, text in tree.items() if p.startswith(room + "/")
                 and any(library_of(h) == library for _, h in INCLUDE.findall(text))]
        if len(users) > limit:
            found.append(f"{library} is opened by {', '.join(users)}; {limit} file(s) of {room}/ may")
    return found


def unique_names(tree):
    seen, found = {}, []
    for path in tree:
        name = path.rsplit("/", 1)[-1]
        if name in seen:
            found.append(f"{path} and {seen[name]} have one name")
        seen[name] = path
    return found


def prefixes(tree):
    """Functions that a library exports carry at least the first word of their file's name."""
    found = []
    define = re.compile(r"^(?!static)[A-Za-z_][\w \t\*]*\n\*?(lsc_\w+) \(", re.M)
    for path, text in tree.items():
        if not path.startswith("lib/") or not path.endswith(".c"):
            continue
        word = path.rsplit("/", 1)[-1][:-2].split("-")[0].rstrip("s")
        found += [f"{path}: {name} does not begin with lsc_{word}" for name in define.findall(text)
                  if not name.startswith("lsc_" + word)]
    return found


def main():
    tap = Tap()
    tree = files(".c", ".h")
    house = {p: t for p, t in tree.items() if room_of(p)}
    tap.ok(len(house) > 5, "there are files to look at", f"{len(house)} found")
    rule(tap, "each room includes only what its row allows", walls, house,
         {"lib/view/x.c": '#include "lib/wire/record.h"\n'})
    for bad in ({"lib/view/x.c": "#include <cairo.h>\n"}, {"cli/x.c": "#include <gtk/gtk.h>\n"},
                {"helper/tracer.c": "#include <gio/gio.h>\n"}, {"lib/trace/x.c": '#include "lane.h"\n'}):
        tap.ok(walls(bad), f"a wall stands: {bad}")
    rule(tap, "each outside library has its door", doors, house,
         {f"helper/{name}.c": "#include <bpf/bpf.h>\n" for name in "abc"})
    rule(tap, "file names are unique", unique_names, tree, {"lib/a/x.c": "", "lib/b/x.c": ""})
    rule(tap, "exported functions carry their file's name", prefixes, house,
         {"lib/a/x.c": "void\nlsc_y_do (void)\n"})
    tap.done()


main()
