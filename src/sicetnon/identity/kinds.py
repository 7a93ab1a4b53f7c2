"""What a source is, as far as its title and its site tell."""

from __future__ import annotations

import re
from enum import StrEnum


class Kind(StrEnum):
    """What an entry leads to."""

    PAPER = "paper"
    POSTER = "poster page"
    INDEX = "index page"
    POST = "post"
    NEWS = "news"
    REVIEW = "review"
    DISCUSSION = "discussion"
    VIDEO = "video"
    TALK = "talk"
    PODCAST = "podcast"
    REFERENCE = "reference"
    CODE = "code"
    UNKNOWN = "unknown"


_FAMILY = {Kind.POSTER: Kind.PAPER, Kind.INDEX: Kind.PAPER}
ABOUT = frozenset(
    {Kind.REVIEW, Kind.DISCUSSION, Kind.VIDEO, Kind.TALK, Kind.PODCAST, Kind.REFERENCE, Kind.CODE}
)
_EXPLAINS = r"(?:explained|summary|summari[sz]ed|review|walk-?through|annotated|reading notes)"
_MARKS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (Kind.DISCUSSION, r"^\[(?:[RDPN]|discussion|research|project|news)\] | \[[RDPN]\]$"),
        (Kind.DISCUSSION, r"^(?:ask|show|tell) hn:|^re: |\w's post\b|^discussion(?: of|:)"),
        (Kind.DISCUSSION, r"^.{1,60} on (?:x|twitter|linkedin|reddit|threads|bluesky): "),
        (Kind.CODE, r"^github - [\w.-]+/[\w.-]+"),
        (Kind.PODCAST, r"^(?:podcast|ep(?:isode)?\.?) ?#?\d*\s?[:|.-]|[(\[]podcast[^)\]]*[)\]]$"),
        (Kind.VIDEO, r"^\[?video\]?[: ]|[(\[](?:official )?video[)\]]$"),
        (
            Kind.TALK,
            r"^\[?(?:invited |keynote )?(?:talk|keynote|seminar|colloquium|slides)\]? ?[:-]"
            r"|[(\[](?:invited |keynote )?(?:talk|keynote|slides|seminar|lecture)[)\]]$",
        ),
        (Kind.REVIEW, rf"^\[[^\]]*\b{_EXPLAINS}\]|[(\[][^(\[]*\b{_EXPLAINS}[)\]]$"),
        (
            Kind.REVIEW,
            r"^(?:(?:a|an|my|quick|short|brief|mini|book|paper|article|peer) )*"
            r'(?:review|summary|critique)(?::| -| of (?=["\']))',
        ),
        (
            Kind.REVIEW,
            r"^(?:quick |short |brief )*(?:book|paper|article|peer) (?:review|summary)\b",
        ),
    )
)


def marked(text: str) -> Kind | None:
    """Return the kind that a title's own words tell, or None."""
    return next((kind for kind, pattern in _MARKS if pattern.search(text)), None)


def family(kind: Kind) -> Kind:
    """Return what stands for the work: a paper's poster and index pages stand for the paper."""
    return _FAMILY.get(kind, kind)


def together(a: Kind, b: Kind) -> bool:
    """Tell whether two kinds may be one work when their titles agree."""
    a, b = family(a), family(b)
    if a == b:
        return True
    one, other = sorted((a, b), key=lambda kind: kind is Kind.UNKNOWN)
    if other is Kind.UNKNOWN:
        return one not in ABOUT - {Kind.REVIEW}
    return {a, b} == {Kind.REVIEW, Kind.POST}
