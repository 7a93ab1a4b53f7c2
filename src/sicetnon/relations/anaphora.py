"""What pronouns and descriptions without a name stand for."""

from __future__ import annotations

from sicetnon.relations.chains import chained
from sicetnon.relations.clause import NOBODY, Found, default
from sicetnon.relations.cues import grammar, listed
from sicetnon.relations.mentions import Named
from sicetnon.relations.sentence import Sentence
from sicetnon.relations.sides import text_before

_OWN = frozenset(["its", "their", "his", "her"])
_SHOWN = frozenset(["this", "these", "those", "that"])


def anaphor(s: Sentence, start: int, last: int) -> Found:
    """Return what a phrase without a name stands for, where it is a pronoun or takes one up."""
    words = s.low[start : last + 1]
    if not words:
        return default(s)
    if s.claimed and s.holder:
        return Found((s.holder,), sure=False)
    if words[0] == "the" and set(words[1:3]) & listed("writings"):
        return _text(s, start)
    if start > 0 or s.tied or s.kinds:
        chain = chained(s, start, words)
        if chain.ends:
            return chain
    if words[0] in _OWN and words[-1] in {"authors", "author"}:
        return _authors(s, start)
    if _takes_up(words):
        return _earlier(s, start)
    return Found((s.actor,), sure=False) if s.actor and start == 0 else NOBODY


def _takes_up(words: list[str]) -> bool:
    """Say whether a phrase is a pronoun, or points back with a noun for a work or a position."""
    g = grammar()
    points = words[0] in _OWN or words[0] in _SHOWN or words[0] == "the"
    position = any(g.has("position_nouns", w) for w in words)
    work = next((i for i, w in enumerate(words) if g.has("work_nouns", w)), 0)
    bare = words[0] != "the" or all(g.has("plain_modifiers", w) for w in words[1:work])
    noun = position or (work > 0 and bare)
    shown = words[0] != "the" and points and 1 < len(words) < 5
    lone = len(words) == 1 and g.has("pronouns", words[0])
    return lone or shown or (points and noun and len(words) < 8)


def _text(s: Sentence, start: int) -> Found:
    """Return whose text a phrase such as *the paper* takes up: the last one spoken of."""
    inside = text_before(s, start)
    own = next((n.end for n in s.named if n.after <= start and not n.weak), None)
    holder = s.holder if s.place.part == "evolution" else None
    end = inside or holder or s.text or own or s.actor
    return Found((end,), sure=False) if end else NOBODY


def _authors(s: Sentence, start: int) -> Found:
    """Return who the authors of what was spoken of are: not who has just spoken of it."""
    spoken = {name.end for name in s.named if name.after <= start}
    end = s.holder if s.place.part == "evolution" else s.text or s.before
    end = text_before(s, start) or (end if end not in spoken else None)
    return Found((end,), sure=False) if end else NOBODY


def _earlier(s: Sentence, start: int) -> Found:
    """Return whom a pronoun takes up: the subject so far, or whom the place is about."""
    takes_up = s.word(0) in _OWN or s.word(0) in {"they", "it", "he", "she"}
    if start > 0 and takes_up and not s.claimed and s.before:
        return Found((s.before,), sure=False)
    opened = _opened(s)
    for name in s.named:
        if opened <= name.first and name.after <= start and not under(s, name, opened):
            return Found((name.end,), sure=False, near=name.first)
    evolves = s.place.part == "evolution"
    end = (s.holder if evolves else s.before) or s.actor or s.before or s.holder
    return Found((end,), sure=False) if end else NOBODY


def _opened(s: Sentence) -> int:
    """Return where a sentence begins after an opening such as `Coming from a group …,`."""
    word = s.word(0)
    if word in listed("opening") or word.endswith("ing"):
        return next((i for i in range(min(40, len(s.low))) if s.low[i] == ","), 0)
    return 0


def under(s: Sentence, name: Named, start: int) -> bool:
    """Say whether a name hangs on a preposition, so that it is no subject."""
    at = name.first - 1
    while at >= start and s.low[at] in {"the", "a", "an", "both", "its", "their"}:
        at -= 1
    if at > start + 4 and s.low[at] == "of":
        return True
    if at < start or s.low[at] not in listed("not_subject") | {
        "than",
        "unlike",
        "under",
        "on",
        "after",
    }:
        return False
    if s.low[at] == "by":
        noun = s.word(at - 1)
        if at - start == 1 and not noun.endswith("ed") and noun not in listed("held"):
            return False
        return not any(grammar().has("work_nouns", word) for word in s.low[max(start, at - 3) : at])
    return True
