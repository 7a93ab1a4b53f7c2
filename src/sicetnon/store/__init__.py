"""Where graphs are kept: one small interface, an embedded engine behind it."""

from __future__ import annotations

from pathlib import Path

from sicetnon.errors import StoreError
from sicetnon.store.base import Quads, Solutions, Store, Term, Triples
from sicetnon.store.embedded import EmbeddedStore, ntriples
from sicetnon.store.files import RDF_FORMATS, read_files
from sicetnon.store.selection import Selection

__all__ = [
    "EmbeddedStore",
    "Quads",
    "Selection",
    "Solutions",
    "Store",
    "Term",
    "Triples",
    "connect",
    "ntriples",
]

MEMORY = ":memory:"


def connect(location: str, *, write: bool = False) -> Store:
    """Open the store at `location`.

    `location` is a folder with an embedded store (made if `write`), `:memory:`, or a file or folder
    of RDF, which is read into memory and never written to. Raises StoreError.
    """
    if location == MEMORY:
        return EmbeddedStore.in_memory()
    if location.startswith(("http://", "https://")):
        raise StoreError(f"{location}: expected a path or {MEMORY}; endpoints cannot be opened yet")
    path = Path(location)
    if _holds_rdf(path):
        if write:
            raise StoreError(f"{location}: expected a store to write to, found files of RDF")
        return read_files(path)
    if path.is_file():
        raise StoreError(f"{location}: expected a store or RDF, found a file of another kind")
    if not EmbeddedStore.stands_at(path) and path.is_dir() and any(path.iterdir()):
        raise StoreError(f"{location}: expected a store, found a folder with other things in it")
    if write:
        return EmbeddedStore.on_disk(path)
    if not EmbeddedStore.stands_at(path):
        raise StoreError(
            f"{location}: expected a store, found none; make one with 'sicetnon ingest PAGE' or "
            "name another with --store"
        )
    return EmbeddedStore.on_disk(path, read_only=True)


def _holds_rdf(path: Path) -> bool:
    if path.is_file():
        return path.suffix in RDF_FORMATS
    return path.is_dir() and any(
        file.suffix in RDF_FORMATS for folder in (path, *path.iterdir()) for file in _files(folder)
    )


def _files(folder: Path) -> list[Path]:
    return [file for file in folder.iterdir() if file.is_file()] if folder.is_dir() else []
