"""Relations and claims drawn from words: cases, hostile input, the interface's promises."""

from __future__ import annotations

import cProfile
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from relation_gold import Gold, works_of
from relation_scores import Score, edges
from relations import ours
from sicetnon import ingest
from sicetnon.model import (
    Event,
    Page,
    Passage,
    Pointer,
    Position,
    Precision,
    Section,
    SectionKind,
    Tension,
)
from sicetnon.relations import End, Quote, Reading, Work, read
from sicetnon.relations.confidence import confidence, is_drawn
from sicetnon.relations.cues import FRAMES, cues, load, verb_forms
from sicetnon.relations.places import places
from sicetnon.relations.words import sentences, tokens

CASES = Path(__file__).parent / "cases" / "relations"
STANCES = {"supports", "contradicts", "refines", "qualifies", "replies-to"}
HEADINGS = (
    "Ada Lind (tidal theory)",
    "Bo Moro and Cy Vance (thermal account)",
    "Pia Soto et al. (null result)",
)
WORKS = (Work("w1", "Warm Currents Reconsidered", "paper", (), (1,)),)


def _cases() -> list[Any]:
    return [
        pytest.param(case, id=f"{path.stem}: {case['name']}")
        for path in sorted(CASES.glob("*.toml"))
        for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
    ]


def _position(heading: str, statement: Passage, evolution: Passage | None) -> Position:
    return Position(Passage(heading), (statement,), evolution)


def page(
    text: str, where: str = "narrative", cites: tuple[int, ...] = (), at: int | None = None
) -> Page:
    """Return a page whose perspectives are HEADINGS and that says `text` in one place."""
    pointers = tuple(Pointer(len(text) if at is None else at, number) for number in cites)
    said, quiet = Passage(text, pointers), Passage("The sea is wide.")
    first = {
        "statement": _position(HEADINGS[0], said, None),
        "evolution": _position(HEADINGS[0], quiet, said),
    }.get(where, _position(HEADINGS[0], quiet, None))
    positions = (first, *(_position(heading, quiet, None) for heading in HEADINGS[1:]))
    sections = [Section(SectionKind.PERSPECTIVES, "Perspectives", positions)]
    if where == "timeline":
        event = Event("2020-01-01", Precision.YEAR, said)
        sections.append(Section(SectionKind.TIMELINE, "Timeline", (event,)))
    elif where == "tension":
        sections.append(Section(SectionKind.TENSIONS, "Tensions", (Tension(said),)))
    elif where == "narrative":
        sections.append(Section(SectionKind.PROSE, "Narrative", (said,)))
    return Page("history", "tides", "1", "Tides", tuple(sections))


def _short(end: End) -> str:
    known = {"0": "Lind", "1": "Moro", "2": "Soto"}
    return known[end.ref] if end.kind == "perspective" else end.name


def _said(found: Any) -> set[str]:
    return {f"{_short(one.source)} {one.stance} {_short(one.target)}" for one in found}


@pytest.mark.parametrize("case", _cases())
def test_case(case: dict[str, Any]) -> None:
    at = (
        case["text"].index(case["cite_after"]) + len(case["cite_after"])
        if "cite_after" in case
        else None
    )
    where = case.get("where", "narrative")
    found = read(page(case["text"], where, tuple(case.get("cites", ())), at), WORKS)
    assert _said(found.relations) == set(case.get("edges", ()))
    assert set(case.get("absences", ())) <= _said(found.absences)
    assert set(case.get("questions", ())) <= _said(found.questions)


def test_the_paper_of_a_line_is_the_last_one_told_of() -> None:
    whole = page("Hale et al. publish a paper on seals.", "timeline")
    (event,) = whole.sections[-1].blocks
    assert isinstance(event, Event)
    lines = (
        event,
        replace(event, passage=Passage("Moro and Vance post 'Warm Water Moves the Sea'.")),
        replace(event, passage=Passage("Lind reviews the paper and disputes its main promise.")),
    )
    for told, whom in ((lines, "Moro"), (lines[::2], "Hale et al.")):
        timeline = replace(whole.sections[-1], blocks=told)
        found = read(replace(whole, sections=(*whole.sections[:-1], timeline)), WORKS)
        assert _said(found.relations) == {f"Lind contradicts {whom}", f"Lind replies-to {whom}"}


def test_a_kind_of_text_denotes_the_one_work_whose_title_says_so() -> None:
    survey = Work("w2", "Still Water: A Survey of Harbours", "paper", (), (2,))
    text = page("Hale et al. reject the survey.")
    assert _said(read(text, (*WORKS, survey)).relations) == {
        "Hale et al. contradicts Still Water: A Survey of Harbours"
    }
    other = Work("w3", "Survey of Moons", "paper", (), (3,))
    assert not read(text, (*WORKS, survey, other)).relations


