"""Questions as files: load a `.rq`, bind its parameters, run it, get a table or a graph."""

from sicetnon.query.file import Param, QueryFile, catalogue, load
from sicetnon.query.run import construct, graph_of, resolve, run, threads, versions
from sicetnon.query.table import FORMATS, Table, turtle
from sicetnon.query.tokens import bind, guard, with_prefixes

__all__ = [
    "FORMATS",
    "Param",
    "QueryFile",
    "Table",
    "bind",
    "catalogue",
    "construct",
    "graph_of",
    "guard",
    "load",
    "resolve",
    "run",
    "threads",
    "turtle",
    "versions",
    "with_prefixes",
]
