"""The works behind entries, what persons decide on them, and verdicts on drawn relations."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import EXAMPLES
from sicetnon import ingest
from sicetnon.errors import DataError, UsageError
from sicetnon.identity import read_title
from sicetnon.inference.likely import likely
from sicetnon.inference.told import Titles, persons, told
from sicetnon.inference.works import best_title, read
from sicetnon.library import Library
from sicetnon.model import Page, entries

THREAD = "limits-of-deep-learning-theory"
PAGE = """\
Roads · history

Version {number}

2026-05-{number:02} 10:00 UTC · 3 items

Narrative

{narrative}

Timeline

  • 1820-01-01: Rowe and Ibarra publish 'Small Stones Carry Great Loads' and start the quarrel. [1]
  • 1821-01-01: Quill's 'A Defence of Great Stones' contradicts Rowe and Ibarra. [4]

Perspectives

Rowe and Ibarra (small stones)

Small stones bind under the wheel and carry any load.

Evolution: New voice.

Quill (great stones)

Great stones last longer. Quill directly contradicts Rowe and Ibarra.

Evolution: New voice.

Tensions

  • Do small stones carry more than great ones, as Rowe and Ibarra hold?

Sources

{sources}
"""
SOURCES = (
    "Small Stones Carry Great Loads — arXiv",
    "[PDF] Small Stones Carry Great ... — OpenReview",
    "Small Stones Carry Great Loads - YouTube — web",
    "A Defence of Great Stones — Library",
)
NARRATIVE = "'Small Stones Carry Great Loads' (arxiv 1820.00001) opens the debate.[1]"


def text(number: int = 1, sources: tuple[str, ...] = SOURCES, narrative: str = NARRATIVE) -> bytes:
    listed = "\n".join(f"  {n}. [{n}] {line}" for n, line in enumerate(sources, 1))
    return PAGE.format(number=number, narrative=narrative, sources=listed).encode()


def page(number: int = 1, **parts: str | tuple[str, ...]) -> Page:
    return ingest.read(text(number, **parts), "page.txt", "roads")  # type: ignore[arg-type]


@pytest.fixture
def roads(tmp_path: Path) -> Library:
    library = Library(":memory:")
    for number in (1, 2):
        put(library, tmp_path, text(number))
    return library


def put(library: Library, folder: Path, data: bytes) -> None:
    (folder / "page.txt").write_bytes(data)
    (taken,) = library.ingest([folder / "page.txt"], thread="roads")
    assert taken.status == "stored", taken.message


def works(library: Library, version: int = 2) -> dict[int, str]:
    rows = library.ask("works-of-entries", thread="roads", version=version).dicts()
    return {int(str(row["number"])): str(row["work"]).rpartition("/")[2] for row in rows}


def quads(library: Library) -> list[str]:
    store = library.store
    return sorted(f"{name} {triple}" for name in store.graphs() for triple in store.graph(name))


def test_copies_are_one_work_and_a_video_is_another(roads: Library) -> None:
    assert works(roads) == {
        1: "small-stones-carry-great-loads",
        2: "small-stones-carry-great-loads",
        3: "small-stones-carry-great-loads-video",
        4: "a-defence-of-great-stones",
    }
    kinds = [row["kind"] for row in roads.ask("works-of-entries", thread="roads").dicts()]
    assert kinds[:3] == ["paper", "paper", "video"]


def test_a_work_keeps_its_name_while_an_entry_of_it_lasts(roads: Library, tmp_path: Path) -> None:
    renamed = ("Small Stones Carry Great Loads: The Whole Story — arXiv", *SOURCES[1:])
    put(roads, tmp_path, text(3, renamed))
    assert works(roads, 3)[1] == works(roads, 3)[2] == "small-stones-carry-great-loads"


def test_authors_and_identifiers_are_read_from_the_sentences_of_a_page() -> None:
    found = read(page(), {n: f"entry/{n}" for n in range(1, 5)}, {})
    stones = found.works[0]
    assert (stones.authors, stones.arxiv) == (("Rowe", "Ibarra"), "1820.00001")
    assert found.works[2].authors == ("Quill",)


@pytest.mark.parametrize(
    ("sentence", "authors", "arxiv", "doi"),
    [
        (
            "'Small Stones Carry Great Loads' (Rowe and Ibarra, 1820) is out.",
            "Rowe|Ibarra",
            None,
            None,
        ),
        ("Rowe et al. posted 'Small Stones Carry Great Loads' today.", "Rowe et al.", None, None),
        ("Rowe et al.'s 'Small Stones Carry Great Loads' is out.", "Rowe et al.", None, None),
        (
            'Rowe, Ibarra and colleagues publish "Small Stones Carry Great Loads".',
            "Rowe|Ibarra et al.",
            None,
            None,
        ),
        ("'Small Stones Carry Great Loads' (NeurIPS 2025) is out.", "", None, None),
        ("'Small Stones Carry Great Loads' (arXiv: 2601.12345) is out.", "", "2601.12345", None),
        ("'Small Stones Carry Great Loads' (10.1000/Roads.7) is out.", "", None, "10.1000/roads.7"),
        ("Some think Rowe wrong. 'Small Stones Carry Great Loads' is out.", "", None, None),
        ("Rowe writes of 'Great Stones and Small', not of ours.", "", None, None),
    ],
)
def test_only_what_cannot_well_be_anything_else_is_taken(
    sentence: str, authors: str, arxiv: str | None, doi: str | None
) -> None:
    index = Titles([(0, read_title("Small Stones Carry Great Loads"))])
    quiet = page(narrative=sentence)
    only = Page("history", "roads", "1", "Roads", quiet.sections[:1])
    found = told(only, index).get(0)
    names = "|".join(found.authors) if found else ""
    assert (names, found and found.arxiv, found and found.doi) == (authors, arxiv, doi)


def test_persons_are_split_and_et_al_stays_with_its_name() -> None:
    assert persons("A. Rowe, B. Ibarra & C. Quill") == ("A. Rowe", "B. Ibarra", "C. Quill")
    assert persons("Rowe et al.") == ("Rowe et al.",)
    assert persons("colleagues") == ()


def test_the_best_title_is_whole_plain_and_common() -> None:
    titles = ["[PDF] SMALL STONES", "Small Stones ...", "Small Stones Carry", "Small Stones Carry"]
    assert best_title([read_title(title) for title in titles]) == "Small Stones Carry"
    assert best_title([read_title("—")])


def test_a_perspective_without_citations_gets_its_likely_works() -> None:
    stored = page()
    found = read(stored, {entry.number: f"entry/{entry.number}" for entry in entries(stored)}, {})
    best: dict[int, str] = {}
    for each in likely(stored, found):
        best.setdefault(each.position, found.works[each.work].title)
        assert 0 < each.score <= 1
    assert best == {1: "Small Stones Carry Great Loads", 2: "A Defence of Great Stones"}


def test_a_person_joins_and_parts_entries_and_undo_gives_the_first_state(roads: Library) -> None:
    before = quads(roads)
    joined = roads.same(
        "thread/roads/v2/entry/1", "thread/roads/v2/entry/3", "one talk", "R", "2026-05-03"
    )
    assert works(roads)[1] == works(roads)[3]
    parted = roads.different(
        "work/small-stones-carry-great-loads", "thread/roads/v1/entry/2", "two", "R", "2026-05-03"
    )
    assert works(roads)[1] != works(roads)[2]
    assert roads.check(severity="violation") == []
    roads.undo(joined.iri.value)
    roads.undo(parted.iri.value)
    assert quads(roads) == before


def relation(library: Library) -> str:
    asked = (
        "SELECT DISTINCT ?r { ?r a sen:Relation ; sen:stance sen:contradicts } ORDER BY ?r LIMIT 1"
    )
    answer = library.sparql(asked)
    assert not isinstance(answer, bool | list)
    return str(answer.rows[0][0])


def test_a_verdict_stands_beside_what_was_drawn(roads: Library) -> None:
    before, drawn = quads(roads), relation(roads)
    rows = roads.ask("relations", thread="roads").dicts()
    verdict = roads.judge(
        drawn.rpartition("/")[2], "qualifies", "milder than that", "R", "2026-05-03"
    )
    judged = [
        row for row in roads.ask("relations", thread="roads").dicts() if row["status"] == "judged"
    ]
    assert {row["stance"] for row in judged} == {"qualifies"}
    assert roads.sparql(f"ASK {{ <{drawn}> sen:drawnStance sen:contradicts }}") is True
    roads.judge(drawn, "none", "only named", "R", "2026-05-04")
    assert len(roads.ask("relations", thread="roads").rows) < len(rows)
    assert roads.check(severity="violation") == []
    roads.undo(verdict.iri.value)
    assert quads(roads) == before


def test_a_verdict_that_cannot_be_meant_is_refused(roads: Library) -> None:
    drawn = relation(roads)
    for name, stance, why in (
        (drawn, "doubts", "x"),
        (drawn, "none", " "),
        ("0" * 12, "none", "x"),
    ):
        with pytest.raises(UsageError, match="expected"):
            roads.judge(name, stance, why, "R", "2026-05-03")


def test_the_queue_names_the_most_doubtful_first(roads: Library) -> None:
    queue = roads.review("roads")
    assert [each.rank for each in queue] == sorted(each.rank for each in queue)
    drawn = {each.node for each in queue if each.kind == "relation"}
    roads.judge(relation(roads), "none", "only named", "R", "2026-05-03")
    left = {each.node for each in roads.review("roads") if each.kind == "relation"}
    assert len(left) == len(drawn) - 1


def test_decisions_leave_as_turtle_and_come_back(roads: Library, tmp_path: Path) -> None:
    roads.same("thread/roads/v2/entry/1", "thread/roads/v2/entry/3", "one talk", "R", "2026-05-03")
    roads.judge(relation(roads), "none", 'only "named" \\ here', "R", "2026-05-03")
    turtle = roads.decisions_as_turtle()
    other = Library(":memory:")
    for number in (1, 2):
        put(other, tmp_path, text(number))
    assert other.merge(turtle.encode(), "links.ttl").new == 2
    assert quads(other) == quads(roads)
    assert other.decisions_as_turtle() == turtle


@pytest.mark.parametrize(
    "data",
    [
        b"this is no Turtle",
        b"\xff\xfe",
        b"<id:a> <https://w3id.org/sicetnon/ontology#decision> 'same' .\n"
        b"<id:a> <https://w3id.org/sicetnon/ontology#left> <id:b> .",
    ],
)
def test_what_is_no_turtle_or_no_whole_decision_is_refused(data: bytes, roads: Library) -> None:
    before = quads(roads)
    with pytest.raises(DataError, match="expected"):
        roads.merge(data, "links.ttl")
    assert quads(roads) == before


NODES = [f"thread/roads/v{v}/entry/{n}" for v in (1, 2) for n in (1, 2, 3, 4)]
PEOPLE = st.sampled_from(["R", "S", "T"])
DECISIONS = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(NODES),
            st.sampled_from(NODES),
            st.sampled_from(["same", "different"]),
            PEOPLE,
        ),
        st.tuples(
            st.just("relation"),
            st.integers(0, 9),
            st.sampled_from(["supports", "refines", "none"]),
            PEOPLE,
        ),
    ),
    min_size=1,
    max_size=6,
)


@given(DECISIONS, st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_decisions_undone_in_any_order_give_the_first_state_back(
    tmp_path_factory: pytest.TempPathFactory,
    decided: list[tuple[str, str | int, str, str]],
    chance: random.Random,
) -> None:
    library = Library(":memory:")
    for number in (1, 2):
        put(library, tmp_path_factory.mktemp("undo"), text(number))
    before = quads(library)
    drawn = sorted({each.node for each in library.review("roads") if each.kind == "relation"})
    for left, right, decision, who in decided:
        if left == "relation":
            library.judge(drawn[int(right) % len(drawn)], decision, "so", who, "2026-05-03")
        elif left != right:
            getattr(library, decision)(left, str(right), "so", who, "2026-05-03")
    names = [each.iri.value for each in library.judgements()]
    chance.shuffle(names)
    for name in names:
        library.undo(name)
    assert quads(library) == before


def test_every_example_entry_leads_to_one_work() -> None:
    library = Library(":memory:")
    list(library.ingest(EXAMPLES))
    for version, count in ((1, 48), (2, 55)):
        rows = library.ask("works-of-entries", thread=THREAD, version=version).dicts()
        assert [row["number"] for row in rows] == list(range(1, count + 1))


def test_quotes_of_the_seed_stand_on_its_page_letter_for_letter(seed: Path) -> None:
    library = Library(":memory:")
    list(library.ingest([seed]))
    whole = seed.read_text(encoding="utf-8")
    for name in ("relations", "claims"):
        rows = library.ask(name, thread="deep-learning-theory-limits").dicts()
        assert rows
        for row in rows:
            assert str(row["evidence"]) in whole


def test_independent_support_counts_works_and_not_links(seed: Path) -> None:
    library = Library(":memory:")
    list(library.ingest([seed]))
    rows = library.ask("independent-support", thread="deep-learning-theory-limits").dicts()
    assert all(
        int(str(r["author_groups"])) <= int(str(r["works"])) <= int(str(r["entries"])) for r in rows
    )
    assert any(int(str(r["works"])) < int(str(r["entries"])) for r in rows)


def test_gold_works_of_the_seed(seed: Path) -> None:
    gold = seed.parent.parent / "gold" / "works.tsv"
    library = Library(":memory:")
    list(library.ingest([seed]))
    rows = [line.split("\t") for line in gold.read_text(encoding="utf-8").splitlines()[1:]]
    certain = {int(row[0]): row[1] for row in rows if row[3] == "certain"}
    asked = library.ask("works-of-entries", thread="deep-learning-theory-limits").dicts()
    ours = {int(str(row["number"])): row["work"] for row in asked}
    numbers = sorted(certain)
    pairs = [(a, b) for a in numbers for b in numbers if a < b]
    together = [pair for pair in pairs if ours[pair[0]] == ours[pair[1]]]
    right = [(a, b) for a, b in together if certain[a] == certain[b]]
    wanted = [(a, b) for a, b in pairs if certain[a] == certain[b]]
    assert len(right) / len(together) >= 0.98
    assert len(right) / len(wanted) >= 0.95


def test_commands_judge_and_review(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from sicetnon.cli import cli

    def run(*args: str) -> str:
        done = CliRunner().invoke(cli, ["--store", str(tmp_path / "store"), *args])
        assert done.exit_code == 0, done.output
        return done.stdout

    (tmp_path / "page.txt").write_bytes(text())
    run("ingest", str(tmp_path / "page.txt"), "--thread", "roads")
    queue = json.loads(run("review", "--json"))
    node = next(each["node"] for each in queue if each["kind"] == "relation")
    verdict = run("judge", node, "none", "--why", "only named", "--who", "R").strip()
    run("review", "-o", str(tmp_path / "links.ttl"))
    run("undo", verdict)
    assert node in {each["node"] for each in json.loads(run("review", "--json"))}
    run("review", "--merge", str(tmp_path / "links.ttl"))
    assert node not in {each["node"] for each in json.loads(run("review", "--json"))}
    assert "only named" in run("identities")
