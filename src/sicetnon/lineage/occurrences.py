"""What a page has that can last: positions, events, tensions and entries, with their words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from sicetnon import terms
from sicetnon.model import Entry, Event, Page, Passage, Position, Tension

PERSPECTIVE, EVENT, TENSION, ENTRY = "perspective", "event", "tension", "entry"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A thing as one version has it: `name` is a holder, a date or an origin, `text` its words."""

    iri: str
    kind: str
    name: str
    text: str
    evolution: str = ""
    line: int = 0
    cites: tuple[int, ...] = ()

    @property
    def own_name(self) -> str:
        """The part of an IRI that the thing gets if nothing before it continues in it."""
        words = {PERSPECTIVE: self.name, EVENT: f"{self.name} {self.text}"}.get(
            self.kind, self.text
        )
        return f"{self.kind}/{_slug(words)}"


_slug = lru_cache(maxsize=1 << 12)(terms.slug)


def occurrences(page: Page) -> list[Occurrence]:
    """Return what a page has that can last, in page order."""
    return list(_occurrences(page))


def _occurrences(page: Page) -> Iterator[Occurrence]:
    version = terms.version(page.thread, page.version)

    def node(kind: str, number: int) -> str:
        return terms.part(version, kind, number).value

    for section in page.sections:
        for number, block in enumerate(section.blocks, 1):
            match block:
                case Position(heading=heading, statement=statement, evolution=evolution):
                    text = "\n\n".join(passage.text for passage in statement)
                    yield Occurrence(
                        node("position", number),
                        PERSPECTIVE,
                        heading.text,
                        text,
                        evolution.text if evolution else "",
                        heading.line,
                        tuple(mark.number for each in statement for mark in each.pointers),
                    )
                case Event(written=written, passage=passage):
                    iri = node("event", number)
                    yield Occurrence(
                        iri, EVENT, written, passage.text, "", passage.line, _cited(passage)
                    )
                case Tension(passage=passage):
                    iri = node("tension", number)
                    yield Occurrence(
                        iri, TENSION, "", passage.text, "", passage.line, _cited(passage)
                    )
                case Entry():
                    iri = node("entry", block.number)
                    yield Occurrence(iri, ENTRY, block.origin or "", block.title, line=block.line)
                case _:
                    pass


def _cited(passage: Passage) -> tuple[int, ...]:
    return tuple(mark.number for mark in passage.pointers)
