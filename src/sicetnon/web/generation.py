"""The store as it stood at one moment: its holder, the engines forked from it, its answers."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from pathlib import Path
from typing import Any

from sicetnon.errors import StoreError
from sicetnon.store import is_remote
from sicetnon.web.limits import MIB
from sicetnon.web.lines import Line, LineClosedError
from sicetnon.web.spawning import Spawner
from sicetnon.web.wire import Answer

_LARGEST_KEPT = 256 * 1024
_ALL_KEPT = 32 * MIB
_NOT_DATA = ("LOG", "LOCK", "OPTIONS")


class Engine:
    """A process that answers questions, and the line to it."""

    def __init__(self, process: int, line: Line, generation: Generation) -> None:
        self.process = process
        self.line = line
        self.generation = generation


class Generation:
    """A state of the store; what it answers does not change."""

    def __init__(self, mark: str, holder: Spawner, process: int) -> None:
        self.mark = mark
        self.holder = holder
        self.process = process
        self.quick: list[Engine] = []
        self.idle: list[Engine] = []
        self.engines: set[Engine] = set()
        self._kept: OrderedDict[bytes, Answer] = OrderedDict()
        self._size = 0
        self._coming = 0
        self._forking = asyncio.Lock()

    @classmethod
    async def load(cls, nursery: Spawner, order: dict[str, Any], mark: str) -> Generation:
        """Have the store read by a new holder; raises StoreError where it cannot be."""
        process, end = await asyncio.to_thread(nursery.spawn, order)
        line = await Line.over(end.dup())
        try:
            answer = await line.ask(b"")
        except LineClosedError:
            raise StoreError(f"{order['location']}: the store could not be read") from None
        finally:
            line.close()
        if answer.problem:
            raise StoreError(answer.body.decode())
        end.settimeout(None)
        return cls(mark, Spawner(end), process)

    async def fork(self, order: dict[str, Any]) -> Engine:
        """Return a new engine."""
        self._coming += 1
        try:
            async with self._forking:
                process, end = await asyncio.to_thread(self.holder.spawn, order)
            engine = Engine(process, await Line.over(end), self)
            self.engines.add(engine)
        finally:
            self._coming -= 1
        return engine

    @property
    def size(self) -> int:
        """How many engines there are, with those that are being forked."""
        return len(self.engines) + self._coming

    async def end(self, engine: Engine) -> int:
        """End an engine and return how it ended: a signal as a negative number."""
        engine.line.close()
        async with self._forking:
            status = await asyncio.to_thread(self.holder.reap, engine.process)
        self.engines.discard(engine)
        return status

    def kept(self, question: bytes) -> Answer | None:
        """Return the answer that this question got before, if it is at hand."""
        answer = self._kept.get(question)
        if answer is not None:
            self._kept.move_to_end(question)
        return answer

    def keep(self, question: bytes, answer: Answer) -> None:
        """Keep an answer that lasts, in the place of those that were not asked for longest."""
        size = len(answer.body) + len(question)
        if not self.mark or not answer.lasting or answer.status != 200 or size > _LARGEST_KEPT:
            return
        self._kept[question] = answer
        self._size += size
        while self._size > _ALL_KEPT:
            old, gone = self._kept.popitem(last=False)
            self._size -= len(old) + len(gone.body)

    def tag(self, question: bytes) -> str:
        """Return the entity tag of the answer to a question, before it is asked; some have none."""
        if not self.mark:
            return ""
        digest = hashlib.sha256(self.mark.encode() + b"\n" + question).hexdigest()
        return f'W/"{digest[:32]}"'


def mark_of(location: str) -> str:
    """Return what tells one state of a store from another: its files' names, sizes and times.

    It is empty for a store elsewhere, which may change at any time.
    """
    if is_remote(location):
        return ""
    path = Path(location)
    found = []
    for file in sorted([path] if path.is_file() else path.rglob("*")):
        try:
            state = file.stat()
        except FileNotFoundError:
            continue
        if file.is_file() and not file.name.startswith(_NOT_DATA):
            found.append(f"{file.name} {state.st_size} {state.st_mtime_ns}")
    return hashlib.sha256("\n".join(found).encode()).hexdigest()
