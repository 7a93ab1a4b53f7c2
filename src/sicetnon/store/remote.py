"""A store behind HTTP: any service that speaks SPARQL 1.1 Query and Update."""

from __future__ import annotations

import copy
import urllib.request
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, groupby
from typing import BinaryIO
from urllib.parse import quote

import pyoxigraph as ox
from pyoxigraph import NamedNode, Quad, RdfFormat

from sicetnon import terms
from sicetnon.errors import DataError, StoreError, UsageError
from sicetnon.store import service, writing
from sicetnon.store.asking import NOWHERE, Asker, prepared
from sicetnon.store.base import Quads, Rows, Solutions, Triples
from sicetnon.store.embedded import EmbeddedStore
from sicetnon.store.http import TIMEOUT, Access, Connection

_LONGEST = 86_400.0
# What Virtuoso keeps of its own beside the graphs of its users.
_SYSTEM = (
    "http://www.openlinksw.com/",
    "http://www.w3.org/ns/ldp#",
    "http://www.w3.org/2002/07/owl#",
    "http://localuriqaserver/",
)
_UNFINISHED = NamedNode(terms.ID + "graph/restoring")
_PROBE = NamedNode(terms.ID + "graph/probe")
_SIZES = "SELECT ?g (COUNT(*) AS ?size) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
_UNION = f"ASK {{ ?s ?p ?o . GRAPH {_PROBE} {{ ?s ?p ?o }} }}"


