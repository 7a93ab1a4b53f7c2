"""Run a query file on a store: parameters become terms, the answer becomes a table or a graph."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pyoxigraph import Literal, NamedNode

from sicetnon import terms
from sicetnon.errors import UsageError
from sicetnon.query.file import Param, QueryFile
from sicetnon.query.stands import check
from sicetnon.query.stored import VersionRow, chosen, is_day, only_thread, versions
from sicetnon.query.table import Table
from sicetnon.query.tokens import bind
from sicetnon.store import Solutions, Store, Term, Triples, copied

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^<>\"{}|^`\\\x00-\x20]+")
_OURS = re.compile(r"(thread|work|agent|judgement|file)/")  # an IRI of ours as tables show it


def is_known(store: Store, iri: str) -> bool:
    """Say whether a store says anything of a node."""
    node = _iri(iri)
    return node is not None and bool(store.query(f"ASK {{ {node} ?property ?value }}"))


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
        slug = thread or given.get("thread") or only_thread(store)
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


def _term(
    query: QueryFile, param: Param, given: Mapping[str, str], slug: str, rows: list[VersionRow]
) -> Term:
    text = given.get(param.name, param.default)
    if param.type == "thread":
        return terms.thread(slug)
    if param.type == "version":
        return chosen(slug, rows, text).iri
    if text is None:
        like = "".join(f", such as {each}" for name, each in query.example if name == param.name)
        raise UsageError(
            f"{query.name}: expected the parameter {param.name} ({param.type}){like}, found none",
            advice=f"for example: {query.command}",
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
        case "date" if is_day(text):
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


def _is_whole(text: str) -> bool:
    """Say whether a text is Unicode throughout; half of a surrogate pair is no character."""
    return not re.search("[\ud800-\udfff]", text)
