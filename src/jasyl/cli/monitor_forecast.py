"""``jasyl monitor forecast``: diffusion curves with intervals, and whether they beat a naive forecast."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from jasyl.monitoring import Curve, best_curve, curves, dynamics, history, rows_of_forecast
from jasyl.monitoring.diffusion_report import last_whole_year
from jasyl.monitoring.forecast_figures import FORECASTABLE, YEARS_AHEAD
from jasyl.places import resolve
from jasyl.registry import MAP_FAMILIES, adoption_table
from jasyl.storage import database_of, open_folder
from jasyl.texts import Language, say, write_number

from .choices import one_of
from .options import HERE, AsJson, Data, Lang
from .speech import answer, reader_language

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command()
def forecast(
    *,
    measure: Annotated[str, typer.Option("--measure", help="What to forecast: capacity, facilities, enterprises.")] = (
        "capacity"
    ),
    family: Annotated[str | None, typer.Option("--family", help="Only this family.")] = None,
    region: Annotated[str | None, typer.Option("--region", help="Only this region.")] = None,
    years: Annotated[int, typer.Option("--years", min=1, max=30, help="Years ahead.")] = YEARS_AHEAD,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Forecast what will stand in years to come by diffusion curves, each tested on the past; what loses says so.

    Commands figure and publish take a number of the curve that wins: KZ forecast.capacity.solar 2027.
    """
    one_of("--measure", measure, tuple(FORECASTABLE))
    if family is not None:
        one_of("--family", family, MAP_FAMILIES)
    place = resolve(region).iso if region else None
    with database_of(open_folder(data)).reading() as connection:
        rows = [one for one in adoption_table(connection, place) if family is None or one.family == family]
    last = last_whole_year()
    known = history(dynamics(rows, [], last + 1).rows, measure, last)
    found = curves(known, years)
    best = best_curve(found)
    language = reader_language(asked=lang)
    if as_json:
        answer({
            "measure": measure,
            "family": family,
            "region": place,
            "first": known.first,
            "additions": list(known.additions),
            "standing": known.standing,
            "curves": [one.as_data(language) for one in found],
            "best": best.model if best else None,
        })  # fmt: skip
        return
    for line in _lines(found, measure, language):
        typer.echo(line)
    typer.echo(say(language, "forecast-best", model=say(language, f"diffusion-{best.model}")) if best
               else say(language, "forecast-none-wins"))  # fmt: skip


def _lines(found: Sequence[Curve], measure: str, language: Language) -> Iterator[str]:
    """Of each curve its verdict, the reasons why there is none, and its years (capacity in MW)."""
    scale = 1e6 if measure == "capacity" else 1.0
    for one in found:
        yield f"{say(language, f'diffusion-{one.model}')}: {one.verdict(language)}"
        yield from (str(refusal.text(language)) for refusal in one.refusals)
        for row in rows_of_forecast(one.forecast) if one.forecast else ():
            numbers = (write_number(language, row[name] / scale, 1) for name in ("value", "low", "high"))
            yield "\t".join((str(row["year"]), *numbers))
