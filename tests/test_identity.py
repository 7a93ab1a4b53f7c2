"""Which entries are one work: cases by hand, and laws that hold for any titles."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sicetnon.errors import UsageError
from sicetnon.identity import Candidate, Clustering, Judgement, Kind, cluster, judge, read_title

CASES = Path(__file__).parent / "cases" / "identity"
PAGES = sorted(CASES.glob("pages/*.txt"))
PAIRS = sorted(CASES.glob("pairs/*.tsv"))


def blocks(path: Path) -> Iterator[list[tuple[str, str | None]]]:
    """Yield the works of a case: the titles and origins of each."""
    for block in path.read_text(encoding="utf-8").strip().split("\n\n"):
        lines = [line.partition("\t") for line in block.split("\n") if line[:1] != "#"]
        yield [(title, origin or None) for title, _, origin in lines]


def rows() -> list[tuple[str, str, str]]:
    """Return decision, left and right title of every pair by hand."""
    found = []
    for path in PAIRS:
        lines = path.read_text(encoding="utf-8").splitlines()[1:]
        found += [(d, left, right) for d, left, right in (line.split("\t") for line in lines)]
    return found


def listed() -> list[Candidate]:
    """Return all entries of all pages of cases."""
    entries = [entry for path in PAGES for block in blocks(path) for entry in block]
    return [Candidate(f"e{n:03}", *entry) for n, entry in enumerate(entries)]


def person(left: str, right: str, *, same: bool) -> Judgement:
    """Return what a person decided of two entries."""
    return Judgement(left, right, "same" if same else "different", 1.0, "person", "looked it up")


def group_of(found: Clustering, name: str) -> tuple[str, ...]:
    return next(group for group in found.groups if name in group)


def test_cases_are_not_fewer_than_they_were() -> None:
    assert len(PAGES) >= 5
    assert len(rows()) >= 55


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_page_has_the_works_that_a_person_sees(path: Path) -> None:
    works = list(blocks(path))
    names = {f"e{n:03}": entry for n, entry in enumerate(e for block in works for e in block)}
    found = cluster([Candidate(name, *entry) for name, entry in names.items()])
    assert sorted(sorted(names[n] for n in group) for group in found.groups) == sorted(
        sorted(block) for block in works
    )


@pytest.mark.parametrize(("decision", "left", "right"), rows())
def test_pair_is_judged_as_a_person_does(decision: str, left: str, right: str) -> None:
    one, other = read_title(left), read_title(right)
    for found in (judge(one, other), judge(other, one)):
        assert (found.decision if found else "none") == decision, found


def test_certain_rows_of_the_seed(seed: Path) -> None:
    gold = seed.parent.parent / "gold" / "works.tsv"
    if not gold.is_file():
        pytest.skip("no gold beside the seed")
    with gold.open(encoding="utf-8", newline="") as file:
        certain = [r for r in csv.DictReader(file, delimiter="\t") if r["certainty"] == "certain"]
    found = cluster([Candidate(row["source"], row["title"], None) for row in certain])
    work = {row["source"]: row["work"] for row in certain}
    mixed = [group for group in found.groups if len({work[name] for name in group}) > 1]
    assert mixed == []
    assert len(found.groups) <= len(set(work.values())) + 1


TITLES = listed()


@settings(max_examples=30, deadline=None)
@given(st.randoms(use_true_random=False))
def test_order_of_entries_does_not_matter(rng: random.Random) -> None:
    shuffled = list(TITLES)
    rng.shuffle(shuffled)
    assert cluster(shuffled) == cluster(TITLES)


PIECES = "scaling laws for deep the other a part ii i model : ... - review"
WORDS = st.sampled_from(PIECES.split())
LOOSE = st.lists(WORDS, min_size=1, max_size=9).map(" ".join) | st.text(max_size=40)


@settings(max_examples=150, deadline=None)
@given(st.lists(LOOSE, max_size=12), st.randoms(use_true_random=False))
def test_any_titles_are_partitioned_whatever_their_order(
    texts: list[str], rng: random.Random
) -> None:
    entries = [Candidate(f"e{n:02}", text, None) for n, text in enumerate(texts)]
    found = cluster(entries)
    assert sorted(n for group in found.groups for n in group) == [e.id for e in entries]
    rng.shuffle(entries)
    assert cluster(entries) == found


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 5), st.sampled_from(["zymurgy", "Ossian's quay", "[PDF] qwertz"]))
def test_an_unrelated_entry_changes_no_other_group(number: int, word: str) -> None:
    before = cluster(TITLES)
    extra = Candidate(f"d{number}", f"{word} of nine vexed jackdaws {number}{number}", None)
    after = cluster([*TITLES, extra])
    assert set(after.groups) == set(before.groups) | {(extra.id,)}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_person_overrules_and_can_take_it_back(data: st.DataObject) -> None:
    before = cluster(TITLES)
    names = st.sampled_from([entry.id for entry in TITLES])
    left, right = data.draw(st.tuples(names, names).filter(lambda two: two[0] != two[1]))
    same = data.draw(st.booleans())
    decided = person(left, right, same=same)
    after = cluster(TITLES, [decided])
    assert (right in group_of(after, left)) == same
    kept = [one for one in after.judgements if {one.left, one.right} == {left, right}]
    assert [one.rule for one in kept] == ["person"]
    assert cluster(TITLES, []) == before


def test_a_person_splits_a_chain() -> None:
    title = "Thermal Limits of Coral Larvae"
    texts = [title, f"{title} | PLOS ONE", f"[PDF] {title}", title, title]
    entries = [Candidate(name, text, None) for name, text in zip("abcde", texts, strict=True)]
    assert cluster(entries).groups == (("a", "b", "c", "d", "e"),)
    for left, right in ("ab", "ac", "ad", "de"):
        found = cluster(entries, [person(left, right, same=False)])
        assert len(found.groups) == 2
        assert right not in group_of(found, left)
    alone = cluster(entries, [person("a", other, same=False) for other in "bcde"])
    assert alone.groups == (("a",), ("b", "c", "d", "e"))


def test_a_person_joins_what_the_rules_hold_apart() -> None:
    entries = [
        Candidate("a", "Thermal Limits of Coral Larvae | PLOS ONE", None),
        Candidate("b", "Thermal Limits of Coral Larvae - YouTube", None),
        Candidate("c", "[PDF] Thermal Limits of Coral Larvae - ResearchGate", None),
        Candidate("d", "Corals", None),
    ]
    assert cluster(entries).groups == (("a", "c"), ("b",), ("d",))
    joined = cluster(entries, [person("b", "a", same=True), person("d", "b", same=True)])
    assert joined.groups == (("a", "b", "c", "d"),)
    split = [person("b", "a", same=True), person("a", "d", same=False)]
    assert cluster(entries, split).groups == (("a", "b", "c"), ("d",))


def test_contradictions_and_double_ids_are_refused() -> None:
    entries = [Candidate("a", "One", None), Candidate("b", "Two", None)]
    with pytest.raises(UsageError, match="a and b"):
        cluster(entries, [person("a", "b", same=True), person("b", "a", same=False)])
    with pytest.raises(UsageError, match="twice"):
        cluster([*entries, Candidate("a", "Three", None)])
    waiting = person("a", "not here", same=True)
    assert cluster(entries, [waiting]) == cluster(entries)


def test_a_cut_title_that_fits_two_works_joins_neither() -> None:
    texts = ["Thermal Limits of Coral Larvae", "Thermal Limits of Coral Reefs"]
    entries = [
        Candidate(str(n), t, None) for n, t in enumerate([*texts, "Thermal Limits of Co..."])
    ]
    found = cluster(entries)
    assert found.groups == (("0",), ("1",), ("2",))
    doubts = [one for one in found.judgements if "2" in (one.left, one.right)]
    assert {one.decision for one in doubts} == {"doubtful"}
    assert cluster(entries[1:]).groups == (("1", "2"),)


def test_authors_and_years_turn_equal_short_titles_into_a_question() -> None:
    one = Candidate("a", "Stability and Generalization", None, ("Ada Rowe",), 2002)
    for other in (
        Candidate("b", "Stability and Generalization", None, ("Finn Marsh",), 2002),
        Candidate("b", "Stability and Generalization", None, (), 2019),
    ):
        found = cluster([one, other])
        assert len(found.groups) == 2
        assert found.judgements[0].decision == "doubtful"
    handle = Candidate("b", "Stability and Generalization", None, ("AdaR",), 2003)
    assert len(cluster([one, handle]).groups) == 1


@pytest.mark.parametrize(
    ("text", "origin", "kind", "core"),
    [
        ("", None, Kind.UNKNOWN, ""),
        ("🔥🔥", None, Kind.UNKNOWN, ""),
        ("[PDF]", None, Kind.UNKNOWN, ""),
        ("...", None, Kind.UNKNOWN, ""),
        ("[2301.01234v2]", None, Kind.PAPER, ""),
        ("arXiv", None, Kind.UNKNOWN, "arxiv"),
        ("NeurIPS 2023 Poster Coral Larvae", None, Kind.POSTER, "corallarvae"),
        ("Coral Larvae | alphaXiv", None, Kind.INDEX, "corallarvae"),
        ("Coral Larvae", "YouTube", Kind.VIDEO, "corallarvae"),
        ("Coral Larvae", "reactive:some-thread", Kind.UNKNOWN, "corallarvae"),
        ("Coral Larvae | The Reef Hour Podcast", None, Kind.PODCAST, "corallarvae"),
        ("[R] Coral Larvae : r/science", None, Kind.DISCUSSION, "corallarvae"),
        ("Coral Larvae - Wikipedia", None, Kind.REFERENCE, "corallarvae"),
        ("Coral Larvae – Gist", "GitHub", Kind.POST, "corallarvae"),
    ],
)
def test_awkward_titles(text: str, origin: str | None, kind: Kind, core: str) -> None:
    found = read_title(text, origin)
    assert (found.kind, found.core, found.text) == (kind, core, text)
    assert cluster([Candidate("a", text, origin), Candidate("b", "Something else", None)]).groups


@pytest.mark.parametrize(
    "piece", ["a", "- ", "[(", ". ", "| ", "X-", "by A ", "et al. ", "Aa, A. "]
)
def test_a_very_long_title_is_read(piece: str) -> None:
    text = (piece * 10_000)[:10_000]
    entries = [Candidate(name, text, None) for name in "ab"]
    assert len(cluster(entries).groups) == 1 + (not read_title(text).core)


def test_identifiers_are_read_where_they_stand() -> None:
    found = read_title("Coral Larvae, arXiv:2301.01234v3 [q-bio.PE], doi:10.1000/XYZ.12")
    assert (found.arxiv, found.doi, found.core) == ("2301.01234", "10.1000/xyz.12", "corallarvae")
    assert read_title("https://doi.org/10.48550/arXiv.2301.01234").arxiv == "2301.01234"
    assert read_title("[hep-th/9901001] Coral Strings").arxiv == "hep-th/9901001"
    assert read_title("Coral Larvae: A Study of Nine Reefs").subtitle_cut == "corallarvae"
    assert read_title("Coral Larvae (Rowe et al., 2019)").authors == ("Rowe",)


def test_a_cut_title_whose_whole_is_known_joins_no_other() -> None:
    texts = [
        "[2301.01234] Thermal Limits of Coral: A Re...",
        "[2301.01234] Thermal Limits of Coral: A Reassessment of Nine Reefs",
        "Thermal Limits of Coral: A Reply",
    ]
    found = cluster([Candidate(str(n), text, None) for n, text in enumerate(texts)])
    assert found.groups == (("0", "1"), ("2",))
