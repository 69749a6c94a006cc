"""A user's own power curve from a file: CSV or a workbook with two columns, or JSON."""

from decimal import Decimal
from pathlib import Path

import msgspec

from jasyl.intake import Template, TemplateColumn, choose, read, read_tables
from jasyl.quantities import convert, unit
from jasyl.texts import Language, Refusal, Where

from .power_curve import PowerCurve, check_shape
from .turbines import Turbine

_SPEED: dict[Language, str] = {"kk": "Жел жылдамдығы", "ru": "Скорость ветра", "en": "Wind speed"}
# What a table without a file is called where something is said about it.
PASTED = "power-curve.csv"
_POWER: dict[Language, str] = {"kk": "Қуат", "ru": "Мощность", "en": "Power"}

# Bare numbers of power are kW, as makers' sheets give them; another unit stands in the header or behind the number.
POWER_CURVE = Template(
    "power-curve",
    (
        TemplateColumn(
            "wind_speed", _SPEED, "decimal", "m/s", required=True, minimum=Decimal(0), example="3.5",
            synonyms=("speed", "v", "ws", "скорость", "жылдамдық"),
        ),
        TemplateColumn(
            "power", _POWER, "decimal", "kW", required=True, minimum=Decimal(0), example="150",
            synonyms=("p", "output", "power output", "выходная мощность"),
        ),
    ),
)  # fmt: skip


class _Document(msgspec.Struct, forbid_unknown_fields=True):
    """The JSON form: powers in ``power_unit``, hub height and rotor in metres."""

    wind_speed: tuple[float, ...]
    power: tuple[float, ...]
    power_unit: str
    name: str = ""
    manufacturer: str = ""
    rated_power: float | None = None
    hub_height: float | None = None
    rotor_diameter: float | None = None


def read_turbine(
    given: Path | bytes, *, name: str | None = None, rated: float | None = None, hub_height: float | None = None
) -> Turbine:
    """The turbine whose curve a file or a pasted table holds; ``rated`` (W) is its peak unless given here or there.

    A table (CSV, XLSX, ODS) has the columns ``wind_speed`` and ``power`` (kW unless the header says MW or W), rising
    speeds; two rows of one speed are a step. Raises Refusal of ``jasyl.intake``, ``power-curve-file`` and
    ``power-curve-…``.
    """
    path = given if isinstance(given, Path) else Path(PASTED)
    if path.suffix.lower() == ".json":
        found = _from_json(path)
    else:
        speeds, powers = _from_table(given, path.name)
        found = _Document(speeds, powers, "W")
    where = Where(file=path.name)
    try:
        scale = float(convert(Decimal(1), unit(found.power_unit), unit("W")))
        powers = tuple(power * scale for power in found.power)
        declared = rated if rated is not None else found.rated_power * scale if found.rated_power else None
        curve = PowerCurve(found.wind_speed, powers, declared if declared is not None else max(powers, default=0.0))
        check_shape(curve)
    except Refusal as refusal:
        raise Refusal(refusal.code, where=where, **refusal.arguments) from refusal
    height = hub_height if hub_height is not None else found.hub_height
    return Turbine(
        id="own",
        name=name or found.name or path.stem,
        manufacturer=found.manufacturer,
        curve=curve,
        hub_heights=() if height is None else (height,),
        rotor_diameter=found.rotor_diameter,
        source=path.name,
    )


def _from_json(path: Path) -> _Document:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Document)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Refusal("power-curve-file", where=Where(file=path.name), reason=str(error)[:200]) from error


def _from_table(given: Path | bytes, name: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    table = choose(read_tables(given, name), POWER_CURVE)
    reading = read(table, POWER_CURVE)
    if reading.problems:
        raise reading.problems[0].refusal
    rows = reading.rows
    return tuple(float(row["wind_speed"]) for row in rows), tuple(float(row["power"]) for row in rows)
