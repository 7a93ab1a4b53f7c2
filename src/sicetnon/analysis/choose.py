"""Which sources a person means by a number, a work's name or a holder's name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sicetnon.analysis.page import Page
from sicetnon.analysis.parts import Argument
from sicetnon.errors import UsageError

_NUMBER = re.compile(r"\[?([0-9]{1,9})\]?")
_MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to be left out: entries by number, whole works, and holders."""

    entries: frozenset[int]
    works: frozenset[str] = frozenset()
    holders: frozenset[str] = frozenset()


def choose(argument: Argument, page: Page, wanted: Iterable[str]) -> Choice:
    """Return what these words name; raises UsageError, with what there is, for any other.

    A name that a person and a perspective share names both. Leaving out an agent leaves out the
    perspectives that nobody else holds and the works that nobody else wrote.
    """
    numbers: set[int] = set()
    works: set[str] = set()
    holders: set[str] = set()
    known = _known(argument, page)
    all_works = _works(argument, page)
    numbered = {source.number for source in page.sources}
    for text in wanted:
        if match := _NUMBER.fullmatch(text.strip()):
            if int(match[1]) not in numbered:
                raise UsageError(_unknown(text, known, numbered))
            numbers.add(int(match[1]))
            continue
        found = _named(text.strip(), known)
        if not found:
            raise UsageError(_unknown(text, known, numbered))
        if len(found) > 1 and not _one_holder(text, found - all_works, found, known):
            named = "; ".join(sorted(f"{known[iri]} ({iri})" for iri in found))
            raise UsageError(
                f"expected the name of one source, found {text!r}, which may be {named}"
            )
        works |= found & all_works
        holders |= found - all_works
    if not numbers | works | holders:
        raise UsageError("expected a source to leave out: a number, a work or a holder; found none")
    works |= _written_by(page, holders)
    holders |= _held_by(page, holders)
    entries = {s.number for s in page.sources if s.works and set(s.works) <= works}
    return Choice(frozenset(numbers | entries), frozenset(works), frozenset(holders))


def _works(argument: Argument, page: Page) -> set[str]:
    """Return the works behind the entries, and those on which claims and relations rest."""
    carrying = [node.works for node in argument.nodes] + [edge.works for edge in argument.edges]
    listed = [source.works for source in page.sources]
    return {work for works in [*listed, *carrying, *page.likely.values()] for work in works}


def _known(argument: Argument, page: Page) -> dict[str, str]:
    """Return the name of everything that can be left out, by its IRI."""
    agents = {agent for agents in page.people.values() for agent in agents}
    authors = {author for source in page.sources for author in source.authors}
    holders = {holder for node in argument.nodes for holder in node.holders}
    iris = _works(argument, page) | agents | authors | holders | set(page.people)
    return {iri: page.names.get(iri) or argument.name(iri) for iri in sorted(iris)}


def _named(text: str, known: Mapping[str, str]) -> set[str]:
    """Find what a text names: by IRI or its end, by the whole name, or by words of only one."""
    folded = text.casefold()
    if not folded:
        return set()
    exact = {iri for iri in known if text == iri or iri.endswith(f"/{text.removeprefix('/')}")}
    whole = {iri for iri, name in known.items() if folded in _readings(name)}
    words = re.compile(rf"(?<!\w){re.escape(folded)}(?!\w)")
    return exact or whole or {iri for iri, name in known.items() if words.search(name.casefold())}


def _one_holder(text: str, holders: set[str], found: set[str], known: Mapping[str, str]) -> bool:
    """Say whether all that is found is a holder of just this name: a person and their position."""
    folded = text.strip().casefold()
    return holders == found and all(folded in _readings(known[iri]) for iri in found)


def _readings(name: str) -> Iterator[str]:
    """Yield a name whole and without what stands in brackets or after a dash."""
    folded = name.casefold()
    yield folded
    yield re.split(r" \(| — ", folded)[0]


def _written_by(page: Page, holders: set[str]) -> set[str]:
    authors: dict[str, set[str]] = {}
    for source in page.sources:
        for work in source.works:
            authors.setdefault(work, set()).update(source.authors)
    return {work for work, by in authors.items() if by and by <= holders}


def _held_by(page: Page, holders: set[str]) -> set[str]:
    return {iri for iri, people in page.people.items() if people and set(people) <= holders}


def _unknown(text: str, known: Mapping[str, str], numbers: set[int]) -> str:
    span = f"the entries {min(numbers)} to {max(numbers)}" if numbers else "no entries"
    names = sorted(set(known.values()))
    listed = "; ".join(names[:_MOST_NAMED])
    more = f"; and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    there = f", and {listed}{more}" if names else ""
    return f"expected a source of this version, found {text!r}; there are {span}{there}"
