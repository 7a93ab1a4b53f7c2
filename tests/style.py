"""Hold the query files to their style, or bring them to it: `python tests/style.py [--fix]`."""

from __future__ import annotations

import sys

from sicetnon import rooms
from sicetnon.query.lint import problems
from sicetnon.query.style import formatted


def main(arguments: list[str]) -> int:
    """Print what is wrong, after mending what can be mended with `--fix`."""
    files = sorted(rooms.room("queries").rglob("*.rq"))
    if "--fix" in arguments:
        for file in files:
            text = file.read_text(encoding="utf-8")
            if (mended := formatted(text)) != text:
                file.write_text(mended, encoding="utf-8", newline="\n")
    found = [problem for file in files for problem in problems(file)]
    print("\n".join([*found, f"{len(files)} query files, {len(found)} problems"]))
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
