"""The store as a server keeps it: read by holders, anew when it changes, changed by a writer."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import subprocess
from collections.abc import Callable

from sicetnon.errors import StoreError
from sicetnon.web import engine as working
from sicetnon.web.generation import Engine, Generation, mark_of
from sicetnon.web.limits import Limits
from sicetnon.web.lines import Line, LineClosedError
from sicetnon.web.spawning import Spawner, nursery
from sicetnon.web.wire import Answer, problem

GRACE = 0.5  # seconds past its limit after which a process's own timer is no longer trusted

_LOOK = 1.0  # seconds between two looks at the store


class Holding:
    """A store and the state of it that questions are answered from: `now`."""

    def __init__(self, location: str, limits: Limits) -> None:
        self.location = location
        self.limits = limits
        self.now: Generation
        self._nursery: Spawner
        self._process: subprocess.Popen[bytes]
        self._loading = asyncio.Lock()
        self._ordering = asyncio.Lock()
        self._writing = asyncio.Lock()
        self._retiring: set[asyncio.Task[int]] = set()
        self._last_load = 0.0

    async def open(self) -> None:
        """Read the store; raises StoreError where it cannot be read."""
        self._nursery, self._process = nursery()
        self.now = await self._load()

    async def close(self) -> None:
        """End every process."""
        self.now.holder.close()
        self._nursery.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            await asyncio.to_thread(self._process.wait, 5)
        self._process.kill()

    async def write(self, change: bytes) -> Answer:
        """Have a change carried out by a writer; the next question sees it."""
        async with self._writing:
            order = working.order(self.limits, role="write", location=self.location)
            async with self._ordering:
                process, end = await asyncio.to_thread(self._nursery.spawn, order)
            line = await Line.over(end)
            try:
                async with asyncio.timeout(self.limits.seconds + GRACE):
                    answer = await line.ask(change)
            except (LineClosedError, TimeoutError):
                answer = None
            finally:
                line.close()
                async with self._ordering:
                    status = await asyncio.to_thread(self._nursery.reap, process)
            if answer is None:
                return why(status, self.limits)
            if answer.status < 400:
                await self.refresh()
            return answer

    async def watch(self, report: Callable[[str], None]) -> None:
        """Take up what others write to the store, for as long as the server runs."""
        while True:
            await asyncio.sleep(max(_LOOK, 2 * self._last_load))
            try:
                if await asyncio.to_thread(mark_of, self.location) != self.now.mark:
                    await self.refresh()
            except (StoreError, OSError) as error:
                report(str(error))

    async def refresh(self) -> None:
        """Read the store anew; questions that run finish on what they began with."""
        async with self._loading:
            before = self.now
            self.now = await self._load()
        for engine in (*before.idle, *before.quick):
            if engine.line.load == 0:
                self._retire(engine)
        before.idle.clear()
        before.quick.clear()
        self._release(before)

    async def _load(self) -> Generation:
        loop = asyncio.get_running_loop()
        began = loop.time()
        mark = await asyncio.to_thread(mark_of, self.location)
        order = working.order(self.limits, role="hold", location=self.location)
        async with self._ordering:
            found = await Generation.load(self._nursery, order, mark)
        self._last_load = loop.time() - began
        return found

    async def _end(self, engine: Engine) -> int:
        """End an engine and return how it ended."""
        status = await engine.generation.end(engine)
        self._release(engine.generation)
        return status

    def _retire(self, engine: Engine) -> None:
        task = asyncio.ensure_future(self._end(engine))
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)

    def _release(self, generation: Generation) -> None:
        """Let the holder of a past state go once nobody uses it."""
        if generation is self.now or generation.size:
            return
        generation.holder.close()
        task = asyncio.ensure_future(self._reap(generation.process))
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)

    async def _reap(self, process: int) -> int:
        async with self._ordering:
            return await asyncio.to_thread(self._nursery.reap, process)


def why(status: int, limits: Limits) -> Answer:
    """Return the answer to a question on which an engine ended."""
    if status in {-signal.SIGALRM, -signal.SIGKILL}:
        return working.out_of_time(limits)
    if status in {-signal.SIGABRT, -signal.SIGSEGV}:
        return working.out_of_memory(limits)
    return problem(500, "engine", "the engine that worked on this has ended")
