"""A model of stocks as a sheet: one row a product and year; CSV, XLSX and ODS as people keep them."""

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from jasyl.intake import Choice, Reading, Template, TemplateColumn, read, read_tables
from jasyl.texts import Language, Refusal, Where, everywhere

from .documents import refuse_all
from .lifetime import LIFETIMES, Entry
from .stock_checks import examine_stock_model
from .stock_model import LifetimeGiven, Product, StockModel

QUANTITIES = ("inflow", "stock", "standing")
_PARAMETERS = ("mean", "sd", "shape", "scale")


def _headers(message: str) -> dict[Language, str]:
    return dict(everywhere(message))


def _choices(kind: str, values: tuple[str, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(value, _headers(f"circular-{kind}-{value}")) for value in values)


@cache
def stock_template() -> Template:
    """Columns of a sheet of stocks. The lifetime stands in at least one row of each product, alike in all."""
    return Template(
        "material-stocks",
        (
            TemplateColumn("product", _headers("circular-column-product"), length=60, required=True, example="windows"),
            TemplateColumn("region", _headers("circular-column-region"), length=60, example="Yesil"),
            TemplateColumn(
                "year", _headers("circular-column-year"), "integer", required=True, minimum=Decimal(1800),
                maximum=Decimal(2200), example="2015",
            ),
            TemplateColumn(
                "quantity", _headers("circular-column-quantity"), "choice", required=True,
                choices=_choices("quantity", QUANTITIES), example="inflow",
            ),
            TemplateColumn(
                "value", _headers("circular-column-amount"), "decimal", required=True, minimum=Decimal(0),
                example="1250",
            ),
            TemplateColumn(
                "lifetime", _headers("circular-column-lifetime"), "choice", choices=_choices("lifetime", LIFETIMES),
                example="weibull",
            ),
            *(
                TemplateColumn(
                    name, _headers(f"circular-column-{name}"), "decimal", minimum=Decimal(0), example=example
                )
                for name, example in zip(_PARAMETERS, ("30", "8", "", ""), strict=True)
            ),
            TemplateColumn("source", _headers("circular-column-source"), length=500, example="Building permits, 2026"),
        ),
    )  # fmt: skip


def read_stock_sheet(
    given: Path | bytes, name: str | None = None, *, unit: str = "t", place: str = "", entry: Entry = "middle"
) -> StockModel:
    """The model that a sheet holds; the file goes in whole or not at all.

    Raises SeveralRefused with the faults of its cells, ``stock-sheet-differs`` where rows of a product disagree about
    its lifetime, ``circular-twice`` for a second row of one product, year and quantity, ``stock-sheet-lifetime`` where
    none is given.
    """
    table = read_tables(given, name)[0]
    reading = read(table, stock_template())
    refuse_all(one.refusal for one in reading.problems)
    products: dict[tuple[str, str], dict[str, Any]] = {}
    for at, row in enumerate(reading.rows):
        key = (str(row["product"]), str(row.get("region") or ""))
        held = products.setdefault(key, {"at": at, "lifetime": {}, "source": "", **{one: {} for one in QUANTITIES}})
        _take(held, row, reading, at)
    if not products:
        raise Refusal("stock-sheet-empty", where=Where(file=table.file))
    made = [_product(key, held, reading) for key, held in products.items()]
    years = [year for one in made for year in (*(one.inflow or {}), *(one.stock or {}))]
    if not years:
        raise Refusal("stock-sheet-empty", where=Where(file=table.file))
    model = StockModel(
        title=table.file,
        place=place,
        unit=unit,
        first_year=min(years),
        last_year=max(years),
        products=made,
        entry=entry,
    )
    examine_stock_model(model, table.file)
    return model


def _take(held: dict[str, Any], row: dict[str, Any], reading: Reading, at: int) -> None:
    amounts = held[str(row["quantity"])]
    year = int(row["year"])
    if year in amounts:
        where = _where(reading, at, "year")
        raise Refusal("circular-twice", where=where, received=f"{row['product']} {year} {row['quantity']}")
    amounts[year] = float(row["value"])
    said = {"kind": row.get("lifetime"), **{name: row.get(name) for name in _PARAMETERS}}
    for name, value in said.items():
        if value is None:
            continue
        known = held["lifetime"].setdefault(name, value)
        if known != value:
            where = _where(reading, at, "lifetime" if name == "kind" else name)
            raise Refusal("stock-sheet-differs", where=where, received=str(value), expected=str(known))
    held["source"] = held["source"] or row.get("source") or ""


def _product(key: tuple[str, str], held: dict[str, Any], reading: Reading) -> Product:
    said = held["lifetime"]
    if "kind" not in said:
        raise Refusal("stock-sheet-lifetime", where=_where(reading, held["at"], "lifetime"), received=key[0])
    mean, sd, shape, scale = (float(said[name]) if name in said else None for name in _PARAMETERS)
    return Product(
        id=key[0],
        region=key[1],
        lifetime=LifetimeGiven(kind=said["kind"], mean=mean, sd=sd, shape=shape, scale=scale),
        inflow=held["inflow"] or None,
        stock=held["stock"] or None,
        standing=held["standing"],
        source=held["source"],
    )


def _where(reading: Reading, at: int, field: str) -> Where:
    table = reading.match.table
    headers = {mapped.column.key: mapped.header for mapped in reading.match.columns}
    return table.where(reading.numbers[at], headers.get(field, field))
