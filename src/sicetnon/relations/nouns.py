"""The two sides of a noun: whose challenge or support it is, and of what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sicetnon.relations.anaphora import anaphor
from sicetnon.relations.clause import NOBODY, Found
from sicetnon.relations.cues import cues, grammar, listed, verb_forms, verdicts
from sicetnon.relations.match import Hit
from sicetnon.relations.objects import objects
from sicetnon.relations.sentence import CLAUSE, Sentence
from sicetnon.relations.sides import Edge, unsaid
from sicetnon.relations.subjects import actor, subject
from sicetnon.relations.verbs import (
    after_comma,
    before_relative,
    helped,
    participle,
    patient,
    relative,
    said_of,
)


def noun(s: Sentence, hit: Hit) -> Edge | None:
    """Return the two sides of a noun such as *challenge* or *support*."""
    target = _target(s, hit)
    if taken := taken_as(s, hit, _left(s, hit.first), target):
        return taken
    giver = _giver(s, hit)
    name = s.at.get(giver.near)
    if name and not target.ends and s.word(name.after) in hit.cue.prep:
        target = objects(s, name.after + 1, giver.ends)
    if giver.ends and not target.ends:
        return _received(s, hit, giver) or unsaid(s, hit, giver)
    if giver.ends:
        return Edge(giver, target, "noun by")
    if given := _given(s, hit):
        return given
    source = _owner(s, hit)
    if source and not target.ends and s.word(hit.after) not in hit.cue.prep:
        return unsaid(s, hit, source)
    source = source or _opening(s, hit) or _lightly(s, hit) or _beside(s, hit)
    if source is None and s.holder and "no" in s.low[max(0, hit.first - 4) : hit.first]:
        source = Found((s.holder,), sure=False)
    return Edge(source, target, "noun") if source else None


def _target(s: Sentence, hit: Hit) -> Found:
    """Return what a noun is of, to or against; in `the objection that …`, of whom it speaks."""
    aimed = s.word(hit.after) in listed("aimed")
    if s.word(hit.after + aimed) in hit.cue.prep | ({"at"} if aimed else set()):
        beside = s.word(hit.after + 1) in {"which", "whom"}
        return objects(s, hit.after + 1 + aimed + beside, ())
    if hit.after - hit.first > 1 and s.low[hit.after - 1] in listed("prepositions"):
        return objects(s, hit.after, ())
    return said_of(s, hit.after, ())


def _called(s: Sentence, it: int, target: Found) -> Edge:
    """Return the sides of `Smith calls it the counterpart of her own proposal`."""
    taker = subject(s, it - 1)
    taken = objects(s, it, taker.ends)
    return Edge(taken, target if target.near >= 0 else taker, "as")


def taken_as(s: Sentence, hit: Hit, left: int, target: Found) -> Edge | None:
    """Return the sides of `Smith reads the result as a confirmation of Jones`.

    `left` is the word before the noun phrase or the adjective of the cue.
    """
    if s.word(left) in {"it", "this", "them"} and s.word(left - 1) in verdicts().verbs:
        return _called(s, left, target)
    if s.word(left) != "as":
        return None
    verbs = grammar().verbs["taking"]
    for at in range(left - 1, max(-1, left - 14), -1):
        if s.low[at] in CLAUSE or s.low[at] == ",":
            return None
        if at not in s.at and s.low[at] in verbs:
            if (
                at == left - 1
                and verbs[s.low[at]] != "ed"
                and not relative(s, replace(hit, first=at, after=left))
            ):
                return Edge(subject(s, at), target, "as")
            return _taken_by(s, hit, at, target)
    return None


def _taken_by(s: Sentence, hit: Hit, verb: int, target: Found) -> Edge | None:
    """Return the sides where a verb of taking stands at a word."""
    taker = subject(s, verb)
    following = s.word(verb + 1)
    if s.word(hit.after + 1) in listed("own") and target.near < 0:
        target = taker
    if helped(s, verb):
        agent = objects(s, verb + 2, ()) if following == "by" else NOBODY
        taken = patient(s, replace(hit, first=verb))
        target = target if target.ends else agent
        if not target.ends and following == "as" and s.holder and s.holder not in taken.ends:
            target = Found((s.holder,), sure=False)
        return Edge(taken, target, "as")
    if following in listed("own"):
        return Edge(taker, target, "as") if target.ends != taker.ends else None
    taken = objects(s, verb + 1, taker.ends)
    if following == "as" and (that := relative(s, replace(hit, first=verb, after=verb + 1))):
        taken = before_relative(s, that, taker.ends)
    if not taken.ends and following in {"the", "this"} and s.before:
        taken = Found((s.before,), sure=False)
    return Edge(taken, target if target.ends else taker, "as")


def _given(s: Sentence, hit: Hit) -> Edge | None:
    """Return the sides of `giving Smith a formal complement`."""
    at = hit.first - 1
    while at > 0 and hit.first - at < 5 and at not in s.at and s.low[at][0].isalnum():
        at -= 1
    name = s.at.get(at)
    verb = name.first - 1 - (s.word(name.first - 1) == "the") if name else -1
    if not name or verb < 0 or name.possessive:
        return None
    tag = verb_forms("give").get(s.low[verb]) or verb_forms("deal").get(s.low[verb])
    if not tag:
        return None
    source = (participle if tag == "ing" else _plain)(s, replace(hit, first=verb))
    return Edge(source, Found((name.end,), sure=True, near=at), "given")


def _plain(s: Sentence, hit: Hit) -> Found:
    return subject(s, hit.first)


def _giver(s: Sentence, hit: Hit) -> Found:
    """Return who gives the challenge or support: after *by* or *from*, or by citation."""
    if cited := s.cites.get(hit.after - 1):
        return Found((cited,), sure=False, near=hit.first)
    for at in range(hit.after, min(hit.after + 12, len(s.low))):
        word = s.low[at]
        if word in CLAUSE or word == "," or word in {"that", "which", "and"}:
            break
        if word == "due" and s.word(at + 1) == "to":
            return objects(s, at + 2, ())
        if word in hit.cue.agent:
            found = objects(s, at + 1, ())
            return found if found.near >= 0 else NOBODY
    return NOBODY


def _received(s: Sentence, hit: Hit, giver: Found) -> Edge | None:
    """Return the sides of `X faces a challenge from Y`, `under challenge from Y`."""
    at = _left(s, hit.first)
    if s.word(at) == "under":
        return Edge(giver, subject(s, at), "under")
    if grammar().verbs["receiving"].get(s.word(at)):
        return Edge(giver, subject(s, at), "receiving")
    return None


def _left(s: Sentence, first: int) -> int:
    """Return the word before the noun phrase that ends in a noun: past adjectives and article."""
    at = first - 1
    while at >= 0 and first - at < 8:
        word = s.low[at]
        if word in listed("articles"):
            return at - 1
        if at in s.at or not word[0].isalnum() or word in {"of", "to", "in", "by", "for", "with"}:
            return at
        g = grammar()
        light = g.verbs["light"].get(word) or g.verbs["receiving"].get(word)
        if word in {"as", "under"} or (light and s.word(at - 1) not in listed("articles")):
            return at
        at -= 1
    return at


def _owner(s: Sentence, hit: Hit) -> Found | None:
    """Return whose challenge it is: `Smith's sharp critique of`, `their reply to`."""
    for at in range(hit.first - 1, max(-1, hit.first - 5), -1):
        word = s.low[at]
        name = s.at.get(at)
        if name and at == hit.first - 1 and not name.possessive:
            return Found((name.end,), sure=not name.weak, near=at)
        if word in {"'s", "'"} and at - 1 in s.at:
            return Found((s.at[at - 1].end,), sure=True, near=at - 1)
        if word in {"its", "their", "his", "her"}:
            found = anaphor(s, at, hit.first)
            return found if found.ends else actor(s, at)
        if not word[0].isalnum() or word in listed("articles") or at in s.at:
            return None
    return None


def _lightly(s: Sentence, hit: Hit) -> Found | None:
    """Return who offers, publishes or is the challenge."""
    at = _left(s, hit.first)
    light = grammar().verbs["light"].get(s.word(at))
    if at < 0 or at in s.at or not light:
        return None
    found = participle(s, replace(hit, first=at)) if light == "ing" else subject(s, at)
    return found if found.ends else None


def _opening(s: Sentence, hit: Hit) -> Found | None:
    """Return who speaks after `In a reply to Smith,`."""
    opens = _left(s, hit.first) == 0 and s.low[0] == "in"
    found = after_comma(s, hit.after) if opens else NOBODY
    return found if found.ends else None


def _beside(s: Sentence, hit: Hit) -> Found | None:
    """Return who an apposition speaks of: `, a direct answer to`."""
    at = _left(s, hit.first)
    titled = at in s.at and s.at[at].title
    if at < 0 or not (titled or s.low[at] in {",", "—", ":", "("}) or at + 1 >= hit.first + 1:
        return None
    if s.word(at + 1) not in listed("articles") and at + 1 != hit.first:
        return None
    if s.claimed and s.holder:
        return Found((s.holder,), sure=False)
    found = actor(s, at)
    return Found(found.ends, sure=False, near=found.near)


def titled(s: Sentence) -> Iterator[tuple[Hit, Edge]]:
    """Yield what a title says of itself: `'Quick Review' of 'The Long Paper'`."""
    for name in s.named:
        last = name.after - 2
        for form in cues().get(s.word(last), ()) if name.title and last > name.first else ():
            if form.cue.frame == "noun" and not form.rest and s.word(name.after) in form.cue.prep:
                target = objects(s, name.after + 1, (name.end,))
                hit = Hit(form.cue, form.tag, name.first, name.after, name.after + 1)
                yield hit, Edge(Found((name.end,), sure=True, near=name.first), target, "titled")
                break
