"""Praise with a reservation: `accepts the estimate, while insisting that …` qualifies it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sicetnon.relations.cues import Cue, listed
from sicetnon.relations.match import Hit
from sicetnon.relations.sentence import Sentence
from sicetnon.relations.sides import Edge

_REACH = 40
_CUE = Cue("qualifies/conceded", "qualifies", "verb", strong=False, prep=frozenset())


def conceded(s: Sentence, hit: Hit, sides: Edge) -> Iterator[tuple[Hit, Edge]]:
    """Yield what a support goes on to reserve, if it does."""
    if hit.cue.stance != "supports" or s.low[hit.first] not in listed("conceding"):
        return
    for at in range(hit.after, min(hit.after + _REACH, len(s.low) - 1)):
        if s.low[at] in {";", ":"}:
            return
        if s.low[at] in {"while", "but", "though", "although"}:
            if listed("reserving") & set(s.low[at + 1 : at + 4]):
                reserved = replace(hit, cue=_CUE)
                yield reserved, replace(sides, frame="conceded")
            return
