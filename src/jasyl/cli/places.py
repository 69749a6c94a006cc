"""``jasyl places``: regions as a table, official boundaries from their publisher; ``jasyl import boundaries FILE``."""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jasyl.places import Region, regions
from jasyl.storage import DataFolder, database_of, open_folder
from jasyl.texts import LANGUAGES, Language, say, write_number

from .options import HERE, AsJson, Data, Lang
from .speech import answer, reader_language

if TYPE_CHECKING:
    from jasyl.places.boundary_import import ImportReport
    from jasyl.places.publishers import Progress

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command("regions")
def list_regions(*, as_json: AsJson = False, lang: Lang = None) -> None:
    """List the 17 regions and 3 cities of republican rank."""
    language = reader_language(asked=lang)
    if as_json:
        answer([region_as_data(one) for one in regions()])
        return
    for one in regions():
        area, people = write_number(language, one.area_km2, 0), write_number(language, one.population)
        line = f"{one.iso}\t{one.name(language)}\t{one.centre_names.of(language)}\t{area} km²\t{people}"
        typer.echo(f"{line} ({one.population_date}, {say(language, f'confidence-{one.population_confidence}')})")


@app.command("fetch-boundaries")
def fetch(
    publisher: Annotated[str, typer.Argument(metavar="PUBLISHER", help="geokz or ocha.")] = "geokz",
    *,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Download official regions and districts from their publisher and import them."""
    from jasyl.places.publishers import fetch_boundaries  # noqa: PLC0415

    language = reader_language(asked=lang)
    folder = open_folder(data)
    with _progress(shown=not as_json and sys.stderr.isatty()) as progress:
        report = fetch_boundaries(folder, publisher, progress=progress)
    _record(folder, report, publisher)
    _tell(report, language, as_json=as_json)


def import_boundaries(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="GeoJSON, GeoPackage, Shapefile, or a zip of these.")],
    *,
    source: Annotated[str | None, typer.Option("--source", help="Who published the file.")] = None,
    licence: Annotated[str | None, typer.Option("--licence", help="Its licence.")] = None,
    attribution: Annotated[str | None, typer.Option("--attribution", help="The words to show with the map.")] = None,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Replace the schematic regions by official regions and districts."""
    from jasyl.places import boundary_import  # noqa: PLC0415

    folder = open_folder(data)
    report = boundary_import.import_boundaries(folder, file, source=source, licence=licence, attribution=attribution)
    _record(folder, report, source, licence)
    _tell(report, reader_language(asked=lang), as_json=as_json)


def region_as_data(one: Region) -> dict[str, object]:
    """A region for programs: codes, names, centre, area, population with date and confidence, source."""
    return {
        "iso": one.iso,
        "kato": one.kato,
        "kind": one.kind,
        "names": {language: one.name(language) for language in LANGUAGES},
        "centre": {
            "names": {language: one.centre_names.of(language) for language in LANGUAGES},
            "lon": one.centre.lon,
            "lat": one.centre.lat,
        },
        "centroid": {"lon": one.centroid.lon, "lat": one.centroid.lat},
        "area_km2": one.area_km2,
        "population": {
            "value": one.population,
            "date": one.population_date.isoformat(),
            "confidence": one.population_confidence,
        },
        "confidence": one.confidence,
        "source": one.source,
    }


def _record(folder: DataFolder, report: "ImportReport", source: str | None = None, licence: str | None = None) -> None:
    from jasyl.people import OPERATOR  # noqa: PLC0415
    from jasyl.places.boundaries import current  # noqa: PLC0415
    from jasyl.places.boundary_record import record_boundaries  # noqa: PLC0415
    from jasyl.registry import find_districts  # noqa: PLC0415

    database = database_of(folder)
    record_boundaries(database, folder, report, OPERATOR.id, source=source, licence=licence)
    with database.writing() as connection:
        find_districts(connection, current(folder))


def _tell(report: "ImportReport", language: Language, *, as_json: bool) -> None:
    if as_json:
        answer(report.as_data(language))
        return
    for line in report.lines(language):
        typer.echo(line)


@contextmanager
def _progress(*, shown: bool) -> "Generator[Progress | None]":
    if not shown:
        yield None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress as Bars  # noqa: PLC0415
    from rich.progress import TaskID  # noqa: PLC0415

    tasks: dict[str, TaskID] = {}
    with Bars(console=Console(stderr=True), transient=True) as bars:

        def hear(name: str, done: int, total: int | None) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=total)
            bars.update(tasks[name], completed=done)

        yield hear
