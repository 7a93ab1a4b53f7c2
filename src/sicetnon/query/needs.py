"""What a query needs to have any row: the constants that its patterns cannot do without.

A pattern whose property, class or value stands nowhere in a store has no solutions, and with it the
group around it. Only what is plainly such a pattern counts: paths, FILTER, OPTIONAL, MINUS and what
counts an empty group as one row are passed over, so that a query is never thought empty wrongly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from pyoxigraph import Literal, NamedNode

from sicetnon.store.tokens import TOKEN
from sicetnon.terms import TYPE

Wanted = tuple[NamedNode, NamedNode | Literal | None]

_TOKEN = re.compile(rf"\s+|{TOKEN.pattern}", TOKEN.flags)
_PLAIN = re.compile(r'"([^"\\\n\r]*)"')
_ENDS = frozenset(".;,}")
_AGGREGATES = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"})
_APART = frozenset({"OPTIONAL", "MINUS", "EXISTS", "VALUES", "SERVICE"})


@dataclass(slots=True)
class Group:
    """A group of patterns: all that is in `wanted`, and of each of `choices` one group at least."""

    wanted: list[Wanted] = field(default_factory=list)
    choices: list[list[Group]] = field(default_factory=list)

    def may_match(self, stands: Callable[[Wanted], bool]) -> bool:
        """Say whether a store may have solutions; `stands` tells whether it has such a triple."""
        return all(map(stands, self.wanted)) and all(
            any(group.may_match(stands) for group in choice) for choice in self.choices
        )


@lru_cache(512)
def needs(sparql: str) -> Group:
    """Return what the outermost SELECT of a sound query needs to have any row."""
    found = [token for token in _TOKEN.finditer(sparql) if token.lastgroup not in {None, "comment"}]
    prefixes = {
        found[at + 1][0]: found[at + 2][0][1:-1]
        for at, token in enumerate(found[:-2])
        if (token["word"] or "").upper() == "PREFIX"
    }
    return _Reader(found, prefixes).select(0, len(found))


class _Reader:
    def __init__(self, found: list[re.Match[str]], prefixes: dict[str, str]) -> None:
        self.text = [token[0] for token in found]
        self.words = [(token["word"] or "").upper() for token in found]
        self.found = found
        self.prefixes = prefixes

    def select(self, start: int, end: int) -> Group:
        """Read a SELECT, or nothing of it where an empty group would give it a row."""
        opened = next((at for at in range(start, end) if self.text[at] == "{"), end)
        closed = self.close(opened) if opened < end else end
        counts = _AGGREGATES & {*self.words[start:opened], *self.words[closed:end]}
        if opened == end or (counts and "GROUP" not in self.words[closed:end]):
            return Group()
        return self.group(opened + 1, closed)

    def group(self, start: int, end: int) -> Group:
        """Read what stands between the braces of a group."""
        if self.words[start] == "SELECT":
            return self.select(start, end)
        group, at = Group(), start
        joined = False
        while at < end:
            if self.text[at] in "({":
                closed = self.close(at)
                if self.text[at] == "{" and not self.apart(at, start):
                    inner = self.group(at + 1, closed)
                    if joined:
                        group.choices[-1].append(inner)
                    else:
                        group.choices.append([inner])
                joined, at = False, closed + 1
                continue
            joined = self.words[at] == "UNION"
            group.wanted += self.pattern(at, end)
            at += 1
        return group

    def apart(self, at: int, start: int) -> bool:
        """Say whether the braces at a place are no part of what must match."""
        return at > start and (
            self.words[at - 1] in _APART
            or (at - 2 >= start and self.words[at - 2] in {"VALUES", "SERVICE"})
            or (at - 3 >= start and self.words[at - 3] == "SERVICE")
        )

    def pattern(self, at: int, end: int) -> Iterator[Wanted]:
        """Yield the property at a place, with its value where that is a constant too."""
        after = at + 1
        if after >= end or not (self.text[at - 1] == ";" or self.found[at - 1]["variable"]):
            return
        verb = TYPE if self.text[at] == "a" else self.iri(at)
        ends = self.text[after + 1] in _ENDS or self.found[after + 1]["variable"]
        if verb is None or not ends:
            return
        if self.found[after]["variable"]:
            yield verb, None
        elif value := self.iri(after) or self.literal(after):
            yield verb, value

    def iri(self, at: int) -> NamedNode | None:
        prefix, colon, name = (self.found[at]["name"] or "").partition(":")
        start = self.prefixes.get(prefix + colon)
        return NamedNode(start + name) if colon and start and "\\" not in name else None

    def literal(self, at: int) -> Literal | None:
        plain = _PLAIN.fullmatch(self.text[at])
        return Literal(plain[1]) if plain else None

    def close(self, at: int) -> int:
        """Return where the bracket that opens at a place is closed."""
        depth = 0
        for place in range(at, len(self.text)):
            depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(self.text[place], 0)
            if not depth:
                return place
        return len(self.text)
