"""Write the taxonomy's package data from the reference table of technologies.

    python scripts/build_taxonomy.py REFERENCE_FOLDER

``kz_tech_taxonomy.csv`` becomes ``technologies.csv`` (one row a technology) and ``performance_quantities.csv``
(one row a quantity: key, unit as UCUM, unit as it was written, formula), both under src/jasyl/registry/data.
"""

import csv
import re
import sys
from pathlib import Path

DATA = Path(__file__).parents[1] / "src" / "jasyl" / "registry" / "data"
QUANTITY = re.compile(r"(?P<key>\w+(?:\.\w+)*) \[(?P<unit>[^\]]+)\]\s*(?P<formula>.*)")

# As the table writes it -> UCUM. What is counted or weighed stands in braces, as UCUM annotates.
UCUM = {
    "1": "1", "1/day": "/d", "1/km": "/km", "1/year": "/a", "A-G": "{class}", "GJ": "GJ", "GJ/t": "GJ/t",
    "Gcal": "Gcal_IT", "Gcal/m2": "Gcal_IT/m2", "K": "K", "KZT": "{KZT}", "KZT/Gcal": "{KZT}/Gcal_IT",
    "KZT/t": "{KZT}/t", "L": "L", "L/ha": "L/har", "L/kg": "L/kg", "L/person/day": "L/{person}/d",
    "MJ/(1000 m3 km)": "MJ/(1000.m3.km)", "MPa": "MPa", "MW": "MW", "MWh": "MW.h", "W/(m3/h)": "W/(m3/h)",
    "W/K": "W/K", "W/m": "W/m", "W/m2": "W/m2", "W/m2K": "W/(m2.K)", "W/mK": "W/(m.K)", "class": "{class}",
    "cm": "cm", "d": "d", "degC": "Cel", "g/GJ": "g/GJ", "gCO2/pkm": "g{CO2}/({pkm})", "gCO2e/kWh": "g{CO2e}/(kW.h)",
    "gCO2e/km": "g{CO2e}/km", "h": "h", "ha": "har", "ha/MW": "har/MW", "kW": "kW", "kWh": "kW.h",
    "kWh/1000 tkm": "kW.h/(1000.{tkm})", "kWh/100km": "kW.h/(100.km)", "kWh/ha": "kW.h/har", "kWh/kW": "kW.h/kW",
    "kWh/kWp": "kW.h/kW{p}", "kWh/kg": "kW.h/kg", "kWh/km": "kW.h/km", "kWh/m2": "kW.h/m2",
    "kWh/m2_window": "kW.h/m2{window}", "kWh/m3": "kW.h/m3", "kWh/pkm": "kW.h/{pkm}", "kWh/t": "kW.h/t",
    "kWh/unit": "kW.h/{unit}", "kg": "kg", "kg/h": "kg/h", "kg/ha": "kg/har", "kg/m2": "kg/m2", "kg/m3": "kg/m3",
    "kgCO2/m2": "kg{CO2}/m2", "kgCO2e/kgH2": "kg{CO2e}/kg{H2}", "kgCO2e/m2": "kg{CO2e}/m2",
    "kgCO2e/m3": "kg{CO2e}/m3", "kgH2/100km": "kg{H2}/(100.km)", "km": "km", "km/h": "km/h", "km2": "km2",
    "lm/W": "lm/W", "m2/person": "m2/{person}", "m3": "m3", "m3/100km": "m3/(100.km)", "m3/ha": "m3/har",
    "m3/km/day": "m3/km/d", "m3/m3": "m3/m3", "m3/t": "m3/t", "m3/t VS": "m3/t{volatile_solids}",
    "m3/year": "m3/a", "mg/m3": "mg/m3", "million m3": "10*6.m3", "min": "min", "months": "mo", "pkm": "{pkm}",
    "points": "{points}", "t": "t", "t coal": "t{coal}", "t/MWh": "t/(MW.h)", "t/ha": "t/har",
    "t/household": "t/{household}", "t/km": "t/km", "t/year": "t/a", "tC/ha": "t{C}/har", "tC/ha/year": "t{C}/har/a",
    "tCH4": "t{CH4}", "tCO2": "t{CO2}", "tCO2/ha/year": "t{CO2}/har/a", "tCO2/t": "t{CO2}/t", "tCO2e": "t{CO2e}",
    "tCO2e/year": "t{CO2e}/a", "thousand m3": "1000.m3", "ug/m3": "ug/m3", "years": "a",
}  # fmt: skip

# The thirteen sectors of the table, as keys.
SECTORS = {
    "renewable power": "renewable-power", "heat": "heat", "efficiency in buildings": "buildings-efficiency",
    "efficiency in industry": "industry-efficiency", "efficiency in networks": "networks-efficiency",
    "gas saving": "gas-saving", "transport": "transport", "water": "water", "waste": "waste",
    "circular construction": "circular-construction", "agriculture biotechnology": "agriculture-biotechnology",
    "nature": "nature", "monitoring": "monitoring",
}  # fmt: skip

KEPT = (
    "kz_taxonomy_category", "kz_taxonomy_subcategory", "kz_taxonomy_basis", "kz_taxonomy_confidence",
    "eu_taxonomy_activity", "eu_confidence", "ipcc_2006_category", "sdg_target", "source", "confidence", "note",
)  # fmt: skip


def quantities_of(row: dict[str, str]) -> list[dict[str, str]]:
    """The performance quantities of one technology, in the order of the table."""
    found: list[dict[str, str]] = []
    for text in row["performance_quantities"].split(";"):
        match = QUANTITY.fullmatch(text.strip())
        if match is None:
            sys.exit(f"{row['code']}: cannot read the quantity {text!r}")
        formula = match["formula"].strip()
        stated = formula.startswith("=")
        found.append({
            "technology": row["code"], "key": match["key"], "unit": UCUM[match["unit"]],
            "unit_written": match["unit"], "formula": formula.removeprefix("=").strip() if stated else "",
            "condition": "" if stated else formula,
        })  # fmt: skip
    return found


def write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def build(reference: Path, target: Path = DATA) -> None:
    """Write both files into ``target``."""
    with (reference / "kz_tech_taxonomy.csv").open(encoding="utf-8", newline="") as file:
        source = list(csv.DictReader(file))
    technologies = [
        {"code": row["code"], "parent": row["parent"], "level": row["level"], "name_en": row["name_en"],
         "name_ru": row["name_ru"], "name_kk": row["name_kk"], "sector": SECTORS[row["family"]],
         **{column: row[column] for column in KEPT}}
        for row in source
    ]  # fmt: skip
    write(target / "technologies.csv", technologies)
    write(target / "performance_quantities.csv", [quantity for row in source for quantity in quantities_of(row)])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    build(Path(sys.argv[1]))
