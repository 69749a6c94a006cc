"""``jasyl atlas convert`` and ``jasyl atlas stores``: weather brought into stores, and what stores there are."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from jasyl.atlas.weather import StoreRecord, Wish, convert, open_store, stores, verify
from jasyl.storage import DataFolder, open_folder
from jasyl.texts import Language, Refusal, say, write_number

from .choices import one_of
from .options import HERE, AsJson, Cells, Data, Lang, window_of
from .speech import answer, progress, reader_language

if TYPE_CHECKING:
    from jasyl.atlas.weather.product import ProductName

app = typer.Typer(no_args_is_help=True, add_completion=False)

Source = Annotated[
    str, typer.Argument(metavar="SOURCE", help="A NetCDF file, a folder or zip of them, a Zarr folder or address.")
]
From = Annotated[str | None, typer.Option("--from", help="First day or hour (UTC), 2023-01-01 or 2023-01-01T06.")]
To = Annotated[str | None, typer.Option("--to", help="Day or hour (UTC) before which it ends.")]


@app.command("convert")
def convert_weather(
    source: Source,
    *,
    store: Annotated[str, typer.Option("--store", help="Name of the store.")] = "weather",
    start: From = None,
    end: To = None,
    window: Cells = None,
    packing: Annotated[str, typer.Option("--packing", help="float32, or int16: half the size, 1e-4.")] = "float32",
    product: Annotated[str | None, typer.Option("--product", help="era5, era5-land, sarah-3, atlite-cutout.")] = None,
    unit: Annotated[list[str] | None, typer.Option("--unit", metavar="VARIABLE=UNIT", help="Its true unit.")] = None,
    private: Annotated[bool, typer.Option("--private", help="Allow an address of the own network.")] = False,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Convert ERA5, ERA5-Land, SARAH-3 or an atlite cutout into a weather store; killed, the same call goes on."""
    from jasyl.atlas.weather.product import PRODUCTS  # noqa: PLC0415

    one_of("--packing", packing, ("float32", "int16"))
    if product is not None:
        one_of("--product", product, tuple(PRODUCTS))
    language = reader_language(asked=lang)
    folder = open_folder(data)
    wish = Wish(
        window=window_of(window),
        start=_moment(start),
        end=_moment(end),
        packing=cast("Literal['float32', 'int16']", packing),
        product=cast("ProductName | None", product),
        units=dict(_unit(text) for text in unit or ()),
        private=private,
    )
    with progress(language, as_json=as_json) as seen:
        record = convert(folder, source, store, wish, seen)
    _tell(folder, [record], language, as_json=as_json)


@app.command("stores")
def list_stores(
    *,
    check: Annotated[bool, typer.Option("--check", help="Compare every chunk with its checksum.")] = False,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """List the weather stores: period, cells, fields, what was mended and what is missing."""
    language = reader_language(asked=lang)
    folder = open_folder(data)
    found = stores(folder)
    if check:
        with progress(language, as_json=as_json) as seen:
            for record in found:
                verify(open_store(folder, record.name), seen)
    _tell(folder, found, language, as_json=as_json)
    if as_json:
        return
    for record in found if check else ():
        typer.echo(say(language, "weather-verified", name=record.name))
    unfinished = sorted(path.name[1:-5] for path in (folder.atlas / "weather").glob(".*.part"))
    for name in unfinished:
        typer.echo(say(language, "weather-unfinished", name=name))
    if not found and not unfinished:
        typer.echo(say(language, "weather-none"))


def _tell(folder: DataFolder, records: list[StoreRecord], language: Language, *, as_json: bool) -> None:
    if as_json:
        answer(
            [
                {**record.as_data(), "digest": record.digest, "remarks": [note.text(language) for note in record.notes]}
                for record in records
            ]
        )
        return
    for record in records:
        size = sum(
            file.stat().st_size for file in (folder.atlas / "weather" / record.name).rglob("*") if file.is_file()
        )
        typer.echo(
            say(
                language,
                "weather-converted",
                name=record.name,
                rows=str(record.grid.rows),
                columns=str(record.grid.columns),
                reach=",".join(record.grid.written_bounds),
                steps=str(record.steps),
                start=_shown(record.start),
                end=_shown(record.end),
                gigabytes=write_number(language, size / 1e9, 2),
            )
        )
        typer.echo(f"    {record.source.name}, {record.source.licence}, {record.source.reference}")
        typer.echo(f"    {', '.join(field.name for field in record.fields)}")
        for note in record.notes:
            typer.echo(f"    {note.text(language)}")


def _shown(moment: int) -> str:
    return f"{dt.datetime.fromtimestamp(moment / 1e6, dt.UTC):%Y-%m-%dT%H:%MZ}"


def _moment(text: str | None) -> int | None:
    """µs UTC of a date, or of a date and hour. Raises Refusal ``weather-date``."""
    if text is None:
        return None
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise Refusal("weather-date", received=text) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return round(moment.timestamp()) * 1_000_000


def _unit(text: str) -> tuple[str, str]:
    """Raises Refusal ``weather-unit-option``."""
    variable, sign, unit = text.partition("=")
    if not sign or not variable:
        raise Refusal("weather-unit-option", received=text)
    return variable, unit
