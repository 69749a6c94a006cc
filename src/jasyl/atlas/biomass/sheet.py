"""People's own statistics of districts: a sheet of places, items and numbers, kept beside the layers it builds."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, cast

import msgspec

from jasyl.intake import Choice, Note, Problem, Reading, Template, TemplateColumn, read, read_tables
from jasyl.places import region
from jasyl.quantities import canonical_json, decimal_text, sha256_hex, unit
from jasyl.storage import DataFolder, write_durably
from jasyl.texts import Language, Refusal, everywhere

from ..areas import COUNTRY, Level
from ..place_codes import PlaceCodes
from .crops import CROPS
from .manure import ANIMALS
from .statistics import Measure, Statistic

FILE = "biomass-statistics.json"
QUANTITIES: tuple[Measure, ...] = ("production", "area", "heads", "residues")
ITEMS: tuple[str, ...] = (*CROPS, *ANIMALS, "wood")
_DIMENSIONS = {"production": "mass", "area": "area", "heads": "count", "residues": "mass"}
# Ways to write units that only this sheet has: heads of animals, thousands, centners.
_UNITS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("heads", "head", "голов", "гол", "бас", "{head}"), ("count", "1")),
    **dict.fromkeys(("thousand heads", "тыс. голов", "тыс. гол", "мың бас"), ("count", "1000")),
    **dict.fromkeys(("thousand ha", "тыс. га", "мың га"), ("area", "10000000")),
    **dict.fromkeys(("c", "ц", "centner", "центнер"), ("mass", "100")),
    **dict.fromkeys(("thousand t",), ("mass", "1000000")),
}


@dataclass(frozen=True)
class SheetReport:
    """What a sheet holds: its good rows, the problems of the others, and remarks about reading it."""

    file: str
    rows: tuple[Statistic, ...]
    problems: tuple[Problem, ...]
    problem_count: int
    notes: tuple[Note, ...]


def _headers(message: str) -> dict[Language, str]:
    return dict(everywhere(message))


def _choice(kind: str, value: str) -> Choice:
    key = "".join(letter if letter.isalnum() else "-" for letter in value).strip("-").replace("--", "-")
    return Choice(value, _headers(f"biomass-{kind}-{key}"))


@cache
def statistics_template() -> Template:
    """Columns of a sheet of statistics: place code, item, quantity, value, unit, year, source; all required."""
    return Template(
        "biomass-statistics",
        (
            TemplateColumn("place", _headers("biomass-column-place"), length=40, required=True, example="113200000"),
            TemplateColumn(
                "item",
                _headers("biomass-column-item"),
                "choice",
                required=True,
                choices=tuple(_choice("item", item) for item in ITEMS),
                example="wheat",
            ),
            TemplateColumn(
                "quantity",
                _headers("biomass-column-quantity"),
                "choice",
                required=True,
                choices=tuple(_choice("quantity", name) for name in QUANTITIES),
                example="production",
            ),
            TemplateColumn(
                "value", _headers("biomass-column-value"), "decimal", required=True, minimum=Decimal(0), example="24850"
            ),
            TemplateColumn("unit", _headers("biomass-column-unit"), length=24, required=True, example="t"),
            TemplateColumn(
                "year",
                _headers("biomass-column-year"),
                "integer",
                required=True,
                minimum=Decimal(1990),
                maximum=Decimal(2100),
                example="2025",
            ),
            TemplateColumn(
                "source",
                _headers("biomass-column-source"),
                length=500,
                required=True,
                example="stat.gov.kz, 2026-02-14",
            ),
        ),
    )


def read_sheet(given: Path | bytes, name: str | None = None, *, folder: DataFolder | None = None) -> SheetReport:
    """The rows of a sheet (CSV, XLSX, ODS) as statistics in base units, and what is wrong with the others.

    A place is the nine digits of KATO of a district, or a region or the country by code or name; a district by name
    where ``folder`` has official boundaries. Raises Refusal of the file itself.
    """
    places = PlaceCodes(folder)
    reading = read(read_tables(given, name)[0], statistics_template())
    rows: list[Statistic] = []
    problems = list(reading.problems)
    for position, row in enumerate(reading.rows):
        try:
            rows.append(_statistic(row, reading, position, places))
        except Refusal as refusal:
            problems.append(Problem(refusal))
    count = reading.problem_count + len(problems) - len(reading.problems)
    file = reading.match.table.file
    return SheetReport(file, tuple(rows), tuple(problems), count, tuple(reading.notes))


def keep(folder: DataFolder, rows: Iterable[Statistic]) -> str:
    """Keep a sheet's rows in the folder, in place of what was kept before; gives the SHA-256 of what is kept."""
    content = canonical_json([_plain(row) for row in rows])
    write_durably(folder.atlas / FILE, content)
    return sha256_hex(content)


def forget(folder: DataFolder) -> None:
    """Let the folder go back to the statistics of the package."""
    (folder.atlas / FILE).unlink(missing_ok=True)


def kept(folder: DataFolder) -> tuple[tuple[Statistic, ...], str | None]:
    """The rows kept in the folder and their SHA-256; nothing and None when there are none.

    Raises Refusal ``biomass-statistics-damaged``.
    """
    file = folder.atlas / FILE
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return (), None
    try:
        return tuple(msgspec.json.decode(content, type=list[Statistic], strict=False)), sha256_hex(content)
    except msgspec.MsgspecError as error:
        raise Refusal("biomass-statistics-damaged", received=file.name, reason=str(error)[:200]) from error


def _statistic(row: dict[str, Any], reading: Reading, position: int, places: PlaceCodes) -> Statistic:
    quantity = cast("Measure", row["quantity"])
    item = str(row["item"])
    if (item in ANIMALS) != (quantity == "heads") or (item == "wood") != (quantity == "residues"):
        raise Refusal("biomass-quantity", where=reading.where(position, "quantity"), received=quantity, item=item)
    place = places.code(str(row["place"]), reading.where(position, "place"))
    level, within = _level(place)
    value = _base(Decimal(row["value"]), str(row["unit"]), quantity)
    if value is None:
        where = reading.where(position, "unit")
        raise Refusal("biomass-unit", where=where, received=str(row["unit"])[:24], quantity=quantity)
    return Statistic(
        place=place,
        level=level,
        region=within,
        name=str(row["place"]),
        item=item,
        measure=quantity,
        value=value,
        year=int(row["year"]),
        source=str(row["source"]),
        confidence="medium",
        confirmed=True,
        note="",
        origin=reading.match.table.file,
    )


def _level(place: str) -> tuple[Level, str | None]:
    """What a code stands for, and the region of a district."""
    if place == COUNTRY:
        return "country", None
    if place.startswith("KZ-"):
        return "region", None
    return "district", region(f"KZ-{place.removeprefix(COUNTRY)[:2]}").iso


def _base(value: Decimal, written: str, quantity: Measure) -> Decimal | None:
    """The value in the base unit of its quantity, None where the unit measures something else or is not known."""
    known = _UNITS.get(" ".join(written.casefold().split()))
    if known is None:
        try:
            found = unit(written)
        except Refusal:
            return None
        return found.to_base(value) if found.dimension == _DIMENSIONS[quantity] else None
    dimension, factor = known
    return value * Decimal(factor) if dimension == _DIMENSIONS[quantity] else None


def _plain(row: Statistic) -> dict[str, Any]:
    return {name: decimal_text(value) if isinstance(value, Decimal) else value for name, value in asdict(row).items()}
