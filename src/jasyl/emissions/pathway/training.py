"""A fictional pathway of the training city on its fictional inventory of 2024: three scenarios to 2060."""

from decimal import Decimal

from ..inventory.totals import Result, evaluate
from ..inventory.training import TRAINING_YEARS, training_inventory, training_words
from .document import FORM, Measure, Pathway, Scenario, Segment, Target

_SOURCE = "вымышленные учебные данные"
_SEGMENTS = (
    ("heat", "Тепло и топливо зданий", ("I.1.1", "I.2.1"), "0.008"),
    ("energy", "Покупная энергия зданий", ("I.1.2", "I.2.2"), "0.015"),
    ("industry", "Промышленность и прочая энергетика", ("I.3.1", "I.3.2", "I.4.1", "I.5.1", "I.8.1"), "0.010"),
    ("transport", "Транспорт", ("II.1.1", "II.1.2", "II.2.1", "II.2.2", "II.4.1"), "0.020"),
    ("waste", "Отходы", ("III.1.1", "III.2.1", "III.4.1"), "0.010"),
)
# id, name, segment, start, full, share, low, high
_MEASURES = (
    ("retrofit", "Утепление домов", "energy", 2026, 2045, "0.30", "0.20", "0.38"),
    ("renewables", "Электроэнергия из ВИЭ", "energy", 2027, 2050, "0.55", "0.40", "0.65"),
    ("heat-pumps", "Тепловые насосы", "energy", 2030, 2055, "0.45", "0.30", "0.55"),
    ("no-coal", "Отказ от угля в домах", "heat", 2025, 2032, "0.55", "0.45", "0.60"),
    ("electric-buses", "Электробусы и трамвай", "transport", 2026, 2035, "0.12", "0.08", "0.15"),
    ("electric-cars", "Электромобили", "transport", 2028, 2055, "0.70", "0.50", "0.85"),
    ("efficiency", "Энергоэффективность предприятий", "industry", 2026, 2040, "0.25", "0.15", "0.30"),
    ("landfill-gas", "Сбор свалочного газа", "waste", 2027, 2032, "0.40", "0.25", "0.50"),
    ("composting", "Раздельный сбор и компост", "waste", 2026, 2038, "0.35", "0.25", "0.45"),
)

# Fictional facilities of the training register that carry a measure out.
_CARRIERS = {"renewables": ("training-facility-002", "training-facility-018")}


def training_pathway(result: Result | None = None) -> Pathway:
    """The fictional plan; bases are those of the fictional inventory, so that the two agree."""
    base = result or evaluate(training_inventory())
    segments = tuple(
        Segment(
            id=identifier, name=name, refs=refs, growth=Decimal(growth), source=_SOURCE, assumed=True,
            base=sum((base.by_ref[ref].co2e or Decimal() for ref in refs), Decimal()),
        )
        for identifier, name, refs, growth in _SEGMENTS
    )  # fmt: skip
    measures = tuple(
        Measure(
            id=identifier, name=name, segment=segment, start=start, full=full, share=Decimal(share), low=Decimal(low),
            high=Decimal(high), source=_SOURCE, assumed=True, facilities=_CARRIERS.get(identifier, ()),
        )
        for identifier, name, segment, start, full, share, low, high in _MEASURES
    )  # fmt: skip
    every = tuple(one.id for one in measures)
    scenarios = (
        Scenario(id="none", name="Без мер", measures=()),
        Scenario(id="decided", name="Решённое", measures=("retrofit", "no-coal", "electric-buses", "landfill-gas")),
        Scenario(id="deep", name="Глубокое сокращение", measures=every),
    )
    targets = (
        Target(name="Учебная цель 2030", year=2030, share=Decimal("0.85"), source=_SOURCE),
        Target(name="Учебная цель 2060", year=2060, share=Decimal("0.10"), source=_SOURCE),
    )
    return Pathway(
        form=FORM, place=base.inventory.place, base_year=TRAINING_YEARS[-1], total="basic", until=2060,
        author="Учебный набор", segments=segments, measures=measures, scenarios=scenarios, targets=targets,
        inventory=base.inventory.digest, training=True, words=training_words("pathway"),
    )  # fmt: skip
