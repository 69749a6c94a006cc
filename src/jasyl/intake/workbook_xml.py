"""What an XLSX says in its own XML and the fast reader does not tell: errors, uncalculated formulas, true extent.

The fast reader gives an error cell and a formula without a value as an empty cell, and allocates the whole
rectangle that the cells span. Both are looked up here, before it is let at the file. A sheet with nothing
suspicious is only searched for a few byte patterns; otherwise it is parsed.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal
from xml.parsers import expat

from jasyl.texts import Refusal, Where

from .archive import bomb, chunks, part_name
from .limits import Limits
from .raw import CellFault

Position = tuple[int, int]

_FAULTY = re.compile(rb"""\bt\s*=\s*["']e["']|<(?:\w+:)?f[\s/>]""")
# Spellings of a cell other than <c r="A1" …> or <c>: valid XML, not searched but parsed.
_UNUSUAL = re.compile(rb"<c[\t\r\n]|<\w+:c[\s/>]|<!")
_FAR_COLUMNS = re.compile(rb'<c r="([A-Z]{2,})')
_ROWS = re.compile(rb'<c r="[A-Z]+(\d+)')
_REFERENCE = re.compile(r"\s*([A-Za-z]{1,4})(\d{1,8})\s*")
# A cut between two chunks must not hide a pattern; patterns are shorter than this.
_OVERLAP = 256


@dataclass
class SheetFacts:
    """Extent of the cells that hold something (rows, columns) and the cells without a value, 0-based."""

    rows: int = 0
    columns: int = 0
    faults: dict[Position, CellFault] = field(default_factory=dict[Position, CellFault])


@dataclass(frozen=True)
class WorkbookFacts:
    """``sheets`` maps a sheet's name to its facts; ``epoch`` is the year its day numbers count from."""

    epoch: Literal[1900, 1904]
    sheets: dict[str, SheetFacts]


def inspect_workbook(archive: zipfile.ZipFile, name: str, limits: Limits) -> WorkbookFacts:
    """Every entry unpacked once and counted, every sheet searched.

    Raises Refusal ``workbook-damaged``, ``workbook-cells`` and those of :mod:`jasyl.intake.archive`.
    """
    parts = {part_name(entry.filename): entry for entry in archive.infolist()}
    try:
        sheets, epoch = _sheets(archive, parts, name, limits)
    except (expat.ExpatError, KeyError) as error:
        raise Refusal("workbook-damaged", where=Where(name), reason=str(error)[:100]) from error
    # Sheets that nothing names are inspected too: another reader may find its way to them.
    paths = {*sheets.values(), *(path for path in parts if path.startswith("xl/worksheets/") and path.endswith(".xml"))}
    for path, entry in parts.items():
        if path not in paths:
            if entry.file_size > limits.workbook_bytes:
                raise bomb(entry.file_size, limits.workbook_bytes, Where(name), limits)
            for _ in chunks(archive, entry, name, limits):
                pass
    facts: dict[str, SheetFacts] = {}
    called = {path: sheet for sheet, path in sheets.items()}
    for path in sorted(paths):
        if path not in parts:
            raise Refusal("workbook-damaged", where=Where(name, called[path]), reason=path[:60])
        sheet = called.get(path, path)
        facts[sheet] = _inspect_sheet(archive, parts[path], name, sheet, limits)
    return WorkbookFacts(epoch, facts)


def _sheets(
    archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], name: str, limits: Limits
) -> tuple[dict[str, str], Literal[1900, 1904]]:
    def elements(path: str) -> list[tuple[str, dict[str, str]]]:
        found: list[tuple[str, dict[str, str]]] = []
        parser = xml_parser()
        parser.StartElementHandler = lambda tag, attributes: found.append((_local(tag), attributes))
        parser.Parse(b"".join(chunks(archive, parts[path], name, limits)), True)
        return found

    targets = {
        attributes["Id"]: part_name(posixpath.normpath(posixpath.join("/xl", attributes["Target"])))
        for tag, attributes in elements("xl/_rels/workbook.xml.rels")
        if tag == "Relationship"
    }
    sheets: dict[str, str] = {}
    epoch: Literal[1900, 1904] = 1900
    for tag, attributes in elements("xl/workbook.xml"):
        if tag == "workbookPr" and attributes.get("date1904", "0") in {"1", "true"}:
            epoch = 1904
        if tag == "sheet":
            key = next((value for key, value in attributes.items() if _local(key) == "id"), "")
            if key in targets:
                sheets[attributes["name"]] = targets[key]
    return sheets, epoch


