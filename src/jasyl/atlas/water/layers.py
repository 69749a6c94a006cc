"""Water layers of the atlas and their colours."""

from ..layer import Layer, waiting
from ..scale import LAKE, Scale

DISCHARGE = waiting("water.discharge", "mean discharge of rivers", "m3/s", "modelled")
HYDROPOWER = waiting("water.hydropower", "gross theoretical hydropower potential", "GW.h/a", "modelled")
SMALL_HYDRO = waiting("water.small_hydro", "capacity of possible run-of-river sites", "MW", "modelled", shape="sites")
REACHES = waiting("water.reaches", "gross theoretical hydropower of reaches", "GW.h/a", "modelled", shape="lines")
RIVERS = waiting("water.rivers", "mean discharge of rivers", "m3/s", "published", shape="lines")
LAKES = waiting("water.lakes", "area of lakes and reservoirs", "km2", "published", shape="lines")
STRESS = waiting(
    "water.stress", "freshwater withdrawn of what is available (SDG 6.4.2)", "%", "modelled", shape="areas"
)
SUPPLY_URBAN = waiting("water.supply_urban", "share of town people with water supply", "%", "published", shape="areas")
SUPPLY_RURAL = waiting(
    "water.supply_rural", "share of village people with water supply", "%", "published", shape="areas"
)
LOSSES = waiting("water.losses", "share of withdrawn water lost on its way", "%", "modelled", shape="areas")
SAVING = waiting("water.saving", "land with water-saving irrigation", "har", "published", shape="areas")

RUNOFF = waiting("water.runoff", "mean yearly runoff", "mm/a", "published")

LAYERS: tuple[Layer, ...] = (
    HYDROPOWER,
    DISCHARGE,
    RUNOFF,
    SMALL_HYDRO,
    REACHES,
    RIVERS,
    LAKES,
    STRESS,
    SUPPLY_URBAN,
    SUPPLY_RURAL,
    LOSSES,
    SAVING,
)

_WIDE = ("0.1", "0.25", "0.5", "1", "2.5", "5", "10", "25", "50", "100", "250")
_SUPPLY = ("50", "60", "70", "80", "85", "90", "92.5", "95", "97.5", "99", "100")
SCALES: dict[str, Scale] = {
    HYDROPOWER.id: Scale(LAKE, edges=("0.25", "0.5", "1", "2.5", "5", "10", "25", "50", "100", "250", "500")),
    DISCHARGE.id: Scale(LAKE, edges=("0.25", "0.5", "1", "2.5", "5", "10", "25", "50", "100", "250", "500")),
    RUNOFF.id: Scale(LAKE, edges=("1", "5", "10", "25", "50", "100", "200", "400", "800", "1500")),
    SMALL_HYDRO.id: Scale(LAKE, edges=_WIDE),
    REACHES.id: Scale(LAKE, edges=_WIDE),
    RIVERS.id: Scale(LAKE, edges=("0.25", "0.5", "1", "2.5", "5", "10", "25", "50", "100", "250", "500")),
    LAKES.id: Scale(LAKE, edges=("0.5", "1", "2.5", "5", "10", "25", "50", "100", "250", "1000", "5000")),
    # No stress to 25 %, low to 50, medium to 75, high to 100, critical above (UN-Water, FAO: indicator 6.4.2).
    STRESS.id: Scale(LAKE, edges=("25", "50", "75", "100")),
    SUPPLY_URBAN.id: Scale(LAKE, edges=_SUPPLY),
    SUPPLY_RURAL.id: Scale(LAKE, edges=_SUPPLY),
    LOSSES.id: Scale(LAKE, edges=("5", "10", "15", "20", "25", "30", "40", "50")),
    SAVING.id: Scale(LAKE, edges=("1000", "5000", "10000", "25000", "50000", "100000", "250000", "500000")),
}
