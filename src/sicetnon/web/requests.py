"""What a request asks for, by the SPARQL 1.1 Protocol and by the addresses of the API."""

from __future__ import annotations

import asyncio
import re
from binascii import a2b_qp
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from starlette.requests import ClientDisconnect, Request

from sicetnon.errors import SicetnonError
from sicetnon.web import media
from sicetnon.web.limits import Limits

Pairs = list[tuple[str, str]]

_BODY_SECONDS = 30.0
_MOST_FIELDS = 500
_SHORT = 4096
_ODD = re.compile(rb"%(?![0-9A-Fa-f]{2})")  # which stands for itself


class RefusedError(SicetnonError):
    """A request that gets no answer but why: a status, the name of the problem, and words."""

    def __init__(self, status: int, problem: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Operation:
    """A query or an update (`kind` is empty for neither), and the dataset that it is for."""

    kind: str
    text: str = ""
    default: list[str] | None = None
    named: list[str] | None = None


def header(request: Request, name: bytes = b"accept") -> str:
    """Return a header by its name in small letters, the first of several; empty where it is not."""
    for each, value in request.scope["headers"]:
        if each == name:
            return str(value, "latin-1")
    return ""


async def operation(request: Request, limits: Limits) -> Operation:
    """Read the operation of a request to the endpoint (SPARQL 1.1 Protocol, section 2)."""
    fields = pairs(request.scope["query_string"])
    if request.method in {"GET", "HEAD"}:
        return reading(fields)
    kind, charset = content_type(request)
    if charset not in {"", "utf-8", "utf8"}:
        raise RefusedError(415, "charset", f"expected UTF-8, found {charset}")
    data = await body(request, limits)
    if kind == media.FORM:
        fields += pairs(data)
        query, update = _one(fields, "query"), _one(fields, "update")
        if (query is None) == (update is None):
            raise RefusedError(400, "fields", "expected either a query or an update in the form")
        return _of(fields, "query" if update is None else "update", query or update or "")
    if kind not in {media.QUERY, media.UPDATE}:
        raise RefusedError(
            415,
            "media-type",
            f"expected {media.FORM}, {media.QUERY} or {media.UPDATE}, found {kind or 'no type'}",
        )
    return _of(fields, kind.rpartition("-")[2], decoded(data))


def reading(fields: Pairs) -> Operation:
    """Return the operation of a request that only reads (section 2.1.1)."""
    if any(name == "update" for name, _ in fields):
        raise RefusedError(405, "method", "expected an update by POST, found one by GET")
    return _of(fields, "query", _one(fields, "query"))


def dataset(fields: Pairs, kind: str) -> tuple[list[str] | None, list[str] | None]:
    """Return the graphs that a request names, or nothing where it names none."""
    prefix = "" if kind == "query" else "using-"
    names = ("default-graph-uri", "named-graph-uri") if not prefix else _USING
    default, named = ([value for key, value in fields if key == name] for name in names)
    return (default, named) if default or named else (None, None)


_USING = ("using-graph-uri", "using-named-graph-uri")


def pairs(data: bytes) -> Pairs:
    """Return the fields of a query string or a form."""
    return list(_parsed(data) if len(data) < _SHORT else _parsed.__wrapped__(data))


@lru_cache(maxsize=512)
def _parsed(data: bytes) -> tuple[tuple[str, str], ...]:
    fields = data.split(b"&")
    if len(fields) > _MOST_FIELDS:
        raise RefusedError(400, "fields", f"expected fewer fields, found {len(fields)}")
    try:
        data.decode("ascii")
        return tuple(
            (_plain(name), _plain(value))
            for name, _, value in (field.partition(b"=") for field in fields if field)
        )
    except UnicodeDecodeError:
        raise RefusedError(400, "encoding", "expected fields in UTF-8, found other bytes") from None


def _plain(coded: bytes) -> str:
    """Return what a part of a field stands for (URL Standard, application/x-www-form-urlencoded).

    A query has an escape for every second letter, and the decoder of another form with two hex
    digits (quoted-printable, `=20` for `%20`) is ten times as fast as that of the form itself.
    """
    coded = coded.replace(b"+", b" ")
    if b"%" not in coded:
        return coded.decode()
    if _ODD.search(coded):
        return unquote_to_bytes(coded).decode()
    return a2b_qp(coded.replace(b"=", b"%3D").replace(b"%", b"=")).decode()


def content_type(request: Request) -> tuple[str, str]:
    """Return the media type of a body and its charset, both in small letters."""
    kind, _, rest = request.headers.get("content-type", "").lower().partition(";")
    charset = ""
    for parameter in rest.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name == "charset":
            charset = value.strip('"')
    return kind.strip(), charset


async def body(request: Request, limits: Limits) -> bytes:
    """Read a body of bounded size within bounded time."""
    data = bytearray()
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            async for chunk in request.stream():
                data += chunk
                if len(data) > limits.body:
                    most = limits.body >> 20
                    raise RefusedError(
                        413, "body-limit", f"expected a body of at most {most} MiB, found more"
                    )
    except TimeoutError:
        raise RefusedError(408, "slow-body", "expected the body within 30 s, found less") from None
    except ClientDisconnect:
        raise RefusedError(400, "gone", "expected a whole body, found a part") from None
    return bytes(data)


def decoded(data: bytes) -> str:
    """Return the text of a body."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise RefusedError(400, "encoding", "expected UTF-8, found other bytes") from None


def single(fields: Pairs) -> dict[str, str]:
    """Return fields by name; raises RefusedError where one is given twice."""
    found: dict[str, str] = {}
    for name, value in fields:
        if name in found:
            raise RefusedError(400, "fields", f"expected one value for {name}, found two")
        found[name] = value
    return found


def whole(given: dict[str, str], name: str, default: int, most: int) -> int:
    """Take a number out of the fields; raises RefusedError where it is none, or out of bounds."""
    text = given.pop(name, str(default))
    if not (text.isascii() and text.isdecimal() and len(text) <= 12 and int(text) <= most):
        raise RefusedError(
            400, "bad-parameter", f"expected {name} to be a number up to {most}, found {text!r}"
        )
    return int(text)


def _one(fields: Pairs, name: str) -> str | None:
    found = [value for key, value in fields if key == name]
    if len(found) > 1:
        raise RefusedError(400, "fields", f"expected one {name}, found {len(found)}")
    return found[0] if found else None


def _of(fields: Pairs, kind: str, text: str | None) -> Operation:
    if text is None:
        return Operation("")
    default, named = dataset(fields, kind)
    return Operation(kind, text, default, named)


def accepted(header: str, fields: Mapping[str, str], *, strict: bool = False) -> str:
    """Return what the client accepts: a form named in the address goes before the Accept header.

    The protocol knows no field `format`, and clients send all kinds of words in it along with a
    good header: what is not one of ours is passed over, unless `strict`.
    """
    name = fields.get("format")
    if name in media.SHORT:
        return media.SHORT[name]
    if name is not None and strict:
        known = ", ".join(media.SHORT)
        raise RefusedError(400, "bad-parameter", f"expected format to be one of {known}")
    return header
