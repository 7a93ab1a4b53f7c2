"""Titles mangled as search results mangle them, with the truth of which are one work.

Written before the rules of `sicetnon.identity` were tuned, and frozen since: a change here makes
the figures of before and after incomparable. The same seed gives the same set everywhere.

A mangled title that not even a person could tell from another work of the list (cut before the
place where the two differ) is drawn again.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

CLEAN = Path(__file__).parent.parent / "tests" / "cases" / "identity" / "clean.tsv"
SITES = {
    "paper": "arXiv|OpenReview|ResearchGate|Semantic Scholar|ScienceDirect|PubMed|PNAS|JSTOR|"
    "alphaXiv|Nature|ACM Digital Library|SpringerLink|Papers With Code|Europe PMC|Paperlens|"
    "Northfield University|Scholar Dock|Ellen Marlow|Readable Science Library",
    "post": "LessWrong|AI Alignment Forum|Medium|Substack|Quiet Harbour Blog|The Long Ledger",
    "review": "LessWrong|Medium|Substack|Quiet Harbour Blog",
    "news": "MIT News|The Guardian|Quanta Magazine|Daily Lantern",
    "video": "YouTube|Vimeo",
    "discussion": "Reddit|Hacker News",
    "podcast": "Spotify|Apple Podcasts|Mind Matters Podcast",
    "talk": "Simons Institute Talks|Talk at Northfield University|Seminar",
}
CUTS = (" ...", "...", "…", " …")
SEPARATORS = (" - ", " | ", " — ", " :: ", " – ")
VENUES = ("NeurIPS Poster", "ICML Oral", "ICLR Poster", "CVPR 2023 Poster", "AAAI Spotlight")
SPELLINGS = (("ization", "isation"), ("ized", "ised"), ("avior", "aviour"), ("odeling", "odelling"))


@dataclass(frozen=True)
class Clean:
    """A work as it should be cited, with what it is and one of its authors."""

    work: str
    kind: str
    title: str
    author: str


@dataclass(frozen=True)
class Mangled:
    """A title as a page lists it, with the work that it stands for."""

    id: str
    work: str
    title: str
    origin: str | None


def clean() -> list[Clean]:
    """Return the clean titles."""
    lines = CLEAN.read_text(encoding="utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    return [Clean(f"W{n:03}", kind, title, by) for n, (kind, title, by) in enumerate(rows)]


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _swap(rng: random.Random, text: str) -> str:
    pairs = list(SPELLINGS) + [(b, a) for a, b in SPELLINGS] + [(" and ", " & ")]
    for old, new in rng.sample(pairs, len(pairs)):
        text = text.replace(old, new)
    return text


def _break(rng: random.Random, text: str) -> str:
    places = [m.start() + 4 for m in re.finditer(r"[A-Za-z]{8,}", text)]
    at = rng.choice(places) if places else 0
    return f"{text[:at]}- {text[at:]}" if at else text


TYPE: tuple[Callable[[random.Random, str], str], ...] = (
    lambda _, t: t.upper(),
    lambda _, t: t.title().replace("'S", "'s"),
    lambda _, t: t.capitalize(),
    lambda _, t: t.replace('"', "“").replace("'", "’"),
    lambda _, t: re.sub(r"[:,?'\"]", "", t),
    lambda _, t: t.replace("fi", "ﬁ").replace("ff", "ﬀ"),
    lambda r, t: re.sub(" ", lambda _: r.choice((" ", " ", "  ")), t),
    _break,
    _swap,
    lambda _, t: t.replace("-", " "),
)


def _body(rng: random.Random, work: Clean, others: Sequence[str]) -> tuple[str, bool]:
    """Return the title itself, perhaps cut, and whether it ends with a mark of being cut."""
    text, head = work.title, work.title.split(": ")[0]
    if ": " in text and len(head.split()) >= 4 and rng.random() < 0.15:
        mine = _letters(head)
        text = head if not any(o.startswith(mine) for o in others) else text
    for change in rng.sample(TYPE, rng.choice((0, 1, 1, 2))):
        text = change(rng, text)
    if len(text) > 30 and rng.random() < 0.35:
        at = rng.randint(max(24, len(text) // 2), len(text) - 3)
        mine = _letters(text[:at])
        if not any(other.startswith(mine) for other in others):
            return text[:at].rstrip() + rng.choice(CUTS), True
    return text, False


def _file(text: str) -> str:
    return re.sub(r"[\W]+", "_", text).strip("_") + ".pdf"


def _paper(rng: random.Random, work: Clean, text: str, *, cut: bool) -> str:
    number = f"{10 + int(work.work[1:]) % 15:02}{1 + int(work.work[1:]) % 12:02}.{work.work[1:]}77"
    draw = rng.random()
    if draw < 0.34:
        marks = ("[PDF] ", "(PDF) ", f"[{number}] ", f"[{number}v2] ", f"arXiv:{number} ")
        return rng.choice(marks) + text
    if draw < 0.44:
        return f"{rng.choice(VENUES)} {text}"
    if draw < 0.49 and not cut:
        return _file(text)
    if draw < 0.58 and not cut and work.author:
        ends = (" by {}", " - {} et al.", " ({} et al., 2019)", " (2019)", ", {} et al.")
        return text + rng.choice(ends).format(work.author)
    return text


def mangle(rng: random.Random, work: Clean, others: Sequence[str]) -> tuple[str, str | None]:
    """Return one mangled title of a work and the origin that its page names, if any."""
    text, cut = _body(rng, work, others)
    site = rng.choice(SITES[work.kind].split("|"))
    if work.kind == "paper":
        text = _paper(rng, work, text, cut=cut)
        if rng.random() < 0.6 or text.endswith(".pdf"):
            return text, rng.choice((None, None, "reactive:a-thread", "arXiv"))
    elif work.kind == "discussion" and rng.random() < 0.5:
        return f"[{rng.choice('RD')}] {text} : r/MachineLearning", None
    elif rng.random() < 0.25 and work.kind not in ("talk", "podcast"):
        return text, site
    return text + rng.choice(SEPARATORS) + site, None


def mangled(count: int = 300, seed: int = 1) -> list[Mangled]:
    """Return `count` mangled titles, one to four and sometimes more of each work drawn."""
    rng = random.Random(seed)
    works = clean()
    names = {work.work: _letters(work.title) for work in works}
    found: list[Mangled] = []
    while len(found) < count:
        work = rng.choice(works)
        others = [text for key, text in names.items() if text != names[work.work]]
        for _ in range(rng.choice((1, 2, 3, 4))):
            title, origin = mangle(rng, work, others)
            found.append(Mangled(f"m{len(found):04}", work.work, title, origin))
    return found[:count]
