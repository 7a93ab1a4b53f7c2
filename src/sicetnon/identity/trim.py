"""What stands around a title and is not of it: marks, identifiers, sites, years, authors."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sicetnon.identity.kinds import Kind
from sicetnon.identity.sites import VENUES, named, sequel, site_kind
from sicetnon.identity.words import word_set, words

_ARXIV = re.compile(
    r"[\[(]?(?:https?://)?(?:(?:dx\.)?doi\.org/)?(?:10\.48550/)?"
    r"(?:\barxiv(?:\.org)?(?: preprint)?[:\s/.]*)*(?:(?:abs|pdf|html)/)?"
    r"(?<!\d)(?<!\d\.)(\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}|[a-z-]{2,9}(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?(?!\d)"
    r"(?:\.pdf)?[\])]?(?:\s*\[[a-z-]{2,9}(?:\.[A-Za-z-]{2,4})?\])?",
    re.IGNORECASE,
)
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:? ?)?\b(10\.\d{4,9}/[^\s\"<>\])]+)", re.I)
_FILE = re.compile(r"^\S+\.(?:pdf|docx?|html?|pptx?|ps|tex|epub)$", re.IGNORECASE)
_FILE_WORDS = re.compile(
    r"^(?:[A-Z]{3,8}[ ]?(?:19|20)\d\d )?"
    r"(.*?)(?: (?:paper|final|camera ready|preprint|published))*$",
    re.IGNORECASE,
)
_FRONT = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^[\[(](?:pdf|html?|docx?|pptx?|ps|book|citation|full text|preprint|[bc])[\])]\s*[:-]?\s*",
        r"^(?:pdf: |microsoft (?:word|powerpoint) - |paper page - )",
        r"^(?:full article|paper|preprint): ",
        r"^(?:opinion|perspective|analysis|news|research|essay|op-?ed|editorial|guest essay) \| ",
        r"^\[(?-i:[A-Z][\w-]*[A-Z]\w*)[ ']*\d{2,4}(?: [\w ]{4,12})?\]\s*",
        r"^r/\w+ on reddit: |^\.{3,}\s*",
        r"^\[(?:[RDPN]|research|discussion|project|news)\]\s*",
    )
)
_PAGE = r"(?:Poster|Oral|Spotlight|Highlight)s?\b\s*[:|-]?\s*(?=\S+ \S)"
_YEARS = r"(?:[ '-]*(?:19|20)?\d\d)?"
_POSTER = re.compile(
    rf"^(?i:(?:{'|'.join(sorted(VENUES))}){_YEARS} {_PAGE})"
    rf"|^(?:[A-Z]+[a-z]*[A-Z][A-Za-z]*{_YEARS} )?"
    rf"(?:(?:Spotlight|Oral|Notable|Highlight) )?{_PAGE}"
)
_CITED = re.compile(
    r"^[A-Z][\w'-]{1,40}(?: et al\.?|(?: and| &) [A-Z][\w'-]{1,40})?,? "
    r"\(((?:19|20)\d\d)[a-z]?\)[.:,]? (?=\S)"
)
_DOTS = re.compile(r"\s*\.{2,}[\"')\]]*$")
_YEAR = re.compile(r"\s*[\[(](?:[A-Z][a-z]{2,8}\.?,? )?((?:19|20)\d\d)[)\]]$")
_ET_AL = re.compile(
    r"[\s,.;(\[|–—-]+([A-Z][\w'-]{1,40}(?:(?: and| &) [A-Z][\w'-]{1,40})?) et al\.?"
    r"(?:,? \(?((?:19|20)\d\d)\)?)?[)\]]?$"
)
_NOTE = re.compile(
    r"\s*[\[(](?:pdf|preprint|arxiv|extended abstract|(?:extended|full|long|short) version"
    r"|camera.ready|request pdf|v\d|(?-i:[A-Z][\w-]*[A-Z]\w*)[ ']*\d{2,4}(?:,? [a-z ]{4,12})?"
    r"|(?:poster|oral|spotlight)|[RDPN]|(?:official )?video|talk|slides|podcast)[)\]]$",
    re.IGNORECASE,
)
_REFERENCE = tuple(
    re.compile(pattern)
    for pattern in (
        r"^(?P<by>[^\W\d_][\w'-]{1,40}, (?:[A-Z]\.[ -]?)+.{0,200}?) "
        r"\((?P<year>(?:19|20)\d\d)[a-z]?\)\.? (?P<title>.{8,}?[^.\s]{2})(?:[.?] .*|\.?$)",
        r"^(?P<by>(?:[A-Z]\. ?)+[\w'-]{1,40}.{0,200}?),? \"(?P<title>[^\"]{8,}?),?\""
        r"(?:.*?(?P<year>(?:19|20)\d\d))?",
    )
)
_CLOSED = re.compile(r"\.{2,}[\"')\]]*$|[(\[][^()\[\]]*(?:19|20)\d\d[)\]]$| et al\.?$")
_QUOTED_BY = re.compile(r"^(\".+\")[,;]? by ([A-Z][^\"]{1,80})$")
_SEPARATOR = re.compile(r" (?:[-–—|·•»›~/]|\|\||::?) |:: ?| \|| (?=on (?:JSTOR|Vimeo)$)")
_PIPE = word_set("| || :: · • » ›")


_LONGEST = 8
_END = 160


@dataclass(slots=True)
class Around:
    """A title while it is being freed of what stands around it."""

    text: str
    truncated: bool = False
    arxiv: str | None = None
    doi: str | None = None
    poster: bool = False
    pdf: bool = False
    year: int | None = None
    sites: list[tuple[str, Kind]] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)


def identifiers(around: Around) -> None:
    """Take the first DOI and the first arXiv identifier out of the text."""
    doi = _DOI.search(around.text)
    if doi and not doi[1].lower().startswith("10.48550/"):
        around.doi = doi[1].rstrip(".,;").lower()
        around.text = around.text.replace(doi[0], " ").strip()
    arxiv = _ARXIV.search(around.text)
    if arxiv:
        around.arxiv = arxiv[1].lower()
        around.text = f"{around.text[: arxiv.start()]} {around.text[arxiv.end() :]}".strip(" -|:,")


def file_name(around: Around) -> None:
    """Turn the name of a file back into words."""
    if _FILE.match(around.text) and "//" not in around.text:
        around.pdf = True
        stem = re.sub(r"[_+-]+|%20", " ", around.text.rsplit(".", 1)[0]).strip()
        found = _FILE_WORDS.match(stem)
        around.text = found[1] if found and found[1] else stem
        first, _, rest = around.text.partition(" ")
        if (first in VENUES or (words(first)[:1] and site_kind(first))) and len(rest.split()) >= 3:
            around.text = rest


def front(around: Around) -> None:
    """Take marks, posters' prefixes, citations and sites from the beginning."""
    for _ in range(4):
        before = around.text
        for pattern in _FRONT:
            around.pdf = around.pdf or bool(re.match(r"[\[(]pdf", around.text, re.I))
            around.text = pattern.sub("", around.text)
        poster = _POSTER.match(around.text)
        if poster:
            around.poster, around.text = True, around.text[poster.end() :]
        cited = _CITED.match(around.text)
        if cited:
            around.year, around.text = int(cited[1]), around.text[cited.end() :]
        if around.text == before:
            break
    first, _, rest = around.text.partition(" ")
    if first in VENUES and rest[:1].isupper() and len(rest.split()) >= 5:
        around.poster, around.text = True, rest
    _front_site(around)


