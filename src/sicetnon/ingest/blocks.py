"""The blocks of a page's sections: read from lines, and written back as lines.

One reader per kind of section, in the table `READ`; one writer, `lines`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator

from sicetnon.errors import PageError
from sicetnon.ingest.dates import is_date, precision
from sicetnon.ingest.marks import put_marks, strip_prefix, take_marks
from sicetnon.ingest.source import quoted
from sicetnon.model import Block, Entry, Event, Passage, Position, SectionKind, Tension

BULLET = "  • "
EVOLUTION = "Evolution: "
DASH = " — "

_EVENT = re.compile(r"([0-9-]+): (.*)")
_ENTRY = re.compile(r"  ([0-9]{1,6})\. \[([0-9]{1,6})\] (.*)")
_ORIGIN = re.compile(r"(.*) \(([0-9]{4}-[0-9]{2}-[0-9]{2})\)")

Line = tuple[int, str]


def _paragraphs(written: list[Line], _: dt.date) -> Iterator[Block]:
    for line, text in written:
        yield take_marks(text, line)


def _events(written: list[Line], issued: dt.date) -> Iterator[Block]:
    for line, text in written:
        event = _EVENT.fullmatch(strip_prefix(text, BULLET, line))
        if not event or not is_date(event[1]):
            raise PageError(line, "'  • YYYY-MM-DD: what happened' on a real date", quoted(text))
        passage = take_marks(event[2], line)
        yield Event(event[1], precision(event[1], passage.text, issued), passage)


def _positions(written: list[Line], _: dt.date) -> Iterator[Block]:
    open_: list[Passage] = []
    for i, (line, text) in enumerate(written):
        if text.startswith(EVOLUTION):
            if not open_:
                raise PageError(line, "a holder and a statement before it", quoted(text))
            yield _position(open_, take_marks(text.removeprefix(EVOLUTION), line))
            open_ = []
            continue
        follower = written[i + 1][1] if i + 1 < len(written) else ""
        if len(open_) > 1 and _names_holder(text) and not follower.startswith(EVOLUTION):
            yield _position(open_, None)
            open_ = []
        open_.append(take_marks(text, line))
    if open_:
        yield _position(open_, None)


def _position(passages: list[Passage], evolution: Passage | None) -> Position:
    return Position(passages[0], tuple(passages[1:]), evolution)


def _names_holder(text: str) -> bool:
    """Tell the next holder from a further paragraph where an Evolution line is missing."""
    return len(text) <= 160 and not re.search(r"[.?!…:;][\"'”’)\]]*$|\[[0-9]+\]$", text)


def _tensions(written: list[Line], _: dt.date) -> Iterator[Block]:
    for line, text in written:
        yield Tension(take_marks(strip_prefix(text, BULLET, line), line))


def _entries(written: list[Line], _: dt.date) -> Iterator[Block]:
    lines: dict[int, int] = {}
    for line, text in written:
        entry = _ENTRY.fullmatch(text)
        if not entry:
            raise PageError(line, "'  7. [7] Title — origin'", quoted(text))
        number = int(entry[1])
        if entry[1] != entry[2]:
            raise PageError(line, f"'  {number}. [{number}] Title — origin'", quoted(text))
        if number in lines:
            expected = f"a number of its own, since line {lines[number]} has {number}"
            raise PageError(line, expected, quoted(text))
        lines[number] = line
        title, dash, origin = entry[3].rpartition(DASH)
        if not dash:
            yield Entry(number, origin, None, None, line)
            continue
        dated = _ORIGIN.fullmatch(origin)
        if dated and is_date(dated[2]):
            yield Entry(number, title, dated[1], dt.date.fromisoformat(dated[2]), line)
        else:
            yield Entry(number, title, origin, None, line)


READ: dict[SectionKind, Callable[[list[Line], dt.date], Iterator[Block]]] = {
    SectionKind.PROSE: _paragraphs,
    SectionKind.TIMELINE: _events,
    SectionKind.PERSPECTIVES: _positions,
    SectionKind.TENSIONS: _tensions,
    SectionKind.SOURCES: _entries,
}


def lines(block: Block) -> Iterator[Line]:
    """Write a block as the numbered lines that it was read from."""
    match block:
        case Passage():
            yield block.line, put_marks(block)
        case Event(written=written, passage=passage):
            yield passage.line, f"{BULLET}{written}: {put_marks(passage)}"
        case Tension(passage=passage):
            yield passage.line, BULLET + put_marks(passage)
        case Position(heading=heading, statement=statement, evolution=evolution):
            for passage in (heading, *statement):
                yield passage.line, put_marks(passage)
            if evolution:
                yield evolution.line, EVOLUTION + put_marks(evolution)
        case Entry():
            yield block.line, _entry(block)


def _entry(entry: Entry) -> str:
    start = f"  {entry.number}. [{entry.number}] {entry.title}"
    if entry.origin is None:
        return start
    date = f" ({entry.issued})" if entry.issued else ""
    return f"{start}{DASH}{entry.origin}{date}"
