"""Answers as responses: their headers, and problems in a form that the client reads (RFC 9457)."""

from __future__ import annotations

import json
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from sicetnon.web import media, pages
from sicetnon.web.wire import Answer

_CHUNK = 1 << 18
_RETRY_SECONDS = "1"
_VARY = "Accept, Accept-Encoding, Host"


def of(request: Request, answer: Answer, tag: str = "") -> Response:
    """Return an answer as a response."""
    if answer.problem:
        return problem(request, answer.status, answer.problem, answer.body.decode())
    headers = dict(answer.headers) | {"vary": _VARY, "cache-control": "no-cache"}
    if tag and answer.lasting and answer.status == 200:
        headers["etag"] = tag
    if answer.media:
        headers["content-type"] = media.content_type(answer.media)
    if len(answer.body) <= _CHUNK:
        return Response(answer.body, answer.status, headers)
    headers["content-length"] = str(len(answer.body))
    parts = (answer.body[at : at + _CHUNK] for at in range(0, len(answer.body), _CHUNK))
    return StreamingResponse(parts, answer.status, headers)


def unchanged(tag: str) -> Response:
    """Say that the client has the answer already."""
    return Response(status_code=304, headers={"etag": tag, "vary": _VARY})


def has(request: Request, tag: str) -> bool:
    """Say whether the client holds what a tag names (RFC 9110, section 13.1.2)."""
    held = request.headers.get("if-none-match")
    if held is None:
        return False
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
