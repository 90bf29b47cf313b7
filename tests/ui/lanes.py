# SPDX-License-Identifier: GPL-2.0-or-later
"""Which lanes there are and where one looks: filter, hide, pin, move, sort, go to, back and forward, by keyboard."""
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from desktop import Desktop  # noqa: E402
from lanes import Lanes, span_ns  # noqa: E402
from tap import Tap  # noqa: E402
from window import Window, wait_for, xdotool  # noqa: E402

LANESCOPE = Path(os.environ["LSC_BUILD"]) / "gui" / "lanescope"
CAPTURE = Path(os.environ["LSC_SOURCE"]) / "data" / "samples" / "fib-mutex.lanes"


class Page:
    """The lanes as a person at the keyboard has them."""

    def __init__(self, tap, window):
        self.tap, self.window, self.lanes = tap, window, Lanes(window)

    def says(self, what, text, seconds=5):
        """Waits until the lanes' description contains `text`."""
        return self.tap.ok(wait_for(lambda: text in self.lanes.description, seconds), what, self.lanes.description)

    @property
    def picked(self):
        """The picked lane, "" for none."""
        return self.lanes.description.partition("; ")[2]

    def order(self):
        """The rows from top to bottom: the arrow keys walk over them. There is one process, or there are CPUs."""
        self.window.key("Escape")
        wait_for(lambda: not self.picked, 3)
        rows, by_cpu = [""], any(n.has("PRESSED") or n.has("CHECKED") for n in self.window.all(name="By CPU"))
        for _ in range(self.lanes.count() + (not by_cpu)):
            self.window.key("Down")
            wait_for(lambda: self.picked not in ("", rows[-1]), 3)
            rows.append(self.picked)
        return rows[1:]

    def go_to(self, text):
        self.window.key("g")
        self.window.find(name="Go to thread")
        self.window.type(text)
        self.window.key("Return")
        return wait_for(lambda: self.picked.startswith(text) or f"({text})" in self.picked, 5)


def number(row):
    return row.rpartition("(")[2].rstrip(")")


def filtering(page):
    tap, window, all_lanes = page.tap, page.window, page.lanes.count()
    a_worker = page.order()[1]
    page.window.key("slash")
    tap.ok(window.find(name="Filter lanes"), "/ opens the filter")
    window.type(number(a_worker))
    page.says("the filter leaves the lane that matches", f", 1 lane, {all_lanes - 1} hidden")
    tap.ok(wait_for(lambda: window.all(contains=f"{all_lanes - 1} lanes do not match"), 3),
           "the count of those that do not match is said", window.outline()[-2000:])
    window.shot("lanes-1-filter")
    window.key("Escape")
    page.says("Escape shows all lanes again", f", {all_lanes} lanes")
    tap.ok(wait_for(lambda: not window.all(name="Filter lanes"), 3), "Escape closes the filter")


def hiding(page):
    tap, window, all_lanes = page.tap, page.window, page.lanes.count()
    first = page.order()
    tap.ok(page.go_to(number(first[-1])), "G and a number picks that thread", page.lanes.description)
    window.key("h")
    page.says("H hides the lane", f", {all_lanes - 1} lanes, 1 hidden")
    tap.ok(wait_for(lambda: window.all(contains="1 lane hidden"), 3), "that is said above the lanes")
    window.shot("lanes-2-hidden")
    window.key("ctrl+z")
    page.says("Ctrl+Z shows it again", f", {all_lanes} lanes")
    page.go_to(number(first[-1]))
    window.key("h")
    page.says("it can be hidden again", f", {all_lanes - 1} lanes, 1 hidden")
    window.click(window.button("Show"))
    page.says("Show does, too", f", {all_lanes} lanes")
    tap.ok(page.order() == first, "it comes back to its place", page.order())


def arranging(page):
    tap, window = page.tap, page.window
    first = page.order()
    page.go_to(number(first[-1]))
    window.key("t")
    pinned = wait_for(lambda: page.order()[0] == first[-1] and page.order(), 5)
    tap.ok(pinned, "T pins the lane to the top", page.order())
    window.shot("lanes-3-pinned")
    page.go_to(number(first[-1]))
    window.key("ctrl+z")
    tap.ok(wait_for(lambda: page.order() == first, 5), "Ctrl+Z takes it down again", page.order())
    page.go_to(number(first[-1]))
    window.key("ctrl+Up")
    moved = first[:-2] + [first[-1], first[-2]]
    tap.ok(wait_for(lambda: page.order() == moved, 5), "Ctrl+Up moves it up", page.order())
    page.go_to(number(first[-1]))
    window.key("ctrl+Down")
    tap.ok(wait_for(lambda: page.order() == first, 5), "Ctrl+Down moves it down", page.order())


