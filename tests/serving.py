"""A server in a process of its own, for tests and benchmarks that speak to it as clients do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TOKEN = "a token that only tests know"


@contextmanager
def serving(
    store: str | Path,
    *options: str,
    token: str | None = None,
    log: Path | None = None,
    code: int = 0,
) -> Iterator[str]:
    """Run `sicetnon serve` on a free port and give its address, without a slash at its end.

    It ends by SIGTERM, with `code`.
    """
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SICETNON_")}
    if token is not None:
        environment["SICETNON_TOKEN"] = token
    command = [sys.executable, "-m", "sicetnon", "--store", str(store), "serve", "--port", "0"]
    command += [*options, "--log", str(log) if log else os.devnull]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        if not line.startswith("serving "):
            raise AssertionError(line + process.stderr.read())
        try:
            yield line.split()[1].rstrip("/")
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                ended = process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
            assert ended == code, process.stderr.read()
