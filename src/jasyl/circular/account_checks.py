"""Does an account make sense: every fault by name, with its place and what would mend it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from jasyl.texts import Refusal, Where

from .account import GOODS, Account, Index, Observation, Relation
from .documents import SHARES_WITHIN
from .measures import coefficient_unit, in_base

# Gives the place of a field of the nth entry of a section, in the words of the file the account came from.
Place = Callable[[str, int, str], Where]
_COEFFICIENTS = ("transfer", "concentration", "share")
_SHOWN = 12


def in_document(name: str = "") -> Place:
    """Places in a JSON document: ``observations[3].unit``."""

    def place(section: str, at: int, field: str) -> Where:
        return Where(file=name or None, field=f"{section}[{at}].{field}" if field else f"{section}[{at}]")

    return place


def examine_account(account: Account, place: Place | None = None) -> list[Refusal]:
    """Every fault found, in the order of the document; empty for an account that can be reconciled."""
    where = place or in_document()
    # Parts that others speak of come first: with an unknown code further questions make no sense.
    found = [*_twice(account, where), *_unknown(account, where)]
    if found:
        return found
    index = Index(account)
    found += [*_flows(account, where), *_relations(account, index, where)]
    for at, one in enumerate(account.observations):
        found += _observation(one, at, index, where)
    found += [*_repeated(account, where), *_shares(account, where), *_correlations(account, where)]
    return found or [*_cycles(account, index, where)]


def _fault(code: str, where: Where, received: object, expected: object = None) -> Refusal:
    return Refusal(code, where=where, received=str(received), expected=None if expected is None else str(expected))


def _twice(account: Account, where: Place) -> Iterator[Refusal]:
    seen: dict[str, str] = {}
    for section in ("regions", "processes", "materials", "correlations"):
        yield from _repeats(section, getattr(account, section), {}, where)
    for section in ("flows", "stocks", "relations"):
        yield from _repeats(section, getattr(account, section), seen, where)
    counts = Counter(account.periods)
    for at, period in enumerate(account.periods):
        if counts[period] > 1:
            yield _fault("circular-twice", where("periods", at, ""), period)
            break


def _repeats(section: str, parts: Iterable[object], seen: dict[str, str], where: Place) -> Iterator[Refusal]:
    for at, part in enumerate(parts):
        own: str = part.id  # type: ignore[attr-defined]
        if own in seen:
            yield _fault("circular-twice", where(section, at, "id"), own)
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
            yield _fault("circular-unknown-code", where(section, at, field), code, shown or "—")
    yield from _parents(account, index, where)


def _parents(account: Account, index: Index, where: Place) -> Iterator[Refusal]:
    for at, material in enumerate(account.materials):
        seen, own = {material.id}, material
        while own.parent in index.materials:
            own = index.materials[own.parent]
            if own.id in seen:
                yield _fault("circular-parent-loop", where("materials", at, "parent"), material.id)
                break
            seen.add(own.id)


def _flows(account: Account, where: Place) -> Iterator[Refusal]:
    for at, flow in enumerate(account.flows):
        if flow.source == flow.target:
            yield _fault("circular-flow-to-itself", where("flows", at, "target"), flow.target)


def _relations(account: Account, index: Index, where: Place) -> Iterator[Refusal]:
    for at, relation in enumerate(account.relations):
        if relation.type == "equality":
            if not relation.terms:
                yield _fault("circular-relation-empty", where("relations", at, "terms"), relation.id)
            continue
        if not relation.results or not relation.of:
            yield _fault("circular-relation-empty", where("relations", at, "results"), relation.id)
        elif set(relation.results) & set(relation.of):
            both = ", ".join(sorted(set(relation.results) & set(relation.of)))
            if set(relation.results) == set(relation.of):
                yield _fault("circular-relation-self", where("relations", at, "results"), both)
        if relation.type == "concentration" and (wrong := _layers(relation, index)):
            yield _fault("circular-concentration-layer", where("relations", at, "results"), wrong)


def _layers(relation: Relation, index: Index) -> str:
    """What is no part of another layer: a concentration leads from a good to a substance or an energy carrier."""
    results = [index.layer(index.flows[one].material) for one in relation.results if one in index.flows]
    carriers = [index.layer(index.flows[one].material) for one in relation.of if one in index.flows]
    if GOODS in results:
        return relation.results[results.index(GOODS)]
    return next((one for one, layer in zip(relation.of, carriers, strict=False) if layer != GOODS), "")


def _observation(one: Observation, at: int, index: Index, where: Place) -> Iterator[Refusal]:
    def here(field: str) -> Where:
        return where("observations", at, field)

    numbers = {"value": one.value, "sd": one.sd, "cv": one.cv, "low": one.low, "high": one.high}
    for field, number in numbers.items():
        if number is not None and not number.is_finite():
            yield _fault("circular-number", here(field), number)
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
        yield _fault("circular-negative", here("value"), value, one.of)
    if relation is not None and relation.type in ("transfer", "share") and value is not None:
        share = coefficient_unit(one.unit, relation, index) * float(value)
        if share > 1 + SHARES_WITHIN:
            yield _fault("circular-share-range", here("value"), f"{value} {one.unit}", relation.id)
    if one.quantity == "level" and one.of not in index.stocks:
        yield _fault("circular-level-of-flow", here("quantity"), one.of)


def _may_be_negative(one: Observation, index: Index) -> bool:
    if one.of in index.stocks:
        return one.quantity == "amount"
    return one.of in index.flows and index.flows[one.of].negative


def _spread(one: Observation, here: Callable[[str], Where]) -> Iterator[Refusal]:
    given = [name for name in ("sd", "cv", "pedigree") if getattr(one, name) is not None]
    if one.distribution == "interval":
        if one.low is None or one.high is None or one.low >= one.high:
            yield _fault("circular-interval", here("low"), f"{one.low} … {one.high}")
        elif one.value is not None and not one.low <= one.value <= one.high:
            yield _fault("circular-interval", here("value"), one.value)
        return
    if one.value is None:
        yield _fault("circular-value-missing", here("value"), one.of)
        return
    if one.distribution == "exact":
        if given:
            yield _fault("circular-spread-of-exact", here(given[0]), ", ".join(given))
        return
    if len(given) != 1:
        yield _fault("circular-spread", here("sd"), ", ".join(given) or "—")
    elif min((number for number in (one.sd, one.cv) if number is not None), default=Decimal(0)) < 0:
        yield _fault("circular-spread-negative", here(given[0]), getattr(one, given[0]))
    if one.distribution == "lognormal" and one.value <= 0:
        yield _fault("circular-lognormal", here("value"), one.value)


def _repeated(account: Account, where: Place) -> Iterator[Refusal]:
    """Two numbers of one thing are welcome from two sources; from one source and series they are one too many."""
    seen: set[tuple[str, ...]] = set()
    ids: set[str] = set()
    for at, one in enumerate(account.observations):
        key = (one.of, one.period, one.quantity, one.source, one.series)
        if key in seen:
            yield _fault("circular-twice", where("observations", at, "of"), f"{one.of} {one.period} {one.source}")
        seen.add(key)
        if one.id and one.id in ids:
            yield _fault("circular-twice", where("observations", at, "id"), one.id)
        ids.add(one.id)


def _shares(account: Account, where: Place) -> Iterator[Refusal]:
    """Stated shares of one group must make up one where all of them are stated, and no more where some are not."""
    index = Index(account)
    groups: dict[str, list[str]] = {}
    for relation in account.relations:
        if relation.group:
            groups.setdefault(relation.group, []).append(relation.id)
    for group, members in groups.items():
        for period in account.periods:
            said = {
                one.of: (at, one)
                for at, one in enumerate(account.observations)
                if one.of in members and one.period == period and one.value is not None
            }
            try:
                total = sum(
                    float(one.value or 0) * coefficient_unit(one.unit, index.relations[one.of], index)
                    for _, one in said.values()
                )
            except Refusal:
                continue
            short = len(said) == len(members) and total < 1 - SHARES_WITHIN
            if short or total > 1 + SHARES_WITHIN:
                at = min(at for at, _ in said.values())
                place, shown = where("observations", at, "value"), round(total, 4)
                yield Refusal("circular-shares", where=place, received=shown, expected=f"{group} {period}")


def _correlations(account: Account, where: Place) -> Iterator[Refusal]:
    by_id = {one.id: one for one in account.observations if one.id}
    taken: dict[str, str] = {}
    for at, group in enumerate(account.correlations):
        count = len(group.members)
        if count < 2 or len(set(group.members)) < count:
            yield _fault("circular-correlation-members", where("correlations", at, "members"), count)
            continue
        if group.rho * (count - 1) < -1 or not -1 < group.rho < 1:
            lowest = f"{-1 / (count - 1):.3g}"
            yield _fault("circular-correlation", where("correlations", at, "rho"), group.rho, f"{lowest} … 1")
        for member in group.members:
            if member in taken:
                yield _fault("circular-correlation-twice", where("correlations", at, "members"), member, taken[member])
            if member in by_id and by_id[member].distribution == "exact":
                yield _fault("circular-correlation-exact", where("correlations", at, "members"), member)
            taken[member] = group.id


def _cycles(account: Account, index: Index, where: Place) -> Iterator[Refusal]:
    """A cycle of processes each of which passes on exactly all it gets: any amount may go around it."""
    measured = {(one.of, one.period) for one in account.observations}
    for period in account.periods:
        onward: dict[str, tuple[str, str]] = {}
        for one in account.observations:
            relation = index.relations.get(one.of)
            if relation is None or one.period != period or not _passes_all(one, relation, index):
                continue
            flow = index.flows.get(relation.results[0])
            if flow is not None and (flow.id, period) not in measured:
                onward[flow.source] = (flow.target, relation.id)
        for start in onward:
            names, at = [onward[start][1]], onward[start][0]
            while at in onward and at != start and len(names) <= len(onward):
                names.append(onward[at][1])
                at = onward[at][0]
            if at == start:
                first = min([one.id for one in account.relations].index(name) for name in names)
                yield _fault("circular-relation-singular", where("relations", first, ""), ", ".join(sorted(names)))
                return


def _passes_all(one: Observation, relation: Relation, index: Index) -> bool:
    if one.distribution != "exact" or relation.type != "transfer" or len(relation.results) != 1:
        return False
    return float(one.value or 0) * coefficient_unit(one.unit, relation, index) == 1.0
