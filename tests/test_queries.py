"""Every query file is whole and answers alike in two engines; parameters are data, never text."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Dataset, Literal
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.processor import prepareUpdate

from golden import DRAWN
from sicetnon import query, rooms, terms
from sicetnon.errors import DataError, UsageError
from sicetnon.library import Library
from sicetnon.query import Param, QueryFile
from sicetnon.query.file import GROUPS, KEYS, TYPES, parse
from sicetnon.query.tokens import bind, guard, with_prefixes
from sicetnon.store import EmbeddedStore, Term

unhurried = settings(
    deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
FILES = sorted(rooms.room("queries").rglob("*.rq"))
FLOOR = 130
# These ask how a version differs from those before; the others ask of one version what it says.
# What lasts is named by the version that has it first, and claims and relations by what lasts.
OF_LAYERS = {
    "argument-nodes",
    "argument-relations",
    "changes-between",
    "citations-between",
    "claim-words",
    "claims",
    "entries-of-work",
    "evolution-denied",
    "evolution-vs-ledger",
    "first-appearance",
    "gone-in-version",
    "independent-support",
    "matches",
    "new-in-version",
    "new-sources",
    "participation",
    "positions",
    "redated",
    "relations",
    "renamed",
    "renumbered-entries",
    "reworded",
    "sides",
    "silence",
    "sources-of-works",
    "threads",
    "to-review",
    "versions",
    "voices",
    "who-contradicts-whom",
    "works-over-versions",
}
CHECK_COLUMNS = ("node", "line", "quote", "found")


def named(files: list[Path]) -> list[object]:
    return [pytest.param(file, id=f"{file.parent.name}/{file.stem}") for file in files]


def of_groups(*groups: str) -> list[Path]:
    return [file for file in FILES if file.parent.name in groups]


each_query = pytest.mark.parametrize("file", named(FILES))
each_question = pytest.mark.parametrize("file", named(of_groups("ask", "section", "check")))
# The questions for analysts are asked of another engine, on a smaller graph, in their own tests.
each_of_pages = pytest.mark.parametrize("file", named(of_groups("section", "check")))


@cache
def library(*pages: str) -> Library:
    found = Library(":memory:")
    taken = list(found.ingest(rooms.room("examples") / page for page in pages))
    assert all(page.status == "stored" for page in taken)
    return found


def both() -> Library:
    return library("limits-of-deep-learning-theory-v1.txt", "limits-of-deep-learning-theory-v2.txt")


def second() -> Library:
    return library("limits-of-deep-learning-theory-v2.txt")


def dump(found: Library) -> str:
    assert isinstance(found.store, EmbeddedStore)
    quads = found.store.engine.dump(format=ox.RdfFormat.N_QUADS) or b""
    return "".join(sorted(quads.decode().splitlines(keepends=True)))


def backwards() -> Library:
    return library("limits-of-deep-learning-theory-v2.txt", "limits-of-deep-learning-theory-v1.txt")


@cache
def in_rdflib(found: Library) -> Dataset:
    dataset = Dataset(default_union=True)
    dataset.parse(data=dump(found), format="nquads")
    return dataset


def answer(found: Library, asked: QueryFile) -> query.Table:
    """Ask with the parameters of the question's own example, of the graphs that it is for."""
    if asked.graphs:
        found = Library(str(rooms.room("graphs")))
    return query.run(found.store, asked, dict(asked.example))


def bare(sparql: str) -> str:
    """Return a query without its comments and with empty strings."""
    text = re.sub(r"(?m)(^|\s)#.*$", "", sparql)
    return re.sub(r'"[^"]*"', '""', text)


# The files


def test_the_catalogue_holds_every_file_once_and_does_not_shrink() -> None:
    assert len(FILES) >= FLOOR
    assert Counter(file.stem for file in FILES).most_common(1)[0][1] == 1
    assert {file.parent.name for file in FILES} == set(GROUPS)
    assert {found.path for found in query.catalogue().values()} == set(FILES)
    assert all(found.name == name for name, found in query.catalogue().items())


