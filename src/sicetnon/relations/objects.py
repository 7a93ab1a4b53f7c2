"""What a verb, noun or preposition is about: named, taken up, or a programme."""

from __future__ import annotations

from sicetnon.relations import book
from sicetnon.relations.chains import chained
from sicetnon.relations.clause import NOBODY, Found, coordinated
from sicetnon.relations.cues import grammar, listed
from sicetnon.relations.mentions import Named
from sicetnon.relations.sentence import CLAUSE, Sentence
from sicetnon.relations.sides import text_before
from sicetnon.relations.values import End

_REACH = 16


def objects(s: Sentence, at: int, source: tuple[End, ...]) -> Found:
    """Return what a verb or preposition before a word is about."""
    g = grammar()
    stop = min(at + _REACH, len(s.low))
    for step in range(at, stop):
        word = s.low[step]
        if name := s.at.get(step):
            placed = name.weak or name.title or s.words[name.after - 1].text.islower()
            if placed and s.word(step - 1) in {"in", "on", "at"} and step > at:
                return _taken_up(s, at, step, source)
            return Found(coordinated(s, name), sure=not (name.weak or name.loose), near=step)
        shows = step == at and word == "that" and _noun(s.word(step + 1))
        shows = shows and _bare(s, step + 2)
        if shows or _held(s, at, step) or (word == "that" and _posted(s, step)):
            continue
        if _stops(s, at, step):
            among = _among(s, at, step)
            return among if among.ends else _taken_up(s, at, step, source)
        if g.has("against_nouns", word) and s.word(step + 1) in {"of", "to", "against"}:
            return NOBODY
        if _theory(s, at, step):
            among = _among(s, at, step + 1)
            return among if among.ends else _taken_up(s, at, step + 1, source)
    return _taken_up(s, at, stop, source)


def _noun(word: str) -> bool:
    g = grammar()
    return g.has("work_nouns", word) or g.has("position_nouns", word)


def _placed(s: Sentence, name: Named) -> bool:
    """Say whether a name only tells where: `on the Alignment Forum`."""
    at = name.first - 1 - (s.word(name.first - 1) == "the")
    return s.word(at - (s.word(at) in listed("own"))) in {"in", "on", "at", "to"}


def _among(s: Sentence, at: int, comma: int) -> Found:
    """Return whom an object counts in: `every estimate, Smith's included`, `Smith among them`."""
    name = s.at.get(comma + 1)
    if s.word(comma) != "," or name is None or comma == at:
        return NOBODY
    after = name.after + (s.word(name.after) in {"'s", "'"})
    counted = s.word(after) == "included" or (
        s.word(after) == "among" and s.word(after + 1) in {"them", "others"}
    )
    return Found((name.end,), sure=False, near=name.first) if counted else NOBODY


def _stops(s: Sentence, at: int, step: int) -> bool:
    """Say whether a word ends the object."""
    g = grammar()
    word = s.low[step]
    if word in CLAUSE or word in {",", "to"} or (step > at and g.has("auxiliary", word)):
        return True
    return g.has("stops", word) and not (word == "so" and step == at)


def _theory(s: Sentence, at: int, step: int) -> bool:
    """Say whether a word ends a phrase that names a view by what it says, not by its holder."""
    g = grammar()
    noun = g.has("position_nouns", s.low[step]) or g.has("school_nouns", s.low[step])
    held = s.word(step + 1) in listed("holding") and any(
        place in s.at for place in range(step + 2, step + 6)
    )
    return noun and step > at + 1 and not held


def _posted(s: Sentence, that: int) -> bool:
    """Say whether *that* ties a result to who had it: `the result that Smith had posted`."""
    name = s.at.get(that + 1) or s.at.get(that + 2)
    g = grammar()
    if name is None or that < 1:
        return False
    verb = s.word(name.after)
    said = g.verbs["claiming"].get(verb) == "ed" or verb in g.verbs["light"]
    return said or verb in {"had", "has", "have"}


def _held(s: Sentence, at: int, step: int) -> bool:
    """Say whether a preposition only ties a view to its holder: `advanced by`."""
    before, word = s.word(step - 1), s.low[step]
    if step <= at:
        return False
    author = s.at.get(step + 1)
    if word == "by" and author and not author.possessive and "of" in s.low[at:step]:
        return True
    if word == "by":
        return before.endswith("ed") or before in listed("held")
    return (word == "with" and before == "associated") or (
        word == "to" and before in {"due", "attributed", "owed", "peculiar"}
    )


def _school(s: Sentence, at: int, end: int) -> End | None:
    """Return the programme that a phrase names: `the frequency-driven account`."""
    g = grammar()
    first = at
    while first < end and g.has("plain_modifiers", s.low[first]):
        first += 1
    words = s.low[first:end]
    if not 1 < len(words) < 6 or not g.has("school_nouns", words[-1]):
        return None
    if s.word(first - 1) in {"a", "an"} and words[-1] in listed("devices"):
        return None
    if any(
        not word[0].isalnum() or word in {"of", "for", "in", "a", "an", "the"} for word in words
    ):
        return None
    return book.school(s.quote(first, end - 1).text)


def _taken_up(s: Sentence, at: int, end: int, source: tuple[End, ...]) -> Found:
    """Return what an object without a name stands for."""
    words = s.low[at:end]
    if not words:
        return NOBODY
    if programme := _school(s, at, end):
        return Found((programme,), sure=False)
    lone = (
        words[0] in {"it", "them", "him"}
        or (words == ["her"])
        or (words[0] == "what" and s.word(at + 1) in {"they", "he", "she", "it"})
    )
    shown = words[0] in {"this", "that", "these", "its", "their", "his", "her", "such", "so"}
    definite = words[0] == "the"
    other = s.holder if s.holder and s.holder not in source else None
    if other and s.place.part == "evolution" and (lone or shown or (definite and len(words) > 1)):
        return Found((other,), sure=False)
    earlier = [name for name in s.named if name.after <= at and name.end not in source]
    if (chain := chained(s, at, words)).ends and not set(chain.ends) & set(source):
        return chain
    if definite and set(words[:2]) & listed("writings"):
        text = text_before(s, at) or s.text
        return Found((text,), sure=False) if text and text not in source else NOBODY
    acts = definite and s.word(at + 1) in listed("acts") and _bare(s, at + 2)
    if not (lone or acts or _takes_up(s, words, shown=shown)):
        return NOBODY
    before = s.before or (s.line_before if shown else None)
    before = before if before not in source else None
    strong = [name for name in earlier if not (name.weak and _placed(s, name))]
    if words[0] == "it":
        strong = [name for name in strong if s.word(name.first - 1) != "by"]
        before = s.text if s.text and s.text not in source else before
    nearest = words[0] in {"them", "him", "her"} or not lone
    chosen = other or (strong[-1 if nearest else 0].end if strong else before)
    return Found((chosen,), sure=False) if chosen else NOBODY


def _bare(s: Sentence, after: int) -> bool:
    """Say whether a noun ends before a word."""
    word = s.word(after)
    return not word[:1].isalnum() or word in listed("not_after") or word in listed("subordinate")


def _takes_up(s: Sentence, words: list[str], *, shown: bool) -> bool:
    """Say whether a phrase takes up a work or position: `this view`; in a statement `the view`."""
    g = grammar()
    noun = any(g.has("position_nouns", w) or g.has("work_nouns", w) for w in words[:5])
    return noun and (shown or (s.claimed and words[0] == "the" and len(words) < 4))
