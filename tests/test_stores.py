"""One suite for every kind of store: each answers as the embedded one in memory does."""

from __future__ import annotations

import gzip
import io
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

import servers
from conftest import EXAMPLES
from sicetnon import query, terms
from sicetnon import store as stores
from sicetnon.cli import cli
from sicetnon.errors import DataError, StoreError, UsageError
from sicetnon.library import Library
from sicetnon.query import QueryFile
from sicetnon.store import copies

THREAD = "limits-of-deep-learning-theory"
KINDS = [
    "memory",
    "disk",
    "files",
    "oxigraph",
    pytest.param("virtuoso", marks=pytest.mark.virtuoso),
]
WRITABLE = [kind for kind in KINDS if kind != "files"]
# Questions of graphs that are kept by hand have examples that the shipped pages do not know.
QUESTIONS = [
    file.name
    for file in query.catalogue().values()
    if not (file.graphs and any(param.type == "iri" for param in file.params) and file.example)
]


@pytest.fixture(scope="module")
def reference() -> Library:
    """The example pages in memory."""
    found = Library(":memory:")
    assert {page.status for page in found.ingest(EXAMPLES)} == {"stored"}
    return found


@pytest.fixture(scope="module")
def places(
    reference: Library, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """The locations of filled stores, by kind, as they are asked for."""
    with ExitStack() as running:
        yield _Places(reference, tmp_path_factory, running)


class _Places(dict[str, str]):
    def __init__(
        self, reference: Library, folders: pytest.TempPathFactory, running: ExitStack
    ) -> None:
        super().__init__()
        self.reference, self.folders, self.running = reference, folders, running

    def __missing__(self, kind: str) -> str:
        folder = self.folders.mktemp(kind)
        location = str(folder / "sicetnon.store")
        if kind == "memory":
            return ":memory:"
        if kind == "files":
            location = str(folder / "rdf")
            Path(location).mkdir()
            (Path(location) / "all.nq").write_bytes(_nquads(self.reference.store))
        if kind in servers.SERVERS:
            if not servers.is_installed(kind):
                pytest.skip(f"the {kind} server is not installed; `make servers` installs it")
            running = self.running.enter_context(servers.SERVERS[kind](folder))
            location = running.url
            if running.user:
                secret = f"//{running.user}:{running.password}@"
                location = location.replace("//", secret)
        if kind != "files":
            statuses = {page.status for page in Library(location).ingest(EXAMPLES)}
            assert statuses == {"stored"}
        self[kind] = location
        return location


def _nquads(store: stores.Store) -> bytes:
    return serialize(_quads(store), format=RdfFormat.N_QUADS) or b""


def _quads(store: stores.Store) -> list[Quad]:
    return [
        Quad(each.subject, each.predicate, each.object, name)
        for name in store.graphs()
        for each in store.graph(name)
    ]


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def kept(kind: str, places: dict[str, str]) -> Library:
    """The example pages in a store of one kind."""
    found = Library(places[kind])
    if kind == "memory":
        list(found.ingest(EXAMPLES))
    return found


def _state(library: Library, kind: str) -> set[tuple[str, ...]]:
    """Return every quad as text; Virtuoso keeps a whole decimal as an integer."""
    text = [(*map(str, quad),) for quad in _quads(library.store)]
    if kind != "virtuoso":
        return set(text)
    whole = re.compile(r'^("-?\d+)(\.0)?"\^\^<.*#(decimal|integer)>$')
    return {tuple(whole.sub(r"\1", cell) for cell in row) for row in text}


def test_every_quad_comes_back(kind: str, kept: Library, reference: Library) -> None:
    assert _state(kept, kind) == _state(reference, kind)
    assert kept.threads() == reference.threads()


def _given(file: QueryFile, version: str) -> dict[str, str]:
    known = {**dict(file.example), "thread": THREAD, "version": version}
    return {each.name: known[each.name] for each in file.params if each.name in known}


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_gets_the_same_answer(name: str, kept: Library, reference: Library) -> None:
    file = query.load(name, query.catalogue()[name].group)
    for version in ("1", "2"):
        given = _given(file, version)
        found, wanted = (query.run(each.store, file, given) for each in (kept, reference))
        assert found == wanted


def test_the_questions_are_all_there() -> None:
    assert len(QUESTIONS) >= 27


def test_pages_come_back_byte_for_byte(kept: Library) -> None:
    for version, path in enumerate(EXAMPLES, 1):
        assert kept.page(THREAD, version) == path.read_bytes()


def test_checks_diffs_and_earlier_days_are_the_same(kept: Library, reference: Library) -> None:
    def shown(library: Library) -> list[tuple[object, ...]]:
        return [(each.rule, each.line, each.quote, each.message) for each in library.check()]

    assert shown(kept) == shown(reference)
    assert kept.diff(THREAD, 1, 2) == reference.diff(THREAD, 1, 2)
    earlier, wanted = kept.as_of(1), reference.as_of(1)
    assert earlier.threads() == wanted.threads()
    assert earlier.ask("contents") == wanted.ask("contents")
    assert kept.as_of("2026-06-20").threads() == wanted.threads()
    assert kept.as_of("2001-01-01").threads() == []


def test_queries_of_every_form_are_answered(kept: Library, reference: Library) -> None:
    graph = "CONSTRUCT { ?e a sen:Event } WHERE { ?e a sen:Event ; sen:order 3 }"
    for library in (kept, reference):
        answer = library.sparql(graph)
        assert isinstance(answer, list)
        assert len(answer) == 2
    assert kept.sparql("ASK { ?e a sen:Event }") is True
    assert kept.sparql("ASK { ?e a <urn:nothing> }") is False
    assert '"boolean":false' in kept.results("ASK { ?e a <urn:nothing> }", "srj")
    assert "<uri>" in kept.results("SELECT ?e { ?e a sen:Event } LIMIT 1", "srx")
    with pytest.raises(UsageError, match="SERVICE"):
        kept.sparql("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }")
    with pytest.raises(UsageError, match="update"):
        kept.sparql("DROP ALL")
    with pytest.raises(UsageError, match="does not parse"):
        kept.sparql("SELECT * { ?s ?p")


def test_rows_come_one_by_one_and_no_more_than_asked(kept: Library) -> None:
    text = f"SELECT ?e ?n WHERE {{ ?e a {terms.sen('Entry')} ; {terms.sen('number')} ?n }}"
    found = kept.store.rows(text, limit=5)
    assert found.columns == ("e", "n")
    assert len(list(found.rows)) == 5
    assert len(list(kept.store.rows(text).rows)) > 50
    with pytest.raises(UsageError, match="SELECT"):
        kept.store.rows("ASK {}")


def test_an_untold_graph_and_no_graphs_hold_nothing(kept: Library) -> None:
    assert kept.store.graph(NamedNode("urn:nothing")) == []
    assert kept.store.query("ASK { ?s ?p ?o }", []) is False


@pytest.mark.parametrize("kind", WRITABLE)
def test_a_judgement_taken_back_leaves_no_trace(kind: str, kept: Library) -> None:
    before = _state(kept, kind)
    held = [row for row in kept.ask("positions", thread=THREAD).dicts() if row["status"] == "new"]
    left, right = (str(row["perspective"]) for row in held[:2])
    judgement = kept.same(left, right, "one school", "A. Reader", "2026-11-23")
    assert [each.iri for each in kept.judgements()] == [judgement.iri]
    assert _state(kept, kind) != before
    kept.undo(judgement.iri.value)
    assert _state(kept, kind) == before


@pytest.mark.parametrize("kind", WRITABLE)
def test_a_page_taken_in_again_changes_nothing(kind: str, kept: Library) -> None:
    before = _state(kept, kind)
    assert {page.status for page in kept.ingest(EXAMPLES)} == {"unchanged"}
    assert _state(kept, kind) == before


@pytest.mark.parametrize("kind", WRITABLE)
def test_texts_that_are_hard_to_write_down_come_back(kind: str, kept: Library) -> None:
    name = NamedNode("urn:hard")
    texts = ['"""', "\\", "tab\t and\nlines\r", "“é” 𝛼 ➝", "{ ?s } <x> # no", "a" * 9000, "\\u0041"]
    hard = [Quad(name, NamedNode(f"urn:p{n}"), Literal(x), name) for n, x in enumerate(texts)]
    kept._write().replace([name], hard)
    assert set(kept.store.graph(name)) == {quad.triple for quad in hard}
    kept.store.replace([name], [])
    assert name not in kept.store.graphs()


@pytest.mark.parametrize("kind", WRITABLE)
def test_a_backup_goes_round_through_every_store(
    kind: str, kept: Library, reference: Library, tmp_path: Path
) -> None:
    path, copy = tmp_path / "backup.nq.gz", tmp_path / "copy.store"
    with path.open("wb") as file:
        count = kept.backup(file)
    assert count == len(_quads(reference.store))
    assert Library(str(copy)).restore(path) == count
    assert _state(Library(str(copy)), kind) == _state(reference, kind)
    with pytest.raises(UsageError, match="--replace"):
        kept.restore(path)
    assert kept.restore(path, replace=True) == count
    assert _state(kept, kind) == _state(reference, kind)
    again = io.BytesIO()
    assert kept.backup(again) == count
    assert again.getvalue() == path.read_bytes()


@pytest.mark.parametrize("kind", WRITABLE)
def test_what_is_no_whole_backup_changes_nothing(kind: str, kept: Library, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    kept.backup(buffer)
    whole = gzip.decompress(buffer.getvalue())
    lines = whole.splitlines(keepends=True)
    before = _state(kept, kind)
    for name, data, said in (
        ("cut", buffer.getvalue()[:-3000], "cut short"),
        ("fewer", gzip.compress(b"".join([lines[0], *lines[9:]])), "count of its quads"),
        ("endless", gzip.compress(b"".join(lines[:-1])), "whole backup"),
        ("wrong", gzip.compress(b"".join([lines[0], b"no quads\n", *lines[1:]])), "N-Quads"),
        ("other", gzip.compress(b"hello\n"), "another file"),
        ("plain", b"".join(lines), "another file"),
        ("empty", b"", "another file"),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(DataError, match=said):
            kept.restore(path, replace=True)
        assert _state(kept, kind) == before
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(DataError, match="expected a backup"):
            kept.restore(path, replace=True)


_TWO = [
    f"thread/{THREAD}/perspective/{name}"
    for name in ("the-stability-school", "nagarajan-and-kolter-uniform-convergence-falls-short")
]


@pytest.mark.parametrize(
    "kind", ["disk", "oxigraph", pytest.param("virtuoso", marks=pytest.mark.virtuoso)]
)
def test_every_command_takes_the_store(kind: str, places: dict[str, str], tmp_path: Path) -> None:
    where = ["--store", places[kind]]
    for command, said in (
        (["ingest", str(EXAMPLES[0])], "unchanged"),
        (["list"], THREAD),
        (["check", "--version", "2", "--severity", "violation"], ""),
        (["ask", "contents"], "passage"),
        (["sparql", "SELECT (COUNT(?e) AS ?n) { ?e a sen:Entry }"], "103"),
        (["render", "timeline", "--version", "1"], "Timeline"),
        (["draw", "memorization-debate", "-o", str(tmp_path / "d.svg")], ""),
        (["draw", "matrix", "-o", str(tmp_path / "m.svg")], ""),
        (["analyse"], "Alone"),
        (["what-if", "--without", "1"], "Left out"),
        (["review"], "supports"),
        (["search", "memorization"], "memorization"),
        (["same", *_TWO, "--why", "one group", "--who", "tester"], "judgement/"),
        (["identities"], "one group"),
        (["diff", THREAD, "1", "2"], "perspective"),
        (["identities"], ""),
        (["backup", "-o", str(tmp_path / "b.gz")], ""),
        (["restore", "--replace", str(tmp_path / "b.gz")], ""),
    ):
        result = CliRunner().invoke(cli, [*command, *where])
        assert result.exception is None, (command, result.output)
        assert said.lower() in result.output.lower()
        assert servers.PASSWORD not in result.output


def test_a_view_of_a_store_refuses_to_be_written_to(library: Library) -> None:
    quad = Quad(NamedNode("urn:s"), NamedNode("urn:p"), NamedNode("urn:o"), NamedNode("urn:g"))
    for view in (query.as_of(library.store, "1"), stores.Mirror(Path(library.location))):
        with pytest.raises(StoreError, match="expected a store to write to"):
            view.add([quad])
        with pytest.raises(StoreError, match="expected a store to write to"):
            view.replace([], [quad])
        with pytest.raises(StoreError, match="expected a store to write to"):
            view.load(io.BytesIO())
        with pytest.raises(StoreError, match="expected a store to write to"):
            view.clear()


def _settled(mirror: stores.Mirror) -> None:
    """Refresh until the engine has tidied its files, which it does in the background."""
    end = time.monotonic() + 30
    while mirror.refresh():
        assert time.monotonic() < end, "a mirror copies its store again and again"
        time.sleep(0.1)


def test_a_mirror_follows_what_is_written(tmp_path: Path) -> None:
    library = Library(str(tmp_path / "sicetnon.store"))
    list(library.ingest(EXAMPLES[:1]))
    mirror, snapshot = (stores.Mirror(Path(library.location), most) for most in (10**6, 10))
    assert mirror.is_in_memory
    assert not snapshot.is_in_memory
    _settled(mirror)
    text = "SELECT DISTINCT ?v { ?v a <https://w3id.org/sicetnon/ontology#Version> }"
    reading = mirror.rows(text)
    list(library.ingest(EXAMPLES[1:]))
    assert mirror.graphs() != library.store.graphs()
    for reader in (mirror, snapshot):
        assert reader.refresh()
        _settled(reader)
        assert reader.graphs() == library.store.graphs()
        assert reader.query("ASK { ?v <http://purl.org/pav/version> '2' }") is True
        for name in reader.graphs():
            assert set(reader.graph(name)) == set(library.store.graph(name))
        assert "binding" in reader.results(text, "srx")
    assert len(list(reading.rows)) == 1


def test_columns_of_a_star_come_in_the_order_of_their_appearance(library: Library) -> None:
    text = "SELECT * { ?version <http://purl.org/pav/version> ?number . BIND(1 AS ?a) }"
    found = library.sparql(text)
    assert isinstance(found, query.Table)
    assert found.columns == ("version", "number", "a")
    assert library.results(text, "srj").index('"version"') < library.results(text, "srj").index(
        '"a"'
    )


def _late(reader: stores.EmbeddedStore, graph: NamedNode) -> bool:
    """Say whether the engine itself no longer finds a file of a snapshot."""
    try:
        list(reader.engine.quads_for_pattern(None, None, None, graph))
    except OSError as error:
        assert "No such file" in str(error)
        return True
    return False


def test_a_reader_whose_files_a_writer_merged_away_reads_again(tmp_path: Path) -> None:
    writer = stores.EmbeddedStore.on_disk(tmp_path / "store")
    graph, holds = NamedNode("urn:g"), NamedNode("urn:holds")
    readers = []
    for number in range(60):
        subjects = [NamedNode(f"urn:{number}/{each}") for each in range(300)]
        writer.add([Quad(subject, holds, Literal(str(number)), graph) for subject in subjects])
        writer.engine.flush()
        if number >= 20:
            readers.append(stores.EmbeddedStore.on_disk(tmp_path / "store", read_only=True))
    writer.engine.optimize()
    late = [reader for reader in readers if _late(reader, graph)]
    assert len(late) >= 4
    text = "SELECT ?s { GRAPH <urn:g> { ?s <urn:holds> ?o } }"
    assert len(late[0].graph(graph)) == 18_000
    assert len(list(late[1].rows(text).rows)) == 18_000
    assert late[2].results(text, "srj").count("urn:") == 18_000
    answer = late[3].query(text)
    assert isinstance(answer, stores.Solutions)
    assert len(answer.rows) == 18_000


def test_a_reader_opens_while_a_writer_writes(tmp_path: Path) -> None:
    library = Library(str(tmp_path / "sicetnon.store"))
    library.keep_in(stores.connect(library.location, write=True))
    for count, path in enumerate(EXAMPLES, 1):
        list(library.ingest([path]))
        reader = Library(library.location)
        assert len(reader.threads()) == count
        assert reader.page(THREAD, count) == path.read_bytes()
    with pytest.raises(StoreError, match="another process"):
        list(Library(library.location).ingest(EXAMPLES[:1]))


def test_a_bulk_load_adds_and_tells_what_is_no_quads(kept: Library, kind: str) -> None:
    if kind == "files":
        pytest.skip("files of RDF are not written to")
    name = NamedNode("urn:bulk")
    kept._write().load(io.BytesIO(b"<urn:s> <urn:p> <urn:o> <urn:bulk> .\n"))
    triple = Triple(NamedNode("urn:s"), NamedNode("urn:p"), NamedNode("urn:o"))
    assert kept.store.graph(name) == [triple]
    kept.store.replace([name], [])
    with pytest.raises(DataError):
        kept.store.load(io.BytesIO(b"this is no quad\n"))


@pytest.mark.parametrize("kind", [pytest.param("virtuoso", marks=pytest.mark.virtuoso)])
def test_a_copy_is_of_a_bounded_size(
    kind: str, kept: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert copies.copied(kept.store, ()) is kept.store
    assert copies.copied(kept.store, ["another"]) is kept.store
    with_day = kept.as_of("2026-06-20").store
    assert copies.copied(with_day, [kind]).graphs() == with_day.graphs()
    monkeypatch.setattr(copies, "MOST", 10)
    with pytest.raises(StoreError, match="at most 10 quads for a question"):
        kept.ask("holders")
