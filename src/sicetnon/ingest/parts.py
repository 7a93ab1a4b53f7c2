"""What a save is cut into before it is a page: parts, and what no part can hold."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from sicetnon.ingest.dates import is_date

BREAK = "\v"

_SPACES = re.compile(r"[ \t\n\r\f]+")
_MOMENT = re.compile(r"([0-9-]{10})[T ]([0-9]{2}:[0-9]{2})(?::[0-9.]+)?(?:Z|[+-]00:?00)")
_NO_TEXT = re.compile("[\ud800-\udfff]")


class Loss(NamedTuple):
    """Something of a save that did not go into the page."""

    offset: int
    what: str
    text: str


class Piece(NamedTuple):
    """A run of text, or a line break; `date` is what `<time datetime>` says beside the text."""

    text: str
    offset: int
    date: str = ""

    def exact(self) -> str:
        """Return the text, or the date in its stead where the text says it in another way."""
        moment = _MOMENT.fullmatch(self.date)
        date = f"{moment[1]} {moment[2]} UTC" if moment else self.date[:10]
        known = len(date) >= 10 and is_date(date[:10])
        return date if known and not self.text.strip().startswith(date[:10]) else self.text


@dataclass(slots=True)
class Part:
    """A heading, paragraph or bullet.

    `number` is what its list gives it, and `sure` where the list says so rather than counts;
    `lead` marks the line under the title that `render` writes.
    """

    offset: int
    level: int = 0
    bullet: bool = False
    number: int | None = None
    sure: bool = False
    lead: bool = False
    pieces: list[Piece] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text in one line."""
        return " ".join(filter(None, self.lines()))

    def lines(self, *, exact: bool = False) -> list[str]:
        """Return the text as `<br>` breaks it, with dates as a text page has them if `exact`."""
        runs: list[list[str]] = [[]]
        for piece in self.pieces:
            if piece.text == BREAK:
                runs.append([])
                continue
            text = collapsed(piece.exact() if exact else piece.text)
            spaced = not runs[-1] or runs[-1][-1].endswith(" ")
            if text := text.lstrip(" ") if spaced else text:
                runs[-1].append(text)
        return ["".join(run).strip(" ") for run in runs]

    def loss(self, what: str, text: str, offset: int | None = None) -> Loss:
        """Return something lost of this part."""
        return Loss(self.offset if offset is None else offset, what, text)


def collapsed(text: str) -> str:
    """Turn what breaks a line in the source into one space; mere spaces stay as they are."""
    return _SPACES.sub(
        lambda run: " " if run[0].strip(" ") else run[0], _NO_TEXT.sub("\ufffd", text)
    )
