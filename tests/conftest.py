"""Where tests find what they share: example pages, and the seed page where it is at hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from serving import serving
from sicetnon.library import Library

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted((ROOT / "examples").glob("*.txt"))
COMMANDS = re.compile(r"sicetnon [a-z]|(^|[\s(])-(-[a-z]|p )")
"""What only a command line understands, and no answer to another client may speak of."""

SEED = ROOT.parent / "shared" / "seed" / "deep-learning-theory-limits-v8.txt"


@pytest.fixture
def seed() -> Path:
    """The real page that the project was first built for; not part of the project."""
    if not SEED.is_file():
        pytest.skip(f"the seed page is not at {SEED.relative_to(ROOT.parent)}")
    return SEED


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """A library on disk with both example pages."""
    found = Library(str(tmp_path / "sicetnon.store"))
    assert {page.status for page in found.ingest(EXAMPLES)} == {"stored"}
    return found


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """A library of both example pages, which no test changes."""
    found = Library(str(tmp_path_factory.mktemp("served") / "sicetnon.store"))
    list(found.ingest(EXAMPLES))
    return found


@pytest.fixture(scope="session")
def client(served: Library) -> Iterator[httpx.Client]:
    """A client of a server of that library."""
    with serving(served.location) as url, httpx.Client(base_url=url, timeout=30) as found:
        yield found
