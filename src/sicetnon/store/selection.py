"""Some of a store's graphs, as a store to read from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import BinaryIO, NoReturn

from pyoxigraph import NamedNode

from sicetnon.errors import StoreError
from sicetnon.store.base import Quads, Rows, Solutions, Store, Triples


class ReadOnly:
    """What a store that cannot be written to says to whoever tries."""

    location: str

    def add(self, _quads: Quads) -> NoReturn:
        """Refuse: this is for reading."""
        raise StoreError(f"{self.location}: expected a store to write to, found a view of one")

    def replace(self, _graphs: Iterable[NamedNode], quads: Quads) -> NoReturn:
        """Refuse: this is for reading."""
        self.add(quads)

    def load(self, _file: BinaryIO) -> NoReturn:
        """Refuse: this is for reading."""
        self.add(())

    def clear(self, *, keep: NamedNode | None = None) -> NoReturn:  # noqa: ARG002
        """Refuse: this is for reading."""
        self.add(())


class Selection(ReadOnly):
    """A view of a store that holds only the graphs selected, for instance those as of a day."""

    def __init__(self, store: Store, graphs: Iterable[NamedNode]) -> None:
        self.whole = store
        self.location = store.location
        self.selected = sorted(graphs, key=str)

    def graph(self, name: NamedNode) -> Triples:
        """Return the triples of one of the selected graphs."""
        return self.whole.graph(name) if name in self.selected else []

    def graphs(self) -> list[NamedNode]:
        """Return the names of the selected graphs."""
        return self.selected

    def query(
        self, sparql: str, graphs: Sequence[NamedNode] | None = None
    ) -> Solutions | Triples | bool:
        """Answer a query over the selected graphs."""
        return self.whole.query(sparql, self.selected if graphs is None else graphs)

    def rows(
        self, sparql: str, graphs: Sequence[NamedNode] | None = None, *, limit: int | None = None
    ) -> Rows:
        """Answer a SELECT over the selected graphs, row by row."""
        return self.whole.rows(sparql, self.selected if graphs is None else graphs, limit=limit)

    def results(self, sparql: str, form: str, graphs: Sequence[NamedNode] | None = None) -> str:
        """Answer SELECT or ASK over the selected graphs in a W3C results form."""
        return self.whole.results(sparql, form, self.selected if graphs is None else graphs)
