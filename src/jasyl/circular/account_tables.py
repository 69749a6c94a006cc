"""An account as tables: a workbook with a sheet for each section, or a folder or zip of CSV files."""

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from jasyl.intake import Reading, read, read_tables
from jasyl.intake.archive import chunks, is_litter, open_archive
from jasyl.intake.limits import MEBI, Limits
from jasyl.papers import write_csv, write_workbook
from jasyl.quantities import decimal_text
from jasyl.texts import LANGUAGES, Language, Refusal, Where, everywhere, say

from .account import Account, account_data
from .account_templates import NAMED, SECTIONS, section_names, section_template
from .documents import convert_document, refuse_all
from .pedigree import QUESTIONS

# Where a column has another name than the field of the document.
_FIELDS = {"source_process": "source", "observed": "of", "note_text": "note"}
_LISTS = ("periods", "results", "of", "members")
_SCORES = frozenset(QUESTIONS)
_LIMITS = Limits(unpacked_bytes=256 * MEBI)


class Tables:
    """An account read from tables, and where each field of it stood."""

    def __init__(self, account: Account, readings: Mapping[str, Reading], name: str) -> None:
        self.account, self._readings, self._name = account, readings, name

    def place(self, section: str, at: int, field: str) -> Where:
        """File, sheet, row and column of a field of the nth entry of a section."""
        return _where(self._readings, self._name, section, at, field)


def read_account_tables(given: Path | bytes, name: str | None = None) -> Tables:
    """The account that a workbook, a zip of CSV files or a folder of them holds; whole or not at all.

    Raises SeveralRefused with every fault of a cell, its sheet, row and column; ``account-sheet-unknown`` for a sheet
    that is no section, ``account-sheet-missing`` where a needed one is absent.
    """
    readings: dict[str, Reading] = {}
    file = name or (given.name if isinstance(given, Path) else "account")
    for called, table in section_tables(given, name):
        section = section_names().get(called.strip().lower())
        if section is None:
            known: dict[Language, str] = {
                one: ", ".join(_sheet(section, one) for section in SECTIONS) for one in LANGUAGES
            }
            raise Refusal(
                "account-sheet-unknown", where=Where(file=file, sheet=called), received=called, expected=known
            )
        readings[section] = read(table, section_template(section))
    refuse_all(cell_faults(readings))
    for section in ("account", "processes", "materials", "flows"):
        if section not in readings or not readings[section].rows:
            raise Refusal(
                "account-sheet-missing", where=Where(file=file), received=everywhere(f"account-sheet-{section}")
            )
    document = _document(readings)
    try:
        account = convert_document(document, Account, file)
    except Refusal as refusal:
        raise _at_its_cell(refusal, readings, file) from None
    return Tables(account, readings, file)


def cell_faults(readings: Mapping[str, Reading]) -> Iterator[Refusal]:
    """Faults of cells, and columns whose heading is nearly that of one that is missing: left out they would be lost."""
    for reading in readings.values():
        yield from (one.refusal for one in reading.problems)
        for one in reading.notes:
            if one.code == "near-column":
                said = {"received": one.arguments["header"], "expected": one.arguments["near"]}
                yield Refusal("circular-column", where=one.where, **said)


def account_workbook(account: Account | None, language: Language) -> bytes:
    """XLSX with a sheet for each section, headers in ``language``; without an account, empty sheets to fill in."""
    rows = _rows(account) if account else {section: [] for section in SECTIONS}
    sheets = [
        (_sheet(section, language), section_template(section).columns, rows[section])
        for section in SECTIONS
        if account is None or rows[section]
    ]
    return write_workbook(sheets, language)


def _sheet(section: str, language: Language) -> str:
    return say(language, f"account-sheet-{section}")


def account_csv_files(account: Account | None, language: Language) -> dict[str, bytes]:
    """One CSV for each section, by file name; without an account, their headers only."""
    rows = _rows(account) if account else {section: [] for section in SECTIONS}
    return {
        f"{section}.csv": b"".join(write_csv(section_template(section).columns, rows[section], language, mark=True))
        for section in SECTIONS
        if account is None or rows[section]
    }


