"""Who holds what: the statements of perspectives, and sentences that report."""

from __future__ import annotations

from sicetnon.model import SectionKind
from sicetnon.relations.clause import head_of
from sicetnon.relations.cues import grammar, listed
from sicetnon.relations.sentence import Sentence
from sicetnon.relations.subjects import subject
from sicetnon.relations.values import Claim, End

_HOLDER = frozenset(["they", "we", "he", "she", "i"])


def claim(s: Sentence) -> Claim | None:
    """Return what a sentence reports somebody to hold, None if it reports nothing."""
    if s.asked or s.place.kind is SectionKind.TENSIONS or s.place.part == "evolution":
        return None
    if s.claimed and _disclaimed(s):
        return None
    holder = s.holder if s.claimed else _reporter(s)
    if holder is None and s.place.kind is not SectionKind.CLAIMS:
        return None
    quote = s.quote()
    return Claim(holder, quote.text, quote, entries(s))


def _reporter(s: Sentence) -> End | None:
    """Return who reports in a sentence, None where nobody does."""
    verbs = grammar().verbs["claiming"]
    stop = 0
    for at, word in enumerate(s.low):
        if at < stop or at in s.at or word not in verbs:
            continue
        if verbs[word] == "base" and s.word(at - 1) in {"the", "a", "of", "'s", "an", "to"}:
            continue
        if _denied(s, at):
            stop = _turn(s, at)
            continue
        found = subject(s, at)
        if found.ends:
            return None if not found.sure and _sums_up(s, at) else found.ends[0]
    return None


def _denied(s: Sentence, verb: int) -> bool:
    """Say whether a verb says that somebody does not claim."""
    if s.low[verb] not in listed("asserting"):
        return False
    head = head_of(s, verb)
    return (
        any(
            (grammar().has("negation", s.low[at]) or s.low[at].endswith("n't"))
            and not grammar().has("only", s.word(at + 1))
            for at in range(head, verb)
        )
        or "nor" in s.low[max(0, head - 4) : head]
    )


def _turn(s: Sentence, at: int) -> int:
    """Return where a sentence turns to what is claimed after what is not."""
    turns = (i for i in range(at, len(s.low)) if s.low[i] in {";", "but", "instead"})
    return next(turns, len(s.low))


def _disclaimed(s: Sentence) -> bool:
    """Say whether a perspective's statement only says what its holder does not claim."""
    for at in range(len(s.low)):
        if at in s.at or not _denied(s, at):
            continue
        last = head_of(s, at) - 1
        named = s.at.get(last)
        own = named.end == s.holder if named else s.word(last) in _HOLDER
        if own and _turn(s, at) == len(s.low):
            return True
    return False


def _sums_up(s: Sentence, verb: int) -> bool:
    """Say whether a sentence sums up what several hold, so that no name before it is its holder."""
    opening = " ".join(s.low[:4]).replace(" ,", ",")
    shown = s.word(verb - 1) in listed("summed") and {"these", "those"} & set(s.low[:verb])
    return bool(shown) or opening.startswith(tuple(listed("summing")))


def entries(s: Sentence) -> tuple[int, ...]:
    """Return the entries cited at a sentence: inside it, right after it, or at its line's end."""
    pointers = s.place.passage.pointers
    if s.place.kind not in {SectionKind.TIMELINE, SectionKind.TENSIONS}:
        pointers = tuple(p for p in pointers if s.start < p.offset <= s.end)
    return tuple(dict.fromkeys(pointer.number for pointer in pointers))
