"""The cues, read from `ontology/cues/`: words, the frame they stand in, and their stance."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sicetnon import rooms
from sicetnon.errors import DataError
from sicetnon.relations.forms import forms, plural

FRAMES = ("verb", "noun", "adjective", "preposition", "opening", "opposite", "as-said")
_NOT_CUES = frozenset({"forms.toml", "grammar.toml", "verdicts.toml", "measured.toml"})


@dataclass(frozen=True, slots=True)
class Cue:
    """One way to say a stance.

    `prep` are the words after which a noun takes its object, `agent` those that name whose it is;
    `turned` says that the object is the source: what somebody's case rests on supports it. `also`
    is a second stance that the words say: a rebuttal replies and contradicts.
    """

    id: str
    stance: str
    frame: str
    strong: bool
    prep: frozenset[str]
    agent: frozenset[str] = frozenset()
    turned: bool = False
    also: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A cue in one form: `rest` are the words after the first, `_` stands for the object.

    `tight` says that the second word must follow the first, but for an adverb; `needed` are the
    further words without the signs for an object and for a gap.
    """

    cue: Cue
    tag: str
    rest: tuple[str, ...]
    tight: bool = False
    needed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Grammar:
    """The closed lists of words; a list of pairs is a set of tuples, `heads` their first words."""

    words: Mapping[str, frozenset[str]]
    pairs: Mapping[str, frozenset[tuple[str, ...]]]
    heads: Mapping[str, frozenset[str]]
    verbs: Mapping[str, Mapping[str, str]]

    def has(self, name: str, word: str) -> bool:
        """Say whether a word is in a list."""
        return word in self.words[name]


def load(name: str) -> dict[str, Any]:
    """Return a file of `ontology/cues/`."""
    path = rooms.room("ontology") / "cues" / name
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise DataError(f"{path}: expected a file of cues in TOML, found {error}") from error


@cache
def _exceptions() -> tuple[Mapping[str, list[str]], frozenset[str]]:
    table = load("forms.toml")
    return table["irregular"], frozenset(table["doubled"]["words"])


def verb_forms(base: str) -> dict[str, str]:
    """Return the forms of a verb, form → tag."""
    return forms(base, *_exceptions())


@cache
def grammar() -> Grammar:
    """Return the closed lists; the lists of verbs hold every form of each verb with its tag."""
    words: dict[str, frozenset[str]] = {}
    pairs: dict[str, frozenset[tuple[str, ...]]] = {}
    verbs: dict[str, dict[str, str]] = {}
    for table in load("grammar.toml").values():
        for name, listed in table.items():
            words[name] = frozenset(word for word in listed if " " not in word)
            pairs[name] = frozenset(tuple(w.split(" ")) for w in listed if " " in w)
            if name in {"light", "receiving", "reporting", "taking", "claiming"}:
                verbs[name] = {
                    form: tag
                    for word in listed
                    for form, tag in verb_forms(word.split()[0]).items()
                }
    heads = {name: frozenset(pair[0] for pair in listed) for name, listed in pairs.items()}
    return Grammar(words, pairs, heads, verbs)


def listed(name: str) -> frozenset[str]:
    """Return a closed list of words."""
    return grammar().words[name]


def _spelled(words: str, frame: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield first word, tag and further words of every form of a cue."""
    first, *rest = words.replace("-", " ").split(" ")
    if frame in {"verb", "opposite"}:
        for form, tag in verb_forms(first).items():
            yield form, tag, tuple(rest)
    elif frame == "as-said":
        for form, tag in verb_forms(rest[0]).items():
            yield first, tag, (form,)
    elif frame == "noun":
        *lead, head = first, *rest
        if lead:
            yield first, "one", tuple(rest)
        else:
            yield head, "one", ()
            yield plural(head), "many", ()
    else:
        yield first, "", tuple(rest)


def _tight(frame: str, rest: tuple[str, ...]) -> bool:
    loose = frame == "as-said" or (frame == "verb" and len(rest) > 1)
    return bool(rest) and not loose and rest[0] not in {"_", "*", "that"}


@cache
def cues() -> Mapping[str, tuple[Form, ...]]:
    """Return first word → the forms that begin with it, the longest first."""
    found: defaultdict[str, list[Form]] = defaultdict(list)
    folder = rooms.room("ontology") / "cues"
    for path in sorted(folder.glob("*.toml")):
        if path.name in _NOT_CUES:
            continue
        table = load(path.name)
        for row in table["cue"]:
            if row["frame"] not in FRAMES:
                expected = ", ".join(FRAMES)
                raise DataError(f"{path}: expected a frame of {expected}, found {row['frame']!r}")
            agents = frozenset(row.get("agent", ("by", "from")))
            cue = Cue(
                id=f"{table['stance']}/{row['id']}",
                stance=table["stance"],
                frame=row["frame"],
                strong=row["strength"] == "strong",
                prep=frozenset(row.get("prep", ())) - agents,
                agent=agents,
                turned=row.get("turned", False),
                also=row.get("also", ""),
            )
            for words in row["words"]:
                for first, tag, rest in _spelled(words, cue.frame):
                    needed = frozenset(rest) - {"_", "*"}
                    tight = _tight(cue.frame, rest)
                    found[first].append(Form(cue, tag, rest, tight, needed))
    return {
        first: tuple(sorted(listed, key=lambda form: -len(form.rest)))
        for first, listed in found.items()
    }


def is_cue_verb(word: str) -> bool:
    """Say whether a word is a cue's verb in the third person, and nothing else."""
    return (
        all(
            form.cue.frame == "verb" and form.tag == "s"
            for form in cues().get(word, (None,))
            if form
        )
        and word in cues()
    )


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Verbs of judging, form → tag, and words of praise and blame → stance."""

    verbs: Mapping[str, str]
    words: Mapping[tuple[str, ...], str]


@cache
def verdicts() -> Verdicts:
    """Return the words by which somebody judges what somebody else holds."""
    table = load("verdicts.toml")
    verbs = {f: tag for base in table["verbs"]["words"] for f, tag in verb_forms(base).items()}
    words = {
        tuple(phrase.split(" ")): row["stance"]
        for row in table["verdict"]
        for phrase in row["words"]
    }
    return Verdicts(verbs, words)
