"""Snapshots of a store on disk that a writer may be making, or merging, at the same time."""

from __future__ import annotations

import time
from contextlib import suppress
from itertools import count

import pyoxigraph as ox

from sicetnon.errors import StoreError
from sicetnon.store.memory import give_back

_MISSING = "No such file"
_PASSING = (_MISSING, "Column family not found", "only possible on read-write instances")
_TRIES = 50
_PAUSE = 0.02  # seconds
_OPENED = count()  # by this process: what the snapshots before needed is given back


def snapshot(path: str) -> ox.Store:
    """Open a store for reading, anew when a writer is just making it or drops a file of it."""
    if next(_OPENED):
        give_back()
    for _ in range(_TRIES):
        try:
            return ox.Store.read_only(path)
        except (OSError, RuntimeError) as error:  # which of the two depends on the file
            if not any(sign in str(error) for sign in _PASSING):
                raise StoreError(f"{path}: {error}") from error
            found = error
            time.sleep(_PAUSE)
    with suppress(OSError, RuntimeError):
        ox.Store(path).flush()  # whoever was making it was killed: it is made first
        return ox.Store.read_only(path)
    raise StoreError(
        f"{path}: expected a whole store, found one that was cut short or lost a file ({found});"
        " the next ingest completes what was cut short, a backup restores the rest"
    )


def is_missing(error: Exception) -> bool:
    """Say whether the engine came too late for a file of its snapshot."""
    return _MISSING in str(error)
