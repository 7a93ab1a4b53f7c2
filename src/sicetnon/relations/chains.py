"""Nouns that a passage has tied to a name, and takes up without it: `the protocol`."""

from __future__ import annotations

from collections.abc import Iterator

from sicetnon.relations.clause import NOBODY, Found
from sicetnon.relations.cues import grammar, listed
from sicetnon.relations.mentions import Named
from sicetnon.relations.sentence import Sentence
from sicetnon.relations.values import End

_SHORT, _NEAR = 4, 4


def tied(s: Sentence) -> Iterator[tuple[str, int, End]]:
    """Yield the nouns of `the protocol of Smith`, `Smith's protocol`, with where the name ends."""
    for name in s.named:
        if not name.weak and not name.loose:
            for noun in _beside(s, name):
                if len(noun) > _SHORT and noun.isalpha():
                    yield noun, name.after, name.end

    yield from _introduced(s)


def _introduced(s: Sentence) -> Iterator[tuple[str, int, End]]:
    """Yield the nouns that a sentence with one name brings in: `Smith offers a new protocol`."""
    strong = [name for name in s.named if not name.weak]
    if len({name.end for name in strong}) != 1:
        return
    for at in range(strong[0].after, len(s.low) - 1):
        if s.low[at] not in {"a", "an"}:
            continue
        for noun in range(at + 1, min(at + _NEAR, len(s.low))):
            following = s.word(noun + 1)
            if not following[:1].isalnum() or following in listed("not_after"):
                if len(s.low[noun]) > _SHORT and noun not in s.at:
                    yield s.low[noun], noun, strong[0].end
                break


def _beside(s: Sentence, name: Named) -> Iterator[str]:
    if s.word(name.first - 1) in {"of", "by", "from"} and name.first - 2 not in s.at:
        yield s.word(name.first - 2)
    if not name.possessive:
        return
    for at in range(name.after + 1, min(name.after + 1 + _NEAR, len(s.low))):
        word = s.low[at]
        if at in s.at or not word[0].isalpha() or word in listed("not_after"):
            return
        yield word


def chained(s: Sentence, at: int, words: list[str]) -> Found:
    """Return whose thing `the protocol` is, if all before it in the passage tie it to one name."""
    if len(words) < 2 or words[0] not in {"the", "this", "that", "these"}:
        return NOBODY
    if len(words) > 2 and words[2] not in listed("not_after") and words[2][0].isalnum():
        return NOBODY
    if grammar().has("plain_modifiers", words[1]):
        return NOBODY
    ends = set(s.tied.get(words[1], ()))
    ends |= {end for noun, after, end in tied(s) if noun == words[1] and after <= at}
    if not ends and words[1] in listed("pieces"):
        ends = set(s.kinds.get(words[1], ()))
    return Found((ends.pop(),), sure=False) if len(ends) == 1 else NOBODY
