"""Write the package data of the room of facts from the reference tables.

    python scripts/build_facts.py REFERENCE_FOLDER

Every table becomes one file of the same columns under src/jasyl/facts/data. Rows are carried one to one: nothing is
averaged, conflicting rows stay side by side, a range stays a range. What is not a number is left out and printed.
"""

import csv
import re
import sys
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src" / "jasyl" / "facts" / "data"
COLUMNS = (
    "metric", "place", "area", "object", "technology", "period", "value", "low", "high", "unit", "basis",
    "source", "source_date", "confidence", "confirmed", "note",
)  # fmt: skip
# As written -> UCUM; counted things in braces. What is not here keeps its spelling.
UNITS = {
    "% wet": "%{wet_mass}", "C": "Cel", "C/100 m": "K/(100.m)", "C/km": "K/km", "GWh": "GW.h", "Gcal": "Gcal_IT",
    "KZT/Gcal": "{KZT}/Gcal_IT", "KZT/MW/month": "{KZT}/MW/mo", "KZT/kWh": "{KZT}/(kW.h)",
    "KZT/kWh incl. VAT": "{KZT}/(kW.h)", "KZT/person/month": "{KZT}/{person}/mo", "MWh/year": "MW.h/a",
    "Mt over 8 years": "Mt", "TJ/year": "TJ/a", "TWh": "TW.h", "TWh/year": "TW.h/a",
    "US cent/kWh": "{US_cent}/(kW.h)", "billion KZT": "10*9.{KZT}", "event": "{event}", "flag": "{flag}",
    "g/l": "g/L", "ha": "har", "kg/day": "kg/d", "km3/year": "km3/a", "kt/year": "kt/a", "l/s": "L/s",
    "Gcal/hour": "Gcal_IT/h", "m3/day": "m3/d", "m3/year": "m3/a", "mg/nm3": "mg/m3", "vehicles": "{vehicle}",
    "thousand t (column headed t of oil equivalent)": "kt", "million Gcal": "10*6.Gcal_IT", "million KZT": "10*6.{KZT}", "number": "{count}",
    "persons": "{person}", "plant": "{plant}", "t/day": "t/d", "t/year": "t/a", "thousand": "10*3.{count}",
    "thousand m3/km2/year": "1000.m3/km2/a", "year": "{calendar_year}",
}  # fmt: skip
# The smallest region that holds the place; the name itself stands in the column "area".
REGION = {
    "Almaty city": "KZ-75", "Almaty": "KZ-75", "Astana": "KZ-71", "Atyrau": "KZ-23", "KZ": "KZ", "KZ average": "KZ",
    "Karaganda": "KZ-35", "Kazakhstan": "KZ", "Kokshetau": "KZ-11", "Kyzylorda": "KZ-43", "Pavlodar": "KZ-55",
    "Qonaev": "KZ-19", "Rudny, Kostanay oblast": "KZ-39", "Shymkent": "KZ-79", "Taldyqorghan": "KZ-33",
    "Turkestan oblast": "KZ-61", "Turkistan": "KZ-61", "Zhezqazghan": "KZ-62",
}  # fmt: skip
WHOLE = {"KZ", "KZ average", "Kazakhstan", "Almaty city", "Astana", "Shymkent", "Turkestan oblast"}
NUMBER = r"-?\d+(?:\.\d+)?"
FULL_DATE = re.compile(r"(?<!\d)(?:19|20)\d{2}-(?:0[1-9]|1[0-2])(?:-[0-3]\d)?(?!\d)")
Row = dict[str, str]


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def plain(text: str) -> str:
    """A decimal without trailing zeros; sums of the source such as 8.774299999999998 lose their binary noise."""
    number = Decimal(text).quantize(Decimal("1e-9"), ROUND_HALF_EVEN)
    written = format(number, "f").rstrip("0").rstrip(".")
    return "0" if written in {"-0", ""} else written


def amount(text: str) -> Row | None:
    """Value, or low and high, of what the table wrote; None where it is no number."""
    text = text.strip()
    if re.fullmatch(NUMBER, text):
        return {"value": plain(text)}
    if match := re.fullmatch(rf"({NUMBER})-({NUMBER})", text):
        return {"low": plain(match[1]), "high": plain(match[2])}
    if match := re.fullmatch(rf"about ({NUMBER})", text):
        return {"value": plain(match[1]), "qualifier": "about"}
    if match := re.fullmatch(rf"below ({NUMBER})", text):
        return {"high": plain(match[1]), "qualifier": "below"}
    return None


def doubtful(row: Row) -> bool:
    """Low confidence, written from memory, or said by the table to be suspect."""
    said = " ".join(row.get(column, "") for column in ("source", "note", "conflict_or_note")).lower()
    return row["confidence"] == "low" or "recalled" in said or "suspect" in said or "not read here" in said


