"""What a written date means: pages write the first of a month or year when they know no day."""

from __future__ import annotations

import datetime as dt
import re

from sicetnon.model import Precision

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def is_date(written: str) -> bool:
    """Say whether `written` is a year, a month or a day of the calendar, in ISO 8601 form."""
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", written) or written.startswith("0000"):
        return False
    try:
        dt.date.fromisoformat((written + "-01-01")[:10])
    except ValueError:
        return False
    return True


def precision(written: str, text: str, issued: dt.date | None) -> Precision:
    """Say how much of `written` is meant, given what the event says and when the page was issued.

    The first of a month stands for the month, and the first of January for the year, unless the
    event names the day in words or happened on the day on which its page was issued.
    """
    if len(written) == 4:
        return Precision.YEAR
    if len(written) == 7:
        return Precision.MONTH
    day = dt.date.fromisoformat(written)
    if day.day != 1 or day == issued or _names_day(text, day):
        return Precision.DAY
    if day.month != 1 or re.search(rf"\bJan(uary|\.)? {day.year}\b", text):
        return Precision.MONTH
    return Precision.YEAR


def _names_day(text: str, day: dt.date) -> bool:
    month = MONTHS[day.month - 1]
    name = rf"(?:{month}|{month[:3]}\.?)"
    return bool(re.search(rf"\b(?:{name} 1(?:st)?|1(?:st)?(?: of)? {name})\b(?!\d)", text))
