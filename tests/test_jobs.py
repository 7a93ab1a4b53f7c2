"""Ingest in several processes: the same store, the same lines, the same order."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from conftest import EXAMPLES
from sicetnon import store, terms
from sicetnon.errors import StoreError
from sicetnon.library import Library
from sicetnon.library.intake import Ingested
from test_cli import run
from test_library import page

THREADS = ("bridges", "canals", "roads", "tunnels")


def quads(location: Path) -> set[str]:
    return set(map(str, store.EmbeddedStore.on_disk(location, read_only=True).engine))


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Pages of several threads in disorder, some twice, some in conflict, some unreadable."""
    folder = tmp_path / "pages"
    folder.mkdir()
    made = [
        page(number, thread, f"What {thread} {number} says of {chance}.[1]")
        for chance, (thread, number) in enumerate((t, n) for t in THREADS for n in (3, 1, 2, 10))
    ]
    made += [
        made[5],
        made[0].replace(b"says", b"denies"),
        made[9] + b"\n",
        b"no page",
        b"\xff\xfe\x00",
    ]
    made += [path.read_bytes() for path in EXAMPLES]
    random.Random(3).shuffle(made)
    for number, data in enumerate(made):
        (folder / f"{number:02}.txt").write_bytes(data)
    alike = page(7).replace(b"reactive:roads", b"A paper")
    for name in ("street-v7", "lane-v7", "alley-v7"):  # the file's name tells the thread
        (folder / f"{name}.txt").write_bytes(alike)
    return folder


@pytest.mark.parametrize("given", [{}, {"replace": True}, {"check": True}, {"thread": "one"}])
def test_many_processes_do_what_one_does(
    given: dict[str, bool], mixed: Path, tmp_path: Path
) -> None:
    asked = [mixed, tmp_path / "missing.txt", EXAMPLES[0]]
    made: list[list[Ingested]] = []
    for jobs in (1, 2):
        library = Library(str(tmp_path / f"store-{jobs}"))
        made.append(list(library.ingest(asked, jobs=jobs, **given)))  # type: ignore[arg-type]
    assert made[0] == made[1]
    assert {each.status for each in made[0]} >= {"stored", "refused"}
    if "thread" not in given:
        twins = {each.thread: [twin.thread for twin in each.twins] for each in made[0]}
        assert (twins["alley"], twins["lane"]) == ([], ["alley"])
        assert twins["street"] == ["alley", "lane"]
    assert quads(tmp_path / "store-1") == quads(tmp_path / "store-2")


def test_pages_of_threads_that_are_there_are_taken_as_ever(mixed: Path, tmp_path: Path) -> None:
    for jobs in (1, 2):
        library = Library(str(tmp_path / f"store-{jobs}"))
        list(library.ingest(EXAMPLES))
        one, other = _things(library)
        library.same(one, other, "to test", "A. Tester", "2026-11-01")
        list(library.ingest([mixed], jobs=jobs))
        again = list(library.ingest([mixed], jobs=jobs))
        assert {each.status for each in again} == {"unchanged", "conflict", "refused"}
        library.search("claim")
        (tmp_path / "late.txt").write_bytes(page(1, words="A late claim.[1]"))
        list(library.ingest([tmp_path / "late.txt"], thread="late", jobs=jobs))
        assert library.search('"late claim"').rows
        assert library.search_faults() == []
    assert quads(tmp_path / "store-1") == quads(tmp_path / "store-2")


def _things(library: Library) -> tuple[str, str]:
    answer = library.sparql(
        f"SELECT DISTINCT ?x WHERE {{ ?x a <{terms.SEN}Perspective> }} ORDER BY ?x LIMIT 2"
    )
    assert not isinstance(answer, bool | list)
    return str(answer.rows[0][0]), str(answer.rows[1][0])


def test_command_prints_the_same_lines(mixed: Path, tmp_path: Path) -> None:
    done = [
        run("ingest", mixed, "none.txt", "--jobs", jobs, store=tmp_path / f"store-{jobs}")
        for jobs in ("1", "2")
    ]
    assert done[0].stdout == done[1].stdout
    assert done[0].stderr == done[1].stderr
    assert [each.returncode for each in done] == [2, 2]
    assert b"refused none.txt: No such file or directory" in done[1].stderr
    data = EXAMPLES[0].read_bytes()
    piped = run("ingest", "-", "--jobs", "2", store=tmp_path / "piped", data=data)
    assert piped.stdout.startswith(b"stored how-far-can-theory-explain-deep-learning v1")
    assert run("ingest", mixed, "--jobs", "0").returncode == 2


def test_refused_pages_alone_make_no_store(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("nothing of the kind")
    library = Library(str(tmp_path / "store"))
    (refused,) = library.ingest([tmp_path / "page.txt"], jobs=2)
    assert refused == replace(refused, status="refused")
    assert not (tmp_path / "store").exists()


def many(folder: Path, threads: int, versions: int) -> Path:
    folder.mkdir()
    for thread in range(threads):
        for number in range(1, versions + 1):
            data = page(number, f"road-{thread}", f"Claim {number} of {thread}.[1]")
            (folder / f"{thread:03}-{number:02}.txt").write_bytes(data)
    return folder


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_stopped_ingest_leaves_whole_pages_only(sent: signal.Signals, tmp_path: Path) -> None:
    pages, whole = many(tmp_path / "pages", 60, 6), tmp_path / "whole"
    assert run("ingest", pages, store=whole).returncode == 0
    spool = tmp_path / "spool"
    spool.mkdir()
    wanted = quads(whole)
    stopped = 0
    for number, after in enumerate((0.0, 0.3, 0.6, 0.9, 1.2)):
        location = tmp_path / f"store-{number}"
        environment = {**os.environ, "SICETNON_STORE": str(location), "TMPDIR": str(spool)}
        command = [sys.executable, "-m", "sicetnon", "ingest", str(pages), "--jobs", "2"]
        with subprocess.Popen(
            command,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            process_group=0,
        ) as writer:
            while not list(spool.iterdir()) and writer.poll() is None:
                time.sleep(0.01)
            time.sleep(after)
            os.killpg(writer.pid, sent)
            told, said = writer.communicate()
            for left in spool.iterdir():
                assert sent == signal.SIGKILL
                shutil.rmtree(left)
        if sent == signal.SIGINT and writer.returncode:
            assert (writer.returncode, said) == (2, b"\nsicetnon: stopped\n")
        stopped += writer.returncode != 0
        if not store.EmbeddedStore.stands_at(location):
            continue
        try:
            held, versions = quads(location), Library(str(location)).threads()
        except StoreError as error:
            assert "the next ingest completes what was cut short" in str(error)
            held, versions = set(), []
        assert held <= wanted
        assert len(versions) >= told.count(b"stored ")
        for row in versions:
            start = f"<{terms.version(row.thread, str(row.version)).value}"
            assert {q for q in wanted if f"{start}>" in q.split(" ")[-1]} <= held
        assert run("ingest", pages, "--jobs", "2", store=location).returncode == 0
        assert quads(location) == wanted
    assert stopped


def test_process_that_dies_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sicetnon.library import jobs

    monkeypatch.setattr(jobs, "_thread", _die)
    library = Library(str(tmp_path / "store"))
    with pytest.raises(StoreError, match="ended from outside"):
        list(library.ingest(EXAMPLES, jobs=2))


def _die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
