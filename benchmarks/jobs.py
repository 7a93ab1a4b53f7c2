"""Many pages with one process and with several, beside the engine alone storing the same quads.

    python benchmarks/jobs.py [--pages 500] [--jobs 2] [--check]

Each line is a run of its own process. CPU seconds are those of all its processes; they tell the
work done also where other programs share the cores, and wall-clock seconds tell what a person
waits. The engine alone stores the finished quads, one transaction a page (a), or in one bulk load
(b). All stores must hold the same quads.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, Store, serialize

from corpus import pages
from sicetnon import terms


def run(*command: str) -> tuple[float, float]:
    """Run a command; return its wall-clock seconds, and the CPU seconds of all its processes."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def engine(files: Path, location: str, *, bulk: bool) -> None:
    """Store finished quads, a file for each page."""
    store = Store(location)
    data = [file.read_bytes() for file in sorted(files.iterdir())]
    if bulk:
        store.bulk_load(b"".join(data), RdfFormat.N_QUADS)
    for page in () if bulk else data:
        store.load(page, RdfFormat.N_QUADS)
    store.flush()


def by_page(store: Store, folder: Path) -> None:
    """Write the quads of each version, with its side graphs, to a file of its own."""
    folder.mkdir()
    made: dict[str, bytes] = {}
    for name in sorted(store.named_graphs(), key=str):
        version = "/".join(str(name).strip("<>").removeprefix(terms.ID).split("/")[:3])
        quads = store.quads_for_pattern(None, None, None, name)
        made[version] = made.get(version, b"") + (serialize(quads, format=RdfFormat.N_QUADS) or b"")
    for number, version in enumerate(sorted(made)):
        (folder / f"{number:06}.nq").write_bytes(made[version])


def main() -> None:
    """Print the runs beside each other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--engine", choices=["each", "bulk"], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.engine:
        bulk = asked.engine == "bulk"
        engine(asked.folder / "quads", str(asked.folder / f"store-{asked.engine}"), bulk=bulk)
        return
    folder = Path(tempfile.mkdtemp())
    try:
        (folder / "pages").mkdir()
        for number, data in enumerate(pages(asked.pages)):
            (folder / "pages" / f"{number:06}.txt").write_bytes(data)
        table(asked, folder)
    finally:
        shutil.rmtree(folder)


def table(asked: argparse.Namespace, folder: Path) -> None:
    """Run each way once and print a line for it."""
    versions = (f"{name} {importlib.metadata.version(name)}" for name in ("sicetnon", "pyoxigraph"))
    print(platform.python_implementation(), platform.python_version(), *versions)
    print(f"{asked.pages} pages, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    print(f"{'':22}{'wall s':>9}{'CPU s':>9}{'pages/s of wall':>17}{'CPU ms/page':>13}")
    ours = ["-m", "sicetnon", "ingest", str(folder / "pages"), *(["--check"] * asked.check)]
    runs = {
        f"ours, {jobs} job{'s' * (jobs > 1)}": (f"store-{jobs}", [*ours, "--jobs", str(jobs)])
        for jobs in sorted({1, asked.jobs})
    }
    for how, name in (("each", "engine alone (a)"), ("bulk", "engine alone (b)")):
        again = [__file__, "--engine", how, "--folder", str(folder)]
        runs[name] = (f"store-{how}", again)
    held: list[set[Quad]] = []
    for name, (store, command) in runs.items():
        os.environ["SICETNON_STORE"] = str(folder / store)
        wall, cpu = run(*command)
        print(
            f"{name:22}{wall:9.2f}{cpu:9.2f}{asked.pages / wall:17.1f}"
            f"{1000 * cpu / asked.pages:13.1f}"
        )
        found = Store.read_only(str(folder / store))
        if not held:
            by_page(found, folder / "quads")
        held.append(set(found))
    same = all(each == held[0] for each in held)
    print(f"\n{len(held[0])} quads, {'the same' if same else 'NOT THE SAME'} in every store")


if __name__ == "__main__":
    main()
