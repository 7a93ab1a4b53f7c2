"""Draws a debate as a layered argument map: an SVG with real text, for a page or on its own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sicetnon.view.curves import Box, length, seats
from sicetnon.view.layout import place
from sicetnon.view.measure import clip, width, wrap
from sicetnon.view.theme import SIGNS, literal

if TYPE_CHECKING:
    from jinja2 import Environment

    from sicetnon.view.curves import Point
    from sicetnon.view.layout import Layout
    from sicetnon.view.parts import Debate, Edge, Node

_MARGIN = 14.0
_LEGEND = 84.0
# Per kind: width of the box, room for text, font size, height of a line, most lines.
_FORM = {
    "tension": (196.0, 132.0, 15.0, 20.0, 6),
    "answer": (168.0, 144.0, 15.0, 19.0, 3),
    "claim": (198.0, 174.0, 13.0, 17.0, 4),
}
_SMALL = 11.5
_SMALL_LINE = 16.0
_PAD = 11.0


@dataclass(frozen=True)
class Drawn:
    """A node as it stands in its box, line by line."""

    node: Node
    lines: tuple[str, ...]
    holders: str
    works: str
    pro: int
    con: int
    height: float


@dataclass(frozen=True)
class Line:
    """An edge as it is drawn: path, width, the seat of its sign, how long it is."""

    edge: Edge
    path: str
    width: float
    says: str
    seat: Box
    whole: float


@cache
def templates() -> Environment:
    """Return the templates of this layer, with every value escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("sicetnon.view"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )


def svg(debate: Debate, *, standalone: bool = True) -> str:
    """Draw the map: with colours and legend of its own, or as part of a page that has them.

    Within a page, each node and edge links to its entry in the page's text (`#<id>`).
    """
    drawn = {
        node.id: _drawn(debate, node)
        for kind in ("tension", "answer", "claim")
        for node in debate.of(kind)
    }
    layout = place(debate, {name: (_FORM[d.node.kind][0], d.height) for name, d in drawn.items()})
    environment = templates()
    style = environment.get_template("map.css").render(signs=SIGNS) if standalone else ""
    top = _MARGIN + (_LEGEND if standalone else 0)
    return environment.get_template("map.svg.jinja").render(
        debate=debate,
        style=literal(style),
        standalone=standalone,
        width=layout.width + 2 * _MARGIN,
        height=layout.height + top + _MARGIN,
        left=_MARGIN,
        top=top,
        boxes=[(drawn[name], layout.boxes[name]) for name in drawn],
        links=[
            (edge.id, _path(layout.curves[edge.id]))
            for edge in debate.edges
            if edge.kind == "answers"
        ],
        lines=_lines(debate, layout),
        signs=SIGNS,
        form=_FORM,
        pad=_PAD,
        small_line=_SMALL_LINE,
        summary=summary(debate),
    )


def summary(debate: Debate) -> str:
    """Say in one sentence what the picture shows."""
    counts = [
        f"{number} {sign.word}"
        for stance, sign in SIGNS.items()
        if (number := sum(edge.kind == stance for edge in debate.relations))
    ]
    return (
        f"{len(debate.of('answer'))} answers to one question, {len(debate.of('claim'))} claims "
        f"and {len(debate.relations)} relations between them: {', '.join(counts)}."
    )


def _drawn(debate: Debate, node: Node) -> Drawn:
    _, room, size, line, most = _FORM[node.kind]
    lines = tuple(wrap(node.label, size, room, most))
    # The box has room for "Feldman"; "(memorization of the tail)" stands in the text.
    holding = (debate.by_id[edge.target].label for edge in debate.out(node.id, "holder"))
    names = [label.split(" (")[0] for label in holding]
    holders = clip(", ".join(names), _SMALL, room - 16) if names else ""
    count = len(debate.out(node.id, "restsOn"))
    rows = {"tension": 0, "answer": 1, "claim": 2 if holders else 1}[node.kind]
    return Drawn(
        node,
        lines,
        holders,
        f"{count} work{'' if count == 1 else 's'}" if count else "",
        len(debate.into(node.id, "supports")),
        len(debate.into(node.id, "contradicts")),
        2 * _PAD + len(lines) * line + rows * _SMALL_LINE + (22 if node.kind == "tension" else 0),
    )


def _lines(debate: Debate, layout: Layout) -> list[Line]:
    """Draw heavy lines last, so that at a crossing the better grounded one stays whole."""
    relations = {edge.id: edge for edge in debate.relations}
    flat = {name: line for name, line in layout.lines.items() if name in relations}
    sizes = {name: _sign_size(edge) for name, edge in relations.items()}
    seated = seats(flat, sizes, list(layout.boxes.values()))
    return [
        Line(
            edge,
            _path(layout.curves[edge.id]),
            _width(edge),
            says(debate, edge),
            seated[edge.id],
            length(flat[edge.id]),
        )
        for edge in sorted(relations.values(), key=lambda edge: (_width(edge), edge.id))
    ]


def says(debate: Debate, edge: Edge) -> str:
    """Say a relation in words: what stands where, on whose word, on how many works."""
    ends = (debate.by_id[edge.source].label, debate.by_id[edge.target].label)
    works = f", {edge.weight} work{'' if edge.weight == 1 else 's'}" if edge.weight else ""
    return f"“{ends[0]}” {SIGNS[edge.kind].word} “{ends[1]}” ({edge.status}{works})"


def _sign_size(edge: Edge) -> tuple[float, float]:
    if edge.status == "inferred":
        return (round(width(f"{SIGNS[edge.kind].glyph} inferred", 10.5)) + 12.0, 18.0)
    return (20.0, 18.0)


def _width(edge: Edge) -> float:
    if edge.status == "inferred":
        return 1.2
    return 1.6 + 0.9 * min(edge.weight, 4)


def _path(curve: tuple[Point, ...]) -> str:
    start, *rest = (f"{x:.0f},{y:.0f}" for x, y in curve)
    return f"M{start}C{' '.join(rest)}"
