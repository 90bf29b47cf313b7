# SPDX-License-Identifier: GPL-2.0-or-later
"""Another kernel: boots one in QEMU (no KVM needed) with the programs of the build folder and runs a shell script.

The machine has nothing but an initramfs: busybox, the programs with the libraries they need, and the script. What the
script prints comes back through the serial port."""
import glob
import os
import re
import select
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

# Everything is in memory already; nothing is mounted over /tmp, where the build may lie.
INIT = """#!/bin/busybox sh
export PATH=/bin HOME=/tmp LC_ALL=C.UTF-8
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/shm
echo 0 > /proc/sys/kernel/printk
sh /script
echo "=== the machine is done"
poweroff -f
"""


END = b"=== the machine is done"
SILENCE = 150  # seconds without a word: an emulated machine hangs at times, and nothing of ours is at fault


class Unavailable(Exception):
    """This machine cannot run the virtual one, and why."""


def libraries(program):
    """The shared libraries of a program, and its loader."""
    out = subprocess.run(["ldd", str(program)], capture_output=True, text=True, timeout=30).stdout
    return re.findall(r"(/\S+) \(0x", out)


# Which of Debian's kernels to boot: "linux-image-6.12-amd64" tries another one.
PACKAGE = os.environ.get("LSC_KERNEL_PACKAGE", "linux-image-amd64")


def debian_kernel(cache):
    """The newest kernel of this Debian release, or PACKAGE, fetched as a package and not installed: (path, version)."""
    cache = cache / PACKAGE
    cache.mkdir(parents=True, exist_ok=True)
    found = sorted(glob.glob(str(cache / "boot" / "vmlinuz-*")))
    if not found:
        fetch_kernel(cache)
        found = sorted(glob.glob(str(cache / "boot" / "vmlinuz-*")))
    if not found:
        raise Unavailable("the kernel's package holds no kernel")
    return Path(found[-1]), found[-1].split("vmlinuz-")[1]


def fetch_kernel(cache):
    if not shutil.which("apt-get"):
        raise Unavailable("there is no apt-get to fetch Debian's kernel with")
    depends = subprocess.run(["apt-cache", "depends", PACKAGE], capture_output=True, text=True,
                             timeout=60).stdout
    names = re.findall(r"Depends: (linux-image-\d\S+)", depends)
    if not names:
        raise Unavailable("apt knows no linux-image package")
    done = subprocess.run(["apt-get", "-o", "APT::Sandbox::User=root", "download", names[0]], cwd=cache,
                          capture_output=True, text=True, timeout=300)
    packages = sorted(cache.glob("linux-image-*.deb"))
    if done.returncode or not packages:
        raise Unavailable("Debian's kernel could not be fetched: " + (done.stderr.strip().splitlines() or ["?"])[-1])
    data = subprocess.run(["dpkg-deb", "--fsys-tarfile", packages[-1]], capture_output=True, check=True, timeout=120)
    subprocess.run(["tar", "x", "--wildcards", "./boot/vmlinuz-*"], input=data.stdout, cwd=cache, check=True, timeout=60)


def initramfs(folder, programs, script):
    """Writes root.cpio: `programs` and their libraries at the paths they have here."""
    root = folder / "root"
    for name in ("bin", "proc", "sys", "dev", "tmp", "run"):
        (root / name).mkdir(parents=True)
    shutil.copy(shutil.which("busybox"), root / "bin" / "busybox")
    (root / "init").write_text(INIT)
    (root / "init").chmod(0o755)
    (root / "script").write_text(script)
    for path in {p for program in programs for p in [str(program), *libraries(program)]}:
        target = root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    names = subprocess.run(["find", "."], cwd=root, capture_output=True, check=True).stdout
    archive = subprocess.run(["cpio", "-o", "-H", "newc", "--quiet"], input=names, cwd=root, capture_output=True,
                             check=True, timeout=120).stdout
    path = folder / "root.cpio"
    path.write_bytes(archive)
    return path


def listen(machine, seconds):
    """What the machine says until it is done, falls silent or its time is over; and whether it was done."""
    text, begin, heard = b"", time.monotonic(), time.monotonic()
    while END not in text and time.monotonic() < min(begin + seconds, heard + SILENCE):
        if select.select([machine.stdout], [], [], 1)[0]:
            chunk, heard = machine.stdout.read1(65536), time.monotonic()
            if not chunk:
                break
            text += chunk
    return text.decode(errors="replace").replace("\r", ""), END in text


def run(kernel, programs, script, seconds=360, arguments=""):
    """What the script printed on the machine with this kernel, started with these arguments more. A machine that falls
    silent is started once again. Unavailable when QEMU or busybox is missing."""
    for tool in ("qemu-system-x86_64", "busybox", "cpio"):
        if not shutil.which(tool):
            raise Unavailable(f"{tool} is not installed")
    with tempfile.TemporaryDirectory() as folder:
        image = initramfs(Path(folder), programs, script)
        # Both CPUs in one thread: with a thread each, QEMU 7.2 hangs in about half of the runs, without a word of the
        # kernel or with a CPU that no longer answers an NMI.
        command = ["qemu-system-x86_64", "-accel", "tcg,thread=single", "-cpu", "max", "-smp", "2", "-m", "1024", "-nographic",
                   "-no-reboot", "-net", "none", "-kernel", str(kernel), "-initrd", str(image),
                   "-append", f"console=ttyS0 quiet panic=-1 {arguments}"]
        for _ in range(2):
            with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT) as machine:
                begin = time.monotonic()
                text, done = listen(machine, seconds)
                machine.kill()
            if done:
                return text
            print(f"# the machine was stopped after {time.monotonic() - begin:.0f} s; it said last:",
                  *(f"# {line}" for line in text.splitlines()[-20:]), sep="\n", flush=True)
        return text + "\n(the machine was stopped before it was done)"
