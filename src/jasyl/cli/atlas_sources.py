"""``jasyl atlas sources|fetch|load|load-features|sheet|series``: published data into the atlas, with their licences."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jasyl.storage import database_of, open_folder
from jasyl.texts import Language, Refusal, say, write_number

from .options import HERE, AsJson, Data, Lang
from .speech import answer, progress, reader_language, table

if TYPE_CHECKING:
    from jasyl.atlas import Layer, Source
    from jasyl.atlas.loading import Ask

app = typer.Typer(no_args_is_help=True, add_completion=False)

# As many missing tiles are named, the rest counted.
_SHOWN = 6
Window = Annotated[str | None, typer.Option("--window", help="West,south,east,north in degrees.")]
SourceId = Annotated[str | None, typer.Option("--source", help="The source in the catalogue that the file is from.")]
Name = Annotated[str | None, typer.Option("--name", help="Who published it, where the catalogue does not have it.")]
Version = Annotated[str, typer.Option("--version", help="Its version.")]
Licence = Annotated[str | None, typer.Option("--licence", help="Its licence.")]


@app.command()
def sources(*, data: Data = HERE, as_json: AsJson = False, lang: Lang = None) -> None:
    """List the publishers of the catalogue: what each gives, its licence, whether a key is needed, what is fetched."""
    from jasyl.atlas.sources import fetched, place_of, publishers  # noqa: PLC0415

    language = reader_language(asked=lang)
    folder = open_folder(data)
    records = {key: fetched(place_of(folder, key)) for key in publishers()}
    if as_json:
        answer(
            [
                {
                    "id": one.id,
                    "about": one.about(language),
                    "title": one.title,
                    "version": one.version,
                    "licence": one.licence,
                    "share_alike": one.share_alike,
                    "attribution": one.attribution,
                    "page": one.page,
                    "key": one.key,
                    "megabytes": one.megabytes,
                    "layers": list(one.layers),
                    "files": len(record.files) if (record := records[one.id]) else 0,
                }
                for one in publishers().values()
            ]
        )
        return
    for one in publishers().values():
        record = records[one.id]
        state = (
            say(language, "sources-fetched", files=len(record.files))
            if record
            else say(language, "sources-none-fetched")
        )
        typer.echo(f"{one.id}  {one.about(language)} [{state}]")
        terms = [one.title, one.licence, f"{write_number(language, one.megabytes)} MB"]
        terms += [say(language, "sources-share-alike")] if one.share_alike else []
        terms += [say(language, "sources-key", setting=one.key)] if one.key else []
        typer.echo("    " + "; ".join(terms))


@app.command("fetch")
def fetch_source(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Its id in “jasyl atlas sources”.")],
    *,
    window: Window = None,
    years: Annotated[str | None, typer.Option("--years", help="2020, or 2013-2022.")] = None,
    variable: Annotated[list[str] | None, typer.Option("--variable", help="Only these variables.")] = None,
    height: Annotated[list[int] | None, typer.Option("--height", help="Only these heights, m.")] = None,
    resolution: Annotated[str | None, typer.Option("--resolution", help="Of those the source has.")] = None,
    country: Annotated[str, typer.Option("--country", help="ISO 3166-1 alpha-3.")] = "KAZ",
    at: Annotated[str | None, typer.Option("--at", help="Longitude,latitude, for series of one place.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Also what is already there.")] = False,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Download a source into the data folder, with its licence; what broke off goes on where it stopped."""
    import msgspec  # noqa: PLC0415

    from jasyl.atlas.sources import Wanted, fetch  # noqa: PLC0415

    language = reader_language(asked=lang)
    wanted = Wanted(
        window=_numbers("--window", window, 4, "W,S,E,N"),  # type: ignore[arg-type]
        years=_years(years),
        variables=tuple(variable or ()),
        heights=tuple(height or ()),
        resolution=resolution,
        country=country,
        place=_numbers("--at", at, 2, "LON,LAT"),  # type: ignore[arg-type]
    )
    with progress(language, as_json=as_json) as heard:
        record = fetch(open_folder(data), source, wanted, progress=heard, again=again)
    if as_json:
        answer(msgspec.to_builtins(record))
        return
    table([(one.name, one.size, one.sha256) for one in record.files])
    if record.missing:
        shown = ", ".join(record.missing[:_SHOWN]) + (" …" if len(record.missing) > _SHOWN else "")
        typer.echo(say(language, "sources-missing", count=len(record.missing), names=shown))
    typer.echo(f"{record.source.licence}: {record.source.attribution}")


