"""Write the package data of climate stations and wind masts from the reference table of normals.

    python scripts/build_station_normals.py REFERENCE_FOLDER

``kz_climate_normals.csv`` becomes src/jasyl/atlas/climate/data/normals.csv: the normals of stations (temperature and
its mean extremes, precipitation) and the wind of masts, month by month with source, period and confidence. Left away
are what can be worked out from these (degree days), and what belongs to a region or a building code, not to a point.
"""

import csv
import sys
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src" / "jasyl" / "atlas" / "climate" / "data" / "normals.csv"
KEPT = {
    "temp_mean", "temp_max_mean", "temp_min_mean", "precipitation", "precip_days_ge1mm",
    "wind_speed_mean", "wind_speed_mean_80m", "wind_speed_record",
}  # fmt: skip
UNITS = {"degC": "Cel"}
COLUMNS = (
    "station", "wmo_id", "region_iso", "longitude", "latitude", "elevation_m", "variable", "month", "value", "unit",
    "period", "source", "confidence", "note",
)  # fmt: skip


def main(reference: Path) -> None:
    with (reference / "kz_climate_normals.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["variable"] in KEPT]
    for row in rows:
        row["longitude"], row["latitude"] = row["lon"], row["lat"]
        row["unit"] = UNITS.get(row["unit"], row["unit"])
    rows.sort(key=lambda row: (row["station"], row["variable"], int(row["month"])))
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{len(rows)} rows of {len({row['station'] for row in rows})} stations and masts")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
