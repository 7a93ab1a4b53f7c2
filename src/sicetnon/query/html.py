"""Tables as HTML for a notebook: all text is escaped, nothing is styled, scripted or fetched."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from sicetnon import terms

_MOST = 100


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of texts, the first hundred rows of it, and below it how many there are."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows[:_MOST])
    shown = f"{_MOST} of {len(rows)}" if len(rows) > _MOST else str(len(rows))
    noun = "row" if len(rows) == 1 else "rows"
    return (
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{shown} {noun}</p>"
    )


def _cell(text: str) -> str:
    return f"<td>{escape(text.removeprefix(terms.ID))}</td>"
