"""The argument analysis: labels, balance, who stands how, and what would fall without a source."""

from __future__ import annotations

import importlib.util
import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sicetnon import rooms
from sicetnon.analysis import Argument, Edge, Node, Quote, analyse
from sicetnon.analysis.balance import Signed, balance
from sicetnon.analysis.choose import Choice, choose
from sicetnon.analysis.framework import defensible, grounded, preferred, turning
from sicetnon.analysis.page import Mark, Page, Source
from sicetnon.analysis.standing import analyse as analysed
from sicetnon.analysis.what_if import what_if
from sicetnon.errors import UsageError
from sicetnon.library import Library
from sicetnon.readings import layer_name, readings, sentence
from sicetnon.readings.counts import counted, figures
from sicetnon.readings.holders import affiliations, holders
from sicetnon.readings.opposites import reversed_in, statements
from sicetnon.store import connect
from test_cli import run

CASES = Path(__file__).parent / "cases" / "analysis"
GRAPHS = Path(__file__).parent.parent / "graphs"
Attacks = frozenset[tuple[str, str]]

unhurried = settings(deadline=None, derandomize=True, database=None)
clingo = pytest.mark.skipif(
    importlib.util.find_spec("clingo") is None, reason="clingo is not installed"
)


# Labellings


@st.composite
def frameworks(draw: st.DrawFn, most: int = 6) -> tuple[list[str], Attacks]:
    nodes = [chr(97 + at) for at in range(draw(st.integers(0, most)))]
    if not nodes:
        return nodes, frozenset()
    pairs = st.tuples(st.sampled_from(nodes), st.sampled_from(nodes))
    return nodes, draw(st.frozensets(pairs, max_size=14))


def subsets(nodes: list[str]) -> Iterator[frozenset[str]]:
    for size in range(len(nodes) + 1):
        yield from map(frozenset, itertools.combinations(nodes, size))


def admissible(found: frozenset[str], attacks: Attacks) -> bool:
    inner = any(a in found and b in found for a, b in attacks)
    open_ = [a for a, b in attacks if b in found and not any((c, a) in attacks for c in found)]
    return not inner and not open_


def complete(nodes: list[str], attacks: Attacks) -> list[frozenset[str]]:
    """Return the admissible sets that hold all that they defend, by Dung's definition."""

    def defended(node: str, by: frozenset[str]) -> bool:
        return all(any((c, a) in attacks for c in by) for a, b in attacks if b == node)

    return [
        found
        for found in subsets(nodes)
        if admissible(found, attacks) and found == {n for n in nodes if defended(n, found)}
    ]


@unhurried
@given(frameworks())
def test_grounded_labels_are_those_of_the_least_complete_set(
    framework: tuple[list[str], Attacks],
) -> None:
    nodes, attacks = framework
    least = min(complete(nodes, attacks), key=len)
    labels = grounded(nodes, attacks)
    assert {node for node in nodes if labels[node] == "in"} == least
    out = {b for a, b in attacks if a in least}
    assert {node for node in nodes if labels[node] == "out"} == out


@clingo
@unhurried
@given(frameworks())
def test_preferred_sets_are_the_largest_admissible_ones(
    framework: tuple[list[str], Attacks],
) -> None:
    nodes, attacks = framework
    all_ = [found for found in subsets(nodes) if admissible(found, attacks)]
    largest = [found for found in all_ if not any(found < other for other in all_)]
    assert preferred(nodes, attacks) == sorted(tuple(sorted(found)) for found in largest)
    assert defensible(nodes, attacks) == {node for found in largest for node in found}


@unhurried
@given(frameworks())
def test_turning_finds_every_single_attack_that_matters(
    framework: tuple[list[str], Attacks],
) -> None:
    nodes, attacks = framework
    labels = grounded(nodes, attacks)
    found = turning(nodes, sorted(attacks), labels)
    for attack in attacks:
        without = grounded(nodes, attacks - {attack})
        changed = {node: without[node] for node in nodes if without[node] != labels[node]}
        assert found.get(attack, {}) == changed


def test_a_long_chain_of_attacks_is_labelled_without_recursion() -> None:
    nodes = [f"{at:05}" for at in range(10_000)]
    labels = grounded(nodes, itertools.pairwise(nodes))
    assert labels["00000"] == labels["09998"] == "in"
    assert labels["00001"] == labels["09999"] == "out"


# Balance


