"""The interface that every store keeps, and the values that cross it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

Term = NamedNode | BlankNode | Literal | Triple
Quads = Iterable[Quad]
Triples = list[Triple]


@dataclass(frozen=True, slots=True)
class Solutions:
    """The answer to a SELECT: rows in the engine's order, cells in the order of `columns`."""

    columns: tuple[str, ...]
    rows: list[tuple[Term | None, ...]]


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer to a SELECT, row by row as it comes: what is not read is not fetched."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[Term | None, ...]]


class Store(Protocol):
    """A dataset of named graphs that answers SPARQL 1.1; queries see the union of the graphs."""

    location: str

    def add(self, quads: Quads, /) -> None:
        """Add quads: all of them or, when anything fails, none."""

    def replace(self, graphs: Iterable[NamedNode], quads: Quads, /) -> None:
        """Empty some graphs and add quads, in one transaction."""

    def load(self, file: BinaryIO, /) -> None:
        """Add the N-Quads of a file, the fast way: cut short, a part of them may have been added.

        Raises DataError for what is no N-Quads.
        """

    def clear(self, *, keep: NamedNode | None = None) -> None:
        """Remove every quad but those of one graph."""

    def graph(self, name: NamedNode) -> Triples:
        """Return the triples of one graph; none where there is no such graph."""

    def graphs(self) -> list[NamedNode]:
        """Return the names of the graphs, sorted."""

    def query(
        self, sparql: str, graphs: Sequence[NamedNode] | None = None
    ) -> Solutions | Triples | bool:
        """Answer a query: solutions to SELECT, triples to CONSTRUCT or DESCRIBE, a truth to ASK.

        It sees `graphs`, or all of them. Raises UsageError for a query that does not parse.
        """

    def results(self, sparql: str, form: str, graphs: Sequence[NamedNode] | None = None) -> str:
        """Answer SELECT or ASK in a W3C results form: `srj` (JSON) or `srx` (XML)."""

    def rows(
        self, sparql: str, graphs: Sequence[NamedNode] | None = None, *, limit: int | None = None
    ) -> Rows:
        """Answer a SELECT row by row, at most `limit` of them.

        Raises UsageError for another query, and StoreError while reading if the answer is cut.
        """
