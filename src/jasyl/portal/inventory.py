"""A city's greenhouse-gas inventory: the page, its tables as files, the workbook, the report."""

from functools import partial
from typing import Any, cast

import sqlalchemy as sa
from anyio import to_thread
from litestar import Request, Response, get

from jasyl.cities import city
from jasyl.emissions.inventory import TOTALS, Result, evaluate
from jasyl.emissions.inventory.export import FLAT, flat_rows, place_name, result_data
from jasyl.emissions.inventory.figures import INDICATORS, KIND, kept_inventory
from jasyl.emissions.inventory.paper import inventory_paper
from jasyl.emissions.pathway.kept import kept_pathway
from jasyl.facts import Book, books
from jasyl.figures import Subject, statements_of
from jasyl.ledger import Calc, parse_record
from jasyl.papers.paper import Paper
from jasyl.texts import Language, Refusal

from .house import House
from .page import Document, MovedError, NotFoundError, page
from .printed import PDF, Printing, printed, today
from .publishing import may_publish
from .sheet import Column, Sheet
from .visit import Visit

_HEADINGS = {"explanation": "inventory-column-explained", **{total: f"inventory-total-{total}" for total in TOTALS}}
COLUMNS = tuple(Column(name, _HEADINGS.get(name, f"inventory-field-{name}").replace("_", "-")) for name in FLAT)
LIST_COLUMNS = (
    Column("place", "inventory-field-place", link=True),
    Column("year", "inventory-field-year", link=True),
    *(Column(total, f"inventory-total-{total.replace('_', '-')}", digits=1) for total in TOTALS),
    Column("unit", "column-unit"),
    Column("missing", "inventory-column-missing", number=True),
    Column("version", "inventory-column-version", number=True),
    Column("digest", "inventory-column-digest", files_only=True),
)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page("/cities/inventories", "Kept greenhouse-gas inventories of cities: three totals, cells not estimated")
def inventories_page(visit: Visit, connection: sa.Connection) -> Document:
    """Every place and year with an inventory, the newest year first."""
    rows: list[dict[str, Any]] = []
    for head in sorted(books(connection, KIND), key=lambda one: (one.place, -int(one.period))):
        kept = kept_inventory(connection, head.place, head.period)
        if kept is None or head.publication != "public":
            continue
        rows.append(list_row(visit, kept[0], evaluate(kept[1])))
    title = visit.t("inventory-list-title")
    return Document("inventories.html", title, {"inventories": rows}, Sheet(LIST_COLUMNS, rows, title))


def list_row(visit: Visit, book: Book, result: Result) -> dict[str, Any]:
    """An inventory in a list: its totals in thousand t."""
    totals = {total: round(result.totals[total].co2e / 10**6, 3) for total in TOTALS}
    address = visit.href(f"/cities/{book.place}/inventory/{book.period}")
    return {
        "place": place_name(book.place, visit.language), "year": book.period, **totals,
        "unit": visit.t("inventory-thousand-t"), "missing": len(result.totals["basic_plus"].missing),
        "version": book.version, "digest": book.digest, "place_link": address, "year_link": address,
    }  # fmt: skip


@page("/cities/{place:str}/inventory/{year:str}", "A greenhouse-gas inventory after GPC; also .xlsx and .pdf")
def inventory_page(visit: Visit, connection: sa.Connection, place: str, year: str) -> Document:
    """Totals apart, waterfall, matrix with keys and grades, uncertainty, sensitivity, assumptions, sources."""
    for form in ("xlsx", "pdf"):
        if year.endswith(f".{form}"):
            raise MovedError(f"/cities/{place}/inventory/{year.removesuffix(f'.{form}')}/report.{form}")
    book, result, others = _found(connection, place, year)
    name = place_name(place, visit.language)
    paper = inventory_paper(result, name, visit.language, day=today(), others=others)
    sheet = Sheet(COLUMNS, flat_rows(result, visit.language), paper.title)
    author = result.inventory.told(result.inventory.author, visit.language)
    told = {"version": book.version, "digest": book.digest, "author": author}
    context = {
        "paper": paper,
        "book": visit.t("inventory-book", **told),
        "statements": _statements(visit, connection, place, year),
        "years": [
            (one, visit.href(f"/cities/{place}/inventory/{one}"), one == year) for one in _years(connection, place)
        ],
        "pathway": _pathway(visit, connection, place, year),
        "files": [
            (visit.href(f"/cities/{place}/inventory/{year}/report.{form}"), form.upper()) for form in ("pdf", "xlsx")
        ],
        "publish": [(INDICATORS[total], visit.t(f"inventory-total-{total.replace('_', '-')}")) for total in TOTALS],
        "may_publish": visit.actor.signed_in and may_publish(visit.actor, place=place),
        "lines": visit.href(f"/cities/{place}/inventory/{year}/lines"),
        "place": place,
        "name": name,
        "year": year,
    }
    data = result_data(result, visit.language) | {"book": {"id": book.id, **told, "record": book.record_id}}
    return Document("inventory.html", paper.title, data, sheet, context)


