"""The embedded store: Oxigraph, on disk or in memory."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, TypeVar

import pyoxigraph as ox
from pyoxigraph import NamedNode, RdfFormat

from sicetnon.errors import DataError, StoreError, UsageError
from sicetnon.store.base import Quads, Rows, Solutions, Term, Triples
from sicetnon.store.memory import give_back
from sicetnon.store.snapshot import is_missing, snapshot
from sicetnon.store.tokens import in_order, names_dataset
from sicetnon.store.writing import blocks

_MEMORY = ":memory:"
_WRITES_A_FLUSH = 25
_AGAIN = 5
_RESULTS = {"srj": ox.QueryResultsFormat.JSON, "srx": ox.QueryResultsFormat.XML}


T = TypeVar("T")


class EmbeddedStore:
    """An Oxigraph store; a read-only one is a snapshot that others may go on writing behind.

    The engine opens the files of a snapshot as it needs them, and a writer merges files and drops
    the old ones. A reader who comes too late for one opens a later snapshot, and reads again.
    """

    def __init__(self, engine: ox.Store, location: str, *, read_only: bool = False) -> None:
        self.engine = engine
        self.location = location
        self.is_snapshot = read_only
        self._writes = 0

    @classmethod
    def in_memory(cls) -> EmbeddedStore:
        """Return an empty store that lives as long as the process."""
        return cls(ox.Store(), _MEMORY)

    @classmethod
    def on_disk(cls, path: Path, *, read_only: bool = False) -> EmbeddedStore:
        """Open the store in a folder, made if need be; one process at a time may write."""
        with _faults(str(path)):
            if read_only:
                return cls(snapshot(str(path)), str(path), read_only=True)
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
        self._written()

    def replace(self, graphs: Iterable[NamedNode], quads: Quads) -> None:
        """Empty some graphs and add quads, in one transaction."""
        drops = "".join(f"DROP SILENT GRAPH {graph} ;\n" for graph in graphs)
        with _faults(self.location):
            self.engine.update(f"{drops}INSERT DATA {{\n{blocks(quads)}\n}}")
        self._written()

    def load(self, file: BinaryIO) -> None:
        """Add the N-Quads of a file with the engine's bulk loader, which is no transaction."""
        with _faults(self.location):
            try:
                self.engine.bulk_load(file, RdfFormat.N_QUADS)
            except SyntaxError as error:
                raise DataError(f"expected N-Quads, found: {error}") from None

    def clear(self, *, keep: NamedNode | None = None) -> None:
        """Remove every quad but those of one graph, in one transaction."""
        with _faults(self.location):
            names = [name for name in self.engine.named_graphs() if name != keep]
            drops = "".join(f" ; DROP SILENT GRAPH {name}" for name in names)
            self.engine.update(f"DROP DEFAULT{drops}")
        self._written()

    def _written(self) -> None:
        """Bring the log of writes into tables now and then, and at the end.

        Nothing is lost without it, but whoever opens the store to read it reads the log first, at
        about 3 seconds for 100,000 quads.
        """
        if self.location == _MEMORY:
            return
        if not self._writes:
            weakref.finalize(self, _flush, self.engine)
        self._writes += 1
        if self._writes % _WRITES_A_FLUSH == 0:
            with _faults(self.location):
                self.engine.flush()
            give_back()

    def read(self, work: Callable[[ox.Store], T]) -> T:
        """Return what `work` reads from the engine; it may be called again, on a later snapshot."""
        with _faults(self.location):
            for _ in range(_AGAIN if self.is_snapshot else 0):
                try:
                    return work(self.engine)
                except (OSError, RuntimeError) as error:
                    if not is_missing(error):
                        raise
                self.engine = snapshot(self.location)
            return work(self.engine)

    def graph(self, name: NamedNode) -> Triples:
        """Return the triples of one graph; none where there is no such graph."""
        return self.read(
            lambda engine: [q.triple for q in engine.quads_for_pattern(None, None, None, name)]
        )

    def ntriples(self, name: NamedNode) -> str:
        """Return one graph as N-Triples, written by the engine."""
        return self.read(
            lambda engine: engine.dump(format=RdfFormat.N_TRIPLES, from_graph=name) or b""
        ).decode()

    def graphs(self) -> list[NamedNode]:
        """Return the names of the graphs, sorted."""
        names = self.read(lambda engine: list(engine.named_graphs()))
        return sorted((name for name in names if isinstance(name, NamedNode)), key=str)

    def query(
        self, sparql: str, graphs: Sequence[NamedNode] | None = None
    ) -> Solutions | Triples | bool:
        """Answer a query over the union of the graphs; `GRAPH` reaches each of them."""

        def whole(engine: ox.Store) -> Solutions | Triples | bool:
            answer = _answer(engine, sparql, graphs)
            if isinstance(answer, ox.QuerySolutions):
                columns = tuple(variable.value for variable in answer.variables)
                return Solutions(columns, [tuple(solution) for solution in answer])
            if isinstance(answer, ox.QueryTriples):
                return list(answer)
            return bool(answer)

        return self.read(whole)

    def rows(
        self, sparql: str, graphs: Sequence[NamedNode] | None = None, *, limit: int | None = None
    ) -> Rows:
        """Answer a SELECT row by row, at most `limit` of them."""

        def begun(engine: ox.Store) -> Rows:
            answer = _answer(engine, sparql, graphs)
            if not isinstance(answer, ox.QuerySolutions):
                raise UsageError("expected SELECT, found a query of another form")
            columns = tuple(variable.value for variable in answer.variables)
            rows = islice(answer, limit)
            return Rows(columns, self._each(chain(list(islice(rows, 1)), rows)))

        return self.read(begun)

    def _each(self, solutions: Iterable[ox.QuerySolution]) -> Iterator[tuple[Term | None, ...]]:
        with _faults(self.location):
            for solution in solutions:
                yield tuple(solution)

    def results(self, sparql: str, form: str, graphs: Sequence[NamedNode] | None = None) -> str:
        """Answer SELECT or ASK in a W3C results form: `srj` (JSON) or `srx` (XML)."""

        def written(engine: ox.Store) -> str:
            answer = _answer(engine, sparql, graphs)
            if isinstance(answer, ox.QueryTriples):
                raise UsageError(f"expected SELECT or ASK for {form}, found a query for a graph")
            return (answer.serialize(format=_RESULTS[form]) or b"").decode()

        return self.read(written)

    def parsed(self, sparql: str) -> ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean:
        """Begin to answer a query; what comes tells its form. Raises UsageError."""
        return _answer(self.engine, sparql, None)


