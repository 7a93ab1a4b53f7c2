"""How a debate stands: who contradicts whom, what hangs on what, what would fall without it."""

from sicetnon.analysis.parts import Argument, Edge, Node, Quote
from sicetnon.analysis.report import Report, analyse, what_if
from sicetnon.analysis.standing import Analysis
from sicetnon.analysis.what_if import Consequence

__all__ = [
    "Analysis",
    "Argument",
    "Consequence",
    "Edge",
    "Node",
    "Quote",
    "Report",
    "analyse",
    "what_if",
]
