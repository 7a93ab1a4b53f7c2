"""From a cue to its two sides, by the frame that the cue stands in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sicetnon.relations.clause import NOBODY, Found
from sicetnon.relations.conceded import reserved
from sicetnon.relations.cues import grammar, listed
from sicetnon.relations.match import Hit
from sicetnon.relations.nouns import noun, taken_as
from sicetnon.relations.objects import objects
from sicetnon.relations.sentence import Sentence
from sicetnon.relations.sides import Edge, unsaid
from sicetnon.relations.subjects import actor, subject
from sicetnon.relations.verbs import after_comma, helped, participle, said_of, verb


def edge(s: Sentence, hit: Hit, earlier: Sequence[tuple[Hit, Edge]] = ()) -> Edge | None:
    """Return the two sides of a cue, None where its sentence does not tell them.

    `earlier` are the cues before it in the sentence, with their sides.
    """
    found = {
        "verb": _verb,
        "noun": noun,
        "adjective": _adjective,
        "preposition": _preposition,
        "opening": _preposition,
        "opposite": _opposite,
        "as-said": _preposition,
    }[hit.cue.frame](s, hit)
    if found and found.source.ends and not found.target.ends:
        found = _gone_on(s, hit, found, earlier) or _addressed(s, hit, found)
    if found is None or not found.source.ends or not found.target.ends:
        return None
    if hit.cue.id == "qualifies/grant" and not reserved(s, hit):
        return None
    if hit.cue.turned and listed("approving") & set(s.low[hit.after : hit.after + 2]):
        return found
    if hit.cue.turned and _unsaid_why(s, hit, found):
        return None
    if hit.cue.turned:
        return (
            found.turned if found.target.near >= 0 or found.frame in {"cited", "passive"} else None
        )
    return found


def _verb(s: Sentence, hit: Hit) -> Edge | None:
    """Return the sides of a verb, also in `Smith reads the result as contradicting Jones`."""
    if hit.tag == "ing" and s.word(hit.first - 1) == "as":
        target = objects(s, hit.object, ())
        taken = taken_as(s, hit, hit.first - 1, target) if target.ends else None
        return taken or verb(s, hit)
    return verb(s, hit)


def _gone_on(
    s: Sentence, hit: Hit, found: Edge, earlier: Sequence[tuple[Hit, Edge]]
) -> Edge | None:
    """Return the sides of a verb that goes on about whom an answer is to.

    `Smith replies to Jones in a letter, disputing that the sample is large`; `… and disputes that`.
    """
    finite = hit.tag in {"s", "base"} and s.word(hit.first - 1) == "and"
    against = hit.cue.stance in {"contradicts", "qualifies"}
    half = s.low[hit.first].startswith("accept") and reserved(s, hit)
    goes_on = (hit.tag == "ing" or finite) and (against or half)
    for before, sides in reversed(earlier):
        same = sides.source.ends == found.source.ends
        answers = before.cue.stance in {"replies-to", "contradicts"}
        if goes_on and same and answers and ";" not in s.low[before.after : hit.first]:
            return replace(found, target=replace(sides.target, sure=False, near=-1))
    return None


def _addressed(s: Sentence, hit: Hit, found: Edge) -> Edge | None:
    """Return the sides of what is said in a text that answers somebody by its title."""
    other = set(s.answers.values()) - set(found.source.ends)
    if hit.cue.turned or hit.cue.frame not in {"verb", "opposite"} or found.source.near < 0:
        return None
    return replace(found, target=Found(tuple(other), sure=False)) if len(other) == 1 else None


def _unsaid_why(s: Sentence, hit: Hit, found: Edge) -> bool:
    if hit.cue.stance == "supports":
        return _only_cited(s, hit, found)
    return hit.cue.stance == "replies-to" and not (found.source.sure and found.target.sure)


def _only_cited(s: Sentence, hit: Hit, found: Edge) -> bool:
    """Say whether `cited by Smith` leaves open what for: support is not the only use."""
    if s.word(hit.after) == "against":
        return True
    for_support = {"support", "evidence", "confirmation", "proof"} & set(s.low[hit.first :])
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
        source = subject(s, hit.first - _quoted(s, hit))
        if not (source.ends or helped(s, hit.first)):
            found = actor(s, hit.first)
            source = Found(found.ends, sure=False, near=found.near)
    return Edge(source, objects(s, hit.object, source.ends), "adjective")


def _quoted(s: Sentence, hit: Hit) -> bool:
    """Say whether the words stand after a participle: `is widely quoted in support of`."""
    before = hit.first - 1
    return grammar().verbs["taking"].get(s.word(before)) == "ed" and helped(s, before)


def _preposition(s: Sentence, hit: Hit) -> Edge | None:
    source = after_comma(s, hit.after) if hit.first == 0 else actor(s, hit.first)
    return Edge(source, objects(s, hit.object, source.ends), "preposition")


def _that_name(s: Sentence, hit: Hit, source: Found) -> Edge | None:
    """Return the sides of `objects that Smith's sample is small`."""
    that = hit.after - (s.word(hit.after - 1) == "that")
    found = said_of(s, that, source.ends)
    return Edge(source, found, "that") if found.ends else None


def _opposite(s: Sentence, hit: Hit) -> Edge | None:
    """Return the sides of `claims the opposite`, `answers in the same issue`."""
    if hit.cue.stance == "replies-to" and s.word(hit.after) not in listed("alone"):
        return None
    source = participle(s, hit) if hit.tag == "ing" else subject(s, hit.first)
    if hit.tag == "ed" and (helped(s, hit.first) or s.word(hit.after) == "by"):
        return None
    about = hit.cue.id.endswith(("objects-that", "/answers"))
    if about and (against := _that_name(s, hit, source)):
        return against
    return (unsaid(s, hit, source) or Edge(source, NOBODY, "unsaid")) if source.ends else None
