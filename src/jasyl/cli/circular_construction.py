"""``jasyl circular construction``: buildings as stores of materials, their waste, its fate."""

import datetime as dt
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
    from jasyl.circular.construction import ChainRun, ConstructionChain


def register(app: typer.Typer) -> None:
    """Add the command to the group."""
    app.command("construction")(construction)


def construction(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON (jasyl schema construction-chain) or tables.")],
    *,
    passport: Annotated[
        str | None, typer.Option("--passport", metavar="ID", help="Give the material passport of a building instead.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="FILE", help="Results as CSV, XLSX or SVG, by name; a passport as PDF."),
    ] = None,
    keep: Keep = False,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Compute the construction chain: materials in buildings, demolition waste, its fate, recycled aggregate."""
    from jasyl.circular.construction import run_chain  # noqa: PLC0415
    from jasyl.circular.document_files import read_named  # noqa: PLC0415

    if out is not None:
        one_of("--out", out.suffix.lower(), (".csv", ".xlsx", ".svg") if passport is None else (".pdf",))
    language = reader_language(asked=lang)
    chain = read_named("construction-chain", file, file.name)
    if passport is not None:
        _passport(chain, passport, language, out, as_json=as_json)
        return
    run = run_chain(chain, file.name)
    if as_json:
        answer(run.as_data())
    else:
        _tell(run, language)
    if keep:
        keep_document(chain, data, language, quiet=as_json)
    if out is not None:
        deliver(_file(run, out.suffix.lower(), language), out, as_json=False, lang=lang)


def _passport(
    chain: "ConstructionChain", identity: str, language: Language, out: Path | None, *, as_json: bool
) -> None:
    from jasyl.circular.construction import material_name, material_passport, passport_paper  # noqa: PLC0415

    made = material_passport(chain, identity)
    if out is not None:
        from jasyl.papers.pdf import write_pdf  # noqa: PLC0415  (loads a compiler)

        paper = passport_paper(made, language, day=dt.datetime.now(dt.UTC).date())
        deliver(write_pdf(paper), out, as_json=False, lang=language)
    if as_json:
        answer(made)
        return
    tonnes = {name: write_number(language, made[f"{name}_kg"] / 1000) for name in ("total", "measured")}
    said = {
        "title": made["title"],
        "built": str(made["built"]),
        "area": write_number(language, float(made["floor_area_m2"])),
    }
    typer.echo(say(language, "circular-passport-head", **said, **tonnes))
    for one in made["materials"]:
        spread = "" if one["sd_kg"] is None else f" ± {write_number(language, one['sd_kg'] / 1000)}"
        mass = f"{write_number(language, one['kg'] / 1000)}{spread} {unit('t').written(language)}"
        table([[material_name(one["material"], language), mass, say(language, f"kind-{one['kind']}"), one["source"]]])
    typer.echo(f"SHA-256 {made['sha256']}")


def _tell(run: "ChainRun", language: Language) -> None:
    from jasyl.circular.account import name_of  # noqa: PLC0415
    from jasyl.circular.construction import FATES, material_name  # noqa: PLC0415

    chain, last = run.chain, run.chain.last_year
    area = write_number(language, float(run.area[-1])) if run.knows_buildings else "—"
    said = {"title": name_of(chain.title, language), "year": str(last), "area": area, "demolition": chain.demolition}
    typer.echo(say(language, "circular-chain-head", **said))
    heads = ["circular-column-material", "circular-column-stock", "circular-column-waste"]
    heads += [f"circular-fate-{fate}" for fate in FATES]
    rows: list[list[Any]] = [[f"{last}, {unit('t').written(language)}", *(say(language, head) for head in heads[1:])]]
    for one in run.materials:
        held = "—"
        if run.knows_buildings:
            held = f"{_tonnes(language, run.stock[one][-1])} ± {_tonnes(language, run.stock_sd[one][-1])}"
        fates = [_tonnes(language, run.fate(one, fate)[-1]) for fate in FATES]
        rows.append([material_name(one, language), held, _tonnes(language, run.waste_of(one)[-1]), *fates])
    table(rows)
    _tell_shares(run, language)


def _tell_shares(run: "ChainRun", language: Language) -> None:
    waste = sum(float(run.waste_of(one)[-1]) for one in run.materials)
    unknown = sum(float(run.fate(one, "unknown")[-1]) for one in run.materials)
    if waste and unknown:
        share = write_number(language, 100 * unknown / waste, 1)
        typer.echo(say(language, "circular-chain-unknown", share=share, year=str(run.chain.last_year)))
    potential = [found for one in run.materials if (found := run.recoverable(one)) is not None]
    if potential:
        total = sum(float(run.waste_of(one).sum()) for one in run.materials)
        mass = sum(float(one.sum()) for one in potential)
        share = write_number(language, 100 * mass / total, 2) if total else "—"
        numbers = {"mass": _tonnes(language, mass), "total": _tonnes(language, total), "share": share}
        typer.echo(say(language, "circular-chain-recoverable", **numbers))


def _tonnes(language: Language, kilograms: float) -> str:
    return write_number(language, float(kilograms) / 1000)


def _file(run: "ChainRun", suffix: str, language: Language) -> bytes:
    from jasyl.circular.construction import chain_columns, chain_fate_chart, chain_stock_chart  # noqa: PLC0415
    from jasyl.papers import write_csv, write_xlsx  # noqa: PLC0415

    if suffix == ".svg":
        return (chain_stock_chart if run.knows_buildings else chain_fate_chart)(run, language).encode()
    rows = list(run.rows())
    if suffix == ".xlsx":
        return write_xlsx(chain_columns(), rows, language)
    return b"".join(write_csv(chain_columns(), rows, language, mark=True))
