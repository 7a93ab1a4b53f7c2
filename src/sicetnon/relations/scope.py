"""Whether a cue is asserted: negation, hedges and questions around it."""

from __future__ import annotations

from bisect import bisect_left
from enum import StrEnum
from itertools import pairwise

from sicetnon.relations.clause import head_of
from sicetnon.relations.cues import grammar
from sicetnon.relations.sentence import CLAUSE, Sentence

_WINDOW = 6


class Force(StrEnum):
    """How a relation is put."""

    ASSERTED = "asserted"
    SOFT = "soft"
    OPEN = "open"
    DENIED = "denied"


def force(s: Sentence, first: int, last: int) -> Force:
    """Say how the page puts what stands from one word to another."""
    begin = _clause(s, first)
    if _asked(s, first) or _open(s, begin, last) or _supposed(s, first):
        return Force.OPEN
    if _denied(s, begin, first) or _missing(s, last) or _untrue(s, begin, first):
        return Force.DENIED
    g = grammar()
    window = s.low[max(begin, first - _WINDOW) : first]
    near = s.low[max(begin, min(head_of(s, first), first - 3)) : first]
    said = any(pair in g.pairs["hedge"] for pair in pairwise(window))
    if said or any(g.has("modal", w) for w in near) or any(g.has("hedge", w) for w in window):
        return Force.OPEN
    return Force.SOFT if any(g.has("soft", w) for w in window) else Force.ASSERTED


def _missing(s: Sentence, last: int) -> bool:
    """Say whether what is named has not come: `a response … has not appeared`."""
    g = grammar()
    for at in range(last, min(last + 25, len(s.low) - 1)):
        if s.low[at] in CLAUSE:
            return False
        if s.low[at] in {"not", "never", "yet"} and any(
            g.has("coming", word) for word in s.low[at + 1 : at + 4]
        ):
            return True
    return False


def _untrue(s: Sentence, begin: int, first: int) -> bool:
    """Say whether a clause is called untrue, or all its objects are excluded.

    `It would be wrong to say that Smith rejects Jones`; `Smith supports neither Jones nor Roe`.
    """
    if "neither" in s.low[first + 1 : first + 4]:
        return True
    g = grammar()
    for at in range(begin, first):
        if s.low[at] == "it" and any(g.has("untrue", word) for word in s.low[at + 1 : at + 5]):
            return "that" in s.low[at:first]
    return False


def _supposed(s: Sentence, first: int) -> bool:
    """Say whether a word stands in a condition without `if`: `Had Smith contradicted Jones, …`."""
    inverted = bool(s.low) and grammar().has("inverted", s.low[0])
    return inverted and not s.asked and "," not in s.low[:first]


def _clause(s: Sentence, first: int) -> int:
    """Return where the clause begins that a word stands in."""
    for at in range(first - 1, max(-1, first - 60), -1):
        word = s.low[at]
        if word in CLAUSE or word in {"but", "while", "whereas", "although", "though", "which"}:
            return at + 1
        if word == "," and s.word(at + 1) in {"and", "but", "or", "so", "yet"}:
            return at + 1
    return max(0, first - 60)


def _asked(s: Sentence, first: int) -> bool:
    """Say whether a word is part of a question: not where the question opens after it."""
    if not s.asked:
        return False
    g = grammar()
    for at in range(first, len(s.low)):
        opens = at + 1 + (s.word(at + 1) in {"and", "but", "yet", "or"})
        if s.low[at] in {"—", ";", ":"} and g.has("asks", s.word(opens)):
            return g.has("asks", s.low[0]) and s.low[0] not in {"which", "who"}
    return True


def _open(s: Sentence, begin: int, last: int) -> bool:
    stop = last
    while stop < len(s.low) and s.low[stop] not in CLAUSE and stop - last < 40:
        stop += 1
    while begin > 0 and s.low[begin - 1] not in {";", ":", "but"} and last - begin < 60:
        begin -= 1
    clause = s.low[begin:stop]
    if "whether" in clause[: last - begin] or clause[:1] in (["how"], ["why"]):
        return True
    if s.opened is None:
        s.opened = [at for at in range(len(s.low)) if _pair(s.low, at, "open")]
    place = bisect_left(s.opened, begin)
    if place < len(s.opened) and s.opened[place] < stop:
        return True
    return bool({"unresolved", "unsettled", "undecided", "unclear"} & set(clause))


def _pair(words: list[str], at: int, name: str) -> bool:
    """Say whether words of a list begin at a word."""
    g = grammar()
    if words[at] not in g.heads[name]:
        return False
    pairs = g.pairs[name]
    return any(tuple(words[at : at + size]) in pairs for size in (2, 3, 4))


def _denied(s: Sentence, begin: int, first: int) -> bool:
    """Say whether a negation governs a word."""
    g = grammar()
    head = head_of(s, first)
    for at in range(first - 1, max(begin, first - _WINDOW) - 1, -1):
        word = s.low[at]
        if at in s.at or s.words[at + 1].tied:
            continue
        if word == "and" and at + 1 == head and not s.low[first].endswith("ing"):
            return False
        if word == "," and "," not in s.low[max(begin, at - 3) : at]:
            return False
        if _pair(s.low, at, "negation_pairs") or g.has("negation_pairs", word):
            return at + 1 < first or word not in {"deny", "denies", "denied", "denying"}
        negative = g.has("negation", word) or word.endswith("n't")
        if negative and not g.has("only", s.word(at + 1)):
            return True
    return False
