"""Methane of landfills by first-order decay: IPCC 2006 Guidelines, volume 5, chapter 3, with the 2019 Refinement.

Waste put in the ground decays exponentially. Of a mass W of one type, ``W · DOC · DOCf · MCF`` is the carbon that
will decompose without air (DDOCm, equation 3.2); every year a share ``1 − e^−k`` of what is left does (3.4, 3.5), and
``F · 16/12`` of it becomes methane (3.6). What is recovered is taken off before oxidation in the cover (3.1):
``emitted = (generated − R) · (1 − OX)``.

Masses are kg, years are calendar years. Waste arrives evenly over its year and begins to decay ``delay`` months after
it arrived: with the default of six months, on 1 January of the next year, as in the Guidelines' spreadsheet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal

from .factors import Case, factor

Floats = NDArray[np.float64]
Climate = Literal["boreal_temperate_dry", "boreal_temperate_wet", "tropical_dry", "tropical_moist_wet"]
Management = Literal[
    "managed_anaerobic",
    "managed_semi_aerobic_2006",
    "managed_well_semi_aerobic_2019",
    "managed_poorly_semi_aerobic_2019",
    "managed_well_active_aeration_2019",
    "managed_poorly_active_aeration_2019",
    "unmanaged_deep_5_m_waste_or_high_water_table",
    "unmanaged_shallow_5_m",
    "uncategorised",
]
CLIMATES: tuple[Climate, ...] = get_args(Climate)
MANAGEMENTS: tuple[Management, ...] = get_args(Management)

# Kinds of waste that hold degradable carbon: the id of their DOC (wet weight) and the class of their decay rate.
# Rubber and leather are left out of decay as in the Guidelines' spreadsheet: their carbon hardly degrades.
_KINDS: Final = {
    "food": ("food_waste", "food_sewage_sludge"),
    "garden": ("garden_and_park_waste", "garden_other_organic"),
    "paper": ("paper_cardboard", "paper_textiles"),
    "wood": ("wood", "wood_straw"),
    "textiles": ("textile", "paper_textiles"),
    "nappies": ("nappies", "garden_other_organic"),
}
WASTE_KINDS: tuple[str, ...] = tuple(_KINDS)

CARBON_TO_METHANE: Final = 16 / 12
_MJ_PER_WATT_HOUR: Final = 0.0036
_LONGEST_DELAY: Final = 18  # months; decay then begins at the end of the year after the waste arrived


@dataclass(frozen=True)
class Decay:
    """How one kind of waste decays: ``doc`` kg C per kg of wet waste, the share ``docf`` of it, ``k`` per year."""

    doc: float
    k: float
    docf: float
    factors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Practice:
    """How a landfill is run: ``mcf``, share ``methane`` of the gas by volume, ``oxidation``, ``delay`` in months.

    Raises Refusal ``landfill-practice`` for shares outside 0 to 1 and a delay outside 0 to 18 months.
    """

    mcf: float
    methane: float
    oxidation: float
    delay: float
    factors: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for share in (self.mcf, self.methane, self.oxidation):
            if not 0 <= share <= 1:
                raise Refusal("landfill-practice", received=f"{share:g}", expected="0–1")
        if not 0 <= self.delay <= _LONGEST_DELAY:
            raise Refusal("landfill-practice", received=f"{self.delay:g}", expected=f"0–{_LONGEST_DELAY}")


@dataclass(frozen=True, eq=False)
class LandfillGas:
    """Carbon and methane of a landfill, year by year; arrays [kinds, years] where by kind, else [years], kg.

    ``stored`` is the decomposable carbon in the ground at the end of the year, ``decomposed`` what left it within
    the year, ``deposited`` what came; for every kind and year ``stored = stored before + deposited − decomposed``.
    """

    kinds: tuple[str, ...]
    years: tuple[int, ...]
    deposited: Floats
    stored: Floats
    decomposed: Floats
    generated: Floats
    recovered: Floats
    emitted: Floats
    factors: tuple[str, ...]

    def of(self, year: int) -> tuple[float, float, float]:
        """Methane generated, recovered and emitted in a year, kg. Raises KeyError outside ``years``."""
        if year not in self.years:
            raise KeyError(year)
        at = year - self.years[0]
        return float(self.generated[:, at].sum()), float(self.recovered[at]), float(self.emitted[at])


def decay_of(
    kind: str,
    climate: Climate = "boreal_temperate_dry",
    *,
    doc: Case = "central",
    k: Case = "central",
    docf: Case = "central",
) -> Decay:
    """How a kind of waste decays by the default values of the IPCC, at an end of their ranges where asked.

    ``docf`` is 0.5 (0.4 to 0.6) for every kind, as in 2006; the values by kind of 2019 are in the table unconfirmed.
    Raises Refusal ``landfill-unknown`` for a kind or climate that the Guidelines do not have.
    """
    if kind not in _KINDS:
        raise Refusal("landfill-unknown", received=kind[:40], expected=", ".join(WASTE_KINDS))
    if climate not in CLIMATES:
        raise Refusal("landfill-unknown", received=climate[:40], expected=", ".join(CLIMATES))
    carbon, rate = _KINDS[kind]
    used = (f"fod.doc.{carbon}.wet", f"fod.k.{rate}.{climate}", "fod.docf_default_2006_guidelines")
    return Decay(factor(used[0]).at(doc), factor(used[1]).at(k), factor(used[2]).at(docf), used)


def practice_of(management: Management, *, covered: bool = False) -> Practice:
    """How a landfill of a class of management is run; ``covered`` by material that oxidises methane (OX 0.1, else 0).

    Raises Refusal ``landfill-unknown``.
    """
    if management not in MANAGEMENTS:
        raise Refusal("landfill-unknown", received=management[:60], expected=", ".join(MANAGEMENTS))
    cover = "managed_covered_with_oxidising_material"
    bare = "unmanaged_or_managed_not_covered_with_aerated_material"
    used = (
        f"fod.mcf.{management}",
        "fod.f_landfill_gas",
        f"fod.ox_{cover if covered else bare}",
        "fod.delay_deposition_to_start_of_decay",
    )
    mcf, methane, oxidation, delay = (factor(identifier).value for identifier in used)
    return Practice(mcf, methane, oxidation, delay, used)


def first_order_decay(
    deposits: Mapping[str, Sequence[float] | Floats],
    first_year: int,
    practice: Practice,
    decay: Mapping[str, Decay],
    *,
    years: int | None = None,
    recovery: Sequence[float] | Floats | None = None,
) -> LandfillGas:
    """Methane of a landfill from what was put into it.

    ``deposits`` gives the wet mass of each kind for successive years from ``first_year``, all of one length; the
    landfill is followed for ``years`` (default: as long as the deposits), nothing arriving after they end.
    ``recovery`` is the methane collected in each of these years, kg. Raises Refusal ``landfill-deposit`` for masses
    that are negative, not finite or of unequal length, ``landfill-recovery`` for more than was generated and
    ``landfill-recovery-years`` for another number of years.
    """
    kinds = tuple(deposits)
    waste = _masses(deposits, years)
    span = waste.shape[1]
    carbon = np.array([[decay[kind].doc * decay[kind].docf * practice.mcf] for kind in kinds]).reshape(-1, 1)
    rate = np.array([decay[kind].k for kind in kinds], dtype=np.float64)
    deposited = waste * carbon
    stored, decomposed = _follow(deposited, rate, practice.delay)
    generated = decomposed * practice.methane * CARBON_TO_METHANE
    total = generated.sum(axis=0)
    recovered = _recovery(recovery, total, first_year)
    used = [*practice.factors, *(identifier for kind in kinds for identifier in decay[kind].factors)]
    return LandfillGas(
        kinds,
        tuple(range(first_year, first_year + span)),
        deposited,
        stored,
        decomposed,
        generated,
        recovered,
        (total - recovered) * (1 - practice.oxidation),
        tuple(dict.fromkeys(used)),
    )


def recoverable_energy(methane: float, efficiency: float) -> float:
    """Energy in W·h of the share ``efficiency`` of a mass of methane (kg), by its net calorific value.

    50.4 MJ/kg (2006 IPCC Guidelines, volume 2, table 1.2: landfill gas, on the basis of its methane). Raises Refusal
    ``landfill-efficiency`` unless the share is between 0 and 1.
    """
    if not 0 <= efficiency <= 1:
        raise Refusal("landfill-efficiency", received=str(efficiency))
    return methane * efficiency * factor("ncv.landfill_gas").value / _MJ_PER_WATT_HOUR


def with_rate(decay: Decay, half_life: float) -> Decay:
    """The same waste with a half-life of its own in years, as measured at a site: ``k = ln 2 / half-life``."""
    return replace(decay, k=float(np.log(2)) / half_life)


def decayed_share(k: Floats | float, age: int, delay: float = 6) -> Floats | float:
    """The share of decomposable carbon that decays in the year ``age`` years after it arrived (0: the same year).

    The closed form of the same decay, for many values of ``k`` at once: equations 3.4 and 3.5 seen from one deposit.
    """
    start = (6 + delay) / 12  # years from the beginning of the year of deposit
    return np.exp(-k * max(age - start, 0.0)) - np.exp(-k * max(age + 1 - start, 0.0))


def _follow(deposited: Floats, rate: Floats, delay: float) -> tuple[Floats, Floats]:
    """Carbon in the ground at the end of each year, and what decomposed within it (equations 3A1.2 to 3A1.6)."""
    kept = np.exp(-rate)
    # Waste of mid-year decays for the part of its own year after the delay; longer delays run into the next year.
    month = 7 + delay
    first = np.exp(-rate * max(13 - month, 0) / 12)
    second = np.exp(-rate * (1 - max(month - 13, 0) / 12))
    stored = np.zeros_like(deposited)
    decomposed = np.zeros_like(deposited)
    old, fresh = np.zeros(len(rate)), np.zeros(len(rate))
    for year in range(deposited.shape[1]):
        left = old * kept + fresh * second
        fresh_now = deposited[:, year] * first
        decomposed[:, year] = (old + fresh - left) + (deposited[:, year] - fresh_now)
        stored[:, year] = left + fresh_now
        old, fresh = left, fresh_now
    return stored, decomposed


def _masses(deposits: Mapping[str, Sequence[float] | Floats], years: int | None) -> Floats:
    lengths = {len(masses) for masses in deposits.values()}
    if len(lengths) != 1 or 0 in lengths:
        raise Refusal("landfill-deposit", received=", ".join(str(length) for length in sorted(lengths)) or "0")
    waste = np.array([np.asarray(masses, dtype=np.float64) for masses in deposits.values()])
    if not np.isfinite(waste).all() or (waste < 0).any():
        wrong = waste[~np.isfinite(waste) | (waste < 0)]
        raise Refusal("landfill-deposit", received=str(wrong.ravel()[0]))
    span = waste.shape[1] if years is None else years
    if span < waste.shape[1]:
        raise Refusal("landfill-deposit", received=str(waste.shape[1]))
    return np.pad(waste, ((0, 0), (0, span - waste.shape[1])))


def _recovery(recovery: Sequence[float] | Floats | None, generated: Floats, first_year: int) -> Floats:
    if recovery is None:
        return np.zeros_like(generated)
    given = np.asarray(recovery, dtype=np.float64)
    if given.shape != generated.shape:
        raise Refusal("landfill-recovery-years", received=str(given.size), expected=str(generated.size))
    # All that was generated may be collected: the last digit of a sum must not refuse it.
    over = (given < 0) | (given > generated * (1 + 1e-12)) | ~np.isfinite(given)
    if over.any():
        at = int(np.argmax(over))
        raise Refusal(
            "landfill-recovery",
            received=f"{given[at]:g}",
            expected=f"{generated[at]:g}",
            year=str(first_year + at),
        )
    return given
