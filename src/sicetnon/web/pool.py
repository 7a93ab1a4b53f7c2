"""Engines for whoever asks: taken, timed, ended when they overrun, replaced when the store changes.

Up to one engine for each processor serves what is quick. When all of them are held up, more are
forked, up to the limit; past that requests wait in line, and past the line they are turned away.
"""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from sicetnon.errors import SicetnonError
from sicetnon.web.generation import Engine
from sicetnon.web.holding import GRACE, Holding, why
from sicetnon.web.limits import Limits
from sicetnon.web.lines import HeldError, LineClosedError
from sicetnon.web.wire import Answer

Gone = Callable[[], Awaitable[None]]

_DEEP = 32  # questions that may stand behind one another
_PATIENCE = 0.05  # seconds for which a short question may hold up another before an engine is added
_UNWATCHED = 0.25  # seconds after which it pays to see whether the client still waits


class BusyError(SicetnonError):
    """There is no room for a request now; there may be when it comes again."""


class ClientGoneError(SicetnonError):
    """Whoever asked has hung up."""


class Pool(Holding):
    """The engines of one store."""

    def __init__(self, location: str, limits: Limits) -> None:
        super().__init__(location, limits)
        self._line: deque[asyncio.Future[Engine | None]] = deque()
        self._few = max(2, os.cpu_count() or 1)

    async def ask(self, question: bytes, gone: Gone | None = None) -> Answer:
        """Have a question answered by an engine; raises BusyError or ClientGoneError.

        It first shares an engine with others. One that keeps an engine for longer gets it for
        itself, and those behind it are asked anew elsewhere: a question changes nothing.
        """
        engine = await self._shared()
        if engine is not None:
            answer = engine.line.ask(question, shared=True)
            try:
                found = await answer
            except HeldError as held:
                late = held.late
            except LineClosedError:
                late = answer if engine in engine.generation.quick else None
                if late is None and engine in engine.generation.engines:
                    self._retire(engine)
            else:
                self._settle(engine, found)
                return found
            if late is not None:
                if engine in engine.generation.quick:
                    engine.generation.quick.remove(engine)
                return await self._alone(engine, late, gone)
        engine = await self._take()
        return await self._alone(engine, engine.line.ask(question), gone)

    async def _alone(
        self, engine: Engine, answer: asyncio.Future[Answer], gone: Gone | None
    ) -> Answer:
        """Wait for an answer for which an engine is held, as long as it may take."""
        try:
            found = await self._answered(answer, gone)
        except BaseException:
            await asyncio.shield(self._drop(engine))
            raise
        if found is None:
            return why(await self._drop(engine), self.limits)
        if found.spent or engine.generation is not self.now:
            await self._drop(engine)
        else:
            self._give(engine)
        return found

    async def _shared(self) -> Engine | None:
        """Return the engine of those shared that has least to do; none where all have much."""
        now = self.now
        if len(now.quick) < self._few and now.size < self._few:
            engine = await now.fork({})
            if now is self.now:
                now.quick.append(engine)
            else:
                self._retire(engine)
                now = self.now
        engines = [each for each in now.quick if each.line.load < _DEEP]
        return min(engines, key=lambda each: each.line.load, default=None)

    def _settle(self, engine: Engine, answer: Answer) -> None:
        """Let go of a shared engine that has grown, or whose state of the store has passed."""
        if not answer.spent and engine.generation is self.now:
            return
        if engine in engine.generation.quick:
            engine.generation.quick.remove(engine)
        if engine.line.load == 0 and engine in engine.generation.engines:
            self._retire(engine)

    async def _take(self) -> Engine:
        now = self.now
        if now.idle:
            return now.idle.pop()
        if now.size < self._few:
            return await now.fork({})
        if len(self._line) >= self.limits.waiting:
            raise BusyError(
                f"expected a free engine or a place in line, found {self.limits.engines} queries "
                f"running and {len(self._line)} waiting; ask again later"
            )
        clock = asyncio.get_running_loop().time
        until, patience = clock() + self.limits.seconds, _PATIENCE
        while patience > 0:
            engine = await self._wait(patience)
            if engine is not None and engine.generation is self.now:
                return engine
            if engine is not None:
                self._retire(engine)
            if self.now.size < self.limits.engines:
                return await self.now.fork({})
            patience = until - clock()
        raise BusyError(
            f"expected an engine to come free within {self.limits.seconds:g} s, found all "
            f"{self.limits.engines} of them taken for longer; ask again later"
        )

    async def _wait(self, seconds: float) -> Engine | None:
        """Stand in line; nothing where no engine came free in time, or one fell away."""
        place: asyncio.Future[Engine | None] = asyncio.get_running_loop().create_future()
        self._line.append(place)
        await asyncio.wait({place}, timeout=seconds)
        if place.done():
            return place.result()
        self._line.remove(place)
        return None

    def _give(self, engine: Engine) -> None:
        """Hand an engine to the first in line, or lay it by."""
        while self._line:
            place = self._line.popleft()
            if not place.done():
                place.set_result(engine)
                return
        now = engine.generation
        (now.quick if len(now.quick) < self._few else now.idle).append(engine)

    async def _answered(self, answer: asyncio.Future[Answer], gone: Gone | None) -> Answer | None:
        """Return the answer; nothing where the engine ended or has to be ended."""
        await asyncio.wait({answer}, timeout=_UNWATCHED)
        if not answer.done():
            watching = asyncio.ensure_future(gone()) if gone is not None else None
            waited: set[asyncio.Future[Any]] = {answer} | ({watching} if watching else set())
            await asyncio.wait(
                waited,
                timeout=self.limits.seconds + GRACE - _UNWATCHED,
                return_when=asyncio.FIRST_COMPLETED,
            )
            left = watching is not None and watching.done()
            if watching is not None:
                watching.cancel()
            if left and not answer.done():
                raise ClientGoneError("whoever asked has hung up")
        if not answer.done():
            answer.cancel()
            return None
        try:
            return answer.result()
        except LineClosedError:
            return None

    async def _drop(self, engine: Engine) -> int:
        """End an engine and let the first in line know that there is room for another."""
        status = await self._end(engine)
        while self._line:
            place = self._line.popleft()
            if not place.done():
                place.set_result(None)
                break
        return status
