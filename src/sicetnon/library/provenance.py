"""Where a version came from, in a graph beside its own.

No clock: the same page gives the same quads on any day. Text that another copy took the place of is
kept here, so that nothing that was stored is lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from sicetnon import terms
from sicetnon.store import Store
from sicetnon.terms import LABEL, TYPE, part, sen

_PROV = terms.PROV
_SOURCE = NamedNode(_PROV + "hadPrimarySource")
_REVISION = NamedNode(_PROV + "wasRevisionOf")
_NAME = NamedNode(terms.SCHEMA + "name")
_AGENT = terms.agent("sicetnon")


@dataclass(frozen=True, slots=True)
class File:
    """The file that a version was read from, by name and digest."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Replaced:
    """A file that another took the place of, with the text of its page."""

    file: File
    text: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a stored version came from."""

    file: File
    replaced: tuple[Replaced, ...]


def graph_name(version: NamedNode) -> NamedNode:
    """Return the name of the graph that holds a version's provenance."""
    return part(version, "provenance")


def quads(version: NamedNode, file: File, replaced: Sequence[Replaced]) -> Iterator[Quad]:
    """Yield the provenance of a version."""
    source, activity = terms.page_file(file.sha256), part(version, "ingest")
    statements: list[tuple[NamedNode, NamedNode, NamedNode | Literal]] = [
        (version, _SOURCE, source),
        (version, NamedNode(_PROV + "wasGeneratedBy"), activity),
        (activity, TYPE, NamedNode(_PROV + "Activity")),
        (activity, NamedNode(_PROV + "used"), source),
        (activity, NamedNode(_PROV + "wasAssociatedWith"), _AGENT),
        (_AGENT, TYPE, NamedNode(_PROV + "SoftwareAgent")),
        (_AGENT, LABEL, Literal("sicetnon")),
        *_file(file),
    ]
    for each in replaced:
        old = terms.page_file(each.file.sha256)
        statements += [*_file(each.file), (old, sen("text"), Literal(each.text))]
        statements.append((source, _REVISION, old))
    for subject, predicate, value in statements:
        yield Quad(subject, predicate, value, graph_name(version))


def _file(file: File) -> list[tuple[NamedNode, NamedNode, NamedNode | Literal]]:
    node = terms.page_file(file.sha256)
    return [
        (node, TYPE, sen("PageFile")),
        (node, _NAME, Literal(file.name)),
        (node, sen("sha256"), Literal(file.sha256)),
    ]


def read(store: Store, version: NamedNode) -> Origin:
    """Return where a stored version came from; an empty name and digest where nothing tells."""
    values: dict[tuple[str, str], list[str]] = {}
    for triple in store.graph(graph_name(version)):
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            key = (triple.subject.value, triple.predicate.value)
            values.setdefault(key, []).append(triple.object.value)

    def one(subject: str, predicate: NamedNode) -> str:
        return next(iter(values.get((subject, predicate.value), [])), "")

    def file(node: str) -> File:
        return File(one(node, _NAME), one(node, sen("sha256")))

    source = one(version.value, _SOURCE)
    old = sorted(values.get((source, _REVISION.value), []))
    return Origin(file(source), tuple(Replaced(file(each), one(each, sen("text"))) for each in old))
