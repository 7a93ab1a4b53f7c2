"""The synthetic corpus that benchmarks measure on: deterministic, sound and of the told size."""

from __future__ import annotations

from pathlib import Path

import corpus
from sicetnon import graph
from sicetnon.library import Library
from sicetnon.lineage.layer import layers


def test_the_same_call_gives_the_same_quads_and_whole_pages() -> None:
    one, two = (list(corpus.quads(3000, layers=True)) for _ in range(2))
    assert one == two
    assert 3000 <= len(one) < 5000
    assert len(set(one)) == len(one)
    assert list(corpus.pages(9)) == list(corpus.pages(9))


def test_a_thread_has_the_shape_that_the_figures_are_told_for() -> None:
    threads = [corpus.thread(number) for number in range(12)]
    assert {len(versions) for versions in threads} <= {6, 7, 8, 9}
    assert len({page.thread for versions in threads for page in versions}) == len(threads)
    written = [layer for versions in threads for layer in layers(versions)]
    stated = [graph.to_quads(page) for versions in threads for page in versions]
    count = sum(map(len, stated)) + sum(len(layer.quads) for layer in written)
    assert 8000 < count / len(threads) < 9400


def test_pages_are_taken_in_and_break_no_rule(tmp_path: Path) -> None:
    for number, data in enumerate(corpus.pages(8)):
        (tmp_path / f"{number}.txt").write_bytes(data)
    library = Library(":memory:")
    assert {page.status for page in library.ingest([tmp_path])} == {"stored"}
    assert library.check(severity="violation") == []
    assert {row["status"] for row in library.ask("positions", thread=_first(library)).dicts()} >= {
        "new",
        "same",
        "restated",
        "gone",
    }


def _first(library: Library) -> str:
    return library.threads()[0].thread
