"""From a cue to its two sides, by the frame that the cue stands in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sicetnon.relations.clause import NOBODY, Found
from sicetnon.relations.cues import listed
from sicetnon.relations.match import Hit
from sicetnon.relations.nouns import noun, taken_as
from sicetnon.relations.objects import objects
from sicetnon.relations.sentence import Sentence
from sicetnon.relations.sides import Edge, unsaid
from sicetnon.relations.subjects import actor, subject
from sicetnon.relations.verbs import after_comma, helped, participle, verb


def edge(s: Sentence, hit: Hit, earlier: Sequence[tuple[Hit, Edge]] = ()) -> Edge | None:
    """Return the two sides of a cue, None where its sentence does not tell them.

    `earlier` are the cues before it in the sentence, with their sides.
    """
    found = {
        "verb": verb,
        "noun": noun,
        "adjective": _adjective,
        "preposition": _preposition,
        "opposite": _opposite,
        "as-said": _preposition,
    }[hit.cue.frame](s, hit)
    if found and found.source.ends and not found.target.ends:
        found = _gone_on(s, hit, found, earlier)
    if found is None or not found.source.ends or not found.target.ends:
        return None
    if hit.cue.turned and listed("approving") & set(s.low[hit.after : hit.after + 2]):
        return found
    if hit.cue.turned and _only_cited(s, hit, found):
        return None
    if hit.cue.turned:
        return (
            found.turned if found.target.near >= 0 or found.frame in {"cited", "passive"} else None
        )
    return found


def _gone_on(
    s: Sentence, hit: Hit, found: Edge, earlier: Sequence[tuple[Hit, Edge]]
) -> Edge | None:
    """Return the sides of a participle that goes on about whom an answer is to.

    `Smith replies to Jones in a letter, disputing that the sample is large`.
    """
    goes_on = hit.tag == "ing" and hit.cue.stance in {"contradicts", "qualifies"}
    for before, sides in reversed(earlier):
        same = sides.source.ends == found.source.ends
        answers = before.cue.stance in {"replies-to", "contradicts"}
        if goes_on and same and answers and ";" not in s.low[before.after : hit.first]:
            return replace(found, target=replace(sides.target, sure=False, near=-1))
    return None


def _only_cited(s: Sentence, hit: Hit, found: Edge) -> bool:
    """Say whether `cited by Smith` leaves open what for: support is not the only use."""
    if s.word(hit.after) == "against":
        return True
    for_support = {"support", "evidence", "confirmation", "proof"} & set(s.low[hit.after :])
    return found.frame == "passive" and not for_support


def _adjective(s: Sentence, hit: Hit) -> Edge | None:
    name = s.at.get(hit.first - 1)
    if name and s.word(name.first - 1) == "by":
        return None
    if s.word(hit.first - 1) == "as":
        return taken_as(s, hit, hit.first - 1, objects(s, hit.object, ()))
    if hit.first == 0:
        source = after_comma(s, hit.after)
    elif s.word(hit.first - 2) in {"a", "an"} and s.word(hit.first - 3) in {",", "—"}:
        found = actor(s, hit.first - 3)
        source = Found(found.ends, sure=False, near=found.near)
    else:
        source = subject(s, hit.first)
    return Edge(source, objects(s, hit.object, source.ends), "adjective")


def _preposition(s: Sentence, hit: Hit) -> Edge | None:
    source = after_comma(s, hit.after) if hit.first == 0 else actor(s, hit.first)
    return Edge(source, objects(s, hit.object, source.ends), "preposition")


def _that_name(s: Sentence, hit: Hit, source: Found) -> Edge | None:
    """Return the sides of `objects that Smith's sample is small`."""
    if s.word(hit.after - 1) != "that":
        return None
    for at in range(hit.after, min(hit.after + 4, len(s.low))):
        name = s.at.get(at)
        if name and name.end not in source.ends:
            return Edge(source, Found((name.end,), sure=True, near=at), "that")
    return None


def _opposite(s: Sentence, hit: Hit) -> Edge | None:
    """Return the sides of `claims the opposite`, `answers in the same issue`."""
    if hit.cue.stance == "replies-to" and s.word(hit.after) not in listed("alone"):
        return None
    source = participle(s, hit) if hit.tag == "ing" else subject(s, hit.first)
    if hit.tag == "ed" and (helped(s, hit.first) or s.word(hit.after) == "by"):
        return None
    if hit.cue.id.endswith("objects-that") and (against := _that_name(s, hit, source)):
        return against
    return (unsaid(s, hit, source) or Edge(source, NOBODY, "unsaid")) if source.ends else None