@st.composite
def signed_graphs(draw: st.DrawFn) -> list[Signed]:
    node = st.sampled_from("abcde")
    edges = draw(st.lists(st.tuples(node, node, st.booleans()), max_size=9))
    return [Signed(f"e{at}", a, b, sign) for at, (a, b, sign) in enumerate(edges) if a != b]


def frustrated(edges: list[Signed]) -> int:
    """Return the fewest edges that disagree with a division into two camps, over all divisions."""
    nodes = sorted({end for edge in edges for end in (edge.one, edge.other)})
    counts = [0] if not nodes else []
    for sides in itertools.product([True, False], repeat=len(nodes)):
        camp = dict(zip(nodes, sides, strict=True))
        counts.append(sum((camp[e.one] == camp[e.other]) != e.positive for e in edges))
    return min(counts)


@unhurried
@given(signed_graphs())
def test_balance_is_the_least_over_all_divisions(edges: list[Signed]) -> None:
    found = balance(edges)
    assert found.exact
    assert found.fewest == frustrated(edges)
    for choice in found.choices:
        assert len(choice) == found.fewest
        assert frustrated([edge for edge in edges if edge.name not in choice]) == 0


def test_balance_says_when_it_gives_only_a_bound() -> None:
    nodes = range(9)
    edges = [Signed(f"{a}-{b}", str(a), str(b), False) for a, b in itertools.combinations(nodes, 2)]
    found = balance(edges, steps=50)
    assert not found.exact
    (choice,) = found.choices
    assert found.fewest <= frustrated(edges) <= len(choice)
    assert frustrated([edge for edge in edges if edge.name not in choice]) == 0


# Who stands how


def debate(*edges: tuple[str, str, str], held: dict[str, str] | None = None) -> Argument:
    ends = sorted({end for a, _, b in edges for end in (a, b)} | set(held or {}))
    holders = held or {}
    nodes = [
        Node(end, "claim" if end in holders else "perspective", end.upper(), (holders[end],))
        if end in holders
        else Node(end, "perspective", end.upper())
        for end in ends
    ]
    drawn = [Edge(f"{a}-{s}-{b}", a, b, s, "stated") for a, s, b in sorted(edges)]
    return Argument(tuple(nodes), tuple(drawn))


def test_an_answer_by_anybody_answers_a_challenge() -> None:
    found = analysed(debate(("a", "contradicts", "b"), ("c", "qualifies", "a")))
    assert found.unanswered == ()
    assert analysed(debate(("a", "contradicts", "b"))).unanswered == ("a-contradicts-b",)


def test_support_is_no_answer() -> None:
    found = analysed(debate(("a", "contradicts", "b"), ("c", "supports", "a")))
    assert found.unanswered == ("a-contradicts-b",)


def test_mutual_attacks_are_told_of_voices_behind_claims() -> None:
    held = {"a1": "a", "a2": "a", "b1": "b"}
    found = analysed(debate(("a1", "contradicts", "b1"), ("b1", "contradicts", "a2"), held=held))
    assert found.mutual == (("a", "b"),)


def test_a_claim_or_voice_in_no_relation_is_alone() -> None:
    nodes = (
        Node("c", "claim", "C", ("p",)),
        Node("lone", "claim", "L", ("q",)),
        Node("p", "perspective", "P"),
        Node("q", "perspective", "Q"),
        Node("r", "perspective", "R"),
    )
    found = analysed(Argument(nodes, (Edge("e", "c", "r", "supports"),)))
    assert found.alone == ("lone", "q")


def test_who_agrees_with_both_sides_is_a_bridge_and_a_candidate_for_error() -> None:
    edges = [("m", "supports", "a"), ("m", "supports", "b"), ("a", "contradicts", "b")]
    found = analysed(debate(*edges))
    assert [(each.voice, each.between) for each in found.bridges] == [("m", ("a", "b"))]
    assert found.balance.fewest == 1
    assert len(found.balance.choices) == 3


def test_who_alone_ties_others_to_the_debate_is_a_bridge() -> None:
    edges = [("a", "supports", "b"), ("b", "contradicts", "c"), ("c", "repliesTo", "d")]
    found = analysed(debate(*edges, ("d", "supports", "e"), ("c", "supports", "e")))
    assert ("b", ("a",)) in [(each.voice, each.between) for each in found.bridges]


def test_labels_tell_why() -> None:
    edges = [("a", "contradicts", "b"), ("b", "contradicts", "c"), ("d", "contradicts", "e")]
    found = analysed(debate(*edges, ("e", "contradicts", "d")))
    told = {each.node: each for each in found.standings}
    assert (told["a"].label, told["a"].because) == ("in", ())
    assert (told["b"].label, told["b"].because) == ("out", ("a",))
    assert (told["c"].because, told["c"].defended_by) == (("b",), ("a",))
    assert (told["d"].label, told["d"].because) == ("undecided", ("e",))


