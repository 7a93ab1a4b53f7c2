"""Read pages: one reader per kind of page, found through one table.

`read` never loses anything in silence: what a reader understood is written back and compared with
the page, and a difference is a refusal that names the line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sicetnon.errors import PageError
from sicetnon.ingest import headers
from sicetnon.ingest.headers import ReadHeader, WriteHeader
from sicetnon.ingest.page import read_page, write_page, written_lines
from sicetnon.ingest.saves import is_save, read_save
from sicetnon.ingest.source import decode, encode, quoted
from sicetnon.model import Page


@dataclass(frozen=True, slots=True)
class Reader:
    """A kind of page: how to recognise it, and to read and write its header."""

    kind: str
    recognises: Callable[[list[str]], bool]
    read_header: ReadHeader
    write_header: WriteHeader
    looks_like: str


SUFFIXES = {".txt", ".md", ".markdown", ".html", ".htm"}

READERS: dict[str, Reader] = {
    reader.kind: reader
    for reader in (
        Reader(
            "history",
            headers.is_history,
            headers.read_history,
            headers.write_history,
            "a title line ending in ' · history' over 'Version N'",
        ),
        Reader(
            "daily",
            headers.is_daily,
            headers.read_daily,
            headers.write_daily,
            "a title line that is a date",
        ),
        Reader(
            "current",
            headers.is_current,
            headers.read_current,
            headers.write_current,
            "a title line over 'closed · vN · YYYY-MM-DD · N items · history' or over its first"
            " section",
        ),
        Reader(
            "item",
            headers.is_item,
            headers.read_item,
            headers.write_item,
            "a title line over 'Outlet · Author · YYYY-MM-DD'",
        ),
    )
}


def read(data: bytes, name: str, thread: str | None = None) -> Page:
    """Read the bytes of a page; `name` is its file name, `thread` overrules the slug found in it.

    Raises PageError, with the line, for anything that could not be written back byte for byte.
    """
    source = decode(data)
    lines = source.text.split("\n")
    top = [text for _, text in written_lines(lines[:40])][:3]
    for reader in READERS.values():
        if reader.recognises(top):
            page = read_page(reader.kind, lines, thread, name, reader.read_header)
            _compare(write_page(page, reader.write_header), source.text)
            layout = replace(page.layout, encoding=source.encoding, newline=source.newline)
            return replace(page, layout=layout)
    expected = ", or ".join(reader.looks_like for reader in READERS.values())
    first = next(((i, line) for i, line in enumerate(lines, 1) if line.strip()), (1, ""))
    raise PageError(first[0], expected, quoted(first[1]))


def read_any(
    data: bytes, name: str, thread: str | None = None
) -> tuple[Page, list[dict[str, object]]]:
    """Read a page as text, or a Markdown or HTML save of one; the list tells what was lost."""
    if is_save(data, name):
        return read_save(data, name, thread, read)
    return read(data, name, thread), []


def write_text(page: Page) -> str:
    """Return the text of a page, with line feeds, as its reader's kind writes it."""
    return write_page(page, READERS[page.kind].write_header)


def write(page: Page) -> bytes:
    """Return the bytes of the file that a page was read from."""
    return encode(write_text(page), page.layout.encoding, page.layout.newline)


def _compare(written: str, text: str) -> None:
    if written == text:
        return
    ours, theirs = written.split("\n"), text.split("\n")
    for number, (mine, found) in enumerate(zip(ours, theirs, strict=False), 1):
        if mine != found:
            raise PageError(number, quoted(mine), quoted(found))
    shorter = min(len(ours), len(theirs))
    raise PageError(shorter, f"{len(ours)} lines", f"{len(theirs)} lines")
