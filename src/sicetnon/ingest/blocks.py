"""The blocks of a page's sections: read from lines, and written back as lines.

One reader per kind of section, in the table `READ`; one writer, `lines`. What opens a line (a
bullet, a list number) is given by the form of the page; where a line opens otherwise, the block
keeps it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator

from sicetnon.errors import PageError
from sicetnon.ingest.dates import is_date, precision
from sicetnon.ingest.marks import put_marks, take_marks
from sicetnon.ingest.source import quoted
from sicetnon.model import Block, Entry, Event, Passage, Position, SectionKind, Tension

EVOLUTION = "Evolution: "
DASH = " — "

_BULLET = {"a": "  • ", "b": ""}
_BULLETED = {
    SectionKind.TIMELINE,
    SectionKind.TENSIONS,
    SectionKind.LIST,
    SectionKind.CLAIMS,
}
_LEAD = re.compile(r"\s*[•*–-]\s+|\s+")
_EVENT = re.compile(r"([0-9-]+): (.*)")
_ENTRY = re.compile(r"(\s*(?:([0-9]{1,6})\. )?)\[([0-9]{1,6})\] (.*)")
_ORIGIN = re.compile(r"(.*) \(([0-9]{4}-[0-9]{2}-[0-9]{2})\)")

Line = tuple[int, str]


def lead_of(kind: SectionKind, form: str) -> str:
    """Return what opens the lines of a kind of section in a form of page."""
    return _BULLET[form] if kind in _BULLETED else ""


def _open(text: str, lead: str) -> tuple[str, str | None]:
    """Split a line from what opens it; the second value is None where that is `lead`."""
    if lead and text.startswith(lead):
        return text[len(lead) :], None
    found = _LEAD.match(text)
    other = found[0] if found else ""
    if other == lead:
        return text[len(lead) :], None
    return text[len(other) :], other


def _paragraphs(written: list[Line], _: dt.date | None, lead: str) -> Iterator[Passage]:
    for line, text in written:
        rest, other = _open(text, lead)
        yield take_marks(rest, line, other)


def _events(written: list[Line], issued: dt.date | None, lead: str) -> Iterator[Block]:
    for line, text in written:
        rest, other = _open(text, lead)
        event = _EVENT.fullmatch(rest)
        if not event or not is_date(event[1]):
            expected = f"'{lead}YYYY-MM-DD: what happened' on a real date"
            raise PageError(line, expected, quoted(text))
        passage = take_marks(event[2], line, other)
        yield Event(event[1], precision(event[1], passage.text, issued), passage)


def _positions(written: list[Line], _: dt.date | None, __: str) -> Iterator[Block]:
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


def _tensions(written: list[Line], issued: dt.date | None, lead: str) -> Iterator[Block]:
    for passage in _paragraphs(written, issued, lead):
        yield Tension(passage)


def _entries(written: list[Line], _: dt.date | None, lead: str) -> Iterator[Block]:
    lines: dict[int, int] = {}
    for line, text in written:
        entry = _ENTRY.fullmatch(text)
        if not entry:
            example = "  7. [7] Title — origin" if lead == "a" else "[7] Title — origin"
            raise PageError(line, repr(example), quoted(text))
        number = int(entry[3])
        if str(number) != entry[3] or entry[2] not in (None, entry[3]):
            ordinal = entry[2] or number
            raise PageError(line, f"'  {ordinal}. [{ordinal}] Title — origin'", quoted(text))
        if number in lines:
            expected = f"a number of its own, since line {lines[number]} has {number}"
            raise PageError(line, expected, quoted(text))
        lines[number] = line
        opening = None if entry[1] == entry_lead(number, lead) else entry[1]
        yield _entry(number, entry[4], line, opening)


def entry_lead(number: int, form: str) -> str:
    """Return what opens the line of an entry in a form of page."""
    return f"  {number}. " if form == "a" else ""


def _entry(number: int, text: str, line: int, lead: str | None) -> Entry:
    title, dash, origin = text.rpartition(DASH)
    if not dash:
        return Entry(number, origin, None, None, line, lead)
    dated = _ORIGIN.fullmatch(origin)
    if dated and is_date(dated[2]):
        return Entry(number, title, dated[1], dt.date.fromisoformat(dated[2]), line, lead)
    return Entry(number, title, origin, None, line, lead)


_Reader = Callable[[list[Line], dt.date | None, str], Iterator[Block]]
_READ: dict[SectionKind, _Reader] = {
    SectionKind.PROSE: _paragraphs,
    SectionKind.LIST: _paragraphs,
    SectionKind.CLAIMS: _paragraphs,
    SectionKind.TIMELINE: _events,
    SectionKind.PERSPECTIVES: _positions,
    SectionKind.TENSIONS: _tensions,
    SectionKind.SOURCES: _entries,
}


def read(
    kind: SectionKind, written: list[Line], issued: dt.date | None, form: str
) -> tuple[Block, ...]:
    """Read the lines of a section; raises PageError for a line that is not of its kind."""
    lead = form if kind is SectionKind.SOURCES else lead_of(kind, form)
    return tuple(_READ[kind](written, issued, lead))


def lines(block: Block, kind: SectionKind, form: str) -> Iterator[Line]:
    """Write a block as the numbered lines that it was read from."""
    lead = lead_of(kind, form)
    match block:
        case Passage():
            yield block.line, _lead(block, lead) + put_marks(block)
        case Event(written=written, passage=passage):
            yield passage.line, f"{_lead(passage, lead)}{written}: {put_marks(passage)}"
        case Tension(passage=passage):
            yield passage.line, _lead(passage, lead) + put_marks(passage)
        case Position(heading=heading, statement=statement, evolution=evolution):
            for passage in (heading, *statement):
                yield passage.line, put_marks(passage)
            if evolution:
                yield evolution.line, EVOLUTION + put_marks(evolution)
        case Entry():
            yield block.line, _written(block, form)


def _lead(passage: Passage, lead: str) -> str:
    return lead if passage.lead is None else passage.lead


def _written(entry: Entry, form: str) -> str:
    lead = entry_lead(entry.number, form) if entry.lead is None else entry.lead
    start = f"{lead}[{entry.number}] {entry.title}"
    if entry.origin is None:
        return start
    date = f" ({entry.issued})" if entry.issued else ""
    return f"{start}{DASH}{entry.origin}{date}"
