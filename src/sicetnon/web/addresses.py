"""What every address shares: it asks an engine, or answers from what is at hand."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from sicetnon.web import media, responses
from sicetnon.web.limits import Limits
from sicetnon.web.pool import Gone, Pool
from sicetnon.web.requests import header
from sicetnon.web.responses import Unsent
from sicetnon.web.wire import Answer, pack

READ = ["GET", "HEAD"]
PATH = "/:@!$&'()*+,;=~"


class Addresses:
    """Some addresses of the server; `token` is empty where it only reads."""

    def __init__(self, pool: Pool, limits: Limits, unsent: Unsent, token: str = "") -> None:
        self.pool = pool
        self.limits = limits
        self.unsent = unsent
        self.token = token

    async def ask(self, request: Request, question: dict[str, Any]) -> Response:
        """Answer from what is at hand, from the client's own copy, or from an engine."""
        question["gzip"] = media.encodes(header(request, b"accept-encoding"))
        return await self.answer(request, pack(question))

    async def answer(self, request: Request, question: bytes) -> Response:
        """Answer a question that is packed already."""
        now = self.pool.now
        tag = now.tag(question) if request.scope["method"] in READ else ""
        if tag and responses.has(header(request, b"if-none-match"), tag):
            return responses.unchanged(tag)
        answer: Answer | None = now.kept(question)
        if answer is None:
            answer = await self.pool.ask(question, gone(request))
            if now is self.pool.now:
                now.keep(question, answer)
        return responses.of(request, answer, self.unsent, tag)


def page(body: bytes) -> Response:
    """Return a page of HTML as a response."""
    return Response(body, media_type=media.HTML, headers={"cache-control": "no-cache"})


def origin(request: Request) -> str:
    """Return the address of the server, as the client calls it."""
    return f"{request.scope['scheme']}://{header(request, b'host')}"


def gone(request: Request) -> Gone:
    """Return what waits until the client hangs up."""

    async def gone() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    return gone
