# SPDX-License-Identifier: GPL-2.0-or-later
"""The side pane as a person uses it: why a bar is there, numbers that lead to places, a story, locks and patterns."""
import os
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from desktop import Desktop  # noqa: E402
from side_pane import LONG, TABS, Pane  # noqa: E402
from tap import Tap  # noqa: E402
from window import Window, wait_for, xdotool  # noqa: E402

BUILD, SOURCE = Path(os.environ["LSC_BUILD"]), Path(os.environ["LSC_SOURCE"])
LANESCOPE = BUILD / "gui" / "lanescope"
CAPTURE = SOURCE / "data" / "samples" / "fib-mutex.lanes"
def tabs(pane):
    for name in TABS:
        pane.tap.ok(pane.open(name), f"the tab {name} opens")
        pane.tap.ok(all(pane.tabs[n].has("SELECTED") == (n == name) for n in TABS),
                    f"{name} is the one that is chosen")


def why(pane):
    tap, window = pane.tap, pane.window
    pane.open("Why")
    pane.says("without a bar it says what to do", lambda: pane.label("Click a bar"))
    pane.pick_bar("worker-1", 4)
    pane.says("a headline says what the bar is", lambda: pane.label(r"^worker-1 (ran|waited|was pushed|gave)"))
    for _ in range(12):
        if pane.label(r"^worker-1 waited for a lock for"):
            break
        before = pane.label("^worker-1 ")
        window.key("Right")
        wait_for(lambda: pane.label("^worker-1 ") != before, LONG)  # noqa: B023
    pane.says("a wait for a lock is found with the arrow keys", lambda: pane.label(r"^worker-1 waited for a lock for"))
    tap.ok(pane.label(r"Slept .* in futex, waiting for the lock at 0x"), "a sentence tells it", pane.labels())
    said = pane.labels()
    for fact in ("Blocked", "Woken by", "In the queue", "Before", "After", "To the kernel"):
        tap.ok(fact in said, f"the facts have: {fact}", said)
    window.shot("pane-1-why")
    waker = pane.link(r"^worker-\d on CPU")
    tap.ok(waker, "who woke it is a link")
    name = waker.name.split(" ")[0]
    window.click(waker)
    pane.says("it goes to who woke it", lambda: pane.picked.startswith(name))
    window.click(window.button("Back"))
    pane.says("Back returns to the bar", lambda: pane.picked.startswith("worker-1")
              and pane.label(r"^worker-1 waited for a lock for"))
    window.click(window.button("Forward"))
    pane.says("Forward goes there again", lambda: pane.picked.startswith(name))
    window.click(window.button("Back"))
    pane.says("a histogram shows the thread's waits", lambda: pane.label("^Off the CPU$") and pane.link("^median "))
    click_name(pane)


