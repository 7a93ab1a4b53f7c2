"""What a process holds does not grow with the number of pages that it has seen."""

from __future__ import annotations

import importlib
import inspect
import os
import pkgutil
import platform
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

import sicetnon
from sicetnon.store import EmbeddedStore, embedded, snapshot

# What pages say never reaches these: names that stand in the code, and a server's own stores.
_OF_THE_PACKAGE = {"sicetnon.terms.sen", "sicetnon.rooms.room", "sicetnon.mcp.engine.engine"}
_HELD = """
from sicetnon.store.memory import give_back

def held():
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("RssAnon"))

blocks = [bytes(1000) for _ in range(100_000)]
last = blocks.pop()
full = held()
del blocks
kept = held()
give_back()
print(full, kept, held())
"""


def _remembered() -> list[str]:
    """Return the functions that remember their answers without a bound, by argument."""
    found = set()
    for module in pkgutil.walk_packages(sicetnon.__path__, "sicetnon."):
        if module.name.endswith("__main__"):
            continue
        try:
            held = vars(importlib.import_module(module.name))
        except ImportError:  # an extra that is not installed
            continue
        for value in held.values():
            is_endless = (
                hasattr(value, "cache_parameters") and not value.cache_parameters()["maxsize"]
            )
            if is_endless and inspect.signature(value).parameters:
                found.add(f"{value.__module__}.{value.__qualname__}")
    return sorted(found - _OF_THE_PACKAGE)


def test_what_is_remembered_by_argument_has_a_bound() -> None:
    assert _remembered() == []


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc holds and gives back")
def test_freed_memory_goes_back_to_the_system() -> None:
    run = subprocess.run(
        [sys.executable, "-c", _HELD], capture_output=True, text=True, check=True, env=os.environ
    )
    full, kept, after = map(int, run.stdout.split())
    assert kept > 0.7 * full
    assert after < full - 70_000


def _quad(number: int) -> Quad:
    node = NamedNode(f"urn:{number}")
    return Quad(node, node, Literal(str(number)), node)


def test_a_writer_gives_back_what_a_flush_frees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[int] = []
    store = EmbeddedStore.on_disk(tmp_path)
    monkeypatch.setattr(embedded, "give_back", lambda: given.append(len(store.engine)))
    for number in range(60):
        store.add([_quad(number)])
    assert given == [25, 50]


def test_a_reader_gives_back_what_the_snapshot_before_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    EmbeddedStore.on_disk(tmp_path).add([_quad(1)])
    EmbeddedStore.on_disk(tmp_path, read_only=True)
    given: list[str] = []
    monkeypatch.setattr(snapshot, "give_back", lambda: given.append("back"))
    EmbeddedStore.on_disk(tmp_path, read_only=True)
    assert given == ["back"]
