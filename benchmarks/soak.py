"""Many pages go in while readers ask: nothing may fail, be lost, or grow without end.

    python benchmarks/soak.py [--pages 10000] [--minutes 30] [--readers 4] [--pause 0.2]

One process ingests the pages one after the other, file by file, for so many minutes or until all
are in, and then reads them again (each must say `unchanged`). The readers, a process each, open the
store anew again and again, as a person at a command line does; they list it, ask a question, write
a page back, and search, and wait for `--pause` seconds between two rounds. At the end every page
that was reported as stored is written back and compared with its file. Memory is the resident size
of each process, sampled through the run; it is flat when the last third of the time needs no more
than the middle one.
"""

from __future__ import annotations

import argparse
import multiprocessing
import platform
import random
import shutil
import statistics
import sys
import tempfile
import time
import traceback
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import NamedTuple

from corpus import pages
from sicetnon.library import Library
from sicetnon.store import EmbeddedStore


class Sample(NamedTuple):
    """What a process tells now and then: its name, seconds since the start, MB, work done."""

    who: str
    at: float
    megabytes: float
    done: int


def resident() -> float:
    """Return the resident size of this process in MB (Linux)."""
    pages_held = int(Path("/proc/self/statm").read_text().split()[1])
    return pages_held * 4096 / 1e6


def writer(
    folder: Path, minutes: float, told: multiprocessing.Queue[object], ended: Event, start: float
) -> None:
    """Ingest every page, then all of them again, until the time is over."""
    done = 0
    try:
        library = Library(str(folder / "store"))
        files = sorted((folder / "pages").iterdir())
        wanted = "stored"
        while time.time() - start < 60 * minutes:
            for file in files:
                (page,) = library.ingest([file])
                if page.status != wanted:
                    raise AssertionError(f"{file}: expected {wanted}, found {page}")
                done += 1
                if wanted == "stored":
                    told.put((file.name, page.thread, page.version))
                if done % 50 == 0:
                    told.put(Sample("writer", time.time() - start, resident(), done))
                if time.time() - start >= 60 * minutes:
                    break
            wanted = "unchanged"
    except BaseException:
        told.put(traceback.format_exc())
    finally:
        ended.set()


def reader(
    name: str,
    folder: Path,
    told: multiprocessing.Queue[object],
    ended: Event,
    start: float,
    pause: float,
) -> None:
    """Open the store and ask, until the writer has ended."""
    chance, done, seen = random.Random(name), 0, 0
    try:
        while not ended.is_set():
            if not EmbeddedStore.stands_at(folder / "store"):
                time.sleep(0.1)
                continue
            library = Library(str(folder / "store"))
            rows = library.threads()
            if len(rows) < seen:
                raise AssertionError(f"expected at least {seen} versions, found {len(rows)}")
            seen = len(rows)
            for row in chance.sample(rows, min(3, seen)):
                library.ask("contents", thread=row.thread, version=row.version)
                text = library.page(row.thread, row.version)
                if f"Version {row.version}".encode() not in text:
                    raise AssertionError(f"{row}: expected its page, found another")
            if rows:
                library.search(chance.choice(["sediment", "old cores", '"next survey"', "sal*"]))
            done += 1
            time.sleep(pause)
            if done % 5 == 0:
                told.put(Sample(name, time.time() - start, resident(), done))
    except BaseException:
        told.put(traceback.format_exc())


def growth(samples: list[Sample]) -> tuple[float, float]:
    """Return the median MB of the middle third of a process's time, and of the last."""
    last = samples[-1].at
    parts = [[s.megabytes for s in samples if last * a <= s.at <= last * b] for a, b in _THIRDS]
    middle, end = (statistics.median(part or [samples[-1].megabytes]) for part in parts)
    return middle, end


_THIRDS = ((1 / 3, 2 / 3), (2 / 3, 1.0))


def main() -> None:
    """Run writer and readers, and tell what became of every page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--readers", type=int, default=4)
    parser.add_argument("--pause", type=float, default=0.2)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    try:
        (folder / "pages").mkdir()
        for number, data in enumerate(pages(asked.pages)):
            (folder / "pages" / f"{number:06}.txt").write_bytes(data)
        sys.exit(soak(folder, asked))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def soak(folder: Path, asked: argparse.Namespace) -> int:
    """Run, gather what the processes tell, and judge it."""
    context = multiprocessing.get_context("spawn")
    told: multiprocessing.Queue[object] = context.Queue()
    ended, start = context.Event(), time.time()
    run = [
        context.Process(
            target=writer, args=(folder, asked.minutes, told, ended, start), daemon=True
        )
    ]
    for number in range(asked.readers):
        given = (f"reader {number + 1}", folder, told, ended, start, asked.pause)
        run.append(context.Process(target=reader, args=given, daemon=True))
    for process in run:
        process.start()
    samples: dict[str, list[Sample]] = {}
    stored: list[tuple[str, str, int]] = []
    faults: list[str] = []
    while any(process.is_alive() for process in run) or not told.empty():
        try:
            found = told.get(timeout=1)
        except Exception:  # the queue is empty for now
            continue
        if isinstance(found, Sample):
            samples.setdefault(found.who, []).append(found)
        elif isinstance(found, tuple):
            stored.append(found)
        else:
            faults.append(str(found))
            print(f"{time.time() - start:.0f} s: {found}", flush=True)
    return judged(folder, samples, stored, faults, time.time() - start)


def judged(
    folder: Path,
    samples: dict[str, list[Sample]],
    stored: list[tuple[str, str, int]],
    faults: list[str],
    seconds: float,
) -> int:
    """Print what happened; 0 if nothing failed, was lost or grew."""
    library = Library(str(folder / "store"))
    lost = [
        name
        for name, thread, version in stored
        if library.page(thread, version) != (folder / "pages" / name).read_bytes()
    ]
    faults += [f"lost: {name}" for name in lost]
    faults += library.search_faults()
    print(platform.python_implementation(), platform.python_version(), f"{seconds:.0f} s")
    print(f"{len(stored)} pages stored, {len(lost)} lost; {len(faults)} faults")
    for name, series in sorted(samples.items()):
        middle, end = growth(series)
        print(
            f"  {name:10}{series[-1].done:8} rounds, resident {middle:7.0f} MB in the middle third"
            f" of the time, {end:7.0f} MB in the last"
        )
    for fault in faults[:5]:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    main()
