"""Who holds what: the statements of perspectives, and sentences that report."""

from __future__ import annotations

from sicetnon.model import SectionKind
from sicetnon.relations.cues import grammar
from sicetnon.relations.sentence import Sentence
from sicetnon.relations.subjects import subject
from sicetnon.relations.values import Claim, End


def claim(s: Sentence) -> Claim | None:
    """Return what a sentence reports somebody to hold, None if it reports nothing."""
    if s.asked or s.place.kind is SectionKind.TENSIONS or s.place.part == "evolution":
        return None
    holder = s.holder if s.claimed else _reporter(s)
    if holder is None and s.place.kind is not SectionKind.CLAIMS:
        return None
    quote = s.quote()
    return Claim(holder, quote.text, quote, entries(s))


def _reporter(s: Sentence) -> End | None:
    """Return who reports in a sentence, None where nobody does."""
    verbs = grammar().verbs["claiming"]
    for at, word in enumerate(s.low):
        if at in s.at or word not in verbs:
            continue
        if verbs[word] == "base" and s.word(at - 1) in {"the", "a", "of", "'s", "an", "to"}:
            continue
        found = subject(s, at)
        if found.ends:
            return found.ends[0]
    return None


def entries(s: Sentence) -> tuple[int, ...]:
    """Return the entries cited at a sentence: inside it, right after it, or at its line's end."""
    pointers = s.place.passage.pointers
    if s.place.kind not in {SectionKind.TIMELINE, SectionKind.TENSIONS}:
        pointers = tuple(p for p in pointers if s.start < p.offset <= s.end)
    return tuple(dict.fromkeys(pointer.number for pointer in pointers))
