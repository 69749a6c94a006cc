"""A pathway as a paper: scenarios as wedges and tables, targets, measures with their order, sources."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jasyl.papers.paper import Block, Chart, Charts, Heading, Paper, Table, Text
from jasyl.quantities import decimal_text
from jasyl.texts import Language, say, write_number

from .document import Measure, Pathway
from .scenario import Course, courses, reached, standing
from .wedges import wedges_svg

_EVERY = 5  # years between the rows of a scenario's table


@dataclass(frozen=True)
class _Told:
    plan: Pathway
    language: Language

    def say(self, message: str, **arguments: str | int) -> str:
        return say(self.language, f"pathway-{message}", **arguments)

    def text(self, said: str) -> str:
        """A text of the plan in this language."""
        return self.plan.told(said, self.language)

    def thousand(self, kg: Decimal) -> str:
        return write_number(self.language, kg / 10**6, 1)


def pathway_paper(
    plan: Pathway, place: str, language: Language, *, day: dt.date, watermark: str | None = None
) -> Paper:
    """The report. Raises the first Refusal of :func:`.scenario.examine`."""
    told = _Told(plan, language)
    total = say(language, f"inventory-total-{plan.total.replace('_', '-')}")
    return Paper(
        title=told.say("title", place=place, year=str(plan.until)),
        subtitle=told.say("subtitle", total=total, year=str(plan.base_year), value=told.thousand(plan.base)),
        lead=told.say("lead"),
        language=language,
        day=day,
        digest=plan.digest,
        watermark=watermark,
        blocks=tuple(_blocks(told)),
    )


def pathway_data(plan: Pathway) -> dict[str, Any]:
    """Everything as JSON; kg CO2e as decimal texts."""
    found = courses(plan)
    return {
        "place": plan.place, "base_year": plan.base_year, "until": plan.until, "total": plan.total, "unit": "kg",
        "digest": plan.digest, "training": plan.training, "document": plan.as_data(),
        "scenarios": [_course_data(plan, one) for one in found],
    }  # fmt: skip


def yearly_rows(plan: Pathway) -> list[dict[str, Any]]:
    """One row for each scenario, year and measure (None: what is left), in t: for spreadsheets."""
    rows: list[dict[str, Any]] = []
    for course in courses(plan):
        for at, year in enumerate(course.years):
            base = {"scenario": course.scenario.id, "year": year}
            left = {
                "value": course.left[at],
                "baseline": course.baseline[at],
                "low": course.low[at],
                "high": course.high[at],
            }
            rows.append(base | {"measure": None} | {name: kg / 1000 for name, kg in left.items()})
            rows += [
                base | {"measure": name, "value": values[at] / 1000, "baseline": None, "low": None, "high": None}
                for name, values in course.abated.items()
            ]
    return rows


def _course_data(plan: Pathway, course: Course) -> dict[str, Any]:
    def texts(values: tuple[Decimal, ...]) -> list[str]:
        return [decimal_text(value) for value in values]

    return {
        "id": course.scenario.id, "name": course.scenario.name, "order": list(course.scenario.measures),
        "years": list(course.years), "baseline": texts(course.baseline), "left": texts(course.left),
        "low": texts(course.low), "high": texts(course.high), "capped": list(course.capped),
        "abated": {name: texts(values) for name, values in course.abated.items()},
        "measures": [
            {"id": one.measure.id, "placed": decimal_text(one.placed), "alone": decimal_text(one.alone),
             "last": decimal_text(one.last), "cumulated": decimal_text(one.cumulated)}
            for one in standing(plan, course)
        ],
        "targets": [
            {"name": one.target.name, "year": one.target.year, "allowed": decimal_text(one.allowed),
             "left": decimal_text(one.left), "gap": decimal_text(one.gap), "met": one.year}
            for one in reached(plan, course)
        ],
    }  # fmt: skip


def _blocks(told: _Told) -> Iterator[Block]:
    if told.plan.note:
        yield Text(told.text(told.plan.note), soft=True)
    unit = say(told.language, "inventory-thousand-t")
    for course in courses(told.plan):
        name = told.text(course.scenario.name)
        yield Heading(name)
        if course.scenario.measures:
            words = told.say(
                "words", name=name, first=str(course.years[0]), start=told.thousand(course.left[0]),
                last=str(course.years[-1]), end=told.thousand(course.left[-1]),
                baseline=told.thousand(course.baseline[-1]), count=len(course.scenario.measures),
            )  # fmt: skip
            svg = wedges_svg(told.plan, course, told.language, told.say("left"))
            yield Charts((Chart(svg, f"{name}, {unit}", words),), columns=1)
            yield Text(words)
        yield from _tables(told, course, unit)
    yield from _sources(told)


def _tables(told: _Told, course: Course, unit: str) -> Iterator[Block]:
    chosen = [at for at, year in enumerate(course.years) if year % _EVERY == 0 or at in {0, len(course.years) - 1}]
    rows = tuple(
        (str(course.years[at]), told.thousand(course.baseline[at]), told.thousand(course.left[at]),
         f"{told.thousand(course.low[at])} … {told.thousand(course.high[at])}")
        for at in chosen
    )  # fmt: skip
    head = (say(told.language, "inventory-field-year"), *(told.say(one) for one in ("baseline", "left", "range")))
    yield Table(unit, head, rows, numeric=(1, 2, 3), widths=(16, 26, 26, 32))
    if course.scenario.measures:
        yield Text(told.say("order-text"), soft=True)
        rows = tuple(
            (str(number), told.text(one.measure.name), _taken(told, one.measure),
             f"{one.measure.start}–{one.measure.full}",
             told.thousand(one.placed), told.thousand(one.alone), told.thousand(one.last), told.thousand(one.cumulated))
            for number, one in enumerate(standing(told.plan, course), 1)
        )  # fmt: skip
        names = ("order", "measure", "taken", "years", "placed", "alone", "last", "cumulated")
        head = tuple(told.say(one) for one in names)
        caption = f"{course.years[-1]}, {unit}"
        yield Table(caption, head, rows, numeric=(4, 5, 6, 7), widths=(5, 26, 16, 13, 10, 10, 10, 13))
    targets = tuple(
        (told.text(one.target.name), str(one.target.year), told.thousand(one.allowed), told.thousand(one.left),
         told.thousand(one.gap) if one.gap > 0 else told.say("met"), str(one.year or "—"))
        for one in reached(told.plan, course)
    )  # fmt: skip
    if targets:
        head = tuple(told.say(one) for one in ("target", "year", "allowed", "left", "gap", "met-year"))
        yield Table(unit, head, targets, numeric=(2, 3, 4), widths=(30, 10, 15, 15, 18, 12))


def _taken(told: _Told, one: Measure) -> str:
    """``30 % (20 … 38)`` or an amount."""
    if one.share is None:
        return f"{told.thousand(one.amount or Decimal())} {say(told.language, 'inventory-thousand-t')}"
    percent = write_number(told.language, one.share * 100)
    if one.low is None or one.high is None:
        return f"{percent} %"
    low, high = (write_number(told.language, end * 100) for end in (one.low, one.high))
    return f"{percent} % ({low} … {high})"


def _sources(told: _Told) -> Iterator[Block]:
    yield Heading(told.say("sources"))
    growth = tuple(
        (told.text(one.name), ", ".join(one.refs), told.thousand(one.base),
         f"{write_number(told.language, one.growth * 100)} %",
         told.say("assumed") if one.assumed else "", told.text(one.source))
        for one in told.plan.segments
    )  # fmt: skip
    head = tuple(told.say(one) for one in ("segment", "cells", "base", "growth", "kind", "source"))
    yield Table("", head, growth, numeric=(2, 3), widths=(22, 26, 12, 10, 12, 18))
    rows = tuple(
        (told.text(one.name), ", ".join((*one.facilities, *one.projects)) or "—",
         told.say("assumed") if one.assumed else "",
         ". ".join(told.text(said) for said in (one.source, one.note) if said))
        for one in told.plan.measures
    )  # fmt: skip
    head = tuple(told.say(one) for one in ("measure", "carried", "kind", "source"))
    yield Table("", head, rows, widths=(32, 28, 14, 26))
    yield Text(told.say("inventory", digest=told.plan.inventory or "—"), soft=True)
