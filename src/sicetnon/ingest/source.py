"""From the bytes of a file to text, or a refusal that says what the bytes look like."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from sicetnon.errors import PageError

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_SHOWN = 80
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a file with line feeds only, and what its bytes were."""

    text: str
    encoding: str
    newline: str


def quoted(text: str) -> str:
    """Quote a line for a message: escaped, and cut where it is long."""
    return "an empty line" if not text else repr(text if len(text) <= _SHOWN else text[:79] + "…")


def decode(data: bytes) -> Source:
    """Decode UTF-8, or UTF-16 under a byte order mark; raises PageError where that is not certain.

    Line ends must be of one kind, since a mixture would not come back as it was.
    """
    if not data.strip():
        raise PageError(1, "a page", "an empty file")
    text, encoding = _text(data)
    newline = "\r\n" if "\r\n" in text else "\n"
    if newline == "\r\n":
        if stray := re.search(r"(?<!\r)\n", text):
            line = text.count("\n", 0, stray.start()) + 1
            raise PageError(line, "lines that all end in CR LF, as the first does", "one in LF")
        text = text.replace("\r\n", "\n")
    if not text.strip():
        raise PageError(1, "a page", "an empty file")
    if control := _CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        alone = "a carriage return alone"
        found = alone if control[0] == "\r" else f"the control character {control[0]!r}"
        raise PageError(line, "plain text", found)
    return Source(text, encoding, newline)


def encode(text: str, encoding: str, newline: str) -> bytes:
    """Give the bytes that `decode` had."""
    mark = next((mark for mark, name in _MARKS.items() if name == encoding), b"")
    name = "utf-8" if encoding == "utf-8-sig" else encoding
    return mark + text.replace("\n", newline).encode(name)


def _text(data: bytes) -> tuple[str, str]:
    mark = next((mark for mark in _MARKS if data.startswith(mark)), b"")
    encoding = _MARKS.get(mark, "utf-8")
    name = "utf-8" if encoding == "utf-8-sig" else encoding
    try:
        return data[len(mark) :].decode(name), encoding
    except UnicodeDecodeError as error:
        at = error.start + len(mark)
        line = data.count(b"\n", 0, at) + 1
        what = name.upper() + " text"
        raise PageError(line, what, f"the byte 0x{data[min(at, len(data) - 1)]:02x}") from None
