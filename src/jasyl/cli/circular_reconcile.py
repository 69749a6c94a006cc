"""``jasyl circular reconcile``: material accounts, what they say together and which data do not fit."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jasyl.texts import Language, say

from .choices import one_of
from .exports import deliver
from .options import HERE, AsJson, Data, Lang
from .speech import answer, reader_language, table

if TYPE_CHECKING:
    from jasyl.circular.account import Account
    from jasyl.circular.reconciled import Reconciled
    from jasyl.facts import Book

File = Annotated[
    Path, typer.Argument(metavar="FILE", help="JSON (jasyl schema material-account), XLSX, zip or folder.")
]
Out = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--out",
        metavar="FILE",
        help="Results as XLSX, CSV, SDMX-CSV (.sdmx.csv), its structure (.sdmx.xml) or SVG.",
    ),
]
Values = Annotated[
    Path | None,
    typer.Option("--values", metavar="FILE", help="SDMX-CSV of the values, in the place of those of the account."),
]


def register(app: typer.Typer) -> None:
    """Add the commands to the group."""
    app.command("reconcile")(reconcile)
    app.command("account")(account)
    app.command("account-template")(account_template)


def reconcile(
    file: File,
    *,
    values: Values = None,
    out: Out = None,
    period: Annotated[str | None, typer.Option("--period", help="The period of the picture; else the last.")] = None,
    what_if: Annotated[
        bool, typer.Option("--what-if", help="Ask what leaving out one suspect after another would give.")
    ] = False,
    draws: Annotated[int, typer.Option("--draws", help="Random draws for skewed data (Monte Carlo); 0: none.")] = 0,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Reconcile a material account: adjusted values, standing of each, tests and suspects. Nothing is deleted."""
    from jasyl.circular.document_files import read_valued_account  # noqa: PLC0415
    from jasyl.circular.draws import draw_account  # noqa: PLC0415
    from jasyl.circular.reconciled import reconcile_account, what_if_left_out  # noqa: PLC0415
    from jasyl.circular.results import draw_lines, results_data, what_if_lines  # noqa: PLC0415

    language = reader_language(asked=lang)
    if out is not None:
        one_of("--out", out.suffix.lower(), (".xlsx", ".csv", ".svg", ".xml"))
    given, place = read_valued_account(file, values)
    found = reconcile_account(given, place=place)
    steps = what_if_left_out(given) if what_if else []
    drawn = draw_account(given, draws) if draws else []
    if as_json:
        answer(results_data(found) | {"what_if": [vars(one) for one in steps], "draws": [vars(one) for one in drawn]})
    else:
        _tell(found, language)
        for line in (*what_if_lines(given, steps, language), *draw_lines(given, drawn, language)):
            typer.echo(line)
    if out is not None:
        deliver(_file(found, out, language, period), out, as_json=False, lang=lang)


def account(
    file: File,
    *,
    values: Values = None,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE", help="As JSON, XLSX, zip of CSV, or flow list (.csv).")
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the account as a book, a version told to the log.")
    ] = False,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Check a material account, write it in another form, or keep it."""
    from jasyl.circular.account import account_data  # noqa: PLC0415
    from jasyl.circular.document_files import read_valued_account  # noqa: PLC0415

    language = reader_language(asked=lang)
    if out is not None:
        one_of("--out", out.suffix.lower(), (".json", ".xlsx", ".zip", ".csv"))
    given, _ = read_valued_account(file, values)
    kept = _keep(data, given) if keep else None
    if as_json:
        answer({"account": account_data(given), "book": kept.id if kept else None})
    else:
        sizes = {"processes": len(given.processes), "flows": len(given.flows), "observations": len(given.observations)}
        typer.echo(say(language, "account-sizes", **{key: str(value) for key, value in sizes.items()}))
        if kept:
            typer.echo(say(language, "account-kept", version=str(kept.version), digest=kept.digest[:16]))
    if out is not None:
        deliver(_written(given, out.suffix.lower(), language), out, as_json=False, lang=lang)


def account_template(
    *,
    out: Annotated[Path, typer.Option("-o", "--out", metavar="FILE", help="An XLSX file, or a folder for CSV.")],
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Write the empty tables of a material account, headers in the chosen language."""
    from jasyl.circular.account_tables import account_csv_files, account_workbook  # noqa: PLC0415

    language = reader_language(asked=lang)
    if out.suffix.lower() == ".xlsx":
        deliver(account_workbook(None, language), out, as_json=as_json, lang=lang)
        return
    out.mkdir(parents=True, exist_ok=True)
    for name, content in account_csv_files(None, language).items():
        (out / name).write_bytes(content)
    answer({"folder": str(out)}) if as_json else typer.echo(str(out))


def _keep(data: Path, given: "Account") -> "Book":
    from jasyl.circular.account_book import keep_account  # noqa: PLC0415
    from jasyl.people import OPERATOR  # noqa: PLC0415
    from jasyl.storage import database_of, open_folder  # noqa: PLC0415

    folder = open_folder(data)
    with database_of(folder).writing() as connection:
        return keep_account(connection, folder, given, OPERATOR.id)


def _tell(found: "Reconciled", language: Language) -> None:
    from jasyl.circular.results import headline, suspect_lines, value_table  # noqa: PLC0415

    for line in headline(found, language):
        typer.echo(line)
    table(value_table(found, language))
    for line in suspect_lines(found, language):
        typer.echo(line)


def _file(found: "Reconciled", out: Path, language: Language, period: str | None) -> bytes:
    from jasyl.circular.results import results_csv, results_xlsx  # noqa: PLC0415
    from jasyl.circular.sankey import sankey_of  # noqa: PLC0415
    from jasyl.circular.sdmx_layout import account_structure  # noqa: PLC0415
    from jasyl.circular.sdmx_values import write_sdmx  # noqa: PLC0415

    if out.name.lower().endswith(".sdmx.csv"):
        return write_sdmx(found.account, found)
    match out.suffix.lower():
        case ".xml":
            return account_structure()
        case ".xlsx":
            return results_xlsx(found, language)
        case ".svg":
            chosen = period or found.account.periods[-1]
            one_of("--period", chosen, tuple(found.account.periods))
            return sankey_of(found, chosen, language).svg.encode()
        case _:
            return results_csv(found, language)


def _written(given: "Account", suffix: str, language: Language) -> bytes:
    from jasyl.circular.account import account_data  # noqa: PLC0415
    from jasyl.circular.account_tables import account_workbook, account_zip  # noqa: PLC0415
    from jasyl.circular.flow_list import write_flow_list  # noqa: PLC0415

    match suffix:
        case ".json":
            made: Any = json.dumps(account_data(given), ensure_ascii=False, indent=1)
            return made.encode()
        case ".xlsx":
            return account_workbook(given, language)
        case ".zip":
            return account_zip(given, language)
        case _:
            return write_flow_list(given, language)
