"""What every address shares: it asks an engine, or answers from what is at hand."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from sicetnon.web import media, responses
from sicetnon.web.limits import Limits
from sicetnon.web.pool import Gone, Pool
from sicetnon.web.wire import Answer, pack

READ = ["GET", "HEAD"]
PATH = "/:@!$&'()*+,;=~"


class Addresses:
    """Some addresses of the server; `token` is empty where it only reads."""

    def __init__(self, pool: Pool, limits: Limits, token: str = "") -> None:
        self.pool = pool
        self.limits = limits
        self.token = token

    async def ask(self, request: Request, question: dict[str, Any]) -> Response:
        """Answer from what is at hand, from the client's own copy, or from an engine."""
        question["gzip"] = media.encodes(request.headers.get("accept-encoding", ""))
        packed, now = pack(question), self.pool.now
        tag = now.tag(packed) if request.method in READ else ""
        if tag and responses.has(request, tag):
            return responses.unchanged(tag)
        answer: Answer | None = now.kept(packed)
        if answer is None:
            answer = await self.pool.ask(packed, gone(request))
            if now is self.pool.now:
                now.keep(packed, answer)
        return responses.of(request, answer, tag)


def page(body: bytes) -> Response:
    """Return a page of HTML as a response."""
    return Response(body, media_type=media.HTML, headers={"cache-control": "no-cache"})


def header(request: Request) -> str:
    """Return the Accept header; empty where there is none."""
    return str(request.headers.get("accept", ""))


def origin(request: Request) -> str:
    """Return the address of the server, as the client calls it."""
    return f"{request.scope['scheme']}://{request.headers['host']}"


def gone(request: Request) -> Gone:
    """Return what waits until the client hangs up."""

    async def gone() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    return gone
