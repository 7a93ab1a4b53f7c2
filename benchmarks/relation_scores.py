"""Scores of what is drawn from a page against its gold: edges, pairs, evidence, claims."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from relation_gold import Gold, Triple
from sicetnon.relations import Claim, Quote


@dataclass(frozen=True)
class Drawn:
    """An edge as measured: its nodes in the gold, if any, and where it was read."""

    source: str | None
    target: str | None
    stance: str
    quote: Quote
    method: str
    says: str
    confidence: float = 0.0

    @property
    def triple(self) -> Triple:
        """The edge by its nodes; ends outside the gold are marked."""
        return (self.source or "?", self.stance, self.target or "?")


@dataclass
class Score:
    """Counts that precision and recall are made of."""

    right: int = 0
    drawn: int = 0
    gold: int = 0
    found: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(
            self.right + other.right,
            self.drawn + other.drawn,
            self.gold + other.gold,
            self.found + other.found,
        )

    @property
    def figures(self) -> tuple[float, float, float]:
        """Precision, recall and F1."""
        p = self.right / self.drawn if self.drawn else 1.0
        r = self.found / self.gold if self.gold else 1.0
        return p, r, 2 * p * r / (p + r) if p + r else 0.0


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> int:
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def edges(gold: Gold, drawn: Sequence[Drawn]) -> tuple[Score, Counter[str], Counter[str]]:
    """Score directed edges; also return right and all drawn by rule."""
    triples = {d.triple for d in drawn if d.source is None or d.source != d.target}
    unknown = {(d.says, d.triple) for d in drawn if "?" in d.triple}
    known = {t for t in triples if "?" not in t}
    right = known & set(gold.edges)
    barred = known & gold.barred
    score = Score(len(right), len(known) + len(unknown) + len(barred), len(gold.edges), len(right))
    good, all_ = Counter[str](), Counter[str]()
    for d in drawn:
        if d.triple in triples:
            all_[d.method] += 1
            good[d.method] += d.triple in right
    return score, good, all_


def confidences(gold: Gold, drawn: Sequence[Drawn]) -> list[tuple[float, bool]]:
    """Return the confidence of every edge drawn, and whether it is right."""
    return [
        (d.confidence, d.triple in gold.edges)
        for d in drawn
        if d.source is None or d.source != d.target
    ]


def calibration(sure: Sequence[tuple[float, bool]]) -> tuple[float, float, float]:
    """Return the mean confidence, the share of right edges, and AUC (nan where all are alike)."""
    right = [confidence for confidence, is_right in sure if is_right]
    wrong = [confidence for confidence, is_right in sure if not is_right]
    above = sum((one > other) + 0.5 * (one == other) for one in right for other in wrong)
    every = max(1, len(sure))
    order = above / (len(right) * len(wrong)) if right and wrong else float("nan")
    return sum(right + wrong) / every, len(right) / every, order


def pairs(gold: Gold, drawn: Sequence[Drawn]) -> Score:
    """Score unordered pairs of nodes."""
    truth = {frozenset((a, b)) for a, _, b in gold.edges}
    made = {frozenset((d.source or "?", d.target or "?")) for d in drawn if d.source != d.target}
    return Score(len(made & truth), len(made), len(truth), len(made & truth))


def evidence(gold: Gold, drawn: Sequence[Drawn]) -> tuple[Score, Score]:
    """Score quotations of right edges: the gold's evidence half covered, and both half overlap."""
    loose, strict = Score(), Score()
    best: dict[Triple, tuple[bool, bool]] = {}
    for d in drawn:
        if d.triple in gold.edges:
            span = gold.span(d.quote)
            covers = exact = False
            for truth in gold.edges[d.triple]:
                shared = _overlap(span, truth)
                covers |= shared >= 0.5 * (truth[1] - truth[0])
                exact |= shared >= 0.5 * max(truth[1] - truth[0], span[1] - span[0])
            known = best.get(d.triple, (False, False))
            best[d.triple] = (known[0] or covers, known[1] or exact)
    for covers, exact in best.values():
        loose += Score(covers, 1, 0, 0)
        strict += Score(exact, 1, 0, 0)
    return loose, strict


def claims(gold: Gold, made_claims: Sequence[Claim]) -> Score:
    """Score claims by the overlap of their quotations."""
    made = [gold.span(claim.quote) for claim in made_claims]

    def alike(one: tuple[int, int], other: tuple[int, int]) -> bool:
        return _overlap(one, other) >= 0.5 * min(one[1] - one[0], other[1] - other[0])

    right = sum(any(alike(one, truth) for truth in gold.claims) for one in made)
    found = sum(any(alike(one, truth) for one in made) for truth in gold.claims)
    return Score(right, len(made), len(gold.claims), found)
