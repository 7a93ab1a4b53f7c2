"""A debate as plain values: who says what, who stands how to whom, and on which words."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

CONTRADICTS = "contradicts"
AGREES = frozenset({"supports", "refines"})
ANSWERS = frozenset({"contradicts", "qualifies", "repliesTo"})
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a page with their place: offsets count code points of the passage's text."""

    passage: str
    start: int
    end: int
    words: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Node:
    """A claim, an answer, a perspective, a work, a school or an agent: an end, or alone."""

    iri: str
    kind: str
    label: str
    holders: tuple[str, ...] = ()
    works: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """One relation: `source` takes the stance, `target` is what it is taken to."""

    iri: str
    source: str
    target: str
    stance: str
    status: str = ""
    quotes: tuple[Quote, ...] = ()
    works: tuple[str, ...] = ()


@dataclass(frozen=True)
class Argument:
    """The nodes and edges of one debate; both are sorted by IRI, and every edge has its ends."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    names: dict[str, str] = field(default_factory=dict)

    @cached_property
    def by_iri(self) -> dict[str, Node]:
        """Find a node by its IRI."""
        return {node.iri: node for node in self.nodes}

    @cached_property
    def attacks(self) -> tuple[tuple[str, str], ...]:
        """Return who contradicts whom, each pair once: the attack graph of the labellings."""
        found = {(edge.source, edge.target) for edge in self.edges if edge.stance == CONTRADICTS}
        return tuple(sorted(found))

    @cached_property
    def voices(self) -> dict[str, str]:
        """Return for each node whose voice it is: a claim's only holder, else the node itself."""
        return {
            node.iri: node.holders[0] if len(node.holders) == 1 else node.iri for node in self.nodes
        }

    def voice(self, iri: str) -> str:
        """Return whose voice a node is; what the debate does not know speaks for itself."""
        return self.voices.get(iri, iri)

    def name(self, iri: str) -> str:
        """Return what to call a node, cut where it is long: its label, or the end of its IRI."""
        node = self.by_iri.get(iri)
        name = (node.label if node else self.names.get(iri)) or iri.rpartition("/")[2]
        return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rstrip()}…"
