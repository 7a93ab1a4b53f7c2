"""The documents: what they show works, and what there is they name."""

from __future__ import annotations

import importlib.util
import re
import shlex
from pathlib import Path

import pytest

from sicetnon import query
from test_cli import COMMANDS, run

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
WRITTEN = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS.rglob("*.md")])


def generated() -> dict[str, str]:
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return dict(module.pages())


def test_reference_pages_are_up_to_date() -> None:
    for name, text in generated().items():
        assert (DOCS / name).read_text(encoding="utf-8") == text, "run: make docs"


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if not target.startswith("http"):
            assert (path.parent / target).exists(), target


def test_every_command_and_question_is_named() -> None:
    told = (DOCS / "commands.md").read_text(encoding="utf-8")
    assert all(f"\n## {command}\n" in told for command in COMMANDS)
    asked = "".join(path.read_text(encoding="utf-8") for path in WRITTEN)
    assert all(f"`{name}`" in asked or f"### {name}\n" in asked for name in query.catalogue())


def commands(path: Path) -> list[str]:
    """Return the `sicetnon` commands that a document shows after a prompt."""
    text = path.read_text(encoding="utf-8")
    lines = re.findall(r"^\$ (sicetnon .*)$", text, re.MULTILINE)
    return [re.sub(r"\s+#.*$", "", line) for line in lines]


@pytest.mark.parametrize(
    "path", [path for path in WRITTEN if commands(path)], ids=lambda path: path.name
)
def test_commands_of_a_document_work_in_their_order(path: Path, tmp_path: Path) -> None:
    for room in ("examples", "graphs"):
        (tmp_path / room).symlink_to(ROOT / room)
    for line in commands(path):
        words = shlex.split(line)[1:]
        done = run(*words, cwd=tmp_path)
        wanted = {0, 1} if "check" in words else {0}
        assert done.returncode in wanted, f"{line}: {done.stderr.decode()}"
