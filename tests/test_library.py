"""The library: pages go in whole or not at all, and come out as they went in."""

from __future__ import annotations

import json
import os
import pickle
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conftest import EXAMPLES
from sicetnon import graph, ingest, model, query, store, terms
from sicetnon.errors import DataError, StoreError, UsageError
from sicetnon.library import Library
from sicetnon.library.graphs import files as machine_written_graphs

THREAD = "limits-of-deep-learning-theory"
ROOT = Path(__file__).parent.parent


def page(number: int = 1, thread: str = "roads", words: str = "A claim.[1]") -> bytes:
    text = (
        f"Roads · history\n\nVersion {number}\n\n2026-05-01 13:04 UTC · 1 items\n\nNarrative\n\n"
        f"{words}\n\nSources\n\n  1. [1] A title — reactive:{thread}\n"
    )
    return text.encode()


def take(library: Library, folder: Path, data: bytes, name: str = "page.txt") -> str:
    (folder / name).write_bytes(data)
    (taken,) = library.ingest([folder / name])
    return taken.status


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_page_is_written_back_from_the_store_alone(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / path.name
    copy.write_bytes(path.read_bytes())
    (taken,) = Library(str(tmp_path / "store")).ingest([copy])
    copy.unlink()
    written = Library(str(tmp_path / "store")).render("page", taken.thread, taken.version)
    assert written.encode() == path.read_bytes()


def test_seed_is_written_back_from_the_store_alone(seed: Path, tmp_path: Path) -> None:
    (taken,) = Library(str(tmp_path / "store")).ingest([seed])
    written = Library(str(tmp_path / "store")).render("page", taken.thread, taken.version)
    assert written.encode() == seed.read_bytes()


def test_reading_a_page_again_changes_nothing(library: Library) -> None:
    before = {
        str(name): sorted(map(str, library.store.graph(name))) for name in library.store.graphs()
    }
    assert {taken.status for taken in library.ingest(EXAMPLES)} == {"unchanged"}
    after = {
        str(name): sorted(map(str, library.store.graph(name))) for name in library.store.graphs()
    }
    assert before == after


def test_other_content_for_a_stored_version_is_a_conflict(tmp_path: Path) -> None:
    library = Library(str(tmp_path / "store"))
    assert take(library, tmp_path, page()) == "stored"
    assert take(library, tmp_path, page(words="Another claim.[1]")) == "conflict"
    assert "A claim." in library.render("page", "roads")


def test_one_page_under_two_names_is_told(tmp_path: Path) -> None:
    data = page().replace(b"reactive:roads", b"A paper")
    for name in ("lane-v1.txt", "street-v1.txt"):
        (tmp_path / name).write_bytes(data)
    (tmp_path / "other-v1.txt").write_bytes(data.replace(b"A claim", b"Another claim"))
    library = Library(str(tmp_path / "store"))
    lane, other, street = library.ingest(sorted(tmp_path.glob("*.txt")))
    assert [each.status for each in (lane, other, street)] == ["stored"] * 3
    assert [(twin.thread, twin.version) for twin in street.twins] == [("lane", 1)]
    assert lane.twins == other.twins == ()
    (again,) = library.ingest([tmp_path / "lane-v1.txt"])
    assert again.status == "unchanged"
    assert [(twin.thread, twin.version) for twin in again.twins] == [("street", 1)]


def test_refused_page_leaves_the_others_and_makes_no_store(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"Dear reader")
    library = Library(str(tmp_path / "store"))
    (refused,) = library.ingest([tmp_path / "bad.txt"])
    assert refused.status == "refused"
    assert refused.message.startswith(f"{tmp_path}/bad.txt:1: expected a title line")
    assert not (tmp_path / "store").exists()
    (tmp_path / "good.txt").write_bytes(page())
    assert [taken.status for taken in library.ingest([tmp_path])] == ["refused", "stored"]


def test_pages_are_found_in_folders_and_by_globs(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        (tmp_path / f"p{number}.txt").write_bytes(page(number))
    library = Library(":memory:")
    assert [t.version for t in library.ingest([f"{tmp_path}/p[12].txt"])] == [1, 2]
    assert [t.version for t in library.ingest([tmp_path])] == [1, 2, 3]
    (missing,) = library.ingest([tmp_path / "nothing.txt"])
    assert missing.message == f"{tmp_path}/nothing.txt: No such file or directory"


def test_thread_must_be_a_slug(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="expected a thread slug"):
        list(Library(":memory:").ingest(EXAMPLES, thread="../x y"))


def test_no_store_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"expected a store, found none$") as caught:
        Library(str(tmp_path / "none")).threads()
    assert "make one with 'sicetnon ingest PAGE'" in caught.value.advice
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.advice) == (str(caught.value), caught.value.advice)


