"""``jasyl indicators``: catalogues to look at and to check, benchmarks to edit, evaluations for programs."""

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Context, Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jasyl.quantities import decimal_text
from jasyl.texts import Language, Refusal, Where, say, write_number

from .choices import one_of
from .exports import Out, deliver
from .indicator_sources import benchmarks_named, catalogue_named
from .options import AsJson, Lang
from .speech import answer, reader_language, table

if TYPE_CHECKING:
    from jasyl.indicators import Answer, Catalogue, CityYear, Shown
    from jasyl.indicators.sdg11 import Computed

app = typer.Typer(no_args_is_help=True, add_completion=False)

Name = Annotated[str, typer.Option("--catalogue", help="Set of indicators, or a folder or file with one.")]
FORMATS = ("csv", "groups", "json", "sdmx", "sdmx1", "dsd", "ngsi", "ttl")


@app.command("catalogue")
def show(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME", help="A set of the program, or a folder, XLSX, CSV or JSON; else all are listed."
        ),
    ] = None,
    *,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """List the sets of indicators, or show one: its data points, units, directions, what is still missing."""
    language = reader_language(asked=lang)
    if name is None:
        _list(language, as_json=as_json)
        return
    chosen = catalogue_named(name)
    if as_json:
        answer(_as_data(chosen, language))
        return
    missing = sum(len(one.name.missing) for one in chosen.indicators)
    counts = {"indicators": len(chosen.indicators), "points": sum(1 for _ in chosen.points), "missing": missing}
    typer.echo(
        say(language, "indicator-catalogue-line", title=chosen.title[language], version=chosen.version, **counts)
    )
    if chosen.note:
        typer.echo(chosen.note[language])
    table([_point_line(chosen, point, language) for point in _point_ids(chosen)])


