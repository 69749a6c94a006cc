"""Write the package data of landfill decay and of the biomass layers from the reference tables.

    python scripts/build_residues.py REFERENCE_FOLDER

Rows are carried one to one with source and confidence: nothing is averaged. What is of low confidence or written from
memory is marked unconfirmed. Rows of a single farm or plant are left out.
"""

import csv
import sys
from pathlib import Path

JASYL = Path(__file__).parents[1] / "src" / "jasyl"
Row = dict[str, str]
LEVELS = {"country": "country", "oblast": "region", "district": "district"}
REGIONS = {f"KZ-{code}" for code in (10, 11, 15, 19, 23, 27, 31, 33, 35, 39, 43, 47, 55, 59, 61, 62, 63, 71, 75, 79)}
# Codes of the state classifier of places (KATO, NK RK 11) for the districts of the table, as geokz (CC BY 4.0) carries
# them: found by name within the region, one for each; tests/atlas/test_reference_data.py compares them anew.
# fmt: off
KATO = {
    "Aksuat district": "103400000", "Akkol": "113200000", "Arshaly": "113400000", "Astrakhan": "113600000",
    "Atbasar": "113800000", "Birzhan sal": "114500000", "Bulandy": "114000000", "Burabay": "117000000",
    "Egindikol": "114400000", "Ereymentau": "114600000", "Esil (Akmola)": "114800000",
    "Kokshetau city area": "111000000", "Korgalzhyn": "116000000", "Kosshy city area": "111600000",
    "Sandyktau": "116400000", "Shortandy": "116800000", "Stepnogorsk city area": "111800000",
    "Tselinograd": "116600000", "Zerendi": "115600000", "Zhaksy": "115200000", "Zharkain": "115400000",
    "Altynsarin": "393200000", "Amangeldi": "393400000", "Arkalyk city area": "391600000", "Auliekol": "393600000",
    "Beimbet Mailin": "396400000", "Denisov": "394000000", "Fyodorov": "396800000", "Kamysty": "394800000",
    "Karabalyk": "395000000", "Karasu": "395200000", "Kostanay city": "391000000", "Kostanay district": "395400000",
    "Lisakovsk city area": "392000000", "Mendykara": "395600000", "Nauryzym": "395800000", "Sarykol": "396200000",
    "Uzynkol": "396600000", "Zhangeldi": "394200000", "Zhitikara": "394400000", "Aiyrtau": "593200000",
    "Akkayyn": "595800000", "Akzhar": "593400000", "Esil (North Kazakhstan)": "594200000",
    "Gabit Musrepov": "596600000", "Kyzylzhar": "595000000", "Magzhan Zhumabaev": "593600000",
    "Mamlyut": "595200000", "Shal akyn": "595600000", "Taiynsha": "596000000", "Timiryazev": "596200000",
    "Ualikhanov": "596400000", "Zhambyl district (North Kazakhstan)": "594600000", "Sozak district": "615600000",
}
# Further factors the layers use, in the columns of the table: id, feedstock, residue, place, quantity, value, low,
# high, unit, basis, year, source, confidence, note.
TECHNOLOGY = "github PyPSA/technology-data outputs/costs_2025.csv (commit 634cdc1), technology"
MORE = (
    ("conv.biomass_chp.electric", "solid biomass", "", "Europe", "electric efficiency of cogeneration", "0.2998", "",
     "", "fraction", "lower heating value", "2025", f"{TECHNOLOGY} biomass CHP (Danish Energy Agency)", "medium", ""),
    ("conv.biomass_chp.heat", "solid biomass", "", "Europe", "heat efficiency of cogeneration", "0.7088", "", "",
     "fraction", "lower heating value", "2025", f"{TECHNOLOGY} biomass CHP (Danish Energy Agency)", "medium", ""),
    ("conv.gas_chp.electric", "biogas", "", "Europe", "electric efficiency of a gas engine", "0.405", "", "",
     "fraction", "lower heating value", "2025", f"{TECHNOLOGY} central gas CHP", "medium", "natural gas engine"),
    ("conv.gas_boiler.heat", "biogas", "", "Europe", "heat efficiency of a boiler", "0.975", "", "", "fraction",
     "lower heating value", "2025", f"{TECHNOLOGY} gas boiler", "medium", "natural gas boiler"),
    ("assume.organics.capture", "municipal organics", "", "Kazakhstan", "share collected apart", "0.4", "", "",
     "fraction", "share of organics", "2025", "astana-web.kz: below 40 % of Astana's people have separate collection",
     "medium", "upper bound of today's reach taken as the share that could be had everywhere: an assumption"),
    ("assume.housed.collectable", "pigs, poultry", "manure", "Kazakhstan", "collectable share", "1", "", "", "fraction",
     "share of manure", "", "assumption of this project: kept in houses all year", "medium", ""),
)
# fmt: on


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def confirmed(row: Row) -> str:
    said = " ".join(row.get(name, "") for name in ("source", "note")).lower()
    return "no" if row["confidence"] == "low" or "recalled" in said or "do not use" in said else "yes"


def write(path: Path, rows: list[Row]) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def agriculture(rows: list[Row]) -> list[Row]:
    made: list[Row] = []
    for row in rows:
        if row["level"] not in LEVELS:
            continue
        level = LEVELS[row["level"]]
        place = KATO[row["place"]] if level == "district" else row["iso"]
        former = level == "region" and place not in REGIONS
        made.append(
            {
                "place": place,
                "level": "former region" if former else level,
                "region": row["iso"] if level == "district" else "",
                "name": row["place"],
                "item": row["item"],
                "quantity": row["quantity"],
                "value": row["value"],
                "unit": {"ha": "har", "heads": "{head}", "t/ha": "t/har"}.get(row["unit"], row["unit"]),
                "year": row["year"],
                "source": row["source"],
                "confidence": row["confidence"],
                "confirmed": confirmed(row),
                "note": row["note"],
            }
        )
    return made


def landfill(rows: list[Row]) -> list[Row]:
    """Decay parameters and waste composition; the column of the gas is left out."""
    wanted = [row for row in rows if row["group"] in {"waste_fod", "waste_composition"} or row["factor_id"] == METHANE]
    keep = ("factor_id", "item", "parameter", "condition", "value", "low", "high", "unit", "source", "confidence")
    return [{name: row[name] for name in keep} | {"confirmed": recalled(row), "note": row["note"]} for row in wanted]


METHANE = "ncv.landfill_gas"


def recalled(row: Row) -> str:
    """A range from general knowledge does not make the value beside it doubtful."""
    about = row["note"].replace("low/high from general knowledge of the IPCC table, value from EFDB", "")
    return "no" if row["confidence"] == "low" or "general knowledge" in about else "yes"


def main(reference: Path) -> None:
    write(JASYL / "emissions" / "data" / "landfill_factors.csv", landfill(read(reference / "emission_factors.csv")))
    factors = read(reference / "bioenergy_factors.csv")
    factors += [dict(zip(factors[0], row, strict=True)) for row in MORE]
    write(JASYL / "atlas" / "data" / "bioenergy_factors.csv", [row | {"confirmed": confirmed(row)} for row in factors])
    write(JASYL / "atlas" / "data" / "agriculture.csv", agriculture(read(reference / "kz_agriculture.csv")))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
