"""A store on disk, mirrored in memory: for readers that live long and ask much."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from pyoxigraph import NamedNode

from sicetnon.errors import StoreError
from sicetnon.store.base import Rows, Solutions, Triples
from sicetnon.store.embedded import EmbeddedStore
from sicetnon.store.selection import ReadOnly

LARGEST = 5_000_000
_ATTEMPTS = 5
_State = frozenset[tuple[str, int, int]]


class Mirror(ReadOnly):
    """A reader that answers from memory what the store in a folder held at its last refresh.

    A scan in memory takes a fraction of its time on disk. A graph of more than `largest` quads is
    read from disk, as a snapshot. Call `refresh` when it suits, for instance before each request:
    it looks at the folder, which is cheap, and copies the store anew only if a writer has been
    there. Answers that are being read go on from the copy that they began with, so any number of
    threads may ask while one refreshes.
    """

    def __init__(self, path: Path, largest: int = LARGEST) -> None:
        self.path, self.largest, self.location = path, largest, str(path)
        self._lock = threading.Lock()
        self._state: _State = frozenset()
        self._now = self._copy()

    @property
    def is_in_memory(self) -> bool:
        """Whether the store was small enough to be copied."""
        return self._now.location != self.location

    def refresh(self) -> bool:
        """Follow what was written since; say whether there was anything."""
        with self._lock:
            if _state(self.path) == self._state:
                return False
            self._now = self._copy()
            return True

    def graph(self, name: NamedNode) -> Triples:
        """Return the triples of one graph; none where there is no such graph."""
        return self._now.graph(name)

    def graphs(self) -> list[NamedNode]:
        """Return the names of the graphs, sorted."""
        return self._now.graphs()

    def query(
        self, sparql: str, graphs: Sequence[NamedNode] | None = None
    ) -> Solutions | Triples | bool:
        """Answer a query over the union of the graphs, or over some of them."""
        return self._now.query(sparql, graphs)

    def rows(
        self, sparql: str, graphs: Sequence[NamedNode] | None = None, *, limit: int | None = None
    ) -> Rows:
        """Answer a SELECT row by row."""
        return self._now.rows(sparql, graphs, limit=limit)

    def results(self, sparql: str, form: str, graphs: Sequence[NamedNode] | None = None) -> str:
        """Answer SELECT or ASK in a W3C results form."""
        return self._now.results(sparql, form, graphs)

    def _copy(self) -> EmbeddedStore:
        """Copy the store as it is now; a writer that tidies its files away is waited for."""
        for attempt in range(_ATTEMPTS):
            self._state = _state(self.path)
            try:
                snapshot = EmbeddedStore.on_disk(self.path, read_only=True)
                copy = EmbeddedStore.in_memory()
                if len(snapshot.engine) > self.largest:
                    return snapshot
                copy.engine.bulk_extend(snapshot.engine.quads_for_pattern(None, None, None, None))
            except (StoreError, OSError, RuntimeError) as error:
                if attempt == _ATTEMPTS - 1:
                    raise StoreError(f"{self.path}: {error}") from error
                threading.Event().wait(0.05 * 2**attempt)
            else:
                return copy
        raise AssertionError


def _state(path: Path) -> _State:
    """Return what tells one state of the engine's files from another: names, sizes and times."""
    try:
        found = [(file.name, file.stat()) for file in path.iterdir() if _tells(file.name)]
    except OSError:
        return frozenset()
    return frozenset((name, stat.st_size, stat.st_mtime_ns) for name, stat in found)


def _tells(name: str) -> bool:
    return name == "CURRENT" or name.startswith("MANIFEST") or name.endswith((".log", ".sst"))
