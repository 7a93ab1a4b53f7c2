"""A SPARQL service on loopback that answers truly until it is told how to fail."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pyoxigraph as ox

_JSON = "application/sparql-results+json"


class FakeService(ThreadingHTTPServer):
    """The service; each entry of `faults` befalls one request, in order, and then all is well.

    `update:` before a fault lets it wait for an update; `asked` keeps what came in.
    """

    daemon_threads = True

    def __init__(self, *, union: bool = True) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.engine, self.union = ox.Store(), union
        self.faults: list[str] = []
        self.asked: list[tuple[str, str]] = []
        self.authorizations: list[str | None] = []
        self.wanted: str | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/query"

    def next_fault(self, kind: str) -> str:
        if self.faults and not (self.faults[0].startswith("update:") and kind != "update"):
            return self.faults.pop(0).removeprefix("update:")
        return ""


@contextmanager
def running(*, union: bool = True) -> Iterator[FakeService]:
    with FakeService(union=union) as service:
        thread = threading.Thread(target=service.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield service
        finally:
            service.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: FakeService
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        ((kind, text),) = ((k, v) for k, v in form.items() if k in {"query", "update"})
        self.server.asked.append((kind, text))
        self.server.authorizations.append(self.headers["Authorization"])
        self.close_connection = True
        if self.server.wanted and self.headers["Authorization"] != self.server.wanted:
            self._send(401, "text/plain", b"who are you?")
            return
        self._fail(self.server.next_fault(kind), kind, text)

    def _fail(self, fault: str, kind: str, text: str) -> None:
        name, _, rest = fault.partition(" ")
        if name.isdecimal():
            headers = {"Retry-After": rest} if rest else {}
            self._send(int(name), "text/plain", b"the disk is full\nat line 3", headers)
        elif name == "lost-before":
            self.connection.close()
        elif name == "silent":
            threading.Event().wait(2)
        elif name == "redirect":
            self._send(302, "text/plain", b"", {"Location": rest})
        elif name == "html":
            self._send(200, "text/html", b"<html>Please log in</html>")
        else:
            self._answered(name, rest, *self._answer(kind, text))

    def _answered(self, name: str, rest: str, media: str, data: bytes) -> None:
        half = data[: len(data) // 2]
        match name:
            case "lost-after":
                self.connection.close()
            case "truncated":
                self._send(200, media, half)
            case "cut":
                self._send(200, media, half, length=len(data))
            case "header":
                header, _, value = rest.partition(": ")
                self._send(200, media, data, {header: value})
            case _:
                self._send(200, media, data)

    def _answer(self, kind: str, text: str) -> tuple[str, bytes]:
        if kind == "update":
            self.server.engine.update(text)
            return "text/plain", b"done"
        answer = self.server.engine.query(text, use_default_graph_as_union=self.server.union)
        if isinstance(answer, ox.QueryTriples):
            data = answer.serialize(format=ox.RdfFormat.N_TRIPLES)
            return "application/n-triples", data or b""
        return _JSON, answer.serialize(format=ox.QueryResultsFormat.JSON) or b""

    def _send(
        self,
        code: int,
        media: str,
        data: bytes,
        headers: dict[str, str] | None = None,
        length: int | None = None,
    ) -> None:
        with suppress(OSError):
            self.send_response(code)
            self.send_header("Content-Type", media)
            self.send_header("Content-Length", str(len(data) if length is None else length))
            self.send_header("Connection", "close")
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
