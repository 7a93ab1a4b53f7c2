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
    """What the blocks of a section are; a list is prose point by point, claims are such a list."""

    PROSE = "prose"
    LIST = "list"
    CLAIMS = "claims"
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
    """A line of prose without its citation marks.

    `lead` is what opens its line, such as a bullet, where that is not what its form of page writes.
    """

    text: str
    pointers: tuple[Pointer, ...] = ()
    line: int = field(default=0, compare=False)
    lead: str | None = field(default=None, compare=False)


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
    lead: str | None = field(default=None, compare=False)


STANCES = ("supports", "contradicts", "refines", "qualifies", "replies-to")

Block = Passage | Event | Position | Tension | Entry


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of a page; all its blocks are of the kind that `kind` names.

    What stands above the first heading is a section without one. A heading on the line of its only
    block opens that line (`Topics: …`).
    """

    kind: SectionKind
    heading: str
    blocks: tuple[Block, ...]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a page is set, apart from what it says: two layouts of one page are the same page.

    `form` is `a` (blank lines, bullets, numbered sources) or `b` (none of them); `header` are the
    lines of the header in their order; `bom` and `newline` belong to the bytes of the file.
    """

    form: str = "a"
    header: tuple[int, ...] = ()
    final_newlines: int = 1
    encoding: str = "utf-8"
    newline: str = "\n"


@dataclass(frozen=True, slots=True)
class Page:
    """One version of a thread as its page tells it.

    `version` is a number or, where a page has none, its date. What only one form of a page can tell
    (the site line, a status, the announced items) takes no part in equality.
    """

    kind: str
    thread: str
    version: str
    title: str
    sections: tuple[Section, ...]
    issued: dt.datetime | dt.date | None = field(default=None, compare=False)
    items: int | None = field(default=None, compare=False)
    status: str | None = field(default=None, compare=False)
    site: str | None = field(default=None, compare=False)
    outlet: str | None = None
    author: str | None = None
    layout: Layout = field(default=Layout(), compare=False)

    @property
    def order(self) -> int:
        """Where the version stands among those of its thread: by number, or by date as yyyymmdd."""
        return int(self.version.replace("-", ""))


VersionLabel = int | str


def label(version: str) -> VersionLabel:
    """Return a version as commands show and take it: a number, or a date as text."""
    return int(version) if version.isdecimal() and version.isascii() else version


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


def as_written(passage: Passage, start: int, end: int) -> str:
    """Return a slice of a passage as the page has it: with the citation marks among its words."""
    text, at = "", start
    for mark in passage.pointers:
        if start < mark.offset < end:
            text += f"{passage.text[at : mark.offset]}{mark.space}[{mark.number}]"
            at = mark.offset
    return text + passage.text[at:end]


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
