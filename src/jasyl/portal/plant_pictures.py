"""Pictures of a plant: quota against emission by year, and what each choice would give."""

from collections.abc import Callable, Sequence

from jasyl.emissions import factor
from jasyl.emissions.plants import PlantResult, Sensitivity
from jasyl.papers.bars import Bar, bars
from jasyl.quantities import UNITS
from jasyl.texts import Language, say, write_number


def quota_picture(language: Language, results: Sequence[PlantResult]) -> str | None:
    """A bar of what was emitted each year, its quota as a line across; with one year also verified and benchmark.

    Bars beyond their quota have another colour and say how much is missing. None where no year has a quota.
    """
    known = [one for one in results if one.balance is not None]
    if not known:
        return None
    rows: list[Bar] = []
    for one in known:
        balance = one.balance
        assert balance is not None
        missing = balance.left < 0
        said = _tonnes(language, balance.emission)
        rows.append(
            Bar(f"{one.report.year}: {say(language, 'plant-emission').lower()}, {balance.covers}",
                balance.emission, said, mark=balance.quota, over=missing)
        )  # fmt: skip
    last = known[-1].balance
    assert last is not None
    year = str(known[-1].report.year)
    quota = f"{say(language, 'plant-quota')}, {year}"
    rows.append(Bar(quota, last.quota, _tonnes(language, last.quota), strong=False))
    if last.benchmark is not None:
        said = _tonnes(language, last.benchmark)
        doubt = _doubt(language, last.benchmark_factor)
        rows.append(Bar(f"{say(language, 'plant-benchmark')}, {year}{doubt}", last.benchmark, said, strong=False))
    return bars(rows, alternative=say(language, "plant-quota-picture"))


def choice_pictures(
    language: Language, rows: Sequence[Sensitivity], named: Callable[[Sensitivity], str]
) -> list[tuple[str, str]]:
    """Picture and caption: scope 1 under every calorific value of coal, scope 2 under every grid factor.

    Each has a scale of its own; the chosen bar is strong and has bold letters.
    """
    found: list[tuple[str, str]] = []
    for subject, scope in (("coal", "scope1"), ("grid", "scope2")):
        drawn: list[Bar] = []
        for one in rows:
            value: float | None = getattr(one, scope)
            if one.subject == subject and value is not None:
                drawn.append(Bar(named(one), value, _tonnes(language, value), strong=one.chosen))
        if drawn:
            caption = say(language, f"plant-choices-{subject}")
            found.append((bars(drawn, alternative=caption), caption))
    return found


def _tonnes(language: Language, kilograms: float) -> str:
    return f"{write_number(language, kilograms / 1000, 0)} {UNITS['t'].written(language)}"


def _doubt(language: Language, identity: str | None) -> str:
    """What stands behind a benchmark that nobody compared with its source yet."""
    if identity is None or factor(identity).confirmed:
        return ""
    return f" ({say(language, 'plant-not-confirmed')})"
