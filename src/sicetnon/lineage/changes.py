"""A change between two versions, and the changes of running text, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from sicetnon.lineage.layer import GONE, NEW, REWORDED
from sicetnon.lineage.likeness import Rarity

CORRECTED = "corrected"

_CORRECTED = re.compile(
    r"\b(?:previously|earlier|formerly|wrongly) "
    r"(?:recorded|listed|given|reported|described|noted|stated)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.?!])(?<!\bet al\.)(?<!\b[A-Z]\.)[\"”’')\]]*\s+(?=[\"“‘'(]?[A-Z0-9])")
_ALIKE = 0.4


@dataclass(frozen=True, slots=True)
class Change:
    """One change: what kind of thing, how it changed, and the words before and after."""

    kind: str
    change: str
    before: str | list[str] | None
    after: str | list[str] | None
    evidence: Mapping[str, object] = field(default_factory=dict)


def corrected(old: str, new: str) -> bool:
    """Say whether the newer words tell of an error in the older."""
    return bool(_CORRECTED.search(new)) and not _CORRECTED.search(old)


def changed_words(old: str, new: str) -> list[list[str]]:
    """Return the words that differ as pairs of before and after, in order."""
    left, right = old.split(), new.split()
    codes = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    return [
        [" ".join(left[a:b]), " ".join(right[c:d])] for tag, a, b, c, d in codes if tag != "equal"
    ]


def reworded(heading: str, old: list[str], new: list[str]) -> Iterator[Change]:
    """Yield what changed between the sentences of a section, those that are alike as pairs."""
    left = [sentence for text in old for sentence in _SENTENCE.split(text)]
    right = [sentence for text in new for sentence in _SENTENCE.split(text)]
    kept = set(left) & set(right)
    gone = [sentence for sentence in left if sentence not in kept]
    come = [sentence for sentence in right if sentence not in kept]
    rarity = Rarity([*left, *right])
    pairs = sorted(
        (-rarity.likeness(a, b), i, j) for i, a in enumerate(gone) for j, b in enumerate(come)
    )
    taken: dict[int, int] = {}
    for minus, i, j in pairs:
        if -minus >= _ALIKE and i not in taken and j not in taken.values():
            taken[i] = j
    where = {"section": heading}
    for i, sentence in enumerate(gone):
        if i not in taken:
            yield Change("passage", GONE, sentence, None, where)
        elif corrected(sentence, come[taken[i]]):
            yield Change("fact", CORRECTED, sentence, come[taken[i]], where)
        else:
            words = {**where, "words": changed_words(sentence, come[taken[i]])}
            yield Change("passage", REWORDED, sentence, come[taken[i]], words)
    for j, sentence in enumerate(come):
        if j not in taken.values():
            yield Change("passage", NEW, None, sentence, where)
