"""A process that answers questions one by one, within bounds that the system enforces.

Before the first question it gives up what a hostile query could use: it can take only so much
memory (RLIMIT_AS) and, where the graphs are in memory, open no file and no connection
(RLIMIT_NOFILE). A snapshot on disk has its files opened as questions need them. Each question runs
under a timer of the system whose signal ends the process, wherever it is.
"""

from __future__ import annotations

import contextlib
import gc
import os
import resource
import signal
import socket
from collections.abc import Callable
from gzip import compress
from pathlib import Path
from typing import Any

from sicetnon.errors import StoreError, UsageError
from sicetnon.store import EmbeddedStore, Store
from sicetnon.web import asking, evaluate, graphs, reading, service, things
from sicetnon.web.limits import Limits
from sicetnon.web.wire import Answer, Question, problem, receive, seal, unpack

Operation = Callable[[Store, Question, Limits], Answer]

OPERATIONS: dict[str, Operation] = {
    "ask": asking.ask,
    "description": service.description,
    "form": asking.form,
    "front": service.front,
    "graph": graphs.read,
    "request": reading.request,
    "sparql": evaluate.sparql,
    "thing": things.thing,
    "void": service.void,
}

_STATM = Path("/proc/self/statm")
_SMALL = 1024  # bytes that are not worth compressing
_GZIP_LEVEL = 5


def work(store: Store, line: socket.socket, limits: Limits) -> None:
    """Answer questions until the line closes."""
    quiet()
    used = confine(limits, offline=_is_held(store))
    gc.freeze()  # what all engines share is not looked through, and so stays shared
    asked = line.makefile("rb")
    while (received := receive(asked)) is not None:
        question = unpack(*received)
        signal.setitimer(signal.ITIMER_REAL, limits.seconds)
        answer = _answer(store, question, limits)
        signal.setitimer(signal.ITIMER_REAL, 0)
        spent = used() > limits.memory // 2
        line.sendall(seal(answer._replace(spent=True) if spent else answer))
        del answer


def _is_held(store: Store) -> bool:
    """Say whether a store is all in memory."""
    return isinstance(store, EmbeddedStore) and not store.is_snapshot


def quiet() -> None:
    """Leave interrupts to the server, and keep what a dying engine prints to itself."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def confine(limits: Limits, *, offline: bool) -> Callable[[], int]:
    """Give up memory, and where `offline` files and connections; return what tells the bytes taken.

    Those are counted from now on. Where the system does not tell them, memory is not bounded.
    """
    statm = os.open(_STATM, os.O_RDONLY) if _STATM.exists() else None

    def taken() -> int:
        if statm is None:
            return 0
        return int(os.pread(statm, 64, 0).split()[0]) * resource.getpagesize()

    before = taken()
    if before:
        bound = before + limits.memory
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
    if offline:
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    return lambda: taken() - before


def _answer(store: Store, question: Question, limits: Limits) -> Answer:
    try:
        answer = OPERATIONS[question["op"]](store, question, limits)
        if len(answer.body) > limits.answer:
            raise evaluate.TooLargeError
    except UsageError as error:
        return problem(400, "bad-request", str(error))
    except StoreError as error:
        return problem(502, "store", str(error))
    except evaluate.TooLargeError:
        most = limits.answer >> 20
        return problem(
            422,
            "answer-limit",
            f"expected an answer of at most {most} MiB, found more; ask for less, or in parts "
            "with LIMIT and OFFSET",
        )
    except MemoryError:
        return out_of_memory(limits)
    if question.get("gzip") and len(answer.body) > _SMALL and answer.media:
        packed = compress(answer.body, _GZIP_LEVEL, mtime=0)
        headers = (*answer.headers, ("content-encoding", "gzip"))
        return answer._replace(body=packed, headers=headers)
    return answer


def out_of_memory(limits: Limits) -> Answer:
    """Return the answer to a question that wants more memory than there is for it."""
    most = limits.memory >> 20
    words = f"expected a query that needs at most {most} MiB of memory, found one that needs more"
    return problem(422, "memory-limit", words)._replace(spent=True)


def out_of_time(limits: Limits) -> Answer:
    """Return the answer to a question that takes longer than it may."""
    return problem(
        422,
        "time-limit",
        f"expected a query that ends within {limits.seconds:g} s, found one that takes longer; "
        "ask for less, or name the graph with GRAPH",
    )


def order(limits: Limits, **fields: Any) -> dict[str, Any]:
    """Return an order to a process, with the limits under which it works."""
    bounds = {name: getattr(limits, name) for name in Limits.__dataclass_fields__}
    return {"limits": bounds, **fields}
