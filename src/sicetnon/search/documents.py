"""What of a graph can be searched: its passages, claims, titles and holders, with their places."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from sicetnon import judgements, query, terms
from sicetnon.query import Table
from sicetnon.store import Store
from sicetnon.terms import part

KINDS = ("passage", "claim", "title", "holder")

_DOCUMENTS = f"""PREFIX sen: <{terms.SEN}> PREFIX dcterms: <{terms.DCTERMS}>
PREFIX rdfs: <{terms.RDFS}>
SELECT DISTINCT ?kind ?node ?text ?line WHERE {{
  GRAPH ?graph {{
    {{ ?node a sen:Passage ; sen:text ?text . BIND("passage" AS ?kind) }}
    UNION {{ ?node a sen:Claim ; sen:text ?text . BIND("claim" AS ?kind) }}
    UNION {{ ?node a sen:Entry ; dcterms:title ?text . BIND("title" AS ?kind) }}
    UNION {{ ?node a sen:Work ; dcterms:title ?text . BIND("title" AS ?kind) }}
    UNION {{ ?node a sen:Perspective ; rdfs:label ?text . BIND("holder" AS ?kind) }}
    UNION {{ ?node a sen:Agent ; rdfs:label ?text . BIND("holder" AS ?kind) }}
    OPTIONAL {{ ?node sen:line ?line }}
  }}
}} ORDER BY ?kind ?node ?text"""
_SOURCES = f"""PREFIX prov: <{terms.PROV}> PREFIX sen: <{terms.SEN}>
SELECT ?version ?digest WHERE {{
  %s {{ ?version prov:hadPrimarySource ?file . ?file sen:sha256 ?digest }}
}} ORDER BY ?version ?digest"""
_THREAD = f"{terms.ID}thread/"


@dataclass(frozen=True, slots=True, order=True)
class Document:
    """A text to search, and a node that says it; `line` is where a page has it, 0 for nowhere."""

    kind: str
    thread: str
    text: str
    node: str
    line: int


@dataclass(frozen=True, slots=True)
class Place:
    """The thread and version that a graph belongs to by its name; empty where to none."""

    thread: str = ""
    version: str = ""

    @property
    def order(self) -> int:
        """Where the version stands in its thread: its number, or its date as a number."""
        digits = self.version.removeprefix("v").replace("-", "")
        return int(digits) if digits.isdecimal() and len(digits) < 19 else 0  # fits SQLite


def placed(iri: str) -> Place:
    """Return the thread and version in which an IRI stands."""
    if not iri.startswith(_THREAD):
        return Place()
    thread, _, rest = iri.removeprefix(_THREAD).partition("/")
    return Place(thread, rest.partition("/")[0])


def documents(store: Store, name: NamedNode) -> list[Document]:
    """Return the documents of one graph, sorted; who judged is no holder."""
    if name == judgements.GRAPH:
        return []
    found = Table.of(store.query(query.bind(_DOCUMENTS, {"graph": name}))).rows
    graph = placed(name.value)
    return sorted(
        Document(
            str(kind),
            graph.thread or placed(str(node)).thread,
            str(text),
            str(node),
            line if isinstance(line, int) else 0,
        )
        for kind, node, text, line in found
    )


def source(store: Store, name: NamedNode) -> str:
    """Return the digest of the file that a version's graph was read from, or an empty text."""
    text = _SOURCES % f"GRAPH {part(name, 'provenance')}"
    return _digests(store, text).get(name.value, "")


def sources(store: Store) -> dict[str, str]:
    """Return the digest of the file of every version, by the version's IRI."""
    return _digests(store, _SOURCES % "GRAPH ?graph")


def _digests(store: Store, text: str) -> dict[str, str]:
    return {str(version): str(digest) for version, digest in Table.of(store.query(text)).rows}
