"""What several persons decide: all of it is kept, one decision counts, each can be taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from proposing import DENIAL, roads, state
from sicetnon.cli import cli
from sicetnon.errors import DataError
from sicetnon.library import Library

DAY, NEXT = "2026-07-06", "2026-07-07"
POSITIONS = "thread/roads/v1/position/1", "thread/roads/v1/position/2"


@pytest.fixture
def debate(tmp_path: Path) -> Library:
    return roads(tmp_path)


def drawn(library: Library) -> str:
    return next(each.node for each in library.review() if each.kind == "relation")


def stances(library: Library) -> list[object]:
    return [row["stance"] for row in library.ask("relations").dicts()]


def test_the_verdict_of_another_person_stands_beside_the_first(debate: Library) -> None:
    node, first = drawn(debate), state(debate)
    alice = debate.judge(node, "qualifies", "Only in part.", "Alice", DAY)
    only_alice = state(debate)
    bob = debate.judge(node, "none", "Named together.", "Bob", NEXT)
    rows = debate.ask("judged-relations").dicts()
    assert [(row["who"], row["decision"], row["why"], row["counts"]) for row in rows] == [
        ("Alice", "qualifies", "Only in part.", False),
        ("Bob", "none", "Named together.", True),
    ]
    assert stances(debate) == []
    only_both = state(debate)
    debate.undo(bob.iri.value)
    assert stances(debate) == ["qualifies"]
    assert state(debate) == only_alice
    debate.judge(node, "none", "Named together.", "Bob", NEXT)
    assert state(debate) == only_both
    debate.undo(alice.iri.value)
    assert stances(debate) == []
    debate.undo(bob.iri.value)
    assert state(debate) == first


def test_of_one_day_the_verdict_that_denies_counts_whoever_came_last(debate: Library) -> None:
    node = drawn(debate)
    debate.judge(node, "none", "Named together.", "Bob", DAY)
    denied = state(debate)
    debate.judge(node, "qualifies", "Only in part.", "Alice", DAY)
    assert stances(debate) == []
    debate.undo(next(e.iri.value for e in debate.judgements() if e.who == "Alice"))
    assert state(debate) == denied


def test_what_persons_disagree_on_waits_first_in_the_review(debate: Library) -> None:
    node = drawn(debate)
    debate.judge(node, "none", "Named together.", "Bob", NEXT)
    assert node not in [each.node for each in debate.review()]
    debate.judge(node, "qualifies", "Only in part.", "Alice", DAY)
    debate.same(*POSITIONS, "One school.", "Alice", DAY)
    assert not any(each.kind == "identity" for each in debate.review())
    debate.different(POSITIONS[1], POSITIONS[0], "Two schools.", "Bob", DAY)
    first = debate.review()[:2]
    assert {(each.kind, each.contested) for each in first} == {
        ("relation", True),
        ("identity", True),
    }
    assert not any(each.contested for each in debate.review()[2:])
    debate.judge(node, "none", "Bob is right.", "Alice", NEXT)
    assert node not in [each.node for each in debate.review()]


def test_of_judgements_on_identity_the_latest_day_counts(debate: Library) -> None:
    def schools() -> int:
        return len({row["perspective"] for row in debate.ask("positions").dicts()})

    assert schools() == 3
    debate.different(*POSITIONS, "Two schools.", "Bob", DAY)
    debate.same(*POSITIONS, "One school.", "Alice", NEXT)
    assert schools() == 2
    rows = debate.ask("judged-identities").dicts()
    assert {row["who"]: row["counts"] for row in rows} == {"Bob": False, "Alice": True}
    debate.different(*POSITIONS, "Two after all.", "Bob", NEXT)
    assert schools() == 3
    assert len(debate.judgements()) == 2


def test_two_persons_accept_and_refuse_one_proposal(debate: Library) -> None:
    one = debate.propose_one(DENIAL, "assistant test").proposal
    debate.accept(one.name, "So it says.", "Alice", DAY)
    accepted = state(debate)
    mild = debate.accept(one.name, "Milder.", "Bob", NEXT, "qualifies")
    assert "qualifies" in stances(debate)
    assert [each.rule for each in debate.check(severity="violation")] == []
    no = debate.refuse(one.name, "No.", "Carol", NEXT)
    assert debate.propose_one(DENIAL, "another method").status == "refused"
    assert [each.kind for each in debate.review() if each.contested] == ["proposed relation"]
    for each in (no, mild):
        debate.undo(each.iri.value)
    assert state(debate) == accepted


def test_merging_says_what_was_new_known_changed_and_contested(
    debate: Library, tmp_path: Path
) -> None:
    node = drawn(debate)
    debate.judge(node, "qualifies", "Only in part.", "Alice", DAY)
    kept = debate.decisions_as_turtle().encode()
    again = debate.merge(kept, "a.ttl")
    assert (again.new, again.changed, again.known, again.conflicts) == (0, 0, 1, ())
    other = roads(tmp_path)
    other.judge(node, "none", "Named together.", "Bob", NEXT)
    found = other.merge(kept, "a.ttl")
    assert (found.new, found.changed, found.known) == (1, 0, 0)
    assert [(each.counts.who, each.other.who) for each in found.conflicts] == [("Bob", "Alice")]
    assert {each.who for each in other.judgements()} == {"Alice", "Bob"}
    debate.judge(node, "refines", "On second thoughts.", "Alice", NEXT)
    back = debate.merge(other.decisions_as_turtle().encode(), "b.ttl")
    assert (back.new, back.changed, back.known) == (1, 0, 1)
    later = other.merge(debate.decisions_as_turtle().encode(), "c.ttl")
    assert (later.new, later.changed, later.known) == (0, 1, 1)
    assert state(debate) == state(other)


PREFIXES = b"""@prefix sen: <https://w3id.org/sicetnon/ontology#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
VERDICT = """<urn:v> a sen:Verdict ; sen:about <urn:r> ; sen:decision "none" ; sen:why "so" ;
  prov:wasAttributedTo <urn:a> ; dcterms:created "2026-07-06"^^xsd:date .
<urn:a> a sen:Agent ; rdfs:label "Alice" .
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (VERDICT, "<urn:v> a sen:Verdict .", "urn:v: expected one sen:about, found none"),
        ("<urn:v> a", "[] a", "expected a decision with an IRI, found a blank node"),
        ('"none" ;', '"none" , "supports" ;', "urn:v: expected one sen:decision of"),
        ('"none" ;', '"perhaps" ;', "urn:v: expected one sen:decision of"),
        ('rdfs:label "Alice"', "a sen:Agent", "urn:a: expected one rdfs:label, found none"),
        ('"Alice"', '"Alice", "Bob"', "urn:a: expected one rdfs:label, found “Alice”, “Bob”"),
        ("<urn:a> ;", "<urn:a> , <urn:b> ;", "urn:v: expected one prov:wasAttributedTo"),
        ("<urn:a> ;", '"Alice" ;', "urn:v: expected prov:wasAttributedTo to be an IRI"),
        ('sen:why "so" ;', "", "urn:v: expected one sen:why, found none"),
        ('"so"', '" "', "urn:v: expected sen:why to be a text"),
        ("2026-07-06", "2026-13-06", "urn:v: expected dcterms:created to be a day"),
        ("^^xsd:date", "", "urn:v: expected dcterms:created to be a day"),
        ("a sen:Verdict ;", "", "urn:v: expected one rdf:type of sen:Judgement, sen:Verdict"),
        ("<urn:r>", "<urn:thread/proposal/x>", None),
        (
            'about <urn:r> ; sen:decision "none"',
            'about <urn:t/proposal/x> ; sen:decision "supports"',
            "urn:v: expected one sen:Proposal that it accepts, found 0",
        ),
    ],
)
def test_a_file_with_a_decision_that_is_not_whole_is_refused_whole(
    debate: Library, old: str, new: str, told: str | None
) -> None:
    before = state(debate)
    assert old in VERDICT
    whole = VERDICT.replace("urn:v", "urn:w").replace("urn:a", "urn:c").replace("urn:r", "urn:q")
    data = PREFIXES + whole.encode() + VERDICT.replace(old, new).encode()
    if told is None:
        assert debate.merge(data, "x.ttl").new == 2
        return
    with pytest.raises(DataError) as error:
        debate.merge(data, "x.ttl")
    assert str(error.value).startswith("x.ttl: ")
    assert told in str(error.value)
    assert state(debate) == before


def test_commands_tell_of_disagreement_and_of_what_a_merge_did(tmp_path: Path) -> None:
    store, kept = str(tmp_path / "store"), str(tmp_path / "kept.ttl")
    node = drawn(roads(tmp_path, store))

    def run(*args: str) -> str:
        done = CliRunner().invoke(cli, ["--store", store, *args])
        assert done.exit_code == 0, done.output
        return done.stderr

    assert run("judge", node, "qualifies", "--why", "in part", "--who", "Alice") == ""
    run("review", "-o", kept)
    told = run("review", "--merge", kept)
    assert told == "took in 0 new decisions, 1 known already, 0 conflicts\n"
    told = run("judge", node, "none", "--why", "named", "--who", "Bob")
    assert told.startswith("contested: none (Bob, ")
    assert "counts, not qualifies (Alice, " in told
    told = run("review", "--merge", kept)
    assert told.startswith("took in 0 new decisions, 1 known already, 1 conflict\ncontested: none")