@each_query
def test_a_query_has_a_speaking_name(file: Path) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", file.stem)


@each_query
def test_a_query_parses_in_both_engines(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    ox.Store().query(text)
    prepareQuery(text)


@each_query
def test_a_header_is_whole_and_stands_on_top(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    header = [line for line in lines if line.startswith("#+")]
    assert header == lines[: len(header)]
    keys = [re.fullmatch(r"#\+ ([a-z]+): \S.*\S", line) for line in header]
    found = [match[1] for match in keys if match]
    assert len(found) == len(header) == len(set(found))
    assert {"title", "description"} <= set(found) <= set(KEYS)
    asked = parse(file)
    assert asked.description.endswith(".")
    assert not asked.title.endswith(".")
    assert all(param.type in TYPES for param in asked.params)
    assert bool(asked.columns) == (file.parent.name != "view")
    assert bool(asked.severity or asked.message) == (file.parent.name == "check")
    for graph in asked.graphs:
        assert re.fullmatch(r"[\w/-]+", graph), graph


@each_question
def test_columns_are_the_projection_in_its_order(file: Path) -> None:
    asked = parse(file)
    assert answer(both(), asked).columns == asked.columns
    variables = [str(name) for name in prepareQuery(asked.text).algebra.PV]
    assert variables == list(asked.columns)


@each_question
def test_rows_come_in_an_order(file: Path) -> None:
    text = bare(file.read_text(encoding="utf-8"))
    assert re.search(r"\bSELECT\b", text)
    assert re.search(r"\}[^{}]*\bORDER BY\b[^{}]*\Z", text)


@each_query
def test_parameters_are_used_and_never_projected(file: Path) -> None:
    asked = parse(file)
    names = {param.name for param in asked.params}
    assert not names & set(asked.columns)
    free = set(re.findall(r"[?$](\w+)", bare(asked.text)))
    assert names - {"thread"} <= free  # a thread only says to which debate a version belongs


@each_query
def test_a_query_calls_nothing_elsewhere_and_declares_what_it_uses(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    guard(text)
    assert not re.search(r"\b(FROM|SERVICE)\b", bare(text))
    assert not re.search(r"SELECT\s+(DISTINCT\s+)?\*", bare(text))
    declared = set(re.findall(r"(?m)^PREFIX (\w+):", text))
    used = set(re.findall(r"(?<![\w<?:])(\w+):\w", bare(re.sub(r"<[^>]*>|PREFIX \w+:", "", text))))
    assert used == declared


@pytest.mark.parametrize("file", named(of_groups("check")))
def test_a_rule_says_how_bad_and_what_was_expected(file: Path) -> None:
    asked = parse(file)
    assert asked.severity in {"Violation", "Warning", "Info"}
    assert asked.message.startswith("expected ")
    assert not asked.message.endswith(".")
    assert asked.columns == CHECK_COLUMNS


@pytest.mark.parametrize(
    "header",
    ["#+ titel: x", "#+title: x", "#+ title: x", "#+ description: x", "#+ title:x"],
)
def test_a_header_with_a_fault_is_refused_by_name(header: str, tmp_path: Path) -> None:
    file = tmp_path / "faulty.rq"
    file.write_text(header + "\nSELECT ?x {}", encoding="utf-8")
    with pytest.raises(DataError, match=r"faulty\.rq"):
        parse(file)


@pytest.mark.parametrize("params", ["x", "x:number", "x:enum", "x:int(a|b)", "x y:int", ":int"])
def test_a_parameter_that_cannot_be_read_is_refused(params: str, tmp_path: Path) -> None:
    file = tmp_path / "faulty.rq"
    file.write_text(f"#+ title: t\n#+ description: d\n#+ params: {params}\n", encoding="utf-8")
    with pytest.raises(DataError, match="expected 'name:type=default'"):
        parse(file)


# The answers


@each_question
def test_a_question_runs_on_the_examples(file: Path) -> None:
    asked = parse(file)
    table = answer(both(), asked)
    assert all(len(row) == len(asked.columns) for row in table.rows)
    if file.parent.name == "section" or file.stem in {"contents", "pointers"}:
        assert table.rows


@each_question
def test_a_question_has_one_answer_however_often_it_is_asked(file: Path) -> None:
    asked = parse(file)
    rows = answer(both(), asked).rows
    assert rows == answer(both(), asked).rows
    assert rows == answer(backwards(), asked).rows
    # A perspective has the name of the first version that a store holds, and claims have its.
    if file.stem not in OF_LAYERS and not any(term in asked.text for term in DRAWN):
        assert rows == answer(second(), asked).rows


def test_questions_of_layers_are_those_that_another_version_answers_otherwise() -> None:
    assert {file.stem for file in FILES} >= OF_LAYERS
    for name in OF_LAYERS:
        asked = query.load(name)
        assert answer(both(), asked).rows != answer(second(), asked).rows, name


@each_of_pages
def test_a_question_gives_equal_rows_in_rdflib(file: Path) -> None:
    asked = parse(file)
    found = both() if file.stem in OF_LAYERS else second()
    text = bind(asked.text, query.resolve(found.store, asked, {}))
    told = in_rdflib(found).query(text)
    assert [str(name) for name in told.vars or []] == list(asked.columns)
    theirs = sorted(plain(row) for row in told if isinstance(row, tuple))
    assert theirs == sorted(plain(row) for row in query.run(found.store, asked).rows)


def plain(row: tuple[object, ...]) -> tuple[str, ...]:
    return tuple("" if cell is None else text_of(cell) for cell in row)


def text_of(cell: object) -> str:
    value = cell.toPython() if isinstance(cell, Literal) else cell
    if isinstance(value, bool):
        return str(value).lower()
    return str(float(value)) if isinstance(value, Decimal) else str(cell)


def test_versions_are_found_by_number_date_and_as_the_latest() -> None:
    asked = query.load("pointers")
    store = both().store
    rows = {v: query.run(store, asked, {"version": v}).rows for v in ("1", "v1", "2", "latest")}
    assert rows["1"] == rows["v1"] != rows["2"] == rows["latest"]
    assert query.run(store, asked, {"version": "2026-06-30"}).rows == rows["1"]
    assert query.run(store, asked).rows == rows["2"]


# Parameters

ECHO = QueryFile(
    name="echo",
    group="ask",
    title="Echo",
    description="Gives back what it is given.",
    params=(
        Param("text", "text", "t"),
        Param("iri", "iri", "urn:x"),
        Param("date", "date", "2019-06-12"),
        Param("int", "int", "1"),
        Param("slug", "slug", "s"),
        Param("enum", "enum", "left", ("left", "right")),
    ),
    columns=("a", "b", "c", "d", "e", "f"),
    text="SELECT (?text AS ?a) (?iri AS ?b) (?date AS ?c) (?int AS ?d) (?slug AS ?e) (?enum AS ?f)"
    ' { FILTER("?text #" != "?iri" && <urn:?text> != ?iri) } # ?int',
)
HOSTILE = [
    '" } DROP ALL #',
    "' } ; DROP ALL #",
    "> < ?s ?p ?o",
    "urn:x> ?p ?o } ; DROP ALL # <urn:y",
    "a\nb\r\nc\td",
    "} DROP ALL",
    '"""',
    "\\",
    '\\"',
    "\\u0022 } DROP ALL #",
    "?iri $int {{ }}",
    "\x00\x7f\x85\u2028🧠",
]


@pytest.mark.parametrize("name", [param.name for param in ECHO.params])
@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_is_data_or_a_usage_error(name: str, value: str) -> None:
    before = dump(both())
    try:
        [row] = query.run(both().store, ECHO, {name: value}).rows
    except UsageError as error:
        assert name != "text"
        assert f"found {value!r}" in str(error)
    else:
        place = [param.name for param in ECHO.params].index(name)
        assert row[place] == value
        assert sum(cell == value for cell in row) == 1
    assert dump(both()) == before


@pytest.mark.parametrize("name", ["thread", "version"])
@pytest.mark.parametrize("value", HOSTILE)
@each_question
def test_a_hostile_thread_or_version_is_a_usage_error(file: Path, name: str, value: str) -> None:
    asked = parse(file)
    with pytest.raises(UsageError, match="expected"):
        query.run(both().store, asked, {**dict(asked.example), name: value})


def test_no_hostile_value_changed_the_examples() -> None:
    fresh = Library(":memory:")
    list(fresh.ingest([rooms.room("examples")]))
    assert dump(both()) == dump(fresh)


@unhurried
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back_as_it_was_given(text: str) -> None:
    assert query.run(EmbeddedStore.in_memory(), ECHO, {"text": text}).rows[0][0] == text


@unhurried
@given(st.dictionaries(st.sampled_from([p.name for p in ECHO.params]), st.text(max_size=12)))
def test_any_value_is_bound_or_a_usage_error(given_: dict[str, str]) -> None:
    given_.pop("text", None)
    try:
        [row] = query.run(EmbeddedStore.in_memory(), ECHO, given_).rows
    except UsageError:
        return
    for place, param in enumerate(ECHO.params):
        value = given_.get(param.name, param.default)
        assert str(row[place]) == (str(int(value or 0)) if param.type == "int" else value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("int", "one"),
        ("int", "1.0"),
        ("int", ""),
        ("int", "٣"),
        ("int", "1_0"),
        ("iri", "x"),
        ("iri", ""),
        ("iri", "urn:a b"),
        ("iri", "<urn:x>"),
        ("date", "2019"),
        ("date", "12 June 2019"),
        ("date", "2019-06-12T00:00:00"),
        ("slug", "A b"),
        ("slug", "../x"),
        ("enum", "middle"),
        ("enum", "left|right"),
        ("enum", ""),
    ],
)
def test_an_ill_typed_value_is_a_usage_error_that_names_it(name: str, value: str) -> None:
    with pytest.raises(UsageError, match=f"echo: expected {name} to be") as caught:
        query.run(both().store, ECHO, {name: value})
    assert f"found {value!r}" in str(caught.value)


@pytest.mark.parametrize("value", ["http://[", "urn:%zz", "http://x:port/"])
def test_an_iri_that_the_engine_refuses_is_a_usage_error(value: str) -> None:
    with pytest.raises(UsageError):
        query.run(both().store, ECHO, {"iri": value})


@pytest.mark.parametrize("value", ["2019-13-01", "2019-02-30", "0000-00-00"])
def test_a_date_that_no_calendar_has_is_a_usage_error(value: str) -> None:
    with pytest.raises(UsageError):
        query.run(both().store, ECHO, {"date": value})


@pytest.mark.parametrize(
    "value", ["urn:x", "http://[::1]:80/", "https://例え.jp/?service=x#y", "urn:a%20b", "x-y+z.1:a"]
)
def test_an_iri_that_the_engine_takes_comes_back(value: str) -> None:
    assert query.run(both().store, ECHO, {"iri": value}).rows[0][1] == value


@pytest.mark.parametrize("value", ["2019-02-28", "2020-02-29", "0001-01-01", "9999-12-31"])
def test_a_date_that_a_calendar_has_comes_back(value: str) -> None:
    assert query.run(both().store, ECHO, {"date": value}).rows[0][2] == value


@pytest.mark.parametrize("name", [param.name for param in ECHO.params])
@pytest.mark.parametrize("value", ["\ud800", "a\udfffb", "urn:\ud83e", "\udde0\ud83e"])
def test_half_a_surrogate_pair_is_a_usage_error_that_names_it(name: str, value: str) -> None:
    with pytest.raises(UsageError, match=f"echo: expected {name} to be") as caught:
        query.run(both().store, ECHO, {name: value})
    assert f"found {value!r}" in str(caught.value)


@pytest.mark.parametrize("name", ["thread", "version"])
def test_half_a_surrogate_pair_names_no_thread_and_no_version(name: str) -> None:
    with pytest.raises(UsageError, match="expected"):
        query.run(both().store, query.load("pointers"), {name: "\ud800"})


@each_query
def test_an_unknown_parameter_is_a_usage_error(file: Path) -> None:
    asked = parse(file)
    with pytest.raises(
        UsageError, match=f"{asked.name}: expected .* found the parameter 'nonsense'"
    ):
        query.resolve(both().store, asked, {"nonsense": "1"})


@pytest.mark.parametrize("type_", sorted(set(TYPES) - {"thread", "version"}))
def test_a_missing_parameter_is_a_usage_error(type_: str) -> None:
    wanted = Param("wanted", type_, None, ("a",) if type_ == "enum" else ())
    asked = QueryFile("x", "ask", "t", "d", (wanted,), ("y",), "SELECT (?wanted AS ?y) {}")
    with pytest.raises(UsageError, match=rf"x: expected the parameter wanted \({type_}\)"):
        query.run(both().store, asked)


@pytest.mark.parametrize(
    "given_", [{"thread": "no-such-thread"}, {"version": "3"}, {"version": "²"}]
)
def test_an_unknown_thread_or_version_is_a_usage_error(given_: Mapping[str, str]) -> None:
    with pytest.raises(UsageError, match=r"expected a (thread|version)"):
        query.run(both().store, query.load("pointers"), given_)


def test_an_unknown_query_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match=r"found 'contnts'; the nearest are .*contents"):
        query.load("contnts")
    with pytest.raises(UsageError, match="expected a query, found 'narrative'"):
        query.load("narrative", "ask")


# Tokens

TERM = ox.Literal('a "?x" \\ > <')
NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,5}", fullmatch=True)
PLAIN = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\"'\\<>{}|^`"))
SIGILS = st.lists(st.one_of(PLAIN, NAMES.map("?".__add__), NAMES.map("$".__add__)), max_size=4)
INSIDE = SIGILS.map(" ".join)
STRINGS = st.one_of(
    INSIDE.map(lambda text: f'"{text}"'),
    INSIDE.map(lambda text: f"'{text}'"),
    INSIDE.map(lambda text: f'"{text}\\"{text}"'),
    INSIDE.map(lambda text: f"'it\\'s {text} \\\\'"),
    INSIDE.map(lambda text: f'"""{text}\n"{text}" \\""""'),
    INSIDE.map(lambda text: f"'''{text}\n''{text}'''"),
)
IRIS = st.lists(st.from_regex(r"[?$#a-z/:.]{1,8}", fullmatch=True)).map(
    lambda parts: f"<urn:{'?x'.join(parts)}>"
)
COMMENTS = INSIDE.map(lambda text: f"#{text} ?x $y \"'<\n")
VARIABLES = st.builds(str.__add__, st.sampled_from("?$"), NAMES)
OTHER = st.sampled_from(["SELECT", "{", "}", "sen:text", ":", "(", "*", "!=", "1.5", "@en", "a"])
TOKENS = st.lists(st.one_of(STRINGS, IRIS, COMMENTS, VARIABLES, OTHER), max_size=12)


