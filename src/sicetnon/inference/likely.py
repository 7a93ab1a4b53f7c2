"""Which works a perspective likely rests on where it cites none: inferred, with what speaks for it.

Three signs are asked: the title of a work is quoted in the heading or the statement; an author of
a work, or the actor of an event that cites it, is named in the heading; and the words of the title
are those of the perspective (cosine over character 4-grams, weighted by how rare they are among the
titles). The score is the chance that at least one sign holds, each taken as independent, with the
weights below: it orders works for a reader and is not a probability of being right.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sicetnon.inference.told import quoted, surnames
from sicetnon.inference.works import Works
from sicetnon.model import Event, Page, Position

_GRAM = 4
_QUOTED, _AUTHOR, _EVENT, _WORDS = 0.9, 0.8, 0.6, 0.9
_ENOUGH = 0.25
_ACTOR = 60  # how far into an event its actor is looked for
_MOST = 3
_PROPER = re.compile(r"(?<![\w-])[A-Z][^\W\d_]*(?:-[^\W\d_]+)*(?!\w)")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Likely:
    """A work that a perspective likely rests on: both by number, and the score from 0 to 1."""

    position: int
    work: int
    score: float
    signs: tuple[str, ...]


def likely(page: Page, works: Works) -> Iterator[Likely]:
    """Yield the likely works of every perspective whose statement cites nothing, the best first."""
    positions = list(_positions(page))
    uncited = [n for n, each in positions if not any(p.pointers for p in each.statement)]
    if not uncited or not works.works:
        return
    grams = _Grams([work.title for work in works.works])
    names = _distinct({n: _proper(each.heading.text) for n, each in positions})
    events = list(_events(page, works))
    authors = [surnames(work.authors) for work in works.works]
    for n, position in positions:
        if n in uncited:
            yield from _ranked(n, _signs(position, names[n], works, authors, grams, events))


def _ranked(position: int, signs: Mapping[int, Mapping[str, float]]) -> Iterator[Likely]:
    scored = [
        (1 - math.prod(1 - weight for weight in found.values()), work, tuple(sorted(found)))
        for work, found in signs.items()
    ]
    best = sorted(
        (each for each in scored if each[0] >= _ENOUGH), key=lambda each: (-each[0], each[1])
    )
    for score, work, found in best[:_MOST]:
        yield Likely(position, work, round(score, 3), found)


def _signs(
    position: Position,
    names: frozenset[str],
    works: Works,
    authors: Sequence[frozenset[str]],
    grams: _Grams,
    events: Sequence[tuple[frozenset[str], frozenset[int]]],
) -> dict[int, dict[str, float]]:
    found: dict[int, dict[str, float]] = {}
    for passage in (position.heading, *position.statement):
        for work, _, _ in quoted(passage.text, works.titles):
            found.setdefault(work, {})["title"] = _QUOTED
    for work, each in enumerate(authors):
        if names & each:
            found.setdefault(work, {})["author"] = _AUTHOR
    for actors, cited in events:
        if names & actors:
            for work in cited:
                found.setdefault(work, {})["event"] = _EVENT / math.sqrt(len(cited))
    words = " ".join(passage.text for passage in (position.heading, *position.statement))
    for work, likeness in grams.likeness(words):
        found.setdefault(work, {})["words"] = _WORDS * likeness
    return found


def _positions(page: Page) -> Iterator[tuple[int, Position]]:
    for section in page.sections:
        for number, block in enumerate(section.blocks, 1):
            if isinstance(block, Position):
                yield number, block


def _events(page: Page, works: Works) -> Iterator[tuple[frozenset[str], frozenset[int]]]:
    """Yield the names that open the text of each event, with the works that it cites."""
    of_entry = {entry.number: n for n, work in enumerate(works.works) for entry in work.entries}
    for section in page.sections:
        for block in section.blocks:
            if isinstance(block, Event):
                marks = (mark.number for mark in block.passage.pointers)
                cited = frozenset(of_entry[number] for number in marks if number in of_entry)
                if cited:
                    opening = _PROPER.findall(block.passage.text[:_ACTOR])
                    yield frozenset(map(str.casefold, opening)), cited


def _proper(heading: str) -> frozenset[str]:
    """Return the names in a heading; acronyms are left out, most are venues and topics."""
    return frozenset(word.casefold() for word in _PROPER.findall(heading) if not word.isupper())


def _distinct(names: Mapping[int, frozenset[str]]) -> dict[int, frozenset[str]]:
    """Keep of the capitalized words of headings those that stand in one heading alone."""
    times = Counter(name for each in names.values() for name in each)
    return {n: frozenset(name for name in each if times[name] == 1) for n, each in names.items()}


class _Grams:
    """The titles of works as weighted character n-grams, to be compared with other words."""

    def __init__(self, titles: Sequence[str]) -> None:
        counted = [_grams(title) for title in titles]
        self._spread = dict(Counter(gram for each in counted for gram in each))
        most = max(self._spread.values(), default=0)
        self._rare = [math.log(1 + len(titles) / (1 + spread)) for spread in range(most + 1)]
        self._holders: dict[str, list[tuple[int, float]]] = {}
        for n, each in enumerate(counted):
            vector = self._weighted(each)
            for gram, weight in vector.items():
                self._holders.setdefault(gram, []).append((n, weight))

    def likeness(self, text: str) -> Iterator[tuple[int, float]]:
        """Yield the titles that have anything in common with a text, with their cosine."""
        found: dict[int, float] = {}
        for gram, weight in self._weighted(_grams(text)).items():
            for n, other in self._holders.get(gram, ()):
                found[n] = found.get(n, 0.0) + weight * other
        yield from sorted(found.items())

    def _weighted(self, counted: Mapping[str, int]) -> dict[str, float]:
        spread, rare = self._spread, self._rare
        vector = {
            gram: (1 + math.log(times)) * rare[spread.get(gram, 0)]
            for gram, times in counted.items()
        }
        length = math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0
        return {gram: weight / length for gram, weight in vector.items()}


def _grams(text: str) -> Counter[str]:
    padded = [f" {word} " for word in _WORD.findall(text.casefold())]
    return Counter(
        [word[i : i + _GRAM] for word in padded for i in range(max(1, len(word) - _GRAM + 1))]
    )
