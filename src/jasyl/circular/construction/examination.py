"""What the schema of a construction chain cannot say: every fault with its place."""

from collections.abc import Iterator

from jasyl.texts import Refusal

from ..cohorts import path
from ..documents import SHARES_WITHIN, check_span, parse_document, refuse, refuse_all
from .chain import BuildingType, ConstructionChain

MAX_YEARS = 400


def parse_chain(content: bytes, name: str = "") -> ConstructionChain:
    """A chain from JSON, examined. Raises Refusal ``circular-…`` and ``construction-…`` with the place of the fault."""
    chain = parse_document(content, ConstructionChain, name)
    examine_chain(chain, name)
    return chain


def examine_chain(chain: ConstructionChain, name: str = "") -> None:
    """What the schema cannot say. Raises SeveralRefused with every fault."""
    check_span(chain.first_year, chain.last_year, MAX_YEARS, name)
    refuse_all(fault for look in (_once, _types, _areas, _lists, _fates) for fault in look(chain, name))


def _types(chain: ConstructionChain, name: str) -> Iterator[Refusal]:
    for number, one in enumerate(chain.types):
        place = f"types[{number}]"
        for parameter, expected in one.lifetime.faults():
            given = getattr(one.lifetime, parameter)
            said = "—" if given is None else given
            yield refuse("stock-lifetime-given", name, f"{place}.lifetime.{parameter}", said, expected)
        if (one.construction is None) == (not one.intensities):
            yield refuse("construction-intensities", name, place, one.id)
        for at, each in enumerate(one.intensities):
            if each.built_from is not None and each.built_to is not None and each.built_from > each.built_to:
                yield refuse(
                    "circular-years", name, f"{place}.intensities[{at}].built_to", each.built_to, each.built_from
                )
        yield from _overlaps(one, place, name)


def _overlaps(one: BuildingType, place: str, name: str) -> Iterator[Refusal]:
    for at, each in enumerate(one.intensities):
        for earlier in one.intensities[:at]:
            apart = (each.built_from or 0) > (earlier.built_to or 9999) or (earlier.built_from or 0) > (
                each.built_to or 9999
            )
            if each.material == earlier.material and not apart:
                yield refuse("circular-twice", name, f"{place}.intensities[{at}]", each.material)


def _areas(chain: ConstructionChain, name: str) -> Iterator[Refusal]:
    known = {one.id for one in chain.types}
    listed = ", ".join(sorted(known)) or "—"
    for group in ("floor_area", "new", "demolitions", "retrofits", "buildings"):
        for number, one in enumerate(getattr(chain, group)):
            if one.type is not None and one.type not in known:
                yield refuse("circular-code", name, f"{group}[{number}].type", one.type, listed)
    for number, one in enumerate(chain.floor_area):
        if not one.built_from <= one.built_to < chain.first_year:
            expected = f"{one.built_from} … {chain.first_year - 1}"
            yield refuse("circular-years", name, f"floor_area[{number}].built_to", one.built_to, expected)
    for number, one in enumerate(chain.new):
        span = f"{chain.first_year}–{chain.last_year}"
        missing = [year for year in chain.years if year not in one.area] if one.between == "given" else []
        if missing:
            yield refuse("stock-year-missing", name, f"new[{number}].area", str(missing[0]), span)
        if one.between == "linear":
            try:
                path(one.area, chain.years)
            except Refusal as refusal:
                said = refusal.arguments
                yield refuse("stock-path", name, f"new[{number}].area", str(said["received"]), said["expected"])


def _lists(chain: ConstructionChain, name: str) -> Iterator[Refusal]:
    for number, one in enumerate(chain.demolitions):
        place = f"demolitions[{number}]"
        if bool(one.masses) == (one.area is not None) or (one.area is not None and one.type is None):
            yield refuse("construction-demolition", name, place, one.id)
        if not chain.first_year <= one.year <= one.years[-1] <= chain.last_year:
            yield refuse("circular-years", name, f"{place}.year", one.year, f"{chain.first_year}–{chain.last_year}")
    for number, one in enumerate(chain.retrofits):
        if not chain.first_year <= one.year <= chain.last_year:
            span = f"{chain.first_year}–{chain.last_year}"
            yield refuse("circular-years", name, f"retrofits[{number}].year", one.year, span)
        if one.built_from is not None and one.built_to is not None and one.built_from > one.built_to:
            yield refuse("circular-years", name, f"retrofits[{number}].built_to", one.built_to, one.built_from)


def _fates(chain: ConstructionChain, name: str) -> Iterator[Refusal]:
    known = _materials(chain)
    for group in ("fates", "makers"):
        for material in getattr(chain, group):
            if material not in known:
                listed = ", ".join(sorted(known)) or "—"
                yield refuse("circular-code", name, f"{group}.{material}", material, listed)
    for material, one in chain.fates.items():
        total = one.reuse + one.recycle + one.backfill + one.landfill + (one.unknown or 0.0)
        if total > 1 + SHARES_WITHIN or (one.unknown is not None and total < 1 - SHARES_WITHIN):
            yield refuse("circular-parts", name, f"fates.{material}", total, f"1 ± {SHARES_WITHIN}")
    for material, one in chain.makers.items():
        if one.loss + one.contamination > 1:
            yield refuse("circular-parts", name, f"makers.{material}", one.loss + one.contamination, "≤ 1")


def _materials(chain: ConstructionChain) -> set[str]:
    """What types are made of, and what lists and retrofits name."""
    return {
        *(one.material for each in chain.types for one in each.made_of()),
        *(material for one in chain.demolitions for material in one.masses),
        *(material for one in chain.retrofits for material in (*one.removed, *one.added)),
    }


def _once(chain: ConstructionChain, name: str) -> Iterator[Refusal]:
    for group in ("types", "demolitions", "uses", "buildings"):
        seen: set[str] = set()
        for number, one in enumerate(getattr(chain, group)):
            if one.id in seen:
                yield refuse("circular-twice", name, f"{group}[{number}].id", one.id)
            seen.add(one.id)
