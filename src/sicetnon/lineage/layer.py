"""The layer of a version: which lasting things its occurrences continue, as quads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count

from pyoxigraph import Literal, NamedNode, Quad

from sicetnon import terms
from sicetnon.lineage.evolution import evolution_class
from sicetnon.lineage.match import NOTHING_JUDGED, Judged, Known, Match, match, names
from sicetnon.lineage.occurrences import ENTRY, EVENT, PERSPECTIVE, Occurrence, occurrences
from sicetnon.model import Page
from sicetnon.terms import LABEL, TYPE, decimal, part, sen

NEW, SAME, GONE, RETURNED = "new", "same", "gone", "returned"
RESTATED, RENAMED, REWORDED, REDATED = "restated", "renamed", "reworded", "redated"

_SPECIALIZATION_OF = NamedNode(terms.PROV + "specializationOf")
_IS_PART_OF = NamedNode(terms.DCTERMS + "isPartOf")
_ALTERNATIVE = NamedNode("http://www.w3.org/2004/02/skos/core#altLabel")


@dataclass(frozen=True, slots=True)
class Layer:
    """What one version's layer says, and what is known after it."""

    quads: list[Quad]
    known: tuple[Known, ...]


def layer_name(version: NamedNode) -> NamedNode:
    """Return the name of the graph that holds a version's layer."""
    return part(version, "lineage")


def layers(
    pages: Sequence[Page],
    known: Iterable[Known] = (),
    present: frozenset[str] = frozenset(),
    judged: Judged = NOTHING_JUDGED,
) -> Iterator[Layer]:
    """Yield the layer of each page in the order of versions.

    `known` is what the versions before have, `present` the IRIs of what the last of them has.
    """
    state = tuple(sorted(known, key=lambda each: each.iri))
    for page in pages:
        layer, present = _layer(page, state, present, judged)
        state = layer.known
        yield layer


def _layer(
    page: Page, known: tuple[Known, ...], present: frozenset[str], judged: Judged
) -> tuple[Layer, frozenset[str]]:
    found = occurrences(page)
    matches = {each.found.iri: each for each in match(known, found, judged)}
    things = {each.iri: each for each in known}
    writer = _Writer(page)
    now: set[str] = set()
    for each in found:
        continued = matches.get(each.iri) or _joined(each, things.values(), judged)
        iri = continued.known.iri if continued else _unused(page, each, things)
        old = things.get(iri)
        aliases = names(iri, each) | (old.names if old else frozenset()) | {iri}
        things[iri] = Known(iri, each, aliases)
        now.add(iri)
        writer.occurrence(each, iri, continued, returned=bool(old) and iri not in present)
    for iri in sorted(things.keys() - now):
        writer.absent(things[iri], gone=iri in present)
    after = tuple(things[iri] if iri in now else _faded(things[iri]) for iri in sorted(things))
    return Layer(writer.quads, after), frozenset(now)


def _faded(known: Known) -> Known:
    """Forget the words of an entry that is absent: it is known again by its title alone."""
    latest = known.latest
    if latest.kind != ENTRY:
        return known
    return replace(known, latest=Occurrence(latest.iri, ENTRY, "", ""))


def _joined(found: Occurrence, things: Iterable[Known], judged: Judged) -> Match | None:
    """Join an occurrence to a thing that the same version has already, where a person says so.

    Two entries that are one work stay two entries: what lasts is a line of the sources.
    """
    if not judged.same or found.kind == ENTRY:
        return None
    for thing in things:
        if thing.latest.kind == found.kind and judged.joins(thing.names, names(thing.iri, found)):
            return Match(thing, found, 1.0, "judged")
    return None


def _unused(page: Page, found: Occurrence, things: dict[str, Known]) -> str:
    own = part(terms.thread(page.thread), found.own_name).value
    return next(iri for iri in chain([own], (f"{own}-{n}" for n in count(2))) if iri not in things)


class _Writer:
    """Gathers the quads of one layer."""

    def __init__(self, page: Page) -> None:
        self.version = terms.version(page.thread, page.version)
        self.thread = terms.thread(page.thread)
        self.graph = layer_name(self.version)
        self.quads: list[Quad] = []

    def add(self, subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> None:
        self.quads.append(Quad(subject, predicate, value, self.graph))

    def occurrence(
        self, found: Occurrence, iri: str, continued: Match | None, *, returned: bool
    ) -> None:
        node, thing = NamedNode(found.iri), NamedNode(iri)
        if continued is None:
            self.thing(thing, found)
        elif found.kind == PERSPECTIVE and continued.known.latest.name != found.name:
            self.add(thing, _ALTERNATIVE, Literal(found.name))
        if found.evolution:
            self.add(node, sen("evolutionClass"), Literal(evolution_class(found.evolution)))
        self.add(node, _SPECIALIZATION_OF, thing)
        changes = how_changed(continued.known.latest, found) if continued else [NEW]
        for change in [*changes, *([RETURNED] if returned else [])]:
            self.add(node, sen("change"), Literal(change))
        if continued:
            self.add(node, sen("previous"), NamedNode(continued.known.latest.iri))
            self.add(node, sen("matchRule"), Literal(continued.rule))
            self.add(node, sen("matchScore"), decimal(continued.score))

    def thing(self, thing: NamedNode, found: Occurrence) -> None:
        """Describe a lasting thing, once: in the layer of the version that has it first."""
        lasting = found.kind == PERSPECTIVE
        self.add(thing, TYPE, sen("Perspective") if lasting else sen("Continuant"))
        self.add(thing, _IS_PART_OF, self.thread)
        if lasting:
            self.add(thing, LABEL, Literal(found.name))

    def absent(self, known: Known, *, gone: bool) -> None:
        """Carry on what this version lacks, so that a later one can take it up again."""
        self.add(NamedNode(known.iri), sen("lastOccurrence"), NamedNode(known.latest.iri))
        if gone:
            self.add(NamedNode(known.iri), sen("goneIn"), self.version)


def how_changed(old: Occurrence, new: Occurrence) -> list[str]:
    """Name what differs between two occurrences of one thing; empty where nothing does."""
    if not old.text:
        return []
    changes = []
    if old.kind == PERSPECTIVE:
        changes += [RENAMED] if old.name != new.name else []
        changes += [RESTATED] if old.text != new.text else []
    else:
        changes += [REDATED] if old.kind == EVENT and old.name != new.name else []
        changes += [REWORDED] if old.text != new.text else []
    return changes
