"""Write the solar panels of the PyPI package atlite 0.7 (data CC BY 4.0) as the program's own data file.

    python scripts/build_panels.py

atlite is a test dependency; its panel sheets, and nothing else, become ``atlas/solar/data/panels.json``.
"""

import json
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import yaml

TARGET = Path(__file__).parents[1] / "src" / "jasyl" / "atlas" / "solar" / "data" / "panels.json"
PANELS = ("CSi", "CdTe", "KANENA")
# What the two models read, by the names of the sheets.
HULD = ("c_temp_amb", "c_temp_irrad", "r_tmod", "r_irradiance", "k_1", "k_2", "k_3", "k_4", "k_5", "k_6")
BOFINGER = ("A", "B", "C", "D", "NOCT", "Tstd", "Tamb", "Intc", "ta", "threshold")


def build(target: Path = TARGET) -> None:
    """Write the data file."""
    spec = find_spec("atlite")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "resources" / "solarpanel"
    panels: list[dict[str, object]] = []
    for name in PANELS:
        sheet = yaml.safe_load((folder / f"{name}.yaml").read_text(encoding="utf-8"))
        wanted = (*(HULD if sheet["model"] == "huld" else BOFINGER), "inverter_efficiency")
        panels.append(
            {
                "id": name,
                "name": sheet["name"],
                "model": sheet["model"],
                "reference": sheet["source"],
                "parameters": {key: float(sheet[key]) for key in wanted},
            }
        )
    document = {
        "source": f"atlite {version('atlite')}, resources/solarpanel",
        "licence": "CC BY 4.0",
        "address": "https://github.com/PyPSA/atlite",
        "panels": panels,
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    build()
