# SPDX-License-Identifier: GPL-2.0-or-later
"""Words and calls that must not stand in the tree, texts that must: licence lines, translatable files, shell syntax."""
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from tree import SOURCE, Tap, files, paths, rule

# pattern, in which files, why not. Written in pieces so that this file does not find itself.
FORBIDDEN = [
    ("polkit_unix_" + "process|Polkit" + "UnixProcess", r"\.[ch]$", "the subject is the bus name only: pids race"),
    ("vmlinux" + r"\.h\"", r"\.[ch]$", "bpf/kernel-types.h holds the few fields that are read"),
    (r"bpf_probe_" + "read|BPF_CORE_" + "READ", r"^bpf/.*\.[ch]$", "direct BTF loads only (lockdown takes the helpers)"),
    (r"\bTO" + r"DO\b|\bFIX" + r"ME\b|\bXX" + r"X\b", r"\.(c|h|py|ui|build)$", "say why it waits, in a sentence"),
    (r"\bstr(cpy|cat)\s?\(|\bsprintf\s?\(|\bgets\s?\(", r"\.[ch]$", "no bound on what is written"),
    ("\u00e2\u0080", r".", "a character that was encoded twice"),
    (r'_ \("[^"]*" *(G_G|PRI)[A-Z0-9_]+', r"\.c$", "only the piece before the macro would be translated"),
    (r"/wor" + r"k/(wt|main|shared)", r".", "a path of one machine"),
]
LICENCE = re.compile(r"SPDX-License-Identifier: GPL-2\.0-or-later")
LICENCED = re.compile(r"(\.(c|h|py)$|^tools/|^\.ci/)")


def forbidden(tree):
    found = []
    for path, text in tree.items():
        for pattern, where, why in FORBIDDEN:
            if re.search(where, path):
                found += [f"{path}:{n}: {line.strip()[:80]} ({why})" for n, line in enumerate(text.splitlines(), 1)
                          if re.search(pattern, line)]
    return found


def unlicensed(tree):
    return [f"{p} has no SPDX licence line" for p, text in tree.items()
            if LICENCED.search(p) and text and not LICENCE.search(text[:500])]


def untidy(tree):
    return [f"{p}: blanks at a line's end, a tab, or no newline at the end" for p, text in tree.items()
            if p.endswith((".c", ".h", ".py", ".build", ".ui", ".md")) and text
            and (re.search(r"[ \t]+$", text, re.M) or "\t" in text or not text.endswith("\n"))]


def untranslated(tree):
    """Files with translatable texts that po/POTFILES.in does not name, and names without a file."""
    listed = {line for line in tree.get("po/POTFILES.in", "").splitlines() if line and not line.startswith("#")}
    marked = {p for p, text in tree.items() if re.match(r"(lib|gui|cli|helper)/.*\.c$", p)
              and re.search(r'(\b[CN]?_|\bngettext) \(', text)}
    marked |= {p for p, text in tree.items() if p.endswith(".ui") and 'translatable="yes"' in text}
    return [f"po/POTFILES.in does not name {p}" for p in sorted(marked - listed)] + \
           [f"po/POTFILES.in names {p}, which is not there" for p in sorted(listed - set(tree))]


def xgettext_warnings(folder, names):
    """What xgettext says about texts that cannot be translated well."""
    done = subprocess.run(["xgettext", "--from-code=UTF-8", "--keyword=_", "--keyword=N_", "--keyword=C_:1c,2",
                           "--keyword=ngettext:1,2", "--output=-", *names], cwd=folder, capture_output=True, text=True,
                          timeout=60)
    return "\n".join(line for line in done.stderr.splitlines() if "extension" not in line)


def check_texts(tap, tree):
    if not shutil.which("xgettext"):
        return tap.skip("texts can be translated", "xgettext is not installed")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "x.c").write_text('char *t = _ ("%\'" FORMAT " \\r events");\nint n = printf (_ ("\\r%d"), 1);\n')
        tap.ok(xgettext_warnings(folder, ["x.c"]), "texts: finds a bad sample")
    for name in tree:
        if name.endswith(".po"):
            done = subprocess.run(["msgfmt", "--check-format", "--output-file=/dev/null", name], cwd=SOURCE,
                                  capture_output=True, text=True, timeout=60)
            tap.ok(done.returncode == 0, f"{name} keeps every placeholder", done.stderr)
    names = [line for line in tree["po/POTFILES.in"].splitlines() if line.endswith((".c", ".ui"))]
    wrong = xgettext_warnings(SOURCE, names)
    return tap.ok(not wrong, "texts can be translated", wrong)


def shell_errors(name):
    first = (SOURCE / name).read_text(errors="replace").splitlines()[:1]
    if not first or "bash" not in first[0]:
        return None
    if shutil.which("shellcheck"):
        return subprocess.run(["shellcheck", name], cwd=SOURCE, capture_output=True, text=True, timeout=60).stdout
    return subprocess.run(["bash", "-n", name], cwd=SOURCE, capture_output=True, text=True, timeout=60).stderr


def main():
    tap = Tap()
    text_files = {p: t for p, t in files("").items() if not p.endswith((".lanes", ".png", ".svg", "COPYING"))}
    rule(tap, "no forbidden words", forbidden, text_files, {"lib/x.c": "strcpy (a, b);\n"})
    rule(tap, "each file says its licence", unlicensed, text_files, {"lib/x.c": "int a;\n"})
    rule(tap, "no stray blanks or tabs", untidy, text_files, {"lib/x.c": "int a; \n"})
    rule(tap, "po/POTFILES.in is complete", untranslated, text_files, {"gui/x.c": "_ (\"text\")"})
    check_texts(tap, text_files)
    for name in paths():
        if name.startswith(("tools/", ".ci/")):
            errors = shell_errors(name)
            if errors is not None:
                tap.ok(not errors, f"{name} is sound bash", errors)
    tap.done()


main()
