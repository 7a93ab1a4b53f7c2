"""Every exception that the package raises on purpose.

SicetnonError
├── UsageError      the call is wrong: an unknown query, a parameter that is missing or ill-typed
│   └── UnknownError  it names, in good form, what the store does not know
└── DataError       what was handed in is wrong
    ├── PageError   a page that cannot be read, with its line
    ├── StoreError  a store that cannot be opened, read or written
    └── ModelError  a language model that cannot be asked, or does not answer
"""

from __future__ import annotations


class SicetnonError(Exception):
    """Anything that the user can mend: it says where, what was expected, what was found.

    `advice` is what to type at the command line, which nothing but the command line shows.
    """

    def __init__(self, *told: object, advice: str = "") -> None:
        super().__init__(*told)
        self.advice = advice


class UsageError(SicetnonError):
    """A call that cannot be meant: an unknown name, a missing or ill-typed parameter."""


class UnknownError(UsageError):
    """A call that names, in good form, what the store does not know."""


class DataError(SicetnonError):
    """Input that does not hold what it must hold."""


class PageError(DataError):
    """A page that no reader can read without losing something; says the line."""

    def __init__(self, line: int, expected: str, found: str) -> None:
        super().__init__(f"{line}: expected {expected}, found {found}")
        self.line = line
        self.expected = expected
        self.found = found


class StoreError(DataError):
    """A store that is missing, locked, damaged or full."""


class ModelError(DataError):
    """A language model that cannot be asked or does not answer; never tells the key."""
