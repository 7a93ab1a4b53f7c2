"""Two who are set side by side: `Smith says that it does, Jones that it does not`."""

from __future__ import annotations

from collections.abc import Iterator

from sicetnon.relations.clause import Found
from sicetnon.relations.cues import Cue, grammar
from sicetnon.relations.match import Hit
from sicetnon.relations.sentence import CLAUSE, Sentence
from sicetnon.relations.sides import Edge

_CUE = Cue("contradicts/says-not", "contradicts", "contrast", strong=False, prep=frozenset())


def contrasts(s: Sentence) -> Iterator[tuple[Hit, Edge]]:
    """Yield whom a sentence lets say no after somebody else has said yes."""
    for at, word in enumerate(s.low):
        denied = word == "not" and grammar().has("auxiliary", s.word(at - 1))
        if denied and s.word(at - 2) in {"it", "they"} and at not in s.at:
            yield from _says_not(s, at)


def _says_not(s: Sentence, at: int) -> Iterator[tuple[Hit, Edge]]:
    begin = max((i + 1 for i in range(at) if s.low[i] in CLAUSE), default=0)
    names = [n for n in s.named if begin <= n.first and n.after <= at and not n.weak]
    if len(names) != 2 or names[0].end == names[1].end:
        return
    first, second = names
    said = grammar().verbs["reporting"]
    yes = [i for i in range(first.after, second.first) if s.low[i] in said]
    joined = {",", "and"} & set(s.low[first.after : second.first])
    that = "that" in s.low[second.after : at]
    if yes and joined and that and not set(s.low[second.after : at]) & {","}:
        source = Found((second.end,), sure=True, near=second.first)
        target = Found((first.end,), sure=True, near=first.first)
        yield Hit(_CUE, "", at, at, at), Edge(source, target, "says not")
