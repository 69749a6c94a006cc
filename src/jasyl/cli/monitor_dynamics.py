"""``jasyl monitor dynamics``, ``targets`` and ``regions``: introduction, development, progress, order."""

import datetime as dt
from typing import Annotated, cast

import typer

from jasyl.monitoring import (
    DIMENSIONS,
    RANKING_MEASURES,
    SCALES,
    DynamicsRow,
    RankingMeasure,
    dynamics,
    metered_years,
    rank_regions,
    target_progress,
)
from jasyl.monitoring.dynamics_row import Dimension
from jasyl.places import regions, resolve
from jasyl.quantities import LOCAL_TIME, written_unit
from jasyl.registry import MAP_FAMILIES, adoption_table, in_language
from jasyl.storage import database_of, open_folder
from jasyl.texts import Language, say, write_number

from .choices import one_of
from .options import HERE, AsJson, Data, Lang
from .speech import answer, reader_language, table

app = typer.Typer(no_args_is_help=True, add_completion=False)
GROUPINGS = tuple(one for one in DIMENSIONS if one != "enterprise")


@app.command("dynamics")
def dynamics_(
    *,
    by: Annotated[
        str, typer.Option("--by", help="family, technology, region, sector or size; several with commas.")
    ] = "family",
    region: Annotated[str | None, typer.Option("--region", help="Only this region.")] = None,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """How technologies are introduced and develop, by year: facilities, enterprises, capacity, output, shares."""
    wanted = [one.strip() for one in by.split(",") if one.strip()]
    for one in wanted:
        one_of("--by", one, GROUPINGS)
    place = resolve(region).iso if region else None
    year = dt.datetime.now(LOCAL_TIME).year
    with database_of(open_folder(data)).reading() as connection:
        rows, metered = adoption_table(connection, place), metered_years(connection)
    language = reader_language(asked=lang)
    dimensions = cast("list[Dimension]", wanted)
    found = dynamics(rows, dimensions, year, metered=metered)
    shown = [row for row in found.rows if row.cumulative or row.new]
    if as_json:
        apart = {name: list(getattr(found.apart, name)) for name in found.apart.__dataclass_fields__}
        lines = [row.as_data(found.by) for row in shown]
        answer({"by": by, "region": place, "rows": lines, "apart": apart})
        return
    names = ("year", "group", "new", "cumulative", "enterprises", "capacity-mw", "share", "growth")
    table([[say(language, f"column-{name}") for name in names], *(_row(row, language) for row in shown)])


def _row(row: DynamicsRow, language: Language) -> list[object]:
    def percent(value: float | None) -> str:
        return "" if value is None else write_number(language, value * 100, 1)

    capacity = write_number(language, row.capacity / 1e6, 1)
    counts = (row.new, row.cumulative, row.enterprises)
    group = " · ".join(one or "—" for one in row.group) or "—"
    return [row.year, group, *counts, capacity, percent(row.share), percent(row.growth)]


@app.command("targets")
def targets(*, data: Data = HERE, as_json: AsJson = False, lang: Lang = None) -> None:
    """Progress towards the dated targets of programmes, where a published series has the same definition."""
    with database_of(open_folder(data)).reading() as connection:
        found = target_progress(connection)
    if as_json:
        answer([one.as_data() for one in found])
        return
    language = reader_language(asked=lang)
    for one in found:
        state, target = one.assessment, one.target
        value = "" if state.value is None else f"{write_number(language, state.value, 1)} ({state.last})"
        worth = "" if target["target_value"] is None else write_number(language, target["target_value"])
        names = [in_language(target, name, language) for name in ("name", "indicator")]
        unit = written_unit(target["unit"] or "", language)
        wanted = f"{worth}{' × ' if unit[:1].isdigit() else ' '}{unit}".strip()
        told = say(language, f"target-state-{state.state.replace('_', '-')}")
        table([[*names, target["region"], wanted, target["target_year"] or "", value, told]])


@app.command("regions")
def regions_(
    *,
    measure: Annotated[str, typer.Option("--measure", help="capacity or facilities.")] = "capacity",
    per: Annotated[str, typer.Option("--per", help="region, inhabitants (100 000) or area (1000 km2).")] = "region",
    family: Annotated[str | None, typer.Option("--family", help="Only this family.")] = None,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Regions in order, each with the ranks that missing data leave open."""
    one_of("--measure", measure, RANKING_MEASURES)
    one_of("--per", per, SCALES)
    if family is not None:
        one_of("--family", family, MAP_FAMILIES)
    with database_of(open_folder(data)).reading() as connection:
        rows = [one for one in adoption_table(connection) if family is None or one.family == family]
    scale = {
        one.iso: {"inhabitants": one.population / 1e5, "area": one.area_km2 / 1e3}.get(per, 1.0) for one in regions()
    }
    year = dt.datetime.now(LOCAL_TIME).year
    found = rank_regions(rows, [one.iso for one in regions()], year, cast("RankingMeasure", measure), scale)
    if as_json:
        answer([vars(one) for one in found])
        return
    language = reader_language(asked=lang)
    names = {one.iso: one.name(language) for one in regions()}
    unit = 1e6 if measure == "capacity" else 1.0
    for one in found:
        ranks = f"{one.best}–{one.worst}" if one.best != one.worst else str(one.rank)
        numbers = [write_number(language, each / unit, 1) for each in (one.value, one.high)]
        table([[ranks, names[one.region], *numbers, one.counted, one.missing]])
