"""Requests per second of the server beside the Oxigraph server alone, on the same store.

`python benchmarks/serve.py` needs `wrk` (a Debian package) and `oxigraph` (of the group dev). The
two servers take turns, so that what else the machine does meets both; the ratio of the medians is
the figure. `--soak MINUTES` asks one server with 50 connections instead, and prints its memory.
"""

from __future__ import annotations

import argparse
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from serving import serving  # noqa: E402
from sicetnon import query, terms  # noqa: E402
from sicetnon.library import Library  # noqa: E402

POINT = f"""SELECT ?t WHERE {{ GRAPH <{terms.ID}thread/limits-of-deep-learning-theory/v2> {{
  ?e <{terms.SEN}number> NUMBER ; <{terms.DCTERMS}title> ?t }} }}"""
# A wrk script: the request's number makes each query another one, so that nothing is at hand.
SCRIPT = """local n = {seed}
request = function()
  n = n + 1
  local q = string.gsub({query}, "NUMBER", tostring(n % {modulus} + 1))
  q = string.gsub(q, "SERIAL", tostring(n % {serial}))
  return wrk.format("GET", {path} .. "?query=" .. q, {{["Accept"] = "{accept}"}})
end
"""


def cases() -> dict[str, tuple[str, str, int]]:
    """Return the queries: name, text, the form asked for, and after how many they come again."""
    store = Library(":memory:")
    list(store.ingest([ROOT / "examples"]))
    file = query.load("timeline")
    page = query.bind(file.text, query.resolve(store.store, file, {}))
    table = "application/sparql-results+json"
    return {
        "a point, each another": (POINT + " # SERIAL", table, 10**9),
        "a point, of 55": (POINT, table, 1),
        "a page, each another": (page + "\n# SERIAL", table, 10**9),
        "a page, the same": (page, table, 1),
    }


@contextmanager
def oxigraph(store: str) -> Iterator[str]:
    """Run the Oxigraph server on a store, for reading."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = ["oxigraph", "serve-read-only", "--location", store, "--union-default-graph"]
    with subprocess.Popen(
        [*command, "--bind", f"127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            for _ in range(200):
                with suppress(OSError):
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}/query"
        finally:
            process.terminate()


def load(url: str, case: tuple[str, str, int], connections: int, seconds: int) -> tuple[float, str]:
    """Return requests per second and the 99th percentile of their times, as wrk measures them."""
    text, accept, serial = case
    base, _, path = url.rpartition("/")
    coded = quote(text, safe="").replace("%", "%%")
    script = SCRIPT.format(
        seed=time.monotonic_ns() % 10**8,
        query=f'"{coded.replace("%%", "%")}"',
        path=f'"/{path}"',
        accept=accept,
        modulus=55,
        serial=serial,
    )
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        done = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", file.name, base],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    if "Non-2xx" in done:
        raise SystemExit(f"{url}: {done}")
    return told(done)


def told(done: str) -> tuple[float, str]:
    """Return the rate and the 99th percentile that wrk printed.

    The percentile has a line of its own; a share of requests near the mean may end in `99%`, too.
    """
    rate = re.search(r"^Requests/sec:\s+([0-9.]+)$", done, re.MULTILINE)
    slowest = re.search(r"^\s+99%\s+([0-9.]+(?:us|ms|s|m))\s*$", done, re.MULTILINE)
    if rate is None or slowest is None:
        raise SystemExit(f"expected the figures of wrk, found {done}")
    return float(rate[1]), slowest[1]


def compare(store: str, rounds: int, seconds: int, connections: int) -> None:
    """Print requests per second and p99 of both servers, in turns."""
    with serving(store) as ours, oxigraph(store) as theirs:
        urls = {"ours": f"{ours}/sparql", "Oxigraph": theirs}
        for name, case in cases().items():
            rates: dict[str, list[float]] = {each: [] for each in urls}
            late: dict[str, list[str]] = {each: [] for each in urls}
            for url in urls.values():
                load(url, case, connections, 1)  # a server's first second is not its usual one
            for _ in range(rounds):
                for each, url in urls.items():
                    rate, slowest = load(url, case, connections, seconds)
                    rates[each].append(rate)
                    late[each].append(slowest)
            middle = {each: statistics.median(found) for each, found in rates.items()}
            told = "   ".join(
                f"{each} {middle[each]:7.0f}/s, p99 {', '.join(late[each])}" for each in urls
            )
            print(f"{name:22} {told}   ratio {middle['ours'] / middle['Oxigraph']:.2f}", flush=True)


def soak(store: str, minutes: float, connections: int) -> None:
    """Print, every 20 seconds, the rate and the memory of all processes of a busy server."""
    with serving(store) as url:
        known = list(cases().values())
        until, turn = time.monotonic() + 60 * minutes, 0
        while time.monotonic() < until:
            rate, slowest = load(f"{url}/sparql", known[turn % len(known)], connections, 20)
            turn += 1
            print(f"{rate:7.0f}/s  p99 {slowest:>9}  {memory(store) / 2**20:7.1f} MiB", flush=True)


def memory(store: str) -> float:
    """Return the bytes of the server's processes; what they share is counted once (PSS)."""
    found: dict[int, tuple[int, bytes, int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, StopIteration, ValueError):
            rollup = (folder / "smaps_rollup").read_text().splitlines()
            size = next(int(line.split()[1]) for line in rollup if line.startswith("Pss:"))
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            found[int(folder.name)] = (parent, (folder / "cmdline").read_bytes(), size * 1024)
    (server,) = [
        process
        for process, (_, words, _) in found.items()
        if b"serve\0--port" in words and store.encode() in words
    ]
    family = {server}
    for _ in range(4):
        family |= {process for process, (parent, _, _) in found.items() if parent in family}
    return sum(found[process][2] for process in family)


def main() -> None:
    """Make the store of the examples and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=50)
    parser.add_argument("--soak", type=float, metavar="MINUTES")
    chosen = parser.parse_args()
    for program in ("wrk", "oxigraph"):
        if shutil.which(program) is None:
            raise SystemExit(f"expected the program {program!r}, found none")
    with tempfile.TemporaryDirectory() as folder:
        store = f"{folder}/sicetnon.store"
        list(Library(store).ingest([ROOT / "examples"]))
        if chosen.soak:
            soak(store, chosen.soak, chosen.connections)
        else:
            compare(store, chosen.rounds, chosen.seconds, chosen.connections)


if __name__ == "__main__":
    main()
