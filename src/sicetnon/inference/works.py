"""Which works stand behind the entries of a version: groups, their names, and the reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sicetnon import terms
from sicetnon.identity import ABOUT, Candidate, Judgement, Kind, Title, cluster, family, read_title
from sicetnon.inference.told import Titles, Told, persons, told
from sicetnon.model import Entry, Page, entries


@dataclass(frozen=True, slots=True)
class Work:
    """One work with its entries on a page; `iri` is its name in every version."""

    iri: str
    title: str
    kind: Kind
    entries: tuple[Entry, ...]
    authors: tuple[str, ...] = ()
    arxiv: str | None = None
    doi: str | None = None


@dataclass(frozen=True, slots=True)
class Works:
    """The works of a page, the kind of each entry, and every judgement on entry numbers."""

    works: tuple[Work, ...]
    kinds: Mapping[int, Kind]
    judgements: tuple[Judgement, ...]
    titles: Titles


def read(
    page: Page,
    lasting: Mapping[int, str],
    before: Mapping[str, str],
    decided: Sequence[Judgement] = (),
) -> Works:
    """Group the entries of a page into works.

    `lasting` names what each entry number continues, `before` the work of every such thing in the
    version before: a work keeps its name while any of its entries lasts. `decided` is what persons
    hold of lasting things.
    """
    listed = {entry.number: entry for entry in entries(page)}
    titles = {number: read_title(each.title, each.origin) for number, each in listed.items()}
    here = {thing: str(number) for number, thing in lasting.items()}
    found = cluster(
        [Candidate(str(number), each.title, each.origin) for number, each in listed.items()],
        [
            replace(one, left=here[one.left], right=here[one.right])
            for one in decided
            if one.left in here and one.right in here
        ],
    )
    grouped = sorted(sorted(int(name) for name in group) for group in found.groups)
    names = _names(grouped, titles, lasting, before)
    index = Titles([(n, titles[number]) for n, group in enumerate(grouped) for number in group])
    spoken = told(page, index)
    works = tuple(
        _work(
            names[n],
            [titles[number] for number in group],
            tuple(listed[number] for number in group),
            spoken.get(n, Told()),
        )
        for n, group in enumerate(grouped)
    )
    kinds = {number: title.kind for number, title in titles.items()}
    return Works(works, kinds, found.judgements, index)


def _names(
    grouped: Sequence[Sequence[int]],
    titles: Mapping[int, Title],
    lasting: Mapping[int, str],
    before: Mapping[str, str],
) -> dict[int, str]:
    """Name each group: by the work that most of its entries had, or else by its title."""
    claims: list[tuple[int, int, str, int]] = []
    for n, group in enumerate(grouped):
        had = Counter(before[lasting[each]] for each in group if lasting[each] in before)
        claims += [(-count, group[0], iri, n) for iri, count in had.items()]
    names: dict[int, str] = {}
    taken: set[str] = set()
    for _, _, iri, n in sorted(claims):
        if n not in names and iri not in taken:
            names[n] = iri
            taken.add(iri)
    for n, group in enumerate(grouped):
        if n not in names:
            names[n] = _minted([titles[each] for each in group], taken)
            taken.add(names[n])
    return names


def _minted(titles: Sequence[Title], taken: set[str]) -> str:
    """Name a work after its title; what is about works is told apart by its kind."""
    kind = _kind(titles)
    own = terms.slug(best_title(titles))
    if kind in ABOUT and kind.value not in own:
        own = f"{own}-{kind.value}"
    name, n = f"{terms.ID}work/{own}", 2
    while name in taken:
        name, n = f"{terms.ID}work/{own}-{n}", n + 1
    return name


def best_title(titles: Sequence[Title]) -> str:
    """Choose among the titles of a work: whole, plainly set, without a tail, said most often."""
    times = Counter(title.plain for title in titles)

    def rank(title: Title) -> tuple[object, ...]:
        letters = [letter for letter in title.plain if letter.isalpha()]
        capitals = sum(letter.isupper() for letter in letters)
        return (
            not letters,
            title.truncated,
            2 * capitals > len(letters),
            any(reading.cut == "tail" for reading in title.readings),
            -times[title.plain],
            -capitals,
            title.plain,
        )

    chosen = min(titles, key=rank)
    return chosen.plain or chosen.text.strip() or "untitled"


def _kind(titles: Sequence[Title]) -> Kind:
    """Return what a work is: the kind that most of its entries tell."""
    counted = Counter(family(title.kind) for title in titles)
    known = {kind: times for kind, times in counted.items() if kind is not Kind.UNKNOWN}
    return max(known, key=lambda kind: (known[kind], kind.value), default=Kind.UNKNOWN)


def _work(iri: str, titles: Sequence[Title], listed: tuple[Entry, ...], spoken: Told) -> Work:
    listed_authors = [name for title in titles for text in title.authors for name in persons(text)]
    title = best_title(titles)
    cut = all(each.truncated for each in titles)
    return Work(
        iri,
        f"{title} …" if cut else title,
        _kind(titles),
        listed,
        tuple(dict.fromkeys(listed_authors or spoken.authors)),
        next((title.arxiv for title in titles if title.arxiv), spoken.arxiv),
        next((title.doi for title in titles if title.doi), spoken.doi),
    )
