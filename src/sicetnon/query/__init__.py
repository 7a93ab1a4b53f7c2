"""Questions as files: load a `.rq`, bind its parameters, run it, get a table or a graph."""

from sicetnon.query.file import QUESTIONS, Param, QueryFile, catalogue, load
from sicetnon.query.run import answered, construct, is_known, resolve, run
from sicetnon.query.shipped import drawn, shipped
from sicetnon.query.stored import (
    VersionRow,
    as_of,
    graph_of,
    threads,
    version_rows,
    versions,
)
from sicetnon.query.table import FORMATS, Graph, Table, trig, turtle
from sicetnon.query.tokens import bind, guard, with_prefixes

__all__ = [
    "FORMATS",
    "QUESTIONS",
    "Graph",
    "Param",
    "QueryFile",
    "Table",
    "VersionRow",
    "answered",
    "as_of",
    "bind",
    "catalogue",
    "construct",
    "drawn",
    "graph_of",
    "guard",
    "is_known",
    "load",
    "resolve",
    "run",
    "shipped",
    "threads",
    "trig",
    "turtle",
    "version_rows",
    "versions",
    "with_prefixes",
]
