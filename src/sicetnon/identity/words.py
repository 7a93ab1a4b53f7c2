"""Text to words that compare: Unicode, quotes, dashes, hyphenation, spelling."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

_FOLDS = str.maketrans(
    dict.fromkeys("‘’‛′`´ʼ", "'") | dict.fromkeys("“”„‟″«»", '"') | dict.fromkeys("‐‑‒−", "-")
)
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe0f]")
_TAGS = re.compile(r"</?(?:i|b|em|strong|sub|sup|span|mark)\b[^<>]{0,80}>", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_HYPHENATED = re.compile(r"(?<=[^\W\d_]{2})- (?!(?:and|or|to)\b)(?=[^\W\d_])", re.IGNORECASE)
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_VERSUS = re.compile(r"\b(?:v\.? ?s\.?|versus)(?!\w)")
_WORD = re.compile(r"[^\W_]+")
_WIDE = re.compile(r"([\u3040-\u30ff\u3400-\u9fff])")
_PARTS = {"part": "part", "pt": "part", "volume": "volume", "vol": "volume", "chapter": "chapter"}
_NUMBERS = {"ii": "2", "iii": "3"}
_COUNTED = _NUMBERS | {
    name: str(n)
    for names in ("i ii iii iv v vi vii viii ix x", "one two three four five six seven eight nine")
    for n, name in enumerate(names.split(" "), start=1)
}
_ARTICLES = frozenset({"the", "a", "an"})
_SPELLINGS = tuple(
    (re.compile(pattern), new)
    for pattern, new in (
        (r"(?<=..)is(ations?|ational|able|e|ed|er|ers|es|ing)$", r"iz\1"),
        (r"(?<=..)ys(e|ed|er|ers|es|ing)$", r"yz\1"),
        (r"(?<=...)our(s|al|ally|ed|ing|able|hood|ist|ists)?$", r"or\1"),
        (r"(?<=[aeiou])ll(ing|ed|er|ers)$", r"l\1"),
        (r"(?<=..)([tb])re(s?)$", r"\1er\2"),
        (r"ogue(s?)$", r"og\1"),
        (r"^(defen|offen|licen|preten)ce(s?)$", r"\1se\2"),
        (r"^(judg|acknowledg)ement(s?)$", r"\1ment\2"),
        (r"^programme(s?)$", r"program\1"),
        (r"^(?=.{7})(.*?)[ao]e", r"\1e"),
        (r"^artefact", "artifact"),
        (r"^sceptic", "skeptic"),
        (r"^grey", "gray"),
        (r"^ageing$", "aging"),
    )
)
_PARTIAL = (
    (re.compile(r"is(a|at|ati|atio|i|in)?$"), r"iz\1"),
    (re.compile(r"iz(a|at|ati|atio|i|in)?$"), r"iz\1"),
    (re.compile(r"our(\w{0,4})$"), r"or\1"),
    (re.compile(r"ou$"), "o"),
    (re.compile(r"(?<=[aeiou])ll(i|in|e)?$"), r"l\1"),
    (re.compile(r"ys(i|in)?$"), r"yz\1"),
)


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text that lists words."""
    return frozenset(text.split())


def tidy(text: str) -> str:
    """Return a title on one line with plain quotes, hyphens and spaces, and `…` as three dots."""
    text = _TAGS.sub("", html.unescape(text)) if "&" in text or "<" in text else text
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).translate(_FOLDS)
    return _HYPHENATED.sub("", _SPACES.sub(" ", plain).strip())


@lru_cache(maxsize=1 << 14)
def spelled(word: str) -> str:
    """Return one spelling for a word that is spelled in the British and the American way."""
    if len(word) < 5:
        return word
    for pattern, new in _SPELLINGS:
        word = pattern.sub(new, word)
    return word


def _raw(text: str) -> list[str]:
    """Return the lower-case words of a tidy text, without accents."""
    plain = text.casefold()
    if not plain.isascii():
        apart = unicodedata.normalize("NFKD", plain)
        plain = "".join(c for c in apart if not unicodedata.combining(c))
        plain = _WIDE.sub(r" \1 ", plain)
    plain = _APOSTROPHE.sub("", plain.replace("&", " and "))
    found = _WORD.findall(_VERSUS.sub("vs", plain))
    for n, word in enumerate(found):
        if n and found[n - 1] in _PARTS:
            found[n - 1 : n + 1] = _PARTS[found[n - 1]], _COUNTED.get(word, word)
        elif word in _NUMBERS:
            found[n] = _NUMBERS[word]
    return found


def words(text: str) -> tuple[str, ...]:
    """Return the words of a tidy text as they compare: one spelling, no articles."""
    found = _raw(text)
    last = len(found) - 1
    return tuple(spelled(w) for n, w in enumerate(found) if w not in _ARTICLES or n == last)


def stems(text: str) -> tuple[str, ...]:
    """Return what a text that is cut, perhaps inside a word, may begin with when run together."""
    found = _raw(text)
    if not found:
        return ()
    *whole, partial = found
    head = "".join(spelled(w) for w in whole if w not in _ARTICLES)
    tails = {partial, spelled(partial)} | {p.sub(new, partial) for p, new in _PARTIAL}
    if any(article.startswith(partial) for article in _ARTICLES):
        tails.add("")
    return tuple(sorted(head + tail for tail in tails if head + tail))
