"""How alike two texts are: the share of words that they have in common, rare words counting more.

Dice's coefficient over word stems, each weighted by its inverse document frequency among the texts
compared, so that the words which a debate is made of anyway count little.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache

from snowballstemmer import stemmer

# Function words, which questions are full of and which tell nothing of what is asked.
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be been but by can do does for from had has have how if in into is it"
        " its no not of on or so than that the their them then there these they this those to was"
        " were what when where whether which while who why will with would",
    )
)
_QUESTION = re.compile(r"[^.?!]*\?(?=\s|$)")


@lru_cache(maxsize=1 << 12)
def stems(text: str) -> Counter[str]:
    """Count the stems of a text's words, without function words unless there are no others."""
    words = re.findall(r"\w+", text.casefold())
    telling = [word for word in words if word not in _EMPTY] or words
    return Counter(_stem(word) for word in telling)


@lru_cache(maxsize=1 << 14)
def _stem(word: str) -> str:
    return str(_english().stemWord(word))


@cache
def _english():  # type: ignore[no-untyped-def]
    return stemmer("english")


def questions(text: str) -> str:
    """Return the questions of a text, or an empty text; not those that end in a quotation."""
    return " ".join(_QUESTION.findall(text))


class Rarity:
    """How much a word counts among the texts that are compared."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.size = len(texts) + 1
        self.seen = Counter(stem for text in texts for stem in stems(text))

    def total(self, counted: Counter[str]) -> float:
        """Return the weight of all stems counted: inverse document frequencies, never zero."""
        return sum(
            math.log(1 + self.size / (1 + self.seen[stem])) * times
            for stem, times in counted.items()
        )

    def likeness(self, left: str, right: str) -> float:
        """Return Dice's coefficient of two texts, from 0 (nothing in common) to 1 (equal words)."""
        whole = self.total(stems(left)) + self.total(stems(right))
        return 2 * self.total(stems(left) & stems(right)) / whole if whole else 1.0

    def within(self, part: str, whole: str) -> float:
        """Return how much of one text stands in another."""
        weight = self.total(stems(part))
        return self.total(stems(part) & stems(whole)) / weight if weight else 0.0
