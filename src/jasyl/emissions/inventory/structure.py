"""What a GPC inventory consists of: its cells by reference, the totals each is part of, the keys it may hold.

Global Protocol for Community-Scale Greenhouse Gas Inventories, version 1.1 (WRI, C40, ICLEI 2021). The 54 cells, the
notation keys, the totals and the data-quality grades are rows of ``data/gpc_structure.csv`` with source and confidence.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

from jasyl.texts import Language, Refusal, say

Total = Literal["basic", "basic_plus", "territorial"]
NotationKey = Literal["IE", "NE", "NO", "C"]
Quality = Literal["H", "M", "L"]
TOTALS: tuple[Total, ...] = get_args(Total)
KEYS: tuple[NotationKey, ...] = get_args(NotationKey)
SECTORS = ("I", "II", "III", "IV", "V", "VI")
# Rows that only some tools have (II.5.3), or that belong to no total (VI.1): they may stay out of an inventory.
_OPTIONAL = ("II.5.3", "VI.1")


@dataclass(frozen=True)
class GpcCell:
    """One cell. ``basic``, ``basic_plus`` and ``territorial`` say of which totals it is a part; a cell of the
    territorial total alone (I.4.4, waste of others) is never added to the other two. ``gases`` are families: HFC, PFC.
    """

    ref: str
    sector: str
    subsector: str
    scope: int
    covers: str
    basic: bool
    basic_plus: bool
    territorial: bool
    gases: tuple[str, ...]
    keys: tuple[str, ...]
    activity: str
    method: str
    check: str
    source: str
    confidence: str

    @property
    def optional(self) -> bool:
        """Whether an inventory is whole without it."""
        return self.ref in _OPTIONAL

    @property
    def may_be_negative(self) -> bool:
        """Land is the only sink: its removals are reported, not clipped."""
        return self.ref == "V.2"

    def part_of(self, total: Total) -> bool:
        """Whether the cell is added to ``total``."""
        return {"basic": self.basic, "basic_plus": self.basic_plus, "territorial": self.territorial}[total]

    def name(self, language: Language) -> str:
        """Its sub-sector in words."""
        return say(language, f"gpc-{self.subsector.replace('.', '-')}")


def cells() -> tuple[GpcCell, ...]:
    """All cells in the order of the protocol: I.1.1 … VI.1."""
    return tuple(_cells().values())


def cell(ref: str) -> GpcCell:
    """The cell of a reference (``I.4.4``). Raises Refusal ``inventory-ref``."""
    found = _cells().get(ref)
    if found is None:
        raise Refusal("inventory-ref", received=ref[:20], expected=nearest(ref))
    return found


def nearest(ref: str) -> str:
    """The reference somebody may have meant: I.63 is I.6.3; else the whole range."""
    folded = ref.replace(".", "").replace(" ", "").upper()
    meant = [one for one in _cells() if one.replace(".", "") == folded]
    return meant[0] if meant else "I.1.1 … VI.1"


def place_of(ref: str) -> int:
    """Where a reference stands in the protocol; what is none stands behind all."""
    return list(_cells()).index(ref) if ref in _cells() else len(_cells())


def subsectors() -> Mapping[str, tuple[GpcCell, ...]]:
    """Cells by sub-sector (``I.4``), in order."""
    found: dict[str, tuple[GpcCell, ...]] = {}
    for one in cells():
        found[one.subsector] = (*found.get(one.subsector, ()), one)
    return found


def sector_name(sector: str, language: Language) -> str:
    """``Стационарная энергетика`` for I."""
    return say(language, f"gpc-{sector}")


@cache
def _cells() -> dict[str, GpcCell]:
    text = (files("jasyl.emissions") / "data" / "gpc_structure.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(text.splitlines()) if row["record_type"] == "source"]
    found = {row["ref"]: _cell(row) for row in rows}
    return {one.ref: one for one in sorted(found.values(), key=_order)}


def _order(one: GpcCell) -> tuple[int, ...]:
    sector, *rest = one.ref.split(".")
    return (SECTORS.index(sector), *(int(part) for part in rest))


def _cell(row: dict[str, str]) -> GpcCell:
    sector, number, *_ = row["ref"].split(".")
    return GpcCell(
        ref=row["ref"],
        sector=sector,
        subsector=f"{sector}.{number}",
        scope=int(row["scope"]),
        covers=row["covers"],
        basic=row["in_basic"] == "1",
        basic_plus=row["in_basic_plus"] == "1",
        territorial=row["in_territorial"] == "1",
        gases=tuple(row["gases"].split(";")),
        keys=tuple(row["notation_allowed"].split(";")),
        activity=row["activity_data"],
        method=row["default_method"],
        check=row["check"],
        source=row["source"],
        confidence=row["confidence"],
    )
