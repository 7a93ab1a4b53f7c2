"""What goes wrong with a store is told plainly, and nothing is lost or left half-written."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from pyoxigraph import Quad

import corpus
import fake_service
import servers
from conftest import EXAMPLES
from fake_service import FakeService
from sicetnon import store as stores
from sicetnon.cli import cli, main
from sicetnon.errors import StoreError, UsageError
from sicetnon.library import Library
from sicetnon.query import Table
from sicetnon.store import http
from sicetnon.store.remote import RemoteStore

THREAD = "limits-of-deep-learning-theory"


@pytest.fixture
def service() -> Iterator[FakeService]:
    with fake_service.running() as found:
        yield found


@cache
def _filled() -> bytes:
    """The example pages as N-Quads."""
    library = Library(":memory:")
    assert {page.status for page in library.ingest(EXAMPLES)} == {"stored"}
    return ox.serialize(_quads(library.store), format=ox.RdfFormat.N_QUADS) or b""


@pytest.fixture
def filled(service: FakeService) -> Library:
    service.engine.bulk_load(_filled(), ox.RdfFormat.N_QUADS)
    return Library(service.url)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait a hundredth of the time before what failed is tried again."""
    monkeypatch.setattr(http, "FIRST_WAIT", 0.002)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("500", "500 Internal Server Error: the disk is full$"),
        ("400", "400 Bad Request: the disk is full$"),
        ("401", "SICETNON_USER and SICETNON_PASSWORD"),
        ("403", "SICETNON_TOKEN"),
        ("404", "is this the right URL"),
        ("html", "found text/html"),
        ("truncated", "cut or damaged"),
        ("redirect http://127.0.0.1:9/elsewhere", "found a redirect .*127.0.0.1:9/elsewhere"),
        ("header X-SPARQL-MaxRows: 10000", "cut at 10000 rows"),
        ("header X-SQL-State: S1TAT", "broke off for time"),
    ],
)
def test_a_fault_that_lasts_is_told_at_once(
    filled: Library, service: FakeService, fault: str, said: str
) -> None:
    _ = filled.store
    before = len(service.asked)
    service.faults = [fault]
    with pytest.raises(StoreError, match=said):
        filled.ask("contents")
    assert len(service.asked) == before + 1
    assert filled.ask("contents").rows


@pytest.mark.parametrize("fault", ["429 0", "429", "503 0", "502", "504", "cut", "lost-before"])
def test_a_question_is_asked_again_where_a_fault_may_pass(
    filled: Library, service: FakeService, fault: str
) -> None:
    wanted = filled.ask("contents")
    service.faults = [fault, fault]
    assert filled.ask("contents") == wanted
    service.faults = [fault] * 9
    with pytest.raises(StoreError, match=r"expected (an answer|a whole answer)"):
        filled.ask("contents")
    assert len(service.faults) == 5


def test_a_server_says_how_long_to_wait(filled: Library, service: FakeService) -> None:
    _ = filled.store
    service.faults = ["429 1"]
    start = time.monotonic()
    assert filled.threads()
    assert time.monotonic() - start > 0.9


