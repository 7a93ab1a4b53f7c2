"""A language model that is none: answers that we made up, served over HTTP on the loopback.

They are synthetic. They show what the program does with an answer, and nothing about any model.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """One reply: a text of the model, or a body, status and headers as they are sent."""

    text: str | None = None
    status: int = 200
    body: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    refusal: str | None = None
    delay: float = 0.0

    def bytes(self) -> bytes:
        if self.body is not None:
            return self.body.encode()
        message = {"role": "assistant", "content": self.text, "refusal": self.refusal}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        answer = {"id": "x", "object": "chat.completion", "created": 0, "model": "synthetic"}
        return json.dumps({**answer, "choices": [choice]}).encode()


Script = Sequence[Reply] | Callable[[dict[str, Any]], Reply]


@dataclass
class Served:
    """What a server was asked, and where it is."""

    url: str
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


@contextmanager
def serve(script: Script) -> Iterator[Served]:
    """Serve replies in their order, the last one for ever, or as a function of the request."""
    served = Served("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            served.requests.append(asked)
            served.headers.append({key.lower(): value for key, value in self.headers.items()})
            served.paths.append(self.path)
            if callable(script):
                reply = script(asked)
            else:
                reply = script[min(len(served.requests), len(script)) - 1]
            time.sleep(reply.delay)
            data = reply.bytes()
            self.send_response(reply.status)
            for name, value in (("Content-Type", "application/json"), *reply.headers):
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    served.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
