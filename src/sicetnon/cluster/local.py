"""The steps in one process, for a corpus whose quads fit in its memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from sicetnon.cluster import steps
from sicetnon.cluster.steps import Fact

_LINES = 1_000_000  # of one part


class LocalEngine:
    """Runs the steps one after the other."""

    def __init__(self, _master: str) -> None:
        self.told: dict[str, list[Fact]] = {}

    def take(self, paths: Sequence[str]) -> None:
        """Read the pages, thread by thread."""
        threads: dict[str, list[str]] = {}
        for slug, path in map(steps.thread_of, paths):
            threads.setdefault(slug, []).append(path)
        for slug in sorted(threads):
            for fact in steps.facts(threads[slug]):
                self.told.setdefault(fact.kind, []).append(fact)

    def facts(self, kind: str) -> Iterable[Fact]:
        """Return what was told of one kind."""
        return self.told.get(kind, [])

    def write_quads(self, folder: Path) -> None:
        """Write the quads, sorted by their bytes, as `part-*.nq`."""
        folder.mkdir(parents=True)
        lines = sorted({fact.one.encode() for fact in self.facts(steps.QUAD)})
        for number, start in enumerate(range(0, len(lines), _LINES)):
            part = b"".join(line + b"\n" for line in lines[start : start + _LINES])
            (folder / f"part-{number:05}.nq").write_bytes(part)

    def works(self) -> Iterator[tuple[str, str]]:
        """Yield every entry and the entry that stands for its work, sorted."""
        entries = list(self.facts(steps.ENTRY))
        firsts: dict[tuple[str, str], str] = {}
        for fact in sorted(entries):
            firsts.setdefault((fact.two, fact.three), fact.one)
        work = dict(steps.works((name, *listed) for listed, name in firsts.items()))
        yield from sorted((fact.one, work[firsts[fact.two, fact.three]]) for fact in entries)

    def close(self) -> None:
        """Forget everything."""
        self.told.clear()
