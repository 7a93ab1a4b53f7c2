"""Where on a page a passage stands, and who speaks there unless it says otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sicetnon.model import Event, Page, Passage, Position, SectionKind, Tension


@dataclass(frozen=True, slots=True)
class Place:
    """A passage with its section, block and part; `holder` is the index of its perspective."""

    section: int
    block: int
    part: str
    kind: SectionKind
    passage: Passage
    holder: int | None = None


def places(page: Page) -> Iterator[Place]:
    """Yield the passages of a page that say something, in page order."""
    holder = 0
    for number, section in enumerate(page.sections):
        for at, block in enumerate(section.blocks):
            match block:
                case Passage():
                    yield Place(number, at, "", section.kind, block)
                case Event(passage=passage) | Tension(passage=passage):
                    yield Place(number, at, "", section.kind, passage)
                case Position(statement=statement, evolution=evolution):
                    for line, passage in enumerate(statement, 1):
                        part = f"statement/{line}"
                        yield Place(number, at, part, section.kind, passage, holder)
                    if evolution:
                        yield Place(number, at, "evolution", section.kind, evolution, holder)
                    holder += 1
                case _:
                    pass


def headings(page: Page) -> list[str]:
    """Return the headings of the perspectives, in page order."""
    return [
        block.heading.text
        for section in page.sections
        for block in section.blocks
        if isinstance(block, Position)
    ]
