"""The interface that every store keeps, and the values that cross it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

Term = NamedNode | BlankNode | Literal | Triple
Quads = Iterable[Quad]
Triples = list[Triple]


@dataclass(frozen=True, slots=True)
class Solutions:
    """The answer to a SELECT: rows in the engine's order, cells in the order of `columns`."""

    columns: tuple[str, ...]
    rows: list[tuple[Term | None, ...]]


class Store(Protocol):
    """A dataset of named graphs that answers SPARQL 1.1; queries see the union of the graphs."""

    location: str

    def add(self, quads: Quads, /) -> None:
        """Add quads: all of them or, when anything fails, none."""

    def replace(self, graphs: Iterable[NamedNode], quads: Quads, /) -> None:
        """Empty some graphs and add quads, in one transaction."""

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