class RemoteStore:
    """A SPARQL service as a store; one that is opened to write is asked to show that it can."""

    def __init__(self, location: str, environment: Mapping[str, str], *, write: bool) -> None:
        url, given = service.described(location)
        access, self.location = Access.found(url, environment)
        self._http = Connection(self.location, access, _timeout(environment))
        self.service = service.discover(self._http, self.location, given)
        self._asker = Asker(self._http, self.service)
        self._look(write=write)

    def add(self, quads: Quads) -> None:
        """Add quads: in one request or, where the service takes less, what announces them last."""
        self._change((), writing.named(quads, self.location))

    def replace(self, graphs: Iterable[NamedNode], quads: Quads) -> None:
        """Empty some graphs and add quads, by what differs from what the graphs hold."""
        wanted = writing.named(quads, self.location)
        names = list(dict.fromkeys(graphs))
        present = {
            Quad(triple.subject, triple.predicate, triple.object, name)
            for name in names
            for triple in self.graph(name)
        }
        kept = present & set(wanted)
        if len(present) + len(wanted) - 2 * len(kept) > self.service.per_request:
            changed = {quad.graph_name for quad in present ^ set(wanted)}
            kept -= set(writing.announcing([q for q in kept if q.graph_name in changed])[0])
        # Some services go on listing a graph whose last triple was taken away.
        emptied = {quad.graph_name for quad in present} - {quad.graph_name for quad in wanted}
        drops = [f"DROP SILENT GRAPH {name}" for name in sorted(emptied, key=str)]
        removed = sorted(present - kept, key=str)
        self._change(removed, [quad for quad in wanted if quad not in kept], drops)

    def load(self, file: BinaryIO) -> None:
        """Add the N-Quads of a file, in as many requests as the service needs."""
        if self.service.whole_dataset:
            request = urllib.request.Request(  # noqa: S310 - http or https, as `connect` saw
                f"{self.service.graphs}?no_transaction",
                data=iter(lambda: file.read(1 << 16), b""),
                headers={"Content-Type": "application/n-quads"},
            )
            self._http.open(request).close()
            return
        try:
            for part in writing.batches(ox.parse(file, RdfFormat.N_QUADS), 4_000):
                self._insert(writing.named(part, self.location))
        except SyntaxError as error:
            raise DataError(f"expected N-Quads, found: {error}") from None

    def clear(self, *, keep: NamedNode | None = None) -> None:
        """Remove every graph but one, some at a time."""
        drops = [f"DROP SILENT GRAPH {name}" for name in self.graphs() if name != keep]
        for at in range(0, len(drops), 100):
            self._run(drops[at : at + 100])

    def graph(self, name: NamedNode) -> Triples:
        """Return the triples of one graph; none where there is no such graph."""
        answer = self._asker.solutions(f"SELECT ?s ?p ?o WHERE {{ GRAPH {name} {{ ?s ?p ?o }} }}")
        return [ox.Triple(*row) for row in answer.rows]  # type: ignore[arg-type]

    def within(self, default: Sequence[NamedNode], named: Sequence[NamedNode]) -> RemoteStore:
        """Return the same service, whose questions see this dataset and nothing else."""
        found = copy.copy(self)
        found._asker = Asker(self._http, self.service, (default, named))
        return found

    def graphs(self) -> list[NamedNode]:
        """Return the names of the graphs, sorted."""
        if self.service.name == "oxigraph":
            answer = self._asker.solutions("SELECT ?g WHERE { GRAPH ?g {} }")
        else:  # Virtuoso takes seconds for SELECT DISTINCT ?g, and milliseconds for this
            answer = self._asker.solutions(_SIZES)
        names = [row[0] for row in answer.rows if isinstance(row[0], NamedNode)]
        return sorted((name for name in names if not name.value.startswith(_SYSTEM)), key=str)

    def query(
        self, sparql: str, graphs: Sequence[NamedNode] | None = None
    ) -> Solutions | Triples | bool:
        """Answer a query; it must parse as SPARQL 1.1 here before it is sent."""
        form = _form(sparql)
        if form is ox.QuerySolutions:
            return self._asker.solutions(sparql, graphs)
        if form is ox.QueryBoolean:
            return self._asker.truth(sparql, graphs)
        return self._asker.triples(sparql, graphs)

    def rows(
        self, sparql: str, graphs: Sequence[NamedNode] | None = None, *, limit: int | None = None
    ) -> Rows:
        """Answer a SELECT row by row, while the answer comes in."""
        if _form(sparql) is not ox.QuerySolutions:
            raise UsageError("expected SELECT, found a query of another form")
        return self._asker.rows(sparql, graphs, limit)

    def results(self, sparql: str, form: str, graphs: Sequence[NamedNode] | None = None) -> str:
        """Answer SELECT or ASK in a W3C results form: `srj` (JSON) or `srx` (XML)."""
        kind = _form(sparql)
        if kind is ox.QueryTriples:
            raise UsageError(f"expected SELECT or ASK for {form}, found a query for a graph")
        return self._asker.results(sparql, form, graphs, asks=kind is ox.QueryBoolean)

    def _look(self, *, write: bool) -> None:
        """Refuse a service whose default graph is not the union, or whose restore was cut."""
        if self._asker.truth(f"ASK {{ GRAPH {_UNFINISHED} {{ ?s ?p ?o }} }}") and not write:
            raise StoreError(
                f"{self.location}: expected a whole store, found one whose restore was cut short",
                advice="restore it again with --replace",
            )
        first = self._asker.solutions(
            "SELECT ?g ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } } LIMIT 1"
        ).rows
        if first:
            union = self._asker.truth(f"ASK {{ {first[0][1]} {first[0][2]} {first[0][3]} }}")
        elif write:
            triple = f"GRAPH {_PROBE} {{ {_PROBE} {terms.LABEL} {_PROBE} }}"
            self._update(f"INSERT DATA {{ {triple} }}")
            union = self._asker.truth(_UNION)
            self._update(f"DROP SILENT GRAPH {_PROBE}")
        else:
            union = True
        if not union:
            raise StoreError(
                f"{self.location}: expected a service whose default graph is the union of its"
                " graphs, found one that keeps it apart; start an Oxigraph server with"
                " --union-default-graph, or set unionDefaultGraph in Fuseki's configuration"
            )

    def _change(
        self, removed: Sequence[Quad], added: Sequence[Quad], drops: Sequence[str] = ()
    ) -> None:
        """Take quads away and add others: at once where the service takes it, else announced last.

        A reader sees a version as it was, or not at all, or as it is now. What stands beside it,
        such as the text that is replaced, is written before anything is taken away.
        """
        if len(removed) + len(added) <= self.service.per_request:
            self._run(self._steps("DELETE", removed), drops, self._steps("INSERT", added))
            return
        first, rest = writing.announcing(removed)
        last, body = writing.announcing(added)
        told = {quad.graph_name for quad in (*first, *last)}
        self._insert(quad for quad in body if quad.graph_name not in told)
        self._run(self._steps("DELETE", first))
        self._insert(quad for quad in body if quad.graph_name in told)
        for part in writing.batches(rest, self.service.per_request):
            self._run(self._steps("DELETE", part))
        self._run(drops, self._steps("INSERT", last))

    def _steps(self, verb: str, quads: Iterable[Quad]) -> Iterable[str]:
        return writing.operations(verb, quads, self.service.per_operation)

    def _run(self, *steps: Iterable[str]) -> None:
        """Send operations as one request, which a service takes whole or not at all."""
        if text := " ;\n".join(chain.from_iterable(steps)):
            self._update(text)

    def _insert(self, quads: Iterable[Quad]) -> None:
        """Add quads in several requests: graph by graph, or by updates where that cannot be."""
        if not self.service.graphs or self.service.whole_dataset:
            for part in writing.batches(quads, self.service.per_request):
                self._run(self._steps("INSERT", part))
            return
        self._http.challenged(f"{self.service.graphs}?graph={quote(NOWHERE.value, safe='')}")
        for graph, group in groupby(quads, key=lambda quad: quad.graph_name):
            assert isinstance(graph, NamedNode)
            for part in writing.batches(group, 5_000):
                request = urllib.request.Request(  # noqa: S310 - http or https, as `connect` saw
                    f"{self.service.graphs}?graph={quote(graph.value, safe='')}",
                    data=writing.ntriples(quad.triple for quad in part).encode(),
                    headers={"Content-Type": "application/n-triples"},
                    method="POST",
                )
                self._sent(request)

    def _update(self, text: str) -> None:
        self._sent(prepared(self.service, text, "INSERT")._createRequest())

    def _sent(self, request: urllib.request.Request) -> None:
        """Send what changes the store, again only if the service says that it did nothing."""

        def send() -> None:
            with self._http.open(request) as answer:
                answer.read()

        self._http.repeating(send, safe=False)


def _form(sparql: str) -> type:
    """Return what kind of answer a query has; the parser here is the judge of its syntax."""
    return type(EmbeddedStore.in_memory().parsed(sparql))


def _timeout(environment: Mapping[str, str]) -> float:
    text = environment.get("SICETNON_TIMEOUT", "")
    try:
        seconds = float(text or TIMEOUT)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < _LONGEST:
        raise UsageError(f"expected seconds in SICETNON_TIMEOUT, found {text!r}")
    return seconds
