"""One debate as plain values: what stands in the boxes, what the lines between them say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

STANCES = ("supports", "contradicts", "refines", "qualifies", "repliesTo")
STATUSES = ("stated", "judged", "inferred")


@dataclass(frozen=True)
class Quote:
    """Words as they stand in a passage, and where that is."""

    words: str
    place: str


@dataclass(frozen=True)
class Node:
    """Something with a box of its own: a tension, an answer, a claim, a perspective or a work."""

    id: str
    iri: str
    kind: str
    label: str
    text: str = ""
    people: tuple[str, ...] = ()
    year: str = ""
    link: str = ""
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True)
class Edge:
    """A line between two nodes: a relation (its kind is the stance) or part of the structure."""

    id: str
    iri: str
    kind: str
    source: str
    target: str
    status: str = ""
    method: str = ""
    confidence: str = ""
    why: str = ""
    quotes: tuple[Quote, ...] = ()
    works: tuple[str, ...] = ()

    @property
    def weight(self) -> int:
        """Count the distinct works on which the relation rests: ten links to one work are one."""
        return len(self.works)


@dataclass(frozen=True)
class Debate:
    """A question, the answers to it, the claims for and against them, and what those rest on."""

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    @cached_property
    def by_id(self) -> dict[str, Node]:
        """Find a node by the name that pages and pictures give it."""
        return {node.id: node for node in self.nodes}

    @cached_property
    def relations(self) -> tuple[Edge, ...]:
        """Return the edges that take a stance: those that the map draws with a sign."""
        return tuple(edge for edge in self.edges if edge.kind in STANCES)

    def of(self, kind: str) -> tuple[Node, ...]:
        """Return the nodes of one kind."""
        return tuple(node for node in self.nodes if node.kind == kind)

    def into(self, node: str, *kinds: str) -> tuple[Edge, ...]:
        """Return the edges of these kinds that end at a node."""
        return tuple(edge for edge in self.edges if edge.target == node and edge.kind in kinds)

    def out(self, node: str, *kinds: str) -> tuple[Edge, ...]:
        """Return the edges of these kinds that begin at a node."""
        return tuple(edge for edge in self.edges if edge.source == node and edge.kind in kinds)

    def score(self, node: str) -> str:
        """Say how many relations speak for a node and against it: "3 for, 2 against"."""
        pro, con = len(self.into(node, "supports")), len(self.into(node, "contradicts"))
        return f"{pro} for, {con} against"
