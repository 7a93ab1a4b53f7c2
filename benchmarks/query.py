"""What the questions of `queries/` cost, beside the engines with the text already bound.

    python benchmarks/query.py [--quads 100000 1000000] [--repeat 20] [--all] [--servers]

Every question is asked of a corpus in memory for threads drawn by lot: by our whole way (load the
file, find thread and version, bind, run, make a table), by pyoxigraph with the text bound and its
cells read, by rdflib at 10^5 quads with fewer repeats, and by our way to servers. Printed: the
median and the 95th percentile in milliseconds, of CPU time or, of servers, on the clock; and by how
much ours is slower than pyoxigraph. `ours, bound` is our way without finding thread and version,
which are queries themselves.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import io
import platform
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pyoxigraph as ox
from rdflib import Dataset

import corpus
import servers
from sicetnon import query
from sicetnon import store as stores
from sicetnon.query import QueryFile, Table

COMMON = (
    ("ask", "contents"),
    ("ask", "pointers"),
    ("ask", "positions"),
    ("ask", "uncited-entries"),
    ("ask", "unresolved-pointers"),
    ("section", "narrative"),
    ("section", "timeline"),
    ("section", "perspectives"),
    ("section", "tensions"),
    ("section", "sources"),
    ("check", "entry-uncited"),
    ("check", "evolution-denied"),
)
Run = Callable[[str], int]


def filled(count: int) -> stores.EmbeddedStore:
    """Return a store in memory with the corpus and its layers."""
    data = io.BytesIO()
    corpus.write_quads(count, data, layers=True)
    data.seek(0)
    found = stores.EmbeddedStore.in_memory()
    found.load(data)
    return found


def bound(store: stores.Store, file: QueryFile, given: dict[str, str]) -> str:
    """Return the text of a question with its parameters in it."""
    return query.bind(file.text, query.resolve(store, file, given))


def timed(run: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """Return the milliseconds that something took."""
    start = clock()
    run()
    return 1000 * (clock() - start)


def tail(taken: Sequence[float]) -> float:
    """Return the 95th percentile."""
    return sorted(taken)[max(0, round(0.95 * len(taken)) - 1)]


def raw(engine: ox.Store) -> Run:
    """Answer with nothing but pyoxigraph."""

    def run(text: str) -> int:
        answer = engine.query(text, use_default_graph_as_union=True)
        return (
            bool(answer)
            if isinstance(answer, ox.QueryBoolean)
            else len([tuple(row) for row in answer])
        )

    return run


def reference(store: stores.EmbeddedStore) -> Run:
    """Answer with rdflib, whose graphs are filled from the same quads."""
    found = Dataset(default_union=True)
    found.parse(data=store.engine.dump(format=ox.RdfFormat.N_QUADS) or b"", format="nquads")
    return lambda text: sum(1 for _ in found.query(text))


def through(store: stores.Store) -> Run:
    """Answer by our interface, as a table."""
    return lambda text: len(Table.of(store.query(text)).rows)


def served(store: stores.EmbeddedStore, running: ExitStack) -> dict[str, Run]:
    """Start the servers that are installed and load the corpus into each."""
    runs = {}
    for name in filter(servers.is_installed, servers.SERVERS):
        folder = running.enter_context(tempfile.TemporaryDirectory())
        server = running.enter_context(servers.SERVERS[name](Path(folder)))
        location = server.url
        if server.user:
            location = location.replace("//", f"//{server.user}:{server.password}@")
        remote = stores.connect(location, write=True)
        remote.load(io.BytesIO(store.engine.dump(format=ox.RdfFormat.N_QUADS) or b""))
        runs[name] = through(remote)
    return runs


def measure(
    store: stores.EmbeddedStore,
    names: Sequence[tuple[str, str]],
    repeat: int,
    others: dict[str, Run],
) -> None:
    """Print a row for each question and engine."""
    overheads, medians = [], {}
    for group, name in names:
        taken, rows = asked_often(store, query.load(name, group), repeat, others)
        ours, base = (statistics.median(taken[each]) for each in ("ours, bound", "pyoxigraph"))
        overheads.append(ours / base - 1)
        medians[name] = statistics.median(taken["ours"])
        shown = "  ".join(
            f"{engine} {statistics.median(each):.2f}/{tail(each):.2f}"
            for engine, each in taken.items()
        )
        print(f"{name:24}{rows:7} rows  {shown}  ({overheads[-1]:+.0%})", flush=True)
    slowest = max(medians, key=lambda each: medians[each])
    print(f"slowest of {len(medians)} by its median: {slowest}, {medians[slowest]:.0f} ms")
    print(f"median overhead over pyoxigraph, bound: {statistics.median(overheads):+.1%}")


def asked_often(
    store: stores.EmbeddedStore, file: QueryFile, repeat: int, others: dict[str, Run]
) -> tuple[dict[str, list[float]], int]:
    """Return the milliseconds of each engine, turn by turn, and how many rows came last."""
    chance, known = random.Random(5), query.threads(store)
    engines = {"pyoxigraph": raw(store.engine), "ours, bound": through(store), **others}
    taken: dict[str, list[float]] = {}
    takes = {param.name for param in file.params}
    rows = 0
    for turn in range(repeat if takes else min(repeat, 3)):
        given = {"thread": chance.choice(known)} if "thread" in takes else {}
        text = bound(store, file, given)
        whole = timed(partial(query.run, store, file, given))
        taken.setdefault("ours", []).append(whole)
        for engine, run in engines.items():
            if engine != "rdflib" or turn < 3:
                clock = time.perf_counter if engine in servers.SERVERS else time.process_time
                taken.setdefault(engine, []).append(timed(partial(run, text), clock))
        rows = engines["ours, bound"](text)
    return taken, rows


def main() -> None:
    """Measure at every size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quads", type=int, nargs="+", default=[100_000])
    parser.add_argument("--repeat", type=int, default=20)
    parser.add_argument("--all", action="store_true", help="every question, not the commonest")
    parser.add_argument("--servers", action="store_true")
    parser.add_argument("--rdflib-most", type=int, default=100_000)
    asked = parser.parse_args()
    names: Sequence[tuple[str, str]] = COMMON
    if asked.all:
        names = [(each.group, each.name) for each in query.catalogue().values()]
    versions = (f"{name} {importlib.metadata.version(name)}" for name in ("pyoxigraph", "rdflib"))
    print(platform.python_implementation(), platform.python_version(), *versions)
    for count in asked.quads:
        store = filled(count)
        print(f"\n{len(store.engine)} quads; milliseconds, median/p95")
        with ExitStack() as running:
            others = served(store, running) if asked.servers else {}
            if count <= asked.rdflib_most:
                others["rdflib"] = reference(store)
            measure(store, names, asked.repeat, others)


if __name__ == "__main__":
    main()
