"""The forms of an English verb, by rule and by a short list of exceptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_VOWELS = "aeiou"


def forms(
    base: str, irregular: Mapping[str, Sequence[str]], doubled: frozenset[str]
) -> dict[str, str]:
    """Return form → tag: `base`, `s` (third person), `ed` (past or participle), `ing`."""
    if base in irregular:
        third, past, participle, ing = irregular[base]
        return {ing: "ing", past: "ed", participle: "ed", third: "s"} | {base: "base"}
    found = {base: "base", _third(base): "s"}
    stem = _stem(base, double=base in doubled)
    found[stem + "ed"] = "ed"
    found[(base if base.endswith(("y", "ee")) else stem) + "ing"] = "ing"
    return found


def _third(base: str) -> str:
    if base.endswith("y") and base[-2] not in _VOWELS:
        return base[:-1] + "ies"
    return base + ("es" if base.endswith(("s", "x", "z", "ch", "sh")) else "s")


def _stem(base: str, *, double: bool) -> str:
    """Return what -ed is added to."""
    if base.endswith("e"):
        return base[:-1]
    if base.endswith("y") and base[-2] not in _VOWELS:
        return base[:-1] + "i"
    short = sum(letter in _VOWELS for letter in base) == 1
    closed = base[-1] not in _VOWELS + "wxy" and base[-2] in _VOWELS
    return base + base[-1] if closed and (short or double) else base


def plural(noun: str) -> str:
    """Return the plural of a noun, or of the first noun of a phrase such as `case against`."""
    head, *rest = noun.split(" ")
    return " ".join([_third(head), *rest])
