"""What would still stand without some of the sources: works, claims, relations, labels, words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sicetnon.analysis.choose import Choice
from sicetnon.analysis.framework import Label, grounded
from sicetnon.analysis.page import Mark, Page
from sicetnon.analysis.parts import Argument, Edge, Node, Quote
from sicetnon.readings import sentence


@dataclass(frozen=True, slots=True)
class Kept:
    """A work that keeps some of its entries, so that nothing that rests on it falls."""

    work: str
    without: tuple[int, ...]
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Lost:
    """A claim or a relation that would fall, and why."""

    node: str
    why: str


@dataclass(frozen=True, slots=True)
class Bare:
    """Words that would cite nothing any more: a sentence, or a whole passage."""

    kind: str
    line: int
    section: str
    words: str
    cited: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Flip:
    """A label that would be another; `after` is gone where the node itself would fall."""

    node: str
    before: Label
    after: str


@dataclass(frozen=True, slots=True)
class Consequence:
    """Everything that would fall or change; what is not named here stands as it did.

    `counted` are the entries that count as a left-out holder's by the authors that the page tells,
    `perhaps` those without a known author that a sentence cites which opens with the holder's name.
    """

    entries: tuple[int, ...]
    works: tuple[str, ...]
    holders: tuple[str, ...]
    still: tuple[Kept, ...]
    claims: tuple[Lost, ...]
    relations: tuple[Lost, ...]
    flips: tuple[Flip, ...]
    bare: tuple[Bare, ...]
    perspectives: tuple[Lost, ...]
    counted: tuple[int, ...] = ()
    perhaps: tuple[int, ...] = ()


def what_if(argument: Argument, page: Page, choice: Choice) -> Consequence:
    """Say what would fall without the chosen sources.

    A work goes only when no entry of it is left. A claim or a relation goes when its holder or an
    end goes, or when all its works go; one that rests on no known work goes when every sentence
    that it quotes cited something and would cite nothing.
    """
    works = _works_gone(page, choice)
    bare = _BareWords(page, choice.entries)
    claims = tuple(_claims(argument, choice, works, bare))
    gone = {*works, *choice.holders, *(lost.node for lost in claims)}
    relations = tuple(_relations(argument, gone, works, bare))
    fallen = {lost.node for lost in relations}
    after = replace(argument, edges=tuple(e for e in argument.edges if e.iri not in fallen))
    return Consequence(
        entries=tuple(sorted(choice.entries)),
        works=tuple(sorted(works)),
        holders=tuple(sorted(choice.holders)),
        still=tuple(_still(page, choice.entries)),
        claims=claims,
        relations=relations,
        flips=tuple(_flips(argument, after, gone)),
        bare=tuple(bare.all()),
        perspectives=tuple(_perspectives(page, works)),
        counted=tuple(s.number for s in page.sources if choice.holders.intersection(s.authors)),
        perhaps=_perhaps(argument, page, choice),
    )


def _perhaps(argument: Argument, page: Page, choice: Choice) -> tuple[int, ...]:
    full = (page.names.get(iri) or argument.name(iri) for iri in choice.holders)
    names = tuple({re.split(r" \(| — ", name)[0] for name in full} - {""})
    unknown = {s.number for s in page.sources if not s.authors} - choice.entries
    found = set()
    for mark in page.marks:
        start, end = sentence(mark.text, mark.offset)
        if mark.number in unknown and mark.text[start:end].lstrip().startswith(names):
            found.add(mark.number)
    return tuple(sorted(found))


def _works_gone(page: Page, choice: Choice) -> set[str]:
    left = {work for s in page.sources if s.number not in choice.entries for work in s.works}
    held = {work for s in page.sources if s.number in choice.entries for work in s.works}
    return (held - left) | set(choice.works)


def _still(page: Page, dropped: frozenset[int]) -> Iterable[Kept]:
    entries: dict[str, list[int]] = defaultdict(list)
    for source in page.sources:
        for work in source.works:
            entries[work].append(source.number)
    for work, numbers in sorted(entries.items()):
        left = tuple(number for number in numbers if number not in dropped)
        if left and len(left) < len(numbers):
            yield Kept(work, tuple(n for n in numbers if n in dropped), left)


def _claims(
    argument: Argument, choice: Choice, works: set[str], bare: _BareWords
) -> Iterable[Lost]:
    for node in argument.nodes:
        if node.kind != "claim":
            continue
        if node.holders and set(node.holders) <= choice.holders | works:
            yield Lost(node.iri, "nobody is left who holds it")
        elif why := _unsupported(node, works, bare):
            yield Lost(node.iri, why)


def _relations(
    argument: Argument, gone: set[str], works: set[str], bare: _BareWords
) -> Iterable[Lost]:
    for edge in argument.edges:
        if ends := [end for end in (edge.source, edge.target) if end in gone]:
            yield Lost(edge.iri, f"an end of it falls: {argument.name(ends[0])}")
        elif why := _unsupported(edge, works, bare):
            yield Lost(edge.iri, why)


def _unsupported(found: Node | Edge, works: set[str], bare: _BareWords) -> str:
    if found.works:
        return "every work that it rests on falls" if set(found.works) <= works else ""
    if found.quotes and all(bare.strips(quote) for quote in found.quotes):
        return "the words that it rests on would cite nothing"
    return ""


def _flips(argument: Argument, after: Argument, gone: set[str]) -> Iterable[Flip]:
    touched = sorted({end for attack in argument.attacks for end in attack})
    before = grounded(touched, argument.attacks)
    then = grounded((node for node in touched if node not in gone), after.attacks)
    for node in touched:
        if before[node] != then.get(node):
            yield Flip(node, before[node], then.get(node, "gone"))


def _perspectives(page: Page, works: set[str]) -> Iterable[Lost]:
    for perspective, likely in page.likely.items():
        if lost := works.intersection(likely):
            all_of = "all" if lost == set(likely) else f"{len(lost)} of {len(likely)}"
            titles = "; ".join(sorted(page.names.get(work, work) for work in lost))
            yield Lost(perspective, f"loses {all_of} of its likely works: {titles}")


class _BareWords:
    """The sentences and passages whose every citation mark leads to a dropped entry."""

    def __init__(self, page: Page, dropped: frozenset[int]) -> None:
        self._marks: dict[str, list[Mark]] = defaultdict(list)
        for mark in page.marks:
            self._marks[mark.passage].append(mark)
        self._dropped = dropped

    def all(self) -> Iterable[Bare]:
        """Yield whole passages first by themselves, else the sentences in them that lose all."""
        for marks in self._marks.values():
            if all(mark.number in self._dropped for mark in marks):
                yield self._bare("passage", marks, marks[0].text)
                continue
            by_sentence: dict[tuple[int, int], list[Mark]] = defaultdict(list)
            for mark in marks:
                by_sentence[sentence(mark.text, mark.offset)].append(mark)
            for (start, end), here in sorted(by_sentence.items()):
                if all(mark.number in self._dropped for mark in here):
                    yield self._bare("sentence", here, here[0].text[start:end].strip())

    def strips(self, quote: Quote) -> bool:
        """Say whether the sentences of a quotation cited something and would cite nothing.

        Marks that close a passage speak for all of it where no other mark stands in it.
        """
        marks = self._marks.get(quote.passage, [])
        near = [m for m in marks if self._touches(sentence(m.text, m.offset), quote)] or (
            marks if len({mark.offset for mark in marks}) == 1 else []
        )
        return bool(near) and all(mark.number in self._dropped for mark in near)

    @staticmethod
    def _touches(bounds: tuple[int, int], quote: Quote) -> bool:
        return bounds[0] < quote.end and quote.start < bounds[1]

    @staticmethod
    def _bare(kind: str, marks: list[Mark], words: str) -> Bare:
        cited = tuple(sorted({mark.number for mark in marks}))
        return Bare(kind, marks[0].line, marks[0].section, words, cited)
