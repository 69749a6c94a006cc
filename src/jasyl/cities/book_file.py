"""A city book as a file has it, and what its rows say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jasyl.indicators import Catalogue
from jasyl.intake import boolean, decimal
from jasyl.texts import Refusal, Where

from .breakdown import Groups, groups_of_text
from .city import City
from .entry import BASES, Entry
from .finding import Finding
from .findings import findings

DEFAULT_CATALOGUE = "u4ssc"


# What the note of every filled row of a training book begins with, in sheets that are taken away.
TRAINING_MARK = "[training data, fictional]"


@dataclass(frozen=True)
class BookFile:
    """A book as a file has it.

    ``problems`` are cells that could not be read; with any of them the book is not whole and is only to be shown.
    ``converted`` are the remarks on values that came in another unit. ``empty`` counts rows in which nothing stands.
    ``training``: the file says that its values are fictional.
    """

    name: str
    city: City
    year: int
    catalogue: Catalogue
    entries: Mapping[str, Entry]
    problems: tuple[Refusal, ...] = ()
    converted: tuple[Finding, ...] = ()
    empty: int = 0
    places: Mapping[tuple[str, str], Where] = field(default_factory=dict[tuple[str, str], Where])
    training: bool = False

    def where(self, point: str, field_: str) -> Where:
        """The cell of a field of a data point."""
        return self.places.get((point, field_)) or self.places.get((point, "point")) or Where(self.name)

    def findings(self, beside: Mapping[str, Entry] | None = None) -> list[Finding]:
        """What the automatic checks say of it at its place in the file, together with what stands in a book already
        (``beside``); of that only what concerns the file."""
        found = findings({**(beside or {}), **self.entries}, self.catalogue)
        mine = [one for one in found if one.point in self.entries or self.entries.keys() & set(one.points)]
        whole = [one for one in found if not one.point and not self.problems]
        return [
            one.at(self.where(one.point, one.field) if one.point in self.entries else Where(self.name))
            for one in (*self.converted, *mine, *whole)
        ]


def entry_of(
    catalogue: Catalogue, point: str, row: Mapping[str, Any], cells: Mapping[str, Where] | None = None
) -> Entry | None:
    """The entry of a row of typed cells; None where nothing is said (a denominator that the template filled in says
    nothing by itself). An empty status is ``reported`` where there is a number, as in the template of U4SSC.

    Raises Refusal ``not-number``, ``not-boolean``, ``number-unclear``, ``city-evidence-hash``.
    """
    value = _value(catalogue, point, row.get("value"), _at(cells, "value"))
    numbers = (row.get("numerator"), value)
    status = row.get("status")
    note, evidence, reason = (row.get(key) or "" for key in ("note", "evidence", "reason"))
    if status is None and all(one is None for one in numbers) and not (note or evidence or reason or row.get("parts")):
        return None
    if status is None:
        status = "reported" if any(one is not None for one in numbers) else "not_reported"
    if evidence and not _is_hash(evidence):
        raise Refusal("city-evidence-hash", where=_at(cells, "evidence"), received=evidence[:80])
    denominator = row.get("denominator") if any(one is not None for one in numbers) or row.get("status") else None
    dated = row.get("dated")
    groups = _groups(row.get("parts"), _at(cells, "parts"))
    return Entry(
        point,
        row.get("numerator"),
        None if status in ("not_reported", "not_applicable") and row.get("numerator") is None else denominator,
        value,
        status,
        row.get("origin"),
        row.get("quality"),
        row.get("unit") or None,
        None if dated is None else str(dated),
        note,
        evidence.lower() or None,
        row.get("proposal") or None,
        reason,
        row.get("level") or "public",
        groups.parts,
        closed=groups.closed,
    )


def _groups(given: Any, where: Where) -> Groups:
    """The groups of a cell of text; of a document they are read already."""
    return groups_of_text(given, where) if isinstance(given, str) else given or Groups()


def _value(catalogue: Catalogue, point: str, given: Any, where: Where) -> Decimal | None:
    """A number, or the yes and no of a yes/no data point."""
    if given is None or isinstance(given, Decimal):
        return given
    try:
        if point not in BASES and catalogue.point(point).is_yes_no:
            said = boolean(given)
            return None if said is None else Decimal(int(said))
        return decimal(given)
    except Refusal as refusal:
        raise Refusal(refusal.code, where=where, **refusal.arguments) from None


def _at(cells: Mapping[str, Where] | None, key: str) -> Where:
    return Where(field=key) if cells is None else cells[key]


def _is_hash(text: str) -> bool:
    return len(text) == 64 and all(letter in "0123456789abcdefABCDEF" for letter in text)
