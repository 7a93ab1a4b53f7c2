"""Questions to a SPARQL service: sent as POST, answered as terms, and never cut in silence."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import BinaryIO, TypeVar

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, RdfFormat
from SPARQLWrapper import POST, SPARQLWrapper

from sicetnon import terms
from sicetnon.errors import UsageError
from sicetnon.store import service
from sicetnon.store.base import Rows, Solutions, Term, Triples
from sicetnon.store.http import Answer, Connection, RequestError
from sicetnon.store.service import Service
from sicetnon.store.tokens import as_select, lifted, names_dataset

_T = TypeVar("_T")
Dataset = tuple[Sequence[NamedNode], Sequence[NamedNode]]
_NTRIPLES = "application/n-triples"
_RESULTS = {"srj": ox.QueryResultsFormat.JSON, "srx": ox.QueryResultsFormat.XML}
_READ = {service.JSON: ox.QueryResultsFormat.JSON, service.TSV: ox.QueryResultsFormat.TSV}
NOWHERE = NamedNode(terms.ID + "graph/none")


class Asker:
    """Asks one service; `graphs` limit a question to some of its graphs.

    `dataset` is what a question sees that names no graphs: those of its default graph, and the
    named ones.
    """

    def __init__(
        self, connection: Connection, found: Service, dataset: Dataset | None = None
    ) -> None:
        self.http, self.service, self.dataset = connection, found, dataset

    def _reading(self, work: Callable[[], _T]) -> _T:
        return self.http.repeating(work, safe=True)

    def solutions(self, sparql: str, graphs: Sequence[NamedNode] | None = None) -> Solutions:
        """Answer a SELECT, once it is all there."""

        def read() -> Solutions:
            found = self._rows(sparql, graphs, None)
            return Solutions(found.columns, list(found.rows))

        return self._reading(read)

    def _rows(self, sparql: str, graphs: Sequence[NamedNode] | None, limit: int | None) -> Rows:
        answer = self._ask(sparql, graphs, self.service.results)
        found = self._parsed(answer)
        assert isinstance(found, ox.QuerySolutions)
        columns = tuple(variable.value for variable in found.variables)

        def each() -> Iterator[tuple[Term | None, ...]]:
            with answer, self._cut():
                for solution in islice(found, limit):
                    yield tuple(solution)

        return Rows(columns, each())

    def truth(self, sparql: str, graphs: Sequence[NamedNode] | None = None) -> bool:
        """Answer an ASK."""

        def read() -> bool:
            with self._ask(sparql, graphs, service.JSON) as answer:
                return _is_true(self._parsed(answer))

        return self._reading(read)

    def triples(self, sparql: str, graphs: Sequence[NamedNode] | None = None) -> Triples:
        """Answer a CONSTRUCT or DESCRIBE."""

        def read() -> Triples:
            if self.service.name == "virtuoso":  # cuts a graph at its limit and does not say so
                self._ask(as_select(sparql), graphs, service.JSON).close()
            with self._ask(sparql, graphs, _NTRIPLES) as answer, self._cut():
                quads = ox.parse(_buffered(answer), RdfFormat.N_TRIPLES)
                return list(dict.fromkeys(quad.triple for quad in quads))

        return self._reading(read)

    def results(
        self, sparql: str, form: str, graphs: Sequence[NamedNode] | None, *, asks: bool
    ) -> str:
        """Answer SELECT or ASK in a W3C results form: `srj` (JSON) or `srx` (XML)."""

        def read() -> str:
            with self._ask(sparql, graphs, service.JSON) as answer, self._cut():
                found = self._parsed(answer)
                if asks and isinstance(found, ox.QuerySolutions):
                    text = json.dumps({"head": {}, "boolean": _is_true(found)})
                    found = ox.parse_query_results(text, ox.QueryResultsFormat.JSON)
                return (found.serialize(format=_RESULTS[form]) or b"").decode()

        return self._reading(read)

    def rows(self, sparql: str, graphs: Sequence[NamedNode] | None, limit: int | None) -> Rows:
        """Answer a SELECT row by row, while the answer comes in."""
        return self._reading(lambda: self._rows(sparql, graphs, limit))

    def _parsed(self, answer: Answer) -> ox.QuerySolutions | ox.QueryBoolean:
        form = _READ[service.TSV if answer.media_type == service.TSV else service.JSON]
        with self._cut():
            return ox.parse_query_results(_buffered(answer), form)

    def _ask(self, sparql: str, graphs: Sequence[NamedNode] | None, accept: str) -> Answer:
        dataset = self.dataset if graphs is None else (graphs, graphs)
        if dataset is None and names_dataset(sparql):
            # An Oxigraph server whose default graph is the union heeds FROM only in the request.
            try:
                sparql, *given = lifted(sparql)
                dataset = ([NamedNode(each) for each in given[0]], [*map(NamedNode, given[1])])
            except ValueError as error:
                raise UsageError(str(error)) from None
        wrapper = prepared(self.service, sparql, "SELECT")
        wrapper.addCustomHttpHeader("Accept", accept)
        if dataset is not None:
            for graph in dataset[0] or [NOWHERE]:
                wrapper.addDefaultGraph(graph.value)
            for graph in dataset[1] or [NOWHERE]:
                wrapper.addNamedGraph(graph.value)
        answer = self.http.open(wrapper._createRequest())
        cut = answer.headers.get("X-SPARQL-MaxRows")
        said = ""
        if answer.media_type not in {accept, "text/plain"}:
            said = f"expected an answer as {accept}, found {answer.media_type}"
        elif cut:
            said = f"expected a whole answer, found one cut at {cut} rows; ask for fewer (LIMIT)"
            said += " or raise ResultSetMaxRows in the server's configuration"
        elif answer.headers.get("X-SQL-State"):
            said = "expected a whole answer, found one that the server broke off for time"
        if said:
            answer.close()
            raise RequestError(f"{self.http.location}: {said}")
        return answer

    @contextmanager
    def _cut(self) -> Iterator[None]:
        try:
            yield
        except (SyntaxError, ValueError) as error:
            said = " ".join(str(error).split())[:200]
            raise RequestError(
                f"{self.http.location}: expected a whole answer, found one that is cut or damaged:"
                f" {said}"
            ) from None


def _is_true(found: ox.QuerySolutions | ox.QueryBoolean) -> bool:
    """Read a truth; Virtuoso tells it as one row with the number 1, or without a row."""
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    cells = (cell for row in found for cell in row)
    return any(isinstance(cell, Literal) and cell.value in {"1", "true"} for cell in cells)


def prepared(found: Service, text: str, kind: str) -> SPARQLWrapper:
    """Prepare a request; the library's own guess at the kind of query is not needed."""
    wrapper = SPARQLWrapper(found.query, found.update, agent="sicetnon")
    wrapper.setMethod(POST)
    wrapper.setOnlyConneg(True)
    wrapper.queryString, wrapper.queryType = text, kind
    return wrapper


def _buffered(answer: Answer) -> BinaryIO:
    return io.BufferedReader(answer, 1 << 16)
