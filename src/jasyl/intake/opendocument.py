"""What an ODS says in its own XML: extent of each sheet once its repeats are unrolled, errors, empty formulas."""

import zipfile
from collections.abc import Iterable
from xml.parsers import expat

from jasyl.texts import Refusal, Where

from .archive import chunks
from .limits import Limits
from .raw import CellFault
from .workbook_xml import SheetFacts, WorkbookFacts, xml_parser

_ERRORS = ("#", "Err:")
# Formulas whose value is an error, in a row repeated a million times, are told at the first of them.
_FAULTS_PER_REPEAT = 100


def inspect_document(archive: zipfile.ZipFile, name: str, limits: Limits) -> WorkbookFacts:
    """Facts of each sheet. Raises Refusal ``workbook-damaged``, ``workbook-cells``, and those of the archive."""
    try:
        content = chunks(archive, archive.getinfo("content.xml"), name, limits)
        sheets = _parse(content)
        for entry in archive.infolist():
            if entry.filename != "content.xml":
                for _ in chunks(archive, entry, name, limits):
                    pass
    except (expat.ExpatError, KeyError) as error:
        raise Refusal("workbook-damaged", where=Where(name), reason=str(error)[:100]) from error
    for sheet, facts in sheets.items():
        if facts.rows * facts.columns > limits.cells:
            extent = f"{facts.rows} × {facts.columns}"
            raise Refusal("workbook-cells", where=Where(name, sheet), received=extent, expected=limits.cells)
    return WorkbookFacts(1900, sheets)


class _Reader:
    """Follows the rows and cells of content.xml; ``table:number-…-repeated`` multiplies them."""

    def __init__(self) -> None:
        self.sheets: dict[str, SheetFacts] = {}
        self.facts = SheetFacts()
        self.row = self.row_repeat = self.column = self.cell_repeat = 0
        self.text, self.is_cell, self.formula, self.is_error, self.has_value = "", False, False, False, False
        self.row_faults: list[tuple[int, CellFault]] = []
        self.row_columns = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag:
            case "table:table":
                self.facts = self.sheets.setdefault(attributes.get("table:name", ""), SheetFacts())
                self.row = 0
            case "table:table-row":
                self.row_repeat = int(attributes.get("table:number-rows-repeated", "1"))
                self.column, self.row_columns, self.row_faults = 0, 0, []
            case "table:table-cell" | "table:covered-table-cell":
                self.cell_repeat = int(attributes.get("table:number-columns-repeated", "1"))
                self.text, self.is_cell = "", True
                self.formula = "table:formula" in attributes
                self.is_error = attributes.get("calcext:value-type") == "error"
                self.has_value = "office:value-type" in attributes
            case _:
                pass

    def data(self, text: str) -> None:
        if self.is_cell and len(self.text) < 40:
            self.text += text

    def end(self, tag: str) -> None:
        match tag:
            case "table:table-cell" | "table:covered-table-cell":
                self.is_cell = False
                self._close_cell()
            case "table:table-row":
                if self.row_columns:
                    self.facts.rows = self.row + self.row_repeat
                    self.facts.columns = max(self.facts.columns, self.row_columns)
                for column, fault in self.row_faults:
                    for row in range(self.row, self.row + min(self.row_repeat, _FAULTS_PER_REPEAT)):
                        self.facts.faults[row, column] = fault
                self.row += self.row_repeat
            case _:
                pass

    def _close_cell(self) -> None:
        text = self.text.strip()
        is_error = self.is_error or (self.formula and text.startswith(_ERRORS))
        if text or self.has_value or self.formula:
            self.row_columns = self.column + self.cell_repeat
        if is_error or (self.formula and not self.has_value and not text):
            fault = CellFault("error", text[:40] or "#") if is_error else CellFault("formula", "=")
            columns = range(self.column, self.column + min(self.cell_repeat, _FAULTS_PER_REPEAT))
            self.row_faults.extend((column, fault) for column in columns)
        self.column += self.cell_repeat


def _parse(parts: Iterable[bytes]) -> dict[str, SheetFacts]:
    reader = _Reader()
    parser = xml_parser()
    parser.StartElementHandler = reader.start
    parser.CharacterDataHandler = reader.data
    parser.EndElementHandler = reader.end
    try:
        for part in parts:
            parser.Parse(part, False)
        parser.Parse(b"", True)
    except ValueError as error:
        raise expat.ExpatError(str(error)) from error
    return reader.sheets
