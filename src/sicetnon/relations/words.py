"""Words and sentences with their offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import sentencex

_TOKEN = re.compile(
    r"['’]s\b(?=[^\w]|$)|[^\W_]+(?:['’](?!s\b)[^\W\d_]+|\.[^\W_]+)*|[,;:?!()\[\]—–/&\"'‘’“”…]|-"
)
_ALIKE = {"’s": "'s", "&": "and", "–": "—"}
_LONE = re.compile("[\ud800-\udfff]")
_OTHERS = re.compile(r"(?<=\bet al\. )(?=[A-Z][\w-]+(?:['’]s | et al\.| and [A-Z]))")
_PIECE, _LONGEST = 8_000, 4_000


class Token(NamedTuple):
    """A word or a mark; `low` is how it compares, `tied` says that a hyphen ties it to the last."""

    low: str
    text: str
    start: int
    end: int
    tied: bool = False

    @property
    def word(self) -> bool:
        """Whether this is a word rather than a mark."""
        return self.low[0].isalnum()


_token = tuple.__new__  # a page has thousands of them, and a call of Token takes twice the time


def tokens(text: str, offset: int = 0) -> list[Token]:
    """Return the words and marks of a text; hyphens inside words tie, full stops are left out."""
    found: list[Token] = []
    tied = False
    for match in _TOKEN.finditer(text):
        piece = match[0]
        start, end = match.span()
        if piece == "-":
            inside = start > 0 and end < len(text) and text[start - 1].isalnum()
            if inside and text[end].isalnum():
                tied = True
                continue
            piece = "—"
        low = _ALIKE.get(piece) or piece.casefold()
        if "’" in low and len(low) > 1:
            low = low.replace("’", "'")
        found.append(_token(Token, (low, piece, offset + start, offset + end, tied)))
        tied = False
    return found


@lru_cache(4096)
def low(text: str) -> tuple[str, ...]:
    """Return the words of a text as they compare, without marks."""
    pieces = _TOKEN.findall(text)
    return tuple(p.casefold().replace("’", "'") for p in pieces if p[0].isalnum())


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of every sentence, without the space around it.

    The text goes to the splitter in pieces, and what is longer than any sentence is cut, so that
    the time stays linear in the text.
    """
    for at in range(0, len(text), _PIECE):
        piece = text[at : at + _PIECE]
        place = 0
        whole = _LONE.sub("\ufffd", piece)
        for found in sentencex.segment("en", whole):
            start = whole.index(found, place)
            place = start + len(found)
            whole_from = [start, *(m.start() for m in _OTHERS.finditer(piece, start, place)), place]
            for cut, end in _cuts(whole_from):
                part = piece[cut:end]
                lead = len(part) - len(part.lstrip())
                if part.strip():
                    yield at + cut + lead, at + cut + len(part.rstrip())


def _cuts(places: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the pieces between places, none too long."""
    for begin, stop in pairwise(places):
        for cut in range(begin, stop, _LONGEST):
            yield cut, min(cut + _LONGEST, stop)