def fact(row: Row, **known: str) -> Row | None:
    """One fact from a row: what every table has, and what the caller knows of this one."""
    number = amount(known.pop("amount", row.get("value", "")))
    if number is None:
        return None
    qualifier = number.pop("qualifier", "")
    unit = known.pop("unit", row.get("unit", ""))
    note = "; ".join(text for text in (qualifier, known.pop("note", row.get("note", ""))) if text)
    vat = "including VAT" if "incl. VAT" in unit else ""
    dates = FULL_DATE.findall(row.get("source", ""))
    made = dict.fromkeys(COLUMNS, "") | number | {
        "unit": UNITS.get(unit, unit), "basis": "published", "source": row["source"],
        "source_date": row.get("source_date") or (max(dates) if dates else ""), "confidence": row["confidence"],
        "confirmed": "no" if doubtful(row) else "yes", "note": "; ".join(text for text in (vat, note) if text),
    } | known  # fmt: skip
    made["technology"] = "" if made["technology"] == "all" else made["technology"]
    return made


def placed(area: str) -> Row:
    """Place and area of a name: a region as a whole has no area, a town or zone has."""
    return {"place": REGION.get(area, ""), "area": "" if area in WHOLE else area}


PLANNED = ("target_res_share", "planned_new_capacity", "peak_load_forecast")


def power_system(row: Row) -> Row | None:
    metric, area = row["metric"], row["area"]
    basis = "planned" if metric in PLANNED else "published"
    if metric == "installed_capacity_bottom_up" or "summed here" in row["source"]:
        basis = "derived"
    if metric in {"capacity_factor_typical", "network_losses"}:
        basis = "statement"
    if metric.startswith("trade_"):
        where = {"place": "KZ", "object": area}
    elif metric == "consumption_oblast_pre2022":
        where = {"area": f"{area} (borders before 2022)"}
    elif area in {"Pavlodar", "Karaganda"}:
        where = {"place": REGION[area]}
    else:
        where = placed(area)
    return fact(row, metric=metric, technology=row["technology"], period=row["period"], basis=basis, **where)


def interconnectors(row: Row) -> Iterator[Row | None]:
    about = {"place": "KZ", "area": row["from_zone"], "object": row["to"], "technology": row["kind"]}
    said = (f"{row['voltage_kv']} kV", row["status"], f"before: {row['before']}" if row["before"] else "",
            row["note"])  # fmt: skip
    note = "; ".join(text for text in said if text)
    if row["published_mw"]:
        basis = "planned" if re.search("proposal|study|construction|intended", row["status"]) else "published"
        yield fact(row, amount=row["published_mw"], unit="MW", metric="transfer_capacity", basis=basis, note=note,
                   **about)  # fmt: skip
    model = fact(row, amount=row["model_start_mw"], unit="MW", metric="transfer_capacity_model_start", basis="assumed",
                 note="; ".join(text for text in (row["model_note"], note) if text), **about)  # fmt: skip
    if model:
        model["confirmed"] = "no"
    yield model


def tariffs(row: Row) -> Row | None:
    where = (
        {"place": "KZ", "object": row["area"]}
        if " Kazakhstan" in row["area"] or "from " in row["area"]
        else placed(row["area"])
    )
    known = {"metric": row["kind"], "technology": row["technology"], "period": row["date"], **where}
    if "metered" in row["note"] or "meter" in row["note"]:
        known["object"] = row["note"]
    return fact(row, **known)


def water(row: Row) -> Row | None:
    where = {"place": row["iso"] or "KZ", "area": row["basin"], "object": row["river"]}
    if row["kind"] in {"hydro site", "waste water plant"}:
        where["object"] = ", ".join(text for text in (row["place"], row["river"]) if text)
    return fact(row, metric=slug(row["quantity"]), period=row["year"], basis=basis_of(row), **where)


# Numbers that kz_water says in the note of a row: quantity of the row, metric, amount, unit, what the note says.
WATER_NOTES = (
    ("runoff usable", "environmental_releases", "29", "km3/year", "sanitary and fishery releases, of 100.5"),
    ("renewable groundwater", "groundwater_overlap_with_surface_water", "29.77", "km3/year", ""),
    ("share of withdrawal: municipal and household", "municipal_water_losses", "15.4", "%", ""),
)
# Where the irrigation plan of kz_programmes starts from, and what its notes say was reached:
# region, indicator, metric, period, amount, unit.
WATER_SAVING = (
    ("KZ", "area with water-saving technology", "area_with_water_saving_irrigation", "2023", "312200", "ha"),
    ("KZ", "area with water-saving technology", "area_with_water_saving_irrigation", "2025-12", "543500", "ha"),
    ("KZ", "share of irrigated land with water-saving technology", "share_of_land_with_water_saving_irrigation",
     "2025", "30", "%"),
    ("KZ-10", "area with water-saving technology", "area_with_water_saving_irrigation", "", "13900", "ha"),
    ("KZ-10", "irrigated land", "irrigated_land", "", "144000", "ha"),
)  # fmt: skip


