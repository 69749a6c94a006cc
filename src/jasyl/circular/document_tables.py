"""A construction chain or a waste programme as tables: a workbook with a sheet for each part, or CSV files of them.

What JSON can say the sheets can say: writing and reading again gives the same document.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import msgspec

from jasyl.intake import Reading, read
from jasyl.papers import write_csv, write_workbook
from jasyl.quantities import decimal_text
from jasyl.texts import LANGUAGES, Language, Refusal, SeveralRefused, Where

from .account_tables import cell_faults, section_tables
from .document_sheets import DocumentPlan, SheetPlan, sheet_name
from .documents import convert_document, refuse_all

# A part of the document by its path as faults name it (``members[2]``), and the row it came from.
Rows = dict[str, tuple[Reading, int]]


def read_document_tables(plan: DocumentPlan, given: Path | bytes, name: str | None = None) -> Any:
    """The examined document that a workbook, a zip of CSV files or a folder of them holds; whole or not at all.

    Raises SeveralRefused with every fault of the cells, else of the document, each with its sheet, row and column;
    ``account-sheet-unknown`` for a sheet that is no part, ``circular-sheet-missing`` where the first one is absent,
    ``circular-code`` for a row of an entry that is not there.
    """
    file = name or (given.name if isinstance(given, Path) else "document")
    readings: dict[str, Reading] = {}
    for called, table in section_tables(given, name):
        sheet = plan.section(called)
        if sheet is None:
            known: dict[Language, str] = {
                one: ", ".join(sheet_name(each, one) for each in plan.sheets) for one in LANGUAGES
            }
            raise Refusal(
                "account-sheet-unknown", where=Where(file=file, sheet=called), received=called, expected=known
            )
        readings[sheet.name] = read(table, sheet.template())
    refuse_all(cell_faults(readings))
    if not readings.get(plan.sheets[0].name) or not readings[plan.sheets[0].name].rows:
        first: dict[Language, str] = {one: sheet_name(plan.sheets[0], one) for one in LANGUAGES}
        raise Refusal("circular-sheet-missing", where=Where(file=file), received=first)
    rows: Rows = {}
    document: dict[str, Any] = {}
    for sheet in plan.sheets:
        if sheet.name in readings:
            _place(sheet, readings[sheet.name], document, rows)
    try:
        made = convert_document(document, plan.kind, file)
        plan.examine(made, file)
    except Refusal as refusal:
        raise SeveralRefused([_at_its_cell(one, rows, file) for one in refusal.faults]) from None
    return made


def document_workbook(plan: DocumentPlan, document: Any, language: Language) -> bytes:
    """XLSX with a sheet for each part that has rows; without a document (None) every sheet, to be filled in."""
    return write_workbook(
        [(sheet_name(sheet, language), sheet.template().columns, rows) for sheet, rows in _sheets(plan, document)],
        language,
    )


def document_csv_files(plan: DocumentPlan, document: Any, language: Language) -> dict[str, bytes]:
    """One CSV for each part, by file name."""
    return {
        f"{sheet.name}.csv": b"".join(write_csv(sheet.template().columns, rows, language, mark=True))
        for sheet, rows in _sheets(plan, document)
    }


def document_zip(plan: DocumentPlan, document: Any, language: Language) -> bytes:
    """The CSV files in one zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in document_csv_files(plan, document, language).items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def _sheets(plan: DocumentPlan, document: Any) -> Iterator[tuple[SheetPlan, list[dict[str, Any]]]]:
    held: dict[str, Any] = {} if document is None else document_data(document)
    for sheet in plan.sheets:
        rows = [_row(sheet, *entry) for entry in _entries(sheet, held)]
        if document is None or rows:
            yield sheet, rows


