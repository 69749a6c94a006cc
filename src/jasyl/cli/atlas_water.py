"""Water in ``jasyl atlas``: rivers and hydropower from a terrain model, published rivers and lakes, indicators."""

from pathlib import Path
from typing import Annotated, Any

import typer

from jasyl.storage import DataFolder, database_of, open_folder
from jasyl.texts import Language, Refusal, say, write_number

from .options import HERE, AsJson, Cells, Data, Lang, window_of
from .recording import recording_layers
from .speech import answer, reader_language, table

app = typer.Typer(no_args_is_help=True, add_completion=False)

RUNOFF = "water.runoff"
HYDRO = ("RP.HSM", "RP.HLG")
Sources = Annotated[
    list[str] | None,
    typer.Option("--source", help="PART=NAME;LICENCE;ADDRESS where PART is dem, directions or runoff; repeatable."),
]


@app.command()
def rivers(
    dem: Annotated[
        str,
        typer.Argument(metavar="DEM", help="Heights in m, WGS 84: a raster, a folder of tiles, or a fetched source."),
    ],
    *,
    runoff: Annotated[
        str,
        typer.Option("--runoff", help="GeoTIFF or NetCDF, water.runoff for the loaded layer, or one value for all."),
    ],
    unit: Annotated[str | None, typer.Option("--unit", help="mm/a, mm/mo, mm/d or kg/m2/s.")] = None,
    directions: Annotated[
        str | None, typer.Option("--directions", help="D8 codes: HydroSHEDS, MERIT, ESRI; as DEM.")
    ] = None,
    fill: Annotated[bool, typer.Option("--fill", help="Fill depressions; they are breached otherwise.")] = False,
    sinks: Annotated[bool, typer.Option("--sinks/--no-sinks", help="Keep deep wide basins closed.")] = True,
    inland_sea: Annotated[bool, typer.Option("--inland-sea", help="Enclosed cells without height are water.")] = False,
    channel: Annotated[float, typer.Option("--channel", help="km² of land above where a channel begins.")] = 10.0,
    efficiency: Annotated[float, typer.Option("--efficiency", help="Of a plant as a whole.")] = 0.8,
    environment: Annotated[float, typer.Option("--environment", help="Share of mean flow that stays.")] = 0.3,
    longest: Annotated[float, typer.Option("--longest", help="km from intake to powerhouse at most.")] = 5.0,
    window: Cells = None,
    region: Annotated[str | None, typer.Option("--region", help="The DEM has to reach over this region.")] = None,
    source: Sources = None,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """From a terrain model to rivers, their hydropower and sites for small plants, in one go."""
    from jasyl.atlas.water.build import Inputs, build_rivers  # noqa: PLC0415
    from jasyl.atlas.water.hydropower import Assumptions  # noqa: PLC0415
    from jasyl.atlas.water.model import Routing  # noqa: PLC0415
    from jasyl.atlas.water.small_hydro import SiteSearch  # noqa: PLC0415
    from jasyl.places.boundaries import current  # noqa: PLC0415
    from jasyl.places.locate import Locator  # noqa: PLC0415

    language = reader_language(asked=lang)
    folder = open_folder(data)
    boundaries = current(folder)
    west, south, east, north = boundaries.unit(region or "KZ").shape.bounds
    depth, known = _runoff(folder, runoff)
    terrain = _terrain(folder, "dem", dem, known)
    inputs = Inputs(
        dem=terrain,
        runoff=depth,
        unit=unit,
        directions=None if directions is None else _terrain(folder, "directions", directions, known),
        inland_sea=inland_sea,
        window=window_of(window),
        cover=None if region is None else (west, south, east, north),
        origins=known | _origins(source or []),
    )
    locator = Locator(boundaries)
    with recording_layers(folder):
        built = build_rivers(
            folder,
            inputs,
            routing=Routing(mend="fill" if fill else "breach", find_sinks=sinks, channel_area=channel * 1e6),
            assumptions=Assumptions(efficiency=efficiency, environmental_flow=environment),
            search=SiteSearch(longest=longest * 1000),
            plants=_plants(folder),
            region_of=lambda places: locator.locate(places[:, 0], places[:, 1])[0].tolist(),
            progress=None if as_json else lambda step: typer.echo(say(language, f"rivers-step-{step}"), err=True),
        )
    document = _summary(built, locator)
    if as_json:
        answer(document)
        return
    _tell(language, document)


def _terrain(folder: DataFolder, part: str, given: str, origins: dict[str, Any]) -> Path:
    """Where the terrain lies that somebody names by path or as a fetched source; who published it goes to origins."""
    from jasyl.atlas.loading import offered  # noqa: PLC0415
    from jasyl.atlas.water.build import Origin  # noqa: PLC0415

    offer = offered(folder, given, None, None)
    if offer.source is not None:
        origins[part] = Origin(offer.source.name, offer.source.licence, offer.source.reference)
    return offer.path


def _runoff(folder: DataFolder, given: str) -> tuple[Path | float, dict[str, Any]]:
    """A depth, a file, or the loaded layer ``water.runoff`` with the source that its record names."""
    from jasyl.atlas.raster import load  # noqa: PLC0415
    from jasyl.atlas.water.build import Origin  # noqa: PLC0415

    try:
        return float(given.replace(",", ".")), {}
    except ValueError:
        pass
    if given != RUNOFF:
        return Path(given), {}
    layer = load(folder, RUNOFF).layer
    said = layer.sources[0]
    return folder.atlas / str(layer.file), {"runoff": Origin(said.name, said.licence, said.reference)}


def _origins(given: list[str]) -> dict[str, Any]:
    from jasyl.atlas.water.build import Origin  # noqa: PLC0415

    found: dict[str, Any] = {}
    for entry in given:
        part, _, said = entry.partition("=")
        fields = [text.strip() for text in said.split(";")]
        if part not in {"dem", "directions", "runoff"} or not fields[0] or len(fields) > 3:
            raise Refusal("rivers-option", received=entry[:80], expected="dem=NAME;LICENCE;ADDRESS")
        found[part] = Origin(*fields)
    return found


def _plants(folder: DataFolder) -> list[Any]:
    """The register's hydro plants that have a place; none where there is no register."""
    from jasyl.atlas.water.small_hydro import Plant  # noqa: PLC0415
    from jasyl.registry import FacilityFilter, facilities  # noqa: PLC0415

    if not folder.database_file.is_file() and "database" not in folder.settings:
        return []
    with database_of(folder).reading() as connection:
        rows = [row for code in HYDRO for row in facilities(connection, FacilityFilter(technology=code))]
    return [
        Plant(
            row["key"],
            row["name_en"] or row["name_ru"] or row["key"],
            float(row["lon"]),
            float(row["lat"]),
            None if row["capacity_w"] is None else float(row["capacity_w"]),
        )
        for row in rows
        if row["lon"] is not None and row["lat"] is not None
    ]


def _summary(built: Any, locator: Any) -> dict[str, Any]:
    """What was found, in whole documents: lengths km, energies GWh a year, capacities MW."""
    from jasyl.atlas.water.hydropower import totals  # noqa: PLC0415
    from jasyl.atlas.water.small_hydro import by_class  # noqa: PLC0415

    network, potential = built.rivers.network, built.rivers.potential
    reaches = network.reaches
    middle = network.centres[reaches.path[(reaches.offset[:-1] + reaches.offset[1:] - 1) // 2]]
    regions = locator.locate(middle[:, 0], middle[:, 1])[0]
    return {
        "layers": [layer.as_data() for layer in built.layers],
        "reaches": len(reaches),
        "length_km": round(float(network.step.sum()) / 1000, 3),
        "highest_order": int(network.order.max()),
        "gross_gwh": round(float(potential.gross.sum()), 3),
        "technical_gwh": round(float(potential.technical.sum()), 3),
        "sites": {
            name: {"count": count, "capacity_mw": round(capacity / 1e6, 3), "energy_gwh": round(energy, 3)}
            for name, (count, capacity, energy) in by_class(built.sites).items()
        },
        "cut": int(network.cut[reaches.last].sum()),
        "regions": _rounded(totals(regions, potential)),
        "basins": _largest(_rounded(totals(network.basin[reaches.first], potential))),
    }


def _rounded(found: dict[Any, dict[str, float]]) -> dict[str, dict[str, float]]:
    return {
        str(name): {
            "gross_gwh": round(entry["gross"], 3),
            "technical_gwh": round(entry["technical"], 3),
            "capacity_mw": round(entry["capacity"] / 1e6, 3),
            "reaches": int(entry["reaches"]),
        }
        for name, entry in found.items()
    }


def _largest(found: dict[str, dict[str, float]], most: int = 20) -> dict[str, dict[str, float]]:
    return dict(sorted(found.items(), key=lambda item: -item[1]["gross_gwh"])[:most])


def _tell(language: Language, document: dict[str, Any]) -> None:
    for key, places in (("length_km", 1), ("reaches", 0), ("gross_gwh", 1), ("technical_gwh", 1), ("cut", 0)):
        name = f"rivers-{key.replace('_', '-')}"
        typer.echo(f"{say(language, name)}\t{write_number(language, document[key], places)}")
    rows = [
        (
            say(language, f"hydro-class-{name}"),
            entry["count"],
            write_number(language, entry["capacity_mw"], 2),
            write_number(language, entry["energy_gwh"], 1),
        )
        for name, entry in document["sites"].items()
    ]
    table([("", say(language, "rivers-sites"), say(language, "unit-MW"), say(language, "unit-GWh-a")), *rows])
    for layer in document["layers"]:
        typer.echo(f"{layer['id']}  {layer['file']}")


@app.command()
def waterways(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="HydroRIVERS, HydroLAKES, GSHHG or other vectors.")],
    *,
    source: Annotated[str | None, typer.Option("--source", help="NAME;LICENCE;ADDRESS of another data set.")] = None,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Put published rivers (lines) or lakes (polygons) on the map."""
    from jasyl.atlas.layer import Source  # noqa: PLC0415
    from jasyl.atlas.water.waterways import load_waterways  # noqa: PLC0415

    named = None
    if source is not None:
        fields = [text.strip() for text in source.split(";")]
        if len(fields) != 3 or not all(fields):
            raise Refusal("rivers-option", received=source[:80], expected="NAME;LICENCE;ADDRESS")
        named = Source(name=fields[0], version="", licence=fields[1], reference=fields[2])
    folder = open_folder(data)
    with recording_layers(folder):
        built = load_waterways(folder, file, source=named)
    _show([built], reader_language(asked=lang), as_json=as_json)


@app.command()
def water(
    *,
    table_file: Annotated[
        Path | None, typer.Option("--table", metavar="FILE", help="Own facts: metric, place, area, period, value …")
    ] = None,
    forget: Annotated[bool, typer.Option("--forget", help="Let go of the facts loaded before.")] = False,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Build water stress, supply, losses and saving from sourced facts; places without facts stay empty."""
    from jasyl.atlas.water.balance import build_water_indicators, keep_facts, read_water_table  # noqa: PLC0415

    folder = open_folder(data)
    if table_file or forget:
        keep_facts(folder, read_water_table(table_file, folder) if table_file else [])
    with recording_layers(folder):
        built = build_water_indicators(folder)
    _show(built, reader_language(asked=lang), as_json=as_json)


def _show(layers: list[Any], language: Language, *, as_json: bool) -> None:
    if as_json:
        answer([layer.as_data() for layer in layers])
        return
    for layer in layers:
        typer.echo(f"{layer.id}  {layer.title(language)} [{layer.label(language)}]  {layer.file}")
