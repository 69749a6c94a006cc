"""What is wrong with a report or an inventory, or worth knowing, each with its place and how to mend it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from jasyl.texts import Language, Refusal, Where

Level = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """One thing found; of a plant's report at a ``line`` (or ``quota``, ``sent_out`` …) and a field of it.

    ``error``: what it is about has no result, and with it the whole no total; ``warning``: calculated, to be looked at.
    """

    level: Level
    refusal: Refusal
    line: str = ""
    field: str | None = None

    @property
    def code(self) -> str:
        """``fuel-density`` …"""
        return self.refusal.code

    def text(self, language: Language) -> str:
        """Place, what is wrong, how to mend it."""
        return self.refusal.text(language)

    def as_data(self, language: Language) -> dict[str, Any]:
        """The same for a program."""
        placed = {"line": self.line, "field": self.field} if self.line else {}
        return {"level": self.level, **placed, **self.refusal.as_data(language)}

    def placed(self, places: Mapping[str, Where]) -> "Finding":
        """The same at the row of a file that the line came from."""
        row = places.get(self.line)
        if row is None:
            return self
        where = Where(row.file, row.sheet, row.row, self.field)
        return replace(self, refusal=Refusal(self.refusal.code, where=where, **self.refusal.arguments))


def error_at(refusal: Refusal, line: str, field: str | None = None) -> Finding:
    """A refusal met while calculating, placed at its line; a field it names itself stays."""
    named = (refusal.where.field if refusal.where else None) or field
    return _finding("error", refusal, line, named)


def warning(
    code: str, line: str, field: str | None = None, *, received: str | None = None, expected: str | None = None
) -> Finding:
    """Something that is calculated with and should be looked at."""
    return _finding("warning", Refusal(code, received=received, expected=expected), line, field)


def _finding(level: Level, refusal: Refusal, line: str, field: str | None) -> Finding:
    where = Where(field=f"{line} → {field}" if field else line)
    return Finding(level, Refusal(refusal.code, where=where, **refusal.arguments), line, field)
