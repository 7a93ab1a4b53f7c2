"""Who supports, contradicts, refines, qualifies or answers whom, in a page's own words."""

from sicetnon.relations.draw import read
from sicetnon.relations.values import (
    Absence,
    Claim,
    End,
    Mention,
    OpenQuestion,
    Quote,
    Reading,
    Relation,
    Work,
)

__all__ = [
    "Absence",
    "Claim",
    "End",
    "Mention",
    "OpenQuestion",
    "Quote",
    "Reading",
    "Relation",
    "Work",
    "read",
]
