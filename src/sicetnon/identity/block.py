"""Which pairs are worth judging: near-linear in the number of titles.

Every key depends on the title alone, never on the other titles, so that an unrelated title changes
nothing. Where a key is shared by more titles than a work has forms, it tells nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, product

from sicetnon.identity.titles import Title

END = 24
LEAST = 10
MOST_EQUAL = 60
MOST_BEGUN = 64
MOST_NEAR = 40
_WINDOW = 8

Found = tuple[int, int]


def pairs(titles: Sequence[Title]) -> list[Found]:
    """Return the pairs of places whose titles have a key in common, the lesser place first."""
    found: set[Found] = set()
    for source in (_identified, _equal, _begun, _near):
        found.update((i, j) if i < j else (j, i) for i, j in source(titles) if i != j)
    return sorted(found)


def _all(places: Sequence[int], most: int) -> Iterator[Found]:
    """Pair all places, or each with the next few when there are too many."""
    if len(places) <= most:
        yield from combinations(places, 2)
    else:
        for n, place in enumerate(places):
            yield from ((place, other) for other in places[n + 1 : n + 1 + _WINDOW])


def _identified(titles: Sequence[Title]) -> Iterator[Found]:
    places: dict[str, list[int]] = defaultdict(list)
    for n, title in enumerate(titles):
        for name in (title.arxiv, title.doi):
            if name:
                places[name].append(n)
    for found in places.values():
        yield from _all(found, MOST_EQUAL)


def _equal(titles: Sequence[Title]) -> Iterator[Found]:
    whole: dict[str, list[int]] = defaultdict(list)
    heads: dict[str, list[int]] = defaultdict(list)
    for n, title in enumerate(titles):
        for reading in title.readings:
            (heads if reading.cut == "subtitle" else whole)[reading.key].append(n)
    for found in whole.values():
        yield from _all(found, MOST_EQUAL)
    for key in heads.keys() & whole.keys():
        if len(heads[key]) <= MOST_EQUAL:
            yield from product(whole[key][:MOST_EQUAL], heads[key])


def _begun(titles: Sequence[Title]) -> Iterator[Found]:
    places: dict[str, list[int]] = defaultdict(list)
    for n, title in enumerate(titles):
        for reading in title.readings:
            if reading.cut != "subtitle":
                for key in reading.stems or (reading.key,):
                    places[key].append(n)
    keys = sorted(places)
    for n, title in enumerate(titles):
        if not title.truncated or not title.readings:
            continue
        for stem in title.readings[0].stems:
            at = bisect_left(keys, stem)
            if len(stem) < LEAST or _more(keys, at + MOST_BEGUN, stem):
                continue
            while at < len(keys) and keys[at].startswith(stem):
                yield from ((n, other) for other in places[keys[at]][:MOST_EQUAL])
                at += 1


def _more(keys: Sequence[str], at: int, stem: str) -> bool:
    return at < len(keys) and keys[at].startswith(stem)


def _near(titles: Sequence[Title]) -> Iterator[Found]:
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    for n, title in enumerate(titles):
        if title.truncated or not title.readings:
            continue
        for key in _ends(title.core, title.readings[0].words):
            places[key].append(n)
    for found in places.values():
        if len(found) <= MOST_NEAR:
            yield from combinations(found, 2)


def _ends(core: str, words: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Keys of which one at least survives a change in one place of a title."""
    half = END // 2
    return (
        ("begin", core[:END]),
        ("end", core[-END:]),
        ("ends", core[:half] + core[-half:]),
        ("words", " ".join(sorted(words))),
    )
