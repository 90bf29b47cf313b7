# SPDX-License-Identifier: GPL-2.0-or-later
"""What the command line says of a capture, for tests of what else has written it."""
import json
import os
import subprocess
from pathlib import Path


def info(path):
    """The document of `lanescope-cli info`, or {} while the file cannot be read."""
    cli = Path(os.environ["LSC_BUILD"]) / "cli" / "lanescope-cli"
    done = subprocess.run([cli, "info", "--json", "--quiet", path], capture_output=True, text=True, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else {}
