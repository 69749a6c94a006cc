"""``jasyl emissions``: plants' reports, the template to fill in, the factors of the package."""

import time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import msgspec
import typer

from jasyl.emissions.plants import (
    PlantReport,
    PlantResult,
    Sensitivity,
    assess,
    example,
    fact_rows,
    facts_template,
    keep_plant_report,
    line_rows,
    lines_template,
    make_plant_figures,
    metered_amounts,
    plant_subject,
    read_plant_json,
    read_plant_sheet,
    sensitivity,
)
from jasyl.emissions.plants.telling import result_data
from jasyl.quantities import UNITS, signable
from jasyl.storage import DataFolder, database_of, open_folder
from jasyl.texts import Language, Refusal, Where, say, write_number

from .choices import one_of
from .exports import Out, deliver
from .options import HERE, AsJson, Data, Lang
from .speech import answer, reader_language, table

if TYPE_CHECKING:
    from jasyl.facts.book import BookLevel

app = typer.Typer(no_args_is_help=True, add_completion=False)
_LEVELS = ("public", "aggregated", "closed")


@app.command("plant")
def plant(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A plant's report: JSON, XLSX or ODS.")],
    *,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep it as a version of the plant's book, with figures.")
    ] = False,
    level: Annotated[str, typer.Option("--level", help="public, aggregated or closed.")] = "public",
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Scope 1 and 2 of a plant, quota against emission, what is wrong with its report; exit code 1 on errors."""
    one_of("--level", level, _LEVELS)
    language = reader_language(asked=lang)
    report, places = _read(file)
    folder = DataFolder(data.absolute())
    kept = _keep(open_folder(data), report, level) if keep else None
    metered: dict[str, Any] = {}
    if folder.exists:
        from jasyl.monitoring import figure_kind  # noqa: PLC0415

        with database_of(folder).reading() as connection:
            subject = plant_subject(_facility(connection, report.plant), report.plant)
            metered = metered_amounts(connection, report, subject, figure_kind(folder))
    result = assess(report, metered)
    rows = sensitivity(report, metered)
    found = [one.placed(places) for one in result.findings]
    if as_json:
        document = result_data(result, rows, language)
        answer({**document, "findings": [one.as_data(language) for one in found], "book": kept})
    else:
        _tell(result, rows, language)
        for one in found:
            typer.echo(f"{say(language, f'plant-level-{one.level}')}: {one.text(language)}", err=one.level == "error")
        if kept:
            typer.echo(say(language, "plant-kept", version=kept["version"], id=kept["id"]))
    if result.errors:
        raise typer.Exit(1)


@app.command("template")
def template(
    *,
    filled: Annotated[bool, typer.Option("--example", help="Filled with the example of the manual.")] = False,
    out: Out = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Write the workbook of a plant's report, its headings in the reader's language."""
    from jasyl.papers import templates_workbook  # noqa: PLC0415

    language = reader_language(asked=lang)
    facts = list(fact_rows(example()))
    facts = facts if filled else [{"fact": row["fact"]} for row in facts]
    lines = list(line_rows(example())) if filled else []
    sheets = (("facts", facts_template(), facts), ("lines", lines_template(), lines))
    named = [(say(language, f"plant-sheet-{name}"), form, rows) for name, form, rows in sheets]
    deliver(templates_workbook(named, language), out, as_json=as_json, lang=lang)


@app.command("example")
def example_report(*, as_json: AsJson = False, lang: Lang = None) -> None:
    """Print the example of a plant's report as JSON: a fictional plant of heat and power."""
    _ = as_json, lang  # the same for people and programs
    answer(example().as_data())


