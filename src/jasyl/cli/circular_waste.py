"""``jasyl circular scenario``: a waste programme as it stands and with its scenarios."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jasyl.quantities import unit
from jasyl.texts import Language, say, write_number

from .choices import one_of
from .circular_keeping import Keep
from .circular_keeping import keep as keep_document
from .exports import deliver
from .options import HERE, AsJson, Data, Lang
from .speech import answer, reader_language, table

if TYPE_CHECKING:
    from jasyl.circular.waste import Comparison, Definition, WasteProgramme

_STARTERS = {"almaty": "KZ-75", "astana": "KZ-71"}
_SHARES: tuple["Definition", ...] = ("sorted", "handed_over", "recycled", "landfilled")


def register(app: typer.Typer) -> None:
    """Add the command to the group."""
    app.command("scenario")(scenario)


def scenario(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE", help="JSON (jasyl schema waste-programme) or tables; almaty or astana: those that ship."
        ),
    ],
    *,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE", help="Results as CSV, XLSX or SVG, by name.")
    ] = None,
    metered: Annotated[
        bool, typer.Option("--metered", help="Take in what meters of the registered plants counted (data folder).")
    ] = False,
    keep: Keep = False,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Compare scenarios of a waste programme: flows, emissions, money, jobs, targets."""
    from jasyl.circular.waste import compare  # noqa: PLC0415

    if out is not None:
        one_of("--out", out.suffix.lower(), (".csv", ".xlsx", ".svg"))
    language = reader_language(asked=lang)
    programme = _programme(file)
    if metered:
        programme = _metered(programme, data, language, quiet=as_json)
    found = compare(programme)
    if as_json:
        answer(found.as_data())
    else:
        _tell(found, language)
    if keep:
        keep_document(found.programme, data, language, quiet=as_json)
    if out is not None:
        deliver(_file(found, out.suffix.lower(), language), out, as_json=False, lang=lang)


def _programme(file: str) -> "WasteProgramme":
    from jasyl.circular.document_files import read_named  # noqa: PLC0415
    from jasyl.circular.waste import starter_programme  # noqa: PLC0415

    shipped = starter_programme(_STARTERS[file]) if file in _STARTERS else None
    return shipped if shipped is not None else read_named("waste-programme", Path(file), Path(file).name)


def _metered(programme: "WasteProgramme", data: Path, language: Language, *, quiet: bool) -> "WasteProgramme":
    """The programme with the tonnes that meters counted, each told."""
    from jasyl.circular.waste import with_meters  # noqa: PLC0415
    from jasyl.storage import database_of, open_folder  # noqa: PLC0415

    with database_of(open_folder(data)).reading() as connection:
        made = with_meters(connection, programme)
    told = 0
    for before, one in zip(programme.facilities, made.facilities, strict=True):
        for year, mass in sorted(one.metered.items()):
            if before.metered.get(year) != mass:
                told += 1
                said = {"facility": one.id, "year": str(year), "mass": write_number(language, mass / 1000)}
                if not quiet:
                    typer.echo(say(language, "circular-waste-metered", **said, register=one.register))
    if not told and not quiet:
        typer.echo(say(language, "circular-waste-metered-none"))
    return made


def _tell(found: "Comparison", language: Language) -> None:
    from jasyl.circular.account import name_of  # noqa: PLC0415
    from jasyl.circular.waste import scenario_name  # noqa: PLC0415

    programme = found.programme
    generated = write_number(language, float(found.outcomes[0].run.total("generated")[-1]) / 1000)
    said = {"title": name_of(programme.title, language), "generated": generated, "year": str(programme.last_year)}
    typer.echo(say(language, "circular-waste-head", **said))
    heads = [say(language, f"circular-share-{name.replace('_', '-')}") for name in _SHARES]
    money = f"{say(language, 'circular-waste-investment')}, {programme.currency}"
    rows: list[list[Any]] = [
        [
            say(language, "circular-column-scenario"),
            *heads,
            f"{say(language, 'circular-gas-all')}, {unit('t').written(language)}",
            money,
        ]
    ]
    for one in found.outcomes:
        run = one.run
        shares = [
            _interval(language, float(run.share(name)[-1]), float(run.share_at_most(name)[-1])) for name in _SHARES
        ]
        gas, spent = float(one.total[-1]) / 1000, float(one.investment.sum())
        name = scenario_name(programme, one.run.scenario, language)
        rows.append([name, *shares, write_number(language, gas), write_number(language, spent)])
    table(rows)
    _tell_targets(found, language)
    if programme.notes:
        typer.echo(name_of(programme.notes, language))


def _tell_targets(found: "Comparison", language: Language) -> None:
    from jasyl.circular.waste import finding_lines, scenario_name  # noqa: PLC0415

    for one in found.outcomes:
        name = scenario_name(found.programme, one.run.scenario, language)
        for each in found.targets(one):
            definition = say(language, f"circular-waste-{each.target.definition.replace('_', '-')}")
            value = "—" if each.value is None else _interval(language, each.value / 100, (each.at_most or 0) / 100)
            reached = "unknown" if each.reached is None else "yes" if each.reached else "no"
            said = {"scenario": name, "definition": definition, "value": value, "year": str(each.target.year)}
            wanted = write_number(language, each.target.value)
            typer.echo(say(language, "circular-waste-target", **said, wanted=wanted, reached=reached))
        cost = found.cost_of_saving(one)
        if cost is not None:
            told = {"scenario": name, "cost": write_number(language, cost), "currency": found.programme.currency}
            typer.echo(say(language, "circular-waste-saving", **told))
    for line in finding_lines(found.outcomes[0].run, language):
        typer.echo(line)


def _interval(language: Language, low: float, high: float) -> str:
    """A share in %; from … to where part of it is not known."""
    ends = [write_number(language, 100 * end, 1) for end in (low, high)]
    return ends[0] if ends[0] == ends[1] else "–".join(ends)


def _file(found: "Comparison", suffix: str, language: Language) -> bytes:
    from jasyl.circular.waste import comparison_columns, gases_chart  # noqa: PLC0415
    from jasyl.papers import write_csv, write_xlsx  # noqa: PLC0415

    if suffix == ".svg":
        return gases_chart(found, language).encode()
    rows = list(found.rows())
    if suffix == ".xlsx":
        return write_xlsx(comparison_columns(), rows, language)
    return b"".join(write_csv(comparison_columns(), rows, language, mark=True))
