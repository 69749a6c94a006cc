"""What the schema of a waste programme cannot say: every fault with its place."""

from collections.abc import Iterator, Mapping
from typing import Any

from jasyl.texts import Refusal

from ..cohorts import path
from ..documents import SHARES_WITHIN, check_span, parse_document, refuse, refuse_all
from ..lifetime import Floats
from .programme import Facility, SharePath, WasteProgramme

MAX_YEARS = 120


def parse_programme(content: bytes, name: str = "") -> WasteProgramme:
    """A programme from JSON, examined. Raises Refusal ``circular-…`` and ``waste-…`` with the place of the fault."""
    programme = parse_document(content, WasteProgramme, name)
    examine_programme(programme, name)
    return programme


def examine_programme(programme: WasteProgramme, name: str = "") -> None:
    """Years in order, ids once, shares that make one, members that exist, paths long enough.

    Raises SeveralRefused with every fault.
    """
    check_span(programme.first_year, programme.last_year, MAX_YEARS, name)
    refuse_all(fault for look in (_once, _members, _plants, _rest) for fault in look(programme, name))


def along(given: float | Mapping[int, float], years: list[int]) -> Floats:
    """A path over the years: one number, or straight lines between those given. Raises Refusal ``stock-path``."""
    return path(dict(given) if isinstance(given, Mapping) else dict.fromkeys((years[0], years[-1]), given), years)


def _once(programme: WasteProgramme, name: str) -> Iterator[Refusal]:
    for group in ("members", "facilities", "exchanges", "scenarios", "targets"):
        seen: set[str] = set()
        for number, one in enumerate(getattr(programme, group)):
            if one.id in seen:
                yield refuse("circular-twice", name, f"{group}[{number}].id", one.id)
            seen.add(one.id)


def _members(programme: WasteProgramme, name: str) -> Iterator[Refusal]:
    yield from _composition(programme.composition, "composition", name)
    for number, one in enumerate(programme.members):
        place = f"members[{number}]"
        yield from _composition(one.composition, f"{place}.composition", name)
        if not one.composition and not programme.composition:
            yield refuse("programme-composition", name, f"{place}.composition", one.id)
        if one.generation is None and (one.population == 0 or one.rate == 0):
            yield refuse("programme-generation", name, place, one.id)
        if one.generation is not None and not (one.population == 0 and one.rate == 0) and one.rate != 0:
            yield refuse("programme-generation", name, place, one.id)
        if one.dumped + one.burnt > 1 + SHARES_WITHIN:
            yield refuse("circular-parts", name, f"{place}.dumped", one.dumped + one.burnt, "≤ 1")
        for field in ("population", "rate", "generation", "collected"):
            yield from _path(getattr(one, field), programme, f"{place}.{field}", name)


def _composition(given: Mapping[Any, float], place: str, name: str) -> Iterator[Refusal]:
    total = sum(given.values())
    if given and abs(total - 1) > SHARES_WITHIN:
        yield refuse("circular-parts", name, place, round(total, 6), f"1 ± {SHARES_WITHIN}")


def _path(given: object, programme: WasteProgramme, place: str, name: str) -> Iterator[Refusal]:
    if not isinstance(given, dict):
        return
    try:
        path(given, programme.years)  # pyright: ignore[reportUnknownArgumentType]
    except Refusal as refusal:
        said = refusal.arguments
        yield refuse("stock-path", name, place, str(said["received"]), said["expected"])


def _plants(programme: WasteProgramme, name: str) -> Iterator[Refusal]:
    for number, one in enumerate(programme.facilities):
        yield from _facility(one, programme, f"facilities[{number}]", name)
    for number, scenario in enumerate(programme.scenarios):
        for at, one in enumerate(scenario.facilities):
            yield from _facility(one, programme, f"scenarios[{number}].facilities[{at}]", name)
        known = {one.id for one in programme.facilities}
        for closed in scenario.closed:
            if closed not in known:
                yield refuse(
                    "circular-code", name, f"scenarios[{number}].closed", closed, ", ".join(sorted(known)) or "—"
                )
        for member in scenario.collected:
            yield from _member(member, programme, f"scenarios[{number}].collected", name)
        collecting = scenario.collecting
        yield from _separate(
            collecting.separate if collecting else {}, programme, f"scenarios[{number}].collecting", name
        )
    yield from _separate(programme.collecting.separate, programme, "collecting", name)


def _facility(one: Facility, programme: WasteProgramme, place: str, name: str) -> Iterator[Refusal]:
    if one.member:
        yield from _member(one.member, programme, f"{place}.member", name)
    if one.first_year > one.last_year:
        yield refuse("circular-years", name, f"{place}.last_year", one.last_year, f"≥ {one.first_year}")


def _separate(given: Mapping[Any, SharePath], programme: WasteProgramme, place: str, name: str) -> Iterator[Refusal]:
    for component, share in given.items():
        yield from _path(share, programme, f"{place}.separate.{component}", name)


def _member(given: str, programme: WasteProgramme, place: str, name: str) -> Iterator[Refusal]:
    known = [one.id for one in programme.members]
    if given not in known:
        yield refuse("circular-code", name, place, given, ", ".join(known))


def _rest(programme: WasteProgramme, name: str) -> Iterator[Refusal]:
    for number, one in enumerate(programme.exchanges):
        yield from _member(one.member, programme, f"exchanges[{number}].member", name)
        yield from _path(one.amount, programme, f"exchanges[{number}].amount", name)
    if programme.landfill.member:
        yield from _member(programme.landfill.member, programme, "landfill.member", name)
    late = [year for year in programme.landfill.history if year >= programme.first_year]
    if late:
        yield refuse("circular-years", name, "landfill.history", late[0], f"< {programme.first_year}")
    for number, one in enumerate(programme.scenarios):
        for at, spent in enumerate(one.investments):
            if not programme.first_year <= spent.year <= programme.last_year:
                span = f"{programme.first_year}–{programme.last_year}"
                yield refuse("circular-years", name, f"scenarios[{number}].investments[{at}].year", spent.year, span)
