"""Run the notebook of docs/ and keep what it shows: `python tests/notebook.py`."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import nbclient
import nbformat

ROOT = Path(__file__).parent.parent
NOTEBOOK = ROOT / "docs" / "a-debate-in-a-notebook.ipynb"


def executed() -> Any:
    """Return the notebook as it comes out of a run in an empty folder, without times."""
    os.environ.setdefault("JUPYTER_PLATFORM_DIRS", "1")
    found = nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]
    with tempfile.TemporaryDirectory() as folder:
        client = nbclient.NotebookClient(
            found,
            timeout=120,
            kernel_name="python3",
            resources={"metadata": {"path": folder}},
            record_timing=False,
        )
        client.execute()
    found.metadata.pop("language_info", None)  # which Python ran it is no part of it
    return found


def shown(found: Any) -> list[object]:
    """Return what the cells of a notebook show, cell by cell; of a drawing, that there is one.

    Where the lines of a drawing run depends on the version of Graphviz and on the fonts.
    """
    return [
        [
            {
                kind: kind if kind == "image/svg+xml" else value
                for kind, value in output.get("data", output).items()
            }
            for output in cell.get("outputs", [])
        ]
        for cell in found.cells
    ]


if __name__ == "__main__":
    nbformat.write(executed(), NOTEBOOK)  # type: ignore[no-untyped-call]
