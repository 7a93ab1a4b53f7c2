"""The parts of a save set as the lines of a text page of form a."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from sicetnon.ingest import headers
from sicetnon.ingest.blocks import EVOLUTION, entry_lead, lead_of
from sicetnon.ingest.dates import MONTHS, is_date
from sicetnon.ingest.parts import Loss, Part
from sicetnon.model import SectionKind
from sicetnon.terms import slug

_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_HEAD = re.compile(  # the one line under the title of a page that `render` wrote
    rf"(?:(.+?) · )?Version ([0-9]{{1,9}})(?: · ({_DAY}(?: [0-9]{{2}}:[0-9]{{2}} UTC)?))?"
    r"(?: · ([0-9]{1,9}) items)?(?: · (.+))?"
)
_ISSUED = re.compile(rf"{_DAY} [0-9]{{2}}:[0-9]{{2}} UTC · [0-9]{{1,9}} items")
_DATE = re.compile(
    r"(?:([0-9]{4}(?:-[0-9]{2}){0,2})"
    r"|(?:([0-9]{1,2}) )?([A-Z][a-z]{2,8})\.? (?:([0-9]{1,2}), )?([0-9]{4}))"
)
_AFTER_DATE = re.compile(r" *(?::|[—–-](?= )) *")
_MARK = re.compile(r"\[([1-9][0-9]{0,5})\] +")
_BULLET = lead_of(SectionKind.LIST, "a")
_TOPICS = "Topics"


class Row(NamedTuple):
    """A line of the text page, and where in the save it comes from; tight rows follow at once."""

    text: str
    offset: int
    tight: bool = False


class Setting:
    """The parts of a save set as rows; what a row cannot hold is added to the losses."""

    def __init__(self, parts: list[Part], name: str, lost: list[Loss]) -> None:
        self.name, self.lost = name, lost
        self.item = False
        title = next((i for i, part in enumerate(parts) if part.level == 1), 0)
        self.rows = [Row(part.text, part.offset) for part in parts[:title]]
        body = parts[title:]
        if body and body[0].level == 1:
            body = body[self._head(body) :]
        for section, held in _sections(body):
            self.rows += self._section(section, held)

    def _head(self, parts: list[Part]) -> int:
        """Set the header; return how many parts it took."""
        title, start = parts[0].text, parts[0].offset
        under = [part for part in parts[1:3] if not part.level]
        lines = [line for part in under[:1] for line in part.lines(exact=True) if line]
        after = " · ".join(filter(None, under[1].lines(exact=True))) if under[1:] else ""
        two = bool(_ISSUED.fullmatch(after))
        one = " · ".join([*lines, after] if two else lines)
        used = 3 if two else 2
        found = _HEAD.fullmatch(one)
        if found and (rows := self._thread(title, *found.groups())):
            self.rows += [Row(text, start if i < 2 else under[0].offset) for i, text in rows]
            return used
        daily = is_date(title) and one == title
        self.rows.append(Row(title, start))
        self.item = headers.is_item([title, one])
        if daily or self.item or (one and headers.is_current([title, one])):
            self.rows += [] if daily else [Row(one, under[0].offset)]
            return 2
        return 1

    def _thread(
        self, title: str, site: str | None, version: str, date: str | None, *rest: str | None
    ) -> list[tuple[int, str]]:
        """Give the lines of the header of a thread's page; none where it is already in lines."""
        items, status = rest
        above = [(0, site)] if site else []
        if date and date.endswith("UTC") and items and not status:
            named = title.removesuffix(headers.SUFFIX) + headers.SUFFIX
            return [*above, (1, named), (2, f"Version {version}"), (3, f"{date} · {items} items")]
        if date and items and status:
            line = f"{status} · v{version} · {date} · {items} items · history"
            return [*above, (1, title), (2, line)]
        if date or items or title.endswith(headers.SUFFIX):
            return []
        told = headers.file_version(self.name)
        if not told or told[1] != str(int(version)):
            self.name = f"{slug(title)}-v{version}"
        return [(1, title)]

    def _section(self, heading: Part | None, parts: list[Part]) -> Iterator[Row]:
        name = heading.text if heading else ""
        if heading and name == _TOPICS and self.item and parts:
            yield Row(f"{name}: {parts[0].text}", heading.offset)
            parts = parts[1:]
        elif heading:
            yield Row(name, heading.offset)
        if name == "Sources":
            yield from _entries(parts)
            return
        follows = False
        for part in parts:
            if name == "Timeline":
                yield Row(_BULLET + self._event(part), part.offset, tight=follows)
            elif part.bullet:
                yield Row(_BULLET + part.text, part.offset, tight=follows)
            else:
                yield from (Row(text, part.offset) for text in _paragraphs(part))
            follows = part.bullet or name == "Timeline"

    def _event(self, part: Part) -> str:
        """Write an event with its date first, as exact as the save tells it."""
        piece = next((piece for piece in part.pieces if piece.text.strip()), None)
        shown = _DATE.match(part.text)
        if piece and piece.date and part.text.startswith(piece.text.strip()):
            said, rest = piece.text.strip(), part.text[len(piece.text.strip()) :]
            written = said if is_date(said) else piece.date[:10]
        elif shown and _AFTER_DATE.match(part.text, shown.end()):
            said, rest, written = shown[0], part.text[shown.end() :], _iso(shown)
        else:
            return part.text
        apart = bool(piece and piece.text.strip() == said)
        if len(written) < 10 and (apart or said != written):
            at = piece.offset if piece else part.offset
            self.lost.append(part.loss("written form of the date", said, at))
        after = _AFTER_DATE.match(rest)
        return f"{written}: {(rest[after.end() :] if after else rest).strip(' ')}"


