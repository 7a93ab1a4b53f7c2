"""Take pages in: find the files, read each, and store it in one transaction or not at all."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from glob import has_magic
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Triple

from sicetnon import graph, inference, ingest, model, terms
from sicetnon.errors import DataError, PageError, SicetnonError
from sicetnon.judgements import Kept, decisions
from sicetnon.library import provenance
from sicetnon.store import Store

STORED, UNCHANGED, CONFLICT, REFUSED = "stored", "unchanged", "conflict", "refused"
_LARGEST = 64 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Place:
    """A version of a thread."""

    thread: str
    version: model.VersionLabel


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of one page; `lost` is what a reader could not use, with its place.

    `twins` are the other versions that were read from the very same bytes.
    """

    path: str
    status: str
    kind: str = ""
    thread: str = ""
    version: model.VersionLabel | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    message: str = ""
    lost: Sequence[Mapping[str, object]] = ()
    findings: Mapping[str, int] | None = None
    sha256: str = ""
    twins: tuple[Place, ...] = ()


def files(paths: Iterable[str | Path]) -> Iterator[str]:
    """Yield the page files that paths, folders and globs stand for, each folder sorted."""
    for path in map(str, paths):
        if path != "-" and has_magic(path) and not Path(path).exists():
            root = Path(path).anchor
            found = Path(root or ".").glob(str(Path(path).relative_to(root) if root else path))
            yield from sorted(map(str, found)) or [path]
        elif Path(path).is_dir():
            pages = sorted(
                str(file)
                for file in Path(path).rglob("*")
                if file.suffix in ingest.SUFFIXES and file.is_file()
            )
            yield from pages or [path]
        else:
            yield path


def take(
    write: Callable[[], Store],
    path: str,
    thread: str | None = None,
    *,
    check: bool = False,
    replace: bool = False,
) -> Ingested:
    """Read one page and store it; a page that cannot be read is reported as refused.

    `write` opens the store: it is called only once the page is known to be sound. With `check` the
    page is held against every rule before it is stored, and its findings are counted. With
    `replace` other content for a stored version takes its place, and the old text is kept.
    """
    try:
        data = bytes_of(path)
        page, lost = ingest.read_any(data, path, thread)
    except PageError as error:
        return Ingested(path, REFUSED, message=f"{path}:{error}")
    except SicetnonError as error:
        return Ingested(path, REFUSED, message=f"{path}: {error}")
    except IsADirectoryError:
        message = f"{path}: expected pages in this folder, found none"
        return Ingested(path, REFUSED, message=message)
    except OSError as error:
        return Ingested(path, REFUSED, message=f"{path}: {error.strerror or error}")
    quads = graph.to_quads(page)
    findings = _findings(quads, page) if check else None
    digest = hashlib.sha256(data).hexdigest()
    status, message = _place(
        write(), page, quads, provenance.File(Path(path).name, digest), replace
    )
    return Ingested(
        path,
        status,
        page.kind,
        page.thread,
        model.label(page.version),
        model.counts(page),
        f"{path}: {message}" if message else "",
        lost,
        findings,
        digest,
    )


def bytes_of(path: str) -> bytes:
    """Read a page's file, or standard input for `-`; an endless one is a DataError."""
    with nullcontext(sys.stdin.buffer) if path == "-" else Path(path).open("rb") as file:
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise DataError(f"expected a page of at most {_LARGEST >> 20} MiB, found a larger file")
    return data


def _findings(quads: list[Quad], page: model.Page) -> dict[str, int]:
    from sicetnon import shapes

    found = shapes.check_quads(quads, shapes.Page(page.thread, model.label(page.version)))
    return {name: sum(each.severity == name for each in found) for name in shapes.SEVERITIES}


def _place(
    store: Store, page: model.Page, quads: list[Quad], file: provenance.File, replace: bool
) -> tuple[str, str]:
    """Store a page unless it is there; say what was done, and why where that is not plain."""
    version = terms.version(page.thread, page.version)
    present = store.graph(version)
    if not present:
        _write(store, page, quads, file, ())
        return STORED, ""
    if Triple(version, terms.TYPE, terms.sen("Version")) not in present:
        # A service that takes a page in several requests was interrupted before the last one.
        kept = provenance.read(store, version).replaced
        _write(store, page, quads, file, kept, anew=True)
        return STORED, "completes what an interrupted ingest left"
    if set(present) == {quad.triple for quad in quads}:
        return UNCHANGED, ""
    old = graph.from_quads(present)
    origin = provenance.read(store, version)
    if origin.file.sha256 == file.sha256:
        _write(store, page, quads, file, origin.replaced, anew=True)
        return STORED, "read anew"
    if old == page:
        if _rank(page, file) <= _rank(old, origin.file):
            return UNCHANGED, "the same page as the stored one, set otherwise"
        _write(store, page, quads, file, origin.replaced, anew=True)
        return STORED, "the same page as the stored one, set otherwise; this copy is kept"
    before, after = ingest.write_text(old), ingest.write_text(page)
    if after.startswith(before.rstrip("\n")):
        _write(store, page, quads, file, origin.replaced, anew=True)
        return STORED, "completes the stored copy, which is cut short"
    if replace:
        old_text = provenance.Replaced(origin.file, before)
        _write(store, page, quads, file, (*origin.replaced, old_text), anew=True)
        return STORED, "takes the place of other content, whose text is kept"
    told = f"version {page.version} of {page.thread}"
    if before.startswith(after.rstrip("\n")):
        return CONFLICT, f"expected all of {told}, found a copy cut short; the stored one is kept"
    return CONFLICT, (
        f"expected another version, since the store holds {told} with other content;"
        " the stored one is kept (--replace takes this one)"
    )


def _rank(page: model.Page, file: provenance.File) -> tuple[bool, bool, bool, bool, str]:
    """Rank two copies of one page, whichever came first: the fuller and plainer one is kept."""
    layout = page.layout
    return (
        page.kind == "history",
        layout.form == "a",
        page.site is not None,
        (layout.encoding, layout.newline) == ("utf-8", "\n"),
        file.sha256,
    )


def _write(
    store: Store,
    page: model.Page,
    quads: list[Quad],
    file: provenance.File,
    replaced: Sequence[provenance.Replaced],
    *,
    anew: bool = False,
) -> None:
    """Store a page, where it came from, and the layers of its thread that it changes."""
    version = terms.version(page.thread, page.version)
    layers = list(inference.after_adding(store, page, quads, Kept.of(decisions(store))))
    written = [*quads, *provenance.quads(version, file, replaced)]
    written += [quad for _, layer in layers for quad in layer]
    own = f"{version.value}/"
    names: list[NamedNode] = [name for name, _ in layers if anew or not name.value.startswith(own)]
    if anew:
        names += [version, provenance.graph_name(version)]
    if names:
        store.replace(names, written)
    else:
        store.add(written)
