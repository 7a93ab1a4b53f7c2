"""Pictures of a debate: what stands in them, that it stays text, and that nothing moves."""

from __future__ import annotations

import json
import re
import xml.dom.minidom
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode, Store, Triple

from sicetnon import query
from sicetnon.errors import DataError
from sicetnon.view import draw
from sicetnon.view.curves import Box, crossings
from sicetnon.view.debate import Debate, Edge, Node, from_triples
from sicetnon.view.explorer import MOST_NODES, network
from sicetnon.view.facts import place, shown
from sicetnon.view.measure import width, wrap
from sicetnon.view.parts import STANCES, STATUSES

CASES = Path(__file__).parent / "cases" / "view"
ID = "https://w3id.org/sicetnon/id/"
TITLE = "The memorization debate"
THREADS = {"debate": "limits-of-deep-learning-theory", "hostile": "hostile"}
ATTACK = "</title></style><script>window.hacked=99</script><!--]]>\u2028\u202e\"'\\"


def constructed(case: str) -> tuple[list[Triple], str]:
    file = query.load("memorization-debate", "view")
    store = Store()
    store.load(path=str(CASES / f"{case}.ttl"), to_graph=NamedNode("urn:case"))
    tension = NamedNode(f"{ID}thread/{THREADS[case]}/tension/memorization")
    answer: Any = store.query(
        query.bind(file.text, {"tension": tension}), use_default_graph_as_union=True
    )
    return list(answer), file.text


@pytest.fixture(scope="module")
def triples() -> list[Triple]:
    return constructed("debate")[0]


@pytest.fixture(scope="module")
def debate(triples: list[Triple]) -> Debate:
    return from_triples(triples, TITLE)


@pytest.fixture(scope="module")
def page(triples: list[Triple]) -> str:
    return draw(triples, TITLE, constructed("debate")[1], "html")


@pytest.fixture(scope="module")
def svg(triples: list[Triple]) -> str:
    return draw(triples, TITLE, "", "svg")


