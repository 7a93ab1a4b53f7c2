"""Balance of a signed graph: which edges do not fit a division into two camps.

A graph is balanced when its nodes fall into two camps with agreement inside and contradiction
between them (Harary 1953). Whoever agrees with both sides of a contradiction, or contradicts both,
breaks this; so does an edge that was coded the wrong way round.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

_STEPS = 20_000


@dataclass(frozen=True, slots=True)
class Signed:
    """An edge that agrees (`positive`) or contradicts; its direction does not matter here."""

    name: str
    one: str
    other: str
    positive: bool


@dataclass(frozen=True, slots=True)
class Balance:
    """How many edges at least have to go until two camps are left, and which those may be.

    Where `exact` holds, `fewest` is the number and `choices` are all the smallest sets of edges;
    else `fewest` is a lower bound and `choices` has the one set that was found.
    """

    fewest: int
    exact: bool
    choices: tuple[tuple[str, ...], ...]


def balance(edges: Iterable[Signed], steps: int = _STEPS) -> Balance:
    """Find the smallest sets of edges without which the graph is balanced.

    Some edge of every unbalanced cycle has to go, so the search branches over the edges of one
    shortest cycle, for sets of 0, 1, 2… edges. After so many `steps` it gives up and says so.
    """
    listed = sorted((edge for edge in edges if edge.one != edge.other), key=lambda edge: edge.name)
    spent = [steps]
    for size in range(len(listed) + 1):
        try:
            found = set(_sets(listed, frozenset(), size, spent))
        except _TooLongError:
            return Balance(size, exact=False, choices=(_some(listed),))
        if found:
            return Balance(size, exact=True, choices=tuple(sorted(tuple(sorted(f)) for f in found)))
    return Balance(0, exact=True, choices=((),))


class _TooLongError(Exception):
    pass


def _sets(
    edges: list[Signed], gone: frozenset[str], size: int, spent: list[int]
) -> Iterator[frozenset[str]]:
    spent[0] -= 1
    if spent[0] < 0:
        raise _TooLongError
    cycle = _unbalanced_cycle([edge for edge in edges if edge.name not in gone])
    if not cycle:
        yield gone
    elif size:
        for name in cycle:
            yield from _sets(edges, gone | {name}, size - 1, spent)


def _unbalanced_cycle(edges: list[Signed]) -> list[str]:
    """Return the edges of a short cycle with an odd number of contradictions, or nothing."""
    near: Mapping[str, list[tuple[str, Signed]]] = defaultdict(list)
    for edge in edges:
        near[edge.one].append((edge.other, edge))
        near[edge.other].append((edge.one, edge))
    seen: set[str] = set()
    best: list[str] = []
    for start in sorted(near):
        if start in seen:
            continue
        side = {start: True}
        road: dict[str, tuple[str, Signed]] = {}
        waiting = deque([start])
        while waiting:
            node = waiting.popleft()
            for other, edge in near[node]:
                expected = side[node] == edge.positive
                if other not in side:
                    side[other], road[other] = expected, (node, edge)
                    waiting.append(other)
                elif side[other] != expected:
                    cycle = _cycle(road, node, other, edge)
                    best = cycle if not best or len(cycle) < len(best) else best
        seen |= side.keys()
    return best


def _cycle(
    road: Mapping[str, tuple[str, Signed]], one: str, other: str, closing: Signed
) -> list[str]:
    """Return the edges from both ends of the closing edge to where their roads meet, and it."""
    steps = [_steps(road, end) for end in (one, other)]
    shared = set(steps[0]) & set(steps[1])
    return sorted({closing.name, *(set(steps[0]) | set(steps[1])) - shared})


def _steps(road: Mapping[str, tuple[str, Signed]], node: str) -> list[str]:
    found = []
    while node in road:
        node, edge = road[node]
        found.append(edge.name)
    return found


def _some(edges: list[Signed]) -> tuple[str, ...]:
    """Return edges without which the graph is balanced: those of one cycle after another."""
    gone: set[str] = set()
    while cycle := _unbalanced_cycle([edge for edge in edges if edge.name not in gone]):
        gone.add(cycle[0])
    return tuple(sorted(gone))
