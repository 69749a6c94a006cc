"""What the report of an inventory rests on: assumed values, marks, every activity and factor with its source."""

from collections.abc import Iterator
from typing import Any

from jasyl.papers.paper import Block, Heading, Items, Table, Text
from jasyl.quantities import unit
from jasyl.texts import Refusal, write_number

from .document import Activity
from .method_data import method_name
from .structure import cells
from .told import Told
from .uncertainty import activity_halves


def assumed(told: Told) -> Iterator[Block]:
    """Amounts and factors that were assumed, what methods took unasked, errors that follow from a grade."""
    named = {"amount": _line_name, "carried": _line_name, "factor": Told.factor}
    rows = [
        (told.say(f"inventory-kind-{one['kind']}"), one["value"], named[one["kind"]](told, one["id"]),
         told.text(one["why"]))
        for one in told.result.assumed
        if one["kind"] in named
    ]  # fmt: skip
    # What methods took unasked: one row for each activity; the values stand in the table of factors.
    unasked: dict[str, list[str]] = {}
    for one in told.result.assumed:
        if one["kind"] == "default":
            unasked.setdefault(told.variable(f"activity:{one['why']}"), []).append(told.factor(one["id"]))
    kind = told.say("inventory-kind-default")
    rows += [(kind, str(len(names)), "; ".join(names), activity) for activity, names in unasked.items()]
    # Errors that follow from a grade come in few sizes: one row for each size, with everything that has it.
    sizes: dict[str, list[str]] = {}
    for one in told.result.assumed:
        if one["kind"] == "uncertainty":
            sizes.setdefault(one["value"], []).append(told.variable(one["id"]))
    kind = told.say("inventory-kind-uncertainty")
    rows += [(kind, size, "; ".join(dict.fromkeys(ids)), "") for size, ids in sizes.items()]
    if rows:
        yield Heading(told.say("inventory-assumed"))
        yield Text(told.say("inventory-assumed-text"), soft=True)
        names = ("inventory-column-kind", "inventory-field-value", "inventory-field-id", "inventory-column-why")
        yield Table("", tuple(told.say(name) for name in names), tuple(rows), widths=(14, 12, 54, 20))


def _line_name(told: Told, identifier: str) -> str:
    return told.variable(f"activity:{identifier}")


def marks(told: Told) -> Iterator[Block]:
    """Marks; of the same mark on many cells one line."""
    groups: dict[str, list[Refusal]] = {}
    for one in told.result.findings:
        groups.setdefault(one.code, []).append(one.refusal)
    lines: list[str] = []
    for code, same in groups.items():
        if len(same) == 1:
            lines.append(same[0].text(told.language))
            continue
        received = ", ".join(str(one.arguments.get("received", "—")) for one in same)
        arguments: dict[str, Any] = {**same[0].arguments, "received": received}
        lines.append(Refusal(code, **arguments).text(told.language))
    if lines:
        yield Heading(told.say("inventory-findings"))
        yield Items(tuple(lines))


def sources(told: Told) -> Iterator[Block]:
    """Every activity with its way and what it comes to, and the sources of amounts and factors."""
    yield Heading(told.say("inventory-activities"))
    halves = activity_halves(told.result)
    order = {one.ref: at for at, one in enumerate(cells())}
    rows = tuple(
        (
            one.ref, told.text(one.name), _amount(told, one), _way(told, one),
            told.tonnes(told.result.by_activity[one.id]),
            "—" if halves[one.id] is None else write_number(told.language, halves[one.id], 0),
            ". ".join(told.text(said) for said in (one.source, one.note) if said),
        )
        for one in sorted(told.result.inventory.activities, key=lambda each: order[each.ref])
    )  # fmt: skip
    names = ("field-ref", "field-name", "field-amount", "column-way", "line-co2e", "half-short", "field-source")
    head = tuple(told.say(f"inventory-{name}") for name in names)
    yield Table("", head, rows, numeric=(4, 5), widths=(7, 20, 13, 30, 10, 7, 13))
    yield Heading(told.say("inventory-factors"))
    users: dict[str, dict[str, None]] = {}
    for term in told.result.terms:
        for step in term.steps:
            users.setdefault(step.factor, {})[term.ref] = None
    factors = tuple(
        (told.factor(one.id), f"{write_number(told.language, one.value, None)} {one.unit}", ", ".join(users[one.id]),
         told.text(one.source))
        for one in told.result.factors.values()
    )  # fmt: skip
    names = ("column-factor", "field-value", "field-ref", "field-source")
    head = tuple(told.say(f"inventory-{name}") for name in names)
    yield Table("", head, factors, widths=(36, 16, 13, 35))


def _amount(told: Told, one: Activity) -> str:
    """The amount with its unit as people write it."""
    if one.amount is None:
        return "—"
    return f"{write_number(told.language, one.amount)} {unit(one.unit).written(told.language)}"


def _way(told: Told, one: Activity) -> str:
    """The factors on the way; of a method its name, its equations and how many factors it took."""
    terms = [term for term in told.result.terms if term.activity == one.id]
    equations = dict.fromkeys(term.made.emission.equation for term in terms if term.made is not None)
    if not equations or one.calculation is None:
        return " → ".join(told.factor(step.factor) for step in terms[0].steps)
    used = {step.factor for term in terms for step in term.steps}
    return told.say(
        "inventory-way", method=method_name(one.calculation.by, told.language), equations="; ".join(equations),
        count=len(used),
    )  # fmt: skip
