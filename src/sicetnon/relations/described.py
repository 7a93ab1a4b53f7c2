"""Names by description: `the long-tail thesis` is whose heading or title has these words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import snowballstemmer

from sicetnon.relations.cues import grammar, listed
from sicetnon.relations.values import End
from sicetnon.relations.words import Token, low

_SHORT = 4
_MODIFIERS = 3
_PARTS = re.compile(r"[:(),–—|\"“”]| - ")
_AFTER_HEAD = re.compile(r" (?:of|on|to|for|by|in|from|at|against|about|and) ")


@lru_cache(maxsize=1 << 14)
def stem(word: str) -> str:
    """Return the stem of an English word."""
    return str(snowballstemmer.stemmer("english").stemWord(word))


def stems_of(named: Iterable[tuple[Sequence[str], End]]) -> dict[str, frozenset[End]]:
    """Return stem → the ends whose headings and titles have a word with it."""
    found: defaultdict[str, set[End]] = defaultdict(set)
    places = listed("venues") | listed("outlets")
    for words, end in named:
        for word in words:
            if len(word) >= _SHORT and word.isalpha() and word not in places:
                found[stem(word)].add(end)
    return {key: frozenset(ends) for key, ends in found.items()}


def kinds_of(named: Iterable[tuple[str, End]]) -> dict[str, frozenset[End]]:
    """Return kind of text or study → the ends whose headings and titles say that they are one."""
    found: defaultdict[str, set[End]] = defaultdict(set)
    for title, end in named:
        for part in _PARTS.split(title):
            words = low(_AFTER_HEAD.split(f" {part} ")[0])
            if words and words[-1] in listed("pieces"):
                found[words[-1]].add(end)
    return {kind: frozenset(ends) for kind, ends in found.items()}


def described(
    words: Sequence[Token], at: int, stems: Mapping[str, frozenset[End]]
) -> tuple[int, End] | None:
    """Return where a description that opens with *the* ends, and whom alone it fits."""
    g = grammar()
    fitting: frozenset[End] | None = None
    for place in range(at + 1, min(at + 2 + _MODIFIERS, len(words))):
        word = words[place].low
        study = g.has("work_nouns", word) or word in listed("pieces")
        noun = study or g.has("position_nouns", word)
        if noun and fitting is not None:
            owned = place + 1 < len(words) and words[place + 1].low in {"of", "by", "'s"}
            if len(fitting) > 1 or owned:
                return None
            end = next(iter(fitting))
            vague = end.kind != "perspective" and not study
            return None if vague else (place + 1, end)
        if not words[place].text.islower() or g.has("plain_modifiers", word):
            return None
        ends = stems.get(stem(word), frozenset())
        fitting = ends if fitting is None else fitting & ends
        if not fitting:
            return None
    return None
