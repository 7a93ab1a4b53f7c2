"""A process for one change of the store: it opens the store, changes it, and ends."""

from __future__ import annotations

import re
import secrets
import signal
import socket
from email.parser import BytesParser
from email.policy import HTTP

import pyoxigraph as ox
from pyoxigraph import NamedNode

from sicetnon import query
from sicetnon import store as stores
from sicetnon.errors import SicetnonError, StoreError, UsageError
from sicetnon.query.tokens import bound, using
from sicetnon.store import EmbeddedStore
from sicetnon.web import graphs, media
from sicetnon.web.limits import Limits
from sicetnon.web.wire import Answer, Question, problem, receive, seal, unpack

_OUTSIDE = re.compile("load|service", re.IGNORECASE)


def work(location: str, line: socket.socket, limits: Limits) -> None:
    """Carry out one change and answer it."""
    received = receive(line.makefile("rb"))
    if received is None:
        return
    question = unpack(*received)
    signal.setitimer(signal.ITIMER_REAL, limits.seconds)
    answer = _carried_out(location, question)
    signal.setitimer(signal.ITIMER_REAL, 0)
    line.sendall(seal(answer))


def _carried_out(location: str, question: Question) -> Answer:
    body: bytes = question["body"]
    try:
        if question["op"] == "update":
            return _update(location, question, body.decode())
        deleting = question["method"] == "DELETE"
        payloads = [] if deleting else _payloads(question["media"], body)
        return graphs.write(_opened(location), question, payloads)
    except UsageError as error:
        return problem(400, "bad-request", str(error))
    except SyntaxError as error:
        found = " ".join(str(error).split())[:300]
        return problem(400, "malformed-update", f"the update does not parse: {found}")
    except StoreError as error:
        return problem(503, "store", str(error))
    except SicetnonError as error:
        return problem(400, "bad-request", str(error))


def _update(location: str, question: Question, text: str) -> Answer:
    default, named = (_nodes(question[each] or []) for each in ("default", "named"))
    bound(text)
    text = using(query.with_prefixes(text), default, named)
    _stay_within(text, question["base"])
    _opened(location).engine.update(text, base_iri=question["base"])
    return Answer(204)


def _stay_within(text: str, base: str) -> None:
    """Refuse an update that would fetch (LOAD) or ask elsewhere (SERVICE).

    As for queries, the engine's own parser decides: an update that parses when both are other words
    uses neither as a keyword. It runs on an empty store in memory.
    """
    if not _OUTSIDE.search(text):
        return
    try:
        ox.Store().update(_OUTSIDE.sub("w" + secrets.token_hex(12), text), base_iri=base)
    except SyntaxError:
        raise UsageError(
            "expected an update of this store, found LOAD or SERVICE, which would fetch from "
            "elsewhere, or an update that does not parse"
        ) from None


def _opened(location: str) -> EmbeddedStore:
    opened = stores.connect(location, write=True)
    if not isinstance(opened, EmbeddedStore):
        raise StoreError(f"{location}: expected a store on this machine, found another kind")
    return opened


def _nodes(names: list[str]) -> list[NamedNode]:
    try:
        return [NamedNode(name) for name in names]
    except ValueError as error:
        raise UsageError(f"expected the IRI of a graph: {error}") from None


def _payloads(content_type: str, body: bytes) -> list[tuple[str, bytes]]:
    """Return the parts of a payload: one, or those of a form (multipart/form-data)."""
    if not content_type.startswith("multipart/form-data"):
        return [(_known(content_type), body)]
    message = BytesParser(policy=HTTP).parsebytes(
        b"Content-Type: " + content_type.encode("latin-1") + b"\r\n\r\n" + body
    )
    if not message.is_multipart():
        raise UsageError("expected a form of several parts, found none")
    parts = []
    for part in message.iter_parts():  # type: ignore[attr-defined, unused-ignore]
        data = part.get_payload(decode=True)
        parts.append((_known(part.get_content_type()), data if isinstance(data, bytes) else b""))
    return parts


def _known(content_type: str) -> str:
    name = content_type.partition(";")[0].strip().lower()
    if name not in media.GRAPHS:
        raise UsageError(f"expected one of {', '.join(media.GRAPHS)}, found {name or 'no type'}")
    return name
