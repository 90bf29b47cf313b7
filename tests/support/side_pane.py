# SPDX-License-Identifier: GPL-2.0-or-later
"""The side pane of the window: its tabs, what they say, and the links in them."""
import re

from lanes import Lanes
from screen_reader import ask_one, walk
from window import wait_for

TABS = ("Why", "Statistics", "Narrative", "Locks", "Patterns")
LONG = 20  # seconds: a busy machine is slow, not broken


class Pane:
    def __init__(self, tap, window):
        self.tap, self.window, self.lanes = tap, window, Lanes(window)
        self.says("the capture has lanes", lambda: self.lanes.count() >= 4)
        self.tabs = {name: window.find("page tab", name) for name in TABS}
        self.root = self.tabs["Why"].parent.parent

    def says(self, what, condition):
        """Waits for it."""
        met = wait_for(condition, LONG, 0.2)
        return self.tap.ok(met, what, "" if met else self.window.outline()[-6000:])

    def open(self, tab):
        self.window.click(self.tabs[tab])
        return wait_for(lambda: self.tabs[tab].has("SELECTED"), LONG)

    @property
    def picked(self):
        return self.lanes.description.partition("; ")[2]

    def nodes(self, *roles):
        """What the pane shows, and nothing of what it hides."""
        return [n for n in walk([self.root], hidden=False)[0][1:] if n.role in roles]

    def named(self, *roles):
        nodes = self.nodes(*roles)
        return list(zip(nodes, ask_one(nodes, "name")))

    def labels(self):
        return ask_one(self.nodes("label"), "name")

    def label(self, pattern):
        """The first label that matches, or None."""
        return next((text for text in self.labels() if re.search(pattern, text)), None)

    def link(self, pattern):
        return next((n for n, name in self.named("push button") if re.search(pattern, name)), None)

    def pick_bar(self, thread, n_changes):
        """The thread by its name, then so many changes on, by keyboard."""
        self.window.click(self.lanes.node, at=(0.02, 0.93))
        self.window.key("g")
        self.window.type(thread)
        self.window.key("Return")
        wait_for(lambda: self.picked.startswith(thread), LONG)
        if n_changes:
            self.window.key(*["Right"] * n_changes)

    def lines(self):
        """The sentences of the story, as rows that a screen reader finds."""
        return [n for n, name in self.named("list item") if re.match(r"[\d.]+\s*s: ", name)]
