"""Pictures: a graph becomes a layout, and that one HTML page, an SVG or JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Triple


def draw(
    triples: Iterable[Triple], title: str, query_text: str, kind: Literal["html", "svg", "json"]
) -> str:
    """Draw the debate that a view query constructed: a whole page, its map alone, or its data.

    The same triples, in whatever order, give the same text. Raises DataError where they make no
    debate. The parts that draw are imported here, so that who does not draw does not wait.
    """
    from sicetnon.view.debate import from_triples

    debate = from_triples(triples, title)
    if kind == "svg":
        from sicetnon.view.argument_map import svg

        return svg(debate)
    if kind == "json":
        from sicetnon.view.debate import to_json

        return to_json(debate)
    from sicetnon.view.page import html

    return html(debate, query_text)
