"""A quote stands on a page word for word, or it does not: never by likeness."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import EXAMPLES
from proposing import CARTS_DENY, PAGE, STONES_HOLD
from sicetnon import ingest
from sicetnon.model import Page
from sicetnon.proposals import Found, Missing, ground
from sicetnon.proposals.folding import fold, occurrences
from sicetnon.proposals.grounding import LEAST
from sicetnon.relations.places import places
from sicetnon.relations.words import sentences

# Words whose exchange turns a sentence round; each way round.
OPPOSITES = [
    ("supports", "contradicts"),
    ("agree", "disagree"),
    ("agrees", "disagrees"),
    ("necessary", "unnecessary"),
    ("confirming", "refuting"),
    ("more", "less"),
    ("larger", "smaller"),
    ("accept", "reject"),
    ("always", "never"),
    ("possible", "impossible"),
    ("consistent", "inconsistent"),
    ("harmful", "harmless"),
    ("raise", "lower"),
    ("raises", "lowers"),
    ("can", "cannot"),
    ("without", "with"),
    ("before", "after"),
    ("early", "late"),
]
VERBS = "is|are|was|were|does|do|can|may|would|will|has|have|must"


@cache
def pages() -> tuple[Page, ...]:
    return tuple(ingest.read(path.read_bytes(), path.name) for path in EXAMPLES)


def said() -> Iterator[tuple[Page, str]]:
    for page in pages():
        for place in places(page):
            for start, end in sentences(place.passage.text):
                text = place.passage.text[start:end]
                if sum(letter.isalnum() for letter in text) >= LEAST:
                    yield page, text


def flipped(sentence: str) -> Iterator[str]:
    """Yield a sentence turned round, in every way that one edit can."""
    for verb in re.finditer(rf"\b(?:{VERBS})\b(?! not)", sentence):
        yield f"{sentence[: verb.end()]} not{sentence[verb.end() :]}"
    for negation in re.finditer(r"\bnot |\bno |(?<=n)ever ", sentence):
        yield sentence[: negation.start()] + sentence[negation.end() :]
    for pair in OPPOSITES:
        for word, other in (pair, pair[::-1]):
            for found in re.finditer(rf"\b{word}\b", sentence):
                yield sentence[: found.start()] + other + sentence[found.end() :]


def test_no_quote_whose_polarity_was_flipped_is_accepted() -> None:
    flips = [(page, each, text) for page, text in said() for each in flipped(text)]
    accepted = [each for page, each, _ in flips if isinstance(ground(page, each), Found)]
    assert accepted == []
    assert len(flips) >= 300


def rewritten(sentence: str) -> Iterator[str]:
    """Yield a sentence as it comes out of a copy: wrapped, retyped, with citation marks."""
    words = sentence.split(" ")
    yield sentence
    yield "\n   ".join(words)
    yield f"  {sentence}[12]"
    yield " [3] ".join((" ".join(words[:2]), " ".join(words[2:])))
    yield sentence.replace("'", "’").replace('"', "”").replace("-", "‑")
    yield sentence.replace(" ", "\u00a0").replace("fi", "ﬁ")
    yield "\u200b".join((sentence[:5], sentence[5:]))


def test_every_sentence_is_found_however_it_was_copied() -> None:
    count = 0
    for page, sentence in said():
        for quote in rewritten(sentence):
            found = ground(page, quote)
            assert isinstance(found, Found), quote
            assert sentence in found.text
            count += 1
    assert count >= 1_500


def test_offsets_are_those_of_the_passage() -> None:
    (page,) = (ingest.read(PAGE.encode(), "roads-v1.txt"),)
    found = ground(page, CARTS_DENY.replace("“", '"').replace("”", '"'))
    assert isinstance(found, Found)
    assert found.text == CARTS_DENY
    assert found.place.passage.text[found.start : found.end] == CARTS_DENY


def test_what_is_found_is_the_whole_sentence_so_that_no_negation_is_cut_off() -> None:
    page = ingest.read(PAGE.encode(), "roads-v1.txt")
    found = ground(page, "decide how long a road lasts")
    assert isinstance(found, Found)
    assert found.text == CARTS_DENY


def test_words_that_stand_elsewhere_are_told_from_words_that_stand_nowhere() -> None:
    page = ingest.read(PAGE.encode(), "roads-v1.txt")
    elsewhere = ground(page, STONES_HOLD, "narrative/1")
    assert isinstance(elsewhere, Missing)
    assert elsewhere.elsewhere == "perspectives/1/statement/1"
    assert "it stands in perspectives/1/statement/1" in elsewhere.why
    nowhere = ground(page, "Large stones last longer than small ones", "narrative/1")
    assert isinstance(nowhere, Missing)
    assert nowhere.elsewhere == ""
    assert "stands nowhere on the page" in nowhere.why


@pytest.mark.parametrize(
    ("quote", "stands"),
    [
        ("1820-01-01: Macadam publishes his remarks on roads.", True),
        ("  • 1820-01-01: Macadam publishes his remarks on roads. [1]", True),
        ("Macadam publishes his remarks on roads.", True),
        ("1821-01-01: Macadam publishes his remarks on roads.", False),
        ("1820-01-01: The school of carts does not accept this", False),
    ],
)
def test_the_date_of_an_event_may_open_its_quote(quote: str, stands: bool) -> None:
    page = ingest.read(PAGE.encode(), "roads-v1.txt")
    assert isinstance(ground(page, quote), Found) == stands


@pytest.mark.parametrize("quote", ["", " ", "road", "[1] [2] [3] [4] [5]", "\u200b" * 40, "—" * 40])
def test_a_quote_that_says_nothing_is_refused(quote: str) -> None:
    found = ground(pages()[0], quote)
    assert isinstance(found, Missing)
    assert f"expected a quote of at least {LEAST} letters" in found.why


def test_a_quote_of_immoderate_length_is_refused_before_it_is_looked_for() -> None:
    found = ground(pages()[0], "a road " * 1_000_000)
    assert isinstance(found, Missing)
    assert "at most 2000 characters, found 7000000" in found.why


def test_a_quote_that_runs_over_the_end_of_a_passage_is_refused() -> None:
    page = ingest.read(PAGE.encode(), "roads-v1.txt")
    assert isinstance(ground(page, f"{STONES_HOLD} New voice."), Missing)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Memorization is unnecessary here.", "necessary here"),
        ("It was a non-necessary step.", "necessary step"),
        ("They don't hold it true.", "They don"),
        ("They can’t hold it true.", "They can"),
        ("They cannot hold it true.", "They can"),
        ("A well-founded doubt.", "A well"),
        ("It fell by 0.05 in all.", "It fell by 0"),
        ("It rose 1,500 times.", "500 times"),
        ("naïve readers", "nai"),
        ("nai\u0308ve readers", "nai"),
        ("It is un\u00adnecessary here.", "necessary here"),
    ],
)
def test_a_part_of_a_word_is_not_the_word(text: str, quote: str) -> None:
    assert list(occurrences(text, quote)) == []


@pytest.mark.parametrize(
    ("text", "quote", "found"),
    [
        ("so—necessary or not—they say", "necessary or not", "necessary or not"),
        ("the ‘long tail’ matters", "'long tail'", "‘long tail’"),
        ("nai\u0308ve readers", "naïve", "nai\u0308ve"),
        ("O(ﬁ)  bound", "O(fi) bound", "O(ﬁ)  bound"),
        ("loss of 10⁻³ at most", "loss of 10-3", "loss of 10⁻³"),
        ("각 학파는 다르다", "각 학파는", "각 학파는"),
        ("a𝑏c or 𝑥 alone", "x alone", "𝑥 alone"),
    ],
)
def test_ways_of_writing_are_folded_and_lead_back(text: str, quote: str, found: str) -> None:
    assert [text[start:end] for start, end in occurrences(text, quote)] == [found]


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once_and_places_are_in_order(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert list(folded.starts) == sorted(folded.starts)
    assert all(
        0 <= start < end <= len(text) for start, end in zip(folded.starts, folded.ends, strict=True)
    )
    assert folded.text == folded.text.strip()


@given(st.text(max_size=40), st.text(max_size=12), st.text(max_size=40))
def test_what_is_found_folds_to_what_was_quoted(before: str, quote: str, after: str) -> None:
    text = f"{before} {quote} {after}"
    for start, end in occurrences(text, quote):
        assert fold(text[start:end]).text == fold(quote).text


def test_long_runs_take_no_longer_than_their_length() -> None:
    text = "a" + " " * 200_000 + "b" + "[1" * 50_000 + "\u0301" * 50_000
    assert next(occurrences(text, "a b[1")) == (0, 200_004)
    assert list(occurrences(text, "a c")) == []
