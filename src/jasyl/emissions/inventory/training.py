"""A fictional inventory for training: every sector, every kind of cell, six years, from one seed.

Nothing in it is a fact about the city whose code it carries; the document says ``training`` and everything made of it
is marked so. Factors are real ones of the package; amounts are made up.
"""

import csv
import random
from collections.abc import Iterator
from decimal import Decimal
from importlib.resources import files

from .document import (
    FORM,
    Activity,
    Allocation,
    Calculation,
    CheckValue,
    Inventory,
    OwnFactor,
    Policy,
    Population,
    Statement,
    in_order,
)
from .method_data import LandfillData, MethodData, RefrigerantData, StockData, WastewaterData, WastewaterPath
from .structure import Quality, cells
from .wording import Wording

SEED = 2026
TRAINING_PLACE = "KZ-71"
TRAINING_YEARS = (2019, 2020, 2021, 2022, 2023, 2024)
_SOURCE = "вымышленные учебные данные"
_ENERGY, _INDUSTRY = "energy_industries", "manufacturing_construction"
_PUBLIC, _HOMES = "commercial_institutional", "residential_agri_stationary"
_NCV_COAL, _GAS = "ncv.training.coal", "gas.training.ncv"
_GRID = "grid.kaz.fuel_mix_estimate_generation_part_carbon_footpri.2022"
_HEAT = "heat.training.chp"
_COAL, _BIOGENIC = "other_bituminous_coal", "wood_wood_waste"
_PETROL, _DIESEL, _LPG = "motor_gasoline", "diesel_oil", "liquefied_petroleum_gases"
_CO2_ONLY = {"CH4": "коэффициент охватывает только CO₂", "N2O": "коэффициент охватывает только CO₂"}
Fuel = tuple[str, str, Decimal, str, str, Decimal, Quality, Quality, str]

