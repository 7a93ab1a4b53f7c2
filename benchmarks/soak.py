"""Many pages go in while readers ask: nothing may fail, be lost, or grow without end.

    python benchmarks/soak.py [--pages 10000] [--minutes 30] [--readers 4] [--pause 0.2]
                              [--engine]

One process ingests the pages one after the other, file by file, for so many minutes or until all
are in, and then reads them again (each must say `unchanged`). The readers, a process each, open the
store anew again and again, as a person at a command line does; they list it, ask a question, write
a page back, and search, and wait for `--pause` seconds between two rounds. At the end every page
that was reported as stored is written back and compared with its file. Memory is what each process
holds, sampled through the run; it is flat when the last third of the time needs no more than the
middle one. It is judged by what a process holds of its own (RssAnon): pages of files that it reads
count as resident too, but the system takes them back when it needs them. `--engine` then writes the
same quads with nothing but the engine, page by page, and prints what that alone takes.
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
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import NamedTuple

from corpus import pages
from engine_alone import alone, held
from sicetnon.library import Library
from sicetnon.store import EmbeddedStore

Spent = dict[str, tuple[float, int]]  # kind of work: seconds in all, how many times


class Sample(NamedTuple):
    """What a process tells now and then: its name, seconds since the start, MB, work done."""

    who: str
    at: float
    megabytes: float
    done: int
    of_files: float
    spent: Spent


def sample(who: str, start: float, done: int, spent: Spent) -> Sample:
    """Return what a process tells of itself now; `spent` is what its work took so far."""
    own, files = held()
    return Sample(who, time.time() - start, own, done, files, dict(spent))


@contextmanager
def timed(spent: Spent, kind: str) -> Iterator[None]:
    """Add the seconds of some work to those of its kind."""
    begun = time.time()
    yield
    seconds, times = spent.get(kind, (0.0, 0))
    spent[kind] = (seconds + time.time() - begun, times + 1)


def writer(
    folder: Path, minutes: float, told: multiprocessing.Queue[object], ended: Event, start: float
) -> None:
    """Ingest every page, then all of them again, until the time is over."""
    done, spent = 0, Spent()
    try:
        library = Library(str(folder / "store"))
        files = sorted((folder / "pages").iterdir())
        wanted = "stored"
        while time.time() - start < 60 * minutes:
            for file in files:
                with timed(spent, wanted):
                    (page,) = library.ingest([file])
                if page.status != wanted:
                    raise AssertionError(f"{file}: expected {wanted}, found {page}")
                done += 1
                if wanted == "stored":
                    told.put((file.name, page.thread, page.version))
                if done % 50 == 0:
                    told.put(sample("writer", start, done, spent))
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
    spent = Spent()
    try:
        while not ended.is_set():
            if not EmbeddedStore.stands_at(folder / "store"):
                time.sleep(0.1)
                continue
            seen = one_round(Library(str(folder / "store")), chance, seen, spent)
            done += 1
            told.put(sample(name, start, done, spent))
            time.sleep(pause)
    except BaseException:
        told.put(traceback.format_exc())


def one_round(library: Library, chance: random.Random, seen: int, spent: Spent) -> int:
    """Open, list, ask, write back and search; return how many versions there are."""
    with timed(spent, "open"):
        library.store  # noqa: B018 - opens it
    with timed(spent, "list"):
        rows = library.threads()
    if len(rows) < seen:
        raise AssertionError(f"expected at least {seen} versions, found {len(rows)}")
    for row in chance.sample(rows, min(3, len(rows))):
        with timed(spent, "ask"):
            library.ask("contents", thread=row.thread, version=row.version)
        with timed(spent, "write back"):
            text = library.page(row.thread, row.version)
        if f"Version {row.version}".encode() not in text:
            raise AssertionError(f"{row}: expected its page, found another")
    if rows:
        with timed(spent, "search"):
            library.search(chance.choice(["sediment", "old cores", '"next survey"', "sal*"]))
    return len(rows)


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
    parser.add_argument("--engine", action="store_true")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    try:
        (folder / "pages").mkdir()
        for number, data in enumerate(pages(asked.pages)):
            (folder / "pages" / f"{number:06}.txt").write_bytes(data)
        status = soak(folder, asked)
        if asked.engine:
            print("the engine alone, the same quads:", flush=True)
            print(alone(folder / "store"), end="")
        sys.exit(status)
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
        last = series[-1]
        print(
            f"  {name:10}{last.done:8} rounds, {middle:5.0f} MB of its own in the middle third of"
            f" the time, {end:5.0f} MB in the last; {last.of_files:3.0f} MB of files"
        )
        parts = (f"{kind} {took / n:.2f} ({n} times)" for kind, (took, n) in last.spent.items())
        print(f"            seconds: {', '.join(parts)}")
    for fault in faults[:5]:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    main()