@unhurried
@given(TOKENS, st.dictionaries(NAMES, st.just(TERM), max_size=4))
def test_bind_replaces_variables_and_leaves_strings_comments_and_iris(
    tokens: list[str], values: dict[str, Term]
) -> None:
    values |= {token[1:]: TERM for token in tokens[::2] if token[0] in "?$"}
    wanted = [str(TERM) if token[0] in "?$" and token[1:] in values else token for token in tokens]
    assert bind(" ".join(tokens), values) == " ".join(wanted)


@unhurried
@given(TOKENS)
def test_bind_without_values_changes_nothing(tokens: list[str]) -> None:
    assert bind(" ".join(tokens), {}) == " ".join(tokens)


@unhurried
@given(st.text())
def test_bind_without_values_changes_no_text_at_all(text: str) -> None:
    assert bind(text, {}) == text


def test_bind_takes_whole_names_only() -> None:
    text = "?x ?xy ?y_x $x ?x.?x;?x/?x"
    assert bind(text, {"x": ox.NamedNode("urn:1")}).replace("<urn:1>", "!") == (
        "! ?xy ?y_x ! !.!;!/!"
    )


def test_with_prefixes_declares_ours_that_are_used_and_lets_a_query_declare_its_own() -> None:
    assert with_prefixes("SELECT ?s { ?s a sen:Claim }") == (
        f"PREFIX sen: <{terms.SEN}> SELECT ?s {{ ?s a sen:Claim }}"
    )
    assert with_prefixes('SELECT ("sen:Claim" AS ?x) { } # sen:Work') == (
        'SELECT ("sen:Claim" AS ?x) { } # sen:Work'
    )
    own = "PREFIX sen: <urn:own:> SELECT (STR(sen:x) AS ?x) {}"
    assert both().sparql(own) == query.Table(("x",), [("urn:own:x",)])


