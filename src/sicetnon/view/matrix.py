"""Draws who takes part in which tension as a table: symbols and words, never colour alone."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sicetnon.errors import DataError
from sicetnon.terms import OA, RDFS, SEN
from sicetnon.view.argument_map import templates
from sicetnon.view.facts import Facts, shown, visible
from sicetnon.view.measure import clip, wrap
from sicetnon.view.page import policy
from sicetnon.view.theme import DARK, LIGHT, literal, variables

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Triple

WAYS = {"named": "N", "relation": "R", "cited work": "C"}
_MEANING = {
    "named": "the tension names it, or tells a claim of it",
    "relation": "the tension states a relation of it",
    "cited work": "the tension cites a work on which it likely rests",
}
_ROW, _COLUMN, _NAMES, _HEAD, _SIZE = 34.0, 118.0, 330.0, 112.0, 13.0


@dataclass(frozen=True)
class Axis:
    """A perspective (a row) or a tension (a column), by IRI, with its words."""

    iri: str
    label: str


@dataclass(frozen=True)
class Cell:
    """How a perspective takes part in a tension: each way with the words that show it."""

    ways: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def sign(self) -> str:
        """The letters of the ways, or a dot for silence."""
        return "".join(WAYS[way] for way, _ in self.ways) or "·"

    @property
    def says(self) -> str:
        """The ways in words."""
        return ", ".join(way for way, _ in self.ways) or "silent"


@dataclass(frozen=True)
class Matrix:
    """Rows and columns in the order of the page, and a cell for each pair of them."""

    title: str
    rows: tuple[Axis, ...]
    columns: tuple[Axis, ...]
    cells: tuple[tuple[Cell, ...], ...]

    @property
    def summary(self) -> str:
        """Say in one sentence what the table shows."""
        silent = sum(not cell.ways for row in self.cells for cell in row)
        pairs = len(self.rows) * len(self.columns)
        return (
            f"{len(self.rows)} perspectives and {len(self.columns)} tensions:"
            f" silence in {silent} of {pairs} pairs."
        )


def from_triples(triples: Iterable[Triple], title: str) -> Matrix:
    """Read the participations that a view query constructs; raises DataError where none can be."""
    facts = Facts(triples)
    rows = _axis(facts, "Perspective", RDFS + "label")
    columns = _axis(facts, "Tension", SEN + "text")
    if not rows or not columns:
        found = f"{len(rows)} perspectives and {len(columns)} tensions"
        raise DataError(f"a matrix needs perspectives and tensions, found {found}")
    words: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for part in facts.typed("Participation"):
        pair = facts.need(part, SEN + "perspective"), facts.need(part, SEN + "tension")
        way = facts.need(part, SEN + "how")
        if way not in WAYS:
            raise DataError(f"{part}: expected one of {', '.join(WAYS)}, found {way}")
        words[pair][way].add(shown(facts.need(part, OA + "exact")))
    cells = tuple(
        tuple(_cell(words.get((row.iri, column.iri), {})) for column in columns) for row in rows
    )
    return Matrix(shown(title), rows, columns, cells)


def html(matrix: Matrix, query_text: str) -> str:
    """Write one HTML page that loads nothing, with a real table and every piece of evidence."""
    environment = templates()
    css = "".join(
        (
            f":root{{{variables(LIGHT)}}}",
            f"@media (prefers-color-scheme:dark){{:root{{{variables(DARK)}}}}}",
            environment.get_template("matrix.css").render(),
        )
    )
    page = environment.get_template("matrix.html.jinja").render(
        matrix=matrix,
        ways=WAYS,
        meaning=_MEANING,
        query=visible(query_text.strip()),
        css=css,
        policy=policy(css, []),
    )
    return page.strip() + "\n"


def svg(matrix: Matrix) -> str:
    """Draw the table as an SVG of its own, in the light theme, with a title for each cell."""
    heads = [wrap(axis.label, _SIZE, _COLUMN - 14, 5) for axis in matrix.columns]
    drawn = (
        templates()
        .get_template("matrix.svg.jinja")
        .render(
            matrix=matrix,
            ways=WAYS,
            meaning=_MEANING,
            heads=heads,
            names=[clip(axis.label, _SIZE, _NAMES - 16) for axis in matrix.rows],
            row=_ROW,
            column=_COLUMN,
            left=_NAMES,
            top=_HEAD,
            width=_NAMES + _COLUMN * len(matrix.columns) + 14,
            height=_HEAD + _ROW * len(matrix.rows) + 92,
        )
    )
    return literal(drawn).strip() + "\n"


def to_json(matrix: Matrix) -> str:
    """Write the table as data."""
    return json.dumps(asdict(matrix), ensure_ascii=False, indent=2) + "\n"


def _axis(facts: Facts, kind: str, label: str) -> tuple[Axis, ...]:
    def place(iri: str) -> tuple[int, str]:
        line = facts.one(iri, SEN + "line")
        return (int(line) if line.isdecimal() else 0, iri)

    return tuple(
        Axis(iri, shown(facts.one(iri, label)) or iri)
        for iri in sorted(facts.typed(kind), key=place)
    )


def _cell(words: dict[str, set[str]]) -> Cell:
    return Cell(tuple((way, tuple(sorted(words[way]))) for way in WAYS if way in words))
