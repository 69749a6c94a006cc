"""Write the Kazakhstan starter from the reference tables and the reviewed decisions.

    python scripts/build_starter.py REFERENCE_FOLDER

Reads kz_res_plants.csv, kz_res_plants_more.csv and kz_facilities.csv, and from this folder
``starter_mapping.csv`` (one row for each row of those tables: what becomes of it, technology, capacity and unit,
status, whether it counts, names, why), ``starter_parties.csv`` (each enterprise text taken apart) and
``starter_names.csv`` (Russian and Kazakh names of enterprises). Writes
enterprises, facilities and owners under src/jasyl/registry/data/starter, and ``starter_ledger.csv`` here, which
says for every row of the tables where it went. The same input gives the same bytes.
"""

import csv
import re
import sys
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).parent
TARGET = HERE.parent / "src" / "jasyl" / "registry" / "data" / "starter"
TABLES = ("kz_res_plants", "kz_res_plants_more", "kz_facilities")
# kz_res_plants.csv gives no date of its own for this source; its fleet is that of about 2022.
UNDATED = {"github pypsa-meets-earth/pypsa-kz-data data/custom_powerplants.csv (CC-BY-4.0)": "2022"}
DATE = re.compile(r"(?<!\d)(?:19|20)\d{2}(?:-(?:0[1-9]|1[0-2])(?:-[0-3]\d)?)?(?!\d)")
ORDER = {"low": 0, "medium": 1, "high": 2}
FACILITY = (
    "key", "name_en", "name_ru", "name_kk", "description", "enterprise", "technology", "status", "status_certain",
    "status_date", "commissioned", "expected", "capacity", "capacity_unit", "second_measure", "second_unit",
    "stands_for", "region", "regions", "place", "lon", "lat", "place_precision", "annual_output", "output_unit",
    "output_year", "output_kind", "design_output", "design_output_unit", "cost", "cost_currency", "co2_saving_t",
    "saving", "saving_unit", "source", "source_date", "confidence", "confirmed", "possible_duplicate_of", "note",
)  # fmt: skip
ENTERPRISE = ("key", "name_en", "name_ru", "name_kk", "bin", "kind", "source", "source_date", "confidence")
OWNER = ("facility", "enterprise", "role", "share_percent", "source", "source_date", "confidence")
LEDGER = ("table", "row", "name", "fate", "target", "reason")
Row = dict[str, str]


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, columns: tuple[str, ...], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def joined(*texts: str) -> str:
    """Texts in one, empty and repeated ones left out."""
    return "; ".join(dict.fromkeys(text.strip(" ;.") for text in texts if text.strip(" ;.")))


def date_of(row: Row, addition: Row) -> str:
    """The newest date the sources name: that of the status."""
    texts = (addition.get("source_date", ""), row.get("source_date", ""), row["source"], UNDATED.get(row["source"], ""))
    return max((date for text in texts for date in DATE.findall(text) if date[:4] <= "2026"), default="")


