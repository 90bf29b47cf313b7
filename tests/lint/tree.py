# SPDX-License-Identifier: GPL-2.0-or-later
"""What the lint tests share: the files of the source tree, and how a rule is run and checks itself."""
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from tap import Tap  # noqa: E402

SOURCE = Path(os.environ.get("LSC_SOURCE", Path(__file__).resolve().parent.parent.parent))
BUILD = Path(os.environ["LSC_BUILD"]) if "LSC_BUILD" in os.environ else None


def paths():
    """Every file of the tree, relative: what git knows and what it does not ignore, or all where there is no git."""
    try:
        out = subprocess.run(
            ["git", "-c", "safe.directory=*", "ls-files", "-co", "--exclude-standard", "-z"],
            cwd=SOURCE, capture_output=True, check=True).stdout
        names = sorted({n for n in out.decode().split("\0") if n})
    except (OSError, subprocess.CalledProcessError):
        names = sorted(str(p.relative_to(SOURCE)) for p in SOURCE.rglob("*") if p.is_file())
    return [n for n in names if not n.startswith(("build", ".git/")) and (SOURCE / n).is_file()]


def files(*suffixes):
    """{relative path: text} of the files that end so."""
    return {n: (SOURCE / n).read_text(errors="replace") for n in paths() if n.endswith(suffixes)}


def rule(tap, name, check, tree, bad):
    """One rule: nothing wrong in `tree`, and `bad` (a sample that breaks it) is found. `check` maps
    {path: text} to a list of sentences."""
    tap.ok(check(bad), f"{name}: finds a bad sample")
    problems = check(tree)
    tap.ok(not problems, name, "\n".join(problems))


__all__ = ["Tap", "SOURCE", "BUILD", "paths", "files", "rule"]
