"""The two sides of a verb: voice, participles, infinitives, relative clauses."""

from __future__ import annotations

from sicetnon.relations.clause import NOBODY, Found, default, head_of
from sicetnon.relations.cues import grammar, listed
from sicetnon.relations.match import Hit
from sicetnon.relations.objects import objects
from sicetnon.relations.sentence import CLAUSE, Sentence
from sicetnon.relations.sides import Edge, unsaid
from sicetnon.relations.subjects import actor, speaker, subject
from sicetnon.relations.values import End


def _cited_in(s: Sentence, hit: Hit) -> Edge | None:
    """Return the sides of `is cited in his lectures`, where the line on a perspective says so."""
    own = s.word(hit.after) in {"in", "there"} and s.word(hit.after + 1) != "a"
    if not (hit.cue.turned and own and s.place.part == "evolution" and s.holder):
        return None
    return Edge(Found((s.holder,), sure=False), subject(s, hit.first), "cited")


def _rests(s: Sentence, found: Found) -> Found:
    """Return whose case rests on something where the line on a perspective leaves it unnamed."""
    if found.ends or s.place.part != "evolution" or not s.holder:
        return found
    return Found((s.holder,), sure=False)


def verb(s: Sentence, hit: Hit) -> Edge | None:
    """Return the two sides of a verb."""
    if hit.tag == "ed" and (by := _passive(s, hit)):
        target = patient(s, hit)
        source = objects(s, by + 1, target.ends)
        return Edge(source, target, "passive") if source.near >= 0 else None
    if hit.tag == "ed" and helped(s, hit.first) and not _phrasal(s, hit):
        return _cited_in(s, hit)
    if hit.tag == "ed" and s.word(hit.first - 1) == "have" and s.word(hit.first - 2) == "to":
        return None
    if hit.tag == "ing":
        source = participle(s, hit)
    elif s.word(hit.first - 1) == "to":
        source = _infinitive(s, hit)
    else:
        source = subject(s, hit.first)
    source = _rests(s, source) if hit.cue.turned else source
    if not source.ends and not hit.cue.turned:
        said = speaker(s, hit.first)
        source = Found(said.ends, sure=False, near=said.near)
    target = _target(s, hit, source.ends)
    answers = hit.cue.stance == "replies-to" and (hit.cue.also or s.word(hit.after) != "within")
    if not target.ends and answers and s.word(hit.after) in listed("alone"):
        return unsaid(s, hit, source) if hit.tag != "ing" else None
    opposed = hit.cue.stance not in {"refines", "qualifies"}
    if not target.ends and opposed and (that := relative(s, hit)):
        target = before_relative(s, that, source.ends)
    if _about_topic(s, hit, target) or _not_replicated(s, hit):
        return None
    return Edge(source, target, "active")


def _target(s: Sentence, hit: Hit, source: tuple[End, ...]) -> Found:
    found = objects(s, hit.object, source)
    told = not found.ends and hit.cue.stance == "contradicts"
    return said_of(s, hit.after, source) if told else found


def said_of(s: Sentence, that: int, source: tuple[End, ...]) -> Found:
    """Return of whom a clause speaks: `that Smith's sample is small`, `whether Smith is right`."""
    if s.word(that) not in {"that", "whether"}:
        return NOBODY
    for at in range(that + 1, min(that + 5, len(s.low))):
        name = s.at.get(at)
        if name and name.end not in source:
            return Found((name.end,), sure=not (name.weak or name.loose), near=at)
    return NOBODY


def _about_topic(s: Sentence, hit: Hit, target: Found) -> bool:
    """Say whether only a subject matter is narrowed: `narrow the main pulse of admixture`."""
    name = s.at.get(target.near)
    if name is None or hit.cue.stance not in {"refines", "qualifies"}:
        return False
    g = grammar()
    of = s.word(name.first - 1) == "of"
    head = s.word(name.first - 2) if of else s.word(name.after)
    of = of or name.first == hit.object
    last = s.words[name.after - 1].text
    topic = last.islower() and last not in {"al", "colleagues", "others"}
    following = s.word(name.after)
    ends = not following[:1].isalnum() or following in listed("not_after")
    heads = (head, last) if ends else (head,)
    held = any(g.has("position_nouns", word) or g.has("work_nouns", word) for word in heads)
    return of and not held and topic and not name.possessive


def _not_replicated(s: Sentence, hit: Hit) -> bool:
    """Say whether a replication goes on to find something else: `and find it sensitive`."""
    if s.low[hit.first] not in listed("replicating"):
        return False
    rest = s.low[hit.after :]
    return bool(listed("not_robust") & set(rest))


