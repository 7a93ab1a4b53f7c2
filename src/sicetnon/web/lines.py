"""The server's end of a line to an engine, on the event loop."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from typing import cast

from sicetnon.web.wire import LENGTHS, Answer, lengths, unseal

_PATIENCE = 0.05  # seconds for which a short question may hold up another


class LineClosedError(Exception):
    """The process at the other end has ended."""


class HeldError(Exception):
    """A question that shares its line is held up; `late` brings its answer if it is its own fault.

    Without `late` another one holds it up, and it is best asked anew on another line.
    """

    def __init__(self, late: asyncio.Future[Answer] | None) -> None:
        super().__init__()
        self.late = late


class Line(asyncio.Protocol):
    """Questions go out, their answers come back in the same order.

    What is asked in one turn of the event loop goes out together: waking the process at the other
    end costs more than most answers do.
    """

    def __init__(self) -> None:
        self._data = bytearray()
        self._waiting: deque[asyncio.Future[Answer]] = deque()
        self._moved = 0.0
        self._out: list[bytes] = []
        self._transport: asyncio.Transport | None = None
        self._lost = False
        self._clock: asyncio.TimerHandle | None = None
        self._sharing: set[asyncio.Future[Answer]] = set()

    @classmethod
    async def over(cls, end: socket.socket) -> Line:
        """Return a line over a connected socket."""
        end.settimeout(0)
        _, line = await asyncio.get_running_loop().create_unix_connection(cls, sock=end)
        return line

    @property
    def load(self) -> int:
        """How many questions have no answer yet."""
        return len(self._waiting)

    def ask(self, question: bytes, *, shared: bool = False) -> asyncio.Future[Answer]:
        """Send a frame; the future brings its answer, or LineClosedError.

        Of questions that are `shared`, one may not hold up others for long: HeldError.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answer] = loop.create_future()
        if self._lost:
            answer.set_exception(LineClosedError())
            return answer
        if not self._waiting:
            self._moved = self._now()
        self._waiting.append(answer)
        if not self._out:
            loop.call_soon(self._flush)
        self._out.append(question)
        if shared:
            self._sharing.add(answer)
        if shared and self._clock is None:
            self._clock = loop.call_later(_PATIENCE, self._look)
        return answer

    def close(self) -> None:
        """Hang up: an engine that waits for a question ends."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport (called by the event loop)."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Take in parts of answers (called by the event loop)."""
        self._data += data
        while self._waiting and len(self._data) >= LENGTHS:
            head, body = lengths(self._data)
            middle, end = LENGTHS + head, LENGTHS + head + body
            if len(self._data) < end:
                return
            answer = self._waiting.popleft()
            self._sharing.discard(answer)
            self._moved = self._now()
            if not answer.done():
                view = memoryview(self._data)
                found = unseal(bytes(view[LENGTHS:middle]), bytes(view[middle:end]))
                view.release()
                answer.set_result(found)
            del self._data[:end]

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell who waits that no answer will come (called by the event loop)."""
        self._lost = True
        for answer in self._waiting:
            if not answer.done():
                answer.set_exception(LineClosedError())
                _ = answer.exception()  # nobody may be waiting any more
        self._waiting.clear()
        self._sharing.clear()
        del exc

    def _look(self) -> None:
        """See whether answers keep coming, for as long as some are awaited."""
        self._clock = None
        if not self._waiting or self._lost:
            return
        still = self._now() - self._moved
        left = _PATIENCE - still
        if left <= 0:
            self._part()
            left = _PATIENCE
        self._clock = asyncio.get_running_loop().call_later(left, self._look)

    def _part(self) -> None:
        """Leave the line to the question that holds it, and tell so all that wait."""
        first = self._waiting[0]
        for answer in tuple(self._waiting):
            if answer not in self._sharing or answer.done():
                continue
            late = asyncio.get_running_loop().create_future() if answer is first else None
            answer.set_exception(HeldError(late))
            if late is not None:
                self._waiting[0] = late
        self._sharing.clear()

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _flush(self) -> None:
        if self._transport is not None and self._out:
            self._transport.write(b"".join(self._out))
        self._out.clear()
        self.data_received(b"")  # a process that speaks first may have spoken
