"""What subjects and objects have in common: who is found, verb groups, names joined by *and*."""

from __future__ import annotations

from dataclasses import dataclass

from sicetnon.relations.cues import grammar, is_cue_verb, listed
from sicetnon.relations.mentions import Named
from sicetnon.relations.sentence import Sentence
from sicetnon.relations.values import End


@dataclass(frozen=True, slots=True)
class Found:
    """Ends that a place in a sentence resolves to; `sure` when they are named on the spot."""

    ends: tuple[End, ...]
    sure: bool
    near: int = -1


_AGAIN = 9

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


def headless(s: Sentence) -> bool:
    """Say whether a sentence opens with its verb: `Defends Smith against …`."""
    g = grammar()
    start = s.low.index(":") + 1 if ":" in s.low[:4] else 0
    word = s.word(start)
    return start not in s.at and (is_cue_verb(word) or g.verbs["reporting"].get(word) == "s")


def _subjectless(s: Sentence) -> bool:
    """Say whether a sentence leaves out its subject: `Supported by …`, `More optimistic than …`."""
    start = s.low.index(":") + 1 if ":" in s.low[:4] else 0
    word = s.word(start)
    return not (start in s.at or word in listed("determiners") or word.endswith("ing"))


def _and_again(s: Sentence, name: Named, at: int) -> int:
    """Return where *and* stands in `of Smith's paper and of Jones`, 0 if it does not."""
    before = s.word(name.first - 1 - (s.word(name.first - 1) == "the"))
    for step in range(at, min(at + _AGAIN, len(s.low))):
        if step in s.at or not s.low[step][0].isalnum():
            return 0
        if s.low[step] == "and" and s.word(step + 1) in {"of", before}:
            return step if s.word(step + 1) in listed("twice") else 0
    return 0


def _further(s: Sentence, at: int) -> Named | None:
    """Return the name in `and of a review by Jones` from the word after *of*."""
    for step in range(at, min(at + _AGAIN, len(s.low))):
        if step in s.at:
            return s.at[step]
        if not s.low[step][0].isalnum() or s.low[step] in listed("subordinate"):
            return None
    return None


def _joined(s: Sentence, name: Named, at: int) -> Named | None:
    """Return the name that a comma or *and* joins to one that ends at a word."""
    again, step = 0, at + (s.word(at) == "'s")
    while s.word(step) in {",", "and", "or", "nor"} and s.word(step + 1) in {"and", "or", ","}:
        step += 1
    if s.word(step) not in {"and", "or", "nor", ","}:
        step = again = _and_again(s, name, step)
        if not again:
            return None
    elif s.word(step) == "and":
        again = _and_again(s, name, step)
    step += 1
    while s.word(step) in listed("twice") | {"the", "both"}:
        step += 1
    found = s.at.get(step) or (_further(s, step) if again else None)
    return found if found and (again or found.first == step) else None


def coordinated(s: Sentence, name: Named) -> tuple[End, ...]:
    """Return a name and those that `and` joins to it."""
    ends = [name.end]
    at = name.after
    while len(ends) < 12 and (following := _joined(s, name, at)):
        if (
            s.word(at) == ","
            and s.word(following.after) not in {",", "and", "or"}
            and not any(word in {"and", "or"} for word in s.low[at : following.first])
        ):
            break
        fresh = s.word(at) == "," and len(ends) == 1 and s.word(following.after)
        if fresh and (grammar().has("auxiliary", fresh) or fresh in grammar().verbs["reporting"]):
            break
        ends.append(following.end)
        at = following.after
    return tuple(dict.fromkeys(ends))