def water_more(reference: Path) -> Iterator[Row]:
    """What stands in notes of the water table and in the table of programmes."""
    rows = read(reference / "kz_water.csv")
    for quantity, metric, value, unit, note in WATER_NOTES:
        row = next(row for row in rows if row["quantity"] == quantity)
        made = fact(row, amount=value, unit=unit, metric=metric, place="KZ", period=row["year"], note=note)
        assert made
        yield made
    plan = read(reference / "kz_programmes.csv")
    for region, indicator, metric, period, value, unit in WATER_SAVING:
        row = next(row for row in plan if (row["region_iso"], row["indicator"]) == (region, indicator))
        basis = "derived" if "base derived" in row["note"] else "published"
        made = fact(row, amount=value, unit=unit, metric=metric, place=region, period=period, basis=basis)
        assert made
        yield made


def basis_of(row: Row) -> str:
    """What a table's wording says of the number's nature."""
    said = f"{row['quantity']} {row.get('note', '')} {row.get('status', '')}"
    if re.search(r"planned|target|expected|possible", said):
        return "planned"
    return "derived" if "derived here" in said or "middle of the range" in said else "published"


def geothermal(row: Row) -> Row | None:
    made = fact(row, metric=slug(row["quantity"]), place=row["iso"], area="" if row["place"] == "Kazakhstan" else row["place"],
                object=row["name"], technology="geothermal", period=row["year"], basis=basis_of(row))  # fmt: skip
    if made and row["low"]:
        made |= {"low": plain(row["low"]), "high": plain(row["high"])}
    elif made and row["high"]:
        made["high"] = plain(row["high"])
    return made


def waste_regions(row: Row) -> Row | None:
    whole = row["kind"] == "region" and not row["place"].startswith("Almaty city,")
    note = "; ".join(text for text in (row["operator"], row["status"], row["note"]) if text)
    return fact(row, metric=slug(row["quantity"]), place=row["iso"], area="" if whole else row["place"],
                object=row["name"], period=row["year"], basis=basis_of(row), note=note)  # fmt: skip


def waste_facts(row: Row) -> Row | None:
    if row["unit"] in {"date", ""}:
        return None
    basis = "derived" if re.search("derived", row["definition"] + row["conflict_or_note"]) else basis_of(
        row | {"note": row["definition"]})  # fmt: skip
    note = "; ".join(text for text in (row["definition"], row["conflict_or_note"]) if text)
    return fact(row, metric=slug(row["quantity"]), period=row["year"], basis=basis, note=note, **placed(row["place"]))


def regional_renewables(row: Row) -> Iterator[Row | None]:
    if row["record"] != "region_total":
        return
    known = {"place": row["oblast_iso"], "period": row["generation_year"],
             "technology": "solar" if "solar plants" in row["name"] else "res_supported"}  # fmt: skip
    if row["capacity_mw"]:
        yield fact(row, amount=row["capacity_mw"], unit="MW", metric="installed_capacity", **known)
    if row["annual_generation_gwh"]:
        yield fact(row, amount=row["annual_generation_gwh"], unit="GWh", metric="generation", basis="measured", **known)
    plants = re.match(r"(?:over )?(\d+)[^,;]* plants", row["note"])
    if plants:
        yield fact(row, amount=plants[1], unit="number", metric="plants", **known)


# What a row of the emissions table says of the nature of its number. A permitted amount is a limit, no emission.
_LIMIT = re.compile(r"forecast|expected|permitted|after conversion|cut by conversion")
_WORKED_OUT = re.compile(r"model estimate|calculation|average")
_SPOKEN = re.compile(
    r"statement|operator|minist|mayor|oblast head|city|hearing|meeting|department|forecast|UNDP|page|reported"
)
_CITY_LEVELS = {"region", "city", "national"}


