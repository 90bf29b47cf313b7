# SPDX-License-Identifier: GPL-2.0-or-later
"""What a person waits for: the window's start, the first bar after a click, an event on its way to a pixel, and the
frames while the lanes are moved. And that nothing is lost meanwhile.

    window.py [FIGURE]...    only those: start, click, pixel, busy, loss, file, crowd, narrative

Of what is done several times the median counts."""
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from desktop import HEIGHT, Desktop  # noqa: E402
from lanes import Lanes, is_running_green  # noqa: E402
from window import Window, wait_for, xdotool  # noqa: E402

BUILD = Path(os.environ["LSC_BUILD"])
LANESCOPE = BUILD / "gui" / "lanescope"
SAMPLE = BUILD / "data" / "lessons" / "fib-no-mutex"
ROUNDS = 5
LOOK_S = 0.004  # between two looks at the screen: whoever looks more often takes the CPU from what is measured
LOSS_SECONDS = int(os.environ.get("LSC_LOSS_SECONDS", "60"))
# Sleeps; at each line it notes when it came to run, spins for 200 ms, and says when that was.
PROBE = """
import sys, time
for _ in sys.stdin:
    began = time.monotonic()
    while time.monotonic() < began + 0.2: pass
    print(began, flush=True)
"""
# Two threads of execution on one CPU hand a byte to and fro: so many times in each hundredth of a second.
PING_PONG = """
import os, sys, time
there, back, hops = os.pipe(), os.pipe(), int(sys.argv[1])
if os.fork() == 0:
    while os.read(there[0], 1): os.write(back[1], b"x")
due = time.monotonic()
while True:
    for _ in range(hops): os.write(there[1], b"x"); os.read(back[0], 1)
    due = max(due + 0.01, time.monotonic() - 0.05)
    time.sleep(max(due - time.monotonic(), 0))
"""
# So many threads; each works for a moment a few times a second.
CROWD = """
import sys, threading, time
threading.stack_size(65536)
def live(n):
    time.sleep(n % 97 / 97)
    while True: time.sleep(0.7 + n % 13 / 20)
for n in range(int(sys.argv[1])): threading.Thread(target=live, args=(n,), daemon=True).start()
time.sleep(3600)
"""
BUSY_EVENTS = 200000  # a second, at least
LOW_LANE = 10  # pixels: the lowest there is
LANES_IN_SIGHT = 100
TALL = 1300  # a screen with room for so many
FRAME_US = 16700


def figure(name, ours, unit, target):
    print(json.dumps({"figure": name, "ours": round(ours, 3), "unit": unit, "target": target}), flush=True)


def start_to_usable(desktop):
    """From exec to the search entry that a person can type into."""
    with Window(desktop, LANESCOPE, place=False) as window:
        window.find(name="Search processes", seconds=10)
        return time.monotonic() - window.started


def lanes_area(screen):
    """Where lanes will be, before there are any: right of their names, below the header."""
    return slice(260, screen.width - 10, 3), range(150, screen.height - 90, 9)


def capture_is_shown(screen):
    """The red Stop button stands at the left of the header."""
    red, green, blue = screen.pixel(60, 20)
    return red > 170 and green < 80 and blue < 80


def first_bar(screen, deadline):
    """Waits for a running bar on the page of a capture: a green place that goes on above and below."""
    columns, rows = lanes_area(screen)
    while time.monotonic() < deadline:
        for y in rows if capture_is_shown(screen) else ():
            row = screen.row(y)
            for at, (green, red) in enumerate(zip(row[1::4][columns], row[2::4][columns])):
                x = columns.start + at * columns.step
                if green > red + 60 and all(is_running_green(screen.pixel(x, y + dy)) for dy in (-4, 0, 4)):
                    return time.monotonic()
        time.sleep(LOOK_S)
    return None


def click_to_bar(desktop):
    """From the click on Start to the first green of a bar."""
    with Window(desktop, LANESCOPE) as window:
        x, y, width, height = window.choose_process("fib-no-mutex").box
        window.move(x + width / 2, y + height / 2)
        if capture_is_shown(desktop.screen):
            raise AssertionError("a capture is shown already")
        begin = time.monotonic()
        xdotool("click", 1)
        end = first_bar(desktop.screen, begin + 5)
        if end is None:
            window.shot("bench-no-bar")
            raise AssertionError("no bar was seen")
        return end - begin


def python(source, *args, cpu=None):
    pinned = ["taskset", "-c", str(cpu)] if cpu is not None else []
    return subprocess.Popen([*pinned, sys.executable, "-c", source, *map(str, args)], start_new_session=True)


