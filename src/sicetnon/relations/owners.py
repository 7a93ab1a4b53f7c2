"""Whose a work is, where a heading, its authors or the page's own words tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from sicetnon.model import Page, SectionKind
from sicetnon.relations.book import Book
from sicetnon.relations.cues import listed
from sicetnon.relations.names import Words, quoted
from sicetnon.relations.places import places
from sicetnon.relations.values import End, Work
from sicetnon.relations.words import low

_NEAR = 80
Titles = Mapping[Words, Mapping[Words, set[str]]]


def owners(
    page: Page,
    works: Sequence[Work],
    titled: Mapping[str, Sequence[Words]],
    titles: Book,
    names: Mapping[Words, End],
) -> dict[str, End]:
    """Return work → its owner; titles that a sentence gives to somebody are added to `titles`."""
    by_title: defaultdict[Words, dict[Words, set[str]]] = defaultdict(dict)
    for work in works:
        for words in titled[work.key]:
            by_title[words[:3]].setdefault(words, set()).add(work.key)
    owned: defaultdict[str, dict[End, int]] = defaultdict(dict)
    for words, ends in titles.claims.items():
        for key in _works_of(words, by_title):
            owned[key].update(ends)
    for words, end in _by_owner(page, names):
        titles.add(words, end, 2)
        for key in _works_of(words, by_title):
            owned[key].setdefault(end, 2)
    for work in works:
        first = names.get(low(work.authors[0])[-1:]) if work.authors else None
        if first and first.kind == "perspective":
            owned[work.key].setdefault(first, 1)
    return _best(owned)


def _best(owned: Mapping[str, Mapping[End, int]]) -> dict[str, End]:
    found: dict[str, End] = {}
    for key, ends in sorted(owned.items()):
        best = max(ends.values())
        top = [end for end, strength in ends.items() if strength == best]
        if len(top) == 1:
            found[key] = top[0]
    return found


def _works_of(words: Words, by_title: Titles) -> set[str]:
    """Return the works with this title, or that begin with it or are cut before its end."""
    near = by_title.get(words[:3], {})
    if words in near:
        return near[words]
    if len(words) < 3:
        return set()
    return {
        key
        for other, keys in near.items()
        if other[: len(words)] == words or words[: len(other)] == other
        for key in keys
    }


def _by_owner(page: Page, names: Mapping[Words, End]) -> Iterator[tuple[Words, End]]:
    """Yield titles in quotes with the end that the sentence gives them to."""
    for place in places(page):
        text = place.passage.text
        for start, stop, title in quoted(text):
            words = low(title)
            opens = place.kind is SectionKind.TIMELINE and start < _NEAR
            end = _owner(text, start, stop, names, opens=opens) if len(words) > 1 else None
            if end:
                yield words, end


def _owner(
    text: str, start: int, stop: int, names: Mapping[Words, End], *, opens: bool
) -> End | None:
    """Return who owns a title between two offsets: `Smith's 'T'`, `'T' (Smith)`."""
    lead = text[max(0, start - _NEAR) : start]
    if lead.rstrip().endswith(("'s", "’s", "s'", "s’")):
        return _last_name(low(lead), names)
    before = low(lead) if opens else ()
    if set(before) & listed("publishing"):
        return _first_name(before, names, 3)
    by = text[stop : stop + 4] == " by "
    if by or text[stop : stop + 2] == " (":
        return _first_name(low(text[stop : stop + _NEAR])[by:], names, 1)
    return None


def _first_name(words: Words, names: Mapping[Words, End], within: int) -> End | None:
    for at in range(min(within, len(words))):
        for size in range(min(8, len(words) - at), 0, -1):
            if found := names.get(words[at : at + size]):
                return found
    return None


def _last_name(words: Words, names: Mapping[Words, End]) -> End | None:
    for at in range(max(0, len(words) - 9), len(words)):
        if found := names.get(words[at:]):
            return found
    return None
