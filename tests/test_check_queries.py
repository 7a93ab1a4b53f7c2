"""Every rule across nodes finds what it should and nothing else, in Oxigraph and in rdflib.

A case is a file `cases/check/<rule>/(clean|found)*`; its first lines name the nodes that the rule
must find, one `# expects: <path below the IRIs of the project>` for each finding.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat
from rdflib import Dataset

from sicetnon import query, terms
from sicetnon.library import Library
from sicetnon.query import QueryFile
from sicetnon.shapes import Finding, check_store
from sicetnon.store import EmbeddedStore, Term, connect

CASES = sorted((Path(__file__).parent / "cases" / "check").glob("*/*.*"))
RULES = {rule.name: rule for rule in query.catalogue().values() if rule.group == "check"}
FLOOR = 146


def name(file: Path) -> str:
    return f"{file.parent.name}/{file.stem}"


each_case = pytest.mark.parametrize("file", [pytest.param(f, id=name(f)) for f in CASES])


def expected(file: Path) -> list[str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    steps = (line.split()[2] for line in lines if line.startswith("# expects: "))
    return sorted(terms.ID + step for step in steps)


@cache
def findings(file: Path) -> list[Finding]:
    found = check_store(connect(str(file)))
    return [finding for finding in found if finding.rule == file.parent.name]


def texts(file: Path, rule: QueryFile) -> list[str]:
    """Bind a rule to each version of a case, or leave it as it is where it takes no version."""
    store = connect(str(file))
    if not rule.params:
        return [rule.text]
    found: list[str] = []
    for slug in query.threads(store):
        for row in query.versions(store, slug):
            values: dict[str, Term] = {"thread": terms.thread(slug), "version": row.iri}
            found.append(query.bind(rule.text, values))
    return found


@each_case
def test_a_rule_finds_exactly_the_expected_nodes(file: Path) -> None:
    assert sorted(finding.node for finding in findings(file)) == expected(file)


@each_case
def test_a_finding_says_what_was_expected_and_found_and_where(file: Path) -> None:
    rule = RULES[file.parent.name]
    for finding in findings(file):
        assert finding.severity == rule.severity.lower()
        assert finding.message.startswith(f"{rule.message}; found ")
        assert not finding.message.endswith("found None")
        if rule.params:
            assert finding.thread == "t"
            assert terms.version("t", finding.version or 0).value in finding.node
            assert finding.line > 0


@each_case
def test_a_rule_gives_equal_rows_in_rdflib(file: Path) -> None:
    store = connect(str(file))
    assert isinstance(store, EmbeddedStore)
    dataset = Dataset(default_union=True)
    dump = store.engine.dump(format=RdfFormat.N_QUADS) or b""
    dataset.parse(data=dump.decode(), format="nquads")
    for text in texts(file, RULES[file.parent.name]):
        ours = sorted(tuple(map(str, row)) for row in query.Table.of(store.query(text)).rows)
        rows = (row for row in dataset.query(text) if isinstance(row, tuple))
        assert sorted(tuple(map(str, row)) for row in rows) == ours


def test_every_rule_has_a_clean_case_and_one_with_findings() -> None:
    for kind in ("clean", "found"):
        names = {file.parent.name for file in CASES if file.stem.startswith(kind)}
        assert names == RULES.keys(), kind


def test_only_cases_with_findings_are_called_found() -> None:
    for file in CASES:
        assert file.stem.partition("-")[0] in {"clean", "found"}, file
        assert bool(expected(file)) == file.stem.startswith("found"), file


def test_the_suite_does_not_shrink() -> None:
    assert len(CASES) >= FLOOR
    assert len(RULES) >= 25


def test_a_case_keeps_each_version_in_a_graph_of_its_own() -> None:
    for file in CASES:
        store = connect(str(file))
        versions = [row.iri for slug in query.threads(store) for row in query.versions(store, slug)]
        assert all(store.graph(iri) for iri in versions), file
        assert versions or not RULES[file.parent.name].params, file


BROKEN_VERSION = f"""
@prefix sen: <{terms.SEN}> . @prefix prov: <{terms.PROV}> . @prefix dcterms: <{terms.DCTERMS}> .
@prefix xsd: <{terms.XSD}> . @prefix id: <{terms.ID}> .
<{terms.ID}thread/t> a sen:Thread ; sen:slug SLUG .
<{terms.ID}thread/t/v1> a sen:Version ; prov:specializationOf <{terms.ID}thread/t> ;
    <{terms.PAV}version> LABEL ; sen:pageForm FORM ; dcterms:title "On tails" ;
    sen:line LINE ; sen:order ORDER ; dcterms:issued ISSUED .
