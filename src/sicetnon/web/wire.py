"""What crosses between the server and its engines: a question out, an answer back.

A frame is two lengths (8 bytes, big-endian, of the head and of the body), a head in JSON, and a
body in bytes: what was sent along with a question, or what is answered. JSON and not pickle: an
engine that a query has broken must not be able to run code in the server.
"""

from __future__ import annotations

import json
import struct
from functools import lru_cache
from typing import Any, BinaryIO, NamedTuple

Question = dict[str, Any]

_LENGTHS = struct.Struct(">II")
_SHORT = 1024  # bytes of a head up to which it is kept
LENGTHS = _LENGTHS.size


class Answer(NamedTuple):
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


def pack(question: Question, body: bytes = b"") -> bytes:
    """Return a question as a frame: equal questions give equal bytes."""
    return frame(head(question), body)


def head(question: Question) -> bytes:
    """Return what stands in the head of a question's frame."""
    text = json.dumps(question, ensure_ascii=False, sort_keys=True)
    return text.encode("utf-8", "surrogatepass")


def unpack(head: bytes, body: bytes) -> Question:
    """Return the question that a frame holds; what was sent along is its `body`."""
    asked = _fields(head) if len(head) < _SHORT else _fields.__wrapped__(head)
    return {**asked, "body": body}


def frame(head: bytes, body: bytes = b"") -> bytes:
    """Return a head and a body as one frame."""
    return _LENGTHS.pack(len(head), len(body)) + head + body


def lengths(data: bytes | bytearray) -> tuple[int, int]:
    """Return the lengths of head and body that a frame announces."""
    head, body = _LENGTHS.unpack_from(data)
    return head, body


def seal(answer: Answer) -> bytes:
    """Return an answer as a frame."""
    return frame(_sealed(answer._replace(body=b"")), answer.body)


def unseal(head: bytes, body: bytes) -> Answer:
    """Return the answer that a frame holds."""
    return _unsealed(head)._replace(body=body)


def receive(line: BinaryIO) -> tuple[bytes, bytes] | None:
    """Wait for a frame; nothing when the other side has gone."""
    announced = line.read(LENGTHS)
    if len(announced) < LENGTHS:
        return None
    head, body = lengths(announced)
    data = line.read(head + body)
    return None if len(data) < head + body else (data[:head], data[head:])


# Most questions and most answers have a head that others had before.


@lru_cache(maxsize=64)
def _fields(head: bytes) -> Question:
    found: Question = json.loads(head)
    return found


@lru_cache(maxsize=64)
def _sealed(answer: Answer) -> bytes:
    fields = answer._asdict()
    del fields["body"]
    return json.dumps(fields).encode()


@lru_cache(maxsize=64)
def _unsealed(head: bytes) -> Answer:
    fields: dict[str, Any] = json.loads(head)
    fields["headers"] = tuple((name, value) for name, value in fields["headers"])
    return Answer(**fields)
