# SPDX-License-Identifier: GPL-2.0-or-later
"""Moving about a capture by hand: what is under the pointer stays there while one zooms, a drag takes the picture along,
the overview leads anywhere, Home shows all."""
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from capture_info import info  # noqa: E402
from desktop import Desktop  # noqa: E402
from lanes import Lanes, is_running_green, span_ns  # noqa: E402
from tap import Tap  # noqa: E402
from window import Window, wait_for, xdotool  # noqa: E402

LANESCOPE = Path(os.environ["LSC_BUILD"]) / "gui" / "lanescope"
CAPTURE = Path(os.environ["LSC_SOURCE"]) / "data" / "samples" / "fib-mutex.lanes"
NEAR = 3  # pixels: an edge is drawn on whole ones, before and after
LANES, LITTLE = 150, 100  # pixels: as far down as there are lanes in any view; a row with fewer of them drawn is ground
OVERVIEW = 14  # pixels below the upper edge of the lanes: inside the overview


class Hand:
    """The picture, and a mouse on it."""

    def __init__(self, window):
        self.window, self.lanes, self.screen = window, Lanes(window), window.desktop.screen

    def settle(self):
        xdotool("mousemove", 700, 895)  # no bar is lit up, no tooltip is open
        self.window.desktop.settle(4)

    @property
    def span(self):
        return span_ns(self.lanes.description)

    def edge(self):
        """Where a running bar begins, well inside the picture: x, y."""
        x, y, width, height = self.lanes.area
        for row in range(y, y + height, 3):
            for column in range(x + width // 3, x + 2 * width // 3):
                if not is_running_green(self.screen.pixel(column - 1, row)) \
                        and all(is_running_green(self.screen.pixel(column + dx, row)) for dx in range(12)):
                    return column, row
        return None

    def edge_near(self, column, row):
        """Whether a running bar begins within NEAR pixels of there."""
        return any(is_running_green(self.screen.pixel(column + dx, row))
                   and not is_running_green(self.screen.pixel(column + dx - 1, row)) for dx in range(-NEAR, NEAR + 1))

    def rows(self):
        """Every second row of pixels of the upper lanes."""
        x, y, width, _ = self.lanes.area
        return [self.screen.row(row)[4 * x:4 * (x + width)] for row in range(y, y + LANES, 2)]

    def drag(self, begin, end, hold=None):
        (x, y), (to_x, to_y) = begin, end
        if hold:
            xdotool("keydown", hold)
        xdotool("mousemove", x + 1, y, "mousemove", x, y, "mousedown", 1)
        for step in range(1, 11):
            xdotool("mousemove", x + (to_x - x) * step // 10, y + (to_y - y) * step // 10)
        xdotool("mouseup", 1)
        if hold:
            xdotool("keyup", hold)
        self.settle()


def share_alike(before, after, moved):
    """The share of pixels that are as they were, `moved` pixels further right; of rows that show anything."""
    same = total = 0
    for old, new in zip(before, after):
        if old.count(old[:4]) > len(old) // 4 - LITTLE:
            continue
        old, new = (old[:-4 * moved], new[4 * moved:]) if moved > 0 else (old[-4 * moved:], new[:4 * moved or None])
        old, new = memoryview(old).cast("I"), memoryview(new).cast("I")
        same += sum(a == b for a, b in zip(old[::5], new[::5]))
        total += len(old[::5])
    return same / total


def zooming(tap, hand):
    whole, spot = hand.span, hand.edge()
    if not tap.ok(spot, "there is an edge of a bar to point at"):
        return
    for direction in (4, 5):
        before = hand.span
        xdotool("mousemove", spot[0] + 1, spot[1], "mousemove", *spot, "keydown", "ctrl", "click", "--repeat", 3,
                "--delay", 30, direction, "keyup", "ctrl")
        wait_for(lambda: hand.span != before, 3)  # noqa: B023
        hand.settle()
        word = "in" if direction == 4 else "out"
        tap.ok(hand.span < before / 1.5 if direction == 4 else hand.span > before * 1.5, f"the wheel zooms {word}",
               f"{before}, then {hand.span} ns")
        tap.ok(hand.edge_near(*spot), f"zooming {word} keeps what is under the pointer", str(spot))
    tap.ok(hand.span == whole, "out again by as much as in", f"{hand.span} of {whole} ns")


def panning(tap, hand):
    hand.window.key("plus", "plus", "plus")
    hand.settle()
    span, before = hand.span, hand.rows()
    x, y, width, height = hand.lanes.area
    for dx in (-240, 240):
        hand.drag((x + width // 2, y + height - 40), (x + width // 2 + dx, y + height - 40))
        after = hand.rows()
        alike = share_alike(before, after, dx)
        tap.ok(alike > 0.97 > 0.9 > share_alike(before, after, 0), f"a drag takes the picture {dx} pixels along",
               f"{alike}, unmoved {share_alike(before, after, 0)}")
        before = after
    tap.ok(hand.span == span, "as much is shown as before", f"{hand.span} of {span} ns")
    for there, back in (("d", "a"), ("a", "d")):
        hand.window.key(there)
        tap.ok(wait_for(lambda: share_alike(before, hand.rows(), 0) < 0.9, 3), f"{there} goes along in time")
        hand.window.key(back)
        hand.settle()
        tap.ok(share_alike(before, hand.rows(), 0) > 0.98, f"{back} goes back")
    hand.window.wheel(hand.lanes.node, -2, hold="shift")
    hand.settle()
    tap.ok(share_alike(before, hand.rows(), 0) < 0.9 and hand.span == span, "Shift and the wheel go along in time")
    hand.window.shot("move-1-zoomed")


def overview(tap, hand):
    span = hand.span
    x, _, width, _ = hand.lanes.area
    y = hand.lanes.node.box[1] + OVERVIEW
    places = [x + width // 8, x + width // 2, x + 7 * width // 8]
    pictures = []
    for begin, end in ((places[1], places[0]), (places[0], places[2])):
        hand.drag((begin, y), (end, y))
        pictures.append(hand.rows())
        colours = [hand.screen.pixel(place, y + 8) for place in places]
        here = colours[places.index(end)]
        tap.ok(all(colour != here for colour in colours if colour is not here),
               "in the overview the part that is shown goes with the pointer", str(colours))
    tap.ok(share_alike(*pictures, 0) < 0.9 and hand.span == span, "other times are shown, as much of them",
           f"{hand.span} of {span} ns")
    hand.window.shot("move-2-overview")


def picked_at(window, scale):
    """The thread of the third lane, where it is with letters of that size."""
    lanes = Lanes(window)
    wait_for(lambda: lanes.count() > 1, 20)
    x, y = lanes.node.box[:2]
    window.move(x + 60 * scale, y + 252 * scale)
    xdotool("click", 1)
    wait_for(lambda: "; " in lanes.description, 5)
    return lanes.description.partition("; ")[2]


def large_text(tap, desktop, usual):
    """Who wants larger letters has a larger lanes, too, as sharp as before."""
    desktop.scale_text(1.5)
    with Window(desktop, LANESCOPE, desktop.copy(CAPTURE)) as window:
        found = picked_at(window, 1.5)
        tap.ok(usual and found == usual, "larger letters: the lanes are larger, and a click meets the same",
               f"{found!r}, {usual!r} with usual ones")
        window.shot("move-3-large-text")
        tap.ok(not window.complaints(), "GTK has nothing to complain about", "\n".join(window.complaints()))


def usual_text(tap, desktop):
    """With letters as they usually are. The thread of the third lane."""
    with Window(desktop, LANESCOPE, desktop.copy(CAPTURE)) as window:
        hand = Hand(window)
        wait_for(lambda: hand.lanes.count() > 1, 20)
        hand.settle()
        whole, told = hand.span, info(CAPTURE)
        tap.ok(abs(whole - (told["end_ns"] - told["start_ns"])) < whole / 10, "at first all is shown",
               f"{whole} ns, {told}")
        status = hand.lanes.status()
        tap.ok(hand.lanes.events() == told["events"] and hand.lanes.lost() == told["lost"]
               and "Length" in status and "B" in status, "the status bar tells how much there is", status)
        zooming(tap, hand)
        panning(tap, hand)
        overview(tap, hand)
        window.key("Home")
        tap.ok(wait_for(lambda: hand.span == whole, 3), "Home shows all again", f"{hand.span} of {whole} ns")
        usual = picked_at(window, 1)
        tap.ok(not window.complaints(), "GTK has nothing to complain about", "\n".join(window.complaints()))
        return usual


def main():
    tap = Tap()
    with Desktop() as desktop:
        large_text(tap, desktop, usual_text(tap, desktop))
    tap.done()


main()
