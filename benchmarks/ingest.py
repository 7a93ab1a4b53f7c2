"""Pages to durable store, checked, beside the engine alone and beside rdflib + pySHACL.

    python benchmarks/ingest.py [--pages 30] [--reference-pages 1] [PAGE]

All three get the same page under many version numbers. (a) is the limit: Oxigraph storing the
very same quads, already built, one transaction a page. (b) does our whole job with rdflib and
pySHACL: it parses with our reader, builds an rdflib graph, runs the same shapes and the same rules
(those across nodes as the SHACL-SPARQL constraints of rules.ttl) and appends the page to a file.
Ours and (b) must find the same number of things.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import platform
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyshacl
from pyoxigraph import Quad, Store
from rdflib import Graph, URIRef

from sicetnon import graph, ingest, rooms
from sicetnon.library import Library
from sicetnon.shapes.engine import shapes_text
from sicetnon.store import ntriples

RESULT = URIRef("http://www.w3.org/ns/shacl#result")
PACKAGES = ("sicetnon", "pyoxigraph", "shacl", "rdflib", "pyshacl")


def pages(path: Path, count: int) -> list[bytes]:
    """Return `count` copies of a page that differ in their version."""
    text = path.read_text(encoding="utf-8")
    line = next(line for line in text.split("\n") if line.startswith("Version "))
    return [text.replace(line, f"Version {n}", 1).encode() for n in range(1, count + 1)]


def timed(work: Callable[[bytes], object], data: list[bytes]) -> tuple[list[float], object]:
    """Return the CPU seconds that each page took, threads of the engine included."""
    taken = []
    for page in data:
        start = time.process_time()
        found = work(page)
        taken.append(time.process_time() - start)
    return taken, found


def ours(folder: str, tmp: Path) -> Callable[[bytes], object]:
    """Our whole job: `sicetnon ingest --check`, file by file."""
    library = Library(folder)

    def one(data: bytes) -> int:
        path = tmp / "page.txt"
        path.write_bytes(data)
        (taken,) = library.ingest([path], check=True)
        assert taken.status == "stored", taken.message
        return sum((taken.findings or {}).values())

    return one


def stored(folder: str, data: list[bytes]) -> Iterator[list[Quad]]:
    """Yield what our job stores for each page: its graph, its layer and its provenance."""
    library = Library(":memory:")
    known: set[str] = set()
    for page in data:
        path = Path(folder).parent / "page.txt"
        path.write_bytes(page)
        (taken,) = library.ingest([path])
        assert taken.status == "stored", taken.message
        names = [name for name in library.store.graphs() if name.value not in known]
        known |= {name.value for name in names}
        yield [
            Quad(triple.subject, triple.predicate, triple.object, name)
            for name in names
            for triple in library.store.graph(name)
        ]


def engine(folder: str, data: list[bytes]) -> Callable[[bytes], object]:
    """Storing the same quads, built beforehand: the least that can be done."""
    found = Store(folder)
    built = dict(zip(data, stored(folder, data), strict=True))

    def one(data: bytes) -> None:
        found.extend(built[data])

    return one


def reference(folder: str) -> Callable[[bytes], object]:
    """The same job with rdflib and pySHACL."""
    rules = Path(__file__).with_name("rules.ttl").read_text(encoding="utf-8")
    compiled = Graph().parse(data=f"{shapes_text()}\n{rules}", format="turtle")
    target = Path(folder) / "pages.nq"

    def one(data: bytes) -> int:
        page = ingest.read(data, "page.txt")
        found = Graph()
        found.parse(data=ntriples(quad.triple for quad in graph.to_quads(page)), format="nt")
        _, report, text = pyshacl.validate(found, shacl_graph=compiled, inference="none")
        assert isinstance(report, Graph), text
        with target.open("a", encoding="utf-8") as file:
            file.write(found.serialize(format="nt"))
        return sum(1 for _ in report.objects(None, RESULT))

    return one


def main() -> None:
    """Run the three beside each other and print pages and quads per CPU second."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", nargs="?", type=Path)
    parser.add_argument("--pages", type=int, default=30)
    parser.add_argument("--reference-pages", type=int, default=1)
    asked = parser.parse_args()
    path = asked.page or sorted(rooms.room("examples").glob("*.txt"))[-1]
    data = pages(path, asked.pages)
    quads = len(list(stored(tempfile.mkdtemp(), data[:2]))[-1])
    print(platform.python_implementation(), platform.python_version(), platform.machine())
    print("  ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES))
    print(
        f"{path.name}: {len(data[0])} bytes, {quads} quads a page with its layers;"
        " CPU seconds, medians\n"
    )
    folder = tempfile.mkdtemp()
    try:
        runs = {
            "ours": timed(ours(f"{folder}/ours", Path(folder)), data),
            "engine alone (a)": timed(engine(f"{folder}/engine", data), data),
            "rdflib + pySHACL (b)": timed(reference(folder), data[: asked.reference_pages]),
        }
    finally:
        shutil.rmtree(folder)
    mine = statistics.median(runs["ours"][0])
    print(f"{'':22}{'s/page':>9}{'pages/s':>9}{'quads/s':>9}{'findings':>10}{'beside ours':>13}")
    for name, (taken, found) in runs.items():
        median = statistics.median(taken)
        said = "" if name == "ours" else f"{median / mine:.2f}"
        print(
            f"{name:22}{median:9.4f}{1 / median:9.1f}{quads / median:9.0f}"
            f"{found if found is not None else '':>10}{said:>13}"
        )
    a, b = (statistics.median(runs[name][0]) for name in list(runs)[1:])
    print(
        f"\nours takes {mine / a:.2f} times the engine's time; (b) takes {b / mine:.1f} times ours"
    )


if __name__ == "__main__":
    main()