# What would fall


def grounds() -> tuple[Argument, Page]:
    quote = Quote("p/1", 0, 10, "Tails show", 3)
    nodes = (
        Node("c1", "claim", "Tails matter", ("feldman",), ("w1",), (quote,)),
        Node("c2", "claim", "Heads matter", ("poe",), (), (quote,)),
        Node("feldman", "perspective", "Vitaly Feldman (tails)"),
        Node("poe", "perspective", "Poe (heads)"),
    )
    edges = (
        Edge("r1", "c1", "c2", "contradicts", "stated", (quote,), ("w1",)),
        Edge("r2", "feldman", "poe", "contradicts", "stated", (quote,)),
    )
    text = "Tails show it. Heads do not. Neither do I."
    marks = tuple(
        Mark("p/1", 3, "Narrative", text, offset, number) for offset, number in ((14, 1), (28, 3))
    )
    sources = (
        Source(1, "On Tails", ("w1",), ("agent/feldman",)),
        Source(2, "[PDF] On Tails", ("w1",), ("agent/feldman",)),
        Source(3, "On Heads", ("w2",)),
        Source(4, "Unknown"),
    )
    names = {"w1": "On Tails", "w2": "On Heads", "agent/feldman": "V. Feldman"}
    people = {"feldman": ("agent/feldman",), "poe": ()}
    likely = {"feldman": ("w1",), "poe": ("w1", "w2")}
    return Argument(nodes, edges), Page(sources, marks, people, likely, names)


def test_a_work_stands_while_another_entry_of_it_does() -> None:
    argument, page = grounds()
    found = what_if(argument, page, choose(argument, page, ["[1]"]))
    assert (found.entries, found.works) == ((1,), ())
    assert [(kept.work, kept.entries) for kept in found.still] == [("w1", (2,))]
    assert [lost.node for lost in found.claims] == ["c2"]
    assert [(each.kind, each.words) for each in found.bare] == [("sentence", "Tails show it.")]


def test_without_every_entry_the_work_falls_and_what_rests_on_it() -> None:
    argument, page = grounds()
    found = what_if(argument, page, choose(argument, page, ["1", "2"]))
    assert found.works == ("w1",)
    assert {lost.node for lost in found.claims} == {"c1", "c2"}
    assert {lost.node for lost in found.relations} == {"r1", "r2"}
    assert [flip.after for flip in found.flips] == ["gone", "gone", "in"]
    assert [lost.why for lost in found.perspectives] == [
        "loses all of its likely works: On Tails",
        "loses 1 of 2 of its likely works: On Tails",
    ]


def test_a_passage_is_bare_only_when_all_its_marks_go() -> None:
    argument, page = grounds()
    found = what_if(argument, page, choose(argument, page, ["1", "3"]))
    assert [(each.kind, each.cited) for each in found.bare] == [("passage", (1, 3))]


@pytest.mark.parametrize("name", ["V. Feldman", "v. feldman", "agent/feldman"])
def test_without_an_agent_go_its_perspective_and_its_works(name: str) -> None:
    argument, page = grounds()
    chosen = choose(argument, page, [name])
    assert chosen.holders == {"agent/feldman", "feldman"}
    assert chosen.works == {"w1"}
    assert chosen.entries == {1, 2}


def test_without_a_person_it_is_said_which_sources_counted_and_which_may_be_theirs() -> None:
    library = Library(":memory:")
    list(library.ingest([rooms.room("examples")]))
    report = library.what_if(["LawrenceC"])
    assert report.found.counted == (50, 52)
    assert report.found.perhaps == (49, 51)
    told = report.text()
    assert "counted, by the authors that titles and sentences tell: [50][52]; others may" in told
    assert "[49][51]; to leave them out as well, add 49 51 to --without" in told
    assert library.what_if(["LawrenceC", "49", "51"]).found.perhaps == ()
    assert "Sources of the holders" not in library.what_if(["49"]).text()


@pytest.mark.parametrize("name", ["On Heads", "w2", "on heads"])
def test_a_work_is_found_by_title_or_iri(name: str) -> None:
    argument, page = grounds()
    assert choose(argument, page, [name]) == Choice(frozenset({3}), frozenset({"w2"}))


