"""Describe a thing within an engine: what the graphs say of it, and what they say it is part of."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, serialize

from sicetnon import query, terms
from sicetnon.store import Solutions, Store, Term
from sicetnon.web import media, pages
from sicetnon.web.limits import Limits
from sicetnon.web.wire import Answer, Question, problem

FORMS = (media.HTML, media.TURTLE, media.JSON_LD)

_MOST_FACTS = 5000
_MOST_USES = 200
_OUT = f"SELECT DISTINCT ?p ?o WHERE {{ ?thing ?p ?o }} ORDER BY ?p ?o LIMIT {_MOST_FACTS}"
_IN = f"SELECT DISTINCT ?s ?p WHERE {{ ?s ?p ?thing }} ORDER BY ?p ?s LIMIT {_MOST_USES}"
_NAMES = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX sen: <https://w3id.org/sicetnon/ontology#>
SELECT ?node (SAMPLE(?label) AS ?name) WHERE {
  VALUES ?node { %s } ?node rdfs:label|dcterms:title|sen:text ?label
} GROUP BY ?node"""
_HELD = "ASK { GRAPH ?thing { ?s ?p ?o } }"


@dataclass(frozen=True, slots=True)
class Fact:
    """One property of a thing, with its values as a page shows them."""

    property: str
    iri: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """A value in words, with the address of its own page if it has one; `kind` is its datatype."""

    text: str
    link: str = ""
    kind: str = ""


def thing(store: Store, question: Question, _limits: Limits) -> Answer:
    """Describe a node as HTML, Turtle or JSON-LD; 404 where no graph speaks of it."""
    try:
        node = NamedNode(question["iri"])
    except ValueError:
        return problem(404, "not-found", "expected the IRI of a thing, found none")
    out, into = _rows(store, _OUT, node), _rows(store, _IN, node)
    if not out and not into:
        return problem(404, "not-found", f"expected a thing that the store knows, found {node}")
    if question["bare"]:
        return Answer(media=question["form"])
    if question["form"] == media.HTML:
        return Answer(media=media.HTML, body=_page(store, node, out, into))
    triples = [Triple(node, p, o) for p, o in out if isinstance(p, NamedNode) and o is not None]
    triples += [
        Triple(s, p, node)
        for s, p in into
        if isinstance(s, NamedNode | BlankNode) and isinstance(p, NamedNode)
    ]
    if question["form"] == media.TURTLE:
        return Answer(media=media.TURTLE, body=query.turtle(triples).encode())
    return Answer(
        media=media.JSON_LD, body=serialize(triples, format=media.GRAPHS[media.JSON_LD]) or b"[]"
    )


def _rows(store: Store, text: str, node: NamedNode) -> list[tuple[Term | None, ...]]:
    found = store.query(query.bind(text, {"thing": node}))
    assert isinstance(found, Solutions)
    return found.rows


def _page(
    store: Store,
    node: NamedNode,
    out: list[tuple[Term | None, ...]],
    into: list[tuple[Term | None, ...]],
) -> bytes:
    nodes = {cell for row in (*out, *into) for cell in row if isinstance(cell, NamedNode)}
    names = _names(store, [node, *sorted(nodes, key=str)])
    facts = _facts([(p, o) for p, o in out], names)
    uses = _facts([(p, s) for s, p in into], names)
    held = store.query(query.bind(_HELD, {"thing": node}))
    return pages.write(
        "thing.html.j2",
        iri=node.value,
        title=names.get(node) or _short(node.value),
        facts=facts,
        uses=uses,
        graph=node.value if held is True else "",
        all_uses=len(into) < _MOST_USES,
    )


def _names(store: Store, nodes: list[NamedNode]) -> dict[Term, str]:
    found = store.query(_NAMES % " ".join(map(str, nodes)))
    assert isinstance(found, Solutions)
    return {
        node: name.value
        for node, name in found.rows
        if node is not None and isinstance(name, Literal)
    }


def _facts(rows: list[tuple[Term | None, Term | None]], names: dict[Term, str]) -> list[Fact]:
    grouped: dict[str, list[Value]] = {}
    for property_, value in rows:
        if isinstance(property_, NamedNode) and value is not None:
            grouped.setdefault(property_.value, []).append(_value(value, names))
    return [Fact(_short(iri), iri, tuple(values)) for iri, values in grouped.items()]


def _value(term: Term, names: dict[Term, str]) -> Value:
    if isinstance(term, NamedNode):
        link = pages.local(term.value)
        return Value(names.get(term) or _short(term.value), link, "")
    if isinstance(term, Literal):
        kind = term.language or _short(term.datatype.value)
        return Value(term.value, "", "" if kind == "xsd:string" else kind)
    return Value(str(term))


def _short(iri: str) -> str:
    """Return an IRI with our prefix for its namespace, where it has one."""
    for name, space in sorted(terms.prefixes().items(), key=lambda each: -len(each[1])):
        if iri.startswith(space) and iri != space:
            return f"{name}:{iri.removeprefix(space)}"
    return iri
