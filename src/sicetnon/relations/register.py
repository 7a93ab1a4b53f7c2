"""Fill the names of a page from its headings, its works and its own words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain

from sicetnon.model import Page
from sicetnon.relations.book import Book
from sicetnon.relations.cues import listed
from sicetnon.relations.described import kinds_of, stems_of
from sicetnon.relations.found_names import add_capitals, add_groups, add_schools, bare
from sicetnon.relations.heads import Heading, read_heading
from sicetnon.relations.names import Names, Words, clean_title, title_words
from sicetnon.relations.owners import owners
from sicetnon.relations.places import headings, places
from sicetnon.relations.values import End, Work
from sicetnon.relations.words import low

_WORDS = re.compile(r"[^\W_]+")


def register(page: Page, works: Sequence[Work]) -> Names:
    """Return the names of a page; a name that two ends claim alike denotes neither."""
    heads = headings(page)
    holders = tuple(End("perspective", text, str(number)) for number, text in enumerate(heads))
    texts = [place.passage.text for place in places(page)]
    said = " ".join(texts).casefold()
    names, titles = Book(said), Book()
    studies = _studies(said)
    for text, end in zip(heads, holders, strict=True):
        _add_heading(names, titles, read_heading(text), end, studies)
    plain = [bare(text) for text in texts]
    add_groups(names, plain)
    add_schools(names, heads, texts, plain)
    add_capitals(names, texts, plain)
    titled = {work.key: tuple(title_words(work.title)) for work in works}
    owned = owners(page, works, titled, titles, names.settled())
    whose = {
        work.key: owned.get(work.key) or End("work", clean_title(work.title), work.key)
        for work in works
    }
    for work in works:
        for words in titled[work.key]:
            titles.add(words, whose[work.key], 1)
            if len(words) > 3:
                names.add(words, whose[work.key], 1)
    entries = {number: whose[work.key] for work in works for number in work.entries}
    kinds = kinds_of(
        [(end.name, end) for end in holders] + [(work.title, whose[work.key]) for work in works]
    )
    found = _names(names, titles, entries, holders, _stems(holders, works, titled, whose), kinds)
    return replace(found, about=_about(found, works))


def _about(names: Names, works: Sequence[Work]) -> dict[int, End]:
    """Return entry → whom its title answers, if that is another."""
    found: dict[int, End] = {}
    for work in works:
        end = names.addressed(work.title)
        if end is None or end.kind == "school" or end == names.entries.get(work.entries[0]):
            continue
        if end.kind != "work" or low(end.name)[0] not in listed("answering"):
            found |= dict.fromkeys(work.entries, end)
    return found


def _studies(said: str) -> Mapping[str, frozenset[str]]:
    """Return word → the nouns for a study or a view that follow it somewhere on a page."""
    nouns = listed("study_nouns") | listed("view_nouns")
    found: defaultdict[str, set[str]] = defaultdict(set)
    before = ""
    for word in _WORDS.findall(said):
        if word in nouns:
            found[before].add(word)
        before = word
    return {word: frozenset(following) for word, following in found.items()}


def _add_heading(
    names: Book,
    titles: Book,
    heading: Heading,
    end: End,
    studies: Mapping[str, frozenset[str]],
) -> None:
    for title in heading.titles:
        for words in title_words(title):
            titles.add(words, end, 3)
            names.add(words, end, 3)
    for words, strength in heading.topics:
        names.add(words, end, 2 + strength)
    for word in heading.lone:
        for noun in sorted(studies.get(word, ())):
            names.add((word, noun), end, 3)
    for number, person in enumerate(heading.persons):
        if len(person) > 1:
            names.add(tuple(chain(*person)), end, 6)
        names.add(person[-1], end, 5 - bool(number) if heading.several else 6)
    if heading.several and heading.persons:
        names.company(heading.persons, end, 6)


def _stems(
    holders: Sequence[End],
    works: Sequence[Work],
    titled: Mapping[str, Sequence[Words]],
    whose: Mapping[str, End],
) -> dict[str, frozenset[End]]:
    """Return which words of headings and titles stand for whom."""
    against = listed("against_heads")
    named = [(low(end.name), end) for end in holders if not set(low(end.name)) & against]
    named += [(titled[work.key][0], whose[work.key]) for work in works]
    return stems_of(named)


def _names(
    names: Book,
    titles: Book,
    entries: Mapping[int, End],
    holders: tuple[End, ...],
    stems: Mapping[str, frozenset[End]],
    kinds: Mapping[str, frozenset[End]],
) -> Names:
    ends, known = names.settled(), titles.settled()
    longest: defaultdict[str, set[int]] = defaultdict(set)
    for words in ends:
        longest[words[0]].add(len(words))
    begun: defaultdict[Words, list[tuple[Words, End]]] = defaultdict(list)
    for words, end in sorted(known.items()):
        begun[words[:2]].append((words, end))
    return Names(
        ends,
        {first: tuple(sorted(sizes, reverse=True)) for first, sizes in longest.items()},
        known,
        {first: tuple(found) for first, found in begun.items()},
        entries,
        holders,
        names.weak(),
        stems,
        kinds,
    )
