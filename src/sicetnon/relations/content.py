"""Descriptions that the page ties to a name elsewhere: `Smith's ring test`, `the ring test`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from sicetnon.relations.cues import grammar, is_cue_verb, listed
from sicetnon.relations.described import stem
from sicetnon.relations.mentions import Named
from sicetnon.relations.sentence import Sentence
from sicetnon.relations.values import End

_MODIFIERS = 4
_MADE_BY = frozenset(["of", "by", "from"])


def _phrase(s: Sentence, at: int) -> tuple[tuple[str, ...], int]:
    """Return the modifiers of a noun for a study and where the phrase ends; nothing if none."""
    told: list[str] = []
    for place in range(at, min(at + 1 + _MODIFIERS, len(s.low))):
        word = s.low[place]
        if place in s.at or not word[0].isalnum():
            break
        if _study(word) and not _study(s.word(place + 1)):
            return tuple(told), place + 1
        if not _modifies(word):
            break
        if not grammar().has("plain_modifiers", word):
            told.append(stem(word))
    return (), at


def _study(word: str) -> bool:
    return word in listed("study_nouns") or grammar().has("work_nouns", word)


def _modifies(word: str) -> bool:
    """Say whether a word may stand between an article and its noun."""
    g = grammar()
    verb = g.has("auxiliary", word) or g.verbs["reporting"].get(word) == "s" or is_cue_verb(word)
    return not (verb or word in listed("spare") or word in listed("not_after") or word.isdigit())


def _anchors(s: Sentence) -> Iterator[tuple[tuple[str, ...], End]]:
    """Yield the modifiers of what a sentence gives to somebody: `Smith's ring test`."""
    for name in s.named:
        if name.possessive and not (name.weak or name.loose):
            yield _phrase(s, name.after + 1)[0], name.end
    for at, word in enumerate(s.low):
        if word not in {"a", "an", "the"} or at in s.at:
            continue
        told, after = _phrase(s, at + 1)
        by = after + (s.word(after).endswith("ed") or s.word(after) in listed("held"))
        maker = s.at.get(by + 1)
        if told and maker and not maker.weak and s.word(by) in _MADE_BY:
            yield told, maker.end


def tell(sentences: Sequence[Sentence]) -> None:
    """Name in each sentence what its descriptions denote."""
    anchored: defaultdict[str, set[End]] = defaultdict(set)
    for s in sentences:
        for told, end in _anchors(s):
            for one in told:
                anchored[one].add(end)
    for s in sentences:
        found = [name for at in range(len(s.low)) if (name := _told(s, at, anchored))]
        for name in found:
            s.at.update(dict.fromkeys(range(name.first, name.after), name))
        if found:
            s.named = sorted([*s.named, *found], key=lambda name: name.first)


def _told(s: Sentence, at: int, anchored: Mapping[str, set[End]]) -> Named | None:
    """Return the description that opens at a word, if the page ties it to one name."""
    if s.low[at] != "the" or at in s.at:
        return None
    told, after = _phrase(s, at + 1)
    if not told or s.word(after) in {"of", "by", "'s"}:
        return None
    fitting = set.intersection(*(anchored.get(one, set()) for one in told))
    return Named(at, after, fitting.pop(), loose=True) if len(fitting) == 1 else None
