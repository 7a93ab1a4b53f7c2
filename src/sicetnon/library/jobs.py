"""Pages in several processes: each thread is read and linked in one of them, one writer stores.

What a page adds depends on the versions of its thread before it and on what persons judged, on
nothing else in a store. So a thread that the store does not hold yet is taken into a store in
memory, in a process of its own, and its changes are done again on the real store, page by page in
the order asked for. Pages of threads that the store holds are taken by the writer itself.
"""

from __future__ import annotations

import io
import signal
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, parse, serialize

from sicetnon import ingest, judgements, query
from sicetnon.errors import SicetnonError, StoreError
from sicetnon.library.intake import REFUSED, Ingested, bytes_of
from sicetnon.library.twins import told
from sicetnon.store import EmbeddedStore, Quads, Store

Take = Callable[[Callable[[], Store], str], Ingested]

_BATCH = 32  # pages that are stored in one step
_AHEAD = 3  # threads that each process may be ahead of the writer
_STDIN = "-"


@dataclass(frozen=True, slots=True)
class Change:
    """Graphs that a page empties, and a file of the N-Quads that it adds."""

    emptied: tuple[str, ...]
    file: Path


@dataclass(frozen=True, slots=True)
class Taken:
    """A page that another process took, with its changes to the store in their order."""

    page: Ingested
    changes: tuple[Change, ...]


class _Recorded(EmbeddedStore):
    """A store in memory that writes down what is done to it, each change in a file."""

    def __init__(self, folder: Path) -> None:
        super().__init__(EmbeddedStore.in_memory().engine, ":memory:")
        self.folder = folder
        self.count = 0
        self.changes: list[Change] = []

    def add(self, quads: Quads) -> None:
        self.changes.append(self._noted((), added := list(quads)))
        super().add(added)

    def replace(self, graphs: Iterable[NamedNode], quads: Quads) -> None:
        emptied, added = list(graphs), list(quads)
        self.changes.append(self._noted(tuple(name.value for name in emptied), added))
        super().replace(emptied, added)

    def _noted(self, emptied: tuple[str, ...], quads: Quads) -> Change:
        self.count += 1
        file = self.folder / f"{self.count}.nq"
        file.write_bytes(serialize(quads, format=RdfFormat.N_QUADS) or b"")
        return Change(emptied, file)


def taken(
    take: Take,
    write: Callable[[], Store],
    present: Store | None,
    paths: Sequence[str],
    thread: str | None,
    jobs: int,
) -> Iterator[Ingested]:
    """Take pages in `jobs` processes; yield the same as one process does, in the same order.

    `take` must be picklable; `present` is the store as it is, if there is one.
    """
    known = set(query.threads(present)) if present else set()
    judged = (
        serialize(present.graph(judgements.GRAPH), format=RdfFormat.N_TRIPLES) if present else b""
    )
    with (
        tempfile.TemporaryDirectory(prefix="sicetnon-") as folder,
        ProcessPoolExecutor(jobs, get_context("spawn")) as pool,
    ):
        try:
            with _deaf():
                found = pool.map(partial(_slug, thread=thread), paths, chunksize=16)
            slugs = list(found)
            work = _Work(pool, partial(_thread, take, judged or b"", Path(folder)), jobs)
            writer = _Writer(write, take)
            for path, slug in zip(paths, slugs, strict=True):
                if slug and slug not in known:
                    work.add(slug, path)
            for path, slug in zip(paths, slugs, strict=True):
                yield from writer.page(
                    path, work.next(slug) if slug and slug not in known else None
                )
            yield from writer.flush()
        except BrokenProcessPool:
            raise StoreError(
                f"expected {jobs} processes to read pages, found that one was ended from outside;"
                " what was reported is stored; take fewer --jobs if memory is short"
            ) from None
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


class _Work:
    """The threads that the processes take, begun in the order in which they are wanted."""

    def __init__(
        self, pool: ProcessPoolExecutor, take: Callable[[str, list[str]], list[Taken]], jobs: int
    ) -> None:
        self.pool, self.take, self.ahead = pool, take, jobs * _AHEAD
        self.paths: dict[str, list[str]] = {}
        self.waiting: deque[str] = deque()
        self.begun: dict[str, Future[list[Taken]]] = {}
        self.done: dict[str, deque[Taken]] = {}

    def add(self, slug: str, path: str) -> None:
        """Add a page to its thread."""
        if slug not in self.paths:
            self.waiting.append(slug)
        self.paths.setdefault(slug, []).append(path)

    def next(self, slug: str) -> Taken:
        """Return the next page of a thread."""
        while slug not in self.done:
            while self.waiting and len(self.begun) < self.ahead:
                first = self.waiting.popleft()
                with _deaf():
                    self.begun[first] = self.pool.submit(self.take, first, self.paths[first])
            self.done[slug] = deque(self.begun.pop(slug).result())
        return self.done[slug].popleft()


class _Writer:
    """Stores what was taken, several new pages in one step; tells of a page once it is stored."""

    def __init__(self, write: Callable[[], Store], take: Take) -> None:
        self.write, self.take = write, take
        self.pages: list[Ingested] = []
        self.added: list[Path] = []

    def page(self, path: str, done: Taken | None) -> Iterator[Ingested]:
        """Store a page, or put it with those to be stored; yield the pages that are settled."""
        if done is None:
            yield from self.flush()
            yield from told(self.write, [self.take(self.write, path)])
            return
        if any(change.emptied for change in done.changes):
            yield from self.flush()
            for change in done.changes:
                quads = parse(change.file.read_bytes(), format=RdfFormat.N_QUADS)
                self.write().replace(map(NamedNode, change.emptied), quads)
                change.file.unlink()
        else:
            self.added += [change.file for change in done.changes]
        self.pages.append(done.page)
        if len(self.pages) >= _BATCH:
            yield from self.flush()

    def flush(self) -> Iterator[Ingested]:
        """Store what waits."""
        pages = told(self.write, self.pages)
        if self.added:
            self.write().load(io.BytesIO(b"".join(file.read_bytes() for file in self.added)))
        for file in self.added:
            file.unlink()
        self.pages, self.added = [], []
        yield from pages


@contextmanager
def _deaf() -> Iterator[None]:
    """Let processes begun in here hear no interrupt: it is for the writer, who ends the others.

    They inherit the mask of signals, so that even a process that is still importing is deaf.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _slug(path: str, thread: str | None) -> str | None:
    """Return the slug of a page's thread, or nothing where the writer must look for itself."""
    if path == _STDIN:
        return None
    try:
        return ingest.read_any(bytes_of(path), path, thread)[0].thread
    except (OSError, SicetnonError):
        return None


def _thread(take: Take, judged: bytes, folder: Path, slug: str, paths: list[str]) -> list[Taken]:
    """Take the pages of one thread into a store in memory."""
    store = _Recorded(Path(tempfile.mkdtemp(dir=folder)))
    EmbeddedStore.add(store, _judged(judged))
    done = []
    for path in paths:
        store.changes = []
        page = take(lambda: store, path)
        if page.thread not in ("", slug):
            message = (
                f"{path}: expected a page of {slug}, found that the file was changed meanwhile"
            )
            page, store.changes = Ingested(path, REFUSED, message=message), []
        done.append(Taken(page, tuple(store.changes)))
    return done


def _judged(triples: bytes) -> Quads:
    return [
        Quad(quad.subject, quad.predicate, quad.object, judgements.GRAPH)
        for quad in parse(triples, format=RdfFormat.N_TRIPLES)
    ]
