"""What the engine alone takes in memory for the quads of a store: one transaction for each page.

    python benchmarks/engine_alone.py STORE

A process that imports nothing but pyoxigraph writes the graphs of one page after the other, flushes
as often as the package does, and after each page reads it back and one that went in before. The
parent reads the store and sends the pages. At each tenth of them the process tells its memory.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
from pathlib import Path

import pyoxigraph as ox

_THREAD = "https://w3id.org/sicetnon/id/thread/"
_WRITES_A_FLUSH = 10
_LENGTH = 8


def held() -> tuple[float, float]:
    """Return what this process holds in MB: of its own, and of files (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    told = dict(line.split(":", 1) for line in lines if line.startswith(("RssAnon", "RssFile")))
    own, files = (int(told[name].split()[0]) * 1024 / 1e6 for name in ("RssAnon", "RssFile"))
    return own, files


def _versions(engine: ox.Store) -> list[list[ox.NamedNode]]:
    """Return the graphs of each version of a store, sorted by thread and version."""
    found: dict[tuple[str, ...], list[ox.NamedNode]] = {}
    for name in engine.named_graphs():
        if isinstance(name, ox.NamedNode) and name.value.startswith(_THREAD):
            thread = name.value.removeprefix(_THREAD).split("/")
            found.setdefault(tuple(thread[:2]), []).append(name)
    return [graphs for _, graphs in sorted(found.items())]


def _page(engine: ox.Store, graphs: list[ox.NamedNode]) -> bytes:
    quads = [q for name in graphs for q in engine.quads_for_pattern(None, None, None, name)]
    return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""


def write(folder: str, total: int) -> None:
    """Write the pages that come in, and tell at each tenth of them what the process holds."""
    engine, chance, seen = ox.Store(folder), random.Random(1), list[list[ox.NamedNode]]()
    tenths = {round(total * part / 10): part for part in range(1, 11)}
    while length := sys.stdin.buffer.read(_LENGTH):
        page = sys.stdin.buffer.read(int.from_bytes(length, "big"))
        quads = list(ox.parse(page, ox.RdfFormat.N_QUADS))
        engine.extend(quads)
        seen.append(list({quad.graph_name for quad in quads}))
        for graph in (*seen[-1], *chance.choice(seen)):
            sum(1 for _ in engine.quads_for_pattern(None, None, None, graph))
        if len(seen) % _WRITES_A_FLUSH == 0:
            engine.flush()
        if len(seen) in tenths:
            own, files = held()
            print(
                f"    {len(seen):7} pages, {own:5.0f} MB of its own, {files:4.0f} MB of files",
                flush=True,
            )


def alone(store: Path) -> str:
    """Return the curve of the engine alone for the pages of a store, line by line."""
    engine = ox.Store.read_only(str(store))
    versions = _versions(engine)
    with tempfile.TemporaryDirectory() as folder:
        order = [sys.executable, __file__, folder, str(len(versions))]
        with subprocess.Popen(order, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            for graphs in versions:
                page = _page(engine, graphs)
                process.stdin.write(len(page).to_bytes(_LENGTH, "big") + page)
            process.stdin.close()
            return process.stdout.read().decode()


if __name__ == "__main__":
    if len(sys.argv) == 3:
        write(sys.argv[1], int(sys.argv[2]))
    else:
        print(alone(Path(sys.argv[1])), end="")
