"""Do the relations of an account make sense: coefficients, shares and equalities between its flows."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from jasyl.texts import Refusal

from .account import GOODS, Account, Index, Observation, Relation
from .account_faults import Place, fault, number_faults
from .documents import SHARES_WITHIN
from .measures import base_of, coefficient_unit, in_base

# Exact shares have nothing that could give way: they make up one but for the last digits of a binary fraction.
_EXACTLY = 1e-9


def relation_faults(account: Account, index: Index, where: Place) -> Iterator[Refusal]:
    """Relations without flows, of a flow to itself, between mass and energy, or with a constant nobody can read."""
    for at, relation in enumerate(account.relations):
        if relation.type == "equality":
            yield from _equality(relation, at, index, where)
        elif not relation.results or not relation.of:
            yield fault("circular-relation-empty", where("relations", at, "results"), relation.id)
        else:
            yield from _coefficient(relation, at, index, where)


def _coefficient(relation: Relation, at: int, index: Index, where: Place) -> Iterator[Refusal]:
    place = where("relations", at, "results")
    if set(relation.results) == set(relation.of):
        yield fault("circular-relation-self", place, ", ".join(sorted(set(relation.results))))
    if relation.type == "concentration" and (wrong := _wrong_side(relation, index)):
        yield fault("circular-concentration-layer", place, wrong)
        return
    together = relation.results if relation.type == "concentration" else [*relation.results, *relation.of]
    if mixed := _mixed(together, index):
        yield fault("circular-mixed-measures", place, mixed, relation.id)


def _equality(relation: Relation, at: int, index: Index, where: Place) -> Iterator[Refusal]:
    if not relation.terms:
        yield fault("circular-relation-empty", where("relations", at, "terms"), relation.id)
        return
    if mixed := _mixed([one.of for one in relation.terms], index):
        yield fault("circular-mixed-measures", where("relations", at, "terms"), mixed, relation.id)
    for field, number in (("constant", relation.constant), *(("terms", one.factor) for one in relation.terms)):
        yield from number_faults(number, where("relations", at, field))
    if relation.constant:
        try:
            in_base(Decimal(1), relation.unit or "—", relation.terms[0].of, index)
        except Refusal as refusal:
            yield Refusal(refusal.code, where=where("relations", at, "unit"), **refusal.arguments)


def _mixed(names: Iterable[str], index: Index) -> str:
    """The flows and stocks, where some are amounts of mass and others of energy."""
    parts = {name: index.flows.get(name) or index.stocks[name] for name in names}
    bases = {base_of(index.layer(part.material)) for part in parts.values()}
    return ", ".join(parts) if len(bases) > 1 else ""


def _wrong_side(relation: Relation, index: Index) -> str:
    """What is no part of another layer: a concentration leads from a good to a substance or an energy carrier."""
    results = [index.layer(index.flows[one].material) for one in relation.results if one in index.flows]
    carriers = [index.layer(index.flows[one].material) for one in relation.of if one in index.flows]
    if GOODS in results:
        return relation.results[results.index(GOODS)]
    return next((one for one, layer in zip(relation.of, carriers, strict=False) if layer != GOODS), "")


def share_faults(account: Account, where: Place) -> Iterator[Refusal]:
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
            whole = len(said) == len(members)
            place = where("observations", min((at for at, _ in said.values()), default=0), "value")
            if total > 1 + SHARES_WITHIN or (whole and total < 1 - SHARES_WITHIN):
                yield Refusal("circular-shares", where=place, received=round(total, 4), expected=f"{group} {period}")
            elif whole and abs(total - 1) > _EXACTLY and all(_is_exact(one) for _, one in said.values()):
                yield fault("circular-shares-exact", place, f"{total:.12g}", f"{group} {period}")


def cycle_faults(account: Account, index: Index, where: Place) -> Iterator[Refusal]:
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
                yield fault("circular-relation-singular", where("relations", first, ""), ", ".join(sorted(names)))
                return


def _passes_all(one: Observation, relation: Relation, index: Index) -> bool:
    if not _is_exact(one) or relation.type != "transfer" or len(relation.results) != 1:
        return False
    return float(one.value or 0) * coefficient_unit(one.unit, relation, index) == 1.0


def _is_exact(one: Observation) -> bool:
    return one.distribution == "exact" or one.sd == 0 or one.cv == 0