"""
SOUND = {
    "SLUG": '"t"',
    "LABEL": '"1"',
    "FORM": '"a"',
    "LINE": "1",
    "ORDER": "1",
    "ISSUED": '"2026-07-05T16:45:00Z"^^xsd:dateTime',
}


def check_broken(folder: Path, **changes: str) -> set[str]:
    text = BROKEN_VERSION
    for key, value in (SOUND | changes).items():
        text = text.replace(key, value)
    file = folder / "broken.ttl"
    file.write_text(text, encoding="utf-8")
    return {finding.rule for finding in check_store(connect(str(file)))}


def test_a_version_without_page_kind_is_found_among_sound_values(tmp_path: Path) -> None:
    found = check_broken(tmp_path)
    assert "version-page-kind" in found
    assert not found & {"version-order", "version-issued", "version-issued-given", "thread-slug"}
    assert not found & {"version-version", "version-page-form"}


@pytest.mark.parametrize(
    ("key", "value", "rule"),
    [
        ("ISSUED", '"soon"', "version-issued"),
        ("ISSUED", '"2026-99-05T16:45:00Z"^^xsd:dateTime', "version-issued"),
        ("ISSUED", '"2026-07"^^xsd:gYearMonth', "version-issued"),
        ("ISSUED", '"2026-07-05"^^xsd:date , "2026-07-06"^^xsd:date', "version-issued"),
        ("ORDER", '"one"', "version-order"),
        ("ORDER", '"x"^^xsd:integer', "version-order"),
        ("LABEL", '"1"@en', "version-version"),
        ("LABEL", "<urn:1>", "version-version"),
        ("LABEL", '"1" , "2"', "version-version"),
        ("LABEL", '"²"', "version-page-kind"),
        ("LABEL", '""', "version-page-kind"),
        ("FORM", '"c"', "version-page-form"),
        ("SLUG", '""', "thread-slug"),
        ("SLUG", "<urn:t>", "thread-slug"),
        ("SLUG", '"t"@en', "thread-slug"),
        ("SLUG", '"t" , "u"', "thread-slug"),
        ("SLUG", '"a b"', "thread-slug"),
        ("LINE", '"x"', "version-page-kind"),
        ("LINE", '"1.5"^^xsd:decimal', "version-page-kind"),
        pytest.param("LINE", "9" * 5000, "version-page-kind", id="LINE-of-5000-digits"),
    ],
)
def test_broken_data_are_found_and_do_not_raise(
    key: str, value: str, rule: str, tmp_path: Path
) -> None:
    assert rule in check_broken(tmp_path, **{key: value})


def test_a_quotation_of_a_passage_that_nothing_describes_is_found(tmp_path: Path) -> None:
    file = tmp_path / "dangling.ttl"
    file.write_text(
        f"@prefix sen: <{terms.SEN}> . @prefix oa: <http://www.w3.org/ns/oa#> .\n"
        '<urn:q> a sen:Quotation ; oa:exact "x" ; oa:start 0 ; oa:end 1 ; sen:passage <urn:no> .',
        encoding="utf-8",
    )
    assert list(check_store(connect(str(file))))


def test_a_graph_without_a_name_does_not_raise(tmp_path: Path) -> None:
    file = tmp_path / "nameless.trig"
    file.write_text(f"_:g {{ _:g a <{terms.SEN}Version> }}", encoding="utf-8")
    list(check_store(connect(str(file))))


@pytest.mark.parametrize(
    "text",
    [
        '<urn:q> a sen:Quotation ; oa:exact "x" ; sen:passage [] .',
        "<urn:r> a sen:Relation ; sen:from [] ; sen:to <urn:c> . <urn:c> a sen:Claim .",
    ],
    ids=["quotation", "relation"],
)
def test_what_has_no_name_is_not_found_to_be_nothing(text: str, tmp_path: Path) -> None:
    file = tmp_path / "nameless.ttl"
    prefixes = f"@prefix sen: <{terms.SEN}> . @prefix oa: <{terms.OA}> .\n"
    file.write_text(prefixes + text, encoding="utf-8")
    found = [finding.message for finding in check_store(connect(str(file)))]
    assert found
    assert not [message for message in found if message.endswith("found None")]


# From a page to what the rules find


PAGE = """\
Tails · history

Version NUMBER

2026-07-0NUMBER 16:45 UTC · 1 items

Perspectives

Feldman (tails)

STATEMENT

Evolution: EVOLUTION

Sources

  1. [1] Does Learning Require Memorization? — arXiv
"""


@pytest.mark.parametrize(
    ("statement", "evolution", "expected_versions"),
    [
        ("Rare examples must be memorized.", "Consistent.", []),
        ("Rare examples are best memorized.", "Consistent.", [2]),
        ("Rare examples are best memorized.", "Shifted to what is best.", []),
        ("Rare examples must be memorized.", "New voice.", [2]),
    ],
    ids=["agrees", "restated", "shifted", "known"],
)
def test_an_evolution_line_is_held_against_the_layer_that_ingest_writes(
    statement: str, evolution: str, expected_versions: list[int], tmp_path: Path
) -> None:
    pages = [("Rare examples must be memorized.", "New voice."), (statement, evolution)]
    for number, (says, line) in enumerate(pages, 1):
        text = PAGE.replace("NUMBER", str(number))
        text = text.replace("STATEMENT", says + "[1]").replace("EVOLUTION", line)
        (tmp_path / f"tails-v{number}.txt").write_text(text, encoding="utf-8")
    library = Library(":memory:")
    assert [each.status for each in library.ingest([tmp_path])] == ["stored", "stored"]
    found = [each for each in library.check() if each.rule == "evolution-denied"]
    assert [each.version for each in found] == expected_versions
    assert all(each.quote == evolution.rstrip() for each in found)
