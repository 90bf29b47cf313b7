# SPDX-License-Identifier: GPL-2.0-or-later
"""A desktop for one test: an X server in memory, a session bus with accessibility, a home folder of its own.

    with Desktop() as desktop: ...
    with Desktop(height=1300) as desktop: ...

Everything it starts ends with it. The screen's pixels are a file of the X server, so that looking at them is cheap."""
import mmap
import os
import shutil
import struct
import subprocess
import tempfile
import time
import zlib
from pathlib import Path

WIDTH, HEIGHT = 1400, 900


class Screen:
    """The X server's frame buffer (an XWD file), as rows of blue, green, red, unused."""

    def __init__(self, path):
        self.file = open(path, "rb")
        self.bytes = mmap.mmap(self.file.fileno(), 0, prot=mmap.PROT_READ)
        head = struct.unpack(">25I", self.bytes[:100])
        self.width, self.height, self.stride = head[4], head[5], head[12]
        self.start = head[0] + head[19] * 12

    def row(self, y):
        begin = self.start + y * self.stride
        return self.bytes[begin:begin + self.width * 4]

    def pixel(self, x, y):
        blue, green, red = self.row(y)[x * 4:x * 4 + 3]
        return red, green, blue

    def area(self, x, y, width, height):
        """The raw bytes of a part, to compare two moments with."""
        return b"".join(self.row(r)[x * 4:(x + width) * 4] for r in range(y, y + height))

    def save(self, path):
        rows = bytearray()
        for y in range(self.height):
            row = self.row(y)
            rgb = bytearray(self.width * 3)
            rgb[0::3], rgb[1::3], rgb[2::3] = row[2::4], row[1::4], row[0::4]
            rows += b"\0" + rgb
        Path(path).write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(
            ">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(bytes(rows), 6))
            + chunk(b"IEND", b""))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


class Desktop:
    def __init__(self, height=HEIGHT):
        self.height = height

    def __enter__(self):
        self.home = Path(tempfile.mkdtemp(prefix="lanescope-ui-"))
        self.artefacts = Path(os.environ.get("LSC_ARTEFACTS", os.environ.get("LSC_BUILD", ".") + "/artefacts"))
        self.artefacts.mkdir(parents=True, exist_ok=True)
        self.children = []
        self._start_x()
        self._start_bus()
        return self

    def __exit__(self, *ignored):
        for child in reversed(self.children):
            child.terminate()
            try:
                child.wait(5)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    def _start_x(self):
        read, write = os.pipe()
        self.children.append(subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{WIDTH}x{self.height}x24", "-fbdir", str(self.home),
             "-nolisten", "tcp", "-noreset"], pass_fds=[write], stderr=subprocess.DEVNULL))
        os.close(write)
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start")
        os.environ["DISPLAY"] = ":" + number
        self.screen = Screen(self.home / "Xvfb_screen0")

    def _start_bus(self):
        for name, folder in (("XDG_CONFIG_HOME", "config"), ("XDG_CACHE_HOME", "cache"), ("XDG_DATA_HOME", "data"),
                             ("XDG_STATE_HOME", "state"), ("XDG_RUNTIME_DIR", "run")):
            (self.home / folder).mkdir(mode=0o700)
            os.environ[name] = str(self.home / folder)
        os.environ.update(HOME=str(self.home), GDK_BACKEND="x11", GSK_RENDERER="cairo", GTK_A11Y="atspi",
                          GSETTINGS_BACKEND="keyfile", NO_AT_BRIDGE="0", LC_ALL="C.UTF-8", XDG_CURRENT_DESKTOP="GNOME",
                          GTK_USE_PORTAL="0", ADW_DISABLE_PORTAL="1")
        for name in ("WAYLAND_DISPLAY", "AT_SPI_BUS_ADDRESS", "DBUS_STARTER_ADDRESS"):
            os.environ.pop(name, None)
        bus = subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--print-address=1"], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
        self.children.append(bus)
        os.environ["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()

    def copy(self, path):
        """A file of the source to work with: the window writes into what it shows."""
        return Path(shutil.copy(path, self.home))

    def screenshot(self, name):
        """Keeps what the screen shows as an artefact."""
        path = self.artefacts / f"{name}.png"
        self.screen.save(path)
        return path

    def scale_text(self, scale):
        """How large windows that are opened from now on have their letters."""
        subprocess.run(["xprop", "-root", "-format", "RESOURCE_MANAGER", "8s", "-set", "RESOURCE_MANAGER",
                        f"Xft.dpi:\t{96 * scale:.0f}\n"], check=True, timeout=20)

    def settle(self, seconds=5, quiet=0.3):
        """Waits until the picture stands still for a moment."""
        end, last, since = time.monotonic() + seconds, None, time.monotonic()
        while time.monotonic() < end:
            now = zlib.crc32(self.screen.bytes[self.screen.start:])
            if now != last:
                last, since = now, time.monotonic()
            elif time.monotonic() - since > quiet:
                return True
            time.sleep(0.03)
        return False
