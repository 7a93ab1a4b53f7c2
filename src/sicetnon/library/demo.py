"""The main job on the examples that ship: ingest, check, ask, write out, draw."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from sicetnon import query, rooms, view
from sicetnon.errors import DataError
from sicetnon.library import Library
from sicetnon.model import VersionLabel
from sicetnon.shapes import FORMATS

_SECTIONS = ("narrative", "timeline", "perspectives", "tensions", "sources")


def run(folder: Path) -> Iterator[str]:
    """Fill `folder` and yield, step by step, what was done and what there is to open."""
    kept = folder / "sicetnon.store"
    if folder.exists() and not kept.exists() and any(folder.iterdir()):
        raise DataError(f"{folder}: expected an empty folder or an earlier demo, found other files")
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    library = Library(str(kept))
    examples = rooms.room("examples")
    for page in library.ingest([examples]):
        if page.version is None:
            raise DataError(page.message)
        yield f"{page.status}  {page.thread} version {page.version}: {_counted(page.counts)}"
        yield f"  {_round_trip(library, page.thread, page.version, Path(page.path))}"
    findings = library.check()
    _write(folder / "findings.txt", FORMATS["text"](findings))
    worst = sum(finding.severity == "violation" for finding in findings)
    yield f"checked  {worst} violations, {len(findings) - worst} warnings"
    thread = library.threads()[0].thread
    _write(folder / "uncited.csv", query.FORMATS["csv"](library.ask("uncited-entries")))
    for name in ("page", *_SECTIONS):
        _write(folder / f"{name}.html", library.render(name, thread, format="html"))
    _write(folder / "page.md", library.render("page", thread, format="markdown"))
    for kind in ("html", "svg") if view.is_installed() else ():
        _write(folder / f"memorization-debate.{kind}", library.draw("memorization-debate", kind))
    yield ""
    yield "Open these (no network is needed):"
    for name, what in (
        ("memorization-debate.html", "who contradicts whom on memorization: map, explorer, text"),
        ("page.html", "the whole page, written from the graph"),
        ("page.md", "the same for a Markdown tool"),
        ("findings.txt", "what the checks found, with page and line"),
        ("uncited.csv", "sources that the page never cites"),
    ):
        if (folder / name).exists():
            yield f"  {folder / name}  -  {what}"
    if not view.is_installed():
        yield f"The drawing was left out; it needs: {view.INSTALL}"
    yield f"Ask more:  sicetnon --store {kept} ask --list"


def _counted(counts: object) -> str:
    assert isinstance(counts, dict)
    return ", ".join(f"{count} {kind}" for kind, count in counts.items())


def _round_trip(library: Library, thread: str, version: VersionLabel, page: Path) -> str:
    if library.page(thread, version) != page.read_bytes():
        raise DataError(f"{page}: expected the page back byte for byte, found a difference")
    return "written back from the graph: the same, byte for byte"


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="")
