"""From a page to the graph of its version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache

from pyoxigraph import Literal, NamedNode, Quad

from sicetnon import terms
from sicetnon.model import (
    Block,
    Entry,
    Event,
    Page,
    Passage,
    Position,
    Precision,
    SectionKind,
    Tension,
    entries,
)
from sicetnon.terms import LABEL, TYPE, part, sen

_TITLE = NamedNode(terms.DCTERMS + "title")
_ISSUED = NamedNode(terms.DCTERMS + "issued")
_IS_PART_OF = NamedNode(terms.DCTERMS + "isPartOf")
_VERSION = NamedNode(terms.PAV + "version")
_HAS_VERSION = NamedNode(terms.PAV + "hasVersion")
_SPECIALIZATION_OF = NamedNode(terms.PROV + "specializationOf")
_AUTHOR = NamedNode(terms.SCHEMA + "author")
_START_DATE = NamedNode(terms.SCHEMA + "startDate")
_DATE_TYPES = {
    Precision.YEAR: NamedNode(terms.XSD + "gYear"),
    Precision.MONTH: NamedNode(terms.XSD + "gYearMonth"),
    Precision.DAY: NamedNode(terms.XSD + "date"),
}
_DATE = _DATE_TYPES[Precision.DAY]
_DATE_TIME = NamedNode(terms.XSD + "dateTime")
_INTEGER = NamedNode(terms.XSD + "integer")

_Statement = tuple[NamedNode, NamedNode, NamedNode | Literal]


@lru_cache(maxsize=1 << 12)
def _integer(value: int) -> Literal:
    return Literal(str(value), datatype=_INTEGER)


def to_quads(page: Page) -> list[Quad]:
    """Return what a page states as quads in its version's graph, in page order."""
    version = terms.version(page.thread, page.version)
    numbers = {entry.number: part(version, "entry", entry.number) for entry in entries(page)}
    quads = [Quad(s, p, o, version) for s, p, o in _version(page, version)]
    if page.kind == "item":
        quads.extend(Quad(s, p, o, version) for s, p, o in _item(page, version))
    for order, section in enumerate(page.sections, 1):
        name = terms.section_name(section.heading)
        node = part(version, "section", name)
        statements: list[_Statement] = [
            (node, TYPE, sen("Section")),
            (node, _IS_PART_OF, version),
            (node, _TITLE, Literal(section.heading)),
            (node, sen("sectionKind"), Literal(section.kind.value)),
            (node, sen("order"), _integer(order)),
            (node, sen("line"), _integer(section.line)),
        ]
        place = _Place(version, node, name, section.kind, numbers)
        for number, block in enumerate(section.blocks, 1):
            statements.extend(place.block(block, number))
        quads.extend(Quad(s, p, o, version) for s, p, o in statements)
    return quads


def _version(page: Page, version: NamedNode) -> Iterator[_Statement]:
    thread = terms.thread(page.thread)
    layout = page.layout
    yield thread, TYPE, sen("Thread")
    yield thread, sen("slug"), Literal(page.thread)
    yield thread, _HAS_VERSION, version
    yield version, TYPE, sen("Version")
    yield version, _SPECIALIZATION_OF, thread
    yield version, _VERSION, Literal(page.version)
    yield version, sen("order"), _integer(page.order)
    yield version, _TITLE, Literal(page.title)
    yield version, sen("pageKind"), Literal(page.kind)
    yield version, sen("pageForm"), Literal(layout.form)
    yield version, sen("finalNewlines"), _integer(layout.final_newlines)
    yield version, sen("headerLines"), Literal(" ".join(map(str, layout.header)))
    yield version, sen("line"), _integer(layout.header[0 if page.site is None else 1])
    if isinstance(page.issued, dt.datetime):
        moment = page.issued.strftime("%Y-%m-%dT%H:%M:%SZ")
        yield version, _ISSUED, Literal(moment, datatype=_DATE_TIME)
    elif page.issued:
        yield version, _ISSUED, Literal(page.issued.isoformat(), datatype=_DATE)
    if page.items is not None:
        yield version, sen("itemCount"), _integer(page.items)
    for term, text in (
        ("site", page.site),
        ("pageStatus", page.status),
        ("outlet", page.outlet),
        ("author", page.author),
        ("encoding", None if layout.encoding == "utf-8" else layout.encoding),
        ("newline", None if layout.newline == "\n" else "CR LF"),
    ):
        if text is not None:
            yield version, sen(term), Literal(text)


def _item(page: Page, version: NamedNode) -> Iterator[_Statement]:
    """The work that an item page is about: its claims are the work's."""
    work = part(version, "work")
    yield work, TYPE, sen("Work")
    yield work, _TITLE, Literal(page.title)
    if isinstance(page.issued, dt.date):
        yield work, _ISSUED, Literal(page.issued.isoformat(), datatype=_DATE)
    if page.author:
        agent = part(version, "author")
        yield agent, TYPE, sen("Agent")
        yield agent, LABEL, Literal(page.author)
        yield work, _AUTHOR, agent


