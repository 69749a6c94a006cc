"""Empty workbooks to fill in, made from a template."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol

from jasyl.texts import LANGUAGES, Language, say

from .column import AnyColumn, unit_of
from .workbook import saved, sheet_text

# Rows for which lists and formats are prepared.
_PREPARED = 5_000
_LIST_CHARS = 255  # what Excel allows for a list written into a validation


class AnyTemplateColumn(AnyColumn, Protocol):
    """A column that also says whether it is needed and how it is explained."""

    @property
    def required(self) -> bool: ...
    @property
    def description(self) -> str | None: ...
    @property
    def example(self) -> str | None: ...


class AnyTemplate(Protocol):
    """A template of ``jasyl.intake``: a name and columns."""

    @property
    def name(self) -> str: ...
    @property
    def columns(self) -> Sequence[AnyTemplateColumn]: ...


def template_workbook(template: AnyTemplate, language: Language) -> bytes:
    """An empty XLSX: a sheet with headers in ``language`` and units below them, and a sheet that explains each column.

    Codes and texts are formatted as text, so that leading zeros stay; choices are offered as a list.
    """
    return templates_workbook([(say(language, "papers-data"), template, ())], language)


def templates_workbook(
    sheets: Sequence[tuple[str, AnyTemplate, Iterable[Mapping[str, Any]]]], language: Language
) -> bytes:
    """A workbook of several templates, each on a sheet of its title, filled with rows of plain values by key.

    One more sheet for each explains its columns. Decimal text that a sheet would round stays text.
    """
    from openpyxl import Workbook  # noqa: PLC0415

    book = Workbook()
    book.remove(book.worksheets[0])
    for title, template, rows in sheets:
        data = book.create_sheet(title)
        _fill_data(data, template, language)
        _fill_rows(data, template, rows, language)
    explained = say(language, "papers-columns")
    for number, (_title, template, _rows) in enumerate(sheets, 1):
        _explain(book.create_sheet(explained if number == 1 else f"{explained} {number}"), template, language)
    return saved(book)


def _fill_rows(sheet: Any, template: AnyTemplate, rows: Iterable[Mapping[str, Any]], language: Language) -> None:
    first = 3 if any(unit_of(column, language) for column in template.columns) else 2
    for number, row in enumerate(rows, first):
        for position, column in enumerate(template.columns, 1):
            value = row.get(column.key)
            if value is None:
                continue
            cell = sheet.cell(number, position)
            names = {choice.code: choice.names[language] for choice in column.choices}
            text = names.get(str(value), str(value))
            if column.kind in ("decimal", "integer") and format(Decimal(repr(float(text))), "f") in (text, f"{text}.0"):
                cell.value = float(text)
            else:
                cell.value = sheet_text(text)
                cell.data_type = "s"


def _fill_data(sheet: Any, template: AnyTemplate, language: Language) -> None:
    from openpyxl.styles import Font, PatternFill  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    units = [unit_of(column, language) for column in template.columns]
    first = 3 if any(units) else 2
    sheet.freeze_panes = f"A{first}"
    for position, column in enumerate(template.columns, 1):
        letter = get_column_letter(position)
        head = sheet.cell(1, position, column.headers[language])
        head.font = Font(bold=True)
        if column.required:
            head.fill = PatternFill("solid", fgColor="FFF2CC")
        if units[position - 1]:
            sheet.cell(2, position, units[position - 1]).font = Font(italic=True)
        dimension = sheet.column_dimensions[letter]
        dimension.width = max(14, len(column.headers[language]) + 2)
        if column.kind in ("text", "digits", "choice", "moment"):
            dimension.number_format = "@"
        _offer(sheet, f"{letter}{first}:{letter}{_PREPARED}", column, language)


def _offer(sheet: Any, cells: str, column: AnyTemplateColumn, language: Language) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    names = [choice.names[language] for choice in column.choices]
    listed = ",".join(names)
    if not names or len(listed) > _LIST_CHARS or any("," in name or '"' in name for name in names):
        return
    offered = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True)
    offered.add(cells)
    sheet.add_data_validation(offered)


def _explain(sheet: Any, template: AnyTemplate, language: Language) -> None:
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415

    heads = ("kk", "ru", "en", "key", "kind", "unit", "required", "choices", "explanation", "example")
    for position, head in enumerate(heads, 1):
        sheet.cell(1, position, say(language, f"papers-column-{head}")).font = Font(bold=True)
        sheet.column_dimensions[sheet.cell(1, position).column_letter].width = 50 if head == "explanation" else 22
    sheet.freeze_panes = "A2"
    for number, column in enumerate(template.columns, 2):
        for position, text in enumerate(_explanation(column, language), 1):
            cell = sheet.cell(number, position, text)
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _explanation(column: AnyTemplateColumn, language: Language) -> list[str]:
    return [
        *(column.headers[tongue] for tongue in LANGUAGES),
        column.key,
        say(language, f"papers-kind-{column.kind}"),
        unit_of(column, language),
        say(language, "papers-yes" if column.required else "papers-no"),
        "; ".join(f"{choice.code} = {choice.names[language]}" for choice in column.choices)[:32_000],
        say(language, column.description) if column.description else "",
        column.example or "",
    ]
