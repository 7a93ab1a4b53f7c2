"""An HTTP client that ends: an answer has a most of bytes, and a time by which it must be whole."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Mapping
from typing import Any

import httpx2

MOST = 8 << 20


class BoundedClient(httpx2.Client):
    """A client that reads every answer whole, within `seconds` and `most` bytes, or raises.

    A timeout of httpx2 is for each read, which an answer that drips never overruns; here the
    connection is shut when the time is over, whatever it is at.
    """

    def __init__(self, seconds: float, most: int = MOST) -> None:
        super().__init__(
            timeout=seconds,
            follow_redirects=False,
            # Each request opens its own connection, which is how the deadline gets hold of it.
            limits=httpx2.Limits(max_keepalive_connections=0),
            # A few bytes that are compressed may stand for more than any memory holds.
            headers={"Accept-Encoding": "identity"},
        )
        self.seconds, self.most = seconds, most

    def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        """Send a request; raises ReadTimeout where the answer is not whole in time."""
        deadline = _Deadline(self.seconds)
        request.extensions = {**request.extensions, "trace": deadline.watch}
        with deadline:
            try:
                found = super().send(request, **{**options, "stream": True})
                with contextlib.closing(found):
                    data = self._body(found)
            except httpx2.TransportError:
                if not deadline.over:
                    raise
            if deadline.over:
                raise httpx2.ReadTimeout(f"no whole answer in {self.seconds:g} s", request=request)
        return httpx2.Response(
            found.status_code, headers=found.headers, content=data, request=request
        )

    def _body(self, found: httpx2.Response) -> bytes:
        coding = found.headers.get("Content-Encoding", "identity")
        if coding != "identity":
            raise httpx2.DecodingError(f"expected an answer as it is, found it as {coding}")
        data = bytearray()
        for chunk in found.iter_raw():
            data += chunk
            if len(data) > self.most:
                raise httpx2.ReadError(f"expected at most {self.most} bytes, found more")
        return bytes(data)


class _Deadline:
    """Shuts the connection that a request opened, once so many seconds have passed."""

    def __init__(self, seconds: float) -> None:
        self.over = False
        self._lock = threading.Lock()
        self._opened: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()

    def watch(self, event: str, told: Mapping[str, Any]) -> None:
        """Take note of a connection; the pool calls this at each step of a request."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            with self._lock:
                self._opened.append(told["return_value"].get_extra_info("socket"))
            if self.over:
                self._end()

    def _end(self) -> None:
        self.over = True
        with self._lock:
            for each in self._opened:
                with contextlib.suppress(OSError):  # it may be closed by now
                    each.shutdown(socket.SHUT_RDWR)