def test_what_is_said_in_a_text_that_answers_somebody_is_said_to_them() -> None:
    reply = Work("w2", "Comment on Moro and Vance: too warm", "comment", (), (2,))
    text = "Lind posts a short note, disputing that the lag is thermal."
    assert _said(read(page(text, "timeline", (2,)), (*WORKS, reply)).relations) == {
        "Lind contradicts Moro",
        "Lind replies-to Moro",
    }
    assert not read(page(text, "timeline", (1,)), (*WORKS, reply)).relations
    assert not read(page(text, "timeline", (1, 2)), (*WORKS, reply)).relations
    essay = Work("w3", "Review: a case for Moro and Vance", "review", (), (3,))
    assert not read(page(text, "timeline", (3,)), (*WORKS, essay)).relations


@pytest.mark.parametrize(
    ("text", "where", "holders"),
    [
        ("Lind claims that rents rise.", "narrative", ["Lind"]),
        ("Lind does not claim that rents rise.", "narrative", []),
        ("Lind never argues that rents rise.", "narrative", []),
        ("Lind does not only claim that rents rise.", "narrative", ["Lind"]),
        ("Lind does not say that rents rise but argues that wages fall.", "narrative", ["Lind"]),
        ("Lind finds nothing of it. They do not claim that rents rise.", "narrative", ["Lind"]),
        ("Rents rise. They do not claim that wages fall.", "statement", ["Lind"]),
        ("Lind does not claim that wages fall.", "statement", []),
        ("The data do not suggest that wages fall.", "statement", ["Lind"]),
        ("They do not claim that rents rise, but hold that wages fall.", "statement", ["Lind"]),
        (
            "Lind reports a lag. Taken together, these findings suggest that tides differ.",
            "narrative",
            ["Lind"],
        ),
        ("Lind reports a lag. These results suggest that tides differ.", "narrative", ["Lind"]),
        ("Lind reports a lag. Overall, they suggest that tides differ.", "narrative", ["Lind"]),
        ("Lind reports a lag. They suggest that tides differ.", "narrative", ["Lind", "Lind"]),
        ("Taken together, Lind argues, the lags are real.", "narrative", ["Lind"]),
    ],
)
def test_who_holds_a_claim(text: str, where: str, holders: list[str]) -> None:
    place = {"narrative": "", "statement": "statement/1"}[where]
    found = read(page(text, where), WORKS).claims
    told = [one for one in found if one.quote.part == place and "sea is wide" not in one.text]
    assert [_short(one.holder) for one in told if one.holder] == holders


def test_the_cases_cannot_shrink_unseen() -> None:
    assert len(_cases()) >= 75


