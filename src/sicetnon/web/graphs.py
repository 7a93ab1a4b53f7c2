"""Read and write whole graphs: what the Graph Store Protocol does, within an engine or a writer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import pyoxigraph as ox
from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple

from sicetnon import query
from sicetnon.errors import UsageError
from sicetnon.store import EmbeddedStore, Store
from sicetnon.web import media
from sicetnon.web.evaluate import Sheet
from sicetnon.web.limits import Limits
from sicetnon.web.wire import Answer, Question, problem


def read(store: Store, question: Question, limits: Limits) -> Answer:
    """Return a graph; 404 where the store has none of that name."""
    name, form = question["name"], question["graph"]
    triples = _triples(store, name)
    if name is not None and not triples:
        return problem(404, "not-found", f"expected a graph of the store, found {name}")
    if form == media.TURTLE:
        return Answer(media=form, body=query.turtle(sorted(triples, key=str)).encode())
    sheet = Sheet(limits.answer)
    ox.serialize(sorted(triples, key=str), sheet, format=media.GRAPHS[form])
    return Answer(media=form, body=sheet.getvalue())


def write(store: EmbeddedStore, question: Question, payloads: list[tuple[str, bytes]]) -> Answer:
    """Replace, extend or empty a graph with payloads of RDF (media type, bytes)."""
    name, method = question["name"], question["method"]
    if method == "DELETE":
        return _delete(store, name)
    try:
        triples = [each for form, data in payloads for each in _parsed(form, data, question)]
    except (SyntaxError, ValueError) as error:
        found = " ".join(str(error).split())[:300]
        return problem(400, "malformed-graph", f"the payload does not parse: {found}")
    headers: tuple[tuple[str, str], ...] = ()
    if question["mint"]:
        name = f"{name}sha256-{hashlib.sha256(b''.join(data for _, data in payloads)).hexdigest()}"
        headers = (("location", name),)
    graph = DefaultGraph() if name is None else _node(name)
    known = bool(_triples(store, name))
    if method == "PUT":
        store.engine.clear_graph(graph)
    store.engine.extend(Quad(t.subject, t.predicate, t.object, graph) for t in triples)
    if not known:
        return Answer(201, headers=headers)
    return Answer(204 if method == "PUT" else 200, headers=headers)


def _delete(store: EmbeddedStore, name: str | None) -> Answer:
    if not _triples(store, name):
        return problem(404, "not-found", f"expected a graph of the store, found {name}")
    if name is None:
        store.engine.clear_graph(DefaultGraph())
    else:
        store.engine.remove_graph(_node(name))
    return Answer(200)


def _parsed(form: str, data: bytes, question: Question) -> Iterable[Triple]:
    """Return the triples of a payload; those of named graphs in it are refused."""
    base = question["name"] or question["base"]
    for quad in ox.parse(data, format=media.GRAPHS[form], base_iri=base, rename_blank_nodes=True):
        if not isinstance(quad.graph_name, DefaultGraph):
            raise ValueError(f"expected one graph, found the named graph {quad.graph_name}")
        yield quad.triple


def _triples(store: Store, name: str | None) -> list[Triple]:
    if name is not None:
        return store.graph(_node(name))
    if not isinstance(store, EmbeddedStore):
        return []
    found = store.read(
        lambda engine: list(engine.quads_for_pattern(None, None, None, DefaultGraph()))
    )
    return [quad.triple for quad in found]


def _node(name: str) -> NamedNode:
    try:
        return NamedNode(name)
    except ValueError:
        raise UsageError(f"expected the IRI of a graph, found {name!r}") from None