def end(processes):
    """With their children; once only."""
    for process in processes:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


class Probe:
    """A thread that sleeps, and whose runs are looked for at the right edge of its own lane, pinned to the top."""

    EDGE_PX = 60

    def __init__(self):
        self.process = subprocess.Popen([sys.executable, "-c", PROBE], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, start_new_session=True)

    def pin(self, window):
        """While nobody else is drawn: wherever a run makes the edge green is its lane."""
        self.window, self.lanes, self.screen = window, Lanes(window), window.desktop.screen
        if not any(self.pick() for _ in range(3)):
            raise AssertionError("the probe's lane was not picked: " + self.lanes.description)
        window.key("t")
        x, y, width, height = self.lanes.area
        self.everywhere, self.rows = range(x, x + width, 2), range(y, y + height, 2)
        right = self.lanes.node.box[0] + self.lanes.node.box[2]  # the newest event stands there, beyond lanes.area
        self.edge = range(right - self.EDGE_PX, right - 1)
        time.sleep(1.0)
        self.start()
        found = self.look(2)
        time.sleep(0.1)
        self.rows = [y for y in self.rows if self.is_green(y)]
        self.stop()
        if not found or not self.rows or self.rows[-1] - self.rows[0] > 46:
            self.fail("never-drawn", f"the probe's lane was not found: {self.rows}")
        self.rows = self.rows[len(self.rows) // 4:-len(self.rows) // 4]  # not its edges, where others may stand

    def pick(self):
        self.window.key("Escape", "g")
        self.window.find(name="Go to thread")
        time.sleep(0.3)
        self.window.type(str(self.process.pid))
        time.sleep(0.3)
        self.window.key("Return")
        return wait_for(lambda: str(self.process.pid) in self.lanes.description, 3)

    def is_green(self, y, columns=None):
        row = self.screen.row(y)
        return any(is_running_green((row[x * 4 + 2], row[x * 4 + 1], row[x * 4])) for x in columns or self.edge)

    def look(self, seconds, columns=None):
        """When the lane was seen to be green at its edge, or elsewhere; None: it was not."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(LOOK_S)
            if any(self.is_green(y, columns) for y in self.rows):
                return time.monotonic()
        return None

    def start(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def stop(self):
        """When the run began, once it has left the edge again."""
        began = float(self.process.stdout.readline())
        if not wait_for(lambda: not any(self.is_green(y) for y in self.rows), 5):
            self.fail("not-gone", "the probe's run does not leave the edge")
        time.sleep(0.3)
        return began

    def latency(self):
        if self.look(0.2):
            self.fail("somebody-else", "the probe's lane is green while it sleeps")
        self.start()
        seen = self.look(3)
        began = self.stop()
        if seen is None or seen < began:
            self.fail("never-drawn", f"the run of {began} was seen at {seen}")
        return seen - began

    def check_blindness(self):
        """What is seen must be the run, drawn: not seen when nobody draws, and nothing without a run."""
        if self.look(1.0):
            self.fail("somebody-else", "the probe's lane is green while it sleeps")
        self.window.process.send_signal(signal.SIGSTOP)
        try:
            self.start()
            if self.look(0.5):
                self.fail("not-blind", "the run was seen while the window stood still")
        finally:
            self.window.process.send_signal(signal.SIGCONT)
        if not self.look(3, self.everywhere):
            self.fail("never-drawn", "the run was not drawn after the window had stood still")
        self.stop()

    def fail(self, name, sentence):
        self.screen.save(os.environ.get("LSC_ARTEFACTS", "/tmp") + f"/bench-{name}.png")
        raise AssertionError(sentence)


def event_to_pixel(desktop, rounds, others=()):
    """From the moment when a thread that slept runs, by its own clock, until its lane shows that at the right edge.
    `others`, standing still at first, are traced beside it; what was lost and the events a second follow."""
    probe = Probe()
    try:
        targets = [a for p in (probe.process, *others) for a in ("--pid", p.pid)]
        with Window(desktop, LANESCOPE, *targets) as window:
            lanes = Lanes(window)
            time.sleep(2.0)
            probe.pin(window)
            for other in others:
                os.killpg(other.pid, signal.SIGCONT)
            time.sleep(1.0)
            probe.check_blindness()
            before, since = lanes.events(), time.monotonic()
            found = [probe.latency() for _ in range(rounds)]
            rate = (lanes.events() - before) / (time.monotonic() - since)
            window.shot("bench-event-to-pixel")
            return found, lanes.lost(), rate
    finally:
        end([probe.process])


def busy(desktop):
    """The same while the stream brings BUSY_EVENTS a second: two switches and two wakeups to and fro."""
    cpus = sorted(os.sched_getaffinity(0))
    hops = BUSY_EVENTS * 3 // 2 // 4 // 100 // len(cpus)  # half more: the window takes its share of the CPUs
    pairs = [python(PING_PONG, hops, cpu=cpu) for cpu in cpus]
    try:
        time.sleep(0.5)  # they have forked
        for pair in pairs:
            os.killpg(pair.pid, signal.SIGSTOP)
        return event_to_pixel(desktop, 2 * ROUNDS, pairs)
    finally:
        end(pairs)


def walk(window, node):
    """Two hundred steps: into the picture at the pointer, along, out again, and to and fro; never so far that there is
    nothing to be seen."""
    begin = time.monotonic()
    for steps in range(12):
        window.wheel(node, 5, at=(0.3 + steps % 5 / 10, 0.6), hold="ctrl")
    window.key(*["d"] * 40)
    for steps in range(12):
        window.wheel(node, -5, at=(0.3 + steps % 5 / 10, 0.6), hold="ctrl")
    window.key(*["a"] * 10, *["d"] * 20, *["a"] * 10)
    return begin * 1e6, time.monotonic() * 1e6


def make_lanes_low(desktop, lanes):
    """As many as fit: a hundred, or it is not what is to be measured."""
    lanes.window.key(*["ctrl+minus"] * 4)
    settings = desktop.home / "config" / "glib-2.0" / "settings" / "keyfile"
    if not wait_for(lambda: settings.exists() and f"lane-height={LOW_LANE}\n" in settings.read_text(), 5):
        raise AssertionError("the lanes are not low")
    if min(lanes.count(), lanes.area[3] // LOW_LANE) < LANES_IN_SIGHT:
        raise AssertionError(f"not {LANES_IN_SIGHT} lanes are in sight: {lanes.description}, {lanes.area}")


def frames(desktop, *args, seconds=0):
    """How long each frame of a walk took, and on a CPU, in microseconds; `seconds` is how long to wait before."""
    log = desktop.home / "frames"
    os.environ["LSC_FRAME_LOG"] = str(log)
    try:
        with Window(desktop, LANESCOPE, *args) as window:
            node = window.find(name="Lanes", seconds=60)
            time.sleep(seconds)
            wait_for(lambda: Lanes(window).count() >= LANES_IN_SIGHT, 60)
            make_lanes_low(desktop, Lanes(window))
            begin, end = walk(window, node)
            window.shot(f"bench-frames-{'live' if seconds else 'file'}")
    finally:
        del os.environ["LSC_FRAME_LOG"]
    lines = [tuple(map(int, line.split())) for line in log.read_text().splitlines()]
    return [(took, cpu) for at, took, cpu in lines if begin < at < end]


def frame_figures(name, took):
    if len(took) < 200:
        raise AssertionError(f"only {len(took)} frames in the walk")
    on_cpu = sorted(cpu for _, cpu in took)
    figure(f"frame of the window, p50 on the CPU, {name}", on_cpu[len(took) // 2] / 1000, "ms", None)
    figure(f"frame of the window, p99 on the CPU, {name}", on_cpu[len(took) * 99 // 100] / 1000, "ms", "<= 16.7")
    figure(f"frames of the window over {FRAME_US / 1000} ms, {name}",
           100 * sum(wall > FRAME_US for wall, _ in took) / len(took), f"% of {len(took)}", "<= 1")


def frames_of_file(desktop):
    path = desktop.home / "ten-million.lanes"
    subprocess.run([BUILD / "tests" / "make-capture", path, "10000000", "200"], check=True)
    return frames(desktop, path)


def frames_of_crowd(desktop):
    crowd = python(CROWD, 2000)
    try:
        return frames(desktop, "--pid", crowd.pid, seconds=4)
    finally:
        end([crowd])


def used(pid):
    """(CPU in ms, memory in MB) of a process."""
    with open(f"/proc/{pid}/stat") as stat, open(f"/proc/{pid}/statm") as statm:
        times = stat.read().rsplit(")", 1)[1].split()[11:13]
        pages = int(statm.read().split()[1])
    return sum(map(int, times)) * 1000 / os.sysconf("SC_CLK_TCK"), pages * os.sysconf("SC_PAGESIZE") / 1e6


def narrative(desktop, jumps=10):
    """A thread's story of a million sentences: what opening it takes, and going from one end to the other."""
    path = desktop.home / "story.lanes"
    subprocess.run([BUILD / "tests" / "make-capture", path, "2400000", "4"], check=True)
    with Window(desktop, LANESCOPE, path) as window:
        node = window.find(name="Lanes", seconds=60)
        wait_for(lambda: Lanes(window).count() == 4, 20)
        desktop.settle(5)
        window.click(node, at=(0.02, 0.93))
        window.key("g")
        window.type("server-2")
        window.key("Return", "Right", "Home")
        desktop.settle(5)
        tab, before = window.find("page tab", "Narrative"), used(window.process.pid)
        window.click(tab)
        time.sleep(1)
        desktop.settle(20, quiet=1)
        opened = used(window.process.pid)
        if not window.all("label", contains=" sentences"):
            raise AssertionError("no story is told")
        window.click(window.find("list", "Story"), at=(0.5, 0.3))
        desktop.settle(3)
        begin = used(window.process.pid)
        for jump in range(jumps):
            window.key("End" if jump % 2 == 0 else "Home")
            desktop.settle(3)
        ms = used(window.process.pid)[0] - begin[0]
    return opened[0] - before[0], opened[1] - before[1], ms / jumps


def narrative_figures(desktop):
    opened_ms, memory, jump_ms = narrative(desktop)
    figure("open a story of 1 M sentences, on the CPU", opened_ms, "ms", "<= 1000")
    figure("memory that this takes", memory, "MB", "<= 16")
    figure("from one end of it to the other, on the CPU", jump_ms, "ms", "<= 300")


def loss(desktop, seconds):
    """Ping-pong on every CPU with the window open: events seen, lost, and a second."""
    pairs = [subprocess.Popen(["taskset", "-c", str(cpu), "perf", "bench", "sched", "pipe", "-T", "-l", "100000000"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
             for cpu in sorted(os.sched_getaffinity(0))]
    try:
        with Window(desktop, LANESCOPE, *[a for p in pairs for a in ("--pid", p.pid)]) as window:
            lanes = Lanes(window)
            before, begin = lanes.events(), time.monotonic()
            time.sleep(seconds)
            rate = (lanes.events() - before) / (time.monotonic() - begin)
            window.shot("bench-loss")
            window.click(window.button("Stop"))
            wait_for(lambda: "ecording" not in lanes.status(), 20)
            found = lanes.events(), lanes.lost(), rate
            end(pairs)  # beside them Linux 6.18 may not run for minutes who waits for the window to end
            return found
    finally:
        end(pairs)


def clicks(desktop):
    sample = subprocess.Popen([SAMPLE, "-t", "2", "-s", "600"], stdout=subprocess.DEVNULL)
    try:
        return [click_to_bar(desktop) for _ in range(ROUNDS)]
    finally:
        sample.kill()
        sample.wait()


def print_busy(desktop):
    found, lost, rate = busy(desktop)
    figure("event to pixel while the stream is busy", 1000 * statistics.median(found), "ms", "<= 100")
    figure("events a second of that stream", rate, "events", f">= {BUSY_EVENTS}")
    figure("lost of that stream", lost, "events", "<= 0")


def print_loss(desktop):
    events, lost, rate = loss(desktop, LOSS_SECONDS)
    figure(f"lost of {events} events in {LOSS_SECONDS} s of ping-pong on all CPUs", lost, "events", "<= 0")
    figure("events a second meanwhile", rate, "events", None)


FIGURES = {
    "start": lambda desktop: figure("window start to usable",
                                    statistics.median(start_to_usable(desktop) for _ in range(ROUNDS)), "s", "<= 1"),
    "click": lambda desktop: figure("click on a process to first bar", 1000 * statistics.median(clicks(desktop)), "ms",
                                    "<= 300"),
    "pixel": lambda desktop: figure("event to pixel",
                                    1000 * statistics.median(event_to_pixel(desktop, 2 * ROUNDS)[0]), "ms", "<= 100"),
    "busy": print_busy,
    "file": lambda desktop: frame_figures("100 lanes of 10 M events", frames_of_file(desktop)),
    "crowd": lambda desktop: frame_figures("100 lanes of 2000 threads live", frames_of_crowd(desktop)),
    "narrative": narrative_figures,
    "loss": print_loss,
}


def main():
    names = sys.argv[1:] or list(FIGURES)
    if len(names) == 1:
        with Desktop(TALL if names[0] in ("file", "crowd") else HEIGHT) as desktop:
            FIGURES[names[0]](desktop)
        return
    # libatspi stays with the first bus it has seen: a process for each
    failed = [name for name in names if subprocess.run([sys.executable, __file__, name], check=False).returncode != 0]
    if failed:
        sys.exit("no figures of " + ", ".join(failed))


main()
