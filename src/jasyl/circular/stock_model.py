"""A model of stocks as people write it down: products, lifetimes, inflows or stocks by year; the results as rows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
import numpy as np
from msgspec import Meta, field

from .cohorts import DynamicStock, Shortfall, Standing, inflow_driven, path, stock_driven
from .documents import Amount, Given, Identifier, Kind, Year, digest_of, schema_of
from .lifetime import Entry, Floats, Lifetime, LifetimeKind, fixed, lognormal, normal, weibull, weibull_of

_Positive = Annotated[float, Meta(gt=0)]
MAX_SERIES = 20_000
MAX_YEARS = 400
MAX_SCENARIOS = 20


class LifetimeGiven(Given, frozen=True, kw_only=True):
    """``mean`` and ``sd`` in years; a Weibull distribution may be given by ``shape`` and ``scale`` instead."""

    kind: LifetimeKind
    mean: _Positive | None = None
    sd: _Positive | None = None
    shape: _Positive | None = None
    scale: _Positive | None = None
    source: str = ""

    def needs(self) -> tuple[str, ...]:
        """The parameters this distribution is given by."""
        if self.kind == "fixed":
            return ("mean",)
        return ("shape", "scale") if self.kind == "weibull" and self.mean is None else ("mean", "sd")

    def faults(self) -> Iterator[tuple[str, str]]:
        """Parameters that are missing or have no meaning: (parameter, what was expected)."""
        needed = self.needs()
        for name in ("mean", "sd", "shape", "scale"):
            if (getattr(self, name) is not None) != (name in needed):
                yield name, ", ".join(needed)


class Product(Given, frozen=True, kw_only=True):
    """One series: its ``inflow`` or its ``stock`` by year, and how long its products live.

    ``between`` says what holds in years that are not given: nothing (``given``: every year must be there), or a
    straight line between the years around (``linear``). ``standing`` is what stood at the end of the year before the
    first, by year of entry. ``kind`` says what the numbers are, ``source`` where they come from.
    """

    id: Identifier
    lifetime: LifetimeGiven
    region: str = ""
    title: str = ""
    inflow: dict[Year, Amount] | None = None
    stock: dict[Year, Amount] | None = None
    standing: dict[Year, Amount] = field(default_factory=dict[int, float])
    between: Literal["given", "linear"] = "given"
    shortfall: Shortfall = "allow"
    kind: Kind = "assumed"
    source: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.id, self.region

    @property
    def points(self) -> dict[int, float]:
        """What is given by year: inflow or stock."""
        return self.inflow if self.inflow is not None else self.stock or {}

    @property
    def name(self) -> str:
        """What it is called, for people."""
        return self.title or self.id


class StockScenario(Given, frozen=True, kw_only=True):
    """Another future: each of ``products`` stands in the place of the model's product of the same id and region."""

    id: Identifier
    title: str = ""
    products: Annotated[list[Product], Meta(min_length=1, max_length=MAX_SERIES)]


class StockModel(Given, frozen=True, kw_only=True):
    """A model of dynamic stocks; amounts are in ``unit`` (UCUM), lifetimes in years, ``entry`` as in `inflow_driven`.

    ``cohorts`` names years for which stock and outflow are told by year of entry; ``scenarios`` are held against the
    products as they stand.
    """

    title: str
    place: str
    unit: str
    first_year: Year
    last_year: Year
    products: Annotated[list[Product], Meta(min_length=1, max_length=MAX_SERIES)]
    entry: Entry = "middle"
    cohorts: Annotated[tuple[Year, ...], Meta(max_length=MAX_YEARS)] = ()
    scenarios: Annotated[list[StockScenario], Meta(max_length=MAX_SCENARIOS)] = field(
        default_factory=list[StockScenario]
    )

    @property
    def years(self) -> list[int]:
        return list(range(self.first_year, self.last_year + 1))

    def under(self, scenario: StockScenario) -> "StockModel":
        """The model with the products of a scenario in their places."""
        other = {one.key: one for one in scenario.products}
        return msgspec.structs.replace(self, products=[other.get(one.key, one) for one in self.products], scenarios=[])


@dataclass(frozen=True, eq=False)
class StockSeries:
    """What one product of a model became: arrays [years], mean ages, and cohorts of the years that were asked for."""

    product: Product
    stock: Floats
    inflow: Floats
    outflow: Floats
    mean_age: float | None
    leaving_age: float | None
    cohorts: Mapping[int, Mapping[int, tuple[float, float]]]


@dataclass(frozen=True, eq=False)
class StockRun:
    """A computed model. ``digest`` names the input; ``alternatives`` are the model under each of its scenarios."""

    model: StockModel
    digest: str
    series: tuple[StockSeries, ...]
    scenario: StockScenario | None = None
    alternatives: tuple["StockRun", ...] = ()

    def rows(self) -> Iterator[dict[str, Any]]:
        """One row a scenario, product and year; the model as it stands has no scenario."""
        for one in self.series:
            product = one.product
            for at, year in enumerate(self.model.years):
                yield {
                    "scenario": self.scenario.id if self.scenario else "",
                    "product": product.id, "region": product.region, "year": year, "unit": self.model.unit,
                    "stock": float(one.stock[at]), "inflow": float(one.inflow[at]), "outflow": float(one.outflow[at]),
                    "kind": "training" if product.kind == "training" else "modelled", "input_kind": product.kind,
                }  # fmt: skip
        for other in self.alternatives:
            yield from other.rows()

    def total(self) -> dict[str, Floats]:
        """Sum over the products: arrays [years]."""
        return {name: np.sum([getattr(one, name) for one in self.series], axis=0) for name in _AMOUNTS}

    def as_data(self) -> dict[str, Any]:
        """For programs."""
        model = self.model
        head = {"title": model.title, "place": model.place, "unit": model.unit, "entry": model.entry}
        scenarios = [
            {"id": one.scenario.id, "title": one.scenario.title, **one.results()}
            for one in self.alternatives
            if one.scenario
        ]
        found = {**head, "years": model.years, "input_sha256": self.digest, **self.results()}
        return found | ({"scenarios": scenarios} if scenarios else {})

    def results(self) -> dict[str, Any]:
        """Totals and series, for programs."""
        total = {name: amounts.tolist() for name, amounts in self.total().items()}
        return {"total": total, "series": [_series_data(one) for one in self.series]}


