"""Take pages in: find the files, read each, and store it in one transaction or not at all."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from glob import has_magic
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from sicetnon import graph, ingest, model, terms
from sicetnon.errors import PageError, SicetnonError
from sicetnon.store import Store

STORED, UNCHANGED, CONFLICT, REFUSED = "stored", "unchanged", "conflict", "refused"

_HAD_PRIMARY_SOURCE = NamedNode(terms.PROV + "hadPrimarySource")
_AGENT = NamedNode(terms.ID + "agent/sicetnon")


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of one page."""

    path: str
    status: str
    kind: str = ""
    thread: str = ""
    version: int | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    message: str = ""
    findings: Mapping[str, int] | None = None


def files(paths: Iterable[str | Path]) -> Iterator[str]:
    """Yield the page files that paths, folders and globs stand for, each folder sorted."""
    for path in map(str, paths):
        if path != "-" and has_magic(path) and not Path(path).exists():
            root = Path(path).anchor
            found = Path(root or ".").glob(str(Path(path).relative_to(root) if root else path))
            yield from sorted(map(str, found)) or [path]
        elif Path(path).is_dir():
            pages = sorted(str(file) for file in Path(path).rglob("*.txt") if file.is_file())
            yield from pages or [path]
        else:
            yield path


def take(
    write: Callable[[], Store], path: str, thread: str | None = None, *, check: bool = False
) -> Ingested:
    """Read one page and store it; a page that cannot be read is reported as refused.

    `write` opens the store: it is called only once the page is known to be sound. With `check` the
    page is held against every rule before it is stored, and its findings are counted.
    """
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        page = ingest.read(data, path, thread)
    except PageError as error:
        return Ingested(path, REFUSED, message=f"{path}:{error}")
    except SicetnonError as error:
        return Ingested(path, REFUSED, message=f"{path}: {error}")
    except IsADirectoryError:
        message = f"{path}: expected pages (*.txt) in this folder, found none"
        return Ingested(path, REFUSED, message=message)
    except OSError as error:
        return Ingested(path, REFUSED, message=f"{path}: {error.strerror or error}")
    quads = graph.to_quads(page)
    findings = _findings(quads, page) if check else None
    status, message = _place(write(), page, quads, data, path)
    counts = model.counts(page)
    return Ingested(path, status, page.kind, page.thread, page.version, counts, message, findings)


def _findings(quads: list[Quad], page: model.Page) -> dict[str, int]:
    from sicetnon import shapes

    found = shapes.check_quads(quads, shapes.Page(page.thread, page.version))
    return {name: sum(each.severity == name for each in found) for name in shapes.SEVERITIES}


def _place(
    store: Store, page: model.Page, quads: list[Quad], data: bytes, path: str
) -> tuple[str, str]:
    version = terms.version(page.thread, page.version)
    digest = hashlib.sha256(data).hexdigest()
    present = set(store.graph(version))
    source = terms.page_file(digest)
    if not present:
        store.add([*quads, *_provenance(version, source, digest, Path(path).name)])
    elif present == {quad.triple for quad in quads}:
        return UNCHANGED, ""
    elif (version, source) in _sources(store):
        store.replace(version, quads)
    else:
        return CONFLICT, (
            f"{path}: expected another version, since the store holds version {page.version} of "
            f"{page.thread} with other content; the stored one is kept"
        )
    return STORED, ""


def _sources(store: Store) -> set[tuple[object, object]]:
    return {
        (triple.subject, triple.object)
        for triple in store.graph(terms.PROVENANCE)
        if triple.predicate == _HAD_PRIMARY_SOURCE
    }


def _provenance(version: NamedNode, source: NamedNode, digest: str, name: str) -> Iterator[Quad]:
    """Say where a version came from. No clock: the same page gives the same quads on any day."""
    activity = terms.part(version, "ingest")
    prov = terms.PROV
    for subject, predicate, value in (
        (version, _HAD_PRIMARY_SOURCE, source),
        (version, NamedNode(prov + "wasGeneratedBy"), activity),
        (activity, terms.TYPE, NamedNode(prov + "Activity")),
        (activity, NamedNode(prov + "used"), source),
        (activity, NamedNode(prov + "wasAssociatedWith"), _AGENT),
        (_AGENT, terms.TYPE, NamedNode(prov + "SoftwareAgent")),
        (_AGENT, terms.LABEL, Literal("sicetnon")),
        (source, terms.TYPE, terms.sen("PageFile")),
        (source, NamedNode(terms.SCHEMA + "name"), Literal(name)),
        (source, terms.sen("sha256"), Literal(digest)),
    ):
        yield Quad(subject, predicate, value, terms.PROVENANCE)
