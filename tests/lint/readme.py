# SPDX-License-Identifier: GPL-2.0-or-later
"""What the documents say is so: the sentences of the troubleshooting are the program's own, and every file that is
named is there."""
import re
from tree import SOURCE, Tap, files, rule

SENTENCES_OF = "lib/client/trouble.c"
DOCUMENTS = ("README.md", "HACKING.md", "NEWS.md")


def sentences(source):
    """The texts in N_ (...) of a C file, pieces joined, %s as an ellipsis."""
    found = []
    for call in re.findall(r'N_ \(((?:\s*"(?:[^"\\]|\\.)*")+)\)', source):
        text = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', call))
        text = text.encode("latin-1").decode("unicode_escape").encode("latin-1").decode()
        found.append(text.replace("%s", "\u2026"))
    return found


def missing_sentences(tree):
    plain = re.sub(r"\s*\n>?\s*", " ", tree.get("README.md", ""))
    return [f"README.md does not explain: {s}" for s in sentences(tree.get(SENTENCES_OF, "")) if s not in plain]


def missing_files(tree):
    """Links, and names in backquotes that look like a path of the tree."""
    found = []
    for document in DOCUMENTS:
        text = tree.get(document, "")
        names = re.findall(r"\]\(([^)#:]+)\)", text)
        names += re.findall(r"`((?:lib|tests|tools|data|gui|cli|helper|bpf|po)/[\w./-]*\w)`", text)
        found += [f"{document} names {n}, which is not there" for n in sorted(set(names)) if not (SOURCE / n).exists()]
    return found


def main():
    tap = Tap()
    tree = files(".md", ".c")
    tap.ok(len(sentences(tree[SENTENCES_OF])) > 10, "the program has sentences for its troubles")
    rule(tap, "README explains each of the program's sentences", missing_sentences, tree,
         {SENTENCES_OF: 'N_ ("There is " "no %s.")', "README.md": "There is no way."})
    rule(tap, "the files that the documents name are there", missing_files, tree, {"README.md": "[a](nowhere.png)"})
    tap.done()


main()
