"""Full text over a library: where its index is kept, and how it is asked."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from sicetnon import search
from sicetnon.errors import StoreError, UsageError
from sicetnon.model import label
from sicetnon.query import Table
from sicetnon.search import Index, Tracked
from sicetnon.store import EmbeddedStore, Store

COLUMNS = ("kind", "thread", "version", "line", "match", "node", "score")
_MOST = 10_000


class Finder:
    """The index of one library's store, opened when first needed.

    That of a folder is a file beside it; that of any other store, or where nothing can be written,
    lives in memory as long as the library.
    """

    def __init__(self, location: str) -> None:
        self.location = location
        self._index: Index | None = None
        self._tracked: Tracked | None = None
        self._is_fresh = False

    def tracked(self, store: Store) -> Store:
        """Return a store to write to whose index, where one stands, follows every change."""
        if self._index is None and (file := self._file(store)) and Path(file).exists():
            self._index = Index(file)
        if self._index is None:
            return store
        if self._tracked is None or self._tracked.whole is not store:
            self._tracked = Tracked(store, self._index)
        return self._tracked

    def index(self, store: Store, fresh: Callable[[], Store]) -> Index:
        """Return the index, brought up to date when first asked for."""
        if self._index is None:
            self._index = self._opened(store)
        if not self._is_fresh:
            search.refresh(self._index, store, fresh)
            self._is_fresh = True
        return self._index

    def rebuilt(self, store: Store, fresh: Callable[[], Store]) -> None:
        """Make the index anew."""
        index = self._index or self._opened(store)
        try:
            index.clear()
        except StoreError:
            index.close()
            search.discard(index.path)
            index = self._opened(store)
        self._index, self._tracked, self._is_fresh = index, None, False
        self.index(store, fresh)

    def _opened(self, store: Store) -> Index:
        file = self._file(store)
        kept = file and os.access(Path(file).absolute().parent, os.W_OK)
        return Index(file) if kept else Index()

    def _file(self, store: Store) -> str:
        folder = Path(self.location)
        whole = isinstance(store, EmbeddedStore) and EmbeddedStore.stands_at(folder)
        return search.place(self.location) if whole else ""


def answer(index: Index, words: str, thread: str | None, kind: str | None, limit: int) -> Table:
    """Answer a search as a table, the best first."""
    if kind is not None and kind not in search.KINDS:
        raise UsageError(f"expected a kind ({', '.join(search.KINDS)}), found {kind!r}")
    if not 1 <= limit <= _MOST:
        raise UsageError(f"expected a limit from 1 to {_MOST}, found {limit}")
    wanted = search.expression(words)
    if thread is not None and thread not in (known := index.threads()):
        told = ", ".join(known) or "no thread at all"
        raise UsageError(f"expected a thread of the store, found {thread!r}; it holds {told}")
    return Table(
        COLUMNS,
        [
            (x.kind, x.thread, label(x.version), x.line or None, x.match, x.node, x.score)
            for x in index.find(wanted, thread, kind, limit)
        ],
    )
