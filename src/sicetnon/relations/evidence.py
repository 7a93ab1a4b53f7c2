"""The shortest part of a sentence that shows a relation by itself."""

from __future__ import annotations

from sicetnon.relations.cues import grammar, is_cue_verb, listed
from sicetnon.relations.match import Hit
from sicetnon.relations.sentence import Sentence
from sicetnon.relations.sides import Edge
from sicetnon.relations.values import Quote

_PARTS = frozenset(";:—")
_JOINS = frozenset(["and", "but", "or", "yet"])
_SUBORDINATE = frozenset(["while", "whereas", "although", "though"])
_LONG, _SHORT, _ASIDE = 120, 9, 12


def evidence(s: Sentence, hit: Hit, sides: Edge) -> Quote:
    """Return the clause of a cue with the names that stand in it, as an exact slice."""
    near = [side.near for side in (sides.source, sides.target) if side.near >= 0]
    own = _opening(s, hit.first)
    if near and min(near) < own and not _alone(s, own):
        own = _opening(s, min(near))
    last = _end(s, max([hit.after - 1, *(_name_end(s, at) for at in near if at >= own)]), own)
    if last - own < _SHORT and own > 0 and s.low[own - 1] != ";":
        own = _opening(s, own - 1)
    if last - own < _SHORT and s.word(last + 1) == ":":
        last = _end(s, last + 1, own)
    if own == 0 and last >= len(s.low) - 1:
        return s.quote()
    return s.quote(own, None if last >= len(s.low) - 1 else last)


def _name_end(s: Sentence, at: int) -> int:
    return s.at[at].after - 1 if at in s.at else at


def _alone(s: Sentence, at: int) -> bool:
    """Say whether the clause that begins at a word tells by itself what it is about."""
    return at > 0 and (s.word(at - 1) in {",", ";", ":"} or s.word(at - 1) in _JOINS)


def _opening(s: Sentence, at: int) -> int:
    """Return where the clause begins that a word stands in."""
    name = s.at.get(at)
    place = name.first if name else at
    stop = max(0, place - _LONG)
    while place > stop:
        inside = place in s.at and s.at[place].first < place
        if not inside and _opens(s, place):
            return place
        place -= 1
    return place


def _opens(s: Sentence, place: int) -> bool:
    """Say whether a clause of its own begins at a word."""
    before, word = s.low[place - 1], s.low[place]
    if place - 1 in s.at:
        return False
    if before == "—" and "—" in s.low[max(0, place - _ASIDE) : place - 1]:
        return False
    if before in _PARTS or before in _SUBORDINATE:
        return True
    if before in _JOINS:
        return _joined(s, place)
    named = place in s.at
    if before != ",":
        return False
    return not named and (
        word.endswith("ing")
        or word in listed("clause_openers")
        or (word in {"a", "an"} and not _listing(s, place))
    )


def _listing(s: Sentence, place: int) -> bool:
    """Say whether a comma before *a* only parts the members of a list."""
    return s.word(place - 2) in {"a", "an"} or s.word(place - 3) in {"a", "an"}


def _joined(s: Sentence, place: int) -> bool:
    """Say whether *and* before a word joins clauses or verbs, not two names."""
    if place in s.at:
        return s.word(place - 2) == ","
    word = s.low[place]
    return _verbal(word) or word in listed("clause_openers") or s.word(place - 2) == ","


def _verbal(word: str) -> bool:
    """Say whether a word is the finite verb of a clause."""
    g = grammar()
    finite = word in listed("finite") or is_cue_verb(word) or word in {"find", "report"}
    return finite or "s" in {g.verbs["claiming"].get(word), g.verbs["light"].get(word)}


def _end(s: Sentence, at: int, begin: int) -> int:
    """Return the last word of the clause that a word stands in."""
    for step in range(at + 1, min(at + _LONG, len(s.low))):
        if step in s.at:
            continue
        word = s.low[step]
        if word in _PARTS or (word in {"and", "but"} and _verbal(s.word(step + 1))):
            return step - 1
        following = s.word(step + 1)
        split = following in {"that", "which", "thereby", "thus"} or following.endswith("ing")
        if (word in {"and", "but"} and split) or (word == "while" and following.endswith("ing")):
            return step - 1
        if word == "," and _goes_on(s, step + 1, begin):
            return step - 1
    return min(at + _LONG, len(s.low)) - 1


def _goes_on(s: Sentence, at: int, begin: int) -> bool:
    """Say whether something new begins at a word after a comma."""
    word = s.word(at)
    if word in {"who", "whose"} or s.word(at + 1) in {"whom", "whose"}:
        return s.word(begin) not in listed("received")
    if word in listed("turns") or word in listed("relatives"):
        return True
    if word in {"and", "but"}:
        return True
    return at not in s.at and (word.endswith("ing") or word in {"a", "an"})
