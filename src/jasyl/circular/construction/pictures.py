"""The construction chain for the eye and for spreadsheets."""

import numpy as np

from jasyl.papers import Column
from jasyl.papers.chart import Chart, Curve, line_chart
from jasyl.quantities import unit
from jasyl.texts import Language, everywhere, say

from ..account import name_of
from .chain import FATES
from .run import ORIGINS, ChainRun

MATERIALS = (
    "concrete", "brick", "steel", "wood", "glass", "gypsum", "insulation", "plastics", "asphalt", "soil", "other",
    "mineral",
)  # fmt: skip
_KILOTONNE = 1e6
_AMOUNTS = ("stock", "stock_sd", "inflow", "waste", "waste_sd", *ORIGINS, *FATES)


def material_name(material: str, language: Language) -> str:
    """A material in the reader's language; one of the user's own as it is written."""
    return say(language, f"circular-material-{material}") if material in MATERIALS else material


def chain_columns() -> tuple[Column, ...]:
    """The columns of `ChainRun.rows`; masses are written in tonnes."""
    masses = [Column(name, everywhere(_message(name)), "decimal", "t") for name in _AMOUNTS]
    year = Column("year", everywhere("circular-column-year"), "integer")
    material = Column("material", everywhere("circular-column-material"))
    return (year, material, *masses, Column("kind", everywhere("circular-column-kind")))


def chain_stock_chart(run: ChainRun, language: Language) -> str:
    """Materials in use, kt, one line each with a band of two standard deviations."""
    years = run.chain.years
    curves = [
        Curve(
            material_name(one, language), years, list(run.stock[one] / _KILOTONNE),
            low=list(np.maximum(run.stock[one] - 2 * run.stock_sd[one], 0) / _KILOTONNE),
            high=list((run.stock[one] + 2 * run.stock_sd[one]) / _KILOTONNE),
        )
        for one in run.materials
    ]  # fmt: skip
    return _chart(run, curves, "circular-chain-stock", unit("kt").written(language), language)


def chain_fate_chart(run: ChainRun, language: Language) -> str:
    """Construction and demolition waste by fate, kt a year, stacked; what is unknown is a layer of its own."""
    curves: list[Curve] = []
    for fate in FATES:
        mass = np.sum([np.zeros(len(run.chain.years)), *(run.fate(one, fate) for one in run.materials)], axis=0)
        if mass.any():
            curves.append(
                Curve(say(language, f"circular-fate-{fate}"), run.chain.years, list(mass / _KILOTONNE), "area")
            )
    return _chart(run, curves, "circular-chain-fate", say(language, "circular-unit-kilotonnes-year"), language)


def _message(name: str) -> str:
    if name in FATES:
        return f"circular-fate-{name}"
    return f"circular-origin-{name}" if name in ORIGINS else f"circular-column-{name.replace('_', '-')}"


def _chart(run: ChainRun, curves: list[Curve], message: str, shown: str, language: Language) -> str:
    chart = Chart(
        f"{name_of(run.chain.title, language)}: {say(language, message)}",
        say(language, f"{message}-text"),
        shown,
        curves,
    )
    return line_chart(chart, language)
