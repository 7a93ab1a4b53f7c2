"""The sentences of a passage, and the one to which a citation mark belongs."""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache

from sentencex import get_sentence_boundaries


@lru_cache(maxsize=1 << 12)
def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return where the sentences of a passage begin and end, in code points, without a gap."""
    found = get_sentence_boundaries("en", text)
    return tuple((one["start_index"], one["end_index"]) for one in found)


def sentence(text: str, offset: int) -> tuple[int, int]:
    """Return the sentence that a mark at this offset closes or stands in.

    A mark after the full stop, or at the gap before the next sentence, belongs to the one before.
    """
    bounds = sentences(text)
    if not bounds:
        return (0, len(text))
    ends = [start + len(text[start:end].rstrip()) for start, end in bounds]
    at = min(bisect_left(ends, offset), len(bounds) - 1)
    start, end = bounds[at]
    if at and offset <= start:
        start, end = bounds[at - 1]
    return start, end
