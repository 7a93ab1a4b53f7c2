"""SPARQL updates for quads, and how to write more than a server takes at once.

A reader learns of a version by what its graph says of the version itself and of its thread. Those
triples announce it: they are taken away first and written last, so that in between a reader sees
no version rather than a part of one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Triple, serialize

from sicetnon import terms
from sicetnon.errors import StoreError

_HAS_VERSION = NamedNode(terms.PAV + "hasVersion")


def announcing(quads: Sequence[Quad]) -> tuple[list[Quad], list[Quad]]:
    """Part quads into those that announce a version and the rest, each in the order given."""
    threads = {
        (quad.graph_name, quad.subject)
        for quad in quads
        if quad.predicate == _HAS_VERSION and quad.object == quad.graph_name
    }
    parted: tuple[list[Quad], list[Quad]] = ([], [])
    for quad in quads:
        name, subject = quad.graph_name, quad.subject
        parted[not (subject == name or (name, subject) in threads)].append(quad)
    return parted


def operations(verb: str, quads: Iterable[Quad], most: int) -> Iterator[str]:
    """Yield INSERT DATA or DELETE DATA operations of at most so many quads."""
    for part in batches(quads, most):
        yield f"{verb} DATA {{\n{blocks(part)}\n}}"


def batches(quads: Iterable[Quad], most: int) -> Iterator[list[Quad]]:
    """Yield quads in lists of at most so many."""
    rest = iter(quads)
    while part := list(islice(rest, most)):
        yield part


def named(quads: Iterable[Quad], location: str) -> list[Quad]:
    """Return quads if all nodes in them have names; another request could not mean the others."""
    listed = list(quads)
    for quad in listed:
        if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
            raise StoreError(f"{location}: expected nodes with names, found a blank one: {quad}")
    return listed


def blocks(quads: Iterable[Quad]) -> str:
    """Return quads as what stands between the braces of INSERT DATA, graph by graph."""
    by_graph: dict[str, list[Triple]] = {}
    for quad in quads:
        name = quad.graph_name
        key = str(name) if isinstance(name, NamedNode) else ""
        by_graph.setdefault(key, []).append(quad.triple)
    return "\n".join(
        f"GRAPH {name} {{\n{ntriples(triples)}}}" if name else ntriples(triples)
        for name, triples in by_graph.items()
    )


def ntriples(triples: Iterable[Triple]) -> str:
    """Return triples as N-Triples, one a line, in the order given."""
    return (serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode()
