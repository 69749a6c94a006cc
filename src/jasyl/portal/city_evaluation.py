"""The evaluation of a city's book of one year: wheel, data points, benchmarks, rules and steps up."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from jasyl.cities import City, attestations, books, year_of
from jasyl.cities.papers import (
    PAPER_KINDS,
    STEPS_SHOWN,
    benchmark_note,
    chosen_rules,
    code_text,
    group_numbers,
    lead,
    status_table,
    step_gain,
    step_table,
)
from jasyl.cities.pictures import category_radar, percent, wheel
from jasyl.cities.result import CityResult, group_text, name_text, standing_text, target_text, value_text
from jasyl.cities.results import CATALOGUE, read_result
from jasyl.indicators import (
    BANDS,
    RECALLED,
    Benchmark,
    Scored,
    Step,
    band_name,
    basis_name,
    label_name,
    reason_name,
    status_name,
    steps_up,
)
from jasyl.papers.drawing import TONES
from jasyl.papers.paper import Table
from jasyl.texts import Refusal

from .cities import city_asked
from .city_point import group_rows
from .page import Document, NotFoundError, page
from .sheet import Column, Sheet
from .visit import Visit

# Other forms of the same evaluation, offered beside CSV and JSON.
FORMS = (
    ("sdmx.csv", "SDMX-CSV"),
    ("sdmx-structure.xml", "SDMX-ML"),
    ("ngsi-ld.json", "NGSI-LD"),
    ("rdf.ttl", "RDF"),
    ("wheel.svg", "SVG"),
)
RESULT_COLUMNS = (
    Column("point", "city-point-id", files_only=True),
    Column("code", "city-code"),
    Column("name", "city-point"),
    Column("value", "city-value", number=True),
    Column("unit", "column-unit"),
    Column("target", "city-target", number=True),
    Column("share", "city-share", unit="%", digits=1),
    Column("points", "city-points", number=True),
    Column("band", "city-band"),
    Column("status", "column-status"),
    Column("origin", "city-origin"),
    Column("quality", "city-quality"),
    Column("verified", "city-verified"),
    Column("benchmark", "city-benchmark-label"),
    Column("benchmark_basis", "indicator-column-benchmark-basis"),
    Column("benchmark_source", "city-benchmark-source"),
    Column("note", "column-note"),
)
BENCHMARK_COLUMNS = (
    Column("code", "city-code"),
    Column("name", "city-point"),
    Column("target", "city-target"),
    Column("owner", "city-benchmark-label"),
    Column("basis", "indicator-column-benchmark-basis"),
    Column("source", "city-benchmark-source"),
)


@page("/cities/{place:str}/{year:str}", "The evaluation of a city's book of one year")
def city_year_page(visit: Visit, connection: sa.Connection, place: str, year: str) -> Document:
    """Wheel, sub-dimensions, every data point with its band in words, rules, and what moves up a band."""
    one = city_asked(place)
    try:
        asked = year_of(year)
    except Refusal:
        raise NotFoundError from None
    result = read_result(connection, one, asked, visit.actor, training=visit.house.training)
    title = visit.t("city-year-title", name=result.names[visit.language], year=str(asked))
    sheet = Sheet(RESULT_COLUMNS, [_result_row(visit, result, scored) for scored in result.evaluation.points],
                  visit.t("city-results"))  # fmt: skip
    steps = [_step_data(result, step) for step in steps_up(result.catalogue, result.evaluation)]
    data = {**result.as_data(), "digest": result.digest, "next_bands": steps}
    return Document("city_year.html", title, data, sheet, _context(visit, connection, one, result))


def _context(visit: Visit, connection: sa.Connection, one: City, result: CityResult) -> dict[str, Any]:
    language = visit.language
    steps = steps_up(result.catalogue, result.evaluation)
    name = result.names[language]
    own = f"/cities/{one.place}/{result.year}"
    return {
        "result": result,
        "city": one,
        "lead": lead(result, language),
        "attested": next(reversed(attestations(connection, one.place, result.year, CATALOGUE)), None),
        "benchmark_note": benchmark_note(result, language),
        "wheel": wheel(result.catalogue, result.evaluation, language, name=name, year=result.year,
                       link=lambda key: f"#{_anchor(result, key)}"),
        "bands": list(zip((band_name(band, language) for band in BANDS), TONES, strict=True)),
        "tiles": group_numbers(result, language).entries,
        "radars": [_radar(visit, result, dimension.path[0]) for dimension in result.groups("dimension")],
        "sections": list(_sections(visit, result)),
        "listed": [(status_name(status, language), [(code_text(result, each), name_text(result, each, language))
                                                    for each in result.statuses.get(status, ())])
                   for status in ("not_reported", "not_verified", "not_verifiable", "not_applicable")],
        "summary": plain_sheet(status_table(result, language), visit.t("city-summary")),
        "steps": plain_sheet(step_table(result, steps[:STEPS_SHOWN], language), visit.t("city-next-band")),
        "benchmarks": Sheet(BENCHMARK_COLUMNS, [_benchmark_row(visit, result, each)
                                                for each in result.evaluation.points], visit.t("city-benchmarks")),
        "rules": chosen_rules(result, language),
        "years": [(year, visit.href(f"/cities/{one.place}/{year}"), year == result.year)
                  for _, year, kept, _ in sorted(books(connection, one.place)) if kept == CATALOGUE],
        "papers": [(visit.href(f"{own}/files/{kind}.pdf"), visit.t(f"city-paper-{kind}-short"))
                   for kind in PAPER_KINDS],
        "more": [(visit.href(f"{own}/files/{file}"), name) for file, name in FORMS],
    }  # fmt: skip


def _radar(visit: Visit, result: CityResult, dimension: str) -> tuple[str, str]:
    """Picture and caption; what it shows stands in its own description."""
    book = {f"{result.names[visit.language]}, {result.year}": result.evaluation}
    svg, _ = category_radar(result.catalogue, book, dimension, visit.language)
    return svg, visit.t("city-radar", dimension=result.catalogue.group_name(dimension)[visit.language])


def _anchor(result: CityResult, key: str) -> str:
    """Data points and categories have rows and headings of their own; a dimension leads to its first category."""
    if result.catalogue.has(key):
        return f"point-{key}"
    path = tuple(key.split("."))
    if len(path) == 1:
        path = next((group.path for group in result.groups("category") if group.path[0] == path[0]), path)
    return f"group-{'-'.join(path)}"


def _sections(visit: Visit, result: CityResult) -> Iterator[dict[str, Any]]:
    """The data points under their categories, as the page shows them."""
    for group in result.groups("category"):
        points = result.inside(group.path)
        yield {
            "anchor": f"group-{'-'.join(group.path)}",
            "title": " · ".join(
                dict.fromkeys(result.catalogue.group_name(part)[visit.language] for part in group.path)
            ),
            "score": group_text(result, group, visit.language),
            "band": None if group.band is None else BANDS.index(group.band),
            "rows": [_shown(visit, result, one) for one in points],
        }


def _shown(visit: Visit, result: CityResult, scored: Scored) -> dict[str, Any]:
    entry = result.entries.get(scored.point)
    indicator = result.indicator(scored)
    return {
        "anchor": f"point-{scored.point}",
        "code": code_text(result, scored),
        "name": name_text(result, scored, visit.language),
        "value": value_text(result, scored, visit.language),
        "target": target_text(result, scored, visit.language),
        "share": percent(scored.share, visit.language),
        "points": scored.points,
        "band": None if scored.band is None else BANDS.index(scored.band),
        "standing": standing_text(scored, visit.language),
        "owner": _owner(visit, scored.benchmark),
        "why_none": basis_name(scored.why_none.basis, visit.language) if scored.why_none else None,
        "verified": result.verified.get(scored.point),
        "quality": visit.t(f"city-quality-{entry.quality.replace('_', '-')}") if entry and entry.quality else None,
        "note": entry.note if entry else "",
        "goals": indicator.sdg_goals,
        "training": result.training,
        "groups": group_rows(visit, result.groups_of(scored.point)),
    }


def _benchmark_row(visit: Visit, result: CityResult, scored: Scored) -> dict[str, Any]:
    """The target of a data point, whose it is and why; or why there is none."""
    benchmark = scored.benchmark
    said = benchmark or scored.why_none
    return {
        "code": code_text(result, scored),
        "name": name_text(result, scored, visit.language),
        "target": target_text(result, scored, visit.language)
        if benchmark
        else reason_name("no_benchmark", visit.language),
        "owner": _owner(visit, benchmark),
        "basis": basis_name(said.basis, visit.language) if said else None,
        "source": said.source.removesuffix(RECALLED) or None if said else None,
    }


def _owner(visit: Visit, benchmark: Benchmark | None) -> str | None:
    """Whose a target is, and that it stands from memory where it does."""
    if benchmark is None:
        return None
    owner = label_name(benchmark.label, visit.language)
    return f"{owner} ({visit.t('city-benchmark-recalled')})" if benchmark.recalled else owner


def _result_row(visit: Visit, result: CityResult, scored: Scored) -> dict[str, Any]:
    """A data point for spreadsheets: plain numbers."""
    entry, benchmark = result.entries.get(scored.point), scored.benchmark
    said = benchmark or scored.why_none
    point = result.catalogue.point(scored.point)
    return {
        "point": scored.point,
        "code": code_text(result, scored),
        "name": name_text(result, scored, visit.language),
        "value": scored.value,
        "unit": entry.unit if entry and entry.unit else point.unit,
        "target": scored.target,
        "share": None if scored.share is None else scored.share * 100,
        "points": scored.points,
        "band": scored.band or scored.reason,
        "status": scored.answer.status,
        "origin": entry.origin if entry else None,
        "quality": entry.quality if entry else None,
        "verified": {True: "yes", False: "no", None: None}[result.verified.get(scored.point)],
        "benchmark": benchmark.label if benchmark else None,
        "benchmark_basis": said.basis or None if said else None,
        "benchmark_source": said.source or None if said else None,
        "note": entry.note if entry else None,
    }


def plain_sheet(table: Table, caption: str) -> Sheet:
    """A table of a paper as one of a page: its cells are written already."""
    columns = tuple(_Written(str(number), words, number in table.numeric) for number, words in enumerate(table.head))
    return Sheet(columns, [{str(n): cell for n, cell in enumerate(row)} for row in table.rows], caption)


class _Written(Column):
    """A column whose heading is written already."""

    def __init__(self, key: str, words: str, right: bool) -> None:
        super().__init__(key, words, number=right)

    def label(self, language: Any) -> str:
        return self.heading


def _step_data(result: CityResult, step: Step) -> dict[str, Any]:
    """A step for programs: numbers as decimal texts, what it adds to its category as a share."""
    return {
        "point": step.point, "now": step.now, "band": step.band, "value": str(step.value),
        "numerator": None if step.numerator is None else str(step.numerator), "change": str(step.change),
        "effort": step.effort, "gain": str(step_gain(result, step)),
    }  # fmt: skip