UPDATES = [
    "DROP ALL",
    "drop all",
    "\n\tDrOp\n# SELEC\nALL",
    "CLEAR DEFAULT",
    "CREATE GRAPH <urn:x>",
    "LOAD <urn:x>",
    "COPY <urn:x> TO <urn:y>",
    "MOVE <urn:x> TO <urn:y>",
    "ADD <urn:x> TO <urn:y>",
    "INSERT DATA { <urn:s> <urn:p> 'SELECT' }",
    "insert#\ndata { <urn:s> <urn:p> <urn:SELECT> }",
    "PREFIX select: <urn:ASK> INSERT DATA { select:s select:p select:o }",
    "DELETE WHERE { ?select ?ask $construct }",
    "#SELECT\nDELETE DATA { <urn:s> <urn:p> <urn:o> }",
    "BASE <urn:x> WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
]


@pytest.mark.parametrize("text", UPDATES)
def test_guard_refuses_an_update_in_any_disguise(text: str) -> None:
    prepareUpdate(text)  # it is one
    with pytest.raises(UsageError, match="expected a query, found an update"):
        guard(text)


@pytest.mark.parametrize(
    "text",
    [
        *UPDATES,
        "INSERT { ?s ?p 1 } WHERE { SELECT ?s ?p { ?s ?p ?o } }",
        "SELECT ?s { ?s ?p ?o } ; DROP ALL",
        "ASK { } DROP ALL",
        "DROP ALL ; SELECT ?s { ?s ?p ?o }",
        "DELETE { ?s ?p ?o } WHERE { ?s ?p ?o FILTER EXISTS { SELECT ?x { ?x ?y ?z } } }",
    ],
)
def test_an_update_never_reaches_the_store(text: str) -> None:
    before = dump(both())
    with pytest.raises(UsageError):
        both().sparql(text)
    assert dump(both()) == before


