"""From the graph of a version back to the page that it states."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from operator import attrgetter

from pyoxigraph import Literal, NamedNode, Quad, Triple

from sicetnon import terms
from sicetnon.errors import DataError
from sicetnon.model import (
    Block,
    Entry,
    Event,
    Layout,
    Page,
    Passage,
    Pointer,
    Position,
    Precision,
    Section,
    SectionKind,
    Tension,
)

_TITLE = terms.DCTERMS + "title"
_ISSUED = terms.DCTERMS + "issued"
_IS_PART_OF = terms.DCTERMS + "isPartOf"


def from_quads(quads: Iterable[Quad | Triple]) -> Page:
    """Return the page that a version's graph states; raises DataError where it states none."""
    try:
        return _Reading(quads).page()
    except (KeyError, ValueError) as error:
        raise DataError(f"the graph does not hold a whole page: {error}") from error


class _Node:
    """One subject of the graph with all that is said of it."""

    def __init__(self) -> None:
        self.values: defaultdict[str, list[str]] = defaultdict(list)

    def all(self, term: str) -> list[str]:
        return self.values.get(terms.SEN + term, [])

    def one(self, term: str) -> str:
        """Return the single value of one of our terms, or of a term given as a whole IRI."""
        iri = term if ":" in term else terms.SEN + term
        values = self.values.get(iri, [])
        if len(values) != 1:
            raise ValueError(f"expected one {iri}, found {len(values)}")
        return values[0]

    def maybe(self, term: str) -> str | None:
        iri = term if ":" in term else terms.SEN + term
        return self.one(term) if iri in self.values else None

    def number(self, term: str) -> int:
        return int(self.one(term))


class _Reading:
    """The subjects of a graph, by IRI, by type and by the section or passage that holds them."""

    def __init__(self, quads: Iterable[Quad | Triple]) -> None:
        self.nodes: defaultdict[str, _Node] = defaultdict(_Node)
        for quad in quads:
            subject, value = quad.subject, quad.object
            if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
                self.nodes[subject.value].values[quad.predicate.value].append(value.value)
        self.types: defaultdict[str, list[str]] = defaultdict(list)
        for iri, node in self.nodes.items():
            for type_ in node.values.get(terms.TYPE.value, ()):
                self.types[type_.removeprefix(terms.SEN)].append(iri)
        self.pointers: defaultdict[str, list[_Node]] = defaultdict(list)
        for iri in self.types["Pointer"]:
            self.pointers[self.nodes[iri].one("passage")].append(self.nodes[iri])

    def page(self) -> Page:
        """Build the page around the graph's only version."""
        if len(self.types["Version"]) != 1:
            raise ValueError(f"expected one version, found {len(self.types['Version'])}")
        version = self.nodes[self.types["Version"][0]]
        thread = self.nodes[version.one(terms.PROV + "specializationOf")]
        sections = sorted(
            (self.section(iri) for iri in self.types["Section"]), key=attrgetter("line")
        )
        items = version.maybe("itemCount")
        return Page(
            kind=version.one("pageKind"),
            thread=thread.one("slug"),
            version=version.one(terms.PAV + "version"),
            title=version.one(_TITLE),
            sections=tuple(sections),
            issued=_issued(version.maybe(_ISSUED)),
            items=None if items is None else int(items),
            status=version.maybe("pageStatus"),
            site=version.maybe("site"),
            outlet=version.maybe("outlet"),
            author=version.maybe("author"),
            layout=Layout(
                form=version.one("pageForm"),
                header=tuple(int(line) for line in version.one("headerLines").split()),
                final_newlines=version.number("finalNewlines"),
                encoding=version.maybe("encoding") or "utf-8",
                newline="\r\n" if version.maybe("newline") else "\n",
            ),
        )

    def section(self, iri: str) -> Section:
        """Build a section with the blocks of its kind."""
        node = self.nodes[iri]
        kind = SectionKind(node.one("sectionKind"))
        blocks: Iterator[tuple[int, Block]] = getattr(self, f"_{kind}")(iri)
        ordered = tuple(block for _, block in sorted(blocks, key=lambda pair: pair[0]))
        return Section(kind, node.one(_TITLE), ordered, node.number("line"))

    def _list(self, section: str) -> Iterator[tuple[int, Block]]:
        return self._prose(section)

    def _claims(self, section: str) -> Iterator[tuple[int, Block]]:
        return self._prose(section)

    def _prose(self, section: str) -> Iterator[tuple[int, Block]]:
        for iri in self._within(section, "Passage"):
            yield self.nodes[iri].number("order"), self._passage(iri)

    def _timeline(self, section: str) -> Iterator[tuple[int, Block]]:
        for iri in self.types["Event"]:
            node = self.nodes[iri]
            words = node.one("passage")
            if self.nodes[words].one(_IS_PART_OF) == section:
                precision = Precision(node.one("datePrecision"))
                event = Event(node.one("writtenDate"), precision, self._passage(words))
                yield node.number("order"), event

    def _tensions(self, section: str) -> Iterator[tuple[int, Block]]:
        for iri in self.types["Tension"]:
            node = self.nodes[iri]
            words = node.one("passage")
            if self.nodes[words].one(_IS_PART_OF) == section:
                yield node.number("order"), Tension(self._passage(words))

    def _perspectives(self, section: str) -> Iterator[tuple[int, Block]]:
        for iri in self.types["Position"]:
            node = self.nodes[iri]
            heading = node.one("heading")
            if self.nodes[heading].one(_IS_PART_OF) != section:
                continue
            statement = sorted(map(self._passage, node.all("statement")), key=attrgetter("line"))
            evolution = node.maybe("evolution")
            yield (
                node.number("order"),
                Position(
                    self._passage(heading),
                    tuple(statement),
                    self._passage(evolution) if evolution else None,
                ),
            )

    def _sources(self, section: str) -> Iterator[tuple[int, Block]]:
        for iri in self._within(section, "Entry"):
            node = self.nodes[iri]
            issued = node.maybe(_ISSUED)
            yield (
                node.number("order"),
                Entry(
                    node.number("number"),
                    node.one(_TITLE),
                    node.maybe("origin"),
                    dt.date.fromisoformat(issued) if issued else None,
                    node.number("line"),
                    node.maybe("lead"),
                ),
            )

    def _within(self, section: str, type_: str) -> Iterator[str]:
        for iri in self.types[type_]:
            if self.nodes[iri].one(_IS_PART_OF) == section:
                yield iri

    def _passage(self, iri: str) -> Passage:
        node = self.nodes[iri]
        marks = sorted(self.pointers[iri], key=lambda mark: mark.number("order"))
        pointers = tuple(
            Pointer(mark.number("offset"), mark.number("number"), mark.maybe("leadingSpace") or "")
            for mark in marks
        )
        return Passage(node.one("text"), pointers, node.number("line"), node.maybe("lead"))


def _issued(text: str | None) -> dt.datetime | dt.date | None:
    if text is None:
        return None
    return dt.datetime.fromisoformat(text) if "T" in text else dt.date.fromisoformat(text)
