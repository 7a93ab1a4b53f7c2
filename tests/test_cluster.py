"""Corpora: what ingest stores, as files that any engine writes alike."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from conftest import EXAMPLES
from sicetnon import cluster, store
from sicetnon.errors import UsageError
from sicetnon.library import Library
from test_cli import run
from test_library import page

HAS_SPARK = bool(find_spec("pyspark") and find_spec("splink") and shutil.which("java"))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages of five threads, with one that cannot be read and one that contradicts another."""
    folder = tmp_path_factory.mktemp("pages")
    for thread in ("roads", "canals", "bridges", "tunnels"):
        for number in (1, 2, 3):
            data = page(number, thread, f"What {thread} {number} says.[1]")
            titled = data.replace(b"A title", f"The Length of {thread.title()}, Measured".encode())
            (folder / f"{thread}-{number}.txt").write_bytes(titled)
    for path in EXAMPLES:
        shutil.copy(path, folder)
    (folder / "other-canals.txt").write_bytes(page(2, "canals", "Another text.[1]"))
    (folder / "no-page.txt").write_text("nothing of the kind")
    return folder


@pytest.fixture(scope="module")
def local(pages: Path, tmp_path_factory: pytest.TempPathFactory) -> cluster.Corpus:
    return cluster.build([pages], tmp_path_factory.mktemp("corpus") / "local")


def quads(library: Library) -> set[str]:
    found = library.store
    assert isinstance(found, store.EmbeddedStore)
    return set(map(str, found.engine))


def test_corpus_holds_what_ingest_stores(local: cluster.Corpus, pages: Path) -> None:
    library, loaded = Library(store.MEMORY), Library(store.MEMORY)
    list(library.ingest([pages]))
    cluster.load(local, loaded.writable())
    assert quads(loaded) == quads(library)
    assert local.counts["quads"] == len(quads(library))
    assert local.counts["pages stored"] == 14
    assert local.counts["threads"] == 5
    assert {Path(path).name for path, _ in local.refused} == {"no-page.txt", "other-canals.txt"}


def test_parts_are_sorted_and_the_same_every_time(
    local: cluster.Corpus, pages: Path, tmp_path: Path
) -> None:
    lines = b"".join(part.read_bytes() for part in local.parts).splitlines()
    assert lines == sorted(set(lines))
    assert len(list(parse(b"\n".join(lines), format=RdfFormat.N_QUADS))) == len(lines)
    again = cluster.build([*sorted(pages.iterdir(), reverse=True)], tmp_path / "again")
    assert contents(again) == contents(local)


def contents(corpus: cluster.Corpus) -> list[bytes]:
    whole = b"".join(part.read_bytes() for part in corpus.parts)
    names = ("works.tsv", "counts.json", "refused.tsv")
    return [whole, *((corpus.folder / name).read_bytes() for name in names)]


def test_entries_of_all_threads_are_linked(local: cluster.Corpus) -> None:
    rows = (local.folder / "works.tsv").read_text(encoding="utf-8").splitlines()[1:]
    works = dict(row.split("\t") for row in rows)
    start = "https://w3id.org/sicetnon/id/thread"
    assert works[f"{start}/roads/v3/entry/1"] == works[f"{start}/roads/v1/entry/1"]
    assert works[f"{start}/roads/v1/entry/1"] != works[f"{start}/canals/v1/entry/1"]
    assert len(works) == local.counts["a https://w3id.org/sicetnon/ontology#Entry"]
    assert len(set(works.values())) == local.counts["works"]


def test_what_cannot_be_meant_is_told(pages: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").touch()
    with pytest.raises(UsageError, match="expected an empty folder"):
        cluster.build([pages], tmp_path / "full")
    with pytest.raises(UsageError, match="expected an engine"):
        cluster.build([pages], tmp_path / "new", "abacus")
    with pytest.raises(UsageError, match="found standard input"):
        cluster.build(["-"], tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_command_writes_and_loads(pages: Path, tmp_path: Path) -> None:
    kept = tmp_path / "store"
    done = run("corpus", *EXAMPLES, "-o", tmp_path / "corpus", "--load", store=kept)
    assert done.returncode == 0
    assert done.stdout.startswith(b"2 pages stored, 1 threads, ")
    assert len(Library(str(kept)).threads()) == 2
    again = run("corpus", *EXAMPLES, "-o", tmp_path / "more", "--load", store=kept)
    assert again.returncode == 2
    assert b"expected an empty store" in again.stderr
    refused = run("corpus", pages, "-o", tmp_path / "whole")
    assert refused.returncode == 2
    assert b"no-page.txt" in refused.stderr
    assert json.loads((tmp_path / "whole" / "counts.json").read_bytes())["pages stored"] == 14


def test_spark_is_imported_by_its_engine_alone() -> None:
    code = (
        "import sys, sicetnon, sicetnon.cluster, sicetnon.cli;"
        "print({'pyspark', 'splink'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    assert done.stdout == b"set()\n"


@pytest.mark.skipif(HAS_SPARK, reason="PySpark is installed")
def test_lack_of_spark_is_told_with_what_to_do(tmp_path: Path) -> None:
    done = run("corpus", *EXAMPLES, "-o", tmp_path / "corpus", "--engine", "spark")
    assert done.returncode == 2
    assert not (tmp_path / "corpus").exists()
    if not find_spec("pyspark"):
        assert b"pip install 'sicetnon[spark]'" in done.stderr


@pytest.mark.spark
@pytest.mark.skipif(not HAS_SPARK, reason="needs PySpark, Splink and Java: make test-spark")
def test_spark_writes_the_same_bytes(local: cluster.Corpus, pages: Path, tmp_path: Path) -> None:
    made = tmp_path / "spark"
    done = run("corpus", pages, "-o", made, "--engine", "spark", "--master", "local[2]")
    assert done.returncode == 2, done.stderr.decode()[-3000:]
    assert done.stdout.count(b"\n") == 1
    assert contents(cluster.Corpus(made, {}, ())) == contents(local)
