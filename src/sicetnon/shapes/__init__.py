"""Check a graph: SHACL shapes node by node, and rules across nodes as set-based queries."""

from sicetnon.shapes.check import check_graph, check_quads, check_store, engines
from sicetnon.shapes.finding import SEVERITIES, Finding
from sicetnon.shapes.report import FORMATS
from sicetnon.shapes.rules import Page

__all__ = [
    "FORMATS",
    "SEVERITIES",
    "Finding",
    "Page",
    "check_graph",
    "check_quads",
    "check_store",
    "engines",
]
