"""What every request passes: whose name it calls, what every response carries, one line of log."""

from __future__ import annotations

import asyncio
import hmac
import json
import sys
import time
import traceback
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Router
from starlette.types import Message, Receive, Scope, Send

from sicetnon.web import pages, responses
from sicetnon.web.hosts import Hosts
from sicetnon.web.pool import BusyError, ClientGoneError
from sicetnon.web.requests import RefusedError

Report = Callable[[dict[str, Any]], None]
Answering = Callable[[Request], Awaitable[Response]]

_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
}
_CORS = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "ETag, Link, Location, X-Total-Count, Retry-After",
}
_LONGEST = 2000
_DIRECT = {"GET", "HEAD", "POST"}


class Guard:
    """Wraps the application; what `direct` answers by its path goes past the router."""

    def __init__(
        self,
        router: Router,
        hosts: Iterable[str],
        report: Report,
        direct: Mapping[str, Answering],
        *,
        cors: bool,
    ) -> None:
        self._router = router
        self._direct = direct
        self._hosts = Hosts(hosts)
        self._report = report
        carried = _HEADERS | {"content-security-policy": pages.policy()} | (_CORS if cors else {})
        self._headers = [(name.encode(), value.encode()) for name, value in carried.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (called by the server)."""
        if scope["type"] != "http":
            await self._router(scope, receive, send)
            return
        began, seen = time.perf_counter(), {"status": 0, "bytes": 0}

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
                message["headers"] = [*message["headers"], *self._headers]
            else:
                seen["bytes"] += len(message.get("body", b""))
            await send(message)

        scope["app"] = self  # the router then raises what it refuses, and does not answer itself
        error = await self._serve(scope, receive, sending, seen)
        self._report(_line(scope, seen, began, error))

    async def _serve(self, scope: Scope, receive: Receive, send: Send, seen: dict[str, int]) -> str:
        request, error = Request(scope, receive), ""
        try:
            response = self._before(request)
            if response is None:
                direct = self._direct.get(scope["path"])
                if direct is None or scope["method"] not in _DIRECT:
                    await self._router(scope, receive, send)
                    return ""
                response = await direct(request)
        except HTTPException as refused:
            response = _unrouted(request, refused)
        except RefusedError as refused:
            headers = {"www-authenticate": "Bearer"} if refused.status == 401 else {}
            response = responses.problem(
                request, refused.status, refused.problem, str(refused), headers
            )
        except BusyError as busy:
            response = responses.problem(request, 503, "busy", str(busy))
        except ClientGoneError:
            seen["status"] = 499  # as proxies write it: nobody reads a response any more
            return ""
        except Exception:
            error = traceback.format_exc()
            response = responses.problem(
                request, 500, "fault", "an unexpected fault; the server's log has its trace"
            )
        if not seen["status"]:
            await response(scope, receive, send)
        return error

    def _before(self, request: Request) -> Response | None:
        """Answer what needs no application: another's name, and OPTIONS."""
        self._hosts.check(request)
        if request.scope["method"] != "OPTIONS":
            return None
        methods = self._methods(request.scope)
        if not methods:
            raise RefusedError(404, "not-found", f"expected a resource, found {request.url.path}")
        allowed = ", ".join(sorted(methods | {"OPTIONS"}))
        headers = {
            "allow": allowed,
            "access-control-allow-methods": allowed,
            "access-control-allow-headers": "Accept, Authorization, Content-Type, If-None-Match",
            "access-control-max-age": "86400",
        }
        return Response(status_code=204, headers=headers)

    def _methods(self, scope: Scope) -> set[str]:
        found: set[str] = set()
        for route in self._router.routes:
            match, _ = route.matches(scope)
            if match is not Match.NONE:
                found |= getattr(route, "methods", None) or set()
        return found


def permits(headers: Headers, token: str) -> bool:
    """Say whether a request carries the token (RFC 6750), in time that tells nothing of it."""
    scheme, _, given = headers.get("authorization", "").partition(" ")
    right = hmac.compare_digest(given.strip().encode(), token.encode())
    return right and scheme.lower() == "bearer" and bool(token)


def to_stream(stream: Any = None) -> Report:
    """Return what writes each request as a line of JSON.

    Requests that end in one turn of the event loop are written together, at its end.
    """
    ended: list[str] = []

    def write() -> None:
        target = sys.stderr if stream is None else stream
        target.write("".join(ended))
        target.flush()
        ended.clear()

    def report(line: dict[str, Any]) -> None:
        if not ended:
            asyncio.get_running_loop().call_soon(write)
        ended.append(json.dumps(line, ensure_ascii=True) + "\n")

    return report


def _unrouted(request: Request, refused: HTTPException) -> Response:
    headers = dict(refused.headers or {})
    if refused.status_code != 405:
        words = f"expected a resource, found {request.url.path}"
        return responses.problem(request, refused.status_code, "not-found", words, headers)
    words = f"expected {headers.get('Allow', 'another method')}, found {request.method}"
    return responses.problem(request, 405, "method", words, headers)


@lru_cache(maxsize=2)
def _told(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))


def _line(scope: Scope, seen: dict[str, int], began: float, error: str) -> dict[str, Any]:
    query = scope["query_string"].decode("latin-1")
    line = {
        "time": _told(int(time.time())),
        "client": (scope.get("client") or ("",))[0],
        "method": scope["method"],
        "path": scope["path"][:_LONGEST],
        "query": query[:_LONGEST],
        "status": seen["status"],
        "bytes": seen["bytes"],
        "ms": round(1000 * (time.perf_counter() - began), 2),
    }
    return line | ({"error": error} if error else {})