def reference(around: Around) -> None:
    """Read a title that is given as a whole bibliographic reference."""
    found = next((m for p in _REFERENCE if (m := p.match(around.text))), None)
    if found:
        around.text = found["title"]
        around.authors.append(found["by"])
        around.year = int(found["year"]) if found["year"] else None


def _front_site(around: Around) -> None:
    place = _SEPARATOR.search(around.text)
    if place and len(words(around.text[place.end() :])) >= 3:
        name = around.text[: place.start()]
        kind = site_kind(name)
        if kind and kind not in (Kind.UNKNOWN, Kind.TALK):
            around.sites.append((name, kind))
            around.text = around.text[place.end() :]


def _at_end(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Search only the end of a text, so that a long text does not take a square of its length."""
    return pattern.search(text, max(0, len(text) - _END))


def back(around: Around, origin: str | None) -> None:
    """Take sites, years, authors, notes and the mark of a cut from the end."""
    for _ in range(8):
        before = around.text
        _notes(around)
        if not _site(around, origin):
            cut = _at_end(_DOTS, around.text)
            if cut and not around.truncated:
                around.text, around.truncated = around.text[: cut.start()], True
        if around.text == before:
            return


def _notes(around: Around) -> None:
    if around.truncated:
        return
    around.text = re.sub(r": paper and code$", "", around.text, flags=re.IGNORECASE)
    note = _at_end(_NOTE, around.text)
    if note and note.start():
        around.poster = around.poster or "oster" in note[0] or "ral" in note[0]
        around.text = around.text[: note.start()]
    year = _at_end(_YEAR, around.text)
    if year and year.start():
        around.year, around.text = int(year[1]), around.text[: year.start()]
    authors = _at_end(_ET_AL, around.text)
    if authors and authors.start():
        around.authors.append(authors[1])
        around.year = int(authors[2]) if authors[2] else around.year
        around.text = around.text[: authors.start()]
    quoted = _QUOTED_BY.match(around.text)
    if quoted:
        around.text = quoted[1]
        around.authors.append(quoted[2])


def _site(around: Around, origin: str | None) -> bool:
    """Take one site from the end and tell whether there was one."""
    split = tail_of(around.text)
    if split is None:
        return False
    head, mark, tail = split
    closed = _at_end(_CLOSED, head)
    kind = site_kind(tail.removeprefix("on "))
    if kind is None and around.sites and re.fullmatch(r"(?:19|20)\d\d", tail):
        around.year, around.text = int(tail), head
        return True
    if kind is None and origin and words(tail) == words(origin):
        kind = Kind.UNKNOWN
    if kind is None and closed and not around.truncated and len(tail.split()) <= _LONGEST:
        kind = Kind.UNKNOWN
    if kind is None and mark in _PIPE:
        kind = _piped(around, tail)
    if kind is None or not words(head):
        return False
    around.text = head
    around.sites.append((tail, kind))
    return True


def _piped(around: Around, tail: str) -> Kind | None:
    by = re.match(r"by ([A-Z].*)$", tail)
    if by:
        around.authors.append(by[1])
        return Kind.UNKNOWN
    short = len(tail.split()) <= _LONGEST and not sequel(tail) and "..." not in tail
    return Kind.UNKNOWN if short and tail.count(")") == tail.count("(") else None


def tail_of(text: str) -> tuple[str, str, str] | None:
    """Split a text at its last separator into head, separator and tail, if it has one."""
    places = list(_SEPARATOR.finditer(text, max(0, len(text) - _END)))
    if not places:
        return None
    last = places[-1]
    return text[: last.start()].rstrip(), last[0].strip(), text[last.end() :].strip()


def soft_tail(text: str) -> tuple[str, str] | None:
    """Split off a tail that may be the name of a site or a person, and may be of the title."""
    split = tail_of(text)
    if split is None or split[1] in _PIPE:
        return None
    head, _, tail = split
    tail = tail.rstrip(". ")
    name = named(tail) or (tail.isalpha() and not sequel(tail))
    return (head, tail) if name and len(words(head)) >= 2 else None
