# SPDX-License-Identifier: GPL-2.0-or-later
"""How long a file and a function may be, and how many parameters one takes. The exceptions say why."""
import re
from tree import Tap, files, rule

LINES_C, LINES_H, LINES_FUNCTION, PARAMETERS = 500, 200, 60, 6

# path, path:function (its lines) or path:function() (its parameters) -> the limit it has instead, with the reason.
EXCEPTIONS = {
    # GDBusInterfaceMethodCallFunc has eight.
    "helper/traced-door.c:call_cb()": 8,
    # So has GtkLayoutManagerClass.measure, and GtkWidgetClass.measure has seven.
    "gui/side-layout.c:measure()": 8,
    "gui/story-line.c:lsc_story_line_measure()": 7,
    "gui/text-zoom.c:lsc_text_zoom_measure()": 7,
    # One struct a kind, each with its own comment and size assertion: the one place that says what bytes mean.
    "lib/wire/record.h": 400,
    # One plain walk to compare with, for one test.
    "tests/support/slow-statistics.h": 300,
}


def limit(key, normal):
    return EXCEPTIONS.get(key, normal)


def functions(text):
    """(name, lines, parameters) of each function: its brace and its end stand in the first column."""
    lines = text.splitlines()
    begin = None
    for number, line in enumerate(lines):
        if line == "{":
            begin = number
        elif line == "}" and begin is not None:
            head = signature(lines[:begin])
            match = re.search(r"(\w+) \((.*)\)\s*$", head, re.S)
            if match:
                yield match.group(1), number - begin + 1, parameters(match.group(2))
            begin = None
        elif line.startswith("}"):
            begin = None


def signature(lines):
    head = []
    for line in reversed(lines):
        if not line.strip() or line.startswith(("#", "}", "/*", " *")) or line.endswith((";", "*/")):
            break
        head.insert(0, line)
    return "\n".join(head)


def parameters(text):
    depth, count = 0, 1
    for char in text:
        depth += (char in "([") - (char in ")]")
        count += char == "," and depth == 0
    return 0 if text.strip() in ("", "void") else count


def too_long(tree):
    found = []
    for path, text in tree.items():
        allowed = limit(path, LINES_H if path.endswith(".h") else LINES_C)
        if text.count("\n") > allowed:
            found.append(f"{path}: {text.count(chr(10))} lines, {allowed} are allowed")
    return found


def functions_too_big(tree):
    found = []
    for path, text in tree.items():
        for name, length, n_parameters in functions(text):
            allowed = limit(f"{path}:{name}", LINES_FUNCTION)
            if length > allowed:
                found.append(f"{path}: {name} has {length} lines, {allowed} are allowed")
            allowed = limit(f"{path}:{name}()", PARAMETERS)
            if n_parameters > allowed:
                found.append(f"{path}: {name} takes {n_parameters} parameters, {allowed} are allowed")
    return found


def main():
    tap = Tap()
    tree = files(".c", ".h")
    long_body = "int\nf (int a)\n{\n" + "  a++;\n" * 60 + "}\n"
    many = "int\nf (int a, int b, int c, int d,\n   int e, int f, int g)\n{\n}\n"
    rule(tap, "files are short enough", too_long, tree, {"x.c": "\n" * 501})
    rule(tap, "functions are short enough", functions_too_big, tree, {"x.c": long_body})
    tap.ok(functions_too_big({"x.c": many}), "functions: finds one with seven parameters")
    stale = [k for k in EXCEPTIONS if k.split(":")[0] not in tree]
    tap.ok(not stale, "no exception for a file that is gone", "\n".join(stale))
    tap.note(f"{sum(1 for t in tree.values() for _ in functions(t))} functions in {len(tree)} files")
    tap.done()


main()
