"""An inventory as a paper: totals apart, matrix, waterfall, uncertainty, choices, assumptions, sources."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal

from jasyl.papers.paper import Block, Chart, Charts, Heading, Items, KeyNumber, Numbers, Paper, Table, Text
from jasyl.texts import Language, write_number

from .paper_evidence import assumed, marks, sources
from .sensitivity import alternatives
from .structure import SECTORS, TOTALS, Total, sector_name
from .told import Told
from .totals import CellValue, Result
from .uncertainty import Spread, spreads
from .waterfall import waterfall_svg, waterfall_words
from .years import across_years, base_year, compared, trend

_DEEP = 8  # rows of what the error comes from
_FORMULAS = frozenset({"CO2", "CH4", "N2O", "CO2e", "SF6", "NF3", "CF4", "C2F6", "C3F8", "cC4F8"})
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def inventory_paper(
    result: Result,
    place: str,
    language: Language,
    *,
    day: dt.date,
    others: Sequence[Result] = (),
    watermark: str | None = None,
) -> Paper:
    """The report; ``others`` are further years of the place, shown as a series where their sets agree."""
    told = Told(result, language, place)
    book = result.inventory
    return Paper(
        title=told.say("inventory-title", place=place, year=str(book.year)),
        subtitle=f"{told.text(book.boundary)}. {told.say('inventory-set')}: {book.gwp_set}",
        lead=told.say("inventory-lead"),
        language=language,
        day=day,
        digest=book.digest,
        watermark=watermark,
        blocks=tuple(inventory_blocks(told, others)),
    )


def inventory_blocks(told: Told, others: Sequence[Result] = ()) -> Iterator[Block]:
    """Everything that page and paper say, in the order of reading."""
    found = spreads(told.result)
    yield _key_numbers(told, found)
    if told.result.inventory.note:
        yield Text(told.text(told.result.inventory.note), soft=True)
    caption = told.say("inventory-waterfall")
    words = waterfall_words(told.result, told.language)
    unit = told.say("inventory-thousand-t")
    yield Charts((Chart(waterfall_svg(told.result, told.language), f"{caption}, {unit}", words),), columns=1)
    yield Text(words)
    yield from _matrix(told)
    yield from _sums(told)
    yield from _cogeneration(told)
    yield from _shared(told)
    yield from _errors(told, found)
    yield from _choices(told)
    yield from _years(told, others)
    yield from _base_year(told, others)
    yield from _compared(told)
    yield from assumed(told)
    yield from marks(told)
    yield from sources(told)


def _key_numbers(told: Told, found: dict[Total, Spread]) -> Block:
    entries: list[KeyNumber] = []
    mark = "plain" if told.result.inventory.training else "modelled"
    said = told.say("kind-training" if told.result.inventory.training else "kind-modelled")
    for total in TOTALS:
        one, spread = told.result.totals[total], found[total]
        half = "—" if spread.half is None else write_number(told.language, spread.half, 1)
        note = told.say("inventory-spread", low=told.thousand(spread.low), high=told.thousand(spread.high), half=half)
        lacking = (
            told.say("inventory-whole") if one.complete else told.say("inventory-lower-bound", count=len(one.missing))
        )
        what = told.say(f"inventory-{total.replace('_', '-')}-text")
        text = f"{what} · {note} · {lacking}"
        entries.append(
            KeyNumber(told.total(total), told.thousand(one.co2e), told.say("inventory-thousand-t"), mark, said, text)
        )
    head = told.result.per_head("basic")
    label = f"{told.total('basic')}, {told.say('inventory-per-head')}"
    value = "—" if head is None else write_number(told.language, head / 1000, 2)
    return Numbers((*entries, KeyNumber(label, value, "", mark, said)))


def _matrix(told: Told) -> Iterator[Block]:
    yield Heading(told.say("inventory-matrix"))
    yield Text(told.say("inventory-matrix-text"), soft=True)
    fields = ("ref", "subsector", "scope", "totals")
    head = (*(told.say(f"inventory-field-{name}") for name in fields), told.say("inventory-field-co2e"),
            told.say("inventory-column-grades"), told.say("inventory-column-explained"))  # fmt: skip
    rows = tuple(_matrix_row(told, one) for one in told.result.cells if one.co2e is not None or one.key)
    yield Table("", head, rows, numeric=(4,), widths=(6, 17, 6, 17, 10, 6, 18))


def _matrix_row(told: Told, one: CellValue) -> tuple[str, ...]:
    part = ", ".join(told.total(total) for total in TOTALS if one.cell.part_of(total))
    written = one.key or told.tonnes(one.co2e)
    grades = f"{one.quality} / {one.factor_quality}" if one.quality else ""
    explained = f"→ {one.statement.target}" if one.statement and one.statement.target else ""
    if one.statement and one.statement.reason:
        explained = told.text(one.statement.reason)
    names = {each.id: told.text(each.name) for each in told.result.inventory.activities}
    if one.activities:
        explained = "; ".join(names[each] for each in one.activities)
    return one.cell.ref, one.cell.name(told.language), str(one.cell.scope), part, written, grades, explained


def _sums(told: Told) -> Iterator[Block]:
    unit = told.say("inventory-thousand-t")
    totals = told.result.totals
    head = ("", *(told.total(total) for total in TOTALS))
    used = [sector for sector in SECTORS if any(totals[total].sectors.get(sector) for total in TOTALS)]
    rows = [
        (sector_name(sector, told.language),
         *(told.thousand(totals[total].sectors.get(sector)) for total in TOTALS))
        for sector in used
    ]  # fmt: skip
    rows.append((told.say("inventory-total"), *(told.thousand(totals[total].co2e) for total in TOTALS)))
    yield Heading(told.say("inventory-sectors"))
    yield Table(unit, head, tuple(rows), numeric=(1, 2, 3), widths=(40, 20, 20, 20))
    species = dict.fromkeys(one for total in TOTALS for one in totals[total].masses)
    gases = tuple(
        (_gas(told, one), *(told.tonnes(totals[total].masses.get(one)) for total in TOTALS)) for one in species
    )  # fmt: skip
    caption = f"{told.say('inventory-gases')}. {told.say('inventory-column-mass')}"
    yield Table(caption, head, gases, numeric=(1, 2, 3), widths=(40, 20, 20, 20))
    yield Text(told.say("inventory-biogenic-apart", mass=told.tonnes(told.result.biogenic)), soft=True)
    scopes = tuple((scope, told.thousand(kg)) for scope, kg in told.result.scopes.items())
    yield Table(
        f"{told.say('inventory-scopes')}, {unit}", (told.say("inventory-field-scope"), unit), scopes, numeric=(1,),
        widths=(60, 40),
    )  # fmt: skip
    yield Text(told.say("inventory-scopes-text"), soft=True)


def _gas(told: Told, species: str) -> str:
    """A gas as people write it."""
    if species == "CH4_fossil":
        return told.say("inventory-gas-ch4-fossil")
    return species.translate(_LOWERED) if species in _FORMULAS else species


def _cogeneration(told: Told) -> Iterator[Block]:
    found = told.result.cogeneration
    yield Heading(told.say("inventory-cogeneration"))
    supplied, bought = told.thousand(found.supplied), told.thousand(found.bought)
    if found.state == "recorded":
        yield Text(told.say(
            "inventory-cogeneration-recorded", supplied=supplied, bought=bought, inside=told.tonnes(found.in_basic),
            method=told.sharing(found.method) if found.method else "—", reason=told.text(found.reason or "—"),
        ))  # fmt: skip
    elif found.state == "none":
        yield Text(told.say("inventory-cogeneration-none"))
    else:
        yield Text(told.say("inventory-cogeneration-one-side", supplied=supplied, bought=bought))


def _shared(told: Told) -> Iterator[Block]:
    """What the other ways of sharing would give."""
    found = told.result.cogeneration
    rows = tuple(
        (told.sharing(one.method), *(write_number(told.language, part * 100, 1) for part in (one.heat, one.power)),
         told.thousand(float(found.supplied) * one.heat), told.thousand(float(found.supplied) * one.power),
         told.say("inventory-chosen") if one.method == found.method else "")
        for one in found.shares
    )  # fmt: skip
    if rows:
        names = ("chp-method", "chp-heat", "chp-power", "chp-heat-mass", "chp-power-mass")
        head = (*(told.say(f"inventory-{name}") for name in names), "")
        yield Table("", head, rows, numeric=(1, 2, 3, 4), widths=(24, 13, 17, 17, 17, 12))


def _errors(told: Told, found: dict[Total, Spread]) -> Iterator[Block]:
    yield Heading(told.say("inventory-errors"))
    for total in ("basic", "territorial"):
        rows = tuple(
            (
                told.variable(one.variable),
                write_number(told.language, one.share * 100, 1),
                write_number(told.language, one.half, 1),
            )
            for one in found[total].shares[:_DEEP]
        )
        head = ("", f"{told.say('inventory-share')}, %", told.say("inventory-half"))
        yield Table(told.total(total), head, rows, numeric=(1, 2), widths=(60, 20, 20))


def _choices(told: Told) -> Iterator[Block]:
    rows = tuple(
        (
            told.say(f"inventory-choice-{one.choice.replace('_', '-')}"), told.factor(one.factor),
            f"{write_number(told.language, one.value, None)} {one.unit}",
            *(told.thousand(one.totals[total]) for total in TOTALS),
            told.say("inventory-chosen") if one.chosen else "",
        )
        for one in alternatives(told.result)
    )  # fmt: skip
    if not rows:
        return
    yield Heading(told.say("inventory-sensitivity"))
    yield Text(told.say("inventory-sensitivity-text"), soft=True)
    head = (told.say("inventory-column-choice"), told.say("inventory-column-factor"), told.say("inventory-field-value"),
            *(told.total(total) for total in TOTALS), "")  # fmt: skip
    yield Table("", head, rows, numeric=(3, 4, 5), widths=(16, 34, 14, 10, 10, 12, 9))


def _years(told: Told, others: Sequence[Result]) -> Iterator[Block]:
    years = [*others, told.result]
    same = {(one.inventory.gwp_set, one.inventory.methane) for one in years}
    if len(years) < 2 or len(same) > 1:
        return
    series = {total: trend(years, total) for total in TOTALS}
    rows = tuple(
        (str(year), *(
            f"{told.thousand(series[total][at][1])}{_changed(told, series[total][at][2])}" for total in TOTALS
        ))
        for at, (year, _, _) in enumerate(series["basic"])
    )  # fmt: skip
    yield Heading(told.say("inventory-trend"))
    head = (told.say("inventory-field-year"), *(told.total(total) for total in TOTALS))
    yield Table(told.say("inventory-thousand-t"), head, rows, numeric=(1, 2, 3), widths=(16, 28, 28, 28))


def _base_year(told: Told, others: Sequence[Result]) -> Iterator[Block]:
    """What the policy of recalculation says of the base year, and what only the series shows."""
    book = told.result.inventory
    base = next((one for one in others if book.policy and one.inventory.year == book.policy.base_year), None)
    if book.policy is not None and base is not None:
        found = base_year(base, base, book, book.policy.threshold)
        names = {"allocation": "allocation-method"}
        fields = [told.say(f"inventory-field-{names.get(one, one).replace('_', '-')}") for one in found.changes]
        percent = write_number(told.language, book.policy.threshold * 100)
        said = "inventory-base-due" if found.due else "inventory-base-holds"
        yield Text(told.say(said, year=str(found.year), threshold=percent, changes=", ".join(fields) or "—"))
    marks = [one.text(told.language) for one in across_years([*(one.inventory for one in others), book])]
    if marks:
        yield Items(tuple(marks))


def _changed(told: Told, share: Decimal | None) -> str:
    if not share:
        return ""
    return f" ({'+' if share > 0 else '−'}{write_number(told.language, abs(share) * 100, 1)} %)"


def _compared(told: Told) -> Iterator[Block]:
    inside = {True: "inventory-inside-yes", False: "inventory-inside-no", None: "inventory-inside-unknown"}
    rows = tuple(
        (
            told.text(one.name), told.total(one.of) if one.of in TOTALS else one.of, str(one.year),
            told.thousand(one.theirs), told.thousand(one.ours),
            "—" if one.ratio is None else write_number(told.language, one.ratio, 2),
            told.say(inside[one.inside]), told.text(one.source),
        )
        for one in compared(told.result)
    )  # fmt: skip
    if rows:
        yield Heading(told.say("inventory-compared"))
        names = ("field-name", "field-of", "field-year", "theirs", "ours", "ratio", "column-explained", "field-source")
        head = tuple(told.say(f"inventory-{name}") for name in names)
        yield Table(told.say("inventory-thousand-t"), head, rows, numeric=(3, 4, 5))
