"""Write the wind turbines' package data from the two packages that carry power curves.

    python scripts/build_turbines.py

The 67 power curves of windpowerlib 0.2.2 (the wind turbine library of the OpenEnergy Platform) and the 27 of atlite
0.7 become src/jasyl/atlas/wind/data/turbines.json, one turbine a line: powers in W, speeds in m/s, as decimal texts
where they are not whole, curve points as [speed, power]. Nothing is changed but units and the writing of heights.
"""

import csv
import importlib.util
import json
import re
import sys
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path

import yaml

TARGET = Path(__file__).parents[1] / "src" / "jasyl" / "atlas" / "wind" / "data" / "turbines.json"
EXPECTED = {"windpowerlib": ("0.2.2", 67), "atlite": ("0.7", 27)}


def package(name: str) -> Path:
    """The folder of an installed package, without importing it; another version than the expected one is refused."""
    found = version(name)
    if not f"{found}.".startswith(f"{EXPECTED[name][0]}."):
        sys.exit(f"{name} {EXPECTED[name][0]} is expected, {found} is installed")
    spec = importlib.util.find_spec(name)
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent


def number(text: str | float | Decimal) -> str:
    """A decimal text without idle zeros: 3.50 -> 3.5."""
    return f"{Decimal(str(text)).normalize():f}"


def hub_heights(text: str) -> list[str]:
    """Heights as the library writes them: "87,5; 100; 120", "75/85", "90;"."""
    parts = [part.strip().replace(",", ".") for part in re.split(r"[;/]", text)]
    return sorted({number(part) for part in parts if part}, key=Decimal)


def of_windpowerlib() -> list[dict[str, object]]:
    folder = package("windpowerlib") / "oedb"
    with (folder / "turbine_data.csv").open(encoding="utf-8", newline="") as file:
        types = {row["turbine_type"]: row for row in csv.DictReader(file)}
    with (folder / "power_curves.csv").open(encoding="utf-8", newline="") as file:
        curves = list(csv.DictReader(file))
    found: list[dict[str, object]] = []
    for row in curves:
        name = row.pop("turbine_type")
        kind = types[name]
        curve = [[number(speed), number(power)] for speed, power in row.items() if power]
        rated = number(kind["nominal_power"])
        found.append({
            "id": name, "name": kind["name"] or name, "manufacturer": kind["manufacturer"], "rated": rated,
            "hub_heights": hub_heights(kind["hub_height"]),
            "rotor_diameter": number(kind["rotor_diameter"]) if kind["rotor_diameter"] else None,
            "curve": curve, "source": kind["source"].strip(" ;"), "collection": "windpowerlib",
        })  # fmt: skip
    return found


def of_atlite() -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for file in sorted((package("atlite") / "resources" / "windturbine").glob("*.yaml")):
        sheet = yaml.safe_load(file.read_text(encoding="utf-8"))
        powers = [number(Decimal(str(power)) * 1_000_000) for power in sheet["POW"]]
        curve = [[number(speed), power] for speed, power in zip(sheet["V"], powers, strict=True)]
        rated = max(powers, key=Decimal)
        found.append({
            "id": file.stem, "name": str(sheet["name"]).strip(), "manufacturer": str(sheet["manufacturer"]).strip(),
            "rated": rated, "hub_heights": [number(sheet["HUB_HEIGHT"])], "rotor_diameter": None, "curve": curve,
            "source": str(sheet["source"]).strip(), "collection": "atlite",
        })  # fmt: skip
    return found


def main() -> None:
    turbines: list[dict[str, object]] = []
    for name, found in (("windpowerlib", of_windpowerlib()), ("atlite", of_atlite())):
        if len(found) != EXPECTED[name][1]:
            sys.exit(f"{name}: {len(found)} power curves, {EXPECTED[name][1]} are expected")
        turbines.extend(found)
    if len({turbine["id"] for turbine in turbines}) != len(turbines):
        sys.exit("an id occurs twice")
    lines = [json.dumps(turbine, ensure_ascii=False, separators=(",", ":")) for turbine in turbines]
    TARGET.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
    print(f"{len(turbines)} turbines, {TARGET.stat().st_size} B")


if __name__ == "__main__":
    main()
