"""The layers of a thread in a store: which to write when a version or a decision comes in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from pyoxigraph import NamedNode, Quad

from sicetnon import graph, identity, lineage, query, readings, terms
from sicetnon.inference import works as reading
from sicetnon.inference.likely import likely
from sicetnon.inference.said import relations_name, relations_quads
from sicetnon.inference.written import works_name, works_quads
from sicetnon.judgements import Judgement, Kept
from sicetnon.model import Page
from sicetnon.query import Table, VersionRow
from sicetnon.store import Store
from sicetnon.terms import part

_SPECIALIZATION_OF = NamedNode(terms.PROV + "specializationOf")
_WORKS = f"""PREFIX sen: <{terms.SEN}> PREFIX prov: <{terms.PROV}> PREFIX schema: <{terms.SCHEMA}>
SELECT ?entry ?thing ?work WHERE {{
  GRAPH ?works {{ ?entry sen:item ?item . ?item schema:exampleOfWork ?work }}
  GRAPH ?lineage {{ ?entry prov:specializationOf ?thing }}
}} ORDER BY ?entry ?work"""

Layer = tuple[NamedNode, list[Quad]]


def after_adding(store: Store, page: Page, stated: Sequence[Quad], kept: Kept) -> Iterator[Layer]:
    """Yield the layers, by name, of a new version and of every later one in its thread.

    `stated` is the graph of the new version.
    """
    rows = query.version_rows(store, page.thread)
    earlier = [row for row in rows if row.order < page.order]
    later = [row for row in rows if row.order > page.order]
    others = [graph.from_quads(store.graph(row.iri)) for row in later]
    graphs = chain([stated], map(graph.to_quads, others))
    yield from _written(store, page.thread, earlier, [page, *others], graphs, kept)


def all_layers(store: Store, thread: str, kept: Kept) -> Iterator[Layer]:
    """Yield every layer of a thread, by name."""
    rows = query.version_rows(store, thread)
    pages = [graph.from_quads(store.graph(row.iri)) for row in rows]
    yield from _written(store, thread, [], pages, map(graph.to_quads, pages), kept)


def _written(
    store: Store,
    thread: str,
    earlier: Sequence[VersionRow],
    pages: Sequence[Page],
    graphs: Iterable[Sequence[Quad]],
    kept: Kept,
) -> Iterator[Layer]:
    judged = lineage.judged(kept.judgements)
    decided = [one for one in kept.judgements if _of_entries(one)]
    before = _works_of(store, earlier[-1].iri) if earlier else {}
    aliases = _aliases(store, thread, earlier) if decided else {}
    layers = lineage.written(store, thread, earlier, pages, judged)
    for (page, quads), stated in zip(layers, graphs, strict=True):
        version = terms.version(page.thread, page.version)
        lasting = _lasting(quads)
        yield lineage.layer_name(version), quads
        aliases |= lasting if decided else {}
        entries = _numbered(version, "entry", lasting)
        perspectives = _numbered(version, "position", lasting)
        found = reading.read(page, entries, before, _persons(decided, aliases))
        before |= {
            entries[entry.number]: work.iri for work in found.works for entry in work.entries
        }
        yield works_name(version), works_quads(version, found, likely(page, found), perspectives)
        yield relations_name(version), relations_quads(page, found, perspectives, kept)
        yield readings.layer_name(version), readings.readings(stated, version)


def _lasting(layer: Sequence[Quad]) -> dict[str, str]:
    """Return what each occurrence of a version continues, from its layer of what lasts."""
    return {
        quad.subject.value: quad.object.value
        for quad in layer
        if quad.predicate == _SPECIALIZATION_OF
        and isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, NamedNode)
    }


def _numbered(version: NamedNode, kind: str, lasting: Mapping[str, str]) -> dict[int, str]:
    start = f"{part(version, kind).value}/"
    return {
        int(node.removeprefix(start)): thing
        for node, thing in lasting.items()
        if node.startswith(start)
    }


def _works_of(store: Store, version: NamedNode) -> dict[str, str]:
    """Return the work of every lasting entry of a stored version."""
    text = query.bind(
        _WORKS, {"works": works_name(version), "lineage": lineage.layer_name(version)}
    )
    return {str(thing): str(work) for _, thing, work in Table.of(store.query(text)).rows}


def _of_entries(one: Judgement) -> bool:
    return "/entry/" in one.left and "/entry/" in one.right


def _aliases(store: Store, thread: str, earlier: Sequence[VersionRow]) -> dict[str, str]:
    """Return what the occurrences of earlier versions continue; later ones are not known yet."""
    starts = tuple(f"{row.iri.value}/" for row in earlier)
    known = lineage.things(store, thread).items()
    return {node: thing for node, thing in known if starts and node.startswith(starts)}


def _persons(decided: Sequence[Judgement], aliases: Mapping[str, str]) -> list[identity.Judgement]:
    """Return what persons hold of lasting entries; of several on one pair the last counts."""
    found: dict[tuple[str, str], identity.Judgement] = {}
    for one in sorted(decided, key=lambda each: (each.when, each)):
        left, right = sorted(aliases.get(side, side) for side in (one.left, one.right))
        if left != right:
            decision: identity.Decision = "same" if one.decision == "same" else "different"
            found[left, right] = identity.Judgement(left, right, decision, 1.0, "person", one.why)
    return list(found.values())