_AMOUNTS = ("stock", "inflow", "outflow")


def run_stock_model(model: StockModel) -> StockRun:
    """Compute every product as it stands and under every scenario."""
    digest = digest_of(model)
    others = tuple(StockRun(model, digest, _computed_series(model.under(one)), one) for one in model.scenarios)
    return StockRun(model, digest, _computed_series(model), alternatives=others)


def _computed_series(model: StockModel) -> tuple[StockSeries, ...]:
    """Every product; those with the same distribution and drive at once."""
    found: dict[int, StockSeries] = {}
    groups: dict[tuple[str, str, Shortfall], list[int]] = {}
    for number, product in enumerate(model.products):
        drive = "inflow" if product.inflow is not None else "stock"
        groups.setdefault((product.lifetime.kind, drive, product.shortfall), []).append(number)
    for (_, drive, shortfall), numbers in groups.items():
        products = [model.products[number] for number in numbers]
        made = _computed(model, products, drive, shortfall)
        for at, (number, product) in enumerate(zip(numbers, products, strict=True)):
            found[number] = _series(model, made, at, product)
    return tuple(found[number] for number in range(len(model.products)))


def stock_model_schema() -> dict[str, Any]:
    """JSON Schema of a `StockModel`."""
    return schema_of(StockModel)


def lifetime_of(given: LifetimeGiven | list[LifetimeGiven]) -> Lifetime:
    """The distribution; of a list, one with an axis of series (all of one kind)."""
    many = given if isinstance(given, list) else [given]
    kind = many[0].kind

    def column(name: str) -> Floats:
        values = np.array([getattr(one, name) for one in many], dtype=np.float64)
        return values if isinstance(given, list) else values.reshape(())

    if kind == "fixed":
        return fixed(column("mean"))
    if kind != "weibull":
        return (lognormal if kind == "lognormal" else normal)(column("mean"), column("sd"))
    # Those given by mean and deviation are turned into shape and scale one by one: a list may mix both ways.
    ends = [_weibull_parameters(one) for one in many]
    shape, scale = (np.array(part, dtype=np.float64) for part in zip(*ends, strict=True))
    return weibull(shape, scale) if isinstance(given, list) else weibull(shape.reshape(()), scale.reshape(()))


def _weibull_parameters(given: LifetimeGiven) -> tuple[float, float]:
    if given.shape is not None and given.scale is not None:
        return given.shape, given.scale
    made = weibull_of(given.mean or 0.0, given.sd or 0.0)
    return float(made.second if made.second is not None else 0.0), float(made.first)


def _computed(model: StockModel, products: list[Product], drive: str, shortfall: Shortfall) -> DynamicStock:
    years = model.years
    amounts = np.stack([_amounts(one, years) for one in products], axis=1)
    lifetime = lifetime_of([one.lifetime for one in products])
    entered = sorted({year for one in products for year in one.standing})
    standing = None
    if entered:
        held = np.array([[one.standing.get(year, 0.0) for one in products] for year in entered])
        standing = Standing(tuple(entered), held)
    if drive == "inflow":
        return inflow_driven(amounts, lifetime, years[0], entry=model.entry, standing=standing)
    return stock_driven(amounts, lifetime, years[0], entry=model.entry, standing=standing, shortfall=shortfall)


def _amounts(product: Product, years: list[int]) -> Floats:
    points = product.points
    if product.between == "linear":
        return path(points, years)
    return np.array([points[year] for year in years], dtype=np.float64)


def _series(model: StockModel, made: DynamicStock, at: int, product: Product) -> StockSeries:
    last = model.last_year
    cohorts: dict[int, dict[int, tuple[float, float]]] = {}
    for year in model.cohorts:
        held, out = made.by_cohort(year)[:, at], made.outflow_by_cohort(year)[:, at]
        cohorts[year] = {
            entered: (float(held[number]), float(out[number]))
            for number, entered in enumerate(made.cohorts)
            if held[number] or out[number]
        }
    ages = [_known(float(made.mean_age(last, leaving=leaving)[at])) for leaving in (False, True)]
    stock, inflow, outflow = (getattr(made, name)[:, at] for name in _AMOUNTS)
    return StockSeries(product, stock, inflow, outflow, ages[0], ages[1], cohorts)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value


def _series_data(one: StockSeries) -> dict[str, Any]:
    product = one.product
    said = {"product": product.id, "region": product.region, "title": product.title, "input_kind": product.kind}
    amounts: dict[str, Any] = {name: getattr(one, name).tolist() for name in _AMOUNTS}
    cohorts = {
        str(year): [{"entered": entered, "stock": held, "outflow": out} for entered, (held, out) in found.items()]
        for year, found in one.cohorts.items()
    }
    lifetime = {key: value for key, value in msgspec.structs.asdict(product.lifetime).items() if value}
    ages = {"mean_age": one.mean_age, "mean_age_leaving": one.leaving_age}
    return {**said, "source": product.source, "lifetime": lifetime, **amounts, **ages, "cohorts": cohorts}
