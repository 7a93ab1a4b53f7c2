"""Full text: passages, claims, titles and holders, ranked, from an index kept beside the store."""

from sicetnon.search.documents import KINDS
from sicetnon.search.file import discard
from sicetnon.search.index import Hit, Index
from sicetnon.search.keep import Tracked, differences, place, refresh
from sicetnon.search.words import expression

__all__ = [
    "KINDS",
    "Hit",
    "Index",
    "Tracked",
    "differences",
    "discard",
    "expression",
    "place",
    "refresh",
]
