"""Who stands how in a debate: alone, contested, unanswered, against each other, between camps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import networkx as nx

from sicetnon.analysis.balance import Balance, Signed, balance
from sicetnon.analysis.framework import Attack, Label, defensible, grounded, preferred, turning
from sicetnon.analysis.parts import AGREES, ANSWERS, CONTRADICTS, Argument, Edge

_MOST_ATTACKS = 2000
_MOST_WAYS = 8


@dataclass(frozen=True, slots=True)
class Contested:
    """A node that is contradicted, by which relations, and which relations speak for it."""

    node: str
    against: tuple[str, ...]
    agreeing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """The label of a node, and the nodes that give it: those that attack it and count."""

    node: str
    label: Label
    because: tuple[str, ...]
    defended_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """A relation without which the labels of some nodes would be others."""

    relations: tuple[str, ...]
    changes: tuple[tuple[str, Label, Label], ...]


@dataclass(frozen=True, slots=True)
class Bridge:
    """A voice between others: alone in the way of their falling apart, or with both sides."""

    voice: str
    why: str
    between: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the shape of a debate shows; nodes and relations are named by their IRIs.

    `turns` is None where there are too many attacks to try each; `ways` and `defensible` are None
    where they were not asked for.
    """

    alone: tuple[str, ...]
    contested: tuple[Contested, ...]
    unanswered: tuple[str, ...]
    mutual: tuple[tuple[str, str], ...]
    balance: Balance
    bridges: tuple[Bridge, ...]
    standings: tuple[Standing, ...]
    turns: tuple[Turn, ...] | None
    ways: tuple[tuple[str, ...], ...] | None = None
    defensible: tuple[str, ...] | None = None


def analyse(argument: Argument, *, with_preferred: bool = False) -> Analysis:
    """Say who stands how; `with_preferred` needs clingo and raises UsageError without it."""
    touched = sorted({end for attack in argument.attacks for end in attack})
    labels = grounded(touched, argument.attacks)
    ways = can = None
    if with_preferred:
        ways = tuple(preferred(touched, argument.attacks, _MOST_WAYS))
        can = tuple(sorted(defensible(touched, argument.attacks)))
    return Analysis(
        alone=_alone(argument),
        contested=tuple(_contested(argument)),
        unanswered=tuple(edge.iri for edge in _attacking(argument) if _unanswered(argument, edge)),
        mutual=_mutual(argument),
        balance=balance(_signed(argument)),
        bridges=tuple(_bridges(argument)),
        standings=tuple(_standing(argument.attacks, labels, node) for node in touched),
        turns=_turns(argument, touched, labels),
        ways=ways,
        defensible=can,
    )


def _attacking(argument: Argument) -> list[Edge]:
    return [edge for edge in argument.edges if edge.stance == CONTRADICTS]


def _alone(argument: Argument) -> tuple[str, ...]:
    """Return the perspectives at which, or at whose claims, no relation ends.

    Claims count too where relations run between claims; where none does, all would be alone.
    """
    ends = {end for edge in argument.edges for end in (edge.source, edge.target)}
    of_claims = any(node.kind == "claim" and node.iri in ends for node in argument.nodes)
    kinds = {"perspective", "claim"} if of_claims else {"perspective"}
    heard = ends | {holder for end in ends for holder in _holders(argument, end)}
    return tuple(
        node.iri for node in argument.nodes if node.kind in kinds and node.iri not in heard
    )


def _holders(argument: Argument, iri: str) -> tuple[str, ...]:
    node = argument.by_iri.get(iri)
    return node.holders if node else ()


def _contested(argument: Argument) -> Iterable[Contested]:
    into: dict[str, list[Edge]] = defaultdict(list)
    for edge in argument.edges:
        into[edge.target].append(edge)
    for node, edges in sorted(into.items()):
        if against := tuple(edge.iri for edge in edges if edge.stance == CONTRADICTS):
            agreeing = tuple(edge.iri for edge in edges if edge.stance in AGREES)
            yield Contested(node, against, agreeing)


def _side(argument: Argument, iri: str) -> set[str]:
    """Return a node, who holds it, and what it holds: an answer to any of them answers it."""
    held = {node.iri for node in argument.nodes if iri in node.holders}
    return {iri, *_holders(argument, iri), *held}


def _unanswered(argument: Argument, challenge: Edge) -> bool:
    """Say whether nothing contradicts, qualifies or replies to the side that contradicts."""
    side = _side(argument, challenge.source)
    return not any(
        edge.target in side and edge.stance in ANSWERS and edge.source not in side
        for edge in argument.edges
    )


def _mutual(argument: Argument) -> tuple[tuple[str, str], ...]:
    pairs = {(argument.voice(a), argument.voice(b)) for a, b in argument.attacks}
    return tuple(sorted((a, b) for a, b in pairs if a < b and (b, a) in pairs))


def _signed(argument: Argument) -> list[Signed]:
    return [
        Signed(edge.iri, edge.source, edge.target, edge.stance in AGREES)
        for edge in argument.edges
        if edge.stance in AGREES or edge.stance == CONTRADICTS
    ]


def _bridges(argument: Argument) -> Iterable[Bridge]:
    graph = nx.Graph()
    friends: dict[str, set[str]] = defaultdict(set)
    foes: set[frozenset[str]] = set()
    for edge in argument.edges:
        one, other = argument.voice(edge.source), argument.voice(edge.target)
        if one == other:
            continue
        graph.add_edge(one, other)
        if edge.stance in AGREES:
            friends[one].add(other)
        elif edge.stance == CONTRADICTS:
            foes.add(frozenset((one, other)))
    for voice in sorted(nx.articulation_points(graph)):
        rest = graph.subgraph(nx.node_connected_component(graph, voice) - {voice})
        parts = sorted(nx.connected_components(rest), key=lambda part: (-len(part), min(part)))
        cut = [part for part in parts[1:] if any(_speaks(argument, node) for node in part)]
        if cut:
            small = tuple(sorted(node for part in cut for node in part))
            yield Bridge(voice, "alone ties to the rest", small)
    for voice, held in sorted(friends.items()):
        for pair in sorted(tuple(sorted(foe)) for foe in foes if foe <= held):
            yield Bridge(voice, "agrees with both, who contradict each other", pair)


def _speaks(argument: Argument, iri: str) -> bool:
    node = argument.by_iri.get(iri)
    return node is not None and node.kind in {"perspective", "agent"}


def _standing(attacks: Sequence[Attack], labels: dict[str, Label], node: str) -> Standing:
    label = labels[node]
    attackers = [source for source, target in attacks if target == node]
    if label == "in":
        stands = {source for source, target in attacks if labels[source] == "in"}
        defenders = {s for s, t in attacks if t in attackers and s in stands}
        return Standing(node, label, tuple(attackers), tuple(sorted(defenders)))
    wanted = "in" if label == "out" else "undecided"
    return Standing(node, label, tuple(a for a in attackers if labels[a] == wanted), ())


def _turns(
    argument: Argument, nodes: Sequence[str], labels: dict[str, Label]
) -> tuple[Turn, ...] | None:
    if len(argument.attacks) > _MOST_ATTACKS:
        return None
    turns = []
    for attack, changed in turning(nodes, argument.attacks, labels).items():
        drawn = tuple(e.iri for e in _attacking(argument) if (e.source, e.target) == attack)
        changes = tuple((node, labels[node], new) for node, new in sorted(changed.items()))
        turns.append(Turn(drawn, changes))
    return tuple(turns)
