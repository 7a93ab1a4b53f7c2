"""A finding: what a rule has to say of one node, and where on its page that node stands."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sicetnon.model import VersionLabel

SEVERITIES = ("violation", "warning", "info")


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of a check; `line` is 0 where the node stands on no page."""

    severity: str
    rule: str
    message: str
    thread: str
    version: VersionLabel | None
    line: int
    quote: str
    node: str
    file: str = ""

    def dict(self) -> dict[str, str | int | None]:
        """Return the fields of a finding, in their order."""
        return asdict(self)

    @property
    def rank(self) -> tuple[str, str, int, int, str, str, str]:
        """Where a finding stands in a report: by page, then the worst first, then by line."""
        severity = SEVERITIES.index(self.severity)
        return (
            self.thread,
            str(self.version or "").rjust(10),
            severity,
            self.line,
            self.rule,
            self.node,
            self.message,
        )
