# SPDX-License-Identifier: GPL-2.0-or-later
"""What is seen leaves the window: exported as a drawing and as a trace of Perfetto, and copied as a picture."""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from capture_info import info  # noqa: E402
from desktop import Desktop  # noqa: E402
from lanes import Lanes, span_ns  # noqa: E402
from tap import Tap  # noqa: E402
from window import Window, wait_for, xdotool  # noqa: E402

BUILD, SOURCE = Path(os.environ["LSC_BUILD"]), Path(os.environ["LSC_SOURCE"])
CAPTURE = SOURCE / "data" / "samples" / "fib-mutex.lanes"


def choose_form(window, name):
    """The form's list opens, and the row with that name is chosen by keyboard."""
    rows = ["Picture (PNG)", "Drawing (SVG)", "Document (PDF)", "Perfetto trace"]
    window.key("space")
    window.find(name=name)
    window.key(*(["Home", *["Down"] * rows.index(name)] if name in rows else ["End"]), "Return")


def export(tap, window, name, target, redact=False):
    window.key("ctrl+e")
    tap.ok(wait_for(lambda: len(window.x_windows()) > 1, 10), "Ctrl+E opens a window", "\n".join(window.complaints()))
    tap.ok(window.find(name="Form"), "which asks what to export")
    xdotool("windowfocus", window.x_windows()[-1])
    choose_form(window, name)
    if redact:
        window.click(window.find(name="Leave out names"))
    window.shot(f"export-{target.suffix[1:]}")
    window.click(window.button("Export…"))
    window.answer_file_dialog(target)
    tap.ok(wait_for(target.exists, 20), f"{name}: the file is there")
    tap.ok(wait_for(lambda: window.all(contains=f"Exported as {target.name}"), 10), "which is said")
    tap.ok(wait_for(lambda: not window.all(name="Form"), 5), "and the window closes")


def print_it(tap, window):
    """Through GTK's dialog into a file: no printer is needed."""
    printed = window.desktop.home / "fib-mutex.pdf"
    window.key("ctrl+p")
    tap.ok(wait_for(lambda: len(window.x_windows()) > 1, 10), "Ctrl+P asks how to print")
    xdotool("windowfocus", window.x_windows()[-1])
    window.click(window.find("label", "Print to File"))
    window.desktop.settle(2)
    window.shot("export-print")
    window.click(window.button("_Print Print"))
    tap.ok(wait_for(printed.exists, 20), "a document is printed into a file", str(list(window.desktop.home.iterdir())))
    wait_for(lambda: printed.stat().st_size > 1000, 10)
    wait_for(lambda: len(window.x_windows()) == 1, 5)
    xdotool("windowfocus", window.x_window)
    done = subprocess.run(["pdftotext", "-layout", printed, "-"], capture_output=True, text=True, check=False)
    tap.ok("worker-0" in done.stdout and "Lock" in done.stdout, "with lanes' names and a legend, as text", done.stderr + done.stdout)


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder, Desktop() as desktop, \
            Window(desktop, BUILD / "gui" / "lanescope", desktop.copy(CAPTURE)) as window:
        tap.ok(wait_for(lambda: Lanes(window).count() > 1, 20), "the capture opens")
        window.click(Lanes(window).node, at=(0.02, 0.9))
        drawing, trace = Path(folder) / "a & <b>.svg", Path(folder) / "a.pftrace"
        export(tap, window, "Drawing (SVG)", drawing)
        text = drawing.read_text(encoding="utf-8")
        tap.ok("<svg" in text and text.rstrip().endswith("</svg>"), "the drawing is whole")
        x, y, width, _ = Lanes(window).area
        window.move(x + width // 3, y + 30)
        window.key("m", "shift+m")
        window.find(name="Marker name")
        window.type("written just now")
        window.key("Return")
        export(tap, window, "Perfetto trace", trace)
        decoded = subprocess.run(["protoc", "--decode=lsc_pb.Trace", f"--proto_path={SOURCE}/lib/files",
                                  "perfetto.proto"], stdin=trace.open("rb"), capture_output=True, text=True, check=False)
        tap.ok(decoded.returncode == 0 and "fib-mutex" in decoded.stdout, "the trace can be decoded",
               decoded.stderr[-500:])
        tap.ok("written just now" in decoded.stdout, "and holds what was just written")
        part = Path(folder) / "part.lanes"
        window.click(Lanes(window).node, at=(0.02, 0.9))
        window.key("plus", "plus")
        tap.ok(wait_for(lambda: span_ns(Lanes(window).description) < 1.2e9, 5), "a part is visible")
        export(tap, window, "Lanescope capture", part, redact=True)
        told, whole = info(part), info(CAPTURE)
        tap.ok(0 < told["events"] < whole["events"] * 0.6 and not told["file"]["cut_short"]
               and told["threads"] == whole["threads"], "what is visible is a capture of its own", str(told))
        tap.ok("fib" not in str(told) and any("written just now" in n["text"] for n in told["notes"]),
               "without names, with what was written on it", str(told))
        tap.run("printing", lambda: print_it(tap, window))
        window.key("ctrl+shift+c")
        tap.ok(wait_for(lambda: window.all(contains="Copied as a picture"), 10), "Ctrl+Shift+C copies a picture")
        tap.ok(not window.complaints(), "GTK has nothing to complain about", "\n".join(window.complaints()))
    tap.done()


main()
