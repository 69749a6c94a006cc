"""Does an account make sense: every fault by name, with its place and what would mend it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from jasyl.quantities import unit
from jasyl.texts import Refusal, Where

from .account import Account, Index, Observation
from .account_faults import Place, fault, in_document, number_faults
from .documents import SHARES_WITHIN
from .measures import coefficient_unit, in_base
from .relation_checks import cycle_faults, relation_faults, share_faults

_SHOWN = 12


def examine_account(account: Account, place: Place | None = None) -> list[Refusal]:
    """Every fault found, in the order of the document; empty for an account that can be reconciled."""
    where = place or in_document()
    # Parts that others speak of come first: with an unknown code further questions make no sense.
    found = [*_twice(account, where), *_unknown(account, where)]
    if found:
        return found
    index = Index(account)
    found += [*_shown_unit(account, where), *_flows(account, where), *relation_faults(account, index, where)]
    for at, one in enumerate(account.observations):
        found += _observation(one, at, index, where)
    found += [*_repeated(account, where), *share_faults(account, where), *_correlations(account, where)]
    return found or [*cycle_faults(account, index, where)]


def _twice(account: Account, where: Place) -> Iterator[Refusal]:
    seen: dict[str, str] = {}
    for section in ("regions", "processes", "materials", "correlations"):
        yield from _repeats(section, getattr(account, section), {}, where)
    for section in ("flows", "stocks", "relations"):
        yield from _repeats(section, getattr(account, section), seen, where)
    counts = Counter(account.periods)
    for at, period in enumerate(account.periods):
        if counts[period] > 1:
            yield fault("circular-twice", where("periods", at, ""), period)
            break


def _repeats(section: str, parts: Iterable[object], seen: dict[str, str], where: Place) -> Iterator[Refusal]:
    for at, part in enumerate(parts):
        own: str = part.id  # type: ignore[attr-defined]
        if own in seen:
            yield fault("circular-twice", where(section, at, "id"), own)
        seen[own] = section


def _unknown(account: Account, where: Place) -> Iterator[Refusal]:
    index = Index(account)
    regions = {one.id for one in account.regions}
    measured = {*index.flows, *index.stocks, *index.relations}
    amounts = {*index.flows, *index.stocks}
    asked: list[tuple[str, int, str, str, Iterable[str]]] = []
    for at, process in enumerate(account.processes):
        asked.append(("processes", at, "region", process.region, regions))
    for at, material in enumerate(account.materials):
        asked.append(("materials", at, "parent", material.parent, index.materials))
    for at, flow in enumerate(account.flows):
        asked += [("flows", at, "source", flow.source or "—", index.processes)]
        asked += [("flows", at, "target", flow.target or "—", index.processes)]
        asked += [("flows", at, "material", flow.material or "—", index.materials)]
    for at, stock in enumerate(account.stocks):
        asked.append(("stocks", at, "process", stock.process or "—", index.processes))
        asked.append(("stocks", at, "material", stock.material, index.materials))
    for at, relation in enumerate(account.relations):
        asked += [("relations", at, "results", one, amounts) for one in relation.results]
        asked += [("relations", at, "of", one, amounts) for one in relation.of]
        asked += [("relations", at, "terms", one.of, amounts) for one in relation.terms]
    for at, one in enumerate(account.observations):
        asked.append(("observations", at, "of", one.of or "—", measured))
        asked.append(("observations", at, "period", one.period or "—", account.periods))
    ids = {one.id for one in account.observations if one.id}
    for at, group in enumerate(account.correlations):
        asked += [("correlations", at, "members", one, ids) for one in group.members]
    for section, at, field, code, known in asked:
        if code and code not in known:
            listed = sorted(known)
            shown = ", ".join(listed[:_SHOWN]) + (" …" if len(listed) > _SHOWN else "")
            yield fault("circular-unknown-code", where(section, at, field), code, shown or "—")
    yield from _parents(account, index, where)


def _parents(account: Account, index: Index, where: Place) -> Iterator[Refusal]:
    for at, material in enumerate(account.materials):
        seen, own = {material.id}, material
        while own.parent in index.materials:
            own = index.materials[own.parent]
            if own.id in seen:
                yield fault("circular-parent-loop", where("materials", at, "parent"), material.id)
                break
            seen.add(own.id)


def _shown_unit(account: Account, where: Place) -> Iterator[Refusal]:
    """The unit of the account is that of its goods and substances; energy is shown in MWh beside."""
    try:
        if unit(account.unit).dimension != "mass":
            yield fault("circular-unit", where("account", 0, "unit"), account.unit, "mass")
    except Refusal as refusal:
        yield Refusal(refusal.code, where=where("account", 0, "unit"), **refusal.arguments)


def _flows(account: Account, where: Place) -> Iterator[Refusal]:
    for at, flow in enumerate(account.flows):
        if flow.source == flow.target:
            yield fault("circular-flow-to-itself", where("flows", at, "target"), flow.target)


def _observation(one: Observation, at: int, index: Index, where: Place) -> Iterator[Refusal]:
    def here(field: str) -> Where:
        return where("observations", at, field)

    numbers = {"value": one.value, "sd": one.sd, "cv": one.cv, "low": one.low, "high": one.high}
    wrong = [
        fault for field, number in numbers.items() if number is not None for fault in number_faults(number, here(field))
    ]
    if wrong:
        yield from wrong
        return
    relation = index.relations.get(one.of)
    try:
        if relation is not None:
            coefficient_unit(one.unit, relation, index)
        else:
            in_base(Decimal(1), one.unit, one.of, index)
    except Refusal as refusal:
        yield Refusal(refusal.code, where=here("unit"), **refusal.arguments)
        return
    yield from _spread(one, here)
    value = one.value if one.value is not None else one.low
    if value is not None and value < 0 and not _may_be_negative(one, index):
        yield fault("circular-negative", here("value"), value, one.of)
    if relation is not None and relation.type in ("transfer", "share") and value is not None:
        share = coefficient_unit(one.unit, relation, index) * float(value)
        if share > 1 + SHARES_WITHIN:
            yield fault("circular-share-range", here("value"), f"{value} {one.unit}", relation.id)
    if one.quantity == "level" and one.of not in index.stocks:
        yield fault("circular-level-of-flow", here("quantity"), one.of)


def _may_be_negative(one: Observation, index: Index) -> bool:
    if one.of in index.stocks:
        return one.quantity == "amount"
    return one.of in index.flows and index.flows[one.of].negative


def _spread(one: Observation, here: Callable[[str], Where]) -> Iterator[Refusal]:
    given = [name for name in ("sd", "cv", "pedigree") if getattr(one, name) is not None]
    if one.distribution == "interval":
        if one.low is None or one.high is None or one.low >= one.high:
            yield fault("circular-interval", here("low"), f"{one.low} … {one.high}")
        elif one.value is not None and not one.low <= one.value <= one.high:
            yield fault("circular-interval", here("value"), one.value)
        return
    if one.value is None:
        yield fault("circular-value-missing", here("value"), one.of)
        return
    if one.distribution == "exact":
        if given:
            yield fault("circular-spread-of-exact", here(given[0]), ", ".join(given))
        return
    if len(given) != 1:
        yield fault("circular-spread", here("sd"), ", ".join(given) or "—")
    elif min((number for number in (one.sd, one.cv) if number is not None), default=Decimal(0)) < 0:
        yield fault("circular-spread-negative", here(given[0]), getattr(one, given[0]))
    if one.distribution == "lognormal" and one.value <= 0:
        yield fault("circular-lognormal", here("value"), one.value)


def _repeated(account: Account, where: Place) -> Iterator[Refusal]:
    """Two numbers of one thing are welcome from two sources; from one source and series they are one too many."""
    seen: set[tuple[str, ...]] = set()
    ids: set[str] = set()
    for at, one in enumerate(account.observations):
        key = (one.of, one.period, one.quantity, one.source, one.series)
        if key in seen:
            yield fault("circular-twice", where("observations", at, "of"), f"{one.of} {one.period} {one.source}")
        seen.add(key)
        if one.id and one.id in ids:
            yield fault("circular-twice", where("observations", at, "id"), one.id)
        ids.add(one.id)


def _correlations(account: Account, where: Place) -> Iterator[Refusal]:
    by_id = {one.id: one for one in account.observations if one.id}
    taken: dict[str, str] = {}
    for at, group in enumerate(account.correlations):
        count = len(group.members)
        if count < 2 or len(set(group.members)) < count:
            yield fault("circular-correlation-members", where("correlations", at, "members"), count)
            continue
        if group.rho * (count - 1) < -1 or not -1 < group.rho < 1:
            lowest = f"{-1 / (count - 1):.3g}"
            yield fault("circular-correlation", where("correlations", at, "rho"), group.rho, f"{lowest} … 1")
        for member in group.members:
            if member in taken:
                yield fault("circular-correlation-twice", where("correlations", at, "members"), member, taken[member])
            if member in by_id and by_id[member].distribution == "exact":
                yield fault("circular-correlation-exact", where("correlations", at, "members"), member)
            taken[member] = group.id