def click_name(pane):
    """The name in the story, which is drawn in the colour of links."""
    story = next(n for n in pane.nodes("label") if n.name.startswith("Slept"))
    name = re.search(r"Woken by (worker-\d)", story.name).group(1)
    x, y, width, height = story.box
    spots = [(x + dx, y + dy) for dy in range(0, height, 2) for dx in range(width)
             for red, green, blue in [pane.window.desktop.screen.pixel(x + dx, y + dy)] if blue > red + 80]
    if pane.tap.ok(spots, "a name in the story is a link", story.name):
        pane.window.move(*spots[len(spots) // 2])
        xdotool("click", 1)
        pane.says("which goes to that thread", lambda: pane.picked.startswith(name))


def focused(pane, but=None):
    """What has the keys; None when that is `but`."""
    name = pane.window.focused() or ""
    return None if name == but else name


def tab_to(pane, beginning):
    """From the lanes by the Tab key to what begins so; all that has the keys on the way."""
    seen = [focused(pane)]
    while len(seen) < 60 and not (seen[1:] and seen[-1].startswith(beginning)):
        pane.window.key("Tab")
        now = wait_for(lambda: focused(pane, seen[-1]), 0.3)
        seen.append(seen[-1] if now is None else now)
    pane.tap.ok(seen[-1].startswith(beginning), f"Tab comes to {beginning}", seen)
    return seen


def keyboard(pane):
    """Whatever can be pressed can be reached without a pointer, the names in the story too."""
    window = pane.window
    pane.pick_bar("worker-1", 1)
    window.key("Home")
    pane.open("Why")
    pane.says("a story has names in it", lambda: pane.label("Started by|Woken by| while "))
    story = pane.label("Started by|Woken by| while ")
    tab_to(pane, story)
    window.key("Tab", "Return")
    pane.says("a name in it is followed with Return", lambda: not pane.label(re.escape(story)))
    seen = tab_to(pane, "Lanes")
    for name in ("Running", "Critical path", "Kernel words", "Main Menu"):
        pane.tap.ok(any(s.startswith(name) for s in seen), f"on its way round Tab comes by {name}", seen)


def words(pane):
    """Plain words and the kernel's."""
    pane.pick_bar("worker-1", 2)
    pane.window.key("Home")
    pane.says("plain words first", lambda: pane.label("^Ready, waiting for a CPU$"))
    switch = next(n for n in pane.nodes("toggle button", "switch", "check box") if n.name == "Kernel words")
    pane.window.click(switch)
    pane.says("the switch shows the kernel's words", lambda: pane.label(r"^R \(runnable\)$"))
    pane.window.click(switch)
    pane.says("and plain ones again", lambda: pane.label("^Ready, waiting for a CPU$"))


def legend(pane):
    """A state of the pane's legend: how much of it is in view, and the way to the longest stretch."""
    window = pane.window
    pane.pick_bar("worker-0", 2)
    window.key("Home")
    pane.open("Why")
    pane.says("states are links", lambda: pane.link("^Lock$"))
    window.click(pane.link("^Lock$"))
    pane.says("a state says how much of it is in view", lambda: window.all("label", contains=" in view"))
    window.shot("pane-9-legend")

    def gone():
        """Return presses the popover's button, once that has the keys."""
        window.key("Return")
        window.desktop.settle(1)
        return "\u00b5s" in pane.lanes.description or "ms" in pane.lanes.description

    pane.says("the longest is gone to", gone)
    window.key("Escape")


def card(pane):
    """What goes wrong in view stands with each thread that has part in it, and with no other one."""
    window, kind = pane.window, "^(Serialised by one lock|Lock convoy)$"
    pane.pick_bar("worker-1", 2)
    window.key("Home")
    pane.open("Why")
    pane.says("the pattern that the picked thread has part in stands below", lambda: pane.label(kind))
    pane.tap.ok(pane.label(r"^(clear|probable), \d+ % of the time$") and pane.label("is inferred from who woke whom"),
                "with its share of the time and what speaks against it", pane.labels())
    window.shot("pane-11-card")
    pane.pick_bar("fib-mutex", 0)
    pane.says("a thread without part in it has no card", lambda: not pane.label(kind))
    pane.pick_bar("worker-2", 2)
    pane.says("one that has has it again", lambda: pane.label(kind))
    before = pane.lanes.description
    tab_to(pane, "Show")
    window.key("Return")
    pane.says("Show goes to the place", lambda: pane.lanes.description != before)
    window.key("Home")


def critical_path(pane):
    window = pane.window
    pane.pick_bar("worker-1", 2)
    window.key("Home")
    pane.open("Why")
    window.key("k")
    pane.says("K shows the critical path and its shares", lambda: pane.label("^Critical path of worker-1 "))
    pane.says("who had part in it is a link", lambda: pane.link(r"^worker-[023] \(\d+\)$"))
    window.shot("pane-10-path")
    window.click(pane.lanes.node, at=(0.02, 0.93))
    pane.pick_bar("worker-1", 1)
    window.key("k")
    pane.says("K puts it away", lambda: not pane.label("^Critical path of "))


def statistics(pane):
    tap, window = pane.tap, pane.window
    pane.pick_bar("worker-2", 2)
    window.key("Home")
    pane.open("Statistics")
    pane.says("the picked thread is counted", lambda: pane.label("^worker-2 \u00b7 "))
    said = pane.labels()
    for text in ("Running", "Lock", "Left a CPU", "Woken", "Changed CPU", "On a CPU at a stretch", "On which CPUs",
                 "From wakeup to running", "Off the CPU", "Running at once", "Who ran instead",
                 "Longest time off the CPU"):
        tap.ok(text in said, f"it has: {text}", said)
    pane.says("shares of the time add up", lambda: 97 <= sum(
        int(n) for n in re.findall(r"\b(\d+) %", " ".join(shares(pane)))) <= 102)
    pane.says("median and longest are links to a place", lambda: pane.link("^median ") and pane.link("^longest "))
    window.shot("pane-2-statistics")
    nothing_selected(pane)
    brush(pane)
    window.click(pane.link("^longest "))
    pane.says("the longest is gone to: a shorter time is in view", lambda: "ms" in pane.lanes.description.split(",")[0]
              or "\u00b5s" in pane.lanes.description.split(",")[0])
    window.key("Home")


def nothing_selected(pane):
    """Who asks for the selected time without having selected one is told so, and sees what is in view."""
    pane.window.click(next(n for n in pane.nodes("combo box") if n.name == "Of which time"))
    pane.window.key("Down", "Return")
    pane.says("without a selection the pane says so", lambda: pane.label("^No time is selected, so these are of what is in view"))
    pane.tap.ok(pane.label("^worker-2 \u00b7 "), "and counts what is in view", pane.labels())
    pane.window.shot("pane-14-nothing-selected")
    pane.window.click(next(n for n in pane.nodes("combo box") if n.name == "Of which time"))
    pane.window.key("Up", "Return")
    pane.says("back in view nothing needs to be said", lambda: not pane.label("^No time is selected"))


def shares(pane):
    """The percentages between the title and the counts."""
    texts = pane.labels()
    begin = next((i for i, t in enumerate(texts) if t.startswith("worker-2 \u00b7 ")), 0)
    end = next((i for i, t in enumerate(texts) if t == "Counts"), begin)
    return [t for t in texts[begin:end] if t.endswith(" %") and not t.startswith("<")]


def brush(pane):
    """Dragging over a histogram lists what lies there; clicking in the list goes to it."""
    histogram = next(n for n in pane.nodes("image") if n.name == "On a CPU at a stretch")
    x, y, width, height = histogram.box
    pane.window.move(x + 3, y + height - 3)
    xdotool("mousedown", 1, "mousemove", x + width // 2, y + height - 3, "mousemove", x + width - 3, y + height - 3,
            "mouseup", 1)
    pane.says("brushing lists what lies there", lambda: pane.label(r"^The longest \d+ of|^\d+ from"))
    pane.window.shot("pane-3-brushed")
    pane.window.key("Escape")
    pane.says("Escape lets go", lambda: not pane.label(r"^The longest \d+ of|^\d+ from"))


def narrative(pane):
    tap, window = pane.tap, pane.window
    pane.pick_bar("worker-3", 5)
    window.key("Home")
    pane.open("Narrative")
    pane.says("the story of the picked thread is told", lambda: pane.label(r"^worker-3 \(\d+\)$"))
    pane.says("in sentences that are counted", lambda: pane.label(r"^\d+ sentences$"))
    pane.says("a sentence a row", lambda: pane.lines())
    chosen = wait_for(lambda: [n for n in pane.lines() if n.has("SELECTED")], LONG)
    tap.ok(chosen, "the picked bar's sentence is chosen", window.outline()[-3000:])
    window.shot("pane-4-narrative")


def locks(pane):
    tap, window = pane.tap, pane.window
    pane.window.click(pane.lanes.node, at=(0.02, 0.93))
    window.key("Home")
    pane.open("Locks")
    pane.says("the contended locks are counted", lambda: pane.label(r"^\d+ locks?$"))
    pane.says("the lock has a row", lambda: pane.label("^0x\u2026"))
    window.click(window.find("label", contains="0x\u2026"))
    pane.says("choosing it tells who waited", lambda: pane.label(r"waited \d+\u00d7, released \d+\u00d7"))
    pane.says("and how often it was handed over", lambda: pane.label("^Handed over$"))
    longest = pane.link(r"ms, worker-\d$")
    tap.ok(longest, "its longest wait is a link", window.outline()[-3000:])
    window.shot("pane-5-locks")
    name = longest.name.split(", ")[1]
    window.click(longest)
    pane.says("that leads to the thread", lambda: pane.picked.startswith(name))


def patterns(pane):
    """What this capture shows is clear: one lock lets one of four threads run at a time."""
    tap, window = pane.tap, pane.window
    pane.window.click(pane.lanes.node, at=(0.02, 0.93))
    window.key("Home")
    pane.open("Patterns")
    pane.says("the scan has an answer", lambda: pane.label("^(No findings|[0-9]+ findings?)$"))
    pane.says("the lock is found", lambda: pane.label("^Serialised by one lock$") or pane.label("^Lock convoy$"))
    pane.says("with its share of the time", lambda: pane.label(r"^(clear|probable), \d+ % of the time$"))
    window.shot("pane-6-patterns")
    window.click(window.button("Show"))
    pane.says("Show goes to the place", lambda: pane.picked != "")
    tap.ok(True, "it did")
    window.key("Escape", "Home")


def hiding(pane):
    window = pane.window
    width = pane.lanes.node.box[2]
    window.click(pane.lanes.node, at=(0.02, 0.93))
    window.key("F9")
    pane.says("F9 puts the pane away: the lanes take its room", lambda: pane.lanes.node.box[2] > width + 200)
    pane.pick_bar("worker-1", 3)
    pane.says("the story stands below the lanes then",
              lambda: window.all("label", contains=" CPU "))
    window.shot("pane-7-hidden")
    window.click(window.button("Side Pane"))
    pane.says("its button brings it back", lambda: pane.lanes.node.box[2] == width)


def folding(pane):
    """However the window changes its size, the pane is beside the lanes or gone, never half way."""
    window, screen = pane.window, pane.window.desktop.screen
    frame = window.top.children()[0]

    def resize(*widths):
        for width in widths:
            xdotool("windowsize", window.x_window, width, screen.height)

    def beside():
        """How wide what stands beside the lanes is."""
        return frame.box[2] - pane.lanes.node.box[2]

    for widths, shown in (((780,), False), ((1000,), True), ((790, 980, 800), False), ((760, 1100), True),
                          ((1000, 900, 820, 780), False)):
        resize(*widths)
        pane.says(f"{' to '.join(map(str, widths))} pixels wide: the pane is {'beside the lanes' if shown else 'gone'}",
                  lambda: abs(frame.box[2] - widths[-1]) < 40 and (beside() >= 300 if shown else beside() == 0))  # noqa: B023
    window.shot("pane-12-narrow")
    tap_keys(pane, "F9")
    pane.says("who asks for it has it above the lanes", lambda: pane.tabs["Why"].has("VISIBLE") and beside() == 0
              and frame.box[0] < pane.root.box[0] and pane.root.box[2] >= 290)
    window.shot("pane-13-above")
    tap_keys(pane, "F9")
    resize(screen.width)
    pane.says("it comes back with the room, unless it was put away", lambda: beside() == 0 and frame.box[2] > 1300)
    tap_keys(pane, "F9")
    pane.says("and is beside the lanes again", lambda: beside() >= 300)


def tap_keys(pane, *keys):
    pane.window.desktop.settle(2)
    pane.window.key(*keys)


def main():
    tap = Tap()
    with Desktop() as desktop:
        with Window(desktop, LANESCOPE, desktop.copy(CAPTURE)) as window:
            pane = Pane(tap, window)
            for part in (tabs, why, keyboard, words, legend, card, critical_path, statistics, narrative, locks, patterns, hiding, folding):
                tap.run(part.__name__, lambda: part(pane))  # noqa: B023
            tap.ok(not window.complaints(), "GTK has nothing to complain about", "\n".join(window.complaints()))
    tap.done()


main()
