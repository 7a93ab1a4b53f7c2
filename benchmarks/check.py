"""What checking costs: all shapes and rules over a store, and over the page that came in last.

    python benchmarks/check.py [--quads 10000 100000] [--reference-seconds 300] [PAGE]

All: every shape and every rule over a corpus in memory, in CPU seconds. pySHACL gets the same
shapes, and the rules that `rules.ttl` has as SHACL-SPARQL constraints, over the same quads as one
graph; it is stopped after `--reference-seconds` of CPU time. One page: the corpus is loaded into a
store on disk, PAGE is ingested, and it alone is checked, five times; printed are the first time and
the median.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import io
import platform
import signal
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyshacl
from rdflib import Graph

import corpus
from sicetnon import rooms, shapes
from sicetnon.library import Library
from sicetnon.shapes.engine import shapes_text
from sicetnon.store import EmbeddedStore, ntriples

PACKAGES = ("sicetnon", "pyoxigraph", "shacl", "rdflib", "pyshacl")


def seconds(work: Callable[[], object]) -> float:
    """Return the CPU seconds that something took, threads of the engine included."""
    start = time.process_time()
    work()
    return time.process_time() - start


def dataset(count: int) -> bytes:
    """Return a corpus with its layers, as N-Quads."""
    data = io.BytesIO()
    corpus.write_quads(count, data, layers=True)
    return data.getvalue()


def reference(store: EmbeddedStore, most: int) -> float | None:
    """Return what pySHACL takes, its graphs not counted; none where it takes more than `most`."""
    rules = Path(__file__).with_name("rules.ttl").read_text(encoding="utf-8")
    compiled = Graph().parse(data=f"{shapes_text()}\n{rules}", format="turtle")
    triples = [triple for name in store.graphs() for triple in store.graph(name)]
    found = Graph().parse(data=ntriples(triples), format="nt")

    def stop(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, most)
    try:
        return seconds(lambda: pyshacl.validate(found, shacl_graph=compiled, inference="none"))
    except TimeoutError:
        return None
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def one_page(data: bytes, page: Path) -> tuple[list[float], int]:
    """Return the seconds that the checks of a page took in a store on disk, and its findings."""
    with tempfile.TemporaryDirectory() as folder:
        library = Library(f"{folder}/store")
        library.writable().load(io.BytesIO(data))
        (taken,) = library.ingest([page])
        assert taken.status == "stored", taken.message
        reader = Library(f"{folder}/store")
        found: list[object] = []

        def check() -> None:
            found[:] = reader.check(taken.thread, taken.version, "info")

        return [seconds(check) for _ in range(5)], len(found)


def main() -> None:
    """Measure at every size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", nargs="?", type=Path)
    parser.add_argument("--quads", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--reference-seconds", type=int, default=300)
    asked = parser.parse_args()
    path = asked.page or sorted(rooms.room("examples").glob("*.txt"))[-1]
    print(platform.python_implementation(), platform.python_version(), platform.machine())
    print("  ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES))
    list(shapes.check_store(EmbeddedStore.in_memory()))  # the shapes are compiled once
    for count in asked.quads:
        data = dataset(count)
        store = EmbeddedStore.in_memory()
        store.load(io.BytesIO(data))
        found: list[object] = []
        ours = seconds(lambda to=found, of=store: to.extend(shapes.check_store(of)))  # type: ignore[misc]
        print(f"\n{len(store.engine)} quads: {len(found)} findings, {ours:.2f} CPU s", flush=True)
        theirs = reference(store, asked.reference_seconds)
        told = f"{theirs:.1f} CPU s, {theirs / ours:.0f} times ours" if theirs else "stopped"
        print(f"pySHACL: {told}", flush=True)
        taken, findings = one_page(data, path)
        print(
            f"{path.name} alone, {findings} findings: first {1000 * taken[0]:.0f} CPU ms,"
            f" median {1000 * statistics.median(taken):.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
