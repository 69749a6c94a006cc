"""``jasyl city inventory``: examine an inventory, tell its totals, keep it, write it as workbook or paper."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jasyl.texts import Language, Refusal, Where, say, write_number

from .options import HERE, AsJson, Data, Lang
from .speech import answer, reader_language, table

if TYPE_CHECKING:
    from jasyl.emissions.inventory import Inventory, Result

EXAMPLES = ("training", "almaty")
File = Annotated[
    Path | None,
    typer.Argument(metavar="FILE", help="The inventory: JSON (jasyl schema ghg-inventory) or the program's XLSX."),
]
Out = Annotated[Path | None, typer.Option("--xlsx", metavar="FILE", help="Write document and numbers as XLSX.")]
Pdf = Annotated[Path | None, typer.Option("--pdf", metavar="FILE", help="Write the report as PDF.")]
Template = Annotated[Path | None, typer.Option("--template", metavar="FILE", help="Write an empty XLSX to fill in.")]
Example = Annotated[str | None, typer.Option("--example", help="Print an example: training or almaty.")]
Set = Annotated[str | None, typer.Option("--gwp-set", help="Convert to AR4, AR5 or AR6 first.")]
Methane = Annotated[str | None, typer.Option("--methane", help="Fossil methane apart in that set: split or unsplit.")]
Keep = Annotated[bool, typer.Option("--keep", help="Keep it as a book of the place and make its totals figures.")]


def register(app: typer.Typer) -> None:
    """Add the command to ``jasyl city``."""
    app.command()(inventory)


def inventory(
    file: File = None,
    *,
    xlsx: Out = None,
    pdf: Pdf = None,
    template: Template = None,
    example: Example = None,
    gwp_set: Set = None,
    methane: Methane = None,
    keep: Keep = False,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Tell the three totals of a greenhouse-gas inventory, or everything that is wrong with it."""
    language = reader_language(asked=lang)
    if template is not None:
        from jasyl.emissions.inventory.sheet import inventory_template  # noqa: PLC0415

        template.write_bytes(inventory_template(language))
        typer.echo(say(language, "inventory-written", path=str(template)))
        return
    if example is not None:
        _print_example(example)
        return
    if file is None:
        raise typer.BadParameter("FILE")
    result = _examined(file, language, gwp_set, methane, as_json=as_json)
    kept = _kept(result.inventory, data) if keep else None
    for path, content in _files(result, language, xlsx, pdf):
        path.write_bytes(content)
    if as_json:
        from jasyl.emissions.inventory.export import result_data  # noqa: PLC0415

        answer(result_data(result, language) | ({"kept": kept} if kept else {}))
        return
    _tell(result, language)
    for path in (xlsx, pdf):
        if path is not None:
            typer.echo(say(language, "inventory-written", path=str(path)))
    if kept:
        typer.echo(say(language, "inventory-kept", **kept))


def _print_example(name: str) -> None:
    from jasyl.emissions.inventory.almaty import almaty_inventory  # noqa: PLC0415
    from jasyl.emissions.inventory.training import training_inventory  # noqa: PLC0415

    if name not in EXAMPLES:
        raise Refusal("inventory-example", received=name[:40], expected=", ".join(EXAMPLES))
    answer((training_inventory() if name == "training" else almaty_inventory()).as_data())


def _examined(file: Path, language: Language, series: str | None, methane: str | None, *, as_json: bool) -> "Result":
    """The numbers; where anything is wrong all of it is told and the command ends with code 1."""
    from jasyl.emissions.inventory import evaluate, findings, in_set, refused  # noqa: PLC0415
    from jasyl.emissions.warming import GWP_SETS  # noqa: PLC0415

    book, places, problems = _read(file)
    if book is not None and not problems:
        if series is not None:
            if series not in GWP_SETS:
                raise Refusal("gwp-set", received=series[:20], expected=", ".join(GWP_SETS))
            book = in_set(book, series, methane or book.methane)  # pyright: ignore[reportArgumentType]
        problems = refused(findings(book, places))
        if not problems:
            return evaluate(book, places)
    if as_json:
        answer({"refused": [one.as_data(language) for one in problems]})
    else:
        for one in problems:
            typer.echo(one.text(language), err=True)
    raise typer.Exit(1)


