"""Commands on uses of the layers: site reports, exclusion and suitability, features to measure distances to."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jasyl.papers import write_csv
from jasyl.papers.column import Column
from jasyl.storage import DataFolder, database_of, open_folder, write_durably
from jasyl.texts import Language, Refusal, say, write_number

from .options import HERE, AsJson, Data, Lang
from .speech import answer, reader_language, table

if TYPE_CHECKING:
    from jasyl.atlas.report import SiteReport
    from jasyl.atlas.report.site_report import Room
    from jasyl.atlas.siting import RegionResult, SitingResult

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command()
def report(
    longitude: Annotated[float | None, typer.Argument(metavar="[LON]", help="Degrees east.")] = None,
    latitude: Annotated[float | None, typer.Argument(metavar="[LAT]", help="Degrees north.")] = None,
    *,
    shape: Annotated[Path | None, typer.Option("--shape", help="GeoJSON with one polygon instead of a point.")] = None,
    rules: Annotated[Path | None, typer.Option("--rules", help="Exclusion rules to look at.")] = None,
    pdf: Annotated[Path | None, typer.Option("--pdf", help="Write the report as PDF.")] = None,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write the report as a table.")] = None,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Everything that is known of a place: layers, ranks, profiles, distances, rules, plants, statistics, licences."""
    from jasyl.places.boundaries import current  # noqa: PLC0415

    if (shape is None) == (longitude is None or latitude is None):
        raise typer.BadParameter("LON LAT | --shape FILE")
    language = reader_language(asked=lang)
    folder = open_folder(data)
    found = _gather(folder, longitude, latitude, shape, rules)
    if pdf is not None:
        from jasyl.atlas.report.paper import site_paper  # noqa: PLC0415
        from jasyl.papers.pdf import write_pdf  # noqa: PLC0415

        mark = say(language, "watermark-training") if folder.kind == "training" else None
        today = dt.datetime.now(dt.UTC).date()
        pdf.write_bytes(write_pdf(site_paper(found, current(folder), language, day=today, watermark=mark)))
    if csv is not None:
        csv.write_bytes(b"".join(_csv(found, language)))
    if as_json:
        answer(found.as_data())
    elif pdf is None and csv is None:
        _tell(found, language)


def _gather(
    folder: DataFolder, longitude: float | None, latitude: float | None, shape: Path | None, rules: Path | None
) -> "SiteReport":
    from jasyl.atlas.report.gather import site_report  # noqa: PLC0415
    from jasyl.atlas.report.place import point_place, read_polygon  # noqa: PLC0415
    from jasyl.atlas.siting import read_rules  # noqa: PLC0415
    from jasyl.places.boundaries import current  # noqa: PLC0415

    borders = current(folder)
    if shape is not None:
        place = read_polygon(shape, borders)
    else:
        assert longitude is not None
        assert latitude is not None
        place = point_place(longitude, latitude, borders)
    chosen = None if rules is None else (read_rules(rules), rules.parent)
    if not folder.database_file.exists() and not folder.settings.get("database"):
        return site_report(folder, place, rules=chosen)  # an atlas without a register
    with database_of(folder).reading() as connection:
        return site_report(folder, place, connection=connection, rules=chosen)


def _csv(found: "SiteReport", language: Language) -> Any:
    from jasyl.atlas.report.rows import KEYS, site_rows  # noqa: PLC0415

    columns = [Column(key, {language: say(language, f"column-site-{key}")}) for key in KEYS]
    return write_csv(columns, site_rows(found, language), language, mark=True)


def _tell(found: "SiteReport", language: Language) -> None:
    from jasyl.atlas.report import words  # noqa: PLC0415

    typer.echo(f"{say(language, 'site-title')}: {words.coordinates(found, language)}")
    typer.echo(words.lead(found, language))
    rows: list[list[str]] = []
    for entry in found.layers:
        ranks = [f"{words.region_name(rank.within, language)}: {words.percent(rank.share, language)}"
                 for rank in entry.ranks]  # fmt: skip
        value = f"{words.layer_value(entry, language)} {words.layer_unit(entry, language)}".strip()
        name = f"{words.title(entry.id, language)} [{words.kind_text(entry.kind, language)}]"
        rows.append([name, value, "; ".join(ranks)])
    for one in found.distances:
        note = "" if one.metres is None else words.distance_note(one, found, language)
        rows.append([say(language, f"site-to-{one.to}"), words.distance(one.metres, language), note])
    rows += [[hit.title or hit.id, say(language, f"site-rule-{hit.state}"), ""] for hit in found.rules]
    if found.room is not None:
        rows += _room(found.room, language)
    rows += [[words.plant_name(one, language), words.plant_distance(one, language), ""] for one in found.plants]
    table(rows)
    typer.echo(f"SHA-256 {found.digest}")


