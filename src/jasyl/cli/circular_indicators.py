"""``jasyl circular indicators``: physical tables and indicators of a reconciled account."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jasyl.quantities import unit, written_unit
from jasyl.texts import Language, Refusal, everywhere, say, write_number

from .choices import one_of
from .exports import deliver
from .options import AsJson, Lang
from .speech import answer, reader_language, table

if TYPE_CHECKING:
    from jasyl.circular import Account
    from jasyl.circular.physical import IndicatorValue, PhysicalTable
    from jasyl.circular.physical.indicators import Deviation
    from jasyl.papers import Column


def register(app: typer.Typer) -> None:
    """Add the command to the group."""
    app.command("indicators")(indicators)


def indicators(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A material account: JSON, XLSX, zip or folder.")],
    *,
    period: Annotated[str | None, typer.Option("--period", help="A period of the account; else its last.")] = None,
    inputs: Annotated[
        Path | None, typer.Option("--inputs", metavar="FILE", help="People, money …: jasyl schema indicator-inputs.")
    ] = None,
    waste: Annotated[
        Path | None, typer.Option("--waste", metavar="FILE", help="A waste programme, for municipal waste.")
    ] = None,
    construction: Annotated[
        Path | None, typer.Option("--construction", metavar="FILE", help="A construction chain, for its indicators.")
    ] = None,
    tables: Annotated[
        bool, typer.Option("--tables", help="Give the supply and use tables instead of the indicators.")
    ] = False,
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="FILE", help="Results as CSV or XLSX.")] = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Reconcile an account and compute its physical tables and indicators; what is missing is named."""
    from jasyl.circular.physical import indicators_of, table_columns  # noqa: PLC0415

    if out is not None:
        one_of("--out", out.suffix.lower(), (".csv", ".xlsx"))
    language = reader_language(asked=lang)
    account = _account(file)
    made, quantities, deviation = _computed(account, period, inputs, waste, construction)
    found = indicators_of(quantities, deviation)
    if as_json:
        rows = [one.as_row(made.place, made.period) for one in found]
        answer({"table": made.as_data(), "quantities": quantities, "indicators": rows})
    elif tables:
        _tell_tables(made, account, language)
    else:
        _tell(found, language)
    if out is not None:
        columns, rows = (table_columns(), list(made.rows())) if tables else _named_rows(made, found, language)
        deliver(_file(columns, rows, out.suffix.lower(), language), out, as_json=False, lang=lang)


def _account(file: Path) -> "Account":
    from jasyl.circular.document_files import read_named  # noqa: PLC0415

    return read_named("material-account", file, file.name)


def _computed(
    account: "Account", period: str | None, inputs: Path | None, waste: Path | None, construction: Path | None
) -> "tuple[PhysicalTable, dict[str, float], Deviation]":
    from jasyl.circular import read_document  # noqa: PLC0415
    from jasyl.circular.construction import chain_deviation, run_chain  # noqa: PLC0415
    from jasyl.circular.document_files import read_named  # noqa: PLC0415
    from jasyl.circular.physical import (  # noqa: PLC0415
        IndicatorInputs,
        deviation_in,
        economy_flows,
        examine_inputs,
        first_known,
        programme_deviation,
        quantities_of,
        reconciled_table,
    )
    from jasyl.circular.reconciled import reconcile_account  # noqa: PLC0415
    from jasyl.circular.waste import run_programme  # noqa: PLC0415

    asked = period or account.periods[-1]
    if asked not in account.periods:
        raise Refusal("physical-period", received=asked[:20], expected=", ".join(account.periods))
    given = read_document(inputs, IndicatorInputs) if inputs else None
    if given is not None and inputs is not None:
        examine_inputs(given, account, inputs.name)
    programme = read_named("waste-programme", waste, waste.name) if waste else None
    chain = read_named("construction-chain", construction, construction.name) if construction else None
    result, year = reconcile_account(account), int(asked[:4])
    made = reconciled_table(result, asked)
    flows = run_programme(programme) if programme else None
    run = run_chain(chain) if chain else None
    told = [deviation_in(result, asked, economy_flows(made))]
    if flows is not None and year in flows.programme.years:
        told.append(programme_deviation(flows, year))
    if run is not None and year in run.chain.years:
        told.append(chain_deviation(run, year))
    return made, quantities_of(year, table=made, inputs=given, waste=flows, chain=run), first_known(*told)


def _tell(found: "tuple[IndicatorValue, ...]", language: Language) -> None:
    from jasyl.circular.physical.figures import UCUM  # noqa: PLC0415

    rows: list[list[Any]] = []
    for one in found:
        if one.value is not None:
            most = "" if one.most is None else f"–{write_number(language, one.most)}"
            spread = "" if one.deviation is None else f" ± {write_number(language, one.deviation)}"
            value = f"{write_number(language, one.value)}{most}{spread}"
            rows.append([_name(one, language), value, written_unit(UCUM[one.unit], language), one.id])
    table(rows)
    lacking = sorted({name for one in found for name in one.missing})
    without = sum(one.value is None for one in found)
    if lacking:
        said = {"count": str(without), "missing": ", ".join(lacking)}
        typer.echo(say(language, "physical-missing", **said))


def _named_rows(
    made: "PhysicalTable", found: "tuple[IndicatorValue, ...]", language: Language
) -> "tuple[tuple[Column, ...], list[dict[str, Any]]]":
    """Columns and rows of the indicators for a file, the name of each first."""
    from jasyl.circular.physical import indicator_columns  # noqa: PLC0415
    from jasyl.papers import Column  # noqa: PLC0415

    rows = [one.as_row(made.place, made.period) | {"name": _name(one, language)} for one in found]
    return (Column("name", everywhere("account-row-name")), *indicator_columns()), rows


def _name(one: "IndicatorValue", language: Language) -> str:
    """What the catalogue calls an indicator; its id where the catalogue has it not."""
    from jasyl.cities import figure_name  # noqa: PLC0415

    return figure_name(f"circular.{one.id}", language) or one.id


def _tell_tables(made: "PhysicalTable", account: "Account", language: Language) -> None:
    from jasyl.circular.account import name_of  # noqa: PLC0415

    materials, processes = (
        {one.id: name_of(one.name, language, one.id) for one in parts}
        for parts in (account.materials, account.processes)
    )
    for row in made.rows():
        mass = "—" if row["kg"] is None else f"{write_number(language, row['kg'] / 1000)} {unit('t').written(language)}"
        table(
            [[say(language, f"physical-{row['table']}"), materials[row["material"]], processes[row["process"]], mass]]
        )
    worst = [one.apart for one in made.identities() if one.apart is not None]
    if worst:
        typer.echo(say(language, "physical-identities", count=str(len(worst)), apart=f"{max(worst):.1e}"))
    if made.open:
        typer.echo(say(language, "physical-open", processes=", ".join(made.open)))


def _file(columns: Any, rows: list[dict[str, Any]], suffix: str, language: Language) -> bytes:
    from jasyl.papers import write_csv, write_xlsx  # noqa: PLC0415

    if suffix == ".xlsx":
        return write_xlsx(columns, rows, language)
    return b"".join(write_csv(columns, rows, language, mark=True))
