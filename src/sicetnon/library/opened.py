"""The store of a library, opened when first needed: to read, and to write once it must."""

from __future__ import annotations

from pathlib import Path

from sicetnon import store as stores
from sicetnon.library.finding import Finder


class Opened:
    """The part of a library that opens its store; the index of its texts follows every write."""

    def __init__(self, location: str) -> None:
        self.location = location
        self._store: stores.Store | None = None
        self._writable = location == stores.MEMORY
        self._finder = Finder(location)

    @property
    def store(self) -> stores.Store:
        """The store, opened for reading when first needed; raises StoreError where none stands."""
        if self._store is None:
            self._store = stores.connect(self.location)
        return self._store

    def writable(self) -> stores.Store:
        """Return the store opened for writing, made where there is none."""
        return self._write()

    def keep_in(self, found: stores.Store) -> None:
        """Use an open store, to read and to write, in the place of the one at `location`."""
        self._store, self._writable = found, True

    def _stands(self) -> bool:
        return (
            self._store is not None
            or self.location == stores.MEMORY
            or stores.is_remote(self.location)
            or Path(self.location).exists()
        )

    def _fresh(self) -> stores.Store:
        """Return the store as it is now, where a reader's is as it was when opened."""
        return self.store if self._writable else stores.connect(self.location)

    def _write(self) -> stores.Store:
        if not self._writable or self._store is None:
            self._store = stores.connect(self.location, write=True)
            self._writable = True
        return self._finder.tracked(self._store)
