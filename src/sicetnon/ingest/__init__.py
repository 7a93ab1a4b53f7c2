"""Read pages: one reader per kind of page, found through one table.

`read` never loses anything in silence: what a reader understood is written back and compared with
the page, and a difference is a refusal that names the line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sicetnon.errors import PageError
from sicetnon.ingest import history
from sicetnon.ingest.source import decode, quoted
from sicetnon.model import Page


@dataclass(frozen=True, slots=True)
class Reader:
    """A kind of page: how to recognise it, read it and write it back."""

    kind: str
    recognises: Callable[[list[str]], bool]
    read: Callable[[list[str], str | None, str], Page]
    write: Callable[[Page], str]
    looks_like: str


READERS: dict[str, Reader] = {
    reader.kind: reader
    for reader in (
        Reader(
            "history",
            history.recognises,
            history.read,
            history.write,
            "a title line ending in ' · history', then 'Version N', then 'YYYY-MM-DD HH:MM UTC · N"
            " items'",
        ),
    )
}


def read(data: bytes, name: str, thread: str | None = None) -> Page:
    """Read the bytes of a page; `name` is its file name, `thread` overrules the slug found in it.

    Raises PageError, with the line, for anything that could not be written back byte for byte.
    """
    text = decode(data)
    lines = text.split("\n")
    for reader in READERS.values():
        if reader.recognises(lines):
            page = reader.read(lines, thread, name)
            _compare(reader.write(page), text)
            return page
    expected = " or ".join(reader.looks_like for reader in READERS.values())
    first = next(((i, line) for i, line in enumerate(lines, 1) if line.strip()), (1, ""))
    raise PageError(first[0], expected, quoted(first[1]))


def write(page: Page) -> str:
    """Return the text of a page as its reader's kind writes it."""
    return READERS[page.kind].write(page)


def _compare(written: str, text: str) -> None:
    if written == text:
        return
    ours, theirs = written.split("\n"), text.split("\n")
    for number, (mine, found) in enumerate(zip(ours, theirs, strict=False), 1):
        if mine != found:
            raise PageError(number, quoted(mine), quoted(found))
    shorter = min(len(ours), len(theirs))
    raise PageError(shorter, f"{len(ours)} lines", f"{len(theirs)} lines")
