"""The explorer's network: every node and edge of a debate with its place, as JSON for the page.

This is the only module that knows pyvis. Its own template would link a CDN, lay out in the browser
and put titles in unescaped, so ours holds data alone, and the page brings the script.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

from sicetnon.errors import DataError
from sicetnon.view.measure import wrap
from sicetnon.view.parts import STANCES
from sicetnon.view.spread import spread
from sicetnon.view.theme import SIGNS

if TYPE_CHECKING:
    from sicetnon.view.curves import Point
    from sicetnon.view.parts import Debate, Edge, Node

# Above this a picture is a blot, and a browser without a GPU takes seconds for a frame.
MOST_NODES = 1000
_VIS = "templates/lib/vis-9.1.2/vis-network.min.js"
# Above this, neato's springs between all pairs take too long.
_MANY = 200
# Per kind: shape, characters of 13 units that fit on a line, most lines.
_SHAPES = {
    "tension": ("box", 150.0, 5),
    "answer": ("box", 130.0, 3),
    "claim": ("box", 160.0, 4),
    "perspective": ("ellipse", 110.0, 3),
    "work": ("box", 150.0, 3),
}
_HEADS = {
    "supports": "arrow",
    "contradicts": "bar",
    "refines": "diamond",
    "qualifies": "circle",
    "repliesTo": "vee",
}
_ONE_AT_A_TIME = Lock()


def network(debate: Debate) -> str:
    """Return the nodes, edges and options for vis-network as JSON, safe within a script element.

    Raises DataError for more than a thousand nodes: such a graph is searched, not drawn.
    """
    if len(debate.nodes) > MOST_NODES:
        raise DataError(
            f"the explorer shows at most {MOST_NODES} nodes, found {len(debate.nodes)}: "
            "narrow the query to one tension or a neighbourhood"
        )
    from pyvis.network import Network

    net = Network(directed=True)
    at = _places(debate)
    for order, node in enumerate(debate.nodes):
        net.add_node(node.id, **_look(node, at[node.id], order))
        del net.nodes[-1]["color"]  # pyvis's own blue; the page colours by its theme
    seen: dict[frozenset[str], int] = {}
    for edge in debate.edges:
        pair = frozenset((edge.source, edge.target))
        seen[pair] = seen.get(pair, 0) + 1
        net.add_edge(edge.source, edge.target, **_line(edge, seen[pair]))
    net.set_options(_OPTIONS)
    net.set_template_dir(str(_here()), "explorer.json.jinja")
    net.templateEnv.policies["json.dumps_kwargs"] = {"sort_keys": True, "separators": (",", ":")}
    return str(net.generate_html()).strip()


def script() -> str:
    """Return vis-network as pyvis ships it, so that no page fetches it."""
    from importlib.resources import files

    text = (files("pyvis") / _VIS).read_text(encoding="utf-8")
    # A parser of HTML reads CRLF as LF, and then the digest in the page's policy must fit.
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _here() -> Any:
    from importlib.resources import files

    return files("sicetnon.view") / "templates"


def _places(debate: Debate) -> dict[str, Point]:
    """Place nodes by springs, relations pulling harder than holders and works; always the same."""
    from pygraphviz import AGraph

    graph = AGraph(strict=False, start=7, overlap="true", splines="false", maxiter=400)
    for node in debate.nodes:
        graph.add_node(node.id, label="", shape="point")
    for edge in debate.edges:
        graph.add_edge(edge.source, edge.target, len=1.0 if edge.kind in STANCES else 1.3)
    with _ONE_AT_A_TIME:
        graph.layout(prog="neato" if len(debate.nodes) < _MANY else "fdp")
    at = {str(node): _point(node.attr["pos"]) for node in graph.nodes()}
    return spread(at, {node.id: _extent(node) for node in debate.nodes})


def _point(text: str) -> Point:
    x, y = (float(part) for part in text.split(","))
    return (x, -y)


def _extent(node: Node) -> tuple[float, float]:
    room = _SHAPES[node.kind][1]
    return room + 26, 18.0 * len(_label(node)) + 20


def _label(node: Node) -> list[str]:
    _, room, most = _SHAPES[node.kind]
    text = f"{node.label} ({node.year})" if node.year else node.label
    return wrap(text, 14, room, most)


def _look(node: Node, at: Point, order: int) -> dict[str, Any]:
    # No two ends of a line stand at exactly one height: vis-network 9 would draw the label of a
    # level line at the origin (visjs/vis-network#2044).
    return {
        "label": "\n".join(_label(node)),
        "shape": _SHAPES[node.kind][0],
        "kind": node.kind,
        "x": round(at[0]),
        "y": round(at[1] + (order + 1) / 2000, 4),
    }


def _line(edge: Edge, number: int) -> dict[str, Any]:
    line: dict[str, Any] = {"id": edge.id, "kind": edge.kind, "status": edge.status}
    if number > 1:
        line["smooth"] = {"enabled": True, "type": "curvedCW", "roundness": 0.16 * (number - 1)}
    if edge.kind not in STANCES:
        return line | {"arrows": "", "width": 1.2, "dashes": edge.kind == "citedFor"}
    sign = SIGNS[edge.kind]
    inferred = edge.status == "inferred"
    return line | {
        "label": sign.glyph + (" inferred" if inferred else ""),
        "arrows": {"to": {"enabled": True, "type": _HEADS[edge.kind], "scaleFactor": 0.7}},
        "dashes": [float(part) for part in sign.dashes.split()] or False,
        "width": 1.2 if inferred else 1.6 + 0.9 * min(edge.weight, 4),
    }


_OPTIONS = """{
  "physics": {"enabled": false},
  "layout": {"improvedLayout": false},
  "interaction": {"hover": false, "keyboard": {"enabled": true, "bindToWindow": false},
                  "tooltipDelay": 100000, "zoomView": true, "multiselect": false},
  "nodes": {"font": {"size": 14, "face": "Arial, Liberation Sans, Helvetica, sans-serif",
                     "multi": false},
            "margin": 8, "borderWidth": 1.2},
  "edges": {"smooth": false, "selectionWidth": 1.5,
            "font": {"size": 17, "face": "Arial, Liberation Sans, Helvetica, sans-serif",
                     "multi": false, "align": "horizontal", "strokeWidth": 5}}
}"""
