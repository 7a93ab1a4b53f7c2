"""SPARQL servers of other projects, started on free loopback ports for tests and benchmarks.

    python benchmarks/servers.py --install   # the Oxigraph server by pip, Virtuoso by apt as root

Each starts in a folder of its own, answers when it is handed out, and is gone afterwards.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

STARTUP = 60.0
_INI = """[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
DirsAllowed = {folder}
NumberOfBuffers = 60000
MaxDirtyBuffers = 40000
MaxClientConnections = 10
CheckpointInterval = 60
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 8
MaxClientConnections = 8
[SPARQL]
ResultSetMaxRows = {rows}
MaxQueryCostEstimationTime = 400
MaxQueryExecutionTime = 120
"""
PASSWORD = "for-tests-only"


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its address for `--store`, its process, and who may write to it."""

    name: str
    url: str
    process: subprocess.Popen[bytes]
    user: str = ""
    password: str = ""


def free_port() -> int:
    """Return a port of the loopback interface that nothing listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _binary(name: str) -> str | None:
    beside = Path(sysconfig.get_path("scripts")) / name
    return str(beside) if beside.is_file() else shutil.which(name)


@contextmanager
def oxigraph(
    folder: Path, *, union: bool = True, keep: bool = False, port: int = 0
) -> Iterator[Server]:
    """Run the Oxigraph server; with `keep`, on a store on disk below `folder`."""
    binary = _binary("oxigraph")
    assert binary, "the Oxigraph server is not installed"
    port = port or free_port()
    command = [binary, "serve", "--bind", f"127.0.0.1:{port}"]
    command += ["--union-default-graph"] * union
    command += ["--location", str(folder / "oxigraph")] * keep
    with _running(command, folder, "oxigraph") as process:
        url = f"http://127.0.0.1:{port}/query"
        _wait(f"{url}?query=ASK%7B%7D", process, folder / "oxigraph.log")
        yield Server("oxigraph", url, process)


@contextmanager
def virtuoso(folder: Path, *, rows: int = 2_000_000) -> Iterator[Server]:
    """Run Virtuoso on a new database below `folder`; `rows` is where it would cut an answer."""
    binary = _binary("virtuoso-t")
    assert binary, "Virtuoso is not installed"
    http, sql = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(
        _INI.format(folder=folder, http=http, sql=sql, rows=rows), encoding="utf-8"
    )
    command = [binary, "+foreground", "+configfile", str(folder / "virtuoso.ini")]
    secret = ["+pwdold", "dba", "+pwddba", PASSWORD, "+pwddav", PASSWORD]
    with (folder / "virtuoso-out.log").open("ab") as log:  # sets the passwords, and ends
        setup = [*command, *secret]
        subprocess.run(setup, check=False, cwd=folder, stdout=log, stderr=log, timeout=STARTUP)
    with _running(command, folder, "virtuoso-out") as process:
        url = f"http://127.0.0.1:{http}/sparql"
        _wait(f"{url}?query=ASK%7B%7D", process, folder / "virtuoso.log")
        yield Server("virtuoso", url, process, "dba", PASSWORD)


SERVERS: dict[str, Callable[[Path], AbstractContextManager[Server]]] = {
    "oxigraph": oxigraph,
    "virtuoso": virtuoso,
}
BINARIES = {"oxigraph": "oxigraph", "virtuoso": "virtuoso-t"}


def is_installed(name: str) -> bool:
    """Say whether a server can be started here."""
    return _binary(BINARIES[name]) is not None


@contextmanager
def _running(command: list[str], folder: Path, name: str) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + STARTUP
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                answer.read()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    said = log.read_text(encoding="utf-8", errors="replace")[-2000:] if log.is_file() else ""
    raise RuntimeError(f"{url} did not answer within {STARTUP:.0f} s: {said}")


def install() -> None:
    """Install the servers that are missing, as far as this user may, and say what is there."""
    if not is_installed("oxigraph"):
        subprocess.run([sys.executable, "-m", "pip", "install", "oxigraph>=0.5,<0.6"], check=True)
    if not is_installed("virtuoso") and shutil.which("apt-get") and os.geteuid() == 0:
        apt = ["apt-get", "install", "-y", "--no-install-recommends", "virtuoso-opensource-7-bin"]
        subprocess.run(["apt-get", "update"], check=True)
        subprocess.run(apt, check=True, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
    for name in SERVERS:
        print(f"{name}: {'installed' if is_installed(name) else 'missing'}")


def main() -> None:
    """Install the servers, or say which are there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--install", action="store_true")
    if parser.parse_args().install:
        install()
        return
    for name in SERVERS:
        print(f"{name}: {'installed' if is_installed(name) else 'missing'}")


if __name__ == "__main__":
    main()
