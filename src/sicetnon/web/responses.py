"""Answers as responses: their headers, and problems in a form that the client reads (RFC 9457)."""

from __future__ import annotations

import asyncio
import json
from functools import lru_cache
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from sicetnon.web import media, pages
from sicetnon.web.pool import BusyError
from sicetnon.web.wire import Answer

_CHUNK = 1 << 18
_RETRY_SECONDS = "1"
_VARY = "Accept, Accept-Encoding, Host"


class Reply(Response):
    """A response with fields of its head that are encoded already."""

    def __init__(self, body: bytes, fields: list[tuple[bytes, bytes]]) -> None:
        self.status_code = 200
        self.background = None
        self.body = body
        self.raw_headers = fields


class Unsent:
    """The bytes of large answers that clients have yet to take, of which there may be so many."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.now = 0

    def expect(self, size: int) -> None:
        """Raise BusyError where there is no room for an answer of this size."""
        if self.now + size > self.most:
            raise BusyError(
                "expected room for the answer, found too many answers that clients have not read "
                "yet; ask again later"
            )


class Parts(Reply):
    """A large response, sent in parts as the client takes them."""

    def __init__(self, body: bytes, fields: list[tuple[bytes, bytes]], unsent: Unsent) -> None:
        super().__init__(body, fields)
        self._unsent = unsent
        unsent.expect(len(body))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it (called by the server)."""
        del scope, receive
        size = len(self.body)
        self._unsent.now += size
        try:
            start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
            await send(start)
            for at in range(0, size, _CHUNK):
                part, more = self.body[at : at + _CHUNK], at + _CHUNK < size
                await send({"type": "http.response.body", "body": part, "more_body": more})
                await asyncio.sleep(0)  # what is sent leaves at the end of a turn
        finally:
            self._unsent.now -= size


def of(request: Request, answer: Answer, unsent: Unsent, tag: str = "") -> Response:
    """Return an answer as a response."""
    if answer.problem:
        return problem(request, answer.status, answer.problem, answer.body.decode())
    if answer.status != 200:
        return Response(answer.body, answer.status, _headers(answer.media, answer.headers))
    size = len(answer.body)
    fields = [*_fields(answer.media, answer.headers), (b"content-length", b"%d" % size)]
    if tag and answer.lasting:
        fields.append((b"etag", tag.encode()))
    if size > _CHUNK:
        return Parts(answer.body, fields, unsent)
    return Reply(answer.body, fields)


def _headers(form: str, own: tuple[tuple[str, str], ...]) -> dict[str, str]:
    found = dict(own) | {"vary": _VARY, "cache-control": "no-cache"}
    return found | ({"content-type": media.content_type(form)} if form else {})


@lru_cache(maxsize=64)
def _fields(form: str, own: tuple[tuple[str, str], ...]) -> tuple[tuple[bytes, bytes], ...]:
    headers = _headers(form, own).items()
    return tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in headers)


def unchanged(tag: str) -> Response:
    """Say that the client has the answer already."""
    return Response(status_code=304, headers={"etag": tag, "vary": _VARY})


def has(held: str, tag: str) -> bool:
    """Say whether an If-None-Match header has what a tag names (RFC 9110, section 13.1.2)."""
    return held.strip() == "*" or tag in {each.strip() for each in held.split(",")}


def problem(
    request: Request, status: int, name: str, detail: str, headers: dict[str, str] | None = None
) -> Response:
    """Say what was expected and what was found, as a page to people and as JSON to programs."""
    accept = request.headers.get("accept", "")
    title = HTTPStatus(status).phrase
    headers = {"vary": "Accept", "cache-control": "no-store"} | (headers or {})
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["retry-after"] = _RETRY_SECONDS
    if media.choose(accept, (media.PROBLEM, media.HTML), aliases=False) == media.HTML:
        body = pages.write("problem.html.j2", status=status, title=title, detail=detail)
        return Response(body, status, headers, media.HTML)
    told = {
        "type": f"tag:w3id.org,2026:sicetnon:{name}",
        "title": title,
        "status": status,
        "detail": detail,
    }
    return Response(json.dumps(told, ensure_ascii=False), status, headers, media.PROBLEM)
