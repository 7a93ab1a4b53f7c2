"""Processes that fork others on demand: one that holds nothing, and one for each state of a store.

An engine cannot be stopped from within, only killed, so a query runs in a process of its own that
is replaced in milliseconds: it is forked from one that already holds the graphs, whose memory they
share. Nothing in a process that forks starts threads, so a fork is whole.

    server ── nursery ──┬── holder of the store as it is now ── engines
                        └── writer, for one update
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from typing import Any

Work = Callable[[dict[str, Any], socket.socket], None]

_MESSAGE = 1 << 16


class Spawner:
    """The server's end of a line to a process that forks."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line

    def spawn(self, order: dict[str, Any]) -> tuple[int, socket.socket]:
        """Have a process forked for an order; return its id and a line to it."""
        ours, theirs = socket.socketpair()
        with theirs:
            message = json.dumps({"spawn": order}).encode()
            socket.send_fds(self._line, [message], [theirs.fileno()])
        return int(self._reply()), ours

    def reap(self, process: int) -> int:
        """End a process and return its exit status, negative for a signal.

        Its parent ends it, and an id stays its own until its parent asks how it ended, so no other
        process can be hit.
        """
        self._line.send(json.dumps({"reap": process}).encode())
        return int(self._reply())

    def close(self) -> None:
        """Let the process end, and with it all that it forked."""
        self._line.close()

    def _reply(self) -> bytes:
        answer = self._line.recv(_MESSAGE)
        if not answer:
            raise ConnectionResetError("the process that forks has ended")
        return answer


def nursery() -> tuple[Spawner, subprocess.Popen[bytes]]:
    """Start the process from which all others are forked."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(  # noqa: S603 - this interpreter, our own module
            [sys.executable, "-m", "sicetnon.web.nursery", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
    return Spawner(ours), process


def tend(line: socket.socket, work: Work) -> None:
    """Fork a process for every order that comes on a line, until the line closes."""
    children: set[int] = set()
    while True:
        message, handles, _flags, _address = socket.recv_fds(line, _MESSAGE, 1)
        if not message:
            break
        order = json.loads(message)
        if "reap" in order:
            line.send(str(_end(order["reap"], children)).encode())
            continue
        child = os.fork()
        if child == 0:
            line.close()
            _become(work, order["spawn"], socket.socket(fileno=handles[0]))
        children.add(child)
        os.close(handles[0])
        line.send(str(child).encode())
    for child in tuple(children):
        _end(child, children)


def _become(work: Work, order: dict[str, Any], line: socket.socket) -> None:
    code = 1
    try:
        work(order, line)
        code = 0
    finally:
        os._exit(code)  # what the parent registered to run at exit is the parent's


def _end(child: int, children: set[int]) -> int:
    if child not in children:
        return 0
    children.discard(child)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)
