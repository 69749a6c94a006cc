"""``jasyl atlas``: build the layers of the atlas, list them, ask for a value or for statistics over shapes."""

import json
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from jasyl.atlas import (
    Statistics,
    build_defaults,
    catalogue,
    statistics,
    value_at,
)
from jasyl.storage import database_of, open_folder
from jasyl.texts import Language, Refusal, Where, say, write_number

from . import atlas_report, atlas_residues, atlas_solar, atlas_sources, atlas_water, atlas_weather, atlas_wind
from .options import HERE, AsJson, Data, Lang
from .recording import recording_layers
from .speech import answer, reader_language

app = typer.Typer(no_args_is_help=True, add_completion=False)

LayerId = Annotated[str, typer.Option("--layer", help="The layer.")]

GHI = "solar.ghi_clear"


@app.command()
def build(*, data: Data = HERE, as_json: AsJson = False, lang: Lang = None) -> None:
    """Build every layer whose data ship with the program; what stands already is left as it is."""
    language = reader_language(asked=lang)
    folder = open_folder(data)
    with (
        recording_layers(folder),
        database_of(folder).reading() as connection,
        _progress_bar(language, shown=not as_json and sys.stderr.isatty()) as progress,
    ):
        built = build_defaults(folder, connection, progress)
    if as_json:
        answer([layer.as_data() for layer in built])
        return
    for layer in built:
        typer.echo(f"{layer.id}  {layer.title(language)} [{layer.label(language)}]  {layer.file}")


@app.command()
def layers(*, data: Data = HERE, as_json: AsJson = False, lang: Lang = None) -> None:
    """List the layers: which are built, and what the others wait for."""
    language = reader_language(asked=lang)
    found = catalogue(open_folder(data))
    if as_json:
        answer([layer.as_data() | {"title": layer.title(language), "load": layer.load(language)} for layer in found])
        return
    for layer in found:
        typer.echo(f"{layer.id}  {layer.title(language)} [{say(language, f'layer-state-{layer.state}')}]")
        typer.echo(f"    {layer.load(language) or layer.about(language)}")


@app.command()
def point(
    longitude: Annotated[float, typer.Argument(metavar="LON", help="Degrees east.")],
    latitude: Annotated[float, typer.Argument(metavar="LAT", help="Degrees north.")],
    *,
    layer: LayerId = GHI,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """The value of a layer at a point: the mean day of the year and of each month."""
    language = reader_language(asked=lang)
    found = value_at(open_folder(data), layer, longitude, latitude)
    if as_json:
        answer(found.as_data(language))
        return
    unit = found.layer.units.written(language)
    typer.echo(f"{found.layer.title(language)} [{found.layer.label(language)}]")
    typer.echo(f"{say(language, 'layer-band-year')}\t{write_number(language, found.year, 3)} {unit}")
    for number, month in enumerate(found.months, start=1):
        typer.echo(f"{number:02}\t{write_number(language, month, 3)} {unit}")


@app.command()
def stats(
    shapes: Annotated[Path, typer.Argument(metavar="SHAPES", help="GeoJSON with polygons, WGS 84.")],
    *,
    layer: LayerId = GHI,
    band: Annotated[int, typer.Option("--band", help="0 for the year, 1 to 12 for a month.")] = 0,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Area-weighted mean, extremes and percentiles of a layer over each polygon of a GeoJSON file."""
    language = reader_language(asked=lang)
    folder = open_folder(data)
    features = read_features(shapes)
    found = statistics(folder, layer, [feature["geometry"] for feature in features], band)
    if as_json:
        answer(
            [
                {"shape": number, "properties": feature.get("properties") or {}, **asdict(row)}
                for number, (feature, row) in enumerate(zip(features, found, strict=True), start=1)
            ]
        )
        return
    typer.echo("\t".join(["", "mean", "min", "p10", "p50", "p90", "max", "km²"]))
    for number, row in enumerate(found, start=1):
        typer.echo("\t".join([str(number), *_figures(language, row)]))


def _figures(language: Language, row: Statistics) -> list[str]:
    values = (row.mean, row.minimum, row.p10, row.p50, row.p90, row.maximum)
    return [*(write_number(language, value, 3) for value in values), write_number(language, row.area / 1e6, 0)]


def read_features(file: Path) -> list[dict[str, Any]]:
    """The features of a GeoJSON FeatureCollection, a single feature or geometry. Raises ``shapes-unreadable``."""
    where = Where(file=str(file))
    try:
        document: Any = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise Refusal("shapes-unreadable", where=where, reason=str(error)[:200]) from error
    kind = document.get("type") if isinstance(document, dict) else None
    if kind in {"Polygon", "MultiPolygon"}:
        return [{"type": "Feature", "properties": {}, "geometry": document}]
    features: Any = (
        [document] if kind == "Feature" else document.get("features") if kind == "FeatureCollection" else None
    )
    if not isinstance(features, list) or not all(isinstance(entry, dict) and "geometry" in entry for entry in features):
        raise Refusal("shapes-unreadable", where=where, reason=f"type: {kind}")
    return features


@contextmanager
def _progress_bar(language: Language, *, shown: bool) -> Generator[Callable[[int, int], None] | None]:
    if not shown:
        yield None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(say(language, "layer-family-solar"))
        yield lambda done, total: bar.update(task, completed=done, total=total)


for _part in (atlas_report, atlas_residues, atlas_solar, atlas_sources, atlas_water, atlas_weather, atlas_wind):
    app.registered_commands.extend(_part.app.registered_commands)
