"""Gathers pairs into groups, the surest first, without joining what must stay apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from sicetnon.identity.kinds import Kind, together

Pair = tuple[str, str]
_Name = TypeVar("_Name", str, int)


@dataclass(frozen=True, slots=True)
class Node:
    """What of an entry decides whether it may be in a group: its kind and its arXiv identifier."""

    kind: Kind
    arxiv: str | None


@dataclass(frozen=True, slots=True)
class Edge:
    """A judgement as the gathering needs it; a person's comes first and binds."""

    left: str
    right: str
    decision: str
    score: float
    person: bool


@dataclass(slots=True)
class _Group:
    members: set[str]
    kinds: set[Kind]
    arxiv: set[str]
    foes: set[str] = field(default_factory=set)
    free: bool = False

    def admits(self, other: _Group, *, person: bool) -> bool:
        """Tell whether two groups may be joined by a person or by a rule."""
        few, many = sorted((self, other), key=lambda group: len(group.members))
        if not many.foes.isdisjoint(few.members):
            return False
        if person:
            return True
        if self.arxiv and other.arxiv and self.arxiv.isdisjoint(other.arxiv):
            return False
        return all(
            together(a, b) or (self.free and b in self.kinds) or (other.free and a in other.kinds)
            for a in self.kinds
            for b in other.kinds
        )

    def take(self, other: _Group, *, person: bool) -> None:
        """Take over what another group holds."""
        self.members |= other.members
        self.kinds |= other.kinds
        self.arxiv |= other.arxiv
        self.foes |= other.foes
        self.free = self.free or other.free or person


def grouped(nodes: Mapping[str, Node], edges: Iterable[Edge]) -> tuple[list[list[str]], list[Pair]]:
    """Return the groups of all nodes, and the pairs held to be the same that were not joined."""
    where = {
        name: _Group({name}, {node.kind}, {node.arxiv} if node.arxiv else set())
        for name, node in nodes.items()
    }
    joins: list[Edge] = []
    for edge in edges:
        if edge.decision == "same":
            joins.append(edge)
        elif edge.decision == "different":
            where[edge.left].foes.add(edge.right)
            where[edge.right].foes.add(edge.left)
    refused: list[Pair] = []
    for edge in sorted(joins, key=lambda e: (not e.person, -e.score, e.left, e.right)):
        one, other = where[edge.left], where[edge.right]
        if one is other:
            continue
        if not one.admits(other, person=edge.person):
            refused.append((edge.left, edge.right))
            continue
        if len(one.members) < len(other.members):
            one, other = other, one
        one.take(other, person=edge.person)
        for name in other.members:
            where[name] = one
    found = {id(group): group for group in where.values()}
    return [sorted(group.members) for group in found.values()], refused


def joined(names: Iterable[_Name], pairs: Iterable[tuple[_Name, _Name]]) -> dict[_Name, _Name]:
    """Return for each name one name that stands for all that the pairs connect it with."""
    root = {name: name for name in names}

    def top(name: _Name) -> _Name:
        while root[name] != name:
            root[name] = root[root[name]]
            name = root[name]
        return name

    for left, right in pairs:
        one, other = sorted((top(left), top(right)))
        root[other] = one
    return {name: top(name) for name in root}
