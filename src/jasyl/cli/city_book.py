"""Commands of the city book: a template to fill in, a file in, a file out, an evaluation without any data folder."""

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from jasyl.quantities import decimal_text, now_us
from jasyl.storage import database_of, open_folder
from jasyl.texts import Language, Refusal, Where, say

from .choices import one_of
from .exports import Out, deliver
from .indicator_sources import benchmarks_named, catalogue_named
from .options import HERE, AsJson, Data, Lang
from .speech import answer, reader_language, table

if TYPE_CHECKING:
    from jasyl.cities import BookFormat, BookReport
    from jasyl.indicators import Catalogue, Rules

Place = Annotated[str, typer.Option("--place", help="ISO code of a republican city, or KATO of a settlement.")]
Year = Annotated[int, typer.Option("--year", help="The calendar year of the book.")]
CatalogueName = Annotated[str, typer.Option("--catalogue", help="Set of indicators, or a folder or file with one.")]
Form = Annotated[str | None, typer.Option("--format", help="xlsx, csv or json; else by FILE.")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="A city book: XLSX, ODS, CSV or JSON.")]


def template(
    *,
    place: Place,
    year: Year,
    catalogue: CatalogueName = "u4ssc",
    out: Out = None,
    form: Form = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Write an empty book to fill in: a row for every data point, its code locked."""
    from jasyl.cities import city, write_book, year_of  # noqa: PLC0415

    chosen, language = catalogue_named(catalogue), reader_language(asked=lang)
    content = write_book(city(place), year_of(year), chosen, {}, language, _form(form, out, "xlsx"))
    deliver(content, out, as_json=as_json, lang=lang)


def import_(
    file: File,
    *,
    with_questions: Annotated[
        bool, typer.Option("--with-questions", help="Take it in although checks ask something; the questions stand.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report only; change nothing.")] = False,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Bring a filled book in, whole or not at all, with every finding at its cell."""
    from jasyl.cities import take_book  # noqa: PLC0415
    from jasyl.ledger import log_origin  # noqa: PLC0415
    from jasyl.people import OPERATOR  # noqa: PLC0415

    language, folder = reader_language(asked=lang), open_folder(data)
    with database_of(folder).writing() as connection:
        report = take_book(
            connection, _content(file), file.name, OPERATOR, now_us(), log_origin=log_origin(folder),
            language=language, with_questions=with_questions, dry_run=dry_run, training=folder.kind == "training",
        )  # fmt: skip
    if as_json:
        answer(report.as_data(language) | {"dry_run": dry_run})
    else:
        _tell(report, language, dry_run=dry_run, with_questions=with_questions)
    if not (report.applied or (dry_run and report.would_go_in(with_questions))):
        raise typer.Exit(1)


def export(
    *,
    place: Place,
    year: Year,
    catalogue: CatalogueName = "u4ssc",
    out: Out = None,
    form: Form = None,
    everything: Annotated[bool, typer.Option("--all", help="Closed entries too; for the operator.")] = False,
    data: Data = HERE,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Take a book away in the columns it came in, public entries unless --all."""
    from jasyl.cities import city, entries, without_small, write_book, year_of  # noqa: PLC0415

    chosen, language, place_ = catalogue_named(catalogue), reader_language(asked=lang), city(place)
    folder = open_folder(data)
    with database_of(folder).reading() as connection:
        held = entries(connection, place_.place, year_of(year), chosen.id)
    shown = {
        point: entry if everything else without_small(chosen, entry)
        for point, entry in held.items()
        if everything or entry.level == "public"
    }
    kind = _form(form, out, "csv")
    content = write_book(place_, year, chosen, shown, language, kind, training=folder.kind == "training")
    deliver(content, out, as_json=as_json, lang=lang)


def evaluate(
    file: File,
    *,
    benchmarks: Annotated[
        str, typer.Option("--benchmarks", metavar="house|none|FILE", help="Targets: our proposals, none, or a table.")
    ] = "house",
    catalogue: Annotated[
        str | None, typer.Option("--catalogue", help="Set of indicators, or a folder or file with one.")
    ] = None,
    edge: Annotated[str, typer.Option("--edge", help="A share on an edge goes to the upper or lower band.")] = "upper",
    lower: Annotated[
        str, typer.Option("--lower-is-better", help="ratio: target / value; linear: from the worst value.")
    ] = "ratio",
    zero: Annotated[str, typer.Option("--zero", help="Zero where less is better: full or unscored.")] = "full",
    rounding: Annotated[
        int | None, typer.Option("--rounding", help="Judge values rounded to so many decimals.")
    ] = None,
    findings: Annotated[bool, typer.Option("--findings/--no-findings", help="Tell what the checks say.")] = True,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Evaluate the book in a file: values, shares of target, bands, scores of groups. Needs no data folder."""
    from jasyl.cities import answers, judged_file, read_book, shown_parts  # noqa: PLC0415
    from jasyl.indicators import CityYear, Words, evaluation_data  # noqa: PLC0415
    from jasyl.indicators import evaluate as evaluate_  # noqa: PLC0415

    language = reader_language(asked=lang)
    rules = _rules(edge, lower, zero, rounding)
    named = None if catalogue is None else catalogue_named(catalogue)
    report = judged_file(read_book(file, file.name, catalogue=named))
    book = report.book
    if report.errors:
        if as_json:
            answer(report.as_data(language) | {"evaluation": None})
        else:
            _tell_faults(report, language)
        raise typer.Exit(1)
    targets = benchmarks_named(benchmarks, book.catalogue)
    made = evaluate_(book.catalogue, answers(book.catalogue, book.entries), targets, rules)
    name = Words(kk=book.city.name("kk"), ru=book.city.name("ru"), en=book.city.name("en"))
    parts = {point: shown_parts(book.catalogue, entry) for point, entry in book.entries.items() if entry.parts}
    data = evaluation_data(book.catalogue, CityYear(book.city.place, book.year, made, name, parts), language)
    if as_json:
        answer(report.as_data(language) | {"evaluation": data})
        return
    _tell_evaluation(book.catalogue, data, language)
    if findings:
        _tell_faults(report, language)


def _tell_evaluation(catalogue: "Catalogue", data: dict[str, Any], language: Language) -> None:
    groups, points = data["groups"], data["points"]
    labels = ", ".join(data["benchmark_labels"]) or "—"
    typer.echo(say(language, "city-evaluated-by", version=data["benchmark_version"], labels=labels))
    rules = data["rules"]
    typer.echo(say(language, "city-rules", rules="; ".join(f"{name} {_plain(value)}" for name, value in rules.items())))
    table([
        [say(language, f"city-level-{one['level']}"),
            " / ".join(catalogue.group_name(key)[language] for key in one["group"].split("/")),
            _percent(one["share"]) or "—",
            one["band_name"] or "—", f"{one['scored']}/{one['of']}"]
        for one in groups
    ])  # fmt: skip
    table([
        [one["point"], ": ".join(filter(None, (one["name"], one["breakdown"]))),
            one["value"], one["unit_name"], one["target"], _percent(one["share"]),
            one["band_name"] or one["reason_name"]]
        for one in points
    ])  # fmt: skip


def _plain(value: object) -> str:
    return ", ".join(map(str, cast("list[object]", value))) if isinstance(value, list) else str(value)


def _percent(share: object) -> str | None:
    """Told to a hundredth of a percent."""
    return None if share is None else f"{decimal_text((Decimal(str(share)) * 100).quantize(Decimal('0.01')))} %"


def _tell(report: "BookReport", language: Language, *, dry_run: bool, with_questions: bool) -> None:
    if dry_run:
        typer.echo(say(language, "import-dry-run"))
    else:
        typer.echo(say(language, "import-applied" if report.applied else "import-refused"), err=not report.applied)
    counts = {"entries": len(report.book.entries), "written": report.written, "same": report.same}
    counts |= {"empty": report.book.empty, "asked": report.asked}
    typer.echo(say(language, "city-taken", place=report.book.city.place, year=str(report.book.year), **counts))
    _tell_faults(report, language)
    if not report.applied and not report.errors and report.questions and not with_questions:
        typer.echo(say(language, "city-take-anyway"), err=True)


def _tell_faults(report: "BookReport", language: Language) -> None:
    """Errors, then questions, then remarks, each with its place and remedy, on standard error."""
    for problem in report.problems:
        typer.echo(f"{say(language, 'city-severity-error')}: {problem.text(language)}", err=True)
    for severity in ("error", "question", "remark"):
        for one in report.findings:
            if one.severity == severity:
                typer.echo(f"{say(language, f'city-severity-{severity}')}: {one.text(language)}", err=True)


def _rules(edge: str, lower: str, zero: str, rounding: int | None) -> "Rules":
    from jasyl.indicators import Rules  # noqa: PLC0415

    one_of("--edge", edge, ("upper", "lower"))
    one_of("--lower-is-better", lower, ("ratio", "linear"))
    one_of("--zero", zero, ("full", "unscored"))
    return Rules(edge_inclusive=edge, lower_is_better=lower, zero=zero, rounding=rounding)  # type: ignore[arg-type]


def _form(form: str | None, out: Path | None, otherwise: "BookFormat") -> "BookFormat":
    from jasyl.cities import BOOK_FORMATS  # noqa: PLC0415

    named = form or (out.suffix.lower().lstrip(".") if out else None) or otherwise
    one_of("--format", named, BOOK_FORMATS)
    return cast("BookFormat", named)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Refusal("file-missing", where=Where(file=file.name), reason=error.strerror or str(error)) from error
