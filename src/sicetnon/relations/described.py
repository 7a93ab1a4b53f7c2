"""Names by description: `the long-tail thesis` is whose heading or title has these words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import snowballstemmer

from sicetnon.relations.cues import grammar
from sicetnon.relations.values import End
from sicetnon.relations.words import Token

_SHORT = 4
_MODIFIERS = 3


@cache
def stem(word: str) -> str:
    """Return the stem of an English word."""
    return str(snowballstemmer.stemmer("english").stemWord(word))


def stems_of(named: Iterable[tuple[Sequence[str], End]]) -> dict[str, frozenset[End]]:
    """Return stem → the ends whose headings and titles have a word with it."""
    found: defaultdict[str, set[End]] = defaultdict(set)
    for words, end in named:
        for word in words:
            if len(word) >= _SHORT and word.isalpha():
                found[stem(word)].add(end)
    return {key: frozenset(ends) for key, ends in found.items()}


def described(
    words: Sequence[Token], at: int, stems: Mapping[str, frozenset[End]]
) -> tuple[int, End] | None:
    """Return where a description that opens with *the* ends, and whom alone it fits."""
    g = grammar()
    fitting: frozenset[End] | None = None
    for place in range(at + 1, min(at + 2 + _MODIFIERS, len(words))):
        word = words[place].low
        noun = g.has("work_nouns", word) or g.has("position_nouns", word)
        if noun and fitting is not None:
            owned = place + 1 < len(words) and words[place + 1].low in {"of", "by", "'s"}
            if len(fitting) > 1 or owned:
                return None
            end = next(iter(fitting))
            vague = end.kind != "perspective" and not g.has("work_nouns", word)
            return None if vague else (place + 1, end)
        if not words[place].text.islower() or g.has("plain_modifiers", word):
            return None
        ends = stems.get(stem(word), frozenset())
        fitting = ends if fitting is None else fitting & ends
        if not fitting:
            return None
    return None
