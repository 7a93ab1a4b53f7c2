"""Several decisions together: which of them counts, and what becomes of them with one more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pyoxigraph import Quad

from sicetnon import terms
from sicetnon.errors import UsageError
from sicetnon.judgements.values import Acceptance, Decision, Judgement, Verdict


@dataclass(frozen=True, slots=True)
class Kept:
    """What rules obey of all that persons decided: on each matter the decision that counts."""

    judgements: tuple[Judgement, ...] = ()
    verdicts: tuple[Verdict, ...] = ()

    @classmethod
    def of(cls, decisions: Iterable[Decision]) -> Kept:
        """Sort the decisions that count by kind."""
        listed = counting(decisions)
        return cls(
            tuple(each for each in listed if isinstance(each, Judgement)),
            tuple(each for each in listed if isinstance(each, Verdict)),
        )


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two decisions on one matter that differ: the one that counts, and another."""

    counts: Decision
    other: Decision


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of taking decisions in: how many are `new`, `changed` (one person's earlier ones
    gave way) or `known` already, and where decisions on a matter of theirs differ.
    """

    new: int
    changed: int
    known: int
    conflicts: tuple[Conflict, ...] = ()


def rank(one: Decision) -> tuple[str, bool, str, str, str]:
    """Rank decisions on one matter: the later day counts, then what denies, then the name."""
    return one.when, one.denies, one.iri.value, one.decision, one.why


def counting(decisions: Iterable[Decision]) -> list[Decision]:
    """Return the decision that counts on each matter, sorted by name."""
    found: dict[tuple[str, ...], Decision] = {}
    for one in sorted(decisions, key=rank):
        found[one.things] = one
    return sorted(found.values(), key=lambda each: each.iri.value)


def conflicts(decisions: Iterable[Decision]) -> list[Conflict]:
    """Return every decision that differs from the one that counts on its matter."""
    listed = sorted(decisions, key=rank)
    counts = {one.things: one for one in listed}
    return [
        Conflict(counts[one.things], one)
        for one in listed
        if one.decision != counts[one.things].decision
    ]


def quads(decisions: Iterable[Decision]) -> set[Quad]:
    """Return decisions, and what stands by those that count, as quads of the graph `judged`."""
    listed = list(decisions)
    stands = [each.standing() for each in counting(listed) if isinstance(each, Acceptance)]
    return {quad for found in (*(each.quads() for each in listed), *stands) for quad in found}


def adding(present: Iterable[Decision], new: Decision) -> list[Decision]:
    """Return the decisions with a new one; it replaces what the same person decided on the matter.

    A name that was spelled otherwise before (`a. reader` for `A. Reader`) is the same person's and
    keeps its first spelling: one agent has one label.
    """
    present = list(present)
    if isinstance(new, Judgement) and new.left == new.right:
        raise UsageError(f"expected two things to judge, found one: {new.left}")
    if not new.why.strip():
        raise UsageError(
            "expected a reason for the judgement, found none", advice="give it with --why"
        )
    known = (each.who for each in present if terms.slug(each.who) == terms.slug(new.who))
    spelled = replace(new, who=next(known, new.who))
    return [*(each for each in present if each.iri != new.iri), spelled]


def merging(present: Iterable[Decision], new: Iterable[Decision]) -> tuple[list[Decision], Merged]:
    """Return the decisions of both, and what came of it.

    Of one person's two on a matter the later one stays; what several persons decided stays.
    """
    listed, taken = list(present), list(new)
    before = {each.iri for each in listed}
    changed, lost = 0, []
    for each in taken:
        old = next((one for one in listed if one.iri == each.iri), None)
        if old is None or rank(old) < rank(each):
            listed = adding(listed, each)
            changed += old is not None
        if old is not None:
            lost.append(min(old, each, key=rank))
    touched = {each.things for each in taken}
    matters = [each for each in dict.fromkeys((*listed, *lost)) if each.things in touched]
    count = len({each.iri for each in taken} - before)
    found = Merged(count, changed, len(taken) - count - changed, tuple(conflicts(matters)))
    return sorted(listed, key=lambda each: each.iri.value), found


def without(present: Iterable[Decision], name: str) -> list[Decision]:
    """Return the decisions but one, named by its IRI or the end of it."""
    listed = list(present)
    wanted = name.rpartition("/")[2]
    kept = [each for each in listed if each.iri.value.rpartition("/")[2] != wanted]
    if len(kept) == len(listed):
        known = ", ".join(each.iri.value.rpartition("/")[2] for each in listed) or "none"
        raise UsageError(f"expected a judgement to undo ({known}), found {name!r}")
    return kept


def threads_of(decisions: Iterable[Decision]) -> set[str]:
    """Return the slugs of the threads whose layers decisions change; proposals change none."""
    start = f"{terms.ID}thread/"
    return {
        iri.removeprefix(start).partition("/")[0]
        for each in decisions
        for iri in each.things
        if iri.startswith(start) and "/proposal/" not in iri
    }
