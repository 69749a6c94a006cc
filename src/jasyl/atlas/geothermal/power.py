"""Heat and electricity that geothermal water can give, from its temperature and flow.

Heat: ``P = ρ(T) · c · Q · (T − T_out)``. Electricity of a binary plant: heat taken from the water times
``r · (T − T₀) / (T + T₀)`` in kelvin, the efficiency of the triangular cycle times the share of it that plants reach
(R. DiPippo, Ideal thermal efficiency for geothermal binary plants, Geothermics 36 (2007) 276: 58 ± 4 %).
"""

from typing import Final

from ..bounds import Bounds

# Specific heat of fresh water between 20 and 60 °C, within 0.2 %, J/(kg K).
SPECIFIC_HEAT: Final = 4180.0
# The water leaves a heat user at: low end of heat 35 (radiators), central 20 (floors, greenhouses, ponds), high 10.
OUTLET: Final = (35.0, 20.0, 10.0)
# It leaves a binary plant warmer, so that minerals stay dissolved and the exchanger stays small; °C.
PLANT_OUTLET: Final = (70.0, 60.0, 50.0)
# What the plant's condenser sees, °C: warm, mean and cold season.
SINK: Final = (30.0, 20.0, 10.0)
RELATIVE: Final = Bounds(0.54, 0.58, 0.62)
# The coolest water a commercial binary plant runs on (Chena, Alaska).
COOLEST: Final = 74.0
_KELVIN: Final = 273.15
# Temperature to which classes of use reach, °C (P. Muffler, R. Cataldi, Geothermics 7 (1978) 53).
_CLASSES: Final = ((30.0, "tepid"), (90.0, "low"), (150.0, "intermediate"))


def density(temperature: float) -> float:
    """Density of pure water in kg/m³ at atmospheric pressure, 0 to 150 °C (Kell 1975, equation 16)."""
    t = temperature
    above = 999.83952 + t * (
        16.945176 + t * (-7.9870401e-3 + t * (-46.170461e-6 + t * (105.56302e-9 - 280.54253e-12 * t)))
    )
    return above / (1 + 16.879850e-3 * t)


def heat(temperature: float, flow: float, outlet: float) -> float:
    """Thermal power in W of ``flow`` m³/s of water cooled from ``temperature`` to ``outlet`` °C; 0 if it is cooler."""
    return density(temperature) * SPECIFIC_HEAT * flow * max(temperature - outlet, 0.0)


def heat_bounds(temperature: Bounds, flow: Bounds) -> Bounds:
    """Thermal power in W over the ranges of temperature, flow and outlet, all taken together."""
    low, central, high = (
        heat(warm, amount, outlet) for warm, amount, outlet in zip(_ends(temperature), _ends(flow), OUTLET, strict=True)
    )
    return Bounds(low, central, high)


def binary_efficiency(temperature: float, sink: float, relative: float = RELATIVE.central) -> float:
    """Share of the heat taken from the water that becomes electricity, after the plant's own pumps and fans."""
    hot, cold = temperature + _KELVIN, sink + _KELVIN
    return relative * max(hot - cold, 0.0) / (hot + cold)


def binary_power(temperature: float, flow: float, *, sink: float, outlet: float, relative: float) -> float:
    """Electric power in W of a binary plant; 0 below 74 °C, under which none runs commercially."""
    if temperature < COOLEST:
        return 0.0
    return heat(temperature, flow, outlet) * binary_efficiency(temperature, sink, relative)


def power_bounds(temperature: Bounds, flow: Bounds) -> Bounds | None:
    """Electric power in W over all ranges; None where the water is too cool at its best."""
    if temperature.high < COOLEST:
        return None
    low, central, high = (
        binary_power(warm, amount, sink=sink, outlet=outlet, relative=share)
        for warm, amount, sink, outlet, share in zip(
            _ends(temperature), _ends(flow), SINK, PLANT_OUTLET, _ends(RELATIVE), strict=True
        )
    )
    return Bounds(low, central, high)


def temperature_class(temperature: float) -> str:
    """``tepid`` below 30 °C, ``low`` below 90, ``intermediate`` below 150, else ``high`` (enthalpy)."""
    return next((name for edge, name in _CLASSES if temperature < edge), "high")


def _ends(bounds: Bounds) -> tuple[float, float, float]:
    return bounds.low, bounds.central, bounds.high
