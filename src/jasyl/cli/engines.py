"""Which engine answers: the options of commands that ask wide questions, and ``jasyl monitor amounts``."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Annotated, get_args

import typer

from jasyl.monitoring.definitions import definitions
from jasyl.monitoring.dropped_spans import dropped
from jasyl.monitoring.engine import DuckDB, Engine
from jasyl.monitoring.metered_amounts import STEPS, GroupedBy, metered_amounts
from jasyl.quantities import UNITS, Granularity, decimal_text, microseconds, period
from jasyl.storage import database_of, open_folder
from jasyl.texts import say, write_number

from .choices import one_of
from .options import HERE, AsJson, Data, Lang
from .speech import answer, progress, reader_language, table

ENGINES = ("duckdb", "spark")
EngineName = Annotated[str, typer.Option("--engine", help="Who adds up: duckdb (this machine) or spark.")]
Master = Annotated[
    str, typer.Option("--master", help="Master of Spark: local[4], spark://host:7077, local-cluster[2,1,1024].")
]

app = typer.Typer(no_args_is_help=True, add_completion=False)


@contextmanager
def chosen(name: str, master: str) -> Generator[Engine]:
    """The engine of that name, ended with the block. Raises Refusal ``spark-missing``, ``spark-java``."""
    one_of("--engine", name, ENGINES)
    if name == "duckdb":
        yield DuckDB()
        return
    from jasyl.monitoring.spark import Spark  # noqa: PLC0415

    with Spark(master) as engine:
        yield engine


@app.command()
def amounts(
    quantity: Annotated[str, typer.Argument(metavar="QUANTITY", help="electricity_generated, water_saved …")],
    span: Annotated[str, typer.Argument(metavar="PERIOD", help="2016, 2016-07 or 2016-07-03")],
    *,
    by: Annotated[str, typer.Option("--by", help="series, facility or region.")] = "facility",
    step: Annotated[str, typer.Option("--step", help="day, month or year.")] = "month",
    every: Annotated[bool, typer.Option("--every", help="Count readings that were judged wrong, too.")] = False,
    engine: EngineName = "duckdb",
    master: Master = "local[*]",
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Add up what meters counted, with the number of meters and how complete it is, from the readings themselves."""
    groups: dict[str, GroupedBy] = {name: name for name in get_args(GroupedBy)}
    steps: dict[str, Granularity] = {name: name for name in STEPS}
    one_of("--by", by, tuple(groups))
    one_of("--step", step, tuple(steps))
    language = reader_language(asked=lang)
    folder = open_folder(data)
    with progress(language, as_json=as_json) as seen, chosen(engine, master) as found:
        seen.step("monitor-step-rollup", 0)
        with database_of(folder).reading() as connection:
            defined, asked = definitions(connection), period(span)
            rows = metered_amounts(
                connection, folder, defined, quantity, asked,
                by=groups[by], step=steps[step], sound=not every, engine=found,
            )  # fmt: skip
            gone = dropped(connection, microseconds(asked.start), microseconds(asked.end))
    without = {one.series for one in gone if one.series in defined and defined[one.series].quantity == quantity}
    if without:
        typer.echo(say(language, "amounts-dropped", series=len(without)), err=True)
    if as_json:
        answer(
            [
                {
                    "group": row.group, "period": row.period, "value": decimal_text(row.value), "unit": row.unit,
                    "count": row.count, "expected": row.expected, "meters": row.meters,
                    "completeness": decimal_text(row.completeness),
                }
                for row in rows
            ]
        )  # fmt: skip
        return
    if not rows:
        typer.echo(say(language, "amounts-none"))
    table(
        [
            [
                row.group, row.period, f"{write_number(language, row.value, 3)} {UNITS[row.unit].written(language)}",
                row.meters, f"{write_number(language, row.completeness * 100, 1)} %",
            ]
            for row in rows
        ]
    )  # fmt: skip
