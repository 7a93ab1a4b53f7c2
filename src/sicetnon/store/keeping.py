"""Backups: every quad of a store as sorted, compressed N-Quads, and the way back.

The first line of a backup says what it is and the last one how much it holds, so that a file that
was cut is never mistaken for a whole one. Both are comments: any RDF tool reads the rest.
"""

from __future__ import annotations

import gzip
import io
import shutil
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse, serialize

from sicetnon import terms
from sicetnon.errors import DataError, StoreError, UsageError
from sicetnon.store.base import Store
from sicetnon.store.embedded import EmbeddedStore, busy

if sys.platform != "win32":  # where a folder that is in use cannot be moved anyway
    import fcntl

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

FIRST = b"# sicetnon backup 1\n"
RESTORING = NamedNode(terms.ID + "graph/restoring")
_LAST = b"# the end: %d quads\n"
_LEVEL = 6


def dump(store: Store, file: BinaryIO) -> int:
    """Write a backup of a store, graph by graph, and return how many quads it has."""
    count = 0
    with gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=file, mtime=0) as out:
        out.write(FIRST)
        for name in store.graphs():
            triples = store.graph(name)
            quads = [Quad(each.subject, each.predicate, each.object, name) for each in triples]
            lines = (serialize(quads, format=RdfFormat.N_QUADS) or b"").splitlines(keepends=True)
            out.writelines(sorted(lines))
            count += len(lines)
        out.write(_LAST % count)
    return count


def restore(store: Store, path: Path, *, replace: bool = False) -> int:
    """Fill a store from a backup and return how many quads it has; raises DataError.

    The store must be empty, or is emptied with `replace`. The whole file is read before anything
    is written. What the store holds until the last quad is there is marked as unfinished.
    """
    with opened(path) as backup:
        count = sum(1 for _ in _quads(backup))
        _finish(backup, path, count)
    if store.graphs() and not replace:
        raise _full(store.location)
    store.add([Quad(RESTORING, terms.LABEL, Literal("unfinished"), RESTORING)])
    if replace:
        store.clear(keep=RESTORING)
    with opened(path) as backup:
        store.load(io.BufferedReader(backup, 1 << 16))
    store.replace([RESTORING], [])
    return count


def restore_folder(folder: Path, path: Path, *, replace: bool = False) -> int:
    """Put an embedded store made from a backup at `folder` and return how many quads it has.

    It is made beside the folder, by the engine's bulk loader, and takes its place once it is whole.
    """
    draft = folder.with_name(f".{folder.name}.restoring")
    former = folder.with_name(f".{folder.name}.replaced")
    stands = EmbeddedStore.stands_at(folder)
    if stands and not replace and EmbeddedStore.on_disk(folder, read_only=True).graphs():
        raise _full(str(folder))
    with _held(folder), _held(draft):
        shutil.rmtree(draft, ignore_errors=True)
        try:
            count = _load(draft, path)
            shutil.rmtree(former, ignore_errors=True)
            if folder.exists():
                folder.rename(former)
            draft.rename(folder)
        except OSError as error:
            raise StoreError(f"{folder}: {error.strerror or error}") from error
        finally:
            shutil.rmtree(draft, ignore_errors=True)
            if former.exists() and not folder.exists():
                former.rename(folder)
        shutil.rmtree(former, ignore_errors=True)
    return count


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Keep writers out of a store's folder, by the engine's own lock but without opening it.

    An open engine writes to its folder until it is closed: also to another that took its place.
    """
    lock = folder / "LOCK"
    if sys.platform == "win32" or not lock.is_file():
        yield
        return
    with lock.open("ab") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise busy(str(folder)) from None
        yield


def _full(location: str) -> UsageError:
    return UsageError(
        f"{location}: expected an empty store to restore into, found graphs in it; --replace takes"
        " the place of all of them"
    )


def _load(folder: Path, path: Path) -> int:
    made = EmbeddedStore.on_disk(folder)
    with opened(path) as backup:
        try:
            made.load(io.BufferedReader(backup, 1 << 16))
        except DataError as error:
            raise DataError(f"{path}: {error}") from None
        count = len(made.engine)
        _finish(backup, path, count)
    made.engine.flush()
    return count


class Backup(io.RawIOBase):
    """The N-Quads of a backup; what is read last is remembered, so as to see the end."""

    def __init__(self, file: gzip.GzipFile) -> None:
        super().__init__()
        self._file = file
        self.tail = b""

    def readable(self) -> bool:
        """Say that this can be read from."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill a buffer as far as the backup goes."""
        view = memoryview(buffer)
        count = self._file.readinto(view)
        self.tail = (self.tail + bytes(view[max(0, count - 100) : count]))[-100:]
        return count


@contextmanager
def opened(path: Path) -> Iterator[Backup]:
    """Open a backup; what is none, or is damaged, raises DataError with what was expected."""
    try:
        with gzip.open(path, "rb") as file:
            if file.readline(len(FIRST)) != FIRST:
                raise DataError(f"{path}: expected a backup of sicetnon, found another file")
            yield Backup(file)
    except (gzip.BadGzipFile, zlib.error):
        raise DataError(f"{path}: expected a backup of sicetnon, found another file") from None
    except EOFError:
        raise DataError(f"{path}: expected a whole backup, found one that is cut short") from None
    except FileNotFoundError:
        raise DataError(f"{path}: expected a backup, found no file") from None
    except IsADirectoryError:
        raise DataError(f"{path}: expected a backup, found a folder") from None


def _quads(backup: Backup) -> Iterator[Quad]:
    try:
        yield from parse(io.BufferedReader(backup, 1 << 16), RdfFormat.N_QUADS)
    except SyntaxError as error:
        raise DataError(f"expected N-Quads in the backup, found: {error}") from None


def _finish(backup: Backup, path: Path, count: int) -> None:
    while backup.read(1 << 16):
        pass
    if not backup.tail.endswith(_LAST % count):
        raise DataError(
            f"{path}: expected a whole backup that ends with the count of its quads, found {count}"
            f" quads and {backup.tail[-40:].rpartition(b'#')[2].strip().decode(errors='replace')!r}"
        )
