"""Write the graphs of the example pages as Turtle: `python -m sicetnon.library.graphs graphs`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from sicetnon import graph, ingest, query, rooms


def files() -> Iterator[tuple[str, str]]:
    """Yield, for each example page, the path of its graph below `graphs/` and its Turtle."""
    for path in sorted(rooms.room("examples").glob("*.txt")):
        page = ingest.read(path.read_bytes(), path.name)
        triples = sorted((quad.triple for quad in graph.to_quads(page)), key=str)
        yield f"{page.thread}/v{page.version}.ttl", query.turtle(triples)


def main(folder: str) -> None:
    """Write every graph below `folder`."""
    for name, turtle in files():
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(turtle, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1])