def city_emissions(row: Row) -> Row | None:
    """Pollutants, fuel and plants of cities and regions: the plant is the object, its town the area."""
    said = f"{row['metric']} {row['basis']}"
    basis = "planned" if _LIMIT.search(said) else "derived" if _WORKED_OUT.search(said) else "published"
    if basis == "published" and _SPOKEN.search(row["basis"]) and "statistics" not in row["basis"]:
        basis = "statement"
    whole = row["level"] in _CITY_LEVELS or row["place"] in {"Almaty", "Astana", "Shymkent", "Kazakhstan"}
    area = "" if whole or row["place"].endswith(" region") else row["place"]
    several = ";" in row["region_iso"]
    period, _, stage = row["period"].removeprefix("about ").partition(" ")
    stage = stage if period.isdigit() else ""
    told = (row["basis"], "about" if row["period"].startswith("about ") else "", stage, row["note"],
            "of the agglomeration" if row["level"] == "agglomeration" else "",
            "per normal cubic metre" if row["unit"] == "mg/nm3" else "",
            "column headed t of oil equivalent" if "equivalent" in row["unit"] else "")  # fmt: skip
    return fact(
        row, metric=EMISSION_METRICS.get(row["metric"], slug(row["metric"])), place="" if several else row["region_iso"],
        area=row["place"] if several else "agglomeration" if row["level"] == "agglomeration" else area,
        object="" if row["object"] in {*_CITY_LEVELS, "agglomeration"} else row["object"],
        period=period if stage or period.isdigit() else row["period"], basis=basis,
        note="; ".join(text for text in told if text),
    )  # fmt: skip


# Names that say whose share or which substance it is, where the table's own are short.
EMISSION_METRICS = {
    "SO2": "so2_to_air", "PM2.5 to air": "pm2_5_to_air", "heat capacity": "heat_output_capacity",
    "electric capacity": "electric_capacity_of_plant", "share of city emissions": "share_of_city_pollutants",
    "pollutants of stationary sources": "pollutants_of_stationary_sources",
}  # fmt: skip


# Rows of the plant and facility tables that stand for many objects, and earlier years of one plant's output:
# table, row, metric, place, technology, period, amount, unit.
AGGREGATES = (
    ("kz_res_plants", 90, "installed_capacity", "KZ", "biogas", "2025-05", "1.77", "MW"),
    ("kz_res_plants", 90, "plants", "KZ", "biogas", "2025-05", "3", "number"),
    ("kz_res_plants", 29, "generation", "KZ-11", "RP.WON", "2015", "78.9", "GWh"),
    ("kz_res_plants", 29, "generation", "KZ-11", "RP.WON", "2016", "141.6", "GWh"),
    ("kz_facilities", 98, "area_with_water_saving_irrigation", "KZ-61", "WA", "2025", "114000", "ha"),
    ("kz_facilities", 112, "biomass_boilers", "KZ-59", "HT.BIO", "2024-06", "125", "number"),
    ("kz_facilities", 134, "facilities_renewed", "KZ", "EB.PUB", "2022", "96", "number"),
    ("kz_facilities", 178, "certified_green_buildings", "KZ", "EB.GRB", "2024", "100", "number"),
    ("kz_facilities", 183, "area_with_drip_irrigated_cotton", "KZ-61", "WA.DRP", "2024", "2500", "ha"),
)


def aggregates(reference: Path) -> Iterator[Row]:
    tables = {name: read(reference / f"{name}.csv") for name in ("kz_res_plants", "kz_facilities")}
    for table, number, metric, place, technology, period, value, unit in AGGREGATES:
        row = tables[table][number - 1]
        made = fact(row, amount=value, unit=unit, metric=metric, place=place, object=row["name"], period=period,
                    technology=technology)  # fmt: skip
        assert made
        yield made


def carry(rows: list[Row], each: Callable[[Row], Row | None], left_out: list[str], name: str) -> Iterator[Row]:
    for position, row in enumerate(rows, 1):
        made = each(row)
        if made is None:
            left_out.append(f"{name} row {position}: {row.get('value', '')!r} is not a number")
        else:
            yield made


def build(reference: Path, target: Path = TARGET) -> list[str]:
    """Write all files into ``target``; the rows left out, with why."""
    left_out: list[str] = []
    single: tuple[tuple[str, str, Callable[[Row], Row | None]], ...] = (
        ("power_system", "kz_power_system", power_system), ("tariffs", "kz_tariffs", tariffs), ("water", "kz_water", water),
        ("geothermal", "kz_geothermal", geothermal), ("waste_regions", "kz_waste_regions", waste_regions),
        ("waste", "waste_facts_kaz", waste_facts), ("city_emissions", "kz_city_emissions", city_emissions),
    )  # fmt: skip
    several = (("interconnectors", "kz_interconnectors", interconnectors),
               ("regional_renewables", "kz_res_plants_more", regional_renewables))  # fmt: skip
    files = {name: list(carry(read(reference / f"{table}.csv"), each, left_out, table)) for name, table, each in single}
    for name, table, each in several:
        files[name] = [made for row in read(reference / f"{table}.csv") for made in each(row) if made]
    files["water"] += water_more(reference)
    files["aggregates"] = list(aggregates(reference))
    for name, rows in files.items():
        with (target / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return left_out


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print("\n".join(build(Path(sys.argv[1]))))