def number(text: str) -> str:
    """A number as it is kept: no trailing zeros after the point."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def output_of(row: Row, addition: Row, decision: Row) -> Row:
    """Output is what a year brought; design values and rates stand apart and never count as output."""
    generation = row.get("annual_generation_gwh", "") or addition.get("annual_generation_gwh", "")
    if decision["output_year"]:
        return {"annual_output": row.get("annual_output") or generation, "output_unit": decision["output_unit"],
                "output_year": decision["output_year"], "output_kind": decision["output_kind"]}  # fmt: skip
    return {"design_output": generation, "design_output_unit": "GW.h/a"} if generation else {}


def notes_of(row: Row, addition: Row, decision: Row) -> str:
    """What the sources add, and where they disagree with what was kept."""
    said = [row.get("note", ""), addition.get("note", ""), decision["review"]]
    if addition.get("confidence") == "low" and addition["enterprise"]:
        said[1] = f"owner not certain: {addition['note']}"
    year = addition.get("year_commissioned", "")
    if year and decision["commissioned"] and year != decision["commissioned"][:4]:
        said.append(
            f"conflicting: commissioned {decision['commissioned']} in the base list, {year} by {addition['source']}"
        )
    if row.get("annual_output") and not decision["output_year"]:
        said.append(
            f"published: {row['annual_output']} {row['output_unit']} ({row['output_year'] or 'year not stated'})"
        )
    unit = row.get("capacity_unit", "")
    if unit and not decision["capacity"] and row.get("capacity"):
        said.append(f"as published: {row['capacity']} {unit}")
    return joined(*said)


def facility(row: Row, addition: Row, decision: Row, enterprise: str) -> Row:
    """One facility: the base row, completed by the addition of the same name, decided by the mapping."""
    region = row.get("region_iso", row.get("oblast_iso", ""))
    saving = {"saving": row.get("saving", ""), "saving_unit": row.get("saving_unit", "")}
    co2 = addition.get("co2_saving_t_per_year", "") or row.get("co2_saving_t_per_year", "")
    if "CO2e/year" in saving["saving_unit"]:
        co2 = saving["saving"]
    kept = {name: decision[name] for name in FACILITY if name in decision} | {"capacity": number(decision["capacity"])}
    # The mapping speaks last; its empty confidence leaves that of the table.
    return dict.fromkeys(FACILITY, "") | output_of(row, addition, decision) | saving | {
        name: value for name, value in kept.items() if value or name in {"region", "expected", "capacity"}
    } | {
        "name_en": row["name"], "description": row["technology"] if "region_iso" in row else "",
        "enterprise": enterprise, "status_date": date_of(row, addition),
        "regions": region if ";" in region else "", "place": row.get("place", ""), "lon": row["lon"], "lat": row["lat"],
        "cost": addition.get("cost", "") or row.get("cost", ""),
        "cost_currency": addition.get("cost_currency", "") or row.get("cost_currency", ""), "co2_saving_t": co2,
        "source": joined(row["source"], "" if addition.get("confidence") == "low" else addition.get("source", "")),
        "source_date": joined(row.get("source_date", "") or UNDATED.get(row["source"], ""), addition.get("source_date", "")),
        "confidence": decision["confidence"] or row["confidence"], "note": notes_of(row, addition, decision),
    }  # fmt: skip


class Parties:
    """Enterprises as they are met: one row each, the best source kept."""

    def __init__(self, table: list[Row], names: list[Row]) -> None:
        self.names = {row["key"]: row for row in names if row["kind"] == "enterprise"}
        self.written: dict[str, list[Row]] = {}
        for row in table:
            self.written.setdefault(row["written"], []).append(row)
        self.enterprises: dict[str, Row] = {}
        self.owners: list[Row] = []

    def enter(self, facility: str, given: Row) -> str:
        """Note the parties that ``given`` names for a facility; the key of the first, or empty."""
        text = given.get("enterprise", "")
        if not text:
            return ""
        parties = [party for party in self.written[text] if party["key"]]
        proof = {name: given.get(name, "") for name in ("source", "source_date", "confidence")}
        for party in parties:
            self.owners.append({
                "facility": facility, "enterprise": party["key"], "role": party["role"],
                "share_percent": party["share_percent"], **proof,
            })  # fmt: skip
            known = self.enterprises.get(party["key"])
            if known is None or ORDER[known["confidence"]] < ORDER[proof["confidence"]]:
                name = self.names.get(party["key"], {})
                self.enterprises[party["key"]] = {
                    "key": party["key"], "name_en": party["name"], "name_ru": name.get("name_ru", ""),
                    "name_kk": name.get("name_kk", ""),
                    "bin": given.get("bin", ""), "kind": party["kind"], **proof,
                }  # fmt: skip
        return parties[0]["key"] if parties else ""


def build(reference: Path, target: Path = TARGET, ledger_folder: Path = HERE) -> None:
    """Write the starter into ``target`` and the ledger into ``ledger_folder``."""
    tables = {table: read(reference / f"{table}.csv") for table in TABLES}
    decisions = read(HERE / "starter_mapping.csv")
    additions = {row["join_name"]: row for row in tables["kz_res_plants_more"] if row["record"] == "addition"}
    parties = Parties(read(HERE / "starter_parties.csv"), read(HERE / "starter_names.csv"))
    facilities: list[Row] = []
    ledger: list[Row] = []
    for decision in decisions:
        row = tables[decision["table"]][int(decision["row"]) - 1]
        if row["name"] != decision["name"]:
            sys.exit(f"{decision['table']} row {decision['row']}: {row['name']!r}, decided was {decision['name']!r}")
        ledger.append({
            "table": decision["table"], "row": decision["row"], "name": decision["name"], "fate": decision["fate"],
            "target": decision["key"], "reason": decision["review"] if decision["fate"] != "facility" else "",
        })  # fmt: skip
        if decision["fate"] == "facility":
            addition = additions.get(row["name"], {}) if decision["table"] == "kz_res_plants" else {}
            given = addition if addition.get("enterprise") else row
            facilities.append(facility(row, addition, decision, parties.enter(decision["key"], given)))
    target.mkdir(parents=True, exist_ok=True)
    write(target / "facilities.csv", FACILITY, facilities)
    write(target / "enterprises.csv", ENTERPRISE, (parties.enterprises[key] for key in sorted(parties.enterprises)))
    write(target / "owners.csv", OWNER, parties.owners)
    write(ledger_folder / "starter_ledger.csv", LEDGER, ledger)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    build(Path(sys.argv[1]))
