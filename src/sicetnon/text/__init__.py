"""From a table to words: every section by one query and one template."""

from sicetnon.text.render import FORMATS, page_bytes, render
from sicetnon.text.renumber import renumber

__all__ = ["FORMATS", "page_bytes", "render", "renumber"]
