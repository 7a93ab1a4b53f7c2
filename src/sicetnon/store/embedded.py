"""The embedded store: Oxigraph, on disk or in memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox
from pyoxigraph import NamedNode, RdfFormat

from sicetnon.errors import StoreError, UsageError
from sicetnon.store.base import Quads, Solutions, Triples

_HIDING = re.compile(
    r"""<[^<>\s]*>|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\#[^\n]*|[?$]\w+|\w*:\w*"""
)
_RESULTS = {"srj": ox.QueryResultsFormat.JSON, "srx": ox.QueryResultsFormat.XML}


def ntriples(triples: Iterable[ox.Triple]) -> str:
    """Return triples as N-Triples, one a line, in the order given."""
    return (ox.serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode()


class EmbeddedStore:
    """An Oxigraph store; a read-only one is a snapshot that others may go on writing behind."""

    def __init__(self, engine: ox.Store, location: str) -> None:
        self.engine = engine
        self.location = location

    @classmethod
    def in_memory(cls) -> EmbeddedStore:
        """Return an empty store that lives as long as the process."""
        return cls(ox.Store(), ":memory:")

    @classmethod
    def on_disk(cls, path: Path, *, read_only: bool = False) -> EmbeddedStore:
        """Open the store in a folder, made if need be; one process at a time may write."""
        with _faults(str(path)):
            if read_only:
                return cls(ox.Store.read_only(str(path)), str(path))
            path.mkdir(parents=True, exist_ok=True)
            return cls(ox.Store(str(path)), str(path))

    @staticmethod
    def stands_at(path: Path) -> bool:
        """Say whether a folder holds a store of this engine."""
        return (path / "CURRENT").is_file()

    def add(self, quads: Quads) -> None:
        """Add quads: all of them or, when anything fails, none."""
        with _faults(self.location):
            self.engine.extend(quads)

    def replace(self, graphs: Iterable[NamedNode], quads: Quads) -> None:
        """Empty some graphs and add quads, in one transaction."""
        by_graph: dict[str, list[ox.Triple]] = {}
        for quad in quads:
            by_graph.setdefault(str(quad.graph_name), []).append(quad.triple)
        blocks = "\n".join(
            f"GRAPH {name} {{\n{ntriples(triples)}}}" for name, triples in by_graph.items()
        )
        drops = " ;\n".join(f"DROP SILENT GRAPH {graph}" for graph in graphs)
        with _faults(self.location):
            self.engine.update(f"{drops} ;\nINSERT DATA {{\n{blocks}\n}}")

    def graph(self, name: NamedNode) -> Triples:
        """Return the triples of one graph; none where there is no such graph."""
        with _faults(self.location):
            return [quad.triple for quad in self.engine.quads_for_pattern(None, None, None, name)]

    def graphs(self) -> list[NamedNode]:
        """Return the names of the graphs, sorted."""
        with _faults(self.location):
            names = [name for name in self.engine.named_graphs() if isinstance(name, NamedNode)]
        return sorted(names, key=str)

    def query(
        self, sparql: str, graphs: Sequence[NamedNode] | None = None
    ) -> Solutions | Triples | bool:
        """Answer a query over the union of the graphs; `GRAPH` reaches each of them."""
        with _faults(self.location):
            answer = self._answer(sparql, graphs)
            if isinstance(answer, ox.QuerySolutions):
                columns = tuple(variable.value for variable in answer.variables)
                return Solutions(columns, [tuple(solution) for solution in answer])
            if isinstance(answer, ox.QueryTriples):
                return list(answer)
            return bool(answer)

    def results(self, sparql: str, form: str, graphs: Sequence[NamedNode] | None = None) -> str:
        """Answer SELECT or ASK in a W3C results form: `srj` (JSON) or `srx` (XML)."""
        with _faults(self.location):
            answer = self._answer(sparql, graphs)
            if isinstance(answer, ox.QueryTriples):
                raise UsageError(f"expected SELECT or ASK for {form}, found a query for a graph")
            return (answer.serialize(format=_RESULTS[form]) or b"").decode()

    def _answer(
        self, sparql: str, graphs: Sequence[NamedNode] | None
    ) -> ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean:
        try:
            if graphs is None:
                union = not _names_dataset(sparql)
                return self.engine.query(sparql, use_default_graph_as_union=union)
            return self.engine.query(sparql, default_graph=[*graphs], named_graphs=[*graphs])
        except SyntaxError as error:
            first = " ".join(str(error).split())[:200]
            raise UsageError(f"the query does not parse: {first}") from None


def _names_dataset(sparql: str) -> bool:
    """Say whether a query has a dataset of its own (FROM, SPARQL 1.1 section 13.2)."""
    head = _HIDING.sub(" ", sparql).partition("{")[0]
    return bool(re.search(r"\bFROM\b", head, re.IGNORECASE))


@contextmanager
def _faults(location: str) -> Iterator[None]:
    """Turn the engine's errors into ones that say which store, and what to do."""
    try:
        yield
    except OSError as error:
        if "lock" in str(error).lower():
            raise StoreError(
                f"{location}: expected a free store, found one that another process is writing to;"
                " wait for it or stop it"
            ) from error
        raise StoreError(f"{location}: {error}") from error
