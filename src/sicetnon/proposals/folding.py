"""Text with its ways of writing folded away, and the way back to where each character stood.

Folded are the compatibility forms of Unicode (NFKC), quotation marks, dashes, runs of white space,
invisible characters and citation marks: what changes when a text is copied, wrapped or typed anew
without a word of it changing. Letters keep their case.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_MARK = re.compile(r"(?<!\s)\s*\[\d{1,4}(?:\s*[,;–—-]\s*\d{1,4})*\]")
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‘’‚‛‹›′`´", "'"),
        **dict.fromkeys("‐‑‒–—―−⁃", "-"),
        **dict.fromkeys("\u00ad\u200b\u2060\ufeff", ""),
    }
)
_INNER = "'’‘-‐‑"
_WITHIN_NUMBER = ".,"
_JAMO = range(0x1160, 0x1200)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; character `n` of it comes from `starts[n]` to `ends[n]` of what was folded."""

    text: str
    starts: array[int]
    ends: array[int]


@lru_cache(maxsize=512)  # each quote is looked for in every passage of a page
def fold(text: str) -> Folded:
    """Fold a text, without the space at its ends."""
    letters: list[tuple[str, int, int]] = []
    for piece, start, end in _clusters(text):
        for letter in unicodedata.normalize("NFKC", piece.translate(_ALIKE)).translate(_ALIKE):
            if not letter.isspace():
                letters.append((letter, start, end))
            elif letters and letters[-1][0] != " ":
                letters.append((" ", start, end))
    if letters and letters[-1][0] == " ":
        letters.pop()
    return Folded(
        "".join(letter for letter, _, _ in letters),
        array("L", (start for _, start, _ in letters)),
        array("L", (end for _, _, end in letters)),
    )


def occurrences(text: str, quote: str) -> Iterator[tuple[int, int]]:
    """Yield where a quote stands in a text, start and end in code points, at whole words only.

    “necessary” does not stand in “unnecessary”, nor “do” in “don't”.
    """
    page, wanted = fold(text), fold(quote).text
    at = page.text.find(wanted) if wanted else -1
    while at >= 0:
        start, end = page.starts[at], page.ends[at + len(wanted) - 1]
        if not _inside(text, start) and not _inside(text, end):
            yield start, end
        at = page.text.find(wanted, at + 1)


def _clusters(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each character with what combines with it, leaving citation marks out."""
    hidden = {at for mark in _MARK.finditer(text) for at in range(*mark.span())}
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and _combines(text[end]):
            end += 1
        if start not in hidden:
            yield text[start:end], start, end
        start = end


def _combines(letter: str) -> bool:
    return unicodedata.combining(letter) != 0 or ord(letter) in _JAMO


def _inside(text: str, at: int) -> bool:
    """Say whether a place is inside a word or a number."""
    if not 0 < at < len(text):
        return False
    left, right = text[at - 1], text[at]
    if _of_word(left) and _of_word(right):
        return True
    if _of_word(left) and at + 1 < len(text) and _of_word(text[at + 1]):
        return _ties(right, left, text[at + 1])
    if _of_word(right) and at > 1 and _of_word(text[at - 2]):
        return _ties(left, text[at - 2], right)
    return False


def _ties(mark: str, before: str, after: str) -> bool:
    return mark in _INNER or (mark in _WITHIN_NUMBER and before.isdigit() and after.isdigit())


def _of_word(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LNM" or letter in "_\u00ad\u200b\u2060\ufeff"