class _Place:
    """Where the blocks of one section stand, and what they need to name their parts."""

    def __init__(
        self,
        version: NamedNode,
        section: NamedNode,
        name: str,
        kind: SectionKind,
        numbers: dict[int, NamedNode],
    ) -> None:
        self.version, self.section, self.name = version, section, name
        self.kind, self.numbers = kind, numbers

    def block(self, block: Block, number: int) -> Iterator[_Statement]:
        """Yield the statements of the block with this number in its section."""
        match block:
            case Passage():
                words = part(self.version, self.name, number)
                yield from self.passage(block, number, words)
                if self.kind is SectionKind.CLAIMS:
                    yield from self.claim(block, number, words)
            case Event():
                yield from self.event(block, number)
            case Tension(passage=passage):
                node = part(self.version, "tension", number)
                words = part(self.version, self.name, number)
                yield node, TYPE, sen("Tension")
                yield node, sen("order"), _integer(number)
                yield node, sen("passage"), words
                yield from self.passage(passage, number, words)
            case Position():
                yield from self.position(block, number)
            case Entry():
                yield from self.entry(block, number)

    def passage(self, passage: Passage, number: int, node: NamedNode) -> Iterator[_Statement]:
        yield node, TYPE, sen("Passage")
        yield node, _IS_PART_OF, self.section
        yield node, sen("order"), _integer(number)
        yield node, sen("line"), _integer(passage.line)
        yield node, sen("text"), Literal(passage.text)
        if passage.lead is not None:
            yield node, sen("lead"), Literal(passage.lead)
        for order, pointer in enumerate(passage.pointers, 1):
            mark = part(node, "pointer", order)
            yield mark, TYPE, sen("Pointer")
            yield mark, sen("passage"), node
            yield mark, sen("order"), _integer(order)
            yield mark, sen("offset"), _integer(pointer.offset)
            yield mark, sen("number"), _integer(pointer.number)
            if pointer.space:
                yield mark, sen("leadingSpace"), Literal(pointer.space)
            if entry := self.numbers.get(pointer.number):
                yield mark, sen("denotes"), entry

    def event(self, event: Event, number: int) -> Iterator[_Statement]:
        node = part(self.version, "event", number)
        words = part(self.version, self.name, number)
        yield node, TYPE, sen("Event")
        yield node, sen("order"), _integer(number)
        yield node, sen("passage"), words
        yield node, sen("writtenDate"), Literal(event.written)
        yield node, sen("datePrecision"), Literal(event.precision.value)
        yield node, _START_DATE, Literal(event.date, datatype=_DATE_TYPES[event.precision])
        yield from self.passage(event.passage, number, words)

    def position(self, position: Position, number: int) -> Iterator[_Statement]:
        node = part(self.version, "position", number)
        words = part(self.version, self.name, number)
        yield node, TYPE, sen("Position")
        yield node, sen("order"), _integer(number)
        yield node, sen("heading"), part(words, "heading")
        yield from self.passage(position.heading, number, part(words, "heading"))
        for order, passage in enumerate(position.statement, 1):
            paragraph = part(words, "statement", order)
            yield node, sen("statement"), paragraph
            yield from self.passage(passage, number, paragraph)
        if position.evolution:
            yield node, sen("evolution"), part(words, "evolution")
            yield from self.passage(position.evolution, number, part(words, "evolution"))

    def claim(self, passage: Passage, number: int, words: NamedNode) -> Iterator[_Statement]:
        """A claim that a page states outright, word for word."""
        node = part(self.version, "claim", number)
        quotation = part(node, "quotation")
        yield node, TYPE, sen("Claim")
        yield node, sen("text"), Literal(passage.text)
        yield node, sen("holder"), part(self.version, "work")
        yield node, sen("restsOn"), part(self.version, "work")
        yield node, sen("evidence"), quotation
        yield quotation, TYPE, sen("Quotation")
        yield quotation, sen("passage"), words
        yield quotation, NamedNode(terms.OA + "exact"), Literal(passage.text)
        yield quotation, NamedNode(terms.OA + "start"), _integer(0)
        yield quotation, NamedNode(terms.OA + "end"), _integer(len(passage.text))

    def entry(self, entry: Entry, number: int) -> Iterator[_Statement]:
        node = self.numbers[entry.number]
        yield node, TYPE, sen("Entry")
        yield node, _IS_PART_OF, self.section
        yield node, sen("order"), _integer(number)
        yield node, sen("number"), _integer(entry.number)
        yield node, sen("line"), _integer(entry.line)
        yield node, _TITLE, Literal(entry.title)
        if entry.origin is not None:
            yield node, sen("origin"), Literal(entry.origin)
        if entry.lead is not None:
            yield node, sen("lead"), Literal(entry.lead)
        if entry.issued:
            yield node, _ISSUED, Literal(entry.issued.isoformat(), datatype=_DATE)