SERVICES = [
    "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { service <URL> { ?s ?p ?o } }",
    "SELECT * { SeRvIcE\n\tSiLeNt # <urn:x>\n <URL> { ?s ?p ?o } }",
    "SELECT * {SERVICE<URL>{?s ?p ?o}}",
    "SELECT * { # nothing here\rSERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { VALUES ?u { <URL> } SERVICE ?u { ?s ?p ?o } }",
    "SELECT * { ?s ?p 'x'SERVICE<URL>{ ?s ?p ?o } }",
    "SELECT * { ?s ?p '''#'''SERVICE<URL>{ ?s ?p ?o } }",
    "SELECT * { BIND('\\\\' AS ?x)SERVICE<URL>{ ?s ?p ?o } }",
    "SELECT * { ?s ?p 1.SERVICE <URL> { ?s ?p ?o } }",
    "ASK { { SELECT ?s { SERVICE <URL> { ?s ?p ?o } } } }",
    "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
    "PREFIX e: <URL> DESCRIBE ?s { SERVICE e: { ?s ?p ?o } }",
]
# The engine's grammar has no tokens: it takes a keyword wherever one may stand, even where the
# longest token of the standard would be another, and reads on another way where one fails.
DISGUISES = [
    "PREFIX : <URL> SELECT * { SERVICE:x { ?s ?p ?o } }",
    "PREFIX : <URL> SELECT * { VALUES ?x { 1 }service:{ ?s ?p ?o } }",
    "SELECT * { BIND(1 AS ?a) BIND(2 AS ?b) FILTER(?a<?b)SERVICE#>\n<URL> { ?s ?p ?o } }",
    "SELECT * { BIND(1 AS ?a) FILTER(?a<if(true,2,3))SERVICE#>\n<URL> { ?s ?p ?o } }",
    "SELECT * { BIND(1 AS ?a) FILTER(?a<2#'\n) SERVICE <URL> { ?s ?p ?o } } #'",
    "SELECT * { ?a ?b trueSERVICE<URL>{ ?s ?p ?o } }",
    "PREFIX : <URL> SELECT * { ?a ?b trueSERVICE:{ ?s ?p ?o } }",
    "SELECT * { SERVICESILENT<URL>{ ?s ?p ?o } }",
    "SELECT * { BIND('''''' AS ?x) SERVICE <URL> { ?s ?p ?o } } #'''",
    "SELECT * { VALUES ?v { '''a' } SERVICE <URL> { ?s ?p ?o } } #''",
    # A quote or a hash that is escaped in a local name opens no string and no comment.
    "PREFIX x: <urn:x:> SELECT * { OPTIONAL { ?a ?b x:a\\' } SERVICE <URL> { ?s ?p ?o } } #'",
    "PREFIX x: <urn:x:> SELECT * { OPTIONAL { ?a ?b x:a\\# } SERVICE <URL> { ?s ?p ?o } }",
    # Nor does one in an IRI, though the IRI has an escape.
    "SELECT * { OPTIONAL { ?a <urn:'\\u00e9> ?b } SERVICE <URL> { ?s ?p ?o } } #'",
    "SELECT * { OPTIONAL { ?a <urn:\\u00e9#> ?b } SERVICE <URL> { ?s ?p ?o } }",
    "PREFIX x: <urn:\\u0041#> SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    # A name that gives no IRI is read as its prefix, and a dot may follow.
    "PREFIX x: <http://h:80> SELECT * { ?a ?b x:SERVICE <URL> { ?s ?p ?o } }",
    "PREFIX x: <http://[::1]> SELECT * { ?a ?b x:SERVICE<URL>{ ?s ?p ?o } }",
    "PREFIX x: <urn:x:> SELECT * { ?a ?b x:.SERVICE<URL>{ ?s ?p ?o } }",
    # A long string with a wrong escape is read as an empty one and what follows.
    "PREFIX x: <urn:x:> SELECT * { VALUES ?v { '''a' x:\\- } SERVICE <URL> { ?s ?p ?o } } #'''",
    'PREFIX x: <urn:x:> SELECT * { VALUES ?v { """a" x:\\- } SERVICE <URL> { ?s ?p ?o } } #"""',
    "SELECT * { VALUES ?v { 'a' '''b' } SERVICE <URL> { ?s ?p ?o } } #\\ '''",
    # What is less than a string, or a triple in a term, is no IRI.
    "SELECT * { BIND('a'<'b>' AS ?x) SERVICE <URL> { ?s ?p ?o } BIND('z' AS ?w) }",
    "SELECT * { OPTIONAL { <<?s?p'>'>>?x?y } SERVICE<URL>{ ?s ?p ?o } } #'",
]


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with Listener() as found:
        thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield found
        found.shutdown()
        thread.join()


