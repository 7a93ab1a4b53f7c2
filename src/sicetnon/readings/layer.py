"""What rules read in the words of a page that a query cannot: facts for the epistemic audit.

The facts stand in the graph `<version>/readings` and decide nothing: the rules of `queries/check/`
join them with citations, works and dates, and say how bad it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, Triple

from sicetnon.readings.counts import counted, figures
from sicetnon.readings.holders import affiliations, holders
from sicetnon.readings.opposites import Statement, reversed_in, statements
from sicetnon.terms import DCTERMS, OA, RDF, TYPE, part, sen


class _Words(NamedTuple):
    node: NamedNode
    line: int
    text: str


class _Reading(NamedTuple):
    kind: str
    words: _Words
    start: int
    end: int
    more: tuple[tuple[NamedNode, Literal | NamedNode], ...] = ()


def layer_name(version: NamedNode) -> NamedNode:
    """Return the name of the graph with what is read in the words of a version."""
    return part(version, "readings")


def readings(triples: Iterable[Quad | Triple], version: NamedNode) -> list[Quad]:
    """Return what is read in the words of one version's graph, in the order of the page."""
    page = _Page(triples)
    found = [*_headings(page), *_figures(page), *_counts(page), *_reversals(page)]
    graph = layer_name(version)
    quads = [Quad(version, sen("layer"), graph, graph)]
    numbers: dict[str, int] = {}
    for each in found:
        numbers[each.kind] = numbers.get(each.kind, 0) + 1
        node = part(version, "reading", each.kind, numbers[each.kind])
        words = each.words.text[each.start : each.end]
        facts: list[tuple[NamedNode, Literal | NamedNode]] = [
            (TYPE, sen("Reading")),
            (sen("readAs"), Literal(each.kind)),
            (sen("passage"), each.words.node),
            (NamedNode(OA + "exact"), Literal(words)),
            (NamedNode(OA + "start"), Literal(each.start)),
            (NamedNode(OA + "end"), Literal(each.end)),
            *each.more,
        ]
        quads += [Quad(node, predicate, value, graph) for predicate, value in facts]
    return quads


class _Page:
    """The passages and entries of a version, by what they are, in the order of the page."""

    def __init__(self, triples: Iterable[Quad | Triple]) -> None:
        values: dict[str, dict[str, list[str]]] = {}
        for triple in triples:
            subject, value = triple.subject, triple.object
            if isinstance(subject, NamedNode) and isinstance(value, (NamedNode, Literal)):
                node = values.setdefault(subject.value, {})
                node.setdefault(triple.predicate.value, []).append(value.value)
        self._values = values
        self.entries = self._of("Entry", DCTERMS + "title")
        passages = {words.node.value: words for words in self._of("Passage", sen("text").value)}
        self.passages = list(passages.values())
        positions = [node for node, of in values.items() if _is(of, "Position")]
        events = [node for node, of in values.items() if _is(of, "Event")]
        self.headings = self._at(passages, positions, "heading")
        self.evolutions = self._at(passages, positions, "evolution")
        self.events = self._at(passages, events, "passage")
        apart = [*self.headings, *self.evolutions, *self._at(passages, positions, "statement")]
        taken = {words.node for words in apart}
        self.prose = [words for words in self.passages if words.node not in taken]

    def _of(self, name: str, predicate: str) -> list[_Words]:
        found = [
            _Words(NamedNode(node), _line(of), of[predicate][0])
            for node, of in self._values.items()
            if _is(of, name) and predicate in of
        ]
        return sorted(found, key=lambda words: (words.line, words.node.value))

    def _at(self, passages: dict[str, _Words], nodes: list[str], name: str) -> list[_Words]:
        ends = {end for node in nodes for end in self._values[node].get(sen(name).value, ())}
        return sorted((passages[end] for end in ends & passages.keys()), key=lambda w: w.line)


def _is(of: dict[str, list[str]], name: str) -> bool:
    return sen(name).value in of.get(RDF + "type", ())


def _line(of: dict[str, list[str]]) -> int:
    text = next(iter(of.get(sen("line").value, ())), "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _headings(page: _Page) -> Iterator[_Reading]:
    for words in page.headings:
        for kind, read in (("holder", holders), ("affiliation", affiliations)):
            for start, end, name in read(words.text):
                yield _Reading(kind, words, start, end, ((sen("name"), Literal(name)),))


def _figures(page: _Page) -> Iterator[_Reading]:
    for words in page.prose:
        for start, end in figures(words.text):
            yield _Reading("figure", words, start, end)


def _counts(page: _Page) -> Iterator[_Reading]:
    for words in page.prose:
        for start, end, number in counted(words.text):
            yield _Reading("count", words, start, end, ((sen("count"), Literal(number)),))


def _reversals(page: _Page) -> Iterator[_Reading]:
    told: list[tuple[_Words, Statement]] = [
        (words, statement)
        for words in [*page.entries, *page.events]
        for statement in statements(words.text)
    ]
    for words in page.evolutions:
        for mine in statements(words.text):
            against = next((there for there, theirs in told if reversed_in(mine, theirs)), None)
            if against:
                more = ((sen("against"), against.node),)
                yield _Reading("reversal", words, mine.start, mine.end, more)
