"""Draw claims, relations, absences, questions and mentions from the sentences of a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from sicetnon import terms
from sicetnon.model import Page, SectionKind
from sicetnon.relations.answers import answering
from sicetnon.relations.chains import tied
from sicetnon.relations.claims import claim
from sicetnon.relations.conceded import agreed, conceded, opposed
from sicetnon.relations.confidence import confidence, is_drawn
from sicetnon.relations.content import tell
from sicetnon.relations.contrasts import contrasts
from sicetnon.relations.cues import Cue, listed
from sicetnon.relations.evidence import evidence
from sicetnon.relations.frames import edge
from sicetnon.relations.judged import judged
from sicetnon.relations.match import Hit, hits
from sicetnon.relations.names import Names, opening_name
from sicetnon.relations.nouns import titled
from sicetnon.relations.places import Place, places
from sicetnon.relations.register import register
from sicetnon.relations.scope import Force, force
from sicetnon.relations.sentence import Sentence, marks_of, sentence
from sicetnon.relations.sides import Edge, text_before
from sicetnon.relations.values import (
    Absence,
    Claim,
    End,
    Mention,
    OpenQuestion,
    Reading,
    Relation,
    Work,
)
from sicetnon.relations.words import sentences

_EARLIER = 4


@dataclass(slots=True)
class _Drawn:
    claims: list[Claim] = field(default_factory=list)
    relations: dict[Relation, None] = field(default_factory=dict)
    absences: dict[Absence, None] = field(default_factory=dict)
    questions: dict[OpenQuestion, None] = field(default_factory=dict)
    mentions: dict[Mention, None] = field(default_factory=dict)


def read(page: Page, works: Sequence[Work]) -> Reading:
    """Draw from a page what its own words say of claims and of how they stand to one another."""
    names = register(page, works)
    drawn = _Drawn()
    before: End | None = None
    nouns: defaultdict[str, set[End]] = defaultdict(set)
    every = [(place, _parsed(place, names)) for place in places(page)]
    tell([one for _, some in every for one in some])
    for place, some in every:
        line_before = before if place.kind is SectionKind.TIMELINE else None
        if line_before is None:
            nouns = defaultdict(set)
        for one in _sentences(some, nouns):
            one.line_before = line_before
            _draw(one, drawn)
            before = _about(one) or before
    return Reading(
        tuple(drawn.claims),
        tuple(drawn.relations),
        tuple(drawn.absences),
        tuple(drawn.questions),
        tuple(drawn.mentions),
    )


def _about(s: Sentence) -> End | None:
    """Return whom a sentence is about, for the one after it."""
    strong = [name for name in s.named if not name.weak or name.first < 3]
    return strong[0].end if strong else s.actor


def _parsed(place: Place, names: Names) -> list[Sentence]:
    """Return the sentences of a passage."""
    actor, marks = _line_actor(place, names), marks_of(place, names)
    found = []
    for start, end in sentences(place.passage.text):
        one = sentence(place, start, end, names, marks)
        one.actor = actor
        found.append(one)
    return found


def _sentences(some: Sequence[Sentence], nouns: defaultdict[str, set[End]]) -> Iterator[Sentence]:
    """Yield the sentences of a passage; each knows whom the one before was about."""
    before: End | None = None
    text: End | None = None
    for one in some:
        one.before, one.text, one.tied = before, text, nouns
        yield one
        for noun, _, whose in tied(one):
            nouns[noun].add(whose)
        before = _about(one) or before
        text = text_before(one, len(one.low)) or text
        if text and one.place.kind is SectionKind.TIMELINE:
            # A line may say "the paper" of the one that the line before it tells of.
            nouns.update({noun: {text} for noun in nouns.keys() & listed("writings")})


def _line_actor(place: Place, names: Names) -> End | None:
    """Return whose work a line of the timeline cites, if it cites only one.

    A work that nobody on the page owns is its who opens the line by name.
    """
    if place.kind is not SectionKind.TIMELINE:
        return None
    cited = {names.entries.get(pointer.number) for pointer in place.passage.pointers}
    found = cited - {None}
    end = found.pop() if len(found) == 1 else None
    if end is None or end.kind != "work":
        return end
    name = opening_name(place.passage.text)
    return End("agent", name, terms.slug(name)) if name else end


def _draw(s: Sentence, drawn: _Drawn) -> None:
    if said := claim(s):
        drawn.claims.append(said)
    if s.place.kind is SectionKind.TENSIONS:
        for name in s.named:
            mention = Mention(name.end, s.quote(name.first, name.after - 1))
            drawn.mentions[mention] = None
    _draw_cues(s, drawn)
    for hit, sides in (*judged(s), *titled(s), *answering(s), *contrasts(s)):
        _put(s, hit, sides, drawn)


def _draw_cues(s: Sentence, drawn: _Drawn) -> None:
    found: list[tuple[Hit, Edge]] = []
    reply: Hit | None = None
    for hit in hits(s):
        sides = edge(s, hit, found[-_EARLIER:])
        if sides is None:
            reply = _reply(hit) or reply
            continue
        found.append((hit, sides))
        if reply and hit.tag == "ing" and hit.cue.stance == "contradicts":
            _put(s, reply, sides, drawn)
            reply = None
        reserved = list(conceded(s, hit, sides))
        if not reserved or not s.low[hit.first].startswith("accept"):
            _put(s, hit, sides, drawn)
        reserved.extend(opposed(s, hit, sides))
        if hit.cue.also and sides.source.sure and not agreed(s, hit):
            reserved.append((replace(hit, cue=_second(hit.cue)), sides))
        for which, edges in reserved:
            _put(s, which, edges, drawn)


def _reply(hit: Hit) -> Hit | None:
    """Return a noun of answering, for `publishes a rejoinder, disputing Smith`."""
    if hit.cue.frame != "noun" or "replies-to" not in {hit.cue.stance, hit.cue.also}:
        return None
    return replace(hit, cue=_second(hit.cue)) if hit.cue.also else hit


def _second(cue: Cue) -> Cue:
    """Return the cue as it says its second stance."""
    return replace(cue, id=f"{cue.also}/{cue.id.partition('/')[2]}", stance=cue.also)


def _put(s: Sentence, hit: Hit, sides: Edge, drawn: _Drawn) -> None:
    if not is_drawn(hit.cue.id):
        return
    how = force(s, hit.first, hit.after)
    quote = evidence(s, hit, sides)
    outright = sides.source.sure and sides.target.sure and hit.cue.strong
    status = "stated" if outright and how is Force.ASSERTED else "inferred"
    for source in sides.source.ends:
        for target in sides.target.ends:
            if source == target:
                continue
            stance, method = hit.cue.stance, hit.cue.id
            if how is Force.DENIED:
                drawn.absences[Absence(source, stance, target, quote, method)] = None
            elif how is Force.OPEN:
                drawn.questions[OpenQuestion(source, stance, target, quote, method)] = None
            else:
                sure = confidence(method, status)
                found = Relation(source, stance, target, quote, status, method, sure)
                drawn.relations[found] = None