def _read(file: Path) -> tuple["Inventory | None", dict[str, Any], Sequence[Refusal]]:
    from jasyl.emissions.inventory import read_inventory  # noqa: PLC0415

    try:
        content = file.read_bytes()
    except OSError as error:
        raise Refusal("file-missing", where=Where(file=str(file)), reason=error.strerror or str(error)) from error
    if content[:2] != b"PK":
        return read_inventory(content, file.name), {}, ()
    from jasyl.emissions.inventory.sheet_reading import read_workbook  # noqa: PLC0415

    found = read_workbook(content, file.name)
    return found.inventory, found.places, found.problems


def _kept(book: "Inventory", data: Path) -> dict[str, Any]:
    from jasyl.emissions.inventory.figures import keep_inventory, make_totals  # noqa: PLC0415
    from jasyl.people import OPERATOR  # noqa: PLC0415
    from jasyl.quantities import now_us  # noqa: PLC0415
    from jasyl.storage import database_of, open_folder  # noqa: PLC0415

    folder = open_folder(data)
    with database_of(folder).writing() as connection:
        kept = keep_inventory(connection, folder, book, OPERATOR.id)
        make_totals(connection, book, now_us())
    return {"place": kept.place, "year": kept.period, "version": kept.version}


def _files(result: "Result", language: Language, xlsx: Path | None, pdf: Path | None) -> list[tuple[Path, bytes]]:
    found: list[tuple[Path, bytes]] = []
    if xlsx is not None:
        from jasyl.emissions.inventory.sheet import inventory_workbook  # noqa: PLC0415

        found.append((xlsx, inventory_workbook(result.inventory, language, result)))
    if pdf is not None:
        from jasyl.emissions.inventory.export import place_name  # noqa: PLC0415
        from jasyl.emissions.inventory.paper import inventory_paper  # noqa: PLC0415
        from jasyl.papers.pdf import write_pdf  # noqa: PLC0415

        mark = say(language, "watermark-training") if result.inventory.training else None
        name = place_name(result.inventory.place, language)
        day = dt.datetime.now(dt.UTC).date()
        found.append((pdf, write_pdf(inventory_paper(result, name, language, day=day, watermark=mark))))
    return found


def _tell(result: "Result", language: Language) -> None:
    from jasyl.emissions.inventory.export import place_name  # noqa: PLC0415
    from jasyl.emissions.inventory.uncertainty import spreads  # noqa: PLC0415
    from jasyl.emissions.inventory.waterfall import waterfall_words  # noqa: PLC0415

    book = result.inventory
    if book.training:
        typer.echo(say(language, "watermark-training"))
    typer.echo(say(language, "inventory-title", place=place_name(book.place, language), year=str(book.year)))
    found = spreads(result)
    rows: list[tuple[str, ...]] = []
    for total, value in result.totals.items():
        spread = found[total]
        half = "—" if spread.half is None else write_number(language, spread.half, 1)
        low, high = (write_number(language, end / 10**6, 1) for end in (spread.low, spread.high))
        lacking = say(language, "inventory-lower-bound", count=len(value.missing)) if value.missing else ""
        rows.append((
            say(language, f"inventory-total-{total.replace('_', '-')}"),
            f"{write_number(language, value.co2e / 10**6, 1)} {say(language, 'inventory-thousand-t')}",
            say(language, "inventory-spread", low=low, high=high, half=half), lacking,
        ))  # fmt: skip
    table(rows)
    typer.echo(waterfall_words(result, language))
    for one in result.findings:
        typer.echo(f"! {one.text(language)}")
