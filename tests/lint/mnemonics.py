# SPDX-License-Identifier: GPL-2.0-or-later
"""No two things that can be seen at the same time are reached by the same letter, in any language."""
import gettext
import io
import re
import subprocess
import xml.etree.ElementTree as Xml
from itertools import combinations
from pathlib import Path
from tree import SOURCE, Tap, paths

# What a window or popover shows at a time, by description.
CAPTURE = ("window", "capture-bar", "notice-bar", "lanes-pane", "lanes-finder", "order-button", "status-bar", "side-pane")
START = ("window", "start-page")
SCOPES = [(*CAPTURE, *tab) for tab in (("why-tab", "pattern-card"), ("statistics-tab",), ("narrative-tab",),
                                       ("locks-tab", "range-bar"), ("patterns-tab", "pattern-card", "range-bar"))]
SCOPES += [(*START, page) for page in ("process-picker", "run-program", "lessons-page")]
SCOPES += [("capture-page",), ("export-window",), ("preferences",), ("legend-popover",), ("marker-popover",), ("shortcuts",)]
# Of these the file beside them has letters too; elsewhere those are of dialogs, which are windows of their own.
WITH_CODE = ("start-page", "legend-popover")
C_TEXT = re.compile(r'\bN?_ \("((?:[^"\\]|\\.)*)"\)')


def letter(text):
    """The letter that reaches a text, or None. Two underscores are one that is shown."""
    match = re.search(r"_(\w)", text.replace("__", ""))
    return match and match.group(1).lower()


def clashes(texts, translate):
    """Pairs of texts with one letter; the same text twice is one thing in two states."""
    found = [(t, letter(translate(t))) for t in dict.fromkeys(texts)]
    return [f"{translate(a)!r} and {translate(b)!r}" for (a, x), (b, y) in combinations(found, 2) if x and x == y]


def is_text(node):
    return node.get("translatable") == "yes" and node.text


def menu_levels(menu):
    """The texts of a menu, then of each menu inside it: sections share one level."""
    texts, inner = [], []

    def walk(node):
        for child in node:
            if child.tag == "submenu":
                inner.append(child)
                texts.extend(a.text for a in child.findall("attribute") if a.get("name") == "label" and is_text(a))
            elif child.tag == "attribute" and child.get("name") == "label" and is_text(child) and node.tag == "item":
                texts.append(child.text)
            else:
                walk(child)
    walk(menu)
    yield texts
    for submenu in inner:
        yield from menu_levels(submenu)


def is_underlined(node):
    return any(p.get("name") == "use-underline" and p.text in ("1", "true", "True") for p in node.findall("property"))


def texts_of(name):
    """What is underlined in a description outside its menus, and in the file beside it."""
    root = Xml.parse(SOURCE / "gui" / f"{name}.ui").getroot()
    texts = [p.text for node in root.iter("object") if is_underlined(node) for p in node.findall("property")
             if p.get("name") in ("label", "title") and is_text(p)]
    code = (SOURCE / "gui" / f"{name}.c").read_text() if name in WITH_CODE else ""
    return texts + [text for text in C_TEXT.findall(code) if letter(text) and "%" not in text]


def languages():
    """(name, translate) of each language; the first is the one of the source."""
    yield "English", lambda text: text
    for name in (SOURCE / "po" / "LINGUAS").read_text().split("\n"):
        if name and not name.startswith("#"):
            done = subprocess.run(["msgfmt", "-o", "-", SOURCE / "po" / f"{name}.po"], check=True, timeout=60,
                                  capture_output=True)
            yield name, gettext.GNUTranslations(io.BytesIO(done.stdout)).gettext


def check_language(tap, language, translate):
    names = sorted(Path(p).stem for p in paths() if p.startswith("gui/") and p.endswith(".ui"))
    for scope in SCOPES:
        wrong = clashes([t for name in scope for t in texts_of(name)], translate)
        tap.ok(not wrong, f"{language}: different letters in {' + '.join(scope)}", "\n".join(wrong))
    for name in names:
        for menu in Xml.parse(SOURCE / "gui" / f"{name}.ui").getroot().iter("menu"):
            for texts in menu_levels(menu):
                wrong = clashes(texts, translate)
                tap.ok(not wrong, f"{language}: the menu with {texts[0] if texts else 'nothing'!r} has different letters",
                       "\n".join(wrong))


def main():
    tap = Tap()
    tap.ok(clashes(["_Why", "Kernel _words"], str) and not clashes(["_Why", "_Kernel words", "a__w"], str), "finds a clash")
    names = {Path(p).stem for p in paths() if p.startswith("gui/") and p.endswith(".ui")}
    known = {name for scope in SCOPES for name in scope}
    tap.ok(names == known, "every description stands in a scope above", names ^ known)
    for language, translate in languages():
        check_language(tap, language, translate)
    tap.done()


main()