# id, cell, amount in 2019, unit, fuel, yearly change, grades of activity and factor, name
# fmt: off
_FUELS: tuple[Fuel, ...] = (
    ("homes-coal", "I.1.1", Decimal(95_000), "t", _COAL, Decimal("0.90"), "L", "M", "Уголь частных домов"),
    ("homes-gas", "I.1.1", Decimal(40_000), "1000.m3", "natural_gas", Decimal("1.35"), "M", "M", "Газ жилых домов"),
    ("homes-wood", "I.1.1", Decimal(6_000), "t", _BIOGENIC, Decimal("0.97"), "L", "L", "Дрова частных домов"),
    ("public-gas", "I.2.1", Decimal(25_000), "1000.m3", "natural_gas", Decimal("1.25"), "M", "M", "Газ учреждений"),
    ("public-coal", "I.2.1", Decimal(30_000), "t", _COAL, Decimal("0.92"), "M", "M", "Уголь котельных учреждений"),
    ("works-gas", "I.3.1", Decimal(30_000), "1000.m3", "natural_gas", Decimal("1.10"), "H", "M", "Газ предприятий"),
    ("works-diesel", "I.3.1", Decimal(21_000), "t", _DIESEL, Decimal("1.03"), "M", "M", "Дизтопливо строек"),
    ("plant-own", "I.4.1", Decimal(40_000), "t", _COAL, Decimal("0.99"), "H", "H", "Собственные нужды ТЭЦ"),
    ("plant-supply", "I.4.4", Decimal(3_450_000), "t", _COAL, Decimal("0.99"), "H", "H", "Уголь ТЭЦ на отпуск энергии"),
    ("farms-diesel", "I.5.1", Decimal(3_200), "t", _DIESEL, Decimal("1.01"), "M", "M", "Дизтопливо хозяйств"),
    ("cars-petrol", "II.1.1", Decimal(470_000_000), "L", _PETROL, Decimal("1.04"), "M", "M", "Бензин, продажи"),
    ("cars-diesel", "II.1.1", Decimal(150_000_000), "L", _DIESEL, Decimal("1.02"), "M", "M", "Дизтопливо, продажи"),
    ("cars-lpg", "II.1.1", Decimal(60_000), "t", _LPG, Decimal("1.06"), "M", "M", "СУГ, продажи"),
    ("rail-diesel", "II.2.1", Decimal(8_400), "t", _DIESEL, Decimal("0.99"), "M", "M", "Маневровые тепловозы"),
    ("flights-lto", "II.4.1", Decimal(21_000), "t", "jet_kerosene", Decimal("1.05"), "M", "M", "Взлёт и посадка"),
    ("flights-cruise", "II.4.3", Decimal(118_000), "t", "jet_kerosene", Decimal("1.05"), "M", "L", "Рейсы из города"),
)
# id, cell, MWh or Gcal in 2019, unit, factor, yearly change, name
_BOUGHT: tuple[tuple[str, str, Decimal, str, str, Decimal, str], ...] = (
    ("homes-power", "I.1.2", Decimal(1_150_000), "MW.h", _GRID, Decimal("1.03"), "Электроэнергия населения"),
    ("homes-heat", "I.1.2", Decimal(5_600_000), "Gcal_IT", _HEAT, Decimal("1.01"), "Тепло населению"),
    ("public-power", "I.2.2", Decimal(1_700_000), "MW.h", _GRID, Decimal("1.02"), "Электроэнергия учреждений"),
    ("public-heat", "I.2.2", Decimal(2_300_000), "Gcal_IT", _HEAT, Decimal("1.01"), "Тепло учреждениям"),
    ("works-power", "I.3.2", Decimal(900_000), "MW.h", _GRID, Decimal("1.01"), "Электроэнергия предприятий"),
    ("trolley-power", "II.1.2", Decimal(9_500), "MW.h", _GRID, Decimal("1.20"), "Зарядка электротранспорта"),
    ("rail-power", "II.2.2", Decimal(64_000), "MW.h", _GRID, Decimal("1.00"), "Тяга поездов"),
)
_LOSSES = (("homes", "I.1.3", 1_150_000), ("public", "I.2.3", 1_700_000), ("works", "I.3.3", 900_000))
# fmt: on
# What each cell without a number says.
_KEYS: dict[str, tuple[str, str, str]] = {
    "I.4.2": ("IE", "I.4.1", ""),
    "I.4.3": ("NO", "", ""),
    "I.5.2": ("IE", "I.2.2", ""),
    "I.5.3": ("IE", "I.2.3", ""),
    "I.6.1": ("NO", "", ""),
    "I.6.2": ("NO", "", ""),
    "I.6.3": ("NO", "", ""),
    "I.7.1": ("NE", "", "склады угля ТЭЦ: нет данных о выделении метана"),
    "II.1.3": ("NE", "", "нет обследования поездок"),
    "II.2.3": ("NE", "", "нет данных о поездках"),
    "II.3.1": ("NO", "", ""),
    "II.3.2": ("NO", "", ""),
    "II.3.3": ("NO", "", ""),
    "II.4.2": ("IE", "I.2.2", ""),
    "II.5.1": ("IE", "I.3.1", ""),
    "II.5.2": ("NO", "", ""),
    "III.1.2": ("NO", "", ""),
    "III.1.3": ("NO", "", ""),
    "III.2.2": ("NO", "", ""),
    "III.2.3": ("NO", "", ""),
    "III.3.1": ("C", "III.1.1", ""),
    "III.3.2": ("NO", "", ""),
    "III.3.3": ("NO", "", ""),
    "III.4.2": ("NO", "", ""),
    "III.4.3": ("NO", "", ""),
    "V.3": ("NE", "", "внесение удобрений не учитывается"),
}  # fmt: skip


