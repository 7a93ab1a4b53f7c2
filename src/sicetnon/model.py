"""What a page says, as plain values: the form between the readers and the graph.

Line numbers tell where a thing stands on its page. They do not take part in equality: two
extractions of one page are equal when they say the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class SectionKind(StrEnum):
    """What the blocks of a section are."""

    PROSE = "prose"
    TIMELINE = "timeline"
    PERSPECTIVES = "perspectives"
    TENSIONS = "tensions"
    SOURCES = "sources"


class Precision(StrEnum):
    """How much of a written date is meant."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Pointer:
    """One citation mark: `offset` code points into its passage's text, after `space`."""

    offset: int
    number: int
    space: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A line of prose without its citation marks."""

    text: str
    pointers: tuple[Pointer, ...] = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Event:
    """A line of a timeline: `written` is the date as the page writes it."""

    written: str
    precision: Precision
    passage: Passage

    @property
    def date(self) -> str:
        """The date without what is not meant: `2019` for a `2019-01-01` that means the year."""
        return self.written[: {"year": 4, "month": 7, "day": 10}[self.precision]]


@dataclass(frozen=True, slots=True)
class Position:
    """What one perspective states on a page, and how the page says that it evolved."""

    heading: Passage
    statement: tuple[Passage, ...]
    evolution: Passage | None


@dataclass(frozen=True, slots=True)
class Tension:
    """A question on which the perspectives part ways."""

    passage: Passage


@dataclass(frozen=True, slots=True)
class Entry:
    """A numbered line of the sources; `origin` is None where the line names none."""

    number: int
    title: str
    origin: str | None
    issued: dt.date | None = None
    line: int = field(default=0, compare=False)


Block = Passage | Event | Position | Tension | Entry


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of a page; all its blocks are of the kind that `kind` names."""

    kind: SectionKind
    heading: str
    blocks: tuple[Block, ...]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class HeaderLines:
    """Where the lines above the first section stand; `site` is 0 without a site line."""

    site: int
    title: int
    version: int
    issued: int


@dataclass(frozen=True, slots=True)
class Page:
    """One version of a thread as its page tells it."""

    kind: str
    thread: str
    version: int
    title: str
    issued: dt.datetime
    items: int
    sections: tuple[Section, ...]
    site: str | None = field(default=None, compare=False)
    header: HeaderLines = field(default=HeaderLines(1, 3, 5, 7), compare=False)
    final_newlines: int = field(default=1, compare=False)


def passages(section: Section) -> Iterator[Passage]:
    """Yield every passage of a section in page order."""
    for block in section.blocks:
        match block:
            case Passage():
                yield block
            case Event(passage=passage) | Tension(passage=passage):
                yield passage
            case Position(heading=heading, statement=statement, evolution=evolution):
                yield heading
                yield from statement
                if evolution:
                    yield evolution
            case Entry():
                pass


def entries(page: Page) -> Iterator[Entry]:
    """Yield the entries of a page in the order of its sources."""
    for section in page.sections:
        for block in section.blocks:
            if isinstance(block, Entry):
                yield block


def counts(page: Page) -> dict[str, int]:
    """Count what a page holds, by the kinds that `ask contents` counts."""
    kinds = {"passage": 0, "event": 0, "perspective": 0, "tension": 0, "entry": 0, "pointer": 0}
    names = {
        Passage: "passage",
        Event: "event",
        Position: "perspective",
        Tension: "tension",
        Entry: "entry",
    }
    for section in page.sections:
        for block in section.blocks:
            kinds[names[type(block)]] += 1
        kinds["pointer"] += sum(len(passage.pointers) for passage in passages(section))
    return kinds