@pytest.mark.parametrize("name", ["9", "[0]", "nobody", "", "13]", "on", "٣", "1" * 30])
def test_an_unknown_or_doubtful_source_is_refused_with_what_there_is(name: str) -> None:
    argument, page = grounds()
    with pytest.raises(UsageError, match="expected"):
        choose(argument, page, [name])


def test_a_doubtful_name_is_answered_with_all_that_it_may_mean() -> None:
    argument, page = grounds()
    with pytest.raises(UsageError, match=r"On Heads .*; On Tails"):
        choose(argument, page, ["on"])


def test_a_name_of_a_person_and_a_position_names_both() -> None:
    argument, page = grounds()
    both = Page(
        page.sources,
        page.marks,
        page.people,
        page.likely,
        {**page.names, "agent/feldman": "Vitaly Feldman"},
    )
    assert choose(argument, both, ["Vitaly Feldman"]).holders == {"agent/feldman", "feldman"}


def test_marks_belong_to_the_sentence_that_they_close() -> None:
    text = "One thing. Another (of two). Zhang et al. show a third."
    assert [text[slice(*sentence(text, at))].strip() for at in (10, 27, 28, 55)] == [
        "One thing.",
        "Another (of two).",
        "Another (of two).",
        "Zhang et al. show a third.",
    ]


# From a store


def test_the_hand_kept_debate_is_analysed_from_its_graphs() -> None:
    found = analyse(connect(str(GRAPHS)), None, None)
    labels = {each.node.rpartition("/")[2]: each.label for each in found.found.standings}
    assert labels["tail-necessity"] == "out"
    assert labels["surrogates-rescue"] == "in"
    assert found.found.balance.exact
    assert "does not mean true" in found.text() or "not mean true" in found.caveat
    assert json.loads(found.json())["names"]


def test_the_library_tells_what_falls_without_a_work() -> None:
    work = "does learning require memorization? a short tale about a long tail"
    found = Library(str(GRAPHS)).what_if([work]).found
    assert {lost.node.rpartition("/")[2] for lost in found.claims} >= {
        "tail-necessity",
        "noise-storing",
    }
    assert found.works


@pytest.mark.parametrize("file", sorted(CASES.glob("*.trig")), ids=lambda file: file.stem)
def test_a_case_gives_the_recorded_report(file: Path) -> None:
    library = Library(str(file))
    first = file.read_text(encoding="utf-8").splitlines()[0].removeprefix("# without: ").split(", ")
    wanted = file.with_suffix(".txt").read_text(encoding="utf-8")
    assert library.analyse().text() + "\n" + library.what_if(first).text() == wanted


def test_there_are_cases() -> None:
    assert len(list(CASES.glob("*.trig"))) >= 2


def test_markdown_escapes_what_would_be_markup(tmp_path: Path) -> None:
    hostile = '"<b>*x*</b> | [y](z)"'
    text = (CASES / "two-camps.trig").read_text(encoding="utf-8").replace('"Roe (tails)"', hostile)
    (tmp_path / "case.trig").write_text(text, encoding="utf-8")
    told = Library(str(tmp_path / "case.trig")).analyse().markdown()
    assert r"\<b\>\*x\*\</b\> \| \[y\](z)" in told


# The command line


def test_analyse_and_what_if_answer_with_0_and_an_unknown_source_with_2() -> None:
    store = ("--store", str(GRAPHS))
    told = run(*store, "analyse", "--json")
    assert told.returncode == 0
    assert json.loads(told.stdout)["standings"]
    told = run(*store, "what-if", "--without", "21", "22", "--json")
    assert told.returncode == 0
    assert json.loads(told.stdout)["entries"] == [21, 22]
    told = run(*store, "what-if", "--without", "9999")
    assert told.returncode == 2
    assert b"1 to 55" in told.stderr
    assert run(*store, "what-if").returncode == 2


# Readings


def test_headings_give_the_names_of_holders() -> None:
    def names(heading: str) -> list[str]:
        return [name for *_, name in holders(heading)]

    assert names("Jamie Simon and Daniel Kunin (UC Berkeley / learning mechanics)") == [
        "Simon",
        "Kunin",
    ]
    assert names("Martin O'Donnell and Salim Yusuf (investigators)") == ["O'Donnell", "Yusuf"]
    assert names("Wu et al. ICML 2023 (regularization)") == ["Wu"]
    assert names("Epoch AI scaling outlook") == ["Epoch AI"]
    assert names("Open Science Collaboration") == ["Open Science Collaboration"]
    for topic in (
        "Mechanistic interpretability community",
        "'There Will Be a Theory' authors",
        "ICLR 2025 memorization researchers",
        "",
        " — ",
    ):
        assert names(topic) == []
    assert [name for *_, name in affiliations("Villalobos et al. (Epoch AI, stock)")] == [
        "Epoch AI"
    ]


