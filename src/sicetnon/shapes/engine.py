"""The engines that run SHACL Core: a fast one in Rust, and pySHACL as the reference.

Both take N-Triples and give the same results; which one ran never shows in a finding. Data is
handed over as text, never as a graph of another store, since a plain literal is not an xsd:string
to every one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

from sicetnon import rooms
from sicetnon.errors import DataError

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

_SH = "http://www.w3.org/ns/shacl#"


@dataclass(frozen=True, slots=True, order=True)
class Result:
    """One validation result (SHACL 3.6): `value` is the offending term as plain text, if any."""

    focus: str
    shape: str
    component: str
    severity: str
    message: str
    value: str | None


_NAMELESS = "_:"

Engine = Callable[[str], list[Result]]


@cache
def shapes_text() -> str:
    """Return all shapes as one Turtle document."""
    files = sorted((rooms.room("ontology") / "shapes").glob("*.ttl"))
    if not files:
        raise DataError("the installation lacks its shapes; install sicetnon again")
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


@cache
def _fast_shapes() -> object:
    import shacl

    return shacl.Shapes.from_turtle(shapes_text())


def fast(ntriples: str) -> list[Result]:
    """Validate with the engine in Rust."""
    shapes = _fast_shapes()
    report = shapes.validate_text(ntriples, format="ntriples")  # type: ignore[attr-defined]
    return sorted(
        Result(
            focus=_named(result.focus_node, result.focus_node.strip("<>")) or "",
            shape=(result.root_shape or result.source_shape).strip("<>"),
            component=result.component,
            severity=result.severity.lower(),
            message=result.message or "",
            value=_named(result.value, result.value_plain),
        )
        for result in report.results
    )


def reference(ntriples: str) -> list[Result]:
    """Validate with pySHACL."""
    import pyshacl
    import rdflib
    from rdflib import Graph

    # Left alone, rdflib would respell literals ("007" as "7") before they are validated.
    normalize, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        data = Graph().parse(data=ntriples, format="nt")
    finally:
        rdflib.NORMALIZE_LITERALS = normalize
    _, report, _ = pyshacl.validate(
        data, shacl_graph=_reference_shapes(), inference="none", advanced=False
    )
    return sorted(_results(report))


@cache
def _reference_shapes() -> Graph:
    from rdflib import Graph

    return Graph().parse(data=shapes_text(), format="turtle")


def _results(report: Graph) -> Iterator[Result]:
    from rdflib import BNode, URIRef

    def value(node: Node, term: str) -> str | None:
        found = report.value(node, URIRef(_SH + term))
        if isinstance(found, BNode) and term in {"focusNode", "value"}:
            return _NAMELESS
        return None if found is None else str(found)

    for node in report.objects(None, URIRef(_SH + "result")):
        yield Result(
            focus=value(node, "focusNode") or "",
            shape=value(node, "sourceShape") or "",
            component=(value(node, "sourceConstraintComponent") or "").removeprefix(_SH),
            severity=(value(node, "resultSeverity") or "").removeprefix(_SH).lower(),
            message=value(node, "resultMessage") or "",
            value=value(node, "value"),
        )


def _named(term: str | None, plain: str | None) -> str | None:
    """Return a term of the fast engine; a blank node has no name that two engines would share."""
    return _NAMELESS if term and term.startswith("_:") else plain


ENGINES: dict[str, Engine] = {"fast": fast, "reference": reference}


def default() -> str:
    """Name the engine that runs unless another is asked for: the fast one where it installs."""
    return "fast" if find_spec("shacl") else "reference"
