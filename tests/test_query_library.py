"""The questions for analysts: each has a group, an example, and answers that somebody has read."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from rdflib import Dataset

import golden
from sicetnon import query, rooms
from sicetnon.errors import UsageError
from sicetnon.library import Library
from sicetnon.query import QUESTIONS, QueryFile
from sicetnon.query.lint import problems
from sicetnon.query.style import formatted
from sicetnon.query.tokens import bind
from sicetnon.store import EmbeddedStore
from test_cli import run
from test_queries import dump, plain

ASKED = [file for file in query.catalogue().values() if file.group == "ask"]
FLOOR = 85
FEWEST_IN_A_GROUP = 4
each_question = pytest.mark.parametrize("file", ASKED, ids=[file.name for file in ASKED])
each_file = pytest.mark.parametrize(
    "path", sorted(rooms.room("queries").rglob("*.rq")), ids=lambda path: path.stem
)
# One row for each mark: several may stand at one place.
MAY_REPEAT = {"pointers"}


def test_every_group_has_questions_and_they_do_not_shrink() -> None:
    groups = Counter(file.question for file in ASKED)
    assert set(groups) == set(QUESTIONS)
    assert len(ASKED) >= FLOOR
    assert min(groups.values()) >= FEWEST_IN_A_GROUP


@each_question
def test_a_question_answers_as_somebody_has_read_it(file: QueryFile) -> None:
    kept = golden.cases(file.name)
    assert [{**case, "rows": None} for case in kept] == [
        {**case, "rows": None} for case in golden.wanted(file)
    ]
    for case in kept:
        assert json.loads(json.dumps(golden.answer(file, case))) == case["rows"], case["on"]


@each_question
def test_some_case_of_a_question_has_rows(file: QueryFile) -> None:
    assert any(case["rows"] for case in golden.cases(file.name))


def test_no_case_is_without_its_question() -> None:
    assert {path.stem for path in golden.CASES.glob("*.json")} == {file.name for file in ASKED}


@each_question
def test_no_row_comes_twice(file: QueryFile) -> None:
    for case in golden.cases(file.name):
        rows = case["rows"]
        assert isinstance(rows, list)
        times = Counter(map(str, rows))
        assert file.name in MAY_REPEAT or max(times.values(), default=1) == 1


@cache
def in_rdflib() -> Dataset:
    found = Dataset(default_union=True)
    found.parse(data=dump(golden.library("debate")), format="nquads")
    return found


@each_question
def test_another_engine_gives_the_same_rows(file: QueryFile) -> None:
    case = golden.cases(file.name)[0]
    given = case["params"]
    assert isinstance(given, dict)
    store = golden.library("debate").store
    assert isinstance(store, EmbeddedStore)
    answer = in_rdflib().query(bind(file.text, query.resolve(store, file, given)))
    theirs = sorted(plain(row) for row in answer if isinstance(row, tuple))
    assert theirs == sorted(plain(row) for row in query.run(store, file, given).rows)


# The style


@each_file
def test_a_query_file_has_no_problem(path: Path) -> None:
    assert problems(path) == []


GOOD = """#+ title: Entries
#+ group: who says what
#+ description: The entries.
#+ columns: entry, title
PREFIX sen: <https://w3id.org/sicetnon/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?entry ?title WHERE {
  ?entry a sen:Entry .
  OPTIONAL { ?entry dcterms:title ?title }
} ORDER BY ?entry
"""


def found_in(text: str, folder: Path) -> str:
    path = folder / "ask" / "entries.rq"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return "\n".join(problems(path))


def test_a_good_file_is_good(tmp_path: Path) -> None:
    assert found_in(GOOD, tmp_path) == ""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("#+ group: who says what\n", "", "header line for group"),
        ("who says what", "who says", "expected a group"),
        ("The entries.", "The entries", "no full stop"),
        ("entry, title\n", "title, entry\n", "expected the columns"),
        ("} ORDER BY ?entry", "}", "expected ORDER BY"),
        ("SELECT ?entry ?title", "SELECT *", r"found \*"),
        ("SELECT ?entry", "select ?entry", "found 'select"),
        ("  ?entry a", "   ?entry a", "found '   "),
        ("Entry .", "Entry . ", "Entry . '"),
        ("\n  OPTIONAL", "\n\n  OPTIONAL", "found ''"),
        (
            "SELECT",
            "PREFIX oa: <http://www.w3.org/ns/oa#>\nSELECT",
            "expected 'SELECT|use of the prefix oa",
        ),
        ("http://purl.org/dc/terms/", "urn:else:", "as ontology/prefixes.ttl declares"),
        ("WHERE {", "FROM <urn:x> WHERE {", "found FROM"),
        ("?entry a sen:Entry .", "SERVICE <urn:x> { ?entry a sen:Entry }", "found SERVICE"),
        (
            "#+ columns",
            "#+ params: name:text\n#+ columns",
            "expected an example of name",
        ),
        ("?entry a sen:Entry .", "OPTIONAL { ?entry a sen:Entry }", r"expected \?entry to have"),
        (
            "?entry a sen:Entry .",
            "{ ?entry a sen:Entry } UNION { ?other a sen:Entry }",
            r"expected \?entry to have a value",
        ),
        ("?entry a sen:Entry .", "?entry a sen:Entry ,,", "expected a query of SPARQL 1.1"),
    ],
)
def test_a_fault_is_found(old: str, new: str, message: str, tmp_path: Path) -> None:
    assert old in GOOD
    assert re.search(message, found_in(GOOD.replace(old, new), tmp_path))


def test_layout_is_mended_and_what_it_does_not_understand_stays() -> None:
    spoilt = GOOD.replace("  OPTIONAL", "OPTIONAL").replace("SELECT", "select")
    assert formatted(spoilt) == GOOD
    quoted = GOOD.replace("Entry .", 'Entry FILTER("select  { ?x" != "}") # or {')
    assert formatted(quoted) == quoted


@each_file
def test_layout_changes_no_meaning(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    squeezed = "\n".join(
        line if line.startswith("#+") else line.strip() for line in text.splitlines()
    )
    assert formatted(formatted(squeezed)) == formatted(squeezed)
    assert formatted(squeezed).split() == text.split()


# Asking


def test_a_missing_parameter_is_named_with_an_example() -> None:
    file = query.load("what-a-work-carries")
    with pytest.raises(UsageError, match=r"parameter work \(iri\), such as work/") as caught:
        query.run(golden.library("examples").store, file, {})
    assert caught.value.advice == f"for example: {file.command}"


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("clams", "claims"),
        ("who-contradict-who", "who-contradicts-whom"),
        ("independent", "independent-support"),
        ("holder", "holders"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(name: str, near: str) -> None:
    with pytest.raises(UsageError, match=f"found '{name}'; the nearest are .*{near}") as caught:
        query.load(name)
    assert len(str(caught.value)) < 400


def test_a_name_like_no_other_is_answered_with_the_way_to_the_list() -> None:
    with pytest.raises(UsageError, match=r"found 'qqqq'$") as caught:
        query.load("qqqq")
    assert caught.value.advice == "'sicetnon ask --list' lists them"


def test_the_list_is_grouped_by_question(tmp_path: Path) -> None:
    told = run("ask", "--list", cwd=tmp_path).stdout.decode()
    places = [told.index(f"\n{question.capitalize()}\n") for question in QUESTIONS]
    assert places == sorted(places)
    listed = json.loads(run("ask", "--list", "--json", cwd=tmp_path).stdout)
    assert {row["question"] for row in listed if row["group"] == "ask"} == set(QUESTIONS)


def test_our_iris_may_be_given_as_tables_show_them() -> None:
    file = query.load("entries-of-work")
    short = "work/a-survey-of-two-hundred-covered-timber-spans"
    store = golden.library("debate").store
    rows = query.run(store, file, {"work": short}).rows
    assert rows == query.run(store, file, {"work": f"https://w3id.org/sicetnon/id/{short}"}).rows
    assert rows


@pytest.mark.parametrize(
    ("since", "until", "dates"),
    [
        ("2021-03-02", "2021-03-02", ["2021-03-02"]),
        ("2021-03-03", "2022-04-10", []),
        ("2024-05-31", "2024-06-01", ["2024-05"]),
        ("2024-06-01", "2029-11-29", []),
        ("2022-04-11", "2029-11-30", ["2022-04-11", "2024-05", "2029-11-30"]),
    ],
)
def test_a_month_is_in_when_any_day_of_it_is(since: str, until: str, dates: list[str]) -> None:
    given = {"thread": "timber-bridges", "since": since, "until": until}
    rows = query.run(golden.library("debate").store, query.load("timeline-between"), given).rows
    assert [row[0] for row in rows] == dates


def test_versions_are_found_by_their_place() -> None:
    store = golden.library("debate").store
    assert query.graph_of(store, "timber-bridges", "first").version == 1
    assert query.graph_of(store, "timber-bridges", "previous").version == 1
    assert query.graph_of(store, "timber-bridges", "latest").version == 2
    assert query.graph_of(store, "covered-roofs", "previous").version == 1
    file = query.load("changes-between")
    back = {"thread": "timber-bridges", "old": "2", "new": "1"}
    forth = query.run(store, file, {"thread": "timber-bridges"}).rows
    assert {row[1:] for row in forth if row[0] == "came"} == {
        row[1:] for row in query.run(store, file, back).rows if row[0] == "went"
    }


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        (
            "what-a-work-carries",
            {"work": "work/nope"},
            "work to be an IRI of the store, found .*nope",
        ),
        ("if-a-work-fell", {"work": "work/nope"}, "work to be an IRI of the store"),
        (
            "entries-of-work",
            {"work": "work/the-paper-that-killed-deep-learning"},
            "nearest are work/",
        ),
        ("passages", {"section": "nope"}, "a section of the page .*Narrative.*, found 'nope'"),
    ],
)
def test_what_the_store_does_not_know_is_no_empty_answer(
    name: str, given: dict[str, str], message: str
) -> None:
    library = Library(":memory:")
    list(library.ingest([rooms.room("examples")]))
    with pytest.raises(UsageError, match=message):
        library.ask(name, **given)
    assert library.ask("passages", section="Narrative").rows
    assert (
        library.ask("claims-on-one-work", work=f"thread/{library.threads()[0].thread}").rows == []
    )
