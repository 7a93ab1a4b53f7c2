"""Gold files of relations: their page, their nodes and edges, and which node an end denotes."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from sicetnon import ingest, model
from sicetnon.identity import Candidate, cluster
from sicetnon.relations import End, Quote, Work
from sicetnon.relations.places import places

STANCES = {"challenges": "contradicts", "extends": "refines"}
Triple = tuple[str, str, str]


def works_of(page: model.Page) -> list[Work]:
    """Return the works of a page, as the identity of entries groups them."""
    entries = {str(entry.number): entry for entry in model.entries(page)}
    groups = cluster([Candidate(n, e.title, e.origin) for n, e in entries.items()]).groups
    works = []
    for group in groups:
        titles = [entries[number].title for number in group]
        title = min(titles, key=lambda t: (t.rstrip().endswith(("...", "…")), len(t), t))
        numbers = tuple(sorted(int(number) for number in group))
        works.append(Work(group[0], title, "work", (), numbers))
    return works


class Gold:
    """A gold file: its nodes, edges, what is not to be drawn, and claims."""

    def __init__(self, path: Path) -> None:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        page = path.parent.parent / data["seed"] if "seed" in data else None
        self.path = page if page and page.is_file() else path.with_name(path.name[:-10] + ".txt")
        self.text = self.path.read_text(encoding="utf-8")
        self.name = self.path.stem
        self.nodes = data["nodes"]
        self.page = ingest.read(self.path.read_bytes(), self.path.name)
        self.edges: dict[Triple, list[tuple[int, int]]] = defaultdict(list)
        self.barred: set[Triple] = set()
        for row in data["relations"]:
            triple = self._triple(row)
            if row["status"] == "open":
                self.barred.add(triple)
            elif row["source"] != row["target"]:
                self.edges[triple].append((row["start"], row["end"]))
        self._add_other_passages(path.with_name(path.name[:-10] + ".also.json"))
        self.barred |= {self._triple(row) for row in data["negatives"]}
        self.barred -= set(self.edges)
        self.claims = [(row["start"], row["end"]) for row in data["claims"]]
        self._perspectives = self._headings()
        self._lines = self._starts()

    def _add_other_passages(self, path: Path) -> None:
        """Take in further passages that show an edge of the gold, where a file lists them."""
        for row in json.loads(path.read_text(encoding="utf-8")) if path.is_file() else ():
            if (triple := self._triple(row)) in self.edges:
                self.edges[triple].append((row["start"], row["end"]))

    @staticmethod
    def _triple(row: dict[str, str]) -> Triple:
        return row["source"], STANCES.get(row["type"], row["type"]), row["target"]

    def _headings(self) -> dict[str, str]:
        """Return perspective's place on the page → node, each node given to one heading."""
        headings = [
            block.heading.text
            for section in self.page.sections
            for block in section.blocks
            if isinstance(block, model.Position)
        ]
        nodes = [node for node in self.nodes if node["kind"] == "perspective"]
        found: dict[str, str] = {}
        ranked = sorted(
            (*spot, str(at), node["id"])
            for at, heading in enumerate(headings)
            for node in nodes
            if (spot := _where(node, heading))
        )
        for *_, at, node_id in ranked:
            if at not in found and node_id not in found.values():
                found[at] = node_id
        return found

    def _starts(self) -> dict[tuple[int, int, str], int]:
        """Return where each passage begins in the file, with citation marks taken out."""
        found, at = {}, 0
        for place in places(self.page):
            head = place.passage.text[:30]
            cut = min([p.offset for p in place.passage.pointers] + [len(head)])
            at = max(self.text.find(head[:cut] or head, at), at)
            found[place.section, place.block, place.part] = at
        return found

    def span(self, quote: Quote) -> tuple[int, int]:
        """Return the offsets of a quotation in the file, its citation marks counted in."""
        key = quote.section, quote.block, quote.part
        base = self._lines[key]
        place = next(p for p in places(self.page) if (p.section, p.block, p.part) == key)

        def moved(offset: int, *, close: bool) -> int:
            marks = sum(
                len(f"[{p.number}]") + len(p.space)
                for p in place.passage.pointers
                if p.offset < offset or (p.offset == offset and not close)
            )
            return base + offset + marks

        return moved(quote.start, close=False), moved(quote.end, close=True)

    def node(self, end: End) -> str | None:
        """Return the node of the gold that an end denotes."""
        if end.kind == "perspective" and end.ref in self._perspectives:
            return self._perspectives[end.ref]
        kinds = {"school": ("programme",), "perspective": ("perspective",)}.get(end.kind, ("work",))
        ranked = [
            (end.name.casefold() in _names(node), node["kind"] in kinds, shared, node["id"])
            for node in self.nodes
            if (shared := _shared(node, end.name))
        ]
        return max(ranked)[3] if ranked else None


_SPARE = frozenset(["and", "et", "al", "the", "of", "a", "an", "s", "co", "authors", "colleagues"])


def _names(node: dict[str, Any]) -> list[str]:
    return [name.casefold() for name in (node["label"], *node["aliases"]) if len(name) > 1]


def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_]+", name.casefold())) - _SPARE


def _alike(one: str, other: str) -> bool:
    """Say whether one of two names holds the other: its text, or all its words that matter."""
    if one in other or other in one:
        return True
    a, b = _words(one), _words(other)
    return bool(a and b) and (a <= b or b <= a)


def _where(node: dict[str, Any], heading: str) -> tuple[int, int] | None:
    """Return where a heading has an alias of a node, and how long it is (negative)."""
    folded = heading.casefold()
    spots = [
        (max(0, folded.find(min(_words(name), key=folded.find, default=name))), -len(name))
        for name in _names(node)
        if name in folded or (_words(name) and _words(name) <= _words(folded))
    ]
    return min(spots) if spots else None


def _shared(node: dict[str, Any], name: str) -> int:
    folded = name.casefold()
    return max(
        (min(len(one), len(folded)) for one in _names(node) if _alike(one, folded)), default=0
    )
