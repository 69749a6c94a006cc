"""``jasyl atlas turbines``, ``wind-map``, ``wind-point``: power curves, wind layers of a store, the wind at a place."""

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from jasyl.atlas import (
    Asked,
    Losses,
    PointWind,
    Source,
    Turbine,
    build_wind,
    load,
    point_wind,
    read_turbine,
    turbine,
    turbines,
    wind_climate,
)
from jasyl.atlas.exceeded_years import LEAST_YEARS
from jasyl.atlas.weather.chunk import WeatherSource
from jasyl.atlas.wind.bias import layer_ratio
from jasyl.atlas.wind.rose import Sectors
from jasyl.storage import DataFolder, open_folder
from jasyl.texts import Language, say, write_number

from .options import HERE, AsJson, Data, Lang
from .recording import recording_layers
from .speech import answer, reader_language

app = typer.Typer(no_args_is_help=True, add_completion=False)

Type = Annotated[str, typer.Option("--turbine", help="A turbine of “jasyl atlas turbines”.")]
Own = Annotated[Path | None, typer.Option("--curve", help="Your own power curve instead (CSV, XLSX, JSON).")]
Height = Annotated[float | None, typer.Option("--hub-height", help="Metres above ground; else the turbine's own.")]
Store = Annotated[str, typer.Option("--store", help="The weather store (jasyl atlas stores).")]

DEFAULT = "E-126/4200"


