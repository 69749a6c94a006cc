"""``jasyl monitor savings``: what an efficiency project saved, by regression on outdoor temperature."""

from pathlib import Path
from typing import Annotated, Any, cast

import numpy as np
import typer

from jasyl.monitoring import (
    AMOUNTS,
    Savings,
    consumption_series,
    measured_savings,
    metered_span,
    normalised_savings,
    parse_span,
    read_temperatures,
)
from jasyl.monitoring.savings_readings import READ_IN, Step, in_order
from jasyl.quantities import UNITS
from jasyl.storage import database_of, open_folder
from jasyl.texts import Language, say, write_number

from .choices import one_of
from .options import HERE, AsJson, Data, Lang
from .speech import answer, reader_language, table
from .subjects import facility_of

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command("savings")
def savings(
    facility: Annotated[str, typer.Argument(metavar="FACILITY", help="Key of the facility.")],
    *,
    before: Annotated[str, typer.Option("--before", help="Before the works: 2023-01..2023-12.")],
    after: Annotated[str, typer.Option("--after", help="After the works: 2024-06..2025-05.")],
    temperature: Annotated[Path, typer.Option("--temperature", help="CSV or XLSX of date and daily mean °C.")],
    typical: Annotated[Path | None, typer.Option("--typical", help="Daily mean °C of a typical year.")] = None,
    quantity: Annotated[str | None, typer.Option("--quantity", help="gas_consumed, heat_consumed …")] = None,
    step: Annotated[str, typer.Option("--step", help="day or month.")] = "month",
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Savings measured by comparing before and after at equal weather (IPMVP option C), with 90 % intervals."""
    one_of("--step", step, ("day", "month"))
    cold = read_temperatures(temperature)
    year = read_temperatures(typical) if typical else None
    spans = parse_span(before), parse_span(after)
    in_order(*spans)
    with database_of(open_folder(data)).reading() as connection:
        row = facility_of(connection, facility)
        series = consumption_series(connection, row["id"], row["key"], quantity)
        then, now = (metered_span(connection, series, span, cast("Step", step), cold) for span in spans)
    found = measured_savings(then.consumption, now.consumption)
    document: dict[str, Any] = {
        "facility": row["key"],
        "quantity": series[0].quantity,
        "unit": AMOUNTS[series[0].quantity],
        "step": step,
        "periods": {"before": len(then.consumption.amount), "after": len(now.consumption.amount)},
        "left_out": {"before": then.left, "after": now.left},
        **found.as_data(),
    }
    if year:
        temperatures = np.array([year[day] for day in sorted(year)])
        normal = normalised_savings(then.consumption, now.consumption, temperatures, np.ones(len(temperatures)))
        document["normalised"] = vars(normal)
    if as_json:
        answer(document)
    else:
        _tell(document, found, reader_language(asked=lang))


def _tell(document: dict[str, Any], found: Savings, language: Language) -> None:
    unit = UNITS[READ_IN[document["unit"]]]

    def amount(value: float) -> str:
        return f"{write_number(language, value / float(unit.factor), 2)} {unit.written(language)}"

    rows = [
        (say(language, "savings-model"), found.baseline.told(language)),
        (say(language, "savings-adjusted"), amount(found.adjusted)),
        (say(language, "savings-metered"), amount(found.metered)),
        (say(language, "savings-avoided"), f"{amount(found.avoided)} ({amount(found.low)} … {amount(found.high)})"),
        (say(language, "savings-fraction"), f"{write_number(language, found.fraction * 100, 1)} %"),
        (say(language, "savings-guideline"), f"± {write_number(language, found.guideline_14 * 100, 0)} %"),
    ]
    if "normalised" in document:
        normal = document["normalised"]
        ends = f"({amount(normal['low'])} … {amount(normal['high'])})"
        rows.append((say(language, "savings-normalised"), f"{amount(normal['saved'])} {ends}"))
    table(rows)
    for check in found.checks:
        mark = say(language, "savings-check-holds" if check.holds else "savings-check-fails")
        numbers = [write_number(language, each, 2) for each in (check.found, check.wanted)]
        table([(mark, say(language, f"savings-check-{check.name}"), *numbers)])
