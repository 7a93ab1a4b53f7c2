"""Where graphs are kept: one small interface, an embedded engine behind it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

from sicetnon.errors import StoreError, UsageError
from sicetnon.store.base import Quads, Rows, Solutions, Store, Term, Triples
from sicetnon.store.copies import copied
from sicetnon.store.embedded import EmbeddedStore
from sicetnon.store.files import RDF_FORMATS, read_files
from sicetnon.store.mirror import Mirror
from sicetnon.store.selection import Selection
from sicetnon.store.writing import ntriples

__all__ = [
    "EmbeddedStore",
    "Mirror",
    "Quads",
    "Rows",
    "Selection",
    "Solutions",
    "Store",
    "Term",
    "Triples",
    "backup",
    "connect",
    "copied",
    "is_remote",
    "ntriples",
    "restore",
]

MEMORY = ":memory:"


def connect(location: str, *, write: bool = False) -> Store:
    """Open the store at `location`.

    `location` is a folder with an embedded store (made if `write`), `:memory:`, the URL of a SPARQL
    service, or a file or folder of RDF, which is read into memory and never written to. Raises
    StoreError, and UsageError for a location of another kind.
    """
    if location == MEMORY:
        return EmbeddedStore.in_memory()
    if is_remote(location):
        from sicetnon.store.remote import RemoteStore

        return RemoteStore(location, os.environ, write=write)
    if "://" in location:
        raise UsageError(
            f"expected a folder, a file, {MEMORY} or a URL that begins with http:// or https://,"
            f" found {location!r}"
        )
    path = Path(location)
    if _holds_rdf(path):
        if write:
            raise StoreError(f"{location}: expected a store to write to, found files of RDF")
        return read_files(path)
    if path.is_file():
        raise StoreError(f"{location}: expected a store or RDF, found a file of another kind")
    if path.is_dir() and not _is_ours(path):
        raise StoreError(f"{location}: expected a store, found a folder with other things in it")
    if write:
        return EmbeddedStore.on_disk(path)
    if not EmbeddedStore.stands_at(path):
        raise _missing(path)
    return EmbeddedStore.on_disk(path, read_only=True)


def backup(store: Store, file: BinaryIO) -> int:
    """Write every quad of a store as sorted, compressed N-Quads; return how many there are."""
    from sicetnon.store.keeping import dump

    return dump(store, file)


def restore(location: str, store: Store | None, path: Path, *, replace: bool = False) -> int:
    """Fill the store at `location`, or an open one without files of its own, from a backup.

    It must be empty, or is emptied with `replace`. Returns the count of quads; raises DataError for
    what is no whole backup, and then leaves the store as it was.
    """
    from sicetnon.store import keeping

    if store is not None:
        return keeping.restore(store, path, replace=replace)
    folder = Path(location)
    if _holds_rdf(folder) or (folder.exists() and not _is_ours(folder)):
        raise StoreError(f"{location}: expected a store to write to, found other files")
    return keeping.restore_folder(folder, path, replace=replace)


def is_remote(location: str) -> bool:
    """Say whether a location is the URL of a SPARQL service."""
    return location.lower().startswith(("http://", "https://"))


def _missing(path: Path) -> StoreError:
    former = path.with_name(f".{path.name}.replaced")
    if former.exists():
        return StoreError(
            f"{path}: expected a store, found none; a restore was interrupted: the store before it"
            f" is {former}, move it back"
        )
    return StoreError(
        f"{path}: expected a store, found none",
        advice="make one with 'sicetnon ingest PAGE' or name another with --store",
    )


def _is_ours(path: Path) -> bool:
    return path.is_dir() and (EmbeddedStore.stands_at(path) or not any(path.iterdir()))


def _holds_rdf(path: Path) -> bool:
    if path.is_file():
        return path.suffix in RDF_FORMATS
    return path.is_dir() and any(
        file.suffix in RDF_FORMATS for folder in (path, *path.iterdir()) for file in _files(folder)
    )


def _files(folder: Path) -> list[Path]:
    return [file for file in folder.iterdir() if file.is_file()] if folder.is_dir() else []
