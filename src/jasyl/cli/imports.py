"""``jasyl import``: files of records, boundaries and readings, whole or not at all, with a report line by line."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from jasyl.quantities import unit
from jasyl.storage import database_of, open_folder
from jasyl.texts import Language, Refusal, say

from .choices import one_of
from .options import HERE, AsJson, Data, Lang
from .places import import_boundaries
from .speech import answer, progress, reader_language

if TYPE_CHECKING:
    from jasyl.monitoring import ImportReport as ReadingsReport
    from jasyl.monitoring import Upkeep
    from jasyl.registry import FileName, ImportReport

app = typer.Typer(no_args_is_help=True, add_completion=False)
app.command("boundaries")(import_boundaries)

File = Annotated[Path, typer.Argument(metavar="FILE", help="CSV, XLSX, ODS, GeoJSON, or a zip of one.")]
Partial = Annotated[bool, typer.Option("--partial", help="Take the good rows beside refused ones.")]


def _importer(what: "FileName", summary: str) -> Callable[..., None]:
    """The command of one kind of file: all take the same options and do the same."""

    def command(
        file: File,
        *,
        partial: Partial = False,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Report only; change nothing.")] = False,
        data: Data = HERE,
        as_json: AsJson = False,
        lang: Lang = None,
    ) -> None:
        from jasyl.people import OPERATOR  # noqa: PLC0415
        from jasyl.registry import take_file  # noqa: PLC0415

        language = reader_language(asked=lang)
        folder = open_folder(data)
        with progress(language, as_json=as_json) as seen:
            report = take_file(
                database_of(folder),
                folder,
                what,
                file,
                file.name,
                OPERATOR,
                language=language,
                partial=partial,
                dry_run=dry_run,
                progress=seen,
            )
        if as_json:
            answer(report.as_data(language) | {"dry_run": dry_run})
        else:
            _tell_records(report, language, dry_run=dry_run)
        if not report.applied:
            raise typer.Exit(1)

    command.__doc__ = summary
    return command


for _what, _summary in (
    ("facilities", "Bring facilities in by the template's columns; the same key means the same facility."),
    ("projects", "Bring projects in by the template's columns; the same key means the same project."),
    ("installations", "Bring units and equipment of facilities in by the template's columns."),
    ("enterprises", "Bring enterprises in by the template's columns; a BIN says which one is meant."),
    ("measures", "Bring measures of strategies in: goal, owner, money, indicator, status, dates."),
):
    app.command(_what)(_importer(cast("FileName", _what), _summary))


@app.command()
def readings(
    file: File,
    *,
    facility: Annotated[str, typer.Option("--facility", help="Key of the facility.")],
    mapping: Annotated[
        str | None,
        typer.Option(
            "--mapping",
            metavar="auto|show|confirm|FILE",
            help="A metering sheet (hours across …): known by its shape, only shown, confirmed, or by a JSON file.",
        ),
    ] = None,
    meter: Annotated[
        list[str] | None,
        typer.Option("--meter", metavar="NAME=SERIES", help="Which meter of the sheet is which series."),
    ] = None,
    series: Annotated[str | None, typer.Option("--series", help="Key of the series; needed where it has several.")] = (
        None
    ),
    unit_: Annotated[
        str | None, typer.Option("--unit", help="Unit of the values: kW, MW.h, m3 …; needed without --mapping.")
    ] = None,
    stamp: Annotated[
        str | None, typer.Option("--stamp", help="What a time marks of its interval: start (as a rule) or end.")
    ] = None,
    zone: Annotated[str | None, typer.Option("--zone", help="Zone of times without offset; else the series'.")] = None,
    time_: Annotated[str | None, typer.Option("--time", metavar="COLUMN", help="Header of the times.")] = None,
    value: Annotated[str | None, typer.Option("--value", metavar="COLUMN", help="Header of the values.")] = None,
    decimal: Annotated[str | None, typer.Option("--decimal", help="Decimal sign of texts; else found out.")] = None,
    partial: Partial = False,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Bring the readings of a meter in; closed days are sealed and figures made again."""
    from jasyl.monitoring import bring_up_to_date, take_readings  # noqa: PLC0415
    from jasyl.monitoring.quality import inspect  # noqa: PLC0415
    from jasyl.people import OPERATOR  # noqa: PLC0415

    from .subjects import facility_of, series_of_facility  # noqa: PLC0415

    if stamp is not None:
        one_of("--stamp", stamp, ("start", "end"))
    if decimal is not None:
        one_of("--decimal", decimal, (".", ","))
    if mapping is not None:
        from .metering import SheetOptions, import_metering  # noqa: PLC0415

        options = SheetOptions(mapping, tuple(meter or ()), unit_, stamp, zone, decimal, partial)
        import_metering(data, file, facility, options, as_json=as_json, lang=lang)
        return
    if unit_ is None:
        raise typer.BadParameter("--unit")
    language = reader_language(asked=lang)
    folder = open_folder(data)
    database = database_of(folder)
    with database.reading() as connection:
        chosen = series_of_facility(connection, facility_of(connection, facility), series)
    with progress(language, as_json=as_json) as seen:
        seen.step("import-step-readings", 0)
        report = take_readings(
            database,
            folder,
            file,
            file.name,
            chosen,
            unit=unit(unit_),
            actor=OPERATOR.id,
            now=time.time_ns() // 1000,
            zone=zone,
            stamp=cast(Literal["start", "end"], stamp or "start"),
            time=time_,
            value=value,
            decimal=cast(Literal[".", ","] | None, decimal),
            partial=partial,
        )
        done = None
        if report.stored:
            seen.step("import-step-seal", 0)
            done = bring_up_to_date(database, folder, time.time_ns() // 1000, author=OPERATOR.id)
            inspect(database, folder, time.time_ns() // 1000, progress=seen)
    _tell_readings(report, done, language, as_json=as_json)
    if not report.stored:
        raise typer.Exit(1)


def _tell_records(report: "ImportReport", language: Language, *, dry_run: bool) -> None:
    verdict = "import-applied" if report.applied else "import-refused"
    typer.echo(say(language, "import-dry-run") if dry_run else say(language, verdict), err=not report.applied)
    counts = {"new": len(report.recorded.new), "changed": len(report.recorded.changed)}
    counts |= {"same": len(report.recorded.same), "rows": report.rows, "problems": report.problem_count}
    typer.echo(say(language, "import-counts", **counts), err=not report.applied)
    for problem in report.problems:
        typer.echo(problem.text(language), err=True)
    if report.problem_count > len(report.problems):
        typer.echo(say(language, "import-more-problems", count=report.problem_count - len(report.problems)), err=True)
    for note in report.notes:
        typer.echo(note.text(language))
    for row, text in report.warnings:
        typer.echo(f"{say(language, 'where-row', row=str(row))}: {text}")
    for pair in report.duplicates:
        reasons = ", ".join(say(language, f"duplicate-{reason.replace(' ', '-')}") for reason in pair.reasons)
        typer.echo(say(language, "import-duplicate", one=pair.one, other=pair.other, reasons=reasons))


def _tell_readings(report: "ReadingsReport", done: "Upkeep | None", language: Language, *, as_json: bool) -> None:
    from .upkeep import upkeep_data, upkeep_lines  # noqa: PLC0415

    if as_json:
        answer(_readings_data(report, language) | (upkeep_data(done) if done else {}))
        return
    for line in report.sentences(language):
        typer.echo(line, err=not report.stored)
    for line in upkeep_lines(done, language) if done else ():
        typer.echo(line)


def _readings_data(report: "ReadingsReport", language: Language) -> dict[str, object]:
    receipt = report.receipt
    counts = ("accepted", "corrected", "repeated", "outdated")
    refusals: list[tuple[int, Refusal]] = [(one.row, one.reason) for one in report.refusals]
    return {
        "stored": report.stored,
        "rows": report.rows,
        "missing": report.missing,
        "rounded": report.rounded,
        "shifted": report.shifted,
        **{name: getattr(receipt, name) if receipt else 0 for name in counts},
        "refused": [{"row": row, **reason.as_data(language)} for row, reason in refusals],
    }
