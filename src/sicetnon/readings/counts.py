"""Sentences that give figures, and sentences that count voices."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import takewhile

from sicetnon.readings.opposites import cues, stem
from sicetnon.readings.sentences import sentences

_FIGURE = re.compile(
    r"\d[\d.,]*(?:\s?[%‰]|[\s-](?:percent|per cent|percentage points?)\b)"
    r"|[$€£]\s?\d"
    r"|\b\d{1,3}(?:,\d{3})+\b"
    r"|\b\d[\d.]*\s(?:thousand|million|billion|trillion)\b"
    r"|\b\d[\d.]*(?:-fold\b|\s?×|x\b)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[\w-]+")
_REACH = 4
_STOPS = frozenset(
    re.findall(r"\w+", "a an and as at by for from in of on or that the to which with")
)


def figures(text: str) -> Iterator[tuple[int, int]]:
    """Yield the bounds of each sentence that gives a share, a sum of money or a large number.

    Years, dates, versions and the numbers of papers are no figures.
    """
    for start, end in sentences(text):
        if _FIGURE.search(text, start, end):
            yield _trimmed(text, start, end)


def counted(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield the bounds of each sentence that counts voices, and how many it says there are.

    A number counts with the noun of a voice soon after it: "three distinct papers". "Independent"
    and its like count as two.
    """
    for start, end in sentences(text):
        words = [word.casefold() for word in _WORD.findall(text, start, end)]
        if most := max((_number(words, at) for at in range(len(words))), default=0):
            yield (*_trimmed(text, start, end), most)


def _number(words: list[str], at: int) -> int:
    known, apart, voices = _lists()
    word = words[at]
    if word in known:
        number = known[word]
    elif word.isdecimal() and 2 <= int(word[:3]) <= 99 and len(word) < 3:
        number = int(word)
    else:
        number = 2 if word in apart else 0
    if not number:
        return 0
    near = takewhile(lambda word: word not in _STOPS, words[at + 1 : at + 1 + _REACH])
    return number if any(stem(word) in voices for word in near) else 0


@cache
def _lists() -> tuple[dict[str, int], frozenset[str], frozenset[str]]:
    found = cues()["counts"]
    voices = frozenset(map(stem, found["voices"]))
    return dict(found["numbers"]), frozenset(found["apart"]), voices


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), start + len(words.rstrip())
