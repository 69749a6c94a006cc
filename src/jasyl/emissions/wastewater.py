"""Methane and nitrous oxide of domestic wastewater (IPCC 2006 volume 5, chapter 6).

Every treatment path gets the organic load of the people who use it: the population is counted once, in the total
load, and the share of each path once, in the sum over paths.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jasyl.texts import Refusal

from .emission import NITROGEN_TO_N2O, Emission, FactorLike, Input, Masses, Value, amount, calculated, share, taken
from .factors import factor

_DAYS = 365
_WHOLE = 0.005


@dataclass(frozen=True)
class Path:
    """A way that wastewater goes: the ``share`` of the people whose water goes it and its correction factor.

    ``mcf`` is the end of an id of the table (``anaerobic_reactor``, ``septic_system``) or a factor of one's own;
    ``collected`` water takes industrial discharge with it (I = 1.25 unless the factor is another).
    """

    name: str
    share: float
    mcf: str | FactorLike
    collected: bool = True


def wastewater_methane(
    people: Value, paths: Sequence[Path], *, bod: FactorLike | None = None, sludge: Value = 0.0, recovered: Value = 0.0
) -> Emission:
    """Methane of the wastewater of ``people`` in a year: equations 6.1 to 6.3.

    ``TOW = P x BOD x 0.001 x I x 365`` kg BOD, ``CH4 = sum(share x Bo x MCF) x (TOW - S) - R``. ``bod`` in g a person
    and day: the table has 60 for Russia, none for Kazakhstan, and takes it where nothing is given. ``sludge`` is
    organic matter taken out, kg BOD; ``recovered`` methane, kg. Raises Refusal ``wastewater-paths`` for shares that
    do not sum to one within 0.005.
    """
    total = sum(path.share for path in paths)
    if abs(total - 1) > _WHOLE:
        raise Refusal("wastewater-paths", received=f"{total:g}")
    inputs: list[Input] = [
        amount("people", people, "1"),
        taken("bod", bod or factor("ww.bod_europe_russia_asia_middle_east_default_ranges_see_vol_5_"), "g/person/day"),
        taken("bo", factor("ww.bo_domestic_bod_basis"), "kg CH4/kg BOD"),
        taken("industrial", factor("ww.i_collected_industrial_co_discharge"), "ratio"),
        taken("uncollected", factor("ww.i_uncollected"), "ratio"),
        amount("sludge", sludge, "kg"),
        amount("recovered", recovered, "kg"),
    ]
    for path in paths:
        mcf = factor(f"ww.mcf.{path.mcf}") if isinstance(path.mcf, str) else path.mcf
        inputs += [share(f"share_{path.name}", path.share), taken(f"mcf_{path.name}", mcf, "fraction")]

    def formula(given: Mapping[str, Any]) -> Masses:
        load = given["people"] * given["bod"] * 0.001 * _DAYS
        taken_out = given["sludge"]
        methane: Value = 0.0
        for path in paths:
            extra = given["industrial"] if path.collected else given["uncollected"]
            part = given[f"share_{path.name}"]
            methane = methane + (load * extra - taken_out) * part * given["bo"] * given[f"mcf_{path.name}"]
        return {"CH4": methane - given["recovered"]}

    return calculated("waste.wastewater_methane", "IPCC 2006 vol. 5 eq. 6.1–6.3", inputs, formula)


def wastewater_nitrous_oxide(
    people: Value,
    *,
    protein: FactorLike | None = None,
    disposal_units: bool = False,
    industrial: bool = True,
    sludge: Value = 0.0,
    plant_share: Value = 0.0,
) -> Emission:
    """N2O of effluent and of advanced plants: equations 6.7 to 6.9.

    ``N = P x protein x F_NPR x F_NON-CON x F_IND-COM - N_sludge`` kg, protein in g a person and day (97 in
    Kazakhstan, FAOSTAT) times 365; ``N2O = N x EF x 44/28``, to which the share ``plant_share`` of people whose water
    goes through plants with controlled nitrification adds 3.2 g each. ``sludge`` is nitrogen taken out, kg.
    """
    units = "with" if disposal_units else "no"
    inputs = [
        amount("people", people, "1"),
        taken("protein", protein or factor("ww.protein.kaz"), "g/person/day"),
        taken("npr", factor("ww.f_npr_nitrogen_in_protein"), "kg N/kg protein"),
        taken("non_consumed", factor(f"ww.f_non_con_{units}_garbage_disposal_units"), "ratio"),
        taken("industrial", factor("ww.f_ind_com_co_discharge"), "ratio"),
        taken("effluent", factor("ww.ef_effluent_n2o_from_effluent"), "kg N2O-N/kg N"),
        taken("plant", factor("ww.ef_plant_advanced_centralised_plant"), "g N2O/person/year"),
        amount("sludge", sludge, "kg"),
        share("plant_share", plant_share),
    ]

    def formula(given: Mapping[str, Any]) -> Masses:
        extra = given["industrial"] if industrial else 1.0
        protein_mass = given["people"] * given["protein"] * _DAYS / 1000
        nitrogen = protein_mass * given["npr"] * given["non_consumed"] * extra - given["sludge"]
        plants = given["people"] * given["plant_share"] * extra * given["plant"] / 1000
        return {"N2O": nitrogen * given["effluent"] * NITROGEN_TO_N2O + plants}

    return calculated("waste.wastewater_nitrous_oxide", "IPCC 2006 vol. 5 eq. 6.7–6.9", inputs, formula)
