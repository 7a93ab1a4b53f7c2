"""Find what lives beside the code: ontology, shapes, queries, graphs and examples."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sicetnon.errors import DataError

_PACKAGE = Path(__file__).parent


@cache
def room(name: str) -> Path:
    """Return the folder `name` of a checkout, or its copy in an installed wheel."""
    for home in (_PACKAGE / "_rooms", _PACKAGE.parent.parent):
        folder = home / name
        if folder.is_dir():
            return folder
    raise DataError(f"the installation lacks its folder {name!r}; install sicetnon again")
