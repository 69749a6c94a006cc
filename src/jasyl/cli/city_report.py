"""``jasyl city report``: a city's paper from a book in a file, without any data folder."""

import datetime as dt
from pathlib import Path
from typing import Annotated, cast

import typer

from jasyl.storage import write_durably
from jasyl.texts import say

from .choices import one_of
from .city_book import File
from .indicator_sources import benchmarks_named, catalogue_named
from .options import AsJson, Lang
from .speech import answer, reader_language


def report(
    file: File,
    *,
    kind: Annotated[str, typer.Option("--kind", help="snapshot, factsheet or verification.")] = "snapshot",
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE", help="Where to; else PLACE-YEAR-KIND.pdf here.")
    ] = None,
    benchmarks: Annotated[
        str, typer.Option("--benchmarks", help="house (our proposals), none, or a table of targets.")
    ] = "house",
    catalogue: Annotated[
        str | None, typer.Option("--catalogue", help="Set of indicators, or a folder or file with one.")
    ] = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Print the book in a file as PDF: the wheel, the factsheet with radars, or the verification report."""
    from jasyl.cities import read_book  # noqa: PLC0415
    from jasyl.cities.papers import PAPER_KINDS, PaperKind, city_paper  # noqa: PLC0415
    from jasyl.cities.result import city_result  # noqa: PLC0415
    from jasyl.cities.results import city_words  # noqa: PLC0415
    from jasyl.papers.pdf import write_pdf  # noqa: PLC0415

    one_of("--kind", kind, PAPER_KINDS)
    language = reader_language(asked=lang)
    named = None if catalogue is None else catalogue_named(catalogue)
    book = read_book(file, file.name, catalogue=named)
    if book.problems:
        for problem in book.problems:
            typer.echo(problem.text(language), err=True)
        raise typer.Exit(1)
    targets = benchmarks_named(benchmarks, book.catalogue)
    result = city_result(
        book.city.place, book.year, city_words(book.city), book.catalogue, book.entries.values(), targets,
        training=book.training,
    )  # fmt: skip
    found = tuple(book.findings()) if kind == "verification" else ()
    paper = city_paper(cast("PaperKind", kind), result, language, day=dt.datetime.now(dt.UTC).date(), findings=found)
    made, path = write_pdf(paper), out or Path(f"{book.city.place}-{book.year}-{kind}.pdf")
    write_durably(path, made)
    if as_json:
        told = {"file": str(path), "bytes": len(made), "kind": kind, "place": book.city.place, "year": book.year}
        answer({**told, "digest": result.digest, "reported": result.reported, "scored": result.scored})
    else:
        typer.echo(say(language, "city-report-written", file=str(path), size=len(made), digest=result.digest[:16]))