@pytest.mark.parametrize("fault", ["500", "401", "html", "truncated", "cut", "404"])
def test_a_fault_ends_the_command_with_2(
    filled: Library,
    service: FakeService,
    fault: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    service.faults = [fault] * 4
    url = service.url.replace("//", "//reader:very-secret@")
    monkeypatch.setattr(sys, "argv", ["sicetnon", "--store", url, "ask", "contents"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"sicetnon: {service.url}: expected")
    assert "secret" not in said.err


def test_silence_is_not_waited_for_forever(
    filled: Library, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SICETNON_TIMEOUT", "0.3")
    store = stores.connect(service.url)
    service.faults = ["silent"]
    with pytest.raises(StoreError, match=r"within 0\.3 s"):
        store.graphs()
    monkeypatch.setenv("SICETNON_TIMEOUT", "soon")
    with pytest.raises(UsageError, match="SICETNON_TIMEOUT"):
        stores.connect(service.url)


def test_nothing_listens(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(StoreError, match="nothing that listens"):
        stores.connect(f"http://127.0.0.1:{servers.free_port()}/query")


@pytest.mark.parametrize("fault", ["lost-before", "lost-after", "500", "502", "504"])
def test_an_update_of_unknown_fate_is_not_repeated_and_ingest_resumes(
    service: FakeService, fault: str
) -> None:
    library = Library(service.url)
    list(library.ingest(EXAMPLES[:1]))
    service.asked.clear()
    service.faults = [f"update:{fault}"]
    with pytest.raises(StoreError):
        list(library.ingest(EXAMPLES[1:]))
    assert [kind for kind, _ in service.asked].count("update") == 1
    done = fault == "lost-after"
    assert [row.version for row in Library(service.url).threads()] == ([1, 2] if done else [1])
    (page,) = Library(service.url).ingest(EXAMPLES[1:])
    assert page.status == ("unchanged" if done else "stored")
    assert _as_reference(Library(service.url))


@pytest.mark.parametrize("fault", ["429 0", "503 0"])
def test_an_update_that_was_refused_is_sent_again(service: FakeService, fault: str) -> None:
    library = Library(service.url)
    _ = library._write()
    service.faults = [f"update:{fault}", f"update:{fault}"]
    assert [page.status for page in library.ingest(EXAMPLES)] == ["stored", "stored"]
    assert _as_reference(library)


def _as_reference(library: Library) -> bool:
    return _quads(library.store) == set(ox.parse(_filled(), ox.RdfFormat.N_QUADS))


def _quads(store: stores.Store) -> set[Quad]:
    return {
        Quad(each.subject, each.predicate, each.object, name)
        for name in store.graphs()
        for each in store.graph(name)
    }


def _small(url: str, most: int = 300) -> RemoteStore:
    """A store behind a service that takes no more than so many quads at once."""
    found = RemoteStore(url, {}, write=True)
    found.service = replace(found.service, per_request=most, per_operation=100)
    return found


@pytest.mark.parametrize("survives", range(0, 9, 2))
def test_a_page_in_many_requests_is_seen_whole_or_not_at_all(
    service: FakeService, survives: int
) -> None:
    library = Library(service.url)
    library.keep_in(_small(service.url))
    assert [page.status for page in library.ingest(EXAMPLES[:1])] == ["stored"]
    before = len(service.asked)
    service.faults = [*["update:"] * survives, "update:lost-before"]
    with pytest.raises(StoreError):
        list(library.ingest(EXAMPLES[1:]))
    assert len([kind for kind, _ in service.asked[before:] if kind == "update"]) == survives + 1
    reader = Library(service.url)
    assert [row.version for row in reader.threads()] == [1]
    assert reader.page(THREAD) == EXAMPLES[0].read_bytes()
    assert [page.status for page in library.ingest(EXAMPLES[1:])] == ["stored"]
    assert _as_reference(Library(service.url))


def test_a_page_that_takes_the_place_of_another_is_never_mixed_with_it(
    service: FakeService, tmp_path: Path
) -> None:
    changed = tmp_path / EXAMPLES[1].name
    old = EXAMPLES[1].read_text(encoding="utf-8")
    changed.write_text(old.replace("experiment", "trial").replace("theory", "doctrine"), "utf-8")
    new = changed.read_bytes()
    for survives in range(40):
        library = Library(service.url)
        library.keep_in(_small(service.url, 60))
        service.engine.clear()
        service.engine.bulk_load(_filled(), ox.RdfFormat.N_QUADS)
        service.faults = [*["update:"] * survives, "update:lost-before"]
        try:
            list(library.ingest([changed], replace=True))
        except StoreError:
            reader = Library(service.url)
            seen = [row.version for row in reader.threads()]
            assert seen in ([1], [1, 2])
            assert len(seen) == 1 or reader.page(THREAD, 2) in (old.encode(), new)
        else:
            break
        (page,) = library.ingest([changed], replace=True)
        assert page.status in {"stored", "unchanged"}
        assert Library(service.url).page(THREAD, 2) == new
        kept = Library(service.url).sparql("SELECT ?t { ?file a sen:PageFile ; sen:text ?t }")
        assert isinstance(kept, Table)
        assert old in {row[0] for row in kept.rows}
    assert survives > 4


def test_credentials_go_where_they_belong_and_are_never_shown(
    service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.wanted = "Bearer a-secret-token"
    with pytest.raises(StoreError, match="SICETNON_TOKEN") as refused:
        stores.connect(service.url)
    assert "secret" not in str(refused.value)
    monkeypatch.setenv("SICETNON_TOKEN", "a-secret-token")
    found = stores.connect(service.url, write=True)
    assert found.graphs() == []
    assert "secret" not in f"{vars(found)}"
    monkeypatch.setenv("SICETNON_USER", "reader")
    with pytest.raises(UsageError, match="found both"):
        stores.connect(service.url)
    other = service.url.replace("//", "//me:pass%40word@")
    with pytest.raises(StoreError) as refused:
        stores.connect(other)
    assert "pass" not in str(refused.value).replace("SICETNON_PASSWORD", "")


def test_endpoints_can_be_named_apart(service: FakeService) -> None:
    found = stores.connect(f"{service.url}#update=/elsewhere/update&graphs=http://h/g", write=True)
    assert isinstance(found, RemoteStore)
    root = service.url.removesuffix("query")
    assert found.service.update == f"{root}elsewhere/update"
    assert found.service.graphs == "http://h/g"
    assert found.location == service.url
    with pytest.raises(UsageError, match="after the #"):
        stores.connect(f"{service.url}#write=/x")


def test_a_default_graph_that_is_no_union_is_refused() -> None:
    with fake_service.running(union=False) as apart:
        assert stores.connect(apart.url).graphs() == []
        with pytest.raises(StoreError, match="--union-default-graph"):
            list(Library(apart.url).ingest(EXAMPLES))
        assert len(apart.engine) == 0
        apart.engine.update("INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> <urn:o> } }")
        with pytest.raises(StoreError, match="union"):
            stores.connect(apart.url)


def test_what_does_not_parse_or_reaches_out_is_never_sent(
    filled: Library, service: FakeService
) -> None:
    _ = filled.store
    service.asked.clear()
    for text in (
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "LOAD <http://127.0.0.1:1/x>",
        'define get:soft "replace" SELECT * FROM <http://127.0.0.1:1/x> { ?s ?p ?o }',
        "SELECT * { ?s ?p",
        "CLEAR ALL",
    ):
        with pytest.raises(UsageError):
            filled.sparql(text)
    assert service.asked == []


def test_a_restore_that_is_cut_is_seen_and_can_be_done_again(
    filled: Library, service: FakeService, tmp_path: Path
) -> None:
    path = tmp_path / "b.gz"
    with path.open("wb") as file:
        filled.backup(file)
    library = Library(service.url)
    library.keep_in(_small(service.url))
    service.faults = [*["update:"] * 5, "update:lost-before"]
    with pytest.raises(StoreError):
        library.restore(path, replace=True)
    with pytest.raises(StoreError, match="whose restore was cut short"):
        stores.connect(service.url)
    assert Library(service.url).restore(path, replace=True)
    assert _as_reference(Library(service.url))


def _pages(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number, data in enumerate(corpus.pages(count)):
        (folder / f"{number:03}.txt").write_bytes(data)
    return folder


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "sicetnon", *words]


def _killed(process: subprocess.Popen[bytes], victim: int, *, after: int) -> None:
    """Kill a process without warning once the command has told of so many pages."""
    assert process.stdout
    for _ in range(after):
        assert process.stdout.readline()
    os.kill(victim, signal.SIGKILL)


def _whole_and_resumed(location: str, pages: Path) -> None:
    """Hold what is left against the pages, take the rest in, and hold that against a reference."""
    library = Library(location)
    held = library.threads()
    assert held
    written = {page.read_bytes() for page in pages.iterdir()}
    assert {library.page(row.thread, row.version) for row in held} <= written
    assert {page.status for page in library.ingest([pages])} <= {"stored", "unchanged"}
    reference = Library(":memory:")
    list(reference.ingest([pages]))
    assert _quads(library.store) == _quads(reference.store)


@pytest.mark.parametrize("after", [1, 4])
def test_a_writer_that_is_killed_loses_no_page(tmp_path: Path, after: int) -> None:
    pages, location = _pages(tmp_path / "pages", 6), str(tmp_path / "sicetnon.store")
    command = ["-u", *_command("--store", location, "ingest", str(pages))[1:]]
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE)
    _killed(process, process.pid, after=after)
    process.communicate()
    _whole_and_resumed(location, pages)


@pytest.mark.skipif(not servers.is_installed("oxigraph"), reason="the oxigraph server is missing")
def test_a_server_that_is_killed_loses_no_page(tmp_path: Path) -> None:
    pages = _pages(tmp_path / "pages", 6)
    with servers.oxigraph(tmp_path, keep=True) as server:
        command = ["-u", *_command("--store", server.url, "ingest", str(pages))[1:]]
        pipe = subprocess.PIPE
        process = subprocess.Popen([sys.executable, *command], stdout=pipe, stderr=pipe)
        _killed(process, server.process.pid, after=3)
        _, said = process.communicate()
        assert process.returncode == 2, said
        assert b"sicetnon: http://127.0.0.1" in said
    with servers.oxigraph(tmp_path, keep=True) as server:
        _whole_and_resumed(server.url, pages)


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))


def test_a_disk_without_room_is_told_and_what_was_there_stays(tmp_path: Path) -> None:
    location = str(tmp_path / "sicetnon.store")
    list(Library(location).ingest(EXAMPLES[:1]))
    pages = _pages(tmp_path / "pages", 3)
    done = subprocess.run(
        _command("--store", location, "ingest", str(pages)),
        preexec_fn=_limited,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith(f"sicetnon: {location}: ".encode())
    assert Library(location).page(THREAD, 1) == EXAMPLES[0].read_bytes()
    assert {page.status for page in Library(location).ingest([pages])} <= {"stored", "unchanged"}


def _mounted(folder: Path, *options: str) -> Path:
    folder.mkdir()
    done = subprocess.run(["mount", *options, str(folder)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("mounting a small disk needs root and leave to mount")
    return folder


@pytest.mark.skipif(not shutil.which("mount"), reason="there is no mount command")
def test_a_full_disk_and_a_read_only_disk(tmp_path: Path) -> None:
    disk = _mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=8m", "tmpfs")
    try:
        location = str(disk / "sicetnon.store")
        list(Library(location).ingest(EXAMPLES[:1]))
        with (tmp_path / "kept.gz").open("wb") as file:
            Library(location).backup(file)
        (disk / "ballast").write_bytes(b"x" * (shutil.disk_usage(disk).free - 20_000))
        for words in (
            ["ingest", str(EXAMPLES[1])],
            ["restore", "--replace", f"{tmp_path}/kept.gz"],
        ):
            done = subprocess.run(
                _command("--store", location, *words), capture_output=True, check=False
            )
            assert done.returncode == 2, (words, done.stderr)
            assert done.stderr.startswith(b"sicetnon: "), done.stderr
            assert Library(location).page(THREAD, 1) == EXAMPLES[0].read_bytes()
        (disk / "ballast").unlink()
        assert [page.status for page in Library(location).ingest(EXAMPLES[1:])] == ["stored"]
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        assert Library(location).page(THREAD, 2) == EXAMPLES[1].read_bytes()
        runner = CliRunner()
        result = runner.invoke(cli, ["--store", location, "ingest", str(EXAMPLES[0])])
        assert isinstance(result.exception, StoreError)
        assert location in str(result.exception)
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_damaged_store_is_told(tmp_path: Path) -> None:
    location = tmp_path / "sicetnon.store"
    list(Library(str(location)).ingest(EXAMPLES[:1]))
    for file in location.glob("MANIFEST-*"):
        file.write_bytes(b"nothing" * 90)
    with pytest.raises(StoreError, match=str(location)):
        Library(str(location)).threads()
