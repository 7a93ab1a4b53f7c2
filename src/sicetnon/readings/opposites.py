"""Statements that something raises or lowers something, and which of them say the opposite."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from snowballstemmer import stemmer

from sicetnon import rooms

_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_CLAUSE = re.compile(
    r"[.,;:!?()\[\]\"“”‘—–]|\s(?:but|while|whereas|because|although|though|since|which|that|rather"
    r" than|instead of|and|or|if|when)\s",
    re.IGNORECASE,
)
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be been being but by can could do does did for from had has have how if"
        " in into is it its may might more most much must no not of on or our should so than that"
        " the their them then there these they this those to was we well were what when where"
        " whether which who will with would also often new models model individual single cycle",
    )
)
_REACH = 6
_LEAST = 2


@dataclass(frozen=True, slots=True)
class Statement:
    """That `subject` raises (or lowers) `thing`: both as sets of word stems, with their place."""

    subject: frozenset[str]
    raises: bool
    thing: frozenset[str]
    start: int
    end: int


@cache
def cues() -> dict[str, Any]:
    """Return the words by which sentences are read, as the ontology room keeps them."""
    text = (rooms.room("ontology") / "opposites.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@lru_cache(maxsize=1 << 14)
def stem(word: str) -> str:
    """Return the stem of an English word."""
    return str(_english().stemWord(word.casefold()))


@cache
def _english() -> Any:
    return stemmer("english")


@cache
def _directions() -> dict[str, bool]:
    verbs = cues()["verbs"]
    return {stem(verb): sign == "raises" for sign in ("raises", "lowers") for verb in verbs[sign]}


def statements(text: str) -> Iterator[Statement]:
    """Yield what the clauses of a text say to raise or lower what."""
    at = 0
    for gap in [*_CLAUSE.finditer(text), None]:
        end = gap.start() if gap else len(text)
        if found := _statement(text, at, end):
            yield found
        at = gap.end() if gap else end


def reversed_in(one: Statement, other: Statement) -> bool:
    """Say whether two statements are of the same thing and say the opposite of it.

    The subject must share two telling words at least, and the shorter side of each pair must be
    found in the longer but for one word in three: who says less shares less, and is let be.
    """
    if one.raises == other.raises or len(one.subject & other.subject) < _LEAST:
        return False
    return _same(one.subject, other.subject) and _same(one.thing, other.thing)


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    least = min(len(one), len(other))
    return least > 0 and 3 * len(one & other) >= 2 * least


def _statement(text: str, start: int, end: int) -> Statement | None:
    words = list(_WORD.finditer(text, start, end))
    for at, word in enumerate(words):
        raises = _directions().get(stem(word[0]))
        if raises is None or not 0 < at < len(words) - 1:
            continue
        before = " ".join(each[0].casefold() for each in words[:at][-4:])
        turned = any(re.search(rf"\b{turn}\b", before) for turn in cues()["verbs"]["turns"])
        subject, thing = _telling(words[:at][-_REACH:]), _telling(words[at + 1 :][:_REACH])
        if subject and thing:
            return Statement(subject, raises != turned, thing, words[0].start(), words[-1].end())
    return None


def _telling(words: list[re.Match[str]]) -> frozenset[str]:
    return frozenset(stem(word[0]) for word in words if word[0].casefold() not in _EMPTY)
