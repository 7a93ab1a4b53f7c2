"""A written synthesis of a debate as a knowledge graph: check it, query it, write it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sicetnon.library import Library, open  # noqa: A004 - `sicetnon.open` reads as what it does

__version__ = "0.1.0"
__all__ = ["Library", "__version__", "open"]


def __getattr__(name: str) -> object:
    """Load the library on first use, so that importing the package costs nothing."""
    if name in {"Library", "open"}:
        from sicetnon import library

        return getattr(library, name)
    raise AttributeError(f"module 'sicetnon' has no attribute {name!r}")
