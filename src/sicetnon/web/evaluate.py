"""Answer a SPARQL query within an engine, in the form that the client asked for."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pyoxigraph as ox
from pyoxigraph import NamedNode

from sicetnon import query, terms
from sicetnon.errors import UsageError
from sicetnon.query import Table
from sicetnon.query.tokens import bound
from sicetnon.store import EmbeddedStore, Solutions, Store
from sicetnon.store.tokens import in_order, words
from sicetnon.web import media, pages
from sicetnon.web.limits import Limits
from sicetnon.web.wire import Answer, Question, problem

Found = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

_FICKLE_NAMES = ("rand", "now", "uuid", "bnode")
_FICKLE = re.compile(r"\b(?:RAND|NOW|UUID|STRUUID|BNODE)\s*\(", re.IGNORECASE)


class TooLargeError(Exception):
    """The answer has more bytes than an answer may have."""


class Sheet(io.BytesIO):
    """What an answer is written to; it takes so many bytes and no more."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._left = most

    def write(self, data: Any, /) -> int:
        """Take bytes; raises TooLargeError for the first that are too many."""
        self._left -= len(data)
        if self._left < 0:
            raise TooLargeError
        return super().write(data)


def sparql(store: Store, question: Question, limits: Limits) -> Answer:
    """Answer a query of the SPARQL protocol."""
    text = question["query"]
    try:
        bound(text)
        if "service" in text.casefold():
            query.guard(query.with_prefixes(text))
        if isinstance(store, EmbeddedStore):
            return store.read(
                lambda engine: _written(_ask(engine, text, question), question, limits)
            )
        return _written(_elsewhere(store, query.with_prefixes(text), question), question, limits)
    except UsageError as error:
        return problem(400, "refused", str(error))
    except SyntaxError as error:
        return _malformed(text, error)


def _written(found: Found, question: Question, limits: Limits) -> Answer:
    """Write an answer, whole: as long as it is not, another may be begun in its place."""
    text = question["query"]
    plain = text.casefold()
    lasting = not any(name in plain and _FICKLE.search(text) for name in _FICKLE_NAMES)
    if isinstance(found, ox.QueryTriples):
        return _graph(found, question, limits, lasting=lasting)
    chosen = question["table"]
    if chosen is None:
        return problem(406, "not-acceptable", _expected(media.TABLES))
    if chosen == media.HTML:
        return Answer(media=media.HTML, body=_page(found, text, limits.rows), lasting=lasting)
    sheet = Sheet(limits.answer)
    found.serialize(sheet, format=media.TABLES[chosen])
    return Answer(media=chosen, body=sheet.getvalue(), lasting=lasting)


def _ask(engine: ox.Store, text: str, question: Question) -> Found:
    """Have the engine read a query; it evaluates as the answer is read."""
    dataset = _dataset(text, question)

    def ask(wording: str) -> Found:
        return engine.query(wording, base_iri=question["base"], prefixes=_prefixes(text), **dataset)

    found = ask(text)
    if isinstance(found, ox.QuerySolutions):
        reworded = in_order(text, [variable.value for variable in found.variables])
        if reworded != text:
            return ask(reworded)
    return found


def _prefixes(text: str) -> dict[str, str]:
    """Return those of our prefixes that a query may use; the engine reads them all anew."""
    if "\\" in text:  # which can hide any letter
        return terms.prefixes()
    return {name: iri for name, mark, iri in _marks() if mark in text}


@cache
def _marks() -> tuple[tuple[str, str, str], ...]:
    return tuple((name, f"{name}:", iri) for name, iri in terms.prefixes().items())


def _elsewhere(store: Store, text: str, question: Question) -> Found:
    """Ask a store that is not of this machine, through what every store can do."""
    if question["default"] is not None or question["named"] is not None:
        from sicetnon.store.remote import RemoteStore

        if not isinstance(store, RemoteStore):
            raise UsageError("expected a query that names its graphs itself, by FROM or GRAPH")
        store = store.within(*(_nodes(question[each]) for each in ("default", "named")))
    if not {"SELECT", "ASK"} & set(words(text)):
        triples = store.query(text)
        assert isinstance(triples, list)
        built = ox.Store()
        built.extend(ox.Quad(each.subject, each.predicate, each.object) for each in triples)
        answer = built.query("CONSTRUCT WHERE { ?s ?p ?o }")
        assert isinstance(answer, ox.QueryTriples)
        return answer
    data = store.results(text, "srj")
    parsed = ox.parse_query_results(data, format=ox.QueryResultsFormat.JSON)
    assert isinstance(parsed, ox.QuerySolutions | ox.QueryBoolean)
    return parsed


def _dataset(text: str, question: Question) -> dict[str, Any]:
    """Return what the engine must be told of the dataset (SPARQL 1.1 Protocol, section 2.1.4)."""
    default, named = question["default"], question["named"]
    if default is not None or named is not None:
        return {
            "default_graph": _nodes(default),
            "named_graphs": _nodes(named),
        }
    named_within = "from" in text.casefold() and "FROM" in words(text)
    return {"use_default_graph_as_union": not named_within}


def _nodes(names: list[str] | None) -> list[NamedNode]:
    try:
        return [NamedNode(each) for each in names or []]
    except ValueError as error:
        raise UsageError(f"expected the IRI of a graph: {error}") from None


def _graph(found: ox.QueryTriples, question: Question, limits: Limits, *, lasting: bool) -> Answer:
    chosen = question["graph"]
    if chosen is None:
        return problem(406, "not-acceptable", _expected(media.GRAPHS))
    sheet = Sheet(limits.answer)
    found.serialize(sheet, format=media.GRAPHS[chosen])
    return Answer(media=chosen, body=sheet.getvalue(), lasting=lasting)


def _page(found: ox.QuerySolutions | ox.QueryBoolean, text: str, most: int) -> bytes:
    if isinstance(found, ox.QueryBoolean):
        return pages.write("answer.html.j2", query=text, truth=bool(found), table=None)
    columns = tuple(variable.value for variable in found.variables)
    rows = list(_first(found, most + 1))
    return pages.write(
        "answer.html.j2",
        query=text,
        table=Table.of(Solutions(columns, rows[:most])),
        more=len(rows) > most,
    )


def _first(found: ox.QuerySolutions, most: int) -> Iterator[tuple[Any, ...]]:
    for _, solution in zip(range(most), found, strict=False):
        yield tuple(solution)


def _malformed(text: str, error: SyntaxError) -> Answer:
    try:
        query.guard(text)  # says so where it is an update
    except UsageError as refused:
        return problem(400, "refused", str(refused))
    return problem(400, "malformed-query", f"the query does not parse: {_line(error)}")


def _expected(offers: dict[str, Any]) -> str:
    return f"expected an Accept header that takes one of {', '.join(offers)}"


def _line(error: SyntaxError) -> str:
    return " ".join(str(error).split())[:300]
