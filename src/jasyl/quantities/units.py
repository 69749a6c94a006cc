"""Units: UCUM codes, their base unit, and the ways people write them in three languages."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from jasyl.texts import LANGUAGES, Language, Refusal, Where, say


@dataclass(frozen=True)
class Unit:
    """A unit of measure.

    ``ucum`` is its UCUM code, ``dimension`` what it measures, ``factor`` how many base units of that
    dimension it holds (exact decimal). The base unit of each dimension has factor 1. ``key`` names its
    short written form in the catalogue (message ``unit-<key>``).
    """

    ucum: str
    dimension: str
    factor: Decimal
    key: str

    def written(self, language: Language) -> str:
        """The short form in ``language``, for example кВт·сағ, кВт·ч, kWh."""
        return say(language, f"unit-{self.key}")

    def words(self) -> dict[Language, str]:
        """The short form in every language."""
        return {language: self.written(language) for language in LANGUAGES}

    def refuse_other(self, other: "Unit", where: Where | None = None) -> None:
        """Raises Refusal ``unit-dimension`` when values of ``other`` cannot be told in this unit."""
        if other.dimension != self.dimension:
            raise Refusal("unit-dimension", where=where, received=other.words(), expected=self.words())

    def to_base(self, value: Decimal | int | str) -> Decimal:
        """``value`` of this unit in base units, exact."""
        return Decimal(value) * self.factor

    def from_base(self, value: Decimal | int | str) -> Decimal:
        """A value of base units in this unit (28 significant digits)."""
        return Decimal(value) / self.factor


def _unit(ucum: str, dimension: str, factor: str, key: str, *spellings: str) -> tuple[Unit, tuple[str, ...]]:
    return Unit(ucum, dimension, Decimal(factor), key), (ucum, key, *spellings)


# fmt: off
_TABLE = (
    _unit("W", "power", "1", "W", "Вт"),
    _unit("kW", "power", "1e3", "kW", "кВт"),
    _unit("MW", "power", "1e6", "MW", "МВт"),
    _unit("GW", "power", "1e9", "GW", "ГВт"),
    # 1 cal(IT) = 4.1868 J (ISO 80000-5): 1 Gcal/h = 4.1868e9 J / 3600 s
    _unit("Gcal_IT/h", "power", "1163000", "Gcal-h", "Gcal/h", "Гкал/ч", "Гкал/сағ", "Gcal/hour"),
    _unit("W.h", "energy", "1", "Wh", "Wh", "Вт·ч", "Вт·сағ"),
    _unit("kW.h", "energy", "1e3", "kWh", "kWh", "кВт·ч", "кВтч", "кВт*ч", "кВт.ч", "кВт·сағ"),
    _unit("MW.h", "energy", "1e6", "MWh", "MWh", "МВт·ч", "МВтч", "МВт*ч", "МВт·сағ"),
    _unit("GW.h", "energy", "1e9", "GWh", "GWh", "ГВт·ч", "ГВтч", "ГВт·сағ"),
    _unit("TW.h", "energy", "1e12", "TWh", "TWh", "ТВт·ч", "ТВт·сағ"),
    _unit("Gcal_IT", "energy", "1163000", "Gcal", "Gcal", "Гкал"),
    # 1 W·h = 3600 J: no finite decimal, so to 28 digits.
    _unit("MJ", "energy", "277.7777777777777777777777778", "MJ", "МДж"),
    _unit("GJ", "energy", "277777.7777777777777777777778", "GJ", "ГДж"),
    _unit("TJ", "energy", "277777777.7777777777777777778", "TJ", "ТДж"),
    # Tonne of coal equivalent, 7 Gcal: the conventional fuel ("условное топливо") of Kazakh statistics.
    _unit("{tce}", "energy", "8141000", "tce", "т у.т.", "т ш.о."),
    _unit("J/kg", "specific energy", "1", "J-kg", "Дж/кг"),
    _unit("MJ/kg", "specific energy", "1e6", "MJ-kg", "МДж/кг", "TJ/Gg", "GJ/t", "ГДж/т", "ТДж/Гг"),
    _unit("kcal_IT/kg", "specific energy", "4186.8", "kcal-kg", "kcal/kg", "ккал/кг"),
    _unit("J/m3", "energy density", "1", "J-m3", "Дж/м3", "Дж/м³"),
    _unit("MJ/m3", "energy density", "1e6", "MJ-m3", "MJ/m³", "МДж/м3", "МДж/м³"),
    _unit("kcal_IT/m3", "energy density", "4186.8", "kcal-m3", "kcal/m3", "kcal/m³", "ккал/м3", "ккал/м³"),
    _unit("kg/m3", "density", "1", "kg-m3", "kg/m³", "кг/м3", "кг/м³"),
    _unit("t/m3", "density", "1e3", "t-m3", "t/m³", "т/м3", "т/м³", "kg/L", "кг/л", "g/cm3"),
    # What the air holds of a pollutant, as stations report it: whole kg/m3 would leave nothing of it.
    _unit("ug/m3", "mass concentration", "1", "ug-m3", "µg/m3", "μg/m3", "μg/m³", "мкг/м3"),
    _unit("mg/m3", "mass concentration", "1e3", "mg-m3", "мг/м3"),
    _unit("g", "mass", "1e-3", "g", "г"),
    _unit("kg", "mass", "1", "kg", "кг"),
    _unit("t", "mass", "1e3", "t", "т", "tonne", "tonnes"),
    _unit("kt", "mass", "1e6", "kt", "кт", "тыс. т", "мың т", "Gg", "Гг"),
    _unit("Mt", "mass", "1e9", "Mt", "млн т", "Мт"),
    _unit("m3", "volume", "1", "m3", "m³", "м3", "м³"),
    _unit("L", "volume", "1e-3", "L", "л", "l", "litre"),
    _unit("1000.m3", "volume", "1e3", "km3", "тыс. м³", "мың м³", "1000 m3"),
    _unit("mm", "length", "1e-3", "mm", "мм"),
    _unit("m", "length", "1", "m", "м"),
    _unit("km", "length", "1e3", "km", "км"),
    _unit("m2", "area", "1", "m2", "m²", "м2", "м²"),
    _unit("har", "area", "1e4", "ha", "ha", "га"),
    _unit("km2", "area", "1e6", "sqkm", "km²", "км2", "км²", "шаршы км"),
    # Kept apart from kelvin: a temperature of a scale, not a difference.
    _unit("Cel", "temperature", "1", "Cel", "°C", "℃"),
    _unit("kg/s", "mass flow", "1", "kg-s"),
    _unit("t/a", "mass per year", "1e3", "t-a", "t/year", "т/год", "т/жыл", "т в год"),
    _unit("m3/s", "discharge", "1", "m3-s", "м3/с", "м³/с"),
    _unit("m3/d", "volume per day", "1", "m3-d", "m3/day", "м3/сут", "м³/сут", "м³/тәул"),
    _unit("W/m2", "irradiance", "1", "W-m2", "Вт/м2", "Вт/м²"),
    _unit("W.h/m2", "irradiation", "1", "Wh-m2", "Wh/m2", "Вт·ч/м²", "Вт·сағ/м²"),
    _unit("kW.h/m2", "irradiation", "1e3", "kWh-m2", "kWh/m2", "кВт·ч/м²", "кВт·сағ/м²"),
    _unit("W.h/m2/d", "irradiation per day", "1", "Wh-m2-d", "Wh/m2/day"),
    _unit("kW.h/m2/d", "irradiation per day", "1e3", "kWh-m2-d", "kWh/m2/day", "кВт·ч/м² в сутки"),
    _unit("W.h/a", "energy per year", "1", "Wh-a", "Wh/year"),
    _unit("GW.h/a", "energy per year", "1e9", "GWh-a", "GWh/year", "ГВт·ч/год", "ГВт·сағ/жыл"),
    _unit("m/s", "velocity", "1", "m-s", "м/с"),
    _unit("kW.h/kW/d", "yield per day", "1", "kWh-kW-d", "kWh/kWp/day"),
    _unit("mm/a", "depth per year", "1", "mm-a", "mm/year", "мм/год", "мм/жыл"),
    _unit("deg", "plane angle", "1", "deg", "°"),
    _unit("{people}/km2", "population density", "1", "people-sqkm", "people/km2", "чел/км2", "адам/км2"),
    _unit("1", "ratio", "1", "one", "-", "fraction", "ratio"),
    _unit("%", "ratio", "0.01", "percent"),
    _unit("{head}", "livestock", "1", "head", "гол.", "голов", "бас"),
    _unit("{person}", "people", "1", "person", "чел.", "адам"),
    _unit("{household}", "households", "1", "household", "домохозяйств", "үй шаруашылығы"),
    _unit("{vehicle}", "vehicles", "1", "vehicle", "ТС"),
    _unit("{vkm}", "vehicle distance", "1", "vkm", "авт·км"),
    _unit("{pkm}", "passenger distance", "1", "pkm", "пасс·км"),
    _unit("{tkm}", "freight distance", "1", "tkm", "т·км"),
    _unit("{count}", "count", "1", "count", "pcs", "шт", "шт.", "дана", "number", "units"),
)
# fmt: on

UNITS: dict[str, Unit] = {unit.ucum: unit for unit, _ in _TABLE}


@cache
def _spellings() -> dict[str, Unit]:
    known: dict[str, Unit] = {}
    for unit, ways in _TABLE:
        for way in (*ways, *(unit.written(language) for language in LANGUAGES)):
            known[_fold(way)] = unit
    return known


def _fold(text: str) -> str:
    """Blanks do not matter, letter case does (MW is not mW)."""
    return "".join(text.split()).replace("⋅", "·")


def unit(written: str) -> Unit:
    """The unit somebody wrote, by UCUM code or by a usual spelling in Kazakh, Russian or English.

    Raises Refusal ``unknown-unit``.
    """
    # Codes are what is stored; the other spellings take the texts of all languages to know.
    folded = _fold(written)
    found = UNITS.get(folded) or _spellings().get(folded)
    if found is None:
        raise Refusal("unknown-unit", received=written[:40], expected=", ".join(UNITS))
    return found


def base_unit(dimension: str) -> Unit:
    """The unit of factor 1 in which values of ``dimension`` are kept."""
    return next(unit for unit in UNITS.values() if unit.dimension == dimension and unit.factor == 1)


def convert(value: Decimal | int | str, of: Unit, to: Unit) -> Decimal:
    """``value`` of one unit expressed in another of the same dimension, exact to 28 digits.

    Raises Refusal ``unit-dimension`` when the two measure different things.
    """
    to.refuse_other(of)
    return to.from_base(of.to_base(value))
