"""``jasyl city pathway``: scenarios of a city year by year, abatement by measure, targets."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jasyl.texts import Language, Refusal, Where, say, write_number

from .options import HERE, AsJson, Data, Lang
from .speech import answer, reader_language, table

if TYPE_CHECKING:
    from jasyl.emissions.pathway import Pathway

File = Annotated[Path | None, typer.Argument(metavar="FILE", help="The pathway, JSON (jasyl schema ghg-pathway).")]
Inventory = Annotated[
    Path | None, typer.Option("--inventory", metavar="FILE", help="The inventory its base is compared with, JSON.")
]
Pdf = Annotated[Path | None, typer.Option("--pdf", metavar="FILE", help="Write the report as PDF.")]
Keep = Annotated[bool, typer.Option("--keep", help="Keep it as a book of the place.")]
Example = Annotated[bool, typer.Option("--example", help="Print a fictional example.")]


def register(app: typer.Typer) -> None:
    """Add the command to ``jasyl city``."""
    app.command()(pathway)


def pathway(
    file: File = None,
    *,
    inventory: Inventory = None,
    pdf: Pdf = None,
    keep: Keep = False,
    example: Example = False,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Calculate low-carbon scenarios: baseline, measures, targets, nothing counted twice."""
    language = reader_language(asked=lang)
    if example:
        from jasyl.emissions.pathway.training import training_pathway  # noqa: PLC0415

        answer(training_pathway().as_data())
        return
    if file is None:
        raise typer.BadParameter("FILE")
    plan = _examined(file, inventory, language, as_json=as_json)
    kept = _kept(plan, data) if keep else None
    if pdf is not None:
        pdf.write_bytes(_paper(plan, language))
    if as_json:
        from jasyl.emissions.pathway.paper import pathway_data  # noqa: PLC0415

        answer(pathway_data(plan) | ({"kept": kept} if kept else {}))
        return
    _tell(plan, language)
    if pdf is not None:
        typer.echo(say(language, "inventory-written", path=str(pdf)))
    if kept:
        typer.echo(say(language, "pathway-kept", **kept))


def _examined(file: Path, inventory: Path | None, language: Language, *, as_json: bool) -> "Pathway":
    """The pathway; where anything is wrong all of it is told and the command ends with code 1."""
    from jasyl.emissions.inventory import evaluate, read_inventory  # noqa: PLC0415
    from jasyl.emissions.pathway import examine, read_pathway  # noqa: PLC0415

    plan = read_pathway(_bytes(file), file.name)
    result = None if inventory is None else evaluate(read_inventory(_bytes(inventory), inventory.name))
    wrong = examine(plan, result)
    if not wrong:
        return plan
    if as_json:
        answer({"refused": [one.as_data(language) for one in wrong]})
    else:
        for one in wrong:
            typer.echo(one.text(language), err=True)
    raise typer.Exit(1)


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Refusal("file-missing", where=Where(file=str(file)), reason=error.strerror or str(error)) from error


def _kept(plan: "Pathway", data: Path) -> dict[str, Any]:
    from jasyl.emissions.pathway.kept import keep_pathway  # noqa: PLC0415
    from jasyl.people import OPERATOR  # noqa: PLC0415
    from jasyl.storage import database_of, open_folder  # noqa: PLC0415

    folder = open_folder(data)
    with database_of(folder).writing() as connection:
        kept = keep_pathway(connection, folder, plan, OPERATOR.id)
    return {"place": kept.place, "year": kept.period, "version": kept.version}


def _paper(plan: "Pathway", language: Language) -> bytes:
    from jasyl.emissions.inventory.export import place_name  # noqa: PLC0415
    from jasyl.emissions.pathway.paper import pathway_paper  # noqa: PLC0415
    from jasyl.papers.pdf import write_pdf  # noqa: PLC0415

    mark = say(language, "watermark-training") if plan.training else None
    day = dt.datetime.now(dt.UTC).date()
    return write_pdf(pathway_paper(plan, place_name(plan.place, language), language, day=day, watermark=mark))


def _tell(plan: "Pathway", language: Language) -> None:
    from jasyl.emissions.pathway import courses, reached, standing  # noqa: PLC0415

    def thousand(kg: Any) -> str:
        return write_number(language, kg / 10**6, 1)

    if plan.training:
        typer.echo(say(language, "watermark-training"))
    for course in courses(plan):
        typer.echo(say(
            language, "pathway-words", name=plan.told(course.scenario.name, language), first=str(course.years[0]),
            start=thousand(course.left[0]), last=str(course.years[-1]), end=thousand(course.left[-1]),
            baseline=thousand(course.baseline[-1]), count=len(course.scenario.measures),
        ))  # fmt: skip
        heads = [say(language, f"pathway-{name}") for name in ("order", "measure", "placed", "alone", "last")]
        rows = [
            (
                str(number),
                plan.told(one.measure.name, language),
                thousand(one.placed),
                thousand(one.alone),
                thousand(one.last),
            )
            for number, one in enumerate(standing(plan, course), 1)
        ]
        if rows:
            table([heads, *rows])
        table([
            (plan.told(one.target.name, language), str(one.target.year), thousand(one.allowed), thousand(one.left),
             thousand(one.gap) if one.gap > 0 else say(language, "pathway-met"))
            for one in reached(plan, course)
        ])  # fmt: skip
