"""How often the relations of a rule group were right: where nobody had looked, and of all."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from sicetnon.relations.cues import load

FLOOR = 0.5
_WEIGHT = 4


@cache
def _measured() -> dict[str, Any]:
    return load("measured.toml")


def _counts(table: str, row: str) -> tuple[int, int]:
    right, drawn = _measured()[table].get(row, (0, 0))
    return right, drawn


def is_drawn(method: str) -> bool:
    """Say whether the rule group of a cue was right often enough on the development pages.

    (right + 1) / (drawn + 2) of the counts in `[development]` of `ontology/cues/measured.toml` must
    not be under FLOOR; a group that was never met passes.
    """
    right, drawn = _counts("development", method)
    return (right + 1) / (drawn + 2) >= FLOOR


@lru_cache(1024)
def confidence(method: str, status: str) -> float:
    """Return the share of edges of such rules that were right on pages nobody had looked at.

    The counts are of blind runs only, `[blind]` and `[blind-status]` of the same file: those of the
    rule group, and as if it had been met four times more with the precision of all edges of this
    status (stated, inferred). A group that no blind run has met gets the latter.
    """
    right, drawn = _counts("blind", method)
    of_status, of_all = _counts("blind-status", status)
    return round((right + _WEIGHT * of_status / of_all) / (drawn + _WEIGHT), 2)
