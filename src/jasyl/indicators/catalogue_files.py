"""Catalogues out of files: a folder of CSV files, a workbook, one CSV or JSON; those of the package are read so too."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, cast

from jasyl.intake import Table, read_json, read_tables
from jasyl.texts import Refusal, Where

from .catalogue import Catalogue, DataPoint, Indicator
from .catalogue_columns import NEEDED_SHEETS, SHEETS, Column
from .words import Words

CATALOGUES = ("u4ssc", "sdg11", "circular")


@dataclass(frozen=True, slots=True)
class _Line:
    """A row as texts by column, and the place it came from."""

    cells: Mapping[str, str]
    file: str
    sheet: str | None
    number: int

    def where(self, column: str | None = None) -> Where:
        return Where(self.file, self.sheet, self.number, column)

    def words(self, stem: str) -> Words:
        return Words(*(self.cells.get(f"{stem}_{language}", "") for language in ("kk", "ru", "en")))

    def entries(self, column: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in self.cells.get(column, "").split(";") if part.strip())

    def number_of(self, column: str, otherwise: Decimal) -> Decimal:
        return Decimal(self.cells[column]) if self.cells.get(column) else otherwise


@cache
def catalogue(name: str) -> Catalogue:
    """A catalogue of the package: ``u4ssc``, ``sdg11``, ``circular``. Raises Refusal ``catalogue-unknown``."""
    if name not in CATALOGUES:
        raise Refusal("catalogue-unknown", received=name[:80], expected=", ".join(CATALOGUES))
    folder = files("jasyl.indicators") / "data" / name
    return _built(_of_files({sheet: folder / f"{sheet}.csv" for sheet in SHEETS}, name), name)


def read_catalogue(given: Path | str) -> Catalogue:
    """One's own catalogue, without code.

    ``given`` is a folder with ``catalogue.csv`` (columns key, value), ``indicators.csv`` and where needed
    ``points.csv`` and ``groups.csv``; or a workbook with sheets of these names; or a JSON document as
    ``catalogue_schema`` describes it; or a single CSV of indicators, whose name then is the catalogue's id.
    Raises Refusal ``catalogue-no-sheet``, ``catalogue-column``, ``catalogue-value``, ``catalogue-twice``,
    ``catalogue-stray-point``, ``catalogue-json``, and those of the file itself.
    """
    path = Path(given)
    if path.is_dir():
        sheets = _of_files({sheet: path / f"{sheet}.csv" for sheet in SHEETS}, "")
    elif path.suffix.lower() == ".json":
        sheets = _of_document(path)
    else:
        sheets = _of_tables(read_tables(path))
    return _built(sheets, path.stem, path.name)


def _of_files(found: Mapping[str, Path | Traversable], folder: str) -> dict[str, list[_Line]]:
    return {
        sheet: list(_lines(sheet, read_tables(file.read_bytes(), f"{folder}/{file.name}".lstrip("/"))[0]))
        for sheet, file in found.items()
        if file.is_file()
    }


def _of_tables(tables: list[Table]) -> dict[str, list[_Line]]:
    if len(tables) == 1 and tables[0].sheet is None:
        return {"indicators": list(_lines("indicators", tables[0]))}
    named = {(table.sheet or "").strip().lower(): table for table in tables}
    return {name: list(_lines(name, named[name])) for name in SHEETS if name in named}


def _lines(sheet: str, table: Table) -> Iterator[_Line]:
    if sheet == "catalogue":
        told = {"key", "value"} <= set(table.header)
        pairs = {row["key"].text.strip(): row["value"].text.strip() for row in table.rows()} if told else {}
        yield _checked(_Line(pairs, table.file, table.sheet, table.header_row), sheet)
        return
    for row in table.rows():
        cells = {column: row[column].text.strip() for column in table.header if column}
        yield _checked(_Line(cells, table.file, table.sheet, row.number), sheet)


def _of_document(path: Path) -> dict[str, list[_Line]]:
    try:
        parts = cast(dict[str, Any], read_json(path.read_bytes(), path.name))
        rows: dict[str, list[dict[str, Any]]] = {
            name: [parts[name]] if name == "catalogue" else list(parts[name]) for name in SHEETS if name in parts
        }
        return {
            name: [
                _checked(_Line({key: str(cell) for key, cell in row.items()}, path.name, name, number), name)
                for number, row in enumerate(held, 1)
            ]
            for name, held in rows.items()
        }
    except (TypeError, AttributeError) as error:
        raise Refusal("catalogue-json", where=Where(path.name), received=str(error)[:200]) from None


def _checked(line: _Line, sheet: str) -> _Line:
    columns = {column.key: column for column in SHEETS[sheet]}
    for key in line.cells:
        if key not in columns:
            raise Refusal("catalogue-column", where=line.where(key), received=key, expected=", ".join(columns))
    for column in columns.values():
        _check_cell(line, column)
    return line


def _check_cell(line: _Line, column: Column) -> None:
    text = line.cells.get(column.key, "")
    if not text and not column.required:
        return
    parts = line.entries(column.key) if column.kind in ("list", "goals") else (text,)
    choices = ("yes", "no") if column.kind == "yes_no" else column.choices
    wrong = (
        not text
        or (column.kind == "number" and not _is_number(text))
        or (column.kind == "goals" and not all(part.isdecimal() for part in parts))
        or bool(choices and not set(parts) <= set(choices))
    )
    if wrong:
        expected = ", ".join(choices) or column.meaning
        raise Refusal("catalogue-value", where=line.where(column.key), received=text, expected=expected)


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _built(sheets: Mapping[str, list[_Line]], stem: str, file: str | None = None) -> Catalogue:
    for needed in NEEDED_SHEETS:
        if not sheets.get(needed):
            raise Refusal("catalogue-no-sheet", where=Where(file or stem), received=needed, expected=", ".join(SHEETS))
    rows = sheets["indicators"]
    _refuse_twice(rows, lambda line: line.cells["id"], "id")
    parts: dict[str, list[_Line]] = {line.cells["id"]: [] for line in rows}
    for line in sheets.get("points", ()):
        if line.cells["indicator"] not in parts:
            raise Refusal("catalogue-stray-point", where=line.where("indicator"), received=line.cells["indicator"])
        parts[line.cells["indicator"]].append(line)
    _refuse_twice(sheets.get("points", ()), lambda line: f"{line.cells['indicator']}.{line.cells['part']}", "part")
    head = sheets["catalogue"][0] if sheets.get("catalogue") else _Line({"id": stem, "version": "1"}, stem, None, 1)
    return Catalogue(
        id=head.cells["id"],
        version=head.cells["version"],
        title=head.words("title") or Words(en=head.cells["id"]),
        indicators=tuple(_indicator(line, parts[line.cells["id"]]) for line in rows),
        groups={line.cells["key"]: line.words("name") for line in sheets.get("groups", ())},
        source=head.cells.get("source", ""),
        licence=head.cells.get("licence", ""),
        note=head.words("note"),
    )


def _refuse_twice(lines: Iterable[_Line], key: Callable[[_Line], str], column: str) -> None:
    seen = set[str]()
    for line in lines:
        if key(line) in seen:
            raise Refusal("catalogue-twice", where=line.where(column), received=key(line))
        seen.add(key(line))


def _indicator(line: _Line, parts: list[_Line]) -> Indicator:
    cells = line.cells
    if cells["direction"] == "mixed" and not (parts and all(part.cells.get("direction") for part in parts)):
        raise Refusal("catalogue-mixed", where=line.where("direction"), received=cells["id"])
    made = Indicator(
        id=cells["id"],
        code=cells.get("code") or cells["id"],
        name=line.words("name") or Words(en=cells["id"]),
        dimension=cells.get("dimension", ""),
        subdimension=cells.get("subdimension", ""),
        category=cells.get("category", ""),
        alt_codes=line.entries("alt_codes"),
        level=cast(Any, cells.get("level", "")),
        type=cells.get("type", ""),
        type_guessed=cells.get("type_guessed") == "yes",
        unit=cells["unit"],
        numerator=line.words("numerator"),
        denominator=line.words("denominator"),
        multiplier=line.number_of("multiplier", Decimal(1)),
        direction=cast(Any, cells["direction"]),
        sdg_targets=line.entries("sdg_targets"),
        sdg_goals=tuple(int(goal) for goal in line.entries("sdg_goals")),
        sdg_confidence=cells.get("sdg_confidence", ""),
        disaggregation=line.entries("disaggregation"),
        rule=line.words("rule"),
        computed_by=cells.get("computed_by", ""),
        gap=line.words("gap"),
        confidence=cast(Any, cells.get("confidence", "")),
        code_confidence=cast(Any, cells.get("code_confidence", "")),
        source=cells.get("source", ""),
        notes=line.words("notes"),
    )
    return _with_points(made, parts)


def _with_points(made: Indicator, parts: list[_Line]) -> Indicator:
    whole = DataPoint(
        id=made.id,
        indicator=made.id,
        name=made.name,
        direction=cast(Any, made.direction),
        unit=made.unit,
        multiplier=made.multiplier,
        has_denominator=bool(made.denominator),
    )
    if not parts:
        return replace(made, points=(whole,))
    return replace(made, points=tuple(_part(whole, line) for line in parts))


def _part(whole: DataPoint, line: _Line) -> DataPoint:
    cells = line.cells
    return DataPoint(
        id=f"{whole.indicator}.{cells['part']}",
        indicator=whole.indicator,
        name=line.words("name") or Words(en=cells["part"]),
        direction=cast(Any, cells.get("direction") or whole.direction),
        unit=cells.get("unit") or whole.unit,
        multiplier=line.number_of("multiplier", whole.multiplier),
        has_denominator=cells["denominator"] == "yes" if cells.get("denominator") else whole.has_denominator,
    )
