"""The one layout of a query file: headers in one order, prefixes that are used, lines indented.

What stands in strings, IRIs and comments is never touched, so a query means the same after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from sicetnon import terms
from sicetnon.query.file import KEYS
from sicetnon.store.tokens import TOKEN

STEP = "  "
# SPARQL 1.1 wants the first three so (19.8, note 1) and shows the last one so (18.5.1).
_LOWER = {"a", "true", "false", "separator"}
_PREFIX = re.compile(r"\s*PREFIX\s+([\w-]*):\s*<([^>]*)>\s*(.*)", re.IGNORECASE)
_ENDS = {"{", "}", "."}
_STARTS = {
    *("SELECT", "CONSTRUCT", "ASK", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET"),
    *("VALUES", "FILTER", "OPTIONAL", "BIND", "GRAPH", "UNION", "MINUS"),
}


def formatted(text: str) -> str:
    """Return the text of a query file in the layout that `problems` wants."""
    lines = text.splitlines()
    header = list(takewhile(lambda line: line.startswith("#+"), lines))
    declared: dict[str, str] = {}
    body: list[str] = []
    for line in lines[len(header) :]:
        match = None if body else _PREFIX.fullmatch(line)
        if match:
            declared[match[1]] = match[2]
        if rest := (match[3] if match else line).strip():
            body.append(rest if match else line.rstrip().expandtabs(len(STEP)))
    known = declared | terms.prefixes()
    used = prefixes("\n".join(body))
    written = [f"PREFIX {name}: <{iri}>" for name, iri in known.items() if name in used]
    return "\n".join([*sorted(header, key=_place), *written, *_laid_out(body)]) + "\n"


def prefixes(sparql: str) -> set[str]:
    """Return the prefixes that a query uses; its declarations do not count."""
    bare = "\n".join(line for line in sparql.splitlines() if not _PREFIX.fullmatch(line))
    return {token["name"].partition(":")[0] for token in TOKEN.finditer(bare) if token["name"]}


def _place(line: str) -> int:
    key = line.removeprefix("#+ ").partition(":")[0]
    return KEYS.index(key) if key in KEYS else len(KEYS)


def _laid_out(lines: list[str]) -> Iterator[str]:
    """Yield lines with their keywords in capitals, indented by the braces that are open.

    A line that goes on with what stands above it keeps its place relative to that.
    """
    braces: list[bool] = []  # of each open brace whether a statement began on its line
    shift, ended = 0, True
    for line in lines:
        text = line.lstrip()
        own = len(line) - len(text)
        closing = text[: len(text) - len(text.lstrip("} "))].count("}")
        base = len(STEP) * (len(braces) - min(closing, len(braces)))
        starts = ended or text.partition(" ")[0] in _STARTS or closing
        if starts and not (braces and braces[-1]):
            shift = base - own
        yield " " * max(base, own + shift) + _capitals(text)
        ended = _walk(text, braces)


def _walk(text: str, braces: list[bool]) -> bool:
    """Take the braces of a line to the stack; say whether a statement ends with the line."""
    tokens = [t for t in TOKEN.finditer(text) if not t["comment"] and t[0].strip()]
    for place, token in enumerate(tokens, 1):
        if token["other"] and token[0] == "{":
            braces.append(place < len(tokens))
        elif token["other"] and token[0] == "}" and braces:
            braces.pop()
    return not tokens or tokens[-1][0] in _ENDS


def _capitals(text: str) -> str:
    """Write the keywords and functions of a line in capitals; a language tag is none."""
    out = ""
    for token in TOKEN.finditer(text):
        plain = token["word"] and token["word"].lower() not in _LOWER and not out.endswith("@")
        out += token[0].upper() if plain else token[0]
    return out
