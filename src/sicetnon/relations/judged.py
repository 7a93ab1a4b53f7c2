"""Verdicts: somebody calls, finds or argues what somebody else holds to be sound or flawed."""

from __future__ import annotations

from collections.abc import Iterator

from sicetnon.relations.clause import NOBODY, Found, head_of
from sicetnon.relations.cues import Cue, grammar, listed, verdicts
from sicetnon.relations.match import Hit
from sicetnon.relations.objects import objects
from sicetnon.relations.sentence import CLAUSE, Sentence
from sicetnon.relations.sides import Edge
from sicetnon.relations.subjects import speaker, subject
from sicetnon.relations.verbs import before_relative, said_of

_REACH = 14
_NO_VERDICT = frozenset(
    [",", "that", "which", "because", "than", "having", "made", "making", "makes"]
)


def judged(s: Sentence) -> Iterator[tuple[Hit, Edge]]:
    """Yield the verdicts in a sentence."""
    verbs, copulas = verdicts().verbs, listed("copulas")
    for at, word in enumerate(s.low):
        if at in s.at:
            continue
        if word in verbs:
            yield from _called(s, at, verbs[word])
        elif word in copulas:
            yield from _said(s, at)
        elif word == "that":
            yield from _failing(s, at)


def _verdict(s: Sentence, at: int, reach: int) -> tuple[int, str] | None:
    """Return the first verdict after a word in its clause: where it stands, and its stance."""
    known = verdicts().words
    for step in range(at, min(at + reach, len(s.low))):
        if step in s.at:
            continue
        if s.low[step] in CLAUSE or s.low[step] in _NO_VERDICT:
            return None
        for size in (5, 4, 3, 2, 1):
            if stance := known.get(tuple(s.low[step : step + size])):
                if any(w in listed("denials") for w in s.low[max(at, step - 3) : step]):
                    return (step, "contradicts") if stance == "supports" else None
                return step, stance
    return None


def _hit(stance: str, first: int, last: int, group: str, *, strong: bool = True) -> Hit:
    cue = Cue(f"{stance}/{group}", stance, "verdict", strong, frozenset())
    return Hit(cue, "", first, last, last)


def _called(s: Sentence, verb: int, tag: str) -> Iterator[tuple[Hit, Edge]]:
    """Yield `calls the paper flawed` and `a pattern that Smith calls spurious`."""
    found = _verdict(s, verb + 1, _REACH)
    if not found or (tag == "base" and s.word(verb - 1) == "to"):
        return
    step, stance = found
    source = subject(s, verb)
    if not source.ends:
        return
    relative = next(
        (at for at in range(head_of(s, verb) - 1, max(0, verb - 12), -1)
         if s.low[at] in {"that", "which", "whom"} and at not in s.at),
        0,
    )  # fmt: skip
    beside = all(at not in s.at for at in range(verb + 1, step))
    if relative and beside:
        target = before_relative(s, relative, source.ends) if _apposed(s, relative) else NOBODY
    else:
        target = objects(s, verb + 1, source.ends)
        if target.near >= step or (target.near < 0 and target.sure):
            target = NOBODY
    if target.ends:
        yield _hit(stance, verb, step, "judged"), Edge(source, target, "judged")


def _apposed(s: Sentence, relative: int) -> bool:
    """Say whether a relative clause speaks of a name, or of what the clause before tells."""
    if relative - 1 in s.at or s.low[relative - 1] in {",", "and"}:
        return True
    return any(
        s.low[at] in {"a", "an"} and s.word(at - 1) in {",", "—"}
        for at in range(relative - 1, max(0, relative - 6), -1)
    )


def _said(s: Sentence, be: int) -> Iterator[tuple[Hit, Edge]]:
    """Yield `argues that the result is flawed`, and what a perspective says so itself."""
    found = _verdict(s, be + 1, 6)
    if not found:
        return
    target = subject(s, be)
    who = speaker(s, target.near if target.near >= 0 else be)
    if target.ends == who.ends and not target.sure and s.before:
        target = Found((s.before,), sure=False)
    if who.ends and target.ends and (target.sure or s.place.part == ""):
        step, stance = found
        yield _hit(stance, be, step, "said"), Edge(who, target, "said")


def _failing(s: Sentence, that: int) -> Iterator[tuple[Hit, Edge]]:
    """Yield `argues that Smith never measured it`: a fault; with *only*, a limit."""
    about = said_of(s, that, ())
    name = s.at.get(about.near)
    if name is None or name.weak or name.first > that + 2 or _of_noun(s, that):
        return
    stop = next(
        (at for at in range(name.after, len(s.low)) if s.low[at] in CLAUSE or s.low[at] == ","),
        len(s.low),
    )
    clause = s.low[name.after : min(stop, name.after + _REACH)]
    fault = any(
        word in listed("failing") and clause[max(0, at - 1)] not in listed("copulas")
        for at, word in enumerate(clause)
    )
    if not fault and "only" not in clause:
        return
    who = speaker(s, that + 1)
    if who.ends and who.ends != about.ends:
        stance = "contradicts" if fault else "qualifies"
        yield _hit(stance, that, that + 1, "said-of", strong=False), Edge(who, about, "said of")


def _of_noun(s: Sentence, that: int) -> bool:
    """Say whether *that* goes on from a noun: `the critique that Smith never measured it`."""
    g = grammar()
    return any(g.has(nouns, s.word(that - 1)) for nouns in ("against_nouns", "position_nouns"))
