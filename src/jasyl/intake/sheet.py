"""Workbooks (XLSX, ODS) as tables, one for each visible sheet that has a header."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeVar

from jasyl.texts import Refusal, Where

from .archive import open_archive
from .limits import Limits
from .note import Note, note
from .opendocument import inspect_document
from .raw import CellFault, Raw
from .source import Source
from .table import TOP, NumberedRow, Table, find_header
from .workbook_xml import Position, SheetFacts, WorkbookFacts, inspect_workbook

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

T = TypeVar("T")
Area = tuple[Position, Position]


def read_workbook(source: Source) -> list[Table]:
    """One Table for each visible sheet with a header, in the workbook's order.

    Error cells and formulas that were never calculated come as CellFault, at their place. Text in a cell merged over
    several rows counts for each of them; a number there is a fault, since nobody can say whether it is to be
    repeated or shared. Raises Refusal ``workbook-damaged``, ``workbook-cells``, ``workbook-encrypted``,
    ``no-header``.
    """
    facts = _inspect(source)
    tables: list[Table] = []
    refused: Refusal | None = None
    for content in _visible(source):
        try:
            tables.append(_table(source, content, facts.sheets.get(content.name, SheetFacts()), facts))
        except Refusal as refusal:
            # A sheet of explanations beside the data has no header; it matters only where nothing else is there.
            refused = refusal
    if not tables:
        raise refused or Refusal("no-header", where=Where(source.name), expected=TOP)
    return tables


def workbook_rows(source: Source) -> Iterator[tuple[str, Iterator[NumberedRow]]]:
    """(name, every row) of each visible sheet, headed or not. Raises the refusals of :func:`read_workbook`."""
    facts = _inspect(source)
    for content in _visible(source):
        mine = facts.sheets.get(content.name, SheetFacts())
        merged = _tall_areas(content.merged_cell_ranges or [], mine, source, content.name)
        yield content.name, _rows(content, mine.faults, merged)


def _visible(source: Source) -> Iterator["CalamineSheet"]:
    workbook = _guarded(lambda: _open(source), source.name)
    for position, sheet in enumerate(workbook.sheets_metadata):
        if "Visible" not in (str(sheet.visible).rpartition(".")[2],) or not str(sheet.typ).endswith("WorkSheet"):
            continue
        yield _guarded(lambda at=position: workbook.get_sheet_by_index(at), source.name, sheet.name)


def _inspect(source: Source) -> WorkbookFacts:
    match source.kind:
        case "xlsx":
            with open_archive(source.content, source.name, source.limits) as archive:
                return inspect_workbook(archive, source.name, source.limits)
        case "ods":
            with open_archive(source.content, source.name, source.limits) as archive:
                return inspect_document(archive, source.name, source.limits)
        case _:
            # The fast reader knows XLS too, but gives its error cells as empty, and nothing here could tell them apart.
            raise Refusal("file-kind", where=Where(source.name), received="XLS (Excel 97–2003)")


def _open(source: Source) -> "CalamineWorkbook":
    from python_calamine import CalamineWorkbook  # noqa: PLC0415

    content = source.content
    return (
        CalamineWorkbook.from_filelike(BytesIO(content))
        if isinstance(content, bytes)
        else CalamineWorkbook.from_path(content)
    )


def _guarded(act: Callable[[], T], name: str, sheet: str | None = None) -> T:
    """What ``act`` gives; an error or a panic of the reader becomes a refusal."""
    from python_calamine import CalamineError, PasswordError  # noqa: PLC0415

    try:
        return act()
    except PasswordError as error:
        raise Refusal("workbook-encrypted", where=Where(name, sheet)) from error
    except (CalamineError, ValueError, OSError) as error:
        raise Refusal("workbook-damaged", where=Where(name, sheet), reason=str(error)[:100]) from error
    except BaseException as error:
        # A panic of the reader does not derive from Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise Refusal("workbook-damaged", where=Where(name, sheet), reason="unreadable") from error


def _table(source: Source, sheet: "CalamineSheet", facts: SheetFacts, workbook: WorkbookFacts) -> Table:
    merged = _tall_areas(sheet.merged_cell_ranges or [], facts, source, sheet.name)

    def rows() -> Iterator[NumberedRow]:
        return _rows(sheet, facts.faults, merged)

    top = tuple(pair for pair, _ in zip(rows(), range(TOP), strict=False))
    number, header = find_header(top, source.name, sheet.name, source.limits)
    notes: list[Note] = []
    if source.entry:
        notes.append(note("entry", Where(source.name), entry=source.entry))
    if number > 1:
        notes.append(note("header", Where(source.name, sheet.name), row=str(number)))
    if workbook.epoch == 1904:
        notes.append(note("epoch", Where(source.name, sheet.name), year="1904"))
    table = Table(source.name, sheet.name, header, number, rows, source.limits, top=top, epoch=workbook.epoch)
    return replace(table, notes=tuple(notes), ragged=True)


def _rows(sheet: "CalamineSheet", faults: dict[Position, CellFault], merged: list[Area]) -> Iterator[NumberedRow]:
    # The reader gives rows from the first of the sheet, but cells only from the first column in use.
    lead: list[Raw] = [None] * (sheet.start or (0, 0))[1]
    faulty: dict[int, dict[int, CellFault]] = {}
    for (row, column), fault in faults.items():
        faulty.setdefault(row, {})[column] = fault
    filler = _Filler(merged)
    index = -1
    for index, found in enumerate(sheet.iter_rows()):
        cells: list[Raw] = [*lead, *map(_raw, found)] if bool in map(type, found) else [*lead, *found]
        if index in faulty:
            _place(cells, faulty[index])
        if merged:
            filler.fill(index, cells)
        yield index + 1, cells
    # Rows at the end that hold nothing but faults are empty to the reader.
    for row in sorted(row for row in faulty if row > index):
        cells = []
        _place(cells, faulty[row])
        yield row + 1, cells


def _place(cells: list[Raw], faults: dict[int, CellFault]) -> None:
    cells.extend([None] * (max(faults) + 1 - len(cells)))
    for column, fault in faults.items():
        cells[column] = fault


def _raw(value: Any) -> Raw:
    if value is True or value is False:
        return "true" if value else "false"
    return value


class _Filler:
    """Carries the value of a cell merged over several rows down to each of them."""

    def __init__(self, areas: list[Area]) -> None:
        self.waiting = sorted(areas, reverse=True)
        self.active: list[tuple[Area, Raw]] = []

    def fill(self, row: int, cells: list[Raw]) -> None:
        self.active = [(area, value) for area, value in self.active if area[1][0] >= row]
        for ((_, left), _), value in self.active:
            if left < len(cells):
                cells[left] = value
        while self.waiting and self.waiting[-1][0][0] <= row:
            area = self.waiting.pop()
            left = area[0][1]
            value = cells[left] if left < len(cells) else None
            if not isinstance(value, str | CellFault | None):
                value = cells[left] = CellFault("merged", str(value))
            self.active.append((area, value))


def _tall_areas(areas: Sequence[Area], facts: SheetFacts, source: Source, sheet: str) -> list[Area]:
    tall = [(start, end) for start, end in areas if end[0] > start[0]]
    limits: Limits = source.limits
    if sum(min(end[0], facts.rows or limits.rows) - start[0] + 1 for start, end in tall) > limits.cells:
        raise Refusal("workbook-damaged", where=Where(source.name, sheet), reason="merged cells")
    return tall