class Elements(HTMLParser):
    """Every start tag of a page, as a parser of HTML sees it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def values(self, name: str) -> list[str]:
        return [value for _, attrs in self.tags if (value := attrs.get(name))]


def without(triples: list[Triple], subject: str, predicate: str) -> list[Triple]:
    left = [
        triple
        for triple in triples
        if not (
            str(triple.subject).endswith(f"{subject}>")
            and str(triple.predicate).endswith(f"{predicate}>")
        )
    ]
    assert len(left) < len(triples)
    return left


def test_the_query_fetches_the_whole_fixture(triples: list[Triple]) -> None:
    store = Store()
    store.load(path=str(CASES / "debate.ttl"))
    stored = {Triple(quad.subject, quad.predicate, quad.object) for quad in store}
    assert set(triples) == stored


def test_the_query_leaves_another_debate_out() -> None:
    file = query.load("memorization-debate", "view")
    store = Store()
    for case in THREADS:
        store.load(path=str(CASES / f"{case}.ttl"), to_graph=NamedNode(f"urn:{case}"))
    bound = query.bind(file.text, {"tension": NamedNode(file.params[0].default or "")})
    answer: Any = store.query(bound, use_default_graph_as_union=True)
    assert set(answer) == set(constructed("debate")[0])


def test_the_fixture_shows_every_stance_and_status(debate: Debate) -> None:
    assert {edge.kind for edge in debate.relations} == set(STANCES)
    assert {edge.status for edge in debate.relations} == set(STATUSES)
    assert len(debate.of("claim")) >= 20
    assert len(debate.relations) >= 25


@pytest.mark.parametrize("kind", ["html", "svg", "json"])
def test_the_same_triples_give_the_same_bytes(triples: list[Triple], kind: Any) -> None:
    assert draw(triples, TITLE, "q", kind) == draw(sorted(triples, key=str), TITLE, "q", kind)


def test_a_claim_counts_what_speaks_for_and_against_it(debate: Debate) -> None:
    assert debate.score("claim-tail-necessary") == "3 for, 2 against"
    assert debate.score("claim-dedup") == "0 for, 0 against"
    assert debate.score("answer-necessary") == "3 for, 0 against"


def test_a_relation_weighs_as_many_works_as_it_rests_on(debate: Debate) -> None:
    weights = {edge.id: edge.weight for edge in debate.relations}
    assert weights["relation-01"] == 2
    assert weights["relation-08"] == 0


def test_structure_ties_answers_holders_and_works(debate: Debate) -> None:
    kinds = {edge.kind for edge in debate.edges} - set(STANCES)
    assert kinds == {"answers", "holder", "restsOn", "citedFor"}
    ends = {edge.source for edge in debate.edges} | {edge.target for edge in debate.edges}
    assert ends == set(debate.by_id)


def test_works_carry_authors_year_and_a_link(debate: Debate) -> None:
    work = debate.by_id["work-long-tail"]
    assert work.people == ("Vitaly Feldman",)
    assert work.year == "2019"
    assert work.link == "https://arxiv.org/abs/1906.05271"


@pytest.mark.parametrize(
    ("subject", "predicate", "says"),
    [
        ("tension/memorization", "#type", "needs one tension"),
        ("claim/benign", "#label", "claim/benign: expected one label, found none"),
        ("claim/benign", "#text", "expected one text"),
        ("relation/01", "#stance", "relation/01: expected one stance"),
        ("relation/01", "#status", "expected one status"),
        ("relation/01", "#from", "expected one from"),
        ("quotation/1", "#exact", "quotation/1: expected one exact"),
        ("work/benign", "/title", "expected one title"),
        ("agent/feldman", "#label", "agent/feldman: expected one label"),
    ],
)
def test_a_missing_part_is_named(
    triples: list[Triple], subject: str, predicate: str, says: str
) -> None:
    with pytest.raises(DataError, match=re.escape(says)):
        from_triples(without(triples, subject, predicate), TITLE)


def test_an_unknown_stance_is_refused(triples: list[Triple]) -> None:
    relation = NamedNode(f"{ID}thread/limits-of-deep-learning-theory/relation/01")
    stance = NamedNode("https://w3id.org/sicetnon/ontology#stance")
    other = [
        *without(triples, "relation/01", "#stance"),
        Triple(relation, stance, NamedNode("x:y")),
    ]
    with pytest.raises(DataError, match="expected a stance out of supports"):
        from_triples(other, TITLE)


def test_a_relation_to_nothing_is_refused(triples: list[Triple]) -> None:
    with pytest.raises(DataError, match="expected a claim or an answer of this debate"):
        from_triples(without(triples, "claim/benign", "#type"), TITLE)


def test_an_empty_graph_is_refused() -> None:
    with pytest.raises(DataError, match="found none"):
        draw([], TITLE, "", "html")


def test_a_claim_that_reaches_no_answer_is_refused(triples: list[Triple]) -> None:
    lost = without(triples, "relation/16", "#type")
    lost = without(lost, "relation/06", "#type")
    with pytest.raises(DataError, match="no relation leads from"):
        draw(without(lost, "relation/19", "#type"), TITLE, "", "svg")


def test_the_explorer_has_a_cap() -> None:
    nodes = tuple(Node(f"claim-{n}", "", "claim", "x", "x") for n in range(MOST_NODES + 1))
    with pytest.raises(DataError, match="at most 1000 nodes, found 1001"):
        network(Debate("x", nodes, ()))


def test_every_edge_of_map_and_explorer_stands_in_query_and_text(
    triples: list[Triple], debate: Debate, page: str
) -> None:
    relations = {
        str(triple.subject)[1:-1]
        for triple in triples
        if str(triple.object) == "<https://w3id.org/sicetnon/ontology#Relation>"
    }
    assert {edge.iri for edge in debate.relations} == relations
    tags = Elements(page).tags
    ids = {edge.id for edge in debate.relations}
    in_map = {
        attrs["data-id"]
        for tag, attrs in tags
        if tag == "a" and "edge" in (attrs.get("class") or "").split()
    }
    in_text = {
        attrs["id"]
        for tag, attrs in tags
        if tag == "li" and "relation" in (attrs.get("class") or "").split()
    }
    assert in_map == ids
    assert in_text == ids
    edges = json.loads(network(debate))["edges"]
    assert {edge["id"] for edge in edges} == {edge.id for edge in debate.edges}


def test_every_node_has_an_entry_with_its_words(debate: Debate, page: str) -> None:
    entries = set(Elements(page).values("data-entry"))
    assert set(debate.by_id) <= entries
    for node in debate.nodes:
        assert node.text in page
        assert all(quote.words in page and quote.place in page for quote in node.quotes)
    assert "version 2, Tensions, block 2, characters 190–231" in page


def test_ids_are_unique_and_links_lead_somewhere(page: str) -> None:
    elements = Elements(page)
    ids = elements.values("id")
    assert len(ids) == len(set(ids))
    inner = {href[1:] for href in elements.values("href") if href.startswith("#")}
    assert inner <= set(ids)


def test_nothing_is_loaded_from_elsewhere(page: str) -> None:
    loads = {"src", "srcset", "action", "formaction", "poster", "data", "background", "style"}
    for tag, attrs in Elements(page).tags:
        assert not loads & set(attrs), (tag, attrs)
        assert tag not in {"iframe", "object", "embed", "base", "img"}
        if tag == "link":
            assert attrs["href"] == "data:,"
        if (attrs.get("href") or "").startswith("http"):
            assert tag == "a"
            assert attrs["rel"] == "noreferrer noopener"
    policy = next(value for value in Elements(page).values("content") if "default-src" in value)
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "@import" not in page


def test_budgets(page: str, svg: str) -> None:
    assert len(svg.encode()) <= 60_000
    assert len(page.encode()) <= 800_000


def test_the_map_is_legible(debate: Debate) -> None:
    from sicetnon.view import argument_map, layout

    drawn = {node.id: argument_map._drawn(debate, node) for node in debate.nodes[:27]}
    sizes = {name: (198.0, one.height) for name, one in drawn.items()}
    placed = layout.place(debate, sizes)
    boxes = list(placed.boxes.values())
    assert not any(a.meets(b, 8) for i, a in enumerate(boxes) for b in boxes[:i])
    assert placed.crossings <= 14
    lines = argument_map._lines(debate, placed)
    signs = [line.seat for line in lines]
    assert not any(a.meets(b) for i, a in enumerate(signs) for b in signs[:i])
    assert not any(sign.meets(box) for sign in signs for box in boxes)
    for edge in debate.relations:
        ends = {edge.source, edge.target}
        walls = [box for name, box in placed.boxes.items() if name not in ends]
        assert not any(wall.holds(point) for wall in walls for point in placed.lines[edge.id])


def test_answers_share_a_column_and_lines_run_to_the_question(debate: Debate, svg: str) -> None:
    places = {
        found[1]: float(found[2])
        for found in re.finditer(
            r'data-id="((?:answer|claim)-[^"]+)">.*?<rect[^>]* x="([\d.]+)"', svg
        )
    }
    columns = {places[answer.id] for answer in debate.of("answer")}
    assert len(columns) == 1
    assert min(places[claim.id] for claim in debate.of("claim")) > columns.pop()


def test_lines_both_ways_are_kept_apart() -> None:
    nodes = (
        Node("tension-t", "", "tension", "T", "t"),
        Node("answer-a", "", "answer", "A", "a"),
        Node("claim-1", "", "claim", "One", "one"),
        Node("claim-2", "", "claim", "Two", "two"),
    )
    edges = (
        Edge("answers-a", "", "answers", "answer-a", "tension-t"),
        Edge("relation-0", "", "supports", "claim-1", "answer-a", "stated"),
        Edge("relation-1", "", "contradicts", "claim-1", "claim-2", "stated"),
        Edge("relation-2", "", "contradicts", "claim-2", "claim-1", "stated"),
    )
    from sicetnon.view.layout import place as lay

    debate = Debate("x", nodes, edges)
    placed = lay(debate, {node.id: (198.0, 80.0) for node in nodes})
    one, two = (placed.lines[f"relation-{n}"] for n in (1, 2))
    middle = zip(one[2:-2], reversed(two[2:-2]), strict=True)
    assert all(abs(a[0] - b[0]) + abs(a[1] - b[1]) > 6 for a, b in middle)


def test_no_explorer_line_with_a_sign_is_level(debate: Debate) -> None:
    data = json.loads(network(debate))
    heights = {node["id"]: node["y"] for node in data["nodes"]}
    assert all(heights[edge["from"]] != heights[edge["to"]] for edge in data["edges"])
    assert data["options"]["physics"] == {"enabled": False}
    assert all("title" not in thing for thing in data["nodes"] + data["edges"])


def test_json_is_sorted_and_whole(triples: list[Triple], debate: Debate) -> None:
    data = json.loads(draw(triples, TITLE, "", "json"))
    assert [node["id"] for node in data["nodes"]] == [node.id for node in debate.nodes]
    assert [edge["id"] for edge in data["edges"]] == sorted(edge.id for edge in debate.edges)


def test_hostile_words_stay_text(page: str) -> None:
    usual = {tag for tag, _ in Elements(page).tags}
    triples, text = constructed("hostile")
    page = draw(triples, ATTACK, f"{text}\n# {ATTACK}", "html")
    tags = Elements(page).tags
    assert {tag for tag, _ in tags} <= usual
    assert [tag for tag, _ in tags].count("script") == 4
    assert not [name for _, attrs in tags for name in attrs if name.startswith("on")]
    hrefs = [href for href in Elements(page).values("href") if not href.startswith("#")]
    assert all(href == "data:," or href.startswith("https://doi.org/10.1234/") for href in hrefs)
    assert not re.search("[\u2028\u2029\u202a-\u202e\u2066-\u2069\x00-\x08]", page)


def test_hostile_words_keep_the_svg_well_formed() -> None:
    triples, _ = constructed("hostile")
    drawn = xml.dom.minidom.parseString(draw(triples, ATTACK, "", "svg").encode())
    assert not drawn.getElementsByTagName("script")
    assert not drawn.getElementsByTagName("a")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("two\nlines\u2028and\u2029more", "two lines and more"),
        ("a\u202eb", "a\ufffdb"),
        ("bell\x07", "bell\ufffd"),
        ("שלום <b> \\", "שלום <b> \\"),
    ],
)
def test_what_no_reader_could_see_is_marked(text: str, line: str) -> None:
    assert shown(text) == line


def test_a_place_reads_as_words() -> None:
    passage = f"{ID}thread/t/v2/timeline/7"
    assert place(passage, "3", "9") == "version 2, Timeline, block 7, characters 3–9"
    assert place(passage, "", "") == "version 2, Timeline, block 7"
    assert place(f"{ID}thread/t/note", "", "") == "thread/t/note"


def test_wrapping_keeps_the_words_and_the_room() -> None:
    lines = wrap("Memorizing rare examples is needed on long-tailed data", 13, 174, 4)
    assert " ".join(lines) == "Memorizing rare examples is needed on long-tailed data"
    assert all(width(line, 13) <= 174 for line in lines)
    cut = wrap("x" * 400, 13, 174, 3)
    assert len(cut) == 3
    assert cut[-1].endswith("…")


def test_crossings_are_counted() -> None:
    down, up = [(0.0, 0.0), (10.0, 10.0)], [(0.0, 10.0), (10.0, 0.0)]
    assert crossings([down, up]) == 1
    assert crossings([down, [(1.0, 0.0), (11.0, 10.0)]]) == 0
    assert Box(0, 0, 4, 4).holds((1, 1))
