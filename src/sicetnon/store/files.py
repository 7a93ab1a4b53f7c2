"""Files of RDF as a store in memory: what a person keeps in Turtle can be asked like any store."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from sicetnon import terms
from sicetnon.errors import StoreError
from sicetnon.store.embedded import EmbeddedStore

RDF_FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
    ".jsonld": RdfFormat.JSON_LD,
    ".rdf": RdfFormat.RDF_XML,
}

_VERSION = terms.sen("Version")


def read_files(path: Path) -> EmbeddedStore:
    """Read a file, or all files of RDF below a folder, into a store in memory.

    Triples go into a graph named after the one version that they describe or, where they describe
    none, after the file: `id:graph/<path without suffix>`.
    """
    store = EmbeddedStore.in_memory()
    store.location = str(path)
    files = [path] if path.is_file() else sorted(path.rglob("*"))
    for file in files:
        if file.is_file() and file.suffix in RDF_FORMATS:
            base = path.parent if path.is_file() else path
            name = file.relative_to(base).with_suffix("").as_posix()
            store.add(_quads(file, name))
    return store


def _quads(file: Path, name: str) -> list[Quad]:
    try:
        quads = list(parse(path=str(file), format=RDF_FORMATS[file.suffix]))
    except (SyntaxError, ValueError) as error:
        raise StoreError(f"{file}: expected {file.suffix[1:]}, found: {error}") from error
    except OSError as error:
        raise StoreError(f"{file}: {error.strerror or error}") from error
    versions = [q.subject for q in quads if q.predicate == terms.TYPE and q.object == _VERSION]
    graph = versions[0] if len(versions) == 1 else NamedNode(f"{terms.ID}graph/{name}")
    return [
        q if isinstance(q.graph_name, NamedNode) else Quad(q.subject, q.predicate, q.object, graph)
        for q in quads
    ]
