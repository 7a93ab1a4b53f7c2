"""Whose a work is, where a heading, its authors or the page's own words tell."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from sicetnon.model import Page, SectionKind
from sicetnon.relations.book import Book
from sicetnon.relations.cues import listed
from sicetnon.relations.names import Words, quoted
from sicetnon.relations.places import places
from sicetnon.relations.values import End, Work
from sicetnon.relations.words import low

_NEAR, _PLAIN = 80, 3
_POSSESSIVE = re.compile(r"(?:'s|’s|s'|s’)(?= )")
_GOES_ON = re.compile(r",? [a-z]")
_BREAK = re.compile(r"[,;:()—–]|\b(?:and|that|which)\b")
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
    for key, end, strength in _signs(page, works, titled, names):
        owned[key].setdefault(end, strength)
    return _best(owned)


def _signs(
    page: Page,
    works: Sequence[Work],
    titled: Mapping[str, Sequence[Words]],
    names: Mapping[Words, End],
) -> Iterator[tuple[str, End, int]]:
    """Yield works with whom citations, lines of the timeline and authors give them to."""
    entries = {number: work.key for work in works for number in work.entries}
    for number, end in _by_mark(page, names):
        if number in entries:
            yield entries[number], end, 2
    for number, end, said in _by_line(page, names):
        key = entries.get(number)
        if key and len(_matter(titled[key][0]) & said) > 1:
            yield key, end, 1
    for work in works:
        first = names.get(low(work.authors[0])[-1:]) if work.authors else None
        if first and first.kind == "perspective":
            yield work.key, first, 1


def _by_mark(page: Page, names: Mapping[Words, End]) -> Iterator[tuple[int, End]]:
    """Yield entries with whom a citation inside a sentence gives them to: `Smith's survey[4]`."""
    for place in places(page):
        text = place.passage.text
        for pointer in place.passage.pointers:
            if not _GOES_ON.match(text, pointer.offset):
                continue
            if end := _before_mark(text[max(0, pointer.offset - _NEAR) : pointer.offset], names):
                yield pointer.number, end


def _by_line(page: Page, names: Mapping[Words, End]) -> Iterator[tuple[int, End, frozenset[str]]]:
    """Yield the entries of a line of the timeline with who opens it, and what the line says."""
    for place in places(page):
        text = place.passage.text
        if place.kind is not SectionKind.TIMELINE or not place.passage.pointers:
            continue
        end = _first_name(low(text[:_NEAR]), names, 1)
        if end and end.kind == "perspective":
            said = _matter(low(_unquoted(text)))
            for pointer in place.passage.pointers:
                yield pointer.number, end, said


def _unquoted(text: str) -> str:
    """Return a text up to the first title in quotes."""
    first = next(quoted(text), None)
    return text[: first[0]] if first else text


def _matter(words: Words) -> frozenset[str]:
    """Return the words of a text that tell what it is about, without their plural."""
    return frozenset(word.rstrip("s") for word in words if len(word) > _PLAIN) - listed("spare")


def _nouns() -> frozenset[str]:
    return listed("work_nouns") | listed("writings") | listed("position_nouns")


def _before_mark(lead: str, names: Mapping[Words, End]) -> End | None:
    """Return who ends right before a mark, or owns the noun phrase before it."""
    ends = lead[-1:].isalnum() or lead.endswith("al.")
    if ends and (found := _last_name(low(lead), names)):
        return found
    for match in reversed(list(_POSSESSIVE.finditer(lead))):
        after = lead[match.end() :]
        words = low(after.partition(" of ")[0])
        if _BREAK.search(after) or not 0 < len(words) < 6 or words[-1] not in _nouns():
            return None
        return _last_name(low(lead[: match.end()]), names)
    return None


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
