"""Proposals wait apart from the graph; a person accepts or refuses them, and can take that back."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Quad
from rdflib import Graph

from proposing import CARTS, CARTS_DENY, DENIAL, FROST, STONE, WHEN, roads, state
from sicetnon import proposals
from sicetnon.errors import DataError, UsageError
from sicetnon.judgements import GRAPH, Acceptance, Decision, Verdict
from sicetnon.library import Library
from sicetnon.proposals import CLAIMS, Draft, Proposal
from sicetnon.store import ntriples
from test_ontology import contradictions

CLAIM = Draft(FROST, CLAIMS, "", "The school of stone argues that small stones make")
BASE = "https://w3id.org/sicetnon/id/"


@pytest.fixture
def debate(tmp_path: Path) -> Library:
    return roads(tmp_path)


def put(library: Library, draft: Draft = DENIAL) -> Proposal:
    found = library.propose_one(draft, "assistant test")
    assert found.status == "new"
    return found.proposal


def relations(library: Library) -> list[tuple[object, ...]]:
    rows = library.ask("relations").dicts()
    return [
        (row["from_holder"], row["stance"], row["to_holder"], row["status"], row["method"])
        for row in rows
        if row["method"] == "assistant test"
    ]


def test_a_proposal_enters_its_own_graph_and_no_other(debate: Library) -> None:
    before = state(debate)
    one = put(debate)
    assert state(debate, "graph/proposed") == before
    assert len(debate.store.graph(proposals.GRAPH)) == 11
    assert debate.proposals() == [one]
    assert one.exact == CARTS_DENY
    assert one.source.endswith("/perspective/the-school-of-carts")
    assert relations(debate) == []


def test_what_is_proposed_is_read_back_whole(debate: Library) -> None:
    put(debate)
    put(debate, CLAIM)
    marked = Draft(FROST, "refines", STONE, "does not accept this; in its reading “narrow")
    assert put(debate, marked).written == ""
    for one in debate.proposals():
        assert proposals.read(quad.triple for quad in one.quads()) == [one]
        if not one.is_claim:
            assert one.stance in {"contradicts", "refines"}


def test_proposing_again_changes_nothing(debate: Library) -> None:
    put(debate)
    before = state(debate)
    again = debate.propose_one(replace(DENIAL, quote="decide how long a road lasts"), "other")
    assert again.status == "waiting"
    assert again.proposal.iri == debate.proposals()[0].iri
    assert len(state(debate)) == len(before)


def test_what_a_rule_draws_is_not_proposed(library: Library) -> None:
    drawn = library.ask("relations").dicts()[0]
    draft = Draft(*(str(drawn[key]) for key in ("from", "stance", "to", "evidence")))
    assert library.propose_one(draft, "assistant test").status == "drawn"
    assert library.proposals() == []


BAD_DRAFTS = [
    (replace(DENIAL, source="The school of sand"), "found “The school of sand”"),
    (replace(DENIAL, source="school of carts"), "did you mean The school of carts?"),
    (replace(DENIAL, target="urn:other"), "expected a side that the page knows"),
    (replace(DENIAL, target=CARTS), "expected two sides, found one"),
    (replace(DENIAL, stance="destroys"), "expected a stance (supports"),
    (replace(DENIAL, stance="none"), "expected a stance (supports"),
    (replace(DENIAL, source=""), "expected a side that the page knows, found “”"),
    (replace(DENIAL, quote=CARTS_DENY.replace("does not", "does")), "stands nowhere on the page"),
    (replace(DENIAL, quote="\x1b[31mstones\x07 and \u202ecarts and wheels"), "stands nowhere"),
]


@pytest.mark.parametrize(("draft", "message"), BAD_DRAFTS, ids=lambda each: str(each)[:40])
def test_a_bad_draft_is_refused_and_told(debate: Library, draft: Draft, message: str) -> None:
    before = state(debate)
    with pytest.raises(UsageError) as error:
        debate.propose_one(draft, "assistant test")
    assert message in str(error.value)
    assert str(error.value).isprintable()
    assert state(debate) == before


def test_words_of_another_version_are_told_as_such(library: Library) -> None:
    old, new = (library.scene(version=n) for n in (1, 2))
    lost = [
        place
        for place in places_of(old)
        if isinstance(proposals.ground(new.page, place), proposals.Missing)
    ]
    side, other = new.sides[:2]
    with pytest.raises(UsageError) as error:
        library.propose_one(Draft(side.node, "supports", other.node, lost[0]), "assistant test")
    assert str(error.value).endswith("; the words stand in version 1")


def places_of(scene: proposals.Scene) -> list[str]:
    from sicetnon.relations.places import places
    from sicetnon.relations.words import sentences

    return [
        place.passage.text[start:end]
        for place in places(scene.page)
        for start, end in sentences(place.passage.text)
        if end - start > 40
    ]


def test_an_accepted_relation_stands_as_judged_by_the_person(debate: Library) -> None:
    one = put(debate)
    before = state(debate)
    verdict = debate.accept(one.name, "It says so.", "A. Reader", WHEN)
    assert relations(debate) == [(CARTS, "contradicts", STONE, "judged", "assistant test")]
    asked = """SELECT ?who WHERE {
      ?r a sen:Relation ; sen:status sen:judged ; prov:wasAttributedTo/rdfs:label ?who }"""
    assert debate.sparql(asked).rows == [("A. Reader",)]  # type: ignore[union-attr]
    assert [each.rule for each in debate.check(severity="info") if "proposal" in each.node] == []
    assert [each.rule for each in debate.check(severity="info") if "accepted" in each.node] == []
    debate.undo(verdict.iri.value)
    assert state(debate) == before


def test_a_person_may_accept_with_another_stance(debate: Library) -> None:
    one = put(debate)
    debate.accept(one.name, "Not against, beside.", "A. Reader", WHEN, "qualifies")
    assert relations(debate) == [(CARTS, "qualifies", STONE, "judged", "assistant test")]
    (kept,) = debate.judgements()
    assert isinstance(kept, Acceptance)
    assert (kept.decision, kept.proposal) == ("qualifies", one)


def test_an_accepted_claim_has_its_holder_words_and_citations(debate: Library) -> None:
    one = put(debate, CLAIM)
    debate.accept(one.name, "It says so.", "A. Reader", WHEN)
    rows = [row for row in debate.ask("claims").dicts() if "/accepted/" in str(row["claim"])]
    assert [(row["holder"], row["evidence"]) for row in rows] == [
        (FROST, "The school of stone argues that small stones make a road last [1].")
    ]
    support = debate.ask("independent-support").dicts()
    (counted,) = [row for row in support if row["claim"] == rows[0]["claim"]]
    assert (counted["entries"], counted["works"]) == (1, 1)
    assert [each.rule for each in debate.check(severity="info") if "accepted" in each.node] == []


def lose_copies(library: Library) -> None:
    """Leave acceptances as an earlier release wrote them, without a copy of their proposal."""
    judged = library.store.graph(GRAPH)
    kept = [each for each in judged if "/proposal" not in each.subject.value]  # type: ignore[union-attr]
    assert len(kept) < len(judged)
    library._write().replace(
        [GRAPH], [Quad(each.subject, each.predicate, each.object, GRAPH) for each in kept]
    )


def test_an_acceptance_without_a_copy_finds_its_proposal(debate: Library) -> None:
    one = put(debate)
    accepted = debate.accept(one.name, "It says so.", "A. Reader", WHEN)
    lose_copies(debate)
    assert debate.judgements() == [accepted]
    assert debate.check(severity="info")
    debate.review()
    again = debate.accept(one.name, "Still.", "A. Reader", WHEN)
    debate._write().replace([proposals.GRAPH], [])
    assert debate.judgements() == [again]


def test_an_acceptance_of_a_proposal_that_is_gone_says_what_to_do(debate: Library) -> None:
    one = put(debate)
    accepted = debate.accept(one.name, "It says so.", "A. Reader", WHEN)
    lose_copies(debate)
    debate._write().replace([proposals.GRAPH], [])
    told = rf"{accepted.iri.value}: .* found 0; .* accept {one.iri.value} again"
    with pytest.raises(DataError, match=told):
        debate.judgements()
    debate.check()
    debate.review()


def test_a_refused_proposal_waits_no_more_and_comes_not_again(debate: Library) -> None:
    one = put(debate)
    assert "proposed relation" in {each.kind for each in debate.review()}
    before = state(debate)
    verdict = debate.refuse(one.name, "Named together, no more.", "A. Reader", WHEN)
    assert "proposed relation" not in {each.kind for each in debate.review()}
    assert debate.propose_one(DENIAL, "assistant test").status == "refused"
    assert relations(debate) == []
    debate.undo(verdict.iri.value)
    assert state(debate) == before


def test_a_later_decision_of_a_person_replaces_that_person_s_earlier_one(debate: Library) -> None:
    one = put(debate)
    debate.refuse(one.name, "No.", "A. Reader", WHEN)
    debate.accept(one.name, "Yes after all.", "a. reader", WHEN)
    assert len(debate.judgements()) == 1
    assert len(relations(debate)) == 1
    assert debate.propose_one(DENIAL, "assistant test").status == "accepted"


def test_proposals_show_in_the_queue_with_their_words(debate: Library) -> None:
    put(debate)
    put(debate, CLAIM)
    found = {each.kind: each for each in debate.review()}
    relation, claim = found["proposed relation"], found["proposed claim"]
    assert (relation.left_name, relation.stance, relation.right_name) == (
        CARTS,
        "contradicts",
        STONE,
    )
    assert relation.evidence == CARTS_DENY
    assert relation.confidence == 0
    assert (claim.left_name, claim.stance, claim.right, claim.line > 0) == (
        FROST,
        "claims",
        "",
        True,
    )


def test_a_proposal_whose_page_was_replaced_cannot_be_accepted(tmp_path: Path) -> None:
    debate = roads(tmp_path)
    one = put(debate)
    path = tmp_path / "page.txt"
    text = path.read_text(encoding="utf-8").replace(CARTS_DENY, "The school of carts is silent.")
    path.write_text(text, encoding="utf-8")
    (taken,) = debate.ingest([path], thread="roads", replace=True)
    assert taken.status == "stored"
    with pytest.raises(DataError, match="expected the proposal's words, found others"):
        debate.accept(one.name, "It says so.", "A. Reader", WHEN)
    assert "quotation-verbatim" in {each.rule for each in debate.check()}


def test_proposals_and_what_comes_of_them_contradict_nothing(debate: Library) -> None:
    relation, claim = put(debate), put(debate, CLAIM)
    put(debate, replace(DENIAL, source=FROST))
    for one in (relation, claim):
        debate.accept(one.name, "It says so.", "A. Reader", WHEN)
    store = debate.store
    text = "".join(ntriples(store.graph(name)) for name in store.graphs())
    assert contradictions(Graph().parse(data=text, format="nt"), aligned=True) == []


@pytest.mark.parametrize(
    ("name", "stance", "message"),
    [
        ("0123456789ab", None, "expected a proposal, found '0123456789ab'"),
        (None, "claims", "expected a stance (supports"),
        (None, "none", "expected a stance (supports"),
    ],
)
def test_a_decision_that_cannot_be_meant_is_told(
    debate: Library, name: str | None, stance: str | None, message: str
) -> None:
    one = put(debate)
    with pytest.raises(UsageError) as error:
        debate.accept(name or one.name, "Yes.", "A. Reader", WHEN, stance)
    assert message in str(error.value)


def test_a_decision_needs_a_reason(debate: Library) -> None:
    one = put(debate)
    for decide in (debate.accept, debate.refuse):
        with pytest.raises(UsageError, match="expected a reason"):
            decide(one.iri.value, " ", "A. Reader", WHEN)


def test_acceptances_are_kept_and_merged_as_turtle(debate: Library, tmp_path: Path) -> None:
    debate.accept(put(debate).name, "It says so.", "A. Reader", WHEN, "refines")
    debate.accept(put(debate, CLAIM).name, "It says so.", "A. Reader", WHEN)
    kept = debate.decisions_as_turtle()
    other = roads(tmp_path)
    assert other.merge(kept.encode(), "links.ttl").new == 2
    assert other.judgements() == debate.judgements()
    assert relations(other) == relations(debate) != []
    assert other.decisions_as_turtle() == kept


def test_a_cut_acceptance_is_told_and_not_taken_in(debate: Library) -> None:
    debate.accept(put(debate).name, "It says so.", "A. Reader", WHEN)
    kept = debate.decisions_as_turtle()
    cut = "\n".join(line for line in kept.splitlines() if "oa:exact" not in line)
    assert cut != kept
    before = state(debate)
    with pytest.raises(DataError):
        debate.merge(cut.encode(), "links.ttl")
    assert state(debate) == before


# Whatever persons decide, in whatever order it is undone: the first state comes back.

READERS = st.sampled_from(["A. Reader", "a. reader", "B. Reader", "Ünal", "⟨?⟩"])
ACTS = st.tuples(
    st.integers(0, 8),
    READERS,
    st.text(min_size=1).filter(str.strip),
    st.sampled_from([WHEN, "2026-07-07"]),
)


def act(library: Library, which: int, who: str, why: str, when: str) -> str:
    """Decide something, one of nine things, and return the name of the decision."""
    base = f"thread/roads/v1/{{}}/{1 + which % 2}"
    entry, position = base.format("entry"), base.format("position")
    relation, claim = (
        next(each.name for each in library.proposals() if each.is_claim == kind)
        for kind in (False, True)
    )
    drawn = [each.node for each in library.review() if each.kind == "relation"]
    decide: list[Callable[[], Decision]] = [
        lambda: library.same(entry, "thread/roads/v1/entry/3", why, who, when),
        lambda: library.different(entry, "thread/roads/v1/entry/3", why, who, when),
        lambda: library.same(position, "thread/roads/v1/position/3", why, who, when),
        lambda: library.different(position, "thread/roads/v1/position/3", why, who, when),
        lambda: library.accept(relation, why, who, when),
        lambda: library.accept(relation, why, who, when, "replies-to"),
        lambda: library.refuse(relation, why, who, when),
        lambda: library.accept(claim, why, who, when),
        lambda: (
            library.judge(drawn[0], "none", why, who, when)
            if drawn
            else library.refuse(claim, why, who, when)
        ),
    ]
    return decide[which]().iri.value


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ACTS, min_size=1, max_size=7), st.randoms(use_true_random=False))
def test_undoing_everything_in_any_order_gives_the_first_state(
    tmp_path_factory: pytest.TempPathFactory,
    acts: list[tuple[int, str, str, str]],
    rng: random.Random,
) -> None:
    library = roads(tmp_path_factory.mktemp("undo"))
    put(library)
    put(library, CLAIM)
    first = state(library)
    for each in acts:
        act(library, *each)
    names = [each.iri.value for each in library.judgements()]
    assert names
    assert state(library) != first
    rng.shuffle(names)
    for name in names:
        library.undo(name)
    assert state(library) == first


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ACTS, max_size=4), ACTS)
def test_undoing_the_last_decision_gives_the_state_before_it(
    tmp_path_factory: pytest.TempPathFactory,
    acts: list[tuple[int, str, str, str]],
    last: tuple[int, str, str, str],
) -> None:
    library = roads(tmp_path_factory.mktemp("undo"))
    put(library)
    put(library, CLAIM)
    for each in acts:
        act(library, *each)
    before = state(library)
    known = {each.iri for each in library.judgements()}
    name = act(library, *last)
    if name in {iri.value for iri in known}:
        return
    library.undo(name)
    assert state(library) == before


# On a terminal


def answered(store: Path, *answers: str) -> str:
    """Run `review` on a terminal, type answers, and return what it showed."""
    import pty

    terminal, end = pty.openpty()
    command = [sys.executable, "-m", "sicetnon", "--store", str(store), "review", "--who", "A. R"]
    process = subprocess.Popen(command, stdin=end, stdout=end, stderr=end, close_fds=True)
    os.close(end)
    os.write(terminal, "".join(f"{answer}\n" for answer in answers).encode())
    shown = b""
    while True:
        try:
            piece = os.read(terminal, 4096)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(terminal)
    assert process.wait(60) == 0, shown.decode()
    return shown.decode()


def test_on_a_terminal_a_proposal_is_accepted_refused_or_given_its_true_stance(
    tmp_path: Path,
) -> None:
    store = tmp_path / "s"
    library = roads(tmp_path, str(store))
    drafts = (DENIAL, replace(DENIAL, source=FROST), CLAIM)
    names = [put(library, draft).iri.value for draft in drafts]
    order = [each.node for each in library.review() if each.node in names]
    assert len(order) == 3
    kinds = {names[0]: ("q", "partly"), names[1]: ("n", "not so"), names[2]: ("y", "it does")}
    typed = [word for node in order for word in kinds[node]]
    del library
    shown = answered(store, *typed, "x")
    assert f"{CARTS} — contradicts — {STONE} (proposed by assistant test)" in shown
    decided = Library(str(store)).judgements()
    made = {each.about: each for each in decided if isinstance(each, Verdict)}
    assert [(made[name].decision, made[name].why) for name in names] == [
        ("qualifies", "partly"),
        ("none", "not so"),
        ("claims", "it does"),
    ]
