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
from sicetnon.query import QueryFile
from sicetnon.shapes import Finding, check_store
from sicetnon.store import EmbeddedStore, Term, connect

CASES = sorted((Path(__file__).parent / "cases" / "check").glob("*/*.*"))
RULES = {rule.name: rule for rule in query.catalogue().values() if rule.group == "check"}
FLOOR = 32

# Known defects of the rules. Each is a strict xfail: mend it, and it must leave.
ERRS = {
    "quotation-verbatim/found-past-the-end": "the rule does not compare the end with the words",
    "version-sections/found": "?heading is not bound where FILTER NOT EXISTS stands, inside GRAPH",
}


def name(file: Path) -> str:
    return f"{file.parent.name}/{file.stem}"


def param(file: Path, reason: str | None) -> object:
    marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
    return pytest.param(file, id=name(file), marks=marks)


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


@pytest.mark.parametrize("file", [param(file, ERRS.get(name(file))) for file in CASES])
def test_a_rule_finds_exactly_the_expected_nodes(file: Path) -> None:
    assert sorted(finding.node for finding in findings(file)) == expected(file)


@pytest.mark.parametrize("file", [param(file, None) for file in CASES])
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


ENGINES_DIFFER = {"version-sections/found": "rdflib, against the standard, binds ?heading there"}


@pytest.mark.parametrize("file", [param(file, ENGINES_DIFFER.get(name(file))) for file in CASES])
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
    assert len(RULES) >= 10
    assert ERRS.keys() <= {name(file) for file in CASES}


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
    dcterms:title "On tails" ; sen:line LINE ; sen:order ORDER ; dcterms:issued ISSUED .
"""
SOUND = {
    "SLUG": '"t"',
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
    assert not found & {"version-order", "version-issued", "thread-slug"}


@pytest.mark.xfail(reason="bad data raise, where a check should find them", strict=True)
@pytest.mark.parametrize(
    ("key", "value", "rule"),
    [
        ("ISSUED", '"soon"', "version-issued"),
        ("ISSUED", '"2026-99-05T16:45:00Z"^^xsd:dateTime', "version-issued"),
        ("ORDER", '"one"', "version-order"),
        ("SLUG", '"a b"', "thread-slug"),
        ("LINE", '"x"', "version-page-kind"),
    ],
)
def test_broken_data_are_found_and_do_not_raise(
    key: str, value: str, rule: str, tmp_path: Path
) -> None:
    assert rule in check_broken(tmp_path, **{key: value})


@pytest.mark.xfail(reason="no rule asks whether a quoted passage is in the store", strict=True)
def test_a_quotation_of_a_passage_that_nothing_describes_is_found(tmp_path: Path) -> None:
    file = tmp_path / "dangling.ttl"
    file.write_text(
        f"@prefix sen: <{terms.SEN}> . @prefix oa: <http://www.w3.org/ns/oa#> .\n"
        '<urn:q> a sen:Quotation ; oa:exact "x" ; oa:start 0 ; oa:end 1 ; sen:passage <urn:no> .',
        encoding="utf-8",
    )
    assert list(check_store(connect(str(file))))