def document_data(document: Any) -> Any:
    """The document as objects of JSON, what has its default left out."""
    if isinstance(document, msgspec.Struct):
        made: dict[str, Any] = {}
        for field in msgspec.structs.fields(type(document)):
            held = getattr(document, field.name)
            default = field.default_factory() if callable(field.default_factory) else field.default
            if held != default:
                made[field.encode_name] = document_data(held)
        return made
    if isinstance(document, tuple | list):
        return [document_data(one) for one in document]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(document, Mapping):
        return {str(key): document_data(value) for key, value in document.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return document


def _entries(sheet: SheetPlan, document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The key (parent or name) and object of each row of a sheet."""
    if not sheet.path:
        yield "", document
        return
    parents = document.get(sheet.path[0], []) if sheet.nested else [document]
    for parent in parents:
        held = parent.get(sheet.path[-1])
        key = parent["id"] if sheet.nested else ""
        if held is None:
            continue
        if sheet.form == "list":
            yield from ((key, one) for one in held)
        elif sheet.form == "mapping":
            yield from held.items()
        else:
            yield key, held


def _row(sheet: SheetPlan, key: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for at, (name, marks) in enumerate(sheet.written):
        if at == 0 and (sheet.nested or sheet.form == "mapping"):
            row[name] = key
            continue
        first, _, second = name.partition(".")
        value = entry.get(first)
        if second and value is not None:
            value = value.get(second)
        column = name.replace(".", "_")
        if "@" in marks and isinstance(value, Mapping):
            row |= {f"{column}_{tongue}": said for tongue, said in value.items()}  # pyright: ignore[reportUnknownVariableType]
        else:
            row[column] = _cell(value, marks)
    return row


def _cell(value: Any, marks: str) -> Any:
    if value is None:
        return None
    if "=" in marks:
        return _pairs(value)
    if ";" in marks:
        return "; ".join(value)
    return Decimal(repr(value)) if "#" in marks else value


def _pairs(value: Any) -> str:
    """``2024=0.4; 2030=0.5``, or the number alone; of two keys ``paper 2024=0.1``."""
    if not isinstance(value, Mapping):
        return decimal_text(Decimal(repr(value)))
    parts: list[str] = []
    for key, held in value.items():  # pyright: ignore[reportUnknownVariableType]
        if isinstance(held, Mapping):
            parts += [f"{key} {year}={_pairs(one)}" for year, one in held.items()]  # pyright: ignore[reportUnknownVariableType]
        else:
            parts.append(f"{key}={_pairs(held)}")
    return "; ".join(parts)


def _place(sheet: SheetPlan, reading: Reading, document: dict[str, Any], rows: Rows) -> None:
    """Put the rows of a sheet where they belong in the document."""
    for at, row in enumerate(reading.rows):
        entry = _entry(sheet, row, reading, at)
        if not sheet.path:
            document |= entry
            rows[""] = (reading, at)
            continue
        parent, where = document, ""
        if sheet.nested:
            parent, where = _parent(sheet, entry.pop("of"), document, reading, at)
        last = sheet.path[-1]
        if sheet.form == "list":
            held = parent.setdefault(last, [])
            place = f"{where}{last}[{len(held)}]"
            held.append(entry)
        elif sheet.form == "mapping":
            key = entry.pop(sheet.written[0][0])
            if key in parent.setdefault(last, {}):
                raise Refusal("circular-twice", where=reading.where(at, sheet.written[0][0]), received=key)
            parent[last][key] = entry
            place = f"{where}{last}.{key}"
        else:
            parent[last] = entry
            place = f"{where}{last}"
        rows[place] = (reading, at)


def _parent(
    sheet: SheetPlan, named: str, document: dict[str, Any], reading: Reading, at: int
) -> tuple[dict[str, Any], str]:
    group = document.get(sheet.path[0], [])
    for number, one in enumerate(group):
        if one["id"] == named:
            return one, f"{sheet.path[0]}[{number}]."
    known = ", ".join(one["id"] for one in group) or "—"
    raise Refusal("circular-code", where=reading.where(at, "of"), received=named, expected=known)


def _entry(sheet: SheetPlan, row: Mapping[str, Any], reading: Reading, at: int) -> dict[str, Any]:
    """A row as an object of the document: what is empty is left out."""
    made: dict[str, Any] = {}
    for name, marks in sheet.written:
        column = name.replace(".", "_")
        value = row.get(column)
        tongues = {one: said for one in LANGUAGES if (said := row.get(f"{column}_{one}"))} if "@" in marks else {}
        if tongues:
            made[name] = tongues
            continue
        if value is None or value == "":
            continue
        if "=" in marks:
            value = _unpacked(str(value), reading, at, column)
        elif ";" in marks:
            value = [one.strip() for one in str(value).split(";") if one.strip()]
        elif isinstance(value, Decimal):
            value = float(value)
        first, _, second = name.partition(".")
        if second:
            made.setdefault(first, {})[second] = value
        else:
            made[name] = value
    return made


def _unpacked(written: str, reading: Reading, at: int, column: str) -> Any:
    """What `_pairs` wrote, with a decimal point or comma."""
    if "=" not in written:
        return _number(written, reading, at, column)
    made: dict[str, Any] = {}
    for part in filter(None, (one.strip() for one in written.split(";"))):
        key, _, said = part.rpartition("=")
        first, _, second = key.strip().partition(" ")
        held = made.setdefault(first, {}) if second else made
        own = second.strip() or first
        if own in held:
            raise Refusal("circular-twice", where=reading.where(at, column), received=key.strip())
        held[own] = _number(said, reading, at, column)
    return made


def _number(written: str, reading: Reading, at: int, column: str) -> float:
    try:
        return float(Decimal(written.strip().replace(",", ".").replace("\u00a0", "").replace(" ", "")))
    except InvalidOperation:
        raise Refusal("circular-number", where=reading.where(at, column), received=written.strip()[:60]) from None


def _at_its_cell(refusal: Refusal, rows: Rows, file: str) -> Refusal:
    """A fault of the document, told of the cell it came from; without a row of its own, of the file."""
    field = (refusal.where.field if refusal.where else None) or ""
    for place in sorted(rows, key=len, reverse=True):
        if field.startswith(place):
            reading, at = rows[place]
            rest = field[len(place) :].lstrip(".")
            columns = {one.column.key for one in reading.match.columns}
            named = next((one for one in (rest.replace(".", "_"), rest.partition(".")[0]) if one in columns), None)
            where = reading.where(at, named) if named else reading.where(at, next(iter(columns)))
            return Refusal(refusal.code, where=where, **refusal.arguments)
    return Refusal(refusal.code, where=Where(file=file, field=field or None), **refusal.arguments)
