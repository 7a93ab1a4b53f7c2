"""What an Evolution line says of its position: nothing changed, new, moved, or more came."""

from __future__ import annotations

import re

CONSISTENT, NEW, SHIFTED, MORE = "consistent", "new", "shifted", "more"

_CUES = (
    (NEW, r"new (voice|perspective|entrant|here|this|in this)|newly|first (tracked|recorded|seen)"),
    (NEW, r"new\b"),
    (
        SHIFTED,
        r"shift|restat|revis|re-?fram|renam|reword|narrow|soften|harden|sharpen|chang|mov(es|ed)\b"
        r"|retract|withdraw|revers|no longer|now (holds|argues|says|claims)|former|was listed",
    ),
    (CONSISTENT, r"consistent|unchanged|no (new )?(change|development)|same|steady|stable"),
    (
        MORE,
        r"previously|strengthen|extend|expand|more\b|further|additional|added|now|this cycle",
    ),
)
_FIRST = re.compile(r"^[^.;:,]*")


def evolution_class(text: str) -> str:
    """Class an Evolution line by its opening words and, where they say nothing, by the rest.

    The classes are `consistent`, `new`, `shifted` and `more`; a line without any cue is `more`.
    """
    opening = _FIRST.match(text.strip())
    for part in (opening[0] if opening else "", text):
        for name, cue in _CUES:
            if re.search(rf"\b(?:{cue})", part, re.IGNORECASE):
                return name
    return MORE
