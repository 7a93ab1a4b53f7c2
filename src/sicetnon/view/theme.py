"""The look of stances and kinds, once for map, explorer, legend and text: never colour alone."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Sign:
    """How one stance is told apart: a glyph, a dash pattern (an arrowhead by its name), words."""

    glyph: str
    dashes: str
    word: str
    heading: str


SIGNS = {
    "supports": Sign("+", "", "supports", "For"),
    "contradicts": Sign("−", "9 5", "contradicts", "Against"),
    "refines": Sign("~", "1.5 4.5", "refines", "Refined by"),
    "qualifies": Sign("if", "10 4 2 4", "qualifies", "Qualified by"),
    "repliesTo": Sign("re", "3 4", "replies to", "Replies"),
}
STATUS_WORDS = {
    "stated": "the page states it in so many words",
    "judged": "a person judged it after reading",
    "inferred": "a rule drew it; nobody has judged it yet",
}

LIGHT = {
    "page": "#f6f7f9",
    "paper": "#ffffff",
    "ink": "#1b1f24",
    "muted": "#57606a",
    "rule": "#d5dae0",
    "border": "#848d97",
    "question": "#1f3a5f",
    "on-question": "#ffffff",
    "answer": "#e7eef8",
    "answer-border": "#1f3a5f",
    "focus": "#0b57d0",
    "mark": "#fff1b8",
    "supports": "#00664b",
    "contradicts": "#b84a00",
    "refines": "#0059a0",
    "qualifies": "#7a3e9d",
    "repliesTo": "#4f5b67",
}
DARK = {
    "page": "#0f1214",
    "paper": "#15181b",
    "ink": "#e8ebee",
    "muted": "#a9b2bc",
    "rule": "#353c44",
    "border": "#77828e",
    "question": "#c3d9f7",
    "on-question": "#10233d",
    "answer": "#20314a",
    "answer-border": "#9dbfe8",
    "focus": "#8ab8ff",
    "mark": "#574700",
    "supports": "#4fd1a5",
    "contradicts": "#ff9d5c",
    "refines": "#7cc4ff",
    "qualifies": "#d4aaf5",
    "repliesTo": "#b3bdc8",
}


def variables(theme: dict[str, str]) -> str:
    """Return a theme as declarations of CSS variables."""
    return "".join(f"--{name}:{colour};" for name, colour in theme.items())


def literal(css: str) -> str:
    """Put the light theme's colours in place of the variables, for programs that know none."""
    return re.sub(r"var\(--([\w-]+)\)", lambda found: LIGHT[found[1]], css)
