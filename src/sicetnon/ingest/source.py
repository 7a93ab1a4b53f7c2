"""From the bytes of a file to text, or a refusal that says what the bytes look like."""

from __future__ import annotations

import re

from sicetnon.errors import PageError

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_SHOWN = 80


def quoted(text: str) -> str:
    """Quote a line for a message: escaped, and cut where it is long."""
    return "an empty line" if not text else repr(text if len(text) <= _SHOWN else text[:79] + "…")


def decode(data: bytes) -> str:
    """Decode a page: UTF-8 with line feeds, since all else would come back changed."""
    if not data.strip():
        raise PageError(1, "a page", "an empty file")
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise PageError(1, "UTF-8 without a byte order mark", f"the bytes {data[:3].hex(' ')}")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PageError(line, "UTF-8 text", f"the byte 0x{data[error.start]:02x}") from None
    if control := _CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        what = (
            "a carriage return" if control[0] == "\r" else f"the control character {control[0]!r}"
        )
        raise PageError(line, "plain text with line feeds", what)
    return text
