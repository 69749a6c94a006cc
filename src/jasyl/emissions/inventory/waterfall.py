"""The way from BASIC over BASIC+ to the territorial total as a picture, and the same in words."""

from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Literal

from jasyl.texts import Language, say, write_number

from .totals import Result

_COLOURS = {"total": "#0d6a3d", "more": "#b8860b", "less": "#3f7fb5"}
_FRAME = 640, 250


@dataclass(frozen=True)
class WaterfallStep:
    """A column: a total that stands on the ground, or what is added to (``more``) or taken from (``less``) the one
    before; kg CO2e."""

    key: str
    value: Decimal
    kind: Literal["total", "more", "less"]


def waterfall_steps(result: Result) -> tuple[WaterfallStep, ...]:
    """The columns from left to right. Totals are those of :mod:`.totals`, not sums of the steps; a test compares."""
    groups = {"scope3": Decimal(), "processes": Decimal(), "land": Decimal(), "outside": Decimal(),
              "supplied": Decimal(), "foreign": Decimal()}  # fmt: skip
    for one in result.cells:
        if one.co2e is None:
            continue
        here = one.cell
        if here.basic_plus and not here.basic:
            groups[{"IV": "processes", "V": "land"}.get(here.sector, "scope3")] += one.co2e
        if here.basic_plus and not here.territorial:
            groups["outside"] -= one.co2e
        if here.territorial and not here.basic_plus:
            groups["supplied" if here.ref == "I.4.4" else "foreign"] += one.co2e
    steps = [WaterfallStep("basic", result.totals["basic"].co2e, "total")]
    steps += [_step(key, groups[key]) for key in ("scope3", "processes", "land")]
    steps.append(WaterfallStep("basic_plus", result.totals["basic_plus"].co2e, "total"))
    steps += [_step(key, groups[key]) for key in ("outside", "supplied", "foreign")]
    return (*steps, WaterfallStep("territorial", result.totals["territorial"].co2e, "total"))


def _step(key: str, value: Decimal) -> WaterfallStep:
    return WaterfallStep(key, value, "more" if value >= 0 else "less")


def waterfall_words(result: Result, language: Language) -> str:
    """What the picture shows, as a sentence."""
    steps = {one.key: one.value for one in waterfall_steps(result)}
    thousand = {key: write_number(language, value / 10**6, 1) for key, value in steps.items()}
    added = sum((steps[key] for key in ("scope3", "processes", "land")), Decimal())
    inside = steps["supplied"] + steps["foreign"]
    return say(
        language, "inventory-waterfall-text", basic=thousand["basic"], plus=thousand["basic_plus"],
        added=write_number(language, added / 10**6, 1), outside=thousand["outside"],
        inside=write_number(language, inside / 10**6, 1), territorial=thousand["territorial"],
    )  # fmt: skip


def step_name(key: str, language: Language) -> str:
    """``losses, trips`` of ``scope3``."""
    return say(language, f"inventory-step-{key.replace('_', '-')}")


def waterfall_svg(result: Result, language: Language) -> str:
    """The picture: SVG text, readable on light and dark ground, every column with its number and name."""
    steps = waterfall_steps(result)
    width, height = _FRAME
    ends = _ends(steps)
    top, bottom = max(high for _, high in ends), min(0.0, *(low for low, _ in ends))
    span = (top - bottom) or 1.0
    head, foot, left = 20, 46, 6
    wide = (width - 2 * left) / len(steps)

    def y(value: float) -> float:
        return head + (top - value) / span * (height - head - foot)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="Inter, system-ui, sans-serif" font-size="10">'
    ]
    for number, (one, (low, high)) in enumerate(zip(steps, ends, strict=True)):
        x, tall = left + wide * number, max(y(low) - y(high), 1.0)
        middle = x + wide / 2
        written = escape(write_number(language, one.value / 10**6, _digits(top)))
        sign = "+" if one.kind == "more" and one.value else ""
        parts.append(
            f'<rect x="{x + wide * 0.14:.1f}" y="{y(high):.1f}" width="{wide * 0.72:.1f}" height="{tall:.1f}" '
            f'fill="{_COLOURS[one.kind]}"/><text x="{middle:.1f}" y="{y(high) - 4:.1f}" text-anchor="middle" '
            f'fill="currentColor">{sign}{written}</text>'
        )
        parts += _name(step_name(one.key, language), middle, height - foot + 13)
    ground = y(0.0)
    parts.append(f'<line x1="0" x2="{width}" y1="{ground:.1f}" y2="{ground:.1f}" stroke="currentColor"/></svg>')
    return "".join(parts)


def _ends(steps: tuple[WaterfallStep, ...]) -> list[tuple[float, float]]:
    """Lower and upper end of each column, million kg."""
    found: list[tuple[float, float]] = []
    now = 0.0
    for one in steps:
        value = float(one.value) / 10**6
        before, now = (0.0, value) if one.kind == "total" else (now, now + value)
        found.append((min(before, now), max(before, now)))
    return found


def _name(said: str, middle: float, y: float) -> list[str]:
    """A name in lines of a few letters, as narrow columns need."""
    lines: list[str] = []
    for word in said.split():
        if lines and len(lines[-1]) + len(word) < 11:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return [
        f'<text x="{middle:.1f}" y="{y + 11 * number:.1f}" text-anchor="middle" fill="currentColor" '
        f'font-size="9">{escape(line)}</text>'
        for number, line in enumerate(lines[:3])
    ]


def _digits(top: float) -> int:
    return 0 if top >= 100 else 1 if top >= 10 else 2
