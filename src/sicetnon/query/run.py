"""Run a query file on a store: parameters become terms, the answer becomes a table or a graph."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from sicetnon import terms
from sicetnon.errors import UsageError
from sicetnon.query.file import Param, QueryFile
from sicetnon.query.table import Table
from sicetnon.query.tokens import bind
from sicetnon.store import Store, Term, Triples

_PREFIXES = (
    f"PREFIX sen: <{terms.SEN}> PREFIX prov: <{terms.PROV}> PREFIX dcterms: <{terms.DCTERMS}>"
)
_VERSIONS = f"""{_PREFIXES}
SELECT ?version ?order ?issued ?title WHERE {{
  ?version prov:specializationOf ?thread .
  GRAPH ?version {{
    ?version a sen:Version ; sen:order ?order ; dcterms:issued ?issued ; dcterms:title ?title .
  }}
}} ORDER BY ?order"""
_THREADS = f"""{_PREFIXES}
SELECT DISTINCT ?slug WHERE {{ ?thread a sen:Thread ; sen:slug ?slug }} ORDER BY ?slug"""


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version that a store holds."""

    iri: NamedNode
    number: int
    issued: dt.datetime
    title: str


def threads(store: Store) -> list[str]:
    """Return the slugs of the threads that a store holds, sorted."""
    return [str(row[0]) for row in Table.of(store.query(_THREADS)).rows]


def versions(store: Store, thread: str) -> list[VersionRow]:
    """Return the versions of a thread in ascending order; raises UsageError for no such thread."""
    answer = Table.of(store.query(bind(_VERSIONS, {"thread": terms.thread(_slug(thread))})))
    if not answer.rows:
        known = ", ".join(threads(store)) or "no thread at all"
        raise UsageError(f"expected a thread of the store, found {thread!r}; it holds {known}")
    return [
        VersionRow(
            NamedNode(str(iri)), int(str(n)), dt.datetime.fromisoformat(str(issued)), str(title)
        )
        for iri, n, issued, title in answer.rows
    ]


def graph_of(store: Store, thread: str | None, version: str | int | None = None) -> VersionRow:
    """Find a version by its number, by a date (the last one issued by then), or as the latest."""
    slug = thread or _only_thread(store)
    rows = versions(store, slug)
    wanted = str(version or "latest")
    if wanted == "latest":
        return rows[-1]
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", wanted):
        found = [row for row in rows if row.issued.date().isoformat() <= wanted]
    else:
        found = [row for row in rows if str(row.number) == wanted.removeprefix("v")]
    if not found:
        known = ", ".join(f"{row.number} ({row.issued.date()})" for row in rows)
        raise UsageError(f"expected a version of {slug}, found {wanted!r}; there are {known}")
    return found[-1]


def resolve(store: Store, query: QueryFile, given: Mapping[str, str]) -> dict[str, Term]:
    """Turn the texts of parameters into terms; raises UsageError before anything runs."""
    names = [param.name for param in query.params]
    for name in given:
        if name not in names:
            takes = ", ".join(names) or "no parameters"
            raise UsageError(f"{query.name}: expected {takes}, found the parameter {name!r}")
    thread = given.get("thread")
    return {param.name: _term(store, query, param, given, thread) for param in query.params}


def run(store: Store, query: QueryFile, given: Mapping[str, str] | None = None) -> Table:
    """Answer a query file as a table; a CONSTRUCT gives the columns of a triple."""
    return Table.of(store.query(bind(query.text, resolve(store, query, given or {}))))


def construct(store: Store, query: QueryFile, given: Mapping[str, str] | None = None) -> Triples:
    """Answer a query file that builds a graph, as its triples."""
    answer = store.query(bind(query.text, resolve(store, query, given or {})))
    if not isinstance(answer, list):
        raise UsageError(f"{query.name}: expected a CONSTRUCT query, found one of another form")
    return answer


def _only_thread(store: Store) -> str:
    known = threads(store)
    if len(known) == 1:
        return known[0]
    if not known:
        raise UsageError("expected a thread in the store, found none; ingest a page first")
    raise UsageError(f"expected the name of a thread, found none; there are {', '.join(known)}")


def _slug(text: str) -> str:
    if not terms.is_slug(text):
        raise UsageError(
            f"expected the slug of a thread (letters, digits, hyphens), found {text!r}"
        )
    return text


def _term(
    store: Store, query: QueryFile, param: Param, given: Mapping[str, str], thread: str | None
) -> Term:
    text = given.get(param.name, param.default)
    if param.type == "thread":
        slug = text or _only_thread(store)
        versions(store, slug)
        return terms.thread(slug)
    if param.type == "version":
        return graph_of(store, thread, text).iri
    if text is None:
        raise UsageError(f"{query.name}: expected the parameter {param.name} ({param.type})")
    found = _value(param, text)
    if found is None:
        wanted = " or ".join(param.choices) or param.type
        raise UsageError(f"{query.name}: expected {param.name} to be {wanted}, found {text!r}")
    return found


def _value(param: Param, text: str) -> Term | None:
    match param.type:
        case "int" if re.fullmatch(r"[+-]?[0-9]{1,18}", text):
            return Literal(int(text))
        case "iri" if re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^<>\"{}|^`\\\x00-\x20]+", text):
            return NamedNode(text)
        case "date" if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return Literal(text, datatype=NamedNode(terms.XSD + "date"))
        case "slug" if terms.is_slug(text):
            return Literal(text)
        case "enum" if text in param.choices:
            return Literal(text)
        case "text":
            return Literal(text)
    return None
