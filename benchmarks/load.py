"""How fast quads reach a store that keeps them, and what memory and disk they take.

    python benchmarks/load.py [--quads 100000 1000000] [--only NAME...] [--rdflib-most 1000000]

Each run loads the same N-Quads (of corpus.py, with layers) in a process of its own and says the
wall and CPU seconds from opening to closing, the most memory that the process took (of the server,
where one keeps the quads), and the size on disk. `ours` is `Store.load` into a new store on disk,
`engine` the same with nothing but pyoxigraph; `ours, restore` is the command's whole way from a
backup, `ours, pages` is `Store.add` page by page, one transaction each.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

from pyoxigraph import RdfFormat, Store, parse

import corpus
import servers
from sicetnon import store as stores
from sicetnon.library import Library

PACKAGES = ("pyoxigraph", "oxigraph", "rdflib", "oxrdflib", "SPARQLWrapper")


def ours(data: Path, folder: Path) -> None:
    with data.open("rb") as file:
        stores.connect(str(folder / "store"), write=True).load(file)


def engine(data: Path, folder: Path) -> None:
    Store(str(folder / "store")).bulk_load(path=str(data), format=RdfFormat.N_QUADS)


def memory(data: Path, folder: Path) -> None:
    assert folder.is_dir()
    with data.open("rb") as file:
        stores.connect(stores.MEMORY).load(file)


def restore(data: Path, folder: Path) -> None:
    Library(str(folder / "store")).restore(data.with_suffix(".gz"))


def pages(data: Path, folder: Path) -> None:
    found = stores.connect(str(folder / "store"), write=True)
    with data.open("rb") as file:
        for _, quads in groupby(parse(file, RdfFormat.N_QUADS), key=lambda quad: quad.graph_name):
            found.add(quads)


def engine_pages(data: Path, folder: Path) -> None:
    found = Store(str(folder / "store"))
    with data.open("rb") as file:
        for _, quads in groupby(parse(file, RdfFormat.N_QUADS), key=lambda quad: quad.graph_name):
            found.extend(quads)


def rdflib(data: Path, folder: Path) -> None:
    from rdflib import Dataset

    assert folder.is_dir()
    Dataset().parse(str(data), format="nquads")


def oxrdflib(data: Path, folder: Path) -> None:
    from oxrdflib import OxigraphStore
    from rdflib import Dataset

    found = OxigraphStore(store=Store(str(folder / "store")))
    Dataset(store=found).parse(str(data), format="nquads")


RUNS: dict[str, Callable[[Path, Path], None]] = {
    "ours": ours,
    "engine": engine,
    "ours, restore": restore,
    "ours, pages": pages,
    "engine, pages": engine_pages,
    "ours, in memory": memory,
    "oxrdflib": oxrdflib,
    "rdflib, in memory": rdflib,
}


def remote(location: str) -> Callable[[Path, Path], None]:
    def work(data: Path, folder: Path) -> None:
        assert folder.is_dir()
        with data.open("rb") as file:
            stores.connect(location, write=True).load(file)

    return work


def _peak(process: int | None = None) -> float:
    """Return the most memory that a process took, in MB; its own without a number."""
    if process is None:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _size(folder: Path) -> float:
    files = [each for each in folder.rglob("*") if each.is_file()]
    return sum(each.stat().st_blocks * 512 for each in files) / 1e6


def one(name: str, data: Path) -> None:
    """Run one load in this process and print what it took as JSON."""
    with tempfile.TemporaryDirectory() as folder, _place(name, Path(folder)) as (work, process):
        wall, cpu = time.perf_counter(), time.process_time()
        work(data, Path(folder))
        taken = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
        print(json.dumps({**taken, "memory": _peak(process), "disk": _size(Path(folder))}))


@contextmanager
def _place(name: str, folder: Path) -> Iterator[tuple[Callable[[Path, Path], None], int | None]]:
    if name in RUNS:
        yield RUNS[name], None
        return
    start = servers.oxigraph(folder, keep=True) if name == "oxigraph" else servers.virtuoso(folder)
    with start as server:
        location = server.url
        if server.user:
            location = location.replace("//", f"//{server.user}:{server.password}@")
        yield remote(location), server.process.pid


def _written(count: int, folder: Path) -> Path:
    """Write the corpus as N-Quads, and as a backup beside it."""
    path = folder / f"{count}.nq"
    with path.open("wb") as file:
        corpus.write_quads(count, file, layers=True)
    with path.open("rb") as file, path.with_suffix(".gz").open("wb") as out:
        found = stores.connect(stores.MEMORY)
        found.load(file)
        stores.backup(found, out)
    return path


def main() -> None:
    """Run every load at every size, each in its own process, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quads", type=int, nargs="+", default=[100_000])
    parser.add_argument("--only", nargs="+")
    parser.add_argument("--rdflib-most", type=int, default=1_000_000)
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        one(asked.one[0], Path(asked.one[1]))
        return
    print(platform.python_implementation(), platform.python_version(), platform.machine())
    print("  ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES))
    names = asked.only or [*RUNS, *(name for name in servers.SERVERS if servers.is_installed(name))]
    with tempfile.TemporaryDirectory() as folder:
        for count in asked.quads:
            data = _written(count, Path(folder))
            with data.open("rb") as file:
                total = sum(1 for _ in file)
            print(f"\n{total} quads, {data.stat().st_size / 1e6:.0f} MB of N-Quads")
            print(f"{'':20}{'wall s':>8}{'CPU s':>8}{'quads/s':>10}{'MB':>8}{'MB disk':>9}")
            for name in names:
                if "rdflib" in name and count > asked.rdflib_most:
                    continue
                command = [sys.executable, __file__, "--one", name, str(data)]
                done = subprocess.run(command, capture_output=True, check=True, env=os.environ)
                told = json.loads(done.stdout)
                print(
                    f"{name:20}{told['wall']:8.2f}{told['cpu']:8.2f}{total / told['wall']:10.0f}"
                    f"{told['memory']:8.0f}{told['disk']:9.0f}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