@app.command("load")
def load_layer(
    given: Annotated[
        str, typer.Argument(metavar="FILE|SOURCE", help="A raster, a zip, a folder, or a fetched source.")
    ],
    *,
    layer: Annotated[str, typer.Option("--as", help="The layer it becomes.")],
    source: SourceId = None,
    name: Name = None,
    version: Version = "-",
    licence: Licence = None,
    period: Annotated[str | None, typer.Option("--period", help="The years it stands for.")] = None,
    unit: Annotated[str | None, typer.Option("--unit", help="Its unit, where the file does not say.")] = None,
    variable: Annotated[str | None, typer.Option("--variable", help="Which variable of a NetCDF file.")] = None,
    crs: Annotated[
        str | None, typer.Option("--crs", help="Its coordinate system, where the file does not say.")
    ] = None,
    window: Window = None,
    step: Annotated[int | None, typer.Option("--step", min=1, max=18000, help="Side of a cell, arc-seconds.")] = None,
    partial: Annotated[bool, typer.Option("--partial", help="Also when it covers little of the country.")] = False,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Make a layer of a published raster: checked, gathered onto a grid, with source, licence and hashes."""
    from jasyl.atlas.layer_notes import layer_note  # noqa: PLC0415
    from jasyl.atlas.layer_record import record_layer  # noqa: PLC0415
    from jasyl.atlas.loading import Ask, load_raster, offered  # noqa: PLC0415
    from jasyl.people import OPERATOR  # noqa: PLC0415

    language = reader_language(asked=lang)
    folder = open_folder(data)
    asked = Ask((), unit, variable, crs, _numbers("--window", window, 4, "W,S,E,N"), step, partial)  # type: ignore[arg-type]
    offer = offered(folder, given, layer, source)
    said = _source(given, name, version, licence) or offer.source
    if said is None:
        raise Refusal("load-source-missing", received=given)
    member = offer.member
    if member is not None:
        asked = _completed(asked, member.files if offer.is_folder else (), member.unit, member.variable)
    with progress(language, as_json=as_json) as heard:
        made = load_raster(folder, offer.path, layer, said, period or offer.period or "-", ask=asked, progress=heard)
    record_layer(database_of(folder), folder, made.layer, OPERATOR.id)
    if as_json:
        answer(made.layer.as_data())
        return
    _tell_layer(made.layer, language)
    for note in made.layer.notes:
        typer.echo(f"    {layer_note(note, language)}")


@app.command("load-features")
def load_features_of(
    given: Annotated[
        str, typer.Argument(metavar="FILE|SOURCE", help="OSM PBF, GeoPackage, GeoJSON, Shapefile, or osm.")
    ],
    *,
    subject: Annotated[
        list[str] | None, typer.Option("--as", help="grid, road or protected; all when left out.")
    ] = None,
    source: SourceId = None,
    name: Name = None,
    version: Version = "-",
    licence: Licence = None,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Keep power lines, roads and protected areas of an extract, for distances and exclusions."""
    import msgspec  # noqa: PLC0415

    from jasyl.atlas.layer_record import record_file  # noqa: PLC0415
    from jasyl.atlas.loading import SUBJECTS, load_features, offered  # noqa: PLC0415
    from jasyl.people import OPERATOR  # noqa: PLC0415

    language = reader_language(asked=lang)
    folder = open_folder(data)
    offer = offered(folder, given, None, source)
    said = _source(given, name, version, licence) or offer.source
    if said is None:
        raise Refusal("load-source-missing", received=given)
    file = offer.path if offer.path.is_file() else max(offer.path.glob("*.osm.pbf"), default=offer.path)
    # Who names one subject says what the features are, tags or none.
    plain = subject is not None and len(subject) == 1
    made = [load_features(folder, one, file, said, untagged=plain) for one in subject or SUBJECTS]  # type: ignore[arg-type]
    for one in made:
        record_file(
            database_of(folder),
            folder,
            what=f"features {one.subject}",
            file=one.file,
            digest=one.sha256,
            rows=one.features,
            source=f"{said.name}, {said.version}",
            licence=said.licence,
            actor=OPERATOR.id,
        )
    if as_json:
        answer([msgspec.to_builtins(one) for one in made])
        return
    for one in made:
        typer.echo(f"{say(language, f'subject-{one.subject}')}: {say(language, 'load-features', count=one.features)}")
        if one.mended:
            typer.echo(f"    {say(language, 'load-features-mended', count=one.mended)}")


@app.command("sheet")
def sheet(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, XLSX or ODS of stat.gov.kz or the like.")],
    *,
    item: Annotated[str | None, typer.Option("--item", help="What the numbers are of, where no column says.")] = None,
    quantity: Annotated[str | None, typer.Option("--quantity", help="What is counted or weighed.")] = None,
    unit: Annotated[str | None, typer.Option("--unit", help="Its unit.")] = None,
    year: Annotated[
        int | None, typer.Option("--year", min=1900, max=2100, help="Of the numbers, where no column says.")
    ] = None,
    source: Annotated[
        str, typer.Option("--source", help="Who published it.")
    ] = "Bureau of National Statistics, stat.gov.kz",
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Read a statistical sheet into rows: place code, item, quantity, value, unit, year, source."""
    from jasyl.atlas.loading import SheetSays, read_sheet  # noqa: PLC0415

    reader_language(asked=lang)
    rows = read_sheet(file, source, says=SheetSays(item, quantity, unit, year), folder=open_folder(data))
    if as_json:
        answer([{**vars(row), "value": str(row.value)} for row in rows])
        return
    table(
        [("place", "item", "quantity", "value", "unit", "year", "source"), *(tuple(vars(row).values()) for row in rows)]
    )


@app.command("series")
def series(
    longitude: Annotated[float, typer.Argument(metavar="LON", help="Degrees east.")],
    latitude: Annotated[float, typer.Argument(metavar="LAT", help="Degrees north.")],
    *,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """What fetched series of PVGIS and NASA POWER say near a place: the year and the months."""
    import msgspec  # noqa: PLC0415

    from jasyl.atlas import definition  # noqa: PLC0415
    from jasyl.atlas.points import point_series  # noqa: PLC0415
    from jasyl.quantities import unit as units  # noqa: PLC0415

    language = reader_language(asked=lang)
    found = point_series(open_folder(data), longitude, latitude)
    if as_json:
        answer(msgspec.to_builtins(found))
        return
    for one in found:
        unit = units(one.unit).written(language)
        value = "" if one.year is None else write_number(language, one.year, 3)
        typer.echo(f"{definition(one.layer).title(language)}\t{value} {unit}\t{one.period}\t{one.source.name}")


def _tell_layer(layer: "Layer", language: Language) -> None:
    typer.echo(f"{layer.id}  {layer.title(language)} [{layer.label(language)}]  {layer.file}")
    for source in layer.sources:
        typer.echo(f"    {source.licence}: {source.attribution or source.name}")


def _source(given: str, name: str | None, version: str, licence: str | None) -> "Source | None":
    """The source as somebody states it on the command line; None where nobody does."""
    from jasyl.atlas import Source  # noqa: PLC0415

    if name is None and licence is None:
        return None
    if not name or not licence:
        raise Refusal("load-source-missing", received=given)
    return Source(name=name, version=version, licence=licence, reference="-")


def _completed(asked: "Ask", patterns: tuple[str, ...], unit: str, variable: str | None) -> "Ask":
    return replace(asked, patterns=patterns, unit=asked.unit or unit, variable=asked.variable or variable)


def _numbers(option: str, written: str | None, count: int, expected: str) -> tuple[float, ...] | None:
    if written is None:
        return None
    try:
        found = tuple(float(part) for part in written.split(","))
    except ValueError:
        found = ()
    if len(found) != count:
        raise Refusal("fetch-argument", option=option, received=written[:60], expected=expected)
    return found


def _years(written: str | None) -> tuple[int, ...]:
    if not written:
        return ()
    first, _, last = written.partition("-")
    if not first.isdigit() or not (last or first).isdigit() or not 1900 <= int(first) <= int(last or first) <= 2100:
        raise Refusal("fetch-argument", option="--years", received=written[:40], expected="2020 | 2013-2022")
    return tuple(range(int(first), int(last or first) + 1))