@app.command("turbines")
def list_turbines(
    name: Annotated[str | None, typer.Argument(metavar="TURBINE", help="One turbine with its power curve.")] = None,
    *,
    curve: Own = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """List the turbines, or show the power curve of one, or check your own."""
    language = reader_language(asked=lang)
    if name is None and curve is None:
        known = list(turbines().values())
        if as_json:
            answer([one.as_data() for one in known])
            return
        for one in known:
            typer.echo("\t".join([one.id, one.manufacturer, f"{_kilowatts(language, one.rated)}", one.licence]))
        return
    found = _turbine(name or DEFAULT, curve)
    if as_json:
        answer(found.as_data())
        return
    heights = ", ".join(_short(language, height) for height in found.hub_heights)
    typer.echo(f"{found.manufacturer} {found.name}, {_kilowatts(language, found.rated)}")
    typer.echo(
        f"{say(language, 'wind-hub-height')}: {heights or '–'} {say(language, 'unit-m')}; "
        f"{found.source} {found.licence}"
    )
    for speed, power in zip(found.curve.speeds, found.curve.powers, strict=True):
        at = f"{_short(language, speed)} {say(language, 'unit-m-s')}"
        typer.echo(f"{at}\t{_kilowatts(language, power)}")


@app.command("wind-map")
def wind_map(
    *,
    store: Store,
    name: Type = DEFAULT,
    curve: Own = None,
    hub_height: Height = None,
    wake: Annotated[float, typer.Option("--wake", help="Share lost between turbines, 0.08 for 8 %.")] = 0.0,
    other_losses: Annotated[float, typer.Option("--losses", help="Share lost otherwise.")] = 0.0,
    scale_to: Annotated[
        str | None, typer.Option("--scale-to", help="Scale speeds to this built layer of mean speed at 100 m.")
    ] = None,
    cluster: Annotated[str | None, typer.Option("--cluster", help="Address of a Dask scheduler.")] = None,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Build the wind layers from a weather store: speed, power density, and the capacity factor of a turbine."""
    language = reader_language(asked=lang)
    folder = open_folder(data)
    source, published = _store(folder, store)
    bias = None
    if scale_to is not None:
        modelled = wind_climate(source, cluster=cluster).mean_speed()
        bias = layer_ratio(load(folder, scale_to), modelled, source.grid)
    asked = Asked(_turbine(name, curve), hub_height, Losses(wake=wake, other=other_losses))
    with recording_layers(folder):
        built = build_wind(folder, source, asked, sources=(published,), bias=bias, cluster=cluster)
    if as_json:
        answer([layer.as_data() for layer in built])
        return
    for layer in built:
        typer.echo(f"{layer.id}  {layer.title(language)} [{layer.label(language)}]  {layer.file}")


@app.command("wind-point")
def wind_point(
    longitude: Annotated[float, typer.Argument(metavar="LON", help="Degrees east.")],
    latitude: Annotated[float, typer.Argument(metavar="LAT", help="Degrees north.")],
    *,
    store: Store,
    name: Type = DEFAULT,
    curve: Own = None,
    hub_height: Height = None,
    sectors: Annotated[int, typer.Option("--sectors", help="Sectors of the rose: 12 or 16.")] = 12,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """The wind at a point of a weather store: mean, Weibull fit, rose, and a turbine's months and hours."""
    language = reader_language(asked=lang)
    found_turbine = _turbine(name, curve)
    height = found_turbine.hub_height(hub_height)
    wind = point_wind(_store(open_folder(data), store)[0], longitude, latitude, height)
    document = _point_document(wind, found_turbine, 16 if sectors == 16 else 12)
    if as_json:
        answer(document)
        return
    fitted = wind.weibull()
    rows = [
        (say(language, "wind-hub-height"), f"{_short(language, height)} {say(language, 'unit-m')}"),
        (
            say(language, "wind-mean-speed"),
            f"{write_number(language, float(document['mean_speed']), 2)} {say(language, 'unit-m-s')}",
        ),
        (say(language, "wind-weibull-scale"), f"{write_number(language, fitted.scale, 2)} {say(language, 'unit-m-s')}"),
        (say(language, "wind-weibull-shape"), write_number(language, fitted.shape, 2)),
        (say(language, "wind-capacity-factor"), f"{write_number(language, 100 * document['capacity_factor'], 1)} %"),
    ]
    rows += [_exceeded(language, document, key) for key in ("p50", "p90")]
    for title, value in rows:
        typer.echo(f"{title}\t{value}")
    for sector in (document["rose"] or {}).get("sectors", []):
        degrees = _short(language, sector["direction"])
        share = write_number(language, 100 * sector["frequency"], 1)
        typer.echo(f"{say(language, 'wind-direction', degrees=degrees)}\t{share} %")


def _store(folder: DataFolder, name: str) -> tuple[WeatherSource, Source]:
    """A weather store and where its weather is from. Raises Refusal ``weather-store-…``."""
    from jasyl.atlas.weather.store import open_store  # noqa: PLC0415

    opened: Any = open_store(folder, name)
    return opened, opened.record.source


def _point_document(wind: PointWind, type_: Turbine, sectors: Sectors) -> dict[str, Any]:
    output = wind.output(type_.curve)
    years, means = wind.yearly(output)
    fitted = wind.weibull()
    return {
        "turbine": type_.id,
        "hub_height_m": wind.hub_height,
        "hours": int(np.isfinite(wind.speed).sum()),
        "mean_speed": float(np.nanmean(wind.speed)),
        "weibull": {"a": fitted.scale, "k": fitted.shape},
        "rose": None if wind.direction is None else wind.rose(sectors).as_data(),
        "capacity_factor": float(np.nanmean(output)),
        "monthly": _plain(wind.monthly(output)),
        "month_hour": [_plain(row) for row in wind.profile(output)],
        "years": dict(zip(map(str, years.tolist()), means.tolist(), strict=True)),
        **{
            f"p{share}": float(wind.exceeded(output, share / 100).values) if len(years) >= LEAST_YEARS else None
            for share in (50, 90)
        },
    }


def _exceeded(language: Language, document: dict[str, Any], key: str) -> tuple[str, str]:
    """The capacity factor that years exceed, or how many of the years that this takes there are."""
    name = f"{say(language, 'wind-capacity-factor')}, {key.upper()}"
    if document[key] is None:
        return name, say(language, "wind-too-few-years", count=len(document["years"]), least=LEAST_YEARS)
    return name, f"{write_number(language, 100 * document[key], 1)} %"


def _plain(values: NDArray[np.float64]) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in values]


def _turbine(name: str, curve: Path | None) -> Turbine:
    return turbine(name) if curve is None else read_turbine(curve)


def _short(language: Language, value: float) -> str:
    """One decimal where there is one to show."""
    return write_number(language, value, 0 if value == round(value) else 1)


def _kilowatts(language: Language, watts: float) -> str:
    return f"{_short(language, watts / 1000)} {say(language, 'unit-kW')}"
