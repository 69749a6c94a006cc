"""``jasyl circular stocks``: how much is in use, what enters and what leaves."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from jasyl.quantities import written_unit
from jasyl.texts import Language, say, write_number

from .choices import one_of
from .circular_keeping import Keep
from .circular_keeping import keep as keep_document
from .exports import deliver
from .options import HERE, AsJson, Data, Lang
from .speech import answer, reader_language, table

if TYPE_CHECKING:
    from jasyl.circular import Entry, StockRun

_ENTRIES = ("start", "middle", "end")
Out = Annotated[Path | None, typer.Option("-o", "--out", metavar="FILE", help="Results as CSV, XLSX or SVG, by name.")]


def register(app: typer.Typer) -> None:
    """Add the command to the group."""
    app.command("stocks")(stocks)


def stocks(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON (jasyl schema stock-model), or a filled sheet.")],
    *,
    entry: Annotated[
        str | None, typer.Option("--entry", help="When inflow enters within its year: start, middle or end.")
    ] = None,
    unit: Annotated[str, typer.Option("--unit", help="Unit of the amounts of a sheet (UCUM).")] = "t",
    place: Annotated[str, typer.Option("--place", help="Place of a sheet: ISO or KATO code.")] = "",
    out: Out = None,
    keep: Keep = False,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Compute stocks, inflows and outflows of products by their lifetimes (cohort model)."""
    from jasyl.circular import run_stock_model  # noqa: PLC0415
    from jasyl.circular.document_files import read_stock_file  # noqa: PLC0415

    if entry is not None:
        one_of("--entry", entry, _ENTRIES)
    if out is not None:
        one_of("--out", out.suffix.lower(), (".csv", ".xlsx", ".svg"))
    language = reader_language(asked=lang)
    model = read_stock_file(file, file.name, place=place, unit=unit, entry=cast("Entry | None", entry))
    run = run_stock_model(model)
    if as_json:
        answer(run.as_data())
    else:
        _tell(run, language)
    if keep:
        keep_document(run.model, data, language, quiet=as_json)
    if out is not None:
        deliver(_file(run, out.suffix.lower(), language), out, as_json=False, lang=lang)


def _tell(run: "StockRun", language: Language) -> None:
    from jasyl.circular import stock_scenario_name  # noqa: PLC0415

    model, shown = run.model, written_unit(run.model.unit, language)
    typer.echo(
        say(language, "circular-stocks-head", title=model.title, entry=say(language, f"circular-entry-{model.entry}"))
    )
    heads = ("scenario", "product", "region", "year", "stock", "inflow", "outflow")
    rows: list[list[Any]] = [[say(language, f"circular-column-{name}") for name in heads]]
    for future in (run, *run.alternatives):
        scenario = stock_scenario_name(future, language)
        for one in future.series:
            for year in (model.first_year, model.last_year):
                at = year - model.first_year
                amounts = (one.stock[at], one.inflow[at], one.outflow[at])
                numbers = [f"{write_number(language, float(amount))} {shown}" for amount in amounts]
                rows.append([scenario, one.product.name, one.product.region, year, *numbers])
    table(rows if run.alternatives else [row[1:] for row in rows])
    for one in run.series:
        if one.mean_age is not None:
            age = write_number(language, one.mean_age, 1)
            typer.echo(
                say(language, "circular-stocks-age", product=one.product.name, year=str(model.last_year), age=age)
            )


def _file(run: "StockRun", suffix: str, language: Language) -> bytes:
    if suffix == ".svg":
        from jasyl.circular import stock_chart  # noqa: PLC0415

        return stock_chart(run, language).encode()
    from jasyl.circular import stock_columns  # noqa: PLC0415
    from jasyl.papers import write_csv, write_xlsx  # noqa: PLC0415

    rows = list(run.rows())
    if suffix == ".xlsx":
        return write_xlsx(stock_columns(), rows, language)
    return b"".join(write_csv(stock_columns(), rows, language, mark=True))