def test_folder_with_other_things_is_not_made_a_store(tmp_path: Path) -> None:
    (tmp_path / "letter.doc").write_text("Dear reader")
    (tmp_path / "page.md").write_bytes(page())
    with pytest.raises(StoreError, match="found a folder with other things"):
        list(Library(str(tmp_path)).ingest(EXAMPLES))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["letter.doc", "page.md"]


def test_second_writer_is_told_that_the_store_is_taken(library: Library) -> None:
    other = Library(library.location)
    with pytest.raises(StoreError, match="another process is writing"):
        list(other.ingest(EXAMPLES))
    assert len(other.threads()) == 2


def test_rdflib_sees_the_same_graph(library: Library) -> None:
    dataset = library.as_rdflib()
    answer = dataset.query(
        "PREFIX sen: <https://w3id.org/sicetnon/ontology#> "
        "SELECT (COUNT(?e) AS ?n) WHERE { GRAPH ?v { ?e a sen:Entry } }"
    )
    assert [str(row[0]) for row in answer if isinstance(row, tuple)] == ["103"]


def test_files_of_rdf_can_be_asked_like_a_store() -> None:
    library = Library(str(ROOT / "graphs"))
    assert [(row.thread, row.version) for row in library.threads()] == [(THREAD, 1), (THREAD, 2)]
    with pytest.raises(StoreError, match="expected a store to write to"):
        list(library.ingest(EXAMPLES))


def test_machine_written_graphs_are_up_to_date() -> None:
    for name, turtle in machine_written_graphs():
        assert (ROOT / "graphs" / name).read_text(encoding="utf-8") == turtle, "run: make graphs"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_sections_as_text_add_up_to_the_page(path: Path, library: Library) -> None:
    text = path.read_text(encoding="utf-8")
    version = ingest.read(path.read_bytes(), path.name).version
    start = text.index("Narrative\n")
    names = ("narrative", "timeline", "perspectives", "tensions", "sources")
    sections = [library.render(name, THREAD, version) for name in names]
    assert "\n".join(sections).rstrip("\n") == text[start:].rstrip("\n")


@pytest.mark.parametrize(
    "name", ["page", "narrative", "timeline", "perspectives", "tensions", "sources"]
)
@pytest.mark.parametrize("form", ["markdown", "html"])
def test_every_section_renders_with_all_its_words(name: str, form: str, library: Library) -> None:
    written = library.render(name, THREAD, 2, form)
    table = library.ask("pointers", thread=THREAD, version=2).dicts()
    if name != "sources":
        wanted = [row for row in table if name in ("page", str(row["section"]).lower())]
        mark = r"\[" if form == "markdown" else ">["
        assert written.count(mark) >= len(wanted)
    assert "PREFIX" not in written


def test_markup_in_a_page_is_shown_and_not_run(tmp_path: Path) -> None:
    library = Library(":memory:")
    words = "<script>alert(1)</script> & *not bold* [not](a link)"
    assert take(library, tmp_path, page(words=words)) == "stored"
    html = library.render("page", "roads", format="html")
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;" in html
    markdown = library.render("page", "roads", format="markdown")
    assert r"\<script\>alert(1)\</script\> \& \*not bold\* \[not\](a link)" in markdown


def test_renumbering_follows_first_appearance_and_keeps_every_link(library: Library) -> None:
    old = graph.from_quads(library.store.graph(terms.version(THREAD, 2)))
    text = library.render("page", THREAD, 2, renumber=True)
    new = ingest.read(text.encode(), "page.txt", THREAD)
    marks = [p.number for s in new.sections for w in model.passages(s) for p in w.pointers]
    seen = list(dict.fromkeys(marks))
    assert seen == list(range(1, len(seen) + 1))
    assert [entry.number for entry in model.entries(new)] == list(range(1, 56))

    def cited(page: model.Page) -> list[str]:
        titles = {entry.number: f"{entry.title}{entry.origin}" for entry in model.entries(page)}
        return [
            titles[p.number] for s in page.sections for w in model.passages(s) for p in w.pointers
        ]

    assert cited(new) == cited(old)
    assert len(text.encode()) > 10_000


def test_page_with_a_mark_to_nowhere_is_not_renumbered(tmp_path: Path) -> None:
    library = Library(":memory:")
    take(library, tmp_path, page(words="A claim.[1][7]"))
    with pytest.raises(DataError, match=r"line 9: .*\[7\]"):
        library.render("page", "roads", renumber=True)


