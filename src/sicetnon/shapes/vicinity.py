"""A page with all that its rules may look at, as a small store in memory.

A rule joins what a page states with its layers, and with the little that other graphs tell of the
same nodes: words that somebody quotes by hand, names of works and holders, positions of the version
before. A join over all graphs of a large store would look into each of them.
"""

from __future__ import annotations

from typing import NamedTuple

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat

from sicetnon import terms
from sicetnon.store import EmbeddedStore, Solutions, Store, Term

LAYERS = ("works", "relations", "readings", "lineage")
_PREFIXES = (
    f"PREFIX sen: <{terms.SEN}> PREFIX prov: <{terms.PROV}> PREFIX schema: <{terms.SCHEMA}>"
    f" PREFIX rdf: <{terms.RDF}> PREFIX rdfs: <{terms.RDFS}> PREFIX dcterms: <{terms.DCTERMS}>"
)
_QUOTED = """SELECT DISTINCT ?graph ?quotation WHERE {
  GRAPH %(page)s { ?passage a sen:Passage }
  GRAPH ?graph { ?quotation sen:passage ?passage }
  FILTER(?graph NOT IN (%(own)s))
}"""
_QUOTING = """SELECT DISTINCT ?graph ?s ?p ?o WHERE {
  VALUES (?graph ?quotation) { %s }
  { GRAPH ?graph { ?quotation ?p ?o } BIND(?quotation AS ?s) }
  UNION { GRAPH ?graph { ?s sen:evidence ?quotation . ?s ?p ?o } }
}"""
# Which nodes of a page its rules ask about in every graph, and the properties that they ask for.
_ASKED = (
    ("GRAPH {page} {{ ?s a sen:Entry }}", ("sen:item",)),
    ("GRAPH {works} {{ ?entry sen:item ?s }}", ("sen:itemKind", "schema:exampleOfWork")),
    ("GRAPH {works} {{ ?likely sen:work ?s }}", ("dcterms:title",)),
    (
        "GRAPH {page} {{ ?s a sen:Position }}",
        ("prov:specializationOf", "sen:previous", "sen:evolutionClass", "sen:change"),
    ),
    (
        "GRAPH {page} {{ ?position a sen:Position }}"
        " GRAPH {lineage} {{ ?position sen:previous ?s }}",
        ("rdf:type", "sen:statement"),
    ),
    (
        "GRAPH {page} {{ ?position a sen:Position }}"
        " GRAPH {lineage} {{ ?position sen:previous ?old }} ?old sen:statement ?s .",
        ("sen:text", "sen:line"),
    ),
)
_ASKED_OF_LAYER = (
    ("GRAPH {layer} {{ ?s a sen:Claim }}", ("sen:restsOn",)),
    ("GRAPH {layer} {{ ?relation sen:from ?s }}", ("sen:holder",)),
    (
        "GRAPH {layer} {{ ?relation sen:to ?s }}",
        ("rdfs:label", "dcterms:title", "sen:holder"),
    ),
    ("GRAPH {layer} {{ ?mention sen:mentions ?o }}", ("sen:heldBy",)),
)


class Vicinity(NamedTuple):
    """A store in memory, and the graphs of the page in it as N-Triples, by name."""

    store: EmbeddedStore
    ntriples: dict[NamedNode, str]


def around(store: Store, page: NamedNode) -> Vicinity:
    """Return a page's graphs and what else its rules may look at."""
    found = EmbeddedStore.in_memory()
    written = {name: _copy(store, name, found) for name in names(page)}
    quoting = _quoting(store, page)
    found.engine.extend(quoting)
    _, works, relations, readings, lineage = names(page)
    layers = {relations, readings, *(quad.graph_name for quad in quoting)}
    asked: list[tuple[str, tuple[str, ...]]] = [
        (nodes.format(page=page, works=works, lineage=lineage), of) for nodes, of in _ASKED
    ]
    for layer in sorted(layers, key=str):
        asked += [(nodes.format(layer=layer), of) for nodes, of in _ASKED_OF_LAYER]
    own = ", ".join(map(str, names(page)))
    told = " UNION ".join(
        f"{{ {nodes} GRAPH ?graph {{ ?s {each} ?o }} FILTER(?graph NOT IN ({own}))"
        f" BIND({each} AS ?p) }}"
        for nodes, of in asked
        for each in of
    )
    rows = _rows(store, f"SELECT DISTINCT ?s ?p ?o WHERE {{ {told} }}")
    elsewhere = terms.part(page, "elsewhere")
    found.engine.extend(_quad(s, p, o, elsewhere) for s, p, o in rows)
    return Vicinity(found, written)


def names(page: NamedNode) -> list[NamedNode]:
    """Return the names of a page's graphs: its own, then its layers in the order of `LAYERS`."""
    return [page, *(terms.part(page, layer) for layer in LAYERS)]


def _quoting(store: Store, page: NamedNode) -> list[Quad]:
    """Return what graphs beside the page's say of quotations of it, and of what rests on them."""
    own = ", ".join(map(str, names(page)))
    pairs = _rows(store, _QUOTED % {"page": page, "own": own})
    found: list[Quad] = []
    # A node without a name can be asked for in no other query, so its graph is taken whole.
    for name in {graph for graph, quotation in pairs if isinstance(quotation, BlankNode)}:
        assert isinstance(name, NamedNode)
        found += _quads(store, name)
    named = [f"({graph} {node})" for graph, node in pairs if isinstance(node, NamedNode)]
    if named:
        rows = _rows(store, _QUOTING % " ".join(named))
        found += [_quad(s, p, o, graph) for graph, s, p, o in rows]
    return found


def _copy(store: Store, name: NamedNode, found: EmbeddedStore) -> str:
    """Copy a graph into another store; return it as N-Triples.

    The engine writes and reads text faster than it hands out quads, but gives new names to nodes
    that have none, which other graphs may share.
    """
    if isinstance(store, EmbeddedStore) and "_:" not in (text := store.ntriples(name)):
        found.engine.load(text, RdfFormat.N_TRIPLES, to_graph=name, lenient=True)
        return text
    found.engine.bulk_extend(_quads(store, name))
    return found.ntriples(name)


def _quads(store: Store, name: NamedNode) -> list[Quad]:
    if isinstance(store, EmbeddedStore):
        return list(store.engine.quads_for_pattern(None, None, None, name))
    return [_quad(t.subject, t.predicate, t.object, name) for t in store.graph(name)]


def _rows(store: Store, sparql: str) -> list[tuple[Term | None, ...]]:
    answer = store.query(f"{_PREFIXES} {sparql}")
    assert isinstance(answer, Solutions)
    return answer.rows


def _quad(s: Term | None, p: Term | None, o: Term | None, graph: Term | None) -> Quad:
    return Quad(s, p, o, graph)  # type: ignore[arg-type]
