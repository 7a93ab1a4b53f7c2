"""The layers of a thread in a store: what is known before a version, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import NamedNode, Quad

from sicetnon import graph, query, terms
from sicetnon.judgements import DIFFERENT, SAME, Judgement
from sicetnon.lineage.layer import layer_name, layers
from sicetnon.lineage.match import NOTHING_JUDGED, Judged, Known, names
from sicetnon.lineage.occurrences import ENTRY, Occurrence, occurrences
from sicetnon.model import Page
from sicetnon.query import Table
from sicetnon.store import Store
from sicetnon.terms import sen

_SPECIALIZATION_OF = terms.PROV + "specializationOf"
_KINDS = {"position": "perspective", "event": "event", "tension": "tension", "entry": "entry"}
_WORDS = f"""PREFIX sen: <{terms.SEN}>
SELECT ?node ?name ?text ?line WHERE {{
  GRAPH ?version {{
    VALUES ?node {{ %s }}
    {{ ?node sen:passage ?passage . OPTIONAL {{ ?node sen:writtenDate ?name }} }}
    UNION
    {{ ?node sen:statement ?passage ; sen:heading/sen:text ?name }}
    ?passage sen:text ?text ; sen:line ?line .
  }}
}} ORDER BY ?node ?line"""
_ALIASES = f"""PREFIX prov: <{terms.PROV}> PREFIX dcterms: <{terms.DCTERMS}>
SELECT ?thing ?node WHERE {{
  ?thing dcterms:isPartOf ?thread . ?node prov:specializationOf ?thing .
}}"""


def judged(decided: Iterable[Judgement]) -> Judged:
    """Return what persons decided in the form that the rules obey."""
    listed = list(decided)

    def pairs(decision: str) -> frozenset[frozenset[str]]:
        return frozenset(
            frozenset((each.left, each.right)) for each in listed if each.decision == decision
        )

    return Judged(pairs(SAME), pairs(DIFFERENT))


def things(store: Store, thread: str) -> dict[str, str]:
    """Return what every occurrence of a thread continues, both by IRI."""
    text = query.bind(_ALIASES, {"thread": terms.thread(thread)})
    return {str(node): str(thing) for thing, node in Table.of(store.query(text)).rows}


def written(
    store: Store,
    thread: str,
    earlier: Sequence[query.VersionRow],
    pages: Sequence[Page],
    judged: Judged,
) -> Iterator[tuple[Page, list[Quad]]]:
    """Yield pages that follow on the `earlier` versions of their thread, each with its layer."""
    known, present = _state(store, thread, earlier, judged)
    for page, layer in zip(pages, layers(pages, known, present, judged), strict=True):
        yield page, layer.quads


def _state(
    store: Store, thread: str, earlier: Sequence[query.VersionRow], judged: Judged
) -> tuple[list[Known], frozenset[str]]:
    """Read back what is known after the last of the earlier versions."""
    if not earlier:
        return [], frozenset()
    last = earlier[-1].iri
    now = {each.iri: each for each in occurrences(graph.from_quads(store.graph(last)))}
    place = {iri: order for order, iri in enumerate(now)}
    present: dict[str, str] = {}
    absent: dict[str, str] = {}
    for triple in store.graph(layer_name(last)):
        subject, value = triple.subject, triple.object
        if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode):
            continue
        if triple.predicate.value == _SPECIALIZATION_OF:
            before = present.get(value.value, subject.value)
            present[value.value] = max(before, subject.value, key=place.__getitem__)
        elif triple.predicate == sen("lastOccurrence"):
            absent[subject.value] = value.value
    words = {**now, **_words(store, absent.values())}
    aliases = _aliases(store, thread) if judged != NOTHING_JUDGED else {}
    known = []
    for iri, node in {**present, **absent}.items():
        latest = words[node]
        known.append(Known(iri, latest, names(iri, latest) | {iri} | aliases.get(iri, set())))
    return known, frozenset(present)


def _words(store: Store, nodes: Iterable[str]) -> dict[str, Occurrence]:
    """Fetch what older versions say of what the last one lacks; entries are known by name."""
    wanted = list(nodes)
    found = {node: Occurrence(node, _kind(node), "", "") for node in wanted if _kind(node) == ENTRY}
    others = [node for node in wanted if node not in found]
    if not others:
        return found
    by_version: dict[str, list[str]] = {}
    for node in others:
        by_version.setdefault(node.rsplit("/", 2)[0], []).append(f"<{node}>")
    for version, listed in by_version.items():
        # The graph is named outright: an engine may look into every graph for one that it is not.
        text = query.bind(_WORDS % " ".join(listed), {"version": NamedNode(version)})
        for iri, name, words, line in Table.of(store.query(text)).rows:
            before = found.get(str(iri))
            whole = f"{before.text}\n\n{words}" if before else str(words)
            kind = _kind(str(iri))
            found[str(iri)] = Occurrence(str(iri), kind, str(name or ""), whole, "", int(str(line)))
    return {node: found.get(node, Occurrence(node, _kind(node), "", "")) for node in wanted}


def _kind(node: str) -> str:
    return _KINDS[node.rsplit("/", 2)[1]]


def _aliases(store: Store, thread: str) -> dict[str, set[str]]:
    aliases: dict[str, set[str]] = {}
    for node, thing in things(store, thread).items():
        aliases.setdefault(thing, set()).add(node)
    return aliases
