"""A page under its header: sections, the thread it belongs to, and writing it all back."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator

from sicetnon.errors import PageError
from sicetnon.ingest import blocks
from sicetnon.ingest.blocks import Line
from sicetnon.ingest.headers import Header, ReadHeader, WriteHeader, file_version
from sicetnon.ingest.marks import put_marks, take_marks
from sicetnon.ingest.source import quoted
from sicetnon.model import Entry, Layout, Page, Passage, Section, SectionKind
from sicetnon.terms import is_slug, slug

_HEADINGS = {
    "What": SectionKind.PROSE,
    "Why it matters": SectionKind.PROSE,
    "Open questions": SectionKind.LIST,
    "Narrative": SectionKind.PROSE,
    "Timeline": SectionKind.TIMELINE,
    "Perspectives": SectionKind.PERSPECTIVES,
    "Tensions": SectionKind.TENSIONS,
    "Sources": SectionKind.SOURCES,
}
_ITEM_HEADINGS = {
    "Appears in": SectionKind.LIST,
    "Extraction": SectionKind.PROSE,
    "Claims": SectionKind.CLAIMS,
    "Key quotes": SectionKind.LIST,
    "Sources": SectionKind.SOURCES,
}
_NEWS = re.compile(r"What[’']s new in v[0-9]+")
_INLINE = re.compile(r"(Topics): (.*)")
_REACTIVE = re.compile(r"reactive:([\w-]+)")
_HEADING_LENGTH = 60


def written_lines(lines: list[str]) -> list[Line]:
    """Return the lines that hold text, numbered from 1; a line of mere spaces is refused."""
    found = []
    for number, text in enumerate(lines, 1):
        if text.strip():
            found.append((number, text))
        elif text:
            raise PageError(number, "an empty line", quoted(text))
    return found


def read_page(
    kind: str, lines: list[str], thread: str | None, name: str, read_header: ReadHeader
) -> Page:
    """Read a page of a known kind; `name` is its file name and may tell thread and version."""
    written = written_lines(lines)
    header = read_header(written, name)
    form = "a" if any(not text for text in lines[: written[-1][0] - 1]) else "b"
    issued = header.issued.date() if isinstance(header.issued, dt.datetime) else header.issued
    sections = tuple(_sections(kind, written[header.used :], issued, form))
    layout = Layout(
        form=form,
        header=tuple(line for line, _ in written[: header.used]),
        final_newlines=len(lines) - written[-1][0],
    )
    return Page(
        kind=kind,
        thread=thread or _thread(kind, sections, header, name),
        version=header.version,
        title=header.title,
        sections=sections,
        issued=header.issued,
        items=header.items,
        status=header.status,
        site=header.site,
        outlet=header.outlet,
        author=header.author,
        layout=layout,
    )


def write_page(page: Page, write_header: WriteHeader) -> str:
    """Write a page with every line where it stood."""
    written: list[str] = []
    for line, text in _lines(page, write_header):
        if line <= len(written):
            raise PageError(line, "lines in ascending order", quoted(text))
        written.extend([""] * (line - len(written) - 1))
        written.append(text)
    return "\n".join(written) + "\n" * page.layout.final_newlines


def _lines(page: Page, write_header: WriteHeader) -> Iterator[Line]:
    yield from zip(page.layout.header, write_header(page), strict=True)
    form = page.layout.form
    for section in page.sections:
        if _is_inline(section):
            (block,) = section.blocks
            assert isinstance(block, Passage)
            yield section.line, f"{section.heading}: {put_marks(block)}"
            continue
        if section.heading:
            yield section.line, section.heading
        for block in section.blocks:
            yield from blocks.lines(block, section.kind, form)


def _is_inline(section: Section) -> bool:
    return (
        bool(section.heading)
        and len(section.blocks) == 1
        and isinstance(section.blocks[0], Passage)
        and section.blocks[0].line == section.line
    )


def _sections(
    kind: str, written: list[Line], issued: dt.date | None, form: str
) -> Iterator[Section]:
    starts = [i for i in range(len(written)) if _kind_of(kind, written, i)]
    if written and kind in {"history", "current"} and (not starts or starts[0]):
        expected = "a heading: " + ", ".join(_HEADINGS)
        raise PageError(written[0][0], expected, quoted(written[0][1]))
    if starts[:1] != [0] and written:
        above = written[: starts[0]] if starts else written
        read = blocks.read(SectionKind.PROSE, above, issued, form)
        yield Section(SectionKind.PROSE, "", read, above[0][0])
    seen: dict[str, int] = {}
    for start, end in zip(starts, [*starts[1:], len(written)], strict=False):
        line, text = written[start]
        section = _kind_of(kind, written, start)
        assert section
        inline = _INLINE.fullmatch(text) if kind == "item" else None
        heading = inline[1] if inline else text
        if heading in seen:
            found = f"a second one; the first is on line {seen[heading]}"
            raise PageError(line, f"one section {heading!r}", found)
        seen[heading] = line
        read = blocks.read(section, written[start + 1 : end], issued, form)
        if inline:
            read = (take_marks(inline[2], line), *read)
        yield Section(section, heading, read, line)


def _kind_of(kind: str, written: list[Line], at: int) -> SectionKind | None:
    """Say what the heading at a line opens; None where the line is no heading."""
    text = written[at][1]
    if kind in {"history", "current"}:
        return SectionKind.LIST if _NEWS.fullmatch(text) else _HEADINGS.get(text)
    if kind == "item":
        return SectionKind.PROSE if _INLINE.fullmatch(text) else _ITEM_HEADINGS.get(text)
    if text in _HEADINGS:
        return _HEADINGS[text]
    return SectionKind.PROSE if _looks_like_heading(written, at) else None


def _looks_like_heading(written: list[Line], at: int) -> bool:
    """Tell a heading of a daily page, whose headings are not known beforehand, by its shape."""
    text = written[at][1]
    return (
        at > 0
        and at + 1 < len(written)
        and len(text) <= _HEADING_LENGTH
        and bool(re.fullmatch(r"\w.*[\w)”\"’'%]", text))
        and not re.search(r"\[[0-9]+\]", text)
        and len(written[at + 1][1]) > len(text)
    )


def _thread(kind: str, sections: tuple[Section, ...], header: Header, name: str) -> str:
    """Find the thread's slug: in the origins, in a file name `slug-vN`, or else in the title."""
    if kind == "daily":
        return "daily"
    if kind == "item":
        return slug(header.title)
    origins = Counter(
        match[1]
        for section in sections
        for block in section.blocks
        if isinstance(block, Entry) and (match := _REACTIVE.fullmatch(block.origin or ""))
    )
    for candidate, _ in origins.most_common(1):
        if is_slug(candidate):
            return candidate
    named = file_version(name)
    if named and named[1] == header.version and is_slug(named[0]):
        return named[0]
    return slug(header.title)
