"""``jasyl atlas biomass``, ``areas``, ``sites``: statistics into layers, and the values of layers by place."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, cast, get_args

import typer

from jasyl.atlas import Areas, Sites, load_areas, load_sites
from jasyl.atlas.areas import Level
from jasyl.atlas.value_notes import written_note
from jasyl.people import OPERATOR
from jasyl.quantities import decimal_text, unit
from jasyl.storage import database_of, open_folder
from jasyl.texts import Language, Refusal, say, write_number

from .options import HERE, AsJson, Data, Lang
from .speech import reader_language

app = typer.Typer(no_args_is_help=True, add_completion=False)

LayerName = Annotated[str, typer.Argument(metavar="LAYER", help="The layer.")]


@app.command()
def biomass(
    *,
    statistics: Annotated[
        Path | None, typer.Option("--statistics", help="Sheet of harvest, livestock and wood by place (CSV, XLSX).")
    ] = None,
    forget: Annotated[bool, typer.Option("--forget", help="Let go of the sheet loaded before.")] = False,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Build the biomass layers; with a sheet of your own statistics, from it where it has rows."""
    # Reading people's files brings its libraries along.
    from jasyl.atlas.biomass.checks import disagreements  # noqa: PLC0415
    from jasyl.atlas.biomass.sheet import forget as let_go  # noqa: PLC0415
    from jasyl.atlas.biomass.sheet import keep, kept, read_sheet  # noqa: PLC0415
    from jasyl.atlas.biomass.statistics import package_statistics  # noqa: PLC0415
    from jasyl.atlas.layer_record import layers_recorded  # noqa: PLC0415
    from jasyl.atlas.residues import build_biomass  # noqa: PLC0415

    language = reader_language(asked=lang)
    folder = open_folder(data)
    said: list[str] = []
    if statistics is not None:
        report = read_sheet(statistics, folder=folder)
        if report.problem_count:
            for problem in report.problems:
                typer.echo(problem.text(language), err=True)
            raise Refusal("biomass-sheet", file=report.file, count=str(report.problem_count))
        with folder.locked("atlas"):
            keep(folder, report.rows)
        said.append(say(language, "biomass-loaded", rows=str(len(report.rows)), file=report.file))
    elif forget:
        with folder.locked("atlas"):
            let_go(folder)
        said.append(say(language, "biomass-forgotten"))
    with layers_recorded(database_of(folder), folder, OPERATOR.id), folder.locked("atlas"):
        built = build_biomass(folder)
    found = disagreements((*package_statistics(), *kept(folder)[0]))
    if as_json:
        layers = [layer.as_data() for layer in built]
        _answer({"layers": layers, "disagreements": [one.as_data() for one in found]})
        return
    for line in said:
        typer.echo(line)
    for one in found:
        values = {name: str(value) for name, value in one.as_data().items()}
        values |= {name: _written(language, Decimal(values[name]), one.measure) for name in ("one", "other")}
        typer.echo(say(language, f"biomass-dissent-{one.kind}", **values))
    for layer in built:
        typer.echo(f"{layer.id}  {layer.title(language)} [{layer.label(language)}]  {layer.file}")


@app.command()
def areas(
    layer: LayerName,
    *,
    level: Annotated[str | None, typer.Option("--level", help="country, region or district; else all.")] = None,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """The values of a layer by country, region and district, their sum, and what is missing from it."""
    language = reader_language(asked=lang)
    if level is not None and level not in get_args(Level):
        raise typer.BadParameter(f"{level}: {', '.join(get_args(Level))}")
    found = load_areas(open_folder(data), layer)
    if as_json:
        _answer(found.as_data(language, cast("Level | None", level)))
        return
    typer.echo(f"{found.layer.title(language)}, {found.layer.units.written(language)}")
    for value in found.values if level is None else found.at(cast("Level", level)):
        typer.echo("\t".join((value.place, *_figures(language, value), written_note(value.note, language))))
    _total(language, found)


@app.command()
def sites(layer: LayerName, *, data: Data = HERE, as_json: AsJson = False, lang: Lang = None) -> None:
    """The values of a layer by site: wells, landfills, settlements."""
    language = reader_language(asked=lang)
    found: Sites = load_sites(open_folder(data), layer)
    if as_json:
        _answer(found.as_data(language))
        return
    typer.echo(f"{found.layer.title(language)}, {found.layer.units.written(language)}")
    for value in found.values:
        typer.echo("\t".join((value.id, value.name, *_figures(language, value), written_note(value.note, language))))
    if found.layer.id in _ADDITIVE:
        total, left_out = found.total()
        typer.echo(f"{say(language, 'sites-total', count=str(left_out))}: {write_number(language, total)}")


# In which unit people say what is kept in kg, m² or heads.
_SPOKEN = {"production": "t", "residues": "t", "fodder": "t", "area": "har", "heads": "{count}"}


def _written(language: Language, value: Decimal, measure: str) -> str:
    spoken = unit(_SPOKEN[measure])
    return f"{write_number(language, spoken.from_base(value), 0)} {spoken.written(language)}"


# Layers of sites whose values add up; temperatures and distances do not.
_ADDITIVE = frozenset(("waste.landfills", "waste.landfill_gas", "geothermal.heat", "geothermal.electricity"))


def _figures(language: Language, value: Any) -> tuple[str, str, str, str]:
    low, central, high = (write_number(language, number) for number in (value.low, value.value, value.high))
    return low, central, high, "" if value.confirmed else say(language, "value-unconfirmed")


def _total(language: Language, found: Areas) -> None:
    total = found.total()
    low, central, high = (write_number(language, number) for number in (total.low, total.value, total.high))
    typer.echo(f"{say(language, 'areas-total')}: {central} ({low}–{high})")
    for message, places in (("areas-missing", total.missing), ("areas-unconfirmed", total.unconfirmed)):
        if places:
            typer.echo(say(language, message, places=", ".join(places)))


def _answer(document: object) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: object) -> str:
    return decimal_text(value) if isinstance(value, Decimal) else str(value)
