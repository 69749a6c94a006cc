"""The material passport of a building as a paper to print and keep: materials, how well each is known, what to mind."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from jasyl.papers.paper import Block, Heading, Paper, Table, Text
from jasyl.quantities import unit
from jasyl.texts import Language, say, write_number

from .pictures import material_name

_TONNE = 1000
_FACTS = ("register", "address", "district", "type", "source")


def passport_paper(
    passport: dict[str, Any], language: Language, *, day: dt.date, watermark: str | None = None
) -> Paper:
    """``passport`` as `material_passport` gives it; its digest stands at the foot of each page."""
    tonnes = {name: write_number(language, passport[f"{name}_kg"] / _TONNE) for name in ("total", "measured")}
    area = write_number(language, float(passport["floor_area_m2"]))
    said = {"title": passport["title"], "built": str(passport["built"])}
    return Paper(
        title=say(language, "circular-passport-title", title=passport["title"]),
        subtitle=say(language, "circular-passport-head", **said, **tonnes, area=area),
        lead=say(language, "circular-passport-lead"),
        language=language,
        day=day,
        digest=passport["sha256"],
        watermark=watermark,
        blocks=tuple(_blocks(passport, language)),
    )


def _blocks(passport: dict[str, Any], language: Language) -> Iterator[Block]:
    facts = [(say(language, f"circular-table-{name}"), str(passport[name])) for name in _FACTS if passport[name]]
    if facts:
        yield Table("", ("", ""), tuple(facts), widths=(1, 3))
    yield Heading(say(language, "circular-passport-materials"))
    heads = ("material", "mass", "stock-sd", "kind", "source")
    words = [say(language, "column-kind" if one == "kind" else f"circular-column-{one}") for one in heads]
    tonnes = unit("t").written(language)
    words[1], words[2] = f"{words[1]}, {tonnes}", f"{words[2]}, {tonnes}"
    words.insert(3, say(language, "circular-table-recoverable"))
    rows = tuple(tuple(_cells(one, language)) for one in passport["materials"])
    yield Table("", tuple(words), rows, numeric=(1, 2, 3), widths=(3, 2, 2, 2, 2, 4))
    for name in ("hazards", "reusable"):
        if passport[name]:
            yield Heading(say(language, f"circular-table-{name}"))
            yield Text("; ".join(passport[name]))


def _cells(one: dict[str, Any], language: Language) -> Iterator[str]:
    yield material_name(one["material"], language)
    yield write_number(language, one["kg"] / _TONNE)
    yield "—" if one["sd_kg"] is None else f"± {write_number(language, one['sd_kg'] / _TONNE)}"
    yield "—" if one["recoverable"] is None else f"{write_number(language, 100 * float(one['recoverable']))} %"
    yield say(language, f"kind-{one['kind']}")
    yield one["source"] or "—"
