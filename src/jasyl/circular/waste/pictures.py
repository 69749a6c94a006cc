"""Waste programmes for the eye and for spreadsheets: ends of waste, shares, gases, targets with the marks of breaks."""

from collections.abc import Sequence

from jasyl.papers import Column
from jasyl.papers.chart import Break, Chart, Curve, line_chart
from jasyl.texts import Language, everywhere, say, write_number

from ..account import name_of
from .comparison import Comparison
from .effects import SOURCES, WasteEffects
from .programme import WasteProgramme
from .run import DEFINITIONS, ENDS, WasteRun
from .series import SeriesPoint, series_breaks

_TONNE = 1e3
_KILOTONNE = 1e6
_MONEY = ("operation", "revenue", "investment", "jobs")
_RATES = ("official_undefined", "sorted_and_recycled", "sorted", "handed_over", "recycled", "secondary_material")
_MASSES = ("generated", "imported", "exported", *DEFINITIONS, *(one for one in ENDS if one not in DEFINITIONS))


def comparison_columns() -> tuple[Column, ...]:
    """The columns of `Comparison.rows`; masses and emissions are written in tonnes."""
    masses = [Column(name, everywhere(flow_message(name)), "decimal", "t") for name in _MASSES]
    shares = [
        Column(f"{name}_share", everywhere(f"circular-share-{name.replace('_', '-')}"), "decimal")
        for name in DEFINITIONS
    ]
    shares.append(Column("recycled_share_sd", everywhere("circular-share-recycled-sd"), "decimal"))
    gases = [
        Column(f"{name}_co2e", everywhere(f"circular-gas-{name.replace('_', '-')}"), "decimal", "t") for name in SOURCES
    ]
    money = [
        Column(name, everywhere(f"circular-waste-{name}"), "decimal")
        for name in ("operation", "revenue", "investment", "jobs")
    ]
    return (
        Column("scenario", everywhere("circular-column-scenario")),
        Column("year", everywhere("circular-column-year"), "integer"),
        *masses, *shares, *gases, Column("co2e", everywhere("circular-gas-all"), "decimal", "t"), *money,
        Column("kind", everywhere("circular-column-kind")),
    )  # fmt: skip


def flow_message(flow: str) -> str:
    """The catalogue message that names a flow of waste."""
    return f"circular-waste-{flow.replace('_', '-')}"


def _share(definition: str) -> str:
    return f"circular-share-{definition.replace('_', '-')}"


def scenario_name(programme: WasteProgramme, scenario: str, language: Language) -> str:
    """What a scenario is called; the programme as it stands for the empty one."""
    found = next((one for one in programme.scenarios if one.id == scenario), None)
    return (name_of(found.title, language) or found.id) if found else say(language, "circular-scenario-base")


def finding_lines(run: WasteRun, language: Language) -> list[str]:
    """What a reader of a programme must know, each in a sentence with tonnes."""
    return [
        say(
            language, f"circular-waste-finding-{one.code}", facility=one.facility, year=str(one.year),
            received=write_number(language, one.received / _TONNE),
            expected=write_number(language, one.expected / _TONNE),
        )
        for one in run.findings
    ]  # fmt: skip


def ends_chart(outcome: WasteEffects, language: Language) -> str:
    """Where the waste of an outcome ends, kt a year, stacked."""
    run = outcome.run
    sums = [(name, run.total(name)) for name in (*ENDS, "exported")]
    curves = [
        Curve(say(language, flow_message(name)), run.programme.years, list(mass / _KILOTONNE), "area")
        for name, mass in sums
        if mass.any()
    ]
    title = f"{name_of(run.programme.title, language)}: {scenario_name(run.programme, run.scenario, language)}"
    return line_chart(
        Chart(title, say(language, "circular-waste-ends-text"), say(language, "circular-unit-kilotonnes-year"), curves),
        language,
    )


def shares_chart(outcome: WasteEffects, language: Language) -> str:
    """Sorted, handed over, recycled, landfilled: shares of what is generated, and the targets as marks."""
    run = outcome.run
    years = run.programme.years
    curves = [
        Curve(
            say(language, f"circular-share-{name.replace('_', '-')}"), years, [100 * value for value in run.share(name)]
        )
        for name in ("sorted", "handed_over", "landfilled")
    ]
    known, most = ([100 * value for value in share("recycled")] for share in (run.share, run.share_at_most))
    curves.append(Curve(say(language, _share("recycled")), years, known, low=known, high=most))
    targets = [one for one in run.programme.targets if one.year in years]
    if targets:
        marks = Curve(
            say(language, "circular-target"), [one.year for one in targets], [one.value for one in targets], "dots"
        )
        curves.append(marks)
    title = f"{name_of(run.programme.title, language)}: {scenario_name(run.programme, run.scenario, language)}"
    return line_chart(Chart(title, say(language, "circular-waste-shares-text"), "%", curves), language)


def gases_chart(comparison: Comparison, language: Language) -> str:
    """Emissions of every scenario, kt of CO2 equivalent a year."""
    programme = comparison.programme
    curves = [
        Curve(
            scenario_name(programme, one.run.scenario, language), programme.years, list(one.total / _KILOTONNE),
            dashed=bool(one.run.scenario),
        )
        for one in comparison.outcomes
    ]  # fmt: skip
    return line_chart(
        Chart(
            name_of(programme.title, language),
            say(language, "circular-waste-gases-text"),
            say(language, "circular-unit-kilotonnes-co2e-year"),
            curves,
        ),
        language,
    )


def target_chart(points: Sequence[SeriesPoint], title: str, language: Language) -> str:
    """Published rates by what they count, the targets, and a mark wherever the definition changes.

    Years of one definition are joined, years of different ones never.
    """
    curves: list[Curve] = []
    for definition in _RATES:
        own = [one for one in points if one.measure == "rate" and one.definition == definition]
        if own:
            label = say(language, f"circular-counted-{definition.replace('_', '-')}")
            shape = "dots" if len(own) == 1 else "points"
            curves.append(Curve(label, [one.year for one in own], [one.value for one in own], shape))
    targets = [one for one in points if one.measure == "target"]
    if targets:
        label = say(language, "circular-target")
        curves.append(Curve(label, [one.year for one in targets], [one.value for one in targets], "dots"))
    label = say(language, "circular-series-break")
    breaks = [Break(one.year, label) for one in series_breaks(points)]
    return line_chart(Chart(title, say(language, "circular-target-text"), "%", curves, breaks), language)
