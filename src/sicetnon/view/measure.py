"""Widths of text in Arial or Liberation Sans, so that a layout needs no font on the machine."""

from __future__ import annotations

import unicodedata

_NARROW = frozenset("ijl.,:;'|!‘’ftrI()[]/- ")
_WIDE = frozenset("mwMWOQGD@%—&")
# Cut with a margin: Roboto and DejaVu set the same words a little wider than Arial.
_MARGIN = 1.06


def width(text: str, size: float) -> float:
    """Return how wide a line of text is, in the unit of `size`, a little overestimated."""
    return sum(_sign(sign) for sign in text) * size * _MARGIN


def _sign(sign: str) -> float:
    if unicodedata.combining(sign):
        return 0.0
    if unicodedata.east_asian_width(sign) in "WF":
        return 1.0
    if sign in _NARROW:
        return 0.31
    if sign in _WIDE:
        return 0.82
    return 0.69 if sign.isupper() else 0.555


def wrap(text: str, size: float, room: float, lines: int) -> list[str]:
    """Break text into at most `lines` lines of at most `room`; what is cut ends in "…"."""
    done: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if width(longer, size) <= room:
            line = longer
            continue
        if line:
            done.append(line)
        line = word
        while width(line, size) > room:
            head = clip(line, size, room, "-")
            done.append(head)
            line = line[max(len(head) - 1, 1) :]
    done.append(line)
    if len(done) > lines:
        done = [*done[: lines - 1], clip(" ".join(done[lines - 1 :]), size, room, "…")]
    return done


def clip(text: str, size: float, room: float, mark: str = "…") -> str:
    """Cut text to the room there is, and say by `mark` that it was cut."""
    if width(text, size) <= room:
        return text
    end = len(text)
    while end > 1 and width(text[:end] + mark, size) > room:
        end -= 1
    return text[:end].rstrip() + mark