def _sections(parts: list[Part]) -> Iterator[tuple[Part | None, list[Part]]]:
    """Gather the parts under their headings; holders stay parts of their section."""
    heading: Part | None = None
    held: list[Part] = []
    for part in parts:
        if part.level in {1, 2} or part.text in {"Timeline", "Perspectives", "Sources"}:
            if heading or held:
                yield heading, held
            heading, held = part, []
        else:
            held.append(part)
    if heading or held:
        yield heading, held


def _paragraphs(part: Part) -> Iterator[str]:
    """Cut a paragraph at an empty line in it, and before how a perspective evolved."""
    open_: list[str] = []
    for line in part.lines():
        if open_ and (not line or line.startswith(EVOLUTION)):
            yield " ".join(open_)
            open_ = []
        open_ += [line] if line else []
    if open_:
        yield " ".join(open_)


def _entries(parts: list[Part]) -> Iterator[Row]:
    """Number the sources: by list, or by marks that all have where the list's number is a guess."""
    marks = [_MARK.match(part.text) for part in parts]
    numbers = [int(mark[1]) if mark else None for mark in marks]
    listed = [part.number for part in parts]
    guess = not any(part.sure for part in parts) or None in listed
    repeated = all(numbers) and (guess or numbers == listed)
    for part, mark in zip(parts, marks, strict=True):
        text = " ".join(filter(None, part.lines(exact=True)))
        number = int(mark[1]) if mark and (repeated or part.number is None) else part.number
        if mark and number is not None and (repeated or part.number is None):
            text = text[mark.end() :]
        lead = f"{entry_lead(number, 'a')}[{number}] " if number is not None else _BULLET
        yield Row(lead + text, part.offset, tight=part is not parts[0])


def _iso(date: re.Match[str]) -> str:
    year, day = date[1] or date[5], date[2] or date[4]
    month = next((i for i, m in enumerate(MONTHS, 1) if (date[3] or "?") in {m, m[:3]}), None)
    if date[1] or month is None:
        return date[1] or date[0]
    return f"{year}-{month:02}" + (f"-{int(day):02}" if day else "")