def training_inventory(year: int = TRAINING_YEARS[-1], place: str = TRAINING_PLACE) -> Inventory:
    """The fictional inventory of a year; the same year always gives the same document."""
    ages = year - TRAINING_YEARS[0]
    activities = (*_fuels(ages), *_bought(ages), *_losses(ages), *_other(ages))
    numbered = {one.ref for one in activities}
    keys = tuple(
        Statement(ref=ref, key=key, target=target, reason=reason)  # pyright: ignore[reportArgumentType]
        for ref, (key, target, reason) in _KEYS.items()
    )
    left = {one.ref for one in cells() if not one.optional} - numbered - set(_KEYS)
    assert not left, left
    made = Inventory(
        form=FORM, place=place, year=year, boundary="Вымышленный город: административная граница", training=True,
        population=Population(value=Decimal(1_136_000 + 62_000 * ages), source=_SOURCE), gwp_set="AR5",
        methane="unsplit", author="Учебный набор", road_method="fuel_sales", landfill_method="first_order_decay",
        allocation=Allocation(
            method="energy_content", reason="баланс станции даёт отпуск тепла и электроэнергии; других данных нет",
            plants=("training-chp",), heat=Decimal(9_300_000), power=Decimal(3_900_000),
            parameters={"heat_efficiency": Decimal("0.88"), "power_efficiency": Decimal("0.37")},
        ),
        policy=Policy(base_year=TRAINING_YEARS[0], threshold=Decimal("0.05")), area=Decimal(797),
        note="Вымышленные числа для обучения; это не данные об Астане.", factors=_FACTORS,
        activities=activities, cells=keys,
        checks=(CheckValue(
            name="Вымышленная оценка сверху вниз", of="territorial", value=Decimal(11_200_000_000), year=year,
            source=_SOURCE,
        ),),
        words=training_words("inventory"),
    )  # fmt: skip
    return in_order(made)


