"""Pictures: a graph becomes a layout, and that one HTML page, an SVG or JSON."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal

from sicetnon.errors import DataError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Triple


Kind = Literal["html", "svg", "json"]
INSTALL = "pip install 'sicetnon[draw]'"


def is_installed() -> bool:
    """Say whether what draws a debate is installed."""
    return all(find_spec(name) for name in ("pygraphviz", "pyvis"))


def draw(
    triples: Iterable[Triple], title: str, query_text: str, kind: Kind, view: str = "debate"
) -> str:
    """Draw what a view query constructed: a whole page, its picture alone, or its data.

    `view` says as what: a debate or a matrix. The same triples, in whatever order, give the same
    text. Raises DataError where they make no such picture. The parts that draw are imported here,
    so that who does not draw does not wait.
    """
    match view:
        case "debate":
            return _debate(triples, title, query_text, kind)
        case "matrix":
            return _matrix(triples, title, query_text, kind)
    raise DataError(f"expected a view that can be drawn (debate, matrix), found {view!r}")


def _debate(triples: Iterable[Triple], title: str, query_text: str, kind: Kind) -> str:
    from sicetnon.view.debate import from_triples

    debate = from_triples(triples, title)
    if kind == "json":
        from sicetnon.view.debate import to_json

        return to_json(debate)
    if not is_installed():
        raise UsageError(f"expected pygraphviz and pyvis; install them with: {INSTALL}")
    if kind == "svg":
        from sicetnon.view.argument_map import svg

        return svg(debate)
    from sicetnon.view.page import html

    return html(debate, query_text)


def _matrix(triples: Iterable[Triple], title: str, query_text: str, kind: Kind) -> str:
    from sicetnon.view import matrix

    drawn = matrix.from_triples(triples, title)
    if kind == "svg":
        return matrix.svg(drawn)
    return matrix.to_json(drawn) if kind == "json" else matrix.html(drawn, query_text)
