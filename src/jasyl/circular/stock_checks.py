"""Does a model of stocks make sense: years in order, products once, every year there; faults by their place."""

from collections.abc import Iterable

from jasyl.texts import Refusal

from .cohorts import path
from .documents import check_span, parse_document, refuse
from .stock_model import MAX_YEARS, Product, StockModel

_SHOWN = 12
# A product's id and region.
Key = tuple[str, str]


def parse_stock_model(content: bytes, name: str = "") -> StockModel:
    """A model from JSON, examined. Raises Refusal ``circular-…`` and ``stock-…`` with the place of the fault."""
    model = parse_document(content, StockModel, name)
    examine_stock_model(model, name)
    return model


def examine_stock_model(model: StockModel, name: str = "") -> None:
    """What the schema cannot say: years in order, ids once, one of inflow and stock, every year there."""
    check_span(model.first_year, model.last_year, MAX_YEARS, name)
    known = _examine_products(model, model.products, "products", name)
    for year in model.cohorts:
        if not model.first_year <= year <= model.last_year:
            raise refuse("circular-years", name, "cohorts", year, f"{model.first_year}–{model.last_year}")
    told: set[str] = set()
    for number, scenario in enumerate(model.scenarios):
        place = f"scenarios[{number}]"
        if scenario.id in told:
            raise refuse("circular-twice", name, f"{place}.id", scenario.id)
        told.add(scenario.id)
        for key, at in _examine_products(model, scenario.products, f"{place}.products", name).items():
            if key not in known:
                raise refuse("circular-unknown-code", name, f"{place}.products[{at}]", _said(key), _listed(known))


def _examine_products(model: StockModel, products: list[Product], section: str, name: str) -> dict[Key, int]:
    """The keys of the products and their places, each found without fault."""
    seen: dict[Key, int] = {}
    for number, product in enumerate(products):
        if product.key in seen:
            raise refuse("circular-twice", name, f"{section}[{number}]", _said(product.key))
        seen[product.key] = number
        _examine_product(model, product, f"{section}[{number}]", name)
    return seen


def _examine_product(model: StockModel, product: Product, place: str, name: str) -> None:
    for parameter, expected in product.lifetime.faults():
        given = getattr(product.lifetime, parameter)
        field = f"{place}.lifetime.{parameter}"
        raise refuse("stock-lifetime-given", name, field, "—" if given is None else given, expected)
    if (product.inflow is None) == (product.stock is None):
        raise refuse("stock-drive", name, place, product.id)
    for year in product.standing:
        if year >= model.first_year:
            raise refuse("stock-standing", name, f"{place}.standing", str(year), f"< {model.first_year}")
    _examine_years(model, product, place, name)


def _examine_years(model: StockModel, product: Product, place: str, name: str) -> None:
    drive = "inflow" if product.inflow is not None else "stock"
    points = product.points
    field = f"{place}.{drive}"
    if product.between == "linear":
        try:
            path(points, model.years)
        except Refusal as refusal:
            said = refusal.arguments
            raise refuse("stock-path", name, field, str(said["received"]), said["expected"]) from None
        return
    missing = [year for year in model.years if year not in points]
    if missing:
        raise refuse("stock-year-missing", name, field, str(missing[0]), f"{model.first_year}–{model.last_year}")
    extra = [year for year in points if not model.first_year <= year <= model.last_year]
    if extra:
        raise refuse("circular-years", name, field, extra[0], f"{model.first_year}–{model.last_year}")


def _said(key: Key) -> str:
    return " ".join(part for part in key if part)


def _listed(keys: Iterable[Key]) -> str:
    said = [_said(one) for one in keys]
    return ", ".join(said[:_SHOWN]) + (" …" if len(said) > _SHOWN else "")
