"""How often a group of rules was right on the development pages."""

from __future__ import annotations

from functools import cache

from sicetnon.relations.cues import load

FLOOR = 0.5


@cache
def _measured() -> dict[str, tuple[int, int]]:
    table = load("measured.toml")["measured"]
    return {method: (right, drawn) for method, (right, drawn) in table.items()}


def confidence(method: str) -> float:
    """Return the precision of the rule group of a cue, as measured on the development pages.

    It is (right + 1) / (drawn + 2) of the counts in `ontology/cues/measured.toml`, so that a group
    with few cases, or none, claims little. What is under FLOOR is not drawn at all.
    """
    right, drawn = _measured().get(method, (0, 0))
    return round((right + 1) / (drawn + 2), 2)
