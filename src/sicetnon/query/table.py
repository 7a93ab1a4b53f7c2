"""A table of answers, and the forms in which it leaves: for people, spreadsheets and programs."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from sicetnon import terms
from sicetnon.store import Solutions, Term

Cell = str | int | float | bool | None

_INTEGERS = {terms.XSD + name for name in ("integer", "int", "long", "short", "nonNegativeInteger")}
_FLOATS = {terms.XSD + name for name in ("decimal", "double", "float")}
_WIDEST = 60


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of plain values under named columns: IRIs and texts as str, numbers as numbers."""

    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]

    @classmethod
    def of(cls, answer: Solutions | list[Triple] | bool) -> Table:
        """Make a table of any answer that a store gives."""
        if isinstance(answer, bool):
            return cls(("answer",), [(answer,)])
        if isinstance(answer, list):
            triples = sorted(answer, key=str)
            rows = [(_cell(t.subject), _cell(t.predicate), _cell(t.object)) for t in triples]
            return cls(("subject", "predicate", "object"), list(rows))
        return cls(answer.columns, [tuple(map(_cell, row)) for row in answer.rows])

    def __len__(self) -> int:
        return len(self.rows)

    def _repr_html_(self) -> str:
        """For a notebook: the first rows as a table of HTML, whatever stands in its cells."""
        from sicetnon.query.html import table

        return table(self.columns, [[_text(cell) for cell in row] for row in self.rows])

    def dicts(self) -> list[dict[str, Cell]]:
        """Return the rows as objects keyed by column."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


class Graph(list[Triple]):
    """The triples of an answer, as a list that a notebook shows as a table."""

    def _repr_html_(self) -> str:
        from sicetnon.query.html import table

        return table(
            ("subject", "predicate", "object"),
            [[_named(each) for each in (t.subject, t.predicate, t.object)] for t in self],
        )


def _named(term: Term) -> str:
    """Return an IRI with one of our prefixes, or without the base of our own names."""
    if not isinstance(term, NamedNode):
        return str(_cell(term))
    for name, iri in terms.prefixes().items():
        if term.value.startswith(iri) and name != "id":
            return f"{name}:{term.value.removeprefix(iri)}"
    return term.value.removeprefix(terms.ID)


def _cell(term: Term | None) -> Cell:
    if term is None:
        return None
    if isinstance(term, Literal):
        return _literal(term)
    return term.value if isinstance(term, NamedNode) else str(term)


def _literal(literal: Literal) -> Cell:
    kind = literal.datatype.value
    try:
        if kind in _INTEGERS:
            return int(literal.value)
        if kind in _FLOATS:
            number = float(literal.value)
            return number if isfinite(number) else literal.value
    except ValueError:
        return literal.value
    if kind == terms.XSD + "boolean":
        return literal.value in {"true", "1"}
    return literal.value


def _text(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return "" if cell is None else str(cell)


def _width(text: str) -> int:
    """Columns of a terminal that `text` takes (Unicode Standard Annex 11)."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def _short(text: str) -> str:
    """Return a cell on one line; words are cut, but never a name, which must tell one thing."""
    shown = "".join(c if c.isprintable() else " " for c in text.removeprefix(terms.ID))
    if text.startswith(("http://", "https://", "urn:")) and " " not in shown:
        return shown
    return shown if _width(shown) <= _WIDEST else shown[: _WIDEST - 1] + "…"


def _table(table: Table) -> str:
    """For a terminal: columns side by side, long texts cut, our own IRIs without their base."""
    cells = [[_short(_text(cell)) for cell in row] for row in table.rows]
    widths = [max(map(_width, column)) for column in zip(table.columns, *cells, strict=True)]
    right = [
        all(isinstance(row[i], int | float) for row in table.rows) and bool(table.rows)
        for i in range(len(table.columns))
    ]

    def line(row: list[str]) -> str:
        padded = [
            " " * (width - _width(cell)) + cell if flush else cell + " " * (width - _width(cell))
            for cell, width, flush in zip(row, widths, right, strict=True)
        ]
        return "  ".join(padded).rstrip()

    rule = "  ".join("─" * width for width in widths)
    return "\n".join([line(list(table.columns)), rule, *map(line, cells)]) + "\n"


def _csv(table: Table) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")  # RFC 4180
    writer.writerow(table.columns)
    writer.writerows([_text(cell) for cell in row] for row in table.rows)
    return out.getvalue()


def _tsv(table: Table) -> str:
    def cell(value: Cell) -> str:
        text = _text(value).replace("\\", "\\\\").replace("\t", "\\t")
        return text.replace("\n", "\\n").replace("\r", "\\r")

    rows = [list(table.columns), *([cell(value) for value in row] for row in table.rows)]
    return "".join("\t".join(row) + "\n" for row in rows)


def _json(table: Table) -> str:
    return json.dumps(table.dicts(), ensure_ascii=False, indent=2) + "\n"


def _jsonl(table: Table) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in table.dicts())


def _markdown(table: Table) -> str:
    def cell(value: Cell) -> str:
        text = _text(value).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
        return text.replace("\n", " ")

    def line(row: list[str]) -> str:
        return "| " + " | ".join(row) + " |\n"

    rows = [line([cell(value) for value in row]) for row in table.rows]
    return line(list(table.columns)) + line(["---"] * len(table.columns)) + "".join(rows)


def turtle(triples: list[Triple]) -> str:
    """Write triples as Turtle, with those of our prefixes that they use."""
    return _prefixed(triples, RdfFormat.TURTLE)


def trig(quads: list[Quad]) -> str:
    """Write quads as TriG, with those of our prefixes that they use."""
    return _prefixed(quads, RdfFormat.TRIG)


def _prefixed(statements: list[Triple] | list[Quad], form: RdfFormat) -> str:
    text = (serialize(statements, format=form) or b"").decode()
    used = {name: iri for name, iri in terms.prefixes().items() if f"<{iri}" in text}
    used.pop("id", None)  # our IRIs have slashes, which Turtle would have to escape
    text = (serialize(statements, format=form, prefixes=used) or b"").decode()
    lines = text.splitlines(keepends=True)
    # The engine declares prefixes in the order of a hash table, which changes from run to run.
    return "".join(sorted(lines[: len(used)]) + lines[len(used) :])


FORMATS: dict[str, Callable[[Table], str]] = {
    "table": _table,
    "csv": _csv,
    "tsv": _tsv,
    "json": _json,
    "jsonl": _jsonl,
    "markdown": _markdown,
}