HOSTILE = {
    "one sentence": "Lind disputes Moro and Vance and " * 3000,
    "five thousand names": " ".join(f"N{n:05} disputes N{n + 1:05}." for n in range(5000)),
    "quotes": "'a' " * 25_000,
    "open quotes": "'" * 100_000,
    "brackets": "((((\"'" * 16_000,
    "initials": "A. " * 33_000,
    "hyphens": "a-" * 50_000,
    "negations": "not contradict Lind " * 5_000,
    "right to left": "مرحبا Lind يرفض. " * 6_000,
    "lone surrogates": "Lind \ud800 disputes Moro and Vance. \udfff " * 200,
    "praise without end": "accepts Lind, disputing " * 3_000,
    "emoji": "😀 Lind disputes 😀 Moro and Vance. " * 3_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_read_to_its_end(text: str) -> None:
    found = read(page(text), WORKS)
    assert all(one.source != one.target for one in found.relations)
    assert all(text[q.start : q.end] == q.text for q in _quotes(found) if q.section == 1)


@pytest.mark.parametrize("text", ["'a' ", "'", "((((\"'", "not contradict Lind ", "accepts Lind "])
def test_work_grows_with_the_text_and_no_faster(text: str) -> None:
    counts = []
    for size in (2_000, 8_000):
        profile = cProfile.Profile()
        profile.runcall(read, page(text * (size // len(text))), WORKS)
        counts.append(sum(entry.callcount for entry in profile.getstats()))
    assert counts[1] < 8 * counts[0]


def test_an_empty_page_says_nothing() -> None:
    empty = Page("history", "tides", "1", "Tides", ())
    assert read(empty, ()) == Reading((), (), (), (), ())


def _quotes(reading: Reading) -> list[Quote]:
    listed = (reading.claims, reading.relations, reading.absences, reading.questions)
    quotes = [one.quote for found in listed for one in found]
    return quotes + [mention.quote for mention in reading.mentions]


@pytest.mark.parametrize("path", sorted(CASES.glob("*.txt")), ids=lambda path: path.stem)
def test_a_quotation_is_the_exact_slice_of_its_passage(path: Path) -> None:
    found = ingest.read(path.read_bytes(), path.name)
    texts = {(p.section, p.block, p.part): p.passage.text for p in places(found)}
    reading = read(found, ())
    assert len(reading.relations) > 5
    assert {relation.stance for relation in reading.relations} <= STANCES
    for quote in _quotes(reading):
        assert texts[quote.section, quote.block, quote.part][quote.start : quote.end] == quote.text
    assert read(found, ()) == reading


def test_on_the_shipped_pages_few_relations_are_wrong() -> None:
    total = Score()
    for path in sorted(CASES.glob("*.gold.json")):
        gold = Gold(path)
        total += edges(gold, ours(gold, works_of(gold.page)))[0]
    precision, recall, _ = total.figures
    assert precision >= 0.80
    assert recall >= 0.28


def test_a_claim_carries_its_holder_and_its_entries() -> None:
    found = read(page("Hale et al. report a lag of two hours.", "timeline", (4, 9)), ())
    assert [(claim.holder, claim.entries) for claim in found.claims if claim.entries] == [
        (End("agent", "Hale et al.", "hale-et-al"), (4, 9))
    ]


def test_a_statement_is_a_claim_of_its_holder() -> None:
    found = read(page("The lag follows the moon.", "statement"), ())
    assert ("The lag follows the moon.", "0") in {
        (claim.text, claim.holder.ref) for claim in found.claims if claim.holder
    }


def test_a_tension_mentions_whom_it_names() -> None:
    found = read(page("Lind and Soto et al. differ on the lag.", "tension"), ())
    assert [(_short(one.end), one.quote.text) for one in found.mentions] == [
        ("Lind", "Lind"),
        ("Soto", "Soto et al"),
    ]


def test_stated_is_what_the_sentence_names_outright() -> None:
    named = read(page("Hale et al. contradict Lind."), ()).relations
    taken_up = read(page("Hale et al. met. They contradict Lind."), ()).relations
    assert [relation.status for relation in (*named, *taken_up)] == ["stated", "inferred"]
    (one,), (other,) = named, taken_up
    assert one.method == other.method
    assert 0 < other.confidence < one.confidence < 1


def test_a_confidence_counts_blind_runs_only() -> None:
    measured = load("measured.toml")
    blind, status = measured["blind"], measured["blind-status"]
    for column in (0, 1):
        assert sum(row[column] for row in blind.values()) == sum(
            row[column] for row in status.values()
        )
    for name, (right, drawn) in status.items():
        assert confidence("supports/never-met", name) == round(right / drawn, 2)
        for method, (its_right, its_drawn) in blind.items():
            expected = (its_right + 4 * right / drawn) / (its_drawn + 4)
            assert confidence(method, name) == round(expected, 2)


def test_what_is_drawn_is_decided_by_the_development_pages() -> None:
    assert not is_drawn("supports/used")
    assert is_drawn("supports/never-met")
    assert is_drawn("refines/refine")
    assert confidence("refines/refine", "inferred") < 0.5


def test_every_cue_has_a_known_frame_and_stance() -> None:
    forms = [form for listed in cues().values() for form in listed]
    assert {form.cue.frame for form in forms} == set(FRAMES)
    assert {form.cue.stance for form in forms} == STANCES


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("deny", {"deny", "denies", "denied", "denying"}),
        ("rebut", {"rebut", "rebuts", "rebutted", "rebutting"}),
        ("agree", {"agree", "agrees", "agreed", "agreeing"}),
        ("undercut", {"undercut", "undercuts", "undercutting"}),
        ("clash", {"clash", "clashes", "clashed", "clashing"}),
    ],
)
def test_verb_forms(base: str, expected: set[str]) -> None:
    assert set(verb_forms(base)) == expected


def test_sentences_keep_abbreviations_and_quotes_whole() -> None:
    text = "Wu et al. differ from Lee vs. Roe. 'Is it so?' they ask.  \n Yes."
    assert [text[a:b] for a, b in sentences(text)] == [
        "Wu et al. differ from Lee vs. Roe.",
        "'Is it so?' they ask.",
        "Yes.",
    ]


def test_a_hyphen_ties_and_a_dash_parts() -> None:
    assert [token.low for token in tokens("long-tail — X's")] == ["long", "tail", "—", "x", "'s"]