def _inspect_sheet(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, sheet: str, limits: Limits
) -> SheetFacts:
    facts = _search(chunks(archive, entry, name, limits))
    if facts is None or facts.rows * facts.columns > limits.cells:
        try:
            facts = _parse(chunks(archive, entry, name, limits))
        except expat.ExpatError as error:
            raise Refusal("workbook-damaged", where=Where(name, sheet), reason=str(error)[:100]) from error
    if facts.rows * facts.columns > limits.cells:
        extent = f"{facts.rows} × {facts.columns}"
        raise Refusal("workbook-cells", where=Where(name, sheet), received=extent, expected=limits.cells)
    return facts


def _search(parts: Iterable[bytes]) -> SheetFacts | None:
    """The extent by byte patterns, or None where the sheet has to be parsed."""
    far: set[bytes] = set()
    rows, end = 0, b""
    for window in _windows(parts):
        if _FAULTY.search(window) or _UNUSUAL.search(window) or window.count(b"<c ") != window.count(b'<c r="'):
            return None
        end = (end + window)[-_OVERLAP:]
        far.update(_FAR_COLUMNS.findall(window))
        rows = max(rows, max(map(int, _ROWS.findall(window)), default=0))
    if not end.rstrip().endswith(b"worksheet>"):
        return None  # cut short: the fast reader would give what is left
    columns = max((column_number(letters.decode()) for letters in far), default=26)
    return SheetFacts(rows, columns)


def _windows(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The parts, each beginning with the last incomplete element of the one before."""
    rest = b""
    for part in parts:
        window = rest + part
        cut = window.rfind(b"<", max(0, len(window) - _OVERLAP))
        rest = window[cut:] if cut >= 0 else b""
        yield window[: len(window) - len(rest)]
    yield rest


def _parse(parts: Iterable[bytes]) -> SheetFacts:
    """The same by a real parser; only cells that hold a value, a formula or a text count."""
    facts = SheetFacts()
    parser = xml_parser()
    row, column = -1, -1
    kind, has_formula, text, collects = "", False, "", False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, kind, has_formula, text, collects
        match _local(tag):
            case "row":
                row = int(attributes["r"]) - 1 if attributes.get("r", "").isdigit() else row + 1
                column = -1
            case "c":
                found = _REFERENCE.fullmatch(attributes.get("r", ""))
                column = column_number(found[1]) - 1 if found else column + 1
                row = int(found[2]) - 1 if found else row
                kind, has_formula, text = attributes.get("t", "n"), False, ""
            case "f":
                has_formula = True
            case "v" | "t":
                collects = True
            case _:
                pass

    def data(more: str) -> None:
        nonlocal text
        if collects:
            text += more

    def end(tag: str) -> None:
        nonlocal collects
        match _local(tag):
            case "v" | "t":
                collects = False
            case "c" if text or has_formula:
                facts.rows, facts.columns = max(facts.rows, row + 1), max(facts.columns, column + 1)
                if kind == "e":
                    facts.faults[row, column] = CellFault("error", text[:40])
                elif has_formula and not text and kind != "str":
                    facts.faults[row, column] = CellFault("formula", "=")
            case _:
                pass

    parser.StartElementHandler, parser.CharacterDataHandler, parser.EndElementHandler = start, data, end
    for part in parts:
        parser.Parse(part, False)
    parser.Parse(b"", True)
    return facts


def column_number(letters: str) -> int:
    """``A`` → 1, ``Z`` → 26, ``AA`` → 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def xml_parser() -> "expat.XMLParserType":
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        # Workbooks have no document type; one that declares entities wants to be expanded without end.
        raise expat.ExpatError("document type declared")

    parser.StartDoctypeDeclHandler = refuse
    return parser
