"""What crosses between the server and its engines: a question out, an answer back.

A frame is two lengths (8 bytes, big-endian, of the head and of the body), a head in JSON, and a
body in bytes. JSON and not pickle: an engine that a query has broken must not be able to run code
in the server.
"""

from __future__ import annotations

import json
import socket
import struct
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

Question = dict[str, Any]

_LENGTHS = struct.Struct(">II")
LENGTHS = _LENGTHS.size


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, a body and its media type; `problem` names what went wrong, where something did.

    `lasting` says that the same question gets the same answer until the store changes; `spent`
    that the engine has grown and wants to be replaced.
    """

    status: int = 200
    media: str = ""
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    problem: str = ""
    lasting: bool = True
    spent: bool = False


def problem(status: int, name: str, detail: str) -> Answer:
    """Return an answer that says what was expected and what was found."""
    return Answer(status, "text/plain", detail.encode(), problem=name, lasting=False)


def pack(question: Question) -> bytes:
    """Return a question as its bytes: equal questions give equal bytes."""
    return json.dumps(question, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")


def frame(head: bytes, body: bytes = b"") -> bytes:
    """Return a head and a body as one frame."""
    return _LENGTHS.pack(len(head), len(body)) + head + body


def lengths(data: bytes | bytearray) -> tuple[int, int]:
    """Return the lengths of head and body that a frame announces."""
    head, body = _LENGTHS.unpack_from(data)
    return head, body


def seal(answer: Answer) -> bytes:
    """Return an answer as a frame."""
    head = {
        "status": answer.status,
        "media": answer.media,
        "headers": answer.headers,
        "problem": answer.problem,
        "lasting": answer.lasting,
        "spent": answer.spent,
    }
    return frame(json.dumps(head).encode(), answer.body)


def unseal(head: bytes, body: bytes) -> Answer:
    """Return the answer that a frame holds."""
    return Answer(body=body, **_head(head))


@lru_cache(maxsize=64)
def _head(head: bytes) -> dict[str, Any]:
    """Return the fields of a head; most answers have the same."""
    fields: dict[str, Any] = json.loads(head)
    fields["headers"] = tuple((name, value) for name, value in fields["headers"])
    return fields


def receive(line: socket.socket) -> tuple[bytes, bytes] | None:
    """Wait for a frame; nothing when the other side has gone."""
    announced = _exactly(line, LENGTHS)
    if announced is None:
        return None
    head, body = lengths(announced)
    data = _exactly(line, head + body)
    return None if data is None else (data[:head], data[head:])


def _exactly(line: socket.socket, count: int) -> bytes | None:
    data = bytearray()
    while len(data) < count:
        chunk = line.recv(min(count - len(data), 1 << 20))
        if not chunk:
            return None
        data += chunk
    return bytes(data)
