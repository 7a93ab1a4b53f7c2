"""Answers of a size that an assistant can read: some rows of many, a piece of a long text."""

from __future__ import annotations

from typing import TypedDict

from sicetnon.query import Table
from sicetnon.query.table import Cell

_CELL = 2_000
_PIECE = 20_000


class Rows(TypedDict):
    """The first rows of an answer; `total` says how many there are."""

    columns: list[str]
    rows: list[dict[str, Cell]]
    total: int


def rows(answer: Table | bool, limit: int) -> Rows:
    """Return at most `limit` rows, long cells cut."""
    table = Table.of(answer) if isinstance(answer, bool) else answer
    shown = [
        {name: _short(cell) for name, cell in zip(table.columns, row, strict=True)}
        for row in table.rows[:limit]
    ]
    return Rows(columns=list(table.columns), rows=shown, total=len(table.rows))


def piece(whole: str, start: int) -> str:
    """Return a piece of a text, with where to go on if there is more."""
    found = whole[start : start + _PIECE]
    end = start + len(found)
    if end >= len(whole):
        return found
    return f"{found}\n\n[{end} of {len(whole)} characters; go on with start={end}]"


def _short(cell: Cell) -> Cell:
    if isinstance(cell, str) and len(cell) > _CELL:
        return f"{cell[:_CELL]}… [{len(cell)} characters]"
    return cell
