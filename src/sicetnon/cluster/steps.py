"""The steps from pages to a corpus: functions of plain values, for any engine to run anywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, RdfFormat, serialize

from sicetnon import identity, ingest, terms
from sicetnon.errors import SicetnonError
from sicetnon.library import Library, intake
from sicetnon.store import MEMORY, Triples

QUAD, ENTRY, COUNT, REFUSED = "quad", "entry", "count", "refused"

_TITLE = NamedNode(terms.DCTERMS + "title")
_END = 24  # letters of a title's begin and end, as in identity's own keys


class Fact(NamedTuple):
    """What a step tells: the kind of fact, and up to three texts; a count has its number last."""

    kind: str
    one: str
    two: str = ""
    three: str = ""


class Listing(NamedTuple):
    """A title as sources list it, with what linkage compares; `id` stands for all its entries."""

    id: str
    title: str
    origin: str
    core: str
    keys: list[str]


def thread_of(path: str) -> tuple[str, str]:
    """Return the slug of a page's thread and its path; an empty slug for what cannot be read."""
    try:
        return ingest.read_any(intake.bytes_of(path), path)[0].thread, path
    except (OSError, SicetnonError):
        return "", path


def facts(paths: Iterable[str]) -> Iterator[Fact]:
    """Take the pages of one thread as `ingest` does; yield its quads, entries and counts."""
    library = Library(MEMORY)
    counts: Counter[str] = Counter()
    for page in library.ingest(sorted(paths)):
        counts[f"pages {page.status}"] += 1
        if page.message and page.status in ("refused", "conflict"):
            yield Fact(REFUSED, page.path, page.message)
    counts["threads"] = len({row.thread for row in library.threads()})
    for name in library.store.graphs():
        held = library.store.graph(name)
        for line in (serialize(held, format=RdfFormat.N_TRIPLES) or b"").decode().splitlines():
            yield Fact(QUAD, f"{line[:-1]}{name} .")
        counts["quads"] += len(held)
        for triple in held:
            if triple.predicate == terms.TYPE and isinstance(triple.object, NamedNode):
                counts[f"a {triple.object.value}"] += 1
        yield from _entries(held)
    for counted, number in sorted(counts.items()):
        yield Fact(COUNT, counted, str(number))


def _entries(held: Triples) -> Iterator[Fact]:
    types: set[str] = set()
    titles: dict[str, str] = {}
    origins: dict[str, str] = {}
    for triple in held:
        subject, predicate, value = triple.subject, triple.predicate, triple.object
        if not isinstance(subject, NamedNode):
            continue
        if predicate == terms.TYPE and value == terms.sen("Entry"):
            types.add(subject.value)
        elif predicate == _TITLE and isinstance(value, Literal):
            titles[subject.value] = value.value
        elif predicate == terms.sen("origin") and isinstance(value, Literal):
            origins[subject.value] = value.value
    yield from (Fact(ENTRY, name, titles[name], origins.get(name, "")) for name in sorted(types))


def listing(name: str, title: str, origin: str) -> Listing:
    """Return what linkage compares of an entry.

    Two that have no key in common are never one work for `identity`, save where a title was cut
    to fewer letters than the keys have.
    """
    read = identity.read_title(title, origin or None)
    stems = {stem for reading in read.readings for stem in (reading.key, *reading.stems)}
    ends = {f"ends {stem[-_END:]}" for stem in stems}
    keys = stems | ends | {f"begins {stem[:_END]}" for stem in stems}
    keys |= {f"is {known}" for known in (read.arxiv, read.doi) if known}
    return Listing(name, title, origin, read.core, sorted(keys - {""}))


def works(listings: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, str]]:
    """Judge listings that may be one work; yield each with the least listing of its work."""
    candidates = [
        identity.Candidate(name, title, origin or None) for name, title, origin in listings
    ]
    for group in identity.cluster(candidates).groups:
        yield from ((name, group[0]) for name in group)
