"""Run every rule over a store, version by version, and place each result on its page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pyoxigraph import NamedNode, Quad, Triple

from sicetnon import model, query, terms
from sicetnon.errors import UsageError
from sicetnon.model import VersionLabel
from sicetnon.query import QueryFile, Table
from sicetnon.shapes.engine import ENGINES, Engine, Result, default
from sicetnon.shapes.finding import Finding
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
# Layers that are checked with their page: two versions may tell the same work otherwise.
_WITH_PAGE = ("works", "relations", "readings")


@dataclass(frozen=True, slots=True)
class Page:
    """The page that findings are about; without one they are about the hand-kept graphs."""

    thread: str = ""
    version: VersionLabel | None = None
    file: str = ""


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
    pages = list(_pages(store, thread, version))
    for iri, page in pages:
        yield from sorted(_check_page(store, iri, page, engine), key=lambda each: each.rank)
    if thread is None and version is None:
        yield from sorted(
            _check_rest(store, {iri for iri, _ in pages}, engine), key=lambda each: each.rank
        )


def check_quads(quads: Iterable[Quad], page: Page, engine: str | None = None) -> list[Finding]:
    """Return what the rules find in a page that is not stored yet, all in memory."""
    quads = list(quads)
    found = EmbeddedStore.in_memory()
    found.add(quads)
    version = terms.version(page.thread, page.version or 0)
    findings = list(check_graph((quad.triple for quad in quads), page, engine))
    findings += _check_rules(found, version, page)
    return sorted(findings, key=lambda each: each.rank)


def check_graph(
    triples: Iterable[Triple], page: Page, engine: str | None = None
) -> Iterator[Finding]:
    """Yield what the shapes find in one graph."""
    triples = list(triples)
    results = _engine(engine)(ntriples(triples))
    places = _Places(triples) if results else None
    for result in results:
        where = places.find(result.focus) if places else _Where(0, "")
        yield Finding(
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


def _check_page(store: Store, iri: NamedNode, page: Page, engine: str | None) -> Iterator[Finding]:
    names = [iri, *(terms.part(iri, layer) for layer in _WITH_PAGE)]
    yield from check_graph([each for name in names for each in store.graph(name)], page, engine)
    yield from _check_rules(store, iri, page)


def _check_rules(store: Store, iri: NamedNode, page: Page) -> Iterator[Finding]:
    for rule in _rules(of_page=True):
        thread = NamedNode(iri.value.rpartition("/")[0] or iri.value)
        text = query.bind(rule.text, {"version": iri, "thread": thread})
        yield from _findings(Table.of(store.query(text)), rule, page)


def _check_rest(store: Store, versions: set[NamedNode], engine: str | None) -> Iterator[Finding]:
    layers = {terms.part(iri, layer) for iri in versions for layer in _WITH_PAGE}
    rest = [name for name in store.graphs() if name not in versions | layers]
    triples = [triple for name in rest for triple in store.graph(name)]
    yield from check_graph(triples, Page(), engine)
    for rule in _rules(of_page=False):
        yield from _findings(Table.of(store.query(rule.text)), rule, Page())


def _rules(*, of_page: bool) -> list[QueryFile]:
    rules = [rule for rule in query.catalogue().values() if rule.group == "check"]
    return [rule for rule in rules if bool(rule.params) == of_page]


def _findings(table: Table, rule: QueryFile, page: Page) -> Iterator[Finding]:
    for node, line, quote, found in table.rows:
        yield Finding(
            severity=rule.severity.lower(),
            rule=rule.name,
            message=f"{rule.message}; found {found}",
            thread=page.thread,
            version=page.version,
            line=_number(line),
            quote=str(quote or ""),
            node=str(node),
            file=page.file,
        )


def _number(line: object) -> int:
    """Read a line number; bad data are what is being checked, so what is none counts as 0."""
    text = str(line)
    return int(text) if re.fullmatch("[0-9]{1,18}", text) else 0


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

    def __init__(self, triples: list[Triple]) -> None:
        self.values: dict[str, dict[str, str]] = {}
        for triple in triples:
            if isinstance(triple.subject, NamedNode) and hasattr(triple.object, "value"):
                node = self.values.setdefault(triple.subject.value, {})
                node.setdefault(triple.predicate.value, triple.object.value)

    def find(self, node: str) -> _Where:
        """Return the line and the words of a node; line 0 where it stands on no page."""
        for _ in range(3):
            known = self.values.get(node, {})
            line = known.get(terms.SEN + "line")
            words = next((known[term] for term in self._WORDS if term in known), "")
            road = next((known[term] for term in self._ROADS if term in known), None)
            if line or road is None:
                return _Where(_number(line), words)
            node = road
        return _Where(0, "")
