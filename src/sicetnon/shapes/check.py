"""Run every rule over a store, version by version, and place each result on its page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, Triple

from sicetnon import model, query, terms
from sicetnon.errors import UsageError
from sicetnon.query import Table
from sicetnon.shapes import rules
from sicetnon.shapes.engine import ENGINES, Engine, Result, default
from sicetnon.shapes.finding import Finding
from sicetnon.shapes.rules import Page
from sicetnon.shapes.vicinity import around, names
from sicetnon.store import EmbeddedStore, Store, ntriples

_FILE = f"""PREFIX prov: <{terms.PROV}> PREFIX schema: <{terms.SCHEMA}>
SELECT (MIN(?name) AS ?file) WHERE {{
  GRAPH ?graph {{ ?version prov:hadPrimarySource ?source . ?source schema:name ?name }}
}}"""
_VERSIONS = f"""PREFIX sen: <{terms.SEN}> PREFIX pav: <{terms.PAV}> PREFIX prov: <{terms.PROV}>
SELECT ?version (MIN(?slug) AS ?thread) (MIN(?name) AS ?label) WHERE {{
  GRAPH ?version {{
    ?version a sen:Version .
    OPTIONAL {{ ?version prov:specializationOf/sen:slug ?slug }}
    OPTIONAL {{ ?version pav:version ?name }}
  }}
}} GROUP BY ?version ORDER BY ?thread ?version"""
_THREAD_OF = f"{terms.ID}thread/"


class _Where(NamedTuple):
    line: int
    quote: str


def engines() -> list[str]:
    """Return the names of the SHACL engines, the default first."""
    first = default()
    return [first, *(name for name in ENGINES if name != first)]


def check_store(
    store: Store,
    thread: str | None = None,
    version: str | int | None = None,
    engine: str | None = None,
) -> Iterator[Finding]:
    """Yield what the rules find, page by page; without a thread, in the whole store.

    Every page is one graph, checked for itself; what is kept by hand is checked together.
    """
    pages = dict(_pages(store, thread, version))
    whole = thread is None and version is None
    # One query over all pages, where the engine is at hand: a rule is parsed and planned once.
    together = rules.of_pages(store, pages) if whole and isinstance(store, EmbeddedStore) else {}
    for iri, page in pages.items():
        checked = names(iri)[:-1]
        if whole and isinstance(store, EmbeddedStore):
            found = together[iri] + _shaped(store, checked, page, engine)
        else:
            near, written = around(store, iri)
            found = rules.of_pages(near, {iri: page})[iri]
            found += _shaped(near, checked, page, engine, "".join(written[n] for n in checked))
        yield from sorted(found, key=lambda each: each.rank)
    if whole:
        yield from sorted(_check_rest(store, set(pages), engine), key=lambda each: each.rank)


def check_quads(quads: Iterable[Quad], page: Page, engine: str | None = None) -> list[Finding]:
    """Return what the rules find in a page that is not stored yet, all in memory."""
    quads, found = list(quads), EmbeddedStore.in_memory()
    found.add(quads)
    version = terms.version(page.thread, page.version or 0)
    findings = _shaped(found, [version], page, engine, ntriples(q.triple for q in quads))
    findings += rules.of_pages(found, {version: page})[version]
    return sorted(findings, key=lambda each: each.rank)


def check_graph(
    triples: Iterable[Triple], page: Page, engine: str | None = None
) -> Iterator[Finding]:
    """Yield what the shapes find in one graph, numbers as they are spelled."""
    triples = list(triples)
    found, name = EmbeddedStore.in_memory(), NamedNode(terms.ID + "graph/checked")
    found.add(Quad(triple.subject, triple.predicate, triple.object, name) for triple in triples)
    yield from _shaped(found, [name], page, engine, ntriples(triples))


def _shaped(
    store: EmbeddedStore,
    graphs: Sequence[NamedNode],
    page: Page,
    engine: str | None,
    text: str | None = None,
) -> list[Finding]:
    """Return what the shapes find in graphs that are checked as one; `text` is their N-Triples."""
    if text is None:
        text = "".join(store.ntriples(name) for name in graphs)
    places, found = _Places(store, graphs), []
    for result in _engine(engine)(text):
        where = places.find(result.focus)
        found.append(
            Finding(
                severity=result.severity,
                rule=result.shape.rpartition("#")[2],
                message=_message(result),
                thread=page.thread,
                version=page.version,
                line=where.line,
                quote=where.quote,
                node=result.focus,
                file=page.file,
            )
        )
    return found


def _engine(name: str | None) -> Engine:
    chosen = name or default()
    if chosen not in ENGINES:
        raise UsageError(f"expected an engine ({', '.join(ENGINES)}), found {chosen!r}")
    return ENGINES[chosen]


def _pages(
    store: Store, thread: str | None, version: str | int | None
) -> Iterator[tuple[NamedNode, Page]]:
    """Yield the pages to check; those of a whole store need not be sound enough to be listed."""
    if version is None and thread is None:
        for iri, slug, label in Table.of(store.query(_VERSIONS)).rows:
            if str(iri).startswith("_:"):
                continue
            node = NamedNode(str(iri))
            yield node, Page(str(slug or ""), model.label(str(label or "")), _file(store, node))
        return
    rows = query.versions(store, thread) if thread else []
    if version is not None:
        rows = [query.graph_of(store, thread, version)]
    for row in rows:
        slug = row.iri.value.removeprefix(_THREAD_OF).partition("/")[0]
        yield row.iri, Page(slug, row.version, _file(store, row.iri))


def _file(store: Store, version: NamedNode) -> str:
    answer = Table.of(
        store.query(
            query.bind(_FILE, {"version": version, "graph": terms.part(version, "provenance")})
        )
    )
    return str(answer.rows[0][0] or "") if answer.rows else ""


def _check_rest(store: Store, pages: set[NamedNode], engine: str | None) -> Iterator[Finding]:
    checked = {name for page in pages for name in names(page)[:-1]}
    rest = [name for name in store.graphs() if name not in checked]
    found = store
    if not isinstance(found, EmbeddedStore):
        found = EmbeddedStore.in_memory()
        found.add(
            Quad(triple.subject, triple.predicate, triple.object, name)
            for name in rest
            for triple in store.graph(name)
        )
    yield from _shaped(found, rest, Page(), engine)
    yield from rules.of_store(store)


def _message(result: Result) -> str:
    if result.component == "MinCountConstraintComponent":
        found = "none"
    elif result.component == "MaxCountConstraintComponent":
        found = "more"
    else:
        found = repr(result.value) if result.value is not None else "otherwise"
    return f"{result.message}; found {found}"


class _Places:
    """Lines and words of the nodes of a graph: a node's own, or those of the passage it is in."""

    _ROADS = tuple(terms.sen(name).value for name in ("passage", "heading", "evidence"))
    _WORDS = (terms.SEN + "text", terms.DCTERMS + "title", terms.LABEL.value, terms.SEN + "why")

    def __init__(self, store: EmbeddedStore, graphs: Sequence[NamedNode]) -> None:
        self._store = store
        self._graphs = graphs

    def find(self, node: str) -> _Where:
        """Return the line and the words of a node; line 0 where it stands on no page."""
        for _ in range(3):
            known = self._values(node)
            line = known.get(terms.SEN + "line")
            words = next((known[term] for term in self._WORDS if term in known), "")
            road = next((known[term] for term in self._ROADS if term in known), None)
            if line or road is None:
                return _Where(rules.number(line), words)
            node = road
        return _Where(0, "")

    def _values(self, node: str) -> dict[str, str]:
        """Return what a node has, by property, the first of several values; nothing of no IRI."""
        found: dict[str, str] = {}
        try:
            subject = NamedNode(node)
        except ValueError:
            return found
        for name in self._graphs:
            for quad in self._store.engine.quads_for_pattern(subject, None, None, name):
                if isinstance(quad.object, NamedNode | Literal):
                    found.setdefault(quad.predicate.value, quad.object.value)
        return found