def _room(room: "Room", language: Language) -> list[list[str]]:
    from jasyl.atlas.report import words  # noqa: PLC0415

    def share(part: int) -> str:
        return words.exact_percent(room.share(part), language)

    rows = [[rule.title or rule.id, share(rule.hit), say(language, "site-rule-share")] for rule in room.rules]
    rows.append([say(language, "site-room-remaining"), words.square(room.remaining, language), share(room.remaining)])
    if room.capacity is not None:
        rows.append([say(language, "site-room-capacity"), words.power(room.capacity, language), ""])
    return rows


@app.command()
def exclude(
    rules: Annotated[Path, typer.Argument(metavar="RULES", help="Rules as JSON (jasyl schema siting).")],
    *,
    raster: Annotated[
        Path | None, typer.Option("--raster", help="Write what is left and the score as GeoTIFF.")
    ] = None,
    adopt: Annotated[bool, typer.Option("--adopt", help="Let site reports of this folder show these rules.")] = False,
    shape: Annotated[
        Path | None, typer.Option("--shape", help="GeoJSON with one polygon: only inside it, as drawn on the map.")
    ] = None,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Where something may stand: area and capacity that rules leave, by region, and how suitable it is."""
    from jasyl.atlas.report.gather import ADOPTED  # noqa: PLC0415
    from jasyl.atlas.report.place import read_polygon  # noqa: PLC0415
    from jasyl.atlas.siting import read_rules  # noqa: PLC0415
    from jasyl.atlas.siting.exclusion import analyse  # noqa: PLC0415
    from jasyl.places.boundaries import current  # noqa: PLC0415

    language = reader_language(asked=lang)
    folder = open_folder(data)
    area = None if shape is None else read_polygon(shape, current(folder)).polygon
    found = analyse(read_rules(rules), folder, rules.parent, raster=raster, area=area)
    if adopt:
        write_durably(folder.atlas / ADOPTED, _moved(rules, folder))
    if as_json:
        answer(found.as_data())
        return
    _tell_siting(found, language)
    if adopt:
        typer.echo(say(language, "siting-adopted"))


def _moved(rules: Path, folder: DataFolder) -> bytes:
    """The rules with files named from the root, since they are read from another folder."""
    import msgspec  # noqa: PLC0415

    document: Any = msgspec.json.decode(rules.read_bytes())
    for entry in (*document.get("rules", ()), *document.get("criteria", ())):
        if entry["source"].get("file"):
            entry["source"]["file"] = str((rules.parent / entry["source"]["file"]).absolute())
    return msgspec.json.format(msgspec.json.encode(document), indent=2)


def _tell_siting(found: "SitingResult", language: Language) -> None:
    from jasyl.atlas.report.words import region_name  # noqa: PLC0415

    def square(area: int) -> str:
        return write_number(language, area / 1e6, 1)

    def line(name: str, row: "RegionResult") -> list[str]:
        power = "—" if row.capacity is None else write_number(language, row.capacity / 1e6, 0)
        score = write_number(language, row.score, 3)
        return [name, square(row.area), square(row.excluded), square(row.remaining), square(row.unknown), power, score]

    typer.echo(found.title)
    rows = [line(region_name(row.code, language), row) for row in found.regions]
    table([say(language, "siting-columns").split("\t"), *rows, line(say(language, "siting-total"), found.total)])
    if found.rules:
        told = [[row.title or row.id, square(row.hit), square(row.alone), square(row.unknown)] for row in found.rules]
        table([say(language, "siting-rules").split("\t"), *told])
    typer.echo(f"SHA-256 {found.digest}")


@app.command()
def download(
    layer: Annotated[str, typer.Argument(metavar="LAYER", help="A built layer.")],
    target: Annotated[
        Path, typer.Argument(metavar="FILE", help="Ends in .tif, .zarr.zip, .pmtiles, .parquet, .gpkg or .csv.")
    ],
    *,
    form: Annotated[
        str | None, typer.Option("--format", help="tif, zarr.zip, pmtiles, parquet, gpkg, csv; else as the name ends.")
    ] = None,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Take a built layer away, with its licence: COG, Zarr, PMTiles, GeoParquet, GeoPackage or CSV."""
    from jasyl.atlas.export import write_layer  # noqa: PLC0415

    reader_language(asked=lang)
    size = write_layer(open_folder(data), layer, target, form=form)
    answer({"layer": layer, "file": str(target), "bytes": size}) if as_json else typer.echo(f"{target}\t{size}")


@app.command()
def stac(
    target: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that does not exist yet.")],
    *,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Write the STAC 1.1 catalogue of the built layers as files, with links between them."""
    from jasyl.atlas.stac import write_catalog  # noqa: PLC0415

    reader_language(asked=lang)
    if target.exists():
        raise Refusal("export-exists", received=str(target))
    count = write_catalog(open_folder(data), target)
    answer({"folder": str(target), "files": count}) if as_json else typer.echo(f"{target}\t{count}")
