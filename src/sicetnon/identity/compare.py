"""How two titles agree: on an identifier, word for word, as far as one goes, or nearly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from typing import Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, Levenshtein

from sicetnon.identity.titles import PRICES, Reading, Title, numbered
from sicetnon.identity.words import word_set, words

Decision = Literal["same", "doubtful", "different"]
WEAK = frozenset({"truncated", "subtitle"})
_NEAR = 0.85
_LONG = 24
_LEAST = {"subtitle": 4, "tail": 3, "byline": 2}
_MARKING = word_set(
    "other another second third fourth i ii iii iv v vi vii viii ix x part volume chapter "
    "revisited again reply response comment comments commentary rebuttal correction "
    "corrigendum erratum retraction retracted not no never without beyond still new "
    "improved critique replication next update against anti non un toward survey review "
    "introduction tutorial first last"
)
_DOUBLE = re.compile(r"(.)\1")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Agreement:
    """What speaks for or against two titles being one work, before kinds are looked at."""

    decision: Decision
    score: float
    rule: str
    reason: str


def agreement(a: Title, b: Title) -> Agreement | None:
    """Return how two titles agree by their words, None when there is nothing to say."""
    found = [_equal(one, other, a, b) for one in a.readings for other in b.readings]
    if a.truncated or b.truncated:
        found += [_begun(one, other) for one in a.readings for other in b.readings]
    best = [one for one in found if one]
    if best:
        return max(best, key=lambda one: (one.decision == "same", one.score, one.rule))
    return _near(a, b)


def _equal(one: Reading, other: Reading, a: Title, b: Title) -> Agreement | None:
    if one.key != other.key or not one.key:
        return None
    cuts = {one.cut, other.cut} - {""}
    if one.cut == other.cut == "subtitle":
        return None
    score = round(0.99 - PRICES[one.cut] - PRICES[other.cut], 2)
    if not cuts:
        return _short(one, Agreement("same", score, "title", "the titles are equal"))
    parts = " and ".join(f"the {r.cut} {r.left_out!r}" for r in (one, other) if r.cut)
    rule = "subtitle" if "subtitle" in cuts else "tail" if "tail" in cuts else "byline"
    reason = f"the titles are equal without {parts}"
    if numbered(one) or numbered(other):
        return Agreement("doubtful", 0.6, rule, f"{reason}, which may name one of several works")
    least = _LEAST[rule] + (one.cut == other.cut)
    if rule == "subtitle" and len(one.key) >= _LONG and (a if other.cut == rule else b).pdf:
        least -= 1
    if rule == "tail" and (_of_site(one, b) or _of_site(other, a)):
        least = 1
    if len(one.words) < least:
        return Agreement("doubtful", 0.6, rule, f"{reason}, but they are short")
    return _short(one, Agreement("same", score, rule, reason))


def _of_site(reading: Reading, title: Title) -> bool:
    """Tell whether what a reading leaves out is the site that the other title names."""
    if not reading.left_out or not title.site:
        return False
    return words(reading.left_out) == words(title.site)


def _short(reading: Reading, found: Agreement) -> Agreement:
    if len(reading.words) >= 2 and len(reading.key) >= 8:
        return found
    return Agreement("doubtful", 0.6, found.rule, f"{found.reason}, but they are too short")


def _begun(one: Reading, other: Reading) -> Agreement | None:
    """Compare a title that is cut with one that goes on, or is cut later."""
    if not one.truncated or len(other.key) < len(one.key):
        one, other = other, one
    if not one.truncated or one.cut or other.cut == "subtitle":
        return None
    ends = other.stems or (other.key,)
    if not any(
        end.startswith(stem) or (other.truncated and stem.startswith(end))
        for stem in one.stems
        for end in ends
    ):
        return None
    reason = f"one title is cut and begins the other ({len(one.words)} words)"
    if len(one.words) < 3 or len(one.key) < 12:
        return Agreement("doubtful", 0.6, "truncated", f"{reason}: too few to tell")
    score = 0.96 if len(one.words) >= 5 else 0.92
    return Agreement("same", round(score - PRICES[other.cut], 2), "truncated", reason)


def _near(a: Title, b: Title) -> Agreement | None:
    if not a.readings or not b.readings:
        return None
    if a.truncated or b.truncated:
        return None
    whole = [[r for r in title.readings if r.cut != "subtitle"] for title in (a, b)]
    score, one, other = max(
        ((fuzz.ratio(r.key, s.key) / 100, r, s) for r, s in product(*whole)),
        key=lambda found: found[0],
    )
    inside = _inside(one, other) or _inside(other, one)
    if inside:
        return inside
    if score < _NEAR:
        return None
    mine, yours = _changed(one.words, other.words)
    changed = mine + yours
    score = round(score, 2)
    said = ", ".join(changed) or "the order"
    if any(word in _MARKING or _DIGIT.search(word) for word in changed):
        return Agreement("different", score, "word", f"a word tells them apart: {said}")
    if len(mine) == len(yours) == 1 and len(one.words) >= 4 and _slip(mine[0], yours[0]):
        return Agreement("same", min(score, 0.9), "spelling", f"they differ in spelling: {said}")
    return Agreement("doubtful", score, "near", f"nearly equal titles; they differ in: {said}")


def _inside(one: Reading, other: Reading) -> Agreement | None:
    """Doubt a title that is the end of another: a lost beginning, or another work's subtitle."""
    if len(one.words) >= 4 and len(other.key) > len(one.key) and other.key.endswith(one.key):
        before = other.key[: -len(one.key)]
        if len(before) >= 6:
            return Agreement("doubtful", 0.7, "ending", "one title is the end of the other")
    return None


def _changed(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Return the words of each title that the other does not have in that place."""
    mine: list[str] = []
    yours: list[str] = []
    for op in Levenshtein.editops(one, other):
        if op.tag != "insert":
            mine.append(one[op.src_pos])
        if op.tag != "delete":
            yours.append(other[op.dest_pos])
    return mine, yours


def _slip(one: str, other: str) -> bool:
    """Tell whether two words are one in the plural, with two letters swapped, or one doubled."""
    short, long = sorted((one, other), key=len)
    if len(short) < 5 or OSA.distance(one, other) != 1:
        return False
    if len(short) == len(long):
        return sorted(short) == sorted(long)
    return long == f"{short}s" or _DOUBLE.sub(r"\1", short) == _DOUBLE.sub(r"\1", long)