def test_version_is_found_by_number_date_or_as_the_latest(library: Library) -> None:
    def number(version: str | None) -> int | str:
        return query.graph_of(library.store, THREAD, version).version

    assert [number(v) for v in (None, "latest", "1", "v2")] == [2, 2, 1, 2]
    assert [number(v) for v in ("2026-06-14", "2026-07-04", "2026-07-05")] == [1, 1, 2]
    for nothing in ("3", "2026-06-13", "soon"):
        with pytest.raises(UsageError, match=r"there are 1 \(2026-06-14\), 2 \(2026-07-05\)"):
            number(nothing)


def test_unknown_thread_is_told_with_those_that_there_are(library: Library) -> None:
    with pytest.raises(UsageError, match=f"it holds {THREAD}"):
        library.ask("contents", thread="nothing")


def test_seed_has_its_known_weaknesses_and_no_violation(seed: Path) -> None:
    library = Library(":memory:")
    list(library.ingest([seed]))
    assert library.check(severity="violation") == []
    findings = library.check()
    assert {finding.severity for finding in findings} == {"warning"}
    by_rule: dict[str, list[str]] = {}
    for finding in findings:
        assert finding.line
        assert finding.file == seed.name
        assert finding.quote in seed.read_text(encoding="utf-8").split("\n")[finding.line - 1] or (
            finding.rule == "event-date-placeholder"
        )
        by_rule.setdefault(finding.rule, []).append(finding.message)
    assert len(by_rule.pop("position-uncited")) == 16
    uncited = [
        message.rpartition("[")[2].partition("]")[0] for message in by_rule.pop("entry-uncited")
    ]
    assert uncited == ["20", "26", "49", *map(str, range(75, 83))]
    dates = by_rule.pop("event-date-placeholder")
    assert sum("means the year" in message for message in dates) == 18
    (podcast, review) = by_rule.pop("event-before-its-work")
    assert "2026-04-24" in podcast
    assert "2026-04-25" in review
    assert {rule: len(found) for rule, found in by_rule.items()} == {
        "claim-secondary": 1,
        "copies-counted": 1,
        "evolution-reversed": 1,
        "perspectives-one-voice": 1,
        "work-appears-again": 1,
    }


WRITER = """
import sys
from pathlib import Path
from sicetnon.library import Library
library = Library(sys.argv[1])
print("ready", flush=True)
for page in library.ingest(sorted(Path(sys.argv[2]).glob("*.txt"))):
    print(page.version, page.status, flush=True)
"""


def test_killed_writer_leaves_whole_pages_only(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    example = EXAMPLES[-1].read_text(encoding="utf-8")
    for number in range(1, 61):
        text = example.replace("Version 2\n", f"Version {number}\n", 1)
        (pages / f"p-v{number:03}.txt").write_text(text, encoding="utf-8")
    location = str(tmp_path / "store")
    whole: dict[int | str, int] = {}
    chance = random.Random(7)
    for _ in range(8):
        told = _kill_while_writing(location, pages, chance.uniform(0.2, 2.0))
        if not Path(location).exists():
            continue
        library = Library(location)
        rows = library.threads() if library.store.graphs() else []
        for row in rows:
            size = len(library.store.graph(terms.version(row.thread, row.version)))
            assert whole.setdefault(row.version, size) == size
        assert len(set(whole.values())) <= 1
        assert told <= {row.version for row in rows}
    assert whole
    statuses = [page.status for page in Library(location).ingest([pages])]
    assert statuses.count("unchanged") + statuses.count("stored") == 60


def _kill_while_writing(location: str, pages: Path, after: float) -> set[int | str]:
    """Return the versions that the writer said it had stored before it was killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, location, str(pages)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    rest, _ = process.communicate()
    lines = rest.decode().splitlines(keepends=True)
    return {int(line.split()[0]) for line in lines if line.endswith(("stored\n", "unchanged\n"))}


def test_store_in_memory_takes_and_gives_pages() -> None:
    found = store.connect(store.MEMORY, write=True)
    page = ingest.read(EXAMPLES[0].read_bytes(), EXAMPLES[0].name)
    found.add(graph.to_quads(page))
    assert graph.from_quads(found.graph(terms.version(THREAD, 1))) == page


def test_our_prefixes_stand_beside_the_word_service(library: Library) -> None:
    text = 'SELECT ?e { ?e a sen:Entry ; dcterms:title ?t FILTER(?t != "a service") }'
    found = library.sparql(text)
    assert isinstance(found, query.Table)
    assert len(found.rows) == len(json.loads(library.results(text, "srj"))["results"]["bindings"])
    assert len(found.rows) > 100
    with pytest.raises(UsageError, match="SERVICE"):
        library.sparql("SELECT * { ?e a sen:Entry SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")