def account_zip(account: Account | None, language: Language) -> bytes:
    """The CSV files in one zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in account_csv_files(account, language).items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def section_tables(given: Path | bytes, name: str | None) -> Iterable[tuple[str, Any]]:
    """The tables of a workbook, a folder or a zip of CSV files by the name of their sheet or file."""
    if isinstance(given, Path) and given.is_dir():
        files = sorted(one for one in given.iterdir() if one.suffix.lower() in (".csv", ".tsv", ".txt"))
        return [(one.stem, read_tables(one)[0]) for one in files]
    content = given.read_bytes() if isinstance(given, Path) else given
    file = name or (given.name if isinstance(given, Path) else "account.xlsx")
    if file.lower().endswith(".zip"):
        with open_archive(content, file, _LIMITS) as archive:
            files = [one for one in archive.infolist() if not one.is_dir() and not is_litter(one.filename)]
            held = [(one.filename, b"".join(chunks(archive, one, file, _LIMITS))) for one in files]
        return [(Path(inner).stem, read_tables(content, inner)[0]) for inner, content in held]
    return [(table.sheet or "", table) for table in read_tables(content, file)]


def _document(readings: Mapping[str, Reading]) -> dict[str, Any]:
    document: dict[str, Any] = {section: [] for section in SECTIONS if section not in ("account", "pedigree")}
    for section, reading in readings.items():
        entries = [_entry(section, row) for row in reading.rows]
        if section == "account":
            document |= entries[0]
        elif section == "pedigree":
            document["pedigree"] = {one["question"]: [one[f"grade{n}"] for n in range(1, 5)] for one in entries}
        else:
            document[section] = entries
    return document


def _entry(section: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as an object of the document: what is empty is left out."""
    made: dict[str, Any] = {}
    scores: dict[str, Any] = {}
    words: dict[str, dict[str, str]] = {}
    for key, value in row.items():
        if value is None or value == "":
            continue
        base, _, language = key.rpartition("_")
        plain = decimal_text(value) if isinstance(value, Decimal) else value
        if base in NAMED and language in LANGUAGES:
            words.setdefault(_FIELDS.get(base, base), {})[language] = plain
        elif section == "observations" and key in _SCORES:
            scores[key] = plain
        elif key in _LISTS and section != "observations":
            made[key] = [one.strip() for one in str(plain).split(";") if one.strip()]
        elif key == "terms":
            made[key] = [_term(one) for one in str(plain).split(";") if one.strip()]
        else:
            made[_FIELDS.get(key, key)] = plain
    made |= words
    if scores:
        made["pedigree"] = scores
    if section == "materials" and ("code" in made or "scheme" in made):
        made["code"] = {"scheme": made.pop("scheme", ""), "value": made.get("code", "")}
    return made


def _term(written: str) -> dict[str, Any]:
    factor, star, of = written.strip().partition("*")
    return {"of": of.strip(), "factor": factor.strip()} if star else {"of": factor.strip()}


def _rows(account: Account) -> dict[str, list[dict[str, Any]]]:
    document = account_data(account)
    rows: dict[str, list[dict[str, Any]]] = {}
    for section in SECTIONS:
        if section == "account":
            rows[section] = [_row(section, document)]
        elif section == "pedigree":
            table = msgspec.to_builtins(account.pedigree) if "pedigree" in document else {}
            rows[section] = [
                {"question": name} | {f"grade{n}": Decimal(share) for n, share in enumerate(shares, 1)}
                for name, shares in table.items()
            ]
        else:
            rows[section] = [_row(section, entry) for entry in document.get(section, [])]
    return rows


def _row(section: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for column in section_template(section).columns:
        key = column.key
        base, _, language = key.rpartition("_")
        if base in NAMED and language in LANGUAGES:
            held = entry.get(_FIELDS.get(base, base))
            made[key] = held.get(language) if isinstance(held, dict) else None
            continue
        value = entry.get(_FIELDS.get(key, key))
        if key in _SCORES:
            value = entry.get("pedigree", {}).get(key)
        if key in ("scheme", "code"):
            held = entry.get("code")
            value = (held["scheme"] if key == "scheme" else held["value"]) if held else None
        made[key] = _cell(key, value)
    return made


def _cell(key: str, value: Any) -> Any:
    if isinstance(value, dict):
        return None
    if key == "terms" and value:
        return "; ".join(f"{one.get('factor', '1')}*{one['of']}" for one in value)
    if isinstance(value, list):
        return "; ".join(str(one) for one in value)
    kinds: Sequence[str] = ("density", "constant", "value", "sd", "cv", "low", "high", "rho")
    return Decimal(value) if value is not None and key in kinds else value


def _where(readings: Mapping[str, Reading], name: str, section: str, at: int, field: str) -> Where:
    reading = readings.get(section)
    if section == "periods":
        reading, at, field = readings["account"], 0, "periods"
    if reading is None or at >= len(reading.rows):
        return Where(file=name, sheet=section, field=field or None)
    columns = {field: field} | {value: key for key, value in _FIELDS.items()}
    if section == "observations" and field == "of":
        return reading.where(at, "observed")
    key = columns.get(field, field) if section == "flows" and field == "source" else field
    return reading.where(at, key or "id")


def _at_its_cell(refusal: Refusal, readings: Mapping[str, Reading], name: str) -> Refusal:
    """A fault of the document, told of the cell it came from."""
    field = (refusal.where.field if refusal.where else None) or ""
    head, _, rest = field.partition("[")
    number, _, tail = rest.partition("]")
    if head in readings and number.isdigit():
        where = _where(
            readings,
            name,
            head,
            int(number),
            tail.lstrip(".").removeprefix("pedigree.").partition(".")[0].partition("[")[0],
        )
        return Refusal(refusal.code, where=where, **refusal.arguments)
    return refusal
