"""Write the starter's projects from its facilities and the reviewed decisions.

    python scripts/build_projects.py

A facility of the starter that is still to come, and of which its source tells money, is a project: what the source
says of it stands in facilities.csv (written by build_starter.py); ``starter_projects.csv`` in this folder decides for
each the kind of undertaking, whether the amount is the whole investment, where the money comes from, and why. A loan, a
yearly allotment or an amount of unclear meaning is told in the note and is no investment. The same input gives the same
bytes.
"""

import csv
import sys
from pathlib import Path

HERE = Path(__file__).parent
TARGET = HERE.parent / "src" / "jasyl" / "registry" / "data" / "starter"
COLUMNS = (
    "key", "name_en", "name_ru", "name_kk", "kind", "enterprise", "partners", "facility", "technology", "status",
    "status_date", "expected", "capacity", "capacity_unit", "investment", "investment_currency", "financing", "support",
    "programme", "region", "place", "lon", "lat", "place_precision", "description", "source", "source_date", "confidence",
    "confirmed", "note",
)  # fmt: skip
# Statuses of facilities as those of projects; a facility whose financing is signed belongs to a financed project.
STATUS = {"planned": "planned", "financing": "financed", "under_construction": "under_construction"}
TAKING_PART = frozenset({"owner", "co-owner", "developer", "investor"})
Row = dict[str, str]


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def project(facility: Row, decision: Row, partners: list[str]) -> Row:
    """The project that leads to ``facility``."""
    whole = decision["investment"] == "yes"
    amount = "" if whole else f"amount told: {facility['cost']} {facility['cost_currency']}"
    certain = facility["confirmed"] == "yes" and facility["status_certain"] == "yes"
    return {name: facility.get(name, "") for name in COLUMNS} | {
        "kind": decision["kind"],
        "partners": ";".join(partners),
        "facility": facility["key"],
        "status": decision["status"] or STATUS[facility["status"]],
        "investment": facility["cost"] if whole else "",
        "investment_currency": facility["cost_currency"] if whole else "",
        "financing": decision["financing"].replace(";", ""),
        "support": decision["support"],
        "programme": decision["programme"],
        "confirmed": "yes" if certain else "no",
        "note": "; ".join(text for text in (facility["note"], decision["review"], amount) if text),
    }


def build(target: Path = TARGET) -> None:
    """Write projects.csv into ``target``, where facilities and owners stand already."""
    facilities = {row["key"]: row for row in read(target / "facilities.csv")}
    owners = read(target / "owners.csv")
    rows: list[Row] = []
    for decision in read(HERE / "starter_projects.csv"):
        facility = facilities.get(decision["facility"])
        if facility is None or not facility["cost"]:
            sys.exit(f"{decision['facility']}: no such facility with an amount")
        partners = [
            owner["enterprise"]
            for owner in owners
            if owner["facility"] == facility["key"]
            and owner["role"] in TAKING_PART
            and owner["enterprise"] != facility["enterprise"]
        ]
        rows.append(project(facility, decision, list(dict.fromkeys(partners))))
    with (target / "projects.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: row["key"]))


if __name__ == "__main__":
    build()
