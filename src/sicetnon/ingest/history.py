"""The history page of a thread: read it, and write it back byte for byte.

Its form: a site line, a title that ends in ` · history`, `Version N`, date and item count, then
headed sections; bullets `  • `, numbered sources `  7. [7] Title — origin`, blank lines between
blocks. Where each line stands is kept, so further blank lines survive as well.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator

from sicetnon.errors import PageError
from sicetnon.ingest import blocks
from sicetnon.ingest.blocks import Line
from sicetnon.ingest.source import quoted
from sicetnon.model import Entry, HeaderLines, Page, Section, SectionKind
from sicetnon.terms import is_slug, slug

SUFFIX = " · history"
HEADINGS = {
    "Narrative": SectionKind.PROSE,
    "Timeline": SectionKind.TIMELINE,
    "Perspectives": SectionKind.PERSPECTIVES,
    "Tensions": SectionKind.TENSIONS,
    "Sources": SectionKind.SOURCES,
}

_VERSION = re.compile(r"Version ([0-9]{1,9})")
_ISSUED = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}) UTC · ([0-9]{1,9}) items")
_REACTIVE = re.compile(r"reactive:([\w-]+)")
_FILE_VERSION = re.compile(r"(.+)-v([0-9]+)")


def recognises(lines: list[str]) -> bool:
    """Say whether a title with the history suffix and a version line open the page."""
    top = [text for _, text in _written(lines[:40])][:3]
    return any(
        text.endswith(SUFFIX) and (len(top) <= i + 1 or _VERSION.fullmatch(top[i + 1]))
        for i, text in enumerate(top[:2])
    )


def read(lines: list[str], thread: str | None, name: str) -> Page:
    """Read the lines of a history page; `name` may help to find the thread's slug."""
    written = list(_written(lines))
    site, title, version, issued = _header(written)
    rest = written[4 if site else 3 :]
    when, items = _issued(*issued)
    sections = tuple(_sections(rest, when.date()))
    number = int(_VERSION.fullmatch(version[1])[1])  # type: ignore[index]
    heading = title[1].removesuffix(SUFFIX)
    return Page(
        kind="history",
        thread=thread or _thread(sections, heading, number, name),
        version=number,
        title=heading,
        issued=when,
        items=items,
        sections=sections,
        site=site[1] if site else None,
        header=HeaderLines(site[0] if site else 0, title[0], version[0], issued[0]),
        final_newlines=len(lines) - written[-1][0],
    )


def write(page: Page) -> str:
    """Write a page with every line where it stood."""
    placed: dict[int, str] = {}
    for line, text in _lines(page):
        if line <= max(placed, default=0):
            raise PageError(line, "lines in ascending order", quoted(text))
        placed[line] = text
    last = max(placed)
    return "\n".join(placed.get(n, "") for n in range(1, last + 1)) + "\n" * page.final_newlines


def _written(lines: list[str]) -> Iterator[Line]:
    for number, text in enumerate(lines, 1):
        if text.strip():
            yield number, text
        elif text:
            raise PageError(number, "an empty line", quoted(text))


def _header(written: list[Line]) -> tuple[Line | None, Line, Line, Line]:
    site = None if written[0][1].endswith(SUFFIX) else written[0]
    rest = written[1:] if site else written
    wanted = (f"a title ending in {SUFFIX!r}", "'Version N'", "'YYYY-MM-DD HH:MM UTC · N items'")
    if len(rest) < len(wanted):
        raise PageError(written[-1][0] + 1, wanted[len(rest)], "the end of the page")
    return site, rest[0], rest[1], rest[2]


def _issued(line: int, text: str) -> tuple[dt.datetime, int]:
    match = _ISSUED.fullmatch(text)
    if not match:
        raise PageError(line, "'YYYY-MM-DD HH:MM UTC · N items'", quoted(text))
    try:
        when = dt.datetime.strptime(match[1] + " +0000", "%Y-%m-%d %H:%M %z")
    except ValueError:
        raise PageError(line, "a date of the calendar", quoted(text)) from None
    return when, int(match[2])


def _sections(written: list[Line], issued: dt.date) -> Iterator[Section]:
    if written and written[0][1] not in HEADINGS:
        expected = "a heading: " + ", ".join(HEADINGS)
        raise PageError(written[0][0], expected, quoted(written[0][1]))
    starts = [i for i, (_, text) in enumerate(written) if text in HEADINGS]
    seen: dict[str, int] = {}
    for start, end in zip(starts, [*starts[1:], len(written)], strict=True):
        line, heading = written[start]
        if heading in seen:
            found = f"a second one; the first is on line {seen[heading]}"
            raise PageError(line, f"one section {heading!r}", found)
        seen[heading] = line
        kind = HEADINGS[heading]
        read = tuple(blocks.READ[kind](written[start + 1 : end], issued))
        yield Section(kind, heading, read, line)


def _thread(sections: tuple[Section, ...], title: str, version: int, name: str) -> str:
    """Find the thread's slug: in the origins, in a file name `slug-vN`, or else in the title."""
    origins = Counter(
        match[1]
        for section in sections
        for block in section.blocks
        if isinstance(block, Entry) and (match := _REACTIVE.fullmatch(block.origin or ""))
    )
    for candidate, _ in origins.most_common(1):
        if is_slug(candidate):
            return candidate
    named = _FILE_VERSION.fullmatch(name.rpartition("/")[2].partition(".")[0])
    if named and int(named[2]) == version and is_slug(named[1]):
        return named[1]
    return slug(title)


def _lines(page: Page) -> Iterator[Line]:
    if page.site is not None:
        yield page.header.site, page.site
    yield page.header.title, page.title + SUFFIX
    yield page.header.version, f"Version {page.version}"
    yield page.header.issued, f"{page.issued:%Y-%m-%d %H:%M} UTC · {page.items} items"
    for section in page.sections:
        yield section.line, section.heading
        for block in section.blocks:
            yield from blocks.lines(block)
