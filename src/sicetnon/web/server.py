"""Run the application: a server that bounds what a connection may send before it is a request."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
from typing import Any, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sicetnon.errors import StoreError, UsageError
from sicetnon.web.app import Settings, application
from sicetnon.web.limits import Limits

_HEAD_SECONDS = 10.0
_READING_SECONDS = 60.0  # for which a client may take nothing of a response


class Corked:
    """A transport that sends what is written in one turn of the event loop at once.

    A response is written as a head and a body, and each would wake the client.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._out: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Send at the end of this turn."""
        if not self._out:
            asyncio.get_running_loop().call_soon(self._flush)
        self._out.append(data)

    def close(self) -> None:
        """Send what is left, and hang up."""
        self._flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def _flush(self) -> None:
        if self._out:
            self._transport.writelines(self._out)
            self._out = []


class Connection(HttpToolsProtocol):
    """A connection whose request line and headers are bounded in size and in time.

    The parser itself bounds neither, so one client could fill the memory or hold a place for ever.
    So could one that asks and then does not read; its connection is cut.
    """

    limits = Limits()

    def connection_made(self, transport: Any) -> None:
        """Start the clock of the first request (called by the event loop)."""
        super().connection_made(cast("asyncio.Transport", Corked(transport)))
        self._taken = self._held = 0
        self._heading = True
        self._timer: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None
        if len(self.connections) > self.limits.connections:
            transport.close()
            return
        self._start()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clocks (called by the event loop)."""
        self._stop()
        self.resume_writing()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Start the clock of a client that does not read (called by the event loop)."""
        super().pause_writing()
        self._stalled = self.loop.call_later(_READING_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """Stop it (called by the event loop)."""
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None
        super().resume_writing()

    def data_received(self, data: bytes) -> None:
        """Take in a part of a request (called by the event loop)."""
        if self._heading:
            if self._taken > self.limits.head:
                self.transport.close()
                return
            self._taken += len(data)
        super().data_received(data)
        if self._heading and self._timer is None:
            self._start()  # most heads come whole and need no clock

    def on_message_begin(self) -> None:
        """Begin a request (called by the parser)."""
        super().on_message_begin()
        self._held = 0
        if not self._heading:
            self._heading, self._taken = True, 0

    def on_url(self, url: bytes) -> None:
        """Take in a part of the address (called by the parser)."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take in a header (called by the parser)."""
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Stop the clock: what follows is the application's to bound (called by the parser)."""
        self._heading = False
        self._stop()
        super().on_headers_complete()

    def _count(self, size: int) -> None:
        self._held += size
        if self._held > self.limits.head:
            raise ValueError("the head of a request is too large")

    def _start(self) -> None:
        self._timer = self.loop.call_later(_HEAD_SECONDS, self.transport.close)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def serve(settings: Settings, host: str, port: int, announce: Any) -> None:
    """Serve until SIGTERM or SIGINT; what runs then is finished. Raises UsageError for no port.

    `announce` is called with the address once the port is taken.
    """
    listening = _listen(host, port)
    taken = listening.getsockname()[1]
    announce(f"http://{f'[{host}]' if ':' in host else host}:{taken}/")
    config = uvicorn.Config(
        application(settings),
        http=type("Bounded", (Connection,), {"limits": settings.limits}),
        lifespan="on",
        ws="none",
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=int(settings.limits.seconds) + 5,
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)  # what uvicorn hands on after its own shutdown
    server = uvicorn.Server(config)
    gc.freeze()  # what is here stays, and need not be looked through again and again
    server.run([listening])
    if not server.started:
        raise StoreError(f"{settings.location}: expected a store that can be served, found none")


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(1024)
    except (OSError, OverflowError) as error:
        raise UsageError(f"{host}:{port}: expected a free address to serve at: {error}") from None
    return listening
