"""A made-up year of weather over the whole country in cells of two degrees, with the wind layers built of it."""

from pathlib import Path

from benchmarks.weather_year import write_cutout

from jasyl.atlas import Asked, Source, build_wind, turbine
from jasyl.atlas.weather.conversion import Wish, convert
from jasyl.atlas.weather.store import open_store
from jasyl.storage import DataFolder

MADE_UP = (Source(name="made up", version="1", licence="none", reference="tests"),)


def load_weather(place: Path, folder: DataFolder) -> None:
    """The store ``year``, and what ``jasyl atlas wind-map`` builds."""
    write_cutout(place / "year.nc", window=(47, 41, 87, 55), degrees=2, hours=8760)
    convert(folder, str(place / "year.nc"), "year", Wish(packing="int16"))
    build_wind(folder, open_store(folder, "year"), Asked(turbine("V90/2000")), sources=MADE_UP)  # type: ignore[arg-type]
