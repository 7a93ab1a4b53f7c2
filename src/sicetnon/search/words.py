"""What a person types, as an expression of SQLite's full text search (FTS5, section 3).

Every word and phrase is handed over in quotes, so that nothing typed is read as syntax.
"""

from __future__ import annotations

import re
import unicodedata

from sicetnon.errors import UsageError

MOST_WORDS = 64  # far below what the expression parser of FTS5 can nest
_PART = re.compile(r'"(?P<phrase>[^"]*)"?(?P<begun>\*?)|(?P<word>[^\s"]+)')


def expression(text: str) -> str:
    """Return an expression that matches the texts with all words and phrases of `text`.

    `"two words"` is a phrase, `generali*` a word's beginning; case and accents do not count.
    Raises UsageError where there is no letter and no digit to look for, or too many words.
    """
    cleaned = "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text)
    parts: list[str] = []
    words = 0
    for found in _PART.finditer(cleaned):
        whole = found["word"] or found["phrase"] or ""
        begun = bool(found["begun"]) or (found["word"] or "").endswith("*")
        if any(map(_counts, whole)):
            words += len(re.findall(r"\w+", whole))
            parts.append(f'"{whole}"{"*" if begun else ""}')
    if not parts:
        raise UsageError(f"expected words to search for, found no letter or digit in {text!r}")
    if words > MOST_WORDS:
        raise UsageError(f"expected at most {MOST_WORDS} words to search for, found {words}")
    return " ".join(parts)


def _counts(character: str) -> bool:
    """Say whether a character is part of a word, as the tokenizer unicode61 reads it."""
    return unicodedata.category(character)[0] in "LN"
