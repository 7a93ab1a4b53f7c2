"""The process that answers: `python -m sicetnon.mcp.answering LOCATION SECONDS MEMORY`.

A question is a line of JSON on standard input, its kind and what it asks with; its answer is one on
standard output. The system's own timer ends the process where a question takes too long, wherever
it is, and bounds its memory.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sicetnon import query
from sicetnon import store as stores
from sicetnon.errors import SicetnonError
from sicetnon.library import Library
from sicetnon.mcp.answers import Rows, piece, rows
from sicetnon.proposals import Draft
from sicetnon.query.table import Cell
from sicetnon.store import ntriples

_STATM = Path("/proc/self/statm")


def main(location: str, seconds: float, memory: int) -> None:
    """Answer questions until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    kept = Library(location) if location == stores.MEMORY else None
    query.catalogue()
    opened = _opened(location)  # while the bound is set, so that it is beyond what a store takes
    _confine(memory)
    del opened
    sys.stdout.write("{}\n")
    sys.stdout.flush()
    for line in sys.stdin:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            kind, asked = json.loads(line)
            answer = {"found": _ANSWERS[kind](kept or Library(location), **asked)}
        except SicetnonError as error:
            answer = {"error": str(error)}
        except MemoryError:
            os.abort()  # what a query took does not come back; the next gets another process
        told = _line(answer)
        signal.setitimer(signal.ITIMER_REAL, 0)
        sys.stdout.buffer.write(told)
        sys.stdout.buffer.flush()


def _line(answer: dict[str, Any]) -> bytes:
    """Return an answer as a line; half of a surrogate pair in it, as a service may send, is told.

    Such a text cannot be sent on, and the assistant would wait for an answer that never comes.
    """
    try:
        return json.dumps(answer, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError as error:
        half = error.object[error.start]
        told = f"expected Unicode text in the store, found half of a surrogate pair ({half!a})"
        return json.dumps({"error": told}).encode() + b"\n"


def _opened(location: str) -> stores.Store | None:
    with contextlib.suppress(SicetnonError):  # each question says why
        return Library(location).store
    return None


def _confine(memory: int) -> None:
    """Bound the memory that is taken from now on, where the system tells how much that is."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if _STATM.exists():
        taken = int(_STATM.read_text().split()[0]) * resource.getpagesize()
        bound = taken + (memory << 20)
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))


def _ask(library: Library, name: str, params: dict[str, str], limit: int) -> Rows:
    return rows(library.ask(name, **params), limit)


def _sparql(library: Library, text: str, limit: int) -> Rows:
    answer = library.sparql(text)
    if not isinstance(answer, list):
        return rows(answer, limit)
    lines = ntriples(sorted(answer, key=str)[:limit]).splitlines()
    found: list[dict[str, Cell]] = [{"triple": line} for line in lines]
    return Rows(columns=["triple"], rows=found, total=len(answer))


def _threads(library: Library, start: int, limit: int) -> list[dict[str, Any]]:
    return [
        {"thread": row.thread, "version": row.version, "issued": row.issued, "title": row.title}
        for row in library.threads()[start : start + limit]
    ]


def _render(library: Library, start: int, **asked: str | None) -> str:
    return piece(library.render(**asked), start)  # type: ignore[arg-type]


def _propose(
    library: Library, draft: list[str], method: str, thread: str | None, version: str | None
) -> dict[str, str]:
    found = library.propose_one(Draft(*draft), method, thread, version)
    one = found.proposal
    evidence = one.written or one.exact
    return {"status": found.status, "proposal": one.name, "evidence": evidence}


_ANSWERS: dict[str, Callable[..., Any]] = {
    "ask": _ask,
    "propose": _propose,
    "render": _render,
    "sparql": _sparql,
    "threads": _threads,
}


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
