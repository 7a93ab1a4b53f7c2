"""Search: every text is found at its latest place, and the index never tells another story."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from conftest import EXAMPLES
from sicetnon import search, store
from sicetnon.errors import StoreError, UsageError
from sicetnon.library import Library
from sicetnon.search import Index, Tracked
from sicetnon.terms import TYPE, sen
from test_cli import run
from test_library import page, take

ROOT = Path(__file__).parent.parent
THREAD = "limits-of-deep-learning-theory"


def matches(library: Library, words: str) -> list[object]:
    return [row["match"] for row in library.search(words).dicts()]


def contents(library: Library) -> list[tuple[object, ...]]:
    """Return all that a search can see, in an order of its own."""
    library.search("anything")
    with sqlite3.connect(search.place(library.location)) as found:
        return sorted(
            found.execute(
                "SELECT g.name, g.source, d.kind, d.thread, d.text, o.node, o.line FROM graph g"
                " JOIN occurrence o ON o.graph = g.id JOIN document d ON d.id = o.document"
            )
        )


def test_words_phrases_and_beginnings_are_found(tmp_path: Path) -> None:
    library = Library(str(tmp_path / "store"))
    take(library, tmp_path, page(words="The Gödel machine proves theorems about roads.[1]"))
    assert matches(library, "godel PROVES") == [
        "The **Gödel** machine **proves** theorems about roads."
    ]
    assert matches(library, '"machine proves"')
    assert matches(library, "theor*")
    assert matches(library, '"proves theor"*')
    assert not matches(library, "theor")
    assert not matches(library, '"proves machine"')
    assert matches(library, "Go\u0308del")
    assert not matches(library, "machine absent")


def test_every_kind_is_found_with_its_place() -> None:
    library = Library(store.MEMORY)
    list(library.ingest(EXAMPLES))
    row = library.search('"in defense of uniform convergence"', kind="title").dicts()[0]
    assert (row["thread"], row["version"]) == (THREAD, 2)
    assert str(row["node"]).startswith(f"https://w3id.org/sicetnon/id/thread/{THREAD}/v2/entry/")
    lines = EXAMPLES[1].read_text(encoding="utf-8").split("\n")
    assert isinstance(row["line"], int)
    assert "In Defense of Uniform Convergence" in lines[row["line"] - 1]
    assert {r["kind"] for r in library.search("feldman").dicts()} >= {"passage", "holder", "claim"}
    hand_kept = Library(str(ROOT / "graphs"))
    claims = hand_kept.search("memorization", kind="claim", thread=THREAD).dicts()
    assert claims
    assert {r["kind"] for r in claims} == {"claim"}
    assert hand_kept.search("feldman vitaly").dicts()[0]["kind"] == "holder"


def test_text_of_several_versions_is_found_once_at_the_latest(tmp_path: Path) -> None:
    library = Library(str(tmp_path / "store"))
    for number in (10, 2, 9):
        take(library, tmp_path, page(number, words="Roads are long.[1]"))
    (row,) = library.search("roads long").dicts()
    assert (row["version"], row["line"]) == (10, 9)
    assert str(row["node"]).endswith("/v10/narrative/1")


def test_scores_fall_and_limits_hold(library: Library) -> None:
    rows = library.search("generalization", limit=7).dicts()
    scores = [row["score"] for row in rows]
    assert len(rows) == 7
    assert scores == sorted(scores, key=lambda score: -float(str(score)))
    assert rows == library.search("generalization").dicts()[:7]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"words": "a", "kind": "page"}, "expected a kind"),
        ({"words": "a", "limit": 0}, "expected a limit"),
        ({"words": "a", "thread": "no-such"}, THREAD),
        ({"words": "*** -"}, "no letter or digit"),
        ({"words": ""}, "no letter or digit"),
        ({"words": "w " * 65}, "at most 64"),
    ],
)
def test_what_cannot_be_meant_is_told(given: dict[str, Any], said: str, library: Library) -> None:
    with pytest.raises(UsageError, match=said):
        library.search(**given)


HOSTILE = [
    *('"', '""', '"a', 'a"', "'", "a'b", "a AND", "OR", "NOT a", "NEAR(a b)", "text:a", "a^", "^a"),
    *("-a", "+a", "a + b", "(a", "a)", "{a}", "a*b", "*", "a**", "a\0b", "\ud800a", "a\nb", "a\\"),
    *("a; DROP TABLE document", "a' OR '1'='1", ":wanted", "?", "%", "_", "C++", "α β", "日本語"),
    *("\u0301", "a\u200db", "💥", "x" * 100_000, '"' + "y " * 63 + '"'),
]


@pytest.fixture(scope="module")
def small() -> Library:
    found = Library(store.MEMORY)
    list(found.ingest(EXAMPLES[:1]))
    return found


@pytest.mark.parametrize("words", HOSTILE, ids=[ascii(each)[:20] for each in HOSTILE])
def test_odd_characters_are_words_or_nothing(words: str, small: Library) -> None:
    try:
        found = small.search(words)
    except UsageError as error:
        assert "no letter or digit" in str(error)
    else:
        assert found.columns[0] == "kind"
    assert small.search("theory").rows


@given(st.text(max_size=40))
def test_any_text_can_be_searched_for(small: Library, text: str) -> None:
    try:
        small.search(text)
    except UsageError as error:
        assert "no letter or digit" in str(error)


def test_column_names_and_operators_are_only_words(tmp_path: Path) -> None:
    library = Library(str(tmp_path / "store"))
    take(library, tmp_path, page(words="Cats and dogs, not text: near or far.[1]"))
    for words in ("cats AND dogs", "NOT", "text:near", "near OR far", "NEAR"):
        assert matches(library, words), words


def test_index_follows_what_is_stored_later(tmp_path: Path) -> None:
    library = Library(str(tmp_path / "store"))
    take(library, tmp_path, page(1, words="An early claim.[1]"))
    assert matches(library, "early")
    take(library, tmp_path, page(2, words="A late claim.[1]"))
    assert matches(library, "late")
    assert not Index(search.place(library.location)).pending()
    (tmp_path / "page.txt").write_bytes(page(1, words="A mended claim.[1]"))
    list(library.ingest([tmp_path / "page.txt"], replace=True))
    assert not matches(library, "early")
    assert matches(library, "mended")


def test_index_built_late_and_kept_along_are_the_same(tmp_path: Path) -> None:
    along, late = Library(str(tmp_path / "along")), Library(str(tmp_path / "late"))
    take(along, tmp_path, page(3))
    along.search("claim")
    for found in (along, late):
        list(found.ingest(EXAMPLES))
        for number in (3, 1, 2):
            take(found, tmp_path, page(number, words=f"Claim {number}.[1]"))
    rows = contents(along)
    assert len(rows) > 100
    list(late.ingest([tmp_path / "page.txt"]))
    (tmp_path / "page.txt").write_bytes(page(3))
    list(late.ingest([tmp_path / "page.txt"], replace=True))
    assert rows == contents(late)
    late.rebuild_search()
    assert rows == contents(late)
    assert along.search("claim").rows == late.search("claim").rows
    assert late.search_faults() == along.search_faults() == []


def test_another_process_finds_what_was_written_without_an_index(library: Library) -> None:
    assert Library(library.location).search("feldman").rows
    Path(search.place(library.location)).unlink()
    assert Library(library.location).search("feldman").rows


class Dying(store.EmbeddedStore):
    """A store whose process dies as soon as the change is on disk."""

    def add(self, quads: store.Quads) -> None:
        super().add(quads)
        raise KeyboardInterrupt

    def replace(self, graphs: Iterable[NamedNode], quads: store.Quads) -> None:
        super().replace(graphs, quads)
        raise KeyboardInterrupt


@pytest.mark.parametrize("replace", [False, True])
def test_death_between_store_and_index_is_mended(replace: bool, tmp_path: Path) -> None:
    location = tmp_path / "store"
    first = Library(str(location))
    take(first, tmp_path, page(2, words="The second says perhaps.[1]"))
    assert matches(first, "perhaps")
    del first
    dying = Library(str(location))
    dying.keep_in(Dying.on_disk(location))
    said = page(2, words="Amended.[1]") if replace else page(1, words="The first.[1]")
    (tmp_path / "page.txt").write_bytes(said)
    with pytest.raises(KeyboardInterrupt):
        list(dying.ingest([tmp_path / "page.txt"], replace=replace))
    del dying
    left = Index(search.place(str(location)))
    assert left.pending()
    reader = Library(str(location))
    assert matches(reader, "amended" if replace else '"the first"')
    assert bool(matches(reader, "perhaps")) is not replace
    assert reader.search_faults() == []
    assert left.pending()  # a reader cannot know that the writer is dead
    take(Library(str(location)), tmp_path, page(4, words="Later.[1]"))
    assert not left.pending()


def test_side_graph_that_a_dead_writer_changed_is_read_again(tmp_path: Path) -> None:
    """The mark alone tells of it: no version is new, and none came from another file."""
    location = str(tmp_path / "store")
    kept = store.connect(location, write=True)
    index = Index(search.place(location))
    names = [NamedNode(f"https://w3id.org/sicetnon/id/graph/{name}") for name in ("a", "b")]
    tracked = Tracked(kept, index)
    for name in names:
        tracked.add(_claims(name, "Water is wet."))
    with index.step():
        index.mark([names[0].value])
    kept.replace(names, [q for name in names for q in _claims(name, "Water is dry.")])
    del kept, tracked
    library = Library(location)
    assert {row["node"] for row in library.search("dry").dicts()} == {f"{names[0].value}#claim"}
    (fault, other) = library.search_faults()
    assert "the index lacks the claim 'Water is dry.'" in fault
    assert "holds, but not the store, the claim 'Water is wet.'" in other
    library.rebuild_search()
    assert library.search_faults() == []
    assert not library.search("wet").rows


def _claims(name: NamedNode, text: str) -> list[Quad]:
    node = NamedNode(f"{name.value}#claim")
    return [Quad(node, TYPE, sen("Claim"), name), Quad(node, sen("text"), Literal(text), name)]


def test_killed_writers_leave_an_index_that_is_mended(tmp_path: Path) -> None:
    location = str(tmp_path / "store")
    pages = tmp_path / "pages"
    pages.mkdir()
    for number in range(1, 121):
        (pages / f"{number:03}.txt").write_bytes(page(number, words=f"Claim number{number}.[1]"))
    take(Library(location), tmp_path, page(500))
    Library(location).search("claim")
    for after in (0.0, 0.2, 0.4):
        writer = subprocess.Popen(
            [sys.executable, "-u", "-m", "sicetnon", "--store", location, "ingest", str(pages)],
            stdout=subprocess.PIPE,
        )
        assert writer.stdout
        assert writer.stdout.readline()  # it writes by now, however slow the machine
        time.sleep(after)
        os.kill(writer.pid, signal.SIGKILL)
        writer.communicate()
        library = Library(location)
        for row in library.threads():
            if row.version != 500:
                assert len(matches(library, f"number{row.version}")) == 1
        assert library.search_faults() == []
    assert len(library.threads()) > 1


def test_readers_search_while_a_writer_writes(tmp_path: Path) -> None:
    location = str(tmp_path / "store")
    take(Library(location), tmp_path, page(500))
    pages = tmp_path / "pages"
    pages.mkdir()
    for number in range(1, 61):
        (pages / f"{number:03}.txt").write_bytes(page(number, words=f"Claim number{number}.[1]"))
    Library(location).search("claim")
    command = [sys.executable, "-m", "sicetnon", "--store", location, "ingest", str(pages)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as writer:
        while writer.poll() is None:
            assert matches(Library(location), "claim")
    assert writer.returncode == 0
    assert len(Library(location).search("claim", limit=100).rows) == 61
    assert Library(location).search_faults() == []


def test_damaged_index_is_told_and_made_anew(library: Library) -> None:
    place = Path(search.place(library.location))
    Library(library.location).search("feldman")
    with sqlite3.connect(place) as found:
        found.execute("DELETE FROM occurrence WHERE node LIKE '%/v2/entry/7'")
    found.close()
    done = run("search", "--verify", store=Path(library.location))
    assert done.returncode == 1
    assert "v2/entry/7" in done.stdout.decode()
    assert run("search", "--rebuild", "--verify", store=Path(library.location)).returncode == 0
    damaged = bytearray(place.read_bytes())
    damaged[100:4096] = b"\xff" * 3996
    place.write_bytes(damaged)
    assert Library(library.location).search("feldman").rows
    damaged = bytearray(place.read_bytes())
    damaged[8192:] = b"\xff" * (len(damaged) - 8192)
    place.write_bytes(damaged)
    done = run("search", "--rebuild", "feldman", store=Path(library.location))
    assert done.returncode == 0, done.stderr
    assert b"eldman" in done.stdout


def test_foreign_file_in_the_place_of_the_index_is_left_alone(library: Library) -> None:
    place = Path(search.place(library.location))
    place.write_text("my notes")
    with pytest.raises(StoreError, match="expected a search index"):
        library.search("feldman")
    assert place.read_text() == "my notes"
    place.unlink()
    with sqlite3.connect(place) as other:
        other.execute("CREATE TABLE mine (a)")
    other.close()
    with pytest.raises(StoreError, match="expected a search index"):
        Library(library.location).search("feldman")
    with sqlite3.connect(place) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("mine",)]
    other.close()


def test_store_in_memory_and_a_past_day_can_be_searched(library: Library) -> None:
    kept = Library(store.MEMORY)
    list(kept.ingest(EXAMPLES[:1]))
    assert kept.search("feldman").rows
    list(kept.ingest(EXAMPLES[1:]))
    assert {row["version"] for row in kept.search("LawrenceC", kind="title").dicts()} == {2}
    past = library.as_of(1)
    assert {row["version"] for row in past.search("LawrenceC").dicts()} == {1}
    assert {row["version"] for row in library.search("LawrenceC").dicts()} == {1, 2}


def test_command_prints_hits_and_ends_as_the_contract_says(library: Library) -> None:
    place = Path(library.location)
    done = run("search", "uniform convergence", "explain*", "--format", "json", store=place)
    rows = json.loads(done.stdout)
    assert done.returncode == 0
    assert list(rows[0]) == ["kind", "thread", "version", "line", "match", "node", "score"]
    assert all("**" in row["match"] for row in rows)
    assert run("search", "zzzzzz", store=place).returncode == 0
    assert run("search", store=place).returncode == 2
    assert run("search", "--verify", store=place).returncode == 0
    assert run("search", "a", "--limit", "0", store=place).returncode == 2
    assert run("search", "a", store=place.with_name("none")).returncode == 2
