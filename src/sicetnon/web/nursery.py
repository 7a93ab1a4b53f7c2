"""The processes that fork: `python -m sicetnon.web.nursery HANDLE` starts the first of them.

It holds no graphs and forks, on demand, holders of the store as it stands and writers. A holder
reads the store into memory once and forks engines that share it. A store that is too large to be
mirrored is opened on disk by each engine for itself.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from sicetnon import query, rooms, terms
from sicetnon import store as stores
from sicetnon.errors import SicetnonError
from sicetnon.store import EmbeddedStore, Store
from sicetnon.web import engine, openapi, pages, writer
from sicetnon.web.limits import MIB, Limits
from sicetnon.web.spawning import tend
from sicetnon.web.wire import Answer, problem, seal

MIRRORED = 1024 * MIB  # bytes on disk up to which a store is held in memory

_PATIENCE = 3  # attempts at a store that somebody is writing


def main(handle: int) -> None:
    """Fork what the server orders, until it goes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pages.environment()
    query.catalogue()
    terms.prefixes()
    openapi.document()
    rooms.room("ontology")
    query.shipped()
    tend(socket.socket(fileno=handle), _work)


def _work(order: dict[str, Any], line: socket.socket) -> None:
    limits = Limits(**order["limits"])
    if order["role"] == "write":
        engine.quiet()
        engine.confine(limits, offline=False)
        writer.work(order["location"], line, limits)
    else:
        _hold(order["location"], line, limits)


def _hold(location: str, line: socket.socket, limits: Limits) -> None:
    """Read the store, say so or why not, and fork engines."""
    try:
        opened = opener(location)
    except (SicetnonError, OSError) as error:
        line.sendall(seal(problem(503, "store", str(error))))
        return
    line.sendall(seal(Answer()))
    tend(line, lambda _order, theirs: engine.work(opened(), theirs, limits))


def opener(location: str) -> Callable[[], Store]:
    """Return what gives an engine its store: one that all share, or a handle of its own."""
    path = Path(location)
    if location.startswith(("http://", "https://")):
        return lambda: stores.connect(location)
    if not EmbeddedStore.stands_at(path):
        shared = stores.connect(location)
        return lambda: shared
    if sum(file.stat().st_size for file in path.iterdir()) > MIRRORED:
        return lambda: stores.connect(location)
    mirror = EmbeddedStore(_mirror(location), location)
    return lambda: mirror


def _mirror(location: str) -> ox.Store:
    """Read a store on disk into memory, through a process of its own.

    Opening it starts threads, and a process with threads must not fork.
    """
    for attempt in range(_PATIENCE):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            os._exit(_dump(location, writing))
        os.close(writing)
        mirror = ox.Store()
        with os.fdopen(reading, "rb", buffering=MIB) as source:
            mirror.bulk_load(source, format=ox.RdfFormat.N_QUADS, lenient=True)
        _, status = os.waitpid(child, 0)
        if status == 0:
            return mirror
        time.sleep(0.2 * (attempt + 1))
    stores.connect(location)  # says why it cannot be read
    raise SicetnonError(f"{location}: expected a store that can be read, found one that cannot")


def _dump(location: str, writing: int) -> int:
    try:
        opened = stores.connect(location)
        assert isinstance(opened, EmbeddedStore)
        with os.fdopen(writing, "wb", buffering=MIB) as target:
            opened.engine.dump(target, format=ox.RdfFormat.N_QUADS)
    except (SicetnonError, OSError):
        return 1
    return 0


if __name__ == "__main__":
    main(int(sys.argv[1]))