def _phrasal(s: Sentence, hit: Hit) -> bool:
    """Say whether a verb ends with its own preposition: `is written in answer to`."""
    return hit.after - hit.first > 1 and s.low[hit.after - 1] in listed("prepositions")


def relative(s: Sentence, hit: Hit) -> int:
    """Return where *that* stands in `a result that Smith disputes`, 0 if the verb has an object."""
    if s.word(hit.after)[:1].isalnum() and s.word(hit.after) not in listed("after_relative"):
        return 0
    for at in range(head_of(s, hit.first) - 1, max(0, hit.first - 14), -1):
        if s.low[at] == "whose" and s.word(hit.first - 1) in {"it", "they", "he", "she"}:
            return at
        if at not in s.at and s.low[at] in {"that", "which", "whom"}:
            return 0 if s.word(at - 1) in listed("before_ing") else at
        if s.low[at] in CLAUSE:
            return 0
        noun = at - 1 - (s.word(at - 1) == "the")
        named = at in s.at and s.at[at].first == at
        if named and s.word(noun - 1) in {"a", "an"} and s.word(noun - 2) in {",", "—"}:
            return noun
    return 0


def before_relative(s: Sentence, relative: int, source: tuple[End, ...]) -> Found:
    """Return whose result, claim or paper a relative clause speaks of."""
    if s.place.part == "evolution" and s.holder and s.holder not in source:
        return Found((s.holder,), sure=False)
    near = 6 if s.low[relative] == "whose" else 1
    for at in range(relative - 1, max(-1, relative - 1 - near), -1):
        name = s.at.get(at)
        if name and name.end not in source:
            return Found((name.end,), sure=True, near=name.first)
    found = actor(s, relative)
    return Found(found.ends, sure=False, near=found.near)


def helped(s: Sentence, at: int) -> bool:
    """Say whether a form of *be* helps the verb at a word."""
    g = grammar()
    start = head_of(s, at)
    return any(g.has("be", s.low[i]) for i in range(start, at))


def _passive(s: Sentence, hit: Hit) -> int:
    """Return where the word *by* of a passive stands, 0 if the verb is active."""
    if _phrasal(s, hit) and s.word(hit.after) != "by":
        return 0
    free = helped(s, hit.first) or hit.first == 0 or s.low[hit.first - 1] in {";", ","}
    if s.word(hit.first + 1) == "by":
        return hit.first + 1
    for at in range(hit.after, min(hit.after + (10 if free else 3), len(s.low))):
        word = s.low[at]
        if word == "by" or (free and word in {"from", "in"} and at + 1 in s.at):
            return at
        if word in CLAUSE or (word == "," and not free) or at in s.at:
            return 0
    return 0


def patient(s: Sentence, hit: Hit) -> Found:
    """Return the subject of a passive; of a bare participle, the name before it."""
    if helped(s, hit.first) or hit.first == 0:
        found = subject(s, hit.first)
        about = s.place.part == "evolution" and s.holder
        return Found((s.holder,), sure=False) if about and not found.sure and s.holder else found
    last = head_of(s, hit.first) - 1
    held = s.at.get(last - 1) if s.word(last) == "and" else None
    if held and s.word(held.first - 1) == "by":
        return Found((held.end,), sure=True, near=held.first)
    if last < 0 or s.low[last] in {";", ","}:
        return default(s) if s.place.part == "evolution" else actor(s, last)
    return subject(s, hit.first)


def participle(s: Sentence, hit: Hit) -> Found:
    """Return the subject of a form in -ing."""
    last = head_of(s, hit.first) - 1
    if helped(s, hit.first):
        return subject(s, hit.first)
    if last < 0:
        return after_comma(s, hit.after)
    word = s.low[last]
    if word in listed("before_ing"):
        pair = (s.word(last - 1), word)
        return (
            actor(s, last)
            if word == "without" or pair in grammar().pairs["negation_pairs"]
            else NOBODY
        )
    if last in s.at or word not in {",", "—", "and", "by", "while", "but", ";"}:
        found = subject(s, hit.first)
        return found if found.ends else actor(s, last)
    return subject(s, hit.first)


def after_comma(s: Sentence, at: int) -> Found:
    """Return the name that opens the main clause after a participle at its head."""
    for step in range(at, min(at + 30, len(s.low))):
        if s.low[step] == "," and (name := s.at.get(step + 1)):
            return Found((name.end,), sure=True, near=step + 1)
    return default(s) if s.holder else NOBODY


def _infinitive(s: Sentence, hit: Hit) -> Found:
    found = actor(s, hit.first)
    return Found(found.ends, sure=False, near=found.near)
