"""Write programmes, their dated targets and support measures from the reference tables.

    python scripts/build_programmes.py REFERENCE_FOLDER

kz_programmes.csv has one row a target; it becomes programmes.csv (one row a programme) and targets.csv.
kz_support_measures.csv becomes support_measures.csv. All under src/jasyl/registry/data/starter. The reference tables
are in English; what each text says in Russian and Kazakh stands in programme_texts.csv, names of programmes in
starter_names.csv, both beside this script. A text that has no translation stops the build.
"""

import csv
import re
import sys
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src" / "jasyl" / "registry" / "data" / "starter"
# As written -> (UCUM, what qualifies it).
UNITS = {
    "%": ("%", ""), "% (about)": ("%", "about"), "% (at least)": ("%", "at least"), "% a year": ("%/a", ""),
    "% a year (at least)": ("%/a", "at least"), "% below 1990": ("%", "below 1990"),
    "% below 2008": ("%", "below 2008"), "% below 2012": ("%", "below 2012"), "% below 2021": ("%", "below 2021"),
    "% cut": ("%", "cut"), "% gain": ("%", "gain"), "GW": ("GW", ""), "GWh": ("GW.h", ""),
    "Gcal/hour": ("Gcal_IT/h", ""), "MW": ("MW", ""), "MW (nine plants)": ("MW", "nine plants"), "Mt": ("Mt", ""),
    "Mt CO2": ("Mt{CO2}", ""), "Mt CO2e": ("Mt{CO2e}", ""), "Mt/year": ("Mt/a", ""), "bn KZT": ("10*9.{KZT}", ""),
    "centner/ha": ("100.kg/har", ""), "date": ("", ""), "document": ("", ""), "kt/year": ("kt/a", ""),
    "mn m3/year": ("10*6.m3/a", ""), "number": ("{count}", ""), "number (757 MW)": ("{count}", "757 MW"),
    "t CO2/year": ("t{CO2}/a", ""), "thousand ha": ("1000.har", ""), "thousand m3/day": ("1000.m3/d", ""),
    "times": ("1", "times"), "times per ten years": ("1", "times per ten years"),
}  # fmt: skip
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
YEAR = re.compile(r"(?:19|20)\d{2}")
Row = dict[str, str]
TEXTS = Path(__file__).parent / "programme_texts.csv"
TRANSLATED = {"targets": ("indicator", "qualifier", "target_text"), "measures": ("name_en", "kind", "who", "size")}


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def translated(rows: list[Row], columns: tuple[str, ...]) -> list[Row]:
    """The rows with ``<column>_ru`` and ``<column>_kk`` behind each of ``columns``; empty where the text is empty."""
    texts = {row["text_en"]: row for row in read(TEXTS)}
    unknown = {row[column] for row in rows for column in columns if row[column] and row[column] not in texts}
    if unknown:
        sys.exit(f"{TEXTS.name} lacks: {'; '.join(sorted(unknown))}")
    made: list[Row] = []
    for row in rows:
        entry: Row = {}
        for column, text in row.items():
            entry[column] = text
            if column in columns:
                for language in ("ru", "kk"):
                    said = texts[text][f"text_{language}"] if text else ""
                    entry[f"{column.removesuffix('_en')}_{language}"] = said
        made.append(entry)
    return made


def confirmed(row: Row) -> str:
    """No for what is of low confidence or was written from memory."""
    said = f"{row['source']} {row['note']}"
    return "no" if row["confidence"] == "low" or "recalled: verify" in said else "yes"


def targets(rows: list[Row]) -> list[Row]:
    made: list[Row] = []
    for row in rows:
        unit, qualifier = UNITS[row["unit"]]
        value = row["target_value"]
        numeric = bool(NUMBER.fullmatch(value)) and bool(unit)
        years = YEAR.findall(row["target_year"])
        made.append({
            "programme": slug(row["programme"]), "goal": row["goal"], "indicator": row["indicator"],
            "region": row["region_iso"], "unit": unit, "unit_written": row["unit"], "qualifier": qualifier,
            "base_year": row["base_year"], "base_value": row["base_value"], "target_year": row["target_year"],
            "target_from": years[0] if years else "",
            "target_to": "" if row["target_year"].endswith("+") or not years else years[-1],
            "target_value": value if numeric else "", "target_text": "" if numeric else value,
            "source": row["source"], "source_date": row["source_date"], "confidence": row["confidence"],
            "confirmed": confirmed(row), "note": row["note"],
        })  # fmt: skip
    return translated(made, TRANSLATED["targets"])


def programmes(rows: list[Row]) -> list[Row]:
    names = {row["key"]: row for row in read(Path(__file__).parent / "starter_names.csv") if row["kind"] == "programme"}
    made: dict[str, Row] = {}
    for row in rows:
        key = slug(row["programme"])
        entry = made.setdefault(key, {
            "key": key, "name_en": row["programme"], "name_ru": names[key]["name_ru"],
            "name_kk": names[key]["name_kk"], "levels": "",
            "regions": "", "goals": "", "legal_acts": "",
        })  # fmt: skip
        for column, value in (("levels", row["level"]), ("regions", row["region_iso"]), ("goals", row["goal"]),
                              ("legal_acts", row["legal_act"])):  # fmt: skip
            entry[column] = "; ".join(dict.fromkeys(text for text in (*entry[column].split("; "), value) if text))
    return list(made.values())


def measures(rows: list[Row]) -> list[Row]:
    made = [
        {"key": slug(row["measure"]), "name_en": row["measure"], "kind": row["kind"], "who": row["who"],
         "condition": row["condition"], "size": row["size"], "valid_from": row["valid_from"],
         "valid_to": row["valid_to"], "legal_act": row["legal_act"], "source": row["source"],
         "source_date": row["source_date"], "confidence": row["confidence"], "confirmed": confirmed(row),
         "note": row["note"]}
        for row in rows
    ]  # fmt: skip
    return translated(made, TRANSLATED["measures"])


def build(reference: Path, target: Path = TARGET) -> None:
    rows = read(reference / "kz_programmes.csv")
    write(target / "programmes.csv", programmes(rows))
    write(target / "targets.csv", targets(rows))
    write(target / "support_measures.csv", measures(read(reference / "kz_support_measures.csv")))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    build(Path(sys.argv[1]))
