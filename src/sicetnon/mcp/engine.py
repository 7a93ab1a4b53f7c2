"""Ask in a process that can be killed: an assistant's call may take its time, and no more."""

from __future__ import annotations

import contextlib
import json
import select
import signal
import subprocess
import sys
import threading
import weakref
from functools import cache
from typing import Any

from sicetnon.errors import SicetnonError, StoreError, UsageError

SECONDS = 10.0
MEMORY = 1024  # MiB

_GRACE = 0.5  # seconds past its time after which a process's own timer is no longer trusted
_CHUNK = 1 << 16


class Engine:
    """A process that answers questions about one store, started anew where a question ended it.

    A question takes at most `seconds` of wall time and `memory` MiB.
    """

    def __init__(self, location: str, seconds: float, memory: int) -> None:
        self.location, self.seconds, self.memory = location, seconds, memory
        self._asking = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, kind: str, **asked: Any) -> Any:
        """Have a question answered; raises UsageError for what can be mended, limits among it."""
        with self._asking:
            process = self._started()
            assert process.stdin is not None
            try:
                process.stdin.write(json.dumps([kind, asked]).encode() + b"\n")
                process.stdin.flush()
            except BrokenPipeError:
                line = b""
            else:
                line = self._line(process)
            if not line.endswith(b"\n"):
                raise self._why(self._ended(process))
        answer = json.loads(line)
        if "error" in answer:
            raise UsageError(answer["error"])
        return answer["found"]

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter, our own module
                [
                    *(sys.executable, "-m", "sicetnon.mcp.answering"),
                    *(self.location, str(self.seconds), str(self.memory)),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            weakref.finalize(self, _end, self._process)
            self._line(self._process, patience=60.0)  # it says that it is ready
        return self._process

    def _line(self, process: subprocess.Popen[bytes], patience: float = 0.0) -> bytes:
        """Return the next line; what there is of it where the process ended or took too long."""
        assert process.stdout is not None
        found = bytearray()
        while not found.endswith(b"\n"):
            wait = patience or self.seconds + _GRACE
            ready, _, _ = select.select([process.stdout], [], [], wait)
            chunk = process.stdout.read1(_CHUNK) if ready else b""  # type: ignore[attr-defined]
            if not chunk:
                break
            found += chunk
        return bytes(found)

    def _ended(self, process: subprocess.Popen[bytes]) -> int:
        """End a process and return how it ended; the next question gets another."""
        self._process = None
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE)
        _end(process)
        return process.returncode

    def _why(self, status: int) -> SicetnonError:
        if status in {-signal.SIGALRM, -signal.SIGKILL}:
            return UsageError(
                f"expected a question that ends within {self.seconds:g} s, found one that takes "
                "longer; ask for less, or name the graph with GRAPH"
            )
        if status in {-signal.SIGABRT, -signal.SIGSEGV}:
            return UsageError(
                f"expected a question that needs at most {self.memory} MiB of memory, found one "
                "that needs more; ask for less, or in parts with LIMIT and OFFSET"
            )
        return StoreError(f"{self.location}: the process that answers has ended ({status})")


@cache
def engine(location: str, seconds: float = SECONDS, memory: int = MEMORY) -> Engine:
    """Return the engine of a store; servers in one process share it."""
    return Engine(location, seconds, memory)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