def training_words(document: str) -> tuple[Wording, ...]:
    """The Russian texts of the fictional ``inventory`` or ``pathway`` in Kazakh and English."""
    text = (files("jasyl.emissions") / "data" / "training_words.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(text.splitlines()) if document in row["documents"].split()]
    return tuple(Wording(text=row["ru"], kk=row["kk"], en=row["en"]) for row in rows)


_FACTORS = (
    OwnFactor(
        id=_NCV_COAL, parameter="ncv", value=Decimal("17.4"), unit="TJ/Gg", low=Decimal("16.9"), high=Decimal("17.9"),
        year=2024, source=_SOURCE,
    ),
    OwnFactor(
        id=_GAS, parameter="ncv", value=Decimal("33.5"), unit="GJ/1000.m3", low=Decimal("33.0"), high=Decimal("34.0"),
        year=2024, source=_SOURCE,
    ),
    OwnFactor(
        id="density.training.petrol", parameter="density", value=Decimal("0.745"), unit="kg/L", low=Decimal("0.73"),
        high=Decimal("0.76"), source=_SOURCE,
    ),
    OwnFactor(
        id="density.training.diesel", parameter="density", value=Decimal("0.84"), unit="kg/L", low=Decimal("0.82"),
        high=Decimal("0.86"), source=_SOURCE,
    ),
    OwnFactor(
        id=_HEAT, parameter="emission_factor", gas="CO2", value=Decimal("395"), unit="kg/Gcal", low=Decimal("370"),
        high=Decimal("420"), source=_SOURCE,
    ),
    OwnFactor(
        id="losses.training.network", parameter="loss_of_input", value=Decimal("0.11"), unit="1", low=Decimal("0.10"),
        high=Decimal("0.12"), source=_SOURCE,
    ),
    OwnFactor(
        id="cattle.training.enteric", parameter="emission_factor", gas="CH4", value=Decimal("58"), unit="kg/{head}",
        source=_SOURCE, assumed=True,
    ),
    OwnFactor(
        id="gas.training.leakage", parameter="emission_factor", gas="CH4", value=Decimal("1.1"), unit="kg/1000.m3",
        low=Decimal("0.5"), high=Decimal("2.2"), source=_SOURCE, assumed=True,
    ),
)  # fmt: skip


def _amount(identifier: str, start: Decimal | int, change: Decimal, ages: int) -> Decimal:
    """Grown year by year with some noise; whole units, so that the document reads like a ledger."""
    noise = Decimal(str(round(random.Random(f"{SEED} {identifier} {ages}").uniform(0.985, 1.015), 4)))  # noqa: S311
    return (Decimal(start) * change**ages * noise).quantize(Decimal(1))


def _sector(ref: str) -> str:
    return {"I.1": _HOMES, "I.2": _PUBLIC, "I.3": _INDUSTRY, "I.5": _HOMES, "II.": "road"}.get(ref[:3], _ENERGY)


def _burnt(ref: str, fuel: str) -> dict[str, tuple[str, ...]]:
    sector = _sector(ref)
    carbon = "CO2_biogenic" if fuel == _BIOGENIC else "CO2"
    on_road = sector == "road" and ref.startswith("II.1")
    others = f"ef.road.{fuel}.{'oxidaton_catalyst' if fuel == 'motor_gasoline' else 'nan'}" if on_road else None
    stationary = _ENERGY if sector == "road" else sector
    return {
        carbon: (f"ef.{_ENERGY}.{fuel}.co2",),
        "CH4": (f"{others or f'ef.{stationary}.{fuel}'}.ch4",),
        "N2O": (f"{others or f'ef.{stationary}.{fuel}'}.n2o",),
    }


def _fuels(ages: int) -> Iterator[Activity]:
    for identifier, ref, start, unit, fuel, change, quality, factor_quality, name in _FUELS:
        ncv = _NCV_COAL if fuel == _COAL else _GAS if fuel == "natural_gas" else f"ncv.{fuel}"
        density = {"motor_gasoline": "petrol", "diesel_oil": "diesel"}.get(fuel, "")
        yield Activity(
            id=identifier, ref=ref, name=name, source=_SOURCE, quality=quality, factor_quality=factor_quality,
            amount=_amount(identifier, start, change, ages), unit=unit,
            through=((f"density.training.{density}",) if unit == "L" else ()) + (ncv,),
            gases=_burnt(ref, fuel), plant="training-chp" if identifier.startswith("plant") else "",
            uncertainty={"H": Decimal(3), "M": Decimal(8), "L": Decimal(25)}[quality],
        )  # fmt: skip


def _bought(ages: int) -> Iterator[Activity]:
    for identifier, ref, start, unit, factor, change, name in _BOUGHT:
        yield Activity(
            id=identifier, ref=ref, name=name, source=_SOURCE, quality="H", factor_quality="M",
            amount=_amount(identifier, start, change, ages), unit=unit, gases={"CO2": (factor,)}, omitted=_CO2_ONLY,
            uncertainty=Decimal(4),
        )  # fmt: skip


def _losses(ages: int) -> Iterator[Activity]:
    for identifier, ref, start in _LOSSES:
        used = _amount(f"{identifier}-power", start, Decimal("1.02"), ages)
        yield Activity(
            id=f"{identifier}-losses", ref=ref, name="Потери в сетях", source=_SOURCE, quality="M", factor_quality="M",
            amount=used, unit="MW.h", through=("losses.training.network",), gases={"CO2": (_GRID,)}, omitted=_CO2_ONLY,
            uncertainty=Decimal(5),
        )  # fmt: skip


def _other(ages: int) -> Iterator[Activity]:
    """Leaks, waste, processes, land: amounts with factors where the package has one, masses elsewhere."""
    gas = _amount("gas-network", 95_000, Decimal("1.24"), ages)
    leaks = {"CH4_fossil": ("gas.training.leakage",)}
    absent = {"CO2": "в газе сети его мало", "N2O": "утечки его не содержат"}
    yield _of("gas-leaks", "I.8.1", "Утечки газовых сетей", "M", gas, "1000.m3", leaks, absent)
    yield _calculated("landfill", "III.1.1", "Полигон ТБО", _landfill(ages), Decimal(15))
    compost = {"CH4": ("waste.composting_wet.ch4",), "N2O": ("waste.composting_wet.n2o",)}
    waste = _amount("compost", 9_000, Decimal("1.3"), ages)
    yield _of("compost", "III.2.1", "Компостирование", "M", waste, "t", compost, {})
    yield _calculated("wastewater", "III.4.1", "Очистные сооружения", _wastewater(ages), Decimal(10))
    clinker = _amount("clinker", 240_000, Decimal("1.02"), ages)
    yield _of("clinker", "IV.1", "Обжиг клинкера", "H", clinker, "t", {"CO2": ("ippu.clinker",)}, {})
    for gas, tonnes in (("HFC134a", 31 + 2 * ages), ("HFC125", 12 + ages)):
        yield _calculated(f"cooling-{gas}", "IV.2", f"Хладагент {gas}", _refrigerant(gas, tonnes), Decimal(40))
    herd = _amount("cattle", 4_800, Decimal("0.99"), ages)
    yield _of("cattle", "V.1", "Крупный рогатый скот", "M", herd, "{head}", {"CH4": ("cattle.training.enteric",)}, {})
    yield _calculated("trees", "V.2", "Зелёный пояс, прирост запаса углерода", _trees(ages), Decimal(50))


def _landfill(ages: int) -> LandfillData:
    """Thirty years of waste by kind, t, up to the year of the inventory."""
    years = range(TRAINING_YEARS[0] - 30, TRAINING_YEARS[0] + ages + 1)
    kinds = {"food": 95_000, "paper": 42_000, "garden": 14_000, "wood": 9_000, "textiles": 11_000}
    deposits = {
        kind: tuple(
            _amount(f"waste {kind} {year}", tonnes, Decimal("1.015"), year - TRAINING_YEARS[0]) for year in years
        )
        for kind, tonnes in kinds.items()
    }
    return LandfillData(
        first_year=years[0], climate="boreal_temperate_dry", management="managed_anaerobic", deposits=deposits
    )


def _wastewater(ages: int) -> WastewaterData:
    return WastewaterData(
        people=Decimal(1_080_000 + 60_000 * ages),
        paths=(
            WastewaterPath(name="plant", share=Decimal("0.86"), mcf="aerobic_plant_overloaded"),
            WastewaterPath(name="septic", share=Decimal("0.14"), mcf="septic_system", collected=False),
        ),
        plant_share=Decimal("0.4"),
    )


def _refrigerant(gas: str, tonnes: int) -> RefrigerantData:
    """A balance that comes to these tonnes."""
    return RefrigerantData(
        gas=gas, sold=Decimal(1200 * tonnes), filled=Decimal(350 * tonnes), retired=Decimal(180 * tonnes),
        destroyed=Decimal(30 * tonnes),
    )  # fmt: skip


def _trees(ages: int) -> StockData:
    """Carbon of the green belt, t C, at the beginning and end of the year; every year it grows faster."""
    growth = [5_730 + 680 * age for age in range(ages + 1)]
    before = Decimal(410_000 + sum(growth[:-1]))
    return StockData(before=before, after=before + growth[-1], years=Decimal(1))


def _calculated(identifier: str, ref: str, name: str, data: MethodData, half: Decimal) -> Activity:
    """What a method makes of its data."""
    return Activity(
        id=identifier, ref=ref, name=name, source=_SOURCE, quality="M", factor_quality="M", uncertainty=half,
        calculation=Calculation(data=data),
    )  # fmt: skip


def _of(
    identifier: str, ref: str, name: str, quality: Quality, amount: Decimal, unit: str,
    gases: dict[str, tuple[str, ...]], omitted: dict[str, str],
) -> Activity:  # fmt: skip
    return Activity(
        id=identifier, ref=ref, name=name, source=_SOURCE, quality=quality, factor_quality="L", amount=amount,
        unit=unit, gases=gases, omitted=omitted,
    )  # fmt: skip