@app.command("activities")
def activities(
    place: Annotated[str, typer.Argument(metavar="PLACE", help="The city: ISO or KATO code.")],
    year: Annotated[int, typer.Argument(metavar="YEAR", help="A calendar year.")],
    *,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Print kept reports of a city's plants as activities of its inventory, masses by cell."""
    from jasyl.monitoring import figure_kind  # noqa: PLC0415
    from jasyl.monitoring.plant_meters import plant_activities  # noqa: PLC0415

    folder = open_folder(data)
    with database_of(folder).reading() as connection:
        found = plant_activities(connection, place, year, figure_kind(folder))
    if as_json:
        answer([signable(msgspec.to_builtins(one, builtin_types=(Decimal,))) for one in found])
        return
    language = reader_language(asked=lang)
    for one in found:
        told = "; ".join(f"{gas} {write_number(language, mass / 1000, 1)}" for gas, mass in one.masses.items())
        table([(one.ref, one.name, told, UNITS["t"].written(language))])


@app.command("factors")
def factors(
    words: Annotated[str, typer.Argument(metavar="[WORDS]", help="Words of id, item or kind, all of them.")] = "",
    *,
    gas: Annotated[str | None, typer.Option("--gas", help="CO2, CH4, N2O …")] = None,
    sector: Annotated[str | None, typer.Option("--sector", help="energy_industries, road …")] = None,
    region: Annotated[str | None, typer.Option("--region", help="world or KAZ.")] = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """List emission factors with unit, source, confidence, and whether somebody confirmed them."""
    from jasyl.emissions import factor_name, find_factors  # noqa: PLC0415

    language = reader_language(asked=lang)
    wanted = words.casefold().split()
    found = [
        one
        for one in find_factors(gas=gas, sector=sector, region=region)
        if all(word in f"{one.id} {one.item} {one.group} {factor_name(one.id, language)}".casefold() for word in wanted)
    ]
    if as_json:
        answer([one.as_data() for one in found])
        return
    table(
        [
            (one.id, factor_name(one.id, language), one.written, one.unit, one.confidence,
             "" if one.confirmed else say(language, "plant-not-confirmed"), one.source[:70])
            for one in found
        ]
    )  # fmt: skip


def _read(file: Path) -> tuple[PlantReport, dict[str, Where]]:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Refusal("plant-report-form", where=Where(file=file.name), received=error.strerror or "") from error
    if file.suffix.lower() == ".json":
        return read_plant_json(content, file.name), {}
    return read_plant_sheet(content, file.name)


def _facility(connection: Any, key: str) -> Any:
    from jasyl.people import OPERATOR  # noqa: PLC0415
    from jasyl.registry import facility_by_key  # noqa: PLC0415

    return facility_by_key(connection, key, OPERATOR)


def _keep(folder: DataFolder, report: PlantReport, level: str) -> dict[str, Any]:
    from jasyl.monitoring import figure_kind  # noqa: PLC0415
    from jasyl.monitoring.plant_meters import make_plant_amounts  # noqa: PLC0415
    from jasyl.people import OPERATOR  # noqa: PLC0415

    kind, now = figure_kind(folder), time.time_ns() // 1000
    with database_of(folder).writing() as connection:
        facility = _facility(connection, report.plant)
        if facility is not None:
            make_plant_amounts(connection, facility, report, kind, now)
        subject = plant_subject(facility, report.plant)
        metered = metered_amounts(connection, report, subject, kind)
        book = keep_plant_report(
            connection, folder, report, OPERATOR.id, publication=cast("BookLevel", level), metered=metered
        )
        made = make_plant_figures(connection, book, subject, kind, now)
    figures = {one.figure.indicator: one.id for one in made}
    return {"id": book.id, "version": book.version, "digest": book.digest, "figures": figures}


def _tell(result: PlantResult, rows: tuple[Sensitivity, ...], language: Language) -> None:
    def tonnes(kilograms: float | None, digits: int = 0) -> str:
        written = UNITS["t"].written(language)
        return "—" if kilograms is None else f"{write_number(language, kilograms / 1000, digits)} {written}"

    report = result.report
    typer.echo(f"{report.name}, {report.year}: {say(language, f'plant-stage-{report.stage}')}")
    totals = (
        ("plant-scope1", result.equivalent1, result.uncertainty1),
        ("plant-scope2", result.equivalent2, result.uncertainty2),
        ("plant-scope2-market", result.equivalent_market, None),
    )
    table(
        [
            (say(language, name), tonnes(value), "" if u is None else f"± {tonnes(1.96 * u)}")
            for name, value, u in totals
        ]
    )
    if result.energy.used is not None:
        unit = UNITS["MW.h"]
        used = f"{write_number(language, result.energy.used / 1e6, 0)} {unit.written(language)}"
        table([(say(language, "indicator-energy-plant-used"), used)])
    for one in result.lines:
        gases = one.emission.masses if one.emission else {}
        told = "; ".join(f"{species} {tonnes(float(mass), 1)}" for species, mass in gases.items())
        table([(f"  {one.reference}", one.name, told or "—")])
    if result.balance is not None:
        balance = result.balance
        told = [("plant-quota", balance.quota), ("plant-emission", balance.emission), ("plant-left", balance.left)]
        table([(f"{say(language, name)} ({balance.covers})", tonnes(value)) for name, value in told])
    if result.ways:
        typer.echo(say(language, "plant-ways"))
        table([(f"  {say(language, 'plant-way-' + one.method.replace('_', '-'))}",
                f"{write_number(language, one.heat * 100, 1)} %", f"{write_number(language, one.power * 100, 1)} %")
               for one in result.ways])  # fmt: skip
    typer.echo(say(language, "plant-sensitivity"))
    table([("  " + ("●" if one.chosen else "○"), say(language, f"plant-choice-{one.subject}"), one.choice,
            tonnes(one.scope1), tonnes(one.scope2)) for one in rows])  # fmt: skip