def test_sentences_with_figures_are_read_and_years_are_not() -> None:
    text = "In 2019 it began. About 9 percent use it. See arxiv 2604.00011, version 2. It cost $5."
    assert [text[a:b] for a, b in figures(text)] == ["About 9 percent use it.", "It cost $5."]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("At least three distinct submissions appear.", 3),
        ("These are independent challenges.", 2),
        ("Two groups agree.", 2),
        ("Both of the authors left.", 0),
        ("It took three years.", 0),
        ("In three of the cities papers were read.", 0),
    ],
)
def test_sentences_that_count_voices_are_read(text: str, said: int) -> None:
    assert [number for *_, number in counted(text)] == ([said] if said else [])


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (
            "Training Data Pruning Improves Recall of Facts",
            "training data pruning may suppress recall",
            1,
        ),
        (
            "Training Data Pruning Improves Recall of Facts",
            "data pruning of training sets improves recall",
            0,
        ),
        (
            "Training Data Pruning Improves Recall of Facts",
            "training data pruning does not reduce recall",
            0,
        ),
        (
            "Training Data Pruning Improves Recall of Facts",
            "training data pruning does not improve recall",
            1,
        ),
        ("Memorization Hurts Generalization", "memorization helps generalization", 0),
        (
            "Training Data Pruning Improves Recall of Facts",
            "label noise in training suppresses recall",
            0,
        ),
        ("Salt Intake Raises Blood Pressure", "Salt intake lowers mortality in patients", 0),
    ],
)
def test_only_the_opposite_of_the_same_is_a_reversal(one: str, other: str, found: int) -> None:
    pairs = itertools.product(statements(one), statements(other))
    assert sum(reversed_in(a, b) for a, b in pairs) == found


@unhurried
@given(st.text(max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    for start, end, _ in [*holders(text), *affiliations(text), *counted(text)]:
        assert 0 <= start <= end <= len(text)
    list(figures(text))
    list(statements(text))


def test_readings_stand_in_a_graph_of_their_own_and_quote_their_passage(library: Library) -> None:
    from sicetnon import query
    from sicetnon.terms import OA

    version = query.graph_of(library.store, None).iri
    quads = readings(library.store.graph(version), version)
    assert quads
    assert {quad.graph_name for quad in quads} == {layer_name(version)}
    assert quads == readings(reversed(library.store.graph(version)), version)
    library.store.add(quads)
    text = f"""SELECT ?a ?b {{ ?r a sen:Reading ; sen:passage/sen:text ?t ; <{OA}exact> ?a ;
        <{OA}start> ?s ; <{OA}end> ?e BIND(SUBSTR(?t, ?s + 1, ?e - ?s) AS ?b) }}"""
    answer = library.sparql(text)
    assert not isinstance(answer, bool | list)
    assert answer.rows
    assert all(a == b for a, b in answer.rows)


# The audit, from a page to its findings

AUDIT = {
    "claim-secondary",
    "copies-counted",
    "event-before-its-source",
    "evolution-reversed",
    "figure-uncited",
    "figure-unlike-title",
    "perspectives-one-voice",
    "reply-before",
    "work-appears-again",
}


def test_the_seed_is_found_to_say_these_things_against_itself(seed: Path) -> None:
    found = Library(":memory:")
    assert [page.status for page in found.ingest([seed])] == ["stored"]
    told = {(each.rule, each.line) for each in found.check() if each.rule in AUDIT}
    assert told == {
        ("claim-secondary", 21),
        ("copies-counted", 52),
        ("work-appears-again", 53),
        ("perspectives-one-voice", 69),
        ("evolution-reversed", 91),
    }
    early = {each.line for each in found.check() if each.rule == "event-before-its-work"}
    assert early == {47, 48}


def test_the_example_pages_give_the_audit_no_cause(library: Library) -> None:
    assert [each for each in library.check() if each.rule in AUDIT] == []


def test_a_page_that_comes_in_is_read_with_its_other_layers(library: Library) -> None:
    from sicetnon import query

    version = query.graph_of(library.store, None).iri
    stored = set(library.store.graph(layer_name(version)))
    assert stored == {q.triple for q in readings(library.store.graph(version), version)}
