# SPDX-License-Identifier: GPL-2.0-or-later
"""The lanes in the window: what they tell a screen reader, what is drawn, what the status bar says."""
import collections
import re

from screen_reader import ask_one
from window import wait_for

# Parts of the widget that are no lanes: names at the left, overview and ruler above.
HEADERS, ABOVE, MARGIN = 210, 130, 30
UNITS = {"ns": 1, "µs": 1e3, "us": 1e3, "ms": 1e6, "s": 1e9, "min": 60e9, "h": 3600e9}


def span_ns(text):
    """The first duration in a text, in nanoseconds, or None."""
    match = re.search(r"([\d.,]+)\s*(ns|µs|us|ms|s|min|h)\b", text)
    return float(match.group(1).replace(",", "")) * UNITS[match.group(2)] if match else None


def number_before(word, text):
    """The number before a word, digits grouped or not: "1 204 551 events"."""
    match = re.search(r"(\d[\d\s.,\u2009\u202f\u00a0]*)\s*" + word, text)
    return int(re.sub(r"\D", "", match.group(1))) if match else 0


def is_running_green(pixel):
    red, green, blue = pixel
    return green > red + 60 and green > blue + 25 and green > 110


class Lanes:
    def __init__(self, window, seconds=10):
        self.window = window
        self.node = window.find(name="Lanes", seconds=seconds)
        self.labels = []

    @property
    def description(self):
        return self.node.description

    def count(self):
        return number_before(r"(lanes?|threads?)", self.description)

    def status(self):
        """What the labels of the page say, in one text: the status bar is among them."""
        if not self.labels:
            self.labels = self.window.all("label")
        return " | ".join(ask_one(self.labels, "name"))

    def events(self):
        return number_before(r"events\b(?!/s)", self.status())

    def lost(self):
        return number_before("lost", self.status())

    @property
    def area(self):
        """Where the lanes themselves are, without what stands above them and beside them: x, y, width, height."""
        x, y, width, height = self.node.box
        return x + HEADERS, y + ABOVE, width - HEADERS - MARGIN, height - ABOVE - MARGIN

    def picture(self):
        return self.window.desktop.screen.area(*self.area)

    def find_running(self):
        """A place inside a running bar, or None: green on four sides."""
        screen = self.window.desktop.screen
        x, y, width, height = self.area
        for row in range(y, y + height, 4):
            for column in range(x + width - 10, x, -7):
                if all(is_running_green(screen.pixel(column + dx, row + dy)) for dx, dy in
                       ((0, 0), (2, 0), (-2, 0), (0, 4), (0, -4))):
                    return column, row
        return None

    def has_running_bars(self):
        return bool(wait_for(self.find_running, 3, 0.2))

    def n_colours(self):
        """How many strong colours the lanes show: of bars, not of ground, lines and letters."""
        x, y, width, height = self.area
        seen = collections.Counter(self.window.desktop.screen.pixel(column, row) for row in range(y, y + height, 3)
                                   for column in range(x, x + width, 2))
        return sum(1 for colour, n in seen.items() if n > 20 and max(colour) - min(colour) > 60)