@app.command("benchmarks")
def benchmarks(
    *,
    catalogue: Name = "u4ssc",
    check: Annotated[Path | None, typer.Option("--check", metavar="FILE", help="Read your own table instead.")] = None,
    out: Out = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Write the table of benchmarks, our proposals in it, to edit as CSV or XLSX; or check your own."""
    from jasyl.indicators import Benchmarks, benchmark_table, house_benchmarks, read_benchmarks  # noqa: PLC0415

    chosen, language = catalogue_named(catalogue), reader_language(asked=lang)
    if check is not None:
        made = read_benchmarks(check, chosen)
        if as_json:
            answer({"version": made.version, "rows": [row for row in benchmark_table(made, chosen) if row["target"]]})
        else:
            typer.echo(say(language, "indicator-benchmarks-line", version=made.version, rows=len(made.rows)))
        return
    try:
        held = house_benchmarks(chosen.id)
    except Refusal:
        held = Benchmarks("none")
    rows = benchmark_table(held, chosen)
    if out is None and as_json:
        answer({"version": held.version, "rows": rows})
        return
    deliver(
        _written(rows, language, workbook=bool(out and out.suffix.lower() == ".xlsx")), out, as_json=as_json, lang=lang
    )


@app.command("publish")
def publish(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="City books, of one set of indicators.")],
    *,
    form: Annotated[
        str, typer.Option("--format", help="csv, groups, json, sdmx (2.0), sdmx1 (1.0), dsd, ngsi or ttl.")
    ] = "csv",
    benchmarks: Annotated[
        str, typer.Option("--benchmarks", metavar="house|none|FILE", help="Targets: our proposals, none, or a table.")
    ] = "house",
    breakdowns: Annotated[
        Path | None, typer.Option("--breakdowns", metavar="FILE", help="By sex, age …: a row for each cell.")
    ] = None,
    smallest: Annotated[int, typer.Option("--smallest", min=2, help="Cells of fewer persons are closed.")] = 3,
    everything: Annotated[bool, typer.Option("--all", help="Closed entries too; for the operator.")] = False,
    out: Out = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Evaluate city books and give the results to programs: CSV, JSON, SDMX-CSV, NGSI-LD or RDF (Turtle)."""
    one_of("--format", form, FORMATS)
    language = reader_language(asked=lang)
    chosen, found = _evaluated(files, benchmarks, everything=everything)
    if breakdowns is not None:
        found = _broken_down(chosen, found, breakdowns, smallest)
    deliver(_published(form, chosen, found, language), out, as_json=as_json, lang=lang)


@app.command("sdg11")
def compute(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON (jasyl schema sdg11); its files lie beside it.")],
    *,
    smallest: Annotated[int, typer.Option("--smallest", min=2, help="Cells of fewer persons are closed.")] = 3,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Compute the indicators of SDG 11 from a document that names people, stops, shapes and numbers."""
    from jasyl.indicators.sdg11 import compute_sdg11, read_sdg11  # noqa: PLC0415

    language, document = reader_language(asked=lang), read_sdg11(file)
    rows = [row for one in compute_sdg11(document, file.parent, smallest) for row in _computed_rows(one, language)]
    if as_json:
        for row in rows:
            del row["said"]
        answer({"place": document.place, "year": document.year, "results": rows})
        return
    table([[row["point"], *row["said"], "; ".join(row["notes"])] for row in rows])


def _computed_rows(one: "Computed", language: Language) -> Iterator[dict[str, Any]]:
    """A data point and its groups; ``said`` is name and value as people read them."""
    from jasyl.indicators import breakdown_key, catalogue, group_name, unit_name  # noqa: PLC0415

    point = catalogue("sdg11").point(one.point)
    unit = unit_name(point.unit, language)

    def row(
        breakdown: str, name: str, got: "Answer | Shown", value: Decimal | None, notes: list[str]
    ) -> dict[str, Any]:
        counts = {"numerator": _plain(got.numerator), "denominator": _plain(got.denominator)}
        said = (name, "—" if value is None else f"{write_number(language, value)} {unit}")
        known = {"point": one.point, "breakdown": breakdown, "value": _plain(value), "unit": point.unit}
        return {**known, **counts, "notes": notes, "said": said}

    cautions = [say(language, f"sdg-caution-{each.replace('_', '-')}") for each in one.cautions]
    yield row("", point.name[language], one.answer, one.value, cautions)
    for part in one.parts:
        closed = [say(language, "indicator-reason-suppressed")] if part.suppressed else []
        yield row(breakdown_key(part.by), group_name(part.by, language), part, part.value, closed)


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else decimal_text(Context(prec=12).plus(number))


def _evaluated(files: list[Path], targets: str, *, everything: bool) -> "tuple[Catalogue, list[CityYear]]":
    from jasyl.cities import ENTRY_LEVELS, answers, judged_file, read_book, shown_parts  # noqa: PLC0415
    from jasyl.indicators import CityYear, Words, evaluate  # noqa: PLC0415

    chosen, found = None, list[CityYear]()
    for file in files:
        report = judged_file(read_book(file, file.name))
        if report.problems:
            raise report.problems[0]
        book = report.book
        chosen = chosen or book.catalogue
        if book.catalogue.id != chosen.id:
            raise Refusal(
                "indicator-other-catalogue", where=Where(file.name), received=book.catalogue.id, expected=chosen.id
            )
        said = answers(chosen, book.entries, levels=ENTRY_LEVELS if everything else ("public",))
        made = evaluate(chosen, said, benchmarks_named(targets, chosen))
        name = Words(kk=book.city.name("kk"), ru=book.city.name("ru"), en=book.city.name("en"))
        parts = {
            one.point: shown_parts(chosen, one) for one in book.entries.values() if everything or one.level == "public"
        }
        found.append(CityYear(book.city.place, book.year, made, name, parts))
    assert chosen is not None
    return chosen, found


def _broken_down(chosen: "Catalogue", found: "list[CityYear]", file: Path, smallest: int) -> "list[CityYear]":
    from jasyl.indicators import disaggregate, read_breakdowns  # noqa: PLC0415

    held = read_breakdowns(file, chosen)
    return [
        replace(
            one,
            parts={
                point: disaggregate(chosen.point(point), parts, smallest)
                for point, parts in held.of(one.place, one.year).items()
            },
        )
        for one in found
    ]


def _published(form: str, chosen: "Catalogue", found: "list[CityYear]", language: Language) -> bytes:
    from jasyl.indicators import (  # noqa: PLC0415
        evaluation_csv,
        evaluation_data,
        evaluation_turtle,
        ngsi_entities,
        sdmx_csv,
        sdmx_structure,
    )

    match form:
        case "json":
            return _json([evaluation_data(chosen, one, language) for one in found])
        case "sdmx":
            return sdmx_csv(chosen, found)
        case "sdmx1":
            return sdmx_csv(chosen, found, "1.0")
        case "dsd":
            return sdmx_structure(chosen)
        case "ngsi":
            return _json(ngsi_entities(chosen, found, language))
        case "ttl":
            return evaluation_turtle(chosen, found)
        case _:
            return evaluation_csv(chosen, found, language, groups=form == "groups")


def _list(language: Language, *, as_json: bool) -> None:
    from jasyl.indicators import CATALOGUES, catalogue  # noqa: PLC0415

    held = [catalogue(name) for name in CATALOGUES]
    if as_json:
        answer([
            {"id": one.id, "version": one.version, "title": one.title[language], "indicators": len(one.indicators)}
            for one in held
        ])  # fmt: skip
        return
    table([[one.id, one.version, len(one.indicators), sum(1 for _ in one.points), one.title[language]] for one in held])


def _as_data(chosen: "Catalogue", language: Language) -> dict[str, Any]:
    """A catalogue for a program, names in one language; in the others too by ``--lang``."""
    return {
        "id": chosen.id,
        "version": chosen.version,
        "title": chosen.title[language],
        "source": chosen.source,
        "licence": chosen.licence,
        "indicators": [
            {
                "id": one.id,
                "code": one.code,
                "alt_codes": one.alt_codes,
                "path": one.path,
                "name": one.name[language],
                "level": one.level,
                "type": one.type,
                "type_guessed": one.type_guessed,
                "numerator": one.numerator[language],
                "denominator": one.denominator[language],
                "sdg_targets": one.sdg_targets,
                "sdg_goals": one.sdg_goals,
                "sdg_confidence": one.sdg_confidence,
                "disaggregation": one.disaggregation,
                "rule": one.rule[language],
                "computed_by": one.computed_by,
                "gap": one.gap[language],
                "confidence": one.confidence,
                "code_confidence": one.code_confidence,
                "source": one.source,
                "notes": one.notes[language],
                "points": [
                    {
                        "id": point.id,
                        "name": point.name[language],
                        "unit": point.unit,
                        "direction": point.direction,
                        "multiplier": str(point.multiplier),
                        "has_denominator": point.has_denominator,
                    }
                    for point in one.points
                ],
            }
            for one in chosen.indicators
        ],
    }


def _point_ids(chosen: "Catalogue") -> list[str]:
    return [point.id for point in chosen.points]


def _point_line(chosen: "Catalogue", point: str, language: Language) -> list[str]:
    from jasyl.indicators import direction_name, unit_name  # noqa: PLC0415

    held, one = chosen.point(point), chosen.indicator_of(point)
    name = one.name[language] if len(one.points) == 1 else f"{one.name[language]}: {held.name[language]}"
    return [point, name, unit_name(held.unit, language), direction_name(held, language)]


def _written(rows: list[dict[str, str | None]], language: Language, *, workbook: bool) -> bytes:
    from jasyl.papers import Column, write_csv, write_xlsx  # noqa: PLC0415

    columns = [Column(key, {"kk": key, "ru": key, "en": key}) for key in rows[0]]
    return write_xlsx(columns, rows, language) if workbook else b"".join(write_csv(columns, rows, language))


def _json(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"
