"""Run a query file on a store: parameters become terms, the answer becomes a table or a graph."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from sicetnon import terms
from sicetnon.errors import UsageError
from sicetnon.model import VersionLabel, label
from sicetnon.query.file import Param, QueryFile
from sicetnon.query.stands import check
from sicetnon.query.table import Table
from sicetnon.query.tokens import bind
from sicetnon.store import Selection, Solutions, Store, Term, Triples, copied

_PREFIXES = (
    f"PREFIX sen: <{terms.SEN}> PREFIX prov: <{terms.PROV}> PREFIX pav: <{terms.PAV}>"
    f" PREFIX dcterms: <{terms.DCTERMS}>"
)
# Without GRAPH: an engine may look into every graph of the store for one that is not named.
_VERSIONS = f"""{_PREFIXES}
SELECT DISTINCT ?version ?label ?issued ?title WHERE {{
  ?version prov:specializationOf ?thread .
  ?version pav:version ?label ; sen:order ?order ; dcterms:title ?title .
  OPTIONAL {{ ?version dcterms:issued ?issued }}
}} ORDER BY ?order"""
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^<>\"{}|^`\\\x00-\x20]+")
_OURS = re.compile(r"(thread|work|agent|judgement|file)/")  # an IRI of ours as tables show it
_LONGEST = 20
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_THREADS = f"""{_PREFIXES}
SELECT DISTINCT ?slug WHERE {{ ?thread a sen:Thread ; sen:slug ?slug }} ORDER BY ?slug"""


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version that a store holds; `issued` is an ISO 8601 date or time, empty where unknown."""

    iri: NamedNode
    version: VersionLabel
    issued: str
    title: str

    @property
    def order(self) -> int:
        """Where the version stands in its thread, as its page's model says it."""
        digits = str(self.version).replace("-", "")
        return int(digits) if digits.isdecimal() and len(digits) < _LONGEST else 0

    @property
    def day(self) -> str:
        """The day of issue, or an empty text."""
        return self.issued[:10]


def threads(store: Store) -> list[str]:
    """Return the slugs of the threads that a store holds, sorted."""
    return [str(row[0]) for row in Table.of(store.query(_THREADS)).rows]


def version_rows(store: Store, thread: str) -> list[VersionRow]:
    """Return the versions of a thread in ascending order; none where there is no such thread."""
    answer = Table.of(store.query(bind(_VERSIONS, {"thread": terms.thread(_slug(thread))})))
    return [
        VersionRow(NamedNode(str(iri)), label(str(name)), str(issued or ""), str(title))
        for iri, name, issued, title in answer.rows
    ]


def versions(store: Store, thread: str) -> list[VersionRow]:
    """Return the versions of a thread in ascending order; raises UsageError for no such thread."""
    rows = version_rows(store, thread)
    if not rows:
        known = ", ".join(threads(store)) or "no thread at all"
        raise UsageError(f"expected a thread of the store, found {thread!r}; it holds {known}")
    return rows


def graph_of(store: Store, thread: str | None, version: str | int | None = None) -> VersionRow:
    """Find a version by its number, by a date (the last one issued by then) or by its place.

    The places are `first`, `latest` and `previous`, the one before the latest; of a thread with one
    version all three are that one.
    """
    slug = thread or _only_thread(store)
    return _chosen(slug, versions(store, slug), version)


def _chosen(slug: str, rows: list[VersionRow], version: str | int | None) -> VersionRow:
    wanted = str(version or "latest").removeprefix("v")
    places = {"first": rows[:1], "previous": rows[-2:][:1], "latest": rows[-1:]}
    found = places.get(wanted) or [row for row in rows if wanted == str(row.version)]
    if not found and _DAY.fullmatch(wanted):
        found = [row for row in rows if row.day and row.day <= wanted]
    if not found:
        known = ", ".join(f"{row.version} ({row.day or 'undated'})" for row in rows)
        raise UsageError(f"expected a version of {slug}, found {str(version)!r}; there are {known}")
    return found[-1]


def is_known(store: Store, iri: str) -> bool:
    """Say whether a store says anything of a node."""
    node = _iri(iri)
    return node is not None and bool(store.query(f"ASK {{ {node} ?property ?value }}"))


def as_of(store: Store, moment: str) -> Selection:
    """Return the store as it was at a day, or at a version's number in each of its threads.

    What belongs to a later version is left out, and under a day also what has no date of issue.
    """
    later: list[str] = []
    for thread in threads(store):
        for row in versions(store, thread):
            if _is_day(moment):
                seen = bool(row.day) and row.day <= moment
            elif re.fullmatch(r"v?[0-9]{1,9}", moment):
                seen = row.order <= int(moment.removeprefix("v"))
            else:
                raise UsageError(
                    f"expected a day (YYYY-MM-DD) or a version's number, found {moment!r}"
                )
            if not seen:
                later.append(row.iri.value)
    names = [
        name
        for name in store.graphs()
        if not any(name.value == iri or name.value.startswith(f"{iri}/") for iri in later)
    ]
    return Selection(store, names)


