"""Citation marks: `[7]` in a line of text ⇄ a pointer beside the text."""

from __future__ import annotations

import re

from sicetnon.errors import PageError
from sicetnon.model import Passage, Pointer

_MARK = re.compile(r"( *)\[([1-9][0-9]{0,5})\]")


def take_marks(text: str, line: int, lead: str | None = None) -> Passage:
    """Split a line into its words and its pointers; the spaces before a mark go with the mark."""
    if "[" not in text:
        return Passage(text, (), line, lead)
    words: list[str] = []
    pointers: list[Pointer] = []
    offset = end = 0
    for mark in _MARK.finditer(text):
        words.append(text[end : mark.start()])
        offset += mark.start() - end
        pointers.append(Pointer(offset, int(mark[2]), mark[1]))
        end = mark.end()
    words.append(text[end:])
    bare = "".join(words)
    if nested := _MARK.search(bare):
        raise PageError(line, "citation marks side by side", f"one inside another: {nested[0]!r}")
    return Passage(bare, tuple(pointers), line, lead)


def put_marks(passage: Passage) -> str:
    """Write a passage with its citation marks where they stood."""
    if not passage.pointers:
        return passage.text
    parts: list[str] = []
    end = 0
    for pointer in passage.pointers:
        parts.append(passage.text[end : pointer.offset])
        parts.append(f"{pointer.space}[{pointer.number}]")
        end = pointer.offset
    parts.append(passage.text[end:])
    return "".join(parts)
