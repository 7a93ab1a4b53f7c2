"""The cost of the next page as the store grows, and how well a diff finds what changed.

    python benchmarks/history.py [--pages 1000] [--threads 100] [--shuffle] [--corrections]

Synthetic versions of many threads arrive thread after thread, so that the length of a thread is the
same at each point of measurement and only the store grows; or in random order with --shuffle, where
each page makes the later versions of its thread be linked anew. Each page is the example with some
events and entries left out, so that every version differs from its neighbours. Printed: the mean
time per page of the thread that ends at the 10th, the 100th and the 1,000th page, and the slope of
a line through all pages.
With --corrections the latest version is corrected and checked instead, at these sizes of the store.
Then the recorded changes between the two example pages are held against the computed ones.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import platform
import random
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import ClassVar

from sicetnon import rooms
from sicetnon.library import Library
from sicetnon.store import EmbeddedStore, Quads

GOLD = Path(__file__).parent.parent / "tests" / "cases" / "diff"


def pages(threads: int, count: int, seed: int = 11) -> list[tuple[str, bytes]]:
    """Return `count` pages over `threads` threads as slug and bytes, thread after thread."""
    chance = random.Random(seed)
    text = sorted(rooms.room("examples").glob("*.txt"))[-1].read_text(encoding="utf-8")
    made = []
    for index in range(count):
        number = index % (count // threads) + 1
        lines = text.replace("Version 2\n", f"Version {number}\n", 1).split("\n")
        start = lines.index("Sources")
        kept = [
            line
            for at, line in enumerate(lines)
            if at <= start or not line.startswith("  ") or chance.random() > 0.1
        ]
        kept = [x for x in kept if not (x.startswith("  • ") and chance.random() < 0.15)]
        made.append((f"thread-{index // (count // threads)}", "\n".join(kept).encode()))
    return made


class TimedStore(EmbeddedStore):
    """An embedded store that notes how long the engine takes to add the quads of each page."""

    taken: ClassVar[list[float]] = []

    def add(self, quads: Quads) -> None:
        """Add quads and note the engine's own time."""
        built = list(quads)
        start = time.process_time()
        super().add(built)
        self.taken.append(time.process_time() - start)


def growth(threads: int, count: int, *, shuffle: bool) -> None:
    """Print what each next page costs while the store grows."""
    folder = Path(tempfile.mkdtemp())
    library = Library(str(folder / "store"))
    library.keep_in(TimedStore.on_disk(folder / "store"))
    taken = []
    arriving = pages(threads, count)
    if shuffle:
        random.Random(12).shuffle(arriving)
    try:
        for slug, data in arriving:
            path = folder / "page.txt"
            path.write_bytes(data)
            start = time.process_time()
            (page,) = library.ingest([path], thread=slug)
            taken.append(time.process_time() - start)
            assert page.status == "stored", page.message
    finally:
        shutil.rmtree(folder)
    order = "random order" if shuffle else "order"
    print(f"{count} pages of {threads} threads in {order}; CPU milliseconds per page")
    for at in (10, 100, 1000):
        if len(taken) >= at:
            window = taken[max(0, at - count // threads) : at]
            engine = TimedStore.taken[max(0, at - count // threads) : at]
            print(
                f"  thread that ends at page {at:5}: {1000 * statistics.mean(window):7.1f},"
                f" of it the engine {1000 * statistics.mean(engine):7.1f}"
            )
    rest = [whole - engine for whole, engine in zip(taken, TimedStore.taken, strict=False)]
    for name, series in (("all", taken), ("without the engine's own", rest)):
        slope, base = statistics.linear_regression(range(len(series)), series)
        print(
            f"  slope, {name}: {1e6 * slope:.1f} µs a page in the store, from {1000 * base:.1f} ms"
        )


def corrections(threads: int, count: int, rounds: int = 10) -> None:
    """Print what it costs to correct and check the latest page while the store grows."""
    folder = Path(tempfile.mkdtemp())
    library, path = Library(str(folder / "store")), folder / "page.txt"
    print(f"a correction with its check, {count} pages of {threads} threads; CPU milliseconds")
    try:
        for at, (slug, data) in enumerate(pages(threads, count), 1):
            path.write_bytes(data)
            list(library.ingest([path], thread=slug))
            if at not in {10, 100, 1000}:
                continue
            taken = []
            for number in range(rounds):
                path.write_bytes(data.replace(b"Narrative\n\n", b"Narrative\n\n%d. " % number, 1))
                start = time.process_time()
                (page,) = library.ingest([path], thread=slug, check=True, replace=True)
                taken.append(time.process_time() - start)
                assert page.status == "stored", page.message
            print(f"  store of {at:5} pages: {1000 * statistics.median(taken):7.1f}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def found_changes() -> None:
    """Print precision and recall of the computed changes on the recorded ones."""
    library = Library(":memory:")
    list(library.ingest([rooms.room("examples")]))
    for path in sorted(GOLD.glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        wanted = {_key(c["kind"], c["change"], c["before"], c["after"]) for c in gold["changes"]}
        changes = library.diff(gold["thread"], gold["old"], gold["new"])
        told = {_key(c.kind, c.change, c.before, c.after) for c in changes}
        right = len(wanted & told)
        print(
            f"{path.stem} {gold['old']} → {gold['new']}: {len(wanted)} changes recorded,"
            f" precision {right / len(told):.3f}, recall {right / len(wanted):.3f}"
        )


def _key(*parts: object) -> str:
    cleaned = [
        sorted(part) if isinstance(part, list) else str(part).removeprefix("Evolution: ").strip()
        for part in parts
    ]
    return json.dumps(cleaned, ensure_ascii=False)


def main() -> None:
    """Run both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=100)
    parser.add_argument("--shuffle", action="store_true")
    parser.add_argument("--corrections", action="store_true")
    asked = parser.parse_args()
    versions = (f"{name} {importlib.metadata.version(name)}" for name in ("sicetnon", "pyoxigraph"))
    print(platform.python_implementation(), platform.python_version(), *versions)
    found_changes()
    if asked.corrections:
        corrections(asked.threads, asked.pages)
    else:
        growth(asked.threads, asked.pages, shuffle=asked.shuffle)


if __name__ == "__main__":
    main()
