"""What subjects and objects have in common: who is found, verb groups, names joined by *and*."""

from __future__ import annotations

from dataclasses import dataclass

from sicetnon.relations.cues import grammar, listed
from sicetnon.relations.sentence import Named, Sentence
from sicetnon.relations.values import End


@dataclass(frozen=True, slots=True)
class Found:
    """Ends that a place in a sentence resolves to; `sure` when they are named on the spot."""

    ends: tuple[End, ...]
    sure: bool
    near: int = -1


NOBODY = Found((), sure=False)


def head_of(s: Sentence, at: int) -> int:
    """Return the first word of the verb group that ends at a verb, going back over helpers."""
    g = grammar()
    at -= 1
    while at >= 0 and at not in s.at:
        word = s.low[at]
        adverb = word in listed("adverbs") or (word.endswith("ly") and len(word) > 4)
        if not (adverb or g.has("auxiliary", word) or g.has("raising", word)):
            break
        at -= 1
    return at + 1


def default(s: Sentence) -> Found:
    """Return who speaks where no name tells: the holder, or whom the line or page is about."""
    if s.place.part == "evolution" and s.low and not _subjectless(s):
        return NOBODY
    end = s.holder or s.actor or s.before
    return Found((end,), sure=False) if end else NOBODY


def _subjectless(s: Sentence) -> bool:
    """Say whether a sentence leaves out its subject: `Supported by …`, `More optimistic than …`."""
    start = s.low.index(":") + 1 if ":" in s.low[:4] else 0
    word = s.word(start)
    return not (start in s.at or word in listed("determiners") or word.endswith("ing"))


def _and_of(s: Sentence, at: int) -> int:
    """Return where *and* stands in `of Smith's paper and of Jones`, 0 if it does not."""
    for step in range(at, min(at + 5, len(s.low))):
        if step in s.at or not s.low[step][0].isalnum():
            return 0
        if s.low[step] == "and":
            return step if s.word(step + 1) == "of" else 0
    return 0


def coordinated(s: Sentence, name: Named) -> tuple[End, ...]:
    """Return a name and those that `and` joins to it."""
    ends = [name.end]
    at = name.after
    while len(ends) < 12:
        step = at + (s.word(at) == "'s")
        while s.word(step) in {",", "and", "or", "nor"} and s.word(step + 1) in {"and", "or", ","}:
            step += 1
        if s.word(step) not in {"and", "or", "nor", ","}:
            step = _and_of(s, step)
            if not step:
                break
        step += 1
        while s.word(step) in {"the", "both", "by", "of", "with", "to"}:
            step += 1
        following = s.at.get(step)
        if following is None or following.first != step:
            break
        if (
            s.word(at) == ","
            and s.word(following.after) not in {",", "and", "or"}
            and not any(word in {"and", "or"} for word in s.low[at : step + 1])
        ):
            break
        fresh = s.word(at) == "," and len(ends) == 1 and s.word(following.after)
        if fresh and (grammar().has("auxiliary", fresh) or fresh in grammar().verbs["reporting"]):
            break
        ends.append(following.end)
        at = following.after
    return tuple(dict.fromkeys(ends))
