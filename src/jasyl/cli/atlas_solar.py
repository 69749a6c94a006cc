"""``jasyl atlas pv`` and ``build-solar``: photovoltaic yield from a weather store, and the layers made of it."""

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from jasyl.storage import open_folder
from jasyl.texts import Language, Refusal, say, write_number

from .options import HERE, AsJson, Data, Lang
from .recording import recording_layers
from .speech import answer, reader_language

if TYPE_CHECKING:
    from jasyl.atlas.solar.mounting import Mounting

app = typer.Typer(no_args_is_help=True, add_completion=False)

Store = Annotated[str, typer.Option("--store", help="The weather store.")]
PanelName = Annotated[str, typer.Option("--panel", help="CSi, CdTe or KANENA.")]
Tilt = Annotated[float | None, typer.Option("--tilt", help="Degrees from level; without it the best by latitude.")]
Azimuth = Annotated[float, typer.Option("--azimuth", help="Degrees clockwise from north; 180 faces south.")]
TrackingName = Annotated[
    str | None, typer.Option("--tracking", help="horizontal, tilted_horizontal, vertical or dual; else fixed.")
]
GroundCover = Annotated[
    float | None, typer.Option("--ground-cover", help="Panel width by row distance: trackers turn back before shading.")
]
Soiling = Annotated[float, typer.Option("--soiling", help="Share lost to dirt and snow.")]
Other = Annotated[float, typer.Option("--other", help="Share lost to mismatch, cables and transformer.")]
Availability = Annotated[float, typer.Option("--availability", help="Share of the time the plant runs.")]
Cluster = Annotated[str | None, typer.Option("--cluster", help="Address of a Dask scheduler, tcp://host:8786.")]


@app.command()
def pv(
    *,
    store: Store,
    panel: PanelName = "CSi",
    tilt: Tilt = None,
    azimuth: Azimuth = 180.0,
    tracking: TrackingName = None,
    ground_cover: GroundCover = None,
    soiling: Soiling = 0.035,
    other: Other = 0.0,
    availability: Availability = 1.0,
    region_profiles: Annotated[
        Path | None, typer.Option("--region-profiles", help="GeoJSON polygons: hourly capacity factors as CSV.")
    ] = None,
    cluster: Cluster = None,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Photovoltaic yield from a weather store: the spread over the map, or hourly profiles of regions."""
    from jasyl.atlas.solar.panels import Losses  # noqa: PLC0415

    language = reader_language(asked=lang)
    source = _store_of(data, store)
    chosen = _mounting(tilt, azimuth, tracking, ground_cover)
    losses = Losses(soiling, other, availability)
    if region_profiles is not None:
        _profiles(source, panel, chosen, losses, region_profiles, cluster)
        return
    found = _summary(source, panel, chosen, losses, cluster)
    if as_json:
        answer(found)
        return
    typer.echo(say(language, "solar-pv-title", panel=panel, store=store))
    for key in ("minimum", "p10", "p50", "p90", "maximum"):
        factor, daily = found["capacity_factor"][key], found["kWh_per_kW_and_day"][key]
        typer.echo(f"{key}\t{_written(language, factor)}\t{_written(language, daily)}")


@app.command()
def build_solar(
    *,
    store: Store,
    panel: PanelName = "CSi",
    tilt: Tilt = None,
    azimuth: Azimuth = 180.0,
    tracking: TrackingName = None,
    ground_cover: GroundCover = None,
    soiling: Soiling = 0.035,
    other: Other = 0.0,
    availability: Availability = 1.0,
    cluster: Cluster = None,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Build the solar layers (ghi, dni, dhi, gti, pvout) from a weather store."""
    from jasyl.atlas.solar.build_weather import Asked  # noqa: PLC0415
    from jasyl.atlas.solar.build_weather import build_solar as build  # noqa: PLC0415
    from jasyl.atlas.solar.panels import Losses  # noqa: PLC0415

    language = reader_language(asked=lang)
    asked = Asked(panel, _mounting(tilt, azimuth, tracking, ground_cover), Losses(soiling, other, availability))
    folder = open_folder(data)
    with recording_layers(folder):
        built = build(folder, _store_of(data, store), asked, cluster=cluster)
    if as_json:
        answer([layer.as_data() for layer in built])
        return
    for layer in built:
        typer.echo(f"{layer.id}  {layer.title(language)} [{layer.label(language)}]  {layer.file}")


def _store_of(data: Path, name: str) -> Any:
    from jasyl.atlas.weather.store import open_store  # noqa: PLC0415

    return open_store(open_folder(data), name)


def _mounting(tilt: float | None, azimuth: float, tracking: str | None, ground_cover: float | None) -> "Mounting":
    from jasyl.atlas.solar.mounting import Mounting, Tracking  # noqa: PLC0415

    if tracking is not None and tracking not in get_args(Tracking):
        raise Refusal("mounting-invalid", received=f"--tracking {tracking}")
    # An axis that lies level runs north to south unless it is told otherwise.
    fixed = tilt is None and tracking != "horizontal"
    named = "latitude_optimal" if fixed else None
    return Mounting(named, tilt or 0.0, azimuth, tracking, ground_cover)  # type: ignore[arg-type]


def _summary(source: Any, panel: str, mounting: Any, losses: Any, cluster: str | None) -> dict[str, Any]:
    import numpy as np  # noqa: PLC0415

    from jasyl.atlas.solar.face import pv as map_of  # noqa: PLC0415

    values = map_of(source, panel, mounting, losses=losses, cluster=cluster).values
    known = values[~np.isnan(values)]
    shares = {"minimum": 0, "p10": 10, "p50": 50, "p90": 90, "maximum": 100}
    found = {key: float(np.percentile(known, share)) if known.size else None for key, share in shares.items()}
    return {
        "capacity_factor": found,
        "kWh_per_kW_and_day": {key: None if value is None else value * 24 for key, value in found.items()},
        "cells": int(known.size),
        "weather": source.digest,
        "losses": round(1 - losses.factor, 6),
    }


def _profiles(source: Any, panel: str, mounting: Any, losses: Any, shapes: Path, cluster: str | None) -> None:
    """CSV: start of the hour in UTC, then a column for each polygon; empty where weather is missing."""
    import numpy as np  # noqa: PLC0415

    from jasyl.atlas.solar.face import pv as profiles_of  # noqa: PLC0415

    from .atlas import read_features  # noqa: PLC0415

    polygons = [feature["geometry"] for feature in read_features(shapes)]
    found = profiles_of(source, panel, mounting, losses=losses, shapes=polygons, cluster=cluster)
    starts = found.time.values - np.timedelta64(source.step, "us")
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["start", *(f"region_{number}" for number in range(1, len(polygons) + 1))])
    for start, row in zip(starts, found.values.T, strict=True):
        writer.writerow(
            [f"{start.astype('datetime64[m]')}Z", *("" if np.isnan(value) else f"{value:.6f}" for value in row)]
        )


def _written(language: Language, value: float | None) -> str:
    return write_number(language, value, 3)