def heights(page):
    """Ctrl and minus, plus: lower lanes, of which more fit, and back."""
    tap, window = page.tap, page.window
    x, y, width, height = page.lanes.area

    def upper():
        return window.desktop.screen.area(x, y, width, height // 2)  # below it may be a toast, for a while
    window.move(0, 0)
    window.desktop.settle(3)
    tall = upper()
    window.key("ctrl+minus", "ctrl+minus", "ctrl+minus", "ctrl+minus")
    tap.ok(wait_for(lambda: upper() != tall, 5), "Ctrl+minus makes lanes lower")
    window.shot("lanes-10-low")
    window.key("ctrl+plus", "ctrl+plus", "ctrl+plus", "ctrl+plus")
    tap.ok(wait_for(lambda: upper() == tall, 5), "Ctrl+plus makes them as tall again")


def sorting(page):
    tap, window = page.tap, page.window
    by_activity = page.order()
    orders = {}
    for name, keys in (("thread number", "t"), ("waiting", "w"), ("busiest", "b")):
        wait_for(lambda: len(window.x_windows()) == 1, 5)
        window.click(window.button("Order"))
        wait_for(lambda: len(window.x_windows()) > 1, 3)
        if name == "thread number":
            window.shot("lanes-4-order")
        window.key(keys)
        window.point(page.lanes.node, at=(0.5, 0.9))
        wait_for(lambda: len(window.x_windows()) == 1, 3)
        orders[name] = page.order()
    numbers = [int(number(row)) for row in orders["thread number"] if not row.startswith("process")]
    tap.ok(numbers == sorted(numbers), "lanes are ordered by thread number", numbers)
    tap.ok(sorted(orders["waiting"]) == sorted(by_activity) and orders["waiting"] != orders["busiest"],
           "lanes are ordered by how long they waited", orders)
    tap.ok(orders["busiest"] == by_activity, "and by how busy they were", orders)


def history(page):
    tap, window = page.tap, page.window

    def span():
        return span_ns(page.lanes.description)

    def settled(condition, name):
        tap.ok(wait_for(condition, 5), name, page.lanes.description)

    window.key("Home")
    whole = wait_for(lambda: span(), 2)
    for text in ("1 ms", "20 us"):
        entry = window.find(name="Visible span")
        window.click(entry, times=3)
        window.write(entry, text)
        window.key("Return")
        settled(lambda: span() == span_ns(text), f"the view spans {text}")  # noqa: B023
    window.key("alt+Left")
    settled(lambda: span() == 1e6, "Alt+Left goes back")
    window.key("alt+Left")
    settled(lambda: span() == whole, "and back again")
    window.key("alt+Right", "alt+Right")
    settled(lambda: span() == 20e3, "Alt+Right goes forward")
    window.key("Home")
    settled(lambda: span() == whole, "Home shows the whole capture")
    window.key("c")
    settled(lambda: page.lanes.count() < 2, "C collapses all processes")
    window.key("c")
    settled(lambda: page.lanes.count() > 2, "and opens them")


def measuring(page):
    """The ruler counts from where it is told to; the markers' difference is on the screen."""
    tap, window, screen = page.tap, page.window, page.window.desktop.screen
    x, y, width, height = page.lanes.area
    left, top, _, _ = page.lanes.node.box

    def ruler():
        return screen.area(x, top + 90, width, 10)

    def click_ruler(*how):
        """The pointer goes away again: the screen shows it."""
        window.move(x + width // 3, top + 98)
        xdotool(*how)
        window.move(left + 20, top + height)
        window.desktop.settle(2)

    window.move(left + 20, top + height)
    window.desktop.settle(2)
    first = ruler()
    click_ruler("keydown", "ctrl", "click", 1, "keyup", "ctrl")
    tap.ok(wait_for(lambda: ruler() != first, 3), "Ctrl and a click on the ruler moves its origin")
    window.shot("lanes-5-origin")
    click_ruler("click", "--repeat", 2, "--delay", 60, 1)
    tap.ok(wait_for(lambda: ruler() == first, 3), "a double-click takes it back")
    window.move(x + width // 2, y + 20)
    window.key("shift+a")
    window.move(x + width // 2 + 200, y + 20)
    window.desktop.settle(1)
    before = screen.area(x, y + height // 2, width, height // 2)
    window.key("shift+b")
    tap.ok(wait_for(lambda: screen.area(x, y + height // 2, width, height // 2) != before, 3), "A and B are drawn")
    window.key("Home", "plus", "plus", "plus", "plus", "plus", "plus")
    window.shot("lanes-6-markers")
    window.key("Escape")
    window.key("Home")


def marking(page):
    """Numbered markers: put, gone to, named, taken away, brought back."""
    tap, window = page.tap, page.window
    x, y, width, height = page.lanes.area
    window.key("Home")

    def shown():
        """The pixels of the flags: they are the only blue on the ruler."""
        screen = window.desktop.screen
        return sum(blue > red + 80 and blue > green + 40 for dx in range(0, width, 3)
                   for red, green, blue in [screen.pixel(x + dx, y - 38)])

    def marks(how, name):
        tap.ok(wait_for(how, 5), name, str(shown()))

    for part in (0.25, 0.5):
        window.move(x + width * part, y + 30)
        window.key("m")
    marks(lambda: shown() >= 8, "M puts a marker at the pointer, twice")
    one, both = shown() // 2, shown()
    window.key("plus", "plus", "plus", "plus")
    before = window.desktop.screen.area(x, y, width, height)
    window.key("shift+n")
    marks(lambda: window.desktop.screen.area(x, y, width, height) != before and shown() > 0,
          "Shift+N goes to the marker before")
    window.key("shift+m")
    tap.ok(window.find(name="Marker name"), "Shift+M asks for its name")
    window.type("the first lock")
    window.shot("lanes-9-marker")
    window.key("Return")
    marks(lambda: shown() > 2 * one, "its name stands on its flag")
    window.key("Home")
    marks(lambda: shown() > both, "and is there in the whole capture, too")
    window.desktop.settle(5)
    named = shown()
    window.move(x + width * 0.5, y + 30)
    window.key("m")
    marks(lambda: shown() < named - one / 2, "M takes the marker under the pointer away")
    window.key("ctrl+z")
    marks(lambda: shown() > named - one / 2, "Ctrl+Z brings it back")


def by_cpu(page):
    """CPUs are arranged as threads are; a run is found again by thread."""
    tap, window = page.tap, page.window
    window.click(window.button("By CPU"))
    tap.ok(wait_for(lambda: 1 < page.lanes.count() < 4, 5), "lanes by CPU", page.lanes.description)
    cpus, all_cpus = page.order(), page.lanes.count()
    window.key("h")
    page.says("H hides a CPU", f", {all_cpus - 1} lane, 1 hidden")
    window.key("ctrl+z")
    page.says("Ctrl+Z shows it again", f", {all_cpus} lanes")
    page.order()
    window.key("t")
    tap.ok(wait_for(lambda: page.order() == cpus[::-1], 10), "T pins the last CPU to the top", page.order())
    page.order()
    window.key("ctrl+z")
    tap.ok(wait_for(lambda: page.order() == cpus, 10), "Ctrl+Z takes it down again", page.order())
    window.key("slash")
    window.find(name="Filter lanes")
    window.type("cpu 1")
    page.says("the filter finds CPUs", ", 1 lane, ")
    window.key("Escape")
    x, y, width, height = page.lanes.area
    screen = window.desktop.screen
    wait_for(lambda: not window.all(name="Filter lanes"), 5)
    window.desktop.settle(2)
    spots = [x + dx for dx in range(5, width - 5, 3)
             if all(max(screen.pixel(x + dx + i, y + 5)) - min(screen.pixel(x + dx + i, y + 5)) > 40
                    for i in (-1, 0, 1))]
    if not tap.ok(spots, "a run is drawn"):
        return
    window.move(spots[len(spots) // 2], y + 5)
    xdotool("click", 1)
    page.says("a click picks the CPU", "; CPU ")
    window.key("Return")
    tap.ok(wait_for(lambda: "(" in page.picked and page.lanes.count() > 3, 5), "Enter goes to the thread that ran",
           page.lanes.description)
    window.key("Return")
    page.says("and back to the CPU", "; CPU ")
    window.key("Return")
    wait_for(lambda: page.lanes.count() > 3, 5)
    window.key("Escape")


def menu(page):
    """The second button's menu says what can be done to a lane."""
    tap, window = page.tap, page.window
    x, y, _, _ = page.lanes.area
    all_lanes = page.lanes.count()
    window.move(x - 100, y + 50)
    xdotool("click", 3)
    tap.ok(wait_for(lambda: len(window.x_windows()) > 1, 5), "the second button opens a menu")
    window.shot("lanes-7-menu")
    window.key("h")
    page.says("its Hide hides the lane under the pointer", f", {all_lanes - 1} lanes, 1 hidden")
    # One: the last toast, which may be about another lane, leaves while this one comes.
    tap.ok(wait_for(lambda: len(window.all("label", "Undo")) == 1, 5), "a toast offers to undo it", window.outline()[-2000:])
    window.desktop.settle(1)  # it slides in, and goes by itself soon
    window.desktop.screenshot("lanes-8-toast")
    window.click(window.find("label", "Undo"))
    page.says("Undo shows the lane again", f", {all_lanes} lanes")


def main():
    tap = Tap()
    with Desktop() as desktop, Window(desktop, LANESCOPE, desktop.copy(CAPTURE)) as window:
        page = Page(tap, window)
        tap.ok(wait_for(lambda: page.lanes.count() >= 4, 10), "the capture has lanes", page.lanes.description)
        window.click(page.lanes.node, at=(0.02, 0.9))
        for part in (filtering, hiding, arranging, heights, sorting, history, measuring, marking, by_cpu, menu):
            tap.run(part.__name__, lambda: part(page))  # noqa: B023
        tap.ok(not window.complaints(), "GTK has nothing to complain about", "\n".join(window.complaints()))
    tap.done()


main()
