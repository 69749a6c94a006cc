"""What public facts allow of an inventory of Almaty, 2023: two lines of coal, and every other cell with its reason.

No inventory of the city with its activity data was found in the open. The document shows how far one comes without
inventing anything: the coal of CHP-2 in the territorial total, the rest not estimated. It is an example of honesty,
not of completeness.
"""

from decimal import Decimal

from .document import FORM, Activity, Inventory, Population, Statement, in_order
from .structure import cells

_CHP2 = "https://mgorod.kz/news/tecz-2-v-almaty-nachali-perevodit-na-gaz (2023-11-16)"
_MAYOR = "https://en.inform.kz/news/almaty-gasification-to-end-in-2024_a4039675/ (2023-02-24)"
_NCV = "ncv.kaz1990.hard_coal_anthracite_coking_other_bitumi"
_COAL = "other_bituminous_coal"
_REASONS = {
    "I": "no consumption of the city by fuel, electricity or heat was found in the open for 2023",
    "II": "no sales of fuel nor survey of trips was found in the open for 2023",
    "III": "deposits by year and composition of the city's landfills were not found; wastewater loads were not found",
    "IV": "no production data of the city were found",
    "V": "no herds nor land-use change of the city were found",
}
_KNOWN_ABSENT = {"II.3.1": "", "II.3.2": "", "II.3.3": ""}


def almaty_inventory() -> Inventory:
    """The example of 2023."""
    activities = (
        Activity(
            id="chp-2", ref="I.4.4", name="Coal of CHP-2", source=_CHP2, quality="M", factor_quality="L",
            amount=Decimal(1_500_000), unit="t", through=(_NCV,), gases=_burnt("energy_industries"),
            uncertainty=Decimal(15),
            note="said by the city for a heating season and taken for the year; own use (I.4.1) is inside",
        ),
        Activity(
            id="other-coal", ref="I.6.1", name="Coal outside power plants", source=_MAYOR, quality="L",
            factor_quality="L", amount=Decimal(16_000), unit="t", through=(_NCV,),
            gases=_burnt("residential_agri_stationary"), uncertainty=Decimal(30), assumed=True,
            note="said for 2022, assumed for 2023; homes and institutions together",
        ),
    )  # fmt: skip
    numbered = {one.ref for one in activities}
    keys = [
        Statement(ref="I.4.1", key="IE", target="I.4.4"),
        *(Statement(ref=ref, key="NO") for ref in _KNOWN_ABSENT),
    ]
    stated = numbered | {one.ref for one in keys}
    keys += [
        Statement(ref=one.ref, key="NE", reason=_REASONS[one.sector])
        for one in cells()
        if one.ref not in stated and not one.optional
    ]
    made = Inventory(
        form=FORM, place="KZ-75", year=2023, boundary="City of republican rank, administrative boundary",
        population=Population(
            value=Decimal(2_345_012),
            source="Bureau of National Statistics via tengrinews.kz 589638; of 2025-12-01, not of 2023",
        ),
        gwp_set="AR5", methane="unsplit", author="Jasyl, from public facts", activities=activities,
        cells=tuple(keys), area=Decimal(683),
        note="Two sources only: a lower bound of a lower bound. CHP-3 stands outside the city and is not here.",
    )  # fmt: skip
    return in_order(made)


def _burnt(sector: str) -> dict[str, tuple[str, ...]]:
    return {gas: (f"ef.{sector}.{_COAL}.{gas.lower()}",) for gas in ("CO2", "CH4", "N2O")}
