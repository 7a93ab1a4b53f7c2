"""The headers of the kinds of page: recognised, read, and written back.

| kind    | form a                                                  | form b        |
|---------|---------------------------------------------------------|---------------|
| history | site / `TITLE · history` / `Version N` / date and items | no site line  |
| current | site / `TITLE` / `closed · v11 · date · items · history`| `TITLE` alone |
| daily   | site / `YYYY-MM-DD` / a sentence                        | no site line  |
| item    | site / `TITLE` / `Outlet · Author · YYYY-MM-DD`         | no site line  |
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

from sicetnon.errors import PageError
from sicetnon.ingest.blocks import Line
from sicetnon.ingest.dates import is_date
from sicetnon.ingest.source import quoted
from sicetnon.model import Page

SUFFIX = " · history"

_VERSION = re.compile(r"Version ([0-9]{1,9})")
_ISSUED = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}) UTC · ([0-9]{1,9}) items")
_STATUS = re.compile(
    r"(.+) · v([0-9]{1,9}) · ([0-9]{4}-[0-9]{2}-[0-9]{2}) · ([0-9]{1,9}) items · history"
)
_BYLINE = re.compile(r"(.+?) · (?:(.+) · )?([0-9]{4}-[0-9]{2}-[0-9]{2})")
_NEWS = re.compile(r"What[’']s new in v([0-9]{1,9})")
_FILE_VERSION = re.compile(r"(.+)-v([0-9]{1,9})")
_HISTORY_LINES = (
    f"a title ending in {SUFFIX!r}",
    "'Version N'",
    "'YYYY-MM-DD HH:MM UTC · N items'",
)


@dataclass(frozen=True, slots=True)
class Header:
    """What the lines above the first section say; `used` counts them."""

    used: int
    version: str
    title: str
    issued: dt.datetime | dt.date | None = None
    items: int | None = None
    status: str | None = None
    site: str | None = None
    outlet: str | None = None
    author: str | None = None


def file_version(name: str) -> tuple[str, str] | None:
    """Return thread and version of a file named `thread-vN`, whatever its folder and suffix."""
    found = _FILE_VERSION.fullmatch(re.split(r"[/\\]", name)[-1].partition(".")[0])
    return (found[1], str(int(found[2]))) if found else None


def is_history(top: list[str]) -> bool:
    """Recognise a title with the history suffix, on the first line or under a site line."""
    return any(text.endswith(SUFFIX) and not _STATUS.fullmatch(text) for text in top[:2])


def read_history(written: list[Line], name: str) -> Header:
    """Read title, version, and date with the count of items."""
    del name
    site = 0 if written[0][1].endswith(SUFFIX) else 1
    rest = written[site:]
    if len(rest) < len(_HISTORY_LINES):
        raise PageError(written[-1][0] + 1, _HISTORY_LINES[len(rest)], "the end of the page")
    title, version, issued = rest[:3]
    number, when = _VERSION.fullmatch(version[1]), _ISSUED.fullmatch(issued[1])
    if not number:
        raise PageError(version[0], _HISTORY_LINES[1], quoted(version[1]))
    if not when:
        raise PageError(issued[0], _HISTORY_LINES[2], quoted(issued[1]))
    return Header(
        used=site + 3,
        version=str(int(number[1])),
        title=title[1].removesuffix(SUFFIX),
        issued=_moment(issued[0], when[1]),
        items=int(when[2]),
        site=written[0][1] if site else None,
    )


def write_history(page: Page) -> list[str]:
    """Write the header of a history page."""
    assert isinstance(page.issued, dt.datetime)
    when = f"{page.issued:%Y-%m-%d %H:%M} UTC · {page.items} items"
    return [*_site(page), page.title + SUFFIX, f"Version {page.version}", when]


def is_current(top: list[str]) -> bool:
    """Recognise a status line under the title or, without one, a first section under it."""
    return any(_STATUS.fullmatch(text) for text in top[1:3]) or any(
        _NEWS.fullmatch(text) or text in {"What", "Narrative"} for text in top[1:2]
    )


def read_current(written: list[Line], name: str) -> Header:
    """Read the title, and the status line where there is one; else the version must be told."""
    for at, (line, text) in enumerate(written[:3]):
        if at and (status := _STATUS.fullmatch(text)):
            return Header(
                used=at + 1,
                version=str(int(status[2])),
                title=written[at - 1][1],
                issued=_day(line, status[3]),
                items=int(status[4]),
                status=status[1],
                site=written[0][1] if at == 2 else None,
            )
    news = next((found for _, text in written if (found := _NEWS.fullmatch(text))), None)
    named = file_version(name)
    if not news and not named:
        expected = (
            'a status line with the version, "What\'s new in vN", or a file name ending in -vN'
        )
        raise PageError(written[1][0], expected, quoted(written[1][1]))
    version = news[1] if news else named[1] if named else ""
    return Header(used=1, version=str(int(version)), title=written[0][1])


def write_current(page: Page) -> list[str]:
    """Write the header of a current page."""
    if page.status is None:
        return [page.title]
    line = f"{page.status} · v{page.version} · {page.issued} · {page.items} items · history"
    return [*_site(page), page.title, line]


def is_daily(top: list[str]) -> bool:
    """Recognise a date that stands alone as the title."""
    return any(len(text) == 10 and is_date(text) for text in top[:2])


def read_daily(written: list[Line], name: str) -> Header:
    """Read the date, which is title and version in one."""
    del name
    site = 0 if is_date(written[0][1]) and len(written[0][1]) == 10 else 1
    line, title = written[site]
    day = _day(line, title)
    return Header(
        used=site + 1,
        version=title,
        title=title,
        issued=day,
        site=written[0][1] if site else None,
    )


def write_daily(page: Page) -> list[str]:
    """Write the header of a daily page."""
    return [*_site(page), page.title]


def is_item(top: list[str]) -> bool:
    """Recognise a line of outlet, author and date under the title."""
    return any((found := _BYLINE.fullmatch(text)) and is_date(found[3]) for text in top[1:3])


def read_item(written: list[Line], name: str) -> Header:
    """Read title, outlet, author and date; the date is the version."""
    del name
    at = next(i for i in (1, 2) if _BYLINE.fullmatch(written[i][1]))
    line, text = written[at]
    byline = _BYLINE.fullmatch(text)
    assert byline
    return Header(
        used=at + 1,
        version=byline[3],
        title=written[at - 1][1],
        issued=_day(line, byline[3]),
        site=written[0][1] if at == 2 else None,
        outlet=byline[1],
        author=byline[2],
    )


def write_item(page: Page) -> list[str]:
    """Write the header of an item page."""
    byline = [part for part in (page.outlet, page.author, str(page.issued)) if part is not None]
    return [*_site(page), page.title, " · ".join(byline)]


def _site(page: Page) -> list[str]:
    return [] if page.site is None else [page.site]


def _moment(line: int, text: str) -> dt.datetime:
    try:
        return dt.datetime.strptime(text + " +0000", "%Y-%m-%d %H:%M %z")
    except ValueError:
        raise PageError(line, "a date of the calendar", quoted(text)) from None


def _day(line: int, text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise PageError(line, "a date of the calendar", quoted(text)) from None


ReadHeader = Callable[[list[Line], str], Header]
WriteHeader = Callable[[Page], list[str]]
