"""Empty workbooks to fill in, made from a template."""

from collections.abc import Sequence
from typing import Any, Protocol

from jasyl.texts import LANGUAGES, Language, say

from .column import AnyColumn, unit_of
from .workbook import saved

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
    from openpyxl import Workbook  # noqa: PLC0415

    book = Workbook()
    sheet: Any = book.active
    sheet.title = say(language, "papers-data")
    _fill_data(sheet, template, language)
    _explain(book.create_sheet(say(language, "papers-columns")), template, language)
    return saved(book)


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
