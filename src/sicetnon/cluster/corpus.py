"""A corpus as files: what the engines write, and how a store takes it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sicetnon.cluster import local, steps
from sicetnon.errors import UsageError
from sicetnon.library import intake
from sicetnon.store import Store

COUNTS, WORKS, REFUSED, QUADS = "counts.json", "works.tsv", "refused.tsv", "quads"


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus that was built: its folder, its counts, and the pages that were refused."""

    folder: Path
    counts: dict[str, int]
    refused: tuple[tuple[str, str], ...]

    @property
    def parts(self) -> list[Path]:
        """The files of N-Quads, in order; put together they are sorted."""
        return sorted((self.folder / QUADS).glob("part-*.nq"))


class Engine(Protocol):
    """What runs the steps: each method takes and gives plain values or writes files."""

    def take(self, paths: Sequence[str]) -> None:
        """Read the pages, thread by thread."""

    def facts(self, kind: str) -> Iterable[steps.Fact]:
        """Return what was told of one kind; of few facts only: counts and refusals."""

    def write_quads(self, folder: Path) -> None:
        """Write the quads, sorted, as `part-*.nq`."""

    def works(self) -> Iterable[tuple[str, str]]:
        """Yield every entry and the entry that stands for its work, sorted."""

    def close(self) -> None:
        """Let go of what the engine holds."""


def _spark(master: str) -> Engine:
    from sicetnon.cluster.spark import SparkEngine

    return SparkEngine(master)


ENGINES: dict[str, Callable[[str], Engine]] = {"local": local.LocalEngine, "spark": _spark}


def build(
    paths: Iterable[str | Path], folder: Path, engine: str = "local", master: str = "local[*]"
) -> Corpus:
    """Write pages as a corpus into a folder that is empty or not there.

    Files: `quads/part-*.nq`, sorted N-Quads with all that `ingest` stores; `works.tsv`, for every
    entry the one that stands for its work; `counts.json`; `refused.tsv`. Both engines write the
    same bytes, except where the parts begin.
    """
    if engine not in ENGINES:
        raise UsageError(f"expected an engine ({', '.join(ENGINES)}), found {engine!r}")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            f"{folder}: expected an empty folder to write to, found other things in it"
        )
    files = list(intake.files(paths))
    if "-" in files:
        raise UsageError("expected files and folders of pages, found standard input")
    runs = ENGINES[engine](master)
    try:
        runs.take(files)
        folder.mkdir(parents=True, exist_ok=True)
        runs.write_quads(folder / QUADS)
        linked = list(runs.works())
        counts = _counts(runs.facts(steps.COUNT)) | {"works": len({work for _, work in linked})}
        refused = tuple(sorted((fact.one, fact.two) for fact in runs.facts(steps.REFUSED)))
    finally:
        runs.close()
    _write(folder / WORKS, _rows([("entry", "work"), *linked]))
    _write(folder / REFUSED, _rows([("path", "message"), *refused]))
    _write(folder / COUNTS, json.dumps(counts, indent=2, sort_keys=True) + "\n")
    return Corpus(folder, counts, refused)


def load(corpus: Corpus, store: Store) -> None:
    """Load the parts of a corpus into an empty store."""
    if store.graphs():
        raise UsageError(
            f"{store.location}: expected an empty store for a corpus, found a full one"
        )
    for part in corpus.parts:
        with part.open("rb") as file:
            store.load(file)


def _counts(found: Iterable[steps.Fact]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for fact in found:
        counts[fact.one] += int(fact.two)
    return dict(counts)


def _rows(rows: Iterable[tuple[str, ...]]) -> str:
    return "".join("\t".join(" ".join(cell.split()) for cell in row) + "\n" for row in rows)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
