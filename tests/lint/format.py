# SPDX-License-Identifier: GPL-2.0-or-later
"""Every C file is as clang-format writes it (.clang-format, version 14)."""
import shutil
import subprocess
from tree import SOURCE, Tap, paths


def tool():
    return shutil.which("clang-format-14") or shutil.which("clang-format")


def differs(args, text=None):
    """What clang-format complains about, or ""."""
    done = subprocess.run([tool(), "--style=file", "--dry-run", "-Werror", *args], input=text, cwd=SOURCE,
                          capture_output=True, text=True, timeout=120)
    return done.stderr if done.returncode else ""


def main():
    tap = Tap()
    if not tool():
        tap.skip("every C file is formatted", "clang-format is not installed")
        tap.done()
    version = subprocess.run([tool(), "--version"], capture_output=True, text=True, timeout=10).stdout
    if " 14." not in version:
        tap.skip("every C file is formatted", f"the rules are those of clang-format 14, this is {version.strip()}")
        tap.done()
    tap.ok(differs(["--assume-filename=lib/x.c"], "int f(void){return 1;}\n"), "finds a bad sample")
    names = [p for p in paths() if p.endswith((".c", ".h"))]
    tap.ok(len(names) > 10, "there are files to look at")
    wrong = differs(names)
    tap.ok(not wrong, "every C file is as clang-format writes it", "\n".join(wrong.splitlines()[:30]))
    tap.done()


main()