def _answer(
    engine: ox.Store, sparql: str, graphs: Sequence[NamedNode] | None
) -> ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean:
    def ask(wording: str) -> ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean:
        if graphs is None:
            union = not names_dataset(wording)
            return engine.query(wording, use_default_graph_as_union=union)
        return engine.query(wording, default_graph=[*graphs], named_graphs=[*graphs])

    try:
        answer = ask(sparql)
        if isinstance(answer, ox.QuerySolutions):
            reworded = in_order(sparql, [variable.value for variable in answer.variables])
            return answer if reworded == sparql else ask(reworded)
        return answer
    except SyntaxError as error:
        first = " ".join(str(error).split())[:200]
        raise UsageError(f"the query does not parse: {first}") from None


def _flush(engine: ox.Store) -> None:
    with suppress(OSError, RuntimeError):  # the folder may be gone, and nothing hangs on it
        engine.flush()


@contextmanager
def _faults(location: str) -> Iterator[None]:
    """Turn the engine's errors into ones that say which store, and what to do."""
    try:
        yield
    except OSError as error:
        if "lock" in str(error).lower():
            raise busy(location) from error
        raise StoreError(f"{location}: {error}") from error
    except RuntimeError as error:  # how the engine tells of files that are damaged
        raise StoreError(f"{location}: expected a sound store, found: {error}") from error


def busy(location: str) -> StoreError:
    """Return the error for a store that another process is writing to."""
    return StoreError(
        f"{location}: expected a free store, found one that another process is writing to; wait for"
        " it or stop it"
    )