@get("/cities/{place:str}/inventory/{year:str}/report.pdf", summary="The same as PDF", media_type=PDF)
async def inventory_pdf(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The report as a printed paper in the language of the address."""
    place, year = _asked(request)
    return await printed(request, f"inventory-{place}-{year}", partial(_paper, place, year))


@get("/cities/{place:str}/inventory/{year:str}/report.xlsx", summary="The inventory as workbook", media_type=_XLSX)
async def inventory_xlsx(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The document with its numbers as XLSX, which comes back unchanged."""
    place, year = _asked(request)
    body = await to_thread.run_sync(_xlsx, cast("House", request.app.state.house), place, year, _language(request))
    return _file(body, _XLSX, f"jasyl-inventory-{place}-{year}-{_language(request)}.xlsx", inline=False)


def _asked(request: Request[Any, Any, Any]) -> tuple[str, str]:
    return str(request.path_params["place"]), str(request.path_params["year"])


def _language(request: Request[Any, Any, Any]) -> Language:
    return request.scope.get("state", {})["language"]


def _file(body: bytes, kind: str, name: str, *, inline: bool) -> Response[bytes]:
    shown = "inline" if inline else "attachment"
    return Response(body, media_type=kind, headers={"content-disposition": f'{shown}; filename="{name}"'})


def _paper(place: str, year: str, connection: sa.Connection, printing: Printing) -> Paper:
    _, result, others = _found(connection, place, year)
    name, mark = place_name(place, printing.language), printing.watermark
    return inventory_paper(result, name, printing.language, day=printing.day, others=others, watermark=mark)


def _xlsx(house: House, place: str, year: str, language: Language) -> bytes:
    from jasyl.emissions.inventory.sheet import inventory_workbook  # noqa: PLC0415

    with house.database.reading() as connection:
        _, result, _ = _found(connection, place, year)
    return inventory_workbook(result.inventory, language, result)


def _found(connection: sa.Connection, place: str, year: str) -> tuple[Book, Result, list[Result]]:
    """The inventory in force and those of other years. Raises NotFoundError; only public ones are shown."""
    kept = kept_inventory(connection, place, year)
    if kept is None or kept[0].publication != "public":
        raise no_inventory(place)
    others = [kept_inventory(connection, place, one) for one in _years(connection, place) if one != year]
    return kept[0], evaluate(kept[1]), [evaluate(one[1]) for one in others if one is not None]


def no_inventory(place: str) -> NotFoundError:
    """Nothing is kept of a year: where the inventories of the city stand, and one is begun."""
    try:
        return NotFoundError("inventory-none", see=f"/cities/{city(place).place}/inventory")
    except Refusal:
        return NotFoundError("inventory-none", see="/cities/inventories")


def _years(connection: sa.Connection, place: str) -> list[str]:
    return [one.period for one in books(connection, KIND, place) if one.publication == "public"]


def _pathway(visit: Visit, connection: sa.Connection, place: str, year: str) -> tuple[str, str] | None:
    """Address and name of the pathway that starts from this inventory."""
    kept = kept_pathway(connection, place, year)
    if kept is None or kept[0].publication != "public":
        return None
    name = visit.t("pathway-title", place=place_name(place, visit.language), year=str(kept[1].until))
    return visit.href(f"/cities/{place}/pathway/{year}"), name


def _statements(visit: Visit, connection: sa.Connection, place: str, year: str) -> list[tuple[str, str]]:
    """Address and name of each published total in force."""
    found: list[tuple[str, str]] = []
    names = {indicator: total for total, indicator in INDICATORS.items()}
    for one in statements_of(connection, Subject("place", place)):
        record = parse_record(one.document)
        if one.superseded_by is not None or not isinstance(record, Calc):
            continue
        if record.period == year and record.indicator in names:
            total = names[record.indicator].replace("_", "-")
            found.append((visit.href(f"/statements/{one.id}"), visit.t(f"inventory-total-{total}")))
    return found