class Listener(ThreadingHTTPServer):
    """A SPARQL endpoint on this machine that counts its calls and has no answers."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Endpoint)
        self.url = f"http://127.0.0.1:{self.server_port}/"
        self.calls = 0


class Endpoint(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Listener)
        self.server.calls += 1
        self.rfile.read(int(self.headers["Content-Length"]))
        answer = b'{"head":{"vars":["s"]},"results":{"bindings":[]}}'
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as it is called
        """Say nothing."""


@pytest.mark.parametrize("text", DISGUISES)
def test_without_a_guard_every_disguise_calls_elsewhere(text: str, listener: Listener) -> None:
    store = ox.Store()
    for iri in ("http://h:80", "http://[::1]", "urn:x:"):
        store.add(ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.NamedNode(iri)))
    store.add(ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal(True)))
    before = listener.calls
    answer = store.query(text.replace("URL", listener.url))
    assert isinstance(answer, ox.QuerySolutions)
    list(answer)
    assert listener.calls > before


@pytest.mark.parametrize("text", [*SERVICES, *DISGUISES])
def test_guard_refuses_service_in_any_disguise(text: str) -> None:
    with pytest.raises(UsageError, match="found SERVICE"):
        guard(text.replace("URL", "http://127.0.0.1:9/"))


@pytest.mark.parametrize("text", [*SERVICES, *DISGUISES])
def test_a_query_that_would_call_elsewhere_is_refused_before_it_runs(
    text: str, listener: Listener
) -> None:
    before = listener.calls
    with pytest.raises(UsageError, match="found SERVICE"):
        both().sparql(text.replace("URL", listener.url))
    with pytest.raises(UsageError, match="found SERVICE"):
        both().results(text.replace("URL", listener.url), "srj")
    assert listener.calls == before


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ('SERVICE DROP ALL' AS ?x) {}",
        'SELECT ("""a "SERVICE" b""" AS ?x) {}',
        "SELECT ('it\\'s a SERVICE' AS ?x) {}",
        "SELECT (<urn:SERVICE> AS ?x) {}",
        "SELECT (<http://x/DROP?SERVICE#INSERT> AS ?x) {}",
        "SELECT ?SERVICE $insert { VALUES (?SERVICE $insert) { (1 2) } }",
        "SELECT ?x { VALUES ?x { 1 } } # SERVICE <urn:x>; DROP ALL",
        "#SERVICE\nSELECT ?x { VALUES ?x { 1 } }",
        "PREFIX x: <urn:x> SELECT (x:SERVICE AS ?x) {}",
        "SELECT ('a' AS ?services) {}",
        "PREFIX x: <urn:x> SELECT (x:service AS ?x) {}",
        "PREFIX x: <urn:x> SELECT (x:a.SERVICE AS ?x) {}",
        "PREFIX x: <urn:x> SELECT (x:a-service AS ?x) {}",
        "PREFIX x: <urn:x> SELECT (x:%20service AS ?x) {}",
        "PREFIX x: <urn:x> SELECT (x:a\\-service AS ?x) {}",
        "PREFIX x: <urn:x> SELECT (x:a\\~service AS ?x) {}",
        "PREFIX x: <urn:x> SELECT (x:a\\,service AS ?x) {}",
        "PREFIX é: <urn:x> SELECT (é:service AS ?x) {}",
        "SELECT (<http://x/?service=1> AS ?x) {}",
        "SELECT (<http://x/#service> AS ?x) {}",
        "SELECT (<http://x/Service_(software)> AS ?x) {}",
        "SELECT (<http://x/service#> AS ?x) {}",
        "SELECT (<urn:\\u0041service> AS ?x) {}",
        "BASE <http://x/> SELECT (<?service=1> AS ?x) {}",
        "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> SELECT (sd:url AS ?x) {}",
        "SELECT ?x { VALUES ?x { 1 } OPTIONAL { _:service <urn:no> ?Service , $service } }",
        "SELECT ?x { VALUES ?x { 1 } FILTER(?x<2) } # > service",
        "SELECT ?service { VALUES ?service { 1 } FILTER(?service<2&&?service>0) }",
        "SELECT ('''it's a 'service' ''' AS ?x) {} # it's SERVICE",
        'SELECT ("a\\"service\\\\" AS ?x) {} #"service',
        "SELECT ('a' AS ?x) {} #\\ ''' SERVICE <urn:x> '''",
    ],
)
def test_guard_lets_the_words_stand_where_they_do_nothing(text: str) -> None:
    guard(text)
    table = both().sparql(text)
    assert isinstance(table, query.Table)
    assert len(table.rows) == 1
