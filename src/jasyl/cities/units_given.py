"""Values given in another unit than the catalogue's: air concentrations, and what cannot be converted."""

from dataclasses import replace
from decimal import Decimal

from jasyl.indicators import Catalogue
from jasyl.quantities import CURRENCIES, decimal_text

from .entry import BASES, MONEY, Entry
from .finding import Finding

AIR = "EN.EN.AQ.1C"
UG_M3 = "ug/m3"
# µg/m³ in one ppm at 25 °C and 1013 hPa, as the verification manual has them (VM 95).
PPM = {"no2": Decimal(1900), "so2": Decimal(2620), "o3": Decimal(1960)}
_SPELLINGS = {
    "ug/m3": UG_M3, "µg/m³": UG_M3, "μg/m³": UG_M3, "µg/m3": UG_M3, "μg/m3": UG_M3, "мкг/м3": UG_M3, "мкг/м³": UG_M3,
    "mg/m3": "mg/m3", "mg/m³": "mg/m3", "мг/м3": "mg/m3", "мг/м³": "mg/m3",
    "ppm": "ppm", "ppb": "ppb", "%": "percent", "percent": "percent",
}  # fmt: skip
# A yearly mean below this many µg/m³ is cleaner than any station on land: another unit is meant.
CLEANEST = Decimal("0.5")


def unit_called(written: str) -> str:
    """The one spelling of a unit; what is not known stays as it is."""
    plain = " ".join(written.split())
    return _SPELLINGS.get(plain.casefold(), plain)


def factor(catalogue: Catalogue, entry: Entry) -> Decimal | None:
    """By what the value of ``entry`` is multiplied to be in the unit of its data point; None where nobody can say."""
    if entry.unit is None or entry.is_base:
        return Decimal(1)
    point = catalogue.point(entry.point)
    given = unit_called(entry.unit)
    if given == unit_called(point.unit):
        return Decimal(1)
    if given == "mg/m3" and point.unit == UG_M3:
        return Decimal(1000)
    pollutant = entry.point.rpartition(".")[2].lower()
    if point.unit == UG_M3 and pollutant in PPM and given in ("ppm", "ppb"):
        return PPM[pollutant] / (1 if given == "ppm" else 1000)
    return None


def in_own_unit(catalogue: Catalogue, entry: Entry) -> tuple[Entry, Finding | None]:
    """``entry`` with its value in the unit of its data point, and the remark that says by what it was converted.

    What cannot be converted stays as it is: `unit_unknown` names it.
    """
    by = factor(catalogue, entry)
    if by is None or entry.unit is None or entry.is_base:
        return entry, None
    if by == 1 or entry.value is None:
        return (replace(entry, unit=None), None) if by == 1 else (entry, None)
    value = entry.value * by
    said = f"{decimal_text(entry.value)} {entry.unit} × {decimal_text(by)}"
    note = f"{entry.note}\n{said}".strip()
    converted = replace(entry, value=value, unit=None, note=note)
    expected = f"{decimal_text(value)} µg/m³"
    return converted, Finding("city-unit-converted", "remark", entry.point, "value", said, expected, source="VM 95")


def unit_unknown(catalogue: Catalogue, entry: Entry) -> list[Finding]:
    """A unit that is not the data point's and that nothing converts (ppm of particles); amounts of the city itself
    name a currency. Error."""
    if entry.unit is None or entry.is_base:
        return []
    by = factor(catalogue, entry)
    point = catalogue.point(entry.point)
    if by == 1 or (by is not None and entry.value is not None):
        return []
    return [Finding("city-unit-unknown", "error", entry.point, "unit", entry.unit, point.unit)]


def air_looks_otherwise(catalogue: Catalogue, entry: Entry) -> list[Finding]:
    """A concentration too small for µg/m³: typed in ppm or mg/m³ without saying so. Question (VM 95)."""
    if not entry.point.startswith(AIR) or entry.value is None or entry.unit is not None:
        return []
    if not 0 < entry.value < CLEANEST:
        return []
    readings = [f"{decimal_text(entry.value)} mg/m3 = {decimal_text(entry.value * 1000)} µg/m³"]
    by = PPM.get(entry.point.rpartition(".")[2].lower())
    if by is not None:
        readings.append(f"{decimal_text(entry.value)} ppm × {by} = {decimal_text(entry.value * by)} µg/m³")
    received = f"{decimal_text(entry.value)} µg/m³"
    return [Finding("city-air-unit", "question", entry.point, "value", received, "; ".join(readings), source="VM 95")]


def money_without_currency(catalogue: Catalogue, entry: Entry) -> list[Finding]:
    """An amount of money of the city without its currency (ISO 4217). Error (VM 31)."""
    if BASES.get(entry.point) != MONEY or not entry.is_given or entry.unit in CURRENCIES:
        return []
    return [Finding("city-currency", "error", entry.point, "unit", entry.unit or "—", "KZT, USD …", source="VM 31")]
