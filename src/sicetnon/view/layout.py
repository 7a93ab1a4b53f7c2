"""Places the boxes and lines of an argument map with Graphviz: question, answers, claims, replies.

Boxes come with their size, so no font of the machine takes part. `dot` is asked several times
with its input in another order, and the drawing with the fewest crossings is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, Any

from sicetnon.errors import DataError
from sicetnon.view.curves import Box, Point, bend, crossings, flatten
from sicetnon.view.parts import STANCES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sicetnon.view.parts import Debate, Edge, Node

# More attempts take longer and seldom find a better drawing; a large debate gets fewer.
ATTEMPTS = 96
_USUAL = 60
# Any text gives a sound drawing; this one was the best of six on the memorization debate.
_SEED = "d"
_INCH = 72.0
_BEND = 14.0
# Graphviz keeps its state in the process; a server may draw from several threads.
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True)
class Layout:
    """Where everything stands, y downwards; a curve runs from source to target."""

    width: float
    height: float
    boxes: dict[str, Box]
    curves: dict[str, tuple[Point, ...]]

    @property
    def lines(self) -> dict[str, list[Point]]:
        """Return each curve as points along it."""
        return {name: flatten(curve) for name, curve in self.curves.items()}

    @property
    def crossings(self) -> int:
        """Count the pairs of lines that cross."""
        return crossings(self.lines.values())


def place(debate: Debate, sizes: Mapping[str, tuple[float, float]]) -> Layout:
    """Lay a debate out from left to right, every line running towards the question."""
    depth = _depths(debate)
    lost = [node.id for node in debate.of("claim") if node.id not in depth]
    if lost:
        raise DataError(f"no relation leads from {', '.join(lost)} to an answer")
    share = min(1.0, _USUAL / max(1, len(debate.relations))) ** 2
    attempts = range(max(1, int(ATTEMPTS * share)))
    with _ONE_AT_A_TIME:
        drafts = (_draft(debate, sizes, depth, attempt) for attempt in attempts)
        return min(drafts, key=_cost)


def _cost(layout: Layout) -> float:
    """Price a drawing: a crossing counts as much as a stripe of 40 units over the whole map."""
    return layout.crossings * 40 + layout.width + layout.height


def _depths(debate: Debate) -> dict[str, int]:
    """Return how many relations lead from each claim to the nearest answer."""
    depth = {answer.id: 0 for answer in debate.of("answer")}
    front = list(depth)
    while front:
        edges = [edge for node in front for edge in debate.into(node, *STANCES)]
        front = [name for name in dict.fromkeys(edge.source for edge in edges) if name not in depth]
        depth |= {name: 1 + max(depth.values()) for name in front}
    return depth


def _draft(
    debate: Debate, sizes: Mapping[str, tuple[float, float]], depth: Mapping[str, int], attempt: int
) -> Layout:
    """Ask dot for one drawing; lines that lead away from the answers may be left to move no box.

    Which of them, and whether lines to answers are pulled straight, changes with the attempt: on
    the memorization debate that took the crossings from 41 to 22 at the same width.
    """
    from pygraphviz import AGraph

    graph = AGraph(directed=True, strict=False, rankdir="LR", ranksep=1.3, nodesep=0.3, mclimit=4)
    nodes = [node for kind in ("tension", "answer", "claim") for node in debate.of(kind)]
    for node in _shuffled(nodes, attempt):
        width, height = sizes[node.id]
        size = {"width": width / _INCH, "height": height / _INCH, "fixedsize": "true"}
        graph.add_node(node.id, label="", shape="box", **size)
    graph.add_subgraph([node.id for node in debate.of("answer")], rank="same")
    for edge in _shuffled([*debate.into(debate.of("tension")[0].id, "answers")], attempt):
        graph.add_edge(edge.target, edge.source, key=edge.id, dir="none", weight=4)
    for edge in _shuffled(debate.relations, attempt):
        away = depth[edge.source] < depth[edge.target]
        graph.add_edge(
            edge.target,
            edge.source,
            key=edge.id,
            dir="back",
            weight=1 + (depth[edge.target] == 0) * (attempt // 8 % 2),
            constraint="false"
            if away and _dice(attempt, f"{edge.id} free") < attempt % 8 / 6.4
            else "true",
        )
    graph.layout(prog="dot")
    return _apart(debate, _read(graph))


def _apart(debate: Debate, layout: Layout) -> Layout:
    """Bend lines that run both ways between two claims: dot draws them on one track."""
    ways = {(edge.source, edge.target) for edge in debate.relations}
    curves = {
        edge.id: bend(layout.curves[edge.id], _BEND)
        for edge in debate.relations
        if (edge.target, edge.source) in ways
    }
    return replace(layout, curves=layout.curves | curves)


def _dice(attempt: int, name: str) -> float:
    """Return a number from 0 to 1 that looks like chance and is the same on every machine."""
    return int.from_bytes(sha256(f"{_SEED}{attempt} {name}".encode()).digest()[:4], "big") / 2**32


def _shuffled(things: Sequence[Node] | Sequence[Edge], attempt: int) -> list[Any]:
    """Return another order for each attempt."""
    return sorted(things, key=lambda thing: (_dice(attempt, thing.id), thing.id))


def _read(graph: Any) -> Layout:
    left, bottom, right, top = (float(part) for part in graph.graph_attr["bb"].split(","))

    def point(text: str) -> Point:
        x, y = (float(part) for part in text.split(","))
        return (round(x - left, 1), round(top - y, 1))

    boxes = {
        str(node): Box(
            *point(node.attr["pos"]),
            round(float(node.attr["width"]) * _INCH, 1),
            round(float(node.attr["height"]) * _INCH, 1),
        )
        for node in graph.nodes()
    }
    curves = {}
    for edge in graph.edges():
        # "s,x,y" and "e,x,y" are the tips of arrowheads; what we draw there starts at the line.
        parts = [part for part in edge.attr["pos"].split() if part[0] not in "se"]
        curves[str(edge.key)] = tuple(point(part) for part in reversed(parts))
    return Layout(right - left, top - bottom, boxes, curves)