def resolve(store: Store, query: QueryFile, given: Mapping[str, str]) -> dict[str, Term]:
    """Turn the texts of parameters into terms; raises UsageError before anything runs."""
    names = [param.name for param in query.params]
    for name in given:
        if name not in names:
            takes = ", ".join(names) or "no parameters"
            raise UsageError(f"{query.name}: expected {takes}, found the parameter {name!r}")
    slug, rows = "", list[VersionRow]()
    if any(param.type in {"thread", "version"} for param in query.params):
        named = (param for param in query.params if param.type == "thread")
        thread = next((given.get(param.name, param.default) for param in named), None)
        slug = thread or given.get("thread") or _only_thread(store)
        rows = versions(store, slug)
    return {param.name: _term(query, param, given, slug, rows) for param in query.params}


def run(store: Store, query: QueryFile, given: Mapping[str, str] | None = None) -> Table:
    """Answer a query file as a table; a CONSTRUCT gives the columns of a triple.

    Raises UnknownError where the answer is empty because the store has no such IRI or section.
    """
    return Table.of(answered(store, query, given or {}))


def answered(
    store: Store, query: QueryFile, given: Mapping[str, str]
) -> Solutions | Triples | bool:
    """Answer a query file in terms; raises UnknownError as `run` does."""
    store = copied(store, query.copied)
    found = store.query(bind(query.text, resolve(store, query, given)))
    if found == [] or (isinstance(found, Solutions) and not found.rows):
        known(store, query, given)
    return found


def known(store: Store, query: QueryFile, given: Mapping[str, str]) -> None:
    """Raise UnknownError where a parameter names an IRI or a section that the store has not."""
    values = resolve(store, query, given)
    for param in query.params:
        if param.name in given:
            check(store, query.name, param, values)


def construct(store: Store, query: QueryFile, given: Mapping[str, str] | None = None) -> Triples:
    """Answer a query file that builds a graph, as its triples."""
    store = copied(store, query.copied)
    answer = store.query(bind(query.text, resolve(store, query, given or {})))
    if not isinstance(answer, list):
        raise UsageError(f"{query.name}: expected a CONSTRUCT query, found one of another form")
    return answer


def _only_thread(store: Store) -> str:
    known = threads(store)
    if len(known) == 1:
        return known[0]
    if not known:
        hint = "ask as of a later day" if isinstance(store, Selection) else "ingest a page first"
        raise UsageError(f"expected a thread in the store, found none; {hint}")
    raise UsageError(
        "expected the name of a thread (--thread NAME at the command line), found none; there are "
        + ", ".join(known)
    )


def _slug(text: str) -> str:
    if not terms.is_slug(text):
        raise UsageError(
            f"expected the slug of a thread (letters, digits, hyphens), found {text!r}"
        )
    return text


def _term(
    query: QueryFile, param: Param, given: Mapping[str, str], slug: str, rows: list[VersionRow]
) -> Term:
    text = given.get(param.name, param.default)
    if param.type == "thread":
        return terms.thread(slug)
    if param.type == "version":
        return _chosen(slug, rows, text).iri
    if text is None:
        raise UsageError(
            f"{query.name}: expected the parameter {param.name} ({param.type}), found none; "
            f"for example: {query.command}"
        )
    found = _value(param, text)
    if found is None:
        wanted = " or ".join(param.choices) or param.type.replace("date", "date YYYY-MM-DD")
        raise UsageError(f"{query.name}: expected {param.name} to be {wanted}, found {text!r}")
    return found


def _value(param: Param, text: str) -> Term | None:
    match param.type:
        case "int" if re.fullmatch(r"[+-]?[0-9]{1,18}", text):
            return Literal(int(text))
        case "iri":
            return _iri(f"{terms.ID}{text}" if _OURS.match(text) else text)
        case "date" if _is_day(text):
            return Literal(text, datatype=NamedNode(terms.XSD + "date"))
        case "slug" if terms.is_slug(text):
            return Literal(text)
        case "enum" if text in param.choices:
            return Literal(text)
        case "text" | "section" if _is_whole(text):
            return Literal(text)
    return None


def _iri(text: str) -> NamedNode | None:
    """Return an IRI, or nothing where the text is none (RFC 3987, as the engine reads it)."""
    if not _IRI.fullmatch(text):
        return None
    try:
        return NamedNode(text)
    except ValueError:
        return None


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text)) and bool(dt.date.fromisoformat(text))
    except ValueError:
        return False


def _is_whole(text: str) -> bool:
    """Say whether a text is Unicode throughout; half of a surrogate pair is no character."""
    return not re.search("[\ud800-\udfff]", text)
