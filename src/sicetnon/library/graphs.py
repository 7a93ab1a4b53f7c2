"""Write the graphs of the example pages as TriG: `python -m sicetnon.library.graphs graphs`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Quad

from sicetnon import inference, lineage, query, rooms, store, terms
from sicetnon.library import Library


def files() -> Iterator[tuple[str, str]]:
    """Yield, for each example page, the path of its graphs below `graphs/` and their TriG.

    A file holds the graph of a version and, beside it, its layers: what lasts, which works stand
    behind the entries, and who claims what of whom.
    """
    library = Library(store.MEMORY)
    for page in library.ingest(sorted(rooms.room("examples").glob("*.txt"))):
        version = terms.version(page.thread, page.version or 0)
        names = (
            version,
            lineage.layer_name(version),
            inference.works_name(version),
            inference.relations_name(version),
        )
        quads = [
            Quad(triple.subject, triple.predicate, triple.object, name)
            for name in names
            for triple in sorted(library.store.graph(name), key=str)
        ]
        yield f"{page.thread}/{version.value.rpartition('/')[2]}.trig", query.trig(quads)


def main(folder: str) -> None:
    """Write every file below `folder`."""
    for name, text in files():
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1])
