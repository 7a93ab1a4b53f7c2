"""Praise with a reservation: `accepts the estimate, while insisting that …` qualifies it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sicetnon.relations.clause import Found
from sicetnon.relations.cues import Cue, listed
from sicetnon.relations.match import Hit
from sicetnon.relations.sentence import Sentence
from sicetnon.relations.sides import Edge

_REACH, _PARTLY = 40, 20
_CUE = Cue("qualifies/conceded", "qualifies", "verb", strong=False, prep=frozenset())
_AGAINST = Cue("contradicts/opposed", "contradicts", "verb", strong=True, prep=frozenset())


def conceded(s: Sentence, hit: Hit, sides: Edge) -> Iterator[tuple[Hit, Edge]]:
    """Yield what a support goes on to reserve, if it does."""
    if hit.cue.stance != "supports":
        return
    praised = s.low[hit.first] in listed("conceding")
    confirmed = praised or hit.cue.id == "supports/confirm"
    if (praised and reserved(s, hit)) or (confirmed and _partly(s, hit)):
        yield replace(hit, cue=_CUE), replace(sides, frame="conceded")


def opposed(s: Sentence, hit: Hit, sides: Edge) -> Iterator[tuple[Hit, Edge]]:
    """Yield against whom somebody is defended: `defends Smith against Jones`."""
    name = s.at.get(sides.target.near)
    if hit.cue.id != "supports/support" or hit.cue.frame != "verb" or name is None:
        return
    for at in range(name.after, min(name.after + 6, len(s.low) - 1)):
        other = s.at.get(at + 1) or s.at.get(at + 2)
        if s.low[at] in {"against", "over"} and other:
            target = Found((other.end,), sure=not other.weak, near=other.first)
            yield replace(hit, cue=_AGAINST), replace(sides, target=target, frame="opposed")
            return
        if not s.low[at][0].isalnum() or at in s.at:
            return


def reserved(s: Sentence, hit: Hit) -> bool:
    """Say whether a verb of praise or of granting goes on with a reservation."""
    for at in range(hit.after, min(hit.after + _REACH, len(s.low) - 1)):
        if s.low[at] in {";", ":"}:
            return False
        turns = s.low[at] in {"while", "but", "though", "although"}
        denies = s.low[at] == "and" and s.word(at + 1) in listed("denying")
        if turns or denies:
            return bool(listed("reserving") & set(s.low[at + 1 : at + 4])) or denies
    return False


def _partly(s: Sentence, hit: Hit) -> bool:
    """Say whether a confirmation is said to go so far only: `reproduces the effect but not …`."""
    for at in range(hit.after, min(hit.after + _PARTLY, len(s.low) - 1)):
        if s.low[at] in {";", ":"}:
            return False
        if s.low[at] in {"but", "though", "although", "while"}:
            return bool(listed("partly") & set(s.low[at + 1 : at + 3]))
    return False


def agreed(s: Sentence, hit: Hit) -> bool:
    """Say whether somebody answers in agreement: `replies to Smith, accepting the estimate`."""
    return bool(listed("agreeing") & set(s.low[hit.after :]))
