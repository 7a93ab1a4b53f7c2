"""Check a graph: SHACL shapes node by node, and rules across nodes as set-based queries."""

from sicetnon.shapes.check import Page, check_graph, check_quads, check_store, engines
from sicetnon.shapes.finding import SEVERITIES, Finding
from sicetnon.shapes.report import FORMATS

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
